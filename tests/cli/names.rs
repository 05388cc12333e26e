//! Names with every character: points, groups and variants are named in the same way in `--set`, `--vary`
//! and thresholds, and suggestions name them so.

use distpoint::results::ThresholdVerdict;
use distpoint::scenario::{Axis, Loaded, Origin, grid, load, load_grid, to_toml_key};
use distpoint::study::{self, Options};
use proptest::prelude::*;

use crate::harness::{Desk, cases};

/// Pieces of names: what has a meaning in a path, in a threshold or in quotes.
const PIECES: &[&str] = &[
    ".",
    "..",
    " ",
    "  ",
    "<",
    ">",
    "=",
    "==",
    "!",
    "!=",
    "@",
    "\"",
    "'",
    "''",
    "\\",
    "\\n",
    "\n",
    "\t",
    "*",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "#",
    "dp.",
    "group.",
    "utilisation",
    ".utilisation",
    "a",
    "B7",
    "ü",
    "日本",
    "\u{7f}",
    "\0",
    "\u{202e}",
    "%",
    "$x",
    "`",
    "(",
    "≤",
];

fn name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let name = prop::collection::vec(piece, 1..7).prop_map(|pieces| pieces.concat());
    name.prop_filter("a name that stands for itself", |name| !name.trim().is_empty() && name != "*")
}

/// A scenario whose point, group and second variant have this name.
fn scenario(name: &str) -> String {
    let key = to_toml_key(name);
    format!(
        "name = \"names\"\n[distribution_points.{key}]\nconnection_limit = 5\n[clients.{key}]\ncount = 20\n\
         arrival = {{ kind = \"burst\" }}\ntransfer = {{ kind = \"constant\", duration = \"1m\" }}\n\
         [variants.before]\n[variants.{key}]\nclients.{key}.count = 10\n"
    )
}

fn loaded(name: &str, set: &[String]) -> Loaded {
    let text = scenario(name);
    let loaded = load(Origin::Text { name: "s.toml", text: &text }, set);
    loaded.unwrap_or_else(|error| panic!("{name:?}: {error}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(200)))]

    #[test]
    fn every_name_can_be_set_varied_and_judged(name in name()) {
        let key = to_toml_key(&name);
        let set = format!("distribution_points.{key}.connection_limit=7");
        let mut loaded = loaded(&name, &[set]);
        prop_assert_eq!(loaded.base.distribution_points[0].connection_limit, 7);
        prop_assert_eq!(&loaded.variants[1].name, &name);

        let text = scenario(&name);
        let axis = Axis::parse(&format!("clients.{key}.count=1..3")).expect("an axis");
        prop_assert_eq!(axis.short_key(), "count");
        let origin = Origin::Text { name: "s.toml", text: &text };
        let varied = load_grid(origin, &[], &grid(&[axis])).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let counts: Vec<_> = varied.variants.iter().map(|v| v.scenario.clients[0].count).collect();
        prop_assert_eq!(counts, [Some(1), Some(2), Some(3)]);

        let thresholds = [
            format!("dp.{key}.utilisation <= 100% @ {}", quoted(&key)),
            format!("group.{key}.completed == 10 @ {}", quoted(&key)),
            "completed == 20 @ before".to_owned(),
        ];
        loaded.add_thresholds(&thresholds).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let results = study::run(&loaded, &Options::default()).expect("results");
        let verdicts: Vec<_> = results.thresholds.iter().map(|t| t.verdict).collect();
        prop_assert_eq!(verdicts, [ThresholdVerdict::Pass; 3]);
    }
}

/// The name of a variant as a threshold takes it: a bare name needs no quotes.
fn quoted(key: &str) -> String {
    if key.starts_with('"') { key.to_owned() } else { format!("\"{key}\"") }
}

#[test]
fn a_breached_threshold_names_its_variant_also_if_a_name_in_it_has_an_at_sign() {
    let text = "name = 'x'\nthresholds = ['dp.\"a@b\".refused < 1']\n\
        [distribution_points.\"a@b\"]\nconnection_limit = 1\n\
        [clients.g]\ncount = 3\narrival = { kind = 'burst' }\n\
        transfer = { kind = 'constant', duration = '1m' }\n\
        [variants.one]\n[variants.two]\nclients.g.count = 4\n";
    let ended = Desk::with(text).run(&["run", "s.toml", "--no-what-if"]);
    assert_eq!(ended.code, Some(99));
    let answer = ended.stdout.lines().nth(2).expect("an answer");
    for variant in ["one", "two"] {
        let breached = format!("dp.\"a@b\".refused < 1 under {variant} (observed");
        assert!(answer.contains(&breached), "{answer}");
    }
}

#[test]
fn suggestions_name_what_they_change_as_options_do() {
    let text = "name = \"waste\"\n[distribution_points.\"a.b <c>\"]\nconnection_limit = 5\n\
        [clients.\"head = 'office'\"]\ncount = 500\narrival = { kind = \"burst\" }\n\
        transfer = { kind = \"constant\", duration = \"2m\" }\n\
        retry = { policy = \"fixed\", interval = \"1h\" }\n";
    let desk = Desk::with(text);
    let results = desk.run(&["run", "s.toml", "--format", "json"]).json();
    let findings = results["findings"].as_array().expect("findings");
    let sets: Vec<String> = findings
        .iter()
        .filter_map(|finding| finding["what_if"]["set"].as_array())
        .flatten()
        .map(|set| set.as_str().expect("an assignment").to_owned())
        .collect();
    assert!(!sets.is_empty(), "{results:#}");
    for set in &sets {
        assert!(set.contains("\"a.b <c>\"") || set.contains("\"head = 'office'\""), "{set}");
        desk.run(&["run", "s.toml", "--no-what-if", "--set", set]).succeeds();
    }
}

#[test]
fn the_name_that_stands_for_every_name_is_taken() {
    for text in [
        scenario("a").replace("distribution_points.a", "distribution_points.\"*\""),
        scenario("a")
            .replace("clients.a", "clients.\"*\"")
            .replace("clients.\"*\".count", "horizon"),
    ] {
        let problem = Desk::with(&text).run(&["run", "s.toml"]).fails(2);
        assert!(problem.contains("`*` stands for every name"), "{problem}");
    }
}
