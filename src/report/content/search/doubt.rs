//! The answer of a search that found no value or could not decide, and what a reader might overlook.

use std::fmt::Write;

use super::Story;
use super::story::extreme;
use crate::human::{count, counted_of, percent};
use crate::report::content::reproduce::quoted;
use crate::report::names::tame;
use crate::results::{SearchObjective, ThresholdVerdict};
use crate::scenario::{MetricPath, Scope};
use crate::stats::metric::{self, Metric};

/// Where fewer than this share of the clients complete, the times of those that do mislead.
const COMPLETE: f64 = 0.99;

/// Metrics that cover only the clients that complete.
const OF_COMPLETED: [Metric; 7] = [
    metric::COMPLETION_MEAN,
    metric::COMPLETION_P50,
    metric::COMPLETION_P90,
    metric::COMPLETION_P95,
    metric::COMPLETION_P99,
    metric::COMPLETION_MAX,
    metric::MAKESPAN,
];

impl Story<'_> {
    /// That no value meets the targets.
    pub(super) fn none_meets(&self) -> String {
        let sizing = self.sizing;
        let simulated = sizing.evaluated.len() as u64;
        let all = (sizing.range[1] - sizing.range[0]) / sizing.step.max(1) + 1;
        let does = match sizing.evaluated.iter().any(|value| value.is_open()) {
            true => "seems to",
            false => "does",
        };
        let between = match sizing.objective.is_none() && simulated < all {
            true => ", and the metrics of the targets only rise or only fall along them",
            false => "",
        };
        format!(
            "No {} {} meets {}: none of the {simulated} simulated values {does}{between}. {}",
            self.key(),
            self.range(),
            self.demands(),
            self.nearest()
        )
    }

    /// That none of the values that were simulated meets the targets.
    pub(super) fn none_seen(&self) -> String {
        format!(
            "Inconclusive: none of the {} simulated values of {} {} meets {}; the curve rises and falls, so \
             the others might (simulate all with --grid). {}",
            self.sizing.evaluated.len(),
            self.key(),
            self.range(),
            self.demands(),
            self.nearest()
        )
    }

    fn nearest(&self) -> String {
        let at = self.sizing.looked_at;
        format!("The nearest is {}: {} ({}).", self.text(at), self.figures(at), self.basis(at))
    }

    /// That more runs are needed, and what is known nevertheless.
    pub(super) fn undecided(&self) -> String {
        let (sizing, at) = (self.sizing, self.sizing.looked_at);
        let is = |value: u64, verdict| self.evaluated(value).is_some_and(|v| v.verdict == verdict);
        let values = || sizing.evaluated.iter().map(|evaluated| evaluated.value);
        let passes = |value: &u64| is(*value, ThresholdVerdict::Pass);
        let largest = sizing.largest;
        let enough = if largest { values().rfind(passes) } else { values().find(passes) };
        let runs = self.evaluated(at).map_or(0, |evaluated| evaluated.replications);
        // The verdicts on other values are not proven.
        let proven = sizing.evaluated.iter().filter(|value| value.replications >= runs);
        let open = proven.filter(|value| value.is_open()).map(|value| value.value);
        let beyond = |open: &u64| enough.is_none_or(|e| (*open > e) == largest && *open != e);
        let open: Vec<u64> = open.filter(beyond).collect();
        let demands = self.demands();
        let mut text = match enough {
            Some(enough) => format!(
                "Inconclusive: {} {} meets {demands} ({}; {}), but whether {} is undecided ({}: {}; {})",
                self.key(),
                self.text(enough),
                self.figures(enough),
                self.runs(enough),
                self.any_of(&open),
                self.text(at),
                self.figures(at),
                self.basis(at)
            ),
            None => format!(
                "Inconclusive: whether {} = {} meets {demands} is undecided ({}; {})",
                self.key(),
                self.text(at),
                self.figures(at),
                self.basis(at)
            ),
        };
        let misses = |value: &u64| is(*value, ThresholdVerdict::Fail);
        let next = match largest {
            true => {
                let last = open.last().copied().unwrap_or(at);
                values().find(|value| *value > last && misses(value))
            }
            false => {
                let first = open.first().copied().unwrap_or(at);
                values().rfind(|value| *value < first && misses(value))
            }
        };
        if let Some(next) = next {
            let _ = write!(text, "; {} misses", self.text(next));
        }
        text + ". Allow more runs (--max-replications, or --replications of a --grid), or lower \
                --confidence."
    }

    /// Which of `values` might meet the targets: `30 does`, `any of 5 values from 30 to 34 does`.
    fn any_of(&self, values: &[u64]) -> String {
        match values {
            [] if self.sizing.largest => "a larger one does".to_owned(),
            [] => "a smaller one does".to_owned(),
            [one] => format!("{} does", self.text(*one)),
            [one, other] => format!("{} or {} does", self.text(*one), self.text(*other)),
            [first, .., last] => format!(
                "any of {} values from {} to {} does",
                count(values.len() as f64),
                self.text(*first),
                self.text(*last)
            ),
        }
    }

    pub(super) fn undecided_best(&self, objective: &SearchObjective) -> String {
        let leader = objective.leader.unwrap_or(self.sizing.looked_at);
        let mut text = format!(
            "Inconclusive: {} {} has the {} {} so far ({}; {})",
            self.key(),
            self.text(leader),
            extreme(objective),
            tame(&objective.metric),
            self.judged_figure(leader, &objective.metric),
            self.basis(leader)
        );
        match self.others(objective, leader) {
            Some(others) => {
                let _ = write!(text, ", but {others} not distinguishable from it");
            }
            None => {
                let _ = write!(text, ", but whether it meets {} is undecided", self.demands());
            }
        }
        text.push_str(". Allow more runs with --max-replications, or lower --confidence.");
        text
    }

    /// That a metric has no value anywhere, if it has none.
    pub(super) fn unmeasured(&self) -> Option<String> {
        let sizing = self.sizing;
        let mut metrics = sizing.targets.iter().filter(|target| !target.measured);
        let objective =
            sizing.objective.as_ref().filter(|_| sizing.verdict != ThresholdVerdict::Fail);
        let metric = match metrics.next() {
            Some(target) => &target.metric,
            None => &objective.filter(|objective| objective.leader.is_none())?.metric,
        };
        Some(format!(
            "Inconclusive: there are no data for {} at any of the {} simulated values of {} {}: perhaps \
             no client arrives between the warm-up and the horizon. Choose another metric, or change these.",
            tame(metric),
            sizing.evaluated.len(),
            self.key(),
            self.range()
        ))
    }

    /// A warning that the times of the clients that complete leave out many that do not; else empty.
    pub(super) fn survivors(&self, value: u64) -> String {
        let Some(variant) = self.variant(value) else { return String::new() };
        let few = self.metrics().into_iter().find_map(|metric| {
            let path = MetricPath::parse(metric).ok()?;
            let of_survivors = OF_COMPLETED.contains(&path.metric);
            let scope = match &path.scope {
                Scope::Group(group) => Scope::Group(group.clone()),
                Scope::Whole | Scope::Point(_) | Scope::Copies(_) => Scope::Whole,
            };
            let mean = |metric| {
                let path = MetricPath { scope: path.scope.clone(), metric, during: None };
                Some(variant.metric(&path)?.mean)
            };
            let (completed, arrived) = (mean(metric::COMPLETED)?, mean(metric::ARRIVED)?);
            let some_missing = of_survivors && completed < COMPLETE * arrived;
            some_missing.then_some((metric, scope, completed, arrived))
        });
        few.map_or_else(String::new, |(metric, scope, completed, arrived)| {
            let path = MetricPath { scope, metric: metric::COMPLETED, during: None };
            let target = format!("{path} >= {:.0}", (COMPLETE * arrived).ceil());
            format!(
                " But only {} ({}) complete there, and {} covers only these: add --until {} if the others \
                 matter.",
                counted_of(completed, arrived, "client"),
                percent(completed / arrived),
                tame(metric),
                tame(&quoted(&target))
            )
        })
    }
}
