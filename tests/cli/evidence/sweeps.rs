//! Sweeps: their grid, and grids that are none.

use insta::assert_snapshot;

use super::refused;
use crate::harness::{Desk, SMALL, small};

#[test]
fn a_sweep_gives_a_row_for_each_point_of_the_grid() {
    let limits = "distribution_points.*.connection_limit=5..15:5";
    let counts = "clients.*.count=50,100";
    let arguments = ["sweep", "s.toml", "--vary", limits, "--vary", counts, "--format", "csv"];
    let csv = Desk::with(SMALL).run(&arguments).succeeds();
    let names: Vec<&str> = csv.lines().skip(1).filter_map(|row| row.split('"').nth(1)).collect();
    assert_eq!(
        names,
        [
            "connection_limit=5, count=50",
            "connection_limit=5, count=100",
            "connection_limit=10, count=50",
            "connection_limit=10, count=100",
            "connection_limit=15, count=50",
            "connection_limit=15, count=100",
        ]
    );
}

#[test]
fn a_sweep_leaves_out_what_thresholds_say_of_the_variants_that_it_replaces() {
    let scenario = small(
        "horizon = \"1d\"",
        "horizon = \"1d\"\nthresholds = [\"stranded == 7 @ 'more'\", \"unfinished == 0\"]",
    ) + "\n[variants.more]\nclients.office.count = 200\n";
    let vary = ["--vary", "clients.office.count=100,200", "--format", "json"];
    let arguments: Vec<&str> = ["sweep", "-q", "s.toml"].into_iter().chain(vary).collect();
    let results = Desk::with(&scenario).run(&arguments).json();
    let thresholds = results["thresholds"].as_array().expect("thresholds");
    let about: Vec<&str> = thresholds.iter().filter_map(|t| t["expression"].as_str()).collect();
    assert_eq!(about, ["unfinished == 0"; 2]);
    let unknown = scenario.replace("@ 'more'", "@ 'less'");
    Desk::with(&unknown).run(&arguments).refuses();
}

