//! Loading: a file and the command line's changes become a scenario and its variants.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::builtin::{Builtin, DEFAULT_BUILTIN};
use super::check::idle::Idle;
use super::definition::{Loaded, Scenario, Variant};
use super::document::{self, Entry, NAMED, Node, Table, overlay, parse_assignment};
use super::foreign::foreign;
use super::form::{Field, Keys};
use super::keys::{ScenarioKeys, read_scenario};
use super::problems::{LoadError, Warnings, plain};
use super::threshold::{Starts, check_thresholds, read_thresholds};
use super::toml_text::to_toml;
use super::trace::Traces;
use super::vary::GridPoint;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, SourceId, Sources, quoted};

/// Where a scenario comes from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// A file. Files that it names are looked for in its directory.
    File(&'a Path),
    /// A text, such as a built-in scenario, with its name in messages. Files that it names
    /// are looked for in the current directory.
    Text {
        /// Its name in messages.
        name: &'a str,
        /// The scenario in TOML.
        text: &'a str,
    },
    /// A text that is treated like a file in a certain directory.
    TextIn {
        /// Its name in messages.
        name: &'a str,
        /// The scenario in TOML.
        text: &'a str,
        /// The directory in which files that it names are looked for.
        directory: &'a Path,
    },
}

impl Origin<'_> {
    /// The directory in which files that it names are looked for.
    pub fn directory(&self) -> PathBuf {
        match self {
            Origin::File(path) => path.parent().unwrap_or(Path::new("")).to_owned(),
            Origin::Text { .. } => PathBuf::new(),
            Origin::TextIn { directory, .. } => (*directory).to_owned(),
        }
    }
}

/// Reads a scenario and lays `assignments` over it, each like `clients.office.count=20000`: first
/// over the scenario, and again over each variant, so that the command line takes precedence.
///
/// # Errors
///
/// [`LoadError`] with all errors in the file, the assignments and the files that it names.
pub fn load(origin: Origin<'_>, assignments: &[String]) -> Result<Loaded, LoadError> {
    load_with(origin, assignments, None, Some(origin.directory()))
}

/// Reads a scenario as [`load`] does, but with the points of a grid in place of its variants.
///
/// # Errors
///
/// [`LoadError`] as from [`load`], and if a point assigns a key of a table that the scenario does not have.
pub fn load_grid(
    origin: Origin<'_>,
    assignments: &[String],
    grid: &[GridPoint],
) -> Result<Loaded, LoadError> {
    load_with(origin, assignments, Some(grid), Some(origin.directory()))
}

/// Reads a resolved scenario, as [`Scenario::to_json`] writes it, with its traces in `directory`;
/// without a directory its traces have no rows, so that it can be inspected but not simulated.
///
/// # Errors
///
/// [`LoadError`] if it is damaged, or if a file of its traces is missing.
pub fn load_resolved(resolved: &Value, directory: Option<&Path>) -> Result<Scenario, LoadError> {
    let text = to_toml(resolved);
    let origin = Origin::Text { name: "the resolved scenario", text: &text };
    load_with(origin, &[], None, directory.map(Path::to_owned)).map(|loaded| loaded.base)
}

fn load_with(
    origin: Origin<'_>,
    assignments: &[String],
    grid: Option<&[GridPoint]>,
    trace_directory: Option<PathBuf>,
) -> Result<Loaded, LoadError> {
    let diagnostics = Diagnostics::new();
    let mut sources = Sources::new();
    let directory = origin.directory();
    let read = match origin {
        Origin::File(path) => read_file(path, &mut sources, &diagnostics),
        Origin::Text { name, text } | Origin::TextIn { name, text, .. } => {
            Some((sources.add(name, text), text.to_owned()))
        }
    };
    let Some((file, text)) = read else { return Err(LoadError::new(diagnostics, sources)) };
    if let Some(error) = foreign(file, &text) {
        diagnostics.push(error);
        return Err(LoadError::new(diagnostics, sources));
    }
    let document = document::parse(file, &text, &diagnostics);
    let mut parse = |name: &str, assignments: &[String]| -> Vec<Table> {
        let parsed = assignments.iter().filter_map(|assignment| {
            let source = sources.add(name, assignment.as_str());
            parse_assignment(source, assignment, &diagnostics)
        });
        parsed.filter(|over| !sets_a_variant(over, &diagnostics)).collect()
    };
    let settings = parse("--set", assignments);
    let grid: Option<Vec<_>> = grid.map(|points| {
        points
            .iter()
            .map(|point| (point.name.as_str(), parse("--vary", &point.assignments)))
            .collect()
    });

    let traces = Traces::new(trace_directory, sources);
    let loaded = read_variants(file, &document, &settings, grid, &diagnostics, &traces);
    let sources = traces.into_sources();
    match loaded {
        Some((loaded, list)) if !diagnostics.has_errors() => {
            let warnings = Warnings::new(list, sources);
            Ok(Loaded { directory, warnings, ..loaded })
        }
        _ => Err(LoadError::new(diagnostics, sources)),
    }
}

