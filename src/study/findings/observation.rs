//! The input of a finding: one variant's results and its scenario.

use super::edit::{Edit, releases, releases_mut};
use super::suggestion::Goal;
use crate::human::{counted_of, percent};
use crate::model::{ClientGroup, DistributionPoint, Release};
use crate::results::{VariantResults, mean};
use crate::scenario::Scenario;
use crate::stats::metric::{self, Metric};

/// If more than this share of the clients does not complete, their number matters more than the time that
/// the others take.
const INCOMPLETE: f64 = 0.01;

/// One variant of a study.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    pub results: &'a VariantResults,
    /// Its scenario; `None` where that is not kept. Then nothing is suggested.
    pub scenario: Option<&'a Scenario>,
}

impl<'a> Observation<'a> {
    /// The mean of a metric of the whole variant; 0 where it has no value.
    pub fn metric(&self, metric: Metric) -> f64 {
        mean(&self.results.metrics, metric)
    }

    /// A number of clients, if it is not 0, and in words with its share of those that arrived; `what`
    /// names one of what is counted: `3 of 10 clients (30.0%)`.
    pub fn share_of_arrived(&self, metric: Metric, what: &str) -> Option<(f64, String)> {
        let (number, arrived) = (self.metric(metric), self.metric(metric::ARRIVED));
        let share =
            || format!("{} ({})", counted_of(number, arrived, what), percent(number / arrived));
        (number != 0.0).then(|| (number, share()))
    }

    /// The sum of the means of a metric over some groups of clients.
    pub fn sum_over(&self, which: impl Fn(&ClientGroup) -> bool, metric: Metric) -> f64 {
        let groups = self.groups().iter().filter(|group| which(group));
        let metrics = groups.filter_map(|group| self.results.groups.get(&group.name));
        metrics.map(|metrics| mean(metrics, metric)).sum()
    }

    /// The distribution point where `metric` is highest, and its value there.
    pub fn highest(&self, metric: Metric) -> Option<(&'a str, f64)> {
        let points = self.results.distribution_points.iter();
        let values = points.map(|(point, metrics)| (point.as_str(), mean(metrics, metric)));
        values.max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The share of attempts that were refused because no connection was free, of those that got as far: a point
    /// that was down, a rate limit or an error of the server refused the others.
    pub fn refused_share(&self) -> f64 {
        refused_share(|metric| self.metric(metric))
    }

    /// The same at one point.
    pub fn refused_share_at(&self, point: &DistributionPoint) -> f64 {
        refused_share(|metric| self.at(point, metric))
    }

    /// The mean of a metric of a distribution point; 0 where it has no value.
    pub fn at(&self, point: &DistributionPoint, metric: Metric) -> f64 {
        let metrics = self.results.distribution_points.get(&point.name);
        metrics.map_or(0.0, |metrics| mean(metrics, metric))
    }

    /// The share of its limit that a distribution point used on average.
    pub fn used(&self, point: &DistributionPoint) -> f64 {
        self.at(point, metric::UTILISATION)
    }

    pub fn points(&self) -> &'a [DistributionPoint] {
        self.scenario.map_or(&[], |scenario| &scenario.distribution_points)
    }

    pub fn point(&self, name: &str) -> Option<&'a DistributionPoint> {
        self.points().iter().find(|point| point.name == name)
    }

    pub fn groups(&self) -> &'a [ClientGroup] {
        self.scenario.map_or(&[], |scenario| &scenario.clients)
    }

    /// Whether the error handling of clients can strand their advertisements, as that of SMS can.
    pub fn can_strand(&self) -> bool {
        let strands = |release: &Release| release.misreport_strands || release.poll_unschedules;
        self.groups().iter().flat_map(releases).any(strands)
    }

    /// What has a connection limit, in the words of the scenario.
    pub fn server(&self) -> &'static str {
        if self.can_strand() { "distribution point" } else { "server" }
    }

    /// Whether the number of clients is limited, so that there is a last completion.
    pub fn is_finite(&self) -> bool {
        self.groups().iter().all(|group| group.count.is_some())
    }

    /// The goal of changes that let clients finish: more completed clients where some do not complete,
    /// else an earlier completion.
    pub fn progress(&self) -> Goal {
        let incomplete = self.metric(metric::ARRIVED) - self.metric(metric::COMPLETED);
        if self.is_finite() && incomplete > INCOMPLETE * self.metric(metric::ARRIVED) {
            Goal::More(metric::COMPLETED)
        } else if self.is_finite() && self.metric(metric::UNFINISHED) == 0.0 {
            Goal::Sooner(metric::MAKESPAN)
        } else {
            Goal::Sooner(metric::COMPLETION_MEAN)
        }
    }

    /// The scenario with `change` applied; see [`Edit::new`].
    pub fn edit(&self, change: impl FnOnce(&mut Scenario)) -> Option<Edit> {
        Edit::new(self.scenario?, change)
    }

    /// The scenario with `change` applied to each group of clients.
    pub fn edit_groups(&self, change: impl FnMut(&mut ClientGroup)) -> Option<Edit> {
        self.edit(|scenario| scenario.clients.iter_mut().for_each(change))
    }

    /// The scenario with `change` applied to each release of each group of clients.
    pub fn edit_releases(&self, mut change: impl FnMut(&mut Release)) -> Option<Edit> {
        self.edit_groups(|group| releases_mut(group).for_each(&mut change))
    }

    /// The scenario with `change` applied to each distribution point whose limit is in full use
    /// ([`FULL`]).
    pub fn edit_full_points(&self, mut change: impl FnMut(&mut DistributionPoint)) -> Option<Edit> {
        let full = |point: &&mut DistributionPoint| self.used(point) > FULL;
        self.edit(|scenario| {
            scenario.distribution_points.iter_mut().filter(full).for_each(&mut change)
        })
    }
}

fn refused_share(mean: impl Fn(Metric) -> f64) -> f64 {
    let before = mean(metric::UNREACHABLE) + mean(metric::RATE_LIMITED);
    let asked = mean(metric::ATTEMPTS) - before;
    let refused = mean(metric::REFUSED) - before - mean(metric::FAILED);
    if asked > 0.0 { refused / asked } else { 0.0 }
}

/// The limit of a point is in full use beyond this share.
pub const FULL: f64 = 0.8;
/// The limit is what holds clients up if more than this share of attempts is refused.
pub const REFUSED: f64 = 0.5;
