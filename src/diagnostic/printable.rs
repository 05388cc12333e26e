//! Words of the user, so that they cannot drive a terminal.

/// The text with control characters and those that change the direction of writing escaped, so that a
/// message stays one line, reads in its order and cannot drive a terminal.
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unprintable(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Whether a character is a control, ends a line, or is a mark or an override of the direction of writing.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_drives_a_terminal_or_turns_a_line_is_left() {
        let harmful = "a\u{1b}[2J\u{9b}\r\n\t\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}b";
        let shown = printable(harmful);
        assert!(shown.starts_with("a\\u{1b}[2J") && shown.ends_with('b'), "{shown}");
        assert!(shown.is_ascii() && !shown.contains(char::is_control), "{shown:?}");
        assert_eq!(printable("gr\u{fc}n 東京 🌩"), "gr\u{fc}n 東京 🌩");
    }
}
