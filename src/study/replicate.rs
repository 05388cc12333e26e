//! Replications: how many, in which order, and when it is enough.

use rayon::prelude::*;

use super::accumulate::VariantAccumulator;
use super::compare::Comparisons;
use super::unit::{Unit, UnitMetrics, UnitOutcome, play_unit};
use super::{Options, StudyError};
use crate::scenario::{Variant, runs_that_fit};
use crate::stats::interval::CONFIDENCE;
use crate::stats::metric::{Metric, Metrics};

/// Units that are played before they are summed up: enough to keep many cores busy, few enough
/// that their outcomes are small beside one run.
const BATCH_UNITS: u64 = 256;
/// Replications before the first look at the precision: fewer say little about the spread.
const FIRST_LOOK: u64 = 10;

/// How often each variant is played.
#[derive(Clone, Debug, PartialEq)]
pub enum Replications {
    /// So many times, at least once.
    Fixed(u64),
    /// Until a metric is known precisely.
    Until(Precision),
}

/// A precision to reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// The half-width of the 95% interval, as a share of the mean, in every variant.
    pub relative: f64,
    /// Of which metric.
    pub metric: Metric,
    /// After so many replications it ends in any case.
    pub ceiling: u64,
}

/// How far a study is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Units played.
    pub units: u64,
    /// Units that are planned so far.
    pub planned: u64,
    /// Events played.
    pub events: u64,
}

/// What is missing from what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// The user stopped it.
    Interrupted,
    /// The precision was not reached.
    Imprecise(String),
}

/// The sums over the replications so far.
pub struct Sums {
    /// How many replications they are of.
    pub replications: u64,
    /// One for each variant.
    pub variants: Vec<VariantAccumulator>,
    /// Variants beside the reference.
    pub comparisons: Comparisons,
}

/// Plays the replications of all variants and adds them to `sums`, which are of none yet.
pub fn replicate(
    variants: &[Variant],
    mut sums: Sums,
    options: &Options,
) -> Result<(Sums, Option<Shortfall>), StudyError> {
    let bytes = variants.iter().map(|variant| variant.scenario.expected_bytes());
    let player = Player::new(options, bytes.fold(0.0, f64::max))?;
    let mut target = match &options.replications {
        Replications::Fixed(count) => (*count).max(1),
        Replications::Until(precision) => FIRST_LOOK.min(precision.ceiling).max(2),
    };
    loop {
        match player.play_until(variants, &mut sums, target) {
            Err(StudyError::Interrupted) if sums.replications > 0 => {
                (options.keeping)();
                return Ok((sums, Some(Shortfall::Interrupted)));
            }
            played => played?,
        }
        let Replications::Until(precision) = &options.replications else {
            return Ok((sums, None));
        };
        match sums.needed(variants, precision)? {
            Needed::Enough => return Ok((sums, None)),
            Needed::More(_) if target >= precision.ceiling => {
                let shortfall = Shortfall::Imprecise(sums.imprecision(variants, precision));
                return Ok((sums, Some(shortfall)));
            }
            // At most twice as many as before: the first looks can be far off.
            Needed::More(more) => {
                target = more.clamp(target + 1, target * 2).min(precision.ceiling);
            }
        }
    }
}

/// Plays units on all threads.
pub struct Player<'o> {
    options: &'o Options,
    pool: rayon::ThreadPool,
    counter: Counter<'o>,
}

impl<'o> Player<'o> {
    /// A player with the threads that `options` asks for, or fewer if so many runs of `bytes`
    /// bytes each would not fit into memory.
    pub fn new(options: &'o Options, bytes: f64) -> Result<Player<'o>, StudyError> {
        let wanted = match options.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let threads = wanted.min(runs_that_fit(bytes));
        if threads < wanted {
            tracing::warn!("only {threads} of {wanted} threads: more runs do not fit into memory");
        }
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| StudyError::System(format!("cannot start threads: {error}")))?;
        Ok(Player { options, pool, counter: Counter::new(options) })
    }

    /// Plays `variants` until `sums` are of `target` replications.
    ///
    /// # Errors
    ///
    /// [`StudyError`]; then `sums` are of the replications that were complete before.
    pub fn play_until(
        &self,
        variants: &[Variant],
        sums: &mut Sums,
        target: u64,
    ) -> Result<(), StudyError> {
        let missing = target.saturating_sub(sums.replications);
        self.counter.plan(missing * variants.len() as u64);
        while sums.replications < target {
            let batch = (BATCH_UNITS / variants.len().max(1) as u64).max(1);
            let end = target.min(sums.replications + batch);
            self.play_batch(variants, sums, end)?;
        }
        Ok(())
    }

    /// Plays replications up to `end` and sums up those that are complete.
    fn play_batch(
        &self,
        variants: &[Variant],
        sums: &mut Sums,
        end: u64,
    ) -> Result<(), StudyError> {
        let replications = sums.replications..end;
        let units: Vec<Unit> = replications
            .flat_map(|replication| {
                (0..variants.len()).map(move |variant| Unit { replication, variant })
            })
            .collect();
        let mut outcomes = self.play(variants, &units).into_iter();
        loop {
            let replication: Vec<_> = outcomes.by_ref().take(variants.len()).collect();
            if replication.is_empty() {
                return Ok(());
            }
            sums.add(replication.into_iter().collect::<Result<Vec<_>, _>>()?);
        }
    }

