//! Numbers, and their ranges.

use std::fmt::Display;
use std::ops::RangeInclusive;

use serde_json::{Value as Json, json};

use super::super::document::Value;
use super::field::Field;
use super::shape::Shape;
use super::values::{Form, form};
use crate::diagnostic::{Diagnostic, quoted};
use crate::value::Percent;

/// A whole number in a range. TOML has numbers up to 2^63 - 1: a range that ends there or above is open.
pub fn integer<T>(range: RangeInclusive<T>) -> impl Form<Value = T>
where
    T: Copy + Display + PartialOrd + TryFrom<i64> + Into<u64>,
{
    let shape = range.clone();
    form(
        move |field| read_integer(field, &range),
        |number| json!((*number).into()),
        move || {
            let (least, most): (u64, u64) = ((*shape.start()).into(), (*shape.end()).into());
            let kind = match most < u64::from(u32::MAX) - 100 {
                true => format!("whole number from {least} to {most}"),
                false => format!("whole number of at least {least}"),
            };
            Shape::value(kind, json!({ "type": "integer", "minimum": least, "maximum": most }))
        },
    )
}

fn read_integer<T>(field: Field<'_>, range: &RangeInclusive<T>) -> Option<T>
where
    T: Copy + Display + PartialOrd + TryFrom<i64>,
{
    let Value::Integer(number) = *field.value() else {
        return field.expected("a whole number", number_help(field.value()));
    };
    let (least, most) = (range.start(), range.end());
    let limits = match T::try_from(number) {
        Ok(number) if range.contains(&number) => return Some(number),
        _ if T::try_from(i64::MAX).is_ok_and(|max| *most >= max) => format!("at least {least}"),
        _ => format!("from {least} to {most}"),
    };
    out_of_range(field, &limits, &number.to_string(), None)
}

/// A number from 0 to 1, both included.
pub fn probability() -> impl Form<Value = f64> {
    let limits = || json!({ "minimum": 0, "maximum": 1 });
    number("number from 0 to 1", |number| (0.0..=1.0).contains(&number), limits, None)
}

/// A finite number. Its description `kind` ends with its limits, such as `number above 0`; `limits` are the
/// same in a JSON Schema, and `help` is for a number that is not valid.
pub fn number(
    kind: &'static str,
    is_valid: fn(f64) -> bool,
    limits: fn() -> Json,
    help: Option<&'static str>,
) -> impl Form<Value = f64> {
    form(
        move |field| read_number(field, kind, is_valid, help),
        |number| json!(number),
        move || Shape::value(kind, json!({ "type": "number" })).with(limits()),
    )
}

fn read_number(
    field: Field<'_>,
    kind: &str,
    is_valid: fn(f64) -> bool,
    help: Option<&str>,
) -> Option<f64> {
    let (number, shown) = match *field.value() {
        // Whole numbers above 2^53 are rounded, as if they were written with `.0`.
        Value::Integer(number) => (number as f64, number.to_string()),
        Value::Float(number) => (number, number.to_string().to_lowercase()),
        _ => return field.expected(&format!("a {kind}"), number_help(field.value())),
    };
    if number.is_finite() && is_valid(number) {
        // Without the sign of `-0.0`.
        return Some(number + 0.0);
    }
    let limits = kind.trim_start_matches("number ").trim_start_matches("of ");
    out_of_range(field, limits, &shown, help)
}

fn out_of_range<T>(field: Field<'_>, limits: &str, found: &str, help: Option<&str>) -> Option<T> {
    let message = format!("{} must be {limits}, found {found}", quoted(field.key()));
    let mut error = Diagnostic::error(message).label(format!("must be {limits}"));
    error.helps.extend(help.map(str::to_owned));
    field.reject(error)
}

/// What to write instead, if a number is expected and the value is a number in quotes or nearly one.
fn number_help(value: &Value) -> Option<String> {
    let Value::String(text) = value else {
        return None;
    };
    if let Ok(percent) = text.parse::<Percent>() {
        return Some(format!("write `{}`", percent.share()));
    }
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | ' ' | ',' | '\'');
    let digits: String = text.split([' ', ',', '\'']).collect();
    let number = digits.replace('_', "").parse::<f64>();
    (text.chars().all(is_digit) && number.is_ok()).then(|| format!("write `{digits}`"))
}
