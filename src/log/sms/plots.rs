//! What became of each program of a log so far, as its attempts follow each other.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::episode::{Lines, Name, words};
use super::signature::{is_refusal, is_wrapped};
use crate::log::observed::load::Request;
use crate::log::program::{Outcome, ProgramLog, Time};
use crate::log::stamp::Stamp;
use crate::log::told::Told;

/// The most programs of one log; what is beyond them is not told apart.
pub const MOST_PROGRAMS: usize = 1 << 15;

/// Attempts that follow each other sooner than this, in ms, do not wait for a schedule: the shortest interval
/// between two polls is 5 minutes (Q302836).
const AT_ONCE: i64 = 60_000;

/// The programs of a log.
pub struct Plots {
    client: String,
    file: String,
    all: Vec<Plot>,
    /// Where each of them is.
    places: HashMap<Name, usize, RandomState>,
    /// What they amount to, but for the programs themselves.
    told: Told,
}

/// What is known of one program.
pub struct Plot {
    /// What is reported of it.
    pub log: ProgramLog,
    /// When the last attempt was made.
    pub attempted: Option<Stamp>,
    /// The code of the last attempt, if it failed, with the evidence and the number of its first record.
    pub failed: Option<(u32, Lines, u64)>,
    /// When it was last sent to its next schedule time without a distribution point, and how often that
    /// happened without a pause.
    spun: Option<(Option<Stamp>, u64)>,
}

impl Plots {
    /// Those of a log that `client` wrote into `file`.
    pub fn of(client: &str, file: &str) -> Plots {
        let (client, file) = (client.to_owned(), file.to_owned());
        let (all, places) = (Vec::new(), HashMap::default());
        Plots { client, file, all, places, told: Told::default() }
    }

    /// The program `program`, which a record of the instant `stamp` mentions.
    pub fn of_program(&mut self, program: &Name, stamp: Option<Stamp>) -> &mut Plot {
        // Most records are of a program that is known: its name is not cloned for a look.
        let further;
        let program = match self.places.contains_key(program) || self.all.len() < MOST_PROGRAMS {
            true => program,
            false => {
                further = (b"(further programs)".to_vec(), Vec::new());
                &further
            }
        };
        let place = self.places.get(program).copied().unwrap_or_else(|| {
            let (name, package) = (words(&program.0), words(&program.1));
            let log = ProgramLog::new(&self.client, &self.file, name, package);
            self.all.push(Plot { log, attempted: None, failed: None, spun: None });
            self.places.insert(program.clone(), self.all.len() - 1);
            self.all.len() - 1
        });
        let plot = &mut self.all[place];
        if let Some(time) = stamp.map(Time) {
            plot.log.first.get_or_insert(time);
            plot.log.last = Some(time);
        }
        plot
    }

    /// An attempt failed with the code `code`.
    pub fn failed(&mut self, program: &Name, stamp: Option<Stamp>, code: u32) -> &mut Plot {
        self.attempt(program, stamp, None, is_refusal(code));
        let plot = self.of_program(program, stamp);
        match is_refusal(code) {
            true => plot.log.counts.refusals += 1,
            false => plot.log.counts.failures += 1,
        }
        plot.log.counts.misreports += u64::from(is_refusal(code) && is_wrapped(code));
        plot.log.outcome = Outcome::Retrying;
        plot.log.diagnosis = None;
        plot
    }

    /// An attempt completed, for which the program ran from `from` to `to`.
    pub fn completed(&mut self, program: &Name, from: Option<Stamp>, to: Option<Stamp>) {
        let took = from.zip(to).map(|(from, to)| to.millis() - from.millis());
        self.attempt(program, from, took, false);
        let plot = self.of_program(program, to);
        let journey = plot.log.first.zip(to).map(|(from, to)| to.millis() - from.0.millis());
        plot.log.counts.completions += 1;
        plot.log.outcome = Outcome::Completed;
        plot.log.diagnosis = None;
        plot.spun = None;
        // Of a program that runs again and again, only the first time is a journey from the first attempt.
        let is_first = plot.log.counts.completions == 1;
        journey.filter(|_| is_first).into_iter().for_each(|ms| self.told.journeys.add(ms));
    }

    /// A program was sent to its next schedule time, which is now. Returns how often in a row, without a pause.
    pub fn spun(&mut self, program: &Name, stamp: Option<Stamp>) -> u64 {
        let plot = self.of_program(program, stamp);
        plot.log.spins += 1;
        let times = match plot.spun {
            Some((before, times)) => {
                let pause = before.zip(stamp).map(|(a, b)| b.millis() - a.millis());
                if pause.is_none_or(|pause| pause <= AT_ONCE) { times + 1 } else { 1 }
            }
            None => 1,
        };
        plot.spun = Some((stamp, times));
        plot.log.outcome = Outcome::Spinning;
        times
    }

    /// Counts an attempt, which took `took` ms if it completed.
    fn attempt(
        &mut self,
        program: &Name,
        stamp: Option<Stamp>,
        took: Option<i64>,
        is_refused: bool,
    ) {
        let plot = self.of_program(program, stamp);
        plot.log.counts.attempts += 1;
        let is_retry = plot.log.counts.attempts > 1;
        let before = plot.attempted.take();
        plot.attempted = stamp;
        if plot.failed.take().is_some() {
            plot.log.counts.retries += 1;
            if let (Some(before), Some(now)) = (before, stamp) {
                self.told.gaps.add(now.millis() - before.millis());
            }
        }
        if let Some(stamp) = stamp {
            let length = took.filter(|took| *took >= 0);
            let start = stamp.millis();
            self.told.request(Request {
                start,
                length,
                is_refused,
                is_retry,
                ..Request::default()
            });
        }
    }

    /// What was told, at the end of the log.
    pub fn end(self) -> Told {
        let mut told = self.told;
        self.all.into_iter().for_each(|plot| told.programs.add(plot.log));
        told
    }
}
