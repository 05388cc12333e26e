//! The story that the records of a client's log tell: which messages are of one attempt of a program, and how it
//! ended.
//!
//! An attempt that fails is an [`Episode`] of messages on one thread. Other threads write between them. What attempts
//! amount to for each program is in [`Plots`].

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::episode::{Episode, Name, words};
use super::plots::{MOST_PROGRAMS, Plots};
use super::record::Record;
use super::signature::{Program, Sign, sign};
use super::verdict::{Seen, diagnose};
use crate::log::input::encoding::beginning;
use crate::log::program::{Bug, Diagnosis, Outcome, Time};
use crate::log::stamp::Stamp;
use crate::log::told::Told;

/// The most threads with an episode at a time; the older half gives way.
const MOST_EPISODES: usize = 1 << 14;

/// The most bytes of a name that count, so that many programs with names of any length need little memory.
const LONGEST_NAME: usize = 1000;

/// The most threads that are listed.
const MOST_THREADS: usize = 32;

/// What the records of a log tell.
pub struct Story {
    file: String,
    /// Records so far.
    records: u64,
    /// Threads in the order in which they appear, with the number of the last record of each; not all if
    /// they are many.
    threads: Vec<(u32, u64)>,
    plots: Plots,
    /// The programs of files that are executed.
    by_file: HashMap<Vec<u8>, Name, RandomState>,
    episodes: HashMap<Option<u32>, Episode, RandomState>,
}

impl Story {
    /// The story of a log that `client` wrote into `file`.
    pub fn of(client: &str, file: &str) -> Story {
        Story {
            file: file.to_owned(),
            records: 0,
            threads: Vec::new(),
            plots: Plots::of(client, file),
            by_file: HashMap::default(),
            episodes: HashMap::default(),
        }
    }

    /// Reads on.
    pub fn record(&mut self, record: &Record<'_>) {
        self.records += 1;
        if let Some(thread) = record.thread {
            let has_room = self.threads.len() < MOST_THREADS;
            match self.threads.iter_mut().find(|(known, _)| *known == thread) {
                Some((_, last)) => *last = self.records,
                None if has_room => self.threads.push((thread, self.records)),
                None => {}
            }
        }
        // CMTrace keeps the lines of a message apart, which may be wrapped anywhere.
        let message = match memchr::memchr(b'\n', record.message) {
            Some(_) => Cow::Owned(words(record.message).into_bytes()),
            None => Cow::Borrowed(record.message),
        };
        if let Some(sign) = sign(&message) {
            self.sign(record, sign);
        }
    }

    /// What was told, at the end of the log.
    pub fn end(mut self) -> Told {
        let mut open: Vec<Episode> = std::mem::take(&mut self.episodes).into_values().collect();
        open.sort_by_key(|episode| episode.from);
        open.iter_mut().for_each(|episode| self.count(episode));
        self.plots.end()
    }

    fn sign(&mut self, record: &Record<'_>, sign: Sign<'_>) {
        let stamp = record.stamp();
        match sign {
            Sign::ReturnCode(0, _) => {}
            Sign::ReturnCode(code, file) => {
                self.finish(record.thread);
                let episode = self.episode(record, stamp);
                episode.code = Some(code);
                episode.file = beginning(file.unwrap_or_default(), LONGEST_NAME).to_vec();
            }
            Sign::Handling(code, program) => {
                let program = name(program);
                let is_over = |episode: &Episode| {
                    let is_other = episode.program.as_ref().is_some_and(|own| *own != program);
                    is_other || episode.is_counted
                };
                if self.episodes.get(&record.thread).is_some_and(is_over) {
                    self.finish(record.thread);
                }
                let episode = self.episode(record, stamp);
                // What is handled counts, and not what was returned on the way to it.
                episode.code = Some(code);
                episode.program = Some(program);
                self.counted(record.thread);
            }
            Sign::ActionCode(code) => self.episode(record, stamp).action = Some(code),
            Sign::Unrecognised => self.episode(record, stamp).is_unrecognised = true,
            Sign::TooSlow => self.episode(record, stamp).is_too_slow = true,
            Sign::NoLocation => {
                // The next attempt begins with it if the one before is handled.
                if self.episodes.get(&record.thread).is_some_and(|episode| episode.is_counted) {
                    self.finish(record.thread);
                }
                self.episode(record, stamp).is_nowhere = true;
            }
            Sign::Unscheduling(program, user) => self.unscheduled(record, stamp, program, user),
            Sign::Running(program) => {
                self.finish(record.thread);
                self.episode(record, stamp).program = Some(name(program));
            }
            Sign::Completed => self.completed(record, stamp),
            Sign::Compiling(program) => {
                let program = name(program);
                self.plots.of_program(&program, stamp);
                if !self.episodes.contains_key(&record.thread) {
                    let episode = self.episode(record, stamp);
                    episode.program = Some(program);
                }
            }
            Sign::Step => {}
        }
        if let Sign::ActionCode(4) = sign {
            self.spun(record, stamp);
        }
    }

