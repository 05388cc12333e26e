//! Durations that are malformed, too short or too long.

use crate::harness::{ARRIVAL, SMALL, changed, check, refused, top};

/// How a scenario with this horizon is refused.
#[track_caller]
fn horizon(text: &str) -> crate::harness::Refusal {
    refused(top(&format!("horizon = \"{text}\"")))
}

#[test]
fn a_duration_is_a_number_and_a_unit() {
    const EXAMPLES: &str = "250ms | 10s | 10m | 2h 30m | 7d";
    check(
        horizon,
        &[
            ("", "2:12", "\"", "horizon", EXAMPLES),
            ("-5m", "2:12", "-5m", "horizon | negative", EXAMPLES),
            ("90", "2:12", "90", "horizon | unit", "90s | 90m | 90h"),
        ],
    );
}

#[test]
fn an_unknown_unit_suggests_the_one_that_is_meant_or_lists_all() {
    const UNITS: &str = "ms | s | m | h | d | w";
    check(
        horizon,
        &[
            ("2h 30x", "2:17", "x", "horizon | x", UNITS),
            ("1e300s", "2:13", "e", "horizon | e", UNITS),
            ("3 months", "2:14", "months", "horizon | months", "30d"),
            ("7D", "2:13", "D", "horizon | D", "d"),
        ],
    );
}

#[test]
fn the_units_of_a_duration_go_from_large_to_small() {
    horizon("30m 2h").at("2:16").marks("2h").about("horizon").suggests("2h 30m");
}

#[test]
fn a_duration_is_from_a_millisecond_to_a_century() {
    check(
        horizon,
        &[
            ("0.5ms", "2:12", "0.5ms", "horizon", "1ms"),
            ("99999999999999999999d", "2:12", "99999999999999999999d", "horizon", "36500d"),
            ("36501d", "2:12", "36501d", "horizon", "36500d"),
            ("36500d 1ms", "2:19", "1ms", "horizon", "36500d"),
        ],
    );
}

#[test]
fn a_horizon_is_longer_than_zero() {
    horizon("0s").at("2:11").marks("\"0s\"").about("horizon").suggests("zero");
}

#[test]
fn a_poll_interval_agrees_with_an_arrival_by_polling() {
    let poll = "arrival = { kind = \"poll\", interval = \"15m\" }\npoll_interval = \"30m\"";
    let problem = refused(changed(ARRIVAL, poll)).at("11:17").marks("\"30m\"");
    problem.about("poll_interval | 30m | 15m").suggests("poll_interval");
}

#[test]
fn a_warm_up_ends_before_the_horizon() {
    let problem = refused(format!("warmup = \"40d\"\n{SMALL}")).at("1:10").marks("\"40d\"");
    problem.suggests("horizon");
}
