//! Metrics: the names that users, thresholds and reports share, and their values for one run.

use super::outcome::{PointOutcome, RunOutcome};
use super::tally::{Tally, nearest_rank};
use super::time_average::{Areas, mean_height};
use crate::model::Span;

/// The metrics of one run or of one part of it: names, which are a contract, and values. A value
/// is `None` where there is nothing to measure (no client completed).
pub type Metrics = Vec<(&'static str, Option<f64>)>;

/// The names of all metrics of a run.
pub const NAMES: [&str; 38] = [
    "clients",
    "arrived",
    "completed",
    "stranded",
    "gave_up",
    "expired",
    "unfinished",
    "attempts",
    "refused",
    "stranded.ratio",
    "refused.ratio",
    "refused.first_ratio",
    "completion.mean",
    "completion.p50",
    "completion.p90",
    "completion.p95",
    "completion.p99",
    "completion.max",
    "attempts.mean",
    "attempts.p50",
    "attempts.p99",
    "attempts.max",
    "unreachable",
    "cut",
    "recovered",
    "stranded.final",
    "recovered.delay.mean",
    "recovered.delay.max",
    "makespan",
    "connections.mean",
    "waiting.mean",
    "utilisation",
    "idle_while_waiting",
    "connections.peak",
    "waiting.peak",
    "queued.mean",
    "queued.peak",
    "throughput",
];

/// The names of the metrics of a client group: those of a run that its clients have of their own.
pub const CLIENT_NAMES: [&str; 28] = {
    let mut names = [""; 28];
    let mut i = 0;
    while i < names.len() {
        names[i] = NAMES[i];
        i += 1;
    }
    names
};

/// The names of the metrics of a distribution point.
pub const POINT_NAMES: [&str; 15] = [
    "completed",
    "attempts",
    "refused",
    "refused.ratio",
    "connections.mean",
    "waiting.mean",
    "utilisation",
    "idle_while_waiting",
    "connections.peak",
    "waiting.peak",
    "unreachable",
    "cut",
    "queued.mean",
    "queued.peak",
    "throughput",
];

/// The metric that a user named.
///
/// # Errors
///
/// What to do about a name that no metric has.
pub fn suggest(name: &str) -> Result<&'static str, String> {
    use crate::diagnostic::{did_you_mean, quoted_list};
    if let Some(known) = NAMES.into_iter().find(|known| *known == name) {
        return Ok(known);
    }
    Err(match did_you_mean(name, NAMES) {
        Some(near) => format!("no metric has this name: did you mean `{near}`?"),
        None => format!("no metric has this name; there are {}", quoted_list(NAMES)),
    })
}

/// What a metric's value counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Clients, attempts or connections; of a throughput, so many an hour.
    Count,
    /// A ratio between 0 and 1.
    Ratio,
    /// Milliseconds.
    Time,
}

/// The unit of the metric `name`, which may be that of a part, such as `dp.DP01.utilisation`.
pub fn unit(name: &str) -> Unit {
    let ends = |metric: &&str| name.ends_with(metric);
    if ["ratio", "utilisation", "idle_while_waiting"].iter().any(ends) {
        return Unit::Ratio;
    }
    let is_time = |name: &str| name.starts_with("completion.") || name.contains(".delay.");
    let times = NAMES.iter().filter(|name| is_time(name) || **name == "makespan");
    if times.into_iter().any(|metric| name.ends_with(metric)) { Unit::Time } else { Unit::Count }
}

/// Which way a metric is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Good {
    /// The lower the better, such as times and refusals.
    Low,
    /// The higher the better: completions.
    High,
    /// Neither, such as utilisation: what is good depends on what one wants.
    Neither,
}

/// Which way the metric `name` is good.
pub fn good(name: &str) -> Good {
    match name {
        "completed" | "recovered" | "throughput" => Good::High,
        "clients" | "arrived" | "utilisation" => Good::Neither,
        name if name.starts_with("connections.") => Good::Neither,
        _ => Good::Low,
    }
}

/// The metrics of the whole run.
pub fn of_run(run: &RunOutcome) -> Metrics {
    let mut total = run.total();
    let areas = run.points.iter().map(|point| point.areas).fold(Areas::default(), Areas::and);
    let capacity = run.points.iter().map(|point| point.capacity).sum();
    let queued = run.points.iter().map(|point| point.queued).sum();
    let mut metrics = of_clients(&mut total);
    metrics.push(("makespan", run.makespan.map(Span::as_millis_f64)));
    metrics.extend(over_time(&areas, capacity, run.window));
    metrics.push(("connections.peak", Some(run.peak_open as f64)));
    metrics.push(("waiting.peak", Some(run.peak_waiting as f64)));
    metrics.push(("queued.mean", mean_height(queued, run.window)));
    metrics.push(("queued.peak", Some(run.peak_queued as f64)));
    let served = run.points.iter().map(|point| point.served).sum();
    metrics.push(("throughput", an_hour(served, run.window)));
    metrics
}

