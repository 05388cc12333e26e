//! The keys of a client group: how many clients there are, where they go, and when.

use std::iter;

use super::super::check::served::{point_without_rate, too_small_a_point};
use super::super::form::{
    Either, Field, Form, attempted, default, duration, form, integer, keys, keys_of, names,
    optional, part, positive_duration, probability, rate, required, table,
};
use super::super::trace::Traces;
use super::arrival::{arrival, arrivals};
use super::hours::{VanishKeys, hours, week, zones};
use super::release::{ReleaseKeys, UpgradeKeys, release, release_mix};
use super::tiers::{Names, TierKeys, choice_words, point_names, tiers};
use super::transfer::{transfer, transfers};
use crate::diagnostic::{Diagnostic, quoted};
use crate::model::{
    Arrival, Choice, ClientGroup, DistributionPoint, Release, Share, SizeDistribution, Sizes, Tier,
    Time, Trace, Transfer, Upgrade, Vanish, Week, Zone,
};
use crate::value::{Rate, Span};

/// The most clients of a group: they are numbered with 32 bits, and a few numbers are spare.
const MAX_COUNT: u32 = u32::MAX - 16;
/// The most groups of clients: they are numbered with 16 bits.
const MAX_GROUPS: usize = 65_000;
/// More connections of one client than any software opens; sums of them stay far from overflow.
const MAX_CONNECTIONS: u32 = 1000;
/// How often a client polls by default (Q302674, Q281930).
pub const DEFAULT_POLL_INTERVAL: Span = Span::from_mins(60);

keys! {
    /// A group of clients that behave alike.
    GroupKeys {
        /// How many clients there are. Not needed where the arrivals give it: a trace, or poisson until the horizon.
        count: Option<u32> = optional("by the arrivals", integer(1..=MAX_COUNT));
        /// How a refusal is handled; the parts can be set one by one.
        release: Option<&'static str> = optional("sms-2.0-sp4", release());
        /// Shares of releases within the group, instead of `release`.
        release_mix: Option<Vec<(&'static str, f64)>> = optional("none", release_mix());
        parts: ReleaseKeys = part();
        /// An upgrade that rolls out over time: each client has its own moment.
        upgrade: Option<UpgradeKeys> = optional("none", keys_of::<UpgradeKeys>("`upgrade`"));
        /// How likely a refusal comes back as another error (0x80070047), each time.
        misreport_probability: f64 = default(0.0, probability());
        /// The points where the clients may go.
        distribution_points: Option<Vec<String>> = optional("all points", point_names());
        /// The points in order of preference, instead of `distribution_points`: the first tier, then what to fall back to.
        tiers: Option<Vec<Either<Vec<String>, TierKeys>>> = optional("one tier", tiers());
        /// Which point a client tries: one for good, a new one each time, or one after the other.
        choose: Choice = default(Choice::RandomOnce, choice_words());
        /// When clients make their first attempt.
        arrival: Arrival = required("{ kind = \"uniform\", over = \"10m\" }", arrival());
        /// How long a client holds its connection, or how much it transfers.
        transfer: Transfer = required("{ kind = \"constant\", duration = \"2m\" }", transfer());
        /// How many connections a client has to a point while it transfers: all at once, or it is refused.
        connections: u32 = default(1, integer(1..=MAX_CONNECTIONS)).unwritten();
        /// The speed of each client's own connection.
        link: Option<Rate> = optional("as fast as the point", rate());
        /// How often a client polls, for `poll_unschedules` and the workaround.
        poll_interval: Option<Span> = optional("1h", positive_duration());
        /// The hours in which clients are online.
        online: Option<Week> = optional("always", week());
        /// The time zones of the clients, one drawn for each.
        zones: Option<Vec<Zone>> = optional("UTC", zones());
        /// By how much a client's hours are later at most, drawn for each.
        stagger: Option<Span> = optional("0s", duration());
        /// Clients that leave at random, also in the middle of a transfer.
        vanishes: Option<Vanish> = optional("never", table::<VanishKeys>("`vanishes`"));
    }
}

/// All client groups of a scenario; `None` for what is no table.
pub fn groups() -> impl Form<Value = Vec<(String, Option<GroupKeys>)>> {
    let groups = || names(attempted(keys_of::<GroupKeys>("client group {}")));
    form(
        move |field| {
            let count = field.entries()?.count();
            if count == 0 {
                let error = Diagnostic::error("the scenario has no clients");
                return field.reject(error.help("add a group such as `[clients.office]`"));
            }
            if count > MAX_GROUPS {
                let error = format!("the scenario has {count} groups of clients");
                let error = Diagnostic::error(error).at(field.key_location());
                return field.reject(error.help(format!(
                    "at most {MAX_GROUPS} can be simulated: let some have a larger `count`"
                )));
            }
            groups().read(field)
        },
        move |all| groups().write(all),
        move || groups().shape(),
    )
}

/// What the rest of a scenario is, for its groups.
pub struct Surroundings<'a> {
    /// The names of the distribution points; `None` if these could not be read.
    pub names: Option<&'a [&'a str]>,
    /// The distribution points; none if anything of them is wrong.
    pub points: &'a [DistributionPoint],
    /// When the simulation ends at the latest, if that could be read.
    pub horizon: Option<Span>,
    /// Whether the scenario names a horizon.
    pub is_horizon_given: bool,
    /// What the start of the simulation is, after Monday 00:00, if that could be read.
    pub starts: Option<Span>,
    /// The CSV files.
    pub traces: &'a Traces,
}

