//! The page of a comparison: the answer, what else differs, and the tables.

use maud::{Markup, html};

use super::figure::name;
use super::page::page;
use super::table::{class, table};
use crate::compare::{Compared, ComparedVariant, Judgement};
use crate::report::content::compared::{
    self, headline, listed_changes, method, shown, why_unpaired,
};
use crate::report::content::headings::STUDY_CHANGES;
use crate::report::content::table::Tone;
use crate::report::content::thresholds::{self, worst_first};
use crate::report::names::short;

/// The longest sentence, which may be longer than a name.
const SENTENCE: usize = 2000;

/// Renders a comparison as a page.
pub fn comparison(compared: &Compared, _: Option<u16>) -> String {
    let title = format!("{}: comparison", short(&compared.new.name, 400));
    let tone = match compared.outcome {
        Judgement::Pass => Tone::Good,
        Judgement::Inconclusive => Tone::Unsure,
        Judgement::Regression => Tone::Bad,
    };
    let thresholds = thresholds::table(worst_first(&compared.thresholds));
    let content = html! {
        header {
            h1 { (title) }
            p #answer .judged.(class(tone)) { (short(&headline(compared), SENTENCE)) }
        }
        (list(STUDY_CHANGES, listed_changes(compared), |change| html! { (short(change, SENTENCE)) }))
        @if let Some(reason) = why_unpaired(compared) { p.more { (reason) } }
        @for variant in &compared.variants { (section(compared, variant)) }
        @if !compared.thresholds.is_empty() {
            section #thresholds {
                h2 { "Thresholds of the new results" }
                (table(&thresholds, "", usize::MAX, "thresholds"))
            }
        }
        (list("Only in the base", &compared.only_in_base, name))
        (list("Only in the new results", &compared.only_in_new, name))
        section #origin {
            dl {
                @for (what, study) in [("Base", &compared.base), ("New", &compared.new)] {
                    div { dt { (what) } dd { "seed " (study.seed) ", " (study.replications) " replications" } }
                }
                div { dt { "Version" } dd { (short(&compared.tool.name, 40)) " " (short(&compared.tool.version, 40)) } }
            }
        }
    };
    page(&compared.tool, &title, content)
}

/// What changed in a variant; all its metrics are folded.
fn section(compared: &Compared, variant: &ComparedVariant) -> Markup {
    let changes = compared::table(compared, shown(compared, variant).0.into_iter());
    let metrics = variant.metrics.iter().map(|(name, metric)| (name.as_str(), metric));
    html! {
        section {
            h2 { (name(&variant.name)) }
            p.more { (method(variant)) }
            @if changes.rows.is_empty() {
                p { "No difference shown." }
            } @else {
                (table(&changes, "rows", usize::MAX, "metrics"))
            }
            details {
                summary { "All " (variant.metrics.len()) " metrics" }
                (table(&compared::table(compared, metrics), "rows", usize::MAX, "metrics"))
            }
        }
    }
}

fn list(heading: &str, items: &[String], item: fn(&str) -> Markup) -> Markup {
    html! {
        @if !items.is_empty() {
            section {
                h2 { (heading) }
                ul { @for text in items { li { (item(text)) } } }
            }
        }
    }
}
