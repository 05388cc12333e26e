//! The reference of scenario keys, `docs/reference.md`, and the paths of all keys: derived from the
//! tables of [`keys`](super::keys).

use std::fmt::Write;

use super::form::{Key, Keys, Presence, Shape, TableShape};
use super::keys::ScenarioKeys;

/// The placeholder for a name that the user chooses.
const NAME: &str = "NAME";

/// The reference in Markdown: each table with its keys, their values, defaults and meanings.
pub fn reference() -> String {
    let mut text = String::from(
        "# Keys of a scenario file\n\n\
         Generated from the tables of keys in `src/scenario/keys/`. In a variant no key is required: \
         a variant has only the keys that differ.\n",
    );
    section(&mut text, "The scenario", "", &ScenarioKeys::shape());
    text
}

/// The paths of all keys, as `--set` takes them: `clients.NAME.arrival.over`. `NAME` stands for the
/// name of a client group or a distribution point.
pub fn key_paths() -> Vec<String> {
    let mut paths = Vec::new();
    add_paths(&mut paths, "", &ScenarioKeys::shape());
    paths
}

fn add_paths(paths: &mut Vec<String>, above: &str, table: &TableShape) {
    let choices = table.choices.iter();
    let tags = choices.clone().map(|choices| choices.tag);
    let kinds = choices.flat_map(|choices| &choices.kinds).flat_map(|kind| &kind.keys);
    paths.extend(tags.map(|tag| join(above, tag)));
    for key in kinds.chain(&table.keys) {
        let path = join(above, key.name);
        for (path, table) in tables(&path, &key.shape) {
            add_paths(paths, &path, table);
        }
        let has_keys = matches!(key.shape, Shape::Table(_) | Shape::Names(_));
        if !has_keys && !paths.contains(&path) {
            paths.push(path);
        }
    }
}

fn join(above: &str, key: &str) -> String {
    if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") }
}

/// The tables that a value at `path` may be or contain, except those in lists, which have no path.
fn tables<'s>(path: &str, shape: &'s Shape) -> Vec<(String, &'s TableShape)> {
    match shape {
        Shape::Value { .. } | Shape::List { .. } => Vec::new(),
        Shape::Table(table) => vec![(path.to_owned(), table)],
        Shape::Names(each) => tables(&join(path, NAME), each),
        Shape::Either(one, other) => [tables(path, one), tables(path, other)].concat(),
    }
}

fn section(text: &mut String, title: &str, path: &str, table: &TableShape) {
    let _ = write!(text, "\n## {title}\n\n{}\n", table.meaning);
    if !table.keys.is_empty() {
        rows(text, &table.keys);
    }
    if let Some(choices) = &table.choices {
        for kind in &choices.kinds {
            let tag = format!("{} = \"{}\"", choices.tag, kind.word);
            let is_default = choices.default == Some(kind.word);
            let default = if is_default { " (the default)" } else { "" };
            let _ = write!(text, "\n### `{tag}`{default}\n\n{}\n", kind.meaning);
            if !kind.keys.is_empty() {
                rows(text, &kind.keys);
            }
        }
    }
    let kinds = table.choices.iter().flat_map(|choices| &choices.kinds);
    let keys = kinds.flat_map(|kind| &kind.keys).chain(&table.keys);
    for key in keys {
        let below = join(path, key.name);
        for (path, table) in tables(&below, &key.shape).into_iter().chain(items(&below, key)) {
            section(text, &format!("`{path}`"), &path, table);
        }
    }
}

/// The tables that the items of a list may be.
fn items<'s>(path: &str, key: &'s Key) -> Vec<(String, &'s TableShape)> {
    match &key.shape {
        Shape::List { item, .. } => tables(&format!("{path}[]"), item),
        _ => Vec::new(),
    }
}

fn rows(text: &mut String, keys: &[Key]) {
    text.push_str("\n| key | value | default | meaning |\n|---|---|---|---|\n");
    for key in keys {
        let default = match &key.presence {
            Presence::Required => "(required)".to_owned(),
            Presence::Optional(absent) => (*absent).to_owned(),
            Presence::Default(value) => format!("`{value}`"),
        };
        let cells = [format!("`{}`", key.name), value(&key.shape), default, key.meaning.clone()];
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
}

fn value(shape: &Shape) -> String {
    match shape {
        Shape::Value { kind, .. } => kind.clone(),
        Shape::Table(_) => "table (see below)".to_owned(),
        Shape::Names(_) => "tables by name (see below)".to_owned(),
        Shape::List { item, .. } => format!("list, each: {}", value(item)),
        Shape::Either(one, other) => format!("{}; or {}", value(one), value(other)),
    }
}
