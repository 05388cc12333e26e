//! The keys of a distribution point.

use serde_json::json;

use super::super::document::Value;
use super::super::form::{
    Field, Form, Models, Shape, checked, default, form, integer, keys, number, optional, or_word,
    positive_duration, rate, required, some_names, table,
};
use super::windows::{limit_changes, outages};
use crate::model::{Bandwidth, DistributionPoint, Failures, LimitChange, RetryAfter, Window};
use crate::value::{Rate, Span};

keys! {
    /// A distribution point.
    PointKeys {
        /// The number of connections that the point accepts at once; further clients are refused.
        connection_limit: u32 = required("50", integer(1..=u32::MAX));
        /// The bandwidth of the point; all transfers of kind `size` share it equally.
        bandwidth: Option<Rate> = optional("no limit", rate());
        /// The share of the bandwidth that remains at a number of connections: pairs of a number of connections and a share from 0 to 1, in ascending order; between two pairs the share is interpolated.
        efficiency: Option<Vec<(u32, f64)>> = optional("the full bandwidth", efficiency());
        /// Times in which the point cannot be reached.
        outages: Vec<Window> = default(Vec::new(), outages()).unwritten();
        /// Times in which the point has another limit.
        limit_changes: Vec<LimitChange> = default(Vec::new(), limit_changes()).unwritten();
        /// Random failures, during which the point cannot be reached.
        failures: Option<Failures> = optional("none", table::<FailuresKeys>("`failures`"));
        /// The number of clients beyond the limit that can wait in a queue at the point.
        queue: u32 = default(0, integer(0..=u32::MAX)).unwritten();
        /// After what time the point asks a refused client to come back: a fixed time, or `"estimated"` from the load. Only clients with the policy `server` follow it.
        retry_after: Option<RetryAfter> = optional("none", retry_after());
    }
}

keys! {
    /// Random failures, during which the point cannot be reached.
    FailuresKeys => Failures {
        /// The mean time between two failures.
        mtbf: Span = required("\"30d\"", positive_duration());
        /// The mean time to repair a failure.
        mttr: Span = required("\"1h\"", positive_duration());
    }
}

/// All distribution points of a scenario.
pub fn points() -> impl Form<Value = Vec<DistributionPoint>> {
    let advice = "use fewer points with a higher `connection_limit`";
    let point = table::<PointKeys>("distribution point {}");
    checked(
        some_names("distribution points", "[distribution_points.DP01]", advice, point),
        |points, _| Some(points.into_iter().map(|(_, point)| point).collect()),
        |points: &Vec<DistributionPoint>| {
            points.iter().map(|point| (point.name.clone(), point.clone())).collect()
        },
    )
}

impl Models for PointKeys {
    type Model = DistributionPoint;

    fn model(self, field: Field<'_>) -> Option<DistributionPoint> {
        let bandwidth = match (self.bandwidth?, self.efficiency?) {
            (Some(rate), efficiency) => {
                Some(Bandwidth { rate, efficiency: efficiency.unwrap_or_default() })
            }
            (None, None) => None,
            (None, Some(_)) => {
                let error = "`efficiency` is a share of `bandwidth`, but this point has none";
                let help = "add, for example, `bandwidth = \"100 MB/s\"`";
                return field.get("efficiency")?.refuse(error, help);
            }
        };
        Some(DistributionPoint {
            name: field.key().to_owned(),
            connection_limit: self.connection_limit?,
            bandwidth,
            outages: self.outages?,
            limit_changes: self.limit_changes?,
            failures: self.failures?,
            queue: self.queue?,
            retry_after: self.retry_after?,
        })
    }

    fn of(point: &DistributionPoint) -> Self {
        let bandwidth = point.bandwidth.as_ref();
        let efficiency = bandwidth.map(|bandwidth| bandwidth.efficiency.clone());
        PointKeys {
            connection_limit: Some(point.connection_limit),
            bandwidth: Some(bandwidth.map(|bandwidth| bandwidth.rate)),
            efficiency: Some(efficiency.filter(|pairs| !pairs.is_empty())),
            outages: Some(point.outages.clone()),
            limit_changes: Some(point.limit_changes.clone()),
            failures: Some(point.failures),
            queue: Some(point.queue),
            retry_after: Some(point.retry_after),
        }
    }
}

/// The share of the bandwidth that remains at a number of connections: `[[50, 1.0], [200, 0.4]]`.
fn efficiency() -> impl Form<Value = Vec<(u32, f64)>> {
    form(
        read_efficiency,
        |pairs| json!(pairs),
        || {
            let pair = json!({
                "type": "array", "minItems": 2, "maxItems": 2,
                "items": [
                    { "type": "integer", "minimum": 1 },
                    { "type": "number", "exclusiveMinimum": 0, "maximum": 1 },
                ],
            });
            let examples = json!([[[50, 1.0], [200, 0.4]]]);
            let schema =
                json!({ "type": "array", "minItems": 1, "items": pair, "examples": examples });
            Shape::value("list of pairs: a number of connections and a share", schema)
        },
    )
}

fn read_efficiency(table: Field<'_>) -> Option<Vec<(u32, f64)>> {
    const EXAMPLE: &str = "write for example `[[50, 1.0], [200, 0.4]]`: the full bandwidth at 50 connections, 40% of it at 200";
    let mut last = None;
    let rows = table.array(|row| {
        let Value::Array(pair) = row.value() else {
            return row.refuse("an entry of `efficiency` is a pair in brackets", EXAMPLE);
        };
        if pair.len() != 2 {
            return row.refuse(format!(
                "an entry of `efficiency` is a number of connections and a share, found {} values",
                pair.len()
            ), EXAMPLE);
        }
        let mut place = 0;
        let values = row.array(|value| {
            place += 1;
            if place == 1 {
                return integer(1..=u32::MAX).read(value).map(f64::from);
            }
            share().read(value)
        })?;
        let connections = values[0] as u32;
        if let Some(last) = last.replace(connections)
            && last >= connections
        {
            let error = format!("{connections} connections are listed after {last}");
            return row.refuse(error, "list the entries by connections, ascending");
        }
        Some((connections, values[1]))
    })?;
    if rows.is_empty() {
        return table.refuse("`efficiency` has no entries", EXAMPLE);
    }
    Some(rows)
}

/// A share of the bandwidth.
fn share() -> impl Form<Value = f64> {
    let limits = json!({ "exclusiveMinimum": 0, "maximum": 1 });
    let is_valid = |share| 0.0 < share && share <= 1.0;
    number("number above 0, at most 1", is_valid, limits, Some("1 is the whole `bandwidth`"))
}

fn retry_after() -> impl Form<Value = RetryAfter> {
    checked(
        or_word("estimated", "a time, such as `\"30s\"`", positive_duration()),
        |hint, _| Some(hint.map_or(RetryAfter::Estimated, RetryAfter::Fixed)),
        |hint| match hint {
            RetryAfter::Fixed(span) => Some(*span),
            RetryAfter::Estimated => None,
        },
    )
}
