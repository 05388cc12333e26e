//! Numbers with a unit: durations, sizes, rates, frequencies and percentages.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::json;

use super::super::document::Value;
use super::combine::{checked, described};
use super::field::Field;
use super::shape::Shape;
use super::values::{Form, form};
use crate::diagnostic::{Diagnostic, quoted};
use crate::value::{Frequency, Percent, Quantity, Rate, Size, Span, ValueError};

/// A duration, such as `"2h 30m"`; zero is valid.
pub fn duration() -> impl Form<Value = Span> {
    quantity(|number| match number {
        Some(number) => {
            format!(
                "write the unit, in quotes: `\"{number}s\"` is in seconds, `\"{number}m\"` in minutes"
            )
        }
        None => {
            "write a number and a unit in quotes: `\"250ms\"`, `\"10s\"`, `\"2h 30m\"`".to_owned()
        }
    })
}

/// A duration that is not zero.
pub fn positive_duration() -> impl Form<Value = Span> {
    let positive = checked(
        duration(),
        |span, field| {
            if span == Span::ZERO {
                let message = format!("{} must be longer than zero", quoted(field.key()));
                return field.reject(Diagnostic::error(message).label("must be longer than zero"));
            }
            Some(span)
        },
        |span| *span,
    );
    described(positive, || json!({ "not": { "pattern": "^[^1-9]*$" } }))
}

/// A size, such as `"40 MB"`.
pub fn size() -> impl Form<Value = Size> {
    quantity(|_| example_help::<Size>())
}

/// A rate, such as `"100 MB/s"`.
pub fn rate() -> impl Form<Value = Rate> {
    quantity(|_| example_help::<Rate>())
}

/// A frequency, such as `"10/s"`.
pub fn frequency() -> impl Form<Value = Frequency> {
    quantity(|number| match number {
        Some(number) => format!("write it per time, in quotes: `\"{number}/s\"`"),
        None => "write a number per time, in quotes: `\"10/s\"`, `\"100/min\"`".to_owned(),
    })
}

/// A share from 0 to 1, written as a percentage, such as `"5%"`.
pub fn percentage() -> impl Form<Value = f64> {
    let percent = quantity(|number| match number {
        Some(number) => format!("write the sign, in quotes: `\"{number}%\"`"),
        None => "write a percentage, in quotes: `\"5%\"`".to_owned(),
    });
    checked(
        percent,
        |percent: Percent, field| {
            if percent.share() > 1.0 {
                let error = format!("{} is {percent}, more than all", quoted(field.key()));
                return field.refuse(error, "write at most `\"100%\"`");
            }
            Some(percent.share())
        },
        |share| Percent::from_share(*share),
    )
}

fn example_help<Q: Quantity>() -> String {
    format!("write a number and a unit in quotes: `\"{}\"`", Q::EXAMPLES[0])
}

/// A value with a unit; `help` is for a value that is no string, perhaps a positive number.
fn quantity<Q: Quantity>(help: fn(Option<i64>) -> String) -> impl Form<Value = Q> {
    form(
        move |field| match *field.value() {
            Value::String(ref text) => parse(field, text),
            Value::Integer(number @ 1..) => field.expected(Q::WHAT, Some(help(Some(number)))),
            _ => field.expected(Q::WHAT, Some(help(None))),
        },
        |value: &Q| value.to_string().into(),
        quantity_shape::<Q>,
    )
}

/// The quantity that is written in `text`, the string of `field`.
fn parse<Q: Quantity>(field: Field<'_>, text: &str) -> Option<Q> {
    text.parse().map_or_else(
        |ValueError { message, span, help }| {
            let error = Diagnostic::error(format!("{}: {message}", quoted(field.key())));
            field.reject(error.at(field.inside(text, span)).help(help))
        },
        Some,
    )
}

/// The pattern of a quantity, made once: many keys are times, and a scenario with variants needs the shapes of all.
fn pattern<Q: Quantity>() -> String {
    static PATTERNS: Mutex<BTreeMap<&str, String>> = Mutex::new(BTreeMap::new());
    let mut patterns = PATTERNS.lock().unwrap_or_else(|poison| poison.into_inner());
    patterns.entry(Q::WHAT).or_insert_with(Q::pattern).clone()
}

/// The shape of a value with a unit.
pub fn quantity_shape<Q: Quantity>() -> Shape {
    let kind = Q::WHAT.trim_start_matches("a ");
    let schema = json!({ "type": "string", "pattern": pattern::<Q>(), "examples": Q::EXAMPLES });
    Shape::value(kind, schema)
}
