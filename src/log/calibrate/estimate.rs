//! What logs support about the parameters of a scenario, with intervals of 95%.

use crate::log::concurrency::Concurrency;
use crate::log::observed::lengths::Lengths;
use crate::log::observed::load::Load;
use crate::log::program::Bug;
use crate::log::read::Observed;
use crate::stats::interval::{CONFIDENCE, student_quantile, wilson};

/// A parameter and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The most likely value.
    pub value: f64,
    /// The interval that has the true value in 95 of 100 logs.
    pub interval: [f64; 2],
}

/// What logs support.
#[derive(Clone, Debug, Default)]
pub struct Calibration {
    /// When clients arrived, in ms since the first, ascending.
    pub arrivals: Vec<u64>,
    /// How exact these are, in ms.
    pub resolution: u64,
    /// How long served clients held their connection, if the logs have that.
    pub holding: Option<Holding>,
    /// How long clients waited before they tried again, if any did.
    pub retry: Option<Retry>,
    /// Connections that were open at the same time, at most, if the logs have that.
    pub peak: Option<u64>,
    /// Attempts, and those that were refused.
    pub attempts: u64,
    /// See `attempts`.
    pub refused: u64,
    /// Refusals that were reported as `0x80070047`, and the probability of that; of logs of clients.
    pub misreports: Option<(u64, Estimate)>,
    /// Whether they strand programs, and whether polls do.
    pub is_stranded_by: [bool; 2],
}

/// How long connections were held.
#[derive(Clone, Debug)]
pub struct Holding {
    /// At most a thousand lengths in ms at equal steps of the distribution, ascending.
    pub quantiles: Vec<u64>,
    /// The lognormal distribution that is nearest, if there is one.
    pub lognormal: Option<Lognormal>,
}

/// A lognormal distribution that was fitted.
#[derive(Clone, Copy, Debug)]
pub struct Lognormal {
    /// Its median in ms.
    pub median: Estimate,
    /// The standard deviation of the logarithm.
    pub sigma: Estimate,
    /// The greatest difference between its distribution function and that of the data (Kolmogorov and
    /// Smirnov): 0 is a perfect fit.
    pub distance: f64,
}

/// How long clients waited before they tried again.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    /// The interval in ms.
    pub interval: Estimate,
    /// How far intervals are from it to each side, in ms.
    pub jitter: f64,
    /// The share of intervals that are within a quarter of the median: of a fixed interval, all.
    pub regular_share: f64,
    /// The mean of all, in ms.
    pub mean: f64,
    /// How many were seen.
    pub count: u64,
}

/// The most quantiles that are kept.
const MOST_QUANTILES: u64 = 1000;

impl Calibration {
    /// What `observed` supports. Of logs of servers and of clients together, the servers' count.
    pub fn of(observed: &Observed) -> Calibration {
        let is_of_server = observed.load.requests > 0;
        let (load, gaps) = match is_of_server {
            true => (&observed.load, &observed.load.retries.intervals),
            false => (&observed.attempts, &observed.gaps),
        };
        let totals = observed.programs.totals();
        let counts = totals.counts;
        let misreports = wilson(counts.misreports, counts.refusals, CONFIDENCE).map(|interval| {
            let value = counts.misreports as f64 / counts.refusals as f64;
            (counts.misreports, Estimate { value, interval })
        });
        let (arrivals, resolution) = arrivals(load);
        Calibration {
            arrivals,
            resolution,
            holding: Holding::of(&load.holding),
            retry: Retry::of(gaps),
            peak: Concurrency::of(load, None).map(|concurrency| concurrency.peak),
            attempts: load.requests,
            refused: load.refused,
            misreports: misreports.filter(|_| !is_of_server),
            is_stranded_by: [Bug::Q268500, Bug::Q302674].map(|bug| totals.by(bug) > 0),
        }
    }
}

/// The instants of the bins of arrivals: those in a bin are spread over it.
fn arrivals(load: &Load) -> (Vec<u64>, u64) {
    let bins = &load.arrivals;
    let width = bins.width() as u64;
    let mut arrivals = Vec::new();
    for (place, [number]) in bins.all().iter().enumerate() {
        let (start, number) = (place as u64 * width, u64::from(*number));
        arrivals.extend((0..number).map(|n| start + n * width / number));
    }
    let first = arrivals.first().copied().unwrap_or(0);
    arrivals.iter_mut().for_each(|arrival| *arrival -= first);
    (arrivals, width)
}

