//! The commands, their options and their help.

use insta::assert_snapshot;

use crate::harness::{Desk, SMALL, assert_mentions, half_a_day};

/// What the program reports about wrong options for a scenario that is right.
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
fn without_arguments_it_shows_how_to_use_it() {
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
fn an_unknown_command_suggests_a_near_one() {
    assert_mentions(&Desk::new().run(&["runn"]).fails(2), "runn | 'run' | --help");
}

#[test]
fn a_wrong_option_is_named_with_what_would_be_right() {
    for (options, facts) in [
        (&["--horizn", "7d"][..], "--horizn | '--horizon'"),
        (&["--horizon", "0s"], "0s | --horizon"),
        (&["--horizon", "-5m"], "-5m | --horizon | negative | 10s | 2h 30m"),
        (&["--horizon", "7"], "'7' | --horizon | unit | 7s | 7m | 7h"),
        (&["--threads", "0"], "'0' | --threads | 1..=1024"),
        (&["--seed", "-1"], "-1 | --seed | 0..9223372036854775807"),
        (&["--seed", "9223372036854775808"], "9223372036854775808 | --seed | too large"),
        (&["--engine", "token"], "token | --engine | events, tokio | 'tokio'"),
        (&["--format", "xlm"], "xlm | --format | text, json, csv, markdown, junit, html"),
        (&["-q", "-v"], "--quiet | --verbose"),
        (&["--engine", "tokio", "--horizon", "36500d"], "tokio | 730d | 36500d"),
    ] {
        assert_mentions(&refused(options), facts);
    }
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
    upgrade-in-progress  a fix that rolls out over a day while the storm lasts
    workaround           a new advertisement for stranded clients: how many it recovers, and when
    windows-share        idle sessions hold the 10 connections of a share: AutoDisconnect
    docker-hub           100 pulls per six hours and address, and an office behind one
    api-rate-limit       429 and four client libraries: who fails, and does Retry-After help?
    pgbouncer            a pool of 20 connections, its queue, and how long a client may wait
    thundering-herd      a server is back, and 500 clients with it: peaks by jitter
    retry-storm          a burst ends and the server stays down, or not, by the length of its queue
    database-restart     500 application clients connect again to PostgreSQL: attempts by back-off
    registry-outage      a registry is down for ten minutes while 2,000 nodes pull
    aws-2026             retry quotas of the AWS SDKs, old and new, while a service throttles
    circuit-breaker      two minutes of outage, with and without the breaker of resilience4j
    laptops              office hours, zones and meetings cut transfers: restart or resume

    Run one:          distpoint run NAME
    Start from one:   distpoint scenarios NAME > my.toml
    ");
}

#[test]
fn an_unknown_scenario_suggests_a_near_one_or_lists_all() {
    let near = Desk::new().run(&["scenarios", "q26850"]).fails(2);
    assert_mentions(&near, "q26850 | `q268500`");
    let none = Desk::new().run(&["scenarios", "nonsense"]).fails(2);
    assert_mentions(&none, "nonsense");
    for name in built_in() {
        assert_mentions(&none, &format!("`{name}`"));
    }
}

#[test]
fn a_printed_scenario_is_the_built_in_one() {
    let names = built_in();
    assert_eq!(names.len(), 26);
    for name in names {
        let printed = Desk::new().run(&["scenarios", &name]).succeeds();
        let desk = Desk::with(&printed);
        for format in ["json", "text"] {
            // The large ones last for weeks; half a day shows that the file is the same.
            let run = |scenario: &str| {
                let run = ["run", scenario, "--format", format];
                let ended = desk.run(&[&run, half_a_day(&printed)].concat());
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
fn verbose_writes_more_to_standard_error_only() {
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

/// Long names, which formatting could not pad.
#[test]
fn names_of_any_length_are_reported() {
    let long = "V".repeat(70_000);
    let text = format!("{SMALL}\n[variants.b]\n[variants.{long}]\n")
        .replace("office", &format!("\"{}\"", "G".repeat(66_000)))
        .replace("DP01", &format!("\"{}\"", "P".repeat(70_000)))
        .replace("A small storm", &"N".repeat(70_000));
    let desk = Desk::with(&text);
    let outputs = ["txt", "json", "csv", "md", "xml", "html"].map(|ending| format!("r.{ending}"));
    let outputs: Vec<&str> = outputs.iter().flat_map(|output| ["-o", output.as_str()]).collect();
    desk.run(&[&["run", "s.toml", "-q", "-n", "3"], &outputs[..]].concat()).succeeds();
    desk.run(&["report", "r.json"]).succeeds();
    desk.run(&["compare", "r.json", "r.json"]).succeeds();
    let vary = ["--vary", "horizon=1d,2d"];
    desk.run(&[&["sweep", "s.toml", "-q"], &vary[..]].concat()).succeeds();
}

/// What a message quotes: arguments, names of files, words of the scenario, variables.
#[test]
fn nothing_in_a_message_drives_a_terminal_or_turns_it_around() {
    let harmful = "a\u{1b}[2J\u{9b}31m\r\u{7}\u{202e}\u{2066}\u{200f}\u{61c}z";
    let toml = format!("name = \"x\"\n'{harmful}' = 1 # {harmful}\n");
    let toml: String = toml.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let desk = Desk::with(SMALL).file("wrong.toml", toml).file("part.json", "{}");
    let output = format!("{harmful}/r.json");
    let ending = format!("r.{harmful}");
    let set = format!("{harmful}=1");
    let threshold = format!("stranded == 0 @ {harmful}");
    for command in [
        &["run", harmful][..],
        &["run", "wrong.toml"],
        &["run", "s.toml", "-o", &output],
        &["run", "s.toml", "-o", &ending],
        &["run", "s.toml", "-o", "r.json", "-o", "r.json", "-o", &output],
        &["run", "s.toml", "--set", &set],
        &["run", "s.toml", "--reference", harmful],
        &["run", "s.toml", "--threshold", &threshold],
        &["run", "s.toml", "--threshold", harmful],
        &["run", "s.toml", "--engine", harmful],
        &["run", "s.toml", harmful],
        &["sweep", "s.toml", "--vary", &set],
        &["scenarios", harmful],
        &["report", harmful],
        &["merge", harmful, "part.json"],
        &["compare", harmful, harmful],
        &["man", "--dir", harmful],
        &[harmful],
    ] {
        let ended = desk.run(command);
        assert!(matches!(ended.code, Some(1 | 2)), "{command:?}: {ended:#?}");
        let bad = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{61c}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!ended.stderr.contains(bad), "{command:?}: {:?}", ended.stderr);
        assert!(!ended.stderr.is_empty(), "{command:?}");
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

#[test]
fn a_search_over_two_keys_says_what_to_do_instead() {
    let vary = ["--vary", "clients.office.count=1..9", "--vary", "seed=1..9"];
    let size = [&["size", "s.toml", "--until", "stranded == 0"][..], &vary].concat();
    let said = Desk::with(SMALL).run(&size).fails(2);
    assert_mentions(&said, "one key | --vary names 2 | --set | distpoint sweep");
}
