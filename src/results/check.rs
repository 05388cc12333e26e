//! Whether results are sound: what every report relies on, beyond the types.

use std::fmt;

use indexmap::IndexMap;

use super::{
    Blocks, Distribution, MetricTable, Results, Sizing, Sweep, VariantResults, WindowResults,
};
use crate::human::shortened;
use crate::stats::blocks::MOST_BLOCKS;

/// A step into JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the value of a key.
    Key(String),
    /// To an item of an array.
    Item(usize),
}

type NamedTables = IndexMap<String, MetricTable>;

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Key(key) => write!(f, ".{key}"),
            Step::Item(index) => write!(f, "[{index}]"),
        }
    }
}

/// Numbers beyond this (2^53) are no exact times or counts.
const GREATEST: u64 = 1 << 53;

/// The most errors that are reported; the rest are most likely alike.
const MOST_ERRORS: usize = 10;

/// The most characters of a text from the file, which may be as long as that, in a message.
pub const LONGEST: usize = 160;

/// What is wrong: where, what, and what would be right.
pub type Errors = Vec<(Vec<Step>, String, String)>;

/// Everything that is wrong with `results`, up to a few.
pub fn check(results: &Results) -> Errors {
    let mut errors = Checker { path: Vec::new(), errors: Vec::new() };
    errors.results(results);
    errors.errors
}

struct Checker {
    path: Vec<Step>,
    errors: Errors,
}

impl Checker {
    fn results(&mut self, results: &Results) {
        if results.replications == 0 {
            let help = "run the study again, and let it finish at least one replication";
            self.key("replications", |c| c.error("these results have no replication", help));
        }
        if results.replications > GREATEST {
            self.key("replications", |c| {
                c.error("more replications than can be simulated", "at most 2^53")
            });
        }
        if results.variants.is_empty() {
            let help = "results have at least one variant";
            self.key("variants", |c| c.error("these results have no variants", help));
        }
        let number = results.variants.len();
        for (i, variant) in results.variants.iter().enumerate() {
            self.key("variants", |c| c.item(i, |c| c.variant(variant)));
        }
        if let Some(sweep) = &results.sweep {
            self.key("sweep", |c| c.sweep(sweep, number));
        }
        if let Some(sizing) = &results.sizing {
            self.key("sizing", |c| c.sizing(sizing, results.sweep.is_some(), number));
        }
        for (i, comparison) in results.comparisons.iter().enumerate() {
            for (metric, difference) in &comparison.metrics {
                let ci95 = difference.and_then(|difference| difference.ci95);
                self.key("comparisons", |c| {
                    c.item(i, |c| c.key("metrics", |c| c.key(metric, |c| c.interval(ci95))));
                });
            }
        }
        for (i, threshold) in results.thresholds.iter().enumerate() {
            let ci95 = threshold.observed.and_then(|observed| observed.ci95);
            self.key("thresholds", |c| c.item(i, |c| c.key("observed", |c| c.interval(ci95))));
        }
    }

    fn variant(&mut self, variant: &VariantResults) {
        self.tables(&variant.metrics, &variant.groups, &variant.distribution_points);
        for (name, metrics) in &variant.copies {
            self.key("copies", |c| c.key(name, |c| c.metrics(metrics)));
        }
        for (name, window) in &variant.windows {
            let WindowResults { metrics, groups, distribution_points } = window;
            self.key("windows", |c| {
                c.key(name, |c| c.tables(metrics, groups, distribution_points))
            });
        }
        let series = &variant.series;
        let length = series.open_connections.len();
        self.key("series", |c| {
            if series.bucket_ms == 0 && length > 0 {
                let help = "a bucket lasts at least 1 ms";
                c.key("bucket_ms", |c| c.error("buckets of no time", help));
            }
            if series.bucket_ms.saturating_mul(length as u64) > GREATEST {
                let help = "times are at most 2^53 ms";
                c.key("bucket_ms", |c| c.error("curves that never end", help));
            }
            let curves = [
                ("waiting", &series.waiting),
                ("refused", &series.refused),
                ("completed", &series.completed),
            ];
            for (name, curve) in curves {
                c.key(name, |c| c.length(curve.len(), length, "as many as `open_connections`"));
            }
        });
        let histograms = &variant.histograms;
        self.key("histograms", |c| {
            c.key("completion", |c| c.distribution(&histograms.completion));
            c.key("attempts", |c| c.distribution(&histograms.attempts));
        });
        self.key("blocks", |c| c.blocks(&variant.blocks));
    }

    /// The metrics of the whole, of its groups and of its points.
    fn tables(&mut self, whole: &MetricTable, groups: &NamedTables, points: &NamedTables) {
        self.key("metrics", |c| c.metrics(whole));
        for (name, metrics) in groups {
            self.key("groups", |c| c.key(name, |c| c.metrics(metrics)));
        }
        for (name, metrics) in points {
            self.key("distribution_points", |c| c.key(name, |c| c.metrics(metrics)));
        }
    }

