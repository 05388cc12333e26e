//! The keys of a client group: how many clients there are, where they go, and when.

use std::iter;

use super::super::check::served::{point_without_rate, too_small_a_point};
use super::super::form::{
    Either, Field, Form, attempted, default, duration, implied, integer, keys, keys_of, optional,
    part, positive_duration, probability, rate, required, some_names, table,
};
use super::super::parts::name_in_site;
use super::super::trace::Traces;
use super::arrival::{arrival, arrivals};
use super::hours::{VanishKeys, hours, week, zones};
use super::named::only_names;
use super::release::{ReleaseKeys, UpgradeKeys, release, release_mix};
use super::repeat::RepeatKeys;
use super::restraints::{BreakerKeys, BudgetKeys, ThrottleKeys, or_none};
use super::tiers::{KnownPoints, TierKeys, choice_words, point_names, tiers};
use super::time_distribution::time_or_distribution;
use super::transfer::{transfer, transfers};
use crate::diagnostic::{Diagnostic, quoted};
use crate::human::singular_or_plural;
use crate::model::{
    Arrival, Breaker, Budget, Choice, ClientGroup, DistributionPoint, Release, Repeat, Restraints,
    Share, SiteId, Throttle, Tier, Time, TimeDistribution, Transfer, Trigger, Upgrade, Vanish,
    Week, Zone,
};
use crate::value::{Rate, Span};

/// The largest number of clients of a group: clients are numbered with 32 bits, and a few numbers are
/// reserved.
const MAX_COUNT: u32 = u32::MAX - 16;
/// The largest number of connections of one client: more than any software opens, and their sums stay
/// far from overflow.
const MAX_CONNECTIONS: u32 = 1000;
/// The greatest number of a priority: above it come groups without one.
const MAX_PRIORITY: u32 = u32::MAX - 1;
/// How often a client polls by default (Q302674, Q281930).
pub const DEFAULT_POLL_INTERVAL: Span = Span::from_mins(60);