#[test]
fn a_sweep_of_nothing() {
    assert_snapshot!(refused(&["sweep", "q268500"]), @r#"
    error: the following required arguments were not provided:
      --vary <KEY=SPEC>

    Usage: distpoint sweep --vary <KEY=SPEC> <SCENARIO>

    For more information, try '--help'.
    "#);
}

#[test]
fn a_reversed_range() {
    assert_snapshot!(refused(&["sweep", "q268500", "--vary", "distribution_points.DP01.connection_limit=200..10"]), @r#"
    error: invalid value 'distribution_points.DP01.connection_limit=200..10' for '--vary <KEY=SPEC>': the range 200..10 is reversed: write 10..200

    For more information, try '--help'.
    "#);
}

#[test]
fn a_range_without_a_step_forward() {
    assert_snapshot!(refused(&["sweep", "q268500", "--vary", "clients.office.count=10..200:0"]), @r#"
    error: invalid value 'clients.office.count=10..200:0' for '--vary <KEY=SPEC>': the step of a range must be more than 0

    For more information, try '--help'.
    "#);
}

#[test]
fn an_empty_value_in_a_list() {
    assert_snapshot!(refused(&["sweep", "q268500", "--vary", "clients.office.count=10,,20"]), @r#"
    error: invalid value 'clients.office.count=10,,20' for '--vary <KEY=SPEC>': value 2 of `clients.office.count` is empty

    For more information, try '--help'.
    "#);
}

#[test]
fn a_sweep_of_an_unknown_group() {
    assert_snapshot!(refused(&["sweep", "q268500", "--vary", "clients.ofice.count=10,20"]), @r#"
    error: no client group `ofice`
     --> --vary:1:9
      |
    1 | clients.ofice.count=10
      |         ^^^^^
      |
      = help: did you mean `office`?

    1 error in --vary
    "#);
}

#[test]
fn a_sweep_to_an_absurd_value() {
    assert_snapshot!(refused(&["sweep", "q268500", "--vary", "clients.office.count=20,0"]), @r#"
    error: `count` must be from 1 to 4294967279, found 0
     --> --vary:1:22
      |
    1 | clients.office.count=0
      |                      ^ must be from 1 to 4294967279

    1 error in --vary
    "#);
}

#[test]
fn a_grid_of_more_than_a_million_points() {
    assert_snapshot!(refused(&["sweep", "q268500", "--vary", "clients.office.count=1..2000000"]), @r#"
    error: the grid has 2000000 points: take wider steps, or say --yes if you mean it
    "#);
}

/// [`SMALL`] with so many variants.
fn with_variants(number: usize) -> String {
    let variant = |i| format!("\n[variants.\"v {i}\"]\nclients.office.count = {}\n", 50 + i);
    SMALL.to_owned() + &(1..=number).map(variant).collect::<String>()
}

#[test]
fn variants_that_are_not_played_are_named() {
    let limit = "distribution_points.*.connection_limit=5..6";
    let sweep = ["sweep", "s.toml", "--vary", limit];
    let size = ["size", "s.toml", "--vary", limit, "--until", "makespan < 1d"];
    let note = |variants: usize, arguments: &[&str]| {
        let ended = Desk::with(&with_variants(variants)).run(arguments);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        ended.stderr
    };
    let expected = "the scenario's variants are not played (\"v 1\", \"v 2\"): what one of them sets, \
                    give with --set\n";
    assert_eq!(note(2, &sweep), expected);
    assert_eq!(note(2, &size), expected);
    let many = note(5, &size);
    assert!(many.contains("(\"v 1\", \"v 2\", \"v 3\" and 2 more)"), "{many}");
    for arguments in [&sweep[..], &size[..]] {
        assert_eq!(note(0, arguments), "");
        assert_eq!(note(2, &[arguments, &["-q"]].concat()), "");
    }
}

#[test]
fn a_value_of_a_list_may_have_commas_within_brackets_and_quotes() {
    let mixes =
        r#"clients.*.release_mix={"sms-2.0-sp2"="10%","bits"="90%"}, {"sms-2.0-sp3"="100%"}"#;
    let outages = r#"distribution_points.*.outages=[],[{from="1h",for="5m"},{from="2h",for="5m"}]"#;
    let sweep = ["sweep", "s.toml", "--vary", mixes, "--vary", outages, "--format", "json"];
    let results = Desk::with(SMALL).run(&sweep).json();
    let values = results["sweep"]["values"].as_array().expect("values");
    assert_eq!(values.len(), 4);
    assert_eq!(values[2][0], r#"{"sms-2.0-sp3"="100%"}"#);
    assert_eq!(values[1][1], r#"[{from="1h",for="5m"},{from="2h",for="5m"}]"#);
}

#[test]
fn a_bracket_that_is_not_closed() {
    let mix = r#"clients.*.release_mix={"sms-2.0-sp2"="10%","bits"="90%""#;
    assert_snapshot!(Desk::with(SMALL).run(&["sweep", "s.toml", "--vary", mix]).refuses(), @r#"
    error: the inline table is not closed
     --> --vary:1:56
      |
    1 | clients.*.release_mix={"sms-2.0-sp2"="10%","bits"="90%"
      |                                                        ^ expected `}`

    1 error in --vary
    "#);
}

#[test]
fn a_release_with_dots_and_without_quotes() {
    let mix = r#"clients.*.release_mix={sms-2.0-sp2="10%",sms-2.0-sp3="90%"}"#;
    let ended = Desk::with(SMALL).run(&["sweep", "s.toml", "--vary", mix]);
    assert_snapshot!(ended.refuses(), @r#"
    error: unknown release: `sms-2`
     --> --vary:1:24
      |
    1 | clients.*.release_mix={sms-2.0-sp2="10%",sms-2.0-sp3="90%"}
      |                        ^^^^^
      |
      = help: a name with dots needs quotes: `"sms-2.0-sp2" = "30%"`

    1 error in --vary
    "#);
}
