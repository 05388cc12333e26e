//! Merging parts of a study.

use std::sync::LazyLock;

use distpoint::scenario::{Origin, load};
use distpoint::study::{Options, Plan, Replications, Shard, ShardResults, merge, plan, run_shard};
use serde_json::Value;

use super::edits::edited;
use super::messages::check_message;
use super::reports;

/// The parts of a study, as files have them.
static PARTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let origin = Origin::Text { name: "small.toml", text: SCENARIO };
    let loaded = load(origin, &[]).expect("a right scenario");
    let options = options();
    let part = |index| {
        let plan: Plan = plan(&loaded, &options).expect("a plan");
        let shard = Shard::new(index, 2).expect("a shard");
        let part = run_shard(plan, shard, &loaded, &options).expect("it runs");
        serde_json::to_value(part).expect("parts are JSON")
    };
    (1..=2).map(part).collect()
});

/// The first byte says which parts are edited, and the others how. They are refused with messages, or
/// merged to results that can be read and reported.
pub fn check(bytes: &[u8]) {
    let Some((which, edits)) = bytes.split_first() else { return };
    let part = |number: usize| -> Option<(String, ShardResults)> {
        let is_edited = which >> number & 1 == 0;
        let part = &PARTS[number];
        let json = if is_edited { edited(part, edits) } else { part.clone() };
        let mut part: ShardResults = serde_json::from_str(&json.to_string()).ok()?;
        // The changes that findings suggest would simulate scenarios of any size.
        part.plan.what_if = false;
        Some((format!("part-{number}.json"), part))
    };
    let Some(parts) = (0..PARTS.len()).map(part).collect() else { return };
    match merge(parts, &options()) {
        Err(messages) => messages.iter().for_each(|message| check_message(message)),
        Ok(merged) => reports::check(&merged.results),
    }
}

fn options() -> Options {
    Options { threads: 1, replications: Replications::Fixed(2), ..Options::default() }
}

const SCENARIO: &str = "name = 'parts'
    thresholds = ['stranded == 0', 'makespan < 1h']
    [distribution_points.A]
    connection_limit = 1
    [clients.g]
    count = 3
    release = 'sms-2.0-sp2'
    misreport_probability = 0.5
    arrival = { kind = 'uniform', over = '2m' }
    transfer = { kind = 'constant', duration = '2m' }
    [variants.few]
    [variants.more]
    distribution_points.A.connection_limit = 2
    ";
