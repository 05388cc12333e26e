//! What is no results, or not whole, is refused with a place; it never brings the program down.

use proptest::prelude::*;

use crate::harness::{
    RESULTS, Refusal, assert_mentions, cases, compared, parse, render, small_results,
};

/// How a text that is not whole results is refused.
#[track_caller]
fn unread(text: &str) -> Refusal {
    Refusal::parse("error", &parse(text).expect_err("it was read"))
}

/// How [`RESULTS`] with one change are refused.
#[track_caller]
fn refused(from: &str, to: &str) -> Refusal {
    assert!(RESULTS.contains(from), "{from}");
    unread(&RESULTS.replacen(from, to, 1))
}

#[test]
fn another_schema_is_named_with_the_one_that_is_read() {
    for (from, to, marked, about) in [
        (
            "results/1",
            "results/2",
            "\"distpoint.results/2\"",
            "newer | `distpoint.results/2` | `distpoint.results/1`",
        ),
        ("results/1", "results/0", "\"distpoint.results/0\"", "older | `distpoint.results/0`"),
        ("distpoint.results/1", "k6/1", "\"k6/1\"", "`k6/1` | `distpoint.results/1`"),
        ("\"distpoint.results/1\"", "1", "1", "`schema` | string"),
        ("results/1", "comparison/1", "\"distpoint.comparison/1\"", "comparison | results"),
    ] {
        refused(from, to).at("results.json:2:13").marks(marked).about(about);
    }
}

#[test]
fn what_is_no_results_shows_how_results_are_written() {
    const HOW: &str = "distpoint run SCENARIO -o results.json";
    let foreign = unread("{\"numTotalTests\": 3}").at("results.json:1:1");
    foreign.about("results | `schema`").suggests(HOW);
    unread("[]").at("results.json:1:1").about("results | JSON").suggests(HOW);
    unread("").at("results.json:1:1").about("empty");
}

#[test]
fn a_truncated_file_is_refused_at_its_end() {
    unread(&RESULTS[..300]).at("results.json:16:16").about("JSON | cut off");
}

#[test]
fn results_of_no_replication_are_refused() {
    let problem = refused("\"replications\": 2", "\"replications\": 0").at("results.json:8:19");
    problem.marks("0").about("`replications`").suggests("replication");
}

#[test]
fn results_without_variants_are_refused() {
    let mut results = small_results();
    results.variants.clear();
    let [problem] = unread(&render(&results, "json")).problems();
    problem.about("variants");
}

#[test]
fn a_value_that_results_cannot_have_is_named_by_its_path() {
    let string = refused("\"mean\": 12.0", "\"mean\": \"12\"").at("results.json:64:19");
    let string = string.marks("\"12\"").about("`variants[0].metrics.stranded.mean` | number");
    string.suggests("distpoint schema results");
    let [negative] = refused("\"seed\": 7", "\"seed\": -7").problems();
    negative.about("`seed`");
    let [missing] = refused("\"engine\": \"events\",", "").problems();
    missing.about("missing | `engine`");
    let [large] = refused("\"mean\": 12.0", "\"mean\": 1e999").problems();
    large.about("number out of range");
}

#[test]
fn each_array_of_a_wrong_length_is_named() {
    let mut results = small_results();
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
        assert_mentions(&text, place);
    }
    assert_eq!(Refusal::parse("error", &text).count(), 4, "{text}");
    assert_mentions(&text, "should be 2");
}

#[test]
fn tables_nested_without_end_are_refused() {
    let deep = format!("\"scenario\": {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let from = "\"scenario\": {";
    let text = RESULTS.replacen(from, &format!("{deep}, \"x\": {{"), 1);
    let error = parse(&text).expect_err("it was read");
    assert_mentions(&error, "results.json:10:141 | recursion limit");
}

#[test]
fn a_byte_order_mark_and_unknown_fields_do_no_harm() {
    let text =
        format!("\u{feff}{}", RESULTS.replacen("\"seed\"", "\"later\": [1, {}], \"seed\"", 1));
    assert_eq!(parse(&text), Ok(small_results()));
}

#[test]
fn results_without_blocks_are_read() {
    let mut results = small_results();
    let blocks = RESULTS.find("\"blocks\"").expect("blocks");
    assert!(blocks > 0);
    let mut json: serde_json::Value = serde_json::from_str(RESULTS).expect("JSON");
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

    /// What is read can be reported; what cannot be read is refused with a place.
    #[test]
    fn a_damaged_file_never_brings_the_program_down(
        at in 0.0..1.0f64,
        length in 0usize..20,
        put in prop::sample::select(PUT),
    ) {
        // A whole number or word is replaced more often than bytes in the middle of one.
        let start = (at * RESULTS.len() as f64) as usize;
        let token = |c: char| "\n ,:[]{}".contains(c);
        let start = RESULTS[start..].find(token).map_or(start, |skip| start + skip + 1);
        let end = match length {
            0..10 => RESULTS[start.min(RESULTS.len())..].find(token).map_or(start, |to| start + to),
            length => start + length,
        };
        let (start, end) = (start.min(RESULTS.len()), end.min(RESULTS.len()));
        let damaged = format!("{}{put}{}", &RESULTS[..start], &RESULTS[end.max(start)..]);
        match parse(&damaged) {
            Ok(results) => {
                for format in distpoint::report::FORMATS {
                    prop_assert!(!(format.results)(&results, Some(80)).is_empty());
                    let compared = compared(&small_results(), &results);
                    prop_assert!(!(format.comparison)(&compared, Some(80)).is_empty());
                }
            }
            Err(error) => prop_assert!(error.contains("--> results.json:"), "{}", error),
        }
    }
}
