//! Words of the user in messages, and the words that the user most likely meant.

use std::path::Path;

use super::printable;

/// Part of the user's text in backquotes for a message, printable, and cut if it is long.
pub fn quoted(text: &str) -> String {
    const MAX: usize = 60;
    if text.chars().count() <= MAX {
        return format!("`{}`", printable(text));
    }
    let cut: String = text.chars().take(MAX - 3).collect();
    format!("`{}...`", printable(&cut))
}

/// The name of a file in backquotes for a message, printable and whole.
pub fn quoted_path(path: impl AsRef<Path>) -> String {
    format!("`{}`", printable(&path.as_ref().display().to_string()))
}

/// Words in backquotes with commas between, for a help line; long lists are cut.
pub fn quoted_list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    const MAX: usize = 64;
    let words: Vec<&str> = words.into_iter().collect();
    let shown: Vec<String> = words.iter().take(MAX).map(|word| quoted(word)).collect();
    let list = shown.join(", ");
    match words.len().checked_sub(MAX) {
        Some(more) if more > 0 => format!("{list} and {more} more"),
        _ => list,
    }
}

/// The help about an unknown word: the candidate that was most likely meant, or all of them after `list`,
/// such as `the metrics are`.
pub fn suggestion<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    list: &str,
) -> String {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    match did_you_mean(word, candidates.iter().copied()) {
        Some(near) => format!("did you mean {}?", quoted(near)),
        None => format!("{list} {}", quoted_list(candidates)),
    }
}

/// The candidate of which `word` is most likely a misspelling, if one is near enough; of equally near
/// ones the first with the same characters (`p95` for `p59`, not `p50`), or else the first. Case is
/// ignored, and `_` and `-` are the same.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // The distance takes time in proportion to the product of the lengths.
    const MAX: usize = 64;
    let normal = |text: &str| text.to_lowercase().replace('-', "_");
    let word = normal(word);
    let length = word.chars().count();
    if length == 0 || length > MAX {
        return None;
    }
    let characters = |word: &str| {
        let mut characters: Vec<char> = word.chars().collect();
        characters.sort_unstable();
        characters
    };
    let own = characters(&word);
    let mut best: Option<((usize, bool), &str)> = None;
    let mut begins = None;
    for candidate in candidates {
        let other = normal(candidate);
        let other_length = other.chars().count();
        if other_length > MAX {
            continue;
        }
        // A transposition counts as one, as do an insertion, a removal and a substitution.
        let distance = strsim::osa_distance(&word, &other);
        let near = distance <= length.max(other_length) / 3 && distance < length.min(other_length);
        let rank = (distance, near && characters(&other) != own);
        if near && best.is_none_or(|(least, _)| rank < least) {
            best = Some((rank, candidate));
        }
        if length >= 3 && begins.is_none() && other.starts_with(&word) {
            begins = Some(candidate);
        }
    }
    best.map(|(_, candidate)| candidate).or(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_printable() {
        assert_eq!(quoted("a\r\u{202e}b"), "`a\\r\\u{202e}b`");
        assert_eq!(quoted(&"\n".repeat(61)), format!("`{}...`", "\\n".repeat(57)));
        assert_eq!(quoted_path("a\nerror: b.json"), "`a\\nerror: b.json`");
        assert_eq!(quoted_list(["\u{1b}[2J", "b"]), "`\\u{1b}[2J`, `b`");
    }

    #[test]
    fn suggests_only_near_words() {
        let keys = ["count", "max_connections", "retry", "dp1", "sp3", "t.p50", "t.p90", "t.p95"];
        for (word, wanted) in [
            ("cuont", Some("count")),
            ("Count", Some("count")),
            ("max-connections", Some("max_connections")),
            ("max_conections", Some("max_connections")),
            ("max", Some("max_connections")),
            ("DP1", Some("dp1")),
            ("dp2", Some("dp1")),
            ("t.p59", Some("t.p95")),
            ("t.p09", Some("t.p90")),
            ("t.p51", Some("t.p50")),
            ("horizon", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(did_you_mean(word, keys), wanted, "{word}");
        }
    }
}
