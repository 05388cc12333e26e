//! Comparisons of studies: what is a regression, what is inconclusive, and what is the same.

use distpoint::compare::{Compared, Judgement, Method, Rules, Shown, compare};
use distpoint::results::{Results, VariantResults, Verdict};
use distpoint::stats::metric::{self, Metric};

use crate::harness::{
    SMALL, assert_mentions, compared, render_comparison, simulated, small_results,
};

const FEWER_CONNECTIONS: &str = "distribution_points.DP01.connection_limit=4";
const MORE_CONNECTIONS: &str = "distribution_points.DP01.connection_limit=8";

fn judged_by(metric: Metric, base: &Results, new: &Results) -> Compared {
    compare(base, new, &Rules { metrics: vec![metric], ..Rules::default() })
}

#[test]
fn the_same_study_twice_is_the_same() {
    let results = simulated(3, &[]);
    let compared = compared(&results, &results);
    assert_eq!((compared.outcome, compared.changes.len()), (Judgement::Pass, 0));
    let text = render_comparison(&compared, "text");
    assert_mentions(&text, "3 pairs");
}

#[test]
fn fewer_connections_are_a_regression_and_more_are_none() {
    let base = simulated(10, &[]);
    let slower = compared(&base, &simulated(10, &[FEWER_CONNECTIONS]));
    assert_eq!(slower.outcome, Judgement::Regression);
    let p95 = slower.variants[0].metrics["completion.p95"];
    assert_eq!((p95.outcome, p95.verdict), (Judgement::Regression, Some(Verdict::Worse)));
    assert!(p95.relative.is_some_and(|relative| relative > 0.05) && p95.ci95.is_some());
    assert_eq!(slower.changes.len(), 1);
    assert_mentions(&slower.changes[0], "distribution_points.DP01.connection_limit | 5 | 4");

    let faster = judged_by(metric::COMPLETION_P95, &base, &simulated(10, &[MORE_CONNECTIONS]));
    assert_eq!(faster.outcome, Judgement::Pass);
    assert_eq!(faster.variants[0].metrics["completion.p95"].verdict, Some(Verdict::Better));
}

#[test]
fn a_change_within_tolerance_is_no_regression() {
    let (base, new) = (simulated(10, &[]), simulated(10, &[FEWER_CONNECTIONS]));
    let strict = judged_by(metric::COMPLETION_P95, &base, &new);
    assert_eq!(strict.outcome, Judgement::Regression);
    let mut rules = Rules { metrics: vec![metric::COMPLETION_P95], ..Rules::default() };
    rules.tolerances.insert(metric::COMPLETION_P95, 0.9);
    let lenient = compare(&base, &new, &rules);
    assert_eq!(lenient.outcome, Judgement::Pass);
    assert_eq!(lenient.variants[0].metrics["completion.p95"].verdict, Some(Verdict::Worse));
    rules.tolerances.clear();
    rules.tolerance = 0.9;
    assert_eq!(compare(&base, &new, &rules).outcome, Judgement::Pass);
}

#[test]
fn one_replication_proves_no_regression() {
    let (base, worse) = (simulated(1, &[]), simulated(1, &[FEWER_CONNECTIONS]));
    let compared = judged_by(metric::COMPLETION_P95, &base, &worse);
    assert_eq!(compared.outcome, Judgement::Inconclusive);
    assert_eq!(compared.variants[0].method, Method::Single);
    assert_eq!(compared.variants[0].metrics["completion.p95"].verdict, Some(Verdict::Unknown));
    let text = render_comparison(&compared, "text");
    assert_mentions(&text, "replications | -n 10");
    // For the better, or within tolerance, is no harm, by chance or not.
    assert_eq!(judged_by(metric::COMPLETION_P95, &worse, &base).outcome, Judgement::Pass);
    let rules = Rules { metrics: vec![metric::COMPLETION_P95], tolerance: 0.9, ..Rules::default() };
    assert_eq!(compare(&base, &worse, &rules).outcome, Judgement::Pass);
    assert_eq!(judged_by(metric::COMPLETION_P95, &base, &base).outcome, Judgement::Pass);
}

