//! The keys of the delays of a policy.

use serde_json::{Map, Value as Json, json};

use super::super::super::document::Value;
use super::super::super::form::{
    Field, Fields, Form, KeyEntry, Kinds, Shape, TableShape, checked, default, derived, form,
    kinds, list, number, optional, positive_duration, quantity_shape, required, tag,
};
use super::jitter::{added_jitter, jitter};
use crate::diagnostic::{Diagnostic, quoted};
use crate::model::{Delay, Jitter, Step};
use crate::value::{Span, ValueError};

kinds! {
    /// How long a refused client waits before it tries again.
    Delay by "policy", as in "\"fixed\"" {
        /// The same delay each time.
        "fixed" => Fixed {
            /// The delay.
            interval: Span = required("\"10m\"", positive_duration());
            /// How delays are spread at random: a word, a percentage or a time by which a delay is shorter or longer at most, or an added one.
            jitter: Jitter = default(Jitter::None, jitter());
        }
        /// Each delay is longer than the one before by the same step.
        "linear" => Linear {
            /// The step, which is also the first delay.
            step: Span = required("\"5m\"", positive_duration());
            /// The longest delay.
            cap: Option<Span> = optional("none", positive_duration());
            /// How delays are spread at random.
            jitter: Jitter = default(Jitter::None, jitter());
        }
        /// Each delay is longer than the one before by the same factor.
        "exponential" => Exponential {
            /// The first delay.
            base: Span = required("\"1m\"", positive_duration());
            /// The factor by which a delay is longer than the one before.
            factor: f64 = derived("2, or 3 with decorrelated jitter", default_factor, factor());
            /// The longest delay.
            cap: Option<Span> = optional("none", positive_duration());
            /// How delays are spread at random.
            jitter: Jitter = default(Jitter::None, jitter());
        }
        /// The delays of a list, of which the last repeats.
        "list" => List {
            /// The delays: times, or ranges such as `"500ms..1500ms"`, within which a delay is drawn.
            delays: Vec<Step> = required("[\"1s\", \"5s\", \"30s\"]", steps());
            /// How delays are spread at random.
            jitter: Jitter = default(Jitter::None, jitter());
        }
        /// Exponentially distributed delays, as in retrial queues.
        "memoryless" => Memoryless {
            /// The mean delay.
            mean: Span = required("\"10m\"", positive_duration());
        }
        /// The delay that the server asks for (its `retry_after`), or else a fixed one.
        "server" => Server {
            /// The delay if the server asks for none.
            interval: Span = default(Span::from_mins(10), positive_duration());
            /// The most by which a delay is longer: a time, or a percentage of the delay.
            jitter: Jitter = default(Jitter::None, added_jitter());
        }
    }
}

/// How a `retry` table changes the delays of a release or a preset.
#[derive(Clone, Debug, PartialEq)]
pub enum DelayKeys {
    /// Nothing.
    Unchanged,
    /// Only their jitter.
    Jitter(Jitter),
    /// All of them.
    Policy(Delay),
}

/// The keys of a [`Delay`], of which a table may also have only the jitter, or none.
pub struct DelayEntry;

impl KeyEntry for DelayEntry {
    type Value = DelayKeys;

    fn read(&self, fields: &mut Fields<'_>, _: &'static str) -> Option<DelayKeys> {
        let policy = match fields.field(Delay::TAG) {
            Some(policy) => tag::<Delay>().read(policy),
            None => match policy_of_a_key(fields) {
                None => {
                    let jitter = optional("none", jitter()).read(fields, "jitter")?;
                    return Some(jitter.map_or(DelayKeys::Unchanged, DelayKeys::Jitter));
                }
                Some((_, "fixed")) => Some("fixed"),
                Some((key, policy)) => {
                    let error = Diagnostic::error(format!("{} needs a `policy`", quoted(key)));
                    let error = error.help(format!("add `policy = \"{policy}\"`"));
                    let field = fields.field(key)?;
                    field.reject(error.at(field.key_location()))
                }
            },
        };
        let Some(policy) = policy else {
            fields.leave_undecided();
            return None;
        };
        let delay = Delay::read(policy, fields);
        if policy == "memoryless" && fields.table().get("jitter").is_some() {
            let error =
                "the delays of the policy `memoryless` are drawn anyway: they have no `jitter`";
            return fields.field("jitter")?.refuse(error, "leave `jitter` out");
        }
        delay.map(DelayKeys::Policy)
    }

    fn write(&self, delay: &DelayKeys, _: &'static str, into: &mut Map<String, Json>) {
        match delay {
            DelayKeys::Unchanged => {}
            DelayKeys::Jitter(own) => {
                into.insert("jitter".to_owned(), jitter().write(own));
            }
            DelayKeys::Policy(delay) => delay.write(into),
        }
    }

    fn describe(&self, _: &'static str, _: &str, table: &mut TableShape) {
        table.choices = Delay::shape().choices;
        if let Some(choices) = &mut table.choices {
            choices.default = Some("fixed");
        }
    }
}

