//! The names of policies.

use serde_json::json;

use super::super::super::form::{Form, Shape, form};
use crate::diagnostic::{quoted, suggestion};
use crate::model::Preset;

/// The name of a policy.
pub fn preset() -> impl Form<Value = &'static str> {
    form(
        |field| {
            let names = || Preset::ALL.iter().map(|preset| preset.name);
            let Some(text) = field.as_str() else {
                let help = "write the name of a policy, such as `\"kubelet\"`".to_owned();
                return field.expected("a string", Some(help));
            };
            Preset::named(text).map(|preset| preset.name).or_else(|| {
                let error = format!("there is no policy {}", quoted(text));
                field.refuse(error, suggestion(text, names(), "there are"))
            })
        },
        |name| json!(name),
        || {
            let names: Vec<&str> = Preset::ALL.iter().map(|preset| preset.name).collect();
            let all = Preset::ALL.iter();
            let described: Vec<String> = all
                .map(|it| format!("`{}`: {} ({}; {})", it.name, it.what, it.of, it.source))
                .collect();
            let schema = json!({ "enum": names, "description": described.join(". ") });
            Shape::value("the name of a policy", schema)
        },
    )
}
