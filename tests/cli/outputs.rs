//! What is written, where, and what stays if it cannot be.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::time::Duration;

use crate::harness::{Desk, ENDLESS, RESULTS, SMALL, assert_mentions};

/// How the program refuses, before it simulates, `-o` with each of these files.
fn refused(desk: &Desk, code: i32, outputs: &[&str]) -> String {
    let outputs = outputs.iter().flat_map(|output| ["-o", output]);
    let arguments: Vec<&str> = ["run", "s.toml"].into_iter().chain(outputs).collect();
    let before = desk.listing();
    let text = desk.start(&arguments).ends_within(Duration::from_secs(10)).fails(code);
    assert_eq!(desk.listing(), before);
    text
}

#[test]
fn json_is_written() {
    let desk = Desk::with(SMALL);
    let shown = desk.run(&["run", "s.toml", "--format", "json", "-o", "r.json"]).succeeds();
    assert_eq!(desk.read("r.json"), shown);
    assert_eq!(desk.listing(), ["r.json", "s.toml"]);
}

#[test]
fn several_files_are_written() {
    let desk = Desk::with(SMALL);
    let arguments = ["run", "s.toml", "-o", "a.json", "-o", "b.txt", "--output", "C.JSON"];
    let shown = desk.run(&arguments).succeeds();
    assert_eq!(desk.read("b.txt"), shown);
    assert_eq!(desk.read("a.json"), desk.read("C.JSON"));
    assert_eq!(desk.listing(), ["C.JSON", "a.json", "b.txt", "s.toml"]);
}

#[test]
fn every_file_that_was_written_is_named_unless_quiet() {
    let desk = Desk::with(SMALL);
    let run = ["run", "s.toml", "-o", "a.json", "-o", "b.md"];
    assert_eq!(desk.run(&run).stderr, "wrote `a.json`\nwrote `b.md`\n");
    assert_eq!(desk.run(&[&run[..], &["-q"]].concat()).stderr, "");
    let report = ["report", "a.json", "-o", "c.csv"];
    assert_eq!(desk.run(&report).stderr, "wrote `c.csv`\n");
    let part = ["run", "s.toml", "--shard", "1/1", "-o", "part.json"];
    assert!(desk.run(&part).stderr.ends_with("wrote `part.json`\n"));
}

#[test]
fn an_existing_file_is_replaced() {
    let desk = Desk::with(SMALL).file("r.txt", "old ".repeat(100_000));
    let shown = desk.run(&["run", "s.toml", "-o", "r.txt"]).succeeds();
    assert_eq!(desk.read("r.txt"), shown);
    assert_eq!(desk.listing(), ["r.txt", "s.toml"]);
}

#[test]
fn a_file_in_another_directory() {
    let desk = Desk::with(SMALL).subdirectory("out");
    desk.run(&["run", "s.toml", "-o", "out/r.json"]).succeeds();
    assert!(desk.read("out/r.json").contains("distpoint.results/1"));
    assert_eq!(fs::read_dir(desk.path("out")).expect("a directory").count(), 1);
}