/// A key in a table without `policy` that belongs to a single policy, and that policy.
fn policy_of_a_key(fields: &Fields<'_>) -> Option<(&'static str, &'static str)> {
    let kinds = Delay::shape().choices?.kinds;
    let has = |kind: &str, key: &str| {
        kinds.iter().any(|other| other.word != kind && other.keys.iter().any(|k| k.name == key))
    };
    kinds.iter().find_map(|kind| {
        let is_its_own = |key: &&str| *key == "interval" || !has(kind.word, key);
        let mut own = kind.keys.iter().map(|key| key.name).filter(is_its_own);
        Some((own.find(|key| fields.table().get(key).is_some())?, kind.word))
    })
}

/// Reports errors across the keys of a delay.
pub fn check_delay(delay: Delay, retry: Field<'_>) -> Option<Delay> {
    let jitter = delay.jitter(1);
    let own_jitter = retry.get("jitter").unwrap_or(retry);
    if jitter == Jitter::Decorrelated && !matches!(delay, Delay::Exponential { .. }) {
        let error = "`decorrelated` jitter draws each delay from the one before, as only the policy \
                     `exponential` does";
        return own_jitter.refuse(error, "use `full` or `equal`, or `policy = \"exponential\"`");
    }
    let (shortest, what) = match &delay {
        Delay::Fixed { interval, .. } => (*interval, "interval"),
        Delay::List { delays, .. } => {
            (delays.iter().map(|delay| delay.least).min().unwrap_or(Span::ZERO), "shortest delay")
        }
        delay => (delay.first(), "first delay"),
    };
    if let Jitter::Around(reach) = jitter
        && reach > shortest
    {
        let error =
            format!("a jitter longer than the {what}, {shortest}, would make delays negative");
        return own_jitter.refuse(error, format!("lower it to at most `{shortest}`"));
    }
    let (cap, first, key) = match delay {
        Delay::Linear { step, cap: Some(cap), .. } => (cap, step, "step"),
        Delay::Exponential { base, cap: Some(cap), .. } => (cap, base, "base"),
        _ => return Some(delay),
    };
    if cap < first {
        // It would make every delay the cap.
        let error = format!("`cap` is {cap}, less than `{key}`, {first}");
        return retry.get("cap").unwrap_or(retry).refuse(error, "the cap is the longest delay");
    }
    Some(delay)
}

/// The delay with another jitter. The policy `memoryless` has none, and that of nested policies is their own.
pub fn with_jitter(delay: &Delay, own: Jitter) -> Delay {
    let mut delay = delay.clone();
    match &mut delay {
        Delay::Fixed { jitter, .. }
        | Delay::Linear { jitter, .. }
        | Delay::Exponential { jitter, .. }
        | Delay::List { jitter, .. }
        | Delay::Server { jitter, .. } => *jitter = own,
        Delay::Memoryless { .. } | Delay::Nested { .. } => {}
    }
    delay
}

fn default_factor(exponential: &Fields<'_>) -> f64 {
    let jitter = exponential.table().get("jitter").map(|jitter| &jitter.node.value);
    let is_decorrelated = matches!(jitter, Some(Value::String(text)) if text == "decorrelated");
    if is_decorrelated { 3.0 } else { 2.0 }
}

fn factor() -> impl Form<Value = f64> {
    let help = Some("2 doubles the delay each time");
    number("number of at least 1", |factor| factor >= 1.0, || json!({ "minimum": 1 }), help)
}

/// The delays of a list, at least one.
fn steps() -> impl Form<Value = Vec<Step>> {
    checked(
        list(step()),
        |steps: Vec<Step>, field| match steps.is_empty() {
            true => field.refuse("`delays` has no entries", "write for example `[\"1s\", \"5s\"]`"),
            false => Some(steps),
        },
        Clone::clone,
    )
}

/// A delay of a list: a time, or a range.
fn step() -> impl Form<Value = Step> {
    form(
        read_step,
        |step| match step.least == step.most {
            true => step.least.to_string().into(),
            false => format!("{}..{}", step.least, step.most).into(),
        },
        || {
            let pattern = "^[ \t]*[0-9.]+[ \t]*[a-z]+.*\\.\\..*$";
            let range =
                json!({ "type": "string", "pattern": pattern, "examples": ["500ms..1500ms"] });
            Shape::either(quantity_shape::<Span>(), Shape::value("a range of them", range))
        },
    )
}

fn read_step(field: Field<'_>) -> Option<Step> {
    let help = "write a time or a range, in quotes: `\"3.5s\"`, `\"500ms..1500ms\"`";
    let Some(text) = field.as_str() else {
        return field.expected("a time or a range", Some(help.to_owned()));
    };
    let time = |from: usize, text_of: &str| {
        text_of.parse::<Span>().map_err(|error| {
            let ValueError { message, span, help } = error;
            let error = Diagnostic::error(format!("{}: {message}", quoted(field.key())));
            let place = field.inside(text, from + span.start..from + span.end);
            field.reject::<()>(error.at(place).help(help));
        })
    };
    let (least, most) = match text.split_once("..") {
        None => {
            let only = time(0, text).ok()?;
            (only, only)
        }
        Some((least, most)) => {
            let (least, most) = (time(0, least), time(least.len() + 2, most));
            (least.ok()?, most.ok()?)
        }
    };
    if least > most {
        let error = format!("the range {} ends before it begins", quoted(text));
        return field.refuse(error, "write the shorter time first");
    }
    if most == Span::ZERO {
        return field.refuse("a delay is longer than zero", "the shortest delay is `\"1ms\"`");
    }
    Some(Step { least, most })
}
