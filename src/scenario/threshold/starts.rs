//! Thresholds with a time of day, which are about the time from the start of the simulation.

use std::borrow::Cow;

use super::clock::clock_time;
use super::expression::{Parts, Threshold};
use super::metric_path::{MetricPath, Scope};
use crate::diagnostic::quoted;
use crate::scenario::definition::Variant;
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
    /// Reads a threshold, in whose text the time from the start then stands for a time of day: with
    /// `starts = "Mon 22:00"`, `makespan < 06:00` becomes `makespan < 8h`.
    ///
    /// # Errors
    ///
    /// [`ValueError`] as from [`Threshold::parse`], if the scenario has no start, or if its variants have
    /// different ones.
    pub fn read(&self, text: &str) -> Result<Threshold, ValueError> {
        Threshold::parse(&self.with_length(text)?)
    }

    fn with_length<'t>(&self, text: &'t str) -> Result<Cow<'t, str>, ValueError> {
        let Some(Parts { symbol, value }) = Parts::of(text) else { return Ok(text.into()) };
        let word = &text[value.clone()];
        let Some(time) = clock_time(word) else { return Ok(text.into()) };
        let is_instant = |path: MetricPath| path.scope == Scope::Whole && path.metric == MAKESPAN;
        if !MetricPath::parse(&text[..symbol.start]).is_ok_and(is_instant) {
            return Ok(text.into());
        }
        if !self.is_given {
            let message =
                format!("{} is a time of day, but the scenario has no `starts`", quoted(word));
            let help = "add `starts = \"Mon 08:00\"` above its tables, or write the time from the start: `6h`";
            return Err(ValueError::new(message, value, help));
        }
        let after = |starts: Span| {
            let length = time.after(starts).to_string();
            [&text[..value.start], &length, &text[value.end..]].concat()
        };
        let variant = Threshold::parse(&after(Span::ZERO))?.variant;
        let is_meant = |of: &&&Variant| variant.as_ref().is_none_or(|name| *name == of.name);
        let mut starts = self.variants.iter().filter(is_meant).map(|of| of.scenario.starts);
        // A variant that there is not is reported elsewhere.
        let first = starts.next().unwrap_or_default();
        if starts.any(|other| other != first) {
            let help = "name a variant, as in `makespan < 06:00 @ 'NAME'`, and give each its own threshold";
            return Err(ValueError::new("the variants start at different times", value, help));
        }
        Ok(after(first).into())
    }
}
