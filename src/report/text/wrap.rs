//! Sentences for a terminal: lines of at most its width.

/// Longer lines are hard to read, however wide the terminal.
const WIDEST: usize = 100;

/// Shorter lines would break nearly every word.
const NARROWEST: usize = 30;

/// `text` in lines of at most `width` columns, or 100 if that is fewer; every line but the first is
/// indented by `indent` columns.
pub fn wrap(text: &str, width: Option<u16>, indent: usize) -> String {
    let width = usize::from(width.unwrap_or(u16::MAX)).clamp(NARROWEST, WIDEST);
    let mut lines = String::new();
    let mut line = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if line > 0 && line + 1 + length > width {
            lines.push('\n');
            lines.push_str(&" ".repeat(indent));
            line = indent;
        } else if line > 0 {
            lines.push(' ');
            line += 1;
        }
        lines.push_str(word);
        line += length;
    }
    lines
}

/// `text` wrapped for a terminal, or on one line if there is none, as other programs expect it.
pub fn wrap_for_terminal(text: &str, width: Option<u16>) -> String {
    match width {
        Some(_) => wrap(text, width, 0),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_before_the_word_that_does_not_fit() {
        let text = "one two three four five six seven eight";
        assert_eq!(wrap(text, Some(30), 2), "one two three four five six\n  seven eight");
        assert_eq!(wrap_for_terminal(text, Some(30)), "one two three four five six\nseven eight");
        assert_eq!(wrap_for_terminal(text, None), text);
    }
}
