//! The common interface of all kinds of numbers with a unit.

use std::fmt::Display;
use std::str::FromStr;

use super::error::ValueError;

/// A kind of number with a unit: how it is read ([`FromStr`]) and written ([`Display`]), and how
/// messages and the JSON Schema describe it.
pub trait Quantity: FromStr<Err = ValueError> + Display + Copy + PartialEq {
    /// The name of this kind in messages: `a duration`.
    const WHAT: &'static str;

    /// Values of this kind as users write them. All of them are read without an error.
    const EXAMPLES: &'static [&'static str];

    /// The regular expression of a JSON Schema that matches every text which is read without an error,
    /// and of the others only those that are wrong by their amount: too large, too small, or not a whole
    /// number of the smallest unit.
    fn pattern() -> String;

    /// A help line that shows the examples: ``write for example `250ms`, `10s` or `10m` ``.
    fn help() -> String {
        let quoted: Vec<String> =
            Self::EXAMPLES.iter().map(|example| format!("`{example}`")).collect();
        match quoted.split_last() {
            Some((last, [])) => format!("write for example {last}"),
            Some((last, others)) => format!("write for example {} or {last}", others.join(", ")),
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::super::{Frequency, Percent, Rate, Size, Span};
    use super::*;

    fn reads_its_own_examples<Q: Quantity + fmt::Debug>() {
        let schema = serde_json::json!({ "type": "string", "pattern": Q::pattern() });
        let schema = jsonschema::validator_for(&schema).expect("a valid pattern");
        let is_match = |text: &str| schema.is_valid(&text.into());
        for example in Q::EXAMPLES {
            let value: Q = example.parse().expect("an example is right");
            assert!(is_match(example), "{example} does not match {}", Q::pattern());
            let written = value.to_string();
            assert_eq!(written.parse(), Ok(value), "{example} is written as {written}");
            assert!(is_match(&written), "{written} does not match {}", Q::pattern());
        }
    }

    /// Texts that look like values of one kind or another, valid and invalid.
    const TEXTS: [&str; 70] = [
        "",
        " ",
        "0",
        "5",
        "-5",
        "+5",
        ".5",
        "5.",
        "1e3",
        "1_000",
        "inf",
        "0s",
        "10m",
        "10 m",
        "10m ",
        " 10m",
        "2h 30m",
        "2h30m",
        "30m 2h",
        "1h 1h",
        "1h 60min 1m",
        "1.5s",
        "1.s",
        ".5s",
        "1,5s",
        "7d",
        "1w",
        "3 hours",
        "1 minute 5 secs",
        "10M",
        "3us",
        "1mo",
        "10m\n",
        "\t10m",
        "1h\u{a0}2m",
        "512 KiB",
        "1 PB",
        "512 kiB",
        "512KiB ",
        "40 MB",
        "40 mb",
        "1 PiB",
        "1.5 GB",
        "1. GB",
        "40 MB/s",
        "40 MB /s",
        "1 Gbit/s",
        "1 Gbit",
        "56 kbit/s",
        "2 Kibit/s",
        "100 Mbps",
        "1 B",
        "1 bit/s",
        "5%",
        "5 %",
        " 5% ",
        "5%%",
        "12.5%",
        "150%",
        "%",
        "10/s",
        "10 / min",
        "0.5/s",
        "100/6h",
        "100/2h 30m ",
        "10/",
        "/s",
        "10/s/s",
        "10/fortnight",
        "10/s 5",
    ];

    fn agrees_with_its_pattern<Q: Quantity + fmt::Debug>() {
        let schema = serde_json::json!({ "type": "string", "pattern": Q::pattern() });
        let schema = jsonschema::validator_for(&schema).expect("a valid pattern");
        for text in TEXTS {
            let read = text.parse::<Q>();
            assert_eq!(schema.is_valid(&text.into()), read.is_ok(), "{text:?}: {read:?}");
        }
    }

    #[test]
    fn pattern_and_reader_accept_the_same_texts() {
        agrees_with_its_pattern::<Span>();
        agrees_with_its_pattern::<Size>();
        agrees_with_its_pattern::<Rate>();
        agrees_with_its_pattern::<Percent>();
        agrees_with_its_pattern::<Frequency>();
    }

    #[test]
    fn every_example_is_read_and_matches_the_pattern() {
        reads_its_own_examples::<Span>();
        reads_its_own_examples::<Size>();
        reads_its_own_examples::<Rate>();
        reads_its_own_examples::<Percent>();
        reads_its_own_examples::<Frequency>();
    }
}
