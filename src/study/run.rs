//! Running a study: its plan, its replications and what they come to.

use super::error::StudyError;
use super::options::Options;
use super::plan::Plan;
use super::replicate::{Shortfall, replicate};
use crate::results::Results;
use crate::scenario::Loaded;

/// What a study came to, and whether it is all that was asked for.
#[derive(Clone, Debug)]
pub struct StudyOutcome {
    /// The results, of as many replications as they say.
    pub results: Results,
    /// What is missing from what was asked for, if anything.
    pub shortfall: Option<Shortfall>,
}

/// Simulates every variant of `loaded` and sums it up. See [`run_whole`] for what is kept if the user
/// stops it.
///
/// # Errors
///
/// [`StudyError`] if it was stopped or fell short in another way.
pub fn run(loaded: &Loaded, options: &Options) -> Result<Results, StudyError> {
    let outcome = run_whole(loaded, options)?;
    match outcome.shortfall {
        Some(Shortfall::Interrupted) => Err(StudyError::Interrupted),
        Some(Shortfall::Imprecise(problem)) => Err(StudyError::Unplayable(problem)),
        None => Ok(outcome.results),
    }
}

/// Simulates every variant of `loaded` and sums it up; what was complete when the user stopped it is
/// kept.
///
/// # Errors
///
/// [`StudyError`] if there is nothing to keep.
pub fn run_whole(loaded: &Loaded, options: &Options) -> Result<StudyOutcome, StudyError> {
    run_plan(&plan(loaded, options)?, loaded, options)
}

/// The plan that [`run_plan`] simulates.
///
/// # Errors
///
/// [`StudyError`] if the variant to compare with does not exist.
pub fn plan(loaded: &Loaded, options: &Options) -> Result<Plan, StudyError> {
    let plan = Plan::new(loaded, options.engine, options.reference.as_deref())?;
    Ok(Plan { what_if: options.simulates_what_ifs(), ..plan })
}

/// Simulates every variant of `loaded`, whose plan is `plan`, as [`run_whole`] does.
///
/// # Errors
///
/// [`StudyError`] if there is nothing to keep.
pub fn run_plan(
    plan: &Plan,
    loaded: &Loaded,
    options: &Options,
) -> Result<StudyOutcome, StudyError> {
    let (sums, shortfall) = replicate(&loaded.variants, plan.sums(), options)?;
    let variants = plan.variants.iter().zip(&loaded.variants);
    let scenarios: Vec<_> = variants
        .map(|(planned, variant)| planned.scenario.is_some().then_some(&variant.scenario))
        .collect();
    Ok(StudyOutcome { results: plan.results(sums, &scenarios, options)?, shortfall })
}
