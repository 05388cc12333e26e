//! GitHub-flavoured Markdown, for the summary of a CI step: the answer first, then what it rests on.

mod page;

pub(super) use page::Page;

use super::human::count;
use super::names::markdown as escaped;
use super::text::answer::answer;
use super::text::cells::{Row, none, number, ratio, share, time, with_margin};
use super::text::evidence::told;
use super::text::sizing::sizing_answer;
use super::text::{provenance, rows_for, scenario_name};
use super::{Renderer, comparison};
use crate::compare::Compared;
use crate::results::{MetricTable, Results, Sweep, ThresholdResult, ThresholdVerdict};
use crate::stats::metric::show;

/// More variants than this are rows of the table, not columns.
const MOST_COLUMNS: usize = 6;

/// Markdown that GitHub and GitLab show.
pub struct Markdown;

impl Renderer for Markdown {
    fn results(&self, results: &Results, _width: Option<u16>) -> String {
        let mut page = Page::new(&scenario_name(results));
        page.paragraph(&format!("**{}**", escaped_sentence(&headline(results))));
        thresholds(&mut page, &results.thresholds);
        metrics_table(&mut page, results);
        comparisons(&mut page, results);
        if !results.findings.is_empty() {
            page.paragraph("### Findings");
            page.list(results.findings.iter().map(|finding| {
                format!("**{}**: {}", escaped(&finding.variant), escaped_sentence(&finding.text))
            }));
        }
        page.finish(&format!("seed {}, {}", results.seed, escaped_sentence(&provenance(results))))
    }

    fn comparison(&self, compared: &Compared, _width: Option<u16>) -> String {
        comparison::markdown(compared)
    }
}

/// A sentence of ours with names in it, which may be longer than a name.
pub(super) fn escaped_sentence(text: &str) -> String {
    const LONGEST: usize = 4000;
    let mut rest: &str = match text.char_indices().nth(LONGEST) {
        Some((end, _)) => &text[..end],
        None => text,
    };
    // Words are escaped one by one, so that none is taken for a name that is too long.
    let mut sentence = String::new();
    while let Some((word, after)) = rest.split_once(' ') {
        sentence.push_str(&escaped(word));
        sentence.push(' ');
        rest = after;
    }
    sentence + &escaped(rest)
}

/// The answer in a few sentences: what the study found, and what the thresholds say of it.
fn headline(results: &Results) -> String {
    let answer = match (&results.sizing, &results.sweep) {
        (Some(sizing), _) => sizing_answer(results, sizing),
        (None, Some(sweep)) => sweep_answer(results, sweep),
        (None, None) if results.variants.len() > 50 => {
            format!("{} variants were simulated.", count(results.variants.len() as f64))
        }
        (None, None) => answer(results),
    };
    match thresholds_answer(&results.thresholds) {
        Some(verdict) => format!("{answer} {verdict}"),
        None => answer,
    }
}

fn sweep_answer(results: &Results, sweep: &Sweep) -> String {
    let keys: Vec<&str> =
        sweep.keys.iter().map(|key| key.rsplit('.').next().unwrap_or(key)).collect();
    format!(
        "{} values of {} were simulated.",
        count(results.variants.len() as f64),
        keys.join(" and ")
    )
}

/// What the thresholds come to: `2 of 3 thresholds are met, 1 fails.`
fn thresholds_answer(thresholds: &[ThresholdResult]) -> Option<String> {
    let all = thresholds.len();
    let number = |verdict| thresholds.iter().filter(|t| t.verdict == verdict).count();
    let failed = number(ThresholdVerdict::Fail);
    let unsure = number(ThresholdVerdict::Inconclusive);
    let checks = if all == 1 { "check" } else { "checks" };
    match (failed, unsure) {
        _ if all == 0 => None,
        (0, 0) => Some(format!("All thresholds are met ({all} {checks}).")),
        (0, unsure) => Some(format!("Thresholds: {unsure} of {all} {checks} inconclusive.")),
        (failed, 0) => Some(format!("Thresholds: {failed} of {all} {checks} failed.")),
        (failed, unsure) => {
            Some(format!("Thresholds: {failed} of {all} {checks} failed, {unsure} inconclusive."))
        }
    }
}