    /// The episode of the thread of a record, which is evidence of it.
    fn episode(&mut self, record: &Record<'_>, stamp: Option<Stamp>) -> &mut Episode {
        let thread = record.thread;
        if self.episodes.len() >= MOST_EPISODES && !self.episodes.contains_key(&thread) {
            let mut all: Vec<_> = self.episodes.values().map(|e| (e.from, e.thread)).collect();
            all.sort_unstable();
            all[..MOST_EPISODES / 2].iter().for_each(|(_, thread)| self.finish(*thread));
        }
        let from = self.records;
        let new = || Episode { thread, from, stamp, ..Episode::default() };
        let episode = self.episodes.entry(thread).or_insert_with(new);
        episode.evidence.push(record.line, record.message);
        episode
    }

    /// Ends the episode of a thread, if there is one.
    fn finish(&mut self, thread: Option<u32>) {
        if let Some(mut episode) = self.episodes.remove(&thread) {
            self.count(&mut episode);
        }
    }

    /// Counts the attempt of the episode of a thread, which stays open.
    fn counted(&mut self, thread: Option<u32>) {
        if let Some(mut episode) = self.episodes.remove(&thread) {
            let evidence = std::mem::take(&mut episode.evidence);
            self.count(&mut episode);
            self.episodes.insert(thread, Episode { evidence, ..episode });
        }
    }

    /// Counts the attempt of an episode once.
    fn count(&mut self, episode: &mut Episode) {
        let Some(code) = episode.code else { return };
        // A return code without any program, such as that of a path that was tried, is no attempt of one.
        let of_file = || self.by_file.get(&episode.file).cloned();
        let own = || (!episode.file.is_empty()).then(|| (episode.file.clone(), Vec::new()));
        let Some(program) = episode.program.clone().or_else(of_file).or_else(own) else { return };
        if !episode.file.is_empty() && !program.1.is_empty() {
            let is_known = self.by_file.get(&episode.file) == Some(&program);
            if !is_known && self.by_file.len() < MOST_PROGRAMS {
                self.by_file.insert(episode.file.clone(), program.clone());
            }
            let log = &mut self.plots.of_program(&program, episode.stamp).log;
            if log.executable.as_ref().is_none_or(|file| file.as_bytes() != episode.file) {
                log.executable = Some(words(&episode.file));
            }
        }
        let is_first = !std::mem::replace(&mut episode.is_counted, true);
        let evidence = std::mem::take(&mut episode.evidence);
        let plot = match is_first {
            true => self.plots.failed(&program, episode.stamp, code),
            false => self.plots.of_program(&program, episode.stamp),
        };
        plot.failed = Some((code, evidence, episode.from));
    }

    fn completed(&mut self, record: &Record<'_>, stamp: Option<Stamp>) {
        let Some(episode) = self.episodes.remove(&record.thread) else { return };
        let Some(program) = episode.program else { return };
        // The attempt was made when the program began to run.
        self.plots.completed(&program, episode.stamp, stamp);
    }

