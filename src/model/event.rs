//! What happens in a simulation, and the observers that see it.

use super::{AbandonedWork, ClientId, PointId, Time};
use crate::value::Span;

/// How an advertisement ended for one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// The program ran.
    Completed,
    /// An error handler unscheduled it (Q268500, Q302674).
    Stranded,
    /// The retry policy's number of retries or time was used up.
    GaveUp,
    /// The advertisement expired before the program could run.
    Expired,
    /// The simulation ended first.
    Unfinished,
}

/// The code that the Advertised Programs Manager shows for a refused connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalCode {
    /// Win32 error 71, `ERROR_REQ_NOT_ACCEP`: no more connections can be made at this time.
    NoMoreConnections,
    /// `0x80070047`: the same error wrapped in an `HRESULT`, which a buggy release does not
    /// recognise (Q268500).
    Misreported,
    /// The server accepts no more requests for now, as in HTTP's status 429.
    RateLimited,
    /// An error of the server, as in HTTP's status 500.
    ServerError,
    /// The client had no answer in time: its attempt timed out in the queue.
    TimedOut,
    /// Win32 error 53, `0x35`, `ERROR_BAD_NETPATH`: the network path was not found, because the
    /// distribution point is down.
    NetworkPathNotFound,
}

/// Something that happened to one client at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Time,
    /// To whom.
    pub client: ClientId,
    /// When that client arrived.
    pub arrived: Time,
    /// What.
    pub kind: EventKind,
}

/// What can happen. `waiting_at` is the distribution point whose refusal the client was waiting
/// to retry, if it was in Retry mode until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The client learned of the advertisement and is about to try.
    Arrived,
    /// An attempt was admitted.
    Connected {
        /// By which distribution point.
        point: PointId,
        /// Which attempt of the client it was, from 1.
        attempt: u32,
        /// How many connections it has there now.
        connections: u32,
        /// Where it had been waiting.
        waiting_at: Option<PointId>,
    },
    /// The transfer is done and its connections ended.
    Disconnected {
        /// From which distribution point.
        point: PointId,
        /// How many they were.
        connections: u32,
    },
    /// Its connections were cut before the transfer was done, by the point or by the client, which
    /// went away.
    Cut {
        /// To which distribution point.
        point: PointId,
        /// How many they were.
        connections: u32,
    },
    /// The client was connected, but its attempt took too long, and it waits no longer for the end.
    TimedOut {
        /// At which distribution point.
        point: PointId,
        /// How many connections it had.
        connections: u32,
        /// Whether the point goes on to work, for nobody; then its connections stay open.
        goes_on: bool,
    },
    /// The client waits in the queue of a distribution point. Its attempt is not answered yet.
    Queued {
        /// Of which distribution point.
        point: PointId,
        /// Where it had been waiting to retry.
        waiting_at: Option<PointId>,
    },
    /// The client left the queue: its attempt is answered, or it does not wait any longer.
    LeftQueue {
        /// Of which distribution point.
        point: PointId,
    },
    /// An attempt was refused.
    Refused {
        /// By which distribution point.
        point: PointId,
        /// Which attempt of the client it was, from 1.
        attempt: u32,
        /// How the refusal was reported.
        code: RefusalCode,
    },
    /// After its last event the client thinks before it comes again, or has done so and arrives.
    Thinks {
        /// Whether it begins to.
        begins: bool,
    },
    /// The client's own process rejected an attempt, which is none then: no server saw it.
    Rejected {
        /// Which distribution point it would have gone to.
        point: PointId,
    },
    /// Retries that were refused since it kept trying, and that were not simulated one by one.
    /// Observers that look at [every attempt](Observer::EVERY_ATTEMPT) never see it.
    RefusedMeanwhile {
        /// By which distribution point.
        point: PointId,
        /// How many.
        refusals: u32,
        /// When the first of them was.
        first: Time,
        /// How long after one the next was.
        interval: Span,
    },
    /// The client entered Retry mode, or stays in it.
    RetryScheduled {
        /// Whose refusal it retries.
        point: PointId,
        /// When its retry is due. Another event may come first: a poll that unschedules it, the
        /// end of the advertisement.
        due: Time,
        /// Where it had been waiting.
        waiting_at: Option<PointId>,
    },
    /// The client's hours are over: it is not in Retry mode meanwhile, though its retry will come.
    WentOffline {
        /// Where it had been waiting.
        waiting_at: PointId,
    },
    /// An error handler unscheduled the advertisement, and a workaround may come.
    Unscheduled {
        /// Where it had been waiting.
        waiting_at: Option<PointId>,
    },
    /// The client learned of the new advertisement of a workaround and is about to try.
    Readvertised,
    /// The new advertisement ended. The outcome of the client is still that it was stranded: its
    /// last event, which follows, has that outcome.
    ReadvertisementEnded {
        /// How.
        outcome: Outcome,
        /// How long after it was stranded.
        delay: Span,
        /// Where it had been waiting.
        waiting_at: Option<PointId>,
    },
    /// The advertisement ended for this client; its last event.
    Ended {
        /// How.
        outcome: Outcome,
        /// How many attempts it made.
        attempts: u32,
        /// Where it had been waiting.
        waiting_at: Option<PointId>,
    },
}

