//! `distpoint compare`: is the load still fine after a change?

use std::path::PathBuf;

use clap::Args;
use indexmap::IndexMap;

use super::inputs::Inputs;
use super::output_args::OutputArgs;
use super::report::read;
use super::{Exit, Failure};
use crate::compare::{self, DEFAULT_TOLERANCE, Judgement, Rules, Shown};
use crate::stats::metric::{self, Better, Metric};
use crate::value::Percent;

/// Compare the results of two studies, variant by variant, and find regressions.
///
/// A metric is a regression if it is worse beyond chance (the 95% interval of its difference excludes
/// zero) and beyond the tolerance. Studies with the same seed and engine are compared replication by
/// replication, others as independent samples. One replication has no interval: a change for the
/// worse beyond the tolerance is then inconclusive. So is a variant, a client group or a metric that the base
/// has and the new results lack.
///
/// Exit code 98 for a regression, 97 if the comparison is inconclusive, 0 otherwise. The more metrics
/// are judged, the likelier it is that one is worse by chance: name those that matter with --metric.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint compare base.json new.json
  distpoint compare base.json new.json --tolerance 10% --tolerance stranded=0%
  distpoint compare base.json new.json --metric completion.p95 --metric stranded
  distpoint compare base.json new.json -o comparison.md -o junit.xml")]
pub struct CompareArgs {
    /// The results to compare with; `-` for standard input.
    #[arg(value_name = "BASE.json")]
    base: PathBuf,
    /// The results to judge; `-` for standard input.
    #[arg(value_name = "NEW.json")]
    new: PathBuf,
    /// How much worse metrics may become, as a share of the base; for all metrics or for one
    /// (repeatable) [default: 5%].
    #[arg(long, value_name = "[METRIC=]P%", value_parser = tolerance)]
    tolerance: Vec<Tolerance>,
    /// A metric to judge (repeatable) [default: all of which less or more is better].
    #[arg(long, value_name = "METRIC", value_parser = metric)]
    metric: Vec<Metric>,
    /// Show every metric that differs, also those that are not judged or say the same as another.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// A tolerance as a share, of one metric or of all.
#[derive(Clone, Debug)]
struct Tolerance {
    metric: Option<Metric>,
    share: f64,
}

fn tolerance(text: &str) -> Result<Tolerance, String> {
    let (metric, percent) = match text.split_once('=') {
        Some((name, percent)) => (Some(metric(name.trim())?), percent),
        None => (None, text),
    };
    match percent.parse().map(Percent::share) {
        Ok(share) => Ok(Tolerance { metric, share }),
        _ => Err("write a percentage such as `5%`, or `stranded=10%` for one metric".to_owned()),
    }
}

/// The name of a metric that can get worse.
fn metric(text: &str) -> Result<Metric, String> {
    let metric = metric::suggest(text)?;
    match metric.better {
        Better::Neither => {
            Err("neither less nor more of it is better, so it cannot be judged".to_owned())
        }
        Better::Lower | Better::Higher => Ok(metric),
    }
}

/// Runs the command.
pub fn run(args: &CompareArgs) -> Result<Exit, Failure> {
    if args.base == args.new && args.base.to_str() == Some("-") {
        return Err(Failure::Usage(
            "standard input can be read for only one of the two results".to_owned(),
        ));
    }
    let (base, new) = match (read(&args.base), read(&args.new)) {
        (Ok(base), Ok(new)) => (base, new),
        (Err(base), Err(new)) => return Err(Failure::Several(vec![base, new])),
        (Err(wrong), _) | (_, Err(wrong)) => return Err(wrong),
    };
    let targets = args.output.targets(&Inputs::of([&args.base, &args.new]))?;
    let compared = compare::compare(&base, &new, &rules(args));
    args.output.write(&targets, false, |format, width| (format.comparison)(&compared, width))?;
    Ok(match compared.outcome {
        Judgement::Pass => Exit::Success,
        Judgement::Inconclusive => Exit::Inconclusive,
        Judgement::Regression => Exit::Regressed,
    })
}

/// The last tolerance for a metric counts, and the last for all metrics.
fn rules(args: &CompareArgs) -> Rules {
    let (mut all, mut single) = (DEFAULT_TOLERANCE, IndexMap::new());
    for Tolerance { metric, share } in &args.tolerance {
        match metric {
            Some(metric) => drop(single.insert(*metric, *share)),
            None => all = *share,
        }
    }
    Rules {
        metrics: args.metric.clone(),
        tolerance: all,
        tolerances: single,
        shown: match (args.all, args.metric.is_empty()) {
            (true, _) => Shown::All,
            (false, true) => Shown::OneOfEachFamily,
            // Who names metrics wants to see them.
            (false, false) => Shown::Judged,
        },
    }
}
