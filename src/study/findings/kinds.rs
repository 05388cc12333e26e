//! Every kind of finding: when there is one, its words and its evidence, and the change that it
//! suggests.

use serde_json::{Value, json};

use super::super::what_if::{Change, Measure};
use super::{About, Draft, FULL, Find, REFUSED, bandwidth, fallback, trouble};
use crate::human::{count, percent};
use crate::model::{Release, Span};
use crate::scenario::{to_inline_toml, to_toml_key};

/// A distribution point stands idle too long beyond this share of its capacity.
const IDLE: f64 = 0.25;

/// Every kind of finding, the weightiest first.
pub(super) const KINDS: &[(&str, Find)] = &[
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
        let none = jitter.is_some_and(|jitter| jitter == "0%" || jitter.parse() == Ok(Span::ZERO));
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

/// An assignment of `value` to a key of a client group, as for `--set`.
pub(super) fn set(group: &str, key: &str, value: &Value) -> String {
    format!("clients.{}.{key}={}", to_toml_key(group), to_inline_toml(value))
}

/// The assignment of a group's retry policy with other values for some of its keys.
pub(super) fn retry_with((name, group): (&String, &Value), changes: &[(&str, &str)]) -> String {
    let mut policy = group["retry"].clone();
    for (key, value) in changes {
        policy[*key] = Value::from(*value);
    }
    set(name, "retry", &policy)
}

/// How long a group's policy waits after a first refusal, as far as that is fixed.
pub(super) fn first_delay(group: &Value) -> Option<&str> {
    let retry = &group["retry"];
    ["interval", "base", "step", "mean"].into_iter().find_map(|key| retry[key].as_str())
}
