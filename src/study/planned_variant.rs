//! A variant of a plan.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{Size, Span, Trace, Trigger, absorb};
use crate::results::Phases;
use crate::scenario::{During, Scenario, Variant};

/// A variant of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedVariant {
    /// Its name.
    pub name: String,
    /// What it changes in the scenario, as it was written.
    pub overlay: Value,
    /// The names of its client groups.
    pub groups: Vec<String>,
    /// The names of its distribution points.
    pub points: Vec<String>,
    /// The names of its sites, and then of the points that have several copies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<String>,
    /// The windows of time in which its thresholds want metrics measured, as they are written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<String>,
    /// The trigger, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Phases>,
    /// How long after the start clients count, in ms.
    pub warmup: u64,
    /// When the simulation ends at the latest, in ms.
    pub horizon: u64,
    /// The scenario of this variant, if findings may suggest changes to it.
    pub scenario: Option<Value>,
    /// A fingerprint of the rows of its traces, as the files may differ between machines; 0 without
    /// traces.
    pub traces: u64,
    /// Whether every replication is the same ([`Scenario::is_deterministic`]).
    #[serde(default)]
    pub deterministic: bool,
}

impl PlannedVariant {
    /// The plan of `variant`, without its scenario.
    pub fn of(variant: &Variant) -> PlannedVariant {
        let scenario = &variant.scenario;
        PlannedVariant {
            name: variant.name.clone(),
            overlay: variant.overlay.clone(),
            groups: scenario.clients.iter().map(|group| group.name.clone()).collect(),
            points: scenario.distribution_points.iter().map(|point| point.name.clone()).collect(),
            copies: scenario.copied().map(str::to_owned).collect(),
            windows: variant.windows.iter().map(During::to_string).collect(),
            trigger: phases(scenario),
            warmup: scenario.warmup.as_millis(),
            horizon: scenario.horizon.as_millis(),
            scenario: None,
            traces: fingerprint_of_traces(scenario),
            deterministic: scenario.is_deterministic(),
        }
    }
}

fn phases(scenario: &Scenario) -> Option<Phases> {
    let Trigger { from, until, .. } = scenario.trigger?;
    let [before, during, after] = scenario.phases()?.map(|phase| phase.to_string());
    Some(Phases { from_ms: from.as_millis(), until_ms: until.as_millis(), before, during, after })
}

/// A fingerprint of the rows of all traces of a scenario; 0 without traces.
pub fn fingerprint_of_traces(scenario: &Scenario) -> u64 {
    let times = scenario.traces().fold(0, |sum, trace| fingerprint(sum, trace, Span::as_millis));
    let sizes = scenario.size_traces();
    let sum = sizes.fold(times, |sum, trace| fingerprint(sum, trace, Size::as_bytes));
    scenario.count_traces().fold(sum, |sum, trace| fingerprint(sum, trace, |count| count))
}

/// Adds a trace to the fingerprint of the traces before it.
fn fingerprint<R: Copy>(before: u64, trace: &Trace<R>, number: fn(R) -> u64) -> u64 {
    let length = absorb(before, trace.rows.len() as u64);
    trace.rows.iter().fold(length, |sum, row| absorb(sum, number(*row)))
}
