//! Whether runs recover from a trigger: searches, tables, charts, and wrong keys.

use crate::harness::{Desk, assert_mentions};

/// A queue of 20 drains in 4 s, sooner than clients go; one of 200 takes 40 s.
const STORM: &str = r#"
name = "storm"
horizon = "6m"
trigger = { from = "1m", until = "80s", load = 20 }
recovery = { share = "50%", window = "1m" }
[distribution_points.A]
connection_limit = 1
queue = 200
[clients.c]
arrival = { kind = "rate", profile = [["0s", "4/s"]] }
transfer = { kind = "exponential", mean = "200ms" }
timeout = "5s"
retry = { policy = "fixed", interval = "100ms", max_retries = 5 }
[variants."a long queue"]
[variants."a short queue"]
distribution_points.A.queue = 20
"#;

#[test]
fn a_search_knows_whether_runs_recover_from_their_trigger() {
    let search = ["size", "s.toml", "--vary", "distribution_points.A.queue=20..200:180"];
    let more = ["--until", "stuck < 50%", "--largest", "--format", "json", "-q"];
    let results = Desk::with(STORM).run(&[&search[..], &more].concat()).json();
    assert_eq!(results["sizing"]["chosen"], 20, "{}", results["sizing"]);
}

#[test]
fn reports_show_the_time_before_during_and_after_the_trigger() {
    let desk = Desk::with(STORM);
    let run = ["run", "s.toml", "-n", "3", "--no-what-if", "-o", "r.html", "-o", "r.md"];
    let text = desk.run(&run).succeeds();
    // Three of three runs, and none of three, with Wilson's intervals.
    assert_mentions(&text, "100% (43.9% to 100%) | 0% (0% to 56.1%) | before | during | after");
    assert_mentions(&desk.read("r.md"), "Before, during and after the trigger");
    let html = desk.read("r.html");
    assert_mentions(&html, "Before, during and after the trigger | does not recover");
    assert!(html.matches("<rect class=\"trigger\"").count() > 2, "charts shade the trigger");
}

#[test]
fn a_trigger_or_recovery_that_makes_no_sense_is_refused_with_a_reason() {
    for (keys, reason) in [
        ("trigger={from='2m', until='1m'}", "the trigger ends at 1m, but begins at 2m"),
        ("trigger={from='0s', until='1m'}", "there is no time before the trigger"),
        ("trigger={from='1m', until='6m'}", "no window of 1m lies between"),
        ("recovery={share='0%'}", "0% of goodput is always reached"),
        ("recovery={window='0s'}", "must be longer than zero"),
        ("trigger={from='1m', until='2m', load=0}", "must be"),
    ] {
        let problem = Desk::with(STORM).run(&["check", "s.toml", "--set", keys]).fails(2);
        assert!(problem.contains(reason), "{keys}: {problem}");
    }
    let many = ["run", "s.toml", "--set", "recovery={window='1ms'}", "--horizon", "30d"];
    let problem = Desk::with(STORM).run(&many).fails(2);
    assert!(problem.contains("more than 1000000 windows of 1ms"), "{problem}");
    let without = STORM.replace("trigger = {", "# {");
    let problem = Desk::with(&without).run(&["check", "s.toml"]).fails(2);
    assert!(problem.contains("the scenario has no `trigger`"), "{problem}");
    let burst = "clients.c={count=5, arrival={kind='burst'}}";
    let problem = Desk::with(STORM).run(&["check", "s.toml", "--set", burst]).fails(2);
    assert!(problem.contains("no group arrives with `rate` or `poisson`"), "{problem}");
}
