//! How the curves of a distribution point are measured: connections, waiting clients, its queue.

use super::count_until::CountUntil;
use super::log::Log;
use super::{Changes, Meter};
use crate::model::{Time, Timeline};

/// Measures the curves of one distribution point. Which way is a type, so that a run pays for no other.
pub trait Gauge {
    /// Whether an observer with it can be confined to a window of time.
    const WINDOWS: bool;

    /// For a point with connection limit `limit`; what is before `start` does not count.
    fn new(limit: u32, start: Time) -> Self;

    /// The first client that counts arrives at `now`, and nothing counts from before.
    fn begin(&mut self, now: Time);

    /// Connections were opened. `last_completion` is that of all clients so far, here and below.
    fn open(&mut self, now: Time, last_completion: Time, connections: u32);

    /// Connections were closed.
    fn close(&mut self, now: Time, last_completion: Time, connections: u32);

    /// A client began to wait for its retry.
    fn enter(&mut self, now: Time, last_completion: Time);

    /// A client waits no longer.
    fn leave(&mut self, now: Time, last_completion: Time);

    /// A client entered the queue.
    fn enter_queue(&mut self, now: Time, last_completion: Time);

    /// A client left the queue.
    fn leave_queue(&mut self, now: Time, last_completion: Time);

    /// So many connections became those of idle sessions, or are no longer.
    fn linger(&mut self, now: Time, last_completion: Time, change: i64);

    /// So many connections work for clients that have gone from now on, or no longer; they are open as well.
    fn abandon(&mut self, now: Time, last_completion: Time, change: i64);

    /// A transfer for a client that had gone is done.
    fn serve_nobody(&mut self, now: Time, last_completion: Time);

    /// The limit changed; 0: the point is down.
    fn set_limit(&mut self, now: Time, last_completion: Time, limit: u32);
}

/// Sums the areas as time goes on: the least effort for a system that is simulated as a whole.
#[derive(Clone, Debug)]
pub struct Averages {
    pub(super) meter: Meter,
    /// Of those in its queue, as if they waited at a separate point.
    pub(super) queue: Meter,
    /// Of the connections of idle sessions.
    pub(super) lingering: Meter,
    pub(super) abandoned: Meter,
    pub(super) for_nobody: CountUntil,
}

impl Gauge for Averages {
    const WINDOWS: bool = false;

    fn new(limit: u32, start: Time) -> Averages {
        Averages {
            meter: Meter::new(limit, start),
            queue: Meter::new(0, start),
            lingering: Meter::new(0, start),
            abandoned: Meter::new(0, start),
            for_nobody: CountUntil::new(start),
        }
    }

    fn begin(&mut self, now: Time) {
        self.meter.begin(now);
    }

    #[inline]
    fn open(&mut self, now: Time, last_completion: Time, connections: u32) {
        self.meter.open(now, last_completion, connections);
    }

    #[inline]
    fn close(&mut self, now: Time, last_completion: Time, connections: u32) {
        self.meter.close(now, last_completion, connections);
    }

    #[inline]
    fn enter(&mut self, now: Time, last_completion: Time) {
        self.meter.enter(now, last_completion);
    }

    #[inline]
    fn leave(&mut self, now: Time, last_completion: Time) {
        self.meter.leave(now, last_completion);
    }

    fn enter_queue(&mut self, now: Time, last_completion: Time) {
        self.queue.enter(now, last_completion);
    }

    fn leave_queue(&mut self, now: Time, last_completion: Time) {
        self.queue.leave(now, last_completion);
    }

    fn linger(&mut self, now: Time, last_completion: Time, change: i64) {
        self.lingering.shift(now, last_completion, change);
        self.meter.linger(now, last_completion, change);
    }

    fn abandon(&mut self, now: Time, last_completion: Time, change: i64) {
        self.abandoned.shift(now, last_completion, change);
    }

    fn serve_nobody(&mut self, now: Time, last_completion: Time) {
        self.for_nobody.add(now, last_completion);
    }

    fn set_limit(&mut self, now: Time, last_completion: Time, limit: u32) {
        self.meter.set_limit(now, last_completion, limit);
    }
}

/// Keeps by how much the curves change at each instant, to be added to those of other points: averages end
/// with the last completion of all, and a peak is one of the sum.
#[derive(Clone, Debug)]
pub struct Course {
    limit: u64,
    /// When the limit changed last.
    limit_since: Time,
    open: u64,
    lingering: u64,
    waiting: u64,
    /// The highest that the capacity was at the end of an instant while clients were there, but for the instant of
    /// the last change.
    pub(super) highest: u64,
    changed: Time,
    pub(super) curves: Curves<Log>,
}