    fn unscheduled(
        &mut self,
        record: &Record<'_>,
        stamp: Option<Stamp>,
        program: Program<'_>,
        user: &[u8],
    ) {
        let (program, user) = (name(program), words(user));
        let mut own = None;
        if let Some(mut episode) = self.episodes.remove(&record.thread) {
            let is_own = episode.program.as_ref().is_none_or(|own| *own == program);
            if is_own {
                episode.program = Some(program.clone());
            }
            if is_own && episode.code.is_some() {
                let evidence = std::mem::take(&mut episode.evidence);
                self.count(&mut episode);
                own = Some(Episode { evidence, ..episode });
            } else {
                self.count(&mut episode);
            }
        }
        // The thread that handled the error may not have gone on since.
        let handled = |episode: &&Episode| {
            episode.code.is_some() && episode.program.as_ref() == Some(&program)
        };
        let other = self.episodes.values().filter(handled).max_by_key(|episode| episode.from);
        if let Some(thread) = other.filter(|_| own.is_none()).map(|episode| episode.thread) {
            self.finish(thread);
        }
        let plot = self.plots.of_program(&program, stamp);
        plot.log.user = Some(user).filter(|user| !user.is_empty());
        let failed = plot.failed.take();
        let seen = match (own, failed) {
            (Some(episode), _) => Seen::Own(episode),
            (None, Some((code, evidence, from))) => Seen::Other { code, evidence, from },
            // Nothing failed before: a program that is done, or whose advertisement is gone.
            (None, None) => {
                if plot.log.outcome != Outcome::Completed {
                    plot.log.outcome = Outcome::Unscheduled;
                }
                return;
            }
        };
        let from = seen.from();
        let mut diagnosis = diagnose(seen, plot.attempted, stamp, (record.line, record.message));
        plot.log.outcome = Outcome::Stranded;
        self.place(&mut diagnosis, from);
        self.plots.of_program(&program, stamp).log.diagnosis = Some(diagnosis);
    }

    /// Notes an action code 4 that sends a program without a distribution point to its next schedule time.
    fn spun(&mut self, record: &Record<'_>, stamp: Option<Stamp>) {
        let Some(episode) = self.episodes.get(&record.thread) else { return };
        // Over a link that is slow indeed, waiting for the next schedule time is right.
        if !(episode.is_too_slow && episode.is_nowhere) {
            return;
        }
        let (Some(program), from) = (episode.program.clone(), episode.from) else { return };
        let (evidence, code) = (episode.evidence.clone(), episode.code);
        let times = self.plots.spun(&program, stamp);
        let reason = match times {
            1 => "no distribution point was found, which is taken for a slow network, and the next schedule \
                  time is now; the log shows that once, and a spin repeats it"
                .to_owned(),
            times => format!(
                "no distribution point was found, which is taken for a slow network, and the next schedule \
                 time is now: {times} times in a row without a pause"
            ),
        };
        let mut diagnosis = Diagnosis {
            bug: Some(Bug::Q302535),
            path: "spin",
            reason,
            when: stamp.map(Time),
            code: code.map(|code| format!("{code:#x}")),
            file: String::new(),
            records: 0,
            threads: Vec::new(),
            evidence: evidence.shown(),
        };
        self.place(&mut diagnosis, from);
        self.plots.of_program(&program, stamp).log.diagnosis = Some(diagnosis);
    }

    /// Adds where it was seen: from the record `from` to the one that was read last.
    fn place(&self, diagnosis: &mut Diagnosis, from: u64) {
        diagnosis.file.clone_from(&self.file);
        diagnosis.records = self.records + 1 - from;
        let threads = self.threads.iter().filter(|(_, last)| *last >= from);
        diagnosis.threads = threads.map(|(thread, _)| *thread).collect();
    }
}

/// A name, with one blank where a wrapped line has several. Of a longer one it is the beginning.
fn name(program: Program<'_>) -> Name {
    let [name, package] =
        [program.name, program.package].map(|name| words(beginning(name, LONGEST_NAME)));
    (name.into_bytes(), package.into_bytes())
}
