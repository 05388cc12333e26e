//! `distpoint schema`: the JSON Schemas of scenario files, results and comparisons.

use clap::{Args, ValueEnum};
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::output::print;
use super::{Exit, Failure};
use crate::compare::Compared;
use crate::results::Results;
use crate::scenario;

/// Print the JSON Schema of scenario files, results or comparisons.
///
/// With the schema of scenario files, an editor completes and explains their keys. The first line of a
/// scenario can name the schema: `#:schema ./scenario.schema.json`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint schema > scenario.schema.json
  distpoint schema results > results.schema.json")]
pub struct SchemaArgs {
    /// What the schema describes.
    #[arg(value_enum, default_value_t = Of::Scenario)]
    of: Of,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    /// Scenario files in TOML.
    Scenario,
    /// What `-o results.json` writes.
    Results,
    /// What `distpoint compare -o comparison.json` writes.
    Comparison,
}

/// Runs the command.
pub fn run(args: &SchemaArgs) -> Result<Exit, Failure> {
    let generator = || SchemaSettings::draft07().into_generator();
    let schema: Value = match args.of {
        Of::Scenario => scenario::schema(),
        Of::Results => generator().into_root_schema_for::<Results>().into(),
        Of::Comparison => generator().into_root_schema_for::<Compared>().into(),
    };
    // It has string keys and finite numbers only, so writing it cannot fail.
    print(&format!("{}\n", serde_json::to_string_pretty(&schema).unwrap_or_default()))?;
    Ok(Exit::Success)
}
