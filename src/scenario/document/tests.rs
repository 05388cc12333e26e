use super::super::diagnostic::Sources;
use super::*;

struct Fixture {
    sources: Sources,
    diagnostics: Diagnostics,
}

impl Fixture {
    fn new() -> Self {
        Self { sources: Sources::new(), diagnostics: Diagnostics::new() }
    }

    fn parse(&mut self, text: &str) -> Table {
        let id = self.sources.add("storm.toml", text);
        parse(id, text, &self.diagnostics)
    }

    fn set(&mut self, text: &str) -> Option<Table> {
        let id = self.sources.add("--set", text);
        parse_assignment(id, text, &self.diagnostics)
    }

    /// Each message with what it underlines.
    fn errors(&self) -> Vec<(String, String)> {
        let list = self.diagnostics.sorted().into_iter();
        list.map(|error| {
            let part = error
                .location
                .map_or("", |location| &self.sources.text(location.source)[location.span]);
            (error.message, part.to_owned())
        })
        .collect()
    }

    fn shown(&self) -> String {
        self.diagnostics.render(&self.sources, false)
    }
}

/// A table in a compact notation, keys in order.
fn compact(table: &Table) -> String {
    fn value(found: &Value) -> String {
        match found {
            Value::String(text) => format!("{text:?}"),
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => format!("{number:?}"),
            Value::Boolean(flag) => flag.to_string(),
            Value::Datetime => "date".to_owned(),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| value(&item.value)).collect();
                format!("[{}]", items.join(" "))
            }
            Value::Table(table) => compact(table),
            Value::Invalid => "?".to_owned(),
        }
    }
    let entries: Vec<String> = table
        .entries()
        .iter()
        .map(|entry| format!("{}={}", entry.key, value(&entry.node.value)))
        .collect();
    format!("{{{}}}", entries.join(" "))
}

