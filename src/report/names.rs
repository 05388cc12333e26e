//! Names from results, which anyone may have written, as people can read them.
//!
//! Escaping is for each format to do. What is left: characters that garble a terminal or turn a
//! line around, names that show nothing, and names of thousands of characters.

/// The most characters of a name in a table or a list.
pub const LONGEST: usize = 200;

/// A text without control characters and without those that change the direction of writing.
///
/// Replacement characters take their place; also of what XML does not allow.
pub fn tame(text: &str) -> String {
    text.chars().map(|c| if is_unruly(c) { '\u{fffd}' } else { c }).collect()
}

/// A name for use in a sentence: short, and isolated if it is written from right to left, so that the
/// text around it keeps its order.
pub fn in_sentence(name: &str) -> String {
    const MOST: usize = 60;
    let name = short(name, MOST);
    if name.chars().any(is_right_to_left) {
        // The first strong character decides inside, and nothing of it reaches outside.
        return format!("\u{2068}{name}\u{2069}");
    }
    name
}

/// A name as it can be shown: no control characters, none that change the direction of writing,
/// and something to see.
pub fn clean(name: &str) -> String {
    let name = tame(name);
    if name.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return "(no name)".to_owned();
    }
    name
}

/// A name of at most `most` characters; what is cut off ends in an ellipsis.
pub fn short(name: &str, most: usize) -> String {
    let name = clean(name);
    if name.chars().count() <= most {
        return name;
    }
    let kept: String = name.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The text of a table's cell on one line, which may be empty: tame, and of at most [`LONGEST`] characters.
pub fn cell(text: &str) -> String {
    if text.is_empty() { String::new() } else { short(text, LONGEST) }
}

/// Characters that garble the text around them: controls, and the bidirectional overrides.
fn is_unruly(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{fffe}' | '\u{ffff}')
}

/// The letters of Hebrew, Arabic and the other scripts that run from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Characters without width or ink.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}'
        | '\u{feff}' | '\u{3164}' | '\u{115f}' | '\u{1160}' | '\u{e0000}'..='\u{e007f}')
}

/// A text within a line or a table cell of Markdown, escaped so that it is no markup, no HTML, no link
/// and no mention.
pub fn markdown(text: &str) -> String {
    // A cell may be empty; a name may not.
    if text.is_empty() {
        return String::new();
    }
    let text = short(text, LONGEST);
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let before = &text[..at];
        let web = c == '.' && before.len() >= 3 && ends_with_www(before);
        let scheme = c == ':' && text[at + 1..].starts_with('/');
        match c {
            // An address or a mention is recognised even if its `@` is written as an entity, so an
            // invisible character breaks it.
            '@' => escaped.push_str("&#64;&zwnj;"),
            '&' | '<' | '>' | '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '$' | '#' | '!' => {
                escaped.push_str(&format!("&#{};", u32::from(c)));
            }
            _ if web || scheme => escaped.push_str(&format!("&#{};", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

fn ends_with_www(text: &str) -> bool {
    text.get(text.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_always_shows_something() {
        for name in ["", "  ", "\u{200b}\u{feff}", "\u{3164}"] {
            assert_eq!(clean(name), "(no name)");
        }
        assert_eq!(clean("a\nb\u{202e}c"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(clean("שלום"), "שלום");
    }

    #[test]
    fn a_name_in_a_sentence_keeps_its_direction_to_itself() {
        assert_eq!(in_sentence("שלום"), "\u{2068}שלום\u{2069}");
        assert_eq!(in_sentence("plain"), "plain");
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(short("retry policy", 12), "retry policy");
        assert_eq!(short("retry policy", 7), "retry…");
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in ["SMS 2.0 SP2 (buggy)", "limit 50, 10m", "Zürich: 5 + 3 = \"8\""] {
            assert_eq!(markdown(name), name);
            assert_eq!(tame(name), name);
        }
    }

    #[test]
    fn a_name_is_neither_markup_nor_link() {
        assert_eq!(markdown("a|b\n*c*"), "a&#124;b\u{fffd}&#42;c&#42;");
        assert_eq!(markdown("<script>"), "&#60;script&#62;");
        assert_eq!(markdown("https://x.example"), "https&#58;//x.example");
        assert_eq!(markdown("WWW.x.example"), "WWW&#46;x.example");
        assert_eq!(markdown("ask @someone"), "ask &#64;&zwnj;someone");
    }
}
