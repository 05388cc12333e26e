//! What the program generates about itself: schemas, completions and manual pages.

use crate::harness::{Desk, assert_mentions};

#[test]
fn the_committed_schemas_are_those_that_are_printed() {
    for of in ["scenario", "results", "comparison"] {
        let path = format!("{}/schemas/{of}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let printed = Desk::new().run(&["schema", of]).succeeds();
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            printed == committed.replace("\r\n", "\n"),
            "schemas/{of}.schema.json is not what `distpoint schema {of}` prints: write it there"
        );
    }
    assert_eq!(
        Desk::new().run(&["schema"]).succeeds(),
        Desk::new().run(&["schema", "scenario"]).succeeds()
    );
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = Desk::new().run(&["completions", shell]).succeeds();
        assert!(script.contains("distpoint") && script.contains("DISTPOINT_COMPLETE"), "{script}");
    }
}

#[test]
fn completions_offer_commands_scenarios_metrics_keys_and_files() {
    let desk = Desk::with("");
    let cases: [(&[&str], &[&str]); 14] = [
        (&["comp"], &["compare", "completions"]),
        (&["che"], &["check"]),
        (&["check", "q"], &["q268500"]),
        (&["compare", "--tol"], &["--tolerance"]),
        (&["run", "q"], &["q268500", "q302674"]),
        (&["run", "s"], &["sms-2003", "s.toml"]),
        (&["size", "lap"], &["laptops"]),
        (&["sweep", "bra"], &["branch-office"]),
        (&["scenarios", "bra"], &["branch-office"]),
        (
            &["run", "--threshold", "completion.p9"],
            &["completion.p90", "completion.p95", "completion.p99"],
        ),
        (&["compare", "--metric", "makes"], &["makespan"]),
        (&["size", "--until", "utilis"], &["utilisation"]),
        (&["run", "--set", "clients.office.retry.i"], &["clients.office.retry.interval="]),
        (
            &["sweep", "--vary", "distribution_points.*.conn"],
            &["distribution_points.*.connection_limit="],
        ),
    ];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        for (typed, offered) in cases {
            let arguments = [&["--", "distpoint"], typed].concat();
            let mut command = desk.command(&arguments);
            command.env("DISTPOINT_COMPLETE", shell);
            command.env("_CLAP_COMPLETE_INDEX", typed.len().to_string()).env("_CLAP_IFS", "\n");
            let text = desk.run_command(&mut command).succeeds();
            for word in offered {
                assert!(text.contains(word), "{shell} {typed:?}: {text}");
            }
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let desk = Desk::new().subdirectory("man");
    assert_eq!(desk.run(&["man", "--dir", "man"]).succeeds(), "");
    let mut pages: Vec<String> = std::fs::read_dir(desk.path("man"))
        .expect("a directory")
        .map(|page| page.expect("a page").file_name().to_string_lossy().into_owned())
        .collect();
    pages.sort();
    let whole = Desk::new().run(&["man"]).succeeds();
    for command in
        ["run", "sweep", "size", "check", "compare", "report", "scenarios", "schema", "man"]
    {
        let name = format!("distpoint-{command}.1");
        assert!(pages.contains(&name), "{pages:?}");
        let page = desk.read(&format!("man/{name}"));
        assert!(page.contains(".TH") && page.contains(".SH EXAMPLES\n.nf\n  distpoint "), "{page}");
        assert!(whole.contains(&page), "{name} is not in the whole");
    }
    assert!(pages.contains(&"distpoint.1".to_owned()));
    let nowhere = Desk::new().run(&["man", "--dir", "nowhere"]).fails(1);
    assert_mentions(&nowhere, "nowhere | no such directory");
}
