//! Reports to open: made by the program, or from results that nobody wishes for.

use std::fs;
use std::process::Command;

use distpoint::report::Format;
use distpoint::results::{Finding, Results, WhatIf};
use distpoint::scenario::{Origin, load};
use distpoint::study::{self, Options, Replications};
use serde_json::{Value, json};

/// What the program makes of a command line: the page, and the results that it shows.
pub fn made(arguments: &[&str]) -> (String, Results) {
    let desk = tempfile::tempdir().expect("a temporary directory");
    let output = Command::new(env!("CARGO_BIN_EXE_distpoint"))
        .current_dir(desk.path())
        .args(arguments)
        .args(["-q", "-o", "report.html", "-o", "results.json"])
        .output()
        .expect("the program starts");
    // A breached threshold is no failure here.
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 97 | 99)), "{arguments:?}: {errors}");
    let read = |name: &str| fs::read_to_string(desk.path().join(name)).expect("a report");
    let results = serde_json::from_str(&read("results.json")).expect("results");
    (read("report.html"), results)
}

/// Names that try to break out, to garble, or to fill the page.
fn hostile_names() -> Vec<String> {
    let long = "x".repeat(5000);
    let texts = [
        "<script>document.title='changed'</script>",
        "\"><img src=x onerror=\"document.title='changed'\">",
        "' onmouseover='document.title=1' </title></style></svg></table><a href=x>",
        "two\nlines\u{0}and\u{7}bells",
        "\u{202e}turned around\u{2066}",
        "שלום עולם",
        "\u{200b}\u{feff}",
        long.as_str(),
    ];
    texts.map(str::to_owned).into()
}

const SMALL: &str = r#"
name = "</title><script>document.title='changed'</script>"
thresholds = ["stranded == 0", "completion.p95 < 1h"]
[distribution_points."<b>"]
connection_limit = 5
[distribution_points."\"'&amp;"]
connection_limit = 5
[clients."</td><a href='x'>"]
count = 100
release = "sms-2.0-sp2"
misreport_probability = 0.05
arrival = { kind = "burst" }
transfer = { kind = "constant", duration = "2m" }
[clients."a\nb"]
count = 10
arrival = { kind = "burst" }
transfer = { kind = "constant", duration = "2m" }
"#;

fn results(text: &str) -> Results {
    let loaded = load(Origin::Text { name: "s.toml", text }, &[]).expect("a scenario");
    let options = Options { replications: Replications::Fixed(3), ..Options::default() };
    study::run(&loaded, &options).expect("results")
}

fn changed(results: &Results, change: impl FnOnce(&mut Value)) -> Results {
    let mut value = serde_json::to_value(results).expect("JSON");
    change(&mut value);
    serde_json::from_value(value).expect("results")
}

/// A run whose every name is hostile.
pub fn hostile_run() -> String {
    let mut text = SMALL.to_owned();
    for name in hostile_names() {
        text.push_str(&format!("[variants.{}]\n", json!(name)));
    }
    let mut results = results(&text);
    for (threshold, name) in results.thresholds.iter_mut().zip(hostile_names()) {
        threshold.expression = name;
    }
    for (i, name) in hostile_names().into_iter().enumerate() {
        results.findings.push(Finding {
            kind: name.clone(),
            variant: results.variants[i].name.clone(),
            text: name.clone(),
            evidence: Default::default(),
            what_if: Some(WhatIf {
                set: vec![name.clone()],
                metric: name,
                before: None,
                after: None,
                runs: 1,
            }),
            other_what_ifs: Vec::new(),
        });
    }
    page_of(&results)
}

fn page_of(results: &Results) -> String {
    (Format::named("html").expect("a format").results)(results, None)
}

/// A sweep over values that are hostile, in results that do not fit together.
pub fn hostile_sweep() -> String {
    let mut text = SMALL.to_owned();
    for name in hostile_names() {
        text.push_str(&format!("[variants.{}]\n", json!(name)));
    }
    let results = changed(&results(&text), |results| {
        let mut values: Vec<Value> =
            hostile_names().into_iter().map(|name| json!([name])).collect();
        values.pop();
        results["sweep"] = json!({ "keys": ["clients.<i>.\u{202e}count"], "values": values });
    });
    page_of(&results)
}

/// One run of a scenario without variants.
pub fn one_variant() -> (String, Results) {
    let loaded = load(Origin::Text { name: "s.toml", text: SMALL }, &[]).expect("a scenario");
    let results = study::run(&loaded, &Options::default()).expect("results");
    (page_of(&results), results)
}

/// Results in which nobody arrives.
pub fn nobody_arrives() -> String {
    let text =
        SMALL.replace("\"burst\"", "\"burst\", at = \"3h\"") + "[variants.a]\nhorizon = \"1h\"\n";
    page_of(&results(&text))
}

/// Results without a value in any metric, and with curves that are none.
pub fn without_values() -> String {
    let results = changed(&results(SMALL), |results| {
        for variant in results["variants"].as_array_mut().expect("variants") {
            let metrics = variant["metrics"].as_object_mut().expect("metrics");
            metrics.values_mut().for_each(|metric| *metric = Value::Null);
            variant["series"]["bucket_ms"] = json!(u64::MAX);
            variant["series"]["open_connections"] = json!([1e308, 1e308, -1e308]);
            variant["series"]["completed"] = json!([]);
            variant["histograms"]["attempts"] = json!({ "values": [u64::MAX], "counts": [] });
        }
    });
    page_of(&results)
}
