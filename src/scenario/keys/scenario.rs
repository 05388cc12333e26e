//! The keys of a scenario itself, and the reader and writer of scenarios.

use serde_json::{Map, Value as Json};

use super::super::check::{counters, memory};
use super::super::definition::Scenario;
use super::super::document::{Entry, Table};
use super::super::form::{
    Field, Fields, Keys, default, duration, integer, keys, optional, positive_duration, read_all,
    required, table, text, text_or_empty,
};
use super::super::trace::Traces;
use super::clients::{GroupKeys, Surroundings, groups};
use super::hours::day_and_time;
use super::points::points;
use super::tiers::Names;
use super::workaround::WorkaroundKeys;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, SourceId};
use crate::model::{DistributionPoint, Workaround};
use crate::value::Span;

/// Seeds are whole numbers that TOML can hold.
pub const MAX_SEED: u64 = i64::MAX as u64;

keys! {
    /// A scenario for distpoint.
    ScenarioKeys {
        /// What the scenario is called in reports.
        name: String = required("\"A server with 50 connections\"", text());
        /// One or two sentences on what the scenario shows.
        description: Option<String> = optional("none", text_or_empty());
        /// The seed of the random numbers; the same seed gives the same results on any machine.
        seed: u64 = default(Scenario::DEFAULT_SEED, integer(0..=MAX_SEED));
        /// The latest time at which the simulation ends.
        horizon: Span = default(Scenario::DEFAULT_HORIZON, positive_duration());
        /// The length of the warm-up: clients that arrive in it are not counted, and averages start at its end.
        warmup: Span = default(Span::ZERO, duration()).unwritten();
        /// When the advertisement expires, from the start of the simulation.
        expires_after: Option<Span> = optional("never", positive_duration());
        /// The day of the week and the time (UTC) at which the simulation starts; it matters for clients with `online` hours, for thresholds with a time of day and for the clock of charts.
        starts: Span = default(Scenario::DEFAULT_START, day_and_time()).unwritten();
        /// A new advertisement for the stranded clients: after a time, or when enough clients are stranded.
        workaround: Option<Workaround> = optional("none", table::<WorkaroundKeys>("`workaround`"));
        /// The servers that clients contend for, by name.
        distribution_points: Vec<DistributionPoint> = required("{ DP01 = { connection_limit = 50 } }", points());
        /// The groups of clients, by name.
        clients: Vec<(String, Option<GroupKeys>)> = required("{ office = { count = 5000, ... } }", groups());
    }
}

/// Reads a scenario; `None` if it has an error, which is then among the diagnostics.
pub fn read_scenario(
    file: SourceId,
    table: &Table,
    diagnostics: &Diagnostics,
    traces: &Traces,
) -> Option<Scenario> {
    let start = Location::new(file, 0..0);
    let fields = Fields::new(table, start.clone(), "the scenario", diagnostics).within(top_keys);
    let keys = read_all::<ScenarioKeys>(fields);
    let field = |key| table.get(key).map(|entry| Field::new(entry, diagnostics));
    let warmup = keys.warmup.and_then(|warmup| match (field("warmup"), keys.horizon) {
        (Some(field), Some(horizon)) if warmup >= horizon => {
            let error = format!("the warm-up, {warmup}, must end before the horizon, {horizon}");
            field.reject(Diagnostic::error(error).help("shorten `warmup` or lengthen `horizon`"))
        }
        _ => Some(warmup),
    });
    // The names are known even if the points have other errors.
    let names: Vec<&str> = match table.get("distribution_points") {
        Some(points) => points.entries().iter().map(|point| point.key.as_str()).collect(),
        None => Vec::new(),
    };
    let surroundings = Surroundings {
        names: Some(&names[..]).filter(|names| !names.is_empty()),
        points: keys.distribution_points.as_deref().unwrap_or_default(),
        horizon: keys.horizon,
        is_horizon_given: table.get("horizon").is_some(),
        starts: keys.starts,
        traces,
    };
    let entries = field("clients").into_iter().flat_map(|clients| clients.entries()).flatten();
    let group = |((_, keys), field): ((String, Option<GroupKeys>), Field<'_>)| {
        surroundings.group(keys?, field)
    };
    // All groups are read before the first `None` counts.
    let clients = keys.clients.map(|groups| groups.into_iter().zip(entries).map(group));
    let clients = clients.map(|groups| groups.collect::<Vec<_>>());

    let scenario = Scenario {
        name: keys.name?,
        description: keys.description?,
        seed: keys.seed?,
        horizon: keys.horizon?,
        warmup: warmup?,
        expires_after: keys.expires_after?,
        starts: keys.starts?,
        workaround: keys.workaround?,
        distribution_points: keys.distribution_points?,
        clients: clients?.into_iter().collect::<Option<_>>()?,
    };
    let countable = counters::check(&scenario, table, diagnostics);
    let counts = table.get("clients").map_or(start, count_location);
    let fits = memory::check(&scenario, counts, diagnostics);
    (countable && fits).then_some(scenario)
}

/// The keys that are written above all tables; below a table header they would belong to that table.
fn top_keys() -> Vec<&'static str> {
    let is_table_of_names = |key: &&str| matches!(*key, "distribution_points" | "clients");
    let keys = ScenarioKeys::shape().keys.into_iter().map(|key| key.name);
    keys.filter(|key| !is_table_of_names(key)).chain(["thresholds"]).collect()
}

/// Where the number of clients of the first group is written.
fn count_location(clients: &Entry) -> Location {
    let count = |group: &Entry| group.get("count").or(group.get("arrival")).cloned();
    let counts = clients.entries().iter().find_map(count);
    counts.map_or_else(|| clients.key_location.clone(), |entry| entry.node.location)
}

impl Scenario {
    /// This scenario as JSON, with the keys of a scenario file, after every default and overlay is
    /// applied: so results show which scenario they belong to, and it can be run again.
    pub fn to_json(&self) -> Json {
        let points = &self.distribution_points;
        let known: Vec<&str> = points.iter().map(|point| point.name.as_str()).collect();
        let names = Names { known: &known };
        let groups = self.clients.iter();
        let groups = groups.map(|group| (group.name.clone(), Some(GroupKeys::of(group, &names))));
        let keys = ScenarioKeys {
            name: Some(self.name.clone()),
            description: Some(self.description.clone()),
            seed: Some(self.seed),
            horizon: Some(self.horizon),
            warmup: Some(self.warmup),
            expires_after: Some(self.expires_after),
            starts: Some(self.starts),
            workaround: Some(self.workaround),
            distribution_points: Some(points.clone()),
            clients: Some(groups.collect()),
        };
        let mut json = Map::new();
        keys.write(&mut json);
        json.into()
    }
}
