//! `distpoint merge`: joins the parts of a study that ran in shards.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::inputs::Inputs;
use super::report_args::ReportArgs;
use super::{Exit, Failure, interrupt};
use crate::diagnostic::{printable, quoted, quoted_path};
use crate::results::{self, SHARD_SCHEMA};
use crate::study::{self, Options, ShardResults};

/// Join the parts of a study that was simulated with --shard.
///
/// The results are the same, to the byte, as those of the whole study on one machine. Parts of
/// different versions, scenarios or seeds are refused, and so is a set of parts with one missing or
/// duplicated.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint run my.toml -n 100 --shard 1/2 -o part-1.json    on one machine
  distpoint run my.toml -n 100 --shard 2/2 -o part-2.json    on another
  distpoint merge part-1.json part-2.json -o all.json")]
pub struct MergeArgs {
    /// The parts, in any order.
    #[arg(required = true, value_name = "PART.json")]
    parts: Vec<PathBuf>,
    #[command(flatten)]
    reports: ReportArgs,
}

/// Runs the command.
pub fn run(args: &MergeArgs) -> Result<Exit, Failure> {
    let options =
        Options { stop: interrupt::flag()?, keeping: interrupt::keep, ..Options::default() };
    let mut parts = Vec::new();
    let mut failures = Vec::new();
    for path in &args.parts {
        match read(path) {
            Ok(part) => parts.push((path.display().to_string(), part)),
            Err(failure) => failures.push(failure),
        }
    }
    if !failures.is_empty() {
        return Err(Failure::Several(failures));
    }
    let traces = parts.iter().flat_map(|(_, part)| part.trace_files());
    let inputs = Inputs::of(&args.parts).and(traces);
    let targets = args.reports.targets(&inputs)?;
    let outcome = study::merge(parts, &options)
        .map_err(|problems| Failure::Several(problems.into_iter().map(Failure::Usage).collect()))?;
    args.reports.report(&outcome, &targets)
}

fn read(path: &Path) -> Result<ShardResults, Failure> {
    let name = quoted_path(path);
    let unreadable = |problem: String| Failure::Usage(format!("cannot read {name}: {problem}"));
    let bytes = results::read_bytes(path).map_err(|error| unreadable(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text".into()))?;
    serde_json::from_str(&text).map_err(|error: serde_json::Error| {
        // It may quote the file.
        let error = printable(&error.to_string());
        let schema = serde_json::from_str::<Value>(&text).ok().map(|json| json["schema"].clone());
        Failure::Usage(match schema {
            Some(Value::String(schema)) if schema != SHARD_SCHEMA => format!(
                "{name} is not a part of a study: its schema is {}, not `{SHARD_SCHEMA}`; parts \
                 are written with --shard",
                quoted(&schema)
            ),
            Some(_) => {
                format!("{name} is not a part of a study: {error}; parts are written with --shard")
            }
            None => format!("{name} is not JSON, or it is cut off: {error}"),
        })
    })
}
