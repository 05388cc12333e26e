//! The keys of `transfer`: how long a client holds its connection, or how much it transfers.

use super::super::form::{
    Either, Field, Form, checked, choice, described, duration, kinds, non_negative, or_table,
    positive_duration, required, size,
};
use super::super::trace::Traces;
use super::csv_column::{csv_column, with_rows};
use crate::diagnostic::Diagnostic;
use crate::model::{SizeDistribution, Sizes, Trace, Transfer};
use crate::value::{Size, Span};

kinds! {
    /// How long a connection lasts.
    Transfer by "kind", as in "\"constant\"" {
        /// Always the same time.
        "constant" => Constant {
            /// How long.
            duration: Span = required("\"2m\"", positive_duration());
        }
        /// Anything between two times.
        "uniform" => Uniform {
            /// The shortest.
            min: Span = required("\"1m\"", duration());
            /// The longest.
            max: Span = required("\"3m\"", positive_duration());
        }
        /// Exponentially distributed.
        "exponential" => Exponential {
            /// The mean.
            mean: Span = required("\"2m\"", positive_duration());
        }
        /// Lognormally distributed.
        "lognormal" => Lognormal {
            /// The median.
            median: Span = required("\"2m\"", positive_duration());
            /// The standard deviation of the logarithm.
            sigma: f64 = required("0.5", sigma());
        }
        /// Drawn from a column of a CSV file, with replacement.
        "empirical" => Empirical(Trace = csv_column::<Span>("\"transfers.csv\""))
        /// As in a CSV file: row i is client i.
        "trace" => Trace(Trace = csv_column::<Span>("\"transfers.csv\""))
        /// As long as a number of bytes take over the bandwidth that is left.
        "size" => Size {
            /// How many bytes, or how they are distributed.
            bytes: Sizes = required("\"40 MB\"", sizes());
        }
    }
}

kinds! {
    /// How many bytes a client transfers.
    SizeDistribution by "kind", as in "\"lognormal\"" {
        /// Anything between two sizes.
        "uniform" => Uniform {
            /// The least.
            min: Size = required("\"1 MB\"", size());
            /// The most.
            max: Size = required("\"40 MB\"", size());
        }
        /// Exponentially distributed.
        "exponential" => Exponential {
            /// The mean.
            mean: Size = required("\"40 MB\"", size());
        }
        /// Lognormally distributed.
        "lognormal" => Lognormal {
            /// The median.
            median: Size = required("\"40 MB\"", size());
            /// The standard deviation of the logarithm.
            sigma: f64 = required("0.5", sigma());
        }
        /// Drawn from a column of a CSV file, with replacement.
        "empirical" => Empirical(Trace<Size> = csv_column::<Size>("\"sizes.csv\""))
        /// As in a CSV file: row i is client i.
        "trace" => Trace(Trace<Size> = csv_column::<Size>("\"sizes.csv\""))
    }
}

/// A distribution of transfers.
pub fn transfer() -> impl Form<Value = Transfer> {
    checked(
        choice::<Transfer>("`transfer`"),
        |transfer, field| match transfer {
            Transfer::Uniform { min, max } if min > max => {
                let error = format!("`max` is {max}, less than `min`, {min}");
                field.get("max")?.reject(Diagnostic::error(error).help("exchange them"))
            }
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
                let error = format!("`max` is {max}, less than `min`, {min}");
                field.get("max")?.reject(Diagnostic::error(error).help("exchange them"))
            }
            Either::Table(drawn) => Some(Sizes::Drawn(drawn)),
        },
        |sizes: &Sizes| match sizes {
            Sizes::Constant(size) => Either::Plain(*size),
            Sizes::Drawn(drawn) => Either::Table(drawn.clone()),
        },
    )
}

/// A standard deviation of a logarithm. At 10 the 97.5th percentile is 325 million times the
/// median: more is a slip of the pen.
fn sigma() -> impl Form<Value = f64> {
    let sigma = checked(
        non_negative(),
        |value, field| match value {
            ..=10.0 => Some(value),
            _ => {
                let error = format!("`sigma` must be at most 10, found {value}");
                let help = "it is the standard deviation of the logarithm: try 0.5";
                field.reject(Diagnostic::error(error).help(help))
            }
        },
        |value| *value,
    );
    described(sigma, || serde_json::json!({ "maximum": 10 }))
}

/// The transfers of the client group `group`, with the rows of their trace if they have one.
pub fn transfers(transfer: &Transfer, group: Field<'_>, traces: &Traces) -> Option<Transfer> {
    let field = group.get("transfer")?;
    let bytes = |sizes: SizeDistribution| Transfer::Size { bytes: Sizes::Drawn(sizes) };
    match transfer {
        Transfer::Empirical(_) => with_rows(field, None, traces).map(Transfer::Empirical),
        Transfer::Trace(_) => with_rows(field, None, traces).map(Transfer::Trace),
        Transfer::Size { bytes: Sizes::Drawn(SizeDistribution::Empirical(_)) } => {
            Some(bytes(SizeDistribution::Empirical(with_rows(field.get("bytes")?, None, traces)?)))
        }
        Transfer::Size { bytes: Sizes::Drawn(SizeDistribution::Trace(_)) } => {
            Some(bytes(SizeDistribution::Trace(with_rows(field.get("bytes")?, None, traces)?)))
        }
        transfer => Some(transfer.clone()),
    }
}