impl Holding {
    fn of(lengths: &Lengths) -> Option<Holding> {
        let number = lengths.count().min(MOST_QUANTILES);
        if number == 0 {
            return None;
        }
        let share = |n: u64| (n as f64 + 0.5) / number as f64;
        let quantiles = (0..number).filter_map(|n| lengths.quantile(share(n)));
        let quantiles = quantiles.map(|millis| millis as u64).collect();
        Some(Holding { quantiles, lognormal: Lognormal::of(lengths) })
    }
}

impl Lognormal {
    fn of(lengths: &Lengths) -> Option<Lognormal> {
        let each = lengths.each();
        // A length of 0 has no logarithm; fewer lengths fit to anything.
        if lengths.count() < 20 || each.first().is_none_or(|(millis, _)| *millis == 0) {
            return None;
        }
        let count = lengths.count() as f64;
        let sum = |of: &dyn Fn(f64) -> f64| -> f64 {
            each.iter().map(|(ms, number)| of((*ms as f64).ln()) * *number as f64).sum()
        };
        let mean = sum(&|ln| ln) / count;
        let variance = sum(&|ln| (ln - mean) * (ln - mean)) / (count - 1.0);
        let sigma = variance.sqrt();
        if sigma < 1e-9 {
            return None;
        }
        let reach = student_quantile(count - 1.0, CONFIDENCE);
        // The standard error of the standard deviation of normal values.
        let of_sigma = reach * sigma / (2.0 * (count - 1.0)).sqrt();
        let of_mean = reach * sigma / count.sqrt();
        let mut below = 0.0;
        let mut distance: f64 = 0.0;
        for (millis, number) in &each {
            let wanted = normal(((*millis as f64).ln() - mean) / sigma);
            let after = below + *number as f64 / count;
            distance = distance.max((wanted - below).abs()).max((wanted - after).abs());
            below = after;
        }
        Some(Lognormal {
            median: Estimate {
                value: mean.exp(),
                interval: [(mean - of_mean).exp(), (mean + of_mean).exp()],
            },
            sigma: Estimate { value: sigma, interval: [sigma - of_sigma, sigma + of_sigma] },
            distance,
        })
    }
}

/// The distribution function of the normal distribution.
fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

impl Retry {
    fn of(gaps: &Lengths) -> Option<Retry> {
        let median = gaps.quantile(0.5).filter(|median| *median > 0.0)?;
        // What is far from the median is no retry by the policy: a client that was off, or came again next day.
        let each = gaps.each();
        let near =
            || each.iter().filter(|(ms, _)| (*ms as f64 - median).abs() <= median / 4.0).copied();
        let number: u64 = near().map(|(_, number)| number).sum();
        let mean = near().map(|(ms, n)| ms as f64 * n as f64).sum::<f64>() / number as f64;
        let squares: f64 = near().map(|(ms, n)| (ms as f64 - mean).powi(2) * n as f64).sum();
        let deviation = (squares / (number as f64 - 1.0).max(1.0)).sqrt();
        let reach = student_quantile((number as f64 - 1.0).max(1.0), CONFIDENCE);
        let error = reach * deviation / (number as f64).sqrt();
        // Instants are in whole milliseconds.
        let error = error.max(1.0);
        let (least, greatest) = near().fold((f64::MAX, 0.0_f64), |(least, greatest), (ms, _)| {
            (least.min(ms as f64), greatest.max(ms as f64))
        });
        Some(Retry {
            interval: Estimate { value: mean, interval: [mean - error, mean + error] },
            jitter: (greatest - least) / 2.0,
            regular_share: number as f64 / gaps.count() as f64,
            mean: gaps.mean().unwrap_or(median),
            count: gaps.count(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regular_interval_is_found_among_others() {
        let mut gaps = Lengths::default();
        (0..95).for_each(|n| gaps.add(600_000 + n * 100));
        (0..5).for_each(|_| gaps.add(86_400_000));
        let retry = Retry::of(&gaps).expect("there are some");
        assert_eq!(retry.interval.value, 604_700.0);
        assert_eq!((retry.jitter, retry.regular_share), (4_700.0, 0.95));
    }

    #[test]
    fn the_normal_distribution_has_its_known_values() {
        assert!((normal(0.0) - 0.5).abs() < 1e-12);
        assert!((normal(1.959_964) - 0.975).abs() < 1e-6);
    }
}
