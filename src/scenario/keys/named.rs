//! Tables whose keys are names that the user chooses: of client groups and of distribution points.

use super::super::document::{Value, WILDCARD};
use super::super::form::{Field, Form, Keys, form_over};
use crate::diagnostic::{Diagnostic, quoted};

/// The table of names `names`, in which a key of one `what`, whose keys are `K`, is not taken for a name;
/// `example` is a header with a name.
pub fn only_names<K: Keys, F: Form>(
    what: &'static str,
    example: &'static str,
    names: F,
) -> impl Form<Value = F::Value> {
    form_over(
        names,
        move |names, field| {
            has_names::<K>(field, what, example)?;
            names.read(field)
        },
        Form::write,
        Form::shape,
    )
}

fn has_names<K: Keys>(field: Field<'_>, what: &str, example: &str) -> Option<()> {
    let is_key = |entry: &Field<'_>| K::shape().keys.iter().any(|key| key.name == entry.key());
    // The table of a name has no kind: a table with one is the value of a key.
    let is_named = |entry: &Field<'_>| match entry.value() {
        Value::Table(table) => table.get("kind").or(table.get("policy")).is_none(),
        value => *value == Value::Invalid,
    };
    let mut entries = field.entries()?;
    if let Some(stray) = entries.find(|entry| !is_named(entry) && is_key(entry)) {
        let error =
            format!("{} is a key of a {what}, but no {what} is named here", quoted(stray.key()));
        let error = Diagnostic::error(error).at(stray.key_location());
        return field
            .reject(error.help(format!("each {what} has a name: write it below `{example}`")));
    }
    match field.get(WILDCARD) {
        Some(entry) => {
            let error = format!("`*` stands for every name, so no {what} can have it");
            let error = Diagnostic::error(error).at(entry.key_location());
            field.reject(error.help(format!("give it another name, as in `{example}`")))
        }
        None => Some(()),
    }
}
