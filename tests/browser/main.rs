//! The HTML report in a real browser: headless Chromium, driven over WebDriver on loopback.
//!
//! These tests need the programs `chromium` and `chromedriver`, so they are not part of a plain
//! `cargo test`: `make test-browser` runs them, and installs the programs where it can.

mod page;
mod reports;
mod webdriver;

use distpoint::results::Results;

use page::{Opened, Page};

const WIDTHS: [u32; 2] = [1280, 390];

const OVER_TIME: [&str; 5] = ["open-connections", "waiting", "completion", "refusals", "attempts"];

/// Opens `html` as a reader would, at each width, in both themes, and holds it to what every
/// report must do. Gives the answer sentence that it shows.
#[track_caller]
fn holds(html: &str, figures: &[&str]) -> String {
    let page = Page::with(html);
    let mut answer = String::new();
    for width in WIDTHS {
        for theme in ["light", "dark"] {
            let opened = page.open(width, theme);
            let at = format!("{width} px, {theme}");
            assert_sound(&opened, &at);
            assert_eq!(opened.figures, figures, "{at}");
            answer = opened.answer;
        }
    }
    answer
}

#[track_caller]
fn assert_sound(opened: &Opened, at: &str) {
    assert_eq!(opened.overlaps, [] as [String; 0], "texts on each other at {at}");
    assert_eq!(opened.too_wide, [] as [String; 0], "wider than the page at {at}");
    assert_eq!(opened.bad_charts, [] as [String; 0], "charts at {at}");
    assert_eq!(opened.console, [] as [String; 0], "console at {at}");
    assert_eq!(opened.requests, [] as [String; 0], "requests at {at}");
}

