//! The files that several tests read.

/// A scenario that takes some milliseconds; tests change lines of it.
pub const SMALL: &str = include_str!("../../fixtures/small.toml");

/// A scenario that takes hours: a command that ends at once has not simulated it.
pub const ENDLESS: &str = include_str!("../../fixtures/endless.toml");

/// A scenario with every distribution and retry policy; it reads [`TRACES`].
pub const EVERY_DISTRIBUTION: &str = include_str!("../../fixtures/every-distribution.toml");

/// A scenario with every kind of outage and limit of a distribution point.
pub const EVERY_OUTAGE: &str = include_str!("../../fixtures/every-outage.toml");

/// A scenario with every way in which the clients of a fleet differ.
pub const EVERY_FLEET: &str = include_str!("../../fixtures/every-fleet.toml");

/// A scenario with every way in which servers limit their clients.
pub const EVERY_LIMIT: &str = include_str!("../../fixtures/every-limit.toml");

/// A scenario with every way in which load comes and goes.
pub const EVERY_LOAD: &str = include_str!("../../fixtures/every-load.toml");

/// The names and texts of the files that [`EVERY_DISTRIBUTION`] and [`EVERY_LOAD`] read.
pub const TRACES: [(&str, &str); 4] = [
    ("counts.csv", include_str!("../../fixtures/counts.csv")),
    ("sizes.csv", include_str!("../../fixtures/sizes.csv")),
    ("times.csv", include_str!("../../fixtures/times.csv")),
    ("arrivals.csv", include_str!("../../fixtures/arrivals.csv")),
];

/// A scenario with many errors.
pub const MANY_ERRORS: &str = include_str!("../../fixtures/many-errors.toml");

/// Small results that do not depend on the simulator.
pub const RESULTS: &str = include_str!("../../fixtures/results.json");
