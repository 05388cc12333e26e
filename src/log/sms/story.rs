//! The story that the records of a client's log tell: attempts of programs, and what became of them.
//!
//! An attempt that fails is an [`Episode`] of messages on one thread. Other threads write between them.

use std::collections::HashMap;

use super::episode::{Episode, Lines, Name, words};
use super::record::Record;
use super::signature::{Program, Sign, is_refusal, is_wrapped, sign};
use super::verdict::{Seen, diagnose};
use crate::log::observed::lengths::Lengths;
use crate::log::observed::load::{Load, Request};
use crate::log::program::{Bug, Diagnosis, Outcome, ProgramLog, Time};
use crate::log::stamp::Stamp;

/// The most programs of one log; what is beyond them is not told apart.
const MOST_PROGRAMS: usize = 1 << 15;

/// The most threads with an episode at a time; the older half gives way.
const MOST_EPISODES: usize = 1 << 14;

/// The most attempts that are kept one by one.
const MOST_REQUESTS: usize = 4096;

/// The most threads that are listed.
const MOST_THREADS: usize = 32;

/// Attempts that follow each other sooner than this, in ms, do not wait for a schedule: the shortest interval
/// between two polls is 5 minutes (Q302836).
const AT_ONCE: i64 = 60_000;

/// What the records of a log tell.
pub struct Story {
    client: String,
    file: String,
    /// Records so far.
    records: u64,
    /// Threads in the order in which they appear, with the number of the last record of each; not all if
    /// they are many.
    threads: Vec<(u32, u64)>,
    plots: HashMap<Name, Plot>,
    /// The programs of files that are executed.
    by_file: HashMap<Vec<u8>, Name>,
    episodes: HashMap<Option<u32>, Episode>,
    /// Times between an attempt that failed and the next one, in ms.
    gaps: Lengths,
    /// Times from the first attempt of a program until it completed, in ms.
    journeys: Lengths,
    /// The attempts as requests of a server, whose log the clients do not have: the last of them, and what the
    /// others amount to. Most logs have a few.
    requests: Vec<Request>,
    load: Option<Box<Load>>,
}

/// What is known of one program.
struct Plot {
    log: ProgramLog,
    /// When the last attempt was made.
    attempted: Option<Stamp>,
    /// The code of the last attempt, if it failed, with the evidence and the number of its first record.
    failed: Option<(u32, Lines, u64)>,
    /// When it was last sent to its next schedule time without a distribution point, and how often that
    /// happened without a pause.
    spun: Option<(Option<Stamp>, u64)>,
}

/// What a log told.
pub struct Told {
    /// The programs.
    pub programs: Vec<ProgramLog>,
    /// Times between an attempt that failed and the next one, in ms.
    pub gaps: Lengths,
    /// Times from the first attempt of a program until it completed, in ms.
    pub journeys: Lengths,
    /// The attempts as requests of a server, as far as they have an instant.
    pub requests: Vec<Request>,
    /// What further attempts amount to.
    pub load: Option<Box<Load>>,
}

