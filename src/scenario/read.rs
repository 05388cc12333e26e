//! From the tree of a scenario to the model's own types.

use super::Scenario;
use super::counters;
use super::document::{Entry, Node, Table, Value};
use super::fields::{Field, Fields};
use super::fleet::{Fleet, read_fleet};
use super::hours::{read_hours, read_start, read_vanishes};
use super::laws::{read_arrival, read_transfer};
use super::memory;
use super::points::{check_rate, read_points, too_small};
use super::tiers::read_tiers;
use super::trace::Traces;
use super::workaround::read_workaround;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, SourceId, quoted};
use crate::model::{
    Arrival, ClientGroup, DistributionPoint, SizeLaw, Sizes, Span, Tier, Time, Trace, Transfer,
};

/// The most clients of a group: they are numbered with 32 bits, and a few numbers are spare.
const MAX_COUNT: u32 = u32::MAX - 16;
/// The most groups of clients: they are numbered with 16 bits.
const MAX_GROUPS: usize = 65_000;
/// More connections of one client than any software opens; sums of them stay far from overflow.
pub(super) const MAX_CONNECTIONS: u32 = 1000;

/// Reads a scenario; `None` if anything is wrong with it, which is then among the diagnostics.
pub fn read_scenario(
    file: SourceId,
    table: &Table,
    diagnostics: &Diagnostics,
    traces: &Traces,
) -> Option<Scenario> {
    let start = Location::new(file, 0..0);
    let mut fields = Fields::new(table, start, "the scenario", diagnostics);
    let name = fields.required("name", "\"A server with 50 connections\"", Field::non_empty_string);
    let description = fields.optional("description", Field::string);
    let seed = fields.or("seed", Scenario::DEFAULT_SEED, |seed| seed.integer_in(0..=MAX_SEED));
    let horizon_given = fields.field("horizon");
    let horizon = match horizon_given {
        Some(horizon) => horizon.positive_duration(),
        None => Some(Scenario::DEFAULT_HORIZON),
    };
    let warmup = match fields.field("warmup") {
        Some(warmup) => read_warmup(warmup, horizon),
        None => Some(Span::ZERO),
    };
    let expires_after = fields.optional("expires_after", Field::positive_duration);
    let starts = fields.or("starts", Span::ZERO, read_start);
    let workaround = fields.optional("workaround", read_workaround);
    let points_example = "{ DP01 = { connection_limit = 50 } }";
    // The names are known even if something else of the points is wrong.
    let names: Option<Vec<&str>> = match table.get("distribution_points") {
        Some(Entry { node: Node { value: Value::Table(points), .. }, .. }) => {
            Some(points.keys().collect())
        }
        _ => None,
    };
    let points = fields.required("distribution_points", points_example, read_points);
    let reader = Groups {
        points: names.as_deref().filter(|names| !names.is_empty()),
        horizon,
        horizon_given: horizon_given.is_some(),
        starts,
        diagnostics,
        traces,
    };
    let clients_example = "{ office = { count = 5000, ... } }";
    let clients = fields.required("clients", clients_example, |clients| {
        reader.read_all(clients, points.as_deref().unwrap_or_default())
    });
    fields.finish();

    let scenario = Scenario {
        name: name?.to_owned(),
        description: description?.map(str::to_owned),
        seed: seed?,
        horizon: horizon?,
        warmup: warmup?,
        expires_after: expires_after?,
        starts: starts?,
        workaround: workaround?,
        distribution_points: points?,
        clients: clients?,
    };
    let countable = counters::check(&scenario, table, diagnostics);
    let counts = table.get("clients").map_or(Location::new(file, 0..0), count_location);
    let fits = memory::check(&scenario, counts, diagnostics);
    (countable && fits).then_some(scenario)
}

/// A warm-up ends before the simulation does.
fn read_warmup(warmup: Field<'_>, horizon: Option<Span>) -> Option<Span> {
    let span = warmup.duration()?;
    match horizon {
        Some(horizon) if span >= horizon => {
            let error = Diagnostic::error(format!(
                "the warm-up, {span}, must end before the horizon, {horizon}"
            ));
            warmup.reject(error.help("shorten `warmup` or lengthen `horizon`"))
        }
        _ => Some(span),
    }
}

/// Seeds are whole numbers that TOML can hold.
pub const MAX_SEED: u64 = i64::MAX as u64;

/// Where the first group says how many clients it has.
fn count_location(clients: &Entry) -> Location {
    let counts = match &clients.node.value {
        Value::Table(groups) => groups.entries().iter().find_map(|group| {
            let Value::Table(group) = &group.node.value else { return None };
            group.get("count").or_else(|| group.get("arrival"))
        }),
        _ => None,
    };
    counts.map_or_else(|| clients.key_location.clone(), |entry| entry.node.location.clone())
}

