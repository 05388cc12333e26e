//! The table of metrics.
//!
//! To add one: observe it ([`Tally`] for clients, [`PointStatistics`] for distribution points), and
//! write its entry here, with its meaning as the doc comment. JSON, CSV, thresholds, comparisons,
//! the reports for people and `docs/metrics.md` follow.
//!
//! The order is that of results: first the metrics of clients, then the others.

use super::definition::Better::{Higher, Neither};
use super::definition::Measure::{Both, Clients, Copies, Point, Run};
use super::definition::MetricUnit::{Count, PerHour, Ratio, Time};
use super::definition::When::{Always, DiffersFrom, Occurs, With};
use super::definition::new;
use super::{Definition, Metric, Subject, View, Which};
use crate::model::Span;
use crate::stats::PointStatistics;
use crate::stats::{Tally, mean_height};

/// Defines a constant for each entry, and the list of all by section.
macro_rules! table {
    ($($section:literal: $(
        $(#[doc = $meaning:literal])+ $metric:ident = $new:expr, $($field:ident: $value:expr),+;
    )+)+) => {
        $($(
            $(#[doc = $meaning])+
            pub const $metric: Metric = {
                static DEFINITION: Definition = Definition {
                    $($field: $value,)+
                    meaning: concat!($($meaning),+).trim_ascii_start(),
                    ..$new
                };
                Metric(&DEFINITION)
            };
        )+)+

        /// Every metric, by section, in the order of results.
        pub const SECTIONS: &[(&str, &[Metric])] = &[$(($section, &[$($metric),+])),+];
    };
}

table! {
    "Clients and how they end":

    /// Clients of the scenario.
    CLIENTS = new("clients", "clients", Count),
        better: Neither, key_figure: Some(Always), views: &[View::Group],
        measure: Clients(|c| number(c.clients));

    /// Clients that arrived after the warm-up, if there is one, and by the horizon.
    ARRIVED = new("arrived", "of these arrived in time", Count),
        better: Neither, key_figure: Some(DiffersFrom(CLIENTS)),
        measure: Clients(|c| number(c.arrived));

    /// Clients whose program ran; of a distribution point, transfers completed.
    COMPLETED = new("completed", "completed", Count),
        per_client: true,
        better: Higher, key_figure: Some(Always),
        views: &[View::Grid, View::Point, View::DifferenceInDetail],
        measure: Both(|c| counted(c, c.ended.completed), |p, _| number(p.completed));

    /// Clients whose advertisement an error handler unscheduled: it never runs.
    STRANDED = new("stranded", "stranded", Count),
        per_client: true,
        with_share: true, key_figure: Some(Always),
        views: &[View::Grid, View::Group, View::Difference],
        measure: Clients(|c| counted(c, c.ended.stranded));

    /// Clients whose retries or patience were used up.
    GAVE_UP = new("gave_up", "gave up", Count),
        per_client: true,
        with_share: true, key_figure: Some(Occurs),
        views: &[View::Group, View::DifferenceInDetail],
        measure: Clients(|c| counted(c, c.ended.gave_up));

    /// Clients whose advertisement expired first.
    EXPIRED = new("expired", "expired", Count),
        per_client: true,
        with_share: true, key_figure: Some(Occurs),
        views: &[View::Group, View::DifferenceInDetail],
        measure: Clients(|c| counted(c, c.ended.expired));

    /// Clients that the horizon cut off.
    /// `arrived = completed + stranded + gave_up + expired + unfinished`, which is checked at the end of every run.
    UNFINISHED = new("unfinished", "unfinished at the horizon", Count),
        per_client: true,
        short_label: Some("unfinished"), with_share: true, key_figure: Some(Occurs),
        views: &[View::Group, View::DifferenceInDetail],
        measure: Clients(|c| counted(c, c.ended.unfinished));

    "Attempts, and shares of them and of clients":

    /// Attempts to connect.
    ATTEMPTS = new("attempts", "attempts", Count),
        per_client: true,
        measure: Both(|c| counted(c, c.attempts()), |p, _| number(p.attempts()));

    /// Attempts that were refused, or not answered because the distribution point was down.
    REFUSED = new("refused", "refused attempts", Count),
        per_client: true,
        measure: Both(|c| counted(c, c.refused), |p, _| attempted(p, p.refused));

    /// Clients that completed as a share of those that arrived: `completed / arrived`.
    COMPLETED_RATIO = new("completed.ratio", "completed, share of clients", Ratio),
        better: Higher, proportion_of: Some(ARRIVED),
        measure: Clients(|c| ratio(c.ended.completed, c.arrived));

    /// Stranded clients as a share of those that arrived: `stranded / arrived`.
    STRANDED_RATIO = new("stranded.ratio", "stranded, share of clients", Ratio),
        proportion_of: Some(ARRIVED),
        measure: Clients(|c| ratio(c.ended.stranded, c.arrived));

    /// Refused attempts as a share of all: `refused / attempts`.
    REFUSED_RATIO = new("refused.ratio", "attempts refused", Ratio),
        key_figure: Some(Always), views: &[View::Group, View::Point],
        measure: Both(|c| ratio(c.refused, c.attempts()), |p, _| ratio(p.refused, p.attempts()));

    /// Clients whose first attempt was refused, as a share of those that arrived: the blocking that a
    /// fresh arrival sees.
    REFUSED_FIRST_RATIO = new("refused.first_ratio", "first attempts refused", Ratio),
        measure: Clients(|c| ratio(c.first_refused, c.arrived));

    "Time from arrival to completion":

    /// The mean over the clients that completed.
    COMPLETION_MEAN = new("completion.mean", "completion, mean", Time),
        measure: Clients(|c| c.completions.mean());

    /// The median of the clients that completed; all percentiles are exact, by nearest rank.
    COMPLETION_P50 = new("completion.p50", "completion, median", Time),
        key_figure: Some(Always), views: &[View::Grid],
        measure: Clients(|c| completion(c, 50));

    /// The 90th percentile: 90% of the clients that completed took no longer.
    COMPLETION_P90 = new("completion.p90", "completion, 90%", Time),
        measure: Clients(|c| completion(c, 90));

    /// The 95th percentile: 95% of the clients that completed took no longer.
    COMPLETION_P95 = new("completion.p95", "completion, 95%", Time),
        key_figure: Some(Always), views: &[View::Grid, View::Group, View::Difference],
        measure: Clients(|c| completion(c, 95));

    /// The 99th percentile: 99% of the clients that completed took no longer.
    COMPLETION_P99 = new("completion.p99", "completion, 99%", Time),
        measure: Clients(|c| completion(c, 99));

    /// The longest time of a client that completed.
    COMPLETION_MAX = new("completion.max", "completion, slowest", Time),
        key_figure: Some(Always),
        measure: Clients(|c| completion(c, 100));

    "Attempts per client":

    /// The mean over the clients that arrived: `attempts / arrived`.
    ATTEMPTS_MEAN = new("attempts.mean", "attempts per client, mean", Count),
        short_label: Some("attempts per client"), key_figure: Some(Always),
        views: &[View::Grid, View::GroupInDetail, View::Difference],
        measure: Clients(|c| ratio(c.attempts(), c.arrived));

    /// The median: exact below 2,048 and within 0.1% above, as all percentiles of attempts are.
    ATTEMPTS_P50 = new("attempts.p50", "attempts per client, median", Count),
        measure: Clients(|c| attempts(c, 0.50));

    /// The 99th percentile: 99% of the clients made no more.
    ATTEMPTS_P99 = new("attempts.p99", "attempts per client, 99%", Count),
        measure: Clients(|c| attempts(c, 0.99));

    /// The most attempts of one client.
    ATTEMPTS_MAX = new("attempts.max", "attempts per client, most", Count),
        key_figure: Some(Always),
        measure: Clients(|c| (c.arrived > 0).then_some(c.attempts_max as f64));

    /// Attempts per client that arrived: by how much retries multiply the load.
    AMPLIFICATION = new("amplification", "amplification by retries", Count),
        measure: Clients(|c| ratio(c.attempts(), c.arrived));

    /// The attempts in the busiest whole second since the end of the warm-up. Runs of more than 48 days have none.
    ATTEMPTS_PER_SECOND_PEAK = new("attempts.per_second.peak", "attempts, busiest second", Count),
        short_label: Some("busiest second"),
        key_figure: Some(Always), views: &[View::Difference],
        measure: Run(|run| run.busiest_second.map(|number| number as f64));

    "Load over time":

    /// Time from the first arrival to the last completion.
    MAKESPAN = new("makespan", "last completion after", Time),
        key_figure: Some(Always), views: &[View::Grid, View::Difference],
        measure: Run(|run| run.makespan.map(Span::as_millis_f64));

    /// Open connections, averaged over time.
    CONNECTIONS_MEAN = new("connections.mean", "connections, mean", Count),
        better: Neither,
        measure: Point(|p, measured| mean_height(p.areas.open, measured));

    /// Clients that wait to retry, averaged over time.
    WAITING_MEAN = new("waiting.mean", "clients waiting, mean", Count),
        measure: Point(|p, measured| mean_height(p.areas.waiting, measured));

    /// Open connections as a share of capacity: their sum over time by that of the limit in force.
    UTILISATION = new("utilisation", "utilisation of the limit", Ratio),
        better: Neither, short_label: Some("utilisation"), key_figure: Some(Always),
        views: &[View::Grid, View::Point],
        measure: Point(|p, _| share(p.areas.open, p.capacity));

    /// The share of capacity that stood free while a client waited to retry: what a retry policy wastes.
    IDLE_WHILE_WAITING = new("idle_while_waiting", "idle while clients waited", Ratio),
        key_figure: Some(Always), views: &[View::PointInDetail],
        measure: Point(|p, _| share(p.areas.idle_while_waiting, p.capacity));

    /// The most open connections at the end of an instant.
    CONNECTIONS_PEAK = new("connections.peak", "connections, most", Count),
        better: Neither, key_figure: Some(Always),
        measure: Point(|p, _| number(p.peak_open));

    /// The most clients that waited to retry at the end of an instant.
    WAITING_PEAK = new("waiting.peak", "clients waiting, most", Count),
        measure: Point(|p, _| number(p.peak_waiting));

    "Outages and workarounds":

    /// Attempts among the refused that found the distribution point down.
    UNREACHABLE = new("unreachable", "attempts while it was down", Count),
        per_client: true,
        key_figure: Some(Occurs),
        measure: Both(|c| counted(c, c.unreachable), |p, _| attempted(p, p.unreachable));

    /// Attempts among the refused that a rate limit refused.
    RATE_LIMITED = new("rate_limited", "attempts over the rate limit", Count),
        per_client: true,
        key_figure: Some(Occurs), views: &[View::PointInDetail],
        measure: Both(|c| counted(c, c.rate_limited), |p, _| attempted(p, p.rate_limited));

    /// Attempts among the refused that failed with an error of the server.
    FAILED = new("failed", "attempts with an error", Count),
        per_client: true,
        key_figure: Some(Occurs),
        measure: Both(|c| counted(c, c.failed), |p, _| attempted(p, p.failed));

    /// Transfers that were cut.
    CUT = new("cut", "transfers cut", Count),
        per_client: true,
        key_figure: Some(Occurs),
        measure: Both(|c| counted(c, c.cut), |p, _| attempted(p, p.cut));

    /// Attempts that took longer than the client waits for one: those of clients in a queue count as refused.
    TIMED_OUT = new("timed_out", "attempts that timed out", Count),
        per_client: true,
        key_figure: Some(Occurs),
        measure: Both(|c| counted(c, c.timed_out), |p, _| attempted(p, p.timed_out));

    /// Attempts that the clients' own circuit breaker or throttle rejected: no server saw them, and they are no attempts.
    REJECTED = new("rejected", "rejected by the clients themselves", Count),
        per_client: true,
        key_figure: Some(Occurs), views: &[View::DifferenceInDetail],
        measure: Clients(|c| counted(c, c.rejected));

    /// Stranded clients whose program a workaround got to run.
    RECOVERED = new("recovered", "of these recovered", Count),
        per_client: true,
        better: Higher, key_figure: Some(Occurs),
        measure: Clients(|c| counted(c, c.recovered()));

    /// Stranded clients that no workaround recovered: `stranded - recovered`.
    STRANDED_FINAL = new("stranded.final", "stranded for good", Count),
        per_client: true,
        key_figure: Some(With(RECOVERED)),
        measure: Clients(|c| counted(c, c.ended.stranded.saturating_sub(c.recovered())));

    /// Mean time from being stranded to the completion that a workaround brought.
    RECOVERED_DELAY_MEAN = new("recovered.delay.mean", "recovered after, mean", Time),
        key_figure: Some(With(RECOVERED)),
        measure: Clients(|c| c.recoveries.mean());

    /// The longest such time.
    RECOVERED_DELAY_MAX = new("recovered.delay.max", "recovered after, slowest", Time),
        measure: Clients(|c| c.recoveries.longest().map(|millis| millis as f64));

    "Queues and throughput":

    /// Clients in a server's queue, averaged over time, and requests there whose clients have gone. An attempt counts
    /// when it is answered.
    QUEUED_MEAN = new("queued.mean", "clients in a queue, mean", Count),
        measure: Point(|p, measured| mean_height(p.queued, measured));

    /// The most clients in queues at the end of an instant, with requests whose clients have gone.
    QUEUED_PEAK = new("queued.peak", "clients in a queue, most", Count),
        key_figure: Some(Occurs),
        measure: Point(|p, _| number(p.peak_queued));

    /// Connections of idle sessions, averaged over time: they count against the limit and transfer nothing.
    LINGERING_MEAN = new("lingering.mean", "idle sessions, mean", Count),
        key_figure: Some(Occurs), views: &[View::PointInDetail],
        measure: Point(|p, measured| mean_height(p.lingering, measured));

    /// Transfers completed per hour, for whomever, within the time that averages are taken over.
    THROUGHPUT = new("throughput", "transfers per hour", PerHour),
        better: Higher, key_figure: Some(With(WASTED)),
        measure: Point(|p, measured| per_hour(p.served + p.for_nobody, measured));

    /// Transfers completed per hour for clients that were still there, within the time that averages are taken over.
    GOODPUT = new("goodput", "transfers per hour for clients", PerHour),
        better: Higher, key_figure: Some(With(WASTED)),
        measure: Point(|p, measured| per_hour(p.served, measured));

    /// The share of the time of all open connections that was spent on clients that had gone, because their attempt
    /// had timed out.
    WASTED = new("wasted", "connection time wasted", Ratio),
        key_figure: Some(Occurs), views: &[View::PointInDetail],
        measure: Point(|p, _| share(p.abandoned, p.areas.open));

    "Recovery from a trigger":

    /// 1 if the run did not recover from the `trigger` by the horizon, else 0; over replications, the share of those
    /// that did not, with Wilson's interval. Without a trigger, or without goodput before it, there is none.
    STUCK = new("stuck", "runs that do not recover", Ratio),
        is_share_of_runs: true,
        key_figure: Some(Always), views: &[View::Grid, View::Difference],
        measure: Run(|run| run.recovered.map(|it| f64::from(u8::from(it.time.is_none()))));

    /// Time from the end of the `trigger` until goodput is back for good, in whole windows of `recovery`; of runs that
    /// recover.
    RECOVERY_TIME = new("recovery.time", "recovered after", Time),
        key_figure: Some(Always), views: &[View::Grid, View::Difference],
        measure: Run(|run| run.recovered?.time.map(Span::as_millis_f64));

    "Copies of a site, or of a distribution point":

    /// Of the copies the least: the time from its first arrival to its last completion.
    MAKESPAN_LEAST = new("makespan.least", "last completion after, least of the copies", Time),
        measure: Copies(Which::Least, |c| c.makespan.map(Span::as_millis_f64));

    /// Of the copies the median: the time from its first arrival to its last completion.
    MAKESPAN_MEDIAN = new("makespan.median", "last completion after, median of the copies", Time),
        measure: Copies(Which::Median, |c| c.makespan.map(Span::as_millis_f64));

    /// Of the copies the greatest: the time from its first arrival to its last completion.
    MAKESPAN_MOST = new("makespan.most", "last completion after, most of the copies", Time),
        measure: Copies(Which::Most, |c| c.makespan.map(Span::as_millis_f64));

    /// Of the copies the least: the time in which 95% of its clients that complete do.
    COMPLETION_P95_LEAST = new("completion.p95.least", "completion, 95%, least of the copies", Time),
        measure: Copies(Which::Least, |c| c.completion_p95.map(Span::as_millis_f64));

    /// Of the copies the median: the time in which 95% of its clients that complete do.
    COMPLETION_P95_MEDIAN = new("completion.p95.median", "completion, 95%, median of the copies", Time),
        measure: Copies(Which::Median, |c| c.completion_p95.map(Span::as_millis_f64));

    /// Of the copies the greatest: the time in which 95% of its clients that complete do.
    COMPLETION_P95_MOST = new("completion.p95.most", "completion, 95%, most of the copies", Time),
        measure: Copies(Which::Most, |c| c.completion_p95.map(Span::as_millis_f64));

    /// Of the copies the least: the number of its clients that are stranded.
    STRANDED_LEAST = new("stranded.least", "stranded, least of the copies", Count),
        measure: Copies(Which::Least, |c| c.stranded.map(|count| count as f64));

    /// Of the copies the median: the number of its clients that are stranded.
    STRANDED_MEDIAN = new("stranded.median", "stranded, median of the copies", Count),
        measure: Copies(Which::Median, |c| c.stranded.map(|count| count as f64));

    /// Of the copies the greatest: the number of its clients that are stranded.
    STRANDED_MOST = new("stranded.most", "stranded, most of the copies", Count),
        measure: Copies(Which::Most, |c| c.stranded.map(|count| count as f64));

    /// Of the copies the least: the share of its connections that are in use, of a site from its first arrival to its last completion.
    UTILISATION_LEAST = new("utilisation.least", "utilisation of the limit, least of the copies", Ratio),
        better: Neither, measure: Copies(Which::Least, |c| c.utilisation);

    /// Of the copies the median: the share of its connections that are in use, of a site from its first arrival to its last completion.
    UTILISATION_MEDIAN = new("utilisation.median", "utilisation of the limit, median of the copies", Ratio),
        better: Neither, measure: Copies(Which::Median, |c| c.utilisation);

    /// Of the copies the greatest: the share of its connections that are in use, of a site from its first arrival to its last completion.
    UTILISATION_MOST = new("utilisation.most", "utilisation of the limit, most of the copies", Ratio),
        better: Neither, measure: Copies(Which::Most, |c| c.utilisation);
}

/// What reports show of copies: a metric, and the same of the copy with the least, the median and the most.
pub const OF_COPIES: &[(Metric, [Metric; 3])] = &[
    (MAKESPAN, [MAKESPAN_LEAST, MAKESPAN_MEDIAN, MAKESPAN_MOST]),
    (COMPLETION_P95, [COMPLETION_P95_LEAST, COMPLETION_P95_MEDIAN, COMPLETION_P95_MOST]),
    (STRANDED, [STRANDED_LEAST, STRANDED_MEDIAN, STRANDED_MOST]),
    (UTILISATION, [UTILISATION_LEAST, UTILISATION_MEDIAN, UTILISATION_MOST]),
];

/// The order in which reports for people show metrics; those that are not here come last.
const READING_ORDER: &[Metric] = &[
    CLIENTS,
    ARRIVED,
    COMPLETED,
    STRANDED,
    RECOVERED,
    STRANDED_FINAL,
    GAVE_UP,
    EXPIRED,
    UNFINISHED,
    COMPLETION_P50,
    COMPLETION_P95,
    COMPLETION_MAX,
    MAKESPAN,
    ATTEMPTS_MEAN,
    ATTEMPTS_MAX,
    ATTEMPTS_PER_SECOND_PEAK,
    REFUSED_RATIO,
    CONNECTIONS_PEAK,
    UTILISATION,
    IDLE_WHILE_WAITING,
    RECOVERED_DELAY_MEAN,
    CUT,
    UNREACHABLE,
    RATE_LIMITED,
    FAILED,
    QUEUED_PEAK,
    LINGERING_MEAN,
];

/// Every metric, in the order of the table.
pub fn all() -> impl DoubleEndedIterator<Item = Metric> + Clone {
    SECTIONS.iter().flat_map(|(_, metrics)| metrics.iter().copied())
}

/// The metrics of `subject`, in the order of results.
pub fn of(subject: Subject) -> impl Iterator<Item = Metric> + Clone {
    // A run has those of its clients first. That changes the order of no other subject.
    let of_clients = move |metric: &Metric| metric.applies_to(Subject::Group);
    let first = all().filter(move |metric| subject == Subject::Run && of_clients(metric));
    let rest = all().filter(move |metric| subject != Subject::Run || !of_clients(metric));
    first.chain(rest).filter(move |metric| metric.applies_to(subject))
}

/// The metrics that a table of a report shows, in the order of reading.
pub fn shown_in(views: &[View]) -> Vec<Metric> {
    in_reading_order(|metric| metric.views.iter().any(|view| views.contains(view)))
}

/// The key figures, in the order of reading, whether their condition is met or not.
pub fn key_figures() -> Vec<Metric> {
    in_reading_order(|metric| metric.key_figure.is_some())
}

fn in_reading_order(shown: impl Fn(Metric) -> bool) -> Vec<Metric> {
    let mut metrics: Vec<Metric> = all().filter(|&metric| shown(metric)).collect();
    let place = |metric: &Metric| READING_ORDER.iter().position(|placed| placed == metric);
    metrics.sort_by_key(|metric| place(metric).unwrap_or(usize::MAX));
    metrics
}

fn number(count: u64) -> Option<f64> {
    Some(count as f64)
}

/// A count over the clients that arrived; of none there is nothing to count, and 0 would pass thresholds.
fn counted(clients: &Tally, count: u64) -> Option<f64> {
    (clients.arrived > 0).then_some(count as f64)
}

/// A count over the attempts at a distribution point, if there were any.
fn attempted(point: &PointStatistics, count: u64) -> Option<f64> {
    (point.attempts() > 0).then_some(count as f64)
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A share of the capacity; divided once, so that a share that is exact stays exact.
fn share(area: u128, capacity: u128) -> Option<f64> {
    (capacity > 0).then(|| area as f64 / capacity as f64)
}

fn completion(clients: &mut Tally, percent: usize) -> Option<f64> {
    clients.completions.percentile(percent).map(|millis| millis as f64)
}

fn attempts(clients: &mut Tally, share: f64) -> Option<f64> {
    // The histogram gives the highest value of a step, which may be more than any client made.
    let quantile = clients.attempts_per_client.value_at_quantile(share).min(clients.attempts_max);
    (clients.arrived > 0).then_some(quantile as f64)
}

/// `number` within `measured` as a number per hour; `None` over no time at all.
fn per_hour(number: u64, measured: Span) -> Option<f64> {
    const HOUR: f64 = 3_600_000.0;
    (measured > Span::ZERO).then(|| number as f64 * HOUR / measured.as_millis_f64())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_labels_are_unique() {
        let names: HashSet<_> = all().map(|metric| metric.name).collect();
        let labels: HashSet<_> = all().map(|metric| metric.label).collect();
        assert_eq!((names.len(), labels.len()), (all().count(), all().count()));
    }

    #[test]
    fn the_order_of_results_is_a_contract() {
        let names = |subject| of(subject).map(|metric| metric.name).collect::<Vec<_>>().join(" ");
        let clients = "clients arrived completed stranded gave_up expired unfinished attempts refused \
                       completed.ratio stranded.ratio refused.ratio refused.first_ratio completion.mean completion.p50 \
                       completion.p90 completion.p95 completion.p99 completion.max attempts.mean \
                       attempts.p50 attempts.p99 attempts.max amplification unreachable rate_limited failed cut timed_out rejected recovered stranded.final \
                       recovered.delay.mean recovered.delay.max";
        let servers = "attempts.per_second.peak makespan connections.mean waiting.mean utilisation idle_while_waiting \
                       connections.peak waiting.peak queued.mean queued.peak lingering.mean throughput goodput wasted \
                       stuck recovery.time";
        assert_eq!(names(Subject::Group), clients);
        assert_eq!(names(Subject::Run), format!("{clients} {servers}"));
        assert_eq!(
            names(Subject::Copies),
            "makespan.least makespan.median makespan.most completion.p95.least completion.p95.median \
             completion.p95.most stranded.least stranded.median stranded.most utilisation.least \
             utilisation.median utilisation.most"
        );
        assert_eq!(
            names(Subject::Point),
            "completed attempts refused refused.ratio connections.mean waiting.mean utilisation \
             idle_while_waiting connections.peak waiting.peak unreachable rate_limited failed cut timed_out \
             queued.mean queued.peak lingering.mean throughput goodput wasted"
        );
    }

    #[test]
    fn no_percentile_of_attempts_exceeds_the_most() {
        let mut tally = Tally::new(1);
        tally.arrived = 1;
        tally.end(crate::model::Outcome::GaveUp, Span::ZERO, 3602);
        assert_eq!(attempts(&mut tally, 0.99), Some(3602.0));
    }

    #[test]
    fn a_rate_over_no_time_has_no_value() {
        assert_eq!(per_hour(3, Span::from_millis(1_800_000)), Some(6.0));
        assert_eq!(per_hour(3, Span::ZERO), None);
    }
}
