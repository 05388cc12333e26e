//! Messages about options of the command line.

use insta::assert_snapshot;

use super::page_of_commands;
use crate::harness::{Desk, SMALL};

#[test]
fn set() {
    let assignments = [
        "*=5",
        "clients.office.count=",
        "clients.office.count",
        "=5",
        "clients..count=5",
        "name=a\nb",
        "distribution_points.DP7.connection_limit=5",
        "clients.office=5",
        "clients.office.distribution_points=[\"DP01\"",
        "clients.\"head office.count=5",
        "variants.fast.horizon=2d",
    ];
    let commands = assignments.map(|assignment| ["run", "s.toml", "--set", assignment]);
    let commands = commands.each_ref().map(|command| &command[..]);
    assert_snapshot!(page_of_commands(&Desk::with(SMALL), &commands));
}

#[test]
fn commands_and_their_options() {
    let commands: &[&[&str]] = &[
        &["runn"],
        &["run", "s.toml", "--horizn", "7d"],
        &["run", "s.toml", "--horizon", "0s"],
        &["run", "s.toml", "--horizon", "-5m"],
        &["run", "s.toml", "--horizon", "7"],
        &["run", "s.toml", "--threads", "0"],
        &["run", "s.toml", "--seed", "9223372036854775808"],
        &["run", "s.toml", "--engine", "token"],
        &["run", "s.toml", "--format", "xlm"],
        &["run", "s.toml", "-q", "-v"],
        &["run", "s.toml", "--engine", "tokio", "--horizon", "36500d"],
        &["run", "s.toml", "-n", "0"],
        &["run", "s.toml", "-n", "2", "--precision", "3%"],
        &["run", "s.toml", "--precision", "2"],
        &["run", "s.toml", "--of", "nonsense"],
        &["run", "s.toml", "--precision", "2%", "--of", "completion.p59"],
        &["run", "s.toml", "--precision", "2%", "--of", "stranded"],
        &["run", "s.toml", "--reference", "SP2"],
        &["scenarios", "q26850"],
        &["scenarios", "nonsense"],
        &["compare", "a.json", "b.json", "--tolerance", "5"],
        &["compare", "a.json", "b.json", "--metric", "utilisation"],
        &["compare", "-", "-"],
    ];
    let text = SMALL.replace("0.01", "0");
    assert_snapshot!(page_of_commands(&Desk::with(&text), commands));
}

#[test]
fn outputs() {
    let desk = Desk::with(SMALL).subdirectory("taken.json");
    let commands: &[&[&str]] = &[
        &["run", "s.toml", "-o", "results.doc"],
        &["run", "s.toml", "-o", "out/results.json"],
        &["run", "s.toml", "-o", "taken.json"],
        &["man", "--dir", "nowhere"],
    ];
    assert_snapshot!(page_of_commands(&desk, commands));
}

#[test]
fn logs() {
    let desk = Desk::new()
        .file("notes.txt", "Dear all,\n\nplease read.\n")
        .file("cut.log.gz", [0x1f, 0x8b, 8, 0, 0])
        .file("PC1.log", "SCHED DATA  : x~\n");
    let commands: &[&[&str]] = &[
        &["log"],
        &["log", "missing.log"],
        &["log", "notes.txt"],
        &["log", "cut.log.gz"],
        &["log", "*.xyz"],
        &["log", "PC1.log", "--format", "xlm"],
        &["log", "PC1.log", "--format", "sms", "--format", "haproxy"],
        &["log", "PC1.log", "--machines", "PC1.log"],
        &["log", "PC1.log", "--limit", "0"],
        &["log", "PC1.log", "--fail-on", "everything"],
    ];
    assert_snapshot!(page_of_commands(&desk, commands));
}
