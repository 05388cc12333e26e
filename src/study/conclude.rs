//! Concluding a study: from its sums to results with verdicts and findings.

use super::ranking::rank;
use super::study_accumulator::StudyAccumulator;
use super::{CompletedSearch, Engine, Options, Plan, StudyError, findings, threshold};
use crate::model::Span;
use crate::results::{Results, SCHEMA, Sweep, VariantResults};
use crate::scenario::{Scenario, Threshold};

impl Plan {
    /// The results of the study whose replications are summed up in `sums`, with its verdicts and
    /// findings. The changes that findings suggest are simulated with `options`. `scenarios` are those
    /// of the variants; `None` where the plan does not keep one.
    ///
    /// # Errors
    ///
    /// [`StudyError`] if nothing was simulated for a search.
    pub fn results(
        &self,
        sums: StudyAccumulator,
        scenarios: &[Option<&Scenario>],
        options: &Options,
    ) -> Result<Results, StudyError> {
        if let Some(sizing) = &self.sizing {
            return Ok(sizing.size(sums, &self.variants)?.into_results(self));
        }
        let mut results = self.summary(&sums, scenarios);
        // A sweep itself shows the effects of changes.
        if self.sweep.is_none() {
            let candidates = findings::find(&results.variants, scenarios);
            results.findings = if self.what_if {
                let engine = Engine::named(&self.engine).unwrap_or_default();
                let options = Options { engine, ..options.clone() };
                findings::simulate_suggestions(candidates, &results, scenarios, &options)
            } else {
                candidates.into_iter().map(|candidate| candidate.finding(None)).collect()
            };
        }
        let variants = self.variants.iter().zip(&results.variants);
        let warm = variants.filter(|(variant, _)| variant.warmup > 0);
        let steady = warm.flat_map(|(variant, results)| {
            let millis = Span::from_millis;
            findings::not_steady(results, millis(variant.warmup), millis(variant.horizon))
        });
        results.findings.extend(steady);
        Ok(results)
    }

    fn summary(&self, sums: &StudyAccumulator, scenarios: &[Option<&Scenario>]) -> Results {
        let deterministic = scenarios.iter().all(|one| one.is_some_and(Scenario::is_deterministic));
        let variants = self.variants.iter().zip(&sums.variants);
        let variants: Vec<_> = variants.map(|(variant, sum)| sum.finish(variant)).collect();
        let names: Vec<&str> = self.variants.iter().map(|variant| variant.name.as_str()).collect();
        Results {
            thresholds: threshold::judge(&self.thresholds(), &variants),
            ranking: if self.sweep.is_none() { rank(&variants, deterministic) } else { None },
            comparisons: sums.comparisons.finish(&names),
            ..self.without_conclusions(sums.replications, variants)
        }
    }

    fn without_conclusions(&self, replications: u64, variants: Vec<VariantResults>) -> Results {
        Results {
            schema: SCHEMA.to_owned(),
            tool: self.tool.clone(),
            seed: self.seed,
            replications,
            interrupted: false,
            engine: self.engine.clone(),
            scenario: self.scenario.clone(),
            sweep: self.sweep.clone(),
            sizing: None,
            ranking: None,
            variants,
            comparisons: Vec::new(),
            thresholds: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The thresholds. The plan was only made if all of them are valid.
    fn thresholds(&self) -> Vec<Threshold> {
        self.thresholds.iter().filter_map(|text| Threshold::parse(text).ok()).collect()
    }
}

impl CompletedSearch {
    /// The results of the search; their variants are the values that were simulated. `plan` is the plan
    /// of the scenario in which the values are set.
    pub fn into_results(self, plan: &Plan) -> Results {
        let evaluated = &self.sizing.evaluated;
        let replications = evaluated.iter().map(|value| value.replications).max().unwrap_or(0);
        let sweep = Sweep {
            keys: vec![self.sizing.key.clone()],
            values: evaluated.iter().map(|value| vec![value.text.clone()]).collect(),
        };
        let variants = self.simulated.iter().map(|(planned, sum)| sum.finish(planned));
        Results {
            sweep: Some(sweep),
            sizing: Some(self.sizing),
            ..plan.without_conclusions(replications, variants.collect())
        }
    }
}
