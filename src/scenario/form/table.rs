//! Tables: with a set of keys, with one of several sets, and with names for keys.

use serde_json::{Map, Value as Json};

use super::field::Field;
use super::fields::Fields;
use super::shape::{Shape, TableShape};
use super::values::{Form, form};
use crate::diagnostic::quoted;

/// The keys of a table, as [`keys!`](super::keys) defines them.
pub trait Keys: Sized {
    /// Reads all of them. What is wrong is reported, and its field is `None`.
    fn read(fields: &mut Fields<'_>) -> Self;

    /// Sets the keys in `lost` to `None`: whether the file has them is not known.
    fn forget(&mut self, lost: &dyn Fn(&str) -> bool);

    /// Writes them into a table, except those that are `None`.
    fn write(&self, into: &mut Map<String, Json>);

    /// Describes them.
    fn shape() -> TableShape;
}

/// Keys that stand for something in the model.
pub trait Models: Keys {
    /// The type in the model.
    type Model;

    /// What the keys of the table `field` stand for; `None` if that is wrong, which is reported.
    fn model(self, field: Field<'_>) -> Option<Self::Model>;

    /// The keys with which `model` is written.
    fn of(model: &Self::Model) -> Self;
}

/// A table with one of several sets of keys, as [`kinds!`](super::kinds) defines it.
pub trait Kinds: Sized {
    /// The key that names the kind.
    const TAG: &'static str;
    /// A value of that key in TOML.
    const EXAMPLE: &'static str;
    /// The words that name a kind.
    const WORDS: &'static [&'static str];

    /// Reads the keys of the kind `word`; `None` if any is wrong, which is reported.
    fn read(word: &str, fields: &mut Fields<'_>) -> Option<Self>;

    /// Writes the tag and the keys of the kind into a table.
    fn write(&self, into: &mut Map<String, Json>);

    /// Describes it.
    fn shape() -> TableShape;
}

/// A table with the keys of `K`. `what` is its name in messages; `{}` in it stands for its key.
pub fn keys_of<K: Keys>(what: &'static str) -> impl Form<Value = K> {
    form(
        move |field| {
            let what = what.replace("{}", &quoted(field.key()));
            let fields = field.fields(what)?;
            Some(read_all(fields))
        },
        |keys: &K| written(|into| keys.write(into)),
        || Shape::Table(K::shape()),
    )
}

/// Reads all keys of a table, and reports missing and unknown ones.
pub fn read_all<K: Keys>(mut fields: Fields<'_>) -> K {
    let mut keys = K::read(&mut fields);
    let table = fields.table();
    let meant = fields.finish();
    // The missing keys may be among the lines with errors.
    let unreadable = |key: &str| table.is_incomplete() && table.get(key).is_none();
    keys.forget(&|key| unreadable(key) || meant.iter().any(|meant| meant == key));
    keys
}

/// A table whose keys `K` stand for something in the model.
pub fn table<K: Models>(what: &'static str) -> impl Form<Value = K::Model> {
    let inner = keys_of::<K>(what);
    form(
        move |field| inner.read(field)?.model(field),
        |model| written(|into| K::of(model).write(into)),
        || Shape::Table(K::shape()),
    )
}

/// A table that is one of the kinds of `C`.
pub fn choice<C: Kinds>(what: &'static str) -> impl Form<Value = C> {
    form(
        move |field| {
            let mut fields = field.fields(what)?;
            let word = fields.required(C::TAG, C::EXAMPLE, |tag| tag.one_of_words(C::WORDS))?;
            let read = C::read(word, &mut fields);
            fields.finish();
            read
        },
        |choice: &C| written(|into| choice.write(into)),
        || Shape::Table(C::shape()),
    )
}

/// A table whose keys are names, each with a value of the form `each`.
pub fn names<F: Form>(each: F) -> impl Form<Value = Vec<(String, F::Value)>> {
    Names(each)
}

struct Names<F>(F);

impl<F: Form> Form for Names<F> {
    type Value = Vec<(String, F::Value)>;

    fn read(&self, field: Field<'_>) -> Option<Self::Value> {
        let read = |entry: Field<'_>| Some((entry.key().to_owned(), self.0.read(entry)?));
        // All values are read, so that the errors of all of them are reported.
        let all: Vec<Option<_>> = field.entries()?.map(read).collect();
        all.into_iter().collect()
    }

    fn write(&self, all: &Self::Value) -> Json {
        let all = all.iter().map(|(name, value)| (name.clone(), self.0.write(value)));
        Json::Object(all.collect())
    }

    fn shape(&self) -> Shape {
        Shape::Names(Box::new(self.0.shape()))
    }
}

fn written(write: impl FnOnce(&mut Map<String, Json>)) -> Json {
    let mut into = Map::new();
    write(&mut into);
    Json::Object(into)
}
