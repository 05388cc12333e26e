//! What a form is, and the forms of words and texts.

use std::marker::PhantomData;

use serde_json::{Value as Json, json};

use super::super::document::Value;
use super::field::Field;
use super::shape::Shape;
use crate::diagnostic::{Diagnostic, did_you_mean, quoted, quoted_list};

/// How the value of a key is read, written and described.
pub trait Form {
    /// The type of the value in the program.
    type Value;

    /// Reads a value; `None` if it is wrong, which is reported.
    fn read(&self, field: Field<'_>) -> Option<Self::Value>;

    /// Writes a value in the form in which it is read; null if it is not written.
    fn write(&self, value: &Self::Value) -> Json;

    /// Describes what can be read.
    fn shape(&self) -> Shape;
}

/// A form made of three functions.
pub fn form<T>(
    read: impl Fn(Field<'_>) -> Option<T>,
    write: impl Fn(&T) -> Json,
    shape: impl Fn() -> Shape,
) -> impl Form<Value = T> {
    form_over((), move |(), field| read(field), move |(), value| write(value), move |()| shape())
}

/// A form made of three functions that share `inner`, such as the form of an item.
pub fn form_over<I, T, R, W, S>(inner: I, read: R, write: W, shape: S) -> impl Form<Value = T>
where
    R: Fn(&I, Field<'_>) -> Option<T>,
    W: Fn(&I, &T) -> Json,
    S: Fn(&I) -> Shape,
{
    Functions { inner, read, write, shape, value: PhantomData }
}

struct Functions<I, T, R, W, S> {
    inner: I,
    read: R,
    write: W,
    shape: S,
    value: PhantomData<fn() -> T>,
}

impl<I, T, R, W, S> Form for Functions<I, T, R, W, S>
where
    R: Fn(&I, Field<'_>) -> Option<T>,
    W: Fn(&I, &T) -> Json,
    S: Fn(&I) -> Shape,
{
    type Value = T;

    fn read(&self, field: Field<'_>) -> Option<T> {
        (self.read)(&self.inner, field)
    }

    fn write(&self, value: &T) -> Json {
        (self.write)(&self.inner, value)
    }

    fn shape(&self) -> Shape {
        (self.shape)(&self.inner)
    }
}

/// One of a few words, each with the value that it stands for.
pub fn words<T: Clone + PartialEq>(words: Vec<(&'static str, T)>) -> impl Form<Value = T> {
    form_over(
        words,
        |words, field| read_word(words, field),
        |words, value| words.iter().find(|(_, known)| known == value).map(|(word, _)| *word).into(),
        |words| {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            Shape::value(format!("one of {}", quoted.join(", ")), json!({ "enum": words }))
        },
    )
}

fn read_word<T: Clone>(words: &[(&str, T)], field: Field<'_>) -> Option<T> {
    let known = || words.iter().map(|(word, _)| *word);
    let list = quoted_list(known());
    let Some(text) = field.as_str() else {
        return field.expected("a string", Some(format!("write one of {list}")));
    };
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Some(value.clone());
    }
    let error = format!("unknown {}: {}", quoted(field.key()), quoted(text));
    let (error, list) = (Diagnostic::error(error), format!("the valid values are {list}"));
    field.reject(match did_you_mean(text, known()) {
        Some(near) => error.help(format!("did you mean `{near}`?")).note(list),
        None => error.help(list),
    })
}

/// `true` or `false`.
pub fn boolean() -> impl Form<Value = bool> {
    form(
        |field| match field.value() {
            Value::Boolean(value) => Some(*value),
            _ => field.expected("a boolean", Some("write `true` or `false`".to_owned())),
        },
        |value| json!(value),
        || Shape::value("`true` or `false`", json!({ "type": "boolean" })),
    )
}

/// A text with more than white space.
pub fn text() -> impl Form<Value = String> {
    form(
        |field| {
            let text = field.string()?;
            if text.trim().is_empty() {
                let error = format!("{} must not be empty", quoted(field.key()));
                return field.reject(Diagnostic::error(error).label("must not be empty"));
            }
            Some(text.to_owned())
        },
        |text| json!(text),
        || Shape::value("text", json!({ "type": "string", "pattern": "\\S" })),
    )
}

/// A text, perhaps empty.
pub fn text_or_empty() -> impl Form<Value = String> {
    form(
        |field| field.string().map(str::to_owned),
        |text| json!(text),
        || Shape::value("text", json!({ "type": "string" })),
    )
}
