//! The keys of a time that is drawn for each client, such as that of its transfer, or its patience in a queue.

use std::fmt::Display;

use serde_json::json;

use super::super::form::{
    Either, Field, Form, checked, choice, duration, kinds, number, or_table, positive_duration,
    required,
};
use crate::model::TimeDistribution;
use crate::value::Span;

kinds! {
    /// The distribution of a time.
    TimeDistribution by "kind", as in "\"exponential\"" {
        /// Always the same time.
        "constant" => Constant {
            /// The time.
            duration: Span = required("\"2m\"", positive_duration());
        }
        /// Uniformly distributed between two times.
        "uniform" => Uniform {
            /// The shortest time.
            min: Span = required("\"1m\"", duration());
            /// The longest time.
            max: Span = required("\"3m\"", positive_duration());
        }
        /// Exponentially distributed.
        "exponential" => Exponential {
            /// The mean time.
            mean: Span = required("\"2m\"", positive_duration());
        }
        /// Lognormally distributed.
        "lognormal" => Lognormal {
            /// The median time.
            median: Span = required("\"2m\"", positive_duration());
            /// The standard deviation of the logarithm.
            sigma: f64 = required("0.5", sigma());
        }
    }
}

/// A time, or the distribution of one. In messages it is called `what`, such as `` `patience` ``.
pub fn time_or_distribution(what: &'static str) -> impl Form<Value = TimeDistribution> {
    checked(
        or_table(positive_duration(), choice::<TimeDistribution>(what)),
        |time, field| match time {
            Either::Plain(duration) => Some(TimeDistribution::Constant { duration }),
            Either::Table(drawn) => in_order(drawn, field),
        },
        |time: &TimeDistribution| match time {
            TimeDistribution::Constant { duration } => Either::Plain(*duration),
            drawn => Either::Table(drawn.clone()),
        },
    )
}

/// The distribution of the table `field`, unless its `min` is more than its `max`.
pub fn in_order(time: TimeDistribution, field: Field<'_>) -> Option<TimeDistribution> {
    match time {
        TimeDistribution::Uniform { min, max } if min > max => refuse_reversed(field, min, max),
        time => Some(time),
    }
}

/// The error of a distribution between `min` and `max` in the wrong order.
pub fn refuse_reversed<T>(field: Field<'_>, min: impl Display, max: impl Display) -> Option<T> {
    let error = format!("`max` is {max}, less than `min`, {min}");
    field.get("max")?.refuse(error, "swap them")
}

/// A standard deviation of a logarithm. At 10 the 97.5th percentile is 325 million times the
/// median: a higher value is a mistake.
pub fn sigma() -> impl Form<Value = f64> {
    let help = Some("`sigma` is the standard deviation of the logarithm: try 0.5");
    let limits = || json!({ "minimum": 0, "maximum": 10 });
    number("number from 0 to 10", |sigma| (0.0..=10.0).contains(&sigma), limits, help)
}
