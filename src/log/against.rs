//! Simulated beside observed: the same figures of a scenario and of the logs.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

use serde::Serialize;

use super::concurrency::Concurrency;
use super::observed::lengths::Lengths;
use super::observed::load::{ARRIVED, Load, REFUSED, Request};
use super::read::Observed;
use super::spread::Spread;
use crate::engine::event_engine;
use crate::model::{ClientId, Event, EventKind, Observer, Time};
use crate::scenario::Scenario;

/// A scenario beside what logs show.
#[derive(Clone, Debug, Serialize)]
pub struct Against {
    /// The name of the scenario.
    pub scenario: String,
    /// What the logs show.
    pub observed: Side,
    /// What the scenario gives in its first run, whose first attempt is at the instant of the first observed one.
    pub simulated: Side,
    /// How far the two agree over time, from 0 to 1: the area below both curves over the area below the
    /// higher one.
    pub fit: Fit,
    /// Both over time.
    pub course: Vec<Pair>,
}

/// Figures of one of them.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    /// Attempts.
    pub attempts: u64,
    /// Those that were refused.
    pub refused: u64,
    /// Their share.
    pub refused_share: f64,
    /// Connections that were open at the same time.
    pub concurrency: Option<Concurrency>,
    /// How long connections were held.
    pub holding: Option<Spread>,
    /// How long it took from the first attempt of a client until it was done; of logs of clients only.
    pub completion: Option<Spread>,
}

/// How far observed and simulated agree.
#[derive(Clone, Debug, Serialize)]
pub struct Fit {
    /// Of open connections.
    pub concurrency: Option<f64>,
    /// Of attempts.
    pub attempts: f64,
    /// Of refusals; nothing where there are none.
    pub refusals: Option<f64>,
}

/// Observed and simulated figures of a part of the time.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Pair {
    /// When it began, in ms since the first observed attempt; the first part begins before that.
    pub at: f64,
    /// Connections that were open on average: observed and simulated.
    pub open: [Option<f64>; 2],
    /// Attempts.
    pub attempts: [u64; 2],
    /// Refusals.
    pub refused: [u64; 2],
}

/// The most parts of the time.
const MOST: i64 = 240;

impl Against {
    /// Simulates the first run of `scenario` and sets it beside `observed`. `None` if nothing with an instant was
    /// observed.
    pub fn of(scenario: &Scenario, observed: &Observed, stop: &AtomicBool) -> Option<Against> {
        let is_of_server = observed.load.requests > 0;
        let load = if is_of_server { &observed.load } else { &observed.attempts };
        let (from, _) = load.span?;
        let replication = scenario.replication(0);
        let server = event_engine::run(&replication, Simulated::from(from), stop);
        let course = course(load, &server.load, from);
        let open = |side: usize| move |pair: &Pair| pair.open[side].unwrap_or(0.0);
        let has_open = load.holding.count() > 0 && server.load.holding.count() > 0;
        let has_refusals = load.refused > 0 || server.load.refused > 0;
        let fit = Fit {
            concurrency: has_open.then(|| overlap(&course, open(0), open(1))),
            attempts: overlap(&course, |p| p.attempts[0] as f64, |p| p.attempts[1] as f64),
            refusals: has_refusals
                .then(|| overlap(&course, |p| p.refused[0] as f64, |p| p.refused[1] as f64)),
        };
        let journeys = Some(&observed.journeys).filter(|_| !is_of_server);
        Some(Against {
            scenario: scenario.name.clone(),
            observed: Side::of(load, journeys),
            simulated: Side::of(&server.load, journeys.map(|_| &server.journeys)),
            fit,
            course,
        })
    }
}

impl Side {
    fn of(load: &Load, journeys: Option<&Lengths>) -> Side {
        Side {
            attempts: load.requests,
            refused: load.refused,
            refused_share: load.refused as f64 / load.requests.max(1) as f64,
            concurrency: Concurrency::of(load, None),
            holding: Spread::of(&load.holding),
            completion: journeys.and_then(Spread::of),
        }
    }
}

/// The share of the higher of two curves that both reach; 1 if both are zero.
fn overlap(course: &[Pair], one: impl Fn(&Pair) -> f64, other: impl Fn(&Pair) -> f64) -> f64 {
    let sum = |of: fn(f64, f64) -> f64| -> f64 {
        course.iter().map(|pair| of(one(pair), other(pair))).sum()
    };
    let most = sum(f64::max);
    if most > 0.0 { sum(f64::min) / most } else { 1.0 }
}