/// Reads the groups of clients.
struct Groups<'a> {
    /// The names of the distribution points; `None` if these could not be read.
    points: Option<&'a [&'a str]>,
    horizon: Option<Span>,
    horizon_given: bool,
    /// What the start of the simulation is, after Monday 00:00; `None` if that could not be read.
    starts: Option<Span>,
    diagnostics: &'a Diagnostics,
    traces: &'a Traces,
}

impl<'a> Groups<'a> {
    fn read_all(
        &self,
        clients: Field<'a>,
        points: &[DistributionPoint],
    ) -> Option<Vec<ClientGroup>> {
        let groups: Vec<Field<'a>> = clients.entries()?.collect();
        if groups.is_empty() {
            let error = Diagnostic::error("the scenario has no clients");
            return clients.reject(error.help("add a group such as `[clients.office]`"));
        }
        if groups.len() > MAX_GROUPS {
            let error = format!("the scenario has {} groups of clients", groups.len());
            let help =
                format!("at most {MAX_GROUPS} can be simulated: let some have a larger `count`");
            return clients.reject(Diagnostic::error(error).at(clients.key_location()).help(help));
        }
        let groups: Vec<_> = groups.into_iter().map(|group| self.read(group, points)).collect();
        groups.into_iter().collect()
    }

    fn read(&self, group: Field<'a>, all_points: &[DistributionPoint]) -> Option<ClientGroup> {
        let name = group.key();
        let what = format!("client group {}", quoted(name));
        let mut fields = group.fields(what.as_str())?;
        let count = fields
            .optional("count", |count| count.located(|count| count.integer_in(1..=MAX_COUNT)));
        let probability = fields.or("misreport_probability", 0.0, Field::probability);
        let transfer_file = trace_file(fields.table(), "transfer");
        let arrival_example = "{ kind = \"uniform\", over = \"10m\" }";
        let arrival = fields.required("arrival", arrival_example, |arrival| {
            read_arrival(arrival, transfer_file, self.traces)
        });
        let transfer_example = "{ kind = \"constant\", duration = \"2m\" }";
        let transfer = fields.required("transfer", transfer_example, |transfer| {
            read_transfer(transfer, self.traces)
        });
        let tiers = read_tiers(&mut fields, self.points);
        let fleet = read_fleet(&mut fields, tiers.as_deref());
        let poll_interval =
            fields.optional("poll_interval", |poll| poll.located(Field::positive_duration));
        let connections = fields.optional("connections", |connections| {
            connections.located(|connections| connections.integer_in(1..=MAX_CONNECTIONS))
        });
        let link = fields.optional("link", Field::rate);
        let hours = read_hours(&mut fields, self.starts, self.horizon);
        let vanishes = fields.optional("vanishes", read_vanishes);
        let owner = fields.owner().clone();
        let incomplete = fields.table().is_incomplete();
        let misspelt = fields.finish().iter().any(|key| key == "count");

        let arrival = arrival?;
        if (incomplete || misspelt) && count == Some(None) {
            // It is there, most likely, in a line that has its own error.
            return None;
        }
        let count = self.check_count(&owner, &what, count?, &arrival, transfer.as_ref())?;
        let poll_interval = self.check_poll_interval(poll_interval?, &arrival)?;
        let (transfer, link, connections) = (transfer?, link?, connections?);
        let mut tiers = tiers?.into_iter();
        let Tier { points, choose } = tiers.next()?;
        let further_tiers: Vec<Tier> = tiers.collect();
        let Fleet { release, mix, upgrade } = fleet?;
        let further = further_tiers.iter().flat_map(|tier| &tier.points);
        let chosen = points.iter().chain(further).map(|point| point.index());
        let connections = match connections {
            Some((connections, at)) => {
                if let Some((point, highest)) = too_small(all_points, chosen.clone(), connections) {
                    let error = Diagnostic::error(format!(
                        "{what} needs {connections} connections at once, but {} never has more than \
                         {highest}",
                        quoted(point)
                    ));
                    let help = "it would be refused there for ever: take fewer `connections`, a \
                                higher `connection_limit`, or other `distribution_points`";
                    self.diagnostics.push(error.at(&at).help(help));
                    return None;
                }
                connections
            }
            None => 1,
        };
        if matches!(transfer, Transfer::Size { .. })
            && let Some(point) = check_rate(all_points, chosen, link)
        {
            let error = Diagnostic::error(format!(
                "{what} transfers sizes, but {} has no bandwidth",
                quoted(point)
            ));
            self.diagnostics.push(error.at(&owner).help(format!(
                "add `bandwidth = \"100 MB/s\"` to {}, or `link = \"10 Mbit/s\"` here",
                quoted(point)
            )));
            return None;
        }
        Some(ClientGroup {
            name: name.to_owned(),
            count,
            release,
            release_mix: mix,
            upgrade,
            misreport_probability: probability?,
            distribution_points: points,
            choose,
            further_tiers,
            arrival,
            transfer,
            connections,
            link,
            poll_interval,
            hours: hours?,
            vanishes: vanishes?,
        })
    }

