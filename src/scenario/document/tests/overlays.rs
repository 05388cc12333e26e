//! Overlays on a scenario.

use super::super::{Table, Value, overlay};
use super::{Fixture, SCENARIO, compact, rules};

fn overlaid(over: &str) -> (Table, Fixture) {
    let mut fixture = Fixture::new();
    let base = fixture.parse(SCENARIO);
    let over = fixture.set(over).expect("an assignment");
    let table = overlay(&base, &over, &rules(), &fixture.diagnostics);
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
fn an_alternative_takes_the_other_key_away() {
    let mut fixture = Fixture::new();
    let base = fixture.parse("workaround = { when_stranded = 5, count = 1 }");
    for (over, result) in [
        ("workaround.after=1h", "{workaround={count=1 after=\"1h\"}}"),
        ("workaround.*=7", "{workaround={when_stranded=7 count=7}}"),
        ("workaround={after=1,when_stranded=2}", "{workaround={count=1 after=1 when_stranded=2}}"),
    ] {
        let over = fixture.set(over).expect("an assignment");
        let table = overlay(&base, &over, &rules(), &fixture.diagnostics);
        assert_eq!(compact(&table), result);
    }
}

#[test]
fn a_table_merges_into_what_a_plain_value_is_short_for() {
    let mut fixture = Fixture::new();
    let base = fixture.parse("a = { queue = 10 }\nb = { queue = [1] }");
    for (over, result) in [
        ("a.queue.timeout=1", "{a={queue={length=10 timeout=1}} b={queue=[1]}}"),
        ("a.queue.length=5", "{a={queue={length=5}} b={queue=[1]}}"),
        ("a.queue=5", "{a={queue=5} b={queue=[1]}}"),
        ("a.queue={kind=7}", "{a={queue={kind=7}} b={queue=[1]}}"),
        ("b.queue={kind=7}", "{a={queue=10} b={queue={kind=7}}}"),
    ] {
        let over = fixture.set(over).expect("an assignment");
        let table = overlay(&base, &over, &rules(), &fixture.diagnostics);
        assert_eq!(compact(&table), result);
    }
    assert!(fixture.diagnostics.is_empty(), "{}", fixture.shown());
    let over = fixture.set("b.queue.timeout=1").expect("an assignment");
    overlay(&base, &over, &rules(), &fixture.diagnostics);
    let [(message, _)] = fixture.errors().try_into().expect("one error");
    assert_eq!(message, "`queue` is a list, of which no single key can be set");
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
