//! The keys of `arrival`: when the clients of a group make their first attempt.

use super::super::form::{
    Field, Form, choice, default, duration, kinds, positive_duration, required,
};
use super::super::trace::Traces;
use super::csv_column::{csv_column, with_rows};
use super::rate_profile::{RateKeys, with_counts};
use crate::model::{Arrival, RateProfile, Trace};
use crate::value::Span;

kinds! {
    /// When clients make their first attempt.
    Arrival by "kind", as in "\"uniform\"" {
        /// All clients at once.
        "burst" => Burst {
            /// When the clients arrive, from the start of the simulation.
            at: Span = default(Span::ZERO, duration());
        }
        /// Evenly spread over a time: client i arrives after i/count of it.
        "even" => Even {
            /// The time within which all clients arrive.
            over: Span = required("\"10m\"", positive_duration());
        }
        /// Uniformly at random within a time.
        "uniform" => Uniform {
            /// The time within which all clients arrive.
            over: Span = required("\"10m\"", positive_duration());
        }
        /// A Poisson process: clients arrive independently of each other, at a constant rate.
        "poisson" => Poisson {
            /// The mean time between two arrivals.
            mean_interval: Span = required("\"10m\"", positive_duration());
        }
        /// A Poisson process whose rate changes over time: by a `profile`, or as many clients in each interval as a CSV file says.
        "rate" => Rate(RateProfile = RateKeys)
        /// By polling: each client arrives at its own random phase of a common interval.
        "poll" => Poll {
            /// The polling interval.
            interval: Span = required("\"10m\"", positive_duration());
        }
        /// From a CSV file: row i is the arrival of client i.
        "trace" => Trace(Trace = csv_column::<Span>("\"arrivals.csv\"").ordered())
    }
}

/// A distribution of arrivals.
pub fn arrival() -> impl Form<Value = Arrival> {
    choice::<Arrival>("`arrival`")
}

/// The arrivals of the client group `group`, with the rows of their trace if they have one. The rows
/// must be in order of time, unless the key `sorted` is false, or the same file has the transfers:
/// then a row stands for a certain client.
pub fn arrivals(arrival: &Arrival, group: Field<'_>, traces: &Traces) -> Option<Arrival> {
    let trace = match arrival {
        Arrival::Trace(trace) => trace,
        Arrival::Rate(profile) => {
            return with_counts(group.get("arrival")?, traces, profile).map(Arrival::Rate);
        }
        _ => return Some(arrival.clone()),
    };
    let transfers = group.get("transfer").and_then(|transfer| transfer.get("file"));
    let is_paired = transfers.and_then(|file| file.as_str()) == Some(&trace.file);
    let sorted = trace.sorted.unwrap_or(!is_paired);
    with_rows(group.get("arrival")?, Some(sorted), traces, trace).map(Arrival::Trace)
}
