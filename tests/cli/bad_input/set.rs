//! Wrong `--set` arguments.

use crate::harness::{Desk, Refusal, SMALL, check, refused_set};

fn set(assignment: &str) -> Refusal {
    refused_set(&[assignment])
}

#[test]
fn set_of_a_name_that_does_not_exist_suggests_a_near_one_or_lists_all() {
    check(
        set,
        &[
            ("clients.office.cuont=5", "--set:1:16", "cuont", "cuont | office", "count"),
            (
                "servers.DP01.limit=5",
                "--set:1:1",
                "servers",
                "servers",
                "distribution_points | clients",
            ),
            ("clients.ofice.count=5", "--set:1:9", "ofice", "ofice", "did you mean `office`"),
            ("distribution_points.DP7.connection_limit=5", "--set:1:21", "DP7", "DP7", "DP01"),
            ("clients.*.nope=1", "--set:1:11", "nope", "nope | office", "count | vanishes"),
        ],
    );
}

#[test]
fn set_without_a_path_or_a_value_shows_an_example() {
    const EXAMPLE: &str = "--set clients.office.count=20000";
    for (assignment, place, about, suggestion) in [
        ("clients.office.count=", "--set:1:22", "value | =", "\"\""),
        ("clients.office.count", "--set:1:21", "= | value", EXAMPLE),
        ("=5", "--set:1:1", "path | =", EXAMPLE),
        ("clients..count=5", "--set:1:9", "name | path", EXAMPLE),
        ("", "--set:1:1", "name | path", EXAMPLE),
        ("name=a\nb", "--set:1:7", "control character", EXAMPLE),
        ("clients.office.distribution_points=[\"DP01\"", "--set:1:43", "array", "]"),
    ] {
        set(assignment).at(place).about(about).suggests(suggestion);
    }
}

#[test]
fn set_of_what_it_cannot_set_names_what_it_can() {
    check(
        set,
        &[
            ("*=5", "--set:1:1", "*", "*", "clients.*.count"),
            ("variants.fast.horizon=2d", "--set:1:1", "variants", "--set", "--set horizon=7d"),
            (
                "clients.office.retry.step=5m",
                "--set:1:22",
                "step",
                "step | policy",
                "policy = \"linear\"",
            ),
            (
                "clients.\"head office.count=5",
                "--set:1:9",
                "\"head office.count=5",
                "quote",
                "clients.\"head office\".count=5",
            ),
        ],
    );
}

#[test]
fn set_of_a_name_with_a_dot_asks_for_quotes() {
    let text = SMALL.replace("distribution_points.DP01", "distribution_points.\"DP.01\"");
    let set = ["run", "s.toml", "--set", "distribution_points.DP.01.connection_limit=5"];
    let problem = Desk::with(&text).run(&set).refuses().at("--set:1:21").marks("DP");
    problem.about("DP").suggests("dot | quotes | \"DP.01\"");
}

#[test]
fn set_of_a_wrong_value_is_refused_as_in_the_file() {
    check(
        set,
        &[
            ("clients.office.count=-1", "--set:1:22", "-1", "count | -1", "1 | 4294967279"),
            ("name=5", "--set:1:6", "5", "name | string | whole number", "string | quotes"),
            ("clients.office=5", "--set:1:16", "5", "office | table | whole number", "table"),
        ],
    );
}

#[test]
fn all_errors_of_several_sets_are_reported_at_once() {
    let refusal = refused_set(&["clients.office.count=0", "horizon=7x", "seed=x"]);
    let [count, horizon, seed] = refusal.problems();
    count.at("--set:1:22").marks("0").about("count | 0").suggests("1 | 4294967279");
    horizon.at("--set:1:10").marks("x").about("horizon | x").suggests("ms | s | m | h | d | w");
    seed.at("--set:1:6").marks("x").about("seed | whole number | string").suggests("whole number");
}
