//! Thresholds over windows of time.

use distpoint::results::{Results, ThresholdVerdict, WindowResults};
use distpoint::scenario::{Origin, load};
use distpoint::study::{Engine, Options, run};

/// Simulates the scenario of this text, which has thresholds.
fn results(text: &str, engine: Engine) -> Results {
    let loaded = load(Origin::Text { name: "windows", text }, &[]);
    let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
    run(&loaded, &Options { engine, ..Options::default() }).expect("it runs")
}

/// What was measured in a window, the same by both engines.
fn windows(text: &str) -> Vec<WindowResults> {
    let windows = |engine| {
        let variant = results(text, engine).variants.remove(0);
        variant.windows.into_values().collect::<Vec<_>>()
    };
    let events = windows(Engine::Events);
    assert_eq!(events, windows(Engine::Tokio));
    events
}

#[track_caller]
fn assert_metrics(window: &WindowResults, expected: &[(&str, Option<f64>)]) {
    for &(name, value) in expected {
        assert_eq!(window.metrics[name].map(|summary| summary.mean), value, "{name}");
    }
}

/// Two servers' worth of clients at 08:10 and one at 10:30, each of one minute.
const TWO_BURSTS: &str = r#"
name = "two bursts"
starts = "Mon 08:00"
horizon = "12h"
[distribution_points.A]
connection_limit = 2
[clients.early]
count = 4
arrival = { kind = "burst", at = "10m" }
transfer = { kind = "constant", duration = "1m" }
retry = { policy = "fixed", interval = "2m" }
[clients.late]
count = 1
arrival = { kind = "burst", at = "2h 30m" }
transfer = { kind = "constant", duration = "6m" }
"#;

#[test]
fn clients_count_that_arrive_in_the_window_whatever_comes_later() {
    let text = format!("thresholds = ['completion.p95 < 2m during 10m..11m']\n{TWO_BURSTS}");
    let [window] = &windows(&text)[..] else { panic!("one window") };
    // Two are refused, wait for 2 minutes and complete when the window has long been over.
    assert_metrics(
        window,
        &[
            ("arrived", Some(4.0)),
            ("completed", Some(4.0)),
            ("attempts", Some(6.0)),
            ("completion.max", Some(180_000.0)),
            ("makespan", Some(180_000.0)),
            ("utilisation", Some(1.0)),
            ("waiting.mean", Some(2.0)),
            ("connections.peak", Some(2.0)),
            ("attempts.per_second.peak", Some(4.0)),
            ("throughput", Some(0.0)),
        ],
    );
    let verdicts = results(&text, Engine::Events).thresholds;
    assert_eq!(verdicts[0].verdict, ThresholdVerdict::Fail);
    assert_eq!(verdicts[0].metric, "completion.p95 during 10m..11m");
}

#[test]
fn averages_and_peaks_are_those_of_the_time_of_the_window() {
    let text = format!(
        "thresholds = ['utilisation < 90% during 10m 30s..13m', 'stranded == 0 during 10:00-11:00',
         'dp.A.connections.peak < 2 during 2h..3h']\n{TWO_BURSTS}"
    );
    let [early, hour, same] = &windows(&text)[..] else { panic!("three windows") };
    // Two connections for 30 s and, from 12 m on, for 1 m, of 2 for 150 s; nobody arrives.
    assert_metrics(
        early,
        &[
            ("arrived", Some(0.0)),
            ("completion.p95", None),
            ("utilisation", Some(0.6)),
            ("waiting.mean", Some(2.0 * 90.0 / 150.0)),
            ("idle_while_waiting", Some(60.0 / 150.0)),
            ("connections.peak", Some(2.0)),
            ("attempts.per_second.peak", Some(2.0)),
            // The two of 11 m.
            ("throughput", Some(48.0)),
        ],
    );
    let hourly = [
        ("arrived", Some(1.0)),
        ("completion.max", Some(360_000.0)),
        ("connections.mean", Some(0.1)),
        ("connections.peak", Some(1.0)),
        ("throughput", Some(1.0)),
    ];
    assert_metrics(hour, &hourly);
    assert_metrics(same, &hourly);
}

#[test]
fn hours_come_again_each_day_and_hours_on_a_weekday_once_a_week() {
    let text = r#"
        name = "every day"
        starts = "Fri 22:00"
        horizon = "4d"
        thresholds = [
            "completion.p95 < 1m during 23:30-00:30",
            "completion.p95 < 1m during Mon-Fri 08:00-09:00",
            "completion.p95 < 1m during Tue 21:00-24:00",
        ]
        [distribution_points.A]
        connection_limit = 100
        # Every hour from 22:00 on.
        [clients.g]
        count = 90
        arrival = { kind = "even", over = "90h" }
        transfer = { kind = "constant", duration = "1m" }
    "#;
    let [nights, mornings, end] = &windows(text)[..] else { panic!("three windows") };
    // Clients come on the full hour: at midnight of four nights, and at 08:00 on Monday and Tuesday.
    assert_metrics(nights, &[("arrived", Some(4.0)), ("throughput", Some(1.0))]);
    assert_metrics(mornings, &[("arrived", Some(2.0)), ("throughput", Some(1.0))]);
    // The simulation ends at Tue 22:00, and the last client comes at 15:00.
    assert_metrics(end, &[("arrived", Some(0.0)), ("utilisation", None), ("throughput", None)]);
}

#[test]
fn a_window_in_which_nobody_arrives_decides_nothing() {
    let text = format!(
        "thresholds = ['completion.p95 < 2h during 5h..6h', 'stranded == 0 during 5h..6h']\n{TWO_BURSTS}"
    );
    for threshold in results(&text, Engine::Events).thresholds {
        assert_eq!(threshold.verdict, ThresholdVerdict::Inconclusive, "{threshold:?}");
    }
}

#[test]
fn the_warm_up_belongs_to_no_window() {
    let text =
        format!("warmup = '10m 30s'\nthresholds = ['arrived == 0 during 0s..12m']\n{TWO_BURSTS}");
    let [window] = &windows(&text)[..] else { panic!("one window") };
    // Of the four clients that came before, two go on until 11 m: 30 s of 90 s.
    assert_metrics(window, &[("arrived", Some(0.0)), ("utilisation", Some(30.0 / 90.0))]);
}

#[test]
fn windows_of_sites_are_those_of_all_copies_together() {
    let text = r#"
        name = "branches"
        horizon = "2h"
        thresholds = ["group.branch/office.attempts < 100 during 0s..30s"]
        [sites.branch]
        copies = 3
        [sites.branch.distribution_points.S]
        connection_limit = 2
        [sites.branch.clients.office]
        count = 5
        arrival = { kind = "burst" }
        transfer = { kind = "constant", duration = "1m" }
        retry = { policy = "fixed", interval = "70s" }
    "#;
    let [window] = &windows(text)[..] else { panic!("one window") };
    // In each branch 2, 2 and 1 are admitted at the first, second and third attempt: 5 + 3 + 1 attempts.
    assert_metrics(
        window,
        &[
            ("arrived", Some(15.0)),
            ("attempts", Some(27.0)),
            ("utilisation", Some(1.0)),
            ("connections.peak", Some(6.0)),
            ("waiting.mean", Some(9.0)),
        ],
    );
    assert_eq!(window.groups["branch/office"]["attempts"].map(|it| it.mean), Some(27.0));
}
