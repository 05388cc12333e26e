//! Texts, right and wrong.

use super::super::Value;
use super::{Fixture, compact};

#[test]
fn a_text_is_read_in_its_order() {
    let mut fixture = Fixture::new();
    let table = fixture.parse(
        "\u{feff}z = 1\na = 1_000.5\n[t]\nb = [true, 2020-01-01, {x = 'y'}]\n[[u]]\n[[u]]\nk.l = 0xff\n",
    );
    let expected = "{z=1 a=1000.5 t={b=[true date {x=\"y\"}]} u=[{} {k={l=255}}]}";
    assert_eq!(compact(&table), expected);
    assert!(fixture.diagnostics.is_empty());
    let entry = table.get("a").expect("an entry");
    assert_eq!(entry.key_location.span, 9..10);
    assert_eq!(entry.node.location.span, 13..20);
}

#[test]
fn every_syntax_error_is_reported_once_and_the_rest_is_read() {
    for (text, message, part, rest) in [
        ("a = 7d", "`7d` is neither a number nor a string in quotes", "7d", "{a=\"7d\" ok=1}"),
        (
            "a = test",
            "`test` is neither a number nor a string in quotes",
            "test",
            "{a=\"test\" ok=1}",
        ),
        ("a = True", "`True` is not in lower case", "True", "{a=? ok=1}"),
        ("a = 20 000", "a number cannot contain spaces or quotes", "20 000", "{a=? ok=1}"),
        ("a = 01", "a whole number cannot begin with `0`", "01", "{a=? ok=1}"),
        ("a = .5", "`.5` is not a valid number", "", "{a=? ok=1}"),
        ("a = 0xGG", "`0xGG` is not a valid number", "", "{a=? ok=1}"),
        ("a = 2020-13-01", "`2020-13-01` is not a valid date or time", "2020-13-01", "{a=? ok=1}"),
        (
            "a = 99999999999999999999",
            "the number `99999999999999999999` is out of range",
            "99999999999999999999",
            "{a=? ok=1}",
        ),
        ("a = 1e999", "the number `1e999` is out of range", "1e999", "{a=? ok=1}"),
        ("a = \"x", "this string is not closed", "\"x", "{a=? ok=1}"),
        ("a = '''x", "this string is never closed", "'''", "{ok=1}"),
        ("a = \"\\q\"", "unknown escape in a string", "", "{a=? ok=1}"),
        ("a =", "a value is missing", "", "{a=? ok=1}"),
        ("a = {b = }", "a value is missing", "", "{a={b=?} ok=1}"),
        ("a", "expected `=` after the key", "", "{ok=1}"),
        ("a : 5", "expected `=` after the key", "", "{ok=1}"),
        ("a b = 5", "expected `=` after the key", "", "{ok=1}"),
        ("= 5", "a key is missing", "", "{ok=1}"),
        ("a == 5", "extra `=`", "=", "{a=? ok=1}"),
        ("a = 5, b = 6", "unexpected text after the value", ", b = 6", "{a=5 ok=1}"),
        ("a = {x=1 y=2}", "a `,` is missing in an inline table", "", "{a=? ok=1}"),
        ("a = [1, 2", "this array is never closed", "[", "{ok=1}"),
        ("a = [\n[1, 2],\n3,", "this array is never closed", "[", "{ok=1}"),
        ("a = {x = 1,\n y = 2,", "this inline table is never closed", "{", "{ok=1}"),
        ("a = 1\na = 2", "the key `a` is defined twice", "a", "{a=1 ok=1}"),
        (
            "a = 1\na.b = 2",
            "`a` already has a value, of type integer, to which no keys can be added",
            "a",
            "{a=1 ok=1}",
        ),
        (
            "grün = 1",
            "a name without quotes has only letters from a to z, digits, `_` and `-`",
            "ü",
            "{grün=1 ok=1}",
        ),
        ("]", "a line is `key = value` or `[table]`", "]", "{ok=1}"),
    ] {
        let mut fixture = Fixture::new();
        let table = fixture.parse(&format!("{text}\nok = 1\n"));
        let errors = fixture.errors();
        assert_eq!(errors, [(message.to_owned(), part.to_owned())], "{text}");
        assert_eq!(compact(&table), rest, "{text}");
    }
}

#[test]
fn errors_of_different_places_are_reported_together() {
    let mut fixture = Fixture::new();
    let text = "a = 7d\n[head office]\nx = 1\n[t]\nb 5\nc = [1,\nd = hello\n[u]\ne = 1\nf = \"\"\"";
    let table = fixture.parse(text);
    let messages: Vec<String> = fixture.errors().into_iter().map(|(message, _)| message).collect();
    assert_eq!(
        messages,
        [
            "`7d` is neither a number nor a string in quotes",
            "the table header is not closed",
            "expected `=` after the key",
            "this array is never closed",
            "`hello` is neither a number nor a string in quotes",
            "this string is never closed",
        ]
    );
    assert_eq!(compact(&table), "{a=\"7d\" t={d=\"hello\"} u={e=1}}");
}

#[test]
fn only_the_table_of_a_lost_line_is_incomplete() {
    let incomplete = |text: &str| {
        let table = Fixture::new().parse(text);
        let mut names = vec![("", table.is_incomplete())];
        for key in ["a", "b"] {
            if let Some(Value::Table(inner)) = table.get(key).map(|entry| &entry.node.value) {
                names.push((key, inner.is_incomplete()));
            }
        }
        let lost = names.into_iter().filter(|(_, lost)| *lost);
        lost.map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(incomplete("[a]\nx = 1\n[b]\ny 2\n"), ["b"]);
    assert_eq!(incomplete("[a]\nx = [1\n[b]\ny = 2\n"), ["a"]);
    assert_eq!(incomplete("x 1\n[a]\n[b]\n"), [""]);
    assert_eq!(incomplete("[a\nx = 1\n[b]\n"), ["", "b"]);
    assert!(incomplete("[a]\nx = 7d\n[a]\ny = 1e999\n[b]\ny = 3\ny = 4").is_empty());
}

#[test]
fn nesting_is_limited() {
    let brace = format!("a={}1{}", "{a=".repeat(5_000), "}".repeat(5_000));
    let dotted = format!("a={}1{}", format!("{{{}a=", "a.".repeat(70)).repeat(70), "}".repeat(70));
    let bracket = format!("a={}", "[".repeat(100_000));
    let dots = format!("{}a=1\nok=1", "a.".repeat(100_000));
    let header = format!("[{}a]\n{0}a=1", "a.".repeat(70));
    for text in [brace, dotted, bracket, dots, header] {
        let mut fixture = Fixture::new();
        drop(fixture.parse(&text));
        assert!(fixture.diagnostics.has_errors());
        assert!(!fixture.shown().is_empty());
        assert!(fixture.set(&text.replace('\n', " ")).is_none());
    }
}