/// The thresholds and whether they are met, the worst first.
pub(super) fn thresholds(page: &mut Page, thresholds: &[ThresholdResult]) {
    if thresholds.is_empty() {
        return;
    }
    let mut sorted: Vec<&ThresholdResult> = thresholds.iter().collect();
    sorted.sort_by_key(|threshold| match threshold.verdict {
        ThresholdVerdict::Fail => 0,
        ThresholdVerdict::Inconclusive => 1,
        ThresholdVerdict::Pass => 2,
    });
    let header = ["threshold", "variant", "observed", "verdict"].map(str::to_owned);
    let rows = sorted.into_iter().map(|threshold| {
        let show = show(&threshold.metric);
        let observed = threshold.observed.as_ref().map(|observed| with_margin(observed, show));
        vec![
            threshold.expression.clone(),
            threshold.variant.clone(),
            observed.unwrap_or_else(none),
            match threshold.verdict {
                ThresholdVerdict::Pass => "✅ pass".to_owned(),
                ThresholdVerdict::Fail => "❌ fail".to_owned(),
                ThresholdVerdict::Inconclusive => "❔ inconclusive".to_owned(),
            },
        ]
    });
    page.table("Thresholds", &header, 2, rows);
}

/// A few variants are columns, beside each other; many are rows.
fn metrics_table(page: &mut Page, results: &Results) {
    const COLUMNS: [Row; 7] = [
        ("completed", |m| number(m, "completed")),
        ("stranded", |m| share(m, "stranded")),
        ("completion, median", |m| time(m, "completion.p50")),
        ("completion, 95%", |m| time(m, "completion.p95")),
        ("last completion after", |m| time(m, "makespan")),
        ("attempts per client", |m| number(m, "attempts.mean")),
        ("utilisation", |m| ratio(m, "utilisation")),
    ];
    let name = |i: usize| results.variants[i].name.clone();
    let indices = 0..results.variants.len();
    if results.sweep.is_none() && results.variants.len() <= MOST_COLUMNS {
        let tables: Vec<&MetricTable> = results.variants.iter().map(|v| &v.metrics).collect();
        let header: Vec<String> = std::iter::once(String::new()).chain(indices.map(name)).collect();
        let rows = rows_for(&tables).into_iter().map(|(label, show)| {
            let cells = tables.iter().map(|metrics| show(metrics).unwrap_or_else(none));
            std::iter::once(label.to_owned()).chain(cells).collect()
        });
        return page.table("Figures", &header, 1, rows);
    }
    let first: Vec<String> = match &results.sweep {
        Some(sweep) => {
            sweep.keys.iter().map(|k| k.rsplit('.').next().unwrap_or(k).to_owned()).collect()
        }
        None => vec!["variant".to_owned()],
    };
    let labels = COLUMNS.iter().map(|(label, _)| (*label).to_owned());
    let header: Vec<String> = first.into_iter().chain(labels).collect();
    let rows = indices.map(|i| {
        let names = match &results.sweep {
            Some(sweep) => sweep.values[i].clone(),
            None => vec![name(i)],
        };
        let metrics = &results.variants[i].metrics;
        let cells = COLUMNS.iter().map(|(_, show)| show(metrics).unwrap_or_else(none));
        names.into_iter().chain(cells).collect()
    });
    page.table("Figures", &header, 1, rows);
}

/// What the comparisons with the reference show, where there are enough runs to tell.
fn comparisons(page: &mut Page, results: &Results) {
    const SHOWN: [&str; 4] = ["stranded", "completion.p95", "makespan", "attempts.mean"];
    let Some(first) = results.comparisons.first() else { return };
    if results.replications < 2 {
        return;
    }
    let header: Vec<String> =
        ["variant", "stranded", "completion, 95%", "last completion", "attempts"]
            .map(str::to_owned)
            .to_vec();
    let rows = results.comparisons.iter().map(|comparison| {
        let cells = SHOWN.iter().map(|metric| {
            let difference = comparison.metrics.get(*metric).copied().flatten();
            difference.map_or_else(none, |difference| told(&difference, show(metric)))
        });
        std::iter::once(comparison.variant.clone()).chain(cells).collect()
    });
    page.table(
        &format!("Compared with {}, run by run (95% intervals)", first.reference),
        &header,
        1,
        rows,
    );
}
