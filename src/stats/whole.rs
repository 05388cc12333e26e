//! The statistics of a system whose components were simulated apart.
//!
//! They are those of one simulation of all of them, to the last bit: counts, distributions and curves are sums
//! of whole numbers, and averages and peaks are taken over the sums, when it is known when the last client of
//! all completed. So it does not matter in which order components are added.

use std::collections::BTreeMap;

use super::attempt_rate::{add_seconds, busiest, busiest_in};
use super::gauge::{Course, Curves};
use super::log::Log;
use super::period::{Bounds, Period};
use super::{
    Areas, Changes, CopyStatistics, MeasuredTime, Observed, PointStatistics, PointTally,
    RunStatistics, Series, Tally, peak,
};
use crate::model::{Component, CopyOf, PointId, Replication, SiteId, Span, Time};

/// The observer of a component.
pub type Part = Observed<Course>;

/// The statistics of several components together.
#[derive(Clone, Debug)]
pub struct Whole {
    groups: Vec<Tally>,
    points: Vec<WholePoint>,
    series: Series,
    /// The end of the warm-up.
    start: Time,
    /// The end of the simulation.
    horizon: Time,
    /// If only a window of time is measured: that window.
    window: Option<MeasuredTime>,
    first_arrival: Option<Time>,
    last_completion: Time,
    /// The attempts in each second, unless some component takes longer than such are counted.
    attempts: Option<Vec<u32>>,
    skipped: u64,
    readvertised: u64,
    /// Clients that think before they come again.
    thinking: u64,
    /// When and at which points clients that came in the warm-up completed after it.
    late: Vec<(Time, usize)>,
    sites: Vec<Vec<CopyStatistics>>,
}

/// What all copies of a point saw.
#[derive(Clone, Debug, Default)]
struct WholePoint {
    curves: Curves<Changes>,
    limit: u64,
    admitted: u64,
    refused: u64,
    unreachable: u64,
    rate_limited: u64,
    failed: u64,
    completed: u64,
    cut: u64,
    timed_out: u64,
    left: u64,
    /// Of each copy outside sites the open connections and the capacity.
    copies: Vec<[Changes; 2]>,
}

/// What belongs to one copy of a site.
#[derive(Default)]
struct OneCopy<'p> {
    groups: Vec<usize>,
    points: Vec<&'p PointTally<Course>>,
}

/// What became of a component.
#[derive(Clone, Debug)]
pub struct Finished {
    part: Part,
    /// What each of its copies of sites came to.
    copies: Vec<(SiteId, CopyStatistics)>,
}

impl Part {
    /// An observer that measures `window` alone: clients that arrive in it, whatever comes of them later, and the
    /// curves while it lasts.
    pub fn within(replication: &Replication<'_>, window: MeasuredTime) -> Part {
        let mut part = Part::new(replication);
        part.window = Some(window);
        // Only those count that come.
        part.groups.iter_mut().for_each(|tally| tally.clients = 0);
        part
    }

    /// What became of `component`, of which `replication` was simulated: all that can be known of it alone.
    pub fn finish(mut self, component: &Component, replication: &Replication<'_>) -> Finished {
        self.settle();
        for ((id, point), tally) in (0..).zip(&component.points).zip(&mut self.points) {
            tally.gauge.end();
            if point.has_changes() {
                tally.gauge.go_on(replication.timeline(PointId(id)), replication.horizon);
            }
        }
        let copies = self.copies(component, replication.horizon);
        Finished { part: self, copies }
    }

    /// What the copies of sites in `component` came to.
    fn copies(&self, component: &Component, horizon: Time) -> Vec<(SiteId, CopyStatistics)> {
        let mut copies: BTreeMap<_, OneCopy<'_>> = BTreeMap::new();
        for (group, CopyOf { site, .. }) in component.groups_of.iter().enumerate() {
            if let Some(site) = site {
                copies.entry(*site).or_default().groups.push(group);
            }
        }
        for (point, CopyOf { site, .. }) in self.points.iter().zip(&component.points_of) {
            if let Some(site) = site {
                copies.entry(*site).or_default().points.push(point);
            }
        }
        let of = |((site, _), copy): ((SiteId, u32), OneCopy<'_>)| {
            let tallies: Vec<&Tally> = copy.groups.iter().map(|&at| &self.groups[at]).collect();
            (site, self.copy(&tallies, &copy.points, horizon))
        };
        copies.into_iter().map(of).collect()
    }

