//! The JSON Schema of scenario files, with which editors complete keys and explain them: derived
//! from the tables of [`keys`](super::keys).

use serde_json::{Map, Value as Json, json};

mod definitions;

use super::form::{Choices, Key, Keys, Presence, Shape, TableShape};
use super::keys::FileKeys;

/// The schema of a scenario file (JSON Schema, draft 7, which TOML editors understand).
pub fn schema() -> Json {
    let file = FileKeys::shape();
    let mut schema = of_table(&file, &file.meaning, Extent::Whole);
    definitions::share(&mut schema);
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    schema["title"] = "distpoint scenario".into();
    schema
}

/// Whether a table belongs to a whole scenario or to a variant, in which no key is required.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Overlay,
}

fn of_table(table: &TableShape, description: &str, part: Extent) -> Json {
    match &table.choices {
        None => object(description, table.keys.iter(), None, part),
        Some(choices) if part == Extent::Overlay => {
            // The keys of all kinds are allowed, because the tag may be in the scenario.
            let words: Vec<&str> = choices.kinds.iter().map(|kind| kind.word).collect();
            let tag = json!({ "description": "The kind.", "enum": words });
            let own = choices.kinds.iter().flat_map(|kind| &kind.keys);
            object(description, own.chain(&table.keys), Some((choices.tag, tag)), part)
        }
        Some(choices) => {
            let kinds: Vec<Json> =
                (0..choices.kinds.len()).map(|i| kind(table, choices, i)).collect();
            json!({ "description": description, "oneOf": kinds })
        }
    }
}

/// One kind of a table: the tag, the keys of the kind, and those that all kinds have.
fn kind(table: &TableShape, choices: &Choices, place: usize) -> Json {
    let kind = &choices.kinds[place];
    let tag = json!({ "const": kind.word, "description": kind.meaning });
    let keys = kind.keys.iter().chain(&table.keys);
    let mut schema = object(&kind.meaning, keys, Some((choices.tag, tag)), Extent::Whole);
    let mut required = vec![Json::from(choices.tag)];
    if let Some(Json::Array(more)) = schema.as_object_mut().and_then(|s| s.shift_remove("required"))
    {
        required.extend(more);
    }
    match choices.default == Some(kind.word) {
        true => schema["dependencies"] = json!({ choices.tag: required }),
        false => schema["required"] = required.into(),
    }
    schema
}

fn object<'k>(
    description: &str,
    keys: impl Iterator<Item = &'k Key>,
    tag: Option<(&str, Json)>,
    part: Extent,
) -> Json {
    let mut properties = Map::new();
    properties.extend(tag.map(|(name, schema)| (name.to_owned(), schema)));
    let mut required = Vec::new();
    let (mut instead, mut either) = (None, Vec::new());
    for key in keys {
        match key.presence {
            Presence::Required => required.push(key.name),
            Presence::Unless { other, .. } => {
                instead = Some(other);
                either.push(key.name);
            }
            _ => (),
        }
        let schema = of_key(key, part);
        match properties.get_mut(key.name) {
            Some(known) if *known == schema => {}
            // Kinds may share a key with different meanings or values: any of them is valid.
            Some(known) => *known = json!({ "anyOf": [known.take(), schema] }),
            None => {
                properties.insert(key.name.to_owned(), schema);
            }
        }
    }
    let mut object = json!({
        "description": description, "type": "object", "properties": properties,
        "additionalProperties": false
    });
    if part == Extent::Whole && !required.is_empty() {
        object["required"] = json!(required);
    }
    if let (Extent::Whole, Some(other)) = (part, instead) {
        object["anyOf"] = json!([{ "required": [other] }, { "required": either }]);
    }
    object
}

fn of_key(key: &Key, part: Extent) -> Json {
    let absent = match &key.presence {
        Presence::Required => String::new(),
        Presence::Optional(absent) | Presence::Unless { absent, .. } => format!(" [{absent}]"),
        Presence::Default(Json::String(text)) => format!(" [{text}]"),
        Presence::Default(Json::Array(none)) if none.is_empty() => " [none]".to_owned(),
        Presence::Default(value) => format!(" [{value}]"),
    };
    let description = format!("{}{absent}", key.meaning);
    let mut schema = json!({ "description": description });
    if let Json::Object(keywords) = of_shape(&key.shape, part) {
        for (keyword, value) in keywords.into_iter().filter(|(word, _)| word != "description") {
            schema[keyword] = value;
        }
    }
    schema
}

fn of_shape(shape: &Shape, part: Extent) -> Json {
    match shape {
        Shape::Value { schema, .. } => schema.clone(),
        Shape::Table(table) => of_table(table, &table.meaning, part),
        Shape::Overlay(table) => of_table(table, &table.meaning, Extent::Overlay),
        Shape::Names(each) => json!({
            "type": "object", "additionalProperties": of_shape(each, part), "minProperties": 1
        }),
        Shape::List { item, schema } => {
            // An overlay replaces lists as a whole.
            let mut list = json!({ "type": "array", "items": of_shape(item, Extent::Whole) });
            for (keyword, value) in schema.as_object().into_iter().flatten() {
                list[keyword] = value.clone();
            }
            list
        }
        Shape::Either(one, other) => {
            json!({ "anyOf": [of_shape(one, part), of_shape(other, part)] })
        }
    }
}
