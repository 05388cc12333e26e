//! The scenario of a command, and the options that change it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Args;

use super::Failure;
use super::inputs::Inputs;
use crate::limited;
use crate::scenario::{Builtin, GridPoint, LoadError, Loaded, MOST_BYTES, Origin, load, load_grid};
use crate::value::Span;

/// Options that change a scenario.
#[derive(Debug, Default, Args)]
pub struct ScenarioArgs {
    /// A threshold that every variant has to meet, such as `completion.p95 < 24h`, in addition to those
    /// of the scenario (repeatable). `during 1h..2h` after it measures only then; a final `@ NAME` limits it to
    /// one variant.
    #[arg(long, value_name = "METRIC OP VALUE")]
    threshold: Vec<String>,
    /// The seed of the random numbers, instead of the scenario's seed.
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true,
          value_parser = clap::value_parser!(i64).range(0..))]
    seed: Option<i64>,
    /// Set a key of the scenario, in every variant (repeatable). `*` matches every name.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The time at which the simulation ends at the latest, such as `7d`.
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = horizon)]
    horizon: Option<String>,
    /// What standard input gave, which can be read only once.
    #[arg(skip)]
    stdin: OnceLock<Vec<u8>>,
}

fn horizon(text: &str) -> Result<String, String> {
    match text.parse() {
        Ok(Span::ZERO) => Err("the horizon must be later than the start".to_owned()),
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

impl ScenarioArgs {
    /// Loads a scenario: a file, standard input if it is `-`, or, where there is no such file, the
    /// built-in scenario of that name.
    pub fn load(&self, scenario: &Path) -> Result<Loaded, Failure> {
        self.load_with(scenario, load)
    }

    /// Loads a scenario with the points of a grid in place of its variants.
    pub fn load_grid(&self, scenario: &Path, grid: &[GridPoint]) -> Result<Loaded, Failure> {
        self.load_with(scenario, |origin, assignments| load_grid(origin, assignments, grid))
    }

    /// Whether thresholds were given.
    pub fn has_thresholds(&self) -> bool {
        !self.threshold.is_empty()
    }

    fn load_with(
        &self,
        scenario: &Path,
        load: impl FnOnce(Origin<'_>, &[String]) -> Result<Loaded, LoadError>,
    ) -> Result<Loaded, Failure> {
        let mut assignments = self.set.clone();
        assignments.extend(self.seed.map(|seed| format!("seed={seed}")));
        assignments.extend(self.horizon.as_ref().map(|horizon| format!("horizon=\"{horizon}\"")));
        let builtin = scenario.to_str().filter(|_| !scenario.exists()).and_then(Builtin::named);
        let origin = match builtin {
            Some(builtin) => Origin::Text { name: builtin.name, text: builtin.text },
            None if is_stdin(scenario) => {
                Origin::Bytes { name: "standard input", bytes: self.read_stdin()? }
            }
            None => Origin::File(scenario),
        };
        let mut loaded = load(origin, &assignments).map_err(Failure::Scenario)?;
        loaded.add_thresholds(&self.threshold).map_err(Failure::Scenario)?;
        Ok(loaded)
    }

    fn read_stdin(&self) -> Result<&[u8], Failure> {
        if self.stdin.get().is_none() {
            let bytes = limited::read(io::stdin().lock(), MOST_BYTES)
                .map_err(|error| Failure::Usage(format!("cannot read standard input: {error}")))?;
            return Ok(self.stdin.get_or_init(|| bytes));
        }
        Ok(self.stdin.get().map_or(&[], Vec::as_slice))
    }
}

/// The files from which `loaded` was read, whose scenario is `scenario`.
pub fn inputs(scenario: &Path, loaded: &Loaded) -> Inputs {
    Inputs::of([scenario]).and(loaded.trace_files().into_iter().collect::<Vec<PathBuf>>())
}

fn is_stdin(scenario: &Path) -> bool {
    scenario.to_str() == Some("-")
}
