//! A case: a scenario, what is observed of it, and what is expected.

use distpoint::engine::event_engine;
use distpoint::model::Time;
use distpoint::scenario::{Origin, Scenario, load};
use distpoint::stats::Standard;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use crate::observation::{Observation, Watch};

/// How thoroughly the cases are simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As part of the tests: it finds gross errors within seconds.
    Short,
    /// For `docs/validation.md`: it finds errors of 2% wherever that can be afforded.
    Full,
}

/// Cases of one kind.
pub struct Family {
    /// Its heading.
    pub title: &'static str,
    /// How its cases are written as scenarios.
    pub about: &'static str,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// A case.
pub struct Case {
    /// Its name, unique among all cases.
    pub id: String,
    /// Who published what is expected, or how it was computed.
    pub source: &'static str,
    /// How often it is simulated.
    pub runs: Runs,
    /// What is compared.
    pub figures: Vec<Figure>,
    sampler: Sampler,
}

/// How often a case is simulated: `batch` replications, and as many again until each of its means
/// would show an error of 2%, or until there are `most`.
#[derive(Clone, Copy, Debug)]
pub struct Runs {
    /// Replications between two looks at the precision.
    pub batch: u64,
    /// The greatest number of replications.
    pub most: u64,
}

impl Runs {
    /// One replication: of a scenario in which nothing is random.
    pub const ONE: Runs = Runs { batch: 1, most: 1 };
}

/// A value that is observed in each replication.
pub struct Figure {
    /// What it is.
    pub name: String,
    /// What it should be.
    pub expected: Expected,
}

/// What is expected of the values of a figure.
pub enum Expected {
    /// Each is this.
    Exact(f64),
    /// Their mean is this.
    Mean(f64),
    /// Their mean is this, too, but no replications are added for it: a variance, or a share of time.
    Rough(f64),
    /// As [`Rough`](Expected::Rough), but so rare that the short form shows nothing.
    Rare(f64),
    /// They are distributed like this: values and their probabilities.
    Distribution(Vec<(f64, f64)>),
    /// Each is one of these numbers, from the least to the most.
    Between(f64, f64),
}

impl Expected {
    /// A share of time or of clients that is a side figure.
    pub fn share(share: f64) -> Expected {
        if share < 0.02 { Expected::Rare(share) } else { Expected::Rough(share) }
    }
}

type Observe = Box<dyn Fn(&Observation) -> f64 + Send + Sync>;

/// Where the values come from.
enum Sampler {
    /// Replications of a scenario, and what is observed of each.
    Scenario(Box<Scenario>, Vec<Observe>),
    /// A function of the number of the replication that gives a value for each figure.
    Function(Box<dyn Fn(u64) -> Vec<f64> + Send + Sync>),
}

impl Case {
    /// A case that simulates `text`, whose figures are added with the methods below.
    pub fn new(id: impl Into<String>, source: &'static str, runs: Runs, text: &str) -> Case {
        Case::reading(id, source, runs, text, Path::new(""))
    }

    /// A case as [`new`](Case::new) makes it, that reads files in `directory`.
    pub fn reading(
        id: impl Into<String>,
        source: &'static str,
        runs: Runs,
        text: &str,
        directory: &Path,
    ) -> Case {
        let id = id.into();
        let mut scenario = match load(Origin::TextIn { name: &id, text, directory }, &[]) {
            Ok(loaded) => loaded.base,
            Err(error) => panic!("{error}"),
        };
        scenario.seed = seed(&id);
        let sampler = Sampler::Scenario(Box::new(scenario), Vec::new());
        Case { id, source, runs, figures: Vec::new(), sampler }
    }

    /// A case whose replication n has the values `sample(n)`, one for each of `figures`.
    pub fn of_function(
        id: &str,
        source: &'static str,
        runs: Runs,
        figures: Vec<(&str, Expected)>,
        sample: impl Fn(u64) -> Vec<f64> + Send + Sync + 'static,
    ) -> Case {
        let figures = figures.into_iter();
        let figures = figures.map(|(name, expected)| Figure { name: name.to_owned(), expected });
        let sampler = Sampler::Function(Box::new(sample));
        Case { id: id.to_owned(), source, runs, figures: figures.collect(), sampler }
    }

    /// Adds a figure.
    pub fn figure(
        mut self,
        name: impl Into<String>,
        expected: Expected,
        observe: impl Fn(&Observation) -> f64 + Send + Sync + 'static,
    ) -> Case {
        let Sampler::Scenario(_, observers) = &mut self.sampler else {
            panic!("{} is no scenario", self.id);
        };
        observers.push(Box::new(observe));
        self.figures.push(Figure { name: name.into(), expected });
        self
    }

    /// Adds metrics whose mean is known.
    pub fn means(self, expected: &[(&'static str, f64)]) -> Case {
        expected.iter().fold(self, |case, &(name, value)| {
            case.figure(name, Expected::Mean(value), move |seen| seen.metric(name))
        })
    }

    /// Adds metrics whose value is known exactly; times are in seconds.
    pub fn exactly(self, expected: &[(&'static str, f64)]) -> Case {
        expected.iter().fold(self, |case, &(name, value)| {
            case.figure(name, Expected::Exact(value), move |seen| seen.metric_in_seconds(name))
        })
    }

    /// The values of its figures in replication `number`.
    pub fn sample(&self, number: u64) -> Vec<f64> {
        match &self.sampler {
            Sampler::Scenario(scenario, observers) => {
                let seen = observe(scenario, number);
                observers.iter().map(|observe| observe(&seen)).collect()
            }
            Sampler::Function(sample) => sample(number),
        }
    }
}

/// The rows of a table of numbers, below its heading.
pub fn rows<const N: usize>(table: &str) -> impl Iterator<Item = [f64; N]> {
    table.trim().lines().skip(1).map(|line| {
        let cells = line.split_whitespace().map(|cell| cell.parse().expect("a number"));
        cells.collect::<Vec<_>>().try_into().expect("a number for each column")
    })
}

/// A seed for the case called `id` (FNV-1a). With the same seed, cases would have the same arrivals, and one
/// unlikely sequence of them would show in all.
fn seed(id: &str) -> u64 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash >> 32
}

/// Simulates one replication of `scenario` on the event engine.
pub fn observe(scenario: &Scenario, number: u64) -> Observation {
    let replication = scenario.replication(number);
    let observers = (Watch::new(&replication), Standard::new(&replication));
    let (watch, standard) = event_engine::run(&replication, observers, &AtomicBool::new(false));
    let run = standard.finish(Time::ZERO + scenario.horizon);
    run.check().expect("nothing is lost");
    Observation::new(run, watch)
}