/// Results of one variant of `results`, called `x`.
fn only(results: &Results, variant: usize) -> Results {
    let mut results = results.clone();
    results.variants = vec![results.variants[variant].clone()];
    results.variants[0].name = "x".to_owned();
    results
}

/// The study compares its own variants replication by replication; two studies are compared from
/// their blocks.
#[test]
fn two_studies_differ_as_two_variants_of_one_do() {
    let text = format!(
        "{}\n[variants.a]\n[variants.b]\ndistribution_points.DP01.connection_limit = 4\n",
        SMALL
    );
    use distpoint::scenario::{Origin, load};
    use distpoint::study::{Options, Replications, run};
    let loaded = load(Origin::Text { name: "two.toml", text: &text }, &[]).expect("it is right");
    for replications in [2, 20, 64] {
        let options =
            Options { replications: Replications::Fixed(replications), ..Options::default() };
        let study = run(&loaded, &options).expect("it ends well");
        let compared = compared(&only(&study, 0), &only(&study, 1));
        assert_eq!(compared.variants[0].pairs, Some([replications, 1]));
        for (name, within) in &study.comparisons[0].metrics {
            let across = &compared.variants[0].metrics[name];
            assert_eq!(across.difference, within.map(|within| within.mean), "{name}");
            assert_eq!(across.ci95, within.and_then(|within| within.ci95), "{name}");
            assert_eq!(across.relative, within.and_then(|within| within.relative), "{name}");
        }
    }
    // Beyond 64 replications the pairs are of blocks; 130 fill 32 of 4 and leave 2 over.
    let options = Options { replications: Replications::Fixed(130), ..Options::default() };
    let study = run(&loaded, &options).expect("it ends well");
    let compared = compared(&only(&study, 0), &only(&study, 1));
    assert_eq!(compared.variants[0].pairs, Some([32, 4]));
    let (within, across) = (
        study.comparisons[0].metrics["completion.mean"].expect("a value"),
        compared.variants[0].metrics["completion.mean"],
    );
    let width = |ci95: Option<[f64; 2]>| ci95.map(|[low, high]| high - low).expect("an interval");
    let ratio = width(across.ci95) / width(within.ci95);
    assert!((0.6..1.6).contains(&ratio), "{ratio}");
    let off = (across.difference.expect("a difference") - within.mean).abs();
    assert!(off < width(within.ci95), "{off}");
}

#[test]
fn pairing_narrows_the_interval_and_other_seeds_forbid_it() {
    let base = simulated(12, &[]);
    let width = |compared: &Compared| {
        let ci95 = compared.variants[0].metrics["completion.mean"].ci95;
        ci95.map(|[low, high]| high - low).expect("an interval")
    };
    let paired = compared(&base, &simulated(12, &[FEWER_CONNECTIONS]));
    let independent = compared(&base, &simulated(12, &[FEWER_CONNECTIONS, "seed=99"]));
    assert_eq!(paired.variants[0].method, Method::Paired);
    assert_eq!(independent.variants[0].method, Method::Independent);
    assert!(width(&paired) < width(&independent) / 2.0);
    let seed = independent.changes.iter().find(|change| change.starts_with("seed"));
    assert_mentions(seed.expect("a change"), "1 | 99");
    let text = render_comparison(&independent, "markdown");
    assert_mentions(&text, "seeds");
}

#[test]
fn studies_of_different_length_are_paired_as_far_as_both_go() {
    let compared = compared(&simulated(5, &[]), &simulated(9, &[FEWER_CONNECTIONS]));
    assert_eq!(compared.variants[0].pairs, Some([5, 1]));
    assert_mentions(&compared.changes[0], "replications | 5 | 9");
}

/// Two studies that differ only by chance are reported as a regression about as rarely as they should
/// be: the interval is wrong on the bad side once in 40 times.
#[test]
fn other_seeds_alone_are_seldom_a_regression() {
    let base = simulated(8, &["seed=1000"]);
    let found = (0..60).filter(|seed| {
        let new = simulated(8, &[&format!("seed={seed}")]);
        let compared = judged_by(metric::COMPLETION_MEAN, &base, &new);
        compared.variants[0].metrics["completion.mean"].verdict == Some(Verdict::Worse)
    });
    // One base for all: if it is extreme, all share that chance; 12 of 60 would be beyond that.
    assert!(found.count() < 12);
}

