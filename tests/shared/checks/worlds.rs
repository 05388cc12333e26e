//! Both worlds, the event engine and the tokio world: what each client sees in them, and whether two
//! clients act at the same millisecond, so that the worlds may differ.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use distpoint::engine::{event_engine, tokio_engine};
use distpoint::model::{
    AbandonedWork, ClientId, Event, EventKind, Observer, Outcome, PointId, Span, Time,
};
use distpoint::scenario::Scenario;

/// Asserts that both worlds give every client of a plain scenario the same life. `None` if two clients
/// act at the same millisecond, so that nothing follows.
pub fn give_the_same_lives(scenario: &Scenario) -> Option<()> {
    let stop = Arc::new(AtomicBool::new(false));
    let replication = scenario.replication(0);
    let events = event_engine::run(&replication, Vec::new(), &stop);
    if clash(&events) {
        return None;
    }
    let tokio = tokio_engine::run(&replication, Vec::new(), &stop).expect("tokio starts");
    assert_eq!(lives(events), lives(tokio));
    Some(())
}

/// The same of a scenario with everything that a world can have.
pub fn give_the_same_full_lives(scenario: &Scenario) -> Option<()> {
    let stop = Arc::new(AtomicBool::new(false));
    let replication = scenario.replication(0);
    let events = event_engine::run(&replication, Recorder::of(scenario), &stop);
    if events.clash() {
        return None;
    }
    let tokio =
        tokio_engine::run(&replication, Recorder::of(scenario), &stop).expect("tokio starts");
    assert_eq!(lives(events.events), lives(tokio.events));
    Some(())
}

/// Asserts that the engine for full scenarios simulates a plain one as the engine for plain ones does.
pub fn full_is_as_plain(scenario: &Scenario) {
    let stop = AtomicBool::new(false);
    let replication = scenario.replication(0);
    let plain = event_engine::run(&replication, Vec::new(), &stop);
    let full = event_engine::run_in_full(&replication, Vec::new(), &stop);
    assert_eq!(plain, full);
}

/// What each client saw, in its own order. A client that is unfinished ends when it is dropped,
/// which is no event of the simulation: only that it is unfinished counts. So it is with one that
/// was stranded and whose new advertisement had not come or ended.
pub fn lives(events: Vec<Event>) -> BTreeMap<ClientId, Vec<(u64, EventKind)>> {
    let mut lives: BTreeMap<ClientId, Vec<(u64, EventKind)>> = BTreeMap::new();
    for event in events {
        let life = lives.entry(event.client).or_default();
        let has = |is: fn(&EventKind) -> bool| life.iter().any(|(_, kind)| is(kind));
        let dropped = is_unfinished(&event)
            || matches!(event.kind, EventKind::Ended { .. })
                && has(|kind| matches!(kind, EventKind::Unscheduled { .. }))
                && !has(|kind| matches!(kind, EventKind::ReadvertisementEnded { .. }));
        let at = if dropped { 0 } else { event.at.as_millis() };
        life.push((at, event.kind));
    }
    lives
}

/// Whether it is the end of a client that the horizon cut off.
pub fn is_unfinished(event: &Event) -> bool {
    matches!(event.kind, EventKind::Ended { outcome: Outcome::Unfinished, .. })
}

/// Whether two clients acted at the same millisecond.
pub fn clash(events: &[Event]) -> bool {
    let simulated: Vec<_> = events.iter().filter(|event| !is_unfinished(event)).collect();
    simulated.windows(2).any(|pair| pair[0].at == pair[1].at && pair[0].client != pair[1].client)
}

/// Whether it closes connections.
fn goes(kind: &EventKind) -> bool {
    use EventKind::{Cut, Disconnected, TimedOut};
    matches!(kind, Disconnected { .. } | Cut { .. } | TimedOut { goes_on: false, .. })
}

/// Every event and every change of a point.
#[derive(Clone, Default)]
struct Recorder {
    events: Vec<Event>,
    changes: Vec<Time>,
    /// Ends of idle sessions.
    session_ends: Vec<Time>,
    /// The client that connects next may have taken over its own idle session.
    taken_over: bool,
    /// How long idle sessions stay, by point.
    lingers: Vec<Span>,
    /// Whether clients of a process share a budget, a breaker or a throttle: then it matters which of those that are cut
    /// at an instant goes first.
    shares_state: bool,
}

