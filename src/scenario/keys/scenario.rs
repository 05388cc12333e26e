//! The reader and writer of scenarios.

use serde_json::{Map, Value as Json};

use super::super::check::{counters, memory};
use super::super::definition::Scenario;
use super::super::document::{Entry, Table};
use super::super::form::{Field, Fields, Keys, read_all};
use super::super::trace::Traces;
use super::clients::{GroupKeys, Surroundings};
use super::file::{ScenarioKeys, top_keys};
use super::tiers::{KnownPoints, all_points};
use crate::diagnostic::{Diagnostics, Location, SourceId};

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
            field.refuse(error, "shorten `warmup` or lengthen `horizon`")
        }
        _ => Some(warmup),
    });
    // The names are known even if the points have other errors.
    let names: Vec<&str> = match table.get("distribution_points") {
        Some(points) => points.entries().iter().map(|point| point.key.as_str()).collect(),
        None => Vec::new(),
    };
    let all_points = all_points(names.len());
    let surroundings = Surroundings {
        names: Some(&names[..]).filter(|names| !names.is_empty()),
        all_points: &all_points,
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
        let names = KnownPoints { known: &known, all: &all_points(known.len()) };
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
