//! Scenario files that cannot be read or are empty.

use crate::harness::{Desk, assert_mentions, refused};

/// A file that cannot be read has no place in it.
#[test]
fn a_file_that_cannot_be_read_is_named_with_what_to_do() {
    let desk = Desk::new().subdirectory("storms");
    for (name, facts) in [
        ("storm.toml", "distpoint scenarios | q268500"),
        ("q26850", "q268500"),
        ("storms", "directory"),
    ] {
        let text = desk.run(&["run", name]).fails(2);
        assert_mentions(&text, &format!("error: cannot read `{name}` | {facts}"));
        assert!(text.contains("= help: ") && text.ends_with("\n\n1 error\n"), "{text}");
    }
}

#[test]
fn a_scenario_is_utf_8() {
    let desk = Desk::new().file("s.toml", b"name = \"a\"\n# gr\xfcn\n");
    desk.run(&["run", "s.toml"]).refuses().at("2:5").about("UTF-8").suggests("UTF-8");
}

#[test]
fn an_empty_file_lacks_all_that_a_scenario_needs() {
    for text in ["", "# nothing yet\n"] {
        let [name, points, clients] = refused(text).problems();
        name.at("1:1").about("missing | name").suggests("name = \"A server with 50 connections\"");
        points
            .at("1:1")
            .about("missing | distribution_points")
            .suggests("distribution_points = { DP01 = { connection_limit = 50 } }");
        clients
            .at("1:1")
            .about("missing | clients")
            .suggests("clients = { office = { count = 5000, ... } }");
    }
}
