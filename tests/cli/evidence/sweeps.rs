//! Sweeps: their grid, and invalid grids.

use super::refused;
use crate::harness::{Desk, SMALL, assert_mentions, top};

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
fn a_sweep_leaves_out_thresholds_of_the_variants_that_it_replaces() {
    let thresholds = "thresholds = [\"stranded == 7 @ 'more'\", \"unfinished == 0\"]";
    let scenario = top(thresholds) + "\n[variants.more]\nclients.office.count = 200\n";
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
fn an_invalid_grid_is_refused_with_a_correction() {
    for (vary, facts) in [
        ("distribution_points.DP01.connection_limit=200..10", "--vary | 200..10 | 10..200"),
        ("clients.office.count=10..200:0", "--vary | step | 0"),
        ("clients.office.count=10,,20", "--vary | value 2 | clients.office.count | empty"),
        ("clients.office.count=1..2000000", "2000000 | --yes"),
    ] {
        assert_mentions(&refused(&["sweep", "q268500", "--vary", vary]), facts);
    }
    assert_mentions(&refused(&["sweep", "q268500"]), "--vary");
}

#[test]
fn a_value_or_key_of_a_grid_that_the_scenario_cannot_have_is_refused() {
    let sweep = |vary: &str| Desk::new().run(&["sweep", "q268500", "--vary", vary]).refuses();
    let group = sweep("clients.ofice.count=10,20").at("--vary:1:9").marks("ofice");
    group.about("ofice").suggests("office");
    let count = sweep("clients.office.count=20,0").at("--vary:1:22").marks("0");
    count.about("count | 0").suggests("1 | 4294967279");
}

/// [`SMALL`] with a number of variants.
fn with_variants(number: usize) -> String {
    let variant = |i| format!("\n[variants.\"v {i}\"]\nclients.office.count = {}\n", 50 + i);
    SMALL.to_owned() + &(1..=number).map(variant).collect::<String>()
}

#[test]
fn variants_that_are_not_simulated_are_named() {
    let limit = "distribution_points.*.connection_limit=5..6";
    let sweep = ["sweep", "s.toml", "--vary", limit];
    let size = ["size", "s.toml", "--vary", limit, "--until", "makespan < 1d"];
    let note = |variants: usize, arguments: &[&str]| {
        let ended = Desk::with(&with_variants(variants)).run(arguments);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        ended.stderr
    };
    for arguments in [&sweep[..], &size[..]] {
        assert_mentions(&note(2, arguments), "variants | (\"v 1\", \"v 2\") | --set");
    }
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
fn a_table_in_a_list_is_closed_and_quotes_names_with_dots() {
    let mix = |table: &str| {
        let vary = format!("clients.*.release_mix={table}");
        Desk::with(SMALL).run(&["sweep", "s.toml", "--vary", &vary]).refuses()
    };
    let open = mix(r#"{"sms-2.0-sp2"="10%","bits"="90%""#).at("--vary:1:56");
    open.about("inline table").suggests("}");
    let bare = mix("{sms-2.0-sp2=\"10%\",sms-2.0-sp3=\"90%\"}").at("--vary:1:24");
    bare.marks("sms-2").about("release | sms-2").suggests("\"sms-2.0-sp2\" = \"30%\"");
}
