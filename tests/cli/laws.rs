//! Wrong `arrival`, `transfer` and `retry` tables.

mod arrivals;
mod retries;
mod transfers;
