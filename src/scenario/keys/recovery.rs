//! The keys `trigger` and `recovery`: a disturbance, and when it is over for good.

use serde_json::json;

use super::super::form::{
    Field, Form, Models, checked, default, described, duration, keys, number, percentage,
    positive_duration, required,
};
use crate::model::{Recovery, Span, Trigger};

keys! {
    /// The disturbance whose aftermath is looked at, such as a burst of clients or an outage, which other keys bring about.
    TriggerKeys {
        /// When it begins, from the start of the simulation.
        from: Span = required("\"5m\"", duration());
        /// When it is over, from the start of the simulation.
        until: Span = required("\"6m\"", positive_duration());
        /// What the rates of arrivals are multiplied by meanwhile, of groups that arrive with `rate` or `poisson`.
        load: f64 = default(1.0, load()).unwritten();
    }
}

keys! {
    /// When the system has recovered from the `trigger`.
    RecoveryKeys => Recovery {
        /// The share of goodput before the trigger that is reached in every window from then on to the horizon.
        share: f64 = default(Recovery::default().share, share());
        /// The length of a window. The first begins at the end of the trigger.
        window: Span = default(Recovery::default().window, window());
    }
}

fn load() -> impl Form<Value = f64> {
    let limits = || json!({ "exclusiveMinimum": 0, "maximum": 1e6 });
    let help = Some("with `load = 10` ten times as many clients arrive while the trigger lasts");
    let is_load = |load| 0.0 < load && load <= 1e6;
    number("number above 0, at most 1000000", is_load, limits, help)
}

fn share() -> impl Form<Value = f64> {
    let share = checked(
        percentage(),
        |share, field| match share > 0.0 {
            true => Some(share),
            false => field.refuse("0% of goodput is always reached", "write for example `\"90%\"`"),
        },
        |share| *share,
    );
    described(share, || json!({ "examples": ["90%"] }))
}

/// Its examples are lengths in which enough transfers end, and not too many of which fit before the
/// horizon.
fn window() -> impl Form<Value = Span> {
    described(positive_duration(), || json!({ "examples": ["1m", "10m"] }))
}

impl Models for TriggerKeys {
    type Model = Trigger;

    fn model(self, field: Field<'_>) -> Option<Trigger> {
        let (from, until, load) = (self.from?, self.until?, self.load?);
        if until <= from {
            let error = format!("the trigger ends at {until}, but begins at {from}");
            return field.get("until")?.refuse(error, "swap them, or write a later `until`");
        }
        Some(Trigger { from, until, load })
    }

    fn of(trigger: &Trigger) -> Self {
        TriggerKeys {
            from: Some(trigger.from),
            until: Some(trigger.until),
            load: Some(trigger.load),
        }
    }
}

/// The most windows after a trigger: each is counted.
const MOST_WINDOWS: u64 = 1_000_000;

/// Checks the trigger and what counts as recovered against each other, and against the warm-up and the horizon.
pub fn check<'f>(
    trigger: Option<Trigger>,
    recovery: Option<Recovery>,
    has_rates: bool,
    [warmup, horizon]: [Span; 2],
    field: impl Fn(&str) -> Option<Field<'f>>,
) -> Option<()> {
    let Some(trigger) = trigger else {
        return match recovery {
            None => Some(()),
            Some(_) => field("recovery")?.refuse(
                "`recovery` says when a trigger is over for good, but the scenario has no `trigger`",
                "add `trigger = { from = \"5m\", until = \"6m\" }`",
            ),
        };
    };
    let window = recovery.unwrap_or_default().window;
    let key = |name| field("trigger").and_then(|trigger| trigger.get(name));
    if trigger.load != 1.0 && !has_rates {
        let error = "`load` multiplies the rates of arrivals, but no group arrives with `rate` or `poisson`";
        return key("load")?
            .refuse(error, "leave `load` out, or let a group arrive with `kind = \"rate\"`");
    }
    if trigger.from <= warmup {
        let begins = match warmup {
            Span::ZERO => "the simulation begins".to_owned(),
            warmup => format!("the warm-up ends at {warmup}"),
        };
        let error = format!(
            "there is no time before the trigger: it begins at {}, and {begins}",
            trigger.from
        );
        let help = "recovery is measured by goodput before the trigger: let it begin later";
        return key("from")?.refuse(error, help);
    }
    let after = horizon.as_millis().saturating_sub(trigger.until.as_millis());
    if after / window.as_millis() > MOST_WINDOWS {
        let error = format!(
            "there are more than {MOST_WINDOWS} windows of {window} from the trigger to the horizon, {horizon}"
        );
        let place = field("recovery").and_then(|recovery| recovery.get("window"));
        return place.or(key("until"))?.refuse(error, "lengthen `window`, or shorten `horizon`");
    }
    if trigger.until + window > horizon {
        let error = format!(
            "no window of {window} lies between the end of the trigger, {}, and the horizon, {horizon}",
            trigger.until
        );
        return key("until")?
            .refuse(error, "lengthen `horizon`, or shorten `window` of `recovery`");
    }
    Some(())
}
