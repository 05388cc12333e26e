//! The keys of `transfer`: how long a client holds its connection, or how much it transfers.

use std::fmt::Display;

use serde_json::json;

use super::super::form::{
    Either, Field, Form, checked, choice, duration, kinds, number, or_table, positive_duration,
    required, size,
};
use super::super::trace::Traces;
use super::csv_column::{csv_column, with_rows};
use crate::model::{SizeDistribution, Sizes, Trace, Transfer};
use crate::value::{Size, Span};

kinds! {
    /// How long a client holds its connection, or how much it transfers.
    Transfer by "kind", as in "\"constant\"" {
        /// Always the same time.
        "constant" => Constant {
            /// How long each transfer takes.
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
        /// Drawn from a column of a CSV file, with replacement.
        "empirical" => Empirical(Trace = csv_column::<Span>("\"transfers.csv\""))
        /// From a CSV file: row i is the transfer of client i.
        "trace" => Trace(Trace = csv_column::<Span>("\"transfers.csv\""))
        /// A number of bytes: the transfer takes as long as the available bandwidth allows.
        "size" => Size {
            /// The size, or the distribution of sizes.
            bytes: Sizes = required("\"40 MB\"", sizes());
        }
    }
}

kinds! {
    /// The distribution of the size of a transfer.
    SizeDistribution by "kind", as in "\"lognormal\"" {
        /// Uniformly distributed between two sizes.
        "uniform" => Uniform {
            /// The smallest size.
            min: Size = required("\"1 MB\"", size());
            /// The largest size.
            max: Size = required("\"40 MB\"", size());
        }
        /// Exponentially distributed.
        "exponential" => Exponential {
            /// The mean size.
            mean: Size = required("\"40 MB\"", size());
        }
        /// Lognormally distributed.
        "lognormal" => Lognormal {
            /// The median size.
            median: Size = required("\"40 MB\"", size());
            /// The standard deviation of the logarithm.
            sigma: f64 = required("0.5", sigma());
        }
        /// Drawn from a column of a CSV file, with replacement.
        "empirical" => Empirical(Trace<Size> = csv_column::<Size>("\"sizes.csv\""))
        /// From a CSV file: row i is the size of client i.
        "trace" => Trace(Trace<Size> = csv_column::<Size>("\"sizes.csv\""))
    }
}

/// A distribution of transfers.
pub fn transfer() -> impl Form<Value = Transfer> {
    checked(
        choice::<Transfer>("`transfer`"),
        |transfer, field| match transfer {
            Transfer::Uniform { min, max } if min > max => refuse_reversed(field, min, max),
            transfer => Some(transfer),
        },
        Clone::clone,
    )
}

/// A size, or the distribution of one.
fn sizes() -> impl Form<Value = Sizes> {
    checked(
        or_table(size(), choice::<SizeDistribution>("`bytes`")),
        |sizes, field| match sizes {
            Either::Plain(size) => Some(Sizes::Constant(size)),
            Either::Table(SizeDistribution::Uniform { min, max }) if min > max => {
                refuse_reversed(field, min, max)
            }
            Either::Table(drawn) => Some(Sizes::Drawn(drawn)),
        },
        |sizes: &Sizes| match sizes {
            Sizes::Constant(size) => Either::Plain(*size),
            Sizes::Drawn(drawn) => Either::Table(drawn.clone()),
        },
    )
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

/// The transfers of the client group `group`, with the rows of their trace if they have one.
pub fn transfers(transfer: &Transfer, group: Field<'_>, traces: &Traces) -> Option<Transfer> {
    let field = group.get("transfer")?;
    match transfer {
        Transfer::Empirical(trace) => {
            with_rows(field, None, traces, trace).map(Transfer::Empirical)
        }
        Transfer::Trace(trace) => with_rows(field, None, traces, trace).map(Transfer::Trace),
        Transfer::Size { bytes: Sizes::Drawn(drawn) } => {
            let rows = |trace| with_rows(field.get("bytes")?, None, traces, trace);
            let drawn = match drawn {
                SizeDistribution::Empirical(trace) => SizeDistribution::Empirical(rows(trace)?),
                SizeDistribution::Trace(trace) => SizeDistribution::Trace(rows(trace)?),
                drawn => drawn.clone(),
            };
            Some(Transfer::Size { bytes: Sizes::Drawn(drawn) })
        }
        transfer => Some(transfer.clone()),
    }
}
