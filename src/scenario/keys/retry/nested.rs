//! Policies within each other: a list of tables, the innermost first.

use serde_json::Value as Json;

use super::super::super::form::{Field, Form, Shape, form_over, keys_of};
use super::delay::{DelayKeys, check_delay};
use super::policy::RetryKeys;
use crate::diagnostic::quoted;
use crate::model::{Delay, Jitter, Level, RetryPolicy};
use crate::value::Span;

const HELP: &str = "write for example `[{ policy = \"fixed\", interval = \"1s\", max_retries = 3 }, \
                    { preset = \"kubelet\" }]`";

/// A list of policies: each waits once when those before it are used up, and they begin anew.
pub fn nested() -> impl Form<Value = RetryKeys> {
    form_over(
        keys_of::<RetryKeys>("a policy of the list"),
        |table, field| {
            let levels = field.array(|one| level(table.read(one)?, one))?;
            within_each_other(levels, field)
        },
        write,
        |table| Shape::List {
            item: Box::new(table.shape()),
            schema: serde_json::json!({ "minItems": 1 }),
        },
    )
}

/// The policy of a table of the list, which depends on no release.
fn level(keys: RetryKeys, field: Field<'_>) -> Option<RetryPolicy> {
    let has_delays = matches!(keys.delay, Some(DelayKeys::Policy(_)));
    if keys.preset?.is_none() && !has_delays {
        return field.refuse("a policy of the list has neither a `policy` nor a `preset`", HELP);
    }
    if let Some(DelayKeys::Policy(delay)) = &keys.delay {
        check_delay(delay.clone(), field)?;
    }
    let none = RetryPolicy::of(Delay::Memoryless { mean: Span::MILLISECOND });
    let policy = keys.policy(&none, field)?;
    if let Delay::Nested { .. } = policy.delay {
        let error = "this preset has policies within each other already";
        return field.get("preset").unwrap_or(field).refuse(error, "write them out one by one");
    }
    Some(policy)
}

fn within_each_other(mut levels: Vec<RetryPolicy>, field: Field<'_>) -> Option<RetryKeys> {
    let Some(outer) = levels.pop() else {
        return field.refuse("the list of policies is empty", HELP);
    };
    let mut inner = Vec::new();
    let mut round: u32 = 1;
    for (policy, item) in levels.into_iter().zip(field.items()) {
        let Some(retries) = policy.max_retries.filter(|retries| *retries > 0) else {
            let error = "a policy within another needs `max_retries`: without, the other never has its turn";
            return item.get("max_retries").unwrap_or(item).refuse(error, "add `max_retries = 3`");
        };
        for (key, is_set) in [
            ("give_up_after", policy.give_up_after.is_some()),
            ("retry_after", policy.hints.is_some()),
            ("rate_limited", policy.rate_limited.is_some()),
        ] {
            if !is_set {
                continue;
            }
            let belongs = "belongs to the last policy of the list, and holds for all";
            if let Some(own) = item.get(key) {
                return own.refuse(format!("`{key}` {belongs}"), "move it there");
            }
            // It is that of a preset.
            let preset = item.get("preset").unwrap_or(item);
            let name = preset.as_str().unwrap_or_default();
            let help = match key {
                "retry_after" => "add `retry_after = { honour = false }` here",
                "rate_limited" => "write its delays out, without those after a rate limit",
                _ => "add `give_up_after = \"none\"` here",
            };
            let error = format!("the preset {} has a `{key}`, which {belongs}", quoted(name));
            return preset.refuse(error, help);
        }
        round = round.saturating_mul(retries.saturating_add(1));
        inner.push(Level { delay: policy.delay, retries });
    }
    let is_nested = !inner.is_empty();
    let decorrelated = matches!(outer.delay.jitter(1), Jitter::Decorrelated);
    if is_nested && decorrelated {
        let error = "`decorrelated` jitter draws each delay from the one before, which is one of another policy here";
        return field.refuse(error, "use `full` or `equal` in the last policy");
    }
    // So many waits of the outermost, and after each and before the first all of the inner ones.
    let all = |max: u32| max.saturating_add(1).saturating_mul(round).saturating_sub(1);
    let delay = match is_nested {
        true => Delay::Nested { inner, outer: Box::new(outer.delay) },
        false => outer.delay,
    };
    Some(RetryKeys::of(&RetryPolicy {
        delay,
        max_retries: outer.max_retries.map(all),
        give_up_after: outer.give_up_after,
        hints: outer.hints,
        rate_limited: outer.rate_limited,
    }))
}

fn write(table: &impl Form<Value = RetryKeys>, keys: &RetryKeys) -> Json {
    let Some(DelayKeys::Policy(Delay::Nested { inner, outer })) = &keys.delay else {
        return Json::Null;
    };
    let level = |Level { delay, retries }: &Level| {
        let policy = RetryPolicy { max_retries: Some(*retries), ..RetryPolicy::of(delay.clone()) };
        table.write(&RetryKeys { give_up_after: Some(None), ..RetryKeys::of(&policy) })
    };
    let rounds = inner.iter().map(|level| level.retries.saturating_add(1));
    let round = rounds.fold(1, u32::saturating_mul);
    let outer_of = |max: u32| max.saturating_add(1) / round.max(1) - 1;
    let max_retries = keys.max_retries.map(|max| max.map(|max| max.map(outer_of)));
    let outer = RetryKeys {
        max_retries,
        delay: Some(DelayKeys::Policy((**outer).clone())),
        ..keys.clone()
    };
    inner.iter().map(level).chain([table.write(&outer)]).collect()
}
