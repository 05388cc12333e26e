//! How a key belongs to its table: whether it is required, and what applies without it.

use std::marker::PhantomData;

use serde_json::{Map, Value as Json};

use super::fields::Fields;
use super::shape::{Key, Presence, TableShape};
use super::table::Keys;
use super::values::Form;

/// How a key belongs to its table.
pub trait KeyEntry {
    /// The type of its value.
    type Value;

    /// Reads it; `None` if it is wrong or missing, which is reported.
    fn read(&self, fields: &mut Fields<'_>, key: &'static str) -> Option<Self::Value>;

    /// Writes it into a table.
    fn write(&self, value: &Self::Value, key: &'static str, into: &mut Map<String, Json>);

    /// Adds its description to that of a table.
    fn describe(&self, key: &'static str, meaning: &str, table: &mut TableShape);
}

/// A required key; `example` is a value of it in TOML.
pub fn required<F: Form>(example: &'static str, form: F) -> impl KeyEntry<Value = F::Value> {
    Required { example, form }
}

/// A key that may be absent; `absent` describes what applies then.
pub fn optional<F: Form>(absent: &'static str, form: F) -> impl KeyEntry<Value = Option<F::Value>> {
    Optional { absent, form }
}

/// A key that may be absent and then has the value `value`.
pub fn default<F: Form>(value: F::Value, form: F) -> WithDefault<F>
where
    F::Value: Clone + PartialEq,
{
    WithDefault { value, form, is_written: true }
}

/// A key that may be absent and then has a value that depends on the rest of the table; `absent`
/// describes that value.
pub fn derived<F: Form>(
    absent: &'static str,
    value: fn(&Fields<'_>) -> F::Value,
    form: F,
) -> impl KeyEntry<Value = F::Value> {
    Derived { absent, value, form }
}

/// The keys of `K` as keys of this table.
pub fn part<K: Keys>() -> impl KeyEntry<Value = K> {
    InnerKeys(PhantomData)
}

struct Required<F> {
    example: &'static str,
    form: F,
}

impl<F: Form> KeyEntry for Required<F> {
    type Value = F::Value;

    fn read(&self, fields: &mut Fields<'_>, key: &'static str) -> Option<F::Value> {
        fields.required(key, self.example, |field| self.form.read(field))
    }

    fn write(&self, value: &F::Value, key: &'static str, into: &mut Map<String, Json>) {
        into.insert(key.to_owned(), self.form.write(value));
    }

    fn describe(&self, name: &'static str, meaning: &str, table: &mut TableShape) {
        let (presence, shape) = (Presence::Required, self.form.shape());
        table.keys.push(Key { name, meaning: meaning.to_owned(), presence, shape });
    }
}

struct Optional<F> {
    absent: &'static str,
    form: F,
}

impl<F: Form> KeyEntry for Optional<F> {
    type Value = Option<F::Value>;

    fn read(&self, fields: &mut Fields<'_>, key: &'static str) -> Option<Option<F::Value>> {
        fields.optional(key, |field| self.form.read(field))
    }

    fn write(&self, value: &Option<F::Value>, key: &'static str, into: &mut Map<String, Json>) {
        if let Some(value) = value {
            into.insert(key.to_owned(), self.form.write(value));
        }
    }

    fn describe(&self, name: &'static str, meaning: &str, table: &mut TableShape) {
        let (presence, shape) = (Presence::Optional(self.absent), self.form.shape());
        table.keys.push(Key { name, meaning: meaning.to_owned(), presence, shape });
    }
}

/// A key with a default: see [`default`].
pub struct WithDefault<F: Form> {
    value: F::Value,
    form: F,
    is_written: bool,
}

impl<F: Form> WithDefault<F> {
    /// Leaves the key out of a written table if it has its default.
    pub fn unwritten(self) -> Self {
        WithDefault { is_written: false, ..self }
    }
}

impl<F: Form> KeyEntry for WithDefault<F>
where
    F::Value: Clone + PartialEq,
{
    type Value = F::Value;

    fn read(&self, fields: &mut Fields<'_>, key: &'static str) -> Option<F::Value> {
        fields.or(key, self.value.clone(), |field| self.form.read(field))
    }

    fn write(&self, value: &F::Value, key: &'static str, into: &mut Map<String, Json>) {
        if self.is_written || *value != self.value {
            into.insert(key.to_owned(), self.form.write(value));
        }
    }

    fn describe(&self, name: &'static str, meaning: &str, table: &mut TableShape) {
        let presence = Presence::Default(self.form.write(&self.value));
        let shape = self.form.shape();
        table.keys.push(Key { name, meaning: meaning.to_owned(), presence, shape });
    }
}

struct Derived<F: Form> {
    absent: &'static str,
    value: fn(&Fields<'_>) -> F::Value,
    form: F,
}

impl<F: Form> KeyEntry for Derived<F> {
    type Value = F::Value;

    fn read(&self, fields: &mut Fields<'_>, key: &'static str) -> Option<F::Value> {
        match fields.field(key) {
            Some(field) => self.form.read(field),
            None => Some((self.value)(fields)),
        }
    }

    fn write(&self, value: &F::Value, key: &'static str, into: &mut Map<String, Json>) {
        into.insert(key.to_owned(), self.form.write(value));
    }

    fn describe(&self, name: &'static str, meaning: &str, table: &mut TableShape) {
        let (presence, shape) = (Presence::Optional(self.absent), self.form.shape());
        table.keys.push(Key { name, meaning: meaning.to_owned(), presence, shape });
    }
}

struct InnerKeys<K>(PhantomData<K>);

impl<K: Keys> KeyEntry for InnerKeys<K> {
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
