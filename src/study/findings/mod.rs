//! Findings: what the figures of a study mean, each with its evidence.
//!
//! A kind of finding is a function that looks at one variant, its typed results and its typed
//! scenario, and returns a [`Diagnosis`]. The change that a diagnosis suggests is simulated on the same
//! random numbers; the finding reports its outcome, even if it changes nothing ([`what_if`]).
//!
//! A new kind takes a file with such a function, and a line in [`KINDS`].

mod bandwidth;
mod budget_passes;
mod candidate;
mod diagnosis;
mod edit;
mod errors;
mod idle_sessions;
mod incomplete;
mod limit;
mod observation;
mod outages;
mod rate_limit;
mod remedies;
mod steady;
mod strands;
mod suggestion;
mod sustained;
mod tiers;
mod trap;
mod unusable;
mod waiting;
mod wasted;
mod what_if;

use crate::results::VariantResults;
use crate::scenario::Scenario;
pub use candidate::Candidate;
use diagnosis::Diagnosis;
use observation::Observation;
pub use steady::not_steady;
pub use what_if::simulate_suggestions;

/// Looks for one kind of finding in a variant.
type Find = fn(&Observation<'_>) -> Option<Diagnosis>;

/// Every kind of finding by name, the most important first.
const KINDS: &[(&str, Find)] = &[
    ("strands", strands::strands),
    ("thrashes", bandwidth::thrashes),
    ("unusable_connections", unusable::unusable_connections),
    ("wasted", wasted::wasted),
    ("sustained", sustained::sustained),
    ("budget_passes", budget_passes::budget_passes),
    ("rate_limit_binds", rate_limit::rate_limit_binds),
    ("errors", errors::errors),
    ("idle_sessions", idle_sessions::idle_sessions),
    ("transfers_too_long", outages::transfers_too_long),
    ("idle_while_waiting", waiting::idle_while_waiting),
    ("spins", outages::spins),
    ("restarts", outages::restarts),
    ("neighbours_idle", tiers::neighbours_idle),
    ("limit_binds", limit::limit_binds),
    ("bandwidth_binds", bandwidth::bandwidth_binds),
    ("horizon", incomplete::horizon),
    ("gave_up", incomplete::gave_up),
    ("expired", incomplete::expired),
    ("limit_unused", limit::limit_unused),
];

/// The greatest number of findings in a report: readers skip longer lists.
const MOST: usize = 6;

/// The findings of a study before any change is simulated. Each kind of finding is reported for the
/// variant that shows it most. The scenarios are those of the variants; `None` where one is not kept.
pub fn find(variants: &[VariantResults], scenarios: &[Option<&Scenario>]) -> Vec<Candidate> {
    let subjects = variants.iter().zip(scenarios);
    let subjects: Vec<Observation<'_>> =
        subjects.map(|(results, scenario)| Observation { results, scenario: *scenario }).collect();
    KINDS.iter().filter_map(|&(kind, find)| worst(kind, find, &subjects)).take(MOST).collect()
}

/// The finding of one kind on the first of the variants that show it most.
fn worst(kind: &'static str, find: Find, subjects: &[Observation<'_>]) -> Option<Candidate> {
    let shown = subjects.iter().enumerate();
    let mut shown: Vec<(usize, Diagnosis)> =
        shown.filter_map(|(i, observed)| Some((i, find(observed)?))).collect();
    let severities = shown.iter().map(|(_, diagnosis)| diagnosis.severity).enumerate();
    let worse = |a: (usize, f64), b: (usize, f64)| if b.1.total_cmp(&a.1).is_gt() { b } else { a };
    let (worst, _) = severities.reduce(worse)?;
    let (variant, diagnosis) = shown.remove(worst);
    let name = |variant: usize| subjects[variant].results.name.clone();
    Some(Candidate {
        kind,
        variant: (variant, name(variant)),
        others: shown.into_iter().map(|(other, _)| name(other)).collect(),
        diagnosis,
    })
}

#[cfg(test)]
mod tests {
    use crate::results::Finding;
    use crate::scenario::{Builtin, Origin, load};
    use crate::study::{self, Options, Replications};

