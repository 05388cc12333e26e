//! A checked scenario, and a scenario file with its variants.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use super::problems::Warnings;
use super::threshold::expression::Threshold;
use crate::model::{
    ClientGroup, DistributionPoint, Replication, Size, Span, Time, Trace, Workaround,
};

/// A checked scenario: one system to simulate.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its name in reports.
    pub name: String,
    /// One or two sentences on what it shows.
    pub description: Option<String>,
    /// The seed of the random numbers.
    pub seed: u64,
    /// The latest time at which the simulation ends.
    pub horizon: Span,
    /// The length of the warm-up: clients that arrive in it are not counted, and averages start at its
    /// end. Zero means no warm-up.
    pub warmup: Span,
    /// How long after the start the advertisement ends, if it does.
    pub expires_after: Option<Span>,
    /// When in the week the simulation starts, as the time since Monday 00:00 UTC; for clients with
    /// hours.
    pub starts: Span,
    /// The new advertisement for the stranded clients, if there is one.
    pub workaround: Option<Workaround>,
    /// The distribution points, in the order of the file; at least one.
    pub distribution_points: Vec<DistributionPoint>,
    /// The groups of clients, in the order of the file; at least one.
    pub clients: Vec<ClientGroup>,
}

/// One of the systems that a study compares: the scenario with an overlay.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its name; `scenario` if the file has no variants.
    pub name: String,
    /// What it changes, as it was written.
    pub overlay: Value,
    /// The scenario with the changes.
    pub scenario: Scenario,
}

/// A scenario file, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The scenario itself, with the changes of the command line.
    pub base: Scenario,
    /// The variants to compare; at least one.
    pub variants: Vec<Variant>,
    /// Whether it names the time at which the simulation starts.
    pub is_start_given: bool,
    /// The variants that a grid replaces.
    pub replaced: Vec<String>,
    /// The thresholds that the variants have to meet.
    pub thresholds: Vec<Threshold>,
    /// The directory of the files that it names.
    pub directory: PathBuf,
    /// Warnings about settings that have no effect in any variant.
    pub warnings: Warnings,
}

impl Loaded {
    /// The files of its traces, in all variants.
    pub fn trace_files(&self) -> BTreeSet<PathBuf> {
        let scenarios = self.variants.iter().map(|variant| &variant.scenario).chain([&self.base]);
        let names = scenarios.flat_map(|scenario| {
            let times = scenario.traces().map(|trace| &trace.file);
            times.chain(scenario.size_traces().map(|trace| &trace.file))
        });
        names.map(|name| self.directory.join(name)).collect()
    }
}

impl Scenario {
    /// The default horizon: 30 days.
    pub const DEFAULT_HORIZON: Span = Span::from_days(30);

    /// The default start: Monday 00:00.
    pub const DEFAULT_START: Span = Span::ZERO;

    /// The default seed.
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

    /// The traces of times that drive it: for each group the arrivals, then the transfers.
    pub fn traces(&self) -> impl Iterator<Item = &Trace> {
        self.clients
            .iter()
            .flat_map(|group| [group.arrival.trace(), group.transfer.trace()])
            .flatten()
    }

    /// The traces of sizes that drive it.
    pub fn size_traces(&self) -> impl Iterator<Item = &Trace<Size>> {
        self.clients.iter().filter_map(|group| group.transfer.size_trace())
    }

    /// The expected number of clients in a replication.
    pub fn expected_clients(&self) -> f64 {
        let replication = self.replication(0);
        let groups = self.clients.iter();
        groups.map(|group| group.arrival.expected_clients(group.count, replication.horizon)).sum()
    }
}
