//! A comparison in Markdown.

use super::super::markdown::{Page, escaped_sentence, thresholds};
use super::super::names::markdown as escaped;
use super::{HEADER, changed, headline, method, why_unpaired};
use crate::compare::{Compared, Outcome};

/// The answer, what else differs, and one table of all that changed, the worst variants first.
pub fn markdown(compared: &Compared) -> String {
    let mut page = Page::new(&compared.new.name);
    let mark = match compared.outcome {
        Outcome::Pass => "✅",
        Outcome::Inconclusive => "❔",
        Outcome::Regression => "❌",
    };
    page.paragraph(&format!("{mark} **{}**", escaped_sentence(&headline(compared))));
    let mut variants: Vec<_> = compared.variants.iter().collect();
    variants.sort_by_key(|variant| std::cmp::Reverse(variant.outcome));
    let header: Vec<String> = std::iter::once("variant").chain(HEADER).map(str::to_owned).collect();
    let rows: Vec<Vec<String>> = variants
        .iter()
        .flat_map(|variant| {
            changed(compared, variant)
                .map(|line| std::iter::once(variant.name.clone()).chain(line.cells()).collect())
        })
        .collect();
    if !rows.is_empty() {
        page.table("What changed", &header, 2, rows.into_iter());
    }
    thresholds(&mut page, &compared.thresholds);
    if !compared.changes.is_empty() {
        page.paragraph("### In what the studies differ");
        page.list(compared.changes.iter().map(|change| escaped_sentence(change)));
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
