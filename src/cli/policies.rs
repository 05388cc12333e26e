//! `distpoint policies`: lists the retry policies that have a name, or shows the delays of one.

use std::fmt::Write;

use clap::Args;

use super::output::print;
use super::{Exit, Failure};
use crate::diagnostic;
use crate::model::{Delay, Preset, Restraints, RetryPolicy, Span};
use crate::report::wrap;

/// How many delays are shown.
const SHOWN: u32 = 10;

/// List the retry policies of client libraries and tools, or show the delays of one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint policies
  distpoint policies kubelet
  distpoint run my.toml --set clients.office.retry='\"kubelet\"'")]
pub struct PoliciesArgs {
    /// The policy whose first ten delays are shown.
    policy: Option<String>,
}

/// Runs the command.
pub fn run(args: &PoliciesArgs) -> Result<Exit, Failure> {
    match &args.policy {
        None => print(&list())?,
        Some(name) => print(&details(find(name)?))?,
    }
    Ok(Exit::Success)
}

fn list() -> String {
    let width = Preset::ALL.iter().map(|preset| preset.name.len()).max().unwrap_or(0);
    let mut list = String::new();
    for preset in Preset::ALL {
        // Writing into a string cannot fail.
        let _ = writeln!(list, "{:width$}  {}", preset.name, preset.of);
        let _ = writeln!(list, "{}", wrapped_at(preset.what, width + 2));
    }
    list.push_str(
        "\nThe delays of one, and where its constants are from:  distpoint policies NAME\n",
    );
    list.push_str(
        "In a scenario:  retry = \"kubelet\"  or  { preset = \"kubelet\", max_retries = 3 }\n",
    );
    list
}

fn find(name: &str) -> Result<&'static Preset, Failure> {
    Preset::named(name).ok_or_else(|| {
        let names = Preset::ALL.iter().map(|preset| preset.name);
        let known = diagnostic::suggestion(name, names, "there are");
        Failure::Usage(format!("there is no policy {}: {known}", diagnostic::quoted(name)))
    })
}

fn details(preset: &Preset) -> String {
    let policy = preset.policy();
    let mut text = format!("{}: {}\n", preset.name, preset.of);
    let mut paragraph = |words: &str| {
        let _ = writeln!(text, "{}", wrapped_at(words, 0));
    };
    paragraph(&format!("{}.", preset.what));
    paragraph(&format!("Source: {}", preset.source));
    if !preset.note.is_empty() {
        paragraph(&format!("Note: {}.", preset.note));
    }
    let retries = policy.max_retries.unwrap_or(SHOWN).min(SHOWN);
    let _ = writeln!(text, "\nretry  delay, mean  shortest  longest  made after, mean");
    let mut sum = 0;
    for n in 1..=retries {
        let Some([least, most, mean]) = policy.delay.range(n) else { break };
        sum += mean.as_millis();
        let [mean, least, most, after] =
            [mean, least, most, Span::from_millis(sum)].map(|span| span.to_string());
        let _ = writeln!(text, "{n:>5}  {mean:>11}  {least:>8}  {most:>7}  {after:>16}");
    }
    let _ = writeln!(text, "\n{}", wrapped_at(&ending(&policy, &preset.restraints()), 0));
    text
}

/// When a client with this policy gives up.
fn ending(policy: &RetryPolicy, restraints: &Restraints) -> String {
    let retries = policy.max_retries;
    let after = |max: u32| {
        let delays = (1..=max).map(|n| policy.delay.range(n).map(|[.., mean]| mean.as_millis()));
        let sum = delays.take(10_000).sum::<Option<u64>>()?;
        Some(format!(" ({} after the first attempt on average)", Span::from_millis(sum)))
    };
    let mut ending = match (retries, policy.give_up_after) {
        (Some(max), _) => {
            format!("It gives up when retry {max} is refused{}.", after(max).unwrap_or_default())
        }
        (None, Some(time)) => {
            format!("It gives up {time} after its first attempt, or after its last progress.")
        }
        (None, None) if restraints.budget.is_some() => {
            "It gives up when its budget allows no retry.".to_owned()
        }
        (None, None) => "It does not give up.".to_owned(),
    };
    ending.push_str(match restraints {
        Restraints { budget: Some(_), .. } if retries.is_some() => {
            " Before that its budget may allow no retry: then it gives up."
        }
        Restraints { breaker: Some(_), .. } => {
            " While its breaker is open, its attempts are rejected."
        }
        _ => "",
    });
    if !restraints.is_none() {
        ending.push_str(" The clients of a process share these: set `processes` in the group.");
    }
    if policy.follows_retry_after() && !matches!(policy.delay, Delay::Server { .. }) {
        ending.push_str(" A server's Retry-After changes the delays.");
    }
    ending
}

/// A text that begins at a column, in lines up to column 80.
fn wrapped_at(text: &str, column: usize) -> String {
    // Blanks at which no line ends.
    wrap(&format!("{}{text}", "\u{a0}".repeat(column)), Some(80), column)
}
