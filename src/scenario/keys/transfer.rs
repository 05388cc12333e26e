//! The keys of `transfer`: how long a client holds its connection, or how much it transfers.

use super::super::form::{Either, Field, Form, checked, choice, kinds, or_table, required, size};
use super::super::trace::Traces;
use super::csv_column::{csv_column, with_rows};
use super::time_distribution::{in_order, refuse_reversed, sigma};
use crate::model::{SizeDistribution, Sizes, TimeDistribution, Trace, Transfer};
use crate::value::{Size, Span};

kinds! {
    /// How long a client holds its connection, or how much it transfers.
    Transfer by "kind", as in "\"constant\"", or Held of TimeDistribution {
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
            Transfer::Held(time) => in_order(time, field).map(Transfer::Held),
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