/// Observes a simulation. Observers are plain values known at compile time: what an observer does
/// not look at costs nothing, and `()` observes nothing at all.
pub trait Observer {
    /// Whether it looks at every attempt. Otherwise an engine may skip retries that are refused and
    /// tell of them together, by [`EventKind::RefusedMeanwhile`] when the client is heard of again, and
    /// by [`refused_together`](Self::refused_together).
    const EVERY_ATTEMPT: bool = true;

    /// Called for every event, in the order in which they happen.
    fn observe(&mut self, event: &Event);

    /// The end, exclusive, of the period of which it needs no more than the number of refusals that were
    /// skipped.
    fn period_end(&self) -> Time {
        Time::MAX
    }

    /// That many refusals were skipped, all in the period of `at`, which is not before the present one.
    fn refused_together(&mut self, at: Time, refusals: u64) {
        let _ = (at, refusals);
    }

    /// Called when the connection limit of a point changes; it is 0 while the point is down.
    fn limit_changed(&mut self, at: Time, point: PointId, limit: u32) {
        let _ = (at, point, limit);
    }

    /// Called when so many connections of a point become those of idle sessions, or are no longer.
    fn lingering_changed(&mut self, at: Time, point: PointId, connections: i64) {
        let _ = (at, point, connections);
    }

    /// Called when something happens to work of a point for a client that has gone.
    fn abandoned_work(&mut self, at: Time, point: PointId, work: AbandonedWork) {
        let _ = (at, point, work);
    }
}

impl Observer for () {
    const EVERY_ATTEMPT: bool = false;

    #[inline]
    fn observe(&mut self, _: &Event) {}
}

/// An observer, or none.
impl<O: Observer> Observer for Option<O> {
    const EVERY_ATTEMPT: bool = O::EVERY_ATTEMPT;

    #[inline]
    fn observe(&mut self, event: &Event) {
        if let Some(observer) = self {
            observer.observe(event);
        }
    }

    fn period_end(&self) -> Time {
        self.as_ref().map_or(Time::MAX, O::period_end)
    }

    fn refused_together(&mut self, at: Time, refusals: u64) {
        self.iter_mut().for_each(|observer| observer.refused_together(at, refusals));
    }

    fn limit_changed(&mut self, at: Time, point: PointId, limit: u32) {
        self.iter_mut().for_each(|observer| observer.limit_changed(at, point, limit));
    }

    fn lingering_changed(&mut self, at: Time, point: PointId, connections: i64) {
        self.iter_mut().for_each(|observer| observer.lingering_changed(at, point, connections));
    }

    fn abandoned_work(&mut self, at: Time, point: PointId, work: AbandonedWork) {
        self.iter_mut().for_each(|observer| observer.abandoned_work(at, point, work));
    }
}

/// Two observers side by side.
impl<A: Observer, B: Observer> Observer for (A, B) {
    const EVERY_ATTEMPT: bool = A::EVERY_ATTEMPT || B::EVERY_ATTEMPT;

    #[inline]
    fn observe(&mut self, event: &Event) {
        self.0.observe(event);
        self.1.observe(event);
    }

    fn period_end(&self) -> Time {
        self.0.period_end().min(self.1.period_end())
    }

    fn refused_together(&mut self, at: Time, refusals: u64) {
        self.0.refused_together(at, refusals);
        self.1.refused_together(at, refusals);
    }

    fn limit_changed(&mut self, at: Time, point: PointId, limit: u32) {
        self.0.limit_changed(at, point, limit);
        self.1.limit_changed(at, point, limit);
    }

    fn lingering_changed(&mut self, at: Time, point: PointId, connections: i64) {
        self.0.lingering_changed(at, point, connections);
        self.1.lingering_changed(at, point, connections);
    }

    fn abandoned_work(&mut self, at: Time, point: PointId, work: AbandonedWork) {
        self.0.abandoned_work(at, point, work);
        self.1.abandoned_work(at, point, work);
    }
}

/// Every event, in a list; for tests and small runs.
impl Observer for Vec<Event> {
    fn observe(&mut self, event: &Event) {
        self.push(*event);
    }
}
