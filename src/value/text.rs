//! Helpers for the texts that values are read from.

/// The first place at or after `at` that is not a blank. Blanks are spaces and tabs.
pub(super) fn skip_blanks(text: &str, at: usize) -> usize {
    at + prefix_len(&text[at..], |c| c == ' ' || c == '\t')
}

/// The length of the longest prefix of which every character is `wanted`.
pub(super) fn prefix_len(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

/// A word of the user for a message, cut if it is long.
pub(super) fn shortened(word: &str) -> String {
    if word.chars().count() <= 20 {
        return word.to_owned();
    }
    word.chars().take(17).chain("...".chars()).collect()
}

/// The regular expressions for a number, and for the blanks around it.
pub(super) const NUMBER_PATTERN: &str = r"[0-9]+(\.[0-9]+)?";
pub(super) const BLANKS_PATTERN: &str = r"[ \t]*";
