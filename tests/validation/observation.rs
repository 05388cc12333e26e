//! What is observed of one replication: the metrics of the program, and what no metric reports.

use distpoint::model::{
    AbandonedWork, Event, EventKind, Observer, Outcome, PointId, Replication, Time,
};
use distpoint::stats::metric::{self, Metrics};
use distpoint::stats::{RunStatistics, nearest_rank};

/// Numbers of connections whose share of time is kept.
const STATES: usize = 16;

/// What is observed of one replication.
pub struct Observation {
    /// The statistics of the program.
    pub run: RunStatistics,
    /// What its metrics do not have.
    pub watch: Watch,
    metrics: Metrics,
}

impl Observation {
    /// Of a run that has ended.
    pub fn new(run: RunStatistics, watch: Watch) -> Observation {
        let metrics = metric::of_run(&run);
        Observation { run, watch, metrics }
    }

    /// A metric of the run, as results have it: times are in ms.
    pub fn metric(&self, name: &str) -> f64 {
        let found = self.metrics.iter().find(|(metric, _)| metric.name == name);
        found.and_then(|(_, value)| *value).unwrap_or_else(|| panic!("{name} has no value"))
    }

    /// A metric of the run with times in seconds.
    pub fn metric_in_seconds(&self, name: &str) -> f64 {
        let value = self.metric(name);
        if metric::unit(name) == metric::MetricUnit::Time { value / 1e3 } else { value }
    }

    /// The number of instants at which a client completed.
    pub fn waves(&self) -> f64 {
        let mut ends = self.run.total().completions.sorted();
        ends.sort_unstable();
        ends.dedup();
        ends.len() as f64
    }
}

/// An observer of what no metric reports: waits, moments and shares of time.
///
/// Its averages over time begin when the warm-up ends, and its waits are of clients that arrive after it.
pub struct Watch {
    start: Time,
    horizon: Time,
    now: Time,
    open: u64,
    waiting: u64,
    waiting_of_group: Vec<u64>,
    /// Time by the number of open connections, in ms.
    open_for: [u64; STATES],
    /// Time in which no connection was open and no client waited.
    empty_for: u64,
    measured: u64,
    open_area: u64,
    open_squares: u64,
    waiting_area: u64,
    waiting_squares: u64,
    waiting_areas: Vec<u64>,
    /// The times from arrival to connection, in ms.
    waits: Vec<u64>,
    arrived: u64,
    queued: u64,
    /// Clients that waited for a retry when the run ended.
    pub waiting_at_the_end: u64,
    /// Clients that were connected when the run ended.
    pub connected_at_the_end: u64,
    /// When the last client was connected, in ms.
    pub last_connected: u64,
    /// When the last client ended, in ms.
    pub last_ended: u64,
    /// The longest time from arrival until a client gave up, in ms.
    pub gave_up_after: u64,
    /// The attempts of the client that gave up last.
    pub gave_up_attempts: u32,
}

impl Watch {
    /// An observer for `replication`.
    pub fn new(replication: &Replication<'_>) -> Watch {
        let groups = replication.groups.len();
        Watch {
            start: replication.measured_from,
            horizon: replication.horizon,
            now: Time::ZERO,
            open: 0,
            waiting: 0,
            waiting_of_group: vec![0; groups],
            open_for: [0; STATES],
            empty_for: 0,
            measured: 0,
            open_area: 0,
            open_squares: 0,
            waiting_area: 0,
            waiting_squares: 0,
            waiting_areas: vec![0; groups],
            waits: Vec::new(),
            arrived: 0,
            queued: 0,
            waiting_at_the_end: 0,
            connected_at_the_end: 0,
            last_connected: 0,
            last_ended: 0,
            gave_up_after: 0,
            gave_up_attempts: 0,
        }
    }

    /// The share of time with `connections` open, which are few.
    pub fn share_with(&self, connections: usize) -> f64 {
        self.open_for[connections] as f64 / self.measured as f64
    }

    /// The share of time without a connection and without a client that waits.
    pub fn share_empty(&self) -> f64 {
        self.empty_for as f64 / self.measured as f64
    }

    /// The variance of the number of open connections over time.
    pub fn open_variance(&self) -> f64 {
        self.variance(self.open_area, self.open_squares)
    }

    /// The variance of the number of clients that wait, over time.
    pub fn waiting_variance(&self) -> f64 {
        self.variance(self.waiting_area, self.waiting_squares)
    }

    /// The clients of a group that wait, on average over time.
    pub fn waiting_of(&self, group: usize) -> f64 {
        self.waiting_areas[group] as f64 / self.measured as f64
    }

    fn variance(&self, area: u64, squares: u64) -> f64 {
        let mean = area as f64 / self.measured as f64;
        squares as f64 / self.measured as f64 - mean * mean
    }

    /// The number of clients that were connected.
    pub fn waits(&self) -> usize {
        self.waits.len()
    }

    /// The mean time from arrival to connection, in ms.
    pub fn mean_wait(&self) -> f64 {
        self.waits.iter().sum::<u64>() as f64 / self.waits.len() as f64
    }

