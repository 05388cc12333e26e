//! The results of one variant: metrics, curves, and how values are distributed.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::scenario::{MetricPath, Scope};
use crate::stats::metric::Metric;

/// Metrics by name; `None` where there is nothing to measure. [`Metric::of`] looks one up.
pub type MetricTable = IndexMap<String, Option<Summary>>;

/// The results of one variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VariantResults {
    /// Its name.
    pub name: String,
    /// What it changes in the scenario, as it was written.
    pub overlay: Value,
    /// The metrics over all clients and points.
    pub metrics: MetricTable,
    /// The metrics of each client group.
    pub groups: IndexMap<String, MetricTable>,
    /// The metrics of each distribution point.
    pub distribution_points: IndexMap<String, MetricTable>,
    /// Of the copies of each site, and of each distribution point with several, the least, the median and the
    /// greatest value of metrics.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub copies: IndexMap<String, MetricTable>,
    /// What was measured in the windows of time that thresholds name, by the window: `09:00-10:00`, `2h..3h`; and
    /// before, during and after the trigger.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub windows: IndexMap<String, WindowResults>,
    /// The trigger, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Phases>,
    /// Curves over time.
    pub series: SeriesResults,
    /// How values are distributed.
    pub histograms: Histograms,
    /// Means of blocks of replications, for paired comparisons with other results.
    #[serde(default)]
    pub blocks: Blocks,
}

/// What was measured in a window of time: the clients that arrived in it, whatever came of them later, and
/// averages, peaks and throughput while it lasted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WindowResults {
    /// The metrics over all clients and points.
    pub metrics: MetricTable,
    /// The metrics of each client group.
    pub groups: IndexMap<String, MetricTable>,
    /// The metrics of each distribution point.
    pub distribution_points: IndexMap<String, MetricTable>,
}

/// When the trigger is, and what was measured before, during and after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Phases {
    /// When it begins, in ms from the start of the simulation.
    pub from_ms: u64,
    /// When it is over.
    pub until_ms: u64,
    /// The window before it, from the end of the warm-up, among `windows`.
    pub before: String,
    /// The window in which it lasts.
    pub during: String,
    /// The window after it, to the horizon.
    pub after: String,
}

impl VariantResults {
    /// A metric of the variant, or of one of its groups or points, perhaps in a window of time; `None` where it has
    /// no value.
    pub fn metric(&self, path: &MetricPath) -> Option<&Summary> {
        let (whole, groups, points) = match &path.during {
            None => (&self.metrics, &self.groups, &self.distribution_points),
            Some(during) => {
                let window = self.windows.get(&during.to_string())?;
                (&window.metrics, &window.groups, &window.distribution_points)
            }
        };
        let table = match &path.scope {
            Scope::Whole => whole,
            Scope::Point(point) => points.get(point)?,
            Scope::Group(group) => groups.get(group)?,
            Scope::Copies(name) => self.copies.get(name)?,
        };
        path.metric.of(table)
    }
}

/// The mean of a metric; 0 where it has no value.
pub fn mean(metrics: &MetricTable, metric: Metric) -> f64 {
    metric.of(metrics).map_or(0.0, |summary| summary.mean)
}

/// A metric over the replications.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The mean of the replications in which it has a value.
    pub mean: f64,
    /// The 95% confidence interval of the mean; `None` of one replication.
    pub ci95: Option<[f64; 2]>,
    /// The least of the replications.
    pub min: f64,
    /// The greatest of the replications.
    pub max: f64,
}

/// Curves over time, from the start of the simulation; the mean over the replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SeriesResults {
    /// The width of a bucket.
    pub bucket_ms: u64,
    /// Open connections, averaged over each bucket.
    pub open_connections: Vec<f64>,
    /// Clients in Retry mode, averaged over each bucket.
    pub waiting: Vec<f64>,
    /// Refused attempts in each bucket.
    pub refused: Vec<f64>,
    /// Completions in each bucket.
    pub completed: Vec<f64>,
}

/// How values are distributed, over all replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Histograms {
    /// Times from arrival to completion, within 1%.
    pub completion: Distribution,
    /// Attempts per client, exact below 2,048 and within 0.1% above.
    pub attempts: Distribution,
}

/// A distribution: which values occurred, ascending, and how often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Distribution {
    /// The values; each represents those up to it that are greater than the previous one.
    pub values: Vec<u64>,
    /// How many clients had each.
    pub counts: Vec<u64>,
}

/// Means over blocks of consecutive replications: a bounded record, from which results of the same
/// seed can be compared replication by replication (`distpoint compare`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Blocks {
    /// How many replications each block is of: a power of two. Block k is of the replications from
    /// k times this on. 0: there are none.
    pub length: u64,
    /// For each metric the means of the complete blocks, at most 64; `null` where some replication
    /// of the block has no value.
    pub metrics: IndexMap<String, Vec<Option<f64>>>,
}
