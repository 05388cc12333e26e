//! The reference of scenario keys, `docs/reference.md`, and the paths of all keys: derived from the
//! tables of [`keys`](super::keys).

use std::fmt::Write;

use super::form::{Key, Keys, Presence, Shape, TableShape};
use super::keys::{FileKeys, ScenarioKeys};

/// The reference in Markdown: each table with its keys, their values, defaults and meanings.
pub fn reference() -> String {
    let mut text = String::from(
        "# Keys of a scenario file\n\n\
         Generated from the tables of keys in `src/scenario/keys/`. In a variant no key is required: \
         a variant has only the keys that differ.\n",
    );
    section(&mut text, &mut Vec::new(), "The scenario", "", &FileKeys::shape());
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
    paths.extend(table.choices.iter().map(|choices| join(above, choices.tag)));
    for key in table.all_keys() {
        let path = join(above, key.name);
        for (path, table) in key.shape.tables(&path) {
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

/// Adds the section of a table, and those of the tables in it. A table that is in `seen` has its section
/// already, below the title beside it.
fn section(text: &mut String, seen: &mut Seen, title: &str, path: &str, table: &TableShape) {
    seen.push((table.clone(), title.to_owned()));
    let _ = write!(text, "\n## {title}\n\n{}\n", table.meaning);
    if !table.keys.is_empty() {
        rows(text, seen, &table.keys);
    }
    if let Some(choices) = &table.choices {
        for kind in &choices.kinds {
            let tag = format!("{} = \"{}\"", choices.tag, kind.word);
            let is_default = choices.default == Some(kind.word);
            let default = if is_default { " (the default)" } else { "" };
            let _ = write!(text, "\n### `{tag}`{default}\n\n{}\n", kind.meaning);
            if !kind.keys.is_empty() {
                rows(text, seen, &kind.keys);
            }
        }
    }
    for key in table.all_keys() {
        let below = join(path, key.name);
        for (path, table) in key.shape.tables(&below).into_iter().chain(items(&below, key)) {
            if title_of(table, seen).is_none() {
                section(text, seen, &format!("`{path}`"), &path, table);
            }
        }
    }
}

/// The tables that the items of a list may be.
fn items<'s>(path: &str, key: &'s Key) -> Vec<(String, &'s TableShape)> {
    match &key.shape {
        Shape::List { item, .. } => item.tables(&format!("{path}[]")),
        _ => Vec::new(),
    }
}

/// The tables that have a section, each with the section's title.
type Seen = Vec<(TableShape, String)>;

fn title_of<'s>(table: &TableShape, seen: &'s Seen) -> Option<&'s str> {
    seen.iter().find(|(other, _)| other == table).map(|(_, title)| title.as_str())
}

fn rows(text: &mut String, seen: &Seen, keys: &[Key]) {
    text.push_str("\n| key | value | default | meaning |\n|---|---|---|---|\n");
    for key in keys {
        let default = match &key.presence {
            Presence::Required => "(required)".to_owned(),
            Presence::Optional(absent) => (*absent).to_owned(),
            Presence::Unless { other, .. } => format!("(required without `{other}`)"),
            Presence::Default(value) => format!("`{value}`"),
        };
        let cells =
            [format!("`{}`", key.name), value(&key.shape, seen), default, key.meaning.clone()];
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
}

fn value(shape: &Shape, seen: &Seen) -> String {
    match shape {
        Shape::Value { kind, .. } => kind.clone(),
        Shape::Table(table) => match title_of(table, seen) {
            Some(title) => {
                let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '-');
                let anchor: String = title.to_lowercase().chars().filter(is_kept).collect();
                format!("table (see [{title}](#{anchor}))")
            }
            None => "table (see below)".to_owned(),
        },
        Shape::Overlay(_) => "table with keys of the scenario".to_owned(),
        Shape::Names(each) => format!("by name, each: {}", value(each, seen)),
        Shape::List { item, .. } => format!("list, each: {}", value(item, seen)),
        Shape::Either(one, other) => format!("{}; or {}", value(one, seen), value(other, seen)),
    }
}
