//! Wrong variants.

use crate::harness::{Desk, Refusal, SMALL, check, group, refused};

/// How the small scenario with these lines below it, from line 13 on, is refused.
#[track_caller]
fn variants(lines: &str) -> Refusal {
    refused(format!("{SMALL}\n{lines}"))
}

#[test]
fn a_variant_is_checked_like_the_scenario() {
    check(
        variants,
        &[
            (
                "[variants.slow]\ndistribution_points.DP01.connection_limit = 0\n",
                "14:45",
                "0",
                "connection_limit | 0",
                "1 | 4294967295",
            ),
            ("[variants.more]\nclients.branch.count = 5\n", "14:9", "branch", "branch", "office"),
            (
                "[variants.poll]\nclients.office.arrival = { kind = \"poll\" }\n",
                "14:16",
                "arrival",
                "interval | arrival",
                "interval = \"10m\"",
            ),
            (
                "[variants.poll]\nclients.*.arrival.interval = \"5m\"\n",
                "14:9",
                "*",
                "name | quotes",
                "quotes",
            ),
            (
                "[variants.all]\nclients.\"*\".arrival.interval = \"5m\"\n",
                "14:21",
                "interval",
                "interval | arrival",
                "kind | over",
            ),
        ],
    );
    let both = "[variants.slow]\nclients.office.cuont = 5\n[variants.fast]\nhorizn = 5\n";
    let [slow, fast] = variants(both).problems();
    slow.at("14:16").marks("cuont").about("cuont | office").suggests("count");
    fast.at("16:1").marks("horizn").about("horizn").suggests("horizon");
}

#[test]
fn a_variant_has_a_name_and_is_a_table() {
    const EXAMPLE: &str = "[variants.\"limit 100\"]";
    check(
        variants,
        &[
            ("[variants]\n", "13:2", "variants", "variants", EXAMPLE),
            ("[variants.\" \"]\nhorizon = \"2d\"\n", "13:11", "\" \"", "name", EXAMPLE),
            ("[variants]\nfast = 5\n", "14:8", "5", "fast | table | whole number", "table"),
        ],
    );
}

#[test]
fn an_error_of_the_scenario_is_reported_once_for_all_variants() {
    let text = group("count = 0") + "\n[variants.a]\nhorizon = \"2d\"\n[variants.b]\n";
    refused(text).at("8:9").marks("0").about("count | 0").suggests("1 | 4294967279");
}

#[test]
fn a_set_that_is_wrong_in_the_scenario_and_right_in_a_variant_is_refused() {
    // The interval belongs to the arrival of the variant, not to that of the scenario.
    let variants =
        "[variants.poll]\nclients.office.arrival = { kind = \"poll\", interval = \"5m\" }\n";
    let desk = Desk::with(&format!("{SMALL}\n{variants}"));
    let set = "clients.office.arrival.interval=6x";
    let [key, unit] = desk.run(&["run", "s.toml", "--set", set]).refuses().problems();
    key.at("--set:1:24").marks("interval").about("interval | arrival").suggests("kind | over");
    unit.at("--set:1:34").marks("x").about("interval | x").suggests("ms | s | m | h | d | w");
}
