//! The keys of a policy in a table.

use super::super::super::form::{
    Field, Form, checked, choice, integer, keys, optional, or_word, positive_duration,
};
use super::delay::{DelayEntry, DelayKeys, check_delay, with_jitter};
use super::hints::hints;
use super::preset::preset;
use crate::model::{Delay, Hints, Preset, RetryPolicy};
use crate::value::Span;

keys! {
    /// When a refused client tries again and when it gives up, instead of the policy of its release.
    RetryKeys {
        /// A policy by name, such as that of a client library; `distpoint policies` lists them. Instead of `policy`.
        preset: Option<&'static str> = optional("none", preset()).naming_a_kind();
        delay: DelayKeys = DelayEntry;
        /// The number of retries after which a client gives up, or `"none"` for no maximum.
        max_retries: Option<Option<u32>> = optional("from the release or the preset", or_word("none", "a whole number", integer(0..=u32::MAX)));
        /// The time after which a client gives up, or `"none"` for no maximum.
        give_up_after: Option<Option<Span>> = optional("from the release or the preset", or_word("none", "a time, such as `\"1h\"`", positive_duration()));
        /// How the policy honours the time that a server asks its clients to wait.
        retry_after: Option<Option<Hints>> = optional("from the preset; otherwise only the policy `server` does", hints());
        /// The delays after a refusal by a rate limit, instead of the others.
        rate_limited: Option<Delay> = optional("from the preset; otherwise as after other refusals", rate_limited());
    }
}

fn rate_limited() -> impl Form<Value = Delay> {
    checked(choice::<Delay>("`rate_limited`"), check_delay, Clone::clone)
}

impl RetryKeys {
    /// No keys.
    pub const NONE: RetryKeys = RetryKeys {
        preset: Some(None),
        delay: Some(DelayKeys::Unchanged),
        max_retries: Some(None),
        give_up_after: Some(None),
        retry_after: Some(None),
        rate_limited: Some(None),
    };

    /// The policy `default` of a release, changed by these keys of the table `field`.
    pub fn policy(&self, default: &RetryPolicy, field: Field<'_>) -> Option<RetryPolicy> {
        let preset = self.preset?.and_then(Preset::named).map(Preset::policy);
        let default = preset.as_ref().unwrap_or(default);
        let delay = match self.delay.clone()? {
            DelayKeys::Policy(delay) => delay,
            DelayKeys::Jitter(_) if matches!(default.delay, Delay::Nested { .. }) => {
                let error = "the policies of this preset lie within each other, and have no common `jitter`";
                return field.get("jitter")?.refuse(error, "write them out as a list of tables");
            }
            DelayKeys::Jitter(jitter) => check_delay(with_jitter(&default.delay, jitter), field)?,
            DelayKeys::Unchanged => default.delay.clone(),
        };
        if self.retry_after? == Some(None) && matches!(delay, Delay::Server { .. }) {
            let error =
                "the policy `server` is to wait as long as the server asks: it cannot ignore that";
            let help = "leave `retry_after` out, or use `policy = \"fixed\"`";
            return field.get("retry_after").unwrap_or(field).refuse(error, help);
        }
        Some(RetryPolicy {
            delay,
            max_retries: self.max_retries?.unwrap_or(default.max_retries),
            give_up_after: self.give_up_after?.unwrap_or(default.give_up_after),
            hints: self.retry_after?.unwrap_or(default.hints),
            rate_limited: self.rate_limited.clone()?.or_else(|| default.rate_limited.clone()),
        })
    }

    /// The keys with which a policy is written that does not depend on a release.
    pub fn of(policy: &RetryPolicy) -> RetryKeys {
        RetryKeys {
            preset: Some(None),
            delay: Some(DelayKeys::Policy(policy.delay.clone())),
            max_retries: Some(Some(policy.max_retries)),
            give_up_after: Some(Some(policy.give_up_after)),
            retry_after: Some(policy.hints.map(Some)),
            rate_limited: Some(policy.rate_limited.clone()),
        }
    }

    /// The keys that give several releases their policies. Each policy comes with the one that the
    /// release has without them.
    pub fn of_all(policies: &[(&RetryPolicy, RetryPolicy)]) -> RetryKeys {
        let Some(((first, _), rest)) = policies.split_first() else {
            return RetryKeys { delay: None, ..RetryKeys::NONE };
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
        let hints = common(policies().map(|(policy, _)| policy.hints));
        let rate_limited = common(policies().map(|(policy, _)| &policy.rate_limited));
        RetryKeys {
            preset: Some(None),
            delay: Some(delay),
            max_retries: Some(common(policies().map(|(policy, _)| policy.max_retries))),
            give_up_after: Some(common(policies().map(|(policy, _)| policy.give_up_after))),
            retry_after: Some(hints.flatten().map(Some)),
            rate_limited: Some(rate_limited.cloned().flatten()),
        }
    }
}
