//! The tables of keys themselves: [`keys!`] for a table, [`kinds!`] for one with several sets of keys.

use super::shape::{Choices, Kind, TableShape};

/// The text of a doc comment.
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
///     /// Random failures, during which the point cannot be reached.
///     FailuresKeys => Failures {
///         /// The mean time between two failures.
///         mtbf: Span = required("\"30d\"", positive_duration());
///         /// The mean time to repair a failure.
///         mttr: Span = required("\"1h\"", positive_duration());
///     }
/// }
/// ```
///
/// The doc comments are what users read. A key that is not an identifier in Rust is written in parentheses:
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
            $(fn $field() -> impl $crate::scenario::form::KeyEntry<Value = $Type> { $entry })+
        }

        impl $crate::scenario::form::Keys for $Keys {
            fn read(fields: &mut $crate::scenario::form::Fields<'_>) -> Self {
                use $crate::scenario::form::{KeyEntry as _, keys};
                Self { $($field: Self::$field().read(fields, keys!(@name $field $(($key))?))),+ }
            }

            fn forget(&mut self, lost: &dyn Fn(&str) -> bool) {
                use $crate::scenario::form::keys;
                $(if lost(keys!(@name $field $(($key))?)) { self.$field = None; })+
            }

            fn write(&self, into: &mut serde_json::Map<String, serde_json::Value>) {
                use $crate::scenario::form::{KeyEntry as _, keys};
                $(if let Some(value) = &self.$field {
                    Self::$field().write(value, keys!(@name $field $(($key))?), into);
                })+
            }

            fn shape() -> $crate::scenario::form::TableShape {
                use $crate::scenario::form::{KeyEntry as _, TableShape, keys, meaning};
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
/// kinds! {
///     /// When clients make their first attempt.
///     Arrival by "kind", as in "\"uniform\"" {
///         /// All clients at once.
///         "burst" => Burst {
///             /// When the clients arrive.
///             at: Span = default(Span::ZERO, duration());
///         }
///         /// From a CSV file: row i is the arrival of client i.
///         "trace" => Trace(Trace = csv_column("\"arrivals.csv\""))
///     }
/// }
/// ```
///
/// With `or Held of TimeDistribution` before the brace, the kinds of another enum are kinds of this one too, whose
/// variant `Held` has them.
macro_rules! kinds {
    ($(#[doc = $about:literal])+ $Model:ident by $tag:literal, as in $example:literal
        $(, or $Held:ident of $Inner:ident)? {
        $($(#[doc = $doc:literal])+ $word:literal => $Variant:ident $keys:tt)+
    }) => {
        impl $crate::scenario::form::Kinds for $Model {
            const TAG: &'static str = $tag;
            const EXAMPLE: &'static str = $example;

            fn words() -> Vec<&'static str> {
                let mut _words = Vec::new();
                $(_words.extend(<$Inner as $crate::scenario::form::Kinds>::words());)?
                _words.extend([$($word),+]);
                _words
            }

            fn read(word: &str, fields: &mut $crate::scenario::form::Fields<'_>) -> Option<Self> {
                use $crate::scenario::form::kinds;
                match word {
                    $($word => kinds!(@read fields $Model $Variant $keys),)+
                    _ => kinds!(@others word fields $Model $($Held $Inner)?),
                }
            }

            fn write(&self, into: &mut serde_json::Map<String, serde_json::Value>) {
                use $crate::scenario::form::kinds;
                $(if let $Model::$Held(inner) = self {
                    $crate::scenario::form::Kinds::write(inner, into);
                })?
                $(kinds!(@write self into $tag $word $Model $Variant $keys);)+
            }

            fn shape() -> $crate::scenario::form::TableShape {
                use $crate::scenario::form::{kind, kinds, one_of};
                let mut _kinds = Vec::new();
                $(let inner = <$Inner as $crate::scenario::form::Kinds>::shape();
                _kinds.extend(inner.choices.into_iter().flat_map(|choices| choices.kinds));)?
                _kinds.extend([$(kind($word, concat!($($doc),+), |_table| {
                    kinds!(@describe _table $keys)
                })),+]);
                one_of(concat!($($about),+), $tag, _kinds)
            }
        }
    };
    (@others $word:ident $fields:ident $Model:ident) => { None };
    (@others $word:ident $fields:ident $Model:ident $Held:ident $Inner:ident) => {
        <$Inner as $crate::scenario::form::Kinds>::read($word, $fields).map($Model::$Held)
    };
    (@read $fields:ident $Model:ident $Variant:ident {
        $($(#[doc = $doc:literal])+ $field:ident : $Type:ty = $entry:expr;)+
    }) => {{
        // All at once: a field may shadow the name of a form that the next field uses.
        let all: ($(Option<$Type>,)+) = ($($crate::scenario::form::KeyEntry::read(
            &$entry, $fields, stringify!($field),
        ),)+);
        let ($($field,)+) = all;
        Some($Model::$Variant { $($field: $field?),+ })
    }};
    (@read $fields:ident $Model:ident $Variant:ident ($Type:ty = $entry:expr)) => {{
        let inner: Option<$Type> = $crate::scenario::form::KeyEntry::read(&$entry, $fields, "");
        inner.map($Model::$Variant)
    }};
    (@write $self:ident $into:ident $tag:literal $word:literal $Model:ident $Variant:ident {
        $($(#[doc = $doc:literal])+ $field:ident : $Type:ty = $entry:expr;)+
    }) => {
        if let $Model::$Variant { .. } = $self {
            $into.insert($tag.to_owned(), $word.into());
        }
        $(if let $Model::$Variant { $field: value, .. } = $self {
            $crate::scenario::form::KeyEntry::write(&$entry, value, stringify!($field), $into);
        })+
    };
    (@write $self:ident $into:ident $tag:literal $word:literal $Model:ident $Variant:ident
        ($Type:ty = $entry:expr)
    ) => {
        if let $Model::$Variant(inner) = $self {
            $into.insert($tag.to_owned(), $word.into());
            $crate::scenario::form::KeyEntry::write(&$entry, inner, "", $into);
        }
    };
    (@describe $table:ident {
        $($(#[doc = $doc:literal])+ $field:ident : $Type:ty = $entry:expr;)+
    }) => {
        {$($crate::scenario::form::KeyEntry::describe(
            &$entry,
            stringify!($field),
            &$crate::scenario::form::meaning(concat!($($doc),*)),
            $table,
        );)+}
    };
    (@describe $table:ident ($Type:ty = $entry:expr)) => {
        $crate::scenario::form::KeyEntry::describe(&$entry, "", "", $table)
    };
}

pub(in crate::scenario) use {keys, kinds};
