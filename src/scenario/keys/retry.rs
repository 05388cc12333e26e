//! The keys of `retry`: when a refused client tries again, and when it gives up.

use serde_json::{Map, Value as Json, json};

use super::super::document::Value;
use super::super::form::{
    Field, Fields, Form, KeyEntry, Kinds, Shape, TableShape, checked, default, derived, duration,
    form, form_over, integer, keys, keys_of, kinds, number, optional, or_word, positive_duration,
    quantity_shape, required, tag, words,
};
use crate::diagnostic::{Diagnostic, quoted};
use crate::model::{Delay, Jitter, RetryPolicy, Spread};
use crate::value::{Percent, Span};

keys! {
    /// When a refused client tries again and when it gives up, instead of the policy of its release.
    RetryKeys {
        delay: DelayKeys = DelayEntry;
        /// The number of retries after which a client gives up, or `"none"` for no maximum.
        max_retries: Option<Option<u32>> = optional("from the release", or_word("none", "a whole number", integer(0..=u32::MAX)));
        /// The time after which a client gives up, or `"none"` for no maximum.
        give_up_after: Option<Option<Span>> = optional("from the release", or_word("none", "a time, such as `\"1h\"`", positive_duration()));
    }
}

kinds! {
    /// How long a refused client waits before it tries again.
    Delay by "policy", as in "\"fixed\"" {
        /// The same delay each time, plus or minus the jitter.
        "fixed" => Fixed {
            /// The delay.
            interval: Span = required("\"10m\"", positive_duration());
            /// The most by which a delay is shorter or longer: a time, or a percentage of the interval.
            jitter: Spread = default(Spread::NONE, spread_of_fixed());
        }
        /// Each delay is longer than the one before by the same step.
        "linear" => Linear {
            /// The step, which is also the first delay.
            step: Span = required("\"5m\"", positive_duration());
            /// The longest delay.
            cap: Option<Span> = optional("none", positive_duration());
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
            jitter: Spread = default(Spread::NONE, spread("the policy `server`", "\"20%\" makes delays up to 20% longer"));
        }
    }
}

/// How a `retry` table changes the delays of a release.
#[derive(Clone, Debug, PartialEq)]
pub enum DelayKeys {
    /// Nothing.
    Unchanged,
    /// Only their jitter; all releases have a fixed delay.
    Jitter(Spread),
    /// All of them.
    Policy(Delay),
}

/// A `retry` table.
pub fn retry() -> impl Form<Value = RetryKeys> {
    checked(
        keys_of::<RetryKeys>("`retry`"),
        |retry, field| {
            if let Some(DelayKeys::Policy(delay)) = &retry.delay {
                check_delay(delay.clone(), field)?;
            }
            Some(retry)
        },
        Clone::clone,
    )
}

impl RetryKeys {
    /// The policy `default` of a release, changed by these keys of the table `field`.
    pub fn policy(&self, default: &RetryPolicy, field: Field<'_>) -> Option<RetryPolicy> {
        let delay = match (self.delay.clone()?, &default.delay) {
            (DelayKeys::Policy(delay), _) => delay,
            (DelayKeys::Jitter(jitter), &Delay::Fixed { interval, .. }) => {
                check_delay(Delay::Fixed { interval, jitter }, field)?
            }
            (_, delay) => delay.clone(),
        };
        Some(RetryPolicy {
            delay,
            max_retries: self.max_retries?.unwrap_or(default.max_retries),
            give_up_after: self.give_up_after?.unwrap_or(default.give_up_after),
        })
    }

    /// The keys with which a policy is written that does not depend on a release.
    pub fn of(policy: &RetryPolicy) -> RetryKeys {
        RetryKeys {
            delay: Some(DelayKeys::Policy(policy.delay.clone())),
            max_retries: Some(Some(policy.max_retries)),
            give_up_after: Some(Some(policy.give_up_after)),
        }
    }

    /// The keys that give several releases their policies. Each policy comes with the one that the
    /// release has without them.
    pub fn of_all(policies: &[(&RetryPolicy, RetryPolicy)]) -> RetryKeys {
        let Some(((first, _), rest)) = policies.split_first() else {
            return RetryKeys { delay: None, max_retries: None, give_up_after: None };
        };
        if rest.iter().all(|(policy, _)| policy == first) {
            return RetryKeys::of(first);
        }
        fn common<T: PartialEq + Copy>(mut all: impl Iterator<Item = T>) -> Option<T> {
            let first = all.next()?;
            all.all(|other| other == first).then_some(first)
        }
        let policies = || policies.iter();
        let is_changed = policies().any(|(policy, own)| policy.delay != own.delay);
        let jitter = policies().map(|(policy, _)| match policy.delay {
            Delay::Fixed { jitter, .. } => Some(jitter),
            _ => None,
        });
        let delay = match common(policies().map(|(policy, _)| &policy.delay)) {
            _ if !is_changed => DelayKeys::Unchanged,
            Some(delay) => DelayKeys::Policy(delay.clone()),
            // Each has its interval.
            None => common(jitter).flatten().map_or(DelayKeys::Unchanged, DelayKeys::Jitter),
        };
        RetryKeys {
            delay: Some(delay),
            max_retries: Some(common(policies().map(|(policy, _)| policy.max_retries))),
            give_up_after: Some(common(policies().map(|(policy, _)| policy.give_up_after))),
        }
    }
}

