//! The standard observer: what every report needs, at the least cost per event.

use super::attempt_rate::{AttemptRate, busiest};
use super::gauge::{Averages, Gauge};
use super::period::{Bounds, Period};
use super::{Level, MeasuredTime, PointStatistics, RunStatistics, Series, Tally};
use crate::model::{
    AbandonedWork, ClientId, Event, EventKind, Observer, Outcome, PointId, RefusalCode,
    Replication, Time,
};

/// Counts, times, time averages and time series of one run.
///
/// Most events are retries that are refused again. For them it does two additions and a few
/// comparisons: such a client waits on where it waited before, so no curve changes, and how often
/// its group was refused follows from the attempts that it reports when it ends.
#[derive(Clone, Debug)]
pub struct Observed<G> {
    /// Until they are [settled](Observed::settle), their `refused` counts all attempts of clients that
    /// ended.
    pub(super) groups: Vec<Tally>,
    pub(super) points: Vec<PointTally<G>>,
    pub(super) series: Series,
    open: Level,
    waiting: Level,
    queued: Level,
    pub(super) attempts: AttemptRate,
    /// The client that has just left a queue: its attempt was counted when it came in.
    left_queue: Option<ClientId>,
    /// The end of the warm-up: clients that arrived before do not count, but are still there.
    pub(super) start: Time,
    /// If only a window of time is measured: that window. Clients count that arrive in it.
    pub(super) window: Option<MeasuredTime>,
    pub(super) first_arrival: Option<Time>,
    pub(super) last_completion: Time,
    /// Attempts that were not simulated.
    pub(super) skipped: u64,
    /// Clients that run the new advertisement of a workaround.
    pub(super) readvertised: u64,
    /// Clients that think before they come again.
    pub(super) thinking: u64,
    /// When and where clients that came in the warm-up completed after it: at most as many as were
    /// there when it ended. In a window of time: every completion in it.
    pub(super) late: Vec<(Time, PointId)>,
}

/// The observer of a system that is simulated as a whole.
pub type Standard = Observed<Averages>;

/// What a distribution point did.
#[derive(Clone, Debug)]
pub struct PointTally<G> {
    pub(super) gauge: G,
    pub(super) admitted: u64,
    pub(super) refused: u64,
    pub(super) unreachable: u64,
    pub(super) rate_limited: u64,
    pub(super) failed: u64,
    pub(super) completed: u64,
    pub(super) cut: u64,
    pub(super) timed_out: u64,
    /// Of these, how many were connected.
    pub(super) left: u64,
}

impl<G: Gauge> Observed<G> {
    /// An observer for `replication`, which must be the one that is simulated.
    pub fn new(replication: &Replication<'_>) -> Observed<G> {
        let groups = replication.groups.iter().map(|members| {
            let mut tally = Tally::new(u64::from(members.group.count.unwrap_or(0)));
            tally.completions.reserve(tally.clients as usize);
            tally
        });
        let points = replication.distribution_points.iter().map(|point| PointTally {
            gauge: G::new(point.connection_limit, replication.measured_from),
            admitted: 0,
            refused: 0,
            unreachable: 0,
            rate_limited: 0,
            failed: 0,
            completed: 0,
            cut: 0,
            timed_out: 0,
            left: 0,
        });
        Observed {
            groups: groups.collect(),
            points: points.collect(),
            series: Series::default(),
            open: Level::default(),
            waiting: Level::default(),
            queued: Level::default(),
            attempts: AttemptRate::new(replication.measured_from),
            left_queue: None,
            start: replication.measured_from,
            window: None,
            first_arrival: None,
            last_completion: Time::ZERO,
            skipped: 0,
            readvertised: 0,
            thinking: 0,
            late: Vec::new(),
        }
    }

    /// Counts clients and refusals in the end.
    pub(super) fn settle(&mut self) {
        for tally in &mut self.groups {
            tally.clients = tally.clients.max(tally.arrived);
            // If that were less than nothing, `RunStatistics::check` would report it.
            tally.refused = tally.refused.saturating_sub(tally.admitted);
        }
    }
}

