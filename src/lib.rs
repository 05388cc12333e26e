//! Simulates clients that contend for a server with a connection limit and retry.
//!
//! The first case is Microsoft KB article Q268500. A distribution point accepts a limited number of
//! connections; a refused client tries again every 10 minutes. In rare circumstances the refusal is
//! misreported, a buggy release does not recognise the code, and the client's advertisement is
//! *stranded*: it never runs. The simulator runs thousands to millions of such clients on virtual
//! time and reports how many are stranded under buggy and under fixed error handling. The same
//! machinery sizes connection limits and compares retry policies.
//!
//! # The public face
//!
//! * [`scenario::load()`] reads a scenario, and [`scenario::load_grid`] one for each point of a grid.
//! * [`study::run`] simulates it and gives [`results::Results`]; [`study::size()`] searches for a value.
//! * [`report::FORMATS`] renders results, and [`compare`] sets two of them beside each other.
//! * [`engine::event_engine::run`] simulates one replication with a custom [`Observer`](model::Observer) that
//!   sees every event; [`model`] has the types, and [`stats`] the standard observer and the metrics.
//!
//! `examples/` has a complete program for each. Without the default feature `cli` the command line is
//! left out, and the crates that only it needs.
//!
//! # An example
//!
//! ```
//! use distpoint::scenario::{Origin, load};
//! use distpoint::study::{self, Options};
//!
//! let text = r#"
//!     name = "An office"
//!     [distribution_points.DP01]
//!     connection_limit = 50
//!     [clients.office]
//!     count = 1000
//!     arrival = { kind = "burst" }
//!     transfer = { kind = "constant", duration = "2m" }
//! "#;
//! let loaded = load(Origin::Text { name: "office.toml", text }, &[])?;
//! let results = study::run(&loaded, &Options::default())?;
//!
//! // 20 waves of 50 clients, 10 minutes apart: the last ends after 19 * 600 s + 120 s.
//! let makespan = results.variants[0].metrics["makespan"].expect("clients completed");
//! assert_eq!(makespan.mean, 11_520_000.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The map
//!
//! Data flows one way, and each step is a plain value:
//!
//! ```text
//! scenario file -> Scenario -> variants x replications -> engine -> RunStatistics -> Results -> reports
//! ```
//!
//! * [`scenario`]: what a user writes, TOML, becomes a checked [`Scenario`](scenario::Scenario);
//!   every error points into the file.
//! * [`model`]: the domain. [`model::run_advertisement`] is the KB article as one async function.
//!   Beside it lie releases, retry policies, arrivals, transfers and distribution points, one idea
//!   per file. They know only the trait [`World`](model::World), never an engine.
//! * [`engine`]: the worlds. The event engine simulates tens of millions of events per second; the
//!   tokio engine simulates the same client code as an independent check.
//! * [`stats`]: what is observed in a run: counts, time averages, series, percentiles.
//! * [`study`]: simulates variants in parallel, and draws conclusions from their runs.
//! * [`results`]: the one artifact, its schema, and how it is read back. [`compare`] sets two of them
//!   beside each other. [`report`] renders either, one format per file.
//! * `value`: durations, sizes, rates and percentages, read and written exactly. `diagnostic`: errors
//!   that point into a text, all of them at once. Both know nothing of the rest.
//! * `cli`: the command line, one subcommand per file. Nothing below it prints.

pub mod compare;
pub mod engine;
mod human;
mod limited;
pub mod log;
pub mod model;
pub mod report;
pub mod results;
pub mod scenario;
pub mod stats;
pub mod study;

// Not for embedders, but public: the program and the integration tests are other crates.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod diagnostic;
#[doc(hidden)]
pub mod value;