/// The keys of a [`Delay`], of which a table may also have only the jitter, or none.
struct DelayEntry;

impl KeyEntry for DelayEntry {
    type Value = DelayKeys;

    fn read(&self, fields: &mut Fields<'_>, _: &'static str) -> Option<DelayKeys> {
        let policy = match fields.field(Delay::TAG) {
            Some(policy) => tag::<Delay>().read(policy),
            None => match policy_of_a_key(fields) {
                None => {
                    let jitter = optional("none", spread_of_fixed()).read(fields, "jitter")?;
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
        Delay::read(policy, fields).map(DelayKeys::Policy)
    }

    fn write(&self, delay: &DelayKeys, _: &'static str, into: &mut Map<String, Json>) {
        match delay {
            DelayKeys::Unchanged => {}
            DelayKeys::Jitter(jitter) => {
                into.insert("jitter".to_owned(), spread_of_fixed().write(jitter));
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
fn check_delay(delay: Delay, retry: Field<'_>) -> Option<Delay> {
    let (cap, first, key) = match delay {
        Delay::Fixed { interval, jitter: Spread::Time(reach) } if reach > interval => {
            let error = format!(
                "a jitter longer than the interval, {interval}, would make delays negative"
            );
            let help = format!("lower it to at most `{interval}`");
            return retry.get("jitter").unwrap_or(retry).refuse(error, help);
        }
        Delay::Linear { step, cap: Some(cap) } => (cap, step, "step"),
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

fn default_factor(exponential: &Fields<'_>) -> f64 {
    let jitter = exponential.table().get("jitter").map(|jitter| &jitter.node.value);
    let is_decorrelated = matches!(jitter, Some(Value::String(text)) if text == "decorrelated");
    if is_decorrelated { 3.0 } else { 2.0 }
}

fn factor() -> impl Form<Value = f64> {
    let help = Some("2 doubles the delay each time");
    number("number of at least 1", |factor| factor >= 1.0, || json!({ "minimum": 1 }), help)
}

/// How delays that grow by a factor are spread.
fn jitter() -> impl Form<Value = Jitter> {
    let words = words(vec![
        ("none", Jitter::None),
        ("full", Jitter::Full),
        ("equal", Jitter::Equal),
        ("decorrelated", Jitter::Decorrelated),
    ]);
    form_over(
        words,
        |words, field| match field.as_str() {
            Some(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
                let text = quoted(text);
                let error =
                    format!("the `jitter` of the policy `exponential` is a word, not {text}");
                let help = "write one of `none`, `full`, `equal`, `decorrelated`; a time or a \
                            percentage is for the policies `fixed` and `server`";
                field.refuse(error, help)
            }
            _ => words.read(field),
        },
        Form::write,
        Form::shape,
    )
}

fn spread_of_fixed() -> impl Form<Value = Spread> {
    spread("a fixed delay", "\"20%\" makes delays between 80% and 120% of the interval")
}

/// A jitter of `delay`, such as a fixed one: a time, or a percentage of the interval. `example` explains a
/// percentage.
fn spread(delay: &'static str, example: &'static str) -> impl Form<Value = Spread> {
    form(
        move |jitter| read_spread(jitter, delay, example),
        |spread| match spread {
            Spread::Time(reach) => reach.to_string().into(),
            Spread::Share(share) => Percent::from_share(*share).to_string().into(),
        },
        || Shape::either(quantity_shape::<Span>(), quantity_shape::<Percent>()),
    )
}

fn read_spread(jitter: Field<'_>, delay: &str, example: &str) -> Option<Spread> {
    let written = jitter.as_str().unwrap_or_default();
    if !written.trim().ends_with('%') {
        if written.trim().starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return duration().read(jitter).map(Spread::Time);
        }
        let error = format!("the `jitter` of {delay} is a time or a percentage");
        return jitter.refuse(error, "write for example `\"30s\"` or `\"20%\"`");
    }
    match written.trim().parse().map(Percent::share) {
        Ok(share) if share <= 1.0 => Some(Spread::Share(share)),
        _ => {
            let error = format!("`jitter` must be from 0% to 100%, found {}", quoted(written));
            jitter.refuse(error, example)
        }
    }
}
