//! Merging: the results of all shards become the results of the study, as if one machine had simulated it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::diagnostic::{printable, quoted, quoted_list};
use crate::human::shortened;
use crate::results::{Tool, check_readable};
use crate::scenario::{Scenario, load_resolved};
use crate::study::one_run::RunMetrics;
use crate::study::planned_variant::fingerprint_of_traces;
use crate::study::study_accumulator::StudyAccumulator;
use crate::study::{Options, Plan, PlannedVariant, Shard, ShardResults, StudyOutcome};

/// The most characters of a value in a message.
const LONGEST: usize = 300;

/// Merges the results of all shards of a study, called parts. Each has a name for messages. Their order
/// does not matter.
///
/// Only the changes that findings suggest are simulated, with `options`, unless the plan excludes that.
/// The files that the scenarios name are then read from the current directory.
///
/// # Errors
///
/// All problems of the parts, one sentence per problem: parts of different studies, duplicate and missing
/// shards, and damaged parts.
pub fn merge(
    mut parts: Vec<(String, ShardResults)>,
    options: &Options,
) -> Result<StudyOutcome, Vec<String>> {
    parts.sort_by_key(|(_, part)| part.shard);
    // Messages name the parts, and the name of a file may contain any characters.
    parts.iter_mut().for_each(|(name, _)| *name = printable(name));
    let Some((first_name, first)) = parts.first() else {
        return Err(vec!["there are no parts to merge".to_owned()]);
    };
    let mut problems: Vec<String> = Vec::new();
    if first.plan.tool != Tool::this() {
        problems.push(format!(
            "`{first_name}` was written by {}, but this is {}: merge parts with the version that wrote \
             them",
            shown(&version(&first.plan.tool)),
            version(&Tool::this())
        ));
    }
    for (name, part) in &parts[1..] {
        let differs = difference((first_name, first), (name, part));
        problems.extend(differs.map(|what| format!("parts of different studies: {what}")));
    }
    // Only parts of one study can be checked for missing shards.
    if problems.is_empty() {
        problems.extend(gaps_and_duplicates(&parts));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let (plan, sums) = sum_up(parts)?;
    (options.keeping)();
    let scenarios = read_scenarios(&plan)?;
    let scenarios: Vec<_> = scenarios.iter().map(Option::as_ref).collect();
    let results =
        plan.results(sums, &scenarios, options).map_err(|error| vec![error.to_string()])?;
    if let Err(problem) = check_readable(&results) {
        return Err(vec![format!("the parts are damaged: together they are {problem}")]);
    }
    Ok(StudyOutcome::complete(results, options))
}

/// The scenarios of the variants; `None` where the plan does not keep one. Their traces are read only if
/// changes to the scenarios are simulated.
fn read_scenarios(plan: &Plan) -> Result<Vec<Option<Scenario>>, Vec<String>> {
    let here = Some(Path::new("")).filter(|_| plan.what_if);
    let (mut scenarios, mut missing) = (Vec::new(), Vec::new());
    for variant in &plan.variants {
        let Some(resolved) = &variant.scenario else {
            scenarios.push(None);
            continue;
        };
        let traces_differ = |scenario: &Scenario| fingerprint_of_traces(scenario) != variant.traces;
        match load_resolved(resolved, here) {
            Ok(scenario) if here.is_some() && traces_differ(&scenario) => {
                missing.push(variant.name.as_str());
            }
            Ok(scenario) => scenarios.push(Some(scenario)),
            Err(_) if here.is_some() && variant.traces != 0 => missing.push(variant.name.as_str()),
            Err(error) => {
                return Err(vec![format!(
                    "the scenario of variant {} is damaged in the parts: {error}",
                    quoted(&variant.name)
                )]);
            }
        }
    }
    if missing.is_empty() {
        return Ok(scenarios);
    }
    Err(vec![format!(
        "the changes that findings suggest cannot be simulated, because the trace files of {} are missing \
         or have changed: merge the parts in the directory of the scenario, or run the shards with \
         --no-what-if",
        quoted_list(missing)
    )])
}

/// The first difference between the studies of two parts; `None` if they are of the same study.
fn difference(
    (a, one): (&str, &ShardResults),
    (b, other): (&str, &ShardResults),
) -> Option<String> {
    let both = |what: &str, left: String, right: String| {
        let [x, y] = [&left, &right].map(|value| shown(value));
        (left != right).then(|| format!("{what} is {x} in `{a}`, but {y} in `{b}`"))
    };
    let (left, right) = (&one.plan, &other.plan);
    both("the version", version(&left.tool), version(&right.tool))
        .or_else(|| {
            let (path, left, right) = first_difference(&left.scenario, &right.scenario)?;
            both(&format!("`{}` of the scenario", shown(&path)), left, right)
        })
        .or_else(|| both("the seed", left.seed.to_string(), right.seed.to_string()))
        .or_else(|| both("the engine", left.engine.clone(), right.engine.clone()))
        .or_else(|| both("the list of variants", list(&left.variants), list(&right.variants)))
        .or_else(|| variant_difference(left, right, (a, b)))
        .or_else(|| both("the grid", json(&left.sweep), json(&right.sweep)))
        .or_else(|| both("the goal of the search", json(&left.sizing), json(&right.sizing)))
        .or_else(|| both("the reference variant", reference(left), reference(right)))
        .or_else(|| both("the list of thresholds", json(&left.thresholds), json(&right.thresholds)))
        .or_else(|| both("--no-what-if", (!left.what_if).to_string(), (!right.what_if).to_string()))
        .or_else(|| {
            let replications = |part: &ShardResults| part.replications.to_string();
            both("the number of replications", replications(one), replications(other))
        })
        .or_else(|| {
            let shards = |part: &ShardResults| part.shard.count.to_string();
            both("the number of shards", shards(one), shards(other))
        })
}

fn variant_difference(left: &Plan, right: &Plan, (a, b): (&str, &str)) -> Option<String> {
    let differing = |(left, right): &(&PlannedVariant, &PlannedVariant)| left != right;
    let (left, right) = left.variants.iter().zip(&right.variants).find(differing)?;
    let name = quoted(&left.name);
    Some(match first_difference(&left.overlay, &right.overlay) {
        Some((path, x, y)) => {
            let [path, x, y] = [path, x, y].map(|text| shown(&text));
            format!("`{path}` of variant {name} is {x} in `{a}`, but {y} in `{b}`")
        }
        None => {
            format!("the rows of the trace files of variant {name} differ between `{a}` and `{b}`")
        }
    })
}

fn version(tool: &Tool) -> String {
    format!("{} {}", tool.name, tool.version)
}

/// A text from a part for a message: printable, and not as long as a file can make it.
fn shown(text: &str) -> String {
    printable(&shortened(text, LONGEST))
}

fn list(variants: &[PlannedVariant]) -> String {
    json(&variants.iter().map(|variant| &variant.name).collect::<Vec<_>>())
}

fn reference(plan: &Plan) -> String {
    plan.variants.get(plan.reference).map(|variant| variant.name.clone()).unwrap_or_default()
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The first place where two JSON values differ, as a dotted path, and both values there.
fn first_difference(a: &Value, b: &Value) -> Option<(String, String, String)> {
    if a == b {
        return None;
    }
    if let (Value::Object(left), Value::Object(right)) = (a, b) {
        let keys = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key)));
        for key in keys {
            let missing = Value::Null;
            let (x, y) = (left.get(key).unwrap_or(&missing), right.get(key).unwrap_or(&missing));
            if let Some((path, x, y)) = first_difference(x, y) {
                let path = if path.is_empty() { key.clone() } else { format!("{key}.{path}") };
                return Some((path, x, y));
            }
        }
    }
    let shown = |value: &Value| match value {
        Value::Null => "missing".to_owned(),
        value => value.to_string(),
    };
    Some((String::new(), shown(a), shown(b)))
}

