//! `distpoint size`: the smallest value of a key that meets every target, with the evidence.

use std::path::PathBuf;

use clap::Args;

use super::study_args::StudyArgs;
use super::{Exit, Failure, interrupt};
use crate::results::ThresholdVerdict;
use crate::scenario::{Axis, Target, grid};
use crate::study::{self, Outcome, Search, StudyError};

/// Find the smallest value of a key that meets every target.
///
/// Exit code 99 if no value of the range does, 97 if more runs are needed to tell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint size q268500 --vary 'distribution_points.*.connection_limit=1..500' \\
                         --until 'completion.p95 < 2h'
  distpoint size my.toml --vary distribution_points.DP01.connection_limit=10..1000 \\
                         --until 'completion.p95 < 24h' --until 'stranded.ratio < 1%'")]
pub struct SizeArgs {
    /// A scenario file, or the name of a built-in scenario.
    scenario: PathBuf,
    /// The key and the range of its values, whole numbers.
    #[arg(long, value_name = "KEY=LO..HI", value_parser = range)]
    vary: Range,
    /// What has to be met (repeatable), such as `completion.p95 < 24h`.
    #[arg(long, value_name = "METRIC OP VALUE", required = true, value_parser = target)]
    until: Vec<(String, Target)>,
    /// How sure to be of each verdict.
    #[arg(long, value_name = "P%", default_value = "95%", value_parser = confidence)]
    confidence: f64,
    #[command(flatten)]
    study: StudyArgs,
}

/// A key and a range of whole numbers.
#[derive(Clone, Debug)]
struct Range {
    key: String,
    low: u64,
    high: u64,
}

fn range(text: &str) -> Result<Range, String> {
    let form = || {
        "write `KEY=LO..HI` with whole numbers, for example \
         `distribution_points.*.connection_limit=1..500`"
            .to_owned()
    };
    let (key, spec) = text.split_once('=').ok_or_else(form)?;
    let (low, high) = spec.split_once("..").ok_or_else(form)?;
    let number = |text: &str| text.trim().parse::<u64>().map_err(|_| form());
    let (low, high) = (number(low)?, number(high)?);
    if low > high {
        return Err(format!("the range {low}..{high} is reversed: write {high}..{low}"));
    }
    if key.trim().is_empty() {
        return Err(form());
    }
    Ok(Range { key: key.trim().to_owned(), low, high })
}

fn target(text: &str) -> Result<(String, Target), String> {
    let target =
        Target::parse(text).map_err(|error| format!("{}: {}", error.message, error.help))?;
    Ok((text.trim().to_owned(), target))
}

fn confidence(text: &str) -> Result<f64, String> {
    let percent = text.trim().strip_suffix('%').and_then(|percent| percent.parse::<f64>().ok());
    match percent {
        Some(percent) if percent > 50.0 && percent < 100.0 => Ok(percent / 100.0),
        _ => Err("write a percentage above 50% and below 100%, such as `95%`".to_owned()),
    }
}

/// Runs the command.
pub fn run(args: &SizeArgs, quiet: bool) -> Result<Exit, Failure> {
    args.study.check_for_search()?;
    let stop = interrupt::flag()?;
    let Range { key, low, high } = &args.vary;
    // Both ends are checked before anything is played: what is right at both is right between.
    let value = |value: u64| {
        let axis = Axis { key: key.clone(), values: vec![value.to_string()] };
        args.study.load_grid(&args.scenario, &grid(&[axis]))
    };
    let base = value(*low)?;
    value(*high)?.check_targets(&args.until).map_err(Failure::Usage)?;
    let targets = args.study.reports().targets()?;
    let options = args.study.options(stop, quiet);
    let search = Search {
        key: key.clone(),
        low: *low,
        high: *high,
        targets: &args.until,
        confidence: args.confidence,
        ceiling: args.study.max_replications(),
    };
    let sized = study::size(&search, &options, |candidate| {
        let mut loaded =
            value(candidate).map_err(|failure| StudyError::Unplayable(failure.to_string()))?;
        Ok(loaded.variants.swap_remove(0))
    });
    let results = sized.map_err(Failure::Study)?.into_results(&base.base, options.engine);
    let verdict = results.sizing.as_ref().map(|sizing| sizing.verdict);
    args.study.reports().report(&Outcome { results, shortfall: None }, &targets)?;
    Ok(match verdict {
        Some(ThresholdVerdict::Pass) => Exit::Success,
        Some(ThresholdVerdict::Fail) => Exit::Breached,
        _ => Exit::Inconclusive,
    })
}