    /// The findings on a burst, with `changes` to its scenario, after two runs.
    fn found(changes: &[&str], what_if: bool) -> Vec<Finding> {
        let text = "
            name = 'A burst'
            distribution_points.DP01.connection_limit = 50
            [clients.office]
            count = 1000
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '2m' }
        ";
        let changes: Vec<String> = changes.iter().map(|&change| change.to_owned()).collect();
        let loaded = load(Origin::Text { name: "test", text }, &changes).expect("right");
        let replications = Replications::Fixed(2);
        let options = Options { what_if, replications, ..Options::default() };
        study::run(&loaded, &options).expect("it runs").findings
    }

    /// The kinds of findings on the scenario `text` with some changes, most important first.
    pub fn kinds_of(text: &str, changes: &[&str]) -> Vec<String> {
        findings_on(text, changes, false).into_iter().map(|finding| finding.kind).collect()
    }

    /// The texts of the findings on the scenario `text` with some changes, with the outcomes of what they
    /// suggest.
    pub fn texts_of(text: &str, changes: &[&str]) -> Vec<String> {
        findings_on(text, changes, true).into_iter().map(|finding| finding.text).collect()
    }

    fn findings_on(text: &str, changes: &[&str], what_if: bool) -> Vec<Finding> {
        let changes: Vec<String> = changes.iter().map(|&change| change.to_owned()).collect();
        let loaded = load(Origin::Text { name: "test", text }, &changes).expect("right");
        let options = Options { what_if, ..Options::default() };
        study::run(&loaded, &options).expect("it runs").findings
    }

    fn kinds(changes: &[&str]) -> Vec<String> {
        found(changes, false).into_iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn lockstep_is_distinguished_from_a_slow_policy() {
        let [lockstep] = &found(&[], true)[..] else { panic!("one finding") };
        assert_eq!(lockstep.kind, "idle_while_waiting");
        // 20 waves of 2 minutes, one every 10 minutes, but none after the last: 19 times 8 minutes of
        // 192 minutes are idle.
        assert!(lockstep.text.contains("idle 79.2% of the time"), "{}", lockstep.text);
        assert!(lockstep.text.contains("in lockstep, every 10m"), "{}", lockstep.text);
        let slow = "clients.office.retry={policy='exponential', base='10m', factor=2}";
        assert!(found(&[slow], true)[0].text.contains("later than the connections become free"));
    }

    #[test]
    fn a_cause_is_stated_only_if_its_change_helps() {
        let cause = "in lockstep";
        assert!(!found(&[], false)[0].text.contains(cause), "nothing was simulated");
        // Clients that may wait for a day all return within it; jitter makes the last of them no earlier.
        let rare = "clients.office.retry={policy='fixed', interval='10m'}";
        let enough = "distribution_points.DP01.connection_limit=999";
        let finding = &found(&[rare, enough], true)[0];
        assert_eq!(finding.kind, "idle_while_waiting");
        assert!(!finding.text.contains(cause), "{}", finding.text);
        assert!(finding.text.contains("at about the same time"), "{}", finding.text);
    }

    #[test]
    fn other_variants_with_the_same_problem_are_named() {
        let text = "
            name = 'Two limits'
            distribution_points.A.connection_limit = 5
            [clients.g]
            count = 100
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '2m' }
            [variants.five]
            [variants.six]
            distribution_points.A.connection_limit = 6
        ";
        let loaded = load(Origin::Text { name: "test", text }, &[]).expect("right");
        let options = Options { what_if: false, ..Options::default() };
        let findings = study::run(&loaded, &options).expect("it runs").findings;
        assert!(findings[0].text.ends_with(" six has the same problem."), "{findings:?}");
    }

    #[test]
    fn each_reason_not_to_complete_is_found() {
        let quick = "clients.office.retry={policy='fixed', interval='10m', jitter='10m'}";
        for (change, kind) in [
            ("clients.office.retry={policy='fixed', interval='1m', max_retries=3}", "gave_up"),
            ("horizon='30m'", "horizon"),
            ("expires_after='30m'", "expired"),
            ("distribution_points.DP01.connection_limit=1001", "limit_unused"),
            ("clients.office.retry={policy='fixed', interval='10s'}", "limit_binds"),
        ] {
            let found = kinds(&[quick, change]);
            assert!(found.iter().any(|found| found == kind), "{change}: {found:?}");
        }
        // Clients that wait in a queue are not refused, but the limit is reached nevertheless.
        assert!(!kinds(&["distribution_points.DP01.queue=1000"]).contains(&"limit_unused".into()));
        let buggy =
            ["clients.office.release=sms-2.0-sp2", "clients.office.misreport_probability=0.5"];
        assert_eq!(kinds(&buggy)[0], "strands");
    }

    #[test]
    fn the_horizon_is_no_finding_if_clients_keep_coming() {
        let continuous = Builtin::named("continuous").expect("it is built in");
        let origin = Origin::Text { name: "continuous", text: continuous.text };
        let loaded = load(origin, &["horizon=\"18h\"".to_owned()]).expect("right");
        let results = study::run(&loaded, &Options::default()).expect("it runs");
        assert!(results.variants[0].metrics["unfinished"].expect("a value").mean > 0.0);
        assert!(results.findings.iter().all(|finding| finding.kind != "horizon"));
    }

    #[test]
    fn a_finding_reports_the_outcome_of_its_change() {
        let [finding] = &found(&[], true)[..] else { panic!("one finding") };
        let what_if = finding.what_if.as_ref().expect("the change was simulated");
        let (before, after) = (what_if.before.unwrap().mean, what_if.after.unwrap().mean);
        assert_eq!((what_if.metric.as_str(), what_if.runs), ("makespan", 2));
        assert_eq!(before, 11_520_000.0);
        let outcome = format!("{:.1} times sooner", before / after);
        assert!(finding.text.contains(&outcome), "{}", finding.text);
        assert!(finding.text.ends_with("(measured in 2 runs)."), "{}", finding.text);
    }

    #[test]
    fn a_suggested_change_to_a_mix_has_the_same_results_when_a_user_sets_it() {
        let text = "
            name = 'A mix of releases that share a policy'
            distribution_points.A.connection_limit = 10
            [clients.g]
            count = 200
            release_mix = { 'sms-2.0-sp4' = '50%', 'sms-2003' = '50%' }
            retry = { policy = 'memoryless', mean = '30s' }
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '2m' }
        ";
        let run = |set: &[String], what_if| {
            let loaded = load(Origin::Text { name: "test", text }, set).expect("right");
            let options = Options { what_if, ..Options::default() };
            study::run(&loaded, &options).expect("it runs")
        };
        let finding = run(&[], true).findings.remove(0);
        let what_if = finding.what_if.expect("it suggests a change");
        let changed = run(&what_if.set, false);
        assert_eq!(what_if.after, changed.variants[0].metrics[&what_if.metric]);
    }
}