keys! {
    /// A group of clients that behave alike.
    GroupKeys {
        /// The number of clients. Not needed where the arrivals determine it: with a trace, or with `poisson` until the horizon.
        count: Option<u32> = optional("from the arrivals", integer(1..=MAX_COUNT));
        /// The release of the client software, which decides how a client handles a refusal; keys such as `retry` override single properties of it.
        release: Option<&'static str> = implied(Release::DEFAULT, release()).instead_of(&["release_mix"]);
        /// The shares of several releases within the group, instead of `release`.
        release_mix: Option<Vec<(&'static str, f64)>> = optional("none", release_mix()).whole().instead_of(&["release"]);
        parts: ReleaseKeys = part();
        /// An upgrade that rolls out over time; each client is upgraded at its own time.
        upgrade: Option<UpgradeKeys> = optional("none", keys_of::<UpgradeKeys>("`upgrade`"));
        /// The probability that a refusal is misreported to the client as another error (0x80070047).
        misreport_probability: f64 = default(0.0, probability());
        /// The points that the clients may use.
        distribution_points: Option<Vec<String>> = optional("all points", point_names()).instead_of(&["tiers"]);
        /// The points in order of preference, instead of `distribution_points`: the first tier, then the tiers to fall back to.
        tiers: Option<Vec<Either<Vec<String>, TierKeys>>> = optional("one tier", tiers()).instead_of(&["distribution_points"]);
        /// How a client chooses among the points of a tier: one for good, a new one for each attempt, or one after the other.
        choose: Choice = default(Choice::RandomOnce, choice_words());
        /// When clients make their first attempt.
        arrival: Arrival = required("{ kind = \"uniform\", over = \"10m\" }", arrival());
        /// Lets clients come again after their programs ran, until the horizon: a closed population.
        repeat: Option<Repeat> = optional("each comes once", table::<RepeatKeys>("`repeat`"));
        /// How long a client holds its connection, or how much it transfers.
        transfer: Transfer = required("{ kind = \"constant\", duration = \"2m\" }", transfer());
        /// The number of connections that a client needs at once for its transfer; if the point cannot accept all of them, it refuses the client.
        connections: u32 = default(1, integer(1..=MAX_CONNECTIONS)).unwritten();
        /// The bandwidth of each client's own link.
        link: Option<Rate> = optional("as fast as the point", rate());
        /// How long a client waits in a queue before it leaves, which counts as a refusal: a time, or a distribution of times.
        patience: Option<TimeDistribution> = optional("until it is answered", time_or_distribution("`patience`"));
        /// How long an attempt may take, from the request to the end of the transfer. Then it fails, and the client reacts as to a refusal; what becomes of the request is up to the point's `abandoned`.
        timeout: Option<Span> = optional("as long as it takes", positive_duration());
        /// Which clients leave a queue first: those of groups with a lower number.
        priority: Option<u32> = optional("after all groups with one", integer(0..=MAX_PRIORITY));
        /// The number of addresses that the clients come from, as behind a NAT: client i comes from address i mod `addresses`. It matters for a `rate_limit` per address.
        addresses: Option<u32> = optional("one for each client", integer(1..=MAX_COUNT));
        /// The number of processes that the clients belong to, such as instances of an application: client i belongs to process i mod `processes`. The clients of a process share its `budget`, `breaker` and `throttle`.
        processes: Option<u32> = optional("one for each client", integer(1..=MAX_COUNT));
        /// The retries that the clients of a process may make; a client that may not retry gives up.
        budget: Option<Option<Budget>> = optional("from the preset of `retry`", or_none(table::<BudgetKeys>("`budget`")));
        /// The circuit breaker of a process, which rejects attempts for a while after too many failures.
        breaker: Option<Option<Breaker>> = optional("from the preset of `retry`", or_none(table::<BreakerKeys>("`breaker`")));
        /// The throttle of a process, which rejects attempts at random as the server accepts few of them.
        throttle: Option<Option<Throttle>> = optional("from the preset of `retry`", or_none(table::<ThrottleKeys>("`throttle`")));
        /// The interval at which a client polls for advertisements; it matters for `poll_unschedules` and `workaround`.
        poll_interval: Option<Span> = implied(DEFAULT_POLL_INTERVAL, positive_duration());
        /// The hours in which clients are online.
        online: Option<Week> = optional("always", week());
        /// The time zones of the clients; one is drawn for each client.
        zones: Option<Vec<Zone>> = optional("UTC", zones());
        /// The longest time by which a client's hours are shifted to later; the shift is drawn for each client.
        stagger: Option<Span> = implied(Span::ZERO, duration());
        /// Random absences of clients, which can begin in the middle of a transfer.
        vanishes: Option<Vanish> = optional("never", table::<VanishKeys>("`vanishes`"));
    }
}

/// All client groups of a scenario; `None` for a group that is not a table.
pub fn groups() -> impl Form<Value = Vec<(String, Option<GroupKeys>)>> {
    let group = attempted(keys_of::<GroupKeys>("client group {}"));
    let advice = "use fewer groups with a larger `count`";
    let groups = some_names("client groups", "[clients.office]", advice, group);
    only_names::<GroupKeys, _>("client group", "[clients.office]", groups)
}

/// What the groups need to know of the rest of a scenario.
pub struct Surroundings<'a> {
    /// The site of the groups, with its name, if they are in one.
    pub site: Option<(SiteId, &'a str)>,
    /// The distribution points that the groups may use; `None` if their names could not be read.
    pub names: Option<KnownPoints<'a>>,
    /// The distribution points; none if any of them has an error.
    pub points: &'a [DistributionPoint],
    /// The horizon, if it could be read.
    pub horizon: Option<Span>,
    /// The trigger, if there is one.
    pub trigger: Option<Trigger>,
    /// Whether the scenario names a horizon.
    pub is_horizon_given: bool,
    /// When the simulation starts, as the time since Monday 00:00, if that could be read.
    pub starts: Option<Span>,
    /// The CSV files.
    pub traces: &'a Traces,
}

impl Surroundings<'_> {
    /// The client group of the table `field`, whose keys are `keys`.
    pub fn group(&self, keys: GroupKeys, field: Field<'_>) -> Option<ClientGroup> {
        let what = format!("client group {}", quoted(field.key()));
        let arrival = keys.arrival.as_ref().and_then(|it| arrivals(it, field, self.traces));
        let transfer = keys.transfer.as_ref().and_then(|it| transfers(it, field, self.traces));
        let tiers = match (&keys.distribution_points, &keys.tiers, &self.names) {
            (Some(_), Some(_), Some(known)) => known.tiers(field, keys.choose),
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
        self.check_repeat(keys.repeat.as_ref()?.is_some(), field, &what)?;
        let mut tiers = tiers?.into_iter();
        let Tier { points, choose } = tiers.next()?;
        let further_tiers: Vec<Tier> = tiers.collect();
        let (release, release_mix, upgrade) = releases?;
        let of_preset = keys.parts.as_ref().and_then(ReleaseKeys::restraints).unwrap_or_default();
        let restraints = Restraints {
            budget: keys.budget?.unwrap_or(of_preset.budget),
            breaker: keys.breaker?.unwrap_or(of_preset.breaker),
            throttle: keys.throttle?.unwrap_or(of_preset.throttle),
        };
        let group = ClientGroup {
            name: self
                .site
                .map_or(field.key().to_owned(), |(_, site)| name_in_site(site, field.key())),
            site: self.site.map(|(site, _)| site),
            count,
            release,
            release_mix,
            upgrade,
            misreport_probability: keys.misreport_probability?,
            distribution_points: points,
            choose,
            further_tiers,
            arrival,
            surge: self.trigger.filter(|trigger| trigger.load != 1.0),
            repeat: keys.repeat?,
            transfer,
            connections,
            link,
            patience: keys.patience?,
            timeout: keys.timeout?,
            priority: keys.priority?,
            addresses: keys.addresses?,
            processes: keys.processes?,
            restraints,
            poll_interval,
            hours: hours?,
            vanishes: keys.vanishes?,
        };
        self.check_points(&group, field, &what)?;
        Some(group)
    }

    /// Checks that the points to which a group goes can serve its clients at all.
    fn check_points(&self, group: &ClientGroup, field: Field<'_>, what: &str) -> Option<()> {
        if let Some(point) = too_small_a_point(self.points, group) {
            let (name, most) = (quoted(&point.name), point.highest_limit());
            let needed = group.connections;
            let error = format!(
                "{what} needs {needed} connections at once, but {name} never has more than {most}"
            );
            let help = "the point refuses such a client every time: use fewer `connections`, a higher \
                        `connection_limit`, or other `distribution_points`";
            return field.get("connections").unwrap_or(field).refuse(error, help);
        }
        if let Some(point) = point_without_rate(self.points, group) {
            let point = quoted(&point.name);
            let error =
                format!("the transfers of {what} have a size, but {point} has no bandwidth");
            let help = format!(
                "add `bandwidth = \"100 MB/s\"` to {point}, or `link = \"10 Mbit/s\"` here"
            );
            let error = Diagnostic::error(error).at(field.key_location());
            return field.reject(error.help(help));
        }
        Some(())
    }

    /// Checks that clients that come again and again do so only until a certain horizon.
    fn check_repeat(&self, repeats: bool, field: Field<'_>, what: &str) -> Option<()> {
        if repeats && !self.is_horizon_given {
            let error =
                format!("{what} comes again until the horizon, but the scenario sets no `horizon`");
            return field.get("repeat")?.refuse(error, "add `horizon = \"1d\"` at the top");
        }
        Some(())
    }

    /// Checks the number of clients against the arrivals and transfers that need or determine it.
    fn count(
        &self,
        group: Field<'_>,
        what: &str,
        count: Option<u32>,
        arrival: &Arrival,
        transfer: Option<&Transfer>,
    ) -> Option<Option<u32>> {
        let missing = |error: String, help: String| {
            group.reject(Diagnostic::error(error).at(group.key_location()).help(help))
        };
        let (arrivals, transfers) =
            (arrival.client_rows(), transfer.and_then(Transfer::client_rows));
        if let Some(count) = count {
            let traces = [(arrivals, "arrival"), (transfers, "transfer")];
            let wrong = traces.into_iter().find_map(|(rows, key)| {
                Some((rows.filter(|rows| rows.number < count as usize)?, key))
            });
            let Some((rows, key)) = wrong.filter(|_| self.traces.are_read()) else {
                return Some(Some(count));
            };
            let (most, only) = (
                rows.number,
                format!("{} {}", rows.number, singular_or_plural(rows.number as f64, "row")),
            );
            let column = match rows.column {
                "" => String::new(),
                name => format!("column {} of ", quoted(name)),
            };
            let file = quoted(rows.file);
            let error = format!("{what} has {count} clients, but {column}{file} has only {only}");
            let help =
                format!("row i is client i of the {key} trace: lower `count` to at most {most}");
            return group.get("count")?.refuse(error, help);
        }
        let of_transfers = transfers.map_or(usize::MAX, |rows| rows.number);
        if let Some(arrivals) = arrivals {
            let clients = arrivals.number;
            if of_transfers < clients {
                let only = singular_or_plural(of_transfers as f64, "transfer");
                let error =
                    format!("{what} has {clients} arrivals, but only {of_transfers} {only}");
                return missing(error, format!("add `count = {of_transfers}`"));
            }
            return Some(u32::try_from(clients).ok());
        }
        if !arrival.is_endless() {
            return missing(
                format!("`count` is missing in {what}"),
                "add `count = 5000`".to_owned(),
            );
        }
        if !self.is_horizon_given {
            let error =
                format!("{what} arrives until the horizon, but the scenario sets no `horizon`");
            let help = "add `horizon = \"7d\"` at the top, or `count = 5000` here";
            return missing(error, help.to_owned());
        }
        if let Some(rows) = transfers {
            let error =
                format!("{what} takes its transfers from the rows of a file, but has no `count`");
            return missing(error, format!("add `count = {}`", rows.number));
        }
        let expected = arrival.expected_clients(None, Time::ZERO + self.horizon?, self.trigger);
        if expected > f64::from(MAX_COUNT) {
            let error = format!("{what} would have about {expected:.0} clients by the horizon");
            let most = "at most 4,294,967,279 clients can be simulated";
            let lower = match arrival {
                Arrival::Rate(_) => "lower the rates or `horizon`",
                _ => "raise `mean_interval` or lower `horizon`",
            };
            return missing(error, format!("{most}: {lower}"));
        }
        Some(None)
    }
}

/// The interval at which the clients of `group` poll: `given`, or that of arrivals by polling.
fn poll_interval(group: Field<'_>, given: Option<Span>, arrival: &Arrival) -> Option<Span> {
    match (given, arrival) {
        (Some(given), Arrival::Poll { interval }) if given != *interval => {
            let error = format!(
                "`poll_interval` is {given}, but the clients arrive by polling every {interval}"
            );
            group.get("poll_interval")?.refuse(error, "leave `poll_interval` out")
        }
        (Some(given), _) => Some(given),
        (None, Arrival::Poll { interval }) => Some(*interval),
        (None, _) => Some(DEFAULT_POLL_INTERVAL),
    }
}

/// The releases of the group `field`, whose points are in `tiers`, if these are known: the only release
/// or the first of the mix; the mix, which is empty if there is only one release; and the upgrade.
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
        let error = "a group has either `release` or `release_mix`, not both";
        return field.get("release_mix")?.refuse(error, "leave one of them out");
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
    pub fn of(group: &ClientGroup, names: &KnownPoints<'_>) -> GroupKeys {
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
            distribution_points: Some(
                // The default of thousands of groups would be thousands of lists of all names.
                (!has_tiers && !names.are_default(&first.points)).then(|| names.of(&first.points)),
            ),
            tiers: Some(has_tiers.then(tiers)),
            choose: (!has_tiers).then_some(group.choose),
            arrival: Some(group.arrival.clone()),
            transfer: Some(group.transfer.clone()),
            connections: Some(group.connections),
            link: Some(group.link),
            patience: Some(group.patience.clone()),
            repeat: Some(group.repeat.clone()),
            timeout: Some(group.timeout),
            priority: Some(group.priority),
            addresses: Some(group.addresses),
            processes: Some(group.processes),
            budget: Some(group.restraints.budget.clone().map(Some)),
            breaker: Some(group.restraints.breaker.clone().map(Some)),
            throttle: Some(group.restraints.throttle.clone().map(Some)),
            poll_interval: Some(Some(group.poll_interval)),
            online: Some(hours.map(|hours| hours.online.clone())),
            zones: Some(hours.map(|hours| hours.zones.clone())),
            stagger: Some(hours.map(|hours| hours.stagger)),
            vanishes: Some(group.vanishes),
        }
    }
}
