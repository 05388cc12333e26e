//! Texts that users chose, such as the names of variants, made harmless for what they are put into.
//!
//! Whoever wrote the scenario or the results is not always whoever reads the report.

/// The most characters of a name that a report for people shows.
const LONGEST: usize = 200;

/// A text in one line: without control characters, which could break a line, garble a terminal or
/// be forbidden in XML, and without those that change the direction of the text around them.
/// Replacement characters take their place.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if is_harmful(c) { '\u{fffd}' } else { c }).collect()
}

/// [`plain`], and cut where it is too long to be a name.
pub fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", plain(&text[..end])),
        None => plain(text),
    }
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}')
        // Overrides and isolates of the direction of text.
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        // No characters at all, says Unicode; and XML does not allow them.
        || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// A text as the content of an HTML element or attribute.
pub fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in short(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A text within a line or a table cell of Markdown, where it means nothing but itself: no markup,
/// no HTML, no link, no mention.
pub fn markdown(text: &str) -> String {
    let text = short(text);
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let before = &text[..at];
        let web = c == '.' && before.len() >= 3 && ends_with_www(before);
        let scheme = c == ':' && text[at + 1..].starts_with('/');
        match c {
            // An address or a mention is recognised even if its `@` is written as an entity, so
            // something invisible breaks it.
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
    fn ordinary_names_stay_as_they_are() {
        for name in ["SMS 2.0 SP2 (buggy)", "limit 50, 10m", "Zürich: 5 + 3 = \"8\""] {
            assert_eq!(markdown(name), name);
            assert_eq!(plain(name), name);
        }
    }

    #[test]
    fn a_name_is_neither_markup_nor_link() {
        assert_eq!(markdown("a|b\n*c*"), "a&#124;b\u{fffd}&#42;c&#42;");
        assert_eq!(markdown("<script>"), "&#60;script&#62;");
        assert_eq!(markdown("https://x.example"), "https&#58;//x.example");
        assert_eq!(markdown("WWW.x.example"), "WWW&#46;x.example");
        assert_eq!(markdown("ask @someone"), "ask &#64;&zwnj;someone");
        assert_eq!(html("<a href='x'>&\""), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
    }

    #[test]
    fn a_long_name_is_cut() {
        let cut = short(&"ä".repeat(1000));
        assert_eq!(cut.chars().count(), LONGEST + 1);
    }
}