    fn copy(
        &self,
        groups: &[&Tally],
        points: &[&PointTally<Course>],
        horizon: Time,
    ) -> CopyStatistics {
        let first = groups.iter().filter_map(|tally| tally.first_arrival).min();
        let last = groups.iter().filter_map(|tally| tally.last_completion).max();
        let sum = |of: fn(&Tally) -> u64| groups.iter().map(|tally| of(tally)).sum::<u64>();
        let goes_on = self.thinking > 0 || sum(|tally| tally.ended.unfinished) > 0;
        let end = if goes_on { Some(horizon) } else { last };
        let start = if self.start > Time::ZERO { Some(self.start) } else { first };
        let utilisation = start.zip(end).and_then(|interval| {
            let window = MeasuredTime::new([interval]);
            let area = |of: fn(&Curves<Log>) -> &Log| -> u128 {
                points.iter().map(|point| of(&point.gauge.curves).area(&window)).sum()
            };
            let capacity = area(|curves| &curves.capacity);
            (capacity > 0).then(|| area(|curves| &curves.open) as f64 / capacity as f64)
        });
        let mut times = match groups {
            [] => return CopyStatistics::default(),
            [first, ..] => first.completions.clone(),
        };
        groups[1..].iter().for_each(|tally| times.add(&tally.completions));
        CopyStatistics {
            makespan: first.zip(last).map(|(first, last)| last.since(first)),
            completion_p95: times.percentile(95).map(Span::from_millis),
            stranded: (sum(|tally| tally.arrived) > 0).then(|| sum(|tally| tally.ended.stranded)),
            utilisation,
        }
    }
}

impl Whole {
    /// Of a system with so many groups, points and sites, and no component yet. What is before `start` does not
    /// count; the simulation ends at `horizon` at the latest.
    pub fn new(groups: usize, points: usize, sites: usize, start: Time, horizon: Time) -> Whole {
        Whole {
            groups: (0..groups).map(|_| Tally::new(0)).collect(),
            points: vec![WholePoint::default(); points],
            series: Series::default(),
            start,
            horizon,
            window: None,
            first_arrival: None,
            last_completion: Time::ZERO,
            attempts: Some(Vec::new()),
            skipped: 0,
            readvertised: 0,
            thinking: 0,
            late: Vec::new(),
            sites: vec![Vec::new(); sites],
        }
    }

    /// The same, of which only `window` is measured, as by [`Part::within`].
    pub fn within(self, window: MeasuredTime) -> Whole {
        Whole { window: Some(window), ..self }
    }

    /// Adds what became of `component`.
    pub fn add(&mut self, finished: Finished, component: &Component) {
        let Finished { part, copies } = finished;
        for (site, copy) in copies {
            self.sites[site.index()].push(copy);
        }
        for (tally, CopyOf { of, .. }) in part.groups.iter().zip(&component.groups_of) {
            self.groups[*of].add(tally);
        }
        let points = part.points.iter().zip(&component.points_of).enumerate();
        for (place, (point, CopyOf { of, site })) in points {
            let curves = &point.gauge.curves;
            let whole = &mut self.points[*of];
            whole.curves.add_log(curves);
            whole.limit += point.gauge.highest;
            whole.admitted += point.admitted;
            whole.refused += point.refused;
            whole.unreachable += point.unreachable;
            whole.rate_limited += point.rate_limited;
            whole.failed += point.failed;
            whole.completed += point.completed;
            whole.cut += point.cut;
            whole.timed_out += point.timed_out;
            whole.left += point.left;
            // Copies of a point lie beside each other.
            let is_next =
                |place: usize| component.points_of.get(place).is_some_and(|it| it.of == *of);
            let has_several = is_next(place + 1) || place.checked_sub(1).is_some_and(is_next);
            if site.is_none() && has_several {
                let mut copy = [Changes::default(), Changes::default()];
                curves.open.add_to(&mut copy[0]);
                curves.capacity.add_to(&mut copy[1]);
                whole.copies.push(copy);
            }
        }
        self.series.join(part.series);
        self.first_arrival = self.first_arrival.into_iter().chain(part.first_arrival).min();
        self.last_completion = self.last_completion.max(part.last_completion);
        self.skipped += part.skipped;
        add_seconds(&mut self.attempts, part.attempts.seconds());
        self.readvertised += part.readvertised;
        self.thinking += part.thinking;
        let late = part.late.into_iter();
        self.late.extend(late.map(|(at, point)| (at, component.points_of[point.index()].of)));
    }

