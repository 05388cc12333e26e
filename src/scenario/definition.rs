//! A checked scenario, and a file of scenarios that was read.

use std::path::PathBuf;

use serde_json::Value;

use super::problems::Warnings;
use super::threshold::expression::Threshold;
use crate::model::{
    Arrival, ClientGroup, DistributionPoint, Replication, Size, SizeDistribution, Sizes, Span,
    Time, Trace, Transfer, Workaround,
};

/// A checked scenario: one system to simulate.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What it is called in reports.
    pub name: String,
    /// A sentence or two on what it shows.
    pub description: Option<String>,
    /// Where the random numbers start.
    pub seed: u64,
    /// The simulation ends here at the latest.
    pub horizon: Span,
    /// How long after the start clients count and averages are taken; zero: from the start.
    pub warmup: Span,
    /// How long after the start the advertisement ends, if it does.
    pub expires_after: Option<Span>,
    /// What the start is, for clients that have hours: the time since Monday 00:00 UTC.
    pub starts: Span,
    /// The new advertisement for those that are stranded, if there is one.
    pub workaround: Option<Workaround>,
    /// The distribution points, in the order of the file; at least one.
    pub distribution_points: Vec<DistributionPoint>,
    /// The groups of clients, in the order of the file; at least one.
    pub clients: Vec<ClientGroup>,
}

/// One of the systems that a study compares: the scenario with an overlay.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its name; of a scenario without variants, `scenario`.
    pub name: String,
    /// What it changes, as it was written.
    pub overlay: Value,
    /// The scenario with the changes.
    pub scenario: Scenario,
}

/// A scenario file, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The scenario itself, with what the command line set.
    pub base: Scenario,
    /// What is compared; at least one.
    pub variants: Vec<Variant>,
    /// The variants of the scenario whose place a grid takes.
    pub replaced: Vec<String>,
    /// What the variants have to meet.
    pub thresholds: Vec<Threshold>,
    /// Where the files that it names are.
    pub directory: PathBuf,
    /// What has no effect in any variant.
    pub warnings: Warnings,
}

impl Scenario {
    /// The horizon where a scenario names none: 30 days.
    pub const DEFAULT_HORIZON: Span = Span::from_days(30);

    /// The seed where a scenario names none.
    pub const DEFAULT_SEED: u64 = 1;

    /// Replication number `replication` (from 0) of this scenario, ready to be simulated.
    pub fn replication(&self, replication: u64) -> Replication<'_> {
        let mut replication = Replication::new(
            &self.distribution_points,
            &self.clients,
            self.horizon,
            self.expires_after,
            self.seed,
            replication,
        );
        replication.measured_from = Time::ZERO + self.warmup;
        replication.with_workaround(self.workaround)
    }

    /// The traces of times that it is driven by: of each group arrivals, then transfers.
    pub fn traces(&self) -> impl Iterator<Item = &Trace> {
        self.clients.iter().flat_map(|group| {
            let arrivals = match &group.arrival {
                Arrival::Trace(trace) => Some(trace),
                _ => None,
            };
            let transfers = match &group.transfer {
                Transfer::Empirical(trace) | Transfer::Trace(trace) => Some(trace),
                _ => None,
            };
            arrivals.into_iter().chain(transfers)
        })
    }

    /// The traces of sizes that it is driven by.
    pub fn size_traces(&self) -> impl Iterator<Item = &Trace<Size>> {
        self.clients.iter().filter_map(|group| match &group.transfer {
            Transfer::Size {
                bytes: Sizes::Drawn(SizeDistribution::Empirical(trace) | SizeDistribution::Trace(trace)),
            } => Some(trace),
            _ => None,
        })
    }

    /// How many clients are to be expected in a replication.
    pub fn expected_clients(&self) -> f64 {
        let replication = self.replication(0);
        let groups = self.clients.iter();
        groups.map(|group| group.arrival.expected_clients(group.count, replication.horizon)).sum()
    }
}
