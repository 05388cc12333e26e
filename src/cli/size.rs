//! `distpoint size`: finds the smallest or the largest value of a key that meets every target, or the best
//! value.

use std::path::PathBuf;

use clap::Args;

use super::report_args::verdict;
use super::scenario_args::inputs;
use super::study_args::StudyArgs;
use super::{Exit, Failure, interrupt, stderr};
use crate::results::Direction;
use crate::scenario::{Axis, MetricPath, Operator, Target, Variant, grid};
use crate::study::{
    self, Objective, Options, Search, SearchRange, Shortfall, SizingPlan, StudyError, StudyOutcome,
};
use crate::value::Percent;

/// Find the smallest or the largest value of a key that meets every target, or the best value.
///
/// The best value is the one with the greatest (--maximise) or the least (--minimise) mean of a metric.
/// Among values that cannot be distinguished, or that differ by less than 1%, it is the smallest. With
/// --until it is the best of those that meet the targets.
///
/// The values replace the scenario's variants. To use the settings of a variant, give them with --set.
///
/// Exit code 99 if no value of the range meets the targets, 97 if more runs are needed to decide.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint size q268500 --until 'completion.p95 < 2h' \\
      --vary 'distribution_points.*.connection_limit=1..500'
  distpoint size my.toml --until 'completion.p95 < 24h' \\
      --until 'stranded.ratio < 1%' \\
      --vary distribution_points.DP01.connection_limit=10..1000
  distpoint size my.toml --until 'makespan < 12h' --largest \\
      --vary clients.laptops.count=100..40000:100
  distpoint size my.toml --vary clients.office.retry.interval=10s..30m:10s \\
      --minimise idle_while_waiting --until 'attempts.mean < 20'
  distpoint size nightly-outage --until 'makespan < 4h' \\
      --vary 'distribution_points.*.bandwidth=5MB/s..50MB/s'")]
pub struct SizeArgs {
    /// A scenario file, the name of a built-in scenario, or `-` for standard input.
    scenario: PathBuf,
    /// The key and the range of its values: whole numbers `1..500`, durations `5m..1h`, percentages
    /// `0%..50%`, decimals `0..0.1:0.01`, rates `5MB/s..50MB/s`, frequencies `5/s..60/s` or sizes `10MB..1GB`. A
    /// step follows a colon. Without a step, durations, rates and sizes use the smallest round step that gives at
    /// most 1,000 values.
    #[arg(long, value_name = "KEY=LO..HI", value_parser = SearchRange::parse, required = true)]
    vary: Vec<SearchRange>,
    /// A target to meet (repeatable), such as `completion.p95 < 24h`, or `makespan < 06:00` if the scenario
    /// has `starts`.
    #[arg(long, value_name = "METRIC OP VALUE", value_parser = target,
          required_unless_present_any = ["maximise", "minimise"])]
    until: Vec<String>,
    /// Find the value with the greatest mean of this metric, such as `utilisation`.
    #[arg(long, value_name = "METRIC", alias = "maximize", value_parser = metric,
          conflicts_with = "minimise")]
    maximise: Option<MetricPath>,
    /// Find the value with the least mean of this metric, such as `completion.p95`.
    #[arg(long, value_name = "METRIC", alias = "minimize", value_parser = metric)]
    minimise: Option<MetricPath>,
    /// Find the largest value that meets every target, such as the largest fleet, instead of the smallest.
    #[arg(long, conflicts_with_all = ["maximise", "minimise"], requires = "until")]
    largest: bool,
    /// The confidence of the answer. The answer rests on several verdicts, and a verdict on several
    /// looks at the runs; each of these gets a higher confidence, so that all together have this one.
    #[arg(long, value_name = "P%", default_value = "95%", value_parser = confidence)]
    confidence: f64,
    /// Simulate every value of the range --replications times, instead of searching. This takes longer,
    /// but can be split with --shard.
    #[arg(long)]
    grid: bool,
    #[command(flatten)]
    study: StudyArgs,
}

fn target(text: &str) -> Result<String, String> {
    Target::check_form(text).map_err(|error| error.to_string())?;
    Ok(text.to_owned())
}

fn metric(text: &str) -> Result<MetricPath, String> {
    if text.trim().is_empty() {
        return Err("name a metric, such as `completion.p95`".to_owned());
    }
    MetricPath::parse_whole(text).map_err(|error| error.to_string())
}

fn confidence(text: &str) -> Result<f64, String> {
    match text.parse().map(Percent::share) {
        Ok(share) if share > 0.5 && share < 1.0 => Ok(share),
        _ => Err("write a percentage above 50% and below 100%, such as `95%`".to_owned()),
    }
}

impl SizeArgs {
    fn objective(&self) -> Option<Objective> {
        let (metric, direction) = match (&self.maximise, &self.minimise) {
            (Some(metric), _) => (metric, Direction::Maximise),
            (None, Some(metric)) => (metric, Direction::Minimise),
            (None, None) => return None,
        };
        Some(Objective { metric: metric.clone(), direction })
    }

