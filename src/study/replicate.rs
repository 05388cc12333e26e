//! Replications: how many, in which order, and when it is enough.

use super::error::StudyError;
use super::options::{Options, Precision, Replications};
use super::simulator::Simulator;
use super::study_accumulator::StudyAccumulator;
use crate::scenario::Variant;
use crate::stats::interval::CONFIDENCE;

/// Replications before the first look at the precision: fewer say little about the spread.
const FIRST_LOOK: u64 = 10;

/// What is missing from what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// The user stopped it.
    Interrupted,
    /// The precision was not reached.
    Imprecise(String),
}

/// Simulates the replications of all variants and adds them to `sums`, which are of none yet.
pub fn replicate(
    variants: &[Variant],
    mut sums: StudyAccumulator,
    options: &Options,
) -> Result<(StudyAccumulator, Option<Shortfall>), StudyError> {
    let bytes = variants.iter().map(|variant| variant.scenario.expected_bytes());
    let simulator = Simulator::new(options, bytes.fold(0.0, f64::max))?;
    let mut target = match &options.replications {
        Replications::Fixed(count) => (*count).max(1),
        Replications::Until(precision) => FIRST_LOOK.min(precision.ceiling).max(2),
    };
    loop {
        match simulator.simulate_until(variants, &mut sums, target) {
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

/// Whether the replications so far are enough, or about how many it takes.
enum Needed {
    Enough,
    More(u64),
}

impl StudyAccumulator {
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
