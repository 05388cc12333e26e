//! A comparison for a terminal.

use std::fmt::Write;

use super::evidence::thresholds;
use super::table;
use super::wrap::wrap_for_terminal;
use crate::compare::Compared;
use crate::report::content::compared::{
    headline, listed_changes, method, more, shown, table as rows, why_unpaired,
};
use crate::report::content::headings::STUDY_CHANGES;
use crate::report::names::tame;

/// The answer, what else differs, and a table for each variant, at most `width` columns wide.
pub fn comparison(compared: &Compared, width: Option<u16>) -> String {
    let answer = wrap_for_terminal(&tame(&headline(compared)), width);
    let mut text = format!("{}\n\n{answer}\n", tame(&compared.new.name));
    // Writing into a string cannot fail.
    if !listed_changes(compared).is_empty() {
        let _ = writeln!(text, "\n{STUDY_CHANGES}:");
    }
    for change in listed_changes(compared) {
        let _ = writeln!(text, "  {}", tame(change));
    }
    if let Some(reason) = why_unpaired(compared) {
        let _ = writeln!(text, "\n{reason}");
    }
    for variant in &compared.variants {
        let _ = writeln!(text, "\n{} ({})", tame(&variant.name), method(variant));
        let (metrics, hidden) = shown(compared, variant);
        match metrics.is_empty() {
            true => text.push_str("no difference shown\n"),
            false => {
                let rows = rows(compared, metrics.into_iter());
                let _ = writeln!(text, "{}", table::render(&rows, width));
            }
        }
        text.extend(more(hidden).map(|more| more + "\n"));
    }
    for (names, side) in [(&compared.only_in_base, "base"), (&compared.only_in_new, "new results")]
    {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| tame(name)).collect();
            let _ = writeln!(text, "\nOnly in the {side}: {}", names.join(", "));
        }
    }
    if let Some(thresholds) = thresholds(&compared.thresholds) {
        let _ = write!(text, "\nThresholds of the new results:\n{thresholds}");
    }
    text
}
