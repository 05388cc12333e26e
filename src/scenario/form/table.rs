//! Tables of keys: [`keys!`] for a table, [`choice!`] for one whose keys depend on one of them.

use std::marker::PhantomData;

use serde_json::{Map, Value as Json};

use super::super::diagnostic::quoted;
use super::field::Field;
use super::fields::Fields;
use super::shape::{Choices, Key, Kind, Presence, Shape, TableShape};
use super::values::form;
use super::Form;

/// The keys of a table, as [`keys!`] defines them.
pub trait Keys: Sized {
    /// Reads all of them. What is wrong is reported, and its field is `None`.
    fn read(fields: &mut Fields<'_>) -> Self;

    /// Makes `None` of the keys that are `lost`: whether they are there is not known.
    fn forget(&mut self, lost: &dyn Fn(&str) -> bool);

    /// Writes them into a table; not those that are `None`.
    fn write(&self, into: &mut Map<String, Json>);

    /// Describes them.
    fn shape() -> TableShape;
}

/// Keys that stand for something in the model.
pub trait Models: Keys {
    /// What they stand for.
    type Model;

    /// What the keys of the table `field` stand for; `None` if that is wrong, which is reported.
    fn model(self, field: Field<'_>) -> Option<Self::Model>;

    /// The keys with which `model` is written.
    fn of(model: &Self::Model) -> Self;
}

/// A table with one of several sets of keys, as [`choice!`] defines it.
pub trait Choice: Sized {
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

/// How a key belongs to its table.
pub trait Entry {
    /// What is read.
    type Value;

    /// Reads it; `None`: it is wrong or missing, which is reported.
    fn read(&self, fields: &mut Fields<'_>, key: &'static str) -> Option<Self::Value>;

