//! Names that try to break a format: the author of a scenario is not always the reader of its
//! report.

use distpoint::results::{Results, Sweep};
use proptest::prelude::*;

use crate::harness::{cases, compared, render, render_comparison, small_results};
use crate::junit_rules;
use crate::markup::{check_csv, check_html, check_markdown, check_text};

/// Pieces of names: what ends, begins or escapes something in some format.
const PIECES: &[&str] = &[
    "<script>alert(1)</script>",
    "</td>",
    "<b>",
    "&",
    "&amp;",
    "\"",
    "'",
    "`",
    "```",
    "|",
    "\\|",
    "\\",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\0",
    "\u{1b}[31m",
    "\u{9b}",
    "\u{202e}",
    "\u{2028}",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    ",",
    ";",
    "[x](javascript:alert(1))",
    "![i](http://x.example/i.png)",
    "https://x.example",
    "www.x.example",
    "a@b.example",
    "]]>",
    "<!--",
    "-->",
    "<?xml?>",
    "*",
    "_",
    "~~",
    "#",
    "- ",
    "1. ",
    "$x$",
    "{{x}}",
    "SP2",
    "ü",
    "日本",
    "👩‍💻",
    "\u{fffe}",
    "\u{ffff}",
    " ",
    "..",
    "http://",
    "<details>",
    "\u{feff}",
];

fn name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

/// The small results with hostile names everywhere.
fn results(names: &[String; 5], swept: bool) -> Results {
    let mut results = small_results();
    let [scenario, first, second, expression, group] = names;
    results.scenario["name"] = scenario.as_str().into();
    results.variants[0].name = first.clone();
    results.variants[1].name = second.clone();
    for variant in &mut results.variants {
        let own = variant.groups["office"].clone();
        variant.groups.insert(group.clone(), own.clone());
        variant.distribution_points.insert(group.clone(), own);
        let metric = variant.metrics["stranded"];
        variant.metrics.insert(expression.clone(), metric);
    }
    for threshold in &mut results.thresholds {
        threshold.variant = first.clone();
        threshold.expression = expression.clone();
    }
    results.comparisons[0].reference = first.clone();
    results.comparisons[0].variant = second.clone();
    results.findings[0].variant = first.clone();
    results.findings[0].text = expression.clone();
    results.tool.version = group.clone();
    results.sweep = swept.then(|| Sweep {
        keys: vec![scenario.clone(), group.clone()],
        values: vec![vec![first.clone(), second.clone()], vec![expression.clone(), "5".to_owned()]],
    });
    results
}

/// What a name is in XML, which has no control characters.
fn in_xml(name: &str) -> String {
    let harmful = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
    };
    name.chars().map(|c| if harmful(c) { '\u{fffd}' } else { c }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(200)))]

    #[test]
    fn no_name_breaks_a_report(names in prop::array::uniform5(name()), swept: bool) {
        let results = results(&names, swept);
        let json = render(&results, "json");
        let again: Results = serde_json::from_str(&json).expect("it is JSON");
        prop_assert_eq!(&again, &results);

        let rows = check_csv(&render(&results, "csv"));
        prop_assert_eq!(rows.len(), 3);
        for (row, variant) in rows[1..].iter().zip(&results.variants) {
            let shown = row[0].strip_prefix('\'').filter(|_| !variant.name.starts_with('\''));
            prop_assert_eq!(shown.unwrap_or(&row[0]), &variant.name);
            let column = |name: &str| rows[0].iter().position(|known| known == name).expect("it");
            for (name, summary) in &variant.metrics {
                if !["stranded", "completion.p95", "makespan", "refused.ratio"].contains(&name.as_str()) {
                    continue;
                }
                let number = |name: &str| row[column(name)].parse::<f64>().ok();
                prop_assert_eq!(number(name), summary.map(|summary| summary.mean));
                let low = summary.and_then(|summary| summary.ci95).map(|[low, _]| low);
                prop_assert_eq!(number(&format!("{name}.low")), low);
            }
        }

        check_markdown(&render(&results, "markdown"));

        let xml = render(&results, "junit");
        let cases = junit_rules::check(&xml).map_err(TestCaseError::fail)?;
        prop_assert_eq!(&cases[0].class, &in_xml(&names[1]));
        prop_assert_eq!(&cases[0].name, &in_xml(&names[3]));

        check_html(&render(&results, "html"));
        check_text(&render(&results, "text"));
    }

    #[test]
    fn no_name_breaks_a_comparison(names in prop::array::uniform5(name()), other: bool) {
        let base = results(&names, false);
        let mut new = base.clone();
        new.seed += u64::from(other);
        new.scenario["description"] = names[4].as_str().into();
        if let Some(Some(stranded)) = new.variants[0].metrics.get_mut("stranded") {
            (stranded.mean, stranded.ci95) = (40.0, Some([39.0, 41.0]));
        }
        new.variants[1].name.push('x');
        let compared = compared(&base, &new);
        check_csv(&render_comparison(&compared, "csv"));
        check_markdown(&render_comparison(&compared, "markdown"));
        check_html(&render_comparison(&compared, "html"));
        let cases = junit_rules::check(&render_comparison(&compared, "junit"));
        let cases = cases.map_err(TestCaseError::fail)?;
        prop_assert_eq!(&cases[0].class, &in_xml(&names[1]));
        check_text(&render_comparison(&compared, "text"));
    }
}

#[test]
fn many_variants_with_long_names_stay_under_the_limit_of_a_comment() {
    let mut results = small_results();
    let one = results.variants[1].clone();
    let long = "<".repeat(10_000);
    let threshold = results.thresholds[0].clone();
    results.thresholds.truncate(2);
    for i in 0..3000 {
        let mut variant = one.clone();
        variant.name = format!("{i} {long}");
        results.variants.push(variant);
        results.thresholds.push(threshold.clone());
    }
    results.comparisons.clear();
    let summary = render(&results, "markdown");
    assert!((30_000..65_536).contains(&summary.len()), "{}", summary.len());
    assert_eq!(summary.matches(" of 3002 rows are left out,").count(), 2, "{summary}");
    let compared = compared(&results, &results);
    assert!(render_comparison(&compared, "markdown").len() < 65_536);
}
