//! Exit codes, which are a contract, and the failures that lead to them.

use std::fmt;
use std::process::ExitCode;

use super::signal::{self, Signal};
use super::stderr;
use crate::results::ReadError;
use crate::scenario::LoadError;
use crate::study::StudyError;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The command succeeded.
    Success = 0,
    /// The program failed, or its input or output.
    Failure = 1,
    /// The command line or the scenario is wrong.
    Usage = 2,
    /// The data do not decide: an interval contains the limit, or there are no data.
    Inconclusive = 97,
    /// A comparison found a regression.
    Regressed = 98,
    /// A threshold is breached.
    Breached = 99,
    /// The terminal of the program is gone (SIGHUP).
    HungUp = 129,
    /// The user interrupted the program (Ctrl-C, SIGINT).
    Interrupted = 130,
    /// The system asked the program to end (SIGTERM).
    Terminated = 143,
}

impl Exit {
    /// The exit code after the signal that came: 128 and its number, as shells have it.
    pub fn interrupted() -> Exit {
        match signal::first() {
            Signal::Interrupt => Exit::Interrupted,
            Signal::Terminate => Exit::Terminated,
            Signal::HangUp => Exit::HungUp,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// The scenario is wrong.
    Scenario(LoadError),
    /// The results to read are wrong.
    Results(ReadError),
    /// The command line is wrong in a way that its parser does not notice.
    Usage(String),
    /// Input or output failed.
    Io(String),
    /// Several failures at once.
    Several(Vec<Failure>),
    /// The study has no results.
    Study(StudyError),
}

impl Failure {
    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Failure::Scenario(_) | Failure::Results(_) | Failure::Usage(_) => Exit::Usage,
            Failure::Study(StudyError::InvalidRequest(_)) => Exit::Usage,
            Failure::Study(StudyError::Interrupted) => Exit::interrupted(),
            // Wrong usage comes first, because a second try does not help there.
            Failure::Several(all) if all.iter().any(|one| one.exit() == Exit::Usage) => Exit::Usage,
            Failure::Several(_) | Failure::Io(_) | Failure::Study(_) => Exit::Failure,
        }
    }

    /// Prints to standard error what went wrong.
    pub fn report(&self) {
        let rendered = match self {
            Failure::Several(all) => return all.iter().for_each(Failure::report),
            Failure::Scenario(error) => error.render(stderr::is_styled()),
            Failure::Results(error) => error.render(stderr::is_styled()),
            other => return stderr::note(format!("error: {other}").trim_end()),
        };
        stderr::print_rendered(rendered.trim_end());
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Scenario(error) => error.fmt(f),
            Failure::Results(error) => error.fmt(f),
            Failure::Usage(problem) | Failure::Io(problem) => f.write_str(problem),
            Failure::Study(StudyError::Interrupted) => f.write_str(signal::first().past()),
            Failure::Study(error) => error.fmt(f),
            Failure::Several(all) => {
                let all: Vec<String> = all.iter().map(Failure::to_string).collect();
                f.write_str(&all.join("; "))
            }
        }
    }
}
