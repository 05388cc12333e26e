//! Whether a shared bandwidth, and not the limit, is the bottleneck of a distribution point in full use.
//!
//! Where transfers share a bandwidth, a higher limit lets more clients in, but each is served slower.
//! It helps only as long as the throughput grows with the connections.

use super::diagnosis::Diagnosis;
use super::observation::{FULL, Observation, REFUSED};
use super::suggestion::{ALIKE, Suggestion};
use crate::human::{count, counted, percent};
use crate::model::{Bandwidth, DistributionPoint, Rate};
use crate::stats::metric;

/// A distribution point whose transfers share its bandwidth, as far as the limit matters.
struct Shared<'a> {
    point: &'a DistributionPoint,
    bandwidth: &'a Bandwidth,
    /// The highest rate of one connection, in bits per second; `None` if its link has no limit.
    each: Option<f64>,
}

impl<'a> Shared<'a> {
    /// The point that is most in use, if it is in full use, with its use; `None` if some of the
    /// transfers have a duration instead of a size, and so do not share the bandwidth.
    fn busiest(observed: &Observation<'a>) -> Option<(Shared<'a>, f64)> {
        let (name, used) =
            observed.highest(metric::UTILISATION).filter(|(_, used)| *used > FULL)?;
        let point = observed.point(name)?;
        let groups = observed.groups().iter();
        let sizes = groups.clone().all(|group| group.transfer.is_of_size());
        let bandwidth = point.bandwidth.as_ref().filter(|_| sizes)?;
        // With clients of several kinds the slowest link decides: then the finding holds for all of them.
        let each = groups
            .filter_map(|group| Some(group.link?.as_bits() as f64 / f64::from(group.connections)))
            .reduce(f64::min);
        Some((Shared { point, bandwidth, each }, used))
    }

    fn limit(&self) -> u32 {
        self.point.connection_limit
    }

    /// The throughput of all transfers together with that number of connections, in bits per second.
    fn throughput(&self, connections: u32) -> f64 {
        let rate = self.bandwidth.rate;
        let share = self.bandwidth.grains_per_milli(connections) as f64;
        let shared = rate.as_bits() as f64 * (share / rate.grains_per_milli() as f64);
        self.each.map_or(shared, |each| shared.min(each * f64::from(connections)))
    }

    /// The number of connections in the table of efficiencies, below the limit, with the highest
    /// throughput; `None` if the throughput at the limit is as high.
    fn knee(&self) -> Option<u32> {
        let entries = self.bandwidth.efficiency.iter().map(|(connections, _)| *connections);
        let lower = entries.filter(|connections| *connections < self.limit());
        let best = lower.reduce(|best, next| {
            if self.throughput(next) > self.throughput(best) { next } else { best }
        })?;
        let more = self.throughput(self.limit()) * (1.0 + ALIKE);
        (self.throughput(best) > more).then_some(best)
    }

    fn throughput_of_twice(&self) -> f64 {
        self.throughput(self.limit().saturating_mul(2))
    }

    /// Whether twice the number of connections would not raise the throughput.
    fn is_full(&self) -> bool {
        self.throughput_of_twice() <= self.throughput(self.limit()) * (1.0 + ALIKE)
    }
}

/// Whether the bandwidth, and not the limit, holds clients up at the busiest point.
pub fn binds_instead(observed: &Observation<'_>) -> bool {
    let busiest = Shared::busiest(observed);
    busiest.is_some_and(|(shared, _)| shared.knee().is_some() || shared.is_full())
}

/// A limit that lets in more connections than the server serves efficiently.
pub fn thrashes(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (shared, used) = Shared::busiest(observed)?;
    let knee = shared.knee()?;
    let share =
        |connections| shared.throughput(connections) / shared.bandwidth.rate.as_bits() as f64;
    let (left, best) = (share(shared.limit()), share(knee));
    let name = &shared.point.name;
    let lower = observed.edit(|scenario| {
        let points = scenario.distribution_points.iter_mut();
        points.filter(|point| point.name == *name).for_each(|point| point.connection_limit = knee);
    });
    let opening = format!("With a limit of {}", count(f64::from(knee)));
    Some(Diagnosis {
        cause: format!(
            "{name} thrashes: with {} open it delivers {} of its bandwidth, with {} it \
             delivers {}.",
            counted(f64::from(shared.limit()), "connection"),
            percent(left),
            count(f64::from(knee)),
            percent(best),
        ),
        evidence: vec![(metric::UTILISATION, used)],
        severity: best / left,
        suggestion: Suggestion::new(opening, lower, observed.progress()),
    })
}

/// A bandwidth that is in full use: more connections would only be slower.
pub fn bandwidth_binds(observed: &Observation<'_>) -> Option<Diagnosis> {
    let (shared, used) = Shared::busiest(observed)?;
    if observed.refused_share() < REFUSED || shared.knee().is_some() || !shared.is_full() {
        return None;
    }
    let delivers_less =
        shared.throughput_of_twice() < shared.throughput(shared.limit()) / (1.0 + ALIKE);
    let more = match delivers_less {
        true => "with more connections it delivers less".to_owned(),
        false => format!("more connections would share the same {}", shared.bandwidth.rate),
    };
    let twice = observed.edit_full_points(|point| {
        if let Some(bandwidth) = &mut point.bandwidth {
            bandwidth.rate = twice(bandwidth.rate);
        }
    });
    Some(Diagnosis {
        cause: format!(
            "the bandwidth is the bottleneck, not the limit: {} was {} in use, and {more}.",
            shared.point.name,
            percent(used),
        ),
        evidence: vec![
            (metric::UTILISATION, used),
            (metric::REFUSED_RATIO, observed.metric(metric::REFUSED_RATIO)),
        ],
        severity: used,
        suggestion: Suggestion::new("With twice the bandwidth", twice, observed.progress()),
    })
}

/// Twice `rate` if a scenario may have that; else `rate` itself, which is no change.
fn twice(rate: Rate) -> Rate {
    let twice = rate.as_bits().checked_mul(2).map(Rate::from_bits);
    twice.filter(|twice| *twice <= Rate::MAX).unwrap_or(rate)
}

#[cfg(test)]
mod tests {
    use crate::study::findings::tests::kinds_of;

    const BURST: &str = "
        name = 'A burst over a link'
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
    fn a_full_bandwidth_is_the_finding_instead_of_the_limit() {
        assert_eq!(kinds(&[]), ["bandwidth_binds"]);
        // 50 connections of 1 MB/s do not fill the bandwidth, nor would 100.
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
        // The links are so slow that 50 connections do not fill the bandwidth that is left.
        assert_eq!(kinds(&[knee, "clients.office.link='100 kB/s'"]), ["limit_binds"]);
    }
}
