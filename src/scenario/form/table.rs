//! Tables: with a set of keys, and with one of several sets.

use std::marker::PhantomData;

use serde_json::{Map, Value as Json};

use super::super::document::Value;
use super::combine::checked;
use super::entry::{KeyEntry, required};
use super::field::Field;
use super::fields::Fields;
use super::shape::{Shape, TableShape};
use super::values::{Form, form, words};
use crate::diagnostic::{quoted, quoted_list};

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
    fn words() -> Vec<&'static str>;

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
            is_table(field, || keys_help(&K::shape()))?;
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
    checked(keys_of::<K>(what), K::model, K::of)
}

/// A table that is one of the kinds of `C`.
pub fn choice<C: Kinds>(what: &'static str) -> impl Form<Value = C> {
    form(
        move |field| {
            is_table(field, || {
                format!("write a table, such as `{{ {} = {}, ... }}`", C::TAG, C::EXAMPLE)
            })?;
            let mut fields = field.fields(what)?;
            let word = required(C::EXAMPLE, tag::<C>()).read(&mut fields, C::TAG)?;
            let read = C::read(word, &mut fields);
            fields.finish();
            read
        },
        |choice: &C| written(|into| choice.write(into)),
        || Shape::Table(C::shape()),
    )
}

/// Reports, with that help, where there is no table.
fn is_table(field: Field<'_>, help: impl FnOnce() -> String) -> Option<()> {
    match field.value() {
        Value::Table(_) => Some(()),
        _ => field.expected("a table", Some(help())),
    }
}

/// The most keys that a help names.
const MOST_KEYS: usize = 8;

fn keys_help(shape: &TableShape) -> String {
    let keys: Vec<&str> = shape.all_keys().map(|key| key.name).collect();
    let shown = quoted_list(keys.iter().take(MOST_KEYS).copied());
    match keys.len() > MOST_KEYS {
        true => format!("write a table; among its keys are {shown}"),
        false => format!("write a table; its keys are {shown}"),
    }
}

/// The key that names a kind of `C`.
pub fn tag<C: Kinds>() -> impl Form<Value = &'static str> {
    words(C::words().into_iter().map(|word| (word, word)).collect())
}

/// The keys of `K` as keys of the table around them.
pub fn part<K: Keys>() -> impl KeyEntry<Value = K> {
    Part(PhantomData)
}

struct Part<K>(PhantomData<K>);

impl<K: Keys> KeyEntry for Part<K> {
    type Value = K;

    fn read(&self, fields: &mut Fields<'_>, _: &'static str) -> Option<K> {
        Some(K::read(fields))
    }

    fn write(&self, value: &K, _: &'static str, into: &mut Map<String, Json>) {
        value.write(into);
    }

    fn describe(&self, _: &'static str, _: &str, table: &mut TableShape) {
        let part = K::shape();
        table.keys.extend(part.keys);
        table.choices = table.choices.take().or(part.choices);
    }
}

fn written(write: impl FnOnce(&mut Map<String, Json>)) -> Json {
    let mut into = Map::new();
    write(&mut into);
    Json::Object(into)
}
