//! The keys of `retry`: when a refused client tries again, and when it gives up.

mod delay;
mod hints;
mod jitter;
mod nested;
mod policy;
mod preset;

use super::super::document::Value;
use super::super::form::{Form, Shape, checked, form_over, keys_of};
use crate::model::Delay;
use delay::{DelayKeys, check_delay};
pub use policy::RetryKeys;
use preset::preset;

/// A policy: the name of one, a table, or a list of tables, of which each waits when those before it are used up.
pub fn retry() -> impl Form<Value = RetryKeys> {
    let table = checked(
        keys_of::<RetryKeys>("`retry`"),
        |retry, field| {
            if let Some(DelayKeys::Policy(delay)) = &retry.delay {
                check_delay(delay.clone(), field)?;
            }
            if let (Some(Some(_)), Some(DelayKeys::Policy(_))) = (retry.preset, &retry.delay) {
                let error = "a policy has either a `preset` or its own delays, not both";
                let help = "leave `preset` out, or the keys of the delays";
                return field.get("preset")?.refuse(error, help);
            }
            Some(retry)
        },
        Clone::clone,
    );
    form_over(
        (table, nested::nested(), preset()),
        |(table, nested, preset), field| match field.value() {
            Value::String(_) => {
                let preset = preset.read(field)?;
                Some(RetryKeys { preset: Some(Some(preset)), ..RetryKeys::NONE })
            }
            Value::Array(_) => nested.read(field),
            _ => table.read(field),
        },
        |(table, nested, _), keys: &RetryKeys| match &keys.delay {
            Some(DelayKeys::Policy(Delay::Nested { .. })) => nested.write(keys),
            _ => table.write(keys),
        },
        |(table, nested, preset)| {
            Shape::either(table.shape(), Shape::either(preset.shape(), nested.shape()))
        },
    )
}