    /// The key and its values.
    fn range(&self) -> Result<&SearchRange, Failure> {
        match &self.vary[..] {
            [range] => Ok(range),
            several => Err(Failure::Usage(format!(
                "a search is over one key, but --vary names {}: fix all but one with --set, or look at the \
                 whole grid with `distpoint sweep`",
                several.len()
            ))),
        }
    }

    /// `targets` and the objective, whose groups and distribution points the scenario must have.
    fn named(&self, targets: &[(String, Target)]) -> Vec<(String, Target)> {
        let objective = self.objective().map(|Objective { metric, .. }| {
            let text = metric.to_string();
            (text, Target { metric, operator: Operator::GreaterOrEqual, value: 0.0 })
        });
        targets.iter().cloned().chain(objective).collect()
    }
}

/// Runs the command.
pub fn run(args: &SizeArgs, quiet: bool) -> Result<Exit, Failure> {
    args.study.check_for_search(args.grid)?;
    let stop = interrupt::flag()?;
    let range = args.range()?;
    // Both ends are checked before anything is simulated: what is right at both is right between them.
    let among = |values: Vec<String>| {
        let axis = Axis { key: range.key.clone(), values };
        args.study.scenario().load_grid(&args.scenario, &grid(&[axis]))
    };
    let at = |value: &str| among(vec![value.to_owned()]);
    let (first, last) = (range.text(0), range.text(range.last()));
    let base = at(&first)?;
    let highest = at(&last)?;
    let ends = among(vec![first, last])?;
    // A time of day has to mean the same at both ends.
    let until = ends.read_targets(&args.until).map_err(Failure::Usage)?;
    highest.check_targets(&args.named(&until)).map_err(Failure::Usage)?;
    stderr::warn(&ends, quiet);
    StudyArgs::note_replaced(&base, quiet);
    if !quiet && !base.thresholds.is_empty() {
        stderr::note("a search ignores the scenario's thresholds: give its targets with --until");
    }
    let options = args.study.options(stop, quiet);
    if args.grid {
        return on_grid(args, &until, &options, quiet);
    }
    for end in [&base, &highest] {
        args.study.check_estimate(end, &options, true, 1)?;
    }
    let inputs = inputs(&args.scenario, &base);
    let targets = args.study.reports().targets(&inputs)?;
    let search = Search {
        range: range.clone(),
        targets: &until,
        objective: args.objective(),
        largest: args.largest,
        confidence: args.confidence,
        ceiling: args.study.max_replications(),
    };
    let sized = study::size(&search, &options, |value| {
        let mut loaded =
            at(value).map_err(|failure| StudyError::InvalidRequest(failure.to_string()))?;
        // A search ignores thresholds, and so their windows of time.
        Ok(Variant { windows: Vec::new(), ..loaded.variants.swap_remove(0) })
    });
    // What an interrupted search has simulated is kept, however long it takes to sum it up.
    interrupt::keep();
    let plan = study::plan(&base, &options).map_err(Failure::Study)?;
    let results = sized.map_err(Failure::Study)?.into_results(&plan);
    let exit = verdict(&results);
    let shortfall = (exit == Exit::interrupted()).then_some(Shortfall::Interrupted);
    args.study.reports().report(&StudyOutcome { results, shortfall }, &targets)?;
    Ok(exit)
}

/// Larger grids are more often a mistake than intended.
const MAX_VALUES: u64 = 100_000;

/// Simulates every value of the range.
fn on_grid(
    args: &SizeArgs,
    until: &[(String, Target)],
    options: &Options,
    quiet: bool,
) -> Result<Exit, Failure> {
    let range = args.range()?;
    let values = range.last() + 1;
    if values > MAX_VALUES {
        let SearchRange { unit, low, high, .. } = range;
        return Err(Failure::Usage(format!(
            "the grid has {values} values: use wider steps, such as `{}..{}:{}`",
            unit.text(*low),
            unit.text(*high),
            unit.text((high - low) / 100)
        )));
    }
    let objective = args.objective();
    let sizing = SizingPlan {
        range: range.clone(),
        targets: until.iter().map(|(text, _)| text.clone()).collect(),
        objective: objective.map(|objective| (objective.metric.to_string(), objective.direction)),
        largest: args.largest,
        confidence: args.confidence,
    };
    let axis = Axis { key: range.key.clone(), values: sizing.values().collect() };
    let loaded = args.study.scenario().load_grid(&args.scenario, &grid(&[axis]))?;
    let mut plan = study::plan(&loaded, options).map_err(Failure::Study)?;
    plan.sizing = Some(sizing);
    args.study.simulate(&args.scenario, plan, &loaded, options, quiet)
}
