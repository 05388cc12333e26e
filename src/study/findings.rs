//! Findings: what the numbers of a study mean, each with its evidence.
//!
//! A finding says what it rests on. One that suggests a change has that change played, on the same
//! random numbers, and says what came of it, also where that is nothing.

mod bandwidth;
mod fallback;
mod trouble;

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::what_if::{Change, Measure};
use crate::human::{count, percent};
use crate::model::{Release, Span};
use crate::results::{Finding, MetricTable, VariantResults};
use crate::scenario::{parse_duration, to_inline_toml, to_toml_key};

/// A distribution point stands idle too long beyond this share of its capacity.
const IDLE: f64 = 0.25;
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

/// Every kind of finding, the weightiest first.
const KINDS: &[(&str, Find)] = &[
    ("strands", strands),
    ("thrashes", bandwidth::thrashes),
    ("idle_while_waiting", idle_while_waiting),
    ("spins", trouble::spins),
    ("restarts", trouble::restarts),
    ("neighbours_idle", fallback::neighbours_idle),
    ("limit_binds", limit_binds),
    ("bandwidth_binds", bandwidth::bandwidth_binds),
    ("horizon", horizon),
    ("gave_up", gave_up),
    ("expired", expired),
    ("limit_unused", limit_unused),
];

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
        parse_duration(self.key(key).as_str()?).ok()
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

/// An assignment of `value` to a key of a client group, as for `--set`.
fn set(group: &str, key: &str, value: &Value) -> String {
    format!("clients.{}.{key}={}", to_toml_key(group), to_inline_toml(value))
}

/// The assignment of a group's retry policy with other values for some of its keys.
fn retry_with((name, group): (&String, &Value), changes: &[(&str, &str)]) -> String {
    let mut policy = group["retry"].clone();
    for (key, value) in changes {
        policy[*key] = Value::from(*value);
    }
    set(name, "retry", &policy)
}

/// How long a group's policy waits after a first refusal, as far as that is fixed.
fn first_delay(group: &Value) -> Option<&str> {
    let retry = &group["retry"];
    ["interval", "base", "step", "mean"].into_iter().find_map(|key| retry[key].as_str())
}

/// Advertisements that an error handler unschedules.
fn strands(about: &About<'_>) -> Option<Draft> {
    let (stranded, arrived) = (about.metric("stranded"), about.metric("arrived"));
    if stranded == 0.0 {
        return None;
    }
    // A mix of releases that differ in a bug has it by their names.
    let mixed = |group: &Value, key: &str| {
        let mix = group["release_mix"].as_object().into_iter().flatten();
        key == "misreport_strands"
            && group[key].is_null()
            && mix.filter_map(|(name, _)| Release::named(name)).any(|one| one.misreport_strands)
    };
    let is = |group: &Value, key: &str| group[key] == json!(true) || mixed(group, key);
    let misreports = about.groups().any(|(_, group)| {
        is(group, "misreport_strands") && group["misreport_probability"].as_f64() > Some(0.0)
    });
    let polls = about.groups().any(|(_, group)| is(group, "poll_unschedules"));
    let why = match (misreports, polls) {
        (true, false) => {
            "a refusal that is misreported as 0x80070047 unschedules the program (Q268500)"
        }
        (false, true) => "a poll unschedules the pending retry (Q302674)",
        _ => "the error handling unschedules the program after a refusal",
    };
    let text = format!(
        "{} of {} advertisements ({}) are stranded: {why}.",
        count(stranded),
        count(arrived),
        percent(stranded / arrived),
    );
    let bugs = |(name, group): (&String, &Value)| {
        let bugs = ["misreport_strands", "poll_unschedules"].into_iter();
        let bugs = bugs.filter(|bug| is(group, bug)).map(|bug| set(name, bug, &json!(false)));
        bugs.collect::<Vec<_>>()
    };
    let assignments = about.groups().flat_map(bugs).collect();
    let change = Change::new("With that mended", assignments, Measure::Left("stranded"));
    let evidence = [("stranded", stranded), ("stranded.ratio", about.metric("stranded.ratio"))];
    Some(about.draft("strands", text, &evidence).severity(stranded).suggest(change))
}

/// Capacity that stands free while clients wait for their next retry.
fn idle_while_waiting(about: &About<'_>) -> Option<Draft> {
    let (point, idle) = about.highest("idle_while_waiting").filter(|(_, idle)| *idle > IDLE)?;
    // Clients that all wait for the same time come back together.
    let interval = |(_, group): (_, &Value)| {
        let retry = &group["retry"];
        let jitter = retry["jitter"].as_str();
        let none = jitter.is_some_and(|jitter| jitter == "0%" || parse_duration(jitter) == Ok(0));
        let fixed = retry["policy"] == "fixed" && none;
        fixed.then(|| retry["interval"].as_str().map(str::to_owned)).flatten()
    };
    let mut intervals = about.groups().map(interval);
    let first = intervals.next().flatten();
    let lockstep = first.filter(|first| intervals.all(|other| other.as_ref() == Some(first)));
    let why = match &lockstep {
        Some(interval) => format!("they return in lockstep, every {interval}"),
        None => "their retries come later than the connections become free".to_owned(),
    };
    let text =
        format!("{point} stood idle {} of the time while clients waited: {why}.", percent(idle));
    let (says, assignments) = match lockstep {
        Some(_) => {
            let jitter = |group| retry_with(group, &[("jitter", "50%")]);
            ("With a jitter of 50%".to_owned(), about.groups().map(jitter).collect())
        }
        None => {
            // Delays that grow are what keeps them away: each as the first, then.
            let delay = |group: &Value| first_delay(group).unwrap_or("10m").to_owned();
            let fixed = |(name, group): (&String, &Value)| {
                let interval = delay(group);
                let mut fixed = json!({ "policy": "fixed", "interval": interval, "jitter": "50%" });
                for key in ["max_retries", "give_up_after"] {
                    fixed[key] = group["retry"][key].clone();
                }
                set(name, "retry", &fixed)
            };
            let mut delays = about.groups().map(|(_, group)| delay(group));
            let first = delays.next().unwrap_or_default();
            let says = match delays.all(|other| other == first) {
                true => format!("With a retry every {first}, give or take 50%"),
                false => "With each delay as the first, give or take 50%".to_owned(),
            };
            (says, about.groups().map(fixed).collect())
        }
    };
    let change = Change::new(says, assignments, about.through());
    let evidence = [("idle_while_waiting", idle)];
    Some(about.draft("idle_while_waiting", text, &evidence).severity(idle).suggest(change))
}

