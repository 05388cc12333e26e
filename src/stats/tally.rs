//! Counts and times of one group of clients.

use hdrhistogram::Histogram;

use super::Times;
use crate::model::{Outcome, Span, Time};

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
    /// Attempts among the refused that a rate limit refused.
    pub rate_limited: u64,
    /// Attempts among the refused that failed with an error of the server.
    pub failed: u64,
    /// Transfers that were cut.
    pub cut: u64,
    /// Attempts that timed out: in a queue, which count as refused, or connected.
    pub timed_out: u64,
    /// Attempts that their own process rejected, which are none.
    pub rejected: u64,
    /// How long after they were stranded the new advertisement of a workaround was done with each
    /// of those that it recovered.
    pub recoveries: Times,
    /// Clients whose first attempt was refused.
    pub first_refused: u64,
    /// The times from arrival to completion: percentiles are exact, not read off a histogram.
    pub completions: Times,
    /// Attempts per client.
    pub attempts_per_client: Histogram<u64>,
    /// The most attempts of a client.
    pub attempts_max: u64,
    /// When the first of them arrived, if any did.
    pub first_arrival: Option<Time>,
    /// When the last program ran, if any did.
    pub last_completion: Option<Time>,
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
            rate_limited: 0,
            failed: 0,
            cut: 0,
            timed_out: 0,
            rejected: 0,
            recoveries: Times::default(),
            first_refused: 0,
            completions: Times::default(),
            attempts_per_client: new_histogram(HISTOGRAM_DIGITS),
            attempts_max: 0,
            first_arrival: None,
            last_completion: None,
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
        self.recoveries.len()
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
        self.rate_limited += other.rate_limited;
        self.failed += other.failed;
        self.cut += other.cut;
        self.timed_out += other.timed_out;
        self.rejected += other.rejected;
        self.recoveries.add(&other.recoveries);
        self.first_refused += other.first_refused;
        self.completions.add(&other.completions);
        // Histograms of the same kind that resize themselves always add up.
        let _ = self.attempts_per_client.add(&other.attempts_per_client);
        self.attempts_max = self.attempts_max.max(other.attempts_max);
        self.first_arrival = self.first_arrival.into_iter().chain(other.first_arrival).min();
        self.last_completion = self.last_completion.max(other.last_completion);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_grows_with_its_values() {
        let mut histogram = new_histogram(HISTOGRAM_DIGITS);
        record(&mut histogram, 1_000_000);
        assert!((histogram.max() as f64 - 1e6).abs() <= 1e3);
    }
}
