//! Settings without an effect: an error if they never can have one, a warning if another horizon, client
//! or variant would give them one. Events that are too frequent to be counted are an error.

use crate::harness::{
    Desk, Problem, SMALL, TRANSFER, changed, group, point, refused, refused_set, top, warned,
};

/// Checks the warning about a setting that comes after the horizon.
#[track_caller]
fn comes_too_late(problem: Problem) {
    problem.about("no effect | horizon").suggests("horizon");
}

#[test]
fn hours_that_open_only_after_the_horizon_are_refused() {
    let problem = refused(group("online = \"Sat 10:00-11:00\"")).at("12:10");
    let problem = problem.marks("\"Sat 10:00-11:00\"").about("horizon");
    problem.suggests("5d 10h | Sat 10:00 | Mon 00:00 | starts | horizon");
}

#[test]
fn hours_depend_on_the_start_the_zones_and_the_stagger() {
    let runs = |keys: &str, starts: &str| {
        let text = group(keys).replace("horizon = \"1d\"", &format!("horizon = \"1h\"\n{starts}"));
        Desk::with(&text).run(&["run", "s.toml"]).code == Some(0)
    };
    assert!(!runs("online = \"Sat 10:00-11:00\"", ""));
    assert!(runs("online = \"Sat 10:00-11:00\"", "starts = \"Sat 09:30\""));
    assert!(!runs("online = \"Sat 10:00-11:00\"", "starts = \"Sat 09:00\""));
    // On Monday at 00:00 UTC it is 01:30 in UTC+1:30, and 23:00 on Sunday in UTC-1.
    assert!(!runs("online = \"Mon 02:00-03:00\"", ""));
    assert!(runs("online = \"Mon 02:00-03:00\"\nzones = [\"UTC\", \"UTC+1:30\"]", ""));
    assert!(runs("online = \"Sun 23:00-24:00\"\nzones = [\"UTC-1\"]", ""));
    // A client whose hours are an hour later also ends an hour later.
    assert!(!runs("online = \"Sun 20:00-23:00\"", ""));
    assert!(!runs("online = \"Sun 20:00-23:00\"\nstagger = \"1h\"", ""));
    assert!(runs("online = \"Sun 20:00-23:00\"\nstagger = \"90m\"", ""));
    assert!(runs("online = \"Sun 20:00-23:00\"\nstagger = \"8d\"", ""));
}

#[test]
fn moving_on_is_refused_in_a_tier_of_one_point() {
    let problem = refused(group("moves_on = true")).at("12:1").marks("moves_on");
    problem.about("moves_on | tier").suggests("moves_on | points");
}

#[test]
fn moving_on_is_refused_if_each_attempt_chooses_a_new_point() {
    let limit = "connection_limit = 5\n";
    let points = changed(limit, &format!("{limit}[distribution_points.DP02]\n{limit}"));
    let run = |keys: &str| {
        let text = points.replace(TRANSFER, &format!("{TRANSFER}\n{keys}"));
        Desk::with(&text).run(&["run", "s.toml"])
    };
    let problem = run("choose = \"least-loaded\"\nmoves_on = true").refuses().at("15:1");
    let problem = problem.marks("moves_on").about("moves_on | choose = \"least-loaded\"");
    problem.suggests("moves_on | choose = \"random-once\"");
    run("choose = \"random\"\nmoves_on = true").refuses();
    run("choose = \"sticky\"\nupgrade = { to = \"bits\", moves_on = true }").refuses();
    run("choose = \"random-once\"\nmoves_on = true").succeeds();
    run("choose = \"ordered\"\nmoves_on = true").succeeds();
    run("choose = \"least-loaded\"\nmoves_on = false").succeeds();
    // A named release may include `moves_on` anywhere.
    run("choose = \"least-loaded\"\nrelease = \"configmgr\"").succeeds();
}

