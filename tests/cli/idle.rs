//! What has no effect: an error where it never can have one, a warning where another horizon, client or
//! variant would give it one.

use insta::assert_snapshot;

use crate::harness::{Desk, SMALL, refused, refused_set, small};

const TRANSFER: &str = r#"transfer = { kind = "constant", duration = "2m" }"#;
const LIMIT: &str = "connection_limit = 5\n";

/// What the program says of a group with these keys beside its transfer.
#[track_caller]
fn group(keys: &str) -> String {
    refused(TRANSFER, &format!("{TRANSFER}\n{keys}"))
}

/// What the program warns of in a scenario that it plays.
#[track_caller]
fn warned(scenario: &str, arguments: &[&str]) -> String {
    let desk = Desk::with(scenario);
    let arguments = [&["run", "s.toml"], arguments].concat();
    let ended = desk.run(&arguments);
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    let quiet = desk.run(&[&arguments[..], &["--quiet"]].concat());
    assert_eq!((quiet.stdout, quiet.stderr), (ended.stdout, String::new()), "warnings are no more");
    ended.stderr
}

/// [`SMALL`] with these keys of its point.
fn point(keys: &str) -> String {
    small(LIMIT, &format!("{LIMIT}{keys}\n"))
}

#[test]
fn hours_that_only_open_after_the_horizon() {
    assert_snapshot!(group("online = \"Sat 10:00-11:00\""), @r#"
    error: these hours never open before the horizon
      --> s.toml:12:10
       |
    12 | online = "Sat 10:00-11:00"
       |          ^^^^^^^^^^^^^^^^^ first open after 5d 10h, at Sat 10:00
       |
       = help: the simulation starts on Mon 00:00: change `starts`, or lengthen `horizon`

    1 error in s.toml
    "#);
}

#[test]
fn hours_open_where_the_start_a_zone_or_a_stagger_has_them_open() {
    let runs = |keys: &str, starts: &str| {
        let text = small(TRANSFER, &format!("{TRANSFER}\n{keys}"));
        let text = text.replace("horizon = \"1d\"", &format!("horizon = \"1h\"\n{starts}"));
        Desk::with(&text).run(&["run", "s.toml"]).code == Some(0)
    };
    assert!(!runs("online = \"Sat 10:00-11:00\"", ""));
    assert!(runs("online = \"Sat 10:00-11:00\"", "starts = \"Sat 09:30\""));
    assert!(!runs("online = \"Sat 10:00-11:00\"", "starts = \"Sat 09:00\""));
    // On Monday at 00:00 UTC it is 01:30 in UTC+1:30, and 23:00 on Sunday in UTC-1.
    assert!(!runs("online = \"Mon 02:00-03:00\"", ""));
    assert!(runs("online = \"Mon 02:00-03:00\"\nzones = [\"UTC\", \"UTC+1:30\"]", ""));
    assert!(runs("online = \"Sun 23:00-24:00\"\nzones = [\"UTC-1\"]", ""));
    // Whoever is an hour late goes home an hour late.
    assert!(!runs("online = \"Sun 20:00-23:00\"", ""));
    assert!(!runs("online = \"Sun 20:00-23:00\"\nstagger = \"1h\"", ""));
    assert!(runs("online = \"Sun 20:00-23:00\"\nstagger = \"90m\"", ""));
    assert!(runs("online = \"Sun 20:00-23:00\"\nstagger = \"8d\"", ""));
}

#[test]
fn a_report_tells_clients_from_those_that_arrive() {
    let text = small(r#"{ kind = "uniform", over = "10m" }"#, r#"{ kind = "burst", at = "2d" }"#);
    let report = Desk::with(&text).run(&["run", "s.toml"]).succeeds();
    let rows: Vec<&str> = report.lines().skip_while(|line| !line.starts_with("clients")).collect();
    assert_snapshot!(rows[..3].join("\n"), @"
    clients                         100
    of these arrived in time          0
    completed                         0
    ");
    assert!(!Desk::with(SMALL).run(&["run", "s.toml"]).succeeds().contains("arrived in time"));
}

#[test]
fn an_upgrade_that_falls_back_without_tiers() {
    assert_snapshot!(group("upgrade = { to = \"bits\", fallback_after = \"1h\" }"), @r#"
    error: there is no tier to fall back to
      --> s.toml:12:26
       |
    12 | upgrade = { to = "bits", fallback_after = "1h" }
       |                          ^^^^^^^^^^^^^^
       |
       = help: list the points by tiers, the nearest first: `tiers = [["BRANCH"], ["HQ1", "HQ2"]]`

    1 error in s.toml
    "#);
}

#[test]
fn a_fallback_with_one_tier() {
    assert_snapshot!(group("tiers = [[\"DP01\"]]\nfallback_after = \"1h\""), @r#"
    error: there is no tier to fall back to
      --> s.toml:13:1
       |
    13 | fallback_after = "1h"
       | ^^^^^^^^^^^^^^
       |
       = help: list the points by tiers, the nearest first: `tiers = [["BRANCH"], ["HQ1", "HQ2"]]`

    1 error in s.toml
    "#);
}

#[test]
fn moving_on_where_there_is_one_point() {
    assert_snapshot!(group("moves_on = true"), @"
    error: `moves_on` has no effect: there is no other point in the tier
      --> s.toml:12:1
       |
    12 | moves_on = true
       | ^^^^^^^^
       |
       = help: leave `moves_on` out, or name more points

    1 error in s.toml
    ");
}

#[test]
fn moving_on_where_each_attempt_chooses_anew() {
    let points = small(LIMIT, &format!("{LIMIT}[distribution_points.DP02]\n{LIMIT}"));
    let run = |keys: &str| {
        let text = points.replace(TRANSFER, &format!("{TRANSFER}\n{keys}"));
        Desk::with(&text).run(&["run", "s.toml"])
    };
    assert_snapshot!(run("choose = \"least-loaded\"\nmoves_on = true").refuses(), @r#"
    error: `moves_on` has no effect: `choose = "least-loaded"` chooses anew for each attempt
      --> s.toml:15:1
       |
    15 | moves_on = true
       | ^^^^^^^^
       |
       = help: leave `moves_on` out, or write `choose = "random-once"`

    1 error in s.toml
    "#);
    run("choose = \"random\"\nmoves_on = true").refuses();
    run("choose = \"sticky\"\nupgrade = { to = \"bits\", moves_on = true }").refuses();
    run("choose = \"random-once\"\nmoves_on = true").succeeds();
    run("choose = \"ordered\"\nmoves_on = true").succeeds();
    run("choose = \"least-loaded\"\nmoves_on = false").succeeds();
    // By its name a release may go anywhere.
    run("choose = \"least-loaded\"\nrelease = \"configmgr\"").succeeds();
}

#[test]
fn trouble_beyond_the_horizon() {
    let text = point(
        "outages = [{ from = \"1h\", for = \"1m\" }, { from = \"50d\", for = \"1h\" }]\n\
         limit_changes = [{ from = \"2d\", connection_limit = 9 }]",
    );
    assert_snapshot!(warned(&text, &[]), @r#"
    warning: this outage has no effect: it comes after the horizon
     --> s.toml:6:41
      |
    6 | outages = [{ from = "1h", for = "1m" }, { from = "50d", for = "1h" }]
      |                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: let it come earlier, lengthen `horizon`, or leave it out

    warning: this limit change has no effect: it comes after the horizon
     --> s.toml:7:18
      |
    7 | limit_changes = [{ from = "2d", connection_limit = 9 }]
      |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: let it come earlier, lengthen `horizon`, or leave it out

    2 warnings in s.toml
    "#);
}

#[test]
fn trouble_that_another_horizon_leaves_out() {
    let text = point("outages = [{ from = \"8h\", for = \"1h\" }]");
    Desk::with(&text).run(&["run", "s.toml"]).succeeds();
    assert_snapshot!(warned(&text, &["--horizon", "7h"]), @r#"
    warning: this outage has no effect: it comes after the horizon
     --> s.toml:6:12
      |
    6 | outages = [{ from = "8h", for = "1h" }]
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: let it come earlier, lengthen `horizon`, or leave it out

    1 warning in s.toml
    "#);
}

#[test]
fn what_has_an_effect_in_some_variant_is_no_warning() {
    let variants = "\n[variants.short]\nhorizon = \"7h\"\n[variants.long]\nhorizon = \"1d\"\n";
    let text = point("outages = [{ from = \"8h\", for = \"1h\" }]") + variants;
    Desk::with(&text).run(&["run", "s.toml"]).succeeds();
    // The scenario itself is not played.
    let short = text.replace("\nhorizon = \"1d\"\n\n", "\nhorizon = \"1h\"\n\n");
    assert_ne!(short, text);
    Desk::with(&short).run(&["run", "s.toml"]).succeeds();
    let own =
        "\n[variants.late]\ndistribution_points.DP01.outages = [{ from = \"9d\", for = \"1h\" }]\n";
    assert_snapshot!(warned(&(text + own), &[]), @r#"
    warning: this outage has no effect: it comes after the horizon
      --> s.toml:20:37
       |
    20 | distribution_points.DP01.outages = [{ from = "9d", for = "1h" }]
       |                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: let it come earlier, lengthen `horizon`, or leave it out

    1 warning in s.toml
    "#);
}

#[test]
fn an_upgrade_beyond_the_horizon() {
    let keys = "upgrade = { to = \"bits\", from = \"50d\" }";
    assert_snapshot!(warned(&small(TRANSFER, &format!("{TRANSFER}\n{keys}")), &[]), @r#"
    warning: this upgrade has no effect: it comes after the horizon
      --> s.toml:12:33
       |
    12 | upgrade = { to = "bits", from = "50d" }
       |                                 ^^^^^
       |
       = help: let it come earlier, lengthen `horizon`, or leave it out

    1 warning in s.toml
    "#);
}

#[test]
fn a_workaround_beyond_the_horizon() {
    let workaround = "horizon = \"1d\"\nworkaround = { after = \"40d\" }";
    assert_snapshot!(warned(&small("horizon = \"1d\"", workaround), &[]), @r#"
    warning: this workaround has no effect: it comes after the horizon
     --> s.toml:3:24
      |
    3 | workaround = { after = "40d" }
      |                        ^^^^^
      |
      = help: let it come earlier, lengthen `horizon`, or leave it out

    1 warning in s.toml
    "#);
}

#[test]
fn a_workaround_for_more_clients_than_there_are() {
    let workaround = "horizon = \"1d\"\nworkaround = { when_stranded = 1000 }";
    assert_snapshot!(warned(&small("horizon = \"1d\"", workaround), &[]), @r#"
    warning: the workaround never comes: there are only 100 clients
     --> s.toml:3:32
      |
    3 | workaround = { when_stranded = 1000 }
      |                                ^^^^
      |
      = help: lower `when_stranded`, or write `{ after = "24h" }`

    1 warning in s.toml
    "#);
    let least = workaround.replace("1000", "100");
    Desk::with(&small("horizon = \"1d\"", &least)).run(&["run", "s.toml"]).succeeds();
}

#[test]
fn a_hint_that_nobody_heeds() {
    let text = point("retry_after = \"30s\"");
    assert_snapshot!(warned(&text, &[]), @r#"
    warning: no client that may go to `DP01` heeds its `retry_after`
     --> s.toml:6:15
      |
    6 | retry_after = "30s"
      |               ^^^^^
      |
      = help: clients with `retry = { policy = "server" }` do

    1 warning in s.toml
    "#);
    let keys = "upgrade = { to = \"bits\", retry = { policy = \"server\" } }";
    let heeded = text.replace(TRANSFER, &format!("{TRANSFER}\n{keys}"));
    Desk::with(&heeded).run(&["run", "s.toml"]).succeeds();
}

#[test]
fn a_sweep_and_a_search_warn_once() {
    let text = point("outages = [{ from = \"8d\", for = \"1h\" }]");
    let vary = ["--vary", "distribution_points.DP01.connection_limit=5..9"];
    let count = |arguments: &[&str]| {
        let ended = Desk::with(&text).run(&[arguments, &vary].concat());
        assert_eq!(ended.code, Some(0), "{ended:#?}");
        ended.stderr.matches("warning: ").count()
    };
    assert_eq!(count(&["sweep", "s.toml"]), 1);
    assert_eq!(count(&["size", "s.toml", "--until", "completion.p95 < 20h"]), 1);
}

#[test]
fn a_spin_that_cannot_be_counted() {
    let outage =
        "horizon = \"60d\"\ndistribution_points.DP01.outages = [{ from = \"1h\", for = \"50d\" }]";
    let text = |spin: &str| {
        let text = small("[clients.office]", &format!("[clients.office]\nspin = \"{spin}\""));
        text.replace("horizon = \"1d\"", outage).replace(
            "[distribution_points.DP01]\nconnection_limit",
            "distribution_points.DP01.connection_limit",
        )
    };
    assert_snapshot!(Desk::with(&text("1ms")).run(&["run", "s.toml"]).refuses(), @r#"
    error: `spin` is 1ms: until the horizon, 60d, that is too often to be counted
     --> s.toml:8:8
      |
    8 | spin = "1ms"
      |        ^^^^^
      |
      = help: 4,294,967,295 is the most: lengthen `spin` or shorten `horizon`

    1 error in s.toml
    "#);
    Desk::with(&text("1h")).run(&["run", "s.toml"]).succeeds();
    // A second a day is a minute in all.
    let short = text("1ms").replace("for = \"50d\"", "for = \"1s\", every = \"1d\"");
    Desk::with(&short).run(&["run", "s.toml"]).succeeds();
}

#[test]
fn retries_that_cannot_be_counted() {
    let horizon = "horizon=60d";
    assert_snapshot!(
        refused_set(&[horizon, "clients.office.retry={policy='fixed', interval='1ms'}"]),
        @"
    error: `retry` waits some 1ms: until the horizon, 60d, that is too often to be counted
     --> --set:1:22
      |
    1 | clients.office.retry={policy='fixed', interval='1ms'}
      |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: 4,294,967,295 is the most: lengthen `retry` or shorten `horizon`

    1 error in --set
    "
    );
    let retries = |retry: &str, right: bool| {
        let retry = format!("clients.office.retry={{{retry}}}");
        // Nobody is refused: what is tested is whether it may be played.
        let limit = "distribution_points.DP01.connection_limit=100";
        let arguments = ["run", "s.toml", "--set", limit, "--set", horizon, "--set", &retry];
        let ended = Desk::with(SMALL).run(&arguments);
        assert_eq!(ended.code, Some(if right { 0 } else { 2 }), "{ended:#?}");
    };
    retries("policy='fixed', interval='2ms'", true);
    retries("policy='fixed', interval='1ms', max_retries=1000", true);
    retries("policy='fixed', interval='1ms', give_up_after='40d'", true);
    retries("policy='memoryless', mean='1ms'", false);
    retries("policy='linear', step='1ms'", true);
    retries("policy='linear', step='1ms', cap='1ms'", false);
    retries("policy='exponential', base='1ms'", true);
    retries("policy='exponential', base='1ms', factor=1", false);
    retries("policy='exponential', base='1ms', cap='2ms', jitter='full'", false);
    retries("policy='exponential', base='1ms', cap='10ms', jitter='equal'", true);
    retries("policy='server', interval='1ms'", false);
}

#[test]
fn failures_and_absences_that_cannot_be_counted() {
    let failures = "distribution_points.DP01.failures={mtbf='1ms', mttr='1ms'}";
    let vanishes = "clients.office.vanishes={every='1ms', for='1ms'}";
    assert_snapshot!(refused_set(&["horizon=60d", failures, vanishes]), @"
    error: `failures` come every 2ms: until the horizon, 60d, that is too often to be counted
     --> --set:1:35
      |
    1 | distribution_points.DP01.failures={mtbf='1ms', mttr='1ms'}
      |                                   ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: 4,294,967,295 is the most: lengthen `failures` or shorten `horizon`

    error: a client of `office` vanishes every 2ms: until the horizon, 60d, that is too often to be counted
     --> --set:1:25
      |
    1 | clients.office.vanishes={every='1ms', for='1ms'}
      |                         ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: 4,294,967,295 is the most: lengthen `vanishes` or shorten `horizon`

    2 errors in --set
    ");
}

#[test]
fn more_groups_than_can_be_numbered() {
    let groups: String = (0..65_001).map(|i| format!("g{i} = {{}}\n")).collect();
    let (head, _) = SMALL.split_once("[clients.office]").expect("a group");
    let text = format!("{head}[clients]\n{groups}");
    assert_snapshot!(Desk::with(&text).run(&["run", "s.toml"]).refuses(), @"
    error: the scenario has 65001 groups of clients
     --> s.toml:7:2
      |
    7 | [clients]
      |  ^^^^^^^
      |
      = help: at most 65000 can be simulated: let some have a larger `count`

    1 error in s.toml
    ");
}

#[test]
fn several_connections_to_a_point_that_is_wrong() {
    let text = small(TRANSFER, &format!("{TRANSFER}\nconnections = 2"));
    let text = text.replace("connection_limit = 5", "connection_limit = 0");
    assert_snapshot!(Desk::with(&text).run(&["run", "s.toml"]).refuses(), @"
    error: `connection_limit` must be from 1 to 4294967295, found 0
     --> s.toml:5:20
      |
    5 | connection_limit = 0
      |                    ^ must be from 1 to 4294967295

    1 error in s.toml
    ");
}
