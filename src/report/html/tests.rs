//! The page of one small study, and how large a page can get.

use insta::assert_snapshot;
use proptest::prelude::*;

use crate::results::Results;
use crate::scenario::{BUILTIN, Origin, load};
use crate::study::{self, Options, Replications};

fn render(results: &Results) -> String {
    super::results(results, None)
}

const SMALL: &str = r#"
name = "Small & <simple>"
description = "Ten clients, two connections."
seed = 1
thresholds = ["stranded == 0", "completion.p95 < 30m"]
[distribution_points.DP01]
connection_limit = 2
[clients.office]
count = 10
release = "sms-2.0-sp2"
misreport_probability = 0.1
arrival = { kind = "burst" }
transfer = { kind = "constant", duration = "2m" }
[variants."a < b"]
[variants."fixed"]
clients.office.release = "sms-2.0-sp3"
"#;

fn results(name: &str, text: &str, replications: u64) -> Results {
    let loaded = load(Origin::Text { name, text }, &[]).unwrap();
    let replications = Replications::Fixed(replications);
    study::run(&loaded, &Options { replications, ..Options::default() }).unwrap()
}

/// What a reader sees of a page: its texts, a line for each table row, paragraph or heading. Of a
/// chart only that it is there.
fn seen(page: &str) -> String {
    let body = page.split_once("<main>").unwrap().1;
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(&before.replace('\n', "\n    "));
        let (tag, after) = tag.split_once('>').unwrap();
        rest = after;
        match tag.split([' ', '/']).next().unwrap() {
            "svg" if tag.contains("class=\"plot\"") => {
                let label = tag.split("aria-label=\"").nth(1).unwrap().split('"').next().unwrap();
                text.push_str(&format!("\n  [chart: {label}]"));
                rest = rest
                    .split_once("<g class=\"ticks\"")
                    .unwrap()
                    .1
                    .split_once("</svg>")
                    .unwrap()
                    .1;
            }
            "h1" | "h2" | "h3" | "p" | "tr" | "li" | "pre" | "dt" | "summary" => text.push('\n'),
            "th" | "td" | "dd" => text.push_str(" | "),
            _ => {}
        }
    }
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_small_study_as_a_reader_sees_it() {
    assert_snapshot!(seen(&render(&results("small.toml", SMALL, 1))), @r#"
    Small &amp; &lt;simple&gt;
    Ten clients, two connections.
    2 of 10 advertisements are stranded under a &lt; b and 0 under fixed. 3 of 4 thresholds are breached: stranded == 0 under a &lt; b (observed 2); completion.p95 &lt; 30m under a &lt; b (observed 32m); and 1 more.
    Thresholds
     | Threshold | Variant | Observed | Verdict
     | stranded == 0 | a &lt; b | 2 | ✗ FAIL
     | stranded == 0 | fixed | 0 | ✓ pass
     | completion.p95 &lt; 30m | a &lt; b | 32m | ✗ FAIL
     | completion.p95 &lt; 30m | fixed | 42m | ✗ FAIL
    Key figures
     |  | a &lt; b | fixed
     | Clients | 10 | 10
     | Completed | 8 | 10
     | Stranded | 2 (20%) | 0
     | Completion, median | 12m | 22m
     | Completion, 95% | 32m | 42m
     | Completion, slowest | 32m | 42m
     | Last completion after | 32m | 42m
     | Attempts per client, mean | 2.2 | 3
     | Attempts per client, most | 4 | 5
     | Attempts, busiest second | 10 | 10
     | Attempts refused | 63.6% | 66.7%
     | Connections, most | 2 | 2
     | Utilisation of the limit | 25% | 23.8%
     | Idle while clients waited | 75% | 76.2%
    One run does not show how much of these figures is chance: more replications give intervals. Times are from a client's arrival; percentiles are by nearest rank.
    What this means
    a &lt; b: 2 of 10 advertisements (20%) are stranded: a refusal that is misreported as 0x80070047 unschedules the program (Q268500).
    fixed: DP01 was idle 76.2% of the time while clients waited. a &lt; b has the same problem.
    The load over time
    Open connections against the limit
    Averaged over every 10s. The dashed line is the limit.
    a &lt; b limit 2, 25% of it used, peak 2
      [chart: open connections over time, a &lt; b]
    fixed limit 2, 23.8% of it used, peak 2
      [chart: open connections over time, fixed]
    time since the start
    Clients waiting for a retry
    Averaged over every 10s.
    a &lt; b
    fixed
      [chart: clients waiting over time]
    time since the start
    Clients done
    Share of all clients that arrive, over time.
    a &lt; b
    fixed
      [chart: done over time]
    time since the start
    Refused attempts
    Counted over every 10s.
    a &lt; b 14 refused, 63.6% of all attempts
      [chart: refused attempts over time, a &lt; b]
    fixed 20 refused, 66.7% of all attempts
      [chart: refused attempts over time, fixed]
    time since the start
    Attempts per client
    Share of the clients by number of attempts.
    a &lt; b 2.2 on average, most 4
      [chart: attempts per client, a &lt; b]
    fixed 3 on average, most 5
      [chart: attempts per client, fixed]
    attempts of a client
    To get the same results again
    Save the scenario as scenario.toml and run
    distpoint run scenario.toml
    Seed | 1
    Runs of each variant | 1
    Engine | events
    Version | distpoint 0.1.0
    Format of the results | distpoint.results/1
    The scenario, with every default
    name = &quot;Small &amp; &lt;simple&gt;&quot;
        description = &quot;Ten clients, two connections.&quot;
        seed = 1
        horizon = &quot;30d&quot;
        thresholds = [&quot;stranded == 0&quot;, &quot;completion.p95 &lt; 30m&quot;]
        [distribution_points.DP01]
        connection_limit = 2
        [clients.office]
        count = 10
        release = &quot;sms-2.0-sp2&quot;
        misreport_probability = 0.1
        choose = &quot;random-once&quot;
        arrival = { kind = &quot;burst&quot;, at = &quot;0s&quot; }
        transfer = { kind = &quot;constant&quot;, duration = &quot;2m&quot; }
        poll_interval = &quot;1h&quot;
        [variants.&quot;a &lt; b&quot;]
        [variants.fixed]
        clients = { office = { release = &quot;sms-2.0-sp3&quot; } }
    "#);
}

#[test]
fn a_page_is_one_file_and_asks_for_nothing() {
    let page = render(&results("small.toml", SMALL, 2));
    for foreign in ["<script", "http:", "https:", "src=", "url(", "@import", "<link rel=\"style"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("<h1>Small &amp; &lt;simple&gt;</h1>"));
}

#[test]
fn the_same_results_give_the_same_bytes() {
    let results = results("small.toml", SMALL, 2);
    assert_eq!(render(&results), render(&results));
}

#[test]
fn six_variants_fit_into_400_kb() {
    let six = BUILTIN.iter().find(|builtin| builtin.name == "retry-policies").unwrap();
    let results = results("retry-policies.toml", six.text, 2);
    assert_eq!(results.variants.len(), 6);
    let page = render(&results);
    assert!(page.len() < 400_000, "{} bytes", page.len());
}

#[test]
fn results_without_variants_have_a_page() {
    let mut results = results("small.toml", SMALL, 1);
    results.variants.clear();
    results.comparisons.clear();
    let page = render(&results);
    assert!(page.contains("No client arrived"), "{page}");
}

#[test]
fn a_sweep_whose_values_are_missing_has_a_page() {
    let mut results = results("small.toml", SMALL, 1);
    results.sweep = Some(crate::results::Sweep {
        keys: vec!["a.b".into(), "c".into()],
        values: vec![vec!["1".into()]],
    });
    assert!(render(&results).contains("a.b") || render(&results).contains(">b<"));
}

/// The names of the tags of a page, in order.
fn tags(page: &str) -> Vec<&str> {
    let tags = page.split('<').skip(1);
    tags.map(|tag| tag.split([' ', '>', '\n']).next().unwrap_or_default()).collect()
}

/// [`SMALL`] with `name` wherever a user can put one.
fn named(results: &Results, name: &str) -> Results {
    let mut results = results.clone();
    results.scenario["name"] = name.into();
    results.scenario["description"] = name.into();
    for (i, variant) in results.variants.iter_mut().enumerate() {
        // Two variants of one name are one in a scenario file.
        variant.name = format!("{name}{i}");
        let [groups, points] = [&mut variant.groups, &mut variant.distribution_points];
        for parts in [groups, points] {
            let metrics = parts.values().next().cloned().unwrap_or_default();
            parts.insert(name.to_owned(), metrics.clone());
            parts.insert(format!("{name}2"), metrics);
        }
    }
    for threshold in &mut results.thresholds {
        (threshold.variant, threshold.expression) = (name.to_owned(), name.to_owned());
    }
    for finding in &mut results.findings {
        (finding.variant, finding.text) = (name.to_owned(), name.to_owned());
    }
    for comparison in &mut results.comparisons {
        comparison.variant = format!("{name}1");
    }
    results
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_name_changes_the_structure_of_the_page(
        name in prop_oneof![any::<String>(), "[<>\"'&/a-z =\n!-]{1,40}"],
    ) {
        let results = results("small.toml", SMALL, 2);
        let [plain, odd] = ["plain", name.as_str()].map(|name| render(&named(&results, name)));
        prop_assert_eq!(tags(&plain), tags(&odd));
    }
}