    /// What became of the run.
    pub fn finish(mut self) -> RunStatistics {
        let bounds = Bounds {
            warm: self.start,
            first_arrival: self.first_arrival,
            last_completion: self.last_completion,
            goes_on: self.readvertised + self.thinking > 0,
            horizon: self.horizon,
        };
        let period = bounds.period(&self.groups);
        let Period { start, end, makespan } = period;
        self.series.finish(end.max(start));
        let listed = match self.window {
            None => period,
            Some(_) => Period { end: self.horizon, ..period },
        };
        let late = listed.count(self.points.len(), self.late.iter().copied());
        // Peaks count from the end of the warm-up, though clients may come later.
        let (averaged, peaks, measured) = match &self.window {
            None => (
                MeasuredTime::new([(start, end)]),
                MeasuredTime::from(self.start),
                end.since(start),
            ),
            Some(window) => (window.clone(), window.clone(), window.length()),
        };
        let total_peak = |of: fn(&Curves<Changes>) -> &Changes| {
            peak(self.points.iter().map(|point| of(&point.curves)), &peaks)
        };
        let points = self.points.iter().zip(late).map(|(point, late)| PointStatistics {
            // In a window all completions are listed.
            served: late + if self.window.is_some() { 0 } else { point.completed },
            for_nobody: point.for_nobody(|at| match &self.window {
                None => at > self.start && at <= end,
                Some(window) => window.contains(at),
            }),
            ..point.finish(&averaged, &peaks)
        });
        RunStatistics {
            peak_open: total_peak(|curves| &curves.open),
            peak_waiting: total_peak(|curves| &curves.waiting),
            peak_queued: total_peak(|curves| &curves.queued),
            points: points.collect(),
            groups: self.groups,
            series: self.series,
            recovered: None,
            busiest_second: match &self.window {
                None => busiest(self.attempts),
                Some(window) => busiest_in(self.attempts, self.start, window),
            },
            sites: self.sites,
            skipped: self.skipped,
            measured,
            makespan,
        }
    }
}

impl WholePoint {
    /// How many transfers for clients that had gone were done when it counts.
    fn for_nobody(&self, counts: impl Fn(Time) -> bool) -> u64 {
        u64::try_from(self.curves.for_nobody.sum(counts)).unwrap_or(0)
    }

    /// Its statistics, with averages over one window of time and peaks over another.
    fn finish(&self, averaged: &MeasuredTime, peaks: &MeasuredTime) -> PointStatistics {
        let Curves { open, waiting, queued, lingering, abandoned, idle, capacity, .. } =
            &self.curves;
        let area = |changes: &Changes| changes.area(averaged);
        let copy = |[open, capacity]: &[Changes; 2]| {
            let capacity = area(capacity);
            let utilisation = (capacity > 0).then(|| area(open) as f64 / capacity as f64);
            CopyStatistics { utilisation, ..CopyStatistics::default() }
        };
        PointStatistics {
            areas: Areas {
                open: area(open),
                waiting: area(waiting),
                idle_while_waiting: area(idle),
            },
            queued: area(queued),
            lingering: area(lingering),
            abandoned: area(abandoned),
            capacity: area(capacity),
            limit: self.limit,
            peak_open: peak([open], peaks),
            peak_waiting: peak([waiting], peaks),
            peak_queued: peak([queued], peaks),
            admitted: self.admitted,
            refused: self.refused,
            unreachable: self.unreachable,
            rate_limited: self.rate_limited,
            failed: self.failed,
            completed: self.completed,
            served: self.completed,
            for_nobody: 0,
            cut: self.cut,
            timed_out: self.timed_out,
            left: self.left,
            copies: self.copies.iter().map(copy).collect(),
        }
    }
}
