//! Loading: a file and the command line's changes become a scenario and its variants.

use std::io::ErrorKind;
use std::iter;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::builtin::{Builtin, DEFAULT_BUILTIN};
use super::check::idle::Idle;
use super::check::memory::{too_much_memory, variant_bytes};
use super::definition::{Loaded, Scenario, Variant};
use super::document::{self, Table, overlay, parse_assignment};
use super::foreign::foreign;
use super::form::Field;
use super::keys::{overlay_rules, read_scenario, read_study};
use super::problems::{LoadError, Warnings, plain};
use super::threshold::{Starts, check_thresholds, read_thresholds};
use super::toml_text::to_toml;
use super::trace::Traces;
use super::vary::GridPoint;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, SourceId, Sources, quoted};
use crate::limited;

/// The largest scenario that is read, in bytes: 64 MiB, about two million variants.
pub const MOST_BYTES: u64 = 64 << 20;

/// The bytes of memory that each byte of a scenario takes while it is read. Measured on 60,000 groups and on a
/// million variants.
const BYTES_PER_TEXT: f64 = 64.0;

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
    /// Bytes that were read from elsewhere, such as standard input. Files that they name are looked for in
    /// the current directory.
    Bytes {
        /// Their name in messages.
        name: &'a str,
        /// The scenario in TOML, if they are UTF-8.
        bytes: &'a [u8],
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
            Origin::Text { .. } | Origin::Bytes { .. } => PathBuf::new(),
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
        Origin::Bytes { name, bytes } => {
            decode(name.to_owned(), bytes.to_owned(), &mut sources, &diagnostics)
        }
        Origin::Text { name, text } | Origin::TextIn { name, text, .. } => {
            Some((sources.add(name, text), text.to_owned()))
        }
    };
    let Some((file, text)) = read else { return Err(LoadError::new(diagnostics, sources)) };
    let bytes = text.len() as f64 * BYTES_PER_TEXT;
    if let Some(problem) = too_much_memory("to read this scenario would", bytes) {
        diagnostics.push(Diagnostic::error(problem).at(Location::new(file, 0..0)));
        return Err(LoadError::new(diagnostics, sources));
    }
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
    let (study, base) = read_study(file, document, diagnostics);
    let named = study.variants.unwrap_or_default();
    let set = |table: Table, settings: &[Table]| {
        let lay = |table: Table, over| overlay(&table, over, overlay_rules(), diagnostics);
        settings.iter().fold(table, lay)
    };
    let read = |table: &Table| read_scenario(file, table, diagnostics, traces);
    let whole = set(base.clone(), settings);
    let scenario = read(&whole);
    // Before they are read: a million variants do not fit even as scenarios.
    let number = named.as_ref().map_or(0, Vec::len);
    let excess = scenario.as_ref().filter(|_| grid.is_none()).and_then(|scenario| {
        let what = format!("{number} variants");
        too_much_memory(&what, number as f64 * variant_bytes(scenario.parts()))
    });
    if let (Some(problem), Some(variants)) = (&excess, document.get("variants")) {
        let error = Diagnostic::error(problem.as_str()).at(&variants.key_location);
        diagnostics.push(error.help("simulate some of the variants at a time"));
        return None;
    }
    // Thresholds of single variants do not apply where a grid replaces the variants.
    let replaces = grid.is_some();
    let absent = named.iter().flatten().map(|(name, _)| name.as_str()).filter(|_| replaces);
    let absent: Vec<&str> = absent.collect();
    // The name of each variant, its changes, and the scenario with them.
    let tables: Box<dyn Iterator<Item = (String, Table, Table)>> = match (grid, &named) {
        (Some(grid), _) => Box::new(grid.into_iter().map(|(name, settings)| {
            let changes = settings.iter().fold(Table::new(), |table, over| merge(&table, over));
            (name.to_owned(), changes, set(whole.clone(), &settings))
        })),
        (None, None) => Box::new(iter::once(("scenario".to_owned(), Table::new(), whole.clone()))),
        // Variants overlay the scenario as it was written; the command line overlays the result.
        (None, Some(named)) => Box::new(named.iter().filter_map(|(name, over)| {
            let over = over.as_ref()?;
            let merged = set(overlay(&base, over, overlay_rules(), diagnostics), settings);
            Some((name.clone(), over.clone(), merged))
        })),
    };
    let mut idle = Idle::default();
    let variants = tables.map(|(name, changes, table)| {
        // Without changes it is the scenario that was read: its errors are not found twice.
        let scenario = if changes.is_empty() { scenario.clone()? } else { read(&table)? };
        idle.look_at(&scenario, &table);
        Some(Variant { name, overlay: changes.to_json(), scenario, windows: Vec::new() })
    });
    // All are read before the first `None` counts.
    let variants: Vec<Option<Variant>> = variants.collect();
    let known: Vec<&Variant> = variants.iter().flatten().collect();
    let is_start_given = known.iter().any(|variant| variant.scenario.starts.is_some());
    let starts = Starts { is_given: is_start_given, variants: known };
    let written = document.get("thresholds").map(|entry| Field::new(entry, diagnostics));
    let thresholds = written.map_or(Some(Vec::new()), |field| read_thresholds(field, &starts));
    let variants = variants.into_iter().collect::<Option<_>>()?;
    let (directory, warnings) = (PathBuf::new(), Warnings::default());
    let replaced = absent.iter().map(|name| (*name).to_owned()).collect();
    let (base, thresholds) = (scenario?, thresholds?);
    let mut loaded =
        Loaded { base, variants, is_start_given, replaced, thresholds, directory, warnings };
    written.into_iter().for_each(|field| check_thresholds(&loaded, &absent, field));
    loaded.thresholds.retain(|threshold| !threshold.is_about(&absent));
    loaded.set_windows();
    Some((loaded, idle.into_warnings()))
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

/// The text of a file, which is added to `sources`; `None` if the file cannot be read, which is
/// reported.
fn read_file(
    path: &Path,
    sources: &mut Sources,
    diagnostics: &Diagnostics,
) -> Option<(SourceId, String)> {
    let name = path.display().to_string();
    let bytes = limited::read_file(path, MOST_BYTES).map_err(|problem| {
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
    decode(name, bytes.ok()?, sources, diagnostics)
}

/// The text of `bytes`, which is added to `sources`; `None` if they are not UTF-8, which is reported.
fn decode(
    name: String,
    bytes: Vec<u8>,
    sources: &mut Sources,
    diagnostics: &Diagnostics,
) -> Option<(SourceId, String)> {
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
