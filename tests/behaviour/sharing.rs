//! Shared bandwidth: against the theory of processor sharing, and by hand to the millisecond.
//!
//! M/G/1-PS: with Poisson arrivals of rate lambda and a mean size that takes E[S] alone, a client
//! takes E[S]/(1-rho) on average, for any distribution of the sizes (Kleinrock 1976; Sakata, Noguchi and
//! Oizumi 1971). With a limit K it is M/M/1/K in its number of clients, again for any distribution
//! (Cohen 1979): it blocks (1-rho) rho^K / (1 - rho^(K+1)) of them.

use crate::harness::{assert_mean_by_spread, metric, replication, run, scenario};
use distpoint::scenario::Scenario;

/// Sizes with the mean of 1 MB, which take a second alone. The lognormal one has a coefficient of
/// variation of 4: sigma² = ln 17.
const SIZE_DISTRIBUTIONS: [&str; 3] = [
    "{ kind = \"exponential\", mean = \"1 MB\" }",
    "\"1 MB\"",
    "{ kind = \"lognormal\", median = \"242536 B\", sigma = 1.683215 }",
];

/// A server of 1 MB/s with `limit` connections, to which clients come every 1.25 s (rho = 0.8).
fn shared(limit: u32, sizes: &str, rest: &str) -> Scenario {
    scenario(&format!(
        "name = \"shared\"
        horizon = \"4d\"
        warmup = \"1d\"
        [distribution_points.A]
        connection_limit = {limit}
        bandwidth = \"1 MB/s\"
        [clients.g]
        arrival = {{ kind = \"poisson\", mean_interval = \"1250ms\" }}
        transfer = {{ kind = \"size\", bytes = {sizes} }}
        {rest}"
    ))
}

/// Asserts the mean of a metric over 8 replications, by their own spread.
#[track_caller]
fn assert_metric(scenario: &Scenario, sizes: &str, name: &str, expected: f64) {
    let values: Vec<f64> = (0..8).map(|run| metric(&replication(scenario, run), name)).collect();
    assert_mean_by_spread(&format!("{name} with {sizes}"), &values, expected, 7.0);
}

#[test]
fn the_mean_sojourn_is_that_of_m_g_1_ps_whatever_the_sizes() {
    for sizes in SIZE_DISTRIBUTIONS {
        // Nobody is refused. A transfer ends at a whole millisecond: half a millisecond late.
        let scenario = shared(1_000_000, sizes, "");
        assert_metric(&scenario, sizes, "completion.mean", 5000.5);
    }
}

#[test]
fn with_a_limit_it_blocks_as_m_m_1_k_whatever_the_sizes() {
    // rho = 0.8, K = 5: 0.2 * 0.8^5 / (1 - 0.8^6).
    let blocked = 0.2 * 0.8f64.powi(5) / (1.0 - 0.8f64.powi(6));
    for sizes in SIZE_DISTRIBUTIONS {
        let scenario = shared(5, sizes, "retry = { max_retries = 0 }");
        assert_metric(&scenario, sizes, "refused.ratio", blocked);
    }
}

/// When each client completes, in ms after its arrival, ascending.
fn completions(text: &str) -> Vec<u64> {
    let run = run(&scenario(text));
    let mut all: Vec<u64> =
        run.groups.iter().flat_map(|group| group.completions.iter().copied()).collect();
    all.sort_unstable();
    all
}

#[test]
fn three_transfers_that_overlap_end_when_the_fluid_says() {
    // 1000 bytes/s. A (1000 bytes) comes at 0, B (400) at 200 ms, C (100) at 500 ms.
    // 0-200: A alone has 200. 200-500: 500 bytes/s each, A 350, B 150. From 500 on a third each: C
    // is done after 300 ms, at 800; A 450, B 250. Then halves: B is done at 1100, A 600; A at 1500.
    let text = "name = \"fluid\"
        [distribution_points.DP]
        connection_limit = 9
        bandwidth = \"1000 B/s\"
        [clients.a]
        count = 1
        arrival = { kind = \"burst\" }
        transfer = { kind = \"size\", bytes = \"1 kB\" }
        [clients.b]
        count = 1
        arrival = { kind = \"burst\", at = \"200ms\" }
        transfer = { kind = \"size\", bytes = \"400 B\" }
        [clients.c]
        count = 1
        arrival = { kind = \"burst\", at = \"500ms\" }
        transfer = { kind = \"size\", bytes = \"100 B\" }";
    assert_eq!(completions(text), [300, 900, 1500]);
}

#[test]
fn links_and_thrashing_slow_transfers_as_the_fluid_says() {
    // 1200 bytes/s with up to 2 connections, half of it with 4; between them a line: 900 with 3.
    // Two modems of 100 bytes/s and one client without a cap: 200 for the modems, 700 for it. Its
    // 2100 bytes take 3 s. The modems have 1000 bytes: 10 s.
    // At 5 s a fourth client comes, for 1000 bytes. With 3 connections again 700 are left for it:
    // it needs 1429 ms (1428.57).
    let text = "name = \"fluid\"
        [distribution_points.DP]
        connection_limit = 9
        bandwidth = \"1200 B/s\"
        efficiency = [[2, 1.0], [4, 0.5]]
        [clients.modems]
        count = 2
        link = \"800 bit/s\"
        arrival = { kind = \"burst\" }
        transfer = { kind = \"size\", bytes = \"1000 B\" }
        [clients.first]
        count = 1
        arrival = { kind = \"burst\" }
        transfer = { kind = \"size\", bytes = \"2100 B\" }
        [clients.fourth]
        count = 1
        link = \"10 Mbit/s\"
        arrival = { kind = \"burst\", at = \"5s\" }
        transfer = { kind = \"size\", bytes = \"1000 B\" }";
    assert_eq!(completions(text), [1429, 3000, 10_000, 10_000]);
}

#[test]
fn equal_transfers_end_together_and_exactly() {
    // 7 bytes/s among 1000 clients is no whole number of anything, and yet nothing drifts: 1000
    // times 7 bytes take 1000 s.
    let text = "name = \"fluid\"
        [distribution_points.DP]
        connection_limit = 1000
        bandwidth = \"7 B/s\"
        [clients.g]
        count = 1000
        arrival = { kind = \"burst\" }
        transfer = { kind = \"size\", bytes = \"7 B\" }";
    assert_eq!(completions(text), [1_000_000; 1000]);
}

#[test]
fn a_server_that_thrashes_is_fastest_at_its_knee() {
    let makespan = |limit: u32| {
        let text = format!(
            "name = \"thrash\"
            [distribution_points.DP]
            connection_limit = {limit}
            bandwidth = \"10 MB/s\"
            efficiency = [[1, 0.2], [10, 1.0], [50, 0.3]]
            [clients.g]
            count = 300
            arrival = {{ kind = \"burst\" }}
            transfer = {{ kind = \"size\", bytes = \"5 MB\" }}
            retry = {{ policy = \"fixed\", interval = \"1s\" }}"
        );
        metric(&run(&scenario(&text)), "makespan")
    };
    let times = [2, 5, 10, 20, 50].map(makespan);
    let best = times.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(best, times[2], "{times:?}");
}