impl Standard {
    /// What became of the run, which was to end at `horizon` at the latest.
    pub fn finish(mut self, horizon: Time) -> RunStatistics {
        self.settle();
        let bounds = Bounds {
            warm: self.start,
            first_arrival: self.first_arrival,
            last_completion: self.last_completion,
            goes_on: self.readvertised + self.thinking > 0,
            horizon,
        };
        let period = bounds.period(&self.groups);
        let Period { start, end, makespan } = period;
        self.series.finish(end.max(start));
        let late = self.late.iter().map(|(at, point)| (*at, point.index()));
        let late = period.count(self.points.len(), late);
        let points = self.points.into_iter().zip(late).map(|(point, late)| PointStatistics {
            areas: point.gauge.meter.areas(end),
            queued: point.gauge.queue.areas(end).waiting,
            lingering: point.gauge.lingering.areas(end).open,
            abandoned: point.gauge.abandoned.areas(end).open,
            capacity: point.gauge.meter.capacity(end),
            limit: point.gauge.meter.limit(),
            peak_open: point.gauge.meter.peak_open(),
            peak_waiting: point.gauge.meter.peak_waiting(),
            peak_queued: point.gauge.queue.peak_waiting(),
            admitted: point.admitted,
            refused: point.refused,
            unreachable: point.unreachable,
            rate_limited: point.rate_limited,
            failed: point.failed,
            completed: point.completed,
            served: point.completed + late,
            for_nobody: point.gauge.for_nobody.until(end),
            cut: point.cut,
            timed_out: point.timed_out,
            left: point.left,
            copies: Vec::new(),
        });
        RunStatistics {
            points: points.collect(),
            groups: self.groups,
            series: self.series,
            sites: Vec::new(),
            peak_open: self.open.peak(),
            peak_waiting: self.waiting.peak(),
            peak_queued: self.queued.peak(),
            recovered: None,
            busiest_second: busiest(self.attempts.seconds()),
            skipped: self.skipped,
            measured: end.since(start),
            makespan,
        }
    }
}

impl<G: Gauge> Observed<G> {
    #[inline]
    fn enter(&mut self, now: Time, point: PointId) {
        self.points[point.index()].gauge.enter(now, self.last_completion);
        self.waiting.change(now, self.start, 1);
        self.series.set_waiting(now, self.waiting.now());
    }

    #[inline]
    fn leave(&mut self, now: Time, point: Option<PointId>) {
        if let Some(point) = point {
            self.points[point.index()].gauge.leave(now, self.last_completion);
            self.waiting.change(now, self.start, -1);
            self.series.set_waiting(now, self.waiting.now());
        }
    }
}

impl<G: Gauge> Observer for Observed<G> {
    const EVERY_ATTEMPT: bool = false;

    fn period_end(&self) -> Time {
        self.series.newest_end()
    }

    fn refused_together(&mut self, at: Time, refusals: u64) {
        self.series.refused_together(at, refusals);
    }