/// Whether an assignment changes a variant, which is reported as an error.
fn sets_a_variant(over: &Table, diagnostics: &Diagnostics) -> bool {
    let Some(variants) = over.get("variants") else { return false };
    let error = Diagnostic::error("`--set` cannot change a single variant");
    let help = "`--set` changes every variant: write for example `--set horizon=7d`";
    diagnostics.push(error.at(&variants.key_location).help(help));
    true
}

fn read_variants(
    file: SourceId,
    document: &Table,
    settings: &[Table],
    grid: Option<Vec<(&str, Vec<Table>)>>,
    diagnostics: &Diagnostics,
    traces: &Traces,
) -> Option<(Loaded, Vec<Diagnostic>)> {
    let mut base = document.without_entries();
    let (mut variants, mut thresholds) = (None, None);
    for entry in document.entries() {
        match entry.key.as_str() {
            "variants" => variants = Some(entry),
            "thresholds" => thresholds = Some(entry),
            _ => base.insert(entry.clone()),
        }
    }
    let set = |table: &Table| {
        settings.iter().fold(table.clone(), |table, over| overlay(&table, over, diagnostics))
    };
    let read = |table: &Table| read_scenario(file, table, diagnostics, traces);
    // Variants overlay the scenario as it was written; the command line overlays the result.
    let whole = read(&set(&base));
    // The base is only checked for settings without effect if it is simulated itself.
    let idle = RefCell::new(Idle::default());
    let look_at = |scenario: &Scenario, table: &Table| {
        idle.borrow_mut().look_at(scenario, table);
    };
    let read_variant = |table: &Table| {
        let scenario = read(table)?;
        look_at(&scenario, table);
        Some(scenario)
    };
    let read_points = |grid: Vec<(&str, Vec<Table>)>| {
        let points = grid.into_iter().map(|(name, settings)| {
            let set = set(&base);
            let merged =
                settings.iter().fold(set, |table, over| overlay(&table, over, diagnostics));
            let over = settings.iter().fold(Table::new(), |table, over| merge(&table, over));
            let overlay = table_to_json(&over);
            Some(Variant { name: name.to_owned(), overlay, scenario: read_variant(&merged)? })
        });
        points.collect()
    };
    // Thresholds of single variants do not apply where a grid replaces the variants.
    let absent: Vec<&str> = match variants.map(|entry| &entry.node.value) {
        Some(document::Value::Table(names)) if grid.is_some() => names.keys().collect(),
        _ => Vec::new(),
    };
    let variants: Vec<Option<Variant>> = match variants {
        _ if grid.is_some() => grid.map(read_points).unwrap_or_default(),
        None => vec![whole.clone().map(|scenario| {
            look_at(&scenario, &set(&base));
            let overlay = Value::Object(serde_json::Map::new());
            Variant { name: "scenario".to_owned(), overlay, scenario }
        })],
        Some(variants) => overlays(variants, diagnostics)
            .into_iter()
            .map(|(name, over)| {
                let merged = set(&overlay(&base, over, diagnostics));
                Some(Variant {
                    name: name.to_owned(),
                    overlay: table_to_json(over),
                    scenario: read_variant(&merged)?,
                })
            })
            .collect(),
    };
    let known: Vec<&Variant> = variants.iter().flatten().collect();
    let is_start_given = set(&base).get("starts").is_some()
        || known.iter().any(|variant| variant.scenario.starts != Scenario::DEFAULT_START);
    let starts = Starts { is_given: is_start_given, variants: known };
    let read =
        thresholds.map_or(Some(Vec::new()), |entry| read_thresholds(entry, &starts, diagnostics));
    let variants = variants.into_iter().collect::<Option<_>>()?;
    let (directory, warnings) = (PathBuf::new(), Warnings::default());
    let replaced = absent.iter().map(|name| (*name).to_owned()).collect();
    let (base, read) = (whole?, read?);
    let mut loaded =
        Loaded { base, variants, is_start_given, replaced, thresholds: read, directory, warnings };
    thresholds.into_iter().for_each(|entry| check_thresholds(&loaded, &absent, entry, diagnostics));
    loaded.thresholds.retain(|threshold| !threshold.is_about(&absent));
    Some((loaded, idle.into_inner().into_warnings()))
}

