//! Forms that combine others.

use serde_json::{Value as Json, json};

use super::super::document::Value;
use super::field::Field;
use super::shape::Shape;
use super::values::{Form, form_over};
use crate::diagnostic::{Diagnostic, quoted};

/// A form whose values are checked and converted.
pub fn checked<F: Form, T>(
    inner: F,
    check: impl Fn(F::Value, Field<'_>) -> Option<T>,
    back: impl Fn(&T) -> F::Value,
) -> impl Form<Value = T> {
    form_over(
        inner,
        move |inner, field| check(inner.read(field)?, field),
        move |inner, value| inner.write(&back(value)),
        F::shape,
    )
}

/// The same form with further keywords in its JSON Schema.
pub fn described<F: Form>(inner: F, keywords: fn() -> Json) -> impl Form<Value = F::Value> {
    form_over(inner, F::read, F::write, move |inner| inner.shape().with(keywords()))
}

/// A form that accepts wrong values as `None` after it has reported them. If one of many values is
/// wrong, the others can still be checked against each other.
pub fn attempted<F: Form>(inner: F) -> impl Form<Value = Option<F::Value>> {
    form_over(inner, |inner, field| Some(inner.read(field)), write_some, F::shape)
}

/// A form whose `None` is not written.
pub fn maybe<F: Form>(inner: F) -> impl Form<Value = Option<F::Value>> {
    form_over(inner, |inner, field| inner.read(field).map(Some), write_some, F::shape)
}

fn write_some<F: Form>(inner: &F, value: &Option<F::Value>) -> Json {
    value.as_ref().map_or(Json::Null, |value| inner.write(value))
}

/// An array of such values, perhaps empty.
pub fn list<F: Form>(item: F) -> impl Form<Value = Vec<F::Value>> {
    form_over(
        item,
        |item, field| field.array(|one| item.read(one)),
        |item, values: &Vec<_>| values.iter().map(|value| item.write(value)).collect(),
        |item| Shape::List { item: Box::new(item.shape()), schema: json!({}) },
    )
}

/// A table whose keys are names, each with a value of the form `each`.
pub fn names<F: Form>(each: F) -> impl Form<Value = Vec<(String, F::Value)>> {
    form_over(
        each,
        |each, field| {
            let read = |entry: Field<'_>| Some((entry.key().to_owned(), each.read(entry)?));
            // All values are read, so that the errors of all of them are reported.
            let all: Vec<Option<_>> = field.entries()?.map(read).collect();
            all.into_iter().collect()
        },
        |each, all: &Vec<(String, F::Value)>| {
            let all = all.iter().map(|(name, value)| (name.clone(), each.write(value)));
            Json::Object(all.collect())
        },
        |each| Shape::Names(Box::new(each.shape())),
    )
}

/// The most points or groups: they are numbered with 16 bits.
const MAX_NAMES: usize = 65_000;

/// A table of at least one name, but not too many. In messages, `what` are its values, `example` is the header
/// of one, and `advice` is how to do with fewer.
pub fn some_names<F: Form>(
    what: &'static str,
    example: &'static str,
    advice: &'static str,
    each: F,
) -> impl Form<Value = Vec<(String, F::Value)>> {
    form_over(
        names(each),
        move |names, field| match field.entries()?.count() {
            0 => {
                let error = format!("the scenario has no {what}");
                field.refuse(error, format!("add one such as `{example}`"))
            }
            count if count > MAX_NAMES => {
                let error = Diagnostic::error(format!("the scenario has {count} {what}"));
                let help = format!("at most {MAX_NAMES} can be simulated: {advice}");
                field.reject(error.at(field.key_location()).help(help))
            }
            _ => names.read(field),
        },
        Form::write,
        Form::shape,
    )
}

/// What [`or_table`] reads.
#[derive(Clone, Debug, PartialEq)]
pub enum Either<A, B> {
    /// A plain value.
    Plain(A),
    /// A table.
    Table(B),
}

/// A plain value, or a table.
pub fn or_table<A: Form, B: Form>(
    plain: A,
    table: B,
) -> impl Form<Value = Either<A::Value, B::Value>> {
    form_over(
        (plain, table),
        |(plain, table), field| match field.value() {
            Value::Table(_) => table.read(field).map(Either::Table),
            _ => plain.read(field).map(Either::Plain),
        },
        |(plain, table), value| match value {
            Either::Plain(value) => plain.write(value),
            Either::Table(value) => table.write(value),
        },
        |(plain, table)| Shape::either(plain.shape(), table.shape()),
    )
}

/// A value, or a word that stands for no value. `examples` are values in TOML, for the message about
/// another word.
pub fn or_word<F: Form>(
    word: &'static str,
    examples: &'static str,
    inner: F,
) -> impl Form<Value = Option<F::Value>> {
    form_over(
        inner,
        move |inner, field| match field.as_str() {
            Some(text) if text == word => Some(None),
            Some(text) if !text.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
                let message = format!("unknown {}: {}", quoted(field.key()), quoted(text));
                field.refuse(message, format!("write {examples}, or `\"{word}\"`"))
            }
            _ => inner.read(field).map(Some),
        },
        move |inner, value| value.as_ref().map_or(word.into(), |value| inner.write(value)),
        move |inner| Shape::either(inner.shape(), Shape::word(word)),
    )
}
