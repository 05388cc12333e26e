//! The keys of a distribution point.

use serde_json::json;

use super::super::document::Value;
use super::super::form::{
    Field, Form, Models, Shape, checked, default, form, integer, keys, names, optional,
    positive_duration, rate, required, table,
};
use super::named::has_names;
use super::windows::{limit_changes, outages};
use crate::diagnostic::{Diagnostic, quoted};
use crate::model::{Bandwidth, DistributionPoint, Failures, LimitChange, RetryAfter, Window};
use crate::value::{Rate, Span};

/// The most distribution points of a scenario.
const MAX_POINTS: usize = 65_000;

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
    let points = || names(table::<PointKeys>("distribution point {}"));
    checked(
        form(
            move |field| {
                has_names::<PointKeys>(
                    field,
                    "distribution point",
                    "`[distribution_points.DP01]`",
                )?;
                points().read(field)
            },
            move |all| points().write(all),
            move || points().shape(),
        ),
        |points, field| {
            if points.is_empty() {
                let error = Diagnostic::error("the scenario has no distribution points");
                return field.reject(error.help("add one such as `[distribution_points.DP01]`"));
            }
            if points.len() > MAX_POINTS {
                let error = format!("the scenario has {} distribution points", points.len());
                let help = format!("at most {MAX_POINTS} can be simulated");
                return field.reject(Diagnostic::error(error).help(help));
            }
            Some(points.into_iter().map(|(_, point)| point).collect())
        },
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
                let error = Diagnostic::error(error);
                let help = "add, for example, `bandwidth = \"100 MB/s\"`";
                return field.get("efficiency")?.reject(error.help(help));
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
            let error = Diagnostic::error("an entry of `efficiency` is a pair in brackets");
            return row.reject(error.help(EXAMPLE));
        };
        if pair.len() != 2 {
            let error = Diagnostic::error(format!(
                "an entry of `efficiency` is a number of connections and a share, found {} values",
                pair.len()
            ));
            return row.reject(error.help(EXAMPLE));
        }
        let mut place = 0;
        let values = row.array(|value| {
            place += 1;
            if place == 1 {
                return value.integer_in(1..=u32::MAX).map(f64::from);
            }
            let share = value.positive()?;
            if share > 1.0 {
                let error = Diagnostic::error(format!("a share is at most 1, found {share}"));
                return value.reject(error.help("1 is the whole `bandwidth`"));
            }
            Some(share)
        })?;
        let connections = values[0] as u32;
        if let Some(last) = last.replace(connections)
            && last >= connections
        {
            let error =
                Diagnostic::error(format!("{connections} connections are listed after {last}"));
            return row.reject(error.help("list the entries by connections, ascending"));
        }
        Some((connections, values[1]))
    })?;
    if rows.is_empty() {
        return table.reject(Diagnostic::error("`efficiency` has no entries").help(EXAMPLE));
    }
    Some(rows)
}

fn retry_after() -> impl Form<Value = RetryAfter> {
    form(
        read_retry_after,
        |hint| match hint {
            RetryAfter::Fixed(span) => span.to_string().into(),
            RetryAfter::Estimated => "estimated".into(),
        },
        || Shape::either(positive_duration().shape(), Shape::word("estimated")),
    )
}

fn read_retry_after(hint: Field<'_>) -> Option<RetryAfter> {
    match hint.as_str() {
        Some("estimated") => Some(RetryAfter::Estimated),
        Some(text) if !text.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
            let error = Diagnostic::error(format!("unknown `retry_after`: {}", quoted(text)));
            hint.reject(error.help("write a time, such as `\"30s\"`, or `\"estimated\"`"))
        }
        _ => hint.positive_duration().map(RetryAfter::Fixed),
    }
}
