//! Tables whose keys are names that the user chooses: of client groups and of distribution points.

use super::super::document::{Value, WILDCARD};
use super::super::form::{Field, Keys};
use crate::diagnostic::{Diagnostic, quoted};

/// Checks that the keys of `field` are names and not those of one `what`, whose keys are `K`; `example` is a
/// header with a name. `None` if they are not, which is reported.
pub fn has_names<K: Keys>(field: Field<'_>, what: &str, example: &str) -> Option<()> {
    let shape = K::shape();
    let is_key = |entry: &Field<'_>| shape.keys.iter().any(|key| key.name == entry.key());
    // The table of a name has no kind: a table with one is the value of a key.
    let is_named = |entry: &Field<'_>| match entry.value() {
        Value::Table(table) => table.get("kind").or(table.get("policy")).is_none(),
        value => *value == Value::Invalid,
    };
    let mut entries = field.entries()?;
    if let Some(stray) = entries.find(|entry| is_key(entry) && !is_named(entry)) {
        let error =
            format!("{} is a key of a {what}, but no {what} is named here", quoted(stray.key()));
        let error = Diagnostic::error(error).at(stray.key_location());
        return field
            .reject(error.help(format!("each {what} has a name: write it below {example}")));
    }
    match field.get(WILDCARD) {
        Some(entry) => {
            let error = format!("`*` stands for every name, so no {what} can have it");
            let error = Diagnostic::error(error).at(entry.key_location());
            field.reject(error.help(format!("give it another name, as in {example}")))
        }
        None => Some(()),
    }
}