/// Both assignments' tables in one, for the results.
fn merge(table: &Table, over: &Table) -> Table {
    let mut merged = table.clone();
    for entry in over.entries() {
        let mut entry = entry.clone();
        if let (document::Value::Table(below), Some(known)) =
            (&entry.node.value, merged.get(&entry.key))
            && let document::Value::Table(known) = &known.node.value
        {
            entry.node.value = document::Value::Table(merge(known, below));
        }
        merged.insert(entry);
    }
    merged
}

/// The named overlays of a `variants` table.
fn overlays<'d>(variants: &'d Entry, diagnostics: &'d Diagnostics) -> Vec<(&'d str, &'d Table)> {
    let Some(entries) = Field::new(variants, diagnostics).entries() else {
        return Vec::new();
    };
    let keys = ScenarioKeys::shape().keys;
    let is_key = |name: &str| keys.iter().any(|key| key.name == name);
    let overlays: Vec<_> = entries
        .filter_map(|variant| {
            if variant.key().trim().is_empty() {
                let error = Diagnostic::error("a variant needs a name").at(variant.key_location());
                diagnostics.push(error.help("write for example `[variants.\"limit 100\"]`"));
                return None;
            }
            let is_table = matches!(variant.value(), document::Value::Table(_));
            if NAMED.contains(&variant.key()) || (!is_table && is_key(variant.key())) {
                let key = quoted(variant.key());
                let error = format!("{key} is a key of the scenario, but no variant is named here");
                let error = Diagnostic::error(error).at(variant.key_location());
                let help = "each variant has a name: write it below `[variants.\"limit 100\"]`";
                return variant.reject(error.help(help));
            }
            Some((variant.key(), variant.table()?))
        })
        .collect();
    if overlays.is_empty() && !diagnostics.has_errors() {
        let error = Diagnostic::error("`variants` has no variant");
        diagnostics.push(
            error
                .at(&variants.key_location)
                .help("add a table such as `[variants.\"limit 100\"]`, or leave `variants` out"),
        );
    }
    overlays
}

/// An overlay as JSON, for the results.
fn table_to_json(table: &Table) -> Value {
    let entries = table.entries().iter();
    Value::Object(entries.map(|entry| (entry.key.clone(), node_to_json(&entry.node))).collect())
}

fn node_to_json(node: &Node) -> Value {
    match &node.value {
        document::Value::String(text) => Value::from(text.as_str()),
        document::Value::Integer(number) => Value::from(*number),
        document::Value::Float(number) => Value::from(*number),
        document::Value::Boolean(truth) => Value::from(*truth),
        document::Value::Array(items) => items.iter().map(node_to_json).collect(),
        document::Value::Table(table) => table_to_json(table),
        // No key has such a value, so a scenario with one is not accepted.
        document::Value::Datetime | document::Value::Invalid => Value::Null,
    }
}

/// The text of a file, which is added to `sources`; `None` if the file cannot be read, which is
/// reported.
fn read_file(
    path: &Path,
    sources: &mut Sources,
    diagnostics: &Diagnostics,
) -> Option<(SourceId, String)> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|problem| {
        diagnostics.push({
            let error = format!("cannot read {}: {}", quoted(&name), plain(&problem));
            let error = Diagnostic::error(error);
            match problem.kind() {
                ErrorKind::NotFound => error.help(match Builtin::near(path) {
                    Some(near) => format!("did you mean the built-in scenario `{near}`?"),
                    None => format!(
                        "`distpoint scenarios` lists the built-in scenarios; without a file, \
                     `{DEFAULT_BUILTIN}` runs"
                    ),
                }),
                ErrorKind::IsADirectory => error.help("name the scenario file in that directory"),
                _ => error,
            }
        })
    });
    let bytes = bytes.ok()?;
    match String::from_utf8(bytes) {
        Ok(text) => Some((sources.add(name, text.as_str()), text)),
        Err(problem) => {
            let valid = problem.utf8_error().valid_up_to();
            // The lossy text has a replacement character in place of the first wrong bytes.
            let text = String::from_utf8_lossy(problem.as_bytes()).into_owned();
            let source = sources.add(name, text);
            let place = valid..valid + char::REPLACEMENT_CHARACTER.len_utf8();
            let error = Diagnostic::error("the file is not UTF-8 text");
            diagnostics.push(error.at(Location::new(source, place)).help("save the file as UTF-8"));
            None
        }
    }
}
