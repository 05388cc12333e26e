//! A comparison in Markdown.

use super::page::{Page, sentence};
use crate::compare::{Compared, Judgement};
use crate::report::content::compared::{
    all_changes, headline, listed_changes, method, more, shown, why_unpaired,
};
use crate::report::content::headings::{STUDY_CHANGES, THRESHOLDS};
use crate::report::content::thresholds::{self, worst_first};
use crate::report::names::markdown as escaped;

/// The answer, what else differs, and one table of all that changed, the worst variants first.
pub fn comparison(compared: &Compared, _: Option<u16>) -> String {
    let mut page = Page::new(&compared.new.name);
    let mark = match compared.outcome {
        Judgement::Pass => "✅",
        Judgement::Inconclusive => "❔",
        Judgement::Regression => "❌",
    };
    page.paragraph(&format!("{mark} **{}**", sentence(&headline(compared))));
    if !listed_changes(compared).is_empty() {
        page.paragraph(&format!("### {STUDY_CHANGES}"));
        page.list(listed_changes(compared).iter().map(|change| sentence(change)));
    }
    let changes = all_changes(compared);
    if !changes.rows.is_empty() {
        page.table("What changed", &changes);
    }
    let hidden = compared.variants.iter().map(|variant| shown(compared, variant).1).sum();
    more(hidden).into_iter().for_each(|more| page.paragraph(&sentence(&more)));
    if !compared.thresholds.is_empty() {
        page.table(THRESHOLDS, &thresholds::table(worst_first(&compared.thresholds)));
    }
    for (names, side) in [(&compared.only_in_base, "base"), (&compared.only_in_new, "new results")]
    {
        if !names.is_empty() {
            page.paragraph(&format!("### Variants only in the {side}"));
            page.list(names.iter().map(|name| escaped(name)));
        }
    }
    if let Some(reason) = why_unpaired(compared) {
        page.paragraph(&reason);
    }
    let method = compared.variants.first().map(|first| format!("{}, ", method(first)));
    page.finish(&format!(
        "{}{} {}",
        method.unwrap_or_default(),
        escaped(&compared.tool.name),
        escaped(&compared.tool.version)
    ))
}
