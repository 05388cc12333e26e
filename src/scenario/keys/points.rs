//! The keys of a distribution point.

use serde_json::json;

use super::super::form::{
    Field, Form, Models, Shape, checked, default, described, duration, form_over, integer, keys,
    list, number, optional, or_word, percentage, positive_duration, rate, required, some_names,
    table, words,
};
use super::named::only_names;
use super::queue::queue;
use super::rate_limit::rate_limit;
use super::windows::{limit_changes, outages};
use crate::human::{counted, is_or_are};
use crate::model::{
    Abandoned, Bandwidth, DistributionPoint, Failures, LimitChange, Queue, RateLimit, RetryAfter,
    Window,
};
use crate::value::{Rate, Span};

/// The most copies of a point: each is simulated as a server of its own.
const MAX_COPIES: u32 = 60_000;

keys! {
    /// A distribution point.
    PointKeys {
        /// The number of equal servers; a client group that names the point may use each of them.
        copies: u32 = default(1, integer(1..=MAX_COPIES)).unwritten();
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
        /// A queue for clients that find no connection free: the number of clients that can wait in it, or a table with its `length`, `timeout` and `order`.
        queue: Queue = default(Queue::default(), queue()).unwritten().short_for("length");
        /// How many requests the point accepts per time, whether connections are free or not.
        rate_limit: Option<RateLimit> = optional("none", rate_limit());
        /// How long a session stays after a transfer and counts against the limit. The next connection of the same client takes it over.
        linger: Span = default(Span::ZERO, duration()).unwritten();
        /// The share of attempts that fail with an error of the server although they could be admitted.
        errors: f64 = default(0.0, percentage()).unwritten();
        /// After what time the point asks a refused client to come back: a fixed time, or `"estimated"` from the load. Clients follow it whose policy is `server`, or honours it (`retry.retry_after`).
        retry_after: Option<RetryAfter> = optional("none", retry_after());
        /// What becomes of an attempt whose client has gone because of its `timeout`: it keeps its place in the queue and is served in full; it is dropped from the queue, but work in progress goes on; or both end at once.
        abandoned: Abandoned = default(Abandoned::Served, abandoned_words()).unwritten();
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
    let example = "[distribution_points.DP01]";
    let points = some_names("distribution points", example, advice, point);
    checked(
        only_names::<PointKeys, _>("distribution point", example, points),
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
            site: None,
            copies: self.copies?,
            connection_limit: self.connection_limit?,
            bandwidth,
            outages: self.outages?,
            limit_changes: self.limit_changes?,
            failures: self.failures?,
            queue: self.queue?,
            rate_limit: self.rate_limit?,
            linger: self.linger?,
            errors: self.errors?,
            retry_after: self.retry_after?,
            abandoned: self.abandoned?,
        })
    }

    fn of(point: &DistributionPoint) -> Self {
        let bandwidth = point.bandwidth.as_ref();
        let efficiency = bandwidth.map(|bandwidth| bandwidth.efficiency.clone());
        PointKeys {
            copies: Some(point.copies),
            connection_limit: Some(point.connection_limit),
            bandwidth: Some(bandwidth.map(|bandwidth| bandwidth.rate)),
            efficiency: Some(efficiency.filter(|pairs| !pairs.is_empty())),
            outages: Some(point.outages.clone()),
            limit_changes: Some(point.limit_changes.clone()),
            failures: Some(point.failures),
            queue: Some(point.queue),
            rate_limit: Some(point.rate_limit),
            linger: Some(point.linger),
            errors: Some(point.errors),
            retry_after: Some(point.retry_after),
            abandoned: Some(point.abandoned),
        }
    }
}

fn abandoned_words() -> impl Form<Value = Abandoned> {
    words(vec![
        ("served", Abandoned::Served),
        ("dropped", Abandoned::Dropped),
        ("cancelled", Abandoned::Cancelled),
    ])
}

const EFFICIENCY: &str = "write for example `[[50, 1.0], [200, 0.4]]`: the full bandwidth at 50 \
                          connections, 40% of it at 200";

fn efficiency() -> impl Form<Value = Vec<(u32, f64)>> {
    let pairs = checked(list(pair()), check_efficiency, Clone::clone);
    described(pairs, || json!({ "minItems": 1, "examples": [[[50, 1.0], [200, 0.4]]] }))
}

fn check_efficiency(pairs: Vec<(u32, f64)>, field: Field<'_>) -> Option<Vec<(u32, f64)>> {
    if pairs.is_empty() {
        return field.refuse("`efficiency` has no entries", EFFICIENCY);
    }
    let later = pairs.iter().zip(&pairs[1..]).zip(field.items().skip(1));
    for (((last, _), (connections, _)), item) in later {
        if last >= connections {
            let number = f64::from(*connections);
            let (connections, are) = (counted(number, "connection"), is_or_are(number));
            let error = format!("{connections} {are} listed after {last}");
            return item.refuse(error, "list the entries by connections, ascending");
        }
    }
    Some(pairs)
}

/// A number of connections and a share of the bandwidth: `[50, 1.0]`.
fn pair() -> impl Form<Value = (u32, f64)> {
    form_over(
        (integer(1..=u32::MAX), share()),
        |(connections, share), pair| {
            let values: Vec<Field<'_>> = pair.items().collect();
            let [first, second] = values[..] else {
                let found = match values.len() {
                    0 => String::new(),
                    number => format!(", found {number} values"),
                };
                let what = "a number of connections and a share in brackets";
                let error = format!("an entry of `efficiency` is {what}{found}");
                return pair.refuse(error, EFFICIENCY);
            };
            let (connections, share) = (connections.read(first), share.read(second));
            Some((connections?, share?))
        },
        |_, pair| json!(pair),
        |_| {
            let connections = json!({ "type": "integer", "minimum": 1 });
            let share = json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 });
            let items = [connections, share];
            let schema = json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": items });
            Shape::value("a number of connections and a share", schema)
        },
    )
}

/// A share of the bandwidth.
fn share() -> impl Form<Value = f64> {
    let limits = || json!({ "exclusiveMinimum": 0, "maximum": 1 });
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