    /// Checks the number of clients against the arrivals and transfers that need or give it.
    fn check_count(
        &self,
        owner: &Location,
        what: &str,
        count: Option<(u32, Location)>,
        arrival: &Arrival,
        transfer: Option<&Transfer>,
    ) -> Option<Option<u32>> {
        let report = |error: Diagnostic| {
            self.diagnostics.push(error);
            None
        };
        let arrivals = match arrival {
            Arrival::Trace(trace) => Some((trace, "arrival")),
            _ => None,
        };
        let arrivals = arrivals.map(|(trace, key)| (RowsOf::new(trace), key));
        let transfers = match transfer {
            Some(Transfer::Trace(trace)) => Some((RowsOf::new(trace), "transfer")),
            Some(Transfer::Size { bytes: Sizes::Drawn(SizeLaw::Trace(trace)) }) => {
                Some((RowsOf::new(trace), "transfer"))
            }
            _ => None,
        };
        for (trace, key) in arrivals.into_iter().chain(transfers) {
            let rows = trace.rows;
            let wanted = count.as_ref().map_or(0, |(count, _)| *count as usize);
            if wanted > rows {
                let column = match trace.column {
                    "" => String::new(),
                    name => format!("column {} of ", quoted(name)),
                };
                let error = Diagnostic::error(format!(
                    "{what} has {wanted} clients, but {column}{} has only {}",
                    quoted(trace.file),
                    counted(rows, "row")
                ));
                let at = count.as_ref().map_or(owner, |(_, location)| location);
                return report(error.at(at).help(format!(
                    "row i is client i of the {key} trace: lower `count` to at most {rows}"
                )));
            }
        }
        match (count, arrival) {
            (Some((count, _)), _) => Some(Some(count)),
            (None, Arrival::Trace(trace)) => {
                let rows = transfers.map_or(usize::MAX, |(trace, _)| trace.rows);
                let clients = trace.rows.len();
                if rows < clients {
                    let error = Diagnostic::error(format!(
                        "{what} has {clients} arrivals, but only {}",
                        counted(rows, "transfer")
                    ));
                    return report(error.at(owner).help(format!("add `count = {rows}`")));
                }
                Some(u32::try_from(clients).ok())
            }
            (None, Arrival::Poisson { .. }) => {
                if !self.horizon_given {
                    let error = Diagnostic::error(format!(
                        "{what} arrives until the horizon, but the scenario names none"
                    ));
                    return report(
                        error
                            .at(owner)
                            .help("add `horizon = \"7d\"` at the top, or `count = 5000` here"),
                    );
                }
                if let Some((trace, _)) = transfers {
                    let error = Diagnostic::error(format!(
                        "{what} takes its transfers from rows, but has no number of clients"
                    ));
                    return report(error.at(owner).help(format!("add `count = {}`", trace.rows)));
                }
                let horizon = Time::ZERO + self.horizon?;
                let expected = arrival.expected_clients(None, horizon);
                if expected > f64::from(MAX_COUNT) {
                    let error = Diagnostic::error(format!(
                        "{what} would have some {expected:.0} clients until the horizon"
                    ));
                    let most = "at most 4,294,967,279 clients can be simulated";
                    return report(
                        error
                            .at(owner)
                            .help(format!("{most}: raise `mean_interval` or lower `horizon`")),
                    );
                }
                Some(None)
            }
            (None, _) => {
                let error = Diagnostic::error(format!("`count` is missing in {what}"));
                report(error.at(owner).help("add `count = 5000`"))
            }
        }
    }

    fn check_poll_interval(
        &self,
        given: Option<(Span, Location)>,
        arrival: &Arrival,
    ) -> Option<Span> {
        match (given, arrival) {
            (Some((given, location)), Arrival::Poll { interval }) if given != *interval => {
                let error = Diagnostic::error(format!(
                    "`poll_interval` is {given}, but the clients arrive by polling every {interval}"
                ));
                self.diagnostics.push(error.at(location).help("leave `poll_interval` out"));
                None
            }
            (Some((given, _)), _) => Some(given),
            (None, Arrival::Poll { interval }) => Some(*interval),
            (None, _) => Some(DEFAULT_POLL_INTERVAL),
        }
    }
}

/// How many rows a trace has, of whatever.
#[derive(Clone, Copy)]
struct RowsOf<'t> {
    file: &'t str,
    column: &'t str,
    rows: usize,
}

impl<'t> RowsOf<'t> {
    fn new<R>(trace: &'t Trace<R>) -> RowsOf<'t> {
        RowsOf { file: &trace.file, column: &trace.column, rows: trace.rows.len() }
    }
}

/// A number of things: `1 row`, `2 rows`.
fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// How often a client polls by default (Q302674, Q281930).
pub const DEFAULT_POLL_INTERVAL: Span = Span::from_mins(60);

/// The file that a group's arrivals or transfers name.
fn trace_file<'t>(group: &'t Table, key: &str) -> Option<&'t str> {
    let Value::Table(table) = &group.get(key)?.node.value else { return None };
    match &table.get("file")?.node.value {
        Value::String(file) => Some(file),
        _ => None,
    }
}