/// The metrics of one group of clients, or of all together. Reorders its completion times.
pub fn of_clients(tally: &mut Tally) -> Metrics {
    let count = |count: u64| Some(count as f64);
    let ratio = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    let ended = tally.ended;
    let mut metrics = vec![
        ("clients", count(tally.clients)),
        ("arrived", count(tally.arrived)),
        ("completed", count(ended.completed)),
        ("stranded", count(ended.stranded)),
        ("gave_up", count(ended.gave_up)),
        ("expired", count(ended.expired)),
        ("unfinished", count(ended.unfinished)),
        ("attempts", count(tally.attempts())),
        ("refused", count(tally.refused)),
        ("stranded.ratio", ratio(ended.stranded, tally.arrived)),
        ("refused.ratio", ratio(tally.refused, tally.attempts())),
        ("refused.first_ratio", ratio(tally.first_refused, tally.arrived)),
    ];

    let times = &mut tally.completions;
    let sum: u128 = times.iter().map(|&millis| u128::from(millis)).sum();
    let mean = (!times.is_empty()).then(|| sum as f64 / times.len() as f64);
    metrics.push(("completion.mean", mean));
    let ranks = [
        ("completion.p50", 50),
        ("completion.p90", 90),
        ("completion.p95", 95),
        ("completion.p99", 99),
        ("completion.max", 100),
    ];
    for (name, percent) in ranks {
        metrics.push((name, nearest_rank(times, percent).map(|millis| millis as f64)));
    }

    let attempts = &tally.attempts_per_client;
    let some = |value: u64| (tally.arrived > 0).then_some(value as f64);
    metrics.push(("attempts.mean", ratio(tally.attempts(), tally.arrived)));
    // The histogram tells the highest value of a step, which may be more than any client made.
    let quantile = |share| some(attempts.value_at_quantile(share).min(tally.attempts_max));
    metrics.push(("attempts.p50", quantile(0.50)));
    metrics.push(("attempts.p99", quantile(0.99)));
    metrics.push(("attempts.max", some(tally.attempts_max)));
    metrics.push(("unreachable", count(tally.unreachable)));
    metrics.push(("cut", count(tally.cut)));
    let recovered = tally.recovered();
    metrics.push(("recovered", count(recovered)));
    metrics.push(("stranded.final", count(ended.stranded.saturating_sub(recovered))));
    let delays = &tally.recoveries;
    let sum: u128 = delays.iter().map(|&millis| u128::from(millis)).sum();
    let mean = (recovered > 0).then(|| sum as f64 / recovered as f64);
    metrics.push(("recovered.delay.mean", mean));
    metrics.push(("recovered.delay.max", delays.iter().max().map(|&millis| millis as f64)));
    metrics
}

/// The metrics of one distribution point over the run's `window`.
pub fn of_point(point: &PointOutcome, window: Span) -> Metrics {
    let attempts = point.attempts();
    let refused = (attempts > 0).then(|| point.refused as f64 / attempts as f64);
    let mut metrics = vec![
        ("completed", Some(point.completed as f64)),
        ("attempts", Some(attempts as f64)),
        ("refused", Some(point.refused as f64)),
        ("refused.ratio", refused),
    ];
    metrics.extend(over_time(&point.areas, point.capacity, window));
    metrics.push(("connections.peak", Some(point.peak_open as f64)));
    metrics.push(("waiting.peak", Some(point.peak_waiting as f64)));
    metrics.push(("unreachable", Some(point.unreachable as f64)));
    metrics.push(("cut", Some(point.cut as f64)));
    metrics.push(("queued.mean", mean_height(point.queued, window)));
    metrics.push(("queued.peak", Some(point.peak_queued as f64)));
    metrics.push(("throughput", an_hour(point.served, window)));
    metrics
}

/// So many within `window`, as so many an hour; `None` over no time at all.
fn an_hour(number: u64, window: Span) -> Option<f64> {
    const HOUR: f64 = 3_600_000.0;
    (window > Span::ZERO).then(|| number as f64 * HOUR / window.as_millis_f64())
}

fn over_time(areas: &Areas, capacity: u128, window: Span) -> Metrics {
    // Divided once, so that a share that is exact stays exact.
    let share = |area: u128| (capacity > 0).then(|| area as f64 / capacity as f64);
    vec![
        ("connections.mean", mean_height(areas.open, window)),
        ("waiting.mean", mean_height(areas.waiting, window)),
        ("utilisation", share(areas.open)),
        ("idle_while_waiting", share(areas.idle_while_waiting)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_names_is_that_of_the_metrics() {
        let run = RunOutcome {
            groups: vec![Tally::new(0)],
            points: Vec::new(),
            series: Default::default(),
            peak_open: 0,
            peak_waiting: 0,
            peak_queued: 0,
            window: Span::ZERO,
            makespan: None,
        };
        let names = |metrics: Metrics| metrics.into_iter().map(|(name, _)| name).collect();
        let all: Vec<&str> = names(of_run(&run));
        assert_eq!(all, NAMES);
        let clients: Vec<&str> = names(of_clients(&mut Tally::new(0)));
        assert_eq!(clients, CLIENT_NAMES);
        let point = PointOutcome {
            areas: Areas::default(),
            queued: 0,
            capacity: 0,
            limit: 1,
            peak_open: 0,
            peak_waiting: 0,
            peak_queued: 0,
            admitted: 0,
            refused: 0,
            unreachable: 0,
            completed: 0,
            served: 0,
            cut: 0,
        };
        let point: Vec<&str> = names(of_point(&point, Span::ZERO));
        assert_eq!(point, POINT_NAMES);
    }

    #[test]
    fn no_percentile_of_attempts_exceeds_the_most() {
        let mut tally = Tally::new(1);
        tally.arrived = 1;
        tally.end(crate::model::Outcome::GaveUp, Span::ZERO, 3602);
        let metrics = of_clients(&mut tally);
        let value = |name| metrics.iter().find(|(known, _)| *known == name).and_then(|m| m.1);
        assert_eq!(value("attempts.p99"), Some(3602.0));
        assert_eq!(value("attempts.max"), Some(3602.0));
    }

    #[test]
    fn a_mistyped_name_is_suggested() {
        assert_eq!(suggest("completion.p95"), Ok("completion.p95"));
        let help = suggest("completion.p96").unwrap_err();
        assert!(help.contains("did you mean `completion.p9"), "{help}");
    }
}