impl Surroundings<'_> {
    /// The client group with the keys `keys`, which is the table `field`.
    pub fn group(&self, keys: GroupKeys, field: Field<'_>) -> Option<ClientGroup> {
        let what = format!("client group {}", quoted(field.key()));
        let arrival = keys.arrival.as_ref().and_then(|it| arrivals(it, field, self.traces));
        let transfer = keys.transfer.as_ref().and_then(|it| transfers(it, field, self.traces));
        let tiers = match (&keys.distribution_points, &keys.tiers, self.names) {
            (Some(_), Some(_), Some(known)) => Names { known }.tiers(field, keys.choose),
            _ => None,
        };
        let releases = releases(&keys, field, tiers.as_deref());
        let hours = match (keys.online, keys.zones, keys.stagger) {
            (Some(online), Some(zones), Some(stagger)) => {
                hours(field, online, zones, stagger, self.starts, self.horizon)
            }
            _ => None,
        };
        let arrival = arrival?;
        let count = self.count(field, &what, keys.count?, &arrival, transfer.as_ref())?;
        let poll_interval = poll_interval(field, keys.poll_interval?, &arrival)?;
        let (transfer, link, connections) = (transfer?, keys.link?, keys.connections?);
        let mut tiers = tiers?.into_iter();
        let Tier { points, choose } = tiers.next()?;
        let further_tiers: Vec<Tier> = tiers.collect();
        let (release, release_mix, upgrade) = releases?;
        let group = ClientGroup {
            name: field.key().to_owned(),
            count,
            release,
            release_mix,
            upgrade,
            misreport_probability: keys.misreport_probability?,
            distribution_points: points,
            choose,
            further_tiers,
            arrival,
            transfer,
            connections,
            link,
            poll_interval,
            hours: hours?,
            vanishes: keys.vanishes?,
        };
        self.can_be_served(&group, field, &what).then_some(group)
    }

    /// Checks that the points to which a group goes can serve its clients at all.
    fn can_be_served(&self, group: &ClientGroup, field: Field<'_>, what: &str) -> bool {
        let needed = group.connections;
        if let Some(point) = too_small_a_point(self.points, group) {
            let error = Diagnostic::error(format!(
                "{what} needs {needed} connections at once, but {} never has more than {}",
                quoted(&point.name),
                point.highest_limit()
            ));
            let help = "it would be refused there for ever: take fewer `connections`, a higher \
                        `connection_limit`, or other `distribution_points`";
            let field = field.get("connections").unwrap_or(field);
            return field.reject::<()>(error.help(help)).is_some();
        }
        if let Some(point) = point_without_rate(self.points, group) {
            let point = quoted(&point.name);
            let error =
                Diagnostic::error(format!("{what} transfers sizes, but {point} has no bandwidth"));
            let error = error.at(field.key_location()).help(format!(
                "add `bandwidth = \"100 MB/s\"` to {point}, or `link = \"10 Mbit/s\"` here"
            ));
            return field.reject::<()>(error).is_some();
        }
        true
    }

    /// Checks the number of clients against the arrivals and transfers that need or give it.
    fn count(
        &self,
        group: Field<'_>,
        what: &str,
        count: Option<u32>,
        arrival: &Arrival,
        transfer: Option<&Transfer>,
    ) -> Option<Option<u32>> {
        let owner = group.key_location();
        let report = |error: Diagnostic| group.reject(error);
        let arrivals = match arrival {
            Arrival::Trace(trace) => Some((trace, "arrival")),
            _ => None,
        };
        let arrivals = arrivals.map(|(trace, key)| (RowsOf::new(trace), key));
        let transfers = match transfer {
            Some(Transfer::Trace(trace)) => Some((RowsOf::new(trace), "transfer")),
            Some(Transfer::Size { bytes: Sizes::Drawn(SizeDistribution::Trace(trace)) }) => {
                Some((RowsOf::new(trace), "transfer"))
            }
            _ => None,
        };
        for (trace, key) in arrivals.into_iter().chain(transfers) {
            let rows = trace.rows;
            let wanted = count.map_or(0, |count| count as usize);
            if wanted > rows && self.traces.are_read() {
                let column = match trace.column {
                    "" => String::new(),
                    name => format!("column {} of ", quoted(name)),
                };
                let error = Diagnostic::error(format!(
                    "{what} has {wanted} clients, but {column}{} has only {}",
                    quoted(trace.file),
                    counted(rows, "row")
                ));
                return group.get("count")?.reject(error.help(format!(
                    "row i is client i of the {key} trace: lower `count` to at most {rows}"
                )));
            }
        }
        match (count, arrival) {
            (Some(count), _) => Some(Some(count)),
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
                if !self.is_horizon_given {
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
}

/// How often the clients of `group` poll: `given`, or as they arrive by polling.
fn poll_interval(group: Field<'_>, given: Option<Span>, arrival: &Arrival) -> Option<Span> {
    match (given, arrival) {
        (Some(given), Arrival::Poll { interval }) if given != *interval => {
            let error = Diagnostic::error(format!(
                "`poll_interval` is {given}, but the clients arrive by polling every {interval}"
            ));
            group.get("poll_interval")?.reject(error.help("leave `poll_interval` out"))
        }
        (Some(given), _) => Some(given),
        (None, Arrival::Poll { interval }) => Some(*interval),
        (None, _) => Some(DEFAULT_POLL_INTERVAL),
    }
}

/// The releases of the group `field`, whose points are in `tiers`, if these are known: the only one or
/// the first of the mix; the mix, which is empty if there is only one; and the upgrade.
fn releases(
    keys: &GroupKeys,
    field: Field<'_>,
    tiers: Option<&[Tier]>,
) -> Option<(Release, Vec<Share>, Option<Upgrade>)> {
    let parts = keys.parts.as_ref()?;
    let leads = parts.lead_somewhere(field, tiers);
    let upgrade = match &keys.upgrade {
        Some(Some(upgrade)) => upgrade.upgrade(field.get("upgrade")?, tiers).map(Some),
        Some(None) => Some(None),
        None => None,
    };
    let (release, mix) = (keys.release?, keys.release_mix.as_ref()?);
    if let (Some(_), Some(_)) = (release, mix) {
        let error = Diagnostic::error("a group has either `release` or `release_mix`");
        return field.get("release_mix")?.reject(error.help("leave one of them out"));
    }
    let share = |&(name, percent): &(&'static str, f64)| {
        Some(Share { release: parts.release(name, field)?, percent })
    };
    let mix: Vec<Share> = mix.iter().flatten().map(share).collect::<Option<_>>()?;
    let release = match mix.first() {
        Some(first) => first.release.clone(),
        None => parts.release(release.unwrap_or(Release::DEFAULT), field)?,
    };
    if !leads {
        return None;
    }
    Some((release, mix, upgrade?))
}

impl GroupKeys {
    /// The keys with which a group is written in a scenario with the points `names`.
    pub fn of(group: &ClientGroup, names: &Names<'_>) -> GroupKeys {
        let has_tiers = !group.further_tiers.is_empty();
        let hours = group.hours.as_ref();
        let first = Tier { points: group.distribution_points.clone(), choose: group.choose };
        let tier = |tier: &Tier| {
            let points = Some(names.of(&tier.points));
            Either::Table(TierKeys { points, choose: Some(Some(tier.choose)) })
        };
        let tiers = || iter::once(&first).chain(&group.further_tiers).map(tier).collect();
        let (release, mix, parts) = match &group.release_mix[..] {
            [] => {
                let parts = ReleaseKeys::of(&group.release, has_tiers);
                (Some(group.release.name), None, parts)
            }
            mix => {
                let shares = mix.iter().map(|share| (share.release.name, share.percent));
                (None, Some(shares.collect()), ReleaseKeys::of_mix(mix, has_tiers))
            }
        };
        let upgrade = group.upgrade.as_ref();
        GroupKeys {
            count: Some(group.count),
            release: Some(release),
            release_mix: Some(mix),
            parts: Some(parts),
            upgrade: Some(upgrade.map(|upgrade| UpgradeKeys::of(upgrade, has_tiers))),
            misreport_probability: Some(group.misreport_probability),
            distribution_points: Some((!has_tiers).then(|| names.of(&first.points))),
            tiers: Some(has_tiers.then(tiers)),
            choose: (!has_tiers).then_some(group.choose),
            arrival: Some(group.arrival.clone()),
            transfer: Some(group.transfer.clone()),
            connections: Some(group.connections),
            link: Some(group.link),
            poll_interval: Some(Some(group.poll_interval)),
            online: Some(hours.map(|hours| hours.online.clone())),
            zones: Some(hours.map(|hours| hours.zones.clone())),
            stagger: Some(hours.map(|hours| hours.stagger)),
            vanishes: Some(group.vanishes),
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