#[test]
fn from_a_base_of_zero_any_worsening_beyond_chance_counts() {
    let (mut base, mut new) = (small_results(), small_results());
    // 0 of the fixed variant, in every replication, becomes 1.
    for (results, value) in [(&mut base, 0.0), (&mut new, 1.0)] {
        let variant = &mut results.variants[1];
        variant.blocks.metrics["stranded"] = vec![Some(value); 2];
        variant.metrics["stranded"].iter_mut().for_each(|s| {
            (s.mean, s.ci95, s.min, s.max) = (value, Some([value; 2]), value, value);
        });
    }
    let compared = judged_by(metric::STRANDED, &base, &new);
    let stranded = compared.variants[1].metrics["stranded"];
    assert_eq!((stranded.relative, stranded.outcome), (None, Judgement::Regression));
    let text = render_comparison(&compared, "text");
    assert_mentions(&text, "stranded 0 to 1 | fixed");
}

#[test]
fn a_value_that_is_gone_is_inconclusive() {
    let mut new = small_results();
    new.variants[0].metrics["completion.p95"] = None;
    new.variants[0].blocks = Default::default();
    let compared = judged_by(metric::COMPLETION_P95, &small_results(), &new);
    assert_eq!(compared.outcome, Judgement::Inconclusive);
    let text = render_comparison(&compared, "text");
    assert_mentions(&text, "inconclusive | no value");
    // More replications do not give it one.
    assert_mentions(&text, "Inconclusive: 1 figure has no value to compare: completion.p95.\n");
    assert!(!text.contains("more replications"), "{text}");
    // Asked for by name, it has to be there; else what neither has is no difference.
    assert_eq!(
        judged_by(metric::MAKESPAN, &small_results(), &small_results()).outcome,
        Judgement::Inconclusive
    );
    assert_eq!(
        judged_by(metric::WAITING_PEAK, &small_results(), &small_results()).outcome,
        Judgement::Inconclusive
    );
    // One that is there at last is no harm.
    assert_eq!(judged_by(metric::COMPLETION_P95, &new, &small_results()).outcome, Judgement::Pass);
}

#[test]
fn variants_of_one_side_are_named_and_none_in_common_prove_nothing() {
    let mut new = small_results();
    new.variants[1].name = "new one".to_owned();
    let compared = judged_by(metric::STRANDED, &small_results(), &new);
    assert_eq!((compared.variants.len(), compared.outcome), (1, Judgement::Inconclusive));
    assert_eq!(compared.only_in_base, ["fixed | <b>"]);
    assert_eq!(compared.only_in_new, ["new one"]);
    let text = render_comparison(&compared, "text");
    let answer = text.lines().find(|line| line.contains("Inconclusive")).expect("an answer");
    assert_mentions(answer, "1 variant of the base is missing | Without a counterpart: fixed");
    let junit = render_comparison(&compared, "junit");
    assert_mentions(&junit, "fixed | type=\"inconclusive\" | only in the base");
    // One that is new has nothing to lose, and a search chooses its variants.
    let mut more = small_results();
    more.variants.push(VariantResults { name: "third".to_owned(), ..more.variants[0].clone() });
    let compared = judged_by(metric::STRANDED, &small_results(), &more);
    assert_eq!(
        (compared.only_in_new, compared.outcome),
        (vec!["third".to_owned()], Judgement::Pass)
    );
    new.variants.remove(0);
    let nothing = judged_by(metric::STRANDED, &small_results(), &new);
    assert_eq!(nothing.outcome, Judgement::Inconclusive);
    let text = render_comparison(&nothing, "text");
    assert_mentions(&text, "no variant");
}

