//! What is no results, or not whole, is refused with a place; it never brings the program down.

use insta::assert_snapshot;
use proptest::prelude::*;

use crate::harness::{SMALL, cases, parse, render, small};

#[track_caller]
fn refused(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    parse(&SMALL.replacen(from, to, 1)).expect_err("it was read")
}

#[test]
fn a_newer_schema() {
    assert_snapshot!(refused("results/1", "results/2"), @r#"
    error: these results are of a newer schema, `distpoint.results/2`; this program reads `distpoint.results/1`
     --> results.json:2:13
      |
    2 |   "schema": "distpoint.results/2",
      |             ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: use a newer version of distpoint, such as the one that wrote them

    1 error in results.json
    "#);
}

#[test]
fn an_older_schema() {
    let text = refused("results/1", "results/0");
    assert!(text.contains("an older schema, `distpoint.results/0`"), "{text}");
}

#[test]
fn an_unknown_schema() {
    let text = refused("distpoint.results/1", "k6/1");
    assert!(text.contains("their schema is `k6/1`, not `distpoint.results/1`"), "{text}");
    let text = refused("\"distpoint.results/1\"", "1");
    assert!(text.contains("the `schema` of results is a string"), "{text}");
}

#[test]
fn a_comparison() {
    let text = refused("distpoint.results/1", "distpoint.comparison/1");
    assert!(text.contains("this is a comparison, not results"), "{text}");
}

#[test]
fn a_foreign_json() {
    assert_snapshot!(parse("{\"numTotalTests\": 3}").unwrap_err(), @r#"
    error: these are no results: they have no `schema`
     --> results.json:1:1
      |
    1 | {"numTotalTests": 3}
      | ^
      |
      = help: results are written by `distpoint run SCENARIO -o results.json`

    1 error in results.json
    "#);
    assert!(parse("[]").unwrap_err().contains("this is not results in JSON"));
    assert!(parse("").unwrap_err().contains("the file is empty"));
}

#[test]
fn a_truncated_file() {
    assert_snapshot!(parse(&SMALL[..300]).unwrap_err(), @r#"
    error: the JSON ends too early: the file is cut off
      --> results.json:16:16
       |
    16 |         "connec
       |                ^
       |
       = help: write it again; `distpoint` itself never leaves half a file

    1 error in results.json
    "#);
}

#[test]
fn no_replications() {
    assert_snapshot!(refused("\"replications\": 2", "\"replications\": 0"), @r#"
    error: wrong results at `replications`: these results are of no replication
     --> results.json:8:19
      |
    8 |   "replications": 0,
      |                   ^
      |
      = help: run the study again, and let it finish at least one replication

    1 error in results.json
    "#);
}

#[test]
fn no_variants() {
    let mut results = small();
    results.variants.clear();
    let text = parse(&render(&results, "json")).unwrap_err();
    assert!(text.contains("these results have no variants"), "{text}");
}

#[test]
fn a_wrong_type() {
    assert_snapshot!(refused("\"mean\": 12.0", "\"mean\": \"12\""), @r#"
    error: wrong results at `variants[0].metrics.stranded.mean`: invalid type: string "12", expected a number
      --> results.json:64:19
       |
    64 |           "mean": "12",
       |                   ^^^^
       |
       = help: `distpoint schema results` describes them

    1 error in results.json
    "#);
    let text = refused("\"seed\": 7", "\"seed\": -7");
    assert!(text.contains("wrong results at `seed`"), "{text}");
}

#[test]
fn a_missing_field() {
    let text = refused("\"engine\": \"events\",", "");
    assert!(text.contains("missing field `engine`"), "{text}");
}

#[test]
fn a_number_that_is_too_great() {
    let text = refused("\"mean\": 12.0", "\"mean\": 1e999");
    assert!(text.contains("number out of range"), "{text}");
}

#[test]
fn lengths_that_do_not_fit() {
    let mut results = small();
    results.sweep = Some(distpoint::results::Sweep {
        keys: vec!["seed".to_owned()],
        values: vec![vec!["1".to_owned()]],
    });
    results.variants[1].series.waiting.pop();
    results.variants[1].histograms.attempts.counts.push(3);
    results.variants[0].blocks.metrics["makespan"].pop();
    let text = parse(&render(&results, "json")).unwrap_err();
    for place in [
        "`sweep.values`",
        "`variants[1].series.waiting`",
        "`variants[1].histograms.attempts.counts`",
        "`variants[0].blocks.metrics.makespan`",
    ] {
        assert!(text.contains(&format!("{place}: an array of a wrong length")), "{place}\n{text}");
    }
    assert!(text.contains("there should be 2, one for each variant"), "{text}");
}

#[test]
fn deep_nesting() {
    let deep = format!("\"scenario\": {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let text = refused("\"scenario\": {", &format!("{deep}, \"x\": {{"));
    assert!(text.contains("recursion limit"), "{text}");
}

#[test]
fn a_byte_order_mark_and_unknown_fields_do_no_harm() {
    let text = format!("\u{feff}{}", SMALL.replacen("\"seed\"", "\"later\": [1, {}], \"seed\"", 1));
    assert_eq!(parse(&text), Ok(small()));
}

#[test]
fn results_without_blocks_are_read() {
    let mut results = small();
    let blocks = SMALL.find("\"blocks\"").expect("blocks");
    assert!(blocks > 0);
    let mut json: serde_json::Value = serde_json::from_str(SMALL).expect("JSON");
    for variant in json["variants"].as_array_mut().expect("variants") {
        variant.as_object_mut().expect("a variant").remove("blocks");
    }
    results.variants.iter_mut().for_each(|variant| variant.blocks = Default::default());
    assert_eq!(parse(&json.to_string()), Ok(results));
}

/// What a mutation puts into the text.
const PUT: &[&str] = &[
    "",
    "0",
    "-1",
    "1e308",
    "-1e308",
    "18446744073709551615",
    "9007199254740993",
    "null",
    "[]",
    "{}",
    "\"",
    ",",
    "true",
    "1e-320",
    "\"x\"",
    "[[1]]",
    "\u{0}",
    "\\u0000",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(600)))]

    /// Whatever is read can be reported; whatever cannot be read says where.
    #[test]
    fn a_damaged_file_never_brings_the_program_down(
        at in 0.0..1.0f64,
        length in 0usize..20,
        put in prop::sample::select(PUT),
    ) {
        // A whole number or word is replaced more often than bytes in the middle of one.
        let start = (at * SMALL.len() as f64) as usize;
        let token = |c: char| "\n ,:[]{}".contains(c);
        let start = SMALL[start..].find(token).map_or(start, |skip| start + skip + 1);
        let end = match length {
            0..10 => SMALL[start.min(SMALL.len())..].find(token).map_or(start, |to| start + to),
            length => start + length,
        };
        let (start, end) = (start.min(SMALL.len()), end.min(SMALL.len()));
        let damaged = format!("{}{put}{}", &SMALL[..start], &SMALL[end.max(start)..]);
        match parse(&damaged) {
            Ok(results) => {
                for format in distpoint::report::FORMATS {
                    prop_assert!(!format.renderer.results(&results, Some(80)).is_empty());
                    let compared = crate::harness::compared(&small(), &results);
                    prop_assert!(!format.renderer.comparison(&compared, Some(80)).is_empty());
                }
            }
            Err(error) => prop_assert!(error.contains("--> results.json:"), "{}", error),
        }
    }
}
