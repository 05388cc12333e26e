//! Whether a study is about advertisements that can be stranded, as those of SMS clients are. Where it is
//! not, reports have servers and clients, and no metrics of stranded ones, which would all be zero.

use serde_json::Value;

use crate::model::Release;
use crate::results::{Results, VariantResults, mean};
use crate::stats::metric::{self, Metric};

/// The keys of a client group that decide whether its advertisements can be stranded.
const KEYS: [&str; 4] = ["misreport_strands", "poll_unschedules", "release", "release_mix"];

/// Whether a client of some variant could be stranded.
pub fn can_strand(results: &Results) -> bool {
    let is_stranded = |variant: &VariantResults| mean(&variant.metrics, metric::STRANDED) > 0.0;
    let varied = results.sweep.iter().flat_map(|sweep| &sweep.keys);
    let mut scenarios =
        std::iter::once(&results.scenario).chain(results.variants.iter().map(|v| &v.overlay));
    results.variants.iter().any(is_stranded)
        || varied.into_iter().any(|key| key.split('.').any(|part| KEYS.contains(&part)))
        || scenarios.any(|scenario| {
            let groups = scenario.get("clients").and_then(Value::as_object);
            groups.into_iter().flat_map(|groups| groups.values()).any(group_can_strand)
        })
}

/// Whether `metric` says something in reports of `results`.
pub fn applies(metric: Metric, results: &Results) -> bool {
    let has_trigger = || results.variants.iter().any(|it| metric::STUCK.of(&it.metrics).is_some());
    let is_about_trigger = [metric::STUCK, metric::RECOVERY_TIME].contains(&metric);
    (metric != metric::STRANDED || can_strand(results)) && (!is_about_trigger || has_trigger())
}

/// What has a connection limit, in the words of the study.
pub fn server(results: &Results) -> &'static str {
    if can_strand(results) { "distribution point" } else { "server" }
}

/// The heading of the table of them.
pub fn servers(results: &Results) -> &'static str {
    if can_strand(results) { "Distribution points" } else { "Servers" }
}

/// Whether the properties of a group, or of its upgrade, let advertisements be stranded.
fn group_can_strand(group: &Value) -> bool {
    let is_true = |key| group.get(key).and_then(Value::as_bool);
    let by_name = |name: &str| Release::named(name).is_some_and(|it| it.misreport_strands);
    let named = |key| group.get(key).and_then(Value::as_str).is_some_and(by_name);
    let mix = group.get("release_mix").and_then(Value::as_object);
    // What a group sets itself takes precedence over its releases.
    is_true("misreport_strands").unwrap_or_else(|| {
        named("release")
            || named("to")
            || mix.is_some_and(|mix| mix.keys().any(|name| by_name(name)))
    }) || is_true("poll_unschedules") == Some(true)
        || group.get("upgrade").is_some_and(group_can_strand)
}
