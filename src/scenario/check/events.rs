//! About how many events a run has: what takes its time.
//!
//! The estimate takes points for fluid: clients wait for half the time in which all work of their points is
//! done, and retry meanwhile; changes of points are counted up to the horizon. Refused retries that the event
//! engine skips are no events. It is meant to distinguish seconds from days.

use std::sync::Arc;

use super::super::definition::Scenario;
use super::counters::{down_time, outage_time};
use crate::engine::event_engine::{in_common, skippable_retries};
use crate::model::{
    ClientGroup, DistributionPoint, PointId, Release, RetryAfter, Span, Streams, Time, Transfer,
    Window,
};

/// Draws that give the mean of sizes.
const DRAWS: u32 = 32;

/// The events of a client that is never refused: it arrives, connects and is done.
const EVENTS_PER_CLIENT: f64 = 3.0;

/// What groups have in common that may use the same points.
struct Points<'s> {
    list: &'s Arc<[PointId]>,
    /// The time in ms for which the busiest of them has work.
    busy: f64,
    /// The longest time in ms that the outages of one of them last.
    outages: f64,
    /// The greatest share of time for which one of them is down because it fails.
    failing: f64,
    /// The intervals at which refused retries are skipped.
    skipped: Vec<Span>,
}

impl Scenario {
    /// About how many events a run has that skips refused retries, as the event engine does.
    pub fn expected_events(&self) -> f64 {
        self.events(true)
    }

    /// About how many events a run has in which each attempt is simulated.
    pub fn expected_events_of_each_attempt(&self) -> f64 {
        self.events(false)
    }

    fn events(&self, skipping: bool) -> f64 {
        let (horizon, points) = (self.horizon, &self.distribution_points);
        let changes = points.iter().map(|point| {
            let copies = f64::from(point.copies) * f64::from(self.copies_of(point.site));
            copies * expected_changes(point, horizon)
        });
        let changes: f64 = changes.sum();
        let work = self.work_by_point();
        let skippable = match skipping {
            true => skippable_retries(points, &self.clients, Time::ZERO + horizon),
            false => Vec::new(),
        };
        let most = |list: &[PointId], of: &dyn Fn(usize) -> Option<f64>| {
            list.iter().filter_map(|id| of(id.index())).fold(0.0, f64::max)
        };
        let mut events = changes;
        let mut last: Option<Points<'_>> = None;
        for group in &self.clients {
            let list = &group.distribution_points;
            if last.as_ref().is_none_or(|last| !Arc::ptr_eq(last.list, list)) {
                last = Some(Points {
                    list,
                    busy: most(list, &|place| work.get(place).copied()),
                    outages: most(list, &|place| {
                        Some(outage_time(points.get(place)?, horizon).as_millis_f64())
                    }),
                    failing: most(list, &|place| points.get(place).map(failing)),
                    skipped: in_common(&skippable, list),
                });
            }
            let Some(shared) = &last else { continue };
            events += self.events_of(group, shared) * f64::from(self.copies_of(group.site));
        }
        events
    }

    /// For each point the time in ms that its connections take to do all work of its clients.
    fn work_by_point(&self) -> Vec<f64> {
        let points = &self.distribution_points;
        // Groups that may use all points share one list, which may be long.
        let mut lists: Vec<(&Arc<[PointId]>, f64, f64)> = Vec::new();
        for group in &self.clients {
            let list = &group.distribution_points;
            let first = list.first().and_then(|id| points.get(id.index()));
            let Some(first) = first else { continue };
            let each = f64::from(group.connections) * hold(group, first);
            // At a point outside the site all its copies meet.
            let copies = if first.site == group.site { 1 } else { self.copies_of(group.site) };
            let work = self.clients_of(group) * f64::from(copies) * each;
            match lists.last_mut() {
                Some((last, _, sum)) if Arc::ptr_eq(last, list) => *sum += work,
                _ => {
                    let limits = list.iter().filter_map(|id| points.get(id.index()));
                    let limit = limits
                        .map(|point| f64::from(point.copies) * f64::from(point.connection_limit));
                    let limit = limit.sum();
                    lists.push((list, limit, work));
                }
            }
        }
        let mut time = vec![0.0; points.len()];
        for (list, limit, work) in lists {
            for id in list.iter() {
                if let Some(time) = time.get_mut(id.index()) {
                    *time += work / limit.max(1.0);
                }
            }
        }
        time
    }

    fn clients_of(&self, group: &ClientGroup) -> f64 {
        group.expected_arrivals(Time::ZERO + self.horizon)
    }

