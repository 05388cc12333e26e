//! One small study in every format.

use insta::assert_snapshot;

use crate::harness::{RESULTS, compared, render, render_comparison, small_results};

#[test]
fn json() {
    assert_eq!(render(&small_results(), "json"), RESULTS);
}

#[test]
fn csv() {
    assert_snapshot!(render(&small_results(), "csv"));
}

#[test]
fn markdown() {
    assert_snapshot!(render(&small_results(), "markdown"));
}

#[test]
fn junit() {
    assert_snapshot!(render(&small_results(), "junit"));
}

#[test]
fn text() {
    assert_snapshot!(render(&small_results(), "text"));
}

/// The same study with fewer stranded clients, under another seed.
fn pair() -> distpoint::compare::Compared {
    let mut new = small_results();
    new.seed = 8;
    new.scenario["clients"]["office"]["count"] = 110.into();
    let stranded = new.variants[0].metrics.get_mut("stranded").and_then(Option::as_mut);
    if let Some(stranded) = stranded {
        (stranded.mean, stranded.ci95) = (24.0, Some([22.5, 25.5]));
    }
    new.variants[1].name = "another".to_owned();
    compared(&small_results(), &new)
}

#[test]
fn comparison_in_text() {
    assert_snapshot!(render_comparison(&pair(), "text"));
}

#[test]
fn comparison_in_markdown() {
    assert_snapshot!(render_comparison(&pair(), "markdown"));
}

#[test]
fn comparison_in_junit() {
    assert_snapshot!(render_comparison(&pair(), "junit"));
}

#[test]
fn comparison_in_csv() {
    assert_snapshot!(render_comparison(&pair(), "csv"));
}

#[test]
fn comparison_in_json() {
    let json: serde_json::Value =
        serde_json::from_str(&render_comparison(&pair(), "json")).expect("JSON");
    assert_eq!(json["schema"], "distpoint.comparison/1");
    assert_eq!(json["outcome"], "regression");
    assert_eq!(json["only_in_base"], serde_json::json!(["fixed | <b>"]));
    assert_snapshot!(json["variants"][0]["metrics"]["stranded"], @r#"{"base":12.0,"new":24.0,"difference":12.0,"ci95":[11.281665536137282,12.718334463862718],"relative":1.0,"verdict":"worse","judged":true,"outcome":"regression"}"#);
}

/// The texts of a page, a line for each heading, paragraph, list item and table row.
fn texts(page: &str) -> String {
    let mut text = String::new();
    for piece in page.split('<').skip(1) {
        let (tag, content) = piece.split_once('>').expect("a tag ends");
        text.push_str(match tag.split(' ').next().expect("a tag has a name") {
            "h1" | "h2" | "p" | "li" | "tr" | "summary" | "dt" => "\n",
            "th" | "td" | "dd" => " | ",
            _ => "",
        });
        text.push_str(content);
    }
    text.trim().replace('\u{a0}', " ")
}

#[test]
fn comparison_in_html() {
    let page = render_comparison(&pair(), "html");
    assert!(page.contains("default-src 'none'") && page.contains("prefers-color-scheme:dark"));
    for (class, word) in [("fail", "REGRESSION"), ("neutral", "no value"), ("pass", "✓ pass")] {
        assert!(page.contains(&format!("<span class=\"verdict {class}\">{word}</span>")), "{word}");
    }
    let body = page.split_once("<main>").expect("a body").1;
    assert_snapshot!(texts(body), @r#"
    A small office: comparison
    Changed: seed: 7 in the base, 8 in the new results; clients.office.count: 100 in the base, 110 in the new results. Regression: 1 figure is worse beyond chance and tolerance: stranded 12 to 24 (+100%). Without a counterpart: fixed | &lt;b&gt;, only in the base; another, only in the new results.
    Not compared replication by replication: the seeds differ.
    buggy
    compared as independent samples
     | Metric | Base | New | Change | 95% interval | Verdict
     | stranded | 12 | 24 | +100% | +11.3 to +12.7 | REGRESSION
    All 9 metrics
     | Metric | Base | New | Change | 95% interval | Verdict
     | clients | 100 | 100 | 0% | 0 to 0 | no difference shown
     | arrived | 100 | 100 | 0% | 0 to 0 | no difference shown
     | completed | 88 | 88 | 0% | -0.7 to +0.7 | no difference shown
     | stranded | 12 | 24 | +100% | +11.3 to +12.7 | REGRESSION
     | refused.ratio | 75% | 75% | 0% | -0.2 to +0.2 points | no difference shown
     | completion.p95 | 1h 30m | 1h 30m | 0% | -28.7s to +28.7s | no difference shown
     | makespan | - | - | - | - | no value
     | attempts.mean | 4 | 4 | 0% | - | no difference shown
     | connections.peak | 5 | 5 | 0% | 0 to 0 | no difference shown
    Thresholds of the new results
     | Threshold | Variant | Observed | Verdict
     | stranded == 0 | buggy | 12 ±1.5 | ✗ FAIL
     | completion.p95 &lt; 90m @ buggy | buggy | 1h 30m ±1m | ? inconclusive
     | makespan &lt; 1d | buggy | - | ? inconclusive
     | stranded == 0 | fixed | &lt;b&gt; | 0 | ✓ pass
    Only in the base
    fixed | &lt;b&gt;
    Only in the new results
    another
    Base | seed 7, 2 replications
    New | seed 8, 2 replications
    Version | distpoint 0.1.0
    "#);
}
