//! Assignments, as of `--set`.

use super::super::Value;
use super::{Fixture, compact};

#[test]
fn assignments_are_read_like_dotted_keys() {
    for (text, expected) in [
        ("clients.office.count=20000", "{clients={office={count=20000}}}"),
        ("release=sms-2.0-sp3", "{release=\"sms-2.0-sp3\"}"),
        ("horizon = 2h 30m ", "{horizon=\"2h 30m\"}"),
        ("horizon='7d'", "{horizon=\"7d\"}"),
        ("a=true", "{a=true}"),
        ("a=1e3", "{a=1000.0}"),
        ("a=[1, {b = \"x\"}]", "{a=[1 {b=\"x\"}]}"),
        ("\"a b\".'c.d' . \"\\u0065\"=x=y", "{a b={c.d={e=\"x=y\"}}}"),
        ("clients.*.count=5", "{clients={*={count=5}}}"),
        ("a=5#3", "{a=\"5#3\"}"),
        ("a=\"\"", "{a=\"\"}"),
    ] {
        let mut fixture = Fixture::new();
        let table = fixture.set(text).map(|table| compact(&table));
        assert_eq!(table.as_deref(), Some(expected), "{text}\n{}", fixture.shown());
        assert!(fixture.diagnostics.is_empty());
    }
}

#[test]
fn locations_of_an_assignment_point_into_the_argument() {
    let text = "\"grün\".b = [7, 8]";
    let mut fixture = Fixture::new();
    let table = fixture.set(text).expect("a table");
    let outer = table.get("grün").expect("an entry");
    assert_eq!(&text[outer.key_location.span.clone()], "\"grün\"");
    let Value::Table(inner) = &outer.node.value else {
        panic!("no table");
    };
    let inner = inner.get("b").expect("an entry");
    assert_eq!(&text[inner.node.location.span.clone()], "[7, 8]");
    let Value::Array(items) = &inner.node.value else {
        panic!("no array");
    };
    assert_eq!(&text[items[1].location.span.clone()], "8");
}

#[test]
fn wrong_assignments_say_where() {
    for (text, message, part) in [
        ("", "a name is missing in the path", ""),
        ("a.b", "expected `=` and a value after the path", ""),
        ("=5", "the path before `=` is missing", ""),
        ("a..b=5", "a name is missing in the path", ""),
        ("a.=5", "a name is missing in the path", ""),
        ("a.\"\"=5", "a name is missing in the path", "\"\""),
        ("a=", "the value after `=` is missing", ""),
        ("a= ", "the value after `=` is missing", ""),
        ("\"a.b=5", "the quote is not closed", "\"a.b=5"),
        (
            "head office.x=5",
            "a name without quotes has only letters from a to z, digits, `_` and `-`",
            "head office",
        ),
        ("a.b*=5", "a name without quotes has only letters from a to z, digits, `_` and `-`", "b*"),
        ("\"a\"b=5", "expected `.` or `=` after a name", "b"),
        ("a=\"x", "this string is not closed", "\"x"),
        ("a=[1", "the array is not closed", ""),
        ("a=\"x\" y", "unexpected text after the value", "y"),
        (
            "a=99999999999999999999",
            "the number `99999999999999999999` is out of range",
            "99999999999999999999",
        ),
        ("a=1\nb=2", "unexpected control character", "\n"),
    ] {
        let mut fixture = Fixture::new();
        assert!(fixture.set(text).is_none(), "{text}");
        assert_eq!(fixture.errors(), [(message.to_owned(), part.to_owned())], "{text}");
    }
}