    // Always inlined: see the event engine's `observe`.
    #[inline(always)]
    fn observe(&mut self, event: &Event) {
        let now = event.at;
        let group = event.client.group.index();
        let counts = self.counts(event.arrived);
        match event.kind {
            EventKind::Arrived => {
                if counts {
                    if self.first_arrival.is_none() {
                        self.begin(now);
                    }
                    let tally = &mut self.groups[group];
                    tally.first_arrival = tally.first_arrival.or(Some(now));
                    tally.arrived += 1;
                }
            }
            EventKind::Refused { point, attempt, code } => {
                if counts {
                    if attempt == 1 {
                        self.groups[group].first_refused += 1;
                    }
                    self.points[point.index()].refused += 1;
                    if !matches!(code, RefusalCode::NoMoreConnections | RefusalCode::Misreported) {
                        self.count_unusual(group, point, code);
                    }
                }
                self.series.refused(now);
                self.attempt(now, event.client);
            }
            EventKind::Rejected { .. } => self.groups[group].rejected += u64::from(counts),
            EventKind::RefusedMeanwhile { point, refusals, first, interval } => {
                self.attempts.skipped(first, interval, refusals);
                if counts {
                    self.points[point.index()].refused += u64::from(refusals);
                }
                self.skipped += u64::from(refusals);
            }
            EventKind::RetryScheduled { point, waiting_at, .. } => {
                if waiting_at != Some(point) {
                    self.leave(now, waiting_at);
                    self.enter(now, point);
                }
            }
            EventKind::Connected { point, connections, waiting_at, .. } => {
                self.attempt(now, event.client);
                self.groups[group].admitted += u64::from(counts);
                self.leave(now, waiting_at);
                let state = &mut self.points[point.index()];
                state.admitted += u64::from(counts);
                state.gauge.open(now, self.last_completion, connections);
                self.open.change(now, self.start, i64::from(connections));
                self.series.set_open(now, self.open.now());
            }
            EventKind::Disconnected { point, connections } => {
                self.points[point.index()].completed += u64::from(counts);
                if self.is_late(now, counts) {
                    self.late.push((now, point));
                }
                self.close(now, point, connections);
            }
            EventKind::Cut { point, connections } => {
                self.points[point.index()].cut += u64::from(counts);
                self.groups[group].cut += u64::from(counts);
                self.close(now, point, connections);
            }
            EventKind::TimedOut { point, connections, goes_on } => {
                let (of_group, of_point) =
                    (&mut self.groups[group], &mut self.points[point.index()]);
                of_group.timed_out += u64::from(counts);
                of_point.timed_out += u64::from(counts);
                of_point.left += u64::from(counts);
                if goes_on {
                    let connections = i64::from(connections);
                    of_point.gauge.abandon(now, self.last_completion, connections);
                } else {
                    self.close(now, point, connections);
                }
            }
            EventKind::Queued { point, waiting_at } => {
                self.attempts.attempt(now);
                self.leave(now, waiting_at);
                self.points[point.index()].gauge.enter_queue(now, self.last_completion);
                self.queued.change(now, self.start, 1);
            }
            EventKind::LeftQueue { point } => {
                self.left_queue = Some(event.client);
                self.points[point.index()].gauge.leave_queue(now, self.last_completion);
                self.queued.change(now, self.start, -1);
            }
            EventKind::WentOffline { waiting_at } => self.leave(now, Some(waiting_at)),
            EventKind::Unscheduled { waiting_at } => self.leave(now, waiting_at),
            EventKind::Thinks { begins: true } => self.thinking += 1,
            EventKind::Thinks { begins: false } => self.thinking -= 1,
            EventKind::Readvertised => self.readvertised += u64::from(counts),
            EventKind::ReadvertisementEnded { outcome, delay, waiting_at } => {
                self.leave(now, waiting_at);
                self.readvertised -= u64::from(counts);
                if outcome == Outcome::Completed {
                    self.complete(now, group, counts);
                    if counts {
                        self.groups[group].recoveries.push(delay.as_millis());
                    }
                }
            }
            EventKind::Ended { outcome, attempts, waiting_at } => {
                match outcome {
                    Outcome::Completed => self.complete(now, group, counts),
                    // The curves continue to the end of the simulation with all clients that are still there.
                    Outcome::Unfinished => {}
                    Outcome::Stranded | Outcome::GaveUp | Outcome::Expired => {
                        self.leave(now, waiting_at);
                    }
                }
                if counts {
                    let tally = &mut self.groups[group];
                    tally.refused += u64::from(attempts);
                    tally.end(outcome, now.since(event.arrived), attempts);
                }
            }
        }
    }

