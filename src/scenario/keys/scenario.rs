//! The reader and writer of scenarios.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::super::check::{counters, memory, sites};
use super::super::definition::Scenario;
use super::super::document::{Entry, Table};
use super::super::form::{Field, Fields, Keys, read_all};
use super::super::parts::{name_in_site, parts};
use super::super::toml_text::to_toml_key;
use super::super::trace::Traces;
use super::clients::{GroupKeys, Surroundings};
use super::file::{ScenarioKeys, top_keys};
use super::recovery;
use super::sites::SiteKeys;
use super::tiers::KnownPoints;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, SourceId, quoted};
use crate::model::{ClientGroup, DistributionPoint, PointId, Site, SiteId};

/// Reads a scenario; `None` if it has an error, which is then among the diagnostics.
pub fn read_scenario(
    file: SourceId,
    table: &Table,
    diagnostics: &Diagnostics,
    traces: &Traces,
) -> Option<Scenario> {
    let start = Location::new(file, 0..0);
    let fields = Fields::new(table, start.clone(), "the scenario", diagnostics).within(top_keys);
    let mut keys = read_all::<ScenarioKeys>(fields);
    let field = |key: &str| table.get(key).map(|entry| Field::new(entry, diagnostics));
    let warmup = keys.warmup.and_then(|warmup| match (field("warmup"), keys.horizon) {
        (Some(field), Some(horizon)) if warmup >= horizon => {
            let error = format!("the warm-up, {warmup}, must end before the horizon, {horizon}");
            field.refuse(error, "shorten `warmup` or lengthen `horizon`")
        }
        _ => Some(warmup),
    });
    let sites: Vec<(&str, Option<SiteKeys>)> = match (&mut keys.sites, table.get("sites")) {
        (Some(Some(sites)), _) => {
            sites.iter_mut().map(|(name, keys)| (name.as_str(), keys.take())).collect()
        }
        _ => Vec::new(),
    };
    let points = all_points(keys.distribution_points, &sites);
    let surroundings = Surroundings {
        points: points.as_deref().unwrap_or_default(),
        horizon: keys.horizon,
        trigger: keys.trigger.flatten(),
        is_horizon_given: table.get("horizon").is_some(),
        starts: keys.starts.map(|starts| starts.unwrap_or(Scenario::DEFAULT_START)),
        traces,
        site: None,
        names: None,
    };
    let places = Places::of(table);
    let outside = places.groups(None, &surroundings, keys.clients, field("clients"));
    let site_fields = field("sites").into_iter().flat_map(|sites| sites.entries()).flatten();
    // All groups are read before the first `None` counts.
    let in_sites = sites.iter().zip(site_fields).enumerate().map(|(at, ((name, keys), field))| {
        let groups = keys.as_ref().and_then(|keys| keys.clients.clone());
        let site = Some((SiteId(at as u16), *name));
        places.groups(site, &surroundings, groups, field.get("clients"))
    });
    let groups: Vec<Option<Vec<ClientGroup>>> = std::iter::once(outside).chain(in_sites).collect();
    let groups: Option<Vec<Vec<ClientGroup>>> = groups.into_iter().collect();
    let site = |(name, keys): &(&str, Option<SiteKeys>)| {
        Some(Site { name: (*name).to_owned(), copies: keys.as_ref()?.copies? })
    };
    let all_sites = sites.iter().map(site).collect::<Option<Vec<Site>>>();

    let scenario = Scenario {
        name: keys.name?,
        description: keys.description?,
        seed: keys.seed?,
        horizon: keys.horizon?,
        warmup: warmup?,
        expires_after: keys.expires_after?,
        starts: keys.starts?,
        workaround: keys.workaround?,
        trigger: keys.trigger?,
        recovery: keys.recovery?,
        distribution_points: points?,
        clients: groups?.concat(),
        sites: keys.sites.and(all_sites)?,
    };
    if !sites::check(&scenario, table, diagnostics) {
        return None;
    }
    let times = [scenario.warmup, scenario.horizon];
    let has_rates = scenario.clients.iter().any(|group| group.arrival.is_endless());
    recovery::check(scenario.trigger, scenario.recovery, has_rates, times, field)?;
    let countable = counters::check(&scenario, table, diagnostics);
    let counts = count_location(table).unwrap_or(start);
    let fits = memory::check(&scenario, counts, diagnostics);
    (countable && fits).then_some(scenario)
}