    fn metrics(&mut self, metrics: &MetricTable) {
        for (name, summary) in metrics {
            self.key(name, |c| c.interval(summary.and_then(|summary| summary.ci95)));
        }
    }

    fn interval(&mut self, ci95: Option<[f64; 2]>) {
        if let Some([low, high]) = ci95
            && low > high
        {
            let help = "an interval goes from the lower to the higher end";
            self.key("ci95", |c| c.error("an interval that is reversed", help));
        }
    }

    fn distribution(&mut self, distribution: &Distribution) {
        let Distribution { values, counts } = distribution;
        self.key("counts", |c| c.length(counts.len(), values.len(), "as many as `values`"));
        let total = counts.iter().try_fold(0u64, |total, count| total.checked_add(*count));
        if total.is_none_or(|total| total > GREATEST) {
            let help = "a client is counted once";
            self.key("counts", |c| c.error("more clients than can be simulated", help));
        }
        if values.windows(2).any(|two| two[0] >= two[1]) {
            let help = "values ascend, and each occurs once";
            self.key("values", |c| c.error("values that are not ascending", help));
        }
        if values.last().is_some_and(|last| *last > GREATEST) {
            self.key("values", |c| c.error("a value that is too great", "at most 2^53"));
        }
    }

    fn blocks(&mut self, blocks: &Blocks) {
        let any = blocks.metrics.values().any(|means| !means.is_empty());
        if any && (!blocks.length.is_power_of_two() || blocks.length > GREATEST) {
            let help = "the length of a block is a power of two";
            self.key("length", |c| c.error("blocks of a wrong length", help));
        }
        let length = blocks.metrics.values().next().map_or(0, Vec::len);
        for (name, means) in &blocks.metrics {
            self.key("metrics", |c| {
                c.key(name, |c| {
                    c.length(means.len(), length, "as many blocks as the other metrics have");
                    if means.len() > MOST_BLOCKS {
                        c.error("too many blocks", "there are at most 64");
                    }
                });
            });
        }
    }

    fn sweep(&mut self, sweep: &Sweep, variants: usize) {
        self.key("values", |c| c.length(sweep.values.len(), variants, "one for each variant"));
        for (i, values) in sweep.values.iter().enumerate() {
            self.key("values", |c| {
                c.item(i, |c| c.length(values.len(), sweep.keys.len(), "one for each of `keys`"));
            });
        }
    }

    fn sizing(&mut self, sizing: &Sizing, swept: bool, variants: usize) {
        let [low, high] = sizing.range;
        if low > high {
            self.key("range", |c| c.error("a range that is reversed", "lower end first"));
        } else {
            let help = format!("it is from {low} to {high}");
            for (key, value) in [("chosen", sizing.chosen), ("looked_at", Some(sizing.looked_at))] {
                if value.is_some_and(|value| !(low..=high).contains(&value)) {
                    self.key(key, |c| c.error("a value outside of the range", &help));
                }
            }
        }
        if !(sizing.confidence > 0.0 && sizing.confidence < 1.0) {
            self.key("confidence", |c| {
                c.error("a confidence out of range", "it is between 0 and 1")
            });
        }
        if sizing.step == 0 {
            self.key("step", |c| c.error("steps of nothing", "a step is at least 1"));
        }
        if !swept {
            self.error("a search without the grid of its values", "add `sweep`");
        }
        let evaluated = sizing.evaluated.len();
        self.key("evaluated", |c| c.length(evaluated, variants, "one for each variant"));
    }

    fn length(&mut self, found: usize, wanted: usize, as_many: &str) {
        if found != wanted {
            let help = format!("there should be {wanted}, {as_many}");
            self.error(&format!("an array of a wrong length, {found}"), &help);
        }
    }

    fn error(&mut self, message: &str, help: &str) {
        if self.errors.len() < MOST_ERRORS {
            let path: String = self.path.iter().map(Step::to_string).collect();
            let path = shortened(path.trim_start_matches('.'), LONGEST);
            let message = format!("wrong results at `{path}`: {message}");
            self.errors.push((self.path.clone(), message, help.to_owned()));
        }
    }

    fn key(&mut self, key: &str, check: impl FnOnce(&mut Checker)) {
        self.step(Step::Key(key.to_owned()), check);
    }

    fn item(&mut self, index: usize, check: impl FnOnce(&mut Checker)) {
        self.step(Step::Item(index), check);
    }

    fn step(&mut self, step: Step, check: impl FnOnce(&mut Checker)) {
        self.path.push(step);
        check(self);
        self.path.pop();
    }
}
