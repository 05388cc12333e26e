//! What a form is, the forms of plain values, and forms that combine others.

use std::fmt::Display;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use serde_json::{Value as Json, json};

use super::super::document::Value;
use super::field::Field;
use super::shape::Shape;
use crate::value::{Quantity, Rate, Size, Span};

/// How the value of a key is read, written and described.
pub trait Form {
    /// The type of the value in the program.
    type Value;

    /// Reads a value; `None` if it is wrong, which is reported.
    fn read(&self, field: Field<'_>) -> Option<Self::Value>;

    /// Writes a value in the form in which it is read.
    fn write(&self, value: &Self::Value) -> Json;

    /// Describes what can be read.
    fn shape(&self) -> Shape;
}

/// A form made of three functions.
pub fn form<T, R, W, S>(read: R, write: W, shape: S) -> impl Form<Value = T>
where
    R: Fn(Field<'_>) -> Option<T>,
    W: Fn(&T) -> Json,
    S: Fn() -> Shape,
{
    Functions { read, write, shape, value: PhantomData }
}

struct Functions<T, R, W, S> {
    read: R,
    write: W,
    shape: S,
    value: PhantomData<fn() -> T>,
}

impl<T, R, W, S> Form for Functions<T, R, W, S>
where
    R: Fn(Field<'_>) -> Option<T>,
    W: Fn(&T) -> Json,
    S: Fn() -> Shape,
{
    type Value = T;

    fn read(&self, field: Field<'_>) -> Option<T> {
        (self.read)(field)
    }

    fn write(&self, value: &T) -> Json {
        (self.write)(value)
    }

    fn shape(&self) -> Shape {
        (self.shape)()
    }
}

/// A form whose values are checked and converted.
pub fn checked<F: Form, T>(
    inner: F,
    check: impl Fn(F::Value, Field<'_>) -> Option<T>,
    back: impl Fn(&T) -> F::Value,
) -> impl Form<Value = T> {
    Checked { inner, check, back, value: PhantomData }
}

struct Checked<F, C, B, T> {
    inner: F,
    check: C,
    back: B,
    value: PhantomData<fn() -> T>,
}

impl<F: Form, C, B, T> Form for Checked<F, C, B, T>
where
    C: Fn(F::Value, Field<'_>) -> Option<T>,
    B: Fn(&T) -> F::Value,
{
    type Value = T;

    fn read(&self, field: Field<'_>) -> Option<T> {
        (self.check)(self.inner.read(field)?, field)
    }

    fn write(&self, value: &T) -> Json {
        self.inner.write(&(self.back)(value))
    }

    fn shape(&self) -> Shape {
        self.inner.shape()
    }
}

/// The same form with further keywords in its JSON Schema.
pub fn described<F: Form>(inner: F, keywords: fn() -> Json) -> impl Form<Value = F::Value> {
    Described { inner, keywords }
}

struct Described<F> {
    inner: F,
    keywords: fn() -> Json,
}

impl<F: Form> Form for Described<F> {
    type Value = F::Value;

    fn read(&self, field: Field<'_>) -> Option<F::Value> {
        self.inner.read(field)
    }

    fn write(&self, value: &F::Value) -> Json {
        self.inner.write(value)
    }

    fn shape(&self) -> Shape {
        self.inner.shape().with((self.keywords)())
    }
}

/// An array of such values, perhaps empty.
pub fn list<F: Form>(item: F) -> impl Form<Value = Vec<F::Value>> {
    List(item)
}

struct List<F>(F);

impl<F: Form> Form for List<F> {
    type Value = Vec<F::Value>;

    fn read(&self, field: Field<'_>) -> Option<Vec<F::Value>> {
        field.array(|item| self.0.read(item))
    }

    fn write(&self, values: &Vec<F::Value>) -> Json {
        values.iter().map(|value| self.0.write(value)).collect()
    }

    fn shape(&self) -> Shape {
        Shape::List { item: Box::new(self.0.shape()), schema: json!({}) }
    }
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
    OrTable(plain, table)
}

struct OrTable<A, B>(A, B);

impl<A: Form, B: Form> Form for OrTable<A, B> {
    type Value = Either<A::Value, B::Value>;

    fn read(&self, field: Field<'_>) -> Option<Self::Value> {
        match field.value() {
            Value::Table(_) => self.1.read(field).map(Either::Table),
            _ => self.0.read(field).map(Either::Plain),
        }
    }

    fn write(&self, value: &Self::Value) -> Json {
        match value {
            Either::Plain(plain) => self.0.write(plain),
            Either::Table(table) => self.1.write(table),
        }
    }

    fn shape(&self) -> Shape {
        Shape::either(self.0.shape(), self.1.shape())
    }
}

/// A value, or a word that stands for no value.
pub fn or_word<F: Form>(word: &'static str, inner: F) -> impl Form<Value = Option<F::Value>> {
    OrWord { word, inner }
}

struct OrWord<F> {
    word: &'static str,
    inner: F,
}

impl<F: Form> Form for OrWord<F> {
    type Value = Option<F::Value>;

    fn read(&self, field: Field<'_>) -> Option<Self::Value> {
        match field.value() {
            Value::String(text) if text == self.word => Some(None),
            _ => self.inner.read(field).map(Some),
        }
    }

    fn write(&self, value: &Self::Value) -> Json {
        value.as_ref().map_or(self.word.into(), |value| self.inner.write(value))
    }

    fn shape(&self) -> Shape {
        Shape::either(self.inner.shape(), Shape::word(self.word))
    }
}

/// One of a few words, each with the value that it stands for.
pub fn words<T: Clone + PartialEq>(words: Vec<(&'static str, T)>) -> impl Form<Value = T> {
    Words(words)
}

struct Words<T>(Vec<(&'static str, T)>);

impl<T: Clone + PartialEq> Form for Words<T> {
    type Value = T;

    fn read(&self, field: Field<'_>) -> Option<T> {
        field.one_of(&self.0)
    }

    fn write(&self, value: &T) -> Json {
        self.0.iter().find(|(_, known)| known == value).map(|(word, _)| *word).into()
    }

    fn shape(&self) -> Shape {
        let words: Vec<&str> = self.0.iter().map(|(word, _)| *word).collect();
        let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        Shape::value(format!("one of {}", quoted.join(", ")), json!({ "enum": words }))
    }
}

/// `true` or `false`.
pub fn boolean() -> impl Form<Value = bool> {
    form(
        |field| field.boolean(),
        |value| json!(value),
        || Shape::value("`true` or `false`", json!({ "type": "boolean" })),
    )
}

/// A text with more than white space.
pub fn text() -> impl Form<Value = String> {
    form(
        |field| field.non_empty_string().map(str::to_owned),
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

/// A whole number in a range. A range that ends where TOML's numbers do, or above, is open.
pub fn integer<T>(range: RangeInclusive<T>) -> impl Form<Value = T>
where
    T: Copy + Display + PartialOrd + TryFrom<i64> + Into<u64>,
{
    let shape = range.clone();
    form(
        move |field| field.integer_in(range.clone()),
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

/// A number from 0 to 1.
pub fn probability() -> impl Form<Value = f64> {
    form(
        |field| field.probability(),
        |number| json!(number),
        || {
            Shape::value(
                "number from 0 to 1",
                json!({ "type": "number", "minimum": 0, "maximum": 1 }),
            )
        },
    )
}

/// A number of at least 0.
pub fn non_negative() -> impl Form<Value = f64> {
    form(
        |field| field.non_negative(),
        |number| json!(number),
        || Shape::value("number of at least 0", json!({ "type": "number", "minimum": 0 })),
    )
}

/// A duration, such as `"2h 30m"`; zero is valid.
pub fn duration() -> impl Form<Value = Span> {
    form(|field| field.duration(), |span| span.to_string().into(), quantity_shape::<Span>)
}

/// A duration that is not zero.
pub fn positive_duration() -> impl Form<Value = Span> {
    form(
        |field| field.positive_duration(),
        |span| span.to_string().into(),
        || quantity_shape::<Span>().with(json!({ "not": { "pattern": "^[^1-9]*$" } })),
    )
}

/// A size, such as `"40 MB"`.
pub fn size() -> impl Form<Value = Size> {
    form(|field| field.size(), |size| size.to_string().into(), quantity_shape::<Size>)
}

/// A rate, such as `"100 MB/s"`.
pub fn rate() -> impl Form<Value = Rate> {
    form(|field| field.rate(), |rate| rate.to_string().into(), quantity_shape::<Rate>)
}

/// The shape of a value with a unit.
pub fn quantity_shape<Q: Quantity>() -> Shape {
    let kind = Q::WHAT.trim_start_matches("a ");
    let schema = json!({ "type": "string", "pattern": Q::pattern(), "examples": Q::EXAMPLES });
    Shape::value(kind, schema)
}

/// A form that accepts wrong values as `None` after it has reported them. If one of many values is
/// wrong, the others can still be checked against each other.
pub fn attempted<F: Form>(inner: F) -> impl Form<Value = Option<F::Value>> {
    Attempted(inner)
}

struct Attempted<F>(F);

impl<F: Form> Form for Attempted<F> {
    type Value = Option<F::Value>;

    fn read(&self, field: Field<'_>) -> Option<Self::Value> {
        Some(self.0.read(field))
    }

    fn write(&self, value: &Self::Value) -> Json {
        value.as_ref().map_or(Json::Null, |value| self.0.write(value))
    }

    fn shape(&self) -> Shape {
        self.0.shape()
    }
}
