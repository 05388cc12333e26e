//! What a user sees in a terminal: no word is broken, and the answer and verdicts stand out.

use std::collections::HashSet;

use crate::harness::{Desk, SMALL, on_terminal};

const SIZE: &[&str] = &[
    "size",
    "s.toml",
    "--vary",
    "distribution_points.DP01.connection_limit=1..40",
    "--until",
    "makespan < 4h",
    "--max-replications",
    "4",
];

const SWEEP: &[&str] = &[
    "sweep",
    "s.toml",
    "-n",
    "2",
    "--vary",
    "clients.office.retry.interval=5m,10m",
    "--vary",
    "distribution_points.*.connection_limit=2,5,50",
    "--threshold",
    "makespan < 10h",
];

/// Commands, each with the reports that it reads beside it.
const COMMANDS: &[&[&str]] = &[
    &["run", "retry-policies", "--set", "clients.*.count=60", "-n", "2"],
    &["run", "modern-registry", "--set", "clients.*.count=60", "-n", "2"],
    &["run", "branch-office", "--set", "sites.*.clients.*.count=3", "-n", "2"],
    SIZE,
    SWEEP,
    &["compare", "base.json", "new.json", "--all"],
];

fn desk() -> Desk {
    let desk = Desk::with(SMALL);
    for (file, limit) in [("base.json", "5"), ("new.json", "3")] {
        let limit = format!("distribution_points.*.connection_limit={limit}");
        let options = ["-n", "3", "--no-what-if", "-q", "-o", file, "--set", &limit];
        desk.run(&[&["run", "s.toml"], &options[..]].concat()).succeeds();
    }
    desk
}

/// A text without colours.
fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// The words of a report, without its chart, whose scale depends on the width.
fn words(text: &str) -> HashSet<String> {
    let (before, chart) = text.split_once("Open connections").unwrap_or((text, ""));
    let after = chart.split_once("\nseed ").map_or("", |(_, after)| after);
    let words = before.split_whitespace().chain(after.split_whitespace());
    words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()).collect()
}

#[test]
fn no_word_is_broken_at_any_width() {
    let desk = desk();
    for arguments in COMMANDS {
        let mut known = words(&desk.run(arguments).stdout);
        known.extend(words("no room for: a wider terminal and reports have it"));
        for width in [30, 40, 60, 80, 100, 120] {
            let text = plain(&on_terminal(&mut desk.command(arguments), width));
            // A word may be wider than a line.
            let too_wide = |line: &&str| {
                line.chars().count() > usize::from(width) && line.split_whitespace().count() > 1
            };
            let too_wide = text.lines().find(too_wide);
            assert_eq!(too_wide, None, "{arguments:?}, {width} columns:\n{text}");
            let words = words(&text);
            let broken: Vec<&String> = words.difference(&known).collect();
            assert!(broken.is_empty(), "{broken:?}: {arguments:?}, {width} columns:\n{text}");
        }
    }
}

#[test]
fn the_answer_and_verdicts_stand_out_in_a_terminal_and_nowhere_else() {
    let desk = desk();
    let thresholds = ["--threshold", "makespan < 10h", "--threshold", "makespan < 1s"];
    let run = ["run", "s.toml", "-n", "3", "-o", "run.txt"];
    let compare = ["compare", "base.json", "new.json", "-o", "compare.txt"];
    let cases: [(&[&str], &[&str]); 2] = [
        (
            &[&run[..], &thresholds].concat(),
            &["\u{1b}[32mpass\u{1b}[0m", "\u{1b}[31mFAIL\u{1b}[0m"],
        ),
        (&compare, &["\u{1b}[31mREGRESSION\u{1b}[0m", "\u{1b}[1mChanged: "]),
    ];
    for (arguments, coloured) in cases {
        let text = on_terminal(&mut desk.command(arguments), 100);
        assert!(coloured.iter().all(|words| text.contains(words)), "{text}");
        let printed = on_terminal(desk.command(arguments).env("NO_COLOR", "1"), 100);
        assert_eq!(printed, plain(&text));
        assert!(!desk.run(arguments).stdout.contains('\u{1b}'));
    }
    for file in ["run.txt", "compare.txt"] {
        assert!(!desk.read(file).contains('\u{1b}'), "{file}");
    }
    let differences = ["run", "retry-policies", "--set", "clients.*.count=300", "-n", "3"];
    let text = on_terminal(&mut desk.command(&differences), 100);
    for verdict in ["\u{1b}[32mbetter\u{1b}[0m", "\u{1b}[31mworse\u{1b}[0m"] {
        assert!(text.contains(verdict), "{text}");
    }
}
