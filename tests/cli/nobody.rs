//! What is said of clients that no count is about: nothing passes that did not happen.

use crate::harness::{Desk, RESULTS, assert_mentions};

/// A scenario with one connection, whose clients are `clients` (lines of their table) and which has
/// `top` above its tables.
fn scenario(top: &str, clients: &str) -> Desk {
    Desk::with(&format!(
        "name = \"nobody\"\n{top}\n[distribution_points.D]\nconnection_limit = 1\n[clients.c]\n{clients}\n\
         transfer = {{ kind = \"constant\", duration = \"1m\" }}\n"
    ))
}

/// Scenarios of which no client is counted, with what is said of why.
const NOBODY: [(&str, &str, &str); 3] = [
    (
        "",
        "count = 1000\narrival = { kind = \"burst\", at = \"31d\" }",
        "1,000 of 1,000 clients are left out: they arrive after the horizon of 30d.",
    ),
    (
        "warmup = \"1h\"",
        "count = 100\narrival = { kind = \"uniform\", over = \"10m\" }",
        "100 of 100 clients are left out: they arrive within the warm-up of 1h or after the horizon of 30d.",
    ),
    (
        "horizon = \"1s\"",
        "count = 1\narrival = { kind = \"burst\", at = \"2s\" }",
        "1 of 1 client is left out: it arrives after the horizon of 1s.",
    ),
];

#[test]
fn no_threshold_passes_over_nobody() {
    let counts = ["completed", "stranded", "gave_up", "expired", "unfinished", "attempts"];
    let of_attempts = ["refused", "unreachable", "cut", "recovered", "stranded.final"];
    let of_points = ["dp.D.refused", "dp.D.cut", "group.c.refused", "group.c.stranded"];
    for (top, clients, _) in NOBODY {
        let desk = scenario(top, clients);
        for metric in [&counts[..], &of_attempts, &of_points].concat() {
            let threshold = format!("{metric} <= 10");
            let ended = desk.run(&["run", "s.toml", "-q", "--threshold", &threshold]);
            assert_eq!(ended.code, Some(97), "{threshold}: {ended:#?}");
            assert!(ended.stdout.contains(&format!("{threshold} (no data)")), "{ended:#?}");
        }
    }
}

#[test]
fn no_average_of_load_passes_where_no_client_ever_came() {
    let (top, clients, _) = NOBODY[0];
    let desk = scenario(top, clients);
    for metric in ["connections.mean", "waiting.peak", "queued.mean", "throughput"] {
        let ended = desk.run(&["run", "s.toml", "-q", "--threshold", &format!("{metric} < 10")]);
        assert_eq!(ended.code, Some(97), "{metric}: {ended:#?}");
    }
}

#[test]
fn a_search_finds_no_value_where_nobody_is_counted() {
    let limits = "distribution_points.D.connection_limit=1..20";
    for (top, clients, _) in NOBODY {
        for target in ["stranded == 0", "refused <= 10"] {
            let arguments = ["size", "s.toml", "--vary", limits, "--until", target];
            assert_eq!(scenario(top, clients).run(&arguments).code, Some(97), "{clients}");
        }
    }
}

#[test]
fn the_answer_and_a_warning_name_the_clients_that_are_left_out() {
    let some = [(
        "",
        "arrival = { kind = \"trace\", file = \"a.csv\" }",
        "1 of 4 clients is left out: it arrives after the horizon of 30d.",
    )];
    for (top, clients, left_out) in NOBODY.into_iter().chain(some) {
        let desk = scenario(top, clients).file("a.csv", "at\n0s\n1s\n2s\n31d\n");
        let ended = desk.run(&["run", "s.toml"]);
        assert_eq!(ended.stderr, format!("warning: {left_out}\n"));
        let answer = ended.stdout.split("\n\n").nth(1).unwrap_or_default();
        assert!(answer.contains(left_out), "{answer}");
        let counted =
            if clients.contains("a.csv") { "All 3 counted clients" } else { "No client is" };
        assert!(answer.starts_with(counted), "{answer}");
        assert_eq!(desk.run(&["run", "s.toml", "--quiet"]).stderr, "");
    }
}

/// Results may come from anywhere, and a report of them is shown on a terminal.
#[test]
fn a_horizon_in_results_that_is_no_length_of_time_is_not_repeated() {
    let answer = |horizon: &str| {
        let mut results: serde_json::Value = serde_json::from_str(RESULTS).expect("JSON");
        results["scenario"]["horizon"] = horizon.into();
        let arrived = &mut results["variants"][0]["metrics"]["arrived"];
        for value in ["mean", "min", "max"] {
            arrived[value] = 50.into();
        }
        arrived["ci95"] = serde_json::json!([50, 50]);
        Desk::with("").file("r.json", results.to_string()).run(&["report", "r.json"]).succeeds()
    };
    assert_mentions(&answer("1d"), "50 of 100 clients are left out | the horizon of 1d.");
    for horizon in ["1d\u{85}", "\u{1b}[2J1d", "1d\u{202e}"] {
        let answer = answer(horizon);
        assert_mentions(&answer, "50 of 100 clients are left out | after the horizon");
        assert!(!answer.contains(['\u{85}', '\u{1b}', '\u{202e}']), "{answer:?}");
    }
}
