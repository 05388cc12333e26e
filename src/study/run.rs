//! Running a study: its plan, its replications and its results.

use super::replicate::replicate;
use super::{Options, Plan, Shortfall, StudyError, StudyOutcome};
use crate::results::Results;
use crate::scenario::Loaded;

/// Simulates every variant of `loaded` and sums it up. To keep what is complete when the user stops the
/// study, use [`run_whole`].
///
/// # Errors
///
/// [`StudyError`] if the study was stopped, or did not reach its precision.
pub fn run(loaded: &Loaded, options: &Options) -> Result<Results, StudyError> {
    let outcome = run_whole(loaded, options)?;
    match outcome.shortfall {
        Some(Shortfall::Interrupted | Shortfall::FindingsCutShort) => Err(StudyError::Interrupted),
        Some(Shortfall::Imprecise(problem)) => Err(StudyError::InvalidRequest(problem)),
        None => Ok(outcome.results),
    }
}

/// Simulates every variant of `loaded` and sums it up. If the user stops the study, the complete
/// replications are kept.
///
/// # Errors
///
/// [`StudyError`] if no replication is complete.
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
/// [`StudyError`] if no replication is complete.
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
    // The study is complete: from here on a signal cuts short only what its findings suggest.
    (options.keeping)();
    let mut results = plan.results(sums, &scenarios, options)?;
    results.interrupted = shortfall == Some(Shortfall::Interrupted);
    Ok(match shortfall {
        None => StudyOutcome::complete(results, options),
        shortfall => StudyOutcome { results, shortfall },
    })
}
