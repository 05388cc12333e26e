//! A disturbance, and when a system has recovered from it.

use super::Time;
use crate::value::Span;

/// When the disturbance is whose aftermath is looked at: a burst of clients, an outage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trigger {
    /// When it begins, from the start of the simulation.
    pub from: Span,
    /// When it is over.
    pub until: Span,
    /// What the rates of arrivals are multiplied by meanwhile, above 0; 1 where other keys bring the disturbance about.
    pub load: f64,
}

/// When a system has recovered: goodput in every window from then to the horizon is at least a share of what it was
/// before the trigger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recovery {
    /// That share, above 0 and at most 1.
    pub share: f64,
    /// The length of a window. The first begins at the end of the trigger; one that the horizon cuts does not count.
    pub window: Span,
}

impl Default for Recovery {
    fn default() -> Recovery {
        Recovery { share: 0.9, window: Span::from_mins(1) }
    }
}

/// All that decides whether a run recovered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aftermath {
    /// From when on goodput before the trigger counts: the end of the warm-up.
    pub start: Time,
    /// The trigger.
    pub trigger: Trigger,
    /// What counts as recovered.
    pub recovery: Recovery,
    /// The end of the simulation.
    pub horizon: Time,
}

impl Aftermath {
    /// The number of whole windows between the trigger and the horizon.
    pub fn windows(&self) -> u64 {
        let after = self.horizon.since(Time::ZERO + self.trigger.until);
        after.as_millis() / self.recovery.window.as_millis().max(1)
    }
}
