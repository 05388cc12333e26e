//! A comparison as JUnit: a case for each judged metric of each variant, one for each threshold of the new
//! results, and one for each variant and client group of the base that these lack.

use super::results::threshold_case;
use super::suite::{Status, case, report, suite};
use crate::compare::{Compared, Judgement};
use crate::report::content::compared::line;
use crate::report::names::tame;

/// Renders a comparison. What is inconclusive is a failure, as in the report of results.
pub fn comparison(compared: &Compared, _: Option<u16>) -> String {
    let variants = compared.variants.iter().flat_map(|variant| {
        let judged = variant.metrics.iter().filter(|(_, metric)| metric.judged);
        judged.map(|(name, metric)| {
            let line = line(compared, name, metric);
            let message = format!(
                "{}: base {}, new {}, change {}, 95% interval {}",
                line.verdict, line.base, line.new, line.change, line.interval
            );
            let status = match metric.outcome {
                Judgement::Pass => Status::Passed,
                Judgement::Regression => Status::Failed("regression"),
                Judgement::Inconclusive => Status::Failed("inconclusive"),
            };
            case(name, &variant.name, &message, status)
        })
    });
    let name = tame(&compared.new.name);
    let why = "no variant is in both results";
    let mut cases: Vec<_> = variants.collect();
    let inconclusive = || Status::Failed("inconclusive");
    for lost in compared.lost() {
        let message = "the variant is only in the base, so nothing of it was compared";
        cases.push(case("comparison", lost, message, inconclusive()));
    }
    for variant in &compared.variants {
        for group in &variant.groups_only_in_base {
            let message = "the client group is only in the base";
            cases.push(case(&format!("group.{group}"), &variant.name, message, inconclusive()));
        }
    }
    if cases.is_empty() {
        cases.push(case("comparison", &name, why, inconclusive()));
    }
    let mut suites = vec![suite(&format!("{name}: comparison"), cases, why)];
    if !compared.thresholds.is_empty() {
        let cases = compared.thresholds.iter().map(threshold_case).collect();
        suites.push(suite(&name, cases, why));
    }
    report(suites)
}
