//! Shared bandwidth, by hand to the millisecond. `tests/validation` has the theory of processor sharing.

use crate::harness::{metric, run, scenario};

/// When each client completes, in ms after its arrival, ascending.
fn completions(text: &str) -> Vec<u64> {
    let run = run(&scenario(text));
    let mut all: Vec<u64> =
        run.groups.iter().flat_map(|group| group.completions.sorted()).collect();
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
