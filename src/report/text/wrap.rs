//! Lines of at most the width of a terminal. A line ends only between words.

use unicode_width::UnicodeWidthStr;

/// Longer lines of sentences are hard to read, however wide the terminal.
const WIDEST: usize = 100;

/// A blank at which no line ends.
const GLUE: char = '\u{a0}';

/// `text` in lines of at most `width` columns, or 100 if that is fewer; every line but the first is
/// indented by `indent` columns. Only a word that is wider than a line makes a line wider.
pub fn wrap(text: &str, width: Option<u16>, indent: usize) -> String {
    let width = usize::from(width.unwrap_or(u16::MAX)).min(WIDEST);
    lines(&glued(text), width, indent).join("\n")
}

/// `text` [wrapped](wrap) for a terminal, or on one line if there is none, as other programs expect it.
pub fn wrap_for_terminal(text: &str, width: Option<u16>, indent: usize) -> String {
    match width {
        Some(_) => wrap(text, width, indent),
        None => text.to_owned(),
    }
}

/// The lines of a text of which each part that must stay on one line is [`glued`].
pub fn lines(glued: &str, width: usize, indent: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (place, word) in glued.split(' ').enumerate() {
        let line = lines.last_mut().expect("there is a first line");
        let is_empty = line.trim_start().is_empty();
        if place > 0 && !is_empty && columns(line) + 1 + columns(word) > width {
            lines.push(format!("{}{word}", " ".repeat(indent)));
        } else {
            line.extend((place > 0).then_some(' '));
            line.push_str(word);
        }
    }
    lines.iter().map(|line| line.replace(GLUE, " ")).collect()
}

/// The text with the two units of a time such as `3h 12m` joined, so that a line does not end between them.
pub fn glued(text: &str) -> String {
    let mut glued = String::with_capacity(text.len());
    let mut before = "";
    for (place, word) in text.split(' ').enumerate() {
        if place > 0 {
            glued.push(if is_time(before) && word.starts_with(digit) { GLUE } else { ' ' });
        }
        glued.push_str(word);
        before = word;
    }
    glued
}

/// Whether it is a time in one unit: `3h`, `±3h`.
fn is_time(word: &str) -> bool {
    let word = word.trim_start_matches(['±', '+', '-', '(']);
    word.starts_with(digit) && word.ends_with(['d', 'h', 'm'])
}

fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// The columns that the widest part of a [`glued`] text takes at which no line may end.
pub fn widest_word(glued: &str) -> usize {
    glued.split(' ').map(columns).max().unwrap_or(0)
}

/// The columns that a text takes in a terminal.
pub fn columns(text: &str) -> usize {
    text.width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_before_the_word_that_does_not_fit() {
        let text = "one two three four five six seven eight";
        assert_eq!(wrap(text, Some(30), 2), "one two three four five six\n  seven eight");
        assert_eq!(
            wrap_for_terminal(text, Some(30), 0),
            "one two three four five six\nseven eight"
        );
        assert_eq!(wrap_for_terminal(text, None, 0), text);
    }

    #[test]
    fn no_word_is_broken_at_any_width() {
        let text = "- the configuration  of distribution points";
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        for width in 0..60 {
            let wrapped = wrap(text, Some(width), 2);
            assert_eq!(words(&wrapped), words(text), "{width}: {wrapped}");
            let too_wide = wrapped.lines().find(|line| columns(line) > usize::from(width));
            assert!(too_wide.is_none_or(|line| words(line).len() == 1), "{width}: {wrapped}");
        }
    }

    #[test]
    fn a_time_of_two_units_stays_on_one_line() {
        assert_eq!(wrap("takes 3h 12m and 4m 5s", Some(8), 0), "takes\n3h 12m\nand\n4m 5s");
        assert_eq!(glued("it is 3 m 5"), "it is 3 m 5");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(wrap("東京 大阪", Some(8), 0), "東京\n大阪");
    }
}
