//! The limit that a variant's connections are held against.

use crate::report::text::cells::value;
use crate::results::VariantResults;

/// The connections that all distribution points together allow, as far as the metrics tell:
/// utilisation is the mean of the open connections over that.
pub fn limit(variant: &VariantResults) -> Option<f64> {
    let used = value(&variant.metrics, "utilisation")?.mean;
    let open = value(&variant.metrics, "connections.mean")?.mean;
    let limit = (open / used).round();
    (used > 0.0 && limit.is_finite() && limit >= 1.0).then_some(limit)
}
