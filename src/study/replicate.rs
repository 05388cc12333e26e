//! Replications: how many, in which order, and when they are enough.

use super::simulator::Simulator;
use super::study_accumulator::StudyAccumulator;
use super::{Options, Precision, Replications, Shortfall, StudyError};
use crate::diagnostic::quoted;
use crate::scenario::Variant;
use crate::stats::interval::CONFIDENCE;

/// Replications before the precision is first checked: the spread of fewer is too uncertain.
const FIRST_LOOK: u64 = 10;

/// Simulates the replications of all variants and adds them to `sums`, which are still empty.
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
            result => result?,
        }
        let Replications::Until(precision) = &options.replications else {
            return Ok((sums, None));
        };
        match sums.needed(variants, precision)? {
            None => return Ok((sums, None)),
            Some(_) if target >= precision.ceiling => {
                let shortfall = Shortfall::Imprecise(sums.imprecision(variants, precision));
                return Ok((sums, Some(shortfall)));
            }
            // At most twice as many as before: estimates from few replications can be far off.
            Some(more) => {
                target = more.clamp(target + 1, target * 2).min(precision.ceiling);
            }
        }
    }
}

impl StudyAccumulator {
    /// About how many replications the precision needs in the variant where the metric is least precise;
    /// `None`: no more than there are.
    fn needed(
        &self,
        variants: &[Variant],
        precision: &Precision,
    ) -> Result<Option<u64>, StudyError> {
        let (mut most, mut all_zero) = (0, true);
        for (variant, sum) in variants.iter().zip(&self.variants) {
            let Some(moments) = sum.metric(precision.metric).filter(|m| m.count() >= 2) else {
                return Err(StudyError::InvalidRequest(format!(
                    "`{}` has no value in variant {}: choose another metric with --of",
                    precision.metric,
                    quoted(&variant.name)
                )));
            };
            let half = moments.half_width(CONFIDENCE).unwrap_or(f64::INFINITY);
            // Only a metric that is 0 in every run has no relative precision.
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
            return Err(StudyError::InvalidRequest(format!(
                "`{}` is always 0, so it has no relative precision: choose another metric with --of",
                precision.metric
            )));
        }
        Ok((most > 0).then_some(most))
    }

    fn imprecision(&self, variants: &[Variant], precision: &Precision) -> String {
        let widest = variants.iter().zip(&self.variants).filter_map(|(variant, sum)| {
            let moments = sum.metric(precision.metric)?;
            Some((moments.half_width(CONFIDENCE)? / moments.mean().abs(), &variant.name))
        });
        let (share, name) = widest
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map_or((f64::NAN, String::new()), |(share, name)| (share, quoted(name)));
        format!(
            "after {} replications the precision of `{}` of {name} is {:.1}%, not {:.1}%: allow more with \
             --max-replications",
            self.replications,
            precision.metric,
            share * 100.0,
            precision.relative * 100.0
        )
    }
}
