//! The statistics of one run: plain values, from which every metric is computed.

use std::fmt;

use super::{Areas, CopyStatistics, Recovered, Series, Tally};
use crate::model::Span;

/// What one replication of one variant came to.
#[derive(Clone, Debug)]
pub struct RunStatistics {
    /// What became of each group, in the order of the scenario.
    pub groups: Vec<Tally>,
    /// What each distribution point saw, in the order of the scenario.
    pub points: Vec<PointStatistics>,
    /// Curves over time, from the start of the simulation.
    pub series: Series,
    /// What the copies of each site came to, in no order, by the sites of the scenario.
    pub sites: Vec<Vec<CopyStatistics>>,
    /// The most connections that were open at a time, over all points.
    pub peak_open: u64,
    /// The most clients in Retry mode at a time, over all points.
    pub peak_waiting: u64,
    /// The most clients in queues at a time, over all points.
    pub peak_queued: u64,
    /// The attempts in the busiest whole second; `None` if there were none, or if the run takes longer than such are
    /// counted.
    pub busiest_second: Option<u64>,
    /// Whether it recovered from its trigger, and when; `None`: it had none, or nobody can tell.
    pub recovered: Option<Recovered>,
    /// Attempts that were refused and not simulated one by one, as nothing depends on them.
    pub skipped: u64,
    /// The span of the time averages: from the first arrival to the last completion, or to the
    /// horizon if clients are unfinished.
    pub measured: Span,
    /// From the first arrival to the last completion; `None` if no client completed.
    pub makespan: Option<Span>,
}

/// What one distribution point saw.
#[derive(Clone, Debug)]
pub struct PointStatistics {
    /// Areas under its curves, over the measured time.
    pub areas: Areas,
    /// Clients in its queue times time, in ms.
    pub queued: u128,
    /// Connections of idle sessions times time, in ms.
    pub lingering: u128,
    /// Connections that work for clients that have gone times time, in ms.
    pub abandoned: u128,
    /// Its connection limit times time, in ms: the limit in force, or what was open above it.
    pub capacity: u128,
    /// Its connection limit, the highest that was in force.
    pub limit: u64,
    /// The most connections that were open at a time.
    pub peak_open: u64,
    /// The most clients that waited at a time to retry it.
    pub peak_waiting: u64,
    /// The most clients that were in its queue at a time.
    pub peak_queued: u64,
    /// Attempts to connect to it that it admitted.
    pub admitted: u64,
    /// Attempts it refused, or did not answer because it was down.
    pub refused: u64,
    /// Attempts among these that it did not answer.
    pub unreachable: u64,
    /// Attempts among the refused that its rate limit refused.
    pub rate_limited: u64,
    /// Attempts among the refused that failed with an error.
    pub failed: u64,
    /// Transfers it completed.
    pub completed: u64,
    /// Transfers it completed within the measured time, also those of clients that came in the warm-up.
    pub served: u64,
    /// Transfers it completed within the measured time for clients that had gone.
    pub for_nobody: u64,
    /// Transfers it cut.
    pub cut: u64,
    /// Attempts that timed out: of clients in its queue, which count as refused, and of connected ones.
    pub timed_out: u64,
    /// Of these, those of connected clients, which left.
    pub left: u64,
    /// If it has several copies outside sites: what each came to, in no order. Of a point only the utilisation is
    /// known, over the measured time.
    pub copies: Vec<CopyStatistics>,
}

/// A run in which something was lost: a bug of the simulator, never of the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imbalance(String);

impl fmt::Display for Imbalance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the simulation lost count, which is a bug in distpoint: {}", self.0)
    }
}

impl std::error::Error for Imbalance {}

impl RunStatistics {
    /// What became of all clients together.
    pub fn total(&self) -> Tally {
        let mut total = Tally::new(0);
        let completions = self.groups.iter().map(|group| group.completions.len()).sum::<u64>();
        total.completions.reserve(completions as usize);
        self.groups.iter().for_each(|group| total.add(group));
        total
    }

    /// What all distribution points saw together. Peaks are those of the sums, not the sums of peaks.
    pub fn points_together(&self) -> PointStatistics {
        let sum = |of: fn(&PointStatistics) -> u64| self.points.iter().map(of).sum();
        let area = |of: fn(&PointStatistics) -> u128| self.points.iter().map(of).sum();
        PointStatistics {
            areas: self.points.iter().map(|p| p.areas).fold(Areas::default(), Areas::and),
            queued: area(|p| p.queued),
            lingering: area(|p| p.lingering),
            abandoned: area(|p| p.abandoned),
            capacity: area(|p| p.capacity),
            limit: sum(|p| p.limit),
            peak_open: self.peak_open,
            peak_waiting: self.peak_waiting,
            peak_queued: self.peak_queued,
            admitted: sum(|p| p.admitted),
            refused: sum(|p| p.refused),
            unreachable: sum(|p| p.unreachable),
            rate_limited: sum(|p| p.rate_limited),
            failed: sum(|p| p.failed),
            completed: sum(|p| p.completed),
            served: sum(|p| p.served),
            for_nobody: sum(|p| p.for_nobody),
            cut: sum(|p| p.cut),
            timed_out: sum(|p| p.timed_out),
            left: sum(|p| p.left),
            copies: Vec::new(),
        }
    }

