//! Exit codes, which are a contract, and the failures that lead to them.

use std::fmt;
use std::io::Write;
use std::process::ExitCode;

use crate::results::ReadError;
use crate::scenario::LoadError;
use crate::study::StudyError;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// It did what it was asked to.
    Success = 0,
    /// It failed, or its input or output did.
    Failure = 1,
    /// The command line or the scenario is wrong.
    Usage = 2,
    /// The data do not decide: an interval contains the limit, or there are no data.
    Inconclusive = 97,
    /// A comparison found a regression.
    Regressed = 98,
    /// A threshold is breached.
    Breached = 99,
    /// The user interrupted it.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why the program did not do what it was asked to.
#[derive(Debug)]
pub enum Failure {
    /// The scenario is wrong.
    Scenario(LoadError),
    /// The results to read are wrong.
    Results(ReadError),
    /// The command line is wrong in a way that only shows later.
    Usage(String),
    /// Input or output failed.
    Io(String),
    /// Several of these.
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
            Failure::Study(StudyError::Interrupted) => Exit::Interrupted,
            // Wrong usage comes first, for no second try helps there.
            Failure::Several(all) if all.iter().any(|one| one.exit() == Exit::Usage) => Exit::Usage,
            Failure::Several(_) | Failure::Io(_) | Failure::Study(_) => Exit::Failure,
        }
    }

    /// Says on standard error what went wrong.
    pub fn report(&self) {
        let text = match self {
            Failure::Several(all) => return all.iter().for_each(Failure::report),
            Failure::Scenario(error) => error.render(super::stderr_is_styled()),
            Failure::Results(error) => error.render(super::stderr_is_styled()),
            other => format!("error: {other}"),
        };
        // If standard error is closed, nobody is left to be told.
        let _ = writeln!(anstream::stderr(), "{}", text.trim_end());
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Scenario(error) => error.fmt(f),
            Failure::Results(error) => error.fmt(f),
            Failure::Usage(problem) | Failure::Io(problem) => f.write_str(problem),
            Failure::Study(error) => error.fmt(f),
            Failure::Several(all) => {
                let all: Vec<String> = all.iter().map(Failure::to_string).collect();
                f.write_str(&all.join("; "))
            }
        }
    }
}
