//! What can be written as the value of a key: the JSON Schema and the reference are derived from it.

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
    /// A table with a fixed set of keys.
    Table(TableShape),
    /// A table with any keys of a scenario, which it changes.
    Overlay(TableShape),
    /// A table whose keys are names that the user chooses, each with such a value; at least one.
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
    /// What the table describes, in one sentence.
    pub meaning: String,
    /// The keys that every such table can have.
    pub keys: Vec<Key>,
    /// The keys that depend on the kind of the table.
    pub choices: Option<Choices>,
}

/// A key of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it means, in one sentence.
    pub meaning: String,
    /// Whether it is required.
    pub presence: Presence,
    /// What its value may be.
    pub shape: Shape,
    /// What an overlay with the key does to what is there.
    pub laid_over: LaidOver,
}

/// What an overlay that has a key does to what is there. Without any of these a table merges, and another value
/// replaces that of the key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaidOver {
    /// Whether a table replaces that of the key as a whole: its keys depend on each other.
    pub is_whole: bool,
    /// Whether the table that the key is in is replaced as a whole: the key names another kind of it.
    pub names_a_kind: bool,
    /// The keys of the same table that are taken away: the key is an alternative of them.
    pub instead_of: Vec<&'static str>,
    /// The key of its table that a plain value of the key is short for: a table merges into a table with that.
    pub short_for: Option<&'static str>,
}

/// Whether a key is required.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// The table is invalid without it.
    Required,
    /// The table is invalid without it, unless it has another key; what applies then, in a few words.
    Unless {
        /// The other key.
        other: &'static str,
        /// What applies with it.
        absent: &'static str,
    },
    /// It may be absent; what applies then, in a few words.
    Optional(&'static str),
    /// It may be absent; this value applies then.
    Default(Json),
}

/// The kinds of a table, each with its own keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// The key that names the kind.
    pub tag: &'static str,
    /// The kind of a table without the tag, if the tag may be absent. Keys that are required with the
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
    /// What it means, in one sentence.
    pub meaning: String,
    /// Its keys.
    pub keys: Vec<Key>,
}

impl Shape {
    /// A value that the JSON Schema `schema` describes.
    pub fn value(kind: impl Into<String>, schema: Json) -> Shape {
        Shape::Value { kind: kind.into(), schema }
    }

    /// A fixed word.
    pub fn word(word: &str) -> Shape {
        Shape::value(format!("`\"{word}\"`"), serde_json::json!({ "const": word }))
    }

    /// One or the other.
    pub fn either(one: Shape, other: Shape) -> Shape {
        Shape::Either(Box::new(one), Box::new(other))
    }

    /// The tables that a value at `path` may be or contain, except those in lists, which have no path.
    /// `NAME` stands for a name that the user chooses.
    pub fn tables(&self, path: &str) -> Vec<(String, &TableShape)> {
        match self {
            Shape::Value { .. } | Shape::List { .. } | Shape::Overlay(_) => Vec::new(),
            Shape::Table(table) => vec![(path.to_owned(), table)],
            Shape::Names(each) => each.tables(&format!("{path}.NAME")),
            Shape::Either(one, other) => [one.tables(path), other.tables(path)].concat(),
        }
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

impl TableShape {
    /// Its keys: those of each of its kinds, and those that every such table can have.
    pub fn all_keys(&self) -> impl Iterator<Item = &Key> {
        let kinds = self.choices.iter().flat_map(|choices| &choices.kinds);
        kinds.flat_map(|kind| &kind.keys).chain(&self.keys)
    }
}
