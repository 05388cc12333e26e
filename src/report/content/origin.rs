//! Where results come from.

use crate::human::count;
use crate::results::Results;

/// The name of the scenario, not escaped.
pub fn scenario_name(results: &Results) -> &str {
    results.scenario.get("name").and_then(|name| name.as_str()).unwrap_or_default()
}

/// How many runs, by which engine and version: `10 runs of each variant, distpoint 0.1.0`. Not
/// escaped.
pub fn provenance(results: &Results) -> String {
    let runs = match results.replications {
        n if results.sizing.is_some() => format!("up to {} runs of each value", count(n as f64)),
        1 => "1 run of each variant".to_owned(),
        n => format!("{} runs of each variant", count(n as f64)),
    };
    let engine = if results.engine == "events" { "" } else { ", tokio engine" };
    format!("{runs}{engine}, {} {}", results.tool.name, results.tool.version)
}
