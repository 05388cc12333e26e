//! Where results come from.

use crate::human::counted;
use crate::results::Results;

/// The name of the scenario, not escaped.
pub fn scenario_name(results: &Results) -> &str {
    results.scenario.get("name").and_then(|name| name.as_str()).unwrap_or_default()
}

/// How many runs, by which engine and version: `10 runs of each variant, distpoint 0.1.0`. Not
/// escaped.
pub fn provenance(results: &Results) -> String {
    let runs = match results.replications {
        n if results.sizing.is_some() => {
            format!("up to {} of each value", counted(n as f64, "run"))
        }
        n => format!("{} of each variant", counted(n as f64, "run")),
    };
    let engine = if results.engine == "events" { "" } else { ", tokio engine" };
    format!("{runs}{engine}, {} {}", results.tool.name, results.tool.version)
}
