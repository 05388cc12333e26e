//! Parts of a schema that occur more than once are described once, and referred to: a policy can be written at a
//! group, at an upgrade, in a site and in a variant, and its delays a second time inside it.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

/// A part as short as this is easier to read where it is than behind a reference.
const SHORT: usize = 300;

/// Moves what occurs more than once in `schema` into its `definitions`, and refers to it. A definition is named after
/// the key at which it occurs first. Editors follow references, and show the description that stands beside one.
pub fn share(schema: &mut Json) {
    let mut seen = HashMap::new();
    count(schema, &mut seen);
    seen.retain(|_, times| *times > 1);
    let mut shared = Shared { repeated: seen, names: HashMap::new(), definitions: Map::new() };
    shared.replace_below(schema, "");
    if !shared.definitions.is_empty() {
        schema["definitions"] = shared.definitions.into();
    }
}

/// How often each part occurs. What is inside a part that is known already does not occur once more: it will be in
/// the same definition.
fn count(schema: &Json, seen: &mut HashMap<String, usize>) {
    if let Some(part) = text_of(schema) {
        let times = seen.entry(part).or_default();
        *times += 1;
        if *times > 1 {
            return;
        }
    }
    each_part(schema, &mut |_, part| count(part, seen));
}

struct Shared {
    repeated: HashMap<String, usize>,
    names: HashMap<String, String>,
    definitions: Map<String, Json>,
}

impl Shared {
    fn replace(&mut self, schema: &mut Json, path: &str) {
        let text = text_of(schema).filter(|text| self.repeated.contains_key(text));
        let Some(text) = text else { return self.replace_below(schema, path) };
        let known = self.names.get(&text).cloned();
        let name = known.unwrap_or_else(|| self.define(schema, text, path));
        let to = format!("#/definitions/{name}");
        // Draft 7 ignores what stands beside a `$ref`.
        *schema = match schema.get("description") {
            None => json!({ "$ref": to }),
            Some(text) => json!({ "description": text, "allOf": [{ "$ref": to }] }),
        };
    }

    fn replace_below(&mut self, schema: &mut Json, path: &str) {
        each_part_mut(schema, &mut |key, part| {
            let path = match (path, key) {
                (path, None) => path.to_owned(),
                ("", Some(key)) => key.to_owned(),
                (path, Some(key)) => format!("{path}.{key}"),
            };
            self.replace(part, &path);
        });
    }

    fn define(&mut self, schema: &Json, text: String, path: &str) -> String {
        let names = std::iter::once(path.to_owned());
        let mut names = names.chain((2..).map(|number| format!("{path}-{number}")));
        let is_free = |name: &String| !self.definitions.contains_key(name);
        let name = names.find(is_free).unwrap_or_default();
        self.definitions.insert(name.clone(), Json::Null);
        self.names.insert(text, name.clone());
        let mut part = schema.clone();
        part.as_object_mut().map(|keywords| keywords.shift_remove("description"));
        self.replace_below(&mut part, path);
        self.definitions.insert(name.clone(), part);
        name
    }
}

/// A part that may be shared, without its description, which is that of a key.
fn text_of(schema: &Json) -> Option<String> {
    let mut keywords = schema.as_object()?.clone();
    keywords.shift_remove("description");
    Some(Json::from(keywords).to_string()).filter(|text| text.len() > SHORT)
}

/// Visits the schemas directly inside a schema, with the key to which each belongs.
fn each_part(schema: &Json, visit: &mut impl FnMut(Option<&str>, &Json)) {
    for (key, part) in schema["properties"].as_object().into_iter().flatten() {
        visit(Some(key), part);
    }
    for word in ["additionalProperties", "items"] {
        schema.get(word).into_iter().for_each(|part| visit(None, part));
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        schema[word].as_array().into_iter().flatten().for_each(|part| visit(None, part));
    }
}

fn each_part_mut(schema: &mut Json, visit: &mut impl FnMut(Option<&str>, &mut Json)) {
    let Some(keywords) = schema.as_object_mut() else { return };
    for (word, value) in keywords {
        match (word.as_str(), value) {
            ("properties", Json::Object(keys)) => {
                keys.iter_mut().for_each(|(key, part)| visit(Some(key), part));
            }
            ("additionalProperties" | "items", part) => visit(None, part),
            ("oneOf" | "anyOf" | "allOf", Json::Array(parts)) => {
                parts.iter_mut().for_each(|part| visit(None, part));
            }
            _ => (),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table that is long enough to be shared.
    fn table(description: &str) -> Json {
        let key = json!({ "description": "A key that is explained at length. ".repeat(10) });
        json!({ "description": description, "type": "object", "properties": { "long": key } })
    }

    #[test]
    fn a_part_that_occurs_twice_is_defined_once_and_keeps_its_descriptions() {
        let mut schema = json!({
            "properties": { "a": table("Here."), "b": { "items": table("There.") } }
        });
        share(&mut schema);
        let mut alone = table("");
        alone.as_object_mut().expect("a table").shift_remove("description");
        assert_eq!(schema["definitions"], json!({ "a": alone }));
        let refers = json!([{ "$ref": "#/definitions/a" }]);
        let parts = json!({
            "a": { "description": "Here.", "allOf": refers },
            "b": { "items": { "description": "There.", "allOf": refers } }
        });
        assert_eq!(schema["properties"], parts);
    }

    #[test]
    fn a_part_that_occurs_only_inside_a_definition_has_none_of_its_own() {
        let outer = || json!({ "properties": { "inner": table("Inside."), "more": {} } });
        let mut schema = json!({ "properties": { "a": outer(), "b": outer() } });
        share(&mut schema);
        let names: Vec<_> = schema["definitions"].as_object().expect("some").keys().collect();
        assert_eq!(names, ["a"]);
    }

    #[test]
    fn what_occurs_once_stays() {
        let mut schema = json!({ "properties": { "a": table("Here.") } });
        let before = schema.clone();
        share(&mut schema);
        assert_eq!(schema, before);
    }
}
