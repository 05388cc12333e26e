//! One table laid over another: a variant or `--set` over the scenario.

use super::tree::{Entry, Node, Table, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::scenario::toml_text::to_toml_key;

/// How an overlay treats the tables of a scenario, by their keys.
#[derive(Clone, Debug, Default)]
pub struct OverlayRules {
    /// The tables of a scenario and of its sites whose keys are names. An overlay can change
    /// the entries of such a table but not add to them: an unknown name is most likely misspelt.
    pub named: Vec<&'static str>,
    /// Keys that choose among kinds of a table, each kind with its own keys.
    pub tags: Vec<&'static str>,
    /// Tables that are replaced as a whole, such as shares that must add up.
    pub whole: Vec<&'static str>,
    /// Each key that is an alternative of another in the same table, which it takes away, with that.
    pub instead: Vec<(&'static str, &'static str)>,
    /// Keys of which a plain value is short for a table with one key, with that key.
    pub short: Vec<(&'static str, &'static str)>,
}

/// The key of an overlay that stands for every key of the base table at its place.
pub const WILDCARD: &str = "*";

/// The noun for a name in a table of names in messages: singular and plural.
fn nouns(table: &str) -> (&'static str, &'static str) {
    match table {
        "clients" => ("client group", "client groups"),
        "distribution_points" => ("distribution point", "distribution points"),
        "sites" => ("site", "sites"),
        _ => ("entry", "entries"),
    }
}

/// The base with the overlay merged into it.
///
/// A table merges into the table of the same key, and any other value replaces the base's. A
/// table that has a tag of `rules` replaces the base's table as a whole, because no keys of
/// another kind may remain; so do those that `rules` name. A key that is an alternative of others
/// takes them away. The key `*` stands for every key of the base at that place; keys that are
/// written out take precedence over it. In a table of names only names of the base can be set. Entries with an error are left out and reported
/// to `diagnostics`. Every value keeps the location where it was written.
pub fn overlay(
    base: &Table,
    over: &Table,
    rules: &OverlayRules,
    diagnostics: &Diagnostics,
) -> Table {
    let merger = Merger { rules, diagnostics };
    let mut result = base.clone();
    for entry in sorted(over) {
        if entry.key == WILDCARD {
            let help = "write the name of a table before `*`: `clients.*.count`";
            let error = Diagnostic::error("`*` cannot stand for the tables of a scenario");
            diagnostics.push(error.at(&entry.key_location).help(help));
            continue;
        }
        match &entry.node.value {
            Value::Table(names) if rules.named.contains(&entry.key.as_str()) => {
                let merged = merger.merge_named(&result, &entry.key, names);
                if let Some(old) = result.entries.iter_mut().find(|old| old.key == entry.key) {
                    old.node.value = Value::Table(merged);
                }
            }
            _ => merger.merge_entry(&mut result, entry, &entry.key),
        }
    }
    result.incomplete |= over.incomplete;
    result
}

struct Merger<'a> {
    rules: &'a OverlayRules,
    diagnostics: &'a Diagnostics,
}

