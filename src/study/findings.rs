//! Findings: what the numbers of a study mean, each with its evidence.
//!
//! A finding says what it rests on. One that suggests a change has that change played, on the same
//! random numbers, and says what came of it, also where that is nothing.

mod bandwidth;
mod fallback;
mod kinds;
mod trouble;

use indexmap::IndexMap;
use serde_json::Value;

use super::what_if::{Change, Measure};
use crate::results::{Finding, MetricTable, VariantResults};
use crate::value::Span;
use kinds::KINDS;

/// It is in full use beyond this share.
const FULL: f64 = 0.8;
/// With full use, the limit is what holds clients up if more than this share of attempts is refused.
const REFUSED: f64 = 0.5;
/// If more than this share of the clients do not complete, that counts more than when the others do.
const UNDONE: f64 = 0.01;
/// More findings than this nobody reads.
const MOST: usize = 6;

/// A finding on one variant, and the change that it suggests.
pub struct Draft {
    /// The finding, without what came of the change.
    pub finding: Finding,
    /// The variant's place in the study.
    pub variant: usize,
    /// The change, if it suggests one.
    pub change: Option<Change>,
    /// How bad it is, to choose among variants.
    severity: f64,
}

/// What is to be said of the variants of a study: of each kind of finding the variant that shows it
/// most. The scenarios are as in results, or `None` where they are not known; then nothing is suggested.
pub fn find(variants: &[VariantResults], scenarios: &[Option<&Value>]) -> Vec<Draft> {
    let mut drafts: IndexMap<&str, Vec<Draft>> = IndexMap::new();
    for (i, (results, scenario)) in variants.iter().zip(scenarios).enumerate() {
        let about = About { results, scenario: *scenario, variant: i };
        for (kind, find) in KINDS {
            if let Some(draft) = find(&about) {
                drafts.entry(kind).or_default().push(draft);
            }
        }
    }
    // In the order of their weight, not in that of the variants that happen to show them.
    let order = KINDS.iter().filter_map(|(kind, _)| drafts.shift_remove(kind));
    let worst = order.filter_map(|drafts| {
        let others = drafts.len() - 1;
        let mut worst = drafts
            .into_iter()
            .reduce(|a, b| if b.severity.total_cmp(&a.severity).is_gt() { b } else { a })?;
        worst.finding.text.push_str(&match others {
            0 => String::new(),
            1 => " One other variant shows it, too.".to_owned(),
            others => format!(" {others} other variants show it, too."),
        });
        Some(worst)
    });
    worst.take(MOST).collect()
}

type Find = fn(&About<'_>) -> Option<Draft>;

/// What a finding is about.
struct About<'a> {
    results: &'a VariantResults,
    scenario: Option<&'a Value>,
    variant: usize,
}

impl About<'_> {
    fn metric(&self, name: &str) -> f64 {
        mean(&self.results.metrics, name)
    }

    /// The distribution point where the metric `name` is highest, and its value there.
    fn highest(&self, name: &str) -> Option<(&str, f64)> {
        let points = self.results.distribution_points.iter();
        let values = points.map(|(point, metrics)| (point.as_str(), mean(metrics, name)));
        values.max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The refused of all attempts, but for those that found a point down: no limit refused these.
    fn refused(&self) -> f64 {
        let down = self.metric("unreachable");
        let answered = self.metric("attempts") - down;
        if answered > 0.0 { (self.metric("refused") - down) / answered } else { 0.0 }
    }

    /// How far the limit of a distribution point was in use.
    fn used(&self, point: &str) -> f64 {
        self.results.distribution_points.get(point).map_or(0.0, |point| mean(point, "utilisation"))
    }

    /// A key of the scenario; null if it is not known.
    fn key(&self, key: &str) -> &Value {
        self.scenario.map_or(&Value::Null, |scenario| &scenario[key])
    }

    /// The client groups by name.
    fn groups(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.key("clients").as_object().into_iter().flatten()
    }

    /// Whether the clients come to an end, so that there is a last completion.
    fn finite(&self) -> bool {
        self.groups().all(|(_, group)| !group["count"].is_null())
    }

    /// A duration of the scenario in ms.
    fn duration(&self, key: &str) -> Option<u64> {
        self.key(key).as_str()?.parse().map(Span::as_millis).ok()
    }

    /// What tells whether a change lets clients finish: more of them where some do not, else sooner.
    fn through(&self) -> Measure {
        let undone = self.metric("arrived") - self.metric("completed");
        if self.finite() && undone > UNDONE * self.metric("arrived") {
            Measure::More("completed")
        } else if self.finite() && self.metric("unfinished") == 0.0 {
            Measure::Sooner("makespan")
        } else {
            Measure::Sooner("completion.mean")
        }
    }

    fn draft(&self, kind: &str, text: String, evidence: &[(&str, f64)]) -> Draft {
        let evidence = evidence.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
        let finding = Finding {
            kind: kind.to_owned(),
            variant: self.results.name.clone(),
            text,
            evidence,
            what_if: None,
        };
        Draft { finding, variant: self.variant, change: None, severity: 0.0 }
    }
}