/// The mean of a metric as the report writes counts.
fn count(results: &Results, variant: usize, metric: &str) -> String {
    let summary = results.variants[variant].metrics[metric].expect("a value");
    distpoint::report::count(summary.mean)
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn a_run_with_times_of_day() {
    for starts in ["Mon 23:50", "Wed 20:00"] {
        let starts = format!("starts={starts}");
        let (html, _) = reports::made(&["run", "nightly-outage", "--set", &starts, "--no-what-if"]);
        assert!(html.contains("time of day (UTC)"));
        holds(&html, &OVER_TIME);
    }
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn a_run_with_thresholds() {
    let (html, results) = reports::made(&[
        "run",
        "q268500",
        "--replications",
        "5",
        "--threshold",
        "stranded == 0",
        "--threshold",
        "completion.p95 < 4h",
    ]);
    let answer = holds(&html, &OVER_TIME);
    let [buggy, fixed] = [0, 1].map(|variant| count(&results, variant, "stranded"));
    assert_eq!(fixed, "0");
    let stranded = format!(
        "{buggy} of 5,000 advertisements are stranded under SMS 2.0 SP2 (buggy) and 0 under \
         SMS 2.0 SP3 (fixed)."
    );
    let breached = format!(
        "1 of 4 thresholds is breached: stranded == 0 under SMS 2.0 SP2 (buggy) (observed {buggy})."
    );
    assert_eq!(answer, format!("{stranded} {breached}"));
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn six_variants() {
    let (html, results) = reports::made(&["run", "retry-policies", "--replications", "3"]);
    assert!(html.len() < 400_000, "{} bytes", html.len());
    let answer = holds(&html, &OVER_TIME);
    assert!(
        answer.starts_with("All 2,000 clients complete. exp. full jitter is fastest: "),
        "{answer}"
    );
    assert!(results.variants.iter().all(|variant| answer.contains(&variant.name)), "{answer}");
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn one_variant_one_run() {
    let (html, results) = reports::one_variant();
    assert_eq!((results.variants.len(), results.replications), (1, 1));
    holds(&html, &OVER_TIME);
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn several_groups_and_points() {
    let (html, _) = reports::made(&["run", "mixed-fleet", "--replications", "2"]);
    holds(&html, &OVER_TIME);
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn a_sweep() {
    let limits = "distribution_points.*.connection_limit=10..200:10";
    let (html, results) = reports::made(&[
        "sweep",
        "q268500",
        "--replications",
        "3",
        "--vary",
        limits,
        "--threshold",
        "completion.p95 < 6h",
        "--threshold",
        "completion.p95 < 5h50m",
    ]);
    let curves = ["sweep-completion-p95", "sweep-stranded", "sweep-attempts-mean"];
    let curves = [&curves[..], &["sweep-idle-while-waiting"], &OVER_TIME].concat();
    let answer = holds(&html, &curves);
    // The least of three runs is not always at the most connections.
    let mean = |variant: usize| {
        let stranded = results.variants[variant].metrics["stranded"];
        stranded.expect("a value").mean
    };
    let least = (0..20).min_by(|one, other| mean(*one).total_cmp(&mean(*other)));
    let least = least.expect("variants");
    let stranded = format!(
        "{} (connection_limit={}) to {} (connection_limit=10) advertisements are stranded.",
        count(&results, least, "stranded"),
        10 * (least + 1),
        count(&results, 0, "stranded")
    );
    assert!(answer.contains(&stranded), "{answer}");
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn a_sweep_over_two_keys() {
    let (html, _) = reports::made(&[
        "sweep",
        "retry-policies",
        "--vary",
        "distribution_points.*.connection_limit=25,50,100",
        "--vary",
        "clients.storm.retry.interval=1m,5m,10m,30m",
    ]);
    holds(
        &html,
        &[
            "map-completion-p95",
            "map-attempts-mean",
            "sweep-completion-p95",
            "sweep-attempts-mean",
            "sweep-idle-while-waiting",
            "sweep-utilisation",
            "open-connections",
            "waiting",
            "completion",
            "refusals",
            "attempts",
        ],
    );
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn a_sweep_of_hundreds() {
    let counts = "clients.storm.count=10..3000:10";
    let (html, results) = reports::made(&["sweep", "retry-policies", "--vary", counts]);
    assert_eq!(results.variants.len(), 300);
    assert!(html.len() < 1_000_000, "{} bytes", html.len());
    let page = Page::with(&html);
    let opened = page.open(1280, "light");
    assert_sound(&opened, "1280 px");
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn a_size() {
    let limits = "distribution_points.*.connection_limit=1..500";
    let (html, results) =
        reports::made(&["size", "q268500", "--vary", limits, "--until", "completion.p95 < 6h"]);
    let answer = holds(
        &html,
        &[&["sweep-completion-p95", "sweep-stranded", "sweep-attempts-mean"][..], &OVER_TIME]
            .concat(),
    );
    let chosen = results.sizing.and_then(|sizing| sizing.chosen).expect("a value");
    let start = format!("The smallest connection_limit with completion.p95 < 6h is {chosen} (");
    assert!(answer.starts_with(&start), "{answer}");
    assert!(html.contains(&format!("chosen: {chosen}")));
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn hostile_names() {
    for html in [reports::hostile_run(), reports::hostile_sweep()] {
        let page = Page::with(&html);
        for width in WIDTHS {
            let opened = page.open(width, "light");
            assert_sound(&opened, &format!("{width} px"));
            assert_eq!(opened.foreign, [] as [String; 0], "elements that a name made");
        }
        // Also where scripts may run, none does.
        assert_eq!(page.open_with_scripts().title_changes, 0);
    }
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn results_with_nothing_in_them() {
    for html in [reports::nobody_arrives(), reports::without_values()] {
        let page = Page::with(&html);
        for width in WIDTHS {
            assert_sound(&page.open(width, "dark"), &format!("{width} px"));
        }
    }
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn the_page_is_the_same_with_and_without_scripts() {
    let (html, _) = reports::made(&["run", "q268500"]);
    let page = Page::with(&html);
    let [without, with] = [page.open(1280, "light"), page.open_with_scripts()];
    assert_eq!(without.text, with.text);
    assert!(without.text.contains("To get the same results again"));
}

#[test]
#[ignore = "needs Chromium: make test-browser"]
fn it_prints_on_a_few_pages() {
    let (html, _) = reports::made(&["run", "retry-policies", "--replications", "2"]);
    let pages = Page::with(&html).printed_pages();
    assert!((2..=5).contains(&pages), "{pages} pages");
}

/// What the checks are worth: each finds what it is for.
#[test]
#[ignore = "needs Chromium: make test-browser"]
fn a_bad_page_is_found_out() {
    let opened = Page::with(include_str!("bad.html")).open(390, "light");
    assert_eq!(opened.overlaps.len(), 2, "{:?}", opened.overlaps);
    assert_eq!(opened.too_wide.len(), 1, "{:?}", opened.too_wide);
    assert_eq!(opened.bad_charts.len(), 3, "{:?}", opened.bad_charts);
    assert_eq!(opened.foreign.len(), 2, "{:?}", opened.foreign);
    assert!(!opened.requests.is_empty());
    assert!(!opened.console.is_empty());
    assert_eq!(opened.title_changes, 0, "scripts are off");
    assert_eq!(Page::with(include_str!("bad.html")).open_with_scripts().title_changes, 1);
}
