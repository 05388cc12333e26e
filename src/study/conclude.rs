//! What a study came to: from its sums to results with verdicts and findings.

use super::error::StudyError;
use super::findings;
use super::options::{Engine, Options};
use super::plan::Plan;
use super::size::CompletedSearch;
use super::study_accumulator::StudyAccumulator;
use super::threshold;
use crate::model::Span;
use crate::results::{Results, SCHEMA, Sweep};
use crate::scenario::{Scenario, Threshold};

impl Plan {
    /// What the study came to whose replications are summed up in `sums`, with what it means. The
    /// changes that findings suggest are simulated as `options` say. `scenarios` are those of the
    /// variants, each `None` where the plan does not keep it.
    ///
    /// # Errors
    ///
    /// [`StudyError`] if a search has nothing to go by.
    pub fn results(
        &self,
        sums: StudyAccumulator,
        scenarios: &[Option<&Scenario>],
        options: &Options,
    ) -> Result<Results, StudyError> {
        if let Some(sizing) = &self.sizing {
            return Ok(sizing.size(sums, &self.variants)?.into_results(self));
        }
        let mut results = self.summary(&sums);
        // A grid is itself the answer to what would be if.
        if self.sweep.is_none() {
            let candidates = findings::find(&results.variants, scenarios);
            results.findings = if self.what_if {
                let engine = Engine::named(&self.engine).unwrap_or_default();
                let options = Options { engine, ..options.clone() };
                let (variants, replications) = (&results.variants, results.replications);
                findings::simulate_suggestions(
                    candidates,
                    variants,
                    scenarios,
                    replications,
                    &options,
                )
            } else {
                candidates.into_iter().map(|candidate| candidate.finding).collect()
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

    fn summary(&self, sums: &StudyAccumulator) -> Results {
        let variants = self.variants.iter().zip(&sums.variants);
        let variants: Vec<_> = variants.map(|(variant, sum)| sum.finish(variant)).collect();
        let names: Vec<&str> = self.variants.iter().map(|variant| variant.name.as_str()).collect();
        Results {
            schema: SCHEMA.to_owned(),
            tool: self.tool.clone(),
            seed: self.seed,
            replications: sums.replications,
            engine: self.engine.clone(),
            scenario: self.scenario.clone(),
            sweep: self.sweep.clone(),
            sizing: None,
            thresholds: threshold::judge(&self.thresholds(), &variants),
            variants,
            comparisons: sums.comparisons.finish(&names),
            findings: Vec::new(),
        }
    }

    /// The thresholds. They were checked when the plan was made.
    fn thresholds(&self) -> Vec<Threshold> {
        self.thresholds.iter().filter_map(|text| Threshold::parse(text).ok()).collect()
    }
}

impl CompletedSearch {
    /// The search as results, whose variants are the values that were simulated. `plan` is that of the
    /// scenario that they change.
    pub fn into_results(self, plan: &Plan) -> Results {
        let replications = self.sizing.evaluated.iter().map(|value| value.replications).max();
        Results {
            schema: SCHEMA.to_owned(),
            tool: plan.tool.clone(),
            seed: plan.seed,
            replications: replications.unwrap_or(0),
            engine: plan.engine.clone(),
            scenario: plan.scenario.clone(),
            sweep: Some(Sweep {
                keys: vec![self.sizing.key.clone()],
                values: self.sizing.evaluated.iter().map(|v| vec![v.text.clone()]).collect(),
            }),
            variants: self
                .played
                .iter()
                .filter_map(|(planned, sums)| Some(sums.variants.first()?.finish(planned)))
                .collect(),
            sizing: Some(self.sizing),
            comparisons: Vec::new(),
            thresholds: Vec::new(),
            findings: Vec::new(),
        }
    }
}
