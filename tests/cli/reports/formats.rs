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

#[test]
fn comparison_in_html() {
    let page = render_comparison(&pair(), "html");
    let body = page.split_once("</style>").expect("a style").1;
    assert_snapshot!(body.replace("><", ">\n<"));
}
