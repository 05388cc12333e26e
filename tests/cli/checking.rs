//! `distpoint check`, and scenarios from standard input.

use std::fs::File;

use crate::harness::{Desk, Ended, MANY_ERRORS, RESULTS, SMALL, assert_mentions};

/// Runs the program with the scenario `s.toml` on standard input.
fn piped(desk: &Desk, arguments: &[&str]) -> Ended {
    let mut command = desk.command(arguments);
    desk.run_command(command.stdin(File::open(desk.path("s.toml")).expect("a file")))
}

#[test]
fn a_right_scenario_is_summed_up() {
    let text = format!("{SMALL}\n[variants.a]\n[variants.b]\nclients.office.count = 50\n");
    let desk = Desk::with(&text);
    let shown = desk.run(&["check", "s.toml", "-n", "30"]).succeeds();
    let figure = |name: &str| {
        let line = shown.lines().find(|line| line.starts_with(name));
        line.unwrap_or_else(|| panic!("{name} in {shown}"))[name.len()..].trim().to_owned()
    };
    assert!(shown.starts_with("A small storm\n"), "{shown}");
    for (name, wanted) in [
        ("distribution points", "1"),
        ("client groups", "1"),
        ("variants", "2"),
        ("clients", "100"),
        ("runs", "60"),
        ("memory", "about 1 MiB"),
        ("time", "less than a second"),
    ] {
        assert_eq!(figure(&format!("{name} ")), wanted, "{name}");
    }
    assert!(figure("events").starts_with("about "), "{shown}");
    assert_eq!(desk.listing(), ["s.toml"]);
}

#[test]
fn a_wrong_scenario_is_refused_with_all_its_errors() {
    let desk = Desk::with(MANY_ERRORS);
    let checked = desk.run(&["check", "s.toml"]).fails(2);
    assert_eq!(checked, desk.run(&["run", "s.toml"]).fails(2));
    let set = ["check", "q268500", "--set", "horizn=1d", "--threshold", "stranded"];
    desk.run(&set[..4]).fails(2);
    assert_mentions(&desk.run(&["check", "q268500", "--threshold", "x < 1"]).fails(2), "x");
}

#[test]
fn a_check_warns_of_what_has_no_effect() {
    let late = SMALL.replace("connection_limit = 5", "connection_limit = 5\nretry_after = \"1m\"");
    let ended = Desk::with(&late).run(&["check", "s.toml"]);
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    assert_mentions(&ended.stderr, "`retry_after` | has no effect");
}

#[test]
fn a_scenario_from_standard_input_is_the_same() {
    let desk = Desk::with(SMALL);
    let until = ["--until", "completion.p95 < 2h", "--max-replications", "20"];
    let vary = ["--vary", "distribution_points.DP01.connection_limit=5..7:1"];
    let size = [&["size"][..], &["-"], &vary, &until].concat();
    let sweep = [&["sweep"][..], &["-"], &vary].concat();
    for command in [&["run", "-"][..], &["check", "-"], &size, &sweep] {
        let named: Vec<&str> =
            command.iter().map(|word| if *word == "-" { "s.toml" } else { word }).collect();
        let (from_stdin, from_file) = (piped(&desk, command), desk.run(&named));
        assert_eq!((from_stdin.code, from_stdin.stdout), (from_file.code, from_file.stdout));
    }
}

#[test]
fn errors_on_standard_input_have_their_place() {
    let desk = Desk::with("name = 5\n");
    assert_mentions(&piped(&desk, &["run", "-"]).fails(2), "standard input:1:8");
    let desk = Desk::new().file("s.toml", b"name = \"\xff\"\n");
    assert_mentions(&piped(&desk, &["run", "-"]).fails(2), "standard input:1:9 | UTF-8");
    assert_mentions(&Desk::new().run(&["run", "-"]).fails(2), "standard input | missing");
}

#[cfg(unix)]
#[test]
fn standard_input_is_an_input_that_no_output_may_replace() {
    let desk = Desk::with(SMALL).file("r.json", RESULTS);
    let mut command = desk.command(&["report", "-", "-o", "r.json"]);
    command.stdin(File::open(desk.path("r.json")).expect("a file"));
    let text = desk.run_command(&mut command).fails(2);
    assert_mentions(&text, "`r.json` | is an input of this command");
}
