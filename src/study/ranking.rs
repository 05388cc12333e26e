//! Ranking the variants of a study.

use crate::results::{Rank, Ranking, VariantResults, mean};
use crate::stats::interval::{CONFIDENCE, Moments};
use crate::stats::metric::{self, Better, Metric};

/// A study is about how many clients complete if more than this share of them does not in some variant.
const INCOMPLETE: f64 = 0.01;

/// Ranks `variants`; `None` of fewer than two, or if there is nothing to rank them by. `deterministic`: nothing
/// in them is random, so that one run shows their differences.
pub fn rank(variants: &[VariantResults], deterministic: bool) -> Option<Ranking> {
    let metric = subject(variants);
    let value = |variant: &VariantResults| Some(metric.of(&variant.metrics)?.mean);
    let mut ranked: Vec<(&VariantResults, f64)> =
        variants.iter().filter_map(|variant| Some((variant, value(variant)?))).collect();
    let ascending = metric.better == Better::Lower;
    ranked.sort_by(|a, b| if ascending { a.1.total_cmp(&b.1) } else { b.1.total_cmp(&a.1) });
    let (best, least) = *ranked.first().filter(|_| ranked.len() > 1)?;
    let pairs = (ranked.len() * (ranked.len() - 1) / 2) as f64;
    let confidence = 1.0 - (1.0 - CONFIDENCE) / pairs;
    let behind = |variant, mean: f64| match deterministic {
        true => Some([mean - least; 2]),
        false => difference(variant, best, metric).interval(confidence),
    };
    let ranks = ranked.iter().enumerate().map(|(place, &(variant, mean))| Rank {
        variant: variant.name.clone(),
        mean,
        behind: if place > 0 { behind(variant, mean) } else { None },
    });
    Some(Ranking { metric: metric.name.to_owned(), ranks: ranks.collect() })
}

/// The metric that a study is about. Where variants have different numbers of clients, shares of them are compared: a
/// variant in which all of few clients complete is not worse than one in which half of many do.
fn subject(variants: &[VariantResults]) -> Metric {
    let number = |variant: &VariantResults, metric| mean(&variant.metrics, metric);
    let incomplete = |variant: &VariantResults| {
        let left = number(variant, metric::ARRIVED) - number(variant, metric::COMPLETED);
        left > INCOMPLETE * number(variant, metric::ARRIVED)
    };
    let mut arrived = variants.iter().map(|variant| number(variant, metric::ARRIVED));
    let first = arrived.next();
    let is_alike = arrived.all(|other| Some(other) == first);
    if variants.iter().any(|variant| number(variant, metric::STRANDED) > 0.0) {
        if is_alike { metric::STRANDED } else { metric::STRANDED_RATIO }
    } else if variants.iter().any(incomplete) {
        if is_alike { metric::COMPLETED } else { metric::COMPLETED_RATIO }
    } else {
        metric::COMPLETION_P95
    }
}

/// The differences in `metric` between two variants, from block to block of replications: both saw the
/// same random numbers.
fn difference(variant: &VariantResults, best: &VariantResults, metric: Metric) -> Moments {
    let blocks =
        |of: &VariantResults| of.blocks.metrics.get(metric.name).cloned().unwrap_or_default();
    let mut differences = Moments::default();
    for (value, best) in blocks(variant).into_iter().zip(blocks(best)) {
        if let (Some(value), Some(best)) = (value, best) {
            differences.add(value - best);
        }
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Origin, load};
    use crate::study::{self, Options, Replications};

    fn ranking(variants: &str, runs: u64) -> Ranking {
        let text = format!(
            "name = 'Policies'
            distribution_points.A.connection_limit = 5
            [clients.g]
            count = 100
            arrival = {{ kind = 'uniform', over = '10m' }}
            transfer = {{ kind = 'exponential', mean = '2m' }}
            {variants}"
        );
        let loaded = load(Origin::Text { name: "test", text: &text }, &[]).expect("right");
        let replications = Replications::Fixed(runs);
        let options = Options { what_if: false, replications, ..Options::default() };
        study::run(&loaded, &options).expect("it runs").ranking.expect("several variants")
    }

    const POLICIES: &str = "
        [variants.slow]
        [variants.quick]
        clients.g.retry.interval = '1m'
        [variants.alike]
        clients.g.retry.interval = '61s'
    ";

    #[test]
    fn the_best_is_first_and_what_luck_may_explain_is_not_worse() {
        let ranking = ranking(POLICIES, 20);
        assert_eq!(ranking.metric, "completion.p95");
        let worse: Vec<Option<bool>> = ranking.ranks.iter().map(Rank::is_worse).collect();
        assert_eq!(worse, [None, Some(false), Some(true)]);
        assert_eq!(ranking.ranks[2].variant, "slow");
    }

    #[test]
    fn one_run_shows_no_difference_beyond_luck() {
        let worse: Vec<_> = ranking(POLICIES, 1).ranks.iter().map(Rank::is_worse).collect();
        assert_eq!(worse, [None, None, None]);
    }

    #[test]
    fn one_run_shows_a_difference_where_nothing_is_random() {
        let fixed = "
            [variants.slow]
            clients.g = { arrival = { kind = 'burst' }, transfer = { kind = 'constant', duration = '2m' } }
            [variants.quick]
            clients.g = { arrival = { kind = 'burst' }, transfer = { kind = 'constant', duration = '1m' } }
        ";
        assert_eq!(ranking(fixed, 1).ranks[1].is_worse(), Some(true));
    }

    #[test]
    fn it_is_by_stranded_advertisements_if_there_are_any_and_by_completions_if_many_fail() {
        let buggy = "
            [variants.buggy]
            clients.g = { release = 'sms-2.0-sp2', misreport_probability = 0.5 }
            [variants.fixed]
        ";
        let ranking_of_bugs = ranking(buggy, 2);
        assert_eq!(ranking_of_bugs.metric, "stranded");
        assert_eq!(ranking_of_bugs.ranks[0].variant, "fixed");
        let impatient = "
            [variants.impatient]
            clients.g.retry.max_retries = 0
            [variants.patient]
        ";
        let ranking_of_patience = ranking(impatient, 2);
        assert_eq!(ranking_of_patience.metric, "completed");
        assert_eq!(ranking_of_patience.ranks[0].variant, "patient");
    }
    #[test]
    fn it_is_by_shares_where_numbers_of_clients_differ() {
        let impatient = "
            [variants.half]
            clients.g.retry.max_retries = 0
            [variants.few]
            clients.g.count = 5
        ";
        let of_shares = ranking(impatient, 2);
        assert_eq!(of_shares.metric, "completed.ratio");
        assert_eq!((of_shares.ranks[0].variant.as_str(), of_shares.ranks[0].mean), ("few", 1.0));
        let buggy = "
            [variants.'few, half of them stranded']
            clients.g = { release = 'sms-2.0-sp2', misreport_probability = 0.9, count = 10 }
            distribution_points.A.connection_limit = 1
            [variants.'many, few of them stranded']
            clients.g = { release = 'sms-2.0-sp2', misreport_probability = 0.02, count = 1000 }
        ";
        let of_shares = ranking(buggy, 2);
        assert_eq!(of_shares.metric, "stranded.ratio");
        assert_eq!(of_shares.ranks[0].variant, "many, few of them stranded");
    }
}
