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
    let until = [&search[..], &["--until", "stuck < 50%", "--largest", "-q"]].concat();
    let results = Desk::with(STORM).run(&[&until[..], &["--format", "json"]].concat()).json();
    assert_eq!(results["sizing"]["chosen"], 20, "{}", results["sizing"]);
    // Of shares the intervals are Wilson's, also where all runs end alike.
    let text = Desk::with(STORM).run(&until).succeeds();
    assert_mentions(&text, "stuck is 0% (0% to | stuck is 100% (");
    assert!(!text.contains("in each run") && !text.contains("agree"), "{text}");
}

#[test]
fn reports_show_the_time_before_during_and_after_the_trigger() {
    let desk = Desk::with(STORM);
    let run = ["run", "s.toml", "-n", "3", "--no-what-if", "-o", "r.html", "-o", "r.md"];
    let text = desk.run(&run).succeeds();
    let answer = "None of 3 runs recovers under a long queue; all recover under a short queue.";
    assert!(text.contains(answer), "{text}");
    // Three of three runs, and none of three, with Wilson's intervals.
    assert_mentions(&text, "100% (43.9% to 100%) | 0% (0% to 56.1%) | before | during | after");
    assert_mentions(&desk.read("r.md"), "Before, during and after the trigger");
    let html = desk.read("r.html");
    assert_mentions(&html, "Before, during and after the trigger | does not recover");
    assert!(html.matches("<rect class=\"trigger\"").count() > 2, "charts shade the trigger");
}

/// Without a trigger (a load of 1) the long queue works as well as the short one: the same load has two states.
#[test]
fn a_sweep_over_two_keys_is_a_map_of_which_runs_do_not_recover() {
    let desk = Desk::with(STORM);
    let queue = "distribution_points.A.queue=20,110,200";
    let run = ["sweep", "s.toml", "--vary", "trigger.load=1,20", "--vary", queue];
    let run = [&run[..], &["-n", "2", "-q", "-o", "r.html", "--format", "json"]].concat();
    let results = desk.run(&run).json();
    let variants = results["variants"].as_array().expect("variants");
    let stuck: Vec<_> = variants.iter().map(|v| v["metrics"]["stuck"]["mean"].clone()).collect();
    assert_eq!(stuck, [0.0, 0.0, 0.0, 0.0, 1.0, 1.0]);
    let html = desk.read("r.html");
    let answer = "0% (load=1, queue=20) to 100% (load=20, queue=200) of the runs do not recover";
    assert!(html.contains(answer), "{html}");
    let start = html.find("<table class=\"map\">").expect("a map");
    let map = &html[start..start + html[start..].find("</table>").expect("its end")];
    let cells = |row: &str| {
        let row = map.split("<tr>").find(|it| it.contains(row)).expect("a row");
        let heats = row.split("--h:").skip(1).map(|cell| cell[..4].to_owned());
        heats.collect::<Vec<_>>()
    };
    assert_eq!(cells("load = 1<"), ["0.00", "0.00", "0.00"]);
    assert_eq!(cells("load = 20<"), ["0.00", "1.00", "1.00"]);
}

/// The mean is of the runs that recover; for one that does not, no time is long enough.
#[test]
fn a_time_to_recover_is_met_only_if_all_runs_recover() {
    let run = |threshold: &str| {
        let run = ["run", "s.toml", "-n", "2", "--no-what-if", "-q", "--threshold", threshold];
        Desk::with(STORM).run(&run).code
    };
    assert_eq!(run("recovery.time < 5m @ 'a short queue'"), Some(0));
    assert_eq!(run("recovery.time < 5m @ 'a long queue'"), Some(99));
    assert_eq!(run("recovery.time > 5m @ 'a long queue'"), Some(0));
    let search = ["size", "s.toml", "--vary", "distribution_points.A.queue=20..200:180"];
    let until = ["--until", "recovery.time < 5m", "--largest", "-q", "--format", "json"];
    let results = Desk::with(STORM).run(&[&search[..], &until].concat()).json();
    assert_eq!(results["sizing"]["chosen"], 20, "{}", results["sizing"]);
}

#[test]
fn whether_runs_recover_is_asked_of_whole_runs_with_a_trigger() {
    let without = STORM.replace("trigger = {", "# {").replace("recovery = {", "# {");
    for (text, threshold, reason) in [
        (STORM, "stuck < 1% during 1m..2m", "`stuck` is about a whole run"),
        (STORM, "recovery.time < 1m during 1m..2m", "`recovery.time` is about a whole run"),
        (&without, "stuck < 1%", "`stuck` needs a `trigger`"),
    ] {
        let run = ["run", "s.toml", "--threshold", threshold];
        let problem = Desk::with(text).run(&run).fails(2);
        assert!(problem.contains(reason), "{threshold}: {problem}");
    }
}

#[test]
fn load_that_ends_and_restraints_of_single_clients_are_warned_of() {
    let warnings = |set: &[&str]| {
        let set = set.iter().flat_map(|set| ["--set", *set]);
        let check: Vec<&str> = ["check", "s.toml"].into_iter().chain(set).collect();
        Desk::with(STORM).run(&check).stderr
    };
    assert_eq!(warnings(&[]), "");
    let ends = "clients.c.arrival={kind='rate', profile=[['0s', '4/s'], ['3m', '0/s']]}";
    for set in [ends, "clients.c.count=500"] {
        let warning = warnings(&[set]);
        assert!(warning.contains("no clients arrive until the horizon"), "{set}: {warning}");
    }
    let budget = "clients.c.budget={tokens=50, cost=5}";
    for set in [budget, "clients.c.retry='aws-standard'"] {
        let warning = warnings(&[set]);
        assert!(warning.contains("is of each client alone"), "{set}: {warning}");
        assert_eq!(warnings(&[set, "clients.c.processes=2"]), "", "{set}");
    }
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
