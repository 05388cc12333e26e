//! Wrong `arrival` tables.

use crate::harness::{Refusal, check, group, refused};

/// How a group with this `arrival`, in line 10, is refused.
#[track_caller]
fn arrival(table: &str) -> Refusal {
    refused(group(&format!("arrival = {table}")))
}

const KINDS: &str = "burst | even | uniform | poisson | poll | trace";

#[test]
fn an_arrival_has_one_of_the_kinds() {
    check(
        arrival,
        &[
            ("{}", "10:1", "arrival", "kind | arrival", "kind = \"uniform\""),
            ("{ over = \"10m\" }", "10:1", "arrival", "kind | arrival", "kind = \"uniform\""),
            (
                "{ kind = \"posson\", mean_interval = \"15s\" }",
                "10:20",
                "\"posson\"",
                "kind | posson",
                &format!("{KINDS} | did you mean `poisson`"),
            ),
            ("{ kind = \"whenever\" }", "10:20", "\"whenever\"", "kind | whenever", KINDS),
            ("{ kind = 1 }", "10:20", "1", "kind | string | whole number", KINDS),
        ],
    );
}

#[test]
fn an_arrival_without_a_key_of_its_kind_shows_how_to_write_it() {
    for (kind, key, addition) in [
        ("uniform", "over", "over = \"10m\""),
        ("poll", "interval", "interval = \"10m\""),
        ("trace", "file", "file = \"arrivals.csv\""),
    ] {
        let problem = arrival(&format!("{{ kind = \"{kind}\" }}")).at("10:1").marks("arrival");
        problem.about(&format!("{key} | arrival")).suggests(addition);
    }
    let [missing, unknown] = arrival("{ kind = \"poisson\", rate = 5 }").problems();
    let missing = missing.at("10:1").marks("arrival");
    missing.about("mean_interval | arrival").suggests("mean_interval = \"10m\"");
    let unknown = unknown.at("10:31").marks("rate");
    unknown.about("rate | arrival").suggests("kind | mean_interval");
}

#[test]
fn an_arrival_with_a_key_of_another_kind_lists_its_own() {
    let problem = arrival("{ kind = \"even\", over = \"10m\", interval = \"15m\" }").at("10:42");
    problem.marks("interval").about("interval | arrival").suggests("kind | over");
}

#[test]
fn the_times_of_an_arrival_are_possible_ones() {
    check(
        arrival,
        &[
            ("{ kind = \"uniform\", over = \"0s\" }", "10:38", "\"0s\"", "over", "zero"),
            ("{ kind = \"burst\", at = \"-1s\" }", "10:35", "-1s", "at | negative", "10s | 2h 30m"),
        ],
    );
}
