use super::super::document::{Table, parse};
use super::field::Field;
use super::fields::Fields;
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

/// Reads the key `a` and gives the message, what is underlined, and the help.
fn wrong<T>(text: &str, decode: impl FnOnce(Field<'_>) -> Option<T>) -> [String; 3] {
    let mut sources = Sources::new();
    let id = sources.add("storm.toml", text);
    let diagnostics = Diagnostics::new();
    let table = parse(id, text, &diagnostics);
    let field = Field::new(table.get("a").expect("a key"), &diagnostics);
    assert!(decode(field).is_none(), "{text}");
    let [error] = diagnostics.sorted().try_into().expect("one error");
    let span = error.location.expect("a location").span;
    [error.message, text[span].to_owned(), error.helps.join("; ")]
}

#[test]
fn valid_values_are_read() {
    let text = "n = 5\nz = -3\np = 1\nq = 0.25\nt = \"2h 30m\"\ns = \"x\"\nb = true\n\
                l = [\"a\", \"b\"]\nw = \"two\"\nc.d = 1\n";
    let ((), shown) = read(text, |fields| {
        assert_eq!(fields.required("n", "1", |n| n.integer_in(1..=u64::MAX)), Some(5));
        assert_eq!(fields.required("z", "1", |z| z.integer_in(-3..=3_i8)), Some(-3));
        assert_eq!(fields.required("p", "1", Field::probability), Some(1.0));
        assert_eq!(fields.required("q", "1", Field::positive), Some(0.25));
        assert_eq!(
            fields.required("t", "1", Field::positive_duration),
            Some(Span::from_millis(9_000_000))
        );
        assert_eq!(fields.optional("s", Field::non_empty_string), Some(Some("x")));
        assert_eq!(fields.or("b", false, Field::boolean), Some(true));
        let list = fields.or("l", Vec::new(), |l| l.array(Field::string));
        assert_eq!(list, Some(vec!["a", "b"]));
        let words = [("one", 1), ("two", 2)];
        assert_eq!(fields.required("w", "1", |w| w.one_of(&words)), Some(2));
        let mut inner = fields.field("c").and_then(|c| c.fields("`c`")).expect("a table");
        assert_eq!(inner.required("d", "1", |d| d.integer_in(0..=1_u32)), Some(1));
        inner.finish();
        assert_eq!(fields.optional("absent", Field::string), Some(None));
        assert_eq!(
            fields.or("absent", Span::MILLISECOND, Field::duration),
            Some(Span::MILLISECOND)
        );
    });
    assert_eq!(shown, "");
}

#[test]
fn a_wrong_type_says_what_was_found_and_what_is_right() {
    let integer = |a: Field<'_>| a.integer_in(1..=u64::MAX);
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
        let [message, part, helps] = wrong(text, integer);
        assert_eq!(message, format!("expected a whole number for `a`, found {found}"));
        assert_eq!((part.as_str(), helps.as_str()), (&text[4..], help));
    }
    assert_eq!(wrong("a = 1", |a| a.string().map(str::to_owned))[2], "put the value in quotes");
    assert_eq!(wrong("a = [1, 2]", |a| a.boolean())[2], "write `true` or `false`");
    assert_eq!(wrong("a = [\"x\", 2]", |a| a.array(|a| a.string().map(str::len)))[1], "2");
}

#[test]
fn a_number_out_of_range_says_the_range() {
    type Decode = fn(Field<'_>) -> Option<f64>;
    let cases: [(&str, Decode, &str); 6] = [
        ("a = -1", |a| a.probability(), "`a` must be from 0 to 1, found -1"),
        ("a = 1.01", |a| a.probability(), "`a` must be from 0 to 1, found 1.01"),
        ("a = nan", |a| a.probability(), "`a` must be from 0 to 1, found nan"),
        ("a = inf", |a| a.positive(), "`a` must be above 0, found inf"),
        ("a = 0.0", |a| a.positive(), "`a` must be above 0, found 0"),
        ("a = -0.5", |a| a.non_negative(), "`a` must be at least 0, found -0.5"),
    ];
    for (text, decode, message) in cases {
        assert_eq!(wrong(text, decode)[0], message);
    }
    for (text, message) in [("a = 0", "found 0"), ("a = -5", "found -5")] {
        let expected = format!("`a` must be at least 1, {message}");
        assert_eq!(wrong(text, |a| a.integer_in(1..=u64::MAX))[0], expected);
    }
    let expected = "`a` must be from 1 to 65535, found 70000";
    assert_eq!(wrong("a = 70000", |a| a.integer_in(1..=u16::MAX))[0], expected);
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
        let [_, found, help] = wrong(text, |a| a.duration());
        assert_eq!(found, part, "{text}");
        assert!(!help.is_empty(), "{text}");
    }
    let [message, ..] = wrong("a = \"0s\"", |a| a.positive_duration());
    assert_eq!(message, "`a` must be longer than zero");
}

#[test]
fn all_errors_of_a_table_are_told_at_once() {
    let text = "cuont = 5\nserver = \"dp1\"\nextra = 1\nrate = \"fast\"\nkind = \"posson\"\n";
    let ((), shown) = read(text, |fields| {
        assert_eq!(fields.required("count", "5000", |n| n.integer_in(1..=9_u8)), None);
        assert_eq!(fields.required("horizon", "\"7d\"", Field::duration), None);
        assert_eq!(fields.required("rate", "1.5", Field::positive), None);
        let kinds = [("poisson", 1), ("constant", 2)];
        assert_eq!(fields.required("kind", "\"poisson\"", |k| k.one_of(&kinds)), None);
        assert!(fields.optional("servers", |s| s.array(Field::string)).is_some());
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
        read("count 5\n", |fields| fields.required("count", "5", |n| n.integer_in(1..=9_u8)));
    assert_eq!(value, None);
    assert!(shown.contains("expected `=`") && shown.contains("1 error in"), "{shown}");
}

#[test]
fn a_reader_that_is_given_up_still_tells_what_is_missing() {
    let diagnostics = Diagnostics::new();
    let table = Table::new();
    let owner = Location::new(Sources::new().add("x", ""), 0..0);
    let mut fields = Fields::new(&table, owner, "the retry", &diagnostics);
    assert!(fields.required("kind", "\"fixed\"", Field::string).is_none());
    drop(fields);
    assert!(diagnostics.has_errors());
}
