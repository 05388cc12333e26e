//! Logs of servers, one format per file: each line becomes a request.

pub mod clock;
pub mod combined;
mod envoy;
pub mod haproxy;
pub mod json;
pub mod postgres;
mod postgres_entry;
mod quoted;
mod status;
pub mod table;