    /// Plays `units`, with their outcomes in the same order.
    fn play(&self, variants: &[Variant], units: &[Unit]) -> Vec<Result<UnitOutcome, StudyError>> {
        let outcomes = units.par_iter().with_max_len(1).map(|unit| {
            if self.options.stopped() {
                return Err(StudyError::Interrupted);
            }
            let scenario = &variants[unit.variant].scenario;
            let outcome = play_unit(scenario, unit.replication, self.options)?;
            self.counter.count(&outcome);
            Ok(outcome)
        });
        // Each unit is a task of its own, as their lengths differ widely.
        self.pool.install(|| outcomes.collect())
    }

    /// Plays `units` and tells `each` the outcomes, in their order.
    ///
    /// # Errors
    ///
    /// [`StudyError`], when the units before it have been told.
    pub fn play_each(
        &self,
        variants: &[Variant],
        units: &[Unit],
        mut each: impl FnMut(Unit, UnitOutcome),
    ) -> Result<(), StudyError> {
        self.counter.plan(units.len() as u64);
        for batch in units.chunks(BATCH_UNITS as usize) {
            for (unit, outcome) in batch.iter().zip(self.play(variants, batch)) {
                each(*unit, outcome?);
            }
        }
        Ok(())
    }
}

/// Whether the replications so far are enough, or about how many it takes.
enum Needed {
    Enough,
    More(u64),
}

impl Sums {
    /// Nothing yet of `variants` variants, to be compared with number `reference`.
    pub fn new(variants: usize, reference: usize) -> Sums {
        Sums {
            replications: 0,
            variants: vec![VariantAccumulator::default(); variants],
            comparisons: Comparisons::new(variants, reference),
        }
    }

    fn add(&mut self, replication: Vec<UnitOutcome>) {
        let (metrics, curves): (Vec<_>, Vec<_>) =
            replication.into_iter().map(|unit| (unit.metrics, unit.curves)).unzip();
        self.add_metrics(&metrics);
        for (sum, curves) in self.variants.iter_mut().zip(curves) {
            sum.add_curves(curves);
        }
    }

    /// Adds the metrics of the next replication of each variant, but not its curves.
    pub fn add_metrics(&mut self, replication: &[UnitMetrics]) {
        self.replications += 1;
        let metrics: Vec<&Metrics> = replication.iter().map(|unit| &unit.total).collect();
        self.comparisons.add(&metrics);
        for (sum, unit) in self.variants.iter_mut().zip(replication) {
            sum.add(unit);
        }
    }

    /// The half-width of the least precisely known variant's metric, as a share of its mean.
    fn needed(&self, variants: &[Variant], precision: &Precision) -> Result<Needed, StudyError> {
        let (mut most, mut all_zero) = (0, true);
        for (variant, sum) in variants.iter().zip(&self.variants) {
            let Some(moments) = sum.metric(precision.metric).filter(|m| m.count() >= 2) else {
                return Err(StudyError::Unplayable(format!(
                    "`{}` has no value under {}: choose another metric with --of",
                    precision.metric, variant.name
                )));
            };
            let half = moments.half_width(CONFIDENCE).unwrap_or(f64::INFINITY);
            // What never differs is known exactly.
            all_zero &= moments.range() == (0.0, 0.0);
            let wanted = precision.relative * moments.mean().abs();
            if half > wanted {
                // The half-width shrinks with the root of the number of replications.
                let factor = (half / wanted).powi(2);
                let more = (self.replications as f64 * factor).ceil();
                most = most.max(more as u64);
            }
        }
        if all_zero {
            return Err(StudyError::Unplayable(format!(
                "`{}` is always 0, and there is no share of 0 to reach: choose another metric with \
                 --of",
                precision.metric
            )));
        }
        Ok(if most == 0 { Needed::Enough } else { Needed::More(most) })
    }

    fn imprecision(&self, variants: &[Variant], precision: &Precision) -> String {
        let widest = variants.iter().zip(&self.variants).filter_map(|(variant, sum)| {
            let moments = sum.metric(precision.metric)?;
            Some((moments.half_width(CONFIDENCE)? / moments.mean().abs(), &variant.name))
        });
        let (share, name) = widest
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map_or((f64::NAN, String::new()), |(share, name)| (share, name.clone()));
        format!(
            "after {} replications `{}` of {name} is known to {:.1}%, not to {:.1}%: allow more with \
             --max-replications",
            self.replications,
            precision.metric,
            share * 100.0,
            precision.relative * 100.0
        )
    }
}

/// Counts what was played and tells the user.
struct Counter<'o> {
    options: &'o Options,
    progress: std::sync::Mutex<Progress>,
}

impl Counter<'_> {
    fn new(options: &Options) -> Counter<'_> {
        let progress = Progress { units: 0, planned: 0, events: 0 };
        Counter { options, progress: std::sync::Mutex::new(progress) }
    }

    /// So many more units are to be played.
    fn plan(&self, units: u64) {
        self.update(|progress| progress.planned += units);
    }

    fn count(&self, unit: &UnitOutcome) {
        self.update(|progress| {
            progress.units += 1;
            progress.events += unit.events;
        });
    }

    fn update(&self, change: impl FnOnce(&mut Progress)) {
        // A thread that panicked while it counted has not left the numbers in disorder.
        let mut progress = self.progress.lock().unwrap_or_else(|poison| poison.into_inner());
        change(&mut progress);
        (self.options.progress)(*progress);
    }
}