fn gaps_and_duplicates(parts: &[(String, ShardResults)]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut known: BTreeMap<u64, &str> = BTreeMap::new();
    for (name, part) in parts {
        if let Some(before) = known.insert(part.shard.index, name) {
            problems.push(format!("`{before}` and `{name}` are both shard {}", part.shard));
        }
    }
    let count = parts.first().map_or(0, |(_, part)| part.shard.count);
    let missing = (1..=count).filter(|index| !known.contains_key(index));
    /// This number of shards is listed; the others are only counted.
    const NAMED: usize = 20;
    let named: Vec<String> =
        missing.clone().take(NAMED).map(|index| Shard { index, count }.to_string()).collect();
    let more = count as usize - known.len().min(count as usize);
    match named.as_slice() {
        [] => (),
        [one] => problems.push(format!("shard {one} is missing: run it with --shard {one}")),
        _ => {
            let more = match more.saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let named = named.join(", ");
            problems.push(format!("shards {named}{more} are missing: run each with --shard"));
        }
    }
    problems
}

/// Sums up all runs in the order of the study.
fn sum_up(parts: Vec<(String, ShardResults)>) -> Result<(Plan, StudyAccumulator), Vec<String>> {
    let Some((_, first)) = parts.first() else { return Err(Vec::new()) };
    let (plan, replications) = (first.plan.clone(), first.replications);
    let variants = plan.variants.len();
    // The number of replications comes from a file: it is checked before memory is allocated for it.
    let stored: usize = parts.iter().map(|(_, part)| part.runs.len()).sum();
    if (replications as usize).checked_mul(variants) != Some(stored)
        || !(0..variants).contains(&plan.reference)
    {
        return Err(vec![
            "the parts are damaged: they do not hold exactly the runs of their study".into(),
        ]);
    }
    let mut sums = plan.sums();
    let mut problems = Vec::new();
    let mut runs: Vec<Option<RunMetrics>> = vec![None; stored];
    for (name, part) in parts {
        let shard = part.shard;
        if add_part(part, replications, &plan, &mut runs, &mut sums).is_none() {
            problems.push(format!(
                "`{name}` is damaged, or was written by another build: run it again with --shard {shard}"
            ));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut runs = runs.into_iter().flatten();
    for _ in 0..replications {
        sums.add_metrics(&runs.by_ref().take(variants).collect::<Vec<_>>());
    }
    Ok((plan, sums))
}

/// Puts the runs of a part in their places and adds its curves; `None` if the runs are not those of its
/// shard.
fn add_part(
    part: ShardResults,
    replications: u64,
    plan: &Plan,
    runs: &mut [Option<RunMetrics>],
    sums: &mut StudyAccumulator,
) -> Option<()> {
    let variants = plan.variants.len();
    let mut stored = part.runs.iter();
    for run in part.shard.runs(replications, variants) {
        let found = stored.next().filter(|found| found.run == run)?;
        let metrics = found.metrics.named()?;
        let planned = &plan.variants[run.variant];
        let parts = |it: &RunMetrics| [it.groups.len(), it.points.len(), it.copies.len()];
        let [groups, points] = [planned.groups.len(), planned.points.len()];
        if parts(&metrics) != [groups, points, planned.copies.len()]
            || metrics.windows.len() != planned.windows.len()
            || metrics.windows.iter().any(|window| parts(window) != [groups, points, 0])
        {
            return None;
        }
        *runs.get_mut(run.replication as usize * variants + run.variant)? = Some(metrics);
    }
    if stored.next().is_some() || part.curves.len() != variants {
        return None;
    }
    for (sum, curves) in sums.variants.iter_mut().zip(part.curves) {
        if let Some(curves) = curves {
            sum.add_curves(curves.restore()?);
        }
    }
    Some(())
}
