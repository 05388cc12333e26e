//! `distpoint completions`: prints what a shell needs to complete commands, options and their values.
//!
//! The printed script asks this program for candidates at each completion, so these are always those of the
//! installed version.

use std::ffi::OsStr;

use clap::{Args, Command};
use clap_complete::engine::ValueCompleter;
use clap_complete::env::Shells;
use clap_complete::{
    ArgValueCandidates, ArgValueCompleter, CompleteEnv, CompletionCandidate, PathCompleter, Shell,
};

use super::output::print;
use super::{Exit, Failure};
use crate::model::Preset;
use crate::scenario::{BUILTIN, key_paths};
use crate::stats::metric::{self, Subject};

/// Print the completions of commands, options, built-in scenarios, metrics and keys for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  distpoint completions bash                    the script
  echo 'source <(distpoint completions bash)' >> ~/.bashrc
  echo 'source <(distpoint completions zsh)' >> ~/.zshrc
  echo 'distpoint completions fish | source' \\
      >> ~/.config/fish/config.fish")]
pub struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

/// The variable with which the script asks for candidates: the shell.
const VARIABLE: &str = "DISTPOINT_COMPLETE";

const PROGRAM: &str = "distpoint";

/// Prints the script for a shell.
pub fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let shells = Shells::builtins();
    let shell = args.shell.to_string();
    let mut script = Vec::new();
    if let Some(shell) = shells.completer(&shell) {
        shell
            .write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script)
            .map_err(|error| Failure::Io(format!("cannot write the completions: {error}")))?;
    }
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}

/// Prints the candidates if the script of a shell asks for them. Returns whether it does.
pub fn complete(program: fn() -> Command) -> bool {
    let candidates = CompleteEnv::with_factory(|| with_candidates(program())).var(VARIABLE);
    let directory = std::env::current_dir().ok();
    match candidates.try_complete(std::env::args_os(), directory.as_deref()) {
        Ok(asked) => asked,
        Err(error) => {
            // The shell shows nothing, as if there were no candidates.
            tracing::debug!(%error, "no completions");
            true
        }
    }
}

/// The program with the candidates of its values, by the names of its arguments.
fn with_candidates(program: Command) -> Command {
    let with_values = |command: Command| {
        command.mut_args(|argument| match argument.get_id().as_str() {
            "scenario" | "name" | "against" => argument.add(ArgValueCompleter::new(scenarios)),
            "policy" => argument.add(ArgValueCandidates::new(policies)),
            "of" | "metric" | "threshold" | "until" | "minimise" | "maximise" => {
                argument.add(ArgValueCandidates::new(metrics))
            }
            "set" | "vary" => argument.add(ArgValueCompleter::new(keys)),
            _ => argument,
        })
    };
    program.mut_subcommands(with_values)
}

/// The built-in scenarios, then files.
fn scenarios(typed: &OsStr) -> Vec<CompletionCandidate> {
    let prefix = typed.to_string_lossy();
    let built_in = BUILTIN.iter().filter(|scenario| scenario.name.starts_with(&*prefix));
    let built_in = built_in.map(|scenario| {
        CompletionCandidate::new(scenario.name).help(Some(scenario.summary.into()))
    });
    built_in.chain(PathCompleter::file().complete(typed)).collect()
}

fn policies() -> Vec<CompletionCandidate> {
    let all = Preset::ALL.iter();
    all.map(|it| CompletionCandidate::new(it.name).help(Some(it.of.into()))).collect()
}

fn metrics() -> Vec<CompletionCandidate> {
    metric::of(Subject::Run)
        .map(|metric| CompletionCandidate::new(metric.name).help(Some(metric.label.into())))
        .collect()
}

/// The keys of a scenario, with the names that are typed already, and `*` for those that are not.
fn keys(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let keys = key_paths().into_iter().filter_map(|path| matching(&typed, &path));
    let mut keys: Vec<String> = keys.map(|key| key + "=").collect();
    keys.sort();
    keys.dedup();
    keys.into_iter().map(CompletionCandidate::new).collect()
}

/// The key `path` as it continues what is typed: `clients.office.retry.interval` for `clients.office.r`.
/// `NAME` in a path stands for any name.
fn matching(typed: &str, path: &str) -> Option<String> {
    const NAME: &str = "NAME";
    let typed: Vec<&str> = typed.split('.').collect();
    let segments = path.split('.').enumerate().map(|(place, segment)| {
        let is_last = place + 1 == typed.len();
        match (typed.get(place), segment) {
            (None | Some(&""), NAME) => Some("*"),
            (Some(name), NAME) => Some(*name),
            (None, segment) => Some(segment),
            (Some(start), segment) if is_last => segment.starts_with(start).then_some(segment),
            (Some(name), segment) => (*name == segment).then_some(segment),
        }
    });
    let segments = segments.collect::<Option<Vec<&str>>>()?;
    (segments.len() >= typed.len()).then(|| segments.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_continues_what_is_typed() {
        let path = "clients.NAME.retry.interval";
        let cases = [
            ("", Some("clients.*.retry.interval")),
            ("cl", Some("clients.*.retry.interval")),
            ("clients.", Some("clients.*.retry.interval")),
            ("clients.office.r", Some("clients.office.retry.interval")),
            ("clients.office.retry.interval", Some("clients.office.retry.interval")),
            ("clients.office.x", None),
            ("clients.office.retry.interval.x", None),
        ];
        for (typed, key) in cases {
            assert_eq!(matching(typed, path).as_deref(), key, "{typed}");
        }
    }
}
