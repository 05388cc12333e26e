//! A comparison for a terminal.

use std::fmt::Write;

use super::evidence::thresholds;
use super::wrap::wrap_for_terminal;
use super::{style, table};
use crate::compare::Compared;
use crate::report::content::compared::{
    headline, listed_changes, method, more, shown, table as rows, why_unpaired,
};
use crate::report::content::headings::STUDY_CHANGES;
use crate::report::names::tame;

/// The answer, what else differs, and a table for each variant, at most `width` columns wide.
pub fn comparison(compared: &Compared, width: Option<u16>) -> String {
    let wrap = |text: &str, indent| wrap_for_terminal(text, width, indent);
    let answer = style::headline(&tame(&headline(compared)), width);
    let mut text = format!("{}\n\n{answer}\n", wrap(&tame(&compared.new.name), 0));
    // Writing into a string cannot fail.
    if !listed_changes(compared).is_empty() {
        let _ = writeln!(text, "\n{STUDY_CHANGES}:");
    }
    for change in listed_changes(compared) {
        let _ = writeln!(text, "{}", wrap(&format!("  {}", tame(change)), 4));
    }
    if let Some(reason) = why_unpaired(compared) {
        let _ = writeln!(text, "\n{}", wrap(&reason, 0));
    }
    for variant in &compared.variants {
        let title = format!("{} ({})", tame(&variant.name), method(variant));
        let _ = writeln!(text, "\n{}", wrap(&title, 0));
        let (metrics, hidden) = shown(compared, variant);
        match metrics.is_empty() {
            true => text.push_str("no difference shown\n"),
            false => {
                let rows = rows(compared, metrics.into_iter());
                let _ = writeln!(text, "{}", table::render(&rows, width));
            }
        }
        text.extend(more(hidden).map(|more| wrap(&more, 0) + "\n"));
    }
    for (names, side) in [(&compared.only_in_base, "base"), (&compared.only_in_new, "new results")]
    {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| tame(name)).collect();
            let only = format!("Only in the {side}: {}", names.join(", "));
            let _ = writeln!(text, "\n{}", wrap(&only, 2));
        }
    }
    if let Some(thresholds) = thresholds(&compared.thresholds, width) {
        let _ = write!(text, "\nThresholds of the new results:\n{thresholds}");
    }
    text
}
