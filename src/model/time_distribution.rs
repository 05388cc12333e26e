//! The distribution of a time that is drawn for each client, such as that of its transfer, or its patience in a queue.

use rand::Rng;
use rand_distr::{Distribution, Exp1, StandardNormal};

use super::{Draw, unit};
use crate::value::Span;

/// The distribution of a time.
#[derive(Clone, Debug, PartialEq)]
pub enum TimeDistribution {
    /// Always the same.
    Constant {
        /// The time.
        duration: Span,
    },
    /// Uniform between two times.
    Uniform {
        /// The shortest.
        min: Span,
        /// The longest.
        max: Span,
    },
    /// Exponentially distributed.
    Exponential {
        /// The mean.
        mean: Span,
    },
    /// Lognormal: the logarithm is normal with standard deviation `sigma`.
    Lognormal {
        /// The median; the mean is `median * exp(sigma²/2)`.
        median: Span,
        /// The standard deviation of the logarithm, 0 or more.
        sigma: f64,
    },
}

impl TimeDistribution {
    /// A time; `draw` makes the random numbers, and is not called where none are needed.
    pub fn draw(&self, draw: impl FnOnce() -> Draw) -> Span {
        match *self {
            TimeDistribution::Constant { duration } => duration,
            TimeDistribution::Uniform { min, max } => {
                let (min, max) = (min.as_millis_f64(), max.as_millis_f64());
                Span::from_millis_f64(min + (max - min) * unit(draw().next_u64()))
            }
            TimeDistribution::Exponential { mean } => {
                let sample: f64 = Exp1.sample(&mut draw());
                Span::from_millis_f64(mean.as_millis_f64() * sample)
            }
            TimeDistribution::Lognormal { median, sigma } => {
                Span::from_millis_f64(median.as_millis_f64() * lognormal(&mut draw(), sigma))
            }
        }
    }

    /// Whether it is drawn at random.
    pub fn is_random(&self) -> bool {
        match *self {
            TimeDistribution::Constant { .. } => false,
            TimeDistribution::Uniform { min, max } => min != max,
            TimeDistribution::Exponential { .. } => true,
            TimeDistribution::Lognormal { sigma, .. } => sigma != 0.0,
        }
    }

    /// The shortest time that it can be; `None` if there is none.
    pub fn shortest(&self) -> Option<Span> {
        match *self {
            TimeDistribution::Constant { duration: shortest }
            | TimeDistribution::Uniform { min: shortest, .. } => Some(shortest),
            TimeDistribution::Exponential { .. } | TimeDistribution::Lognormal { .. } => None,
        }
    }

    /// Its mean in ms, before rounding.
    pub fn mean_millis(&self) -> f64 {
        match *self {
            TimeDistribution::Constant { duration } => duration.as_millis_f64(),
            TimeDistribution::Uniform { min, max } => {
                (min.as_millis_f64() + max.as_millis_f64()) / 2.0
            }
            TimeDistribution::Exponential { mean } => mean.as_millis_f64(),
            TimeDistribution::Lognormal { median, sigma } => {
                median.as_millis_f64() * libm::exp(sigma * sigma / 2.0)
            }
        }
    }
}

/// A lognormal number with median 1. The exponential is libm's, not the platform's, so that every
/// machine draws the same milliseconds.
pub(super) fn lognormal(draw: &mut Draw, sigma: f64) -> f64 {
    let normal: f64 = StandardNormal.sample(draw);
    libm::exp(sigma * normal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Purpose, Streams};

    #[test]
    fn drawn_times_have_the_mean_of_their_distribution() {
        let secs = Span::from_secs;
        let streams = Streams::new(7, 0, "g");
        let sigma = 0.5_f64;
        let lognormal_mean = 60e3 * (sigma * sigma / 2.0).exp();
        let lognormal_variance = lognormal_mean.powi(2) * ((sigma * sigma).exp() - 1.0);
        for (distribution, variance) in [
            (TimeDistribution::Uniform { min: secs(0), max: secs(60) }, 60e3 * 60e3 / 12.0),
            (TimeDistribution::Exponential { mean: secs(60) }, 60e3 * 60e3),
            (TimeDistribution::Lognormal { median: secs(60), sigma }, lognormal_variance),
        ] {
            let count = 20_000;
            let times = (0..count).map(|client| {
                let draw = || streams.draw(client, Purpose::Patience, 0);
                distribution.draw(draw).as_millis_f64()
            });
            let mean = times.sum::<f64>() / f64::from(count);
            let z = (mean - distribution.mean_millis()) / (variance / f64::from(count)).sqrt();
            assert!(z.abs() < 4.0, "{distribution:?}: z = {z}");
        }
    }
}