#[test]
fn a_group_and_a_figure_of_the_base_that_are_missing_are_inconclusive() {
    let mut new = small_results();
    let group = new.variants[0].groups.keys().next().expect("a group").clone();
    new.variants[0].groups.shift_remove(&group);
    let compared = judged_by(metric::STRANDED, &small_results(), &new);
    assert_eq!(compared.variants[0].groups_only_in_base, std::slice::from_ref(&group));
    assert_eq!(compared.outcome, Judgement::Inconclusive);
    let text = render_comparison(&compared, "text");
    let answer = text.lines().find(|line| line.contains("Inconclusive")).expect("an answer");
    assert_mentions(answer, &format!("client group {group} is only in the base"));
    let junit = render_comparison(&compared, "junit");
    assert_mentions(&junit, "only in the base | type=\"inconclusive\"");
    // The other way round it is an addition.
    assert_eq!(judged_by(metric::STRANDED, &new, &small_results()).outcome, Judgement::Pass);

    let mut new = small_results();
    new.variants[0].metrics.shift_remove(metric::STRANDED.name);
    let compared = compare(&small_results(), &new, &Rules::default());
    assert_eq!(compared.variants[0].outcome, Judgement::Inconclusive);
}

#[test]
fn a_metric_that_is_neither_good_nor_bad_is_no_regression() {
    let (base, new) = (simulated(6, &[]), simulated(6, &[MORE_CONNECTIONS]));
    let compared = compared(&base, &new);
    let peak = compared.variants[0].metrics["connections.peak"];
    assert_eq!((peak.verdict, peak.judged), (Some(Verdict::Higher), false));
    assert_eq!(peak.outcome, Judgement::Pass);
}

#[test]
fn more_clients_do_not_complete_better_but_are_judged_by_their_shares() {
    let more = "clients.office.count=130";
    let compared = compared(&simulated(10, &[]), &simulated(10, &[more]));
    let completed = compared.variants[0].metrics["completed"];
    assert_eq!((completed.base, completed.new), (Some(100.0), Some(130.0)));
    assert_eq!((completed.per_client, completed.difference), (Some([1.0, 1.0]), Some(0.0)));
    assert_eq!(completed.verdict, Some(Verdict::NoDifferenceShown));
    let attempts = compared.variants[0].metrics["attempts"];
    let [before, after] = attempts.per_client.expect("the numbers of clients differ");
    let mean = compared.variants[0].metrics["attempts.mean"];
    assert!((before - mean.base.unwrap()).abs() < 1e-9 && (after - mean.new.unwrap()).abs() < 1e-9);
    // Where they do not differ, counts are compared as they are.
    let same = self::compared(&simulated(10, &[]), &simulated(10, &[FEWER_CONNECTIONS]));
    assert!(same.variants[0].metrics.values().all(|metric| metric.per_client.is_none()));
}

#[test]
fn one_cause_is_shown_once_and_all_metrics_on_demand() {
    let (base, new) = (simulated(10, &[]), simulated(10, &[FEWER_CONNECTIONS]));
    let rows = |shown: Shown, metrics: &[Metric]| {
        let rules = Rules { metrics: metrics.to_vec(), shown, ..Rules::default() };
        let text = render_comparison(&compare(&base, &new, &rules), "text");
        assert!(text.contains("Changed: distribution_points.DP01.connection_limit: 5 in the base"));
        let rows =
            text.lines().filter(|line| line.contains("REGRESSION") || line.contains("worse,"));
        let names = rows.map(|row| row.split(' ').next().unwrap_or_default().to_owned());
        (names.collect::<Vec<_>>(), text.contains("--all"))
    };
    let (once, there_are_more) = rows(Shown::OneOfEachFamily, &[]);
    let of_completion = once.iter().filter(|name| name.starts_with("completion.")).count();
    assert!(of_completion == 1 && there_are_more, "{once:?}");
    let both = [metric::COMPLETION_P50, metric::COMPLETION_P95];
    assert_eq!(rows(Shown::Judged, &both).0, ["completion.p50", "completion.p95"]);
    let (all, there_are_more) = rows(Shown::All, &[]);
    assert!(all.len() > once.len() && !there_are_more, "{all:?}");
}
