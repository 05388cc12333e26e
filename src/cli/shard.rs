//! `--shard`: simulating a share of a study, and finding out which share.

use super::inputs::Inputs;
use super::output::Target;
use super::output_args::write_all;
use super::report_args::ReportArgs;
use super::{Exit, Failure};
use crate::diagnostic::{quoted, quoted_path};
use crate::scenario::Loaded;
use crate::study::{self, Options, Plan, Shard, ShardResults};

/// Which share to simulate, as given on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardArg {
    /// The given share.
    Given(Shard),
    /// The share that a scheduler's variables determine; of this number of shards, if it is given.
    Auto(Option<u64>),
}

impl ShardArg {
    /// Reads `K/N`, `auto` or `auto/N`.
    pub fn parse(text: &str) -> Result<ShardArg, String> {
        let Some(rest) = text.strip_prefix("auto") else {
            return text.parse().map(ShardArg::Given);
        };
        if rest.is_empty() {
            return Ok(ShardArg::Auto(None));
        }
        let count = rest.strip_prefix('/').and_then(|count| count.parse().ok());
        match count.filter(|&count| count > 0) {
            Some(count) => Ok(ShardArg::Auto(Some(count))),
            None => Err("write `auto`, or `auto/N` with the number of shards".to_owned()),
        }
    }

    /// The share.
    ///
    /// # Errors
    ///
    /// What to write instead, if the scheduler's variables do not determine the share.
    pub fn resolve(self) -> Result<Shard, String> {
        match self {
            ShardArg::Given(shard) => Ok(shard),
            ShardArg::Auto(count) => auto(count, |name| std::env::var(name).ok()),
        }
    }
}

/// The share that the variables of a scheduler determine.
///
/// Slurm gives each task of an array its number and those of the whole array
/// (<https://slurm.schedmd.com/job_array.html>); Kubernetes gives each pod of an Indexed Job only its
/// number, from 0 (<https://kubernetes.io/docs/concepts/workloads/controllers/job/>).
fn auto(count: Option<u64>, variable: impl Fn(&str) -> Option<String>) -> Result<Shard, String> {
    let number = |name: &str| -> Result<Option<u64>, String> {
        let Some(text) = variable(name) else { return Ok(None) };
        let number = text.trim().parse();
        number
            .map(Some)
            .map_err(|_| format!("the variable {name} is {}, not a number", quoted(&text)))
    };
    if let Some(task) = number("SLURM_ARRAY_TASK_ID")? {
        let first = number("SLURM_ARRAY_TASK_MIN")?.unwrap_or(0);
        let last = number("SLURM_ARRAY_TASK_MAX")?.unwrap_or(task);
        let step = number("SLURM_ARRAY_TASK_STEP")?.unwrap_or(1).max(1);
        let tasks = number("SLURM_ARRAY_TASK_COUNT")?.unwrap_or(0);
        let whole = last.saturating_sub(first) / step + 1 == tasks && task >= first;
        // The array of a task that is submitted again alone is not known any more.
        if !whole || count.is_some_and(|count| count != tasks) || (tasks == 1 && first > 1) {
            let of = count.map_or("N".to_owned(), |count| count.to_string());
            return Err(format!(
                "task {task} belongs to a Slurm array with {tasks} of the tasks {first} to {last}, which \
                 does not determine its shard: write --shard K/{of}"
            ));
        }
        return Shard::new((task - first) / step + 1, tasks);
    }
    if let Some(index) = number("JOB_COMPLETION_INDEX")? {
        return match count {
            Some(count) => Shard::new(index.saturating_add(1), count),
            None => {
                Err("Kubernetes does not give a pod the number of completions of its Job: write \
                         --shard auto/N with that number"
                    .to_owned())
            }
        };
    }
    Err("`auto` needs a Slurm array (SLURM_ARRAY_TASK_ID) or a Kubernetes Indexed Job \
         (JOB_COMPLETION_INDEX), and this is neither: write --shard K/N"
        .to_owned())
}

