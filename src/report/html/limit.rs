//! The limit that a variant's connections are held against.

use serde_json::Value;

use crate::results::{Results, VariantResults};
use crate::stats::metric;

/// The connections that all distribution points together allow at most, and whether that changes
/// over time.
pub struct Limit {
    /// Of all points together.
    pub most: f64,
    /// Whether it is less at some times by the scenario's `limit_changes`.
    pub changes: bool,
}

/// The limit of a variant: as in its scenario, else as the metrics imply.
pub fn limit(results: &Results, variant: &VariantResults) -> Option<Limit> {
    by_scenario(results, variant).or_else(|| by_utilisation(variant))
}

fn by_scenario(results: &Results, variant: &VariantResults) -> Option<Limit> {
    let points = results.scenario.get("distribution_points")?.as_object()?;
    let mut limit = Limit { most: 0.0, changes: false };
    for (name, point) in points {
        let overlay = &variant.overlay["distribution_points"];
        let key = |key: &str| {
            let set = [&overlay[name][key], &overlay["*"][key]].into_iter();
            set.chain([&point[key]]).find(|value| !value.is_null()).cloned().unwrap_or(Value::Null)
        };
        let usual = key("connection_limit").as_f64()?;
        let changes = key("limit_changes");
        let changed = changes.as_array().into_iter().flatten();
        let changed: Vec<f64> =
            changed.filter_map(|change| change["connection_limit"].as_f64()).collect();
        limit.changes |= changed.iter().any(|other| *other != usual);
        limit.most += changed.into_iter().fold(usual, f64::max);
    }
    (limit.most >= 1.0).then_some(limit)
}

/// Utilisation is the mean of the open connections over the limit.
fn by_utilisation(variant: &VariantResults) -> Option<Limit> {
    let used = metric::UTILISATION.of(&variant.metrics)?.mean;
    let open = metric::CONNECTIONS_MEAN.of(&variant.metrics)?.mean;
    let most = (open / used).round();
    (used > 0.0 && most.is_finite() && most >= 1.0).then_some(Limit { most, changes: false })
}
