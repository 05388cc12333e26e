//! How a key belongs to its table: whether it is required, and what applies without it.

use serde_json::{Map, Value as Json};

use super::combine::maybe;
use super::fields::Fields;
use super::shape::{Key, LaidOver, Presence, TableShape};
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
pub fn required<F: Form>(example: &'static str, form: F) -> OneKey<F> {
    OneKey::new(form, Absent::Missing(example))
}

/// A key that is required unless the table has the key `other`; then it has the value `value`, which is not
/// written. `absent` describes that, and `example` is a value of it in TOML.
pub fn required_unless<F: Form>(
    other: &'static str,
    value: F::Value,
    absent: &'static str,
    example: &'static str,
    form: F,
) -> OneKey<F> {
    OneKey::new(form, Absent::MissingUnless { example, other, value, absent })
}

/// A key that may be absent; `absent` describes what applies then.
pub fn optional<F: Form>(
    absent: &'static str,
    form: F,
) -> OneKey<impl Form<Value = Option<F::Value>>> {
    derived(absent, |_| None, maybe(form))
}

/// A key that may be absent. The value `value` applies then, unless another key determines it.
pub fn implied<F: Form>(value: F::Value, form: F) -> OneKey<impl Form<Value = Option<F::Value>>> {
    OneKey::new(maybe(form), Absent::Implied(Some(value), |_| None))
}

/// A key that may be absent and then has the value `value`.
pub fn default<F: Form>(value: F::Value, form: F) -> OneKey<F> {
    OneKey::new(form, Absent::Value(value))
}

/// A key that may be absent and then has a value that depends on the rest of the table; `absent`
/// describes that value.
pub fn derived<F: Form>(
    absent: &'static str,
    value: fn(&Fields<'_>) -> F::Value,
    form: F,
) -> OneKey<F> {
    OneKey::new(form, Absent::Derived(absent, value))
}

/// A key with a value of the form `F`.
pub struct OneKey<F: Form> {
    form: F,
    absent: Absent<F::Value>,
    is_written: bool,
    laid_over: LaidOver,
}

/// What applies without a key.
enum Absent<T> {
    /// The table is invalid; the example is for the message.
    Missing(&'static str),
    /// The same, unless there is another key.
    MissingUnless {
        example: &'static str,
        other: &'static str,
        value: T,
        absent: &'static str,
    },
    Value(T),
    Derived(&'static str, fn(&Fields<'_>) -> T),
    /// Nothing is read, though what applies is this value.
    Implied(T, fn(&Fields<'_>) -> T),
}

impl<F: Form> OneKey<F> {
    fn new(form: F, absent: Absent<F::Value>) -> Self {
        OneKey { form, absent, is_written: true, laid_over: LaidOver::default() }
    }

    /// Leaves the key out of a written table if it has its default.
    pub fn unwritten(self) -> Self {
        OneKey { is_written: false, ..self }
    }

    /// Lets overlays replace its value as a whole, because keys of the value depend on each other.
    pub fn whole(mut self) -> Self {
        self.laid_over.is_whole = true;
        self
    }

    /// Lets overlays that have the key replace its table as a whole, because it names a kind of the table.
    pub fn naming_a_kind(mut self) -> Self {
        self.laid_over.names_a_kind = true;
        self
    }

    /// Lets tables of overlays merge into a plain value as if that were written as `inner` in a table.
    pub fn short_for(mut self, inner: &'static str) -> Self {
        self.laid_over.short_for = Some(inner);
        self
    }

    /// Lets overlays that have the key take the keys `others` away, which it cannot be combined with.
    pub fn instead_of(mut self, others: &[&'static str]) -> Self {
        self.laid_over.instead_of.extend(others);
        self
    }
}

impl<F: Form> KeyEntry for OneKey<F>
where
    F::Value: Clone + PartialEq,
{
    type Value = F::Value;

    fn read(&self, fields: &mut Fields<'_>, key: &'static str) -> Option<F::Value> {
        match (fields.field(key), &self.absent) {
            (Some(field), _) => self.form.read(field),
            (None, Absent::Missing(example)) => fields.report_missing(key, example),
            (None, Absent::MissingUnless { example, other, value, .. }) => {
                match fields.table().get(other) {
                    Some(_) => Some(value.clone()),
                    None => fields.report_missing(key, example),
                }
            }
            (None, Absent::Value(value)) => Some(value.clone()),
            (None, Absent::Derived(_, value) | Absent::Implied(_, value)) => Some(value(fields)),
        }
    }

    fn write(&self, value: &F::Value, key: &'static str, into: &mut Map<String, Json>) {
        let is_default = match &self.absent {
            Absent::Value(default) => !self.is_written && default == value,
            Absent::MissingUnless { value: default, .. } => default == value,
            _ => false,
        };
        let written = self.form.write(value);
        if !written.is_null() && !is_default {
            into.insert(key.to_owned(), written);
        }
    }

    fn describe(&self, name: &'static str, meaning: &str, table: &mut TableShape) {
        let presence = match &self.absent {
            Absent::Missing(_) => Presence::Required,
            Absent::Value(value) | Absent::Implied(value, _) => {
                Presence::Default(self.form.write(value))
            }
            Absent::Derived(absent, _) => Presence::Optional(absent),
            Absent::MissingUnless { other, absent, .. } => Presence::Unless { other, absent },
        };
        let (meaning, shape) = (meaning.to_owned(), self.form.shape());
        table.keys.push(Key { name, meaning, presence, shape, laid_over: self.laid_over.clone() });
    }
}
