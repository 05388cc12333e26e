//! What a shared bandwidth has to do with a limit that is in full use.
//!
//! Where transfers share a bandwidth, a higher limit lets more clients in, but each is served slower.
//! It helps only as long as the throughput grows with the connections.

use serde_json::Value;

use super::super::what_if::ALIKE;
use super::{About, Change, Draft, FULL, REFUSED};
use crate::human::{count, percent};
use crate::model::{Bandwidth, Rate};
use crate::scenario::to_toml_key;

/// A distribution point whose transfers share its bandwidth, as far as the limit matters.
struct Shared {
    limit: u32,
    bandwidth: Bandwidth,
    /// What one connection can take; `None` if that is without a limit.
    each: Option<f64>,
}

impl Shared {
    /// The point of a scenario; `None` if some of the transfers are not of a size, and so do not share.
    fn of(about: &About<'_>, point: &Value) -> Option<Shared> {
        let sizes = about.groups().all(|(_, group)| group["transfer"]["kind"] == "size");
        let limit = u32::try_from(point["connection_limit"].as_u64()?).ok()?;
        let rate = point["bandwidth"].as_str().filter(|_| sizes)?.parse::<Rate>().ok()?;
        let entry = |entry: &Value| {
            let connections = u32::try_from(entry.get(0)?.as_u64()?).ok()?;
            Some((connections, entry.get(1)?.as_f64()?))
        };
        let table = point["efficiency"].as_array().into_iter().flatten();
        let efficiency = table.map(entry).collect::<Option<Vec<_>>>()?;
        let each = |(_, group): (_, &Value)| {
            let link = group["link"].as_str()?.parse::<Rate>().ok()?.as_bits() as f64;
            Some(link / group["connections"].as_f64().unwrap_or(1.0))
        };
        // With clients of several kinds, the slowest: what is said then holds for all of them.
        let links: Vec<f64> = about.groups().filter_map(each).collect();
        let each = links.into_iter().reduce(f64::min);
        Some(Shared { limit, bandwidth: Bandwidth { rate, efficiency }, each })
    }

    /// What all transfers together have with so many connections, in bits a second.
    fn throughput(&self, connections: u32) -> f64 {
        let Bandwidth { rate, .. } = self.bandwidth;
        let share = self.bandwidth.grains_per_milli(connections) as f64;
        let shared = rate.as_bits() as f64 * (share / rate.grains_per_milli() as f64);
        self.each.map_or(shared, |each| shared.min(each * f64::from(connections)))
    }

    /// The connections of the table of efficiencies, below the limit, with the highest throughput, if
    /// that is more than with the limit.
    fn knee(&self) -> Option<u32> {
        let entries = self.bandwidth.efficiency.iter().map(|(connections, _)| *connections);
        let lower = entries.filter(|connections| *connections < self.limit);
        let best = lower.reduce(|best, next| {
            if self.throughput(next) > self.throughput(best) { next } else { best }
        })?;
        (self.throughput(best) > self.throughput(self.limit) * (1.0 + ALIKE)).then_some(best)
    }

    /// Whether twice the connections would have no more throughput.
    fn is_full(&self) -> bool {
        let twice = self.throughput(self.limit.saturating_mul(2));
        twice <= self.throughput(self.limit) * (1.0 + ALIKE)
    }
}

/// The point that is most in use, if it is in full use, and how much.
fn busiest<'a>(about: &'a About<'_>) -> Option<(&'a str, f64, Shared)> {
    let (point, used) = about.highest("utilisation").filter(|(_, used)| *used > FULL)?;
    let shared = Shared::of(about, &about.key("distribution_points")[point])?;
    Some((point, used, shared))
}

/// Whether it is something else than the limit that holds clients up at the point that is most in use.
pub fn binds_instead(about: &About<'_>) -> bool {
    busiest(about).is_some_and(|(.., shared)| shared.knee().is_some() || shared.is_full())
}