    /// The events of a group that may use `points`.
    fn events_of(&self, group: &ClientGroup, points: &Points<'_>) -> f64 {
        let clients = self.clients_of(group);
        let horizon = self.horizon.as_millis_f64();
        let busy = points.busy;
        let wait = ((busy - group.arrival.span_millis(clients)).max(0.0) / 2.0).min(horizon);
        let releases = group.release_mix.iter().map(|share| &share.release).chain([&group.release]);
        let attempts = releases.map(|release| {
            let all = self.retries(group, release, wait);
            let simulated = self.simulated_retries(group, release, points, wait);
            simulated.map_or(all, |simulated| simulated.min(all)) + self.spins(group, release)
        });
        let attempts = attempts.fold(0.0, f64::max);
        let vanishes = group.vanishes.map_or(0.0, |vanish| {
            2.0 * (wait + busy).min(horizon) / (vanish.every + vanish.away).as_millis_f64()
        });
        clients * (EVENTS_PER_CLIENT + attempts + vanishes)
    }

    /// How many retries of a client that waits for `wait` ms are simulated although they are refused: those
    /// before its delay is constant, those while its point is down, and those before its release changes.
    /// `None`: all of them, for something other than a free connection may change what it does at one.
    fn simulated_retries(
        &self,
        group: &ClientGroup,
        release: &Release,
        points: &Points<'_>,
        wait: f64,
    ) -> Option<f64> {
        let may_change =
            group.hours.is_some() || (self.workaround.is_some() && group.may_strand(release));
        let (from, interval) = release.retry.constant_from()?;
        if may_change || !points.skipped.contains(&interval) {
            return None;
        }
        let upgraded = group.upgrade.as_ref();
        let upgraded =
            upgraded.map_or(0.0, |upgrade| (upgrade.from + upgrade.over).as_millis_f64());
        let down = points.outages + points.failing * wait;
        let one_by_one = down.max(upgraded).min(wait);
        Some(f64::from(from) + one_by_one / interval.as_millis_f64())
    }

    /// How often a client retries that waits for `wait` ms.
    fn retries(&self, group: &ClientGroup, release: &Release, wait: f64) -> f64 {
        let points =
            || group.all_points().filter_map(|id| self.distribution_points.get(id.index()));
        // Only a policy that follows the server needs its hints.
        let follows = release.retry.follows_retry_after();
        let asked = follows.then(points).into_iter().flatten();
        let hint = asked.filter_map(|point| point.retry_after).map(|hint| match hint {
            RetryAfter::Fixed(span) => span,
            RetryAfter::Estimated => Span::from_secs(1),
        });
        let patience = release.retry.give_up_after.map_or(f64::INFINITY, Span::as_millis_f64);
        let wait = Span::from_millis(wait.min(patience) as u64);
        let mut retries = release.retry.expected_retries(wait, hint.min());
        if let Some(most) = release.retry.max_retries {
            retries = retries.min(f64::from(most));
        }
        retries
    }

    /// How often a client spins while its points are down.
    fn spins(&self, group: &ClientGroup, release: &Release) -> f64 {
        let points = group.all_points().filter_map(|id| self.distribution_points.get(id.index()));
        release.spin.map_or(0.0, |spin| {
            let down = points.map(|point| down_time(point, self.horizon)).max();
            down.unwrap_or(Span::ZERO).as_millis_f64() / spin.as_millis_f64()
        })
    }
}

/// The mean time in ms for which a client of `group` holds its connections to `point`.
fn hold(group: &ClientGroup, point: &DistributionPoint) -> f64 {
    if !matches!(group.transfer, Transfer::Size { .. }) {
        return group.transfer.mean_millis();
    }
    let streams = Streams::new(1, 0, &group.name);
    let draws = group.transfer.size_trace().map_or(DRAWS, |trace| {
        u32::try_from(trace.rows.len()).map_or(DRAWS, |rows| rows.clamp(1, DRAWS))
    });
    let Transfer::Size { bytes } = &group.transfer else { return 0.0 };
    let sum: f64 = (0..draws).map(|client| bytes.size(client, &streams).as_bytes() as f64).sum();
    let bits = 8.0 * sum / f64::from(draws);
    let share = point.bandwidth.as_ref().map(|bandwidth| {
        bandwidth.rate.as_bits() as f64 / f64::from(point.connection_limit.max(1))
    });
    let link = group.link.map(|link| link.as_bits() as f64);
    let rate = share.into_iter().chain(link).reduce(f64::min).unwrap_or(f64::INFINITY);
    1000.0 * bits / rate.max(1.0)
}

