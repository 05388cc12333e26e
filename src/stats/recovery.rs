//! Whether a run recovered from its trigger, and when.

use crate::model::{Aftermath, Event, EventKind, Observer, Span, Time};

/// Counts the transfers that are done for clients, before a trigger and in each window after it.
#[derive(Clone, Debug)]
pub struct Goodput {
    aftermath: Aftermath,
    before: u64,
    after: Vec<u32>,
}

/// What a run looked like after its trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// How long after the end of the trigger goodput was back for good; `None`: not by the horizon.
    pub time: Option<Span>,
}

impl Goodput {
    /// Nothing yet.
    pub fn new(aftermath: Aftermath) -> Goodput {
        Goodput { aftermath, before: 0, after: vec![0; aftermath.windows() as usize] }
    }

    /// Adds what another part of the system did.
    pub fn add(&mut self, other: &Goodput) {
        self.before += other.before;
        self.after.iter_mut().zip(&other.after).for_each(|(sum, number)| *sum += number);
    }

    /// Whether the system recovered; `None` if nothing was done before the trigger, so that nobody can tell.
    pub fn recovered(&self) -> Option<Recovered> {
        let Aftermath { start, trigger, recovery, .. } = self.aftermath;
        let before = (Time::ZERO + trigger.from).since(start).as_millis_f64();
        if self.before == 0 || self.after.is_empty() {
            return None;
        }
        let window = recovery.window.as_millis_f64();
        // Multiplied out, so that whole numbers are compared where the share is one.
        let least = recovery.share * self.before as f64 * window;
        let is_low = |number: &u32| f64::from(*number) * before < least;
        let low = self.after.iter().rposition(is_low).map_or(0, |place| place + 1);
        let time = Span::from_millis(recovery.window.as_millis() * low as u64);
        Some(Recovered { time: (low < self.after.len()).then_some(time) })
    }
}

impl Observer for Goodput {
    const EVERY_ATTEMPT: bool = false;

    #[inline]
    fn observe(&mut self, event: &Event) {
        if !matches!(event.kind, EventKind::Disconnected { .. }) {
            return;
        }
        let Aftermath { start, trigger, recovery, .. } = self.aftermath;
        let after = Time::ZERO + trigger.until;
        if event.at >= after {
            let window = event.at.since(after).as_millis() / recovery.window.as_millis().max(1);
            self.after.get_mut(window as usize).into_iter().for_each(|number| *number += 1);
        } else if event.at >= start && event.at < Time::ZERO + trigger.from {
            self.before += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClientId, GroupId, PointId, Recovery, Trigger};

    /// Transfers at these seconds, with a trigger from 20 to 30 s and windows of 10 s up to 75 s.
    fn recovered(share: f64, done: &[u64]) -> Option<Recovered> {
        let seconds = Span::from_secs;
        let mut goodput = Goodput::new(Aftermath {
            start: Time::ZERO,
            trigger: Trigger { from: seconds(20), until: seconds(30), load: 1.0 },
            recovery: Recovery { share, window: seconds(10) },
            horizon: Time::ZERO + seconds(75),
        });
        let mut other = goodput.clone();
        for (number, at) in (0..).zip(done) {
            let client = ClientId { group: GroupId(0), index: number };
            let kind = EventKind::Disconnected { point: PointId(0), connections: 1 };
            let at = Time::ZERO + seconds(*at);
            let part = if number % 2 == 0 { &mut goodput } else { &mut other };
            part.observe(&Event { at, client, arrived: Time::ZERO, kind });
        }
        goodput.add(&other);
        goodput.recovered()
    }

    #[test]
    fn a_run_has_recovered_when_no_later_window_is_low() {
        // Two in 10 s before; then one, two, one, two, and what the horizon cuts.
        let done = [1, 5, 12, 19, 25, 30, 45, 49, 55, 60, 69];
        assert_eq!(recovered(0.9, &done), Some(Recovered { time: Some(Span::from_secs(30)) }));
        assert_eq!(recovered(0.5, &done), Some(Recovered { time: Some(Span::ZERO) }));
        assert_eq!(recovered(0.9, &done[..10]), Some(Recovered { time: None }));
        assert_eq!(recovered(0.9, &done[4..]), None);
    }
}
