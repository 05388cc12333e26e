//! Colour and bold for a terminal. A file has none.

use anstyle::{AnsiColor, Style};

use super::wrap::wrap_for_terminal;
use crate::report::content::table::{CellKind, Tone};
use crate::results::{ThresholdVerdict, Verdict};

/// The answer, for a terminal of `width` columns or for a file.
pub fn headline(answer: &str, width: Option<u16>) -> String {
    let answer = wrap_for_terminal(answer, width, 0);
    if width.is_some() { styled(&answer, Style::new().bold()) } else { answer }
}

/// `text` in a style.
pub fn styled(text: &str, style: Style) -> String {
    format!("{style}{text}{style:#}")
}

/// The style of words with a tone: the words say the same as the colour.
pub fn of_tone(tone: Tone) -> Style {
    match tone {
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
        Tone::Unsure => AnsiColor::Yellow.on_default(),
        Tone::Neutral => Style::new(),
    }
}

/// The style of a cell of a table.
pub fn of_cell(kind: CellKind) -> Style {
    match kind {
        CellKind::Verdict(ThresholdVerdict::Pass) => of_tone(Tone::Good),
        CellKind::Verdict(ThresholdVerdict::Fail) => of_tone(Tone::Bad),
        CellKind::Verdict(ThresholdVerdict::Inconclusive) => of_tone(Tone::Unsure),
        CellKind::Toned(tone) => of_tone(tone),
        _ => Style::new(),
    }
}

/// The style of a difference.
pub fn of_difference(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Better => of_tone(Tone::Good),
        Verdict::Worse => of_tone(Tone::Bad),
        _ => Style::new(),
    }
}
