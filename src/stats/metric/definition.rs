//! What is to be known of a metric.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use indexmap::IndexMap;

use crate::human::{count, percent, span};
use crate::model::Span;
use crate::stats::interval::{Moments, wilson};
use crate::stats::{CopyStatistics, PointStatistics, RunStatistics, Tally};

/// A metric: a handle to its [`Definition`].
#[derive(Clone, Copy)]
pub struct Metric(pub(super) &'static Definition);

/// All that is known of a metric.
pub struct Definition {
    /// Its name, which is a contract: `completion.p95`.
    pub name: &'static str,
    /// What its values count in.
    pub unit: MetricUnit,
    /// Which way it is better.
    pub better: Better,
    /// What it is called in reports for people, in lower case: `completion, 95%`.
    pub label: &'static str,
    /// A shorter label for the head of a column, where there is one.
    pub short_label: Option<&'static str>,
    /// When it is a row of the key figures; `None`: never.
    pub key_figure: Option<When>,
    /// The other tables of reports that show it.
    pub views: &'static [View],
    /// Whether reports add its share of the clients that arrived: `52 (1.0%)`.
    pub with_share: bool,
    /// Whether it counts clients or what they do, so that more clients alone make it greater. Where the numbers
    /// of clients differ, comparisons are of its share per client.
    pub per_client: bool,
    /// For a ratio of clients, each of whom is an independent case: the metric that counts them. It
    /// has an interval even from one run. `refused.ratio` is none, as the attempts of one client have
    /// much in common, nor is `refused.first_ratio`, as clients that arrive together are refused
    /// together.
    pub proportion_of: Option<Metric>,
    /// For a metric that is 0 or 1 in a run: its mean is a share of the runs, each of which is an independent case.
    pub is_share_of_runs: bool,
    /// What it means, with its formula where that is not obvious.
    pub meaning: &'static str,
    /// How it is computed, and from what.
    pub measure: Measure,
}

/// What a metric's values count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricUnit {
    /// Clients, attempts or connections.
    Count,
    /// A ratio from 0 to 1.
    Ratio,
    /// Milliseconds.
    Time,
    /// A count per hour.
    PerHour,
}

/// Which way a metric is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// The lower the better: times and refusals.
    Lower,
    /// The higher the better: completions.
    Higher,
    /// Neither: what is good depends on the purpose, as for utilisation.
    Neither,
}

/// What has metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A whole run: all clients and distribution points.
    Run,
    /// A client group.
    Group,
    /// A distribution point.
    Point,
    /// The copies of a site or of a distribution point, of each of which a metric has a value.
    Copies,
}

/// Which of the copies of a site or of a distribution point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// That with the least value.
    Least,
    /// That in the middle: at least half of all have no greater value.
    Median,
    /// That with the greatest value.
    Most,
}

/// When a key figure is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// Always.
    Always,
    /// Where its value is above 0 in some variant.
    Occurs,
    /// Where another metric is above 0 in some variant.
    With(Metric),
    /// Where it differs from another metric in some variant.
    DiffersFrom(Metric),
}

/// A table of a report, beside that of the key figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// A row for each variant, as of a sweep.
    Grid,
    /// Client groups.
    Group,
    /// Client groups, in reports with room.
    GroupInDetail,
    /// Distribution points.
    Point,
    /// Distribution points, in reports with room.
    PointInDetail,
    /// Differences to the reference variant.
    Difference,
    /// Differences to the reference variant, in reports with a line for each.
    DifferenceInDetail,
}

/// How a metric is computed. That also decides where it applies. A value is `None` where there is nothing
/// to measure, such as the time to completion where no client completed.
pub enum Measure {
    /// From what became of clients: those of a group, or of the run. May reorder the times in it.
    Clients(fn(&mut Tally) -> Option<f64>),
    /// From what a distribution point saw during the time that averages are taken over; of a run,
    /// from what all points saw together.
    Point(fn(&PointStatistics, Span) -> Option<f64>),
    /// From clients for a group and the run, from what it saw for a distribution point.
    Both(fn(&mut Tally) -> Option<f64>, fn(&PointStatistics, Span) -> Option<f64>),
    /// From the whole run only.
    Run(fn(&RunStatistics) -> Option<f64>),
    /// From one of the copies of a site or of a distribution point.
    Copies(Which, fn(&CopyStatistics) -> Option<f64>),
}

impl MetricUnit {
    /// How values of this unit are written for people.
    pub fn show(self) -> fn(f64) -> String {
        match self {
            MetricUnit::Count | MetricUnit::PerHour => count,
            MetricUnit::Ratio => percent,
            MetricUnit::Time => span,
        }
    }
}

impl Metric {
    /// Whether `subject` has this metric.
    pub fn applies_to(self, subject: Subject) -> bool {
        match (subject, &self.measure) {
            (Subject::Run, measure) => !matches!(measure, Measure::Copies(..)),
            (Subject::Copies, measure) => matches!(measure, Measure::Copies(..)),
            (Subject::Group, Measure::Clients(_) | Measure::Both(..)) => true,
            (Subject::Point, Measure::Point(_) | Measure::Both(..)) => true,
            (Subject::Group | Subject::Point, _) => false,
        }
    }

    /// The interval for its mean over runs at `confidence`: Student's, and Wilson's for a share of the runs. `None`: the
    /// runs are too few.
    pub fn interval(self, over_runs: &Moments, confidence: f64) -> Option<[f64; 2]> {
        if !self.is_share_of_runs {
            return over_runs.interval(confidence);
        }
        let part = (over_runs.mean() * over_runs.count() as f64).round();
        wilson(part as u64, over_runs.count(), confidence)
    }

    /// Its entry in a table by name, such as those of results: `None` where it has none, or no value.
    pub fn of<T>(self, table: &IndexMap<String, Option<T>>) -> Option<&T> {
        table.get(self.name)?.as_ref()
    }

    /// The short label where there is one, else the label.
    pub fn column(self) -> &'static str {
        self.short_label.unwrap_or(self.label)
    }
}

impl Deref for Metric {
    type Target = Definition;

    fn deref(&self) -> &Definition {
        self.0
    }
}

impl PartialEq for Metric {
    fn eq(&self, other: &Metric) -> bool {
        self.name == other.name
    }
}

impl Eq for Metric {}

impl Hash for Metric {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

/// A metric that is lower the better, and shown nowhere by default.
pub(super) const fn new(name: &'static str, label: &'static str, unit: MetricUnit) -> Definition {
    Definition {
        name,
        unit,
        better: Better::Lower,
        label,
        short_label: None,
        key_figure: None,
        views: &[],
        with_share: false,
        per_client: false,
        proportion_of: None,
        is_share_of_runs: false,
        meaning: "",
        measure: Measure::Run(|_| None),
    }
}
