//! The programs of all clients: each that is stranded or spins, and of the others as many as a report has
//! room for.

use std::collections::BTreeMap;

use crate::log::program::{Bug, Counts, Outcome, ProgramLog};

/// The most programs that are kept beside those that are stranded or spin.
const MOST: usize = 10_000;

/// A client, a package and a program.
type Key = (String, String, String);

/// The programs of all clients.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    /// Those of note, with what each log of their client has of them.
    noted: BTreeMap<Key, Vec<ProgramLog>>,
    /// The first of the others.
    others: BTreeMap<Key, Vec<ProgramLog>>,
    /// The sums over those that are not kept.
    left_out: Totals,
}

/// Sums over programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Programs of clients.
    pub programs: u64,
    /// Their attempts.
    pub counts: Counts,
    /// Programs that are stranded, that spin, that are retried, unscheduled and completed.
    pub outcomes: [u64; 5],
    /// Programs stranded by Q268500, stranded by Q302674, spinning by Q302535.
    pub bugs: [u64; 3],
}

impl Totals {
    /// Adds a program.
    fn add(&mut self, program: &ProgramLog) {
        self.programs += 1;
        self.counts.add(&program.counts);
        self.outcomes[program.outcome as usize] += 1;
        let bug = program.diagnosis.as_ref().and_then(|diagnosis| diagnosis.bug);
        if let Some(bug) = bug {
            self.bugs[bug as usize] += 1;
        }
    }

    fn merge(&mut self, other: &Totals) {
        self.programs += other.programs;
        self.counts.add(&other.counts);
        self.outcomes.iter_mut().zip(other.outcomes).for_each(|(sum, more)| *sum += more);
        self.bugs.iter_mut().zip(other.bugs).for_each(|(sum, more)| *sum += more);
    }

    /// How many programs came to an outcome.
    pub fn with(&self, outcome: Outcome) -> u64 {
        self.outcomes[outcome as usize]
    }

    /// How many programs a bug strands or lets spin.
    pub fn by(&self, bug: Bug) -> u64 {
        self.bugs[bug as usize]
    }
}

impl Programs {
    /// Adds what a log has of a program. Other logs of the same client may have more of it.
    pub fn add(&mut self, program: ProgramLog) {
        let key = (program.client.clone(), program.package.clone(), program.program.clone());
        let known = self.noted.remove(&key).or_else(|| self.others.remove(&key));
        let mut parts = known.unwrap_or_default();
        parts.push(program);
        if parts.iter().any(|part| part.diagnosis.is_some()) {
            self.noted.insert(key, parts);
            return;
        }
        self.others.insert(key, parts);
        if self.others.len() > MOST
            && let Some((_, last)) = self.others.pop_last()
        {
            whole(last).iter().for_each(|program| self.left_out.add(program));
        }
    }

    /// Adds those of other clients.
    pub fn merge(&mut self, other: Programs) {
        self.left_out.merge(&other.left_out);
        let parts = other.noted.into_values().chain(other.others.into_values());
        parts.flatten().for_each(|part| self.add(part));
    }

    /// The sums over all.
    pub fn totals(&self) -> Totals {
        let mut totals = self.left_out;
        let all = self.noted.values().chain(self.others.values());
        all.filter_map(|parts| whole(parts.clone())).for_each(|program| totals.add(&program));
        totals
    }

    /// How many are not kept.
    pub fn left_out(&self) -> u64 {
        self.left_out.programs
    }

    /// Those that are kept: first the stranded ones, then those that spin, then the others, each by client.
    pub fn into_kept(self) -> Vec<ProgramLog> {
        let all = self.noted.into_values().chain(self.others.into_values());
        let mut kept: Vec<ProgramLog> = all.filter_map(whole).collect();
        // The sort is stable.
        kept.sort_by_key(|program| program.outcome);
        kept
    }
}

/// The story of a program from what several logs have of it, whatever the order in which they were read.
fn whole(mut parts: Vec<ProgramLog>) -> Option<ProgramLog> {
    parts.sort_by(|a, b| (a.began(), &a.file).cmp(&(b.began(), &b.file)));
    let mut parts = parts.into_iter();
    let mut first = parts.next()?;
    parts.for_each(|later| first.follow(later));
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(client: &str, outcome: Outcome) -> ProgramLog {
        let mut program = ProgramLog::new(client, outcome.word(), "P".to_owned(), "Q".to_owned());
        (program.outcome, program.counts.attempts) = (outcome, 1);
        program
    }

    #[test]
    fn what_is_not_kept_is_counted() {
        let mut all = Programs::default();
        let mut more = Programs::default();
        let number = MOST as u64 + 500;
        (0..number).for_each(|i| all.add(program(&format!("A{i}"), Outcome::Retrying)));
        (0..number).for_each(|i| more.add(program(&format!("B{i}"), Outcome::Completed)));
        all.merge(more);
        let totals = all.totals();
        assert_eq!((totals.programs, totals.counts.attempts), (2 * number, 2 * number));
        assert_eq!(totals.with(Outcome::Completed), number);
        assert_eq!(all.left_out(), 2 * number - MOST as u64);
        assert_eq!(all.into_kept().len(), MOST);
    }

    #[test]
    fn the_logs_of_a_client_are_one_story_in_any_order() {
        // By the names of their files: completed, then retrying, then stranded.
        let outcomes = [Outcome::Completed, Outcome::Retrying, Outcome::Stranded];
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]] {
            let mut all = Programs::default();
            order.iter().for_each(|place| all.add(program("PC1", outcomes[*place])));
            assert_eq!(all.totals().counts.attempts, 3);
            let kept = all.into_kept();
            assert_eq!(
                (kept.len(), kept[0].counts.attempts, kept[0].counts.retries),
                (1, 3, 1),
                "{order:?}"
            );
            assert_eq!(kept[0].outcome, Outcome::Stranded, "{order:?}");
        }
    }
}
