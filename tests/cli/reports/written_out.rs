//! The schema of scenarios with each reference replaced by what it refers to, for tests that walk from key to key.

use distpoint::scenario::schema;
use serde_json::Value;

pub fn schema_written_out() -> Value {
    let schema = schema();
    let mut written_out = replaced(&schema, &schema["definitions"]);
    written_out.as_object_mut().expect("a schema").remove("definitions");
    written_out
}

fn replaced(part: &Value, definitions: &Value) -> Value {
    match part {
        Value::Array(parts) => parts.iter().map(|part| replaced(part, definitions)).collect(),
        Value::Object(keywords) => {
            let of_part = keywords.get("$ref").or_else(|| part.pointer("/allOf/0/$ref"));
            let name = of_part.and_then(|to| to.as_str()?.strip_prefix("#/definitions/"));
            let mut whole = serde_json::Map::new();
            for (keyword, value) in keywords {
                if name.is_none() || keyword == "description" {
                    whole.insert(keyword.clone(), replaced(value, definitions));
                }
            }
            if let Some(name) = name {
                let definition = replaced(&definitions[name], definitions);
                let Value::Object(keywords) = definition else { panic!("no definition {name}") };
                whole.extend(keywords);
            }
            whole.into()
        }
        plain => plain.clone(),
    }
}

#[test]
fn no_reference_is_left() {
    assert!(schema().to_string().contains("$ref"));
    assert!(!schema_written_out().to_string().contains("$ref"));
}
