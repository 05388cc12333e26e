//! Transfers: how long a client holds its connection.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp1};

use super::bandwidth::grains_each;
use super::time_distribution::lognormal;
use super::{ClientRows, Purpose, Streams, TimeDistribution, Trace, unit};
use crate::value::{Rate, Size, Span};

/// The distribution of a group's transfer times. No transfer is shorter than 1 ms.
#[derive(Clone, Debug, PartialEq)]
pub enum Transfer {
    /// A time from a distribution.
    Held(TimeDistribution),
    /// Drawn with replacement from a column of measured times.
    Empirical(Trace),
    /// Client i takes the time in row i of a CSV file.
    Trace(Trace),
    /// A number of bytes, over the bandwidth of the distribution point.
    Size {
        /// How many.
        bytes: Sizes,
    },
}

/// The sizes of a group's transfers. No transfer is smaller than one byte.
#[derive(Clone, Debug, PartialEq)]
pub enum Sizes {
    /// Always the same.
    Constant(Size),
    /// Drawn for each client.
    Drawn(SizeDistribution),
}

/// The distribution of sizes that are drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum SizeDistribution {
    /// Uniform between two sizes.
    Uniform {
        /// The smallest.
        min: Size,
        /// The largest.
        max: Size,
    },
    /// Exponentially distributed.
    Exponential {
        /// The mean.
        mean: Size,
    },
    /// Lognormal: the logarithm is normal with standard deviation `sigma`.
    Lognormal {
        /// The median; the mean is `median * exp(sigma²/2)`.
        median: Size,
        /// The standard deviation of the logarithm, 0 or more.
        sigma: f64,
    },
    /// Drawn with replacement from a column of measured sizes.
    Empirical(Trace<Size>),
    /// Client i takes the size in row i of a CSV file.
    Trace(Trace<Size>),
}

/// What a transfer has to do before it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// To hold its connection for this time, which others do not affect.
    Hold(Span),
    /// To carry this number of grains (see [`Size::grains`]) over the bandwidth that it shares.
    Carry(u128),
}

impl Work {
    /// What each of `connections` has to do if they share the work: a size is split, a time is the
    /// same for all.
    pub fn split_over(self, connections: u32) -> Work {
        match self {
            Work::Carry(grains) if connections > 1 => Work::Carry(grains_each(grains, connections)),
            whole => whole,
        }
    }
}

impl Transfer {
    /// What client `client` has to do.
    pub fn work(&self, client: u32, streams: &Streams) -> Work {
        match self {
            Transfer::Size { bytes } => Work::Carry(bytes.size(client, streams).grains()),
            _ => Work::Hold(self.duration(client, streams)),
        }
    }

    /// How long client `client` holds its connection. The duration of a size depends on the
    /// bandwidth: see [`work`](Self::work).
    #[inline]
    pub fn duration(&self, client: u32, streams: &Streams) -> Span {
        let draw = || streams.draw(client, Purpose::Transfer, 0);
        let span = match self {
            Transfer::Held(time) => time.draw(draw),
            Transfer::Empirical(trace) => trace.rows[draw().random_range(0..trace.rows.len())],
            Transfer::Trace(trace) => trace.rows[client as usize],
            Transfer::Size { .. } => Span::ZERO,
        };
        span.max(Span::MILLISECOND)
    }

    /// The trace of times that it is drawn from or follows, if there is one.
    pub fn trace(&self) -> Option<&Trace> {
        match self {
            Transfer::Empirical(trace) | Transfer::Trace(trace) => Some(trace),
            _ => None,
        }
    }

    /// The trace of sizes that it is drawn from or follows, if there is one.
    pub fn size_trace(&self) -> Option<&Trace<Size>> {
        match self {
            Transfer::Size {
                bytes:
                    Sizes::Drawn(SizeDistribution::Empirical(trace) | SizeDistribution::Trace(trace)),
            } => Some(trace),
            _ => None,
        }
    }

    /// The rows that determine the transfer of each client, if a trace has them.
    pub fn client_rows(&self) -> Option<ClientRows<'_>> {
        match self {
            Transfer::Trace(trace) => Some(trace.client_rows()),
            Transfer::Size { bytes: Sizes::Drawn(SizeDistribution::Trace(trace)) } => {
                Some(trace.client_rows())
            }
            _ => None,
        }
    }

    /// Whether it is a number of bytes, whose duration depends on the bandwidth.
    pub fn is_of_size(&self) -> bool {
        matches!(self, Transfer::Size { .. })
    }

    /// Whether any transfer time or size is drawn at random.
    pub fn is_random(&self) -> bool {
        match self {
            Transfer::Held(time) => time.is_random(),
            Transfer::Trace(_) => false,
            Transfer::Empirical(trace) => has_several_values(trace),
            Transfer::Size { bytes } => bytes.is_random(),
        }
    }

    /// The mean transfer time in milliseconds, before rounding; zero for sizes.
    pub fn mean_millis(&self) -> f64 {
        match self {
            Transfer::Held(time) => time.mean_millis(),
            Transfer::Empirical(trace) | Transfer::Trace(trace) => {
                let sum: u128 = trace.rows.iter().map(|row| u128::from(row.as_millis())).sum();
                sum as f64 / trace.rows.len() as f64
            }
            Transfer::Size { .. } => 0.0,
        }
    }

    /// The time that every transfer takes at least; `None` if there is no such time. Sizes are transferred at
    /// `fastest`; `None`: at any rate.
    pub fn shortest(&self, fastest: Option<Rate>) -> Option<Span> {
        match self {
            Transfer::Held(time) => time.shortest(),
            Transfer::Empirical(trace) | Transfer::Trace(trace) => trace.rows.iter().min().copied(),
            Transfer::Size { bytes } => {
                let millis = bytes.smallest()?.grains().div_ceil(fastest?.grains_per_milli());
                Some(Span::from_millis(u64::try_from(millis).ok()?))
            }
        }
    }
}