impl Observer for Recorder {
    fn observe(&mut self, event: &Event) {
        if std::mem::take(&mut self.taken_over)
            && matches!(event.kind, EventKind::Connected { .. })
            && self.session_ends.last() == Some(&event.at)
            && self.has_session(event)
        {
            self.session_ends.pop();
        }
        self.events.push(*event);
    }

    fn lingering_changed(&mut self, at: Time, _: PointId, change: i64) {
        if change < 0 {
            self.session_ends.push(at);
            self.taken_over = true;
        }
    }

    fn limit_changed(&mut self, at: Time, _: PointId, _: u32) {
        self.changes.push(at);
    }

    // What is done for a client that has gone ends as an idle session does, unless the point goes down.
    fn abandoned_work(&mut self, at: Time, _: PointId, work: AbandonedWork) {
        match work {
            AbandonedWork::Ends { is_done: true, .. } | AbandonedWork::WaitsNoLonger => {
                self.session_ends.push(at);
            }
            // It left the queue for the connections that had become free.
            AbandonedWork::Begins(_) => {
                self.session_ends.pop();
            }
            AbandonedWork::Ends { is_done: false, .. } | AbandonedWork::Waits => {}
        }
    }
}

impl Recorder {
    fn of(scenario: &Scenario) -> Recorder {
        let lingers = scenario.distribution_points.iter().map(|point| point.linger).collect();
        let shares_state = scenario.clients.iter().any(|group| !group.restraints.is_none());
        Recorder { lingers, shares_state, ..Recorder::default() }
    }

    /// Whether the client that connects has a session there that would end later.
    fn has_session(&self, event: &Event) -> bool {
        let EventKind::Connected { point, .. } = event.kind else { return false };
        let mut own = self.events.iter().rev().filter(|other| other.client == event.client);
        let last = own.find(|other| goes(&other.kind));
        last.is_some_and(|last| last.at + self.lingers[point.index()] > event.at)
    }

    /// Whether something depends on which client goes first at a millisecond. A client that is cut, or leaves a
    /// queue because its turn has come, does not act: something else does, on which it depends.
    fn clash(&self) -> bool {
        let mut instants: BTreeMap<Time, BTreeMap<ClientId, Vec<EventKind>>> = BTreeMap::new();
        // A client that goes offline does so alone. A last event of one that was stranded follows
        // another, or is that of its being dropped.
        let matters = |event: &&Event| {
            let stranded = Outcome::Stranded;
            !is_unfinished(event)
                && !matches!(event.kind, EventKind::WentOffline { .. })
                && !matches!(event.kind, EventKind::Ended { outcome, .. } if outcome == stranded)
        };
        for event in self.events.iter().filter(matters) {
            let clients = instants.entry(event.at).or_default();
            clients.entry(event.client).or_default().push(event.kind);
        }
        instants.iter().any(|(at, clients)| {
            let changes = self.changes.iter().filter(|change| *change == at).count();
            let session_ends = self.session_ends.iter().filter(|end| *end == at).count();
            let freed = changes + session_ends > 0 || clients.values().any(|kinds| goes(&kinds[0]));
            // Without a connection that becomes free it leaves the queue on its own account, or because a rate limit
            // lets it pass.
            let driven = |kinds: &&Vec<EventKind>| match kinds[..] {
                [EventKind::Cut { .. }, ..] => true,
                [EventKind::LeftQueue { .. }, EventKind::Refused { .. }, ..] => changes > 0,
                [EventKind::LeftQueue { .. }, EventKind::Ended { .. }, ..] => false,
                [EventKind::LeftQueue { .. }, ..] => freed,
                _ => false,
            };
            let wants_more = |kinds: &&Vec<EventKind>| {
                let tries = |kind: &EventKind| {
                    use EventKind::{Connected, Queued, Refused};
                    matches!(kind, Connected { .. } | Queued { .. } | Refused { .. })
                };
                kinds.iter().skip(1).filter(|kind| tries(kind)).count()
                    > usize::from(matches!(kinds[0], EventKind::LeftQueue { .. }))
            };
            let ends = |kinds: &&Vec<EventKind>| matches!(kinds[0], EventKind::Disconnected { .. });
            let led: Vec<_> = clients.values().filter(driven).collect();
            let acting: Vec<_> = clients.values().filter(|kinds| !driven(kinds)).collect();
            acting.len() + changes + session_ends > 1
                || (led.len() > 1 && (self.shares_state || led.iter().any(wants_more)))
                || (!led.is_empty() && acting.iter().any(|kinds| !ends(kinds)))
        })
    }
}
