//! A checked scenario, and a scenario file with its variants.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use super::problems::Warnings;
use super::threshold::During;
use super::threshold::expression::Threshold;
use crate::model::{
    Aftermath, ClientGroup, Component, Components, DistributionPoint, Recovery, Replication, Site,
    SiteId, Size, Span, Time, Trace, Trigger, Workaround,
};
use crate::stats::MeasuredTime;

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
    /// When in the week the simulation starts, as the time since Monday 00:00 UTC; `None`: the scenario does not
    /// say, and [`start`](Self::start) applies.
    pub starts: Option<Span>,
    /// The new advertisement for the stranded clients, if there is one.
    pub workaround: Option<Workaround>,
    /// The disturbance whose aftermath is looked at, if there is one.
    pub trigger: Option<Trigger>,
    /// When the system has recovered from it; `None`: by default.
    pub recovery: Option<Recovery>,
    /// The distribution points, at least one: first those outside sites, then those of each site, in the
    /// order of the file.
    pub distribution_points: Vec<DistributionPoint>,
    /// The groups of clients, at least one, in the same order.
    pub clients: Vec<ClientGroup>,
    /// The sites, in the order of the file.
    pub sites: Vec<Site>,
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
    /// The windows of time in which metrics are measured, each once: before, during and after the trigger, and those
    /// of thresholds.
    pub windows: Vec<During>,
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
            let sizes = scenario.size_traces().map(|trace| &trace.file);
            times.chain(sizes).chain(scenario.count_traces().map(|trace| &trace.file))
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

    /// When in the week the simulation starts, as the time since Monday 00:00 UTC.
    pub fn start(&self) -> Span {
        self.starts.unwrap_or(Scenario::DEFAULT_START)
    }

    /// The parts of it that share nothing, each of which is simulated for itself.
    pub fn components(&self) -> Components<'_> {
        // All clients count for a workaround that comes when enough are stranded.
        let share = matches!(self.workaround, Some(Workaround::WhenStranded(_)))
            // Those of a process may be at any copy of a point.
            || self.clients.iter().any(|group| group.processes.is_some() && !group.restraints.is_none());
        Components::new(&self.distribution_points, &self.clients, &self.sites, share)
    }

    /// The time that a window of a threshold stands for: what of it lies between the warm-up and the horizon.
    pub fn window(&self, during: &During) -> MeasuredTime {
        let [start, horizon] = [self.warmup, self.horizon].map(|span| Time::ZERO + span);
        during.window(self.starts.unwrap_or_default(), start, horizon)
    }

    /// What decides whether a run recovered from the trigger, if there is one.
    pub fn aftermath(&self) -> Option<Aftermath> {
        let trigger = self.trigger?;
        let [start, horizon] = [self.warmup, self.horizon].map(|span| Time::ZERO + span);
        Some(Aftermath { start, trigger, recovery: self.recovery.unwrap_or_default(), horizon })
    }

    /// The time before, during and after the trigger, if there is one.
    pub fn phases(&self) -> Option<[During; 3]> {
        let Trigger { from, until, .. } = self.trigger?;
        let phases = [(self.warmup, from), (from, until), (until, self.horizon)];
        Some(phases.map(|(from, until)| During::Elapsed(from, until)))
    }

    /// The names of what reports compare the copies of: its sites, and then the points outside them that have
    /// several copies.
    pub fn copied(&self) -> impl Iterator<Item = &str> {
        let pools = self.distribution_points.iter();
        let pools = pools.filter(|point| point.site.is_none() && point.copies > 1);
        let pools = pools.map(|point| point.name.as_str());
        self.sites.iter().map(|site| site.name.as_str()).chain(pools)
    }

    /// How often a point or a group of `site` is there.
    pub fn copies_of(&self, site: Option<SiteId>) -> u32 {
        site.and_then(|site| self.sites.get(site.index())).map_or(1, |site| site.copies)
    }

    /// Replication number `replication` (from 0) of this scenario without copies: of each point, group and
    /// site one.
    pub fn replication(&self, replication: u64) -> Replication<'_> {
        self.replicate(&self.distribution_points, &self.clients, replication)
    }

    /// Replication number `replication` (from 0) of one of its components.
    pub fn replication_of<'s>(
        &self,
        component: &'s Component,
        replication: u64,
    ) -> Replication<'s> {
        self.replicate(&component.points, &component.groups, replication)
    }

    fn replicate<'s>(
        &self,
        points: &'s [DistributionPoint],
        groups: &'s [ClientGroup],
        replication: u64,
    ) -> Replication<'s> {
        let mut replication = Replication::new(
            points,
            groups,
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

    /// The traces of numbers of clients that drive it.
    pub fn count_traces(&self) -> impl Iterator<Item = &Trace<u64>> {
        self.clients.iter().filter_map(|group| group.arrival.counts())
    }

    /// The expected number of clients in a replication.
    pub fn expected_clients(&self) -> f64 {
        self.clients.iter().map(|group| self.expected_clients_of(group)).sum()
    }

    /// The expected number of clients in all copies of `group`.
    pub fn expected_clients_of(&self, group: &ClientGroup) -> f64 {
        let each = group.expected_clients(Time::ZERO + self.horizon);
        each * f64::from(self.copies_of(group.site))
    }
}
