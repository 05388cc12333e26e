//! Patterns of names: `*`, `?`, `[a-z]` in a name, and `**` for directories of any depth.

use std::path::{Component, Path, PathBuf};

/// A pattern of paths.
#[derive(Clone, Debug)]
pub struct Glob {
    /// The directory that all its files are below, without any pattern.
    pub base: PathBuf,
    /// A pattern for each name below.
    names: Vec<String>,
}

impl Glob {
    /// The pattern that `path` is; `None` if it has no special character, or is not in UTF-8.
    pub fn of(path: &Path) -> Option<Glob> {
        let is_pattern = |part: &Component<'_>| part.as_os_str().to_str().is_some_and(is_pattern);
        let parts: Vec<Component<'_>> = path.components().collect();
        let first = parts.iter().position(is_pattern)?;
        let base = parts[..first].iter().collect();
        let names = parts[first..].iter().map(|part| part.as_os_str().to_str().map(str::to_owned));
        Some(Glob { base, names: names.collect::<Option<_>>()? })
    }

    /// Whether a path below its base matches.
    pub fn matches(&self, below: &Path) -> bool {
        let names = below.components().map(|part| part.as_os_str().to_string_lossy());
        let names: Vec<_> = names.collect();
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        let patterns: Vec<&str> = self.names.iter().map(String::as_str).collect();
        wild(
            &patterns,
            &names,
            |pattern| *pattern == "**",
            |pattern, name| {
                let (pattern, name): (Vec<char>, Vec<char>) =
                    (pattern.chars().collect(), name.chars().collect());
                in_name(&pattern, &name)
            },
        )
    }

    /// Whether the files in a directory `depth` names below the base may match.
    pub fn reaches(&self, depth: usize) -> bool {
        depth < self.names.len() || self.names.iter().any(|name| name == "**")
    }
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// Whether `pattern` matches all of `text`, where some of its parts stand for any number of parts of the
/// text: in a time of at most the product of their lengths.
fn wild<P, T>(
    pattern: &[P],
    text: &[T],
    is_any: impl Fn(&P) -> bool,
    is_one: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on with one more part of the text in the last wildcard.
    let mut again = None;
    while t < text.len() {
        if p < pattern.len() && is_any(&pattern[p]) {
            p += 1;
            again = Some((p, t));
        } else if p < pattern.len() && is_one(&pattern[p], &text[t]) {
            (p, t) = (p + 1, t + 1);
        } else if let Some((after, from)) = again {
            again = Some((after, from + 1));
            (p, t) = (after, from + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(is_any)
}

/// One element of the pattern of a name.
enum Element {
    Any,
    One,
    Of(Vec<(char, char)>, bool),
    Just(char),
}

fn in_name(pattern: &[char], name: &[char]) -> bool {
    let elements = elements(pattern);
    wild(
        &elements,
        name,
        |element| matches!(element, Element::Any),
        |element, c| match element {
            Element::Any => false,
            Element::One => true,
            Element::Just(just) => just == c,
            Element::Of(ranges, is_not) => {
                ranges.iter().any(|(from, to)| (from..=to).contains(&c)) != *is_not
            }
        },
    )
}

fn elements(pattern: &[char]) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut at = 0;
    while at < pattern.len() {
        let rest = &pattern[at + 1..];
        // The first character of a set may be its closing bracket.
        let is_not = rest.first().is_some_and(|c| matches!(c, '!' | '^'));
        let from = usize::from(is_not);
        let end = rest.iter().skip(from + 1).position(|c| *c == ']').map(|end| end + from + 1);
        let (element, length) = match (pattern[at], end) {
            ('*', _) => (Element::Any, 0),
            ('?', _) => (Element::One, 0),
            ('[', Some(end)) => (Element::Of(ranges(&rest[from..end]), is_not), end + 1),
            (just, _) => (Element::Just(just), 0),
        };
        elements.push(element);
        at += 1 + length;
    }
    elements
}

fn ranges(set: &[char]) -> Vec<(char, char)> {
    let mut ranges = Vec::new();
    let mut rest = set;
    while let [from, after @ ..] = rest {
        match after {
            ['-', to, after @ ..] => {
                ranges.push((*from, *to));
                rest = after;
            }
            _ => {
                ranges.push((*from, *from));
                rest = after;
            }
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        let glob = Glob::of(Path::new(pattern)).unwrap_or_else(|| panic!("{pattern} is a pattern"));
        Path::new(path).strip_prefix(&glob.base).is_ok_and(|below| glob.matches(below))
    }

    #[test]
    fn patterns_match_names_and_directories() {
        for (pattern, path) in [
            ("*.log", "SMSAPM32.log"),
            ("logs/*/SMSAPM32.lo?", "logs/PC1/SMSAPM32.lo_"),
            ("logs/**/*.log", "logs/a.log"),
            ("logs/**/*.log", "logs/a/b/c.log"),
            ("PC[0-9][!a]*.log", "PC1b-2.log"),
            ("a*b*c", "aXbYbZc"),
            ("[]x]", "]"),
            ("a[b", "a[b"),
        ] {
            assert!(matches(pattern, path), "{pattern} matches {path}");
        }
        for (pattern, path) in [
            ("*.log", "a/SMSAPM32.log"),
            ("*.log", "a.log.1"),
            ("logs/*/x", "logs/x"),
            ("PC[0-9]", "PCx"),
            ("PC[!0-9]", "PC1"),
            ("**/x", "a/y"),
        ] {
            assert!(!matches(pattern, path), "{pattern} does not match {path}");
        }
        assert!(Glob::of(Path::new("plain/name.log")).is_none());
    }

    #[test]
    fn many_wildcards_take_no_exponential_time() {
        assert!(!matches(&format!("{}b", "*a".repeat(200)), &"a".repeat(5000)));
    }
}
