//! Names within paths: `distribution_points."a.b".connection_limit`, `dp."a.b".utilisation`.
//!
//! As in TOML, a name with other characters than letters, digits, `_` and `-` is in quotes: between `"` with
//! escapes, or between `'` as it is.

use toml::de::{DeString, DeValue};

/// The length of the quoted name that `text` begins with, its quotes included; `None` if it begins with no
/// quote, or the quote is never closed.
pub fn quoted_len(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The name that a text in quotes stands for; `None` if the text is anything else.
pub fn unquote(text: &str) -> Option<String> {
    if quoted_len(text) != Some(text.len()) {
        return None;
    }
    match DeValue::parse(text).ok()?.get_ref() {
        DeValue::String(name) => Some(DeString::to_string(name)),
        _ => None,
    }
}

/// A key and what follows the `=` behind it; a `=` within a quoted name belongs to the name.
pub fn split_assignment(text: &str) -> Option<(&str, &str)> {
    let equals = outside_of_quotes(text).find(|at| text[*at..].starts_with('='))?;
    Some((&text[..equals], &text[equals + 1..]))
}

/// The last part of a dotted key, for names and headings.
pub fn last_part(key: &str) -> &str {
    let dot = outside_of_quotes(key).filter(|at| key[*at..].starts_with('.')).last();
    dot.map_or(key, |dot| &key[dot + 1..])
}

/// The places of the characters of a path that are not within quoted names. A name begins at the beginning
/// of the path and behind each dot.
fn outside_of_quotes(text: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    let mut begins = true;
    std::iter::from_fn(move || {
        if begins && let Some(length) = quoted_len(&text[at..]) {
            at += length;
        }
        let here = at;
        let c = text[at..].chars().next()?;
        at += c.len_utf8();
        begins = c == '.' || (begins && c.is_whitespace());
        Some(here)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_quotes_belongs_to_a_name() {
        assert_eq!(split_assignment(r#"a."b=c".d=5"#), Some((r#"a."b=c".d"#, "5")));
        assert_eq!(split_assignment(r#"a. 'b="' .d=e=f"#), Some((r#"a. 'b="' .d"#, "e=f")));
        assert_eq!(split_assignment(r#"a."b\"=".c=1"#), Some((r#"a."b\"=".c"#, "1")));
        assert_eq!(split_assignment("it's=5"), Some(("it's", "5")));
        assert_eq!(split_assignment("\"a=5"), Some(("\"a", "5")));
        assert_eq!(split_assignment("a.b"), None);
        assert_eq!(last_part("a.\"b.c\".limit"), "limit");
        assert_eq!(last_part("a.'b.c'"), "'b.c'");
        assert_eq!(last_part("horizon"), "horizon");
    }

    #[test]
    fn a_name_is_what_its_quotes_hold() {
        assert_eq!(unquote(r#""a\"b\\""#).as_deref(), Some(r#"a"b\"#));
        assert_eq!(unquote(r"'a\b'").as_deref(), Some(r"a\b"));
        for text in ["a", "", "\"", "'a'b'", r#""\q""#, "5"] {
            assert_eq!(unquote(text), None, "{text}");
        }
    }
}
