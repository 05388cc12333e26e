//! Counts and times of one group of clients.

use hdrhistogram::Histogram;

use crate::model::{Outcome, Span};

/// The significant decimal digits of the histograms: their values are within 0.1%.
pub const HISTOGRAM_DIGITS: u8 = 3;

/// What became of a group of clients.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Clients the group has, whether they arrived or not.
    pub clients: u64,
    /// Clients that arrived.
    pub arrived: u64,
    /// How many ended in each way.
    pub ended: OutcomeCounts,
    /// Attempts that were admitted.
    pub admitted: u64,
    /// Attempts that were refused.
    pub refused: u64,
    /// Attempts among these that found the distribution point down.
    pub unreachable: u64,
    /// Transfers that were cut.
    pub cut: u64,
    /// How long after they were stranded the new advertisement of a workaround was done with each
    /// of those that it recovered, in ms and in no order.
    pub recoveries: Vec<u64>,
    /// Clients whose first attempt was refused.
    pub first_refused: u64,
    /// The times from arrival to completion, in ms and in no order: percentiles are exact, not
    /// read off a histogram.
    pub completions: Vec<u64>,
    /// Attempts per client.
    pub attempts_per_client: Histogram<u64>,
    /// The most attempts of a client.
    pub attempts_max: u64,
}

/// Clients by how their advertisement ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    /// Their program ran.
    pub completed: u64,
    /// Unscheduled by an error handler.
    pub stranded: u64,
    /// Their policy's retries or time were used up.
    pub gave_up: u64,
    /// The advertisement expired first.
    pub expired: u64,
    /// The simulation ended first.
    pub unfinished: u64,
}

impl Tally {
    /// Nothing happened yet to a group of `clients`.
    pub fn new(clients: u64) -> Tally {
        Tally {
            clients,
            arrived: 0,
            ended: OutcomeCounts::default(),
            admitted: 0,
            refused: 0,
            unreachable: 0,
            cut: 0,
            recoveries: Vec::new(),
            first_refused: 0,
            completions: Vec::new(),
            attempts_per_client: new_histogram(HISTOGRAM_DIGITS),
            attempts_max: 0,
        }
    }

    /// A client ended as `outcome`, `lasted` after its arrival and after `attempts` attempts.
    #[inline]
    pub fn end(&mut self, outcome: Outcome, lasted: Span, attempts: u32) {
        *self.ended.of_mut(outcome) += 1;
        if outcome == Outcome::Completed {
            self.completions.push(lasted.as_millis());
        }
        self.attempts_max = self.attempts_max.max(u64::from(attempts));
        record(&mut self.attempts_per_client, u64::from(attempts));
    }

    /// Clients that were stranded and recovered by a workaround.
    pub fn recovered(&self) -> u64 {
        self.recoveries.len() as u64
    }

    /// Attempts to connect.
    pub fn attempts(&self) -> u64 {
        self.admitted + self.refused
    }

    /// Adds what became of another group.
    pub fn add(&mut self, other: &Tally) {
        self.clients += other.clients;
        self.arrived += other.arrived;
        self.ended.completed += other.ended.completed;
        self.ended.stranded += other.ended.stranded;
        self.ended.gave_up += other.ended.gave_up;
        self.ended.expired += other.ended.expired;
        self.ended.unfinished += other.ended.unfinished;
        self.admitted += other.admitted;
        self.refused += other.refused;
        self.unreachable += other.unreachable;
        self.cut += other.cut;
        self.recoveries.extend_from_slice(&other.recoveries);
        self.first_refused += other.first_refused;
        self.completions.extend_from_slice(&other.completions);
        // Histograms of the same kind that resize themselves always add up.
        let _ = self.attempts_per_client.add(&other.attempts_per_client);
        self.attempts_max = self.attempts_max.max(other.attempts_max);
    }
}

impl OutcomeCounts {
    /// The sum over all ways to end.
    pub fn total(&self) -> u64 {
        self.completed + self.stranded + self.gave_up + self.expired + self.unfinished
    }

    fn of_mut(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Completed => &mut self.completed,
            Outcome::Stranded => &mut self.stranded,
            Outcome::GaveUp => &mut self.gave_up,
            Outcome::Expired => &mut self.expired,
            Outcome::Unfinished => &mut self.unfinished,
        }
    }
}

/// An empty histogram that grows with its values, of `digits` significant digits, at most 5.
pub fn new_histogram(digits: u8) -> Histogram<u64> {
    Histogram::new(digits).unwrap_or_else(|_| unreachable!("at most 5 digits are allowed"))
}

/// Records a value in a histogram that grows with its values.
pub fn record(histogram: &mut Histogram<u64>, value: u64) {
    // It fails only for a histogram of fixed size. (`saturating_record` would not let it grow.)
    let recorded = histogram.record(value);
    debug_assert!(recorded.is_ok());
}

/// The nearest-rank percentile of `values`, which it puts into another order; `None` of no values.
///
/// The smallest value such that at least `percent` (0 to 100) of all are not greater.
pub fn nearest_rank(values: &mut [u64], percent: usize) -> Option<u64> {
    // In whole numbers: 0.07 * 100 is more than 7.
    let rank = (values.len() * percent.min(100)).div_ceil(100).max(1);
    (!values.is_empty()).then(|| *values.select_nth_unstable(rank - 1).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_grows_with_its_values() {
        let mut histogram = new_histogram(HISTOGRAM_DIGITS);
        record(&mut histogram, 1_000_000);
        assert!((histogram.max() as f64 - 1e6).abs() <= 1e3);
    }

    #[test]
    fn nearest_rank_is_the_smallest_value_that_covers_the_share() {
        let mut values = [15, 20, 35, 40, 50];
        let ranks = [0, 5, 30, 40, 50, 100];
        let got: Vec<_> = ranks.iter().map(|&p| nearest_rank(&mut values, p)).collect();
        assert_eq!(got, [15, 15, 20, 20, 35, 50].map(Some));
        assert_eq!(nearest_rank(&mut [], 50), None);
    }
}