    /// Writes it into a table.
    fn write(&self, value: &Self::Value, key: &'static str, into: &mut Map<String, Json>);

    /// Adds its description to that of a table.
    fn describe(&self, key: &'static str, meaning: &str, table: &mut TableShape);
}

/// A key that must be there; `example` is a value of it in TOML.
pub fn required<F: Form>(example: &'static str, form: F) -> impl Entry<Value = F::Value> {
    Required { example, form }
}

/// A key that may be absent; `absent` says what holds then.
pub fn optional<F: Form>(absent: &'static str, form: F) -> impl Entry<Value = Option<F::Value>> {
    Optional { absent, form }
}

/// A key that may be absent, which then has the value `value`.
pub fn default<F: Form>(value: F::Value, form: F) -> Default<F>
where
    F::Value: Clone + PartialEq,
{
    Default { value, form, is_written: true }
}

/// A key that may be absent, which then has a value that depends on the rest of the table; `absent`
/// says which.
pub fn derived<F: Form>(
    absent: &'static str,
    value: fn(&Fields<'_>) -> F::Value,
    form: F,
) -> impl Entry<Value = F::Value> {
    Derived { absent, value, form }
}

/// The keys of `K` as keys of this table.
pub fn part<K: Keys>() -> impl Entry<Value = K> {
    Part(PhantomData)
}

struct Required<F> {
    example: &'static str,
    form: F,
}

impl<F: Form> Entry for Required<F> {
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

impl<F: Form> Entry for Optional<F> {
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
pub struct Default<F: Form> {
    value: F::Value,
    form: F,
    is_written: bool,
}

impl<F: Form> Default<F> {
    /// Leaves the default out where the table is written.
    pub fn unwritten(self) -> Self {
        Default { is_written: false, ..self }
    }
}

impl<F: Form> Entry for Default<F>
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

impl<F: Form> Entry for Derived<F> {
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

struct Part<K>(PhantomData<K>);

impl<K: Keys> Entry for Part<K> {
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

/// A table with the keys of `K`. `what` is what messages call it; `{}` in it is its own key.
pub fn keys<K: Keys>(what: &'static str) -> impl Form<Value = K> {
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

/// Reads all keys of a table, and reports those that it does not have.
pub fn read_all<K: Keys>(mut fields: Fields<'_>) -> K {
    let mut keys = K::read(&mut fields);
    let table = fields.table();
    let meant = fields.finish();
    // Those may be among the lines with errors.
    let unreadable = |key: &str| table.is_incomplete() && table.get(key).is_none();
    keys.forget(&|key| unreadable(key) || meant.iter().any(|meant| meant == key));
    keys
}

/// A table of which the keys of `K` stand for something in the model.
pub fn table<K: Models>(what: &'static str) -> impl Form<Value = K::Model> {
    let inner = keys::<K>(what);
    form(
        move |field| inner.read(field)?.model(field),
        |model| written(|into| K::of(model).write(into)),
        || Shape::Table(K::shape()),
    )
}

/// A table that is one of the kinds of `C`.
pub fn choice<C: Choice>(what: &'static str) -> impl Form<Value = C> {
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

/// A table whose keys are names, with a value of the form `each` behind each of them.
pub fn names<F: Form>(each: F) -> impl Form<Value = Vec<(String, F::Value)>> {
    Names(each)
}

struct Names<F>(F);

impl<F: Form> Form for Names<F> {
    type Value = Vec<(String, F::Value)>;

    fn read(&self, field: Field<'_>) -> Option<Self::Value> {
        let read = |entry: Field<'_>| Some((entry.key().to_owned(), self.0.read(entry)?));
        // All are read, so that the errors of all are reported.
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

/// What a doc comment says.
pub fn meaning(comment: &'static str) -> String {
    comment.trim().to_owned()
}

/// A kind of a table, whose keys `describe` adds.
pub fn kind(
    word: &'static str,
    comment: &'static str,
    describe: impl FnOnce(&mut TableShape),
) -> Kind {
    let mut table = TableShape::default();
    describe(&mut table);
    Kind { word, meaning: meaning(comment), keys: table.keys }
}

/// The description of a table that is one of `kinds`.
pub fn one_of(comment: &'static str, tag: &'static str, kinds: Vec<Kind>) -> TableShape {
    let choices = Some(Choices { tag, default: None, kinds });
    TableShape { meaning: meaning(comment), choices, keys: Vec::new() }
}

/// Defines the keys of a table: a struct with a field for each, and how they are read and written.
///
/// ```text
/// keys! {
///     /// Random failures, in which the point cannot be reached.
///     FailuresKeys => Failures {
///         /// The mean time between two failures.
///         mtbf: Span = required("\"30d\"", positive_duration());
///         /// The mean time to repair one.
///         mttr: Span = required("\"1h\"", positive_duration());
///     }
/// }
/// ```
///
/// The doc comments are what users read. A key that is no name in Rust is written in parentheses:
/// `length ("for"): Span`. With `=> Failures` the keys are the fields of that struct; without,
/// [`Models`] can be implemented by hand.
macro_rules! keys {
    ($(#[doc = $about:literal])+ $Keys:ident => $Model:ident { $($entries:tt)* }) => {
        $crate::scenario::form::keys! { $(#[doc = $about])+ $Keys { $($entries)* } }
        $crate::scenario::form::keys! { @model $Keys $Model { $($entries)* } }
    };
    (@model $Keys:ident $Model:ident {
        $($(#[doc = $doc:literal])* $field:ident $(($key:literal))? : $Type:ty = $entry:expr;)+
    }) => {
        impl $crate::scenario::form::Models for $Keys {
            type Model = $Model;

            fn model(self, _: $crate::scenario::form::Field<'_>) -> Option<$Model> {
                Some($Model { $($field: self.$field?),+ })
            }

            fn of(model: &$Model) -> Self {
                Self { $($field: Some(model.$field.clone())),+ }
            }
        }
    };
    ($(#[doc = $about:literal])+ $Keys:ident {
        $($(#[doc = $doc:literal])* $field:ident $(($key:literal))? : $Type:ty = $entry:expr;)+
    }) => {
        $(#[doc = $about])+
        #[doc = ""]
        #[doc = "A field is `None` if its key is wrong or missing, which is reported."]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $Keys { $($(#[doc = $doc])* pub $field: Option<$Type>,)+ }

        impl $Keys {
            $(fn $field() -> impl $crate::scenario::form::Entry<Value = $Type> { $entry })+
        }

        impl $crate::scenario::form::Keys for $Keys {
            fn read(fields: &mut $crate::scenario::form::Fields<'_>) -> Self {
                use $crate::scenario::form::{Entry as _, keys};
                Self { $($field: Self::$field().read(fields, keys!(@name $field $(($key))?))),+ }
            }

            fn forget(&mut self, lost: &dyn Fn(&str) -> bool) {
                use $crate::scenario::form::keys;
                $(if lost(keys!(@name $field $(($key))?)) { self.$field = None; })+
            }

            fn write(&self, into: &mut serde_json::Map<String, serde_json::Value>) {
                use $crate::scenario::form::{Entry as _, keys};
                $(if let Some(value) = &self.$field {
                    Self::$field().write(value, keys!(@name $field $(($key))?), into);
                })+
            }

            fn shape() -> $crate::scenario::form::TableShape {
                use $crate::scenario::form::{Entry as _, TableShape, keys, meaning};
                let about = meaning(concat!($($about),+));
                let mut table = TableShape { meaning: about, ..TableShape::default() };
                $(Self::$field().describe(
                    keys!(@name $field $(($key))?),
                    &meaning(concat!($($doc),*)),
                    &mut table,
                );)+
                table
            }
        }
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident ($key:literal)) => { $key };
}

/// Defines a table with one of several sets of keys: how an enum of the model is read and written.
///
/// ```text
/// choice! {
///     /// When clients make their first attempt.
///     Arrival by "kind", as in "\"uniform\"" {
///         /// All at once.
///         "burst" => Burst {
///             /// When.
///             at: Span = default(Span::ZERO, duration());
///         }
///         /// As a CSV file says: row i is client i.
///         "trace" => Trace(Trace = csv_column("\"arrivals.csv\""))
///     }
/// }
/// ```
macro_rules! choice {
    ($(#[doc = $about:literal])+ $Model:ident by $tag:literal, as in $example:literal {
        $($(#[doc = $doc:literal])+ $word:literal => $Variant:ident $keys:tt)+
    }) => {
        impl $crate::scenario::form::Choice for $Model {
            const TAG: &'static str = $tag;
            const EXAMPLE: &'static str = $example;
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn read(word: &str, fields: &mut $crate::scenario::form::Fields<'_>) -> Option<Self> {
                use $crate::scenario::form::choice;
                match word {
                    $($word => choice!(@read fields $Model $Variant $keys),)+
                    _ => None,
                }
            }

            fn write(&self, into: &mut serde_json::Map<String, serde_json::Value>) {
                use $crate::scenario::form::choice;
                $(choice!(@write self into $tag $word $Model $Variant $keys);)+
            }

            fn shape() -> $crate::scenario::form::TableShape {
                use $crate::scenario::form::{choice, kind, one_of};
                let kinds = vec![$(kind($word, concat!($($doc),+), |_table| {
                    choice!(@describe _table $keys)
                })),+];
                one_of(concat!($($about),+), $tag, kinds)
            }
        }
    };
    (@read $fields:ident $Model:ident $Variant:ident {
        $($(#[doc = $doc:literal])+ $field:ident : $Type:ty = $entry:expr;)+
    }) => {{
        $(let $field: Option<$Type> = $crate::scenario::form::Entry::read(
            &$entry, $fields, stringify!($field),
        );)+
        Some($Model::$Variant { $($field: $field?),+ })
    }};
    (@read $fields:ident $Model:ident $Variant:ident ($Type:ty = $entry:expr)) => {{
        let inner: Option<$Type> = $crate::scenario::form::Entry::read(&$entry, $fields, "");
        inner.map($Model::$Variant)
    }};
    (@write $self:ident $into:ident $tag:literal $word:literal $Model:ident $Variant:ident {
        $($(#[doc = $doc:literal])+ $field:ident : $Type:ty = $entry:expr;)+
    }) => {
        if let $Model::$Variant { $($field),+ } = $self {
            $into.insert($tag.to_owned(), $word.into());
            $($crate::scenario::form::Entry::write(&$entry, $field, stringify!($field), $into);)+
        }
    };
    (@write $self:ident $into:ident $tag:literal $word:literal $Model:ident $Variant:ident
        ($Type:ty = $entry:expr)
    ) => {
        if let $Model::$Variant(inner) = $self {
            $into.insert($tag.to_owned(), $word.into());
            $crate::scenario::form::Entry::write(&$entry, inner, "", $into);
        }
    };
    (@describe $table:ident {
        $($(#[doc = $doc:literal])+ $field:ident : $Type:ty = $entry:expr;)+
    }) => {
        {$($crate::scenario::form::Entry::describe(
            &$entry,
            stringify!($field),
            &$crate::scenario::form::meaning(concat!($($doc),*)),
            $table,
        );)+}
    };
    (@describe $table:ident ($Type:ty = $entry:expr)) => {
        $crate::scenario::form::Entry::describe(&$entry, "", "", $table)
    };
}

pub(in super::super) use {choice, keys};
