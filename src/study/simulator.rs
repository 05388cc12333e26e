//! Simulating runs on all threads.

use std::sync::{Mutex, MutexGuard};

use rayon::prelude::*;

use super::one_run::{RunId, RunSummary};
use super::study_accumulator::StudyAccumulator;
use super::{Options, Progress, StudyError};
use crate::scenario::{Variant, runs_that_fit};

/// Runs that are simulated before they are summed up: enough to keep many cores busy, few enough
/// that their outcomes need little memory.
const BATCH_RUNS: u64 = 256;

/// Simulates runs on all threads.
pub struct Simulator<'o> {
    options: &'o Options,
    pool: rayon::ThreadPool,
    progress: Mutex<Progress>,
}

impl<'o> Simulator<'o> {
    /// A simulator with the threads that `options` asks for, or fewer if that many runs of `bytes`
    /// bytes each do not fit into memory.
    pub fn new(options: &'o Options, bytes: f64) -> Result<Simulator<'o>, StudyError> {
        let wanted = options.threads();
        let threads = wanted.min(runs_that_fit(bytes));
        if threads < wanted {
            tracing::warn!(
                "using only {threads} of {wanted} threads: more runs do not fit into memory"
            );
        }
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| StudyError::System(format!("cannot start threads: {error}")))?;
        Ok(Simulator { options, pool, progress: Mutex::default() })
    }

    /// Simulates `variants` until `sums` have `target` replications.
    ///
    /// # Errors
    ///
    /// [`StudyError`]; then `sums` have the replications that were complete before.
    pub fn simulate_until(
        &self,
        variants: &[Variant],
        sums: &mut StudyAccumulator,
        target: u64,
    ) -> Result<(), StudyError> {
        let missing = target.saturating_sub(sums.replications);
        self.plan(missing * variants.len() as u64, variants);
        while sums.replications < target {
            let batch = (BATCH_RUNS / variants.len().max(1) as u64).max(1);
            let end = target.min(sums.replications + batch);
            self.simulate_batch(variants, sums, end)?;
        }
        Ok(())
    }

    /// Simulates replications up to `end` and sums up those that are complete.
    fn simulate_batch(
        &self,
        variants: &[Variant],
        sums: &mut StudyAccumulator,
        end: u64,
    ) -> Result<(), StudyError> {
        let replications = sums.replications..end;
        let runs: Vec<RunId> = replications
            .flat_map(|replication| {
                (0..variants.len()).map(move |variant| RunId { replication, variant })
            })
            .collect();
        let mut outcomes = self.simulate(variants, &runs).into_iter();
        loop {
            let replication: Vec<_> = outcomes.by_ref().take(variants.len()).collect();
            if replication.is_empty() {
                return Ok(());
            }
            sums.add(replication.into_iter().collect::<Result<Vec<_>, _>>()?);
        }
    }

    /// Simulates `runs`, with their outcomes in the same order.
    fn simulate(
        &self,
        variants: &[Variant],
        runs: &[RunId],
    ) -> Vec<Result<RunSummary, StudyError>> {
        let outcomes = runs.par_iter().with_max_len(1).map(|run| {
            if self.options.stopped() {
                return Err(StudyError::Interrupted);
            }
            let variant = &variants[run.variant];
            let outcome = RunSummary::simulate(variant, run.replication, self.options)?;
            self.update(|progress| {
                progress.runs += 1;
                progress.events += outcome.events;
                progress.skipped += outcome.skipped;
            });
            Ok(outcome)
        });
        // Each run is a separate task, because their lengths differ widely.
        self.pool.install(|| outcomes.collect())
    }

    /// Simulates `runs` and calls `each` with their outcomes, in their order.
    ///
    /// # Errors
    ///
    /// [`StudyError`] of the first run that failed, after `each` was called for the runs before it.
    pub fn simulate_each(
        &self,
        variants: &[Variant],
        runs: &[RunId],
        mut each: impl FnMut(RunId, RunSummary),
    ) -> Result<(), StudyError> {
        self.plan(runs.len() as u64, variants);
        for batch in runs.chunks(BATCH_RUNS as usize) {
            for (run, outcome) in batch.iter().zip(self.simulate(variants, batch)) {
                each(*run, outcome?);
            }
        }
        Ok(())
    }

    /// Says how much of the work was skipped.
    fn report(&self) {
        let Progress { runs, events, skipped, .. } = *self.progress();
        if runs > 0 {
            tracing::info!(runs, simulated = events - skipped, skipped, "events");
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        // A thread that panicked while it counted has not left the numbers in disorder.
        self.progress.lock().unwrap_or_else(|poison| poison.into_inner())
    }

    /// Adds `runs` of `variants` to the runs that are planned.
    fn plan(&self, runs: u64, variants: &[Variant]) {
        let horizons = variants.iter().map(|variant| variant.scenario.horizon.as_millis());
        let horizon = horizons.max().unwrap_or(0);
        self.update(|progress| {
            progress.planned += runs;
            progress.horizon = progress.horizon.max(horizon);
        });
    }

    /// Changes the progress and reports it.
    fn update(&self, change: impl FnOnce(&mut Progress)) {
        let mut progress = self.progress();
        change(&mut progress);
        (self.options.progress)(*progress);
    }
}

impl Drop for Simulator<'_> {
    fn drop(&mut self) {
        self.report();
    }
}