/// Both loads in parts of equal length from the instant `from` on.
fn course(observed: &Load, simulated: &Load, from: i64) -> Vec<Pair> {
    let both = [observed, simulated];
    let until = both.iter().filter_map(|load| Some(load.span?.1)).max().unwrap_or(from);
    let bin = both.map(|load| load.minutes.width()).into_iter().max().unwrap_or(60_000);
    let start = from.div_euclid(bin) * bin;
    let bins = (until - start) / bin + 1;
    let width = bin * (bins / MOST + 1);
    let number = ((until - start) / width + 1) as usize;
    let open = both.map(|load| Concurrency::over(load, start, width, until));
    let empty = Pair { at: 0.0, open: [None; 2], attempts: [0; 2], refused: [0; 2] };
    let mut course = vec![empty; number];
    for (place, pair) in course.iter_mut().enumerate() {
        pair.at = (start - from + place as i64 * width) as f64;
        let at = |side: usize| {
            let open = open[side].as_ref();
            open.map(|open| open.get(place).copied().unwrap_or(0.0))
        };
        pair.open = [at(0), at(1)];
    }
    for (side, load) in both.into_iter().enumerate() {
        for (place, counts) in load.minutes.all().iter().enumerate() {
            let at = load.minutes.start() + place as i64 * load.minutes.width();
            let last = number - 1;
            let part = usize::try_from((at - start) / width).unwrap_or(0).min(last);
            course[part].attempts[side] += u64::from(counts[ARRIVED]);
            course[part].refused[side] += u64::from(counts[REFUSED]);
        }
    }
    course
}

/// Observes a simulation as a server's log would.
struct Simulated {
    load: Load,
    journeys: Lengths,
    /// When the first observed attempt was made, in ms since 1970.
    from: i64,
    /// When the first simulated attempt was made, which stands for it.
    first: Option<Time>,
    connected: HashMap<ClientId, Time>,
    /// When clients made their first attempt.
    began: HashMap<ClientId, Time>,
}

impl Simulated {
    fn from(from: i64) -> Simulated {
        let (connected, began) = (HashMap::new(), HashMap::new());
        Simulated {
            load: Load::default(),
            journeys: Lengths::default(),
            from,
            first: None,
            connected,
            began,
        }
    }

    fn at(&self, time: Time) -> i64 {
        let first = self.first.map_or(0, Time::as_millis);
        self.from + time.as_millis() as i64 - first as i64
    }
}

impl Observer for Simulated {
    fn observe(&mut self, event: &Event) {
        if let EventKind::Connected { .. } | EventKind::Refused { .. } = event.kind {
            self.first.get_or_insert(event.at);
        }
        match event.kind {
            EventKind::Connected { .. } => {
                self.connected.insert(event.client, event.at);
                self.began.entry(event.client).or_insert(event.at);
            }
            EventKind::Disconnected { .. } | EventKind::Cut { .. } | EventKind::TimedOut { .. } => {
                let Some(start) = self.connected.remove(&event.client) else { return };
                let took = (event.at.as_millis() - start.as_millis()) as i64;
                let start = self.at(start);
                self.load.request(&Request { start, length: Some(took), ..Request::default() });
                if let EventKind::Disconnected { .. } = event.kind
                    && let Some(began) = self.began.remove(&event.client)
                {
                    self.journeys.add((event.at.as_millis() - began.as_millis()) as i64);
                }
            }
            EventKind::Refused { .. } => {
                self.began.entry(event.client).or_insert(event.at);
                let start = self.at(event.at);
                self.load.request(&Request { start, is_refused: true, ..Request::default() });
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_that_are_equal_overlap_and_those_apart_do_not() {
        let pair = |attempts| Pair { at: 0.0, open: [None; 2], attempts, refused: [0; 2] };
        let fit = |course: &[Pair]| {
            overlap(course, |pair| pair.attempts[0] as f64, |pair| pair.attempts[1] as f64)
        };
        assert_eq!(fit(&[pair([4, 4]), pair([1, 1])]), 1.0);
        assert_eq!(fit(&[pair([4, 0]), pair([0, 4])]), 0.0);
        assert_eq!(fit(&[pair([4, 2]), pair([0, 0])]), 0.5);
        assert_eq!(fit(&[]), 1.0);
    }
}