/// All points: those outside sites, and those of each site under the name that they have in the whole
/// scenario.
fn all_points(
    outside: Option<Vec<DistributionPoint>>,
    sites: &[(&str, Option<SiteKeys>)],
) -> Option<Vec<DistributionPoint>> {
    let mut all = outside?;
    for (at, (name, keys)) in sites.iter().enumerate() {
        let points = keys.as_ref()?.distribution_points.as_ref()?;
        all.extend(points.iter().flatten().map(|point| DistributionPoint {
            name: name_in_site(name, &point.name),
            site: Some(SiteId(at as u16)),
            ..point.clone()
        }));
    }
    Some(all)
}

/// The names of the points, which are known even if the points have errors, and their places.
struct Places<'t> {
    outside: Vec<(&'t str, PointId)>,
    in_sites: Vec<(&'t str, &'t str, PointId)>,
    /// Whether the scenario has the key for points outside sites, with or without errors, or needs it.
    has_points: bool,
}

impl<'t> Places<'t> {
    fn of(table: &'t Table) -> Places<'t> {
        let has_points = table.get("distribution_points").is_some() || table.get("sites").is_none();
        let mut places = Places { outside: Vec::new(), in_sites: Vec::new(), has_points };
        for (at, (site, point)) in parts(table, "distribution_points").enumerate() {
            let (name, id) = (point.key.as_str(), PointId(at as u16));
            match site {
                None => places.outside.push((name, id)),
                Some(site) => places.in_sites.push((site, name, id)),
            }
        }
        places
    }

    /// The points that the groups of `site`, or those outside sites, may use: their own before others.
    fn known(&self, site: Option<&str>) -> (Vec<(&'t str, PointId)>, Arc<[PointId]>) {
        let own = self.in_sites.iter().filter(|(of, ..)| Some(*of) == site);
        let mut known: Vec<_> = own.map(|&(_, name, id)| (name, id)).collect();
        let default = if known.is_empty() { &self.outside } else { &known };
        let default = default.iter().map(|known| known.1).collect();
        known.extend(&self.outside);
        (known, default)
    }

    /// Reports that the groups in `clients` have no point to go to, unless it is known that points are wrong.
    fn report_no_points(&self, clients: Field<'_>, site: Option<&str>) {
        let (whose, place) = match site {
            Some(site) => {
                let place = format!("[sites.{}.distribution_points.SHARE]", to_toml_key(site));
                (format!("site {}", quoted(site)), format!("`{place}`, or "))
            }
            None => ("groups outside the sites".to_owned(), String::new()),
        };
        if self.has_points {
            return;
        }
        let error = format!("the clients of {whose} have no distribution point");
        let error = Diagnostic::error(error).at(clients.key_location());
        let help = format!("add {place}`[distribution_points.DP01]` with a `connection_limit`");
        clients.reject::<()>(error.help(help));
    }

    /// The groups of `site`, or those outside sites, whose keys are `groups` and whose table is `field`.
    fn groups(
        &self,
        site: Option<(SiteId, &str)>,
        surroundings: &Surroundings<'_>,
        groups: Option<Vec<(String, Option<GroupKeys>)>>,
        field: Option<Field<'_>>,
    ) -> Option<Vec<ClientGroup>> {
        let (known, all) = self.known(site.map(|(_, name)| name));
        if let (true, Some(clients), Some(_)) = (known.is_empty(), &field, &groups) {
            self.report_no_points(*clients, site.map(|(_, name)| name));
        }
        let names = (!known.is_empty()).then_some(KnownPoints { known: &known, all: &all });
        let surroundings = Surroundings { site, names, ..*surroundings };
        let entries = field.into_iter().flat_map(|clients| clients.entries()).flatten();
        let group = |((_, keys), field): ((String, Option<GroupKeys>), Field<'_>)| {
            surroundings.group(keys?, field)
        };
        // All groups are read before the first `None` counts.
        let groups: Vec<Option<ClientGroup>> =
            groups?.into_iter().zip(entries).map(group).collect();
        groups.into_iter().collect()
    }
}

/// Where the number of clients of the first group is written.
fn count_location(table: &Table) -> Option<Location> {
    let count = |group: &Entry| group.get("count").or(group.get("arrival")).cloned();
    let counts = parts(table, "clients").find_map(|(_, group)| count(group));
    let first = || parts(table, "clients").next().map(|(_, group)| group.key_location.clone());
    counts.map(|entry| entry.node.location).or_else(first)
}

impl Scenario {
    /// This scenario as JSON, with the keys of a scenario file, after every default and overlay is
    /// applied: so results show which scenario they belong to, and it can be run again.
    pub fn to_json(&self) -> Json {
        let outside = self.points_and_groups(None);
        let sites = self.sites.iter().zip(0..).map(|(site, id)| {
            let (points, clients) = self.points_and_groups(Some(SiteId(id)));
            let keys = SiteKeys {
                copies: Some(site.copies),
                distribution_points: Some(Some(points).filter(|points| !points.is_empty())),
                clients: Some(clients),
            };
            (site.name.clone(), Some(keys))
        });
        let sites: Vec<_> = sites.collect();
        let keys = ScenarioKeys {
            name: Some(self.name.clone()),
            description: Some(self.description.clone()),
            seed: Some(self.seed),
            horizon: Some(self.horizon),
            warmup: Some(self.warmup),
            expires_after: Some(self.expires_after),
            starts: Some(self.starts),
            workaround: Some(self.workaround),
            trigger: Some(self.trigger),
            recovery: Some(self.recovery),
            distribution_points: Some(outside.0),
            clients: Some(outside.1),
            sites: Some(Some(sites).filter(|sites| !sites.is_empty())),
        };
        let mut json = Map::new();
        keys.write(&mut json);
        json.into()
    }

    /// The points and the keys of the groups of `site`, or of those outside sites, with their names there.
    fn points_and_groups(
        &self,
        site: Option<SiteId>,
    ) -> (Vec<DistributionPoint>, Vec<(String, Option<GroupKeys>)>) {
        let prefix =
            site.map_or(String::new(), |id| name_in_site(&self.sites[id.index()].name, ""));
        let local = |name: &str| name.strip_prefix(&prefix).unwrap_or(name).to_owned();
        let points = || self.distribution_points.iter();
        let own = points().filter(|point| point.site == site);
        let own: Vec<DistributionPoint> = own
            .map(|point| DistributionPoint {
                name: local(&point.name),
                site: None,
                ..point.clone()
            })
            .collect();
        let names = |site: Option<SiteId>| {
            let all = points().zip(0..).filter(move |(point, _)| point.site == site);
            all.map(|(point, id)| (point.name.as_str(), PointId(id)))
        };
        let in_site = site.into_iter().flat_map(|id| names(Some(id)));
        let mut known: Vec<(&str, PointId)> =
            in_site.map(|(name, id)| (name.strip_prefix(&prefix).unwrap_or(name), id)).collect();
        let outside: Vec<(&str, PointId)> = names(None).collect();
        let default = if known.is_empty() { &outside } else { &known };
        let default: Arc<[PointId]> = default.iter().map(|known| known.1).collect();
        known.extend(&outside);
        let names = KnownPoints { known: &known, all: &default };
        let groups = self.clients.iter().filter(|group| group.site == site);
        let groups = groups.map(|group| (local(&group.name), Some(GroupKeys::of(group, &names))));
        (own, groups.collect())
    }
}
