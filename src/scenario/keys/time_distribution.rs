//! The keys of a time that is drawn for each client, such as its patience in a queue.

use super::super::form::{
    Either, Form, checked, choice, duration, kinds, or_table, positive_duration, required,
};
use super::transfer::{refuse_reversed, sigma};
use crate::model::TimeDistribution;
use crate::value::Span;

kinds! {
    /// The distribution of a time.
    TimeDistribution by "kind", as in "\"exponential\"" {
        /// Always the same time.
        "constant" => Constant {
            /// The time.
            duration: Span = required("\"30s\"", positive_duration());
        }
        /// Uniformly distributed between two times.
        "uniform" => Uniform {
            /// The shortest time.
            min: Span = required("\"10s\"", duration());
            /// The longest time.
            max: Span = required("\"50s\"", positive_duration());
        }
        /// Exponentially distributed.
        "exponential" => Exponential {
            /// The mean time.
            mean: Span = required("\"30s\"", positive_duration());
        }
        /// Lognormally distributed.
        "lognormal" => Lognormal {
            /// The median time.
            median: Span = required("\"30s\"", positive_duration());
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
            Either::Table(TimeDistribution::Uniform { min, max }) if min > max => {
                refuse_reversed(field, min, max)
            }
            Either::Table(drawn) => Some(drawn),
        },
        |time: &TimeDistribution| match time {
            TimeDistribution::Constant { duration } => Either::Plain(*duration),
            drawn => Either::Table(drawn.clone()),
        },
    )
}