/// How often a point changes its state until `horizon`.
fn expected_changes(point: &DistributionPoint, horizon: Span) -> f64 {
    let windows =
        point.outages.iter().chain(point.limit_changes.iter().map(|change| &change.window));
    let windows: f64 = windows.map(|window| 2.0 * repeats(window, horizon)).sum();
    let failures = point.failures.map_or(0.0, |failures| {
        2.0 * horizon.as_millis_f64() / (failures.mtbf + failures.mttr).as_millis_f64()
    });
    windows + failures
}

/// The share of time for which a point is down because it fails.
fn failing(point: &DistributionPoint) -> f64 {
    point.failures.map_or(0.0, |failures| {
        failures.mttr.as_millis_f64() / (failures.mtbf + failures.mttr).as_millis_f64()
    })
}

/// How often a window begins until `horizon`.
fn repeats(window: &Window, horizon: Span) -> f64 {
    let left = horizon.as_millis_f64() - window.from.as_millis_f64();
    match window.every {
        _ if left < 0.0 => 0.0,
        None => 1.0,
        Some(every) => 1.0 + left / every.as_millis_f64(),
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::{Origin, load};
    use crate::study::{self, Options};

    const TEXT: &str = "
        name = 'x'
        [distribution_points.A]
        connection_limit = 10
        [clients.g]
        count = 1000
        arrival = { kind = 'burst' }
        transfer = { kind = 'constant', duration = '2m' }
        retry = { policy = 'fixed', interval = '1m', jitter = '50%' }
    ";

    fn expected(changes: &[&str]) -> f64 {
        let changes: Vec<String> = changes.iter().map(|&change| change.to_owned()).collect();
        let loaded = load(Origin::Text { name: "test", text: TEXT }, &changes).expect("right");
        loaded.base.expected_events()
    }

    #[test]
    fn outages_and_limit_changes_count() {
        let few = expected(&[]);
        for (change, edges) in [
            ("outages=[{from='0s', for='1ms', every='2ms'}]", 86_400_000.0),
            ("limit_changes=[{from='0s', for='1s', every='2s', connection_limit=5}]", 86_400.0),
            ("failures={mtbf='500ms', mttr='500ms'}", 172_800.0),
        ] {
            let change = format!("distribution_points.A.{change}");
            let more = expected(&["horizon='1d'", &change]) - few;
            assert!((more / edges - 1.0).abs() < 0.01, "{change}: {more}");
        }
    }

    fn assert_order_of_magnitude(changes: &[&str]) {
        let set: Vec<String> = changes.iter().map(|&change| change.to_owned()).collect();
        let loaded = load(Origin::Text { name: "test", text: TEXT }, &set).expect("right");
        let run = study::simulate(&loaded.base, 0, &Options::default()).expect("it runs");
        let ratio = expected(changes) / (run.events() - run.skipped) as f64;
        assert!((0.2..5.0).contains(&ratio), "{changes:?}: {ratio}");
        let ratio = loaded.base.expected_events_of_each_attempt() / run.events() as f64;
        assert!((0.2..5.0).contains(&ratio), "{changes:?}, each attempt simulated: {ratio}");
    }

    #[test]
    fn the_estimate_has_the_order_of_magnitude_of_a_run() {
        for changes in
            [&[][..], &["clients.g.count=100"], &["distribution_points.A.connection_limit=500"]]
        {
            assert_order_of_magnitude(changes);
        }
    }

    #[test]
    fn retries_that_are_skipped_are_no_events() {
        let often = "clients.g.retry={ policy = 'fixed', interval = '10s' }";
        let slowly = "clients.g.retry={ policy = 'linear', step = '1s', cap = '10s' }";
        let outage = "distribution_points.A.outages=[{ from = '30m', for = '1h' }]";
        let failures = "distribution_points.A.failures={ mtbf = '8m', mttr = '1m' }";
        let misreports = "clients.g.misreport_probability=0.0001";
        for changes in [
            &[often][..],
            &[slowly],
            &[often, outage],
            &[often, failures],
            &[often, "clients.g.release='sms-2.0-sp2'", misreports],
            // All of these are simulated.
            &[often, "clients.g.retry.jitter='50%'"],
            &[often, "distribution_points.A.queue=1"],
            &[often, "distribution_points.A.retry_after='1s'"],
            &[often, "clients.g.online='Mon-Sun 01:00-23:00'", "starts='Mon 01:00'"],
        ] {
            assert_order_of_magnitude(changes);
        }
        let seldom = "clients.g.retry={ policy = 'fixed', interval = '10m' }";
        assert_eq!(expected(&[often]), expected(&[seldom]), "the interval costs nothing");
    }
}
