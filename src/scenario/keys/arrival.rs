//! The keys of `arrival`: when the clients of a group make their first attempt.

use super::super::form::{
    Field, Form, choice, default, duration, kinds, positive_duration, required,
};
use super::super::trace::Traces;
use super::csv_column::{csv_column, with_rows};
use crate::model::{Arrival, Trace};
use crate::value::Span;

kinds! {
    /// When clients make their first attempt.
    Arrival by "kind", as in "\"uniform\"" {
        /// All at once.
        "burst" => Burst {
            /// When.
            at: Span = default(Span::ZERO, duration());
        }
        /// Evenly spread: client i at i/count of the time.
        "even" => Even {
            /// The time.
            over: Span = required("\"10m\"", positive_duration());
        }
        /// At random within a time.
        "uniform" => Uniform {
            /// The time.
            over: Span = required("\"10m\"", positive_duration());
        }
        /// Independent of each other, at a steady rate.
        "poisson" => Poisson {
            /// The mean time between two arrivals.
            mean_interval: Span = required("\"10m\"", positive_duration());
        }
        /// At the client's own phase of a common interval.
        "poll" => Poll {
            /// The interval.
            interval: Span = required("\"10m\"", positive_duration());
        }
        /// As in a CSV file: row i is client i.
        "trace" => Trace(Trace = csv_column::<Span>("\"arrivals.csv\"").ordered())
    }
}

/// A distribution of arrivals.
pub fn arrival() -> impl Form<Value = Arrival> {
    choice::<Arrival>("`arrival`")
}

/// The arrivals of the client group `group`, with the rows of their trace if they have one. The rows
/// must be in order of time, unless they say otherwise, or the same file gives the transfers: its
/// rows name clients then.
pub fn arrivals(arrival: &Arrival, group: Field<'_>, traces: &Traces) -> Option<Arrival> {
    let Arrival::Trace(trace) = arrival else { return Some(arrival.clone()) };
    let transfers = group.get("transfer").and_then(|transfer| transfer.get("file"));
    let is_paired = transfers.and_then(|file| file.as_str()) == Some(&trace.file);
    let sorted = trace.sorted.unwrap_or(!is_paired);
    with_rows(group.get("arrival")?, Some(sorted), traces).map(Arrival::Trace)
}