impl Story {
    /// The story of a log that `client` wrote into `file`.
    pub fn of(client: &str, file: &str) -> Story {
        Story {
            client: client.to_owned(),
            file: file.to_owned(),
            records: 0,
            threads: Vec::new(),
            plots: HashMap::new(),
            by_file: HashMap::new(),
            episodes: HashMap::new(),
            gaps: Lengths::default(),
            journeys: Lengths::default(),
            requests: Vec::new(),
            load: None,
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
        if let Some(sign) = sign(record.message) {
            self.sign(record, sign);
        }
    }

    /// What was told, at the end of the log.
    pub fn end(mut self) -> Told {
        let mut open: Vec<Episode> = std::mem::take(&mut self.episodes).into_values().collect();
        open.sort_by_key(|episode| episode.from);
        open.iter_mut().for_each(|episode| self.count(episode));
        let programs = self.plots.into_values().map(|plot| plot.log);
        let mut programs: Vec<ProgramLog> = programs.collect();
        programs.sort_by(|a, b| (&a.package, &a.program).cmp(&(&b.package, &b.program)));
        Told {
            programs,
            gaps: self.gaps,
            journeys: self.journeys,
            requests: self.requests,
            load: self.load,
        }
    }

    fn sign(&mut self, record: &Record<'_>, sign: Sign<'_>) {
        let stamp = record.stamp();
        match sign {
            Sign::ReturnCode(0, _) => {}
            Sign::ReturnCode(code, file) => {
                self.finish(record.thread);
                let episode = self.episode(record, stamp);
                episode.code = Some(code);
                episode.file = file.unwrap_or_default().to_vec();
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
                self.plot(&program, stamp);
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
            if self.by_file.len() < MOST_PROGRAMS {
                self.by_file.insert(episode.file.clone(), program.clone());
            }
            let file = words(&episode.file);
            self.plot(&program, episode.stamp).log.executable = Some(file);
        }
        if !episode.is_counted {
            self.attempt(&program, episode.stamp, None, is_refusal(code));
            let plot = self.plot(&program, episode.stamp);
            match is_refusal(code) {
                true => plot.log.refusals += 1,
                false => plot.log.failures += 1,
            }
            plot.log.misreports += u64::from(is_refusal(code) && is_wrapped(code));
            plot.log.outcome = Outcome::Retrying;
            plot.log.diagnosis = None;
            episode.is_counted = true;
        }
        let from = episode.from;
        let evidence = std::mem::take(&mut episode.evidence);
        self.plot(&program, episode.stamp).failed = Some((code, evidence, from));
    }

    /// Counts an attempt, which took `took` ms if it completed.
    fn attempt(
        &mut self,
        program: &Name,
        stamp: Option<Stamp>,
        took: Option<i64>,
        is_refused: bool,
    ) {
        let plot = self.plot(program, stamp);
        plot.log.attempts += 1;
        let is_retry = plot.log.attempts > 1;
        let before = plot.attempted.take();
        plot.attempted = stamp;
        if plot.failed.take().is_some() {
            plot.log.retries += 1;
            if let (Some(before), Some(now)) = (before, stamp) {
                self.gaps.add(now.millis() - before.millis());
            }
        }
        if let Some(stamp) = stamp {
            let length = took.filter(|took| *took >= 0);
            let start = stamp.millis();
            let request = Request { start, length, is_refused, is_retry, ..Request::default() };
            self.requests.push(request);
            if self.requests.len() >= MOST_REQUESTS {
                let load = self.load.get_or_insert_default();
                self.requests.drain(..).for_each(|request| load.request(&request));
            }
        }
    }

    fn plot(&mut self, program: &Name, stamp: Option<Stamp>) -> &mut Plot {
        let is_full = self.plots.len() >= MOST_PROGRAMS && !self.plots.contains_key(program);
        let key =
            if is_full { (b"(further programs)".to_vec(), Vec::new()) } else { program.clone() };
        let plot = self.plots.entry(key).or_insert_with_key(|(program, package)| {
            let log = ProgramLog::new(&self.client, &self.file, words(program), words(package));
            Plot { log, attempted: None, failed: None, spun: None }
        });
        if let Some(time) = stamp.map(Time) {
            plot.log.first.get_or_insert(time);
            plot.log.last = Some(time);
        }
        plot
    }

    fn completed(&mut self, record: &Record<'_>, stamp: Option<Stamp>) {
        let Some(episode) = self.episodes.remove(&record.thread) else { return };
        let Some(program) = episode.program else { return };
        // The attempt was made when the program began to run.
        let took = episode.stamp.zip(stamp).map(|(from, to)| to.millis() - from.millis());
        self.attempt(&program, episode.stamp, took, false);
        let plot = self.plot(&program, stamp);
        let journey = plot.log.first.zip(stamp).map(|(from, to)| to.millis() - from.0.millis());
        plot.log.completions += 1;
        plot.log.outcome = Outcome::Completed;
        plot.log.diagnosis = None;
        plot.spun = None;
        // Of a program that runs again and again, only the first time is a journey from the first attempt.
        let is_first = plot.log.completions == 1;
        journey.filter(|_| is_first).into_iter().for_each(|journey| self.journeys.add(journey));
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
        let plot = self.plot(&program, stamp);
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
        self.plot(&program, stamp).log.diagnosis = Some(diagnosis);
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
        let plot = self.plot(&program, stamp);
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
        self.plot(&program, stamp).log.diagnosis = Some(diagnosis);
    }

    /// Adds where it was seen: from the record `from` to the one that was read last.
    fn place(&self, diagnosis: &mut Diagnosis, from: u64) {
        diagnosis.file.clone_from(&self.file);
        diagnosis.records = self.records + 1 - from;
        let threads = self.threads.iter().filter(|(_, last)| *last >= from);
        diagnosis.threads = threads.map(|(thread, _)| *thread).collect();
    }
}

/// A name, with one blank where a wrapped line has several.
fn name(program: Program<'_>) -> Name {
    (words(program.name).into_bytes(), words(program.package).into_bytes())
}