const SCENARIO: &str = "\
horizon = '7d'
[distribution_points.dp1]
slots = 10
[clients.office]
count = 5000
retry = { kind = 'fixed', delay = '5s' }
[clients.home]
count = 100
retry.kind = 'backoff'
retry.base = '1s'
";

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
fn every_syntax_error_is_told_once_and_the_rest_is_read() {
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
fn errors_of_different_places_are_told_together() {
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

fn overlaid(over: &str) -> (Table, Fixture) {
    let mut fixture = Fixture::new();
    let base = fixture.parse(SCENARIO);
    let over = fixture.set(over).expect("an assignment");
    let table = overlay(&base, &over, &fixture.diagnostics);
    (table, fixture)
}

#[test]
fn an_overlay_changes_only_what_it_names() {
    let office = "office={count=5000 retry={kind=\"fixed\" delay=\"5s\"}}";
    let home = "home={count=100 retry={kind=\"backoff\" base=\"1s\"}}";
    let scenario = |clients: &str| {
        format!("{{horizon=\"7d\" distribution_points={{dp1={{slots=10}}}} clients={{{clients}}}}}")
    };
    for (over, clients) in [
        ("clients.office.count=7", format!("{} {home}", office.replace("5000", "7"))),
        (
            "clients.*.count=7",
            format!("{} {}", office.replace("5000", "7"), home.replace("100", "7")),
        ),
        (
            "clients={office = {count = 8}, \"*\" = {count = 7}}",
            format!("{} {}", office.replace("5000", "8"), home.replace("100", "7")),
        ),
        (
            "clients.office.retry.kind=none",
            format!("office={{count=5000 retry={{kind=\"none\"}}}} {home}"),
        ),
        ("clients.home.retry.base=9s", format!("{office} {}", home.replace("1s", "9s"))),
        ("clients.home=5", format!("{office} home=5")),
    ] {
        let (table, fixture) = overlaid(over);
        assert_eq!(compact(&table), scenario(&clients), "{over}");
        assert!(fixture.diagnostics.is_empty(), "{}", fixture.shown());
    }
    let (table, _) = overlaid("new.table=1");
    assert!(compact(&table).ends_with("new={table=1}}"));
}

#[test]
fn an_overlay_cannot_name_what_the_scenario_lacks() {
    for (over, message, part, help) in [
        ("clients.ofice.count=7", "no client group `ofice`", "ofice", "did you mean `office`?"),
        ("clients.x={count=7}", "no client group `x`", "x", "this scenario has: `office`, `home`"),
        (
            "distribution_points.DP1.slots=7",
            "no distribution point `DP1`",
            "DP1",
            "did you mean `dp1`?",
        ),
        ("horizon.*=7", "`*` stands for nothing here", "*", ""),
        ("*.x=7", "`*` cannot stand for the tables of a scenario", "*", ""),
    ] {
        let (table, fixture) = overlaid(over);
        let [(found, underlined)] = fixture.errors().try_into().expect("one error");
        assert_eq!((found.as_str(), underlined.as_str()), (message, part), "{over}");
        assert!(fixture.shown().contains(help), "{over}");
        assert!(!compact(&table).contains("count=7") && !compact(&table).contains("=7}"), "{over}");
    }
}

#[test]
fn merged_values_keep_their_places() {
    let (table, fixture) = overlaid("clients.office.count=7");
    let Some(Value::Table(clients)) = table.get("clients").map(|entry| &entry.node.value) else {
        panic!("no table");
    };
    let Some(Value::Table(office)) = clients.get("office").map(|entry| &entry.node.value) else {
        panic!("no table");
    };
    let place = |key: &str| {
        let location = &office.get(key).expect("an entry").node.location;
        (fixture.sources.name(location.source), fixture.sources.line_column(location))
    };
    assert_eq!(place("count"), ("--set", (1, 22)));
    assert_eq!(place("retry"), ("storm.toml", (6, 9)));
}

/// A small generator of deterministic noise.
struct Noise(u64);

impl Noise {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    /// The text with a few pieces removed, doubled or put in.
    fn mutate(&mut self, text: &str, pieces: &[&str]) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(4) {
            let at = self.below(chars.len() + 1);
            let end = (at + self.below(12)).min(chars.len());
            match self.below(4) {
                0 => drop(chars.drain(at..end)),
                1 => {
                    let copy: Vec<char> = chars[at..end].to_vec();
                    let to = self.below(chars.len() + 1);
                    chars.splice(to..to, copy);
                }
                2 => chars.truncate(chars.len() - self.below(chars.len() / 4 + 1)),
                _ => {
                    let piece = pieces[self.below(pieces.len())];
                    chars.splice(at..at, piece.chars());
                }
            }
        }
        chars.into_iter().collect()
    }
}

#[test]
fn no_text_makes_parsing_overlaying_or_rendering_panic() {
    let pieces = [
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "=",
        ".",
        ",",
        "\n",
        "\r",
        "\r\n",
        "#",
        "*",
        "\\",
        "\\u12",
        "\u{feff}",
        "ü",
        "漢",
        "\u{200d}",
        "\u{9b}",
        "\u{0}",
        "\t",
        "1e999",
        "0x",
        "01",
        "[[a]]",
        "[clients]",
        "\nretry.kind=1\n",
        "nan",
        "kind",
        "99999999999999999999",
        " 2020-13-01",
        "+",
        "_",
    ];
    let sets =
        ["clients.office.count=20000", "clients.*.retry={kind='x', a=[1, 2]}", "\"a b\".c=7d"];
    let mut noise = Noise(0x2545_F491_4F6C_DD1D);
    for round in 0..3_000 {
        let mut fixture = Fixture::new();
        let base_text = noise.mutate(SCENARIO, &pieces);
        let base = fixture.parse(&base_text);
        let over_text = noise.mutate(SCENARIO, &pieces);
        let over = fixture.parse(&over_text);
        let set_text = noise.mutate(sets[round % sets.len()], &pieces);
        let set = fixture.set(&set_text);
        let merged = overlay(&base, &over, &fixture.diagnostics);
        let merged = set.map_or(merged.clone(), |set| overlay(&merged, &set, &fixture.diagnostics));
        drop(compact(&merged));
        for error in fixture.diagnostics.sorted() {
            let location = error.location.expect("a location");
            let text = fixture.sources.text(location.source);
            assert!(text.get(location.span).is_some(), "{}\n{text:?}", error.message);
        }
        drop(fixture.diagnostics.render(&fixture.sources, round % 2 == 0));
    }
}
