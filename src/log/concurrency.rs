//! How many connections were open at the same time.

use serde::Serialize;

use super::observed::load::{BEGAN, ENDED, Load};
use super::stamp::Stamp;

/// Connections that were open at the same time.
#[derive(Clone, Debug, Serialize)]
pub struct Concurrency {
    /// On average over the whole time.
    pub mean: f64,
    /// The most of them. Connections that end at an instant are closed before others open.
    pub peak: u64,
    /// When they first were that many.
    pub peak_at: String,
    /// They are counted at the end of each such time, in ms: 1 for a log of some minutes, more for a
    /// longer one.
    pub resolution: u64,
    /// The share of requests whose length is not known, and which do not count.
    pub unknown_share: f64,
    /// How they compare with a limit, if one is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<AgainstLimit>,
}

/// Concurrency against a limit.
#[derive(Clone, Debug, Serialize)]
pub struct AgainstLimit {
    /// The limit.
    pub limit: u64,
    /// The share of the time in which at least as many connections were open.
    pub reached_share: f64,
    /// The mean over the limit.
    pub utilisation: f64,
}

impl Concurrency {
    /// The concurrency of `load`; `None` if the lengths of its requests are not known.
    pub fn of(load: &Load, limit: Option<u64>) -> Option<Concurrency> {
        let (from, until) = load.span?;
        if load.holding.count() == 0 {
            return None;
        }
        let bins = &load.open;
        let (mut open, mut peak, mut peak_at, mut reached) = (0_i64, 0_i64, bins.start(), 0_u64);
        for (place, counts) in bins.all().iter().enumerate() {
            open += i64::from(counts[BEGAN]) - i64::from(counts[ENDED]);
            if open > peak {
                (peak, peak_at) = (open, bins.start() + place as i64 * bins.width());
            }
            reached += u64::from(limit.is_some_and(|limit| open >= limit as i64));
        }
        // A request that takes no time was open all the same.
        let peak = peak.max(1) as u64;
        let mean = load.holding.sum() as f64 / (until - from).max(1) as f64;
        let served = load.requests - load.refused;
        let limit = limit.map(|limit| AgainstLimit {
            limit,
            reached_share: reached as f64 * bins.width() as f64 / ((until - from).max(1) as f64),
            utilisation: mean / limit.max(1) as f64,
        });
        Some(Concurrency {
            mean,
            peak,
            peak_at: Stamp { local: peak_at, ahead: Some(0) }.to_string(),
            resolution: bins.width() as u64,
            unknown_share: load.without_length as f64 / served.max(1) as f64,
            limit,
        })
    }

    /// The mean number of open connections in each `width` ms from `start` on, to `until`.
    pub fn over(load: &Load, start: i64, width: i64, until: i64) -> Option<Vec<f64>> {
        if load.holding.count() == 0 {
            return None;
        }
        let bins = &load.open;
        let number = ((until - start).max(0) / width + 1) as usize;
        let mut areas = vec![0.0; number];
        let mut open = 0_i64;
        for (place, counts) in bins.all().iter().enumerate() {
            open += i64::from(counts[BEGAN]) - i64::from(counts[ENDED]);
            let at = bins.start() + place as i64 * bins.width();
            // A bin that is wider than a moment counts for all moments that it is in.
            let first = ((at - start).max(0) / width) as usize;
            let last = ((at + bins.width() - 1 - start).max(0) / width) as usize;
            let share = open as f64 * bins.width() as f64 / (last - first + 1) as f64;
            for area in areas.iter_mut().skip(first).take(last - first + 1) {
                *area += share;
            }
        }
        Some(areas.into_iter().map(|area| area / width as f64).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::observed::load::Request;

    fn load(requests: &[(i64, i64)]) -> Load {
        let mut load = Load::default();
        for (start, length) in requests {
            load.request(&Request { start: *start, length: Some(*length), ..Request::default() });
        }
        load
    }

    #[test]
    fn what_ends_at_an_instant_is_closed_before_what_begins() {
        let load = load(&[(0, 1000), (1000, 1000), (1500, 1000), (1999, 1)]);
        let concurrency = Concurrency::of(&load, Some(2)).expect("lengths are known");
        assert_eq!((concurrency.peak, concurrency.resolution), (3, 1));
        assert_eq!(concurrency.mean, 3001.0 / 2500.0);
        let limit = concurrency.limit.expect("a limit is given");
        assert_eq!(limit.reached_share, 500.0 / 2500.0);
    }

    #[test]
    fn the_mean_over_time_has_the_same_area() {
        let load = load(&[(0, 60_000), (30_000, 90_000)]);
        let over = Concurrency::over(&load, 0, 60_000, 120_000).expect("lengths are known");
        assert_eq!(over, [1.5, 1.0, 0.0]);
    }
}
