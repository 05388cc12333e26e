//! Whether a scenario fits into this machine's memory.

use super::super::definition::Scenario;
use crate::diagnostic::{Diagnostic, Diagnostics, Location};

/// The bytes that the sums over the replications of a variant take: histograms and series. Measured on sweeps of
/// 5,000 and 20,000 points.
const VARIANT_BYTES: f64 = 105_000.0;

/// The most bytes that a client needs: its future, its place in the queue, its arrival and its
/// completion time. `make bench` measures it.
const BYTES_PER_CLIENT: f64 = 160.0;

/// The same where bandwidth is shared, points fail or servers have queues, and where clients do more
/// than in Q268500: its future has 448 bytes, and it has an entry among the waiting clients, and perhaps
/// among the transfers.
const BYTES_PER_FULL_CLIENT: f64 = 700.0;

impl Scenario {
    /// The approximate memory that one run needs, in bytes.
    pub fn expected_bytes(&self) -> f64 {
        self.expected_clients() * self.bytes_per_client()
    }

    fn bytes_per_client(&self) -> f64 {
        if self.replication(0).is_plain() { BYTES_PER_CLIENT } else { BYTES_PER_FULL_CLIENT }
    }
}

/// Checks that one run of `scenario` fits into the memory that is available; reports at `counts`
/// if it does not.
pub fn check(scenario: &Scenario, counts: Location, diagnostics: &Diagnostics) -> bool {
    let clients = scenario.expected_clients();
    let needed = scenario.expected_bytes();
    if needed < SMALL {
        return true;
    }
    let Some(available) = available_bytes() else { return true };
    if needed <= available {
        return true;
    }
    let error = Diagnostic::error(format!(
        "{clients:.0} clients need about {} of memory, but only {} are available",
        gibibytes(needed),
        gibibytes(available)
    ));
    let most = (available / scenario.bytes_per_client() / 1e6).floor() * 1e6;
    diagnostics
        .push(error.at(counts).help(format!("this machine can simulate about {most:.0} clients")));
    false
}

/// How many runs that need `needed` bytes each fit into the available memory at the same time: at
/// least 1.
pub fn runs_that_fit(needed: f64) -> usize {
    if needed < SMALL {
        return usize::MAX;
    }
    let available = available_bytes().unwrap_or(f64::INFINITY);
    // The cast saturates.
    ((available / needed) as usize).max(1)
}

/// The bytes below which memory is not checked: asking the system takes longer than most runs, and
/// every machine has this much.
const SMALL: f64 = 256.0 * 1024.0 * 1024.0;

/// The memory that the results of `variants` variants take, if that is more than is available.
pub fn too_much_memory(variants: u128) -> Option<String> {
    let needed = variants as f64 * VARIANT_BYTES;
    available_bytes().filter(|available| needed > *available).map(|_| gibibytes(needed))
}

/// The memory that a new process can have; `None` if the system does not report it.
fn available_bytes() -> Option<f64> {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    let available = match system.cgroup_limits() {
        Some(limits) => limits.free_memory.min(system.available_memory()),
        None => system.available_memory(),
    };
    (available > 0).then_some(available as f64)
}

fn gibibytes(bytes: f64) -> String {
    format!("{:.1} GiB", bytes / f64::from(1 << 30))
}
