//! One table laid over another: a variant or `--set` over the scenario.

use super::tree::{Entry, Node, Table, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean, quoted, quoted_list};
use crate::scenario::toml_text::to_toml_key;

/// The tables at the top of a scenario whose keys are names. An overlay can change
/// the entries of such a table but not add to them: an unknown name is most likely misspelt.
pub const NAMED: &[&str] = &["clients", "distribution_points"];

/// The key of an overlay that stands for every key of the base table at its place.
pub const WILDCARD: &str = "*";

/// Keys that choose among forms of a table, each form with its own keys.
const FORM_KEYS: &[&str] = &["kind", "policy"];

/// Tables that an overlay replaces as a whole: shares that must add up, and keys that exclude each
/// other.
const WHOLE: &[&str] = &["release_mix", "workaround"];

/// The noun for a name in a table of [`NAMED`] in messages: singular and plural.
fn nouns(table: &str) -> (&'static str, &'static str) {
    match table {
        "clients" => ("client group", "client groups"),
        "distribution_points" => ("distribution point", "distribution points"),
        _ => ("entry", "entries"),
    }
}

/// The base with the overlay merged into it.
///
/// A table merges into the table of the same key, and any other value replaces the base's. A
/// table that has the key `kind` or `policy` replaces the base's table as a whole, because no keys of
/// another form may remain; so do the tables in [`WHOLE`]. The key `*` stands for every key of the
/// base at that place; keys that are written out take precedence over it. In the tables in [`NAMED`]
/// only names of the base can be set. Entries with an error are left out and reported
/// to `diagnostics`. Every value keeps the location where it was written.
pub fn overlay(base: &Table, over: &Table, diagnostics: &Diagnostics) -> Table {
    let mut result = base.clone();
    for entry in sorted(over) {
        if entry.key == WILDCARD {
            let help = "write the name of a table before `*`: `clients.*.count`";
            let error = Diagnostic::error("`*` cannot stand for the tables of a scenario");
            diagnostics.push(error.at(&entry.key_location).help(help));
            continue;
        }
        match &entry.node.value {
            Value::Table(names) if NAMED.contains(&entry.key.as_str()) => {
                let merged = merge_named(&result, &entry.key, names, diagnostics);
                if let Some(old) = result.entries.iter_mut().find(|old| old.key == entry.key) {
                    old.node.value = Value::Table(merged);
                }
            }
            _ => merge_entry(&mut result, entry, &entry.key, diagnostics),
        }
    }
    result.incomplete |= over.incomplete;
    result
}

/// Merges into a table of names.
fn merge_named(base: &Table, key: &str, over: &Table, diagnostics: &Diagnostics) -> Table {
    let (one, many) = nouns(key);
    let mut result = match base.get(key).map(|entry| &entry.node.value) {
        Some(Value::Table(names)) => names.clone(),
        // Not a table, which its reader reports; there are no names.
        _ => Table::new(),
    };
    // The name may be on a line that could not be read.
    let forgiving = base.incomplete || result.incomplete;
    for entry in sorted(over) {
        let known = match entry.key.as_str() {
            WILDCARD => !result.is_empty(),
            name => result.get(name).is_some(),
        };
        if known {
            merge_key(&mut result, entry, diagnostics);
        } else if !forgiving {
            let mut error = match entry.key.as_str() {
                WILDCARD => Diagnostic::error("`*` stands for nothing here"),
                name => Diagnostic::error(format!("no {one} {}", quoted(name))),
            }
            .at(&entry.key_location);
            let dotted = result.keys().find(|name| name.starts_with(&format!("{}.", entry.key)));
            error = match did_you_mean(&entry.key, result.keys()) {
                _ if dotted.is_some() => error.help(format!(
                    "a name with a dot is in quotes: {}",
                    quoted(&to_toml_key(dotted.unwrap_or_default()))
                )),
                Some(near) => error.help(format!("did you mean {}?", quoted(near))),
                None if result.is_empty() => error.help(format!("this scenario has no {many}")),
                None => error.help(format!("this scenario has: {}", quoted_list(result.keys()))),
            };
            diagnostics.push(error);
        }
    }
    result.incomplete |= over.incomplete;
    result
}

/// Merges one entry of an overlay, which may be the wildcard, into a table.
fn merge_key(result: &mut Table, entry: &Entry, diagnostics: &Diagnostics) {
    if entry.key != WILDCARD {
        return merge_entry(result, entry, &entry.key, diagnostics);
    }
    let keys: Vec<String> = result.keys().map(str::to_owned).collect();
    if keys.is_empty() && !result.incomplete {
        let error = Diagnostic::error("`*` stands for nothing here");
        let help = "`*` stands for the keys of the table that it is applied to, which has none";
        diagnostics.push(error.at(&entry.key_location).help(help));
    }
    for key in keys {
        merge_entry(result, entry, &key, diagnostics);
    }
}

/// Merges the value of an overlay's entry into the key `key` of a table.
fn merge_entry(result: &mut Table, entry: &Entry, key: &str, diagnostics: &Diagnostics) {
    let old = result.entries.iter_mut().find(|old| old.key == key);
    let Value::Table(over) = &entry.node.value else {
        match old {
            Some(old) => {
                old.key_location = entry.key_location.clone();
                old.node = entry.node.clone();
            }
            None => result.entries.push(Entry { key: key.to_owned(), ..entry.clone() }),
        }
        return;
    };
    let replaces = WHOLE.contains(&key) || FORM_KEYS.iter().any(|form| over.get(form).is_some());
    match old {
        Some(Entry { node: Node { value: Value::Table(base), .. }, .. }) if !replaces => {
            merge_table(base, over, diagnostics)
        }
        _ => {
            // Even a new table is merged, into an empty one, because it may have wildcards.
            let mut table = Table::new();
            merge_table(&mut table, over, diagnostics);
            result.insert(Entry {
                key: key.to_owned(),
                key_location: entry.key_location.clone(),
                node: Node { value: Value::Table(table), location: entry.node.location.clone() },
            });
        }
    }
}

fn merge_table(base: &mut Table, over: &Table, diagnostics: &Diagnostics) {
    base.incomplete |= over.incomplete;
    for entry in sorted(over) {
        merge_key(base, entry, diagnostics);
    }
}

/// The entries with the wildcard first, so that what is written out overrides it.
fn sorted(table: &Table) -> impl Iterator<Item = &Entry> {
    let is_wild = |entry: &&Entry| entry.key == WILDCARD;
    let entries = &table.entries;
    let wild = entries.iter().filter(is_wild);
    wild.chain(entries.iter().filter(move |entry| !is_wild(entry)))
}
