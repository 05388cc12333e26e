//! The commands `report` and `compare`.

use std::io::Write;
use std::process::Stdio;

use crate::harness::{Desk, RESULTS, SMALL, assert_mentions, group};

/// A desk with results of three runs of the small storm, and of the same with fewer connections.
fn desk() -> Desk {
    let desk = Desk::with(SMALL);
    let limit = "distribution_points.DP01.connection_limit=3";
    desk.run(&["run", "s.toml", "-n", "3", "-o", "base.json"]).succeeds();
    desk.run(&["run", "s.toml", "-n", "3", "--set", limit, "-o", "new.json"]).succeeds();
    desk
}

#[test]
fn a_report_counts_clients_apart_from_those_that_arrive() {
    let late = group("arrival = { kind = \"uniform\", over = \"2d\" }");
    let report = Desk::with(&late).run(&["run", "s.toml", "--quiet"]).succeeds();
    let rows: Vec<&str> = report.lines().skip_while(|line| !line.starts_with("clients")).collect();
    for (row, label, count) in
        [(rows[0], "clients", "100"), (rows[1], "arrived", "49"), (rows[2], "completed", "49")]
    {
        assert!(row.contains(label) && row.ends_with(&format!(" {count}")), "{report}");
    }
    let all = Desk::with(SMALL).run(&["run", "s.toml"]).succeeds();
    assert!(!all.contains("arrived"), "{all}");
}

#[test]
fn a_report_is_what_the_run_would_have_written() {
    let desk = Desk::with(SMALL);
    let formats = ["json", "csv", "md", "xml", "txt"];
    let outputs: Vec<String> = formats.iter().map(|ending| format!("r.{ending}")).collect();
    let mut run = vec!["run", "s.toml", "-n", "2", "--threshold", "stranded < 50"];
    run.extend(outputs.iter().flat_map(|output| ["-o", output]));
    let shown = desk.run(&run).succeeds();
    let again: Vec<String> = formats.iter().map(|ending| format!("again.{ending}")).collect();
    let mut report = vec!["report", "r.json"];
    report.extend(again.iter().flat_map(|output| ["-o", output]));
    assert_eq!(desk.run(&report).succeeds(), shown);
    for (first, second) in outputs.iter().zip(&again) {
        assert_eq!(desk.read(first), desk.read(second), "{first}");
    }
}

#[test]
fn sweeps_and_sizes_have_every_format() {
    let desk = Desk::with(SMALL);
    let key = "distribution_points.DP01.connection_limit";
    let sweep = format!("{key}=4,6");
    let size = format!("{key}=3..9");
    for arguments in [
        &["sweep", "s.toml", "--vary", &sweep][..],
        &["size", "s.toml", "--vary", &size, "--until", "completion.p95 < 1h"],
    ] {
        let mut arguments = arguments.to_vec();
        for output in ["r.json", "r.md", "r.xml", "r.csv"] {
            arguments.extend(["-o", output]);
        }
        let ended = desk.run(&arguments);
        assert!(matches!(ended.code, Some(0 | 97 | 99)), "{ended:#?}");
        let [markdown, xml, csv] = ["r.md", "r.xml", "r.csv"].map(|name| desk.read(name));
        assert!(markdown.contains("| connection&#95;limit |"), "{markdown}");
        assert!(xml.contains("<testcase "), "{xml}");
        assert!(csv.starts_with(&format!("variant,{key},")), "{csv}");
        desk.run(&["report", "r.json", "-o", "again.md"]).succeeds();
        assert_eq!(desk.read("again.md"), markdown);
    }
    assert!(desk.read("r.xml").contains("completion.p95 &lt; 1h"));
}