impl Sizes {
    /// Whether any size is drawn at random.
    fn is_random(&self) -> bool {
        match self {
            Sizes::Constant(_) | Sizes::Drawn(SizeDistribution::Trace(_)) => false,
            Sizes::Drawn(SizeDistribution::Uniform { min, max }) => min != max,
            Sizes::Drawn(SizeDistribution::Exponential { .. }) => true,
            Sizes::Drawn(SizeDistribution::Lognormal { sigma, .. }) => *sigma != 0.0,
            Sizes::Drawn(SizeDistribution::Empirical(trace)) => has_several_values(trace),
        }
    }

    /// The size that no transfer is below; `None` if there is no such size.
    fn smallest(&self) -> Option<Size> {
        match self {
            Sizes::Constant(smallest)
            | Sizes::Drawn(SizeDistribution::Uniform { min: smallest, .. }) => Some(*smallest),
            Sizes::Drawn(SizeDistribution::Empirical(trace) | SizeDistribution::Trace(trace)) => {
                trace.rows.iter().min().copied()
            }
            Sizes::Drawn(SizeDistribution::Exponential { .. })
            | Sizes::Drawn(SizeDistribution::Lognormal { .. }) => None,
        }
    }

    /// How much client `client` transfers.
    pub fn size(&self, client: u32, streams: &Streams) -> Size {
        let mut draw = streams.draw(client, Purpose::Transfer, 0);
        let bytes = |size: &Size| size.as_bytes() as f64;
        match self {
            Sizes::Constant(size) => *size,
            Sizes::Drawn(SizeDistribution::Empirical(trace)) => {
                trace.rows[draw.random_range(0..trace.rows.len())]
            }
            Sizes::Drawn(SizeDistribution::Trace(trace)) => trace.rows[client as usize],
            Sizes::Drawn(distribution) => Size::from_bytes_f64(match distribution {
                SizeDistribution::Uniform { min, max } => {
                    bytes(min) + (bytes(max) - bytes(min)) * unit(draw.next_u64())
                }
                SizeDistribution::Exponential { mean } => {
                    let sample: f64 = Exp1.sample(&mut draw);
                    bytes(mean) * sample
                }
                SizeDistribution::Lognormal { median, sigma } => {
                    bytes(median) * lognormal(&mut draw, *sigma)
                }
                SizeDistribution::Empirical(_) | SizeDistribution::Trace(_) => 0.0,
            }),
        }
    }
}

fn has_several_values<T: PartialEq>(trace: &Trace<T>) -> bool {
    trace.rows.windows(2).any(|pair| pair[0] != pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(transfer: &Transfer, count: u32) -> Vec<f64> {
        let streams = Streams::new(5, 0, "g");
        (0..count).map(|i| transfer.duration(i, &streams).as_millis_f64()).collect()
    }

    fn trace(rows: &[u64]) -> Trace {
        Trace {
            file: String::new(),
            column: String::new(),
            separator: None,
            origin: None,
            sorted: None,
            rows: rows.iter().map(|&millis| Span::from_millis(millis)).collect(),
        }
    }

    #[test]
    fn samples_have_the_mean_and_spread_of_their_distribution() {
        let (min, max) = (Span::from_secs(60), Span::from_secs(180));
        let median = Span::from_secs(120);
        let mean = median;
        let lognormal_mean = 120e3 * libm::exp(0.125);
        let lognormal_deviation = lognormal_mean * (libm::exp(0.25) - 1.0).sqrt();
        let cases = [
            (Transfer::Held(TimeDistribution::Uniform { min, max }), 120e3, 120e3 / 12f64.sqrt()),
            (Transfer::Held(TimeDistribution::Exponential { mean }), 120e3, 120e3),
            (
                Transfer::Held(TimeDistribution::Lognormal { median, sigma: 0.5 }),
                lognormal_mean,
                lognormal_deviation,
            ),
            (Transfer::Empirical(trace(&[1000, 3000])), 2000.0, 1000.0),
        ];
        let count = 40_000;
        for (transfer, mean, deviation) in cases {
            let samples = samples(&transfer, count);
            let average = samples.iter().sum::<f64>() / f64::from(count);
            let z = (average - mean) / (deviation / f64::from(count).sqrt());
            assert!(z.abs() < 4.0, "{transfer:?}: z = {z}");
        }
    }

    #[test]
    fn a_lognormal_transfer_has_its_median() {
        let median = Span::from_secs(120);
        let samples =
            samples(&Transfer::Held(TimeDistribution::Lognormal { median, sigma: 1.5 }), 40_000);
        let below = samples.iter().filter(|&&sample| sample < 120e3).count();
        let z = (below as f64 - 20_000.0) / 100.0;
        assert!(z.abs() < 4.0, "z = {z}");
    }

    #[test]
    fn a_traced_transfer_is_the_clients_own_row() {
        assert_eq!(samples(&Transfer::Trace(trace(&[5, 7, 9])), 3), [5.0, 7.0, 9.0]);
    }

    #[test]
    fn golden_transfers_pin_the_distributions() {
        let median = Span::from_secs(120);
        let lognormal =
            samples(&Transfer::Held(TimeDistribution::Lognormal { median, sigma: 0.5 }), 4);
        assert_eq!(lognormal, [141_003.0, 73_291.0, 96_634.0, 91_246.0]);
        let exponential =
            samples(&Transfer::Held(TimeDistribution::Exponential { mean: median }), 4);
        assert_eq!(exponential, [25_291.0, 5720.0, 203_731.0, 90_572.0]);
    }
}