#[test]
fn a_name_without_a_known_ending_is_refused_with_the_known_endings() {
    for name in ["results.doc", "results"] {
        let text = refused(&Desk::with(ENDLESS), 2, &[name]);
        assert_mentions(&text, &format!("`{name}` | .txt | .json | .csv | .md | .xml | .html"));
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named_with_the_reason() {
    let desk = || Desk::with(ENDLESS);
    for (desk, output, reason) in [
        (desk(), "out/results.json", "no such directory"),
        (desk().subdirectory("results.json"), "results.json", "directory"),
        // The wording of the reason depends on the system.
        (desk().file("out", ""), "out/results.json", ""),
    ] {
        let text = refused(&desk, 1, &[output]);
        assert_mentions(&text, &format!("error: cannot write `{output}` | {reason}"));
    }
}

/// The program looks at the file's permissions, which are the same for every user, even root.
#[test]
fn a_read_only_file() {
    let desk = Desk::with(ENDLESS).file("results.json", "old");
    let path = desk.path("results.json");
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions.clone()).expect("a file of ours");
    assert_mentions(&refused(&desk, 1, &["results.json"]), "`results.json` | read-only");
    assert_eq!(desk.read("results.json"), "old");
    // Windows cannot remove it otherwise.
    #[allow(clippy::permissions_set_readonly_false)]
    permissions.set_readonly(false);
    fs::set_permissions(&path, permissions).expect("a file of ours");
}

#[test]
fn all_wrong_outputs_are_reported_at_once_and_no_right_one() {
    let text = refused(&Desk::with(ENDLESS), 1, &["a.json", "out/b.txt"]);
    assert_eq!(text.lines().count(), 1, "{text}");
    assert_mentions(&text, "out/b.txt");
    let text = refused(&Desk::with(ENDLESS), 2, &["out/a.json", "b.doc", "c"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    for (line, name) in lines.iter().zip(["`out/a.json`", "`b.doc`", "`c`"]) {
        assert_mentions(line, name);
    }
}

#[test]
fn a_wrong_scenario_leaves_the_output_alone() {
    let desk = Desk::with("").file("r.json", "old");
    desk.run(&["run", "s.toml", "-o", "r.json"]).refuses();
    assert_eq!(desk.read("r.json"), "old");
}

/// `/dev/full` takes nothing: what can be written is written, standard output is printed, and the failures
/// come last.
#[cfg(target_os = "linux")]
#[test]
fn a_failed_output_loses_no_other() {
    let desk = Desk::with(SMALL);
    for name in ["full.json", "full.txt"] {
        std::os::unix::fs::symlink("/dev/full", desk.path(name)).expect("a link");
    }
    let outputs = ["-o", "full.json", "-o", "a.json", "-o", "full.txt", "-o", "b.md"];
    let ended = desk.run(&[&["run", "s.toml"], &outputs[..]].concat());
    assert_eq!(ended.code, Some(1), "{ended:#?}");
    assert!(desk.read("a.json").starts_with('{') && desk.read("b.md").starts_with("## "));
    assert!(ended.stdout.starts_with("A small storm"), "{}", ended.stdout);
    assert_eq!(ended.stderr.lines().count(), 4, "{}", ended.stderr);
    assert_mentions(&ended.stderr, "wrote `a.json` | wrote `b.md`");
    assert_mentions(&ended.stderr, "cannot write `full.json` | cannot write `full.txt`");
    let part = ["run", "s.toml", "--shard", "1/1", "-o", "full.json", "-o", "part.json"];
    desk.run(&part).fails(1);
    assert!(desk.read("part.json").contains("distpoint.part/1"));
    let report = ["report", "a.json", "-o", "full.txt", "-o", "c.txt"];
    assert_eq!(desk.run(&report).code, Some(1));
    assert!(desk.read("c.txt").starts_with("A small storm"));
}

/// A trace of arrivals for [`ENDLESS`].
fn endless_after(trace: &str) -> String {
    let arrival = ENDLESS.lines().find(|line| line.starts_with("arrival")).expect("it arrives");
    let traced = format!("arrival = {{ kind = \"trace\", file = \"{trace}\" }}");
    ENDLESS.replace(arrival, &traced).replace("count = 2000000\n", "")
}

#[test]
fn an_output_that_is_an_input_is_refused() {
    let desk = || {
        let desk = Desk::with(&endless_after("log.csv")).file("log.csv", "at_s\n1\n2\n");
        let scenario = desk.read("s.toml");
        desk.file("scenario.txt", scenario).file("old.json", RESULTS).subdirectory("sub")
    };
    for (arguments, output) in [
        (&["run", "s.toml"][..], "log.csv"),
        (&["run", "s.toml"], "./sub/../log.csv"),
        (&["run", "scenario.txt"], "scenario.txt"),
        (&["size", "s.toml", "--vary", "horizon=1d..2d", "--until", "stranded<1"], "log.csv"),
        (&["sweep", "s.toml", "--vary", "horizon=1d,2d"], "log.csv"),
        (&["report", "old.json"], "old.json"),
        (&["compare", "old.json", "./old.json"], "old.json"),
    ] {
        let desk = desk();
        let before = desk.read(output);
        let running = desk.start(&[arguments, &["-o", output]].concat());
        let text = running.ends_within(Duration::from_secs(10)).fails(2);
        assert_mentions(&text, &format!("`{output}` | is an input of this command"));
        assert_eq!(desk.read(output), before);
    }
}

#[test]
fn a_part_and_its_traces_are_inputs_of_a_merge() {
    let desk = Desk::with(&endless_after("log.csv")).file("log.csv", "at_s\n1\n2\n");
    desk.run(&["run", "s.toml", "--shard", "1/1", "-o", "part.json", "-q"]).succeeds();
    for output in ["part.json", "log.csv"] {
        let text = desk.run(&["merge", "part.json", "-o", output]).fails(2);
        assert_mentions(&text, &format!("`{output}` | is an input of this command"));
    }
}

#[cfg(unix)]
#[test]
fn two_names_of_one_file_are_found_out() {
    let desk = Desk::with(ENDLESS).file("a.json", "old").subdirectory("sub");
    fs::hard_link(desk.path("a.json"), desk.path("b.json")).expect("a link");
    std::os::unix::fs::symlink("a.json", desk.path("c.json")).expect("a link");
    for (one, other) in [
        ("a.json", "b.json"),
        ("a.json", "c.json"),
        ("new.txt", "new.txt"),
        ("new.txt", "sub/../new.txt"),
    ] {
        let text = refused(&desk, 2, &[one, other]);
        assert_mentions(&text, &format!("cannot write `{other}` | the same file as `{one}`"));
    }
    // Standard output is an output, too.
    let mut command = desk.command(&["run", "s.toml", "-o", "a.json"]);
    command.stdout(fs::File::options().append(true).open(desk.path("a.json")).expect("a file"));
    let ended = desk.run_command(&mut command);
    assert_eq!(ended.code, Some(2), "{ended:#?}");
    assert_mentions(&ended.stderr, "`a.json` | standard output");
    assert_eq!(desk.read("a.json"), "old");
}

/// A file size limit ends the program with a signal in the middle of a write.
#[cfg(target_os = "linux")]
#[test]
fn a_kill_while_a_file_is_written_leaves_nothing_behind() {
    let desk = Desk::with(SMALL).file("old.json", "old");
    for output in ["new.json", "old.json"] {
        let program = env!("CARGO_BIN_EXE_distpoint");
        let script = format!("ulimit -f 1; ulimit -c 0; exec {program} run s.toml -o {output}");
        let mut command = std::process::Command::new("sh");
        let ended = command.args(["-c", &script]).current_dir(desk.path(".")).output().expect("sh");
        assert_eq!(ended.status.code(), None, "a signal ends it: {ended:?}");
        assert_eq!(desk.listing(), ["old.json", "s.toml"]);
        assert_eq!(desk.read("old.json"), "old");
    }
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    for arguments in [
        &["run", "s.toml"][..],
        &["run", "s.toml", "--format", "json"],
        &["run", "retry-policies", "--format", "json"],
        &["scenarios"],
        &["scenarios", "q268500"],
        &["schema"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
    ] {
        let desk = Desk::with(SMALL);
        let mut running = desk.start(arguments);
        let mut reader =
            BufReader::with_capacity(1, running.child().stdout.take().expect("a pipe"));
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        drop(reader);
        assert!(!line.is_empty());
        running.ends_within(Duration::from_secs(30)).succeeds();
    }
}

#[test]
fn a_pipe_that_nobody_reads_is_a_quiet_end() {
    let desk = Desk::with(SMALL);
    let mut running = desk.start(&["run", "s.toml", "--format", "json", "-o", "r.json"]);
    drop(running.child().stdout.take());
    running.ends_within(Duration::from_secs(30)).succeeds();
    assert!(desk.read("r.json").ends_with("}\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_a_failure() {
    let desk = Desk::with(SMALL);
    let full = fs::File::options().write(true).open("/dev/full").expect("Linux has it");
    let mut child = desk.command(&["run", "s.toml"]);
    let mut child = child.stdout(full).stderr(std::process::Stdio::piped()).spawn().expect("it");
    let mut text = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut text).expect("text");
    assert_eq!(child.wait().expect("a child").code(), Some(1));
    assert!(text.starts_with("error: cannot write to standard output: "), "{text}");
}

/// Only its owner can read a temporary file; results have the permissions that the user gives new files.
#[cfg(unix)]
#[test]
fn a_new_file_has_the_permissions_of_new_files() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with(SMALL).file("plain", "");
    desk.run(&["run", "s.toml", "-o", "r.json"]).succeeds();
    let mode = |name| fs::metadata(desk.path(name)).expect("a file").permissions().mode();
    assert_eq!(mode("r.json"), mode("plain"));
}

#[cfg(unix)]
#[test]
fn a_link_keeps_pointing_to_the_file_that_is_replaced() {
    let desk = Desk::with(SMALL);
    fs::write(desk.path("real.json"), "old").expect("writable");
    std::os::unix::fs::symlink(desk.path("real.json"), desk.path("link.json")).expect("a link");
    desk.run(&["run", "s.toml", "-o", "link.json"]).succeeds();
    assert!(desk.path("link.json").is_symlink());
    let text = desk.read("real.json");
    assert!(text.starts_with('{'), "{text}");
}

/// As a redirection of the shell does.
#[cfg(unix)]
#[test]
fn a_link_to_nothing_keeps_pointing_to_the_file_that_is_made() {
    use std::os::unix::fs::symlink;
    let desk = Desk::with(SMALL).subdirectory("out");
    symlink("out/step.json", desk.path("link.json")).expect("a link");
    symlink("real.json", desk.path("out/step.json")).expect("a link");
    desk.run(&["run", "s.toml", "-o", "link.json"]).succeeds();
    assert!(desk.path("link.json").is_symlink() && desk.path("out/step.json").is_symlink());
    assert!(desk.read("out/real.json").starts_with('{'));
    // It is the same file as the one that it points to.
    symlink("new.json", desk.path("other.json")).expect("a link");
    desk.run(&["run", "s.toml", "-o", "other.json", "-o", "new.json"]).fails(2);
    assert!(!desk.path("new.json").exists());
    symlink("nowhere/new.json", desk.path("lost.json")).expect("a link");
    let lost = desk.run(&["run", "s.toml", "-o", "lost.json"]);
    assert_mentions(&lost.stderr, "`lost.json` | there is no such directory");
    symlink("circle.json", desk.path("circle.json")).expect("a link");
    let circle = desk.run(&["run", "s.toml", "-o", "circle.json"]);
    assert_eq!(circle.code, Some(1), "{circle:#?}");
    assert!(desk.path("circle.json").is_symlink());
}