    /// How many events it took: every attempt and every end of a connection.
    pub fn events(&self) -> u64 {
        self.points.iter().map(|point| point.attempts() + point.completed + point.cut).sum()
    }

    /// Checks that nothing was lost: every client that arrived has ended in one way (those
    /// that a workaround recovered were stranded first, and count as that), every
    /// attempt was admitted or refused, and both sides of each connection agree. Called at the
    /// end of every run, in release builds too.
    ///
    /// # Errors
    ///
    /// An [`Imbalance`]: what does not add up.
    pub fn check(&self) -> Result<(), Imbalance> {
        let sums = |of: fn(&Tally) -> u64| self.groups.iter().map(of).sum::<u64>();
        let at_points = |of: fn(&PointStatistics) -> u64| self.points.iter().map(of).sum::<u64>();
        let equal = |what: &str, left: u64, right: u64| match left == right {
            true => Ok(()),
            false => Err(Imbalance(format!("{what}: {left} != {right}"))),
        };
        for group in &self.groups {
            equal("clients that arrived, and that ended", group.arrived, group.ended.total())?;
            let histogram = &group.attempts_per_client;
            equal("clients that arrived, and in the histogram", group.arrived, histogram.len())?;
            let completions = group.completions.len();
            equal("completions, and their times", group.ended.completed, completions)?;
            let (stranded, recovered) = (group.ended.stranded, group.recovered());
            if recovered > stranded {
                return Err(Imbalance(format!("{recovered} recovered of {stranded} stranded")));
            }
        }
        // A recovered client ran its program, too, though it counts as stranded.
        let recovered = sums(Tally::recovered);
        let completed = sums(|group| group.ended.completed) + recovered;
        let (admitted, refused) = (sums(|group| group.admitted), sums(|group| group.refused));
        let (cut, unreachable) = (sums(|group| group.cut), sums(|group| group.unreachable));
        equal("completions of clients, and of points", completed, at_points(|p| p.completed))?;
        equal("admitted clients, and admissions by points", admitted, at_points(|p| p.admitted))?;
        equal("refused clients, and refusals by points", refused, at_points(|p| p.refused))?;
        equal("transfers cut of clients, and by points", cut, at_points(|p| p.cut))?;
        equal("clients and points that were down", unreachable, at_points(|p| p.unreachable))?;
        let timed_out = sums(|group| group.timed_out);
        equal("timed-out attempts, and by points", timed_out, at_points(|p| p.timed_out))?;
        let (limited, failed) = (sums(|group| group.rate_limited), sums(|group| group.failed));
        equal("rate-limited clients, and by points", limited, at_points(|p| p.rate_limited))?;
        equal("errors of clients, and of points", failed, at_points(|p| p.failed))?;
        // The attempts that the clients counted themselves: the histogram is exact below 2,048.
        let histogram = |group: &Tally| group.attempts_per_client.mean() * group.arrived as f64;
        let counted: f64 = self.groups.iter().map(histogram).sum();
        let attempts = (admitted + refused) as f64;
        if (counted - attempts).abs() > attempts * 1e-3 {
            return Err(Imbalance(format!("{counted} attempts counted, {attempts} made")));
        }
        // A client that was admitted has completed, was cut, left because that took too long, or was still connected at the end: as one that is
        // unfinished, or one that was stranded and runs its new advertisement.
        let connected = admitted.checked_sub(completed + cut + at_points(|p| p.left));
        let unfinished = sums(|group| group.ended.unfinished);
        let left = unfinished + sums(|group| group.ended.stranded) - recovered;
        if connected.is_none_or(|connected| connected > left) {
            return Err(Imbalance(format!(
                "{admitted} admitted, {completed} completed, {cut} cut, {unfinished} unfinished"
            )));
        }
        for point in &self.points {
            if point.peak_open > point.limit {
                return Err(Imbalance(format!(
                    "{} connections over a limit of {}",
                    point.peak_open, point.limit
                )));
            }
        }
        Ok(())
    }
}

impl PointStatistics {
    /// Attempts to connect to it.
    pub fn attempts(&self) -> u64 {
        self.admitted + self.refused
    }

    /// Whether no client connected to it, waited for it or stood in its queue at any measured time.
    pub fn saw_nobody(&self) -> bool {
        let Areas { open, waiting, .. } = self.areas;
        self.attempts() == 0 && open == 0 && waiting == 0 && self.queued == 0
    }
}
