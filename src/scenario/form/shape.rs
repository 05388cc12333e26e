//! What can be written under a key: from this the JSON Schema and the reference are made.

use serde_json::Value as Json;

/// What a value may look like.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A plain value.
    Value {
        /// What the reference calls it: `duration`, `whole number from 1 to 1000`.
        kind: String,
        /// Its JSON Schema, without a description.
        schema: Json,
    },
    /// A table with keys of ours.
    Table(TableShape),
    /// A table whose keys are names that the user chose, each with such a value; at least one.
    Names(Box<Shape>),
    /// An array of such values.
    List {
        /// Each of its items.
        item: Box<Shape>,
        /// Further keywords of its JSON Schema.
        schema: Json,
    },
    /// One or the other.
    Either(Box<Shape>, Box<Shape>),
}

/// The keys of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableShape {
    /// What it is about, in a sentence.
    pub meaning: String,
    /// Those that it always has.
    pub keys: Vec<Key>,
    /// Those that depend on one of them.
    pub choices: Option<Choices>,
}

/// A key of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub meaning: String,
    /// Whether it must be there.
    pub presence: Presence,
    /// What its value may be.
    pub shape: Shape,
}

/// Whether a key must be there.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// There is no such table without it.
    Required,
    /// It may be absent; what holds then, in a few words.
    Optional(&'static str),
    /// It may be absent; this value holds then.
    Default(Json),
}

/// Kinds of a table, of which each has keys that the others do not have.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// The key that names the kind.
    pub tag: &'static str,
    /// The kind of a table without the tag, if that is possible. Keys that are required behind the
    /// tag may be absent then.
    pub default: Option<&'static str>,
    /// All kinds.
    pub kinds: Vec<Kind>,
}

/// A kind of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// The word that names it.
    pub word: &'static str,
    /// What it means, in a sentence.
    pub meaning: String,
    /// Its keys.
    pub keys: Vec<Key>,
}

impl Shape {
    /// A value that the JSON Schema `schema` describes.
    pub fn value(kind: impl Into<String>, schema: Json) -> Shape {
        Shape::Value { kind: kind.into(), schema }
    }

    /// A certain word.
    pub fn word(word: &str) -> Shape {
        Shape::value(format!("`\"{word}\"`"), serde_json::json!({ "const": word }))
    }

    /// One or the other.
    pub fn either(one: Shape, other: Shape) -> Shape {
        Shape::Either(Box::new(one), Box::new(other))
    }

    /// Adds keywords to the JSON Schema of a value or a list.
    pub fn with(mut self, keywords: Json) -> Shape {
        if let (Shape::Value { schema, .. } | Shape::List { schema, .. }, Json::Object(keywords)) =
            (&mut self, keywords)
        {
            keywords.into_iter().for_each(|(keyword, value)| schema[keyword] = value);
        }
        self
    }
}

impl Key {
    /// Whether there is no such table without it.
    pub fn is_required(&self) -> bool {
        self.presence == Presence::Required
    }
}
