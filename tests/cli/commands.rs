//! The commands, their options and their help.

use insta::assert_snapshot;

use crate::harness::{Desk, SMALL};

/// What the program says of wrong options for a scenario that is right.
fn refused(options: &[&str]) -> String {
    let arguments: Vec<&str> = ["run", "s.toml"].iter().chain(options).copied().collect();
    Desk::with(SMALL).run(&arguments).fails(2)
}

/// The JSON of the small scenario with these options.
fn json(options: &[&str]) -> String {
    let arguments: Vec<&str> =
        ["run", "s.toml", "--format", "json"].iter().chain(options).copied().collect();
    Desk::with(SMALL).run(&arguments).succeeds()
}

fn built_in() -> Vec<String> {
    let list = Desk::new().run(&["scenarios"]).succeeds();
    let lines = list.lines().take_while(|line| !line.is_empty());
    lines.map(|line| line.split(' ').next().expect("a name").to_owned()).collect()
}

#[test]
fn without_arguments_it_says_how_to_use_it() {
    let text = Desk::new().run(&[]).fails(2);
    assert!(text.contains("Usage: distpoint") && text.contains("Examples:"), "{text}");
}

#[test]
fn every_help_has_examples() {
    let list = Desk::new().run(&["--help"]).succeeds();
    let (_, list) = list.split_once("Commands:\n").expect("commands");
    let commands = list.lines().take_while(|line| !line.is_empty());
    let names = commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names: Vec<&str> = names.filter(|name| !name.is_empty() && *name != "help").collect();
    assert!(names.len() > 5, "{names:?}");
    let each = names.iter().map(|name| vec![*name, "--help"]);
    for command in each.chain([vec!["--help"], vec!["-h"]]) {
        let text = Desk::new().run(&command).succeeds();
        let (_, examples) = text.split_once("Examples:\n").expect("examples");
        assert!(examples.lines().next().expect("one").starts_with("  distpoint "), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
}

#[test]
fn the_version() {
    let version = concat!("distpoint ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(Desk::new().run(&["--version"]).succeeds(), version);
}

#[test]
fn an_unknown_command() {
    assert_snapshot!(Desk::new().run(&["runn"]).fails(2), @r"
    error: unrecognized subcommand 'runn'

      tip: a similar subcommand exists: 'run'

    Usage: distpoint [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn an_unknown_option() {
    assert_snapshot!(refused(&["--horizn", "7d"]), @r"
    error: unexpected argument '--horizn' found

      tip: a similar argument exists: '--horizon'

    Usage: distpoint run --horizon <DURATION> <SCENARIO>

    For more information, try '--help'.
    ");
}

#[test]
fn a_horizon_of_zero() {
    assert_snapshot!(refused(&["--horizon", "0s"]), @r"
    error: invalid value '0s' for '--horizon <DURATION>': the horizon must be later than the start

    For more information, try '--help'.
    ");
}

#[test]
fn a_negative_horizon() {
    assert_snapshot!(refused(&["--horizon", "-5m"]), @r"
    error: invalid value '-5m' for '--horizon <DURATION>': a duration cannot be negative: write for example `250ms`, `10s`, `10m`, `2h 30m` or `7d`

    For more information, try '--help'.
    ");
}

#[test]
fn a_horizon_without_a_unit() {
    assert_snapshot!(refused(&["--horizon", "7"]), @r"
    error: invalid value '7' for '--horizon <DURATION>': a duration needs a unit: `7s` is in seconds, `7m` in minutes, `7h` in hours

    For more information, try '--help'.
    ");
}

#[test]
fn no_threads() {
    assert_snapshot!(refused(&["--threads", "0"]), @r"
    error: invalid value '0' for '--threads <N>': 0 is not in 1..=1024

    For more information, try '--help'.
    ");
}

#[test]
fn a_negative_seed() {
    assert_snapshot!(refused(&["--seed", "-1"]), @r"
    error: invalid value '-1' for '--seed <NUMBER>': -1 is not in 0..9223372036854775807

    For more information, try '--help'.
    ");
}

#[test]
fn a_seed_that_no_scenario_can_have() {
    assert_snapshot!(refused(&["--seed", "9223372036854775808"]), @r"
    error: invalid value '9223372036854775808' for '--seed <NUMBER>': number too large to fit in target type

    For more information, try '--help'.
    ");
}

#[test]
fn an_unknown_engine() {
    assert_snapshot!(refused(&["--engine", "token"]), @r"
    error: invalid value 'token' for '--engine <ENGINE>'
      [possible values: events, tokio]

      tip: a similar value exists: 'tokio'

    For more information, try '--help'.
    ");
}

#[test]
fn an_unknown_format() {
    assert_snapshot!(refused(&["--format", "xlm"]), @"
    error: invalid value 'xlm' for '--format <FORMAT>'
      [possible values: text, json, csv, markdown, junit, html]

    For more information, try '--help'.
    ");
}

#[test]
fn quiet_and_verbose_at_once() {
    assert_snapshot!(refused(&["-q", "-v"]), @r"
    error: the argument '--quiet' cannot be used with '--verbose...'

    Usage: distpoint run --quiet <SCENARIO>

    For more information, try '--help'.
    ");
}

#[test]
fn the_tokio_engine_with_a_horizon_it_cannot_play() {
    let text = refused(&["--engine", "tokio", "--horizon", "36500d"]);
    assert_snapshot!(text, @"error: the tokio engine plays at most 730d, but the horizon is 36500d");
}

#[test]
fn the_scenarios_are_listed() {
    assert_snapshot!(Desk::new().run(&["scenarios"]).succeeds(), @"
    q268500              the KB article: 5,000 clients, limit 50, buggy and fixed error handling (the default)
    q302674              the other bug: a poll unschedules the pending retry; 15, 30 and 60 minute polls
    workstation-share    a share on a workstation: 10 or 20 connections for an office
    retry-policies       one storm under six retry policies
    sms-2003             the Advanced Client: 1,008 retries, one week, and then?
    bits-rollout         BITS clients that give up after 14 days without progress
    mixed-fleet          60% of the fleet upgraded, 40% still strand
    continuous           Poisson arrivals for days: a steady load near the limit
    thrashing-server     shared bandwidth, and a limit that is too high: the server thrashes
    nightly-outage       an hour without the server: restart, resume, or spin (Q302535)
    modern-registry      429 with Retry-After, or a queue, against kubelet's back-off
    branch-office        20 branches and one headquarters: stay, or fall back
    configmgr-fallback   the two-minute fallback to a neighbour group
    upgrade-in-progress  a fix that rolls out over a day while the storm goes on
    workaround           a new advertisement for the stranded: whom it recovers, and how late
    laptops              office hours, zones and meetings cut transfers: restart or resume

    Run one:          distpoint run NAME
    Start from one:   distpoint scenarios NAME > my.toml
    ");
}

#[test]
fn an_unknown_scenario_near_a_known_one() {
    assert_snapshot!(Desk::new().run(&["scenarios", "q26850"]).fails(2), @"error: there is no built-in scenario `q26850`: did you mean `q268500`?");
}

#[test]
fn an_unknown_scenario_near_none() {
    assert_snapshot!(Desk::new().run(&["scenarios", "nonsense"]).fails(2), @"error: there is no built-in scenario `nonsense`: there are `q268500`, `q302674`, `workstation-share`, `retry-policies`, `sms-2003`, `bits-rollout`, `mixed-fleet`, `continuous`, `thrashing-server`, `nightly-outage`, `modern-registry`, `branch-office`, `configmgr-fallback`, `upgrade-in-progress`, `workaround`, `laptops`");
}

#[test]
fn a_printed_scenario_is_the_built_in_one() {
    let names = built_in();
    assert_eq!(names.len(), 16);
    for name in names {
        let printed = Desk::new().run(&["scenarios", &name]).succeeds();
        let desk = Desk::with(&printed);
        for format in ["json", "text"] {
            // The large ones last for weeks; an hour shows that the file is the same.
            let run = |scenario: &str| {
                let ended = desk.run(&["run", scenario, "--horizon", "13h", "--format", format]);
                assert!(matches!(ended.code, Some(0 | 99)), "{ended:?}");
                ended.stdout
            };
            assert!(run("s.toml") == run(&name), "{name} {format}");
        }
    }
}

#[test]
fn without_a_scenario_the_default_one_runs() {
    let desk = Desk::new();
    let shown = desk.run(&["run"]).succeeds();
    assert!(shown.starts_with("Q268500: 5,000 clients"), "{shown}");
    assert_eq!(shown, desk.run(&["run", "q268500"]).succeeds());
}

#[test]
fn a_file_goes_before_a_built_in_scenario_of_its_name() {
    let shown = Desk::new().file("q268500", SMALL).run(&["run", "q268500"]).succeeds();
    assert!(shown.starts_with("A small storm"), "{shown}");
}

#[test]
fn the_last_set_of_a_key_counts() {
    let once = json(&["--set", "clients.office.count=7"]);
    assert_eq!(once, json(&["--set", "clients.office.count=9", "--set", "clients.office.count=7"]));
    assert_ne!(once, json(&[]));
}

#[test]
fn set_understands_what_a_shell_leaves_of_a_value() {
    let quoted = json(&["--set", "horizon=\"2h\""]);
    assert_eq!(quoted, json(&["--set", "horizon=2h"]));
    assert_eq!(quoted, json(&["--set", " horizon = 2h "]));
    assert_eq!(quoted, json(&["--horizon", "2h"]));
    assert_eq!(quoted, json(&["--set", "horizon=3h", "--horizon=2h"]));
}

#[test]
fn set_of_an_interval_is_of_the_default_policy() {
    let whole = "clients.office.retry={ policy = \"fixed\", interval = \"5m\" }";
    assert_eq!(json(&["--set", "clients.office.retry.interval=5m"]), json(&["--set", whole]));
}

#[test]
fn set_of_every_name() {
    let one = json(&["--set", "distribution_points.DP01.connection_limit=9"]);
    assert_eq!(one, json(&["--set", "distribution_points.*.connection_limit=9"]));
}

#[test]
fn set_reaches_into_every_variant() {
    let text = format!("{SMALL}\n[variants.a]\nclients.office.count = 5\n[variants.b]\n");
    let desk = Desk::with(&text);
    let arguments = ["run", "s.toml", "--format", "json", "--set", "clients.office.count=7"];
    let results = desk.run(&arguments).json();
    for variant in results["variants"].as_array().expect("variants") {
        assert_eq!(variant["metrics"]["clients"]["mean"], 7.0, "{}", variant["name"]);
    }
}

#[test]
fn the_seed_changes_results_and_the_number_of_threads_does_not() {
    let one = json(&["--seed", "5", "--threads", "1"]);
    assert_eq!(one, json(&["--seed", "5", "--threads", "3"]));
    assert_eq!(one, json(&["--set", "seed=5"]));
    assert_ne!(one, json(&["--seed", "6"]));
}

#[test]
fn verbose_says_more_on_standard_error_only() {
    let desk = Desk::with(SMALL);
    let plain = desk.run(&["run", "s.toml"]).succeeds();
    let verbose = desk.run(&["run", "s.toml", "-v"]);
    assert_eq!(verbose.stdout, plain);
    assert!(verbose.stderr.contains("simulating"), "{verbose:#?}");
    assert_eq!(desk.run(&["-q", "run", "s.toml"]).succeeds(), plain);
}

#[test]
fn a_nonsensical_log_filter_stops_nothing() {
    let desk = Desk::with(SMALL);
    let ended = desk.run_command(desk.command(&["run", "s.toml"]).env("RUST_LOG", "=nonsense=="));
    assert_eq!(ended.code, Some(0), "{ended:#?}");
}

#[test]
fn no_color_is_respected() {
    for arguments in [&["run", "s.toml"][..], &["run", "no.toml"], &["run", "-x"], &["--help"]] {
        let desk = Desk::with(SMALL);
        let mut command = desk.command(arguments);
        let ended = desk.run_command(command.env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1"));
        assert!(!format!("{}{}", ended.stdout, ended.stderr).contains('\u{1b}'), "{ended:#?}");
    }
}

#[test]
fn names_that_are_not_ascii() {
    let text = SMALL.replace("A small storm", "Sturm über Köln 🌩").replace("DP01", "\"Zürich\"");
    let text = format!("{text}\n[variants.\"grün\"]\n[variants.\"東京\"]\n");
    let shown = Desk::with(&text).run(&["run", "s.toml"]).succeeds();
    assert!(shown.contains("Sturm über Köln 🌩") && shown.contains("東京"), "{shown}");
}

#[test]
fn control_characters_of_names_reach_no_terminal() {
    let text = SMALL
        .replace("A small storm", "a\\u001b[2J\\nb")
        .replace("0.01", "1")
        .replace("count = 100", "count = 100\nrelease = \"sms-2.0-sp2\"");
    let more = text.split("[clients.office]").nth(1).expect("a group").to_owned();
    let text = format!("{text}\n[clients.\"x\\u001b[1m\\n\"]{more}");
    for limit in [5, 1000] {
        let text = text.replace("connection_limit = 5", &format!("connection_limit = {limit}"));
        let text = format!("{text}\n[variants.\"v\\u001b[31m\\r\\nw\"]\n[variants.z]\n");
        let shown = Desk::with(&text).run(&["run", "s.toml"]).succeeds();
        assert!(!shown.contains(['\u{1b}', '\r']), "{shown:?}");
        assert!(shown.contains("v\u{fffd}[31m\u{fffd}\u{fffd}w"), "{shown}");
    }
}

#[test]
fn a_scenario_from_any_editor() {
    let desk = Desk::with(SMALL);
    let plain = desk.run(&["run", "s.toml"]).succeeds();
    for text in [
        format!("\u{feff}{SMALL}"),
        SMALL.replace('\n', "\r\n"),
        SMALL.replace(" = ", "\t=\t"),
        SMALL.trim_end().to_owned(),
        format!("# {}\n{SMALL}", "long ".repeat(100_000)),
    ] {
        assert_eq!(Desk::with(&text).run(&["run", "s.toml"]).succeeds(), plain);
    }
}

#[test]
fn the_readme_shows_what_its_first_command_prints() {
    let readme = include_str!("../../README.md");
    let text = Desk::new().run(&["run"]).succeeds();
    assert!(readme.contains(text.trim_end()), "put this into README.md:\n{text}");
}
