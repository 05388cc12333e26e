//! Whether a scenario fits into this machine's memory.

use super::super::definition::Scenario;
use super::available::{available_bytes, left_of_address_space};
use crate::diagnostic::{Diagnostic, Diagnostics, Location};
use crate::model::{ClientGroup, Component, DistributionPoint, Time};

/// The bytes that a variant takes: the sums over its replications, histograms and series (105 kB, measured on
/// sweeps of 5,000 and 20,000 points), and later its results, when they are read again.
const VARIANT_BYTES: f64 = 130_000.0;

/// The bytes that each client group and each distribution point adds to a variant: its part of the scenario,
/// its sums and its metrics. Measured on 60,000 groups.
const VARIANT_BYTES_PER_PART: f64 = 12_000.0;

/// The bytes that each client group adds to a run, most of them in its histogram of attempts. Measured on
/// 60,000 groups.
const RUN_BYTES_PER_GROUP: f64 = 25_000.0;

/// The bytes that each distribution point adds to a run.
const RUN_BYTES_PER_POINT: f64 = 4_000.0;

/// The most bytes that a client needs: its future, its place in the queue, its arrival and its
/// completion time. `make bench` measures it.
const BYTES_PER_CLIENT: f64 = 160.0;

/// The most bytes that a completion time takes, also while the list of them grows.
const BYTES_OF_COMPLETION: f64 = 16.0;

/// The most bytes that a client adds to curves and times where components are simulated apart.
const BYTES_OF_CHANGES: f64 = 32.0;

/// The most bytes that these take for each millisecond, for each group and each point.
const BYTES_OF_A_MILLISECOND: f64 = 10.0;

/// The same where bandwidth is shared, points fail or servers have queues, and where clients do more
/// than in Q268500: its future, whose size a test of the event engine limits to 448 bytes, an entry among the
/// waiting clients, and perhaps one among the transfers.
const BYTES_PER_FULL_CLIENT: f64 = 700.0;

impl Scenario {
    /// The approximate memory that one run needs, in bytes.
    pub fn expected_bytes(&self) -> f64 {
        let components = self.components();
        if components.is_one_without_copies() {
            return self.expected_clients() * self.bytes_per_client()
                + self.bytes_of_rounds()
                + self.bytes_of_parts();
        }
        // Of each component only its sums remain: what it adds to curves and times, until that is a number for
        // each millisecond.
        let of = |component: &Component| -> f64 {
            let horizon = Time::ZERO + self.horizon;
            let groups = component.groups.iter();
            let clients: f64 = groups.map(|group| group.expected_arrivals(horizon)).sum();
            let changes = clients * BYTES_OF_CHANGES;
            clients * self.bytes_per_client()
                + changes
                + bytes_of(&component.groups, &component.points)
        };
        let largest = components.kinds().map(|(component, _)| of(&component)).fold(0.0, f64::max);
        let most = self.horizon.as_millis_f64() * BYTES_OF_A_MILLISECOND * self.parts() as f64;
        let sums = (self.expected_clients() * BYTES_OF_CHANGES).min(most);
        largest + sums + self.bytes_of_parts()
    }

    /// The number of its client groups and distribution points.
    pub fn parts(&self) -> usize {
        self.clients.len() + self.distribution_points.len()
    }

    /// What clients that come again add: a completion time for each program.
    fn bytes_of_rounds(&self) -> f64 {
        let horizon = Time::ZERO + self.horizon;
        let all: f64 = self.clients.iter().map(|group| group.expected_arrivals(horizon)).sum();
        (all - self.expected_clients()).max(0.0) * BYTES_OF_COMPLETION
    }

    fn bytes_of_parts(&self) -> f64 {
        bytes_of(&self.clients, &self.distribution_points)
    }

    fn bytes_per_client(&self) -> f64 {
        if self.replication(0).is_plain() { BYTES_PER_CLIENT } else { BYTES_PER_FULL_CLIENT }
    }
}

fn bytes_of(groups: &[ClientGroup], points: &[DistributionPoint]) -> f64 {
    groups.len() as f64 * RUN_BYTES_PER_GROUP + points.len() as f64 * RUN_BYTES_PER_POINT
}

/// Checks that one run of `scenario` fits into the memory that is available; reports at `counts`
/// if it does not.
pub fn check(scenario: &Scenario, counts: Location, diagnostics: &Diagnostics) -> bool {
    let clients = scenario.expected_clients();
    let needed = scenario.expected_bytes();
    if is_small(needed) {
        return true;
    }
    let Some(available) = available_bytes() else { return true };
    if needed <= available {
        return true;
    }
    let parts = scenario.bytes_of_parts();
    let many = if parts > needed / 2.0 {
        format!("{} client groups and distribution points", scenario.parts())
    } else {
        format!("{clients:.0} clients")
    };
    let error = Diagnostic::error(format!(
        "{many} need about {} of memory, but only {} are available",
        gibibytes(needed),
        gibibytes(available)
    ));
    let most = ((available - parts) / scenario.bytes_per_client()).max(0.0);
    // In millions where there are that many.
    let round = if most < 1e6 { 1e3 } else { 1e6 };
    let most = (most / round).floor() * round;
    let help = match scenario.components().is_one_without_copies() {
        true => format!("this machine can simulate about {most:.0} clients"),
        false => "use fewer `copies`, or fewer clients in each".to_owned(),
    };
    diagnostics.push(error.at(counts).help(help));
    false
}

/// How many runs that need `needed` bytes each fit into the available memory at the same time: at
/// least 1.
pub fn runs_that_fit(needed: f64) -> usize {
    if is_small(needed) {
        return usize::MAX;
    }
    let available = available_bytes().unwrap_or(f64::INFINITY);
    // The cast saturates.
    ((available / needed) as usize).max(1)
}

/// The bytes that every machine has.
const SMALL: f64 = 256.0 * 1024.0 * 1024.0;

/// The bytes that the results of a variant with `parts` client groups and distribution points take while a
/// study runs, its scenario included.
pub fn variant_bytes(parts: usize) -> f64 {
    VARIANT_BYTES + parts as f64 * VARIANT_BYTES_PER_PART
}

/// What is wrong with `bytes` bytes of memory for `what`, if that is more than is available.
pub fn too_much_memory(what: &str, bytes: f64) -> Option<String> {
    if is_small(bytes) {
        return None;
    }
    let available = available_bytes().filter(|available| bytes > *available)?;
    Some(format!(
        "{what} take about {} of memory, but only {} are available",
        gibibytes(bytes),
        gibibytes(available)
    ))
}

/// Whether so little memory is needed that every machine has it. Asking the system takes longer than most
/// runs; a limit of the process itself is known at once.
fn is_small(bytes: f64) -> bool {
    bytes < SMALL && left_of_address_space().is_none_or(|left| bytes < left)
}

/// A number of bytes in GiB.
pub fn gibibytes(bytes: f64) -> String {
    format!("{:.1} GiB", bytes / f64::from(1 << 30))
}