#[test]
fn a_setting_that_comes_after_the_horizon_is_a_warning() {
    for (text, place, marked, about) in [
        (group("upgrade = { to = \"bits\", from = \"50d\" }"), "12:33", "\"50d\"", "upgrade"),
        (top("workaround = { after = \"40d\" }"), "3:24", "\"40d\"", "workaround"),
    ] {
        comes_too_late(warned(text, &[]).at(place).marks(marked).about(about));
    }
    let [outage, limit] = warned(
        point(
            "outages = [{ from = \"1h\", for = \"1m\" }, { from = \"50d\", for = \"1h\" }]\n\
             limit_changes = [{ from = \"2d\", connection_limit = 9 }]",
        ),
        &[],
    )
    .problems();
    let outage = outage.at("6:41").marks("{ from = \"50d\", for = \"1h\" }");
    comes_too_late(outage.about("outage"));
    let limit = limit.at("7:18").marks("{ from = \"2d\", connection_limit = 9 }");
    comes_too_late(limit.about("limit change"));
}

#[test]
fn an_outage_after_a_shorter_horizon_is_a_warning_only_there() {
    let text = point("outages = [{ from = \"8h\", for = \"1h\" }]");
    Desk::with(&text).run(&["run", "s.toml"]).succeeds();
    let problem = warned(&text, &["--horizon", "7h"]).at("6:12");
    comes_too_late(problem.marks("{ from = \"8h\", for = \"1h\" }").about("outage"));
}

#[test]
fn a_setting_with_an_effect_in_some_variant_is_no_warning() {
    let variants = "\n[variants.short]\nhorizon = \"7h\"\n[variants.long]\nhorizon = \"1d\"\n";
    let text = point("outages = [{ from = \"8h\", for = \"1h\" }]") + variants;
    Desk::with(&text).run(&["run", "s.toml"]).succeeds();
    // The scenario itself is not simulated.
    let short = text.replace("\nhorizon = \"1d\"\n\n", "\nhorizon = \"1h\"\n\n");
    assert_ne!(short, text);
    Desk::with(&short).run(&["run", "s.toml"]).succeeds();
    let own =
        "\n[variants.late]\ndistribution_points.DP01.outages = [{ from = \"9d\", for = \"1h\" }]\n";
    let problem = warned(text + own, &[]).at("20:37");
    comes_too_late(problem.marks("{ from = \"9d\", for = \"1h\" }").about("outage"));
}

#[test]
fn a_workaround_for_more_clients_than_there_are_is_a_warning() {
    let workaround = |stranded: u32| top(&format!("workaround = {{ when_stranded = {stranded} }}"));
    let problem = warned(workaround(1000), &[]).at("3:32").marks("1000");
    problem.about("workaround | 100").suggests("when_stranded | { after = \"24h\" }");
    Desk::with(&workaround(100)).run(&["run", "s.toml"]).succeeds();
}

#[test]
fn a_retry_after_that_no_client_follows_is_a_warning() {
    let text = point("retry_after = \"30s\"");
    let problem = warned(&text, &[]).at("6:15").marks("\"30s\"");
    problem
        .about("DP01 | retry_after")
        .suggests("retry = { policy = \"server\" } | retry_after = { honour = true }");
    let keys = "upgrade = { to = \"bits\", retry = { policy = \"server\" } }";
    let followed = text.replace(TRANSFER, &format!("{TRANSFER}\n{keys}"));
    Desk::with(&followed).run(&["run", "s.toml"]).succeeds();
}

#[test]
fn keys_of_clients_that_matter_only_in_a_queue_or_by_address_are_a_warning_elsewhere() {
    let delay = "rate_limit = { rate = '1/s', burst = 5, excess = 'delay' }";
    for (keys, marked, other, matters) in [
        ("patience = \"1m\"", "\"1m\"", "queue", &["queue = 5", delay][..]),
        ("priority = 3", "3", "queue", &["queue = 5"]),
        (
            "addresses = 7",
            "7",
            "per = \"address\"",
            &["rate_limit = { rate = '1/s', per = 'address' }"],
        ),
    ] {
        let text = group(keys);
        let key = keys.split_once(' ').expect("a key").0;
        let problem = warned(&text, &[]).at(&format!("12:{}", key.len() + 4)).marks(marked);
        problem.about(&format!("{key} | office | no effect")).suggests(other);
        for point in matters {
            let limit = "connection_limit = 5";
            let text = text.replace(limit, &format!("{limit}\n{point}"));
            let ended = Desk::with(&text).run(&["check", "s.toml"]);
            assert!(!ended.stderr.contains("no effect"), "{keys}: {ended:#?}");
        }
    }
}

