//! The kinds of syntax errors.
//!
//! The TOML parser has no kinds of errors, only English messages. Only this file turns them
//! into kinds. `Cargo.toml` pins the exact versions of the crates that have these messages, and a test
//! provokes each of them, so that an update cannot change them unnoticed.

use toml::de::Error;

/// The kinds of errors that are treated differently; [`KINDS`] has the messages of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    KeyWithoutValue,
    EmptyKey,
    InvalidKey,
    TooManyParts,
    DuplicateKey,
    NotATable,
    InvalidLine,
    UnexpectedText,
    UnclosedHeader,
    UnclosedArray,
    UnclosedInlineTable,
    MissingCommaInTable,
    MissingCommaInArray,
    TooDeep,
    /// Another error in how keys, values and their marks follow each other.
    OtherGrammar,
    MultiLineString,
    Escape,
    WithoutQuotes,
    LeadingZero,
    DateOrTime,
    /// Any other error, most likely in a number or a string.
    Other,
}

/// How the messages begin, and the kinds they stand for. The first match counts.
const KINDS: [(&str, Mistake); 28] = [
    ("key with no value", Mistake::KeyWithoutValue),
    ("unquoted keys cannot be empty", Mistake::EmptyKey),
    ("invalid unquoted key", Mistake::InvalidKey),
    ("recursion limit", Mistake::TooManyParts),
    ("duplicate key", Mistake::DuplicateKey),
    ("cannot extend value of type ", Mistake::NotATable),
    ("invalid key-value pair", Mistake::InvalidLine),
    ("missing table open", Mistake::InvalidLine),
    ("unexpected key or value", Mistake::UnexpectedText),
    ("unclosed table", Mistake::UnclosedHeader),
    ("unclosed array table", Mistake::UnclosedHeader),
    ("unclosed array", Mistake::UnclosedArray),
    ("unclosed inline table", Mistake::UnclosedInlineTable),
    ("extra assignment between key-value pairs", Mistake::MissingCommaInTable),
    ("missing comma between key-value pairs", Mistake::MissingCommaInTable),
    ("missing comma between array elements", Mistake::MissingCommaInArray),
    ("cannot recurse further", Mistake::TooDeep),
    ("extra ", Mistake::OtherGrammar),
    ("missing assignment", Mistake::OtherGrammar),
    ("missing key", Mistake::OtherGrammar),
    ("unexpected `=`", Mistake::OtherGrammar),
    ("invalid multi-line", Mistake::MultiLineString),
    ("missing escaped value", Mistake::Escape),
    ("string values must be quoted", Mistake::WithoutQuotes),
    ("unexpected leading zero", Mistake::LeadingZero),
    ("invalid date", Mistake::DateOrTime),
    ("invalid time", Mistake::DateOrTime),
    ("invalid offset", Mistake::DateOrTime),
];

impl Mistake {
    fn of(message: &str) -> Mistake {
        let known = KINDS.iter().find(|(beginning, _)| message.starts_with(beginning));
        known.map_or(Mistake::Other, |(_, kind)| *kind)
    }

    /// Whether it concerns how values and keys follow each other, even if it is found within a scalar
    /// value.
    pub(super) fn is_grammar(self) -> bool {
        matches!(
            self,
            Mistake::DuplicateKey
                | Mistake::NotATable
                | Mistake::UnexpectedText
                | Mistake::UnclosedHeader
                | Mistake::UnclosedArray
                | Mistake::UnclosedInlineTable
                | Mistake::MissingCommaInTable
                | Mistake::MissingCommaInArray
                | Mistake::TooDeep
                | Mistake::OtherGrammar
        )
    }
}

/// A message of the parser: `what is wrong, expected this`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message<'m> {
    pub(super) kind: Mistake,
    /// What is wrong.
    pub(super) what: &'m str,
    /// What would be right, if that helps.
    pub(super) expected: Option<&'m str>,
}

impl<'m> Message<'m> {
    /// The message of an error.
    pub(super) fn of(error: &'m Error) -> Message<'m> {
        let message = error.message();
        let (what, expected) = match message.split_once(", expected ") {
            Some((what, "nothing" | "literal string")) => (what, None),
            Some((what, expected)) => (what, Some(expected)),
            None => (message, None),
        };
        Message { kind: Mistake::of(message), what, expected }
    }
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    /// The messages about a text.
    fn messages(text: &str) -> Vec<String> {
        let (_, errors) = DeTable::parse_recoverable(text);
        errors.iter().map(|error| error.message().to_owned()).collect()
    }

    #[test]
    fn every_message_that_is_relied_on_is_still_the_parsers() {
        let nested = format!("a = {}", "[".repeat(200));
        let dotted = format!("{}a = 1", "a.".repeat(200));
        let texts: [(&str, &str); KINDS.len()] = [
            ("key with no value", "a"),
            ("unquoted keys cannot be empty", "= 1"),
            ("invalid unquoted key", "ü = 1"),
            ("recursion limit", &dotted),
            ("duplicate key", "a = 1\na = 2"),
            ("cannot extend value of type ", "a = 1\na.b = 2"),
            ("invalid key-value pair", "{"),
            ("missing table open", "]"),
            ("unexpected key or value", "a = 1, 2"),
            ("unclosed table", "[a"),
            ("unclosed array table", "[[a"),
            ("unclosed array", "a = [1"),
            ("unclosed inline table", "a = {b = 1"),
            ("extra assignment between key-value pairs", "a = {b = 1 = 2}"),
            ("missing comma between key-value pairs", "a = {b = 1 c = 2}"),
            ("missing comma between array elements", "a = [[1] [2]]"),
            ("cannot recurse further", &nested),
            ("extra ", "a == 1"),
            ("missing assignment", "a = {b 1}"),
            ("missing key", "a = {[}"),
            ("unexpected `=`", "a = [=]"),
            ("invalid multi-line", "a = '''b"),
            ("missing escaped value", "a = \"\\q\""),
            ("string values must be quoted", "a = b"),
            ("unexpected leading zero", "a = 01"),
            ("invalid date", "a = 2020-13-01"),
            ("invalid time", "a = 25:00:00"),
            ("invalid offset", "a = 2020-01-01T00:00:00+99:00"),
        ];
        for ((beginning, text), (known, kind)) in texts.into_iter().zip(KINDS) {
            assert_eq!(beginning, known);
            let messages = messages(text);
            let found = messages
                .iter()
                .any(|message| Mistake::of(message) == kind && message.starts_with(beginning));
            assert!(found, "nothing begins with {beginning:?} about {text:?}: {messages:?}");
        }
    }
}