/// A limit beyond which the server gets slower.
pub fn thrashes(about: &About<'_>) -> Option<Draft> {
    let (point, used, shared) = busiest(about)?;
    let knee = shared.knee()?;
    let share =
        |connections| shared.throughput(connections) / shared.bandwidth.rate.as_bits() as f64;
    let (left, best) = (share(shared.limit), share(knee));
    let text = format!(
        "{point} thrashes: with {} connections open it gives {} of its bandwidth, with {} it gives {}.",
        count(f64::from(shared.limit)),
        percent(left),
        count(f64::from(knee)),
        percent(best),
    );
    let assignment = format!("distribution_points.{}.connection_limit={knee}", to_toml_key(point));
    let says = format!("With a limit of {}", count(f64::from(knee)));
    let change = Change::new(says, vec![assignment], about.through());
    let draft = about.draft("thrashes", text, &[("utilisation", used)]);
    Some(draft.severity(best / left).suggest(change))
}

/// A bandwidth that is used up, so that more connections would only be slower ones.
pub fn bandwidth_binds(about: &About<'_>) -> Option<Draft> {
    let (point, used, shared) = busiest(about)?;
    if about.refused() < REFUSED || shared.knee().is_some() || !shared.is_full() {
        return None;
    }
    let twice = shared.throughput(shared.limit.saturating_mul(2));
    let more = match twice < shared.throughput(shared.limit) / (1.0 + ALIKE) {
        true => "with more connections it gives less".to_owned(),
        false => format!("more connections would share the same {}", shared.bandwidth.rate),
    };
    let text = format!(
        "the bandwidth is the bottleneck, not the limit: {point} was {} in use, and {more}.",
        percent(used),
    );
    let points = about.key("distribution_points").as_object().into_iter().flatten();
    let assignments =
        points.filter(|(name, _)| about.used(name) > FULL).filter_map(|(name, point)| {
            let rate = point["bandwidth"].as_str()?.parse::<Rate>().ok()?;
            let twice = Rate::from_bits(rate.as_bits().checked_mul(2)?);
            let name = to_toml_key(name);
            (twice <= Rate::MAX)
                .then(|| format!("distribution_points.{name}.bandwidth=\"{twice}\""))
        });
    let change = Change::new("With twice the bandwidth", assignments.collect(), about.through());
    let evidence = [("utilisation", used), ("refused.ratio", about.metric("refused.ratio"))];
    Some(about.draft("bandwidth_binds", text, &evidence).severity(used).suggest(change))
}

#[cfg(test)]
mod tests {
    use super::super::tests::kinds_of;

    const BURST: &str = "
        name = 'A burst over a line'
        [distribution_points.DP01]
        connection_limit = 50
        bandwidth = '100 MB/s'
        [clients.office]
        count = 500
        arrival = { kind = 'burst' }
        transfer = { kind = 'size', bytes = '20 MB' }
        retry = { policy = 'fixed', interval = '5s', jitter = '50%' }
    ";

    fn kinds(changes: &[&str]) -> Vec<String> {
        kinds_of(BURST, changes)
    }

    #[test]
    fn where_connections_share_a_bandwidth_the_limit_is_not_blamed() {
        assert_eq!(kinds(&[]), ["bandwidth_binds"]);
        // 50 connections of 1 MB/s do not fill it, nor would 100.
        assert_eq!(kinds(&["clients.office.link='1 MB/s'"]), ["limit_binds"]);
        // The time that a program runs is not shared.
        let runs = "clients.office.transfer={kind='constant', duration='10s'}";
        assert_eq!(kinds(&[runs]), ["limit_binds"]);
    }

    #[test]
    fn a_server_thrashes_only_above_its_knee() {
        let knee =
            "distribution_points.DP01.efficiency=[[1, 0.2], [20, 1.0], [50, 0.5], [100, 0.4]]";
        assert_eq!(kinds(&[knee]), ["thrashes"]);
        let at = "distribution_points.DP01.connection_limit=20";
        assert_eq!(kinds(&[knee, at]), ["bandwidth_binds"]);
        let below = "distribution_points.DP01.connection_limit=5";
        assert_eq!(kinds(&[knee, below]), ["limit_binds"]);
        // Clients so slow that 50 of them do not fill what is left of it.
        assert_eq!(kinds(&[knee, "clients.office.link='100 kB/s'"]), ["limit_binds"]);
    }
}