impl Draft {
    fn severity(self, severity: f64) -> Draft {
        Draft { severity, ..self }
    }

    fn suggest(self, change: Option<Change>) -> Draft {
        Draft { change, ..self }
    }
}

fn mean(metrics: &MetricTable, name: &str) -> f64 {
    metrics.get(name).copied().flatten().map_or(0.0, |summary| summary.mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Builtin, Origin, load};
    use crate::study::{self, Options, Replications};

    /// The findings on a scenario after so many runs of each variant.
    fn found(changes: &[&str], what_if: bool) -> Vec<Finding> {
        let text = "
            name = 'A burst'
            distribution_points.DP01.connection_limit = 50
            [clients.office]
            count = 1000
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '2m' }
        ";
        let changes: Vec<String> = changes.iter().map(|&change| change.to_owned()).collect();
        let loaded = load(Origin::Text { name: "test", text }, &changes).expect("right");
        let replications = Replications::Fixed(2);
        let options = Options { what_if, replications, ..Options::default() };
        study::run(&loaded, &options).expect("it runs").findings
    }

    /// The kinds of findings on the scenario `text` with some changes, weightiest first.
    pub fn kinds_of(text: &str, changes: &[&str]) -> Vec<String> {
        let changes: Vec<String> = changes.iter().map(|&change| change.to_owned()).collect();
        let loaded = load(Origin::Text { name: "test", text }, &changes).expect("right");
        let options = Options { what_if: false, ..Options::default() };
        let findings = study::run(&loaded, &options).expect("it runs").findings;
        findings.into_iter().map(|finding| finding.kind).collect()
    }

    fn kinds(changes: &[&str]) -> Vec<String> {
        found(changes, false).into_iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn lockstep_is_told_from_a_slow_policy() {
        let [lockstep] = &found(&[], false)[..] else { panic!("one finding") };
        assert_eq!(lockstep.kind, "idle_while_waiting");
        // 20 waves of 2 minutes, one every 10 minutes, but none after the last: 19 times 8 minutes of
        // 192 minutes stand idle.
        assert!(lockstep.text.contains("idle 79.2% of the time"), "{}", lockstep.text);
        assert!(lockstep.text.contains("in lockstep, every 10m"), "{}", lockstep.text);
        let slow = "clients.office.retry={policy='exponential', base='10m', factor=2}";
        assert!(found(&[slow], false)[0].text.contains("later than the connections become free"));
    }

    #[test]
    fn each_way_not_to_complete_is_found() {
        let quick = "clients.office.retry={policy='fixed', interval='10m', jitter='10m'}";
        for (change, kind) in [
            ("clients.office.retry={policy='fixed', interval='1m', max_retries=3}", "gave_up"),
            ("horizon='30m'", "horizon"),
            ("expires_after='30m'", "expired"),
            ("distribution_points.DP01.connection_limit=1001", "limit_unused"),
            ("clients.office.retry={policy='fixed', interval='10s'}", "limit_binds"),
        ] {
            let found = kinds(&[quick, change]);
            assert!(found.iter().any(|found| found == kind), "{change}: {found:?}");
        }
        // Whoever waits in a queue is not refused; the limit is met all the same.
        assert!(!kinds(&["distribution_points.DP01.queue=1000"]).contains(&"limit_unused".into()));
        let buggy =
            ["clients.office.release=sms-2.0-sp2", "clients.office.misreport_probability=0.5"];
        assert_eq!(kinds(&buggy)[0], "strands");
    }

    #[test]
    fn where_clients_keep_coming_the_horizon_cuts_nobody_off() {
        let continuous = Builtin::named("continuous").expect("it is built in");
        let origin = Origin::Text { name: "continuous", text: continuous.text };
        let loaded = load(origin, &["horizon=\"18h\"".to_owned()]).expect("right");
        let results = study::run(&loaded, &Options::default()).expect("it runs");
        assert!(results.variants[0].metrics["unfinished"].expect("a value").mean > 0.0);
        assert!(results.findings.iter().all(|finding| finding.kind != "horizon"));
    }

    #[test]
    fn a_change_says_what_it_came_to() {
        let [finding] = &found(&[], true)[..] else { panic!("one finding") };
        let what_if = finding.what_if.as_ref().expect("it was played");
        let (before, after) = (what_if.before.unwrap().mean, what_if.after.unwrap().mean);
        assert_eq!((what_if.metric.as_str(), what_if.runs), ("makespan", 2));
        assert_eq!(before, 11_520_000.0);
        let told = format!("{:.1} times sooner", before / after);
        assert!(finding.text.contains(&told), "{}", finding.text);
        assert!(finding.text.ends_with("(measured in 2 runs)."), "{}", finding.text);
    }
}