impl Merger<'_> {
    /// Merges into a table of names.
    fn merge_named(&self, base: &Table, key: &str, over: &Table) -> Table {
        let names = match base.get(key).map(|entry| &entry.node.value) {
            Some(Value::Table(names)) => names.clone(),
            // Not a table, which its reader reports; there are no names.
            _ => Table::new(),
        };
        self.merge_names(&names, key, over, base.incomplete)
    }

    fn merge_names(&self, names: &Table, key: &str, over: &Table, forgiving: bool) -> Table {
        let (one, many) = nouns(key);
        let mut result = names.clone();
        // The name may be on a line that could not be read.
        let forgiving = forgiving || result.incomplete;
        for entry in sorted(over) {
            let known = match entry.key.as_str() {
                WILDCARD => !result.is_empty(),
                name => result.get(name).is_some(),
            };
            if known {
                self.merge_key(&mut result, entry);
            } else if !forgiving {
                let mut error = match entry.key.as_str() {
                    WILDCARD => Diagnostic::error("`*` stands for nothing here"),
                    name => Diagnostic::error(format!("no {one} {}", quoted(name))),
                }
                .at(&entry.key_location);
                let names: Vec<&str> = result.keys().collect();
                let begins = format!("{}.", entry.key);
                error = error.help(match names.iter().find(|name| name.starts_with(&begins)) {
                    Some(dotted) => {
                        format!("a name with a dot is in quotes: {}", quoted(&to_toml_key(dotted)))
                    }
                    None if names.is_empty() => format!("this scenario has no {many}"),
                    None => self.diagnostics.suggestion(&entry.key, names, "this scenario has:"),
                });
                self.diagnostics.push(error);
            }
        }
        result.incomplete |= over.incomplete;
        result
    }

    /// Merges one entry of an overlay, which may be the wildcard, into a table.
    fn merge_key(&self, result: &mut Table, entry: &Entry) {
        if entry.key != WILDCARD {
            return self.merge_entry(result, entry, &entry.key);
        }
        let keys: Vec<String> = result.keys().map(str::to_owned).collect();
        if keys.is_empty() && !result.incomplete {
            let error = Diagnostic::error("`*` stands for nothing here");
            let help = "`*` stands for the keys of the table that it is applied to, which has none";
            self.diagnostics.push(error.at(&entry.key_location).help(help));
        }
        for key in keys {
            self.merge_entry(result, entry, &key);
        }
    }

    /// Merges the value of an overlay's entry into the key `key` of a table.
    fn merge_entry(&self, result: &mut Table, entry: &Entry, key: &str) {
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
        let replaces = self.rules.whole.contains(&key)
            || self.rules.tags.iter().any(|tag| over.get(tag).is_some());
        let mut old = old;
        if let Some(old) = old.as_deref_mut().filter(|_| !replaces) {
            if let Value::Array(_) = old.node.value {
                let error = format!("{} is a list, of which no single key can be set", quoted(key));
                let error = Diagnostic::error(error).at(&entry.key_location);
                self.diagnostics.push(error.help("set the whole list"));
                return;
            }
            self.write_out(old);
        }
        match old {
            Some(Entry { node: Node { value: Value::Table(base), .. }, .. })
                if self.rules.named.contains(&key) =>
            {
                *base = self.merge_names(base, key, over, false);
            }
            Some(Entry { node: Node { value: Value::Table(base), .. }, .. }) if !replaces => {
                self.merge_table(base, over)
            }
            _ => {
                // Even a new table is merged, into an empty one, because it may have wildcards.
                let mut table = Table::new();
                self.merge_table(&mut table, over);
                result.insert(Entry {
                    key: key.to_owned(),
                    key_location: entry.key_location.clone(),
                    node: Node {
                        value: Value::Table(table),
                        location: entry.node.location.clone(),
                    },
                });
            }
        }
    }

    /// Makes a plain value that is short for a table that table.
    fn write_out(&self, entry: &mut Entry) {
        let inner = self.rules.short.iter().find(|(key, _)| *key == entry.key);
        let is_plain = matches!(entry.node.value, Value::String(_) | Value::Integer(_));
        if let Some((_, inner)) = inner.filter(|_| is_plain) {
            let mut table = Table::new();
            let location = entry.node.location.clone();
            table.insert(Entry {
                key: (*inner).to_owned(),
                key_location: location.clone(),
                node: entry.node.clone(),
            });
            entry.node = Node { value: Value::Table(table), location };
        }
    }

    fn merge_table(&self, base: &mut Table, over: &Table) {
        base.incomplete |= over.incomplete;
        for (_, other) in self.rules.instead.iter().filter(|(key, _)| over.get(key).is_some()) {
            base.entries.retain(|entry| entry.key != *other);
        }
        for entry in sorted(over) {
            self.merge_key(base, entry);
        }
    }
}

/// The entries with the wildcard first, so that what is written out overrides it.
fn sorted(table: &Table) -> impl Iterator<Item = &Entry> {
    let is_wild = |entry: &&Entry| entry.key == WILDCARD;
    let entries = &table.entries;
    let wild = entries.iter().filter(is_wild);
    wild.chain(entries.iter().filter(move |entry| !is_wild(entry)))
}
