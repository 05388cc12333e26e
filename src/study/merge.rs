//! Merging: the parts of a study become the results that it would have had in one piece.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::part::Part;
use super::plan::{Plan, PlannedVariant};
use super::replicate::Sums;
use super::shard::Shard;
use super::unit::UnitMetrics;
use super::{Options, what_if};
use crate::diagnostic::quoted_list;
use crate::results::{Results, Tool};

/// Joins the parts of a study, each with the name that messages call it. Their order does not matter.
///
/// Nothing is simulated but the changes that findings suggest, as `options` say and unless the study
/// was to do without; files that its scenarios name are looked for in the current directory.
///
/// # Errors
///
/// All that is wrong with them, a sentence each: parts of different studies, shards that are there
/// twice or not at all, and parts that are damaged.
pub fn merge(mut parts: Vec<(String, Part)>, options: &Options) -> Result<Results, Vec<String>> {
    parts.sort_by_key(|(_, part)| part.shard);
    let Some((first_name, first)) = parts.first() else {
        return Err(vec!["there are no parts to join".to_owned()]);
    };
    let mut problems: Vec<String> = Vec::new();
    if first.plan.tool != Tool::this() {
        problems.push(format!(
            "`{first_name}` is of {}, but this is {}: join parts with the version that wrote them",
            version(&first.plan.tool),
            version(&Tool::this())
        ));
    }
    for (name, part) in &parts[1..] {
        let differs = difference((first_name, first), (name, part));
        problems.extend(differs.map(|what| format!("parts of different studies: {what}")));
    }
    // What is missing can only be said of one study.
    if problems.is_empty() {
        problems.extend(gaps_and_duplicates(&parts));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let (plan, sums) = sum_up(parts)?;
    let missing = plan.variants.iter().filter(|variant| {
        plan.what_if && variant.traces != 0 && !what_if::has_its_traces(variant, Path::new(""))
    });
    let missing: Vec<String> = missing.map(|variant| variant.name.clone()).collect();
    if !missing.is_empty() {
        return Err(vec![format!(
            "the changes that findings suggest cannot be played, for the trace files of {} are not here, \
             or not the same: join the parts in the directory of the scenario, or run the shards with \
             --no-what-if",
            quoted_list(missing.iter().map(String::as_str))
        )]);
    }
    plan.results(sums, Path::new(""), options).map_err(|error| vec![error.to_string()])
}

/// How two parts are not of the same study; `None` if they are.
fn difference((a, one): (&str, &Part), (b, other): (&str, &Part)) -> Option<String> {
    let both = |what: &str, left: String, right: String| {
        let differ =
            || format!("{what} is {} in `{a}`, but {} in `{b}`", quoted(&left), quoted(&right));
        (left != right).then(differ)
    };
    let (left, right) = (&one.plan, &other.plan);
    both("the version", version(&left.tool), version(&right.tool))
        .or_else(|| {
            let (path, left, right) = first_difference(&left.scenario, &right.scenario)?;
            both(&format!("`{path}` of the scenario"), left, right)
        })
        .or_else(|| both("the seed", left.seed.to_string(), right.seed.to_string()))
        .or_else(|| both("the engine", left.engine.clone(), right.engine.clone()))
        .or_else(|| both("the list of variants", list(&left.variants), list(&right.variants)))
        .or_else(|| variant_difference(left, right, (a, b)))
        .or_else(|| both("the grid", json(&left.sweep), json(&right.sweep)))
        .or_else(|| both("what to find", json(&left.sizing), json(&right.sizing)))
        .or_else(|| both("the reference variant", reference(left), reference(right)))
        .or_else(|| both("the list of thresholds", json(&left.thresholds), json(&right.thresholds)))
        .or_else(|| both("--no-what-if", (!left.what_if).to_string(), (!right.what_if).to_string()))
        .or_else(|| {
            let replications = |part: &Part| part.replications.to_string();
            both("the number of replications", replications(one), replications(other))
        })
        .or_else(|| {
            let shards = |part: &Part| part.shard.count.to_string();
            both("the number of shards", shards(one), shards(other))
        })
}

fn variant_difference(left: &Plan, right: &Plan, (a, b): (&str, &str)) -> Option<String> {
    let differing = |(left, right): &(&PlannedVariant, &PlannedVariant)| left != right;
    let (left, right) = left.variants.iter().zip(&right.variants).find(differing)?;
    let name = &left.name;
    Some(match first_difference(&left.overlay, &right.overlay) {
        Some((path, x, y)) => {
            format!(
                "`{path}` of variant `{name}` is {} in `{a}`, but {} in `{b}`",
                quoted(&x),
                quoted(&y)
            )
        }
        None => {
            format!("the trace files of variant `{name}` had other rows in `{a}` than in `{b}`")
        }
    })
}

fn version(tool: &Tool) -> String {
    format!("{} {}", tool.name, tool.version)
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

/// What a message quotes of `text`: nobody reads beyond a few lines.
fn quoted(text: &str) -> String {
    const MOST: usize = 300;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// The first place where two JSON values differ, as a dotted path, and what is there in each.
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

fn gaps_and_duplicates(parts: &[(String, Part)]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut known: BTreeMap<u64, &str> = BTreeMap::new();
    for (name, part) in parts {
        if let Some(before) = known.insert(part.shard.index, name) {
            problems.push(format!("`{before}` and `{name}` are both shard {}", part.shard));
        }
    }
    let count = parts.first().map_or(0, |(_, part)| part.shard.count);
    let missing = (1..=count).filter(|index| !known.contains_key(index));
    /// So many are named; the rest is counted.
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

/// Sums up all units in the order of the study.
fn sum_up(parts: Vec<(String, Part)>) -> Result<(Plan, Sums), Vec<String>> {
    let Some((_, first)) = parts.first() else { return Err(Vec::new()) };
    let (plan, replications) = (first.plan.clone(), first.replications);
    let variants = plan.variants.len();
    // Only parts that hold what they promise are given memory.
    let played: usize = parts.iter().map(|(_, part)| part.units.len()).sum();
    if (replications as usize).checked_mul(variants) != Some(played)
        || !(0..variants).contains(&plan.reference)
    {
        return Err(vec![
            "the parts are damaged: they do not hold the units of their study".into(),
        ]);
    }
    let mut sums = plan.sums();
    let mut problems = Vec::new();
    let mut units: Vec<Option<UnitMetrics>> = vec![None; played];
    for (name, part) in parts {
        let shard = part.shard;
        if take(part, replications, &plan, &mut units, &mut sums).is_none() {
            problems.push(format!(
                "`{name}` is damaged, or another build wrote it: run it again with --shard {shard}"
            ));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut units = units.into_iter().flatten();
    for _ in 0..replications {
        sums.add_metrics(&units.by_ref().take(variants).collect::<Vec<_>>());
    }
    Ok((plan, sums))
}

/// Puts the units of a part to their places and adds its curves; `None` if these are not the units
/// of its shard.
fn take(
    part: Part,
    replications: u64,
    plan: &Plan,
    units: &mut [Option<UnitMetrics>],
    sums: &mut Sums,
) -> Option<()> {
    let variants = plan.variants.len();
    let mut played = part.units.iter();
    for unit in part.shard.units(replications, variants) {
        let found = played.next().filter(|found| found.unit() == unit)?;
        let metrics = found.metrics()?;
        let planned = &plan.variants[unit.variant];
        if (metrics.groups.len(), metrics.points.len())
            != (planned.groups.len(), planned.points.len())
        {
            return None;
        }
        *units.get_mut(unit.replication as usize * variants + unit.variant)? = Some(metrics);
    }
    if played.next().is_some() || part.curves.len() != variants {
        return None;
    }
    for (sum, curves) in sums.variants.iter_mut().zip(part.curves) {
        if let Some(curves) = curves {
            sum.add_curves(curves.restore()?);
        }
    }
    Some(())
}