/// A limit that is in full use while most attempts are refused.
fn limit_binds(about: &About<'_>) -> Option<Draft> {
    let (point, used) = about.highest("utilisation").filter(|(_, used)| *used > FULL)?;
    if about.refused() < REFUSED || bandwidth::binds_instead(about) {
        return None;
    }
    let refused = about.metric("refused.ratio");
    let text = format!(
        "the limit is the bottleneck: {point} was {} in use, and {} of all attempts were refused.",
        percent(used),
        percent(refused)
    );
    let points = about.key("distribution_points").as_object().into_iter().flatten();
    let full = points.filter(|(name, _)| about.used(name) > FULL);
    let assignments = full.filter_map(|(name, point)| {
        let twice = point["connection_limit"].as_u64()?.checked_mul(2)?;
        let name = to_toml_key(name);
        Some(format!("distribution_points.{name}.connection_limit={twice}"))
    });
    let change = Change::new("With twice the connections", assignments.collect(), about.through());
    let evidence = [("utilisation", used), ("refused.ratio", refused)];
    Some(about.draft("limit_binds", text, &evidence).severity(refused).suggest(change))
}

/// Clients that the end of the simulation cuts off.
fn horizon(about: &About<'_>) -> Option<Draft> {
    let (unfinished, arrived) = (about.metric("unfinished"), about.metric("arrived"));
    // Where clients keep coming, some are always under way.
    if unfinished == 0.0 || (about.scenario.is_some() && !about.finite()) {
        return None;
    }
    let text = format!(
        "the horizon cuts off {} of {} clients ({}): what is said of the others leaves out the slowest.",
        count(unfinished),
        count(arrived),
        percent(unfinished / arrived)
    );
    let twice = about.duration("horizon").and_then(|horizon| horizon.checked_mul(2));
    let assignments = twice.map(|twice| format!("horizon=\"{}\"", Span::from_millis(twice)));
    let assignments = assignments.into_iter().collect();
    let change = Change::new("With twice the horizon", assignments, Measure::Left("unfinished"));
    let evidence = [("unfinished", unfinished)];
    Some(about.draft("horizon", text, &evidence).severity(unfinished).suggest(change))
}

/// Clients whose policy ran out before a connection was free.
fn gave_up(about: &About<'_>) -> Option<Draft> {
    let (gave_up, arrived) = (about.metric("gave_up"), about.metric("arrived"));
    if gave_up == 0.0 {
        return None;
    }
    let text = format!(
        "{} of {} clients ({}) gave up: their retries, or their time, ran out before a connection was \
         free.",
        count(gave_up),
        count(arrived),
        percent(gave_up / arrived)
    );
    let endless = [("max_retries", "none"), ("give_up_after", "none")];
    let assignments = about.groups().map(|group| retry_with(group, &endless)).collect();
    let change = Change::new("If none gave up", assignments, Measure::More("completed"));
    let evidence = [("gave_up", gave_up)];
    Some(about.draft("gave_up", text, &evidence).severity(gave_up).suggest(change))
}

/// Clients whose advertisement ended first.
fn expired(about: &About<'_>) -> Option<Draft> {
    let (expired, arrived) = (about.metric("expired"), about.metric("arrived"));
    if expired == 0.0 {
        return None;
    }
    let text = format!(
        "the advertisement expired before {} of {} clients ({}) had a connection.",
        count(expired),
        count(arrived),
        percent(expired / arrived)
    );
    let twice = about.duration("expires_after").and_then(|expires| expires.checked_mul(2));
    let assignments = twice.map(|twice| format!("expires_after=\"{}\"", Span::from_millis(twice)));
    let assignments = assignments.into_iter().collect();
    let change = Change::new("If it lasted twice as long", assignments, Measure::More("completed"));
    let evidence = [("expired", expired)];
    Some(about.draft("expired", text, &evidence).severity(expired).suggest(change))
}

/// A limit that nobody ever met, at any distribution point.
fn limit_unused(about: &About<'_>) -> Option<Draft> {
    let refused = about.results.metrics.get("refused").copied().flatten()?;
    // With a warm-up, what was refused before its end is not counted.
    let unknown = !about.key("warmup").is_null() || about.metric("arrived") == 0.0;
    if refused.max > 0.0 || unknown || about.metric("queued.peak") > 0.0 {
        return None;
    }
    let mut most = 0.0_f64;
    for (name, point) in about.key("distribution_points").as_object()? {
        let metrics = about.results.distribution_points.get(name)?;
        let peak = metrics.get("connections.peak").copied().flatten()?.max;
        if peak >= point["connection_limit"].as_f64()? {
            return None;
        }
        most = most.max(peak);
    }
    let text = format!(
        "no attempt was refused: at most {} connections were open at once, and a lower limit would do.",
        count(most)
    );
    let evidence = [("refused", 0.0), ("connections.peak", most)];
    Some(about.draft("limit_unused", text, &evidence))
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