#[test]
fn an_excess_that_is_delayed_within_no_burst_is_a_warning() {
    let problem = warned(point("rate_limit = { rate = \"1/s\", excess = \"delay\" }"), &[]);
    let problem = problem.at("6:39").marks("\"delay\"");
    problem.about("excess | DP01 | no effect").suggests("burst");
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

/// The largest count.
const MOST: &str = "4,294,967,295";

#[test]
fn a_spin_that_cannot_be_counted_is_refused() {
    let outage =
        "horizon = \"60d\"\ndistribution_points.DP01.outages = [{ from = \"1h\", for = \"50d\" }]";
    let text = |spin: &str| {
        let text = changed("[clients.office]", &format!("[clients.office]\nspin = \"{spin}\""));
        text.replace("horizon = \"1d\"", outage).replace(
            "[distribution_points.DP01]\nconnection_limit",
            "distribution_points.DP01.connection_limit",
        )
    };
    let problem = refused(text("1ms")).at("8:8").marks("\"1ms\"");
    problem.about("spin | 1ms | horizon | 60d").suggests(&format!("{MOST} | spin | horizon"));
    Desk::with(&text("1h")).run(&["run", "s.toml"]).succeeds();
    // One second per day is one minute in total.
    let short = text("1ms").replace("for = \"50d\"", "for = \"1s\", every = \"1d\"");
    Desk::with(&short).run(&["run", "s.toml"]).succeeds();
}

#[test]
fn retries_that_cannot_be_counted_are_refused() {
    let horizon = "horizon=60d";
    let often = "clients.office.retry={policy='fixed', interval='1ms'}";
    let problem = refused_set(&[horizon, often]).at("--set:1:22");
    let problem = problem.marks("{policy='fixed', interval='1ms'}");
    problem.about("retry | 1ms | horizon | 60d").suggests(&format!("{MOST} | retry | horizon"));
    for (retry, code) in [
        ("policy='fixed', interval='2ms'", 0),
        ("policy='fixed', interval='1ms', max_retries=1000", 0),
        ("policy='fixed', interval='1ms', give_up_after='40d'", 0),
        ("policy='memoryless', mean='1ms'", 2),
        ("policy='linear', step='1ms'", 0),
        ("policy='linear', step='1ms', cap='1ms'", 2),
        ("policy='exponential', base='1ms'", 0),
        ("policy='exponential', base='1ms', factor=1", 2),
        ("policy='exponential', base='1ms', cap='2ms', jitter='full'", 2),
        ("policy='exponential', base='1ms', cap='10ms', jitter='equal'", 0),
        ("policy='server', interval='1ms'", 2),
    ] {
        let retry = format!("clients.office.retry={{{retry}}}");
        // No client is refused: what is tested is whether the scenario is accepted.
        let limit = "distribution_points.DP01.connection_limit=100";
        let arguments = ["run", "s.toml", "--set", limit, "--set", horizon, "--set", &retry];
        let ended = Desk::with(SMALL).run(&arguments);
        assert_eq!(ended.code, Some(code), "{retry} {ended:#?}");
    }
}

#[test]
fn failures_and_absences_that_cannot_be_counted_are_refused() {
    let failures = "distribution_points.DP01.failures={mtbf='1ms', mttr='1ms'}";
    let vanishes = "clients.office.vanishes={every='1ms', for='1ms'}";
    let [point, client] = refused_set(&["horizon=60d", failures, vanishes]).problems();
    let point = point.at("--set:1:35").marks("{mtbf='1ms', mttr='1ms'}");
    let point = point.about("failures | 2ms | horizon | 60d");
    point.suggests(&format!("{MOST} | failures | horizon"));
    let client = client.at("--set:1:25").marks("{every='1ms', for='1ms'}");
    let client = client.about("office | 2ms | horizon | 60d");
    client.suggests(&format!("{MOST} | vanishes | horizon"));
}

#[test]
fn more_groups_than_can_be_numbered_are_refused() {
    let groups: String = (0..65_001).map(|i| format!("g{i} = {{}}\n")).collect();
    let (head, _) = SMALL.split_once("[clients.office]").expect("a group");
    let problem = refused(format!("{head}[clients]\n{groups}")).at("7:2").marks("clients");
    problem.about("65001").suggests("65000 | count");
}
