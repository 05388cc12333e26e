//! Metrics by the names that users and results give them.

use super::table::{all, of};
use super::{Better, Metric, MetricUnit, Subject};
use crate::diagnostic::{did_you_mean, quoted_list};

/// The metric called `name`.
pub fn named(name: &str) -> Option<Metric> {
    all().find(|metric| metric.name == name)
}

/// Words that other tools use for a part of a metric's name, and the word here.
const OTHER_WORDS: [(&str, &str); 3] = [("avg", "mean"), ("average", "mean"), ("median", "p50")];

/// The metric that a user means by `name`: the one of this name, or with `avg` for `mean` or `median` for
/// `p50`.
pub fn meant(name: &str) -> Option<Metric> {
    let other = || {
        let (before, last) = name.rsplit_once('.')?;
        let (_, word) = OTHER_WORDS.iter().find(|(other, _)| *other == last)?;
        named(&format!("{before}.{word}"))
    };
    named(name).or_else(other)
}

/// The metric of a whole run that a user named.
///
/// # Errors
///
/// What to do about a name that no metric has.
pub fn suggest(name: &str) -> Result<Metric, String> {
    let of_run = meant(name).filter(|metric| metric.applies_to(Subject::Run));
    of_run.ok_or_else(|| {
        let names = || of(Subject::Run).map(|metric| metric.name);
        match did_you_mean(name, names()) {
            Some(near) => format!("no metric has this name: did you mean `{near}`?"),
            None => format!("no metric has this name; there are {}", quoted_list(names())),
        }
    })
}

/// The metric at the end of a path, such as `utilisation` of `dp.DP01.utilisation`, perhaps before a window of
/// time: `utilisation during 2h..3h`.
fn of_path(path: &str) -> Option<Metric> {
    let ends = |path: &str| {
        let ends = |metric: &Metric| {
            let part = path.strip_suffix(metric.name);
            part.is_some_and(|part| part.is_empty() || part.ends_with('.'))
        };
        all().filter(ends).max_by_key(|metric| metric.name.len())
    };
    ends(path).or_else(|| ends(path.rsplit_once(" during ")?.0))
}

/// The unit of the metric at the end of a path; a count if results have a metric that this version
/// does not know.
pub fn unit(path: &str) -> MetricUnit {
    of_path(path).map_or(MetricUnit::Count, |metric| metric.unit)
}

/// How the values of the metric at the end of a path are written for people.
pub fn show(path: &str) -> fn(f64) -> String {
    unit(path).show()
}

/// Which way the metric called `name` is better; lower if this version does not know it.
pub fn better(name: &str) -> Better {
    named(name).map_or(Better::Lower, |metric| metric.better)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::metric;

    #[test]
    fn a_mistyped_name_is_suggested() {
        assert_eq!(suggest("completion.p95"), Ok(metric::COMPLETION_P95));
        let help = suggest("completion.p96").unwrap_err();
        assert!(help.contains("did you mean `completion.p9"), "{help}");
    }

    #[test]
    fn words_of_other_tools_name_the_same_metric() {
        assert_eq!(meant("completion.avg"), Some(metric::COMPLETION_MEAN));
        assert_eq!(meant("attempts.median"), Some(metric::ATTEMPTS_P50));
        assert_eq!(suggest("completion.average"), Ok(metric::COMPLETION_MEAN));
        assert_eq!(meant("waiting.median"), None);
        assert_eq!(meant("median"), None);
    }

    #[test]
    fn the_metric_of_a_path_is_the_longest_that_ends_it() {
        assert_eq!(of_path("dp.A.attempts.refused.ratio"), Some(metric::REFUSED_RATIO));
        assert_eq!(of_path("makespan"), Some(metric::MAKESPAN));
        assert_eq!(of_path("dp.A.ratio"), None);
        assert_eq!(of_path("completion.p95 during 09:00-10:00"), Some(metric::COMPLETION_P95));
        assert_eq!(of_path("dp.\"a during b\".utilisation"), Some(metric::UTILISATION));
        assert_eq!(of_path("precompleted"), None);
    }
}