#[test]
fn results_come_from_standard_input_too() {
    let desk = Desk::new();
    let mut command = desk.command(&["report", "-", "--format", "csv"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it");
    child.stdin.take().expect("a pipe").write_all(RESULTS.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success() && output.stdout.starts_with(b"variant,clients,"));
}

#[test]
fn wrong_results_overwrite_nothing() {
    for (wrong, problem) in [
        (RESULTS.replace("results/1", "results/9"), "newer"),
        (RESULTS[..500].to_owned(), "cut off"),
        ("{}".to_owned(), "`schema`"),
        (RESULTS.replace("\"replications\": 2", "\"replications\": 0"), "no replication"),
    ] {
        let desk = Desk::new().file("wrong.json", wrong).file("r.md", "old");
        let desk = desk.file("right.json", RESULTS);
        desk.file_is_refused(&["report", "wrong.json", "-o", "r.md"], problem);
        desk.file_is_refused(&["compare", "right.json", "wrong.json", "-o", "r.md"], problem);
        assert_eq!(desk.read("r.md"), "old");
        assert_eq!(desk.listing(), ["r.md", "right.json", "wrong.json"]);
    }
}

impl Desk {
    #[track_caller]
    fn file_is_refused(&self, arguments: &[&str], problem: &str) {
        let text = self.run(arguments).refuses().text;
        assert_mentions(&text, problem);
    }
}

#[test]
fn all_results_that_cannot_be_read_are_reported_at_once() {
    let text = Desk::new().run(&["report", "r.json"]).fails(2);
    assert_mentions(&text, "error: cannot read `r.json` | distpoint run SCENARIO -o results.json");
    let desk = Desk::new().file("a.json", "[]");
    let text = desk.run(&["compare", "a.json", "b.json"]).fails(2);
    assert_mentions(&text, "a.json:1:1 | not results | cannot read `b.json`");
}

#[test]
fn a_regression_ends_with_98_and_an_improvement_with_0() {
    let desk = desk();
    let arguments =
        ["compare", "base.json", "new.json", "-o", "c.md", "-o", "c.json", "-o", "c.xml"];
    let ended = desk.run(&arguments);
    let written = "wrote `c.md`\nwrote `c.json`\nwrote `c.xml`\n";
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(98), written), "{ended:#?}");
    assert!(ended.stdout.to_lowercase().contains("regression"), "{}", ended.stdout);
    assert!(desk.read("c.json").contains("\"outcome\": \"regression\""));
    assert!(desk.read("c.xml").contains("type=\"regression\""));
    let better = ["compare", "new.json", "base.json", "--metric", "completion.p95"];
    desk.run(&better).succeeds();
    let lenient = ["compare", "base.json", "new.json", "--tolerance", "1000%"];
    desk.run(&lenient).succeeds();
    let one =
        ["compare", "base.json", "new.json", "--tolerance", "1000%", "--tolerance", "makespan=1%"];
    assert_eq!(desk.run(&one).code, Some(98));
}

#[test]
fn single_runs_that_differ_end_with_97() {
    let desk = Desk::with(SMALL);
    desk.run(&["run", "s.toml", "-o", "a.json"]).succeeds();
    let limit = "distribution_points.DP01.connection_limit=3";
    desk.run(&["run", "s.toml", "--set", limit, "-o", "b.json"]).succeeds();
    assert_eq!(desk.run(&["compare", "a.json", "b.json"]).code, Some(97));
    desk.run(&["compare", "a.json", "a.json"]).succeeds();
}

/// Removing a variant that was judged must not make the comparison pass.
#[test]
fn a_variant_that_is_gone_ends_with_97_but_not_the_values_of_a_search() {
    let variants = "[variants.a]\n[variants.b]\nclients.office.count = 90\n";
    let desk = Desk::with(&format!("{SMALL}{variants}"));
    desk.run(&["run", "s.toml", "-o", "base.json"]).succeeds();
    let desk = desk.file("s.toml", format!("{SMALL}[variants.a]\n"));
    desk.run(&["run", "s.toml", "-o", "new.json"]).succeeds();
    let ended = desk.run(&["compare", "base.json", "new.json"]);
    assert_eq!(ended.code, Some(97), "{}", ended.stdout);
    assert_mentions(&ended.stdout, "1 variant of the base is missing | Without a counterpart: b");
    // What is new cannot have become worse.
    desk.run(&["compare", "new.json", "base.json"]).succeeds();
    let desk = desk.file("s.toml", SMALL);
    let search = |until: &str, to: &str| {
        let key = "distribution_points.DP01.connection_limit=1..40";
        let size = ["size", "s.toml", "--vary", key, "--until", until, "-o", to];
        desk.run(&size).succeeds();
    };
    search("makespan < 6h", "a.json");
    search("makespan < 2h", "b.json");
    let ended = desk.run(&["compare", "a.json", "b.json", "--metric", "completed"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    assert_mentions(&ended.stdout, "Only in the base");
}

#[test]
fn wrong_options_of_a_comparison_are_refused() {
    let compare = |option: &str, value: &str| {
        Desk::new().run(&["compare", "a.json", "b.json", option, value]).fails(2)
    };
    assert_mentions(&compare("--tolerance", "5"), "'5' | --tolerance | `5%` | stranded=10%");
    let text = compare("--tolerance", "completion.p96=5%");
    assert_mentions(&text, "completion.p96");
    assert!(text.contains("`completion.p9"), "{text}");
    let text = compare("--metric", "utilisation");
    assert_mentions(&text, "utilisation | --metric | better");
    let both = Desk::new().run(&["compare", "-", "-"]).fails(2);
    assert_mentions(&both, "standard input");
}
