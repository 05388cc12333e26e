use super::super::document::{Table, parse};
use super::entry::{KeyEntry, default, optional, required};
use super::*;
use crate::diagnostic::{Diagnostics, Location, Sources};
use crate::model::Span;

/// Parses a text, reads its root, and gives what was read and what is shown.
fn read<T>(text: &str, read: impl FnOnce(&mut Fields<'_>) -> T) -> (T, String) {
    let mut sources = Sources::new();
    let id = sources.add("storm.toml", text);
    let diagnostics = Diagnostics::new();
    let table = parse(id, text, &diagnostics);
    let owner = Location::new(id, 0..0);
    let mut fields = Fields::new(&table, owner, "the scenario", &diagnostics);
    let value = read(&mut fields);
    fields.finish();
    (value, diagnostics.render(&sources, false))
}

fn above_zero() -> impl Form<Value = f64> {
    number("number above 0", |number| number > 0.0, || serde_json::json!({}), None)
}

/// Reads the key `a` and gives the message, what is underlined, and the help.
fn wrong(text: &str, form: impl Form) -> [String; 3] {
    let mut sources = Sources::new();
    let id = sources.add("storm.toml", text);
    let diagnostics = Diagnostics::new();
    let table = parse(id, text, &diagnostics);
    let field = Field::new(table.get("a").expect("a key"), &diagnostics);
    assert!(form.read(field).is_none(), "{text}");
    let [error] = diagnostics.sorted().try_into().expect("one error");
    let span = error.location.expect("a location").span;
    [error.message, text[span].to_owned(), error.helps.join("; ")]
}

#[test]
fn valid_values_are_read() {
    let text = "n = 5\np = 1\nq = 0.25\nt = \"2h 30m\"\ns = \"x\"\nb = true\n\
                l = [\"a\", \"b\"]\nw = \"two\"\nc.d = 1\n";
    let ((), shown) = read(text, |fields| {
        assert_eq!(required("1", integer(1..=u64::MAX)).read(fields, "n"), Some(5));
        assert_eq!(required("1", probability()).read(fields, "p"), Some(1.0));
        assert_eq!(required("1", above_zero()).read(fields, "q"), Some(0.25));
        let span = required("1", positive_duration()).read(fields, "t");
        assert_eq!(span, Some(Span::from_millis(9_000_000)));
        assert_eq!(optional("none", text_or_empty()).read(fields, "s"), Some(Some("x".to_owned())));
        assert_eq!(default(false, boolean()).read(fields, "b"), Some(true));
        let texts = default(Vec::new(), list(text_or_empty())).read(fields, "l");
        assert_eq!(texts, Some(vec!["a".to_owned(), "b".to_owned()]));
        let words = words(vec![("one", 1), ("two", 2)]);
        assert_eq!(required("1", words).read(fields, "w"), Some(2));
        let mut inner = fields.field("c").and_then(|c| c.fields("`c`")).expect("a table");
        assert_eq!(required("1", integer(0..=1_u32)).read(&mut inner, "d"), Some(1));
        inner.finish();
        assert_eq!(optional("none", text_or_empty()).read(fields, "absent"), Some(None));
        let span = default(Span::MILLISECOND, duration()).read(fields, "absent");
        assert_eq!(span, Some(Span::MILLISECOND));
    });
    assert_eq!(shown, "");
}

#[test]
fn a_wrong_type_says_what_was_found_and_what_is_right() {
    for (text, found, help) in [
        ("a = \"many\"", "a string", ""),
        ("a = \"5000\"", "a string", "write `5000`"),
        ("a = \"20,000\"", "a string", "write `20000`"),
        ("a = 1.5", "a decimal number", ""),
        ("a = true", "a boolean", ""),
        ("a = 2020-01-01", "a date or time", ""),
        ("a = [1]", "an array", ""),
        ("a = {}", "a table", ""),
    ] {
        let [message, part, helps] = wrong(text, integer(1..=u64::MAX));
        assert_eq!(message, format!("expected a whole number for `a`, found {found}"));
        assert_eq!((part.as_str(), helps.as_str()), (&text[4..], help));
    }
    assert_eq!(wrong("a = 1", text_or_empty())[2], "put the value in quotes");
    assert_eq!(wrong("a = [1, 2]", boolean())[2], "write `true` or `false`");
    assert_eq!(wrong("a = [\"x\", 2]", list(text_or_empty()))[1], "2");
}

#[test]
fn a_number_out_of_range_says_the_range() {
    for (text, found) in [("-1", "-1"), ("1.01", "1.01"), ("nan", "nan")] {
        let [message, ..] = wrong(&format!("a = {text}"), probability());
        assert_eq!(message, format!("`a` must be from 0 to 1, found {found}"));
    }
    for (text, found) in [("inf", "inf"), ("0.0", "0"), ("-0.5", "-0.5")] {
        let [message, ..] = wrong(&format!("a = {text}"), above_zero());
        assert_eq!(message, format!("`a` must be above 0, found {found}"));
    }
    for (text, message) in [("a = 0", "found 0"), ("a = -5", "found -5")] {
        let expected = format!("`a` must be at least 1, {message}");
        assert_eq!(wrong(text, integer(1..=u64::MAX))[0], expected);
    }
    let expected = "`a` must be from 1 to 65535, found 70000";
    assert_eq!(wrong("a = 70000", integer(1..=u16::MAX))[0], expected);
}

#[test]
fn a_duration_error_points_into_the_string_where_it_can() {
    for (text, part) in [
        ("a = \"2h 30x\"", "x"),
        ("a = '2h 30x'", "x"),
        ("a = \"2h\\u002030x\"", "\"2h\\u002030x\""),
        ("a = \"\"\"2h 30x\"\"\"", "\"\"\"2h 30x\"\"\""),
        ("a = \"\"", ""),
        ("a = \"10\"", "10"),
        ("a = 10", "10"),
        ("a = true", "true"),
    ] {
        let [_, found, help] = wrong(text, duration());
        assert_eq!(found, part, "{text}");
        assert!(!help.is_empty(), "{text}");
    }
    let [message, ..] = wrong("a = \"0s\"", positive_duration());
    assert_eq!(message, "`a` must be longer than zero");
}

#[test]
fn all_errors_of_a_table_are_reported_at_once() {
    let text = "cuont = 5\nserver = \"dp1\"\nextra = 1\nrate = \"fast\"\nkind = \"posson\"\n";
    let ((), shown) = read(text, |fields| {
        assert_eq!(required("5000", integer(1..=9_u8)).read(fields, "count"), None);
        assert_eq!(required("\"7d\"", duration()).read(fields, "horizon"), None);
        assert_eq!(required("1.5", above_zero()).read(fields, "rate"), None);
        let kinds = words(vec![("poisson", 1), ("constant", 2)]);
        assert_eq!(required("\"poisson\"", kinds).read(fields, "kind"), None);
        assert!(optional("none", list(text_or_empty())).read(fields, "servers").is_some());
    });
    for part in [
        "unknown key `cuont` in the scenario",
        "did you mean `count`?",
        "unknown key `server` in the scenario",
        "did you mean `servers`?",
        "the valid keys are `count`, `horizon`, `rate`, `kind`, `servers`",
        "missing key `horizon` in the scenario",
        "add `horizon = \"7d\"`",
        "expected a number above 0 for `rate`, found a string",
        "unknown `kind`: `posson`",
        "did you mean `poisson`?",
        "6 errors in storm.toml",
    ] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
    assert!(!shown.contains("missing key `count`"), "{shown}");
}

#[test]
fn nothing_is_missing_from_a_table_that_could_not_be_read() {
    let (value, shown) =
        read("count 5\n", |fields| required("5", integer(1..=9_u8)).read(fields, "count"));
    assert_eq!(value, None);
    assert!(shown.contains("expected `=`") && shown.contains("1 error in"), "{shown}");
}

#[test]
fn a_reader_that_is_given_up_still_reports_what_is_missing() {
    let diagnostics = Diagnostics::new();
    let table = Table::new();
    let owner = Location::new(Sources::new().add("x", ""), 0..0);
    let mut fields = Fields::new(&table, owner, "the retry", &diagnostics);
    assert!(required("\"fixed\"", text_or_empty()).read(&mut fields, "kind").is_none());
    drop(fields);
    assert!(diagnostics.has_errors());
}