/// Curves of one or several distribution points.
#[derive(Clone, Debug, Default)]
pub struct Curves<C> {
    /// Open connections.
    pub open: C,
    /// Clients in Retry mode.
    pub waiting: C,
    /// Clients in queues.
    pub queued: C,
    /// Connections of idle sessions.
    pub lingering: C,
    /// Connections that work for clients that have gone.
    pub abandoned: C,
    /// Transfers for clients that had gone, by when they were done.
    pub for_nobody: C,
    /// Free connections while some client is in Retry mode.
    pub idle: C,
    /// What can be open at most: the limit in force, or what is still open above it.
    pub capacity: C,
}

impl Curves<Changes> {
    /// Adds the curves of a point.
    pub fn add_log(&mut self, log: &Curves<Log>) {
        log.open.add_to(&mut self.open);
        log.waiting.add_to(&mut self.waiting);
        log.queued.add_to(&mut self.queued);
        log.lingering.add_to(&mut self.lingering);
        log.abandoned.add_to(&mut self.abandoned);
        log.for_nobody.add_to(&mut self.for_nobody);
        log.idle.add_to(&mut self.idle);
        log.capacity.add_to(&mut self.capacity);
    }
}

impl Course {
    /// One of the counts, or the limit, changes.
    #[inline]
    fn change(&mut self, now: Time, change: impl FnOnce(&mut Course)) {
        let before = (self.idle(), self.capacity());
        change(self);
        let (idle, capacity) = (self.idle(), self.capacity());
        note(&mut self.curves.idle, now, before.0, idle);
        note(&mut self.curves.capacity, now, before.1, capacity);
        // In the midst of an instant a connection may be open before another is closed.
        if now > self.changed {
            self.highest = self.highest.max(before.1);
            self.changed = now;
        }
    }

    /// The last client has ended: the highest capacity so far is the highest of all.
    pub(super) fn end(&mut self) {
        self.highest = self.highest.max(self.capacity());
    }

    /// Takes note of the changes of the limit that came after the last client of the component was gone: other
    /// clients were still there. `timeline` is that of the point, from the start.
    pub(super) fn go_on(&mut self, mut timeline: Timeline<'_>, horizon: Time) {
        let highest = self.highest;
        while let Some(at) = timeline.advance(horizon) {
            if at > self.limit_since {
                self.set_limit(at, Time::ZERO, timeline.state());
            }
        }
        self.highest = highest;
    }

    fn idle(&self) -> u64 {
        if self.waiting > 0 { self.limit.saturating_sub(self.open + self.lingering) } else { 0 }
    }

    fn capacity(&self) -> u64 {
        self.limit.max(self.open)
    }
}

#[inline]
fn note(changes: &mut Log, now: Time, before: u64, after: u64) {
    if before != after {
        changes.add(now, after as i64 - before as i64);
    }
}

impl Gauge for Course {
    const WINDOWS: bool = true;

    fn new(limit: u32, _start: Time) -> Course {
        let limit = u64::from(limit);
        let mut course = Course {
            limit,
            limit_since: Time::ZERO,
            open: 0,
            lingering: 0,
            waiting: 0,
            highest: limit,
            changed: Time::ZERO,
            curves: Curves::default(),
        };
        course.curves.capacity.add(Time::ZERO, limit as i64);
        course
    }

    fn begin(&mut self, _now: Time) {}

    #[inline]
    fn open(&mut self, now: Time, _last_completion: Time, connections: u32) {
        self.curves.open.add(now, i64::from(connections));
        self.change(now, |course| course.open += u64::from(connections));
    }

    #[inline]
    fn close(&mut self, now: Time, _last_completion: Time, connections: u32) {
        self.curves.open.add(now, -i64::from(connections));
        self.change(now, |course| course.open -= u64::from(connections));
    }

    #[inline]
    fn enter(&mut self, now: Time, _last_completion: Time) {
        self.curves.waiting.add(now, 1);
        self.change(now, |course| course.waiting += 1);
    }

    #[inline]
    fn leave(&mut self, now: Time, _last_completion: Time) {
        self.curves.waiting.add(now, -1);
        self.change(now, |course| course.waiting -= 1);
    }

    fn enter_queue(&mut self, now: Time, _last_completion: Time) {
        self.curves.queued.add(now, 1);
    }

    fn leave_queue(&mut self, now: Time, _last_completion: Time) {
        self.curves.queued.add(now, -1);
    }

    fn linger(&mut self, now: Time, _last_completion: Time, change: i64) {
        self.curves.lingering.add(now, change);
        self.change(now, |course| {
            course.lingering = course.lingering.saturating_add_signed(change);
        });
    }

    fn abandon(&mut self, now: Time, _last_completion: Time, change: i64) {
        self.curves.abandoned.add(now, change);
    }

    fn serve_nobody(&mut self, now: Time, _last_completion: Time) {
        self.curves.for_nobody.add(now, 1);
    }

    fn set_limit(&mut self, now: Time, _last_completion: Time, limit: u32) {
        self.limit_since = now;
        self.change(now, |course| course.limit = u64::from(limit));
    }
}