/// The files that parts go to.
///
/// # Errors
///
/// [`Failure`] if one cannot be written, or is to become a report: a report is of a whole study.
pub fn targets(reports: &ReportArgs, inputs: &Inputs) -> Result<Vec<Target>, Failure> {
    let targets = reports.targets(inputs)?;
    let is_report = |target: &&Target| !target.format().is_json();
    if let Some(target) = targets.iter().find(is_report) {
        return Err(Failure::Usage(format!(
            "{} cannot be written from a part of the study: write the part with -o PART.json, and the \
             reports with `distpoint merge`",
            quoted_path(target.name())
        )));
    }
    if targets.is_empty() && !reports.format().is_json() {
        return Err(Failure::Usage(
            "with --shard, name the file for the part of the study: -o PART.json".to_owned(),
        ));
    }
    Ok(targets)
}

/// Simulates the share `shard` of the study `plan` and writes its part.
pub fn run(
    plan: Plan,
    shard: Shard,
    loaded: &Loaded,
    options: &Options,
    reports: &ReportArgs,
    targets: &[Target],
) -> Result<Exit, Failure> {
    let part = study::run_shard(plan, shard, loaded, options).map_err(Failure::Study)?;
    let json = to_json(&part);
    let printed = || reports.format().is_json().then(|| json.as_str().into());
    write_all(targets, false, |_| json.as_str().into(), printed)?;
    tracing::info!(units = part.runs.len(), "shard {shard} is simulated");
    Ok(Exit::Success)
}

fn to_json(part: &ShardResults) -> String {
    // Parts have string keys and finite numbers only, so writing them cannot fail.
    let mut json = serde_json::to_string(part).unwrap_or_default();
    json.push('\n');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(count: Option<u64>, variables: &[(&str, &str)]) -> Result<String, String> {
        let variable = |name: &str| {
            let mut known = variables.iter();
            known.find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        auto(count, variable).map(|shard| shard.to_string())
    }

    fn slurm(
        task: &'static str,
        [min, max, step, count]: [&'static str; 4],
    ) -> [(&'static str, &'static str); 5] {
        [
            ("SLURM_ARRAY_TASK_ID", task),
            ("SLURM_ARRAY_TASK_MIN", min),
            ("SLURM_ARRAY_TASK_MAX", max),
            ("SLURM_ARRAY_TASK_STEP", step),
            ("SLURM_ARRAY_TASK_COUNT", count),
        ]
    }

    #[test]
    fn a_task_of_a_slurm_array_finds_its_shard() {
        assert_eq!(found(None, &slurm("1", ["1", "4", "1", "4"])).unwrap(), "1/4");
        assert_eq!(found(None, &slurm("3", ["0", "3", "1", "4"])).unwrap(), "4/4");
        assert_eq!(found(None, &slurm("15", ["5", "20", "5", "4"])).unwrap(), "3/4");
        assert_eq!(found(Some(4), &slurm("2", ["1", "4", "1", "4"])).unwrap(), "2/4");
    }

    #[test]
    fn a_part_of_a_slurm_array_is_refused() {
        for (count, variables) in [
            (None, slurm("3", ["3", "3", "1", "1"])),
            (None, slurm("4", ["1", "4", "1", "2"])),
            (Some(4), slurm("1", ["1", "1", "1", "1"])),
        ] {
            let error = found(count, &variables).unwrap_err();
            assert!(error.contains("write --shard K/"), "{error}");
        }
    }

    #[test]
    fn a_pod_of_an_indexed_job_knows_its_number_only() {
        let pod = [("JOB_COMPLETION_INDEX", "0")];
        assert_eq!(found(Some(4), &pod).unwrap(), "1/4");
        assert!(found(None, &pod).unwrap_err().contains("auto/N"));
        assert!(found(Some(4), &[("JOB_COMPLETION_INDEX", "4")]).is_err());
    }

    #[test]
    fn outside_of_both_auto_is_refused() {
        assert!(found(None, &[]).unwrap_err().contains("write --shard K/N"));
        assert!(
            found(None, &[("JOB_COMPLETION_INDEX", "x")]).unwrap_err().contains("not a number")
        );
    }
}