    fn limit_changed(&mut self, at: Time, point: PointId, limit: u32) {
        self.points[point.index()].gauge.set_limit(at, self.last_completion, limit);
    }

    fn lingering_changed(&mut self, at: Time, point: PointId, connections: i64) {
        self.points[point.index()].gauge.linger(at, self.last_completion, connections);
    }

    fn abandoned_work(&mut self, at: Time, point: PointId, work: AbandonedWork) {
        let last_completion = self.last_completion;
        let gauge = &mut self.points[point.index()].gauge;
        match work {
            AbandonedWork::Waits => {
                gauge.enter_queue(at, last_completion);
                self.queued.change(at, self.start, 1);
            }
            AbandonedWork::WaitsNoLonger => {
                gauge.leave_queue(at, last_completion);
                self.queued.change(at, self.start, -1);
            }
            AbandonedWork::Begins(connections) => {
                gauge.abandon(at, last_completion, i64::from(connections));
                gauge.open(at, last_completion, connections);
                self.open.change(at, self.start, i64::from(connections));
                self.series.set_open(at, self.open.now());
            }
            AbandonedWork::Ends { connections, is_done } => {
                gauge.abandon(at, last_completion, -i64::from(connections));
                if is_done {
                    gauge.serve_nobody(at, last_completion);
                }
                self.close(at, point, connections);
            }
        }
    }
}

impl<G: Gauge> Observed<G> {
    /// Whether a client counts that arrived then.
    #[inline]
    fn counts(&self, arrived: Time) -> bool {
        let is_in = |window: &MeasuredTime| window.contains(arrived);
        arrived >= self.start && (!G::WINDOWS || self.window.as_ref().is_none_or(is_in))
    }

    /// Whether a completion is to be listed among the late ones; `counts`: that of a client that counts.
    #[inline]
    fn is_late(&self, now: Time, counts: bool) -> bool {
        match &self.window {
            Some(window) if G::WINDOWS => window.contains(now),
            _ => !counts && now > self.start,
        }
    }

    /// A client makes an attempt, or its attempt is answered after a time in a queue.
    #[inline]
    fn attempt(&mut self, now: Time, client: ClientId) {
        // Few clients have been in a queue.
        if self.left_queue.is_some() && self.left_queue.take() == Some(client) {
            return;
        }
        self.attempts.attempt(now);
    }

    /// The first client that counts has come.
    #[cold]
    fn begin(&mut self, now: Time) {
        self.first_arrival = Some(now);
        // With a warm-up everything counts from its end on.
        if self.start == Time::ZERO {
            self.points.iter_mut().for_each(|point| point.gauge.begin(now));
        }
    }

    /// Counts an attempt that was refused for another reason than that no connection was free.
    #[cold]
    fn count_unusual(&mut self, group: usize, point: PointId, code: RefusalCode) {
        let (group, point) = (&mut self.groups[group], &mut self.points[point.index()]);
        let (of_group, of_point) = match code {
            RefusalCode::NetworkPathNotFound => (&mut group.unreachable, &mut point.unreachable),
            RefusalCode::RateLimited => (&mut group.rate_limited, &mut point.rate_limited),
            RefusalCode::ServerError => (&mut group.failed, &mut point.failed),
            RefusalCode::TimedOut => (&mut group.timed_out, &mut point.timed_out),
            RefusalCode::NoMoreConnections | RefusalCode::Misreported => return,
        };
        *of_group += 1;
        *of_point += 1;
    }

    #[inline]
    fn close(&mut self, now: Time, point: PointId, connections: u32) {
        self.points[point.index()].gauge.close(now, self.last_completion, connections);
        self.open.change(now, self.start, -i64::from(connections));
        self.series.set_open(now, self.open.now());
    }

    /// The program of a client has run.
    #[inline]
    fn complete(&mut self, now: Time, group: usize, counts: bool) {
        if counts {
            self.groups[group].last_completion = Some(now);
            self.last_completion = now;
        }
        self.series.completed(now);
    }
}
