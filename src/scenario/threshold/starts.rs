//! Thresholds with a time of day. `makespan` counts from the first arrival, so the time of that has to be known.

use std::borrow::Cow;

use super::clock::clock_time;
use super::expression::{Parts, Target, Threshold};
use super::metric_path::{MetricPath, Scope};
use crate::diagnostic::quoted;
use crate::model::ClientGroup;
use crate::scenario::definition::{Scenario, Variant};
use crate::stats::metric::MAKESPAN;
use crate::value::{Span, ValueError};

/// When the simulations of the variants start.
pub struct Starts<'v> {
    /// Whether the scenario names a start.
    pub is_given: bool,
    /// The variants.
    pub variants: Vec<&'v Variant>,
}

impl Starts<'_> {
    /// Reads a threshold, in whose text the time from the first arrival then stands for a time of day: with
    /// `starts = "Mon 22:00"` and arrivals from then on, `makespan < 06:00` becomes `makespan < 8h`.
    ///
    /// # Errors
    ///
    /// [`ValueError`] as from [`Threshold::parse`], if the scenario has no start, if the first client may come
    /// at several times, or if the variants differ in this.
    pub fn read(&self, text: &str) -> Result<Threshold, ValueError> {
        Threshold::parse(&self.with_length(text)?)
    }

    /// Reads a target, which is about all variants, as [`read`](Self::read) reads a threshold; also gives its
    /// text.
    ///
    /// # Errors
    ///
    /// [`ValueError`] as from [`Target::read`] and [`read`](Self::read).
    pub fn read_target(&self, text: &str) -> Result<(String, Target), ValueError> {
        let (written, target) = Target::read(&self.with_length(text)?)?;
        target.metric.clone().of_whole_runs(text)?;
        Ok((written, target))
    }

    fn with_length<'t>(&self, text: &'t str) -> Result<Cow<'t, str>, ValueError> {
        let Some(Parts { symbol, value, during }) = Parts::of(text) else { return Ok(text.into()) };
        let word = &text[value.clone()];
        let Some(time) = clock_time(word) else { return Ok(text.into()) };
        let is_instant = |path: MetricPath| {
            path == MetricPath { scope: Scope::Whole, metric: MAKESPAN, during: None }
        };
        // The clients of a window come at times of their own.
        if during.is_some() || !MetricPath::parse(&text[..symbol.start]).is_ok_and(is_instant) {
            return Ok(text.into());
        }
        if !self.is_given {
            let message =
                format!("{} is a time of day, but the scenario has no `starts`", quoted(word));
            let help = "add `starts = \"Mon 08:00\"` above its tables, or write the time from the first arrival: `6h`";
            return Err(ValueError::new(message, value, help));
        }
        let after = |starts: Span| {
            let length = time.after(starts).to_string();
            [&text[..value.start], &length, &text[value.end..]].concat()
        };
        let variant = Threshold::parse(&after(Span::ZERO))?.variant;
        let is_meant = |of: &&&Variant| variant.as_ref().is_none_or(|name| *name == of.name);
        let variants = self.variants.iter().filter(is_meant);
        let mut firsts = Vec::new();
        for variant in variants {
            let Some(first) = first_arrival(&variant.scenario) else {
                let message = "`makespan` counts from the first arrival, which has no certain time of day here";
                let help = "write the time from the first arrival, for example `makespan < 8h`";
                return Err(ValueError::new(message, value, help));
            };
            firsts.push(variant.scenario.start() + first);
        }
        // A variant that there is not is reported elsewhere.
        let first = firsts.first().copied().unwrap_or_default();
        if firsts.iter().any(|other| *other != first) {
            let help = "name a variant, as in `makespan < 06:00 @ 'NAME'`, and give each its own threshold";
            return Err(ValueError::new(
                "the first clients of the variants arrive at different times",
                value,
                help,
            ));
        }
        Ok(after(first).into())
    }
}

/// First arrivals at random, but on average within this time, are taken for arrivals at once: no time of day is
/// more precise.
const AT_ONCE: f64 = 60_000.0;

/// When the first client that counts arrives, from the start of the simulation; `None` if that is not certain.
fn first_arrival(scenario: &Scenario) -> Option<Span> {
    let earliest = |group: &ClientGroup| group.arrival.earliest();
    let first = scenario.clients.iter().map(earliest).min()?;
    // Clients that are offline come later.
    let is_certain = |group: &ClientGroup| {
        let clients = f64::from(group.count.unwrap_or(u32::MAX));
        let mean_delay = group.arrival.first_delay_millis(clients);
        group.hours.is_none() && earliest(group) == first && mean_delay <= AT_ONCE
    };
    let is_known = scenario.warmup == Span::ZERO && scenario.clients.iter().any(is_certain);
    is_known.then_some(first)
}
