//! Text that is not TOML.

use crate::harness::{Desk, SMALL, changed, refused};

#[test]
fn a_missing_part_of_a_line_is_named_where_it_is_missing() {
    for (from, to, place, about, suggestion) in [
        ("count = 100", "count =", "8:8", "value", "key = 10 | key = \"text\" | key = true"),
        ("count = 100", "count 100", "8:7", "=", "key = value | [table]"),
        ("\"1d\"", "\"1d", "2:11", "string", "\""),
        ("[clients.office]", "[clients.office", "7:16", "table header", "]"),
        ("over = \"10m\" }", "over = \"10m\"", "10:11", "inline table", "}"),
        (
            "[clients.office]",
            "[clients.head office]",
            "7:14",
            "table header",
            "] | [clients.\"head office\"]",
        ),
    ] {
        refused(changed(from, to)).at(place).about(about).suggests(suggestion);
    }
}

#[test]
fn an_invalid_value_suggests_the_one_that_is_meant() {
    let bare = refused(changed("\"1d\"", "1d")).at("2:11").marks("1d");
    bare.about("1d").suggests("\"1d\"");
    let thousands = refused(changed("count = 100", "count = 20,000")).at("8:11").marks(",000");
    thousands.suggests("20_000");
    let percentage = changed("misreport_probability = 0.01", "misreport_probability = 1%");
    let [string, fraction] = refused(percentage).problems();
    string.at("9:25").marks("1%").about("1%").suggests("\"1%\"");
    fraction.at("9:25").marks("1%").about("misreport_probability | 0 | 1").suggests("0 | 1 | 0.01");
}

#[test]
fn a_second_definition_is_refused() {
    let key = refused(changed("count = 100", "count = 100\ncount = 200")).at("9:1").marks("count");
    key.about("count | twice").suggests("again | remove");
    let table = changed("[clients.office]", "[clients.office]\n[clients.office]");
    let table = refused(table).at("8:10").marks("office");
    table.about("office | twice").suggests("again | remove");
}

#[test]
fn tables_nested_without_end_are_refused() {
    let deep = format!("description = {}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let text = SMALL.replace("horizon =", &format!("{deep}\nhorizon ="));
    let text = Desk::with(&text).run(&["run", "s.toml"]).fails(2);
    assert!(text.contains("nested too deeply"), "{text}");
}