    /// The standard deviation of these times, in ms.
    pub fn wait_deviation(&self) -> f64 {
        let mean = self.mean_wait();
        let squares: f64 = self.waits.iter().map(|&wait| (wait as f64 - mean).powi(2)).sum();
        (squares / self.waits.len() as f64).sqrt()
    }

    /// The share of clients that waited longer than `millis`.
    pub fn share_waiting_longer(&self, millis: u64) -> f64 {
        let longer = self.waits.iter().filter(|&&wait| wait > millis).count();
        longer as f64 / self.waits.len() as f64
    }

    /// A percentile of the times from arrival to connection, in ms.
    pub fn wait_percentile(&self, percent: usize) -> f64 {
        nearest_rank(&mut self.waits.clone(), percent).expect("clients are connected") as f64
    }

    /// The share of clients that had to wait in a queue.
    pub fn share_queued(&self) -> f64 {
        self.queued as f64 / self.arrived as f64
    }

    /// Accounts for the time until `at`.
    fn advance(&mut self, at: Time) {
        let from = self.now.max(self.start);
        self.now = self.now.max(at);
        if at <= from {
            return;
        }
        let passed = at.since(from).as_millis();
        self.measured += passed;
        if let Some(time) = self.open_for.get_mut(self.open as usize) {
            *time += passed;
        }
        if self.open + self.waiting == 0 {
            self.empty_for += passed;
        }
        self.open_area += self.open * passed;
        self.open_squares += self.open * self.open * passed;
        self.waiting_area += self.waiting * passed;
        self.waiting_squares += self.waiting * self.waiting * passed;
        for (area, &waiting) in self.waiting_areas.iter_mut().zip(&self.waiting_of_group) {
            *area += waiting * passed;
        }
    }

    fn leaves(&mut self, group: usize, waiting_at: Option<PointId>) {
        if waiting_at.is_some() {
            self.waiting -= 1;
            self.waiting_of_group[group] -= 1;
        }
    }

    fn ended(&mut self, event: &Event, outcome: Outcome, attempts: u32, waited: bool) {
        self.last_ended = event.at.as_millis();
        match outcome {
            Outcome::GaveUp => {
                let lasted = event.at.since(event.arrived).as_millis();
                self.gave_up_after = self.gave_up_after.max(lasted);
                self.gave_up_attempts = attempts;
            }
            Outcome::Unfinished => match waited {
                true => self.waiting_at_the_end += 1,
                false => self.connected_at_the_end += 1,
            },
            Outcome::Completed | Outcome::Stranded | Outcome::Expired => {}
        }
    }
}

impl Observer for Watch {
    const EVERY_ATTEMPT: bool = false;

    fn observe(&mut self, event: &Event) {
        // Clients that are unfinished report it at the last event, but are there until the horizon.
        let unfinished =
            matches!(event.kind, EventKind::Ended { outcome: Outcome::Unfinished, .. });
        self.advance(if unfinished { self.horizon } else { event.at });
        let group = event.client.group.index();
        let counts = u64::from(event.arrived >= self.start);
        match event.kind {
            EventKind::Arrived => self.arrived += counts,
            EventKind::Connected { connections, waiting_at, .. } => {
                self.leaves(group, waiting_at);
                self.open += u64::from(connections);
                self.last_connected = event.at.as_millis();
                if counts == 1 {
                    self.waits.push(event.at.since(event.arrived).as_millis());
                }
            }
            EventKind::Disconnected { connections, .. }
            | EventKind::Cut { connections, .. }
            | EventKind::TimedOut { connections, goes_on: false, .. } => {
                self.open -= u64::from(connections);
            }
            EventKind::Queued { waiting_at, .. } => {
                self.leaves(group, waiting_at);
                self.queued += counts;
            }
            EventKind::RetryScheduled { waiting_at, .. } => {
                self.leaves(group, waiting_at);
                self.waiting += 1;
                self.waiting_of_group[group] += 1;
            }
            EventKind::WentOffline { waiting_at } => self.leaves(group, Some(waiting_at)),
            EventKind::Unscheduled { waiting_at } => self.leaves(group, waiting_at),
            EventKind::ReadvertisementEnded { waiting_at, .. } => self.leaves(group, waiting_at),
            EventKind::Ended { outcome, attempts, waiting_at } => {
                self.ended(event, outcome, attempts, waiting_at.is_some());
                self.leaves(group, waiting_at);
            }
            // Its connections stay open.
            EventKind::TimedOut { goes_on: true, .. }
            | EventKind::LeftQueue { .. }
            | EventKind::Refused { .. }
            | EventKind::RefusedMeanwhile { .. }
            | EventKind::Rejected { .. }
            | EventKind::Thinks { .. }
            | EventKind::Readvertised => {}
        }
    }

    fn abandoned_work(&mut self, at: Time, _: PointId, work: AbandonedWork) {
        self.advance(at);
        match work {
            AbandonedWork::Begins(connections) => self.open += u64::from(connections),
            AbandonedWork::Ends { connections, .. } => self.open -= u64::from(connections),
            AbandonedWork::Waits | AbandonedWork::WaitsNoLonger => {}
        }
    }
}
