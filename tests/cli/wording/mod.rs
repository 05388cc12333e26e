//! The full text of every kind of message about wrong input, one page per family.
//!
//! Only these tests hold sentences; the others assert facts. To change a wording, change it in the
//! source, run `INSTA_UPDATE=always cargo test --test cli wording`, and review the pages in
//! `snapshots/`.

mod options;
mod scenarios;
mod studies;

use crate::harness::Desk;

/// The arguments of a command line.
type Arguments<'a> = &'a [&'a str];

/// The errors and warnings about each of the scenarios.
fn page_of_scenarios(scenarios: impl IntoIterator<Item = String>) -> String {
    let texts = scenarios.into_iter().map(|text| reported(&Desk::with(&text), &["run", "s.toml"]));
    texts.collect()
}

/// The errors about each of the command lines on a desk.
fn page_of_commands(desk: &Desk, commands: &[Arguments]) -> String {
    commands.iter().map(|arguments| reported(desk, arguments)).collect()
}

/// The text on standard error, without the line that counts the errors.
fn reported(desk: &Desk, arguments: Arguments) -> String {
    let mut command = desk.command(arguments);
    for name in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"] {
        command.env_remove(name);
    }
    let text = desk.run_command(&mut command).stderr;
    assert!(text.starts_with("error: ") || text.starts_with("warning: "), "{arguments:?}: {text}");
    let text = text.trim_end();
    let number =
        |last: &str| last.starts_with(|c: char| c.is_ascii_digit()) && !last.contains('\n');
    let text = match text.rsplit_once("\n\n") {
        Some((errors, last)) if number(last) => errors,
        _ => text.trim_end_matches("For more information, try '--help'.").trim_end(),
    };
    format!("{text}\n\n")
}
