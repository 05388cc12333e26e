//! What a client's log shows of one program.

use std::fmt;

use serde::Serialize;

use super::stamp::Stamp;

/// Attempts and what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Attempts to run a program: those that failed and those that completed.
    pub attempts: u64,
    /// Attempts that a server refused, because it had as many connections as it accepts.
    pub refusals: u64,
    /// Refusals that were reported as `0x80070047`.
    pub misreports: u64,
    /// Attempts that failed for another reason.
    pub failures: u64,
    /// Attempts after one that failed.
    pub retries: u64,
    /// Attempts that completed.
    pub completions: u64,
}

impl Counts {
    /// Adds those of others.
    pub fn add(&mut self, other: &Counts) {
        self.attempts += other.attempts;
        self.refusals += other.refusals;
        self.misreports += other.misreports;
        self.failures += other.failures;
        self.retries += other.retries;
        self.completions += other.completions;
    }
}

/// A program of a package on a client, and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct ProgramLog {
    /// The client: the computer that wrote the log, as far as the name of its file shows it.
    pub client: String,
    /// The log.
    #[serde(skip)]
    pub file: String,
    /// The name of the program; of its file, if the log has no other.
    pub program: String,
    /// The name of its package; empty if the log does not have it.
    pub package: String,
    /// The file that is executed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executable: Option<String>,
    /// For whom it is scheduled, as the log names that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// How often it was tried, and what came of that.
    #[serde(flatten)]
    pub counts: Counts,
    /// How often it was sent to its next schedule time at once, because no distribution point was found
    /// (Q302535).
    pub spins: u64,
    /// When it was first and last mentioned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Time>,
    /// See `first`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Time>,
    /// What stranded it, or makes it spin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<Diagnosis>,
}

/// What became of a program on a client, by the end of its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was unscheduled after an error, and does not run any more.
    Stranded,
    /// It is tried again and again without a pause.
    Spinning,
    /// Its last attempt failed, and it was not unscheduled.
    Retrying,
    /// It was unscheduled, and the log does not show an error before.
    Unscheduled,
    /// Its last attempt completed.
    Completed,
}

impl Outcome {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Stranded => "stranded",
            Outcome::Spinning => "spinning",
            Outcome::Retrying => "retrying",
            Outcome::Unscheduled => "unscheduled",
            Outcome::Completed => "completed",
        }
    }
}

/// A bug that a log shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Bug {
    /// A refusal is misreported as a code that is not recognised, and the program is unscheduled.
    Q268500,
    /// A pending retry is unscheduled.
    Q302674,
    /// A program without a reachable distribution point is scheduled again at once.
    Q302535,
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Why a program is stranded or spins.
#[derive(Clone, Debug, Serialize)]
pub struct Diagnosis {
    /// The bug; nothing where the log shows none of those that are known.
    pub bug: Option<Bug>,
    /// How it came about: `misreport`, `network`, `poll` or `spin`.
    pub path: &'static str,
    /// What the log supports and what it does not, in a sentence.
    pub reason: String,
    /// When it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Time>,
    /// The code of the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The file that shows it.
    pub file: String,
    /// The records from the first to the last line of evidence, of all threads.
    pub records: u64,
    /// The threads of these records, in their order.
    pub threads: Vec<u32>,
    /// The lines that show it.
    pub evidence: Vec<Evidence>,
}

/// A line that shows something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Its number in the file, from 1.
    pub line: u64,
    /// Its message.
    pub text: String,
}

/// An instant, written as ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Stamp);

impl Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl ProgramLog {
    /// Adds what a later log of the same client shows of the program.
    pub fn follow(&mut self, later: ProgramLog) {
        // Its first attempt is a retry if an earlier log ended while one was due.
        let is_retried = self.outcome == Outcome::Retrying && later.counts.attempts > 0;
        self.counts.add(&later.counts);
        self.counts.retries += u64::from(is_retried);
        self.spins += later.spins;
        self.outcome = later.outcome;
        self.executable = later.executable.or(self.executable.take());
        self.user = later.user.or(self.user.take());
        self.first = self.first.or(later.first);
        self.last = later.last.or(self.last);
        self.diagnosis = later.diagnosis;
    }

    /// What programs of several logs are ordered by.
    pub fn began(&self) -> i64 {
        self.first.map_or(i64::MIN, |time| time.0.millis())
    }

    /// A program of which nothing is known yet.
    pub fn new(client: &str, file: &str, program: String, package: String) -> ProgramLog {
        ProgramLog {
            client: client.to_owned(),
            file: file.to_owned(),
            program,
            package,
            executable: None,
            user: None,
            outcome: Outcome::Unscheduled,
            counts: Counts::default(),
            spins: 0,
            first: None,
            last: None,
            diagnosis: None,
        }
    }
}
