//! Text that is not TOML.

use crate::harness::{Desk, SMALL, changed, refused, refused_set};

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

#[test]
fn typographic_quotes_suggest_plain_ones_and_hide_no_other_error() {
    let name = refused(changed("\"A small storm\"", "“A small storm”")).at("1:8");
    name.marks("“A small storm”").about("quotes | typographic").suggests("\"A small storm\"");
    let header = refused(changed("clients.office", "clients.‘head office’")).at("7:10");
    header.marks("‘head office’").about("quotes").suggests("\"head office\"");
    let text =
        changed("kind = \"constant\", duration = \"2m\"", "kind = “constant”, duration = «2x»");
    let [quotes, unit] = refused(text.replace("\"1d\"", "„1d“")).problems();
    quotes.at("2:11").marks("„1d“").about("quotes").suggests("\"1d\" | line 11");
    unit.at("11:46").marks("x").about("x | unit").suggests("ms | s | m");
    let open = refused(changed("\"1d\"", "\"1d”")).at("2:11").about("string | closed");
    open.suggests("typographic | \"");
    let set = refused_set(&["horizon=“2d”"]).at("--set:1:9").marks("“2d”");
    set.about("quotes").suggests("\"2d\"");
    let blank = refused(changed("count = 100", "count =\u{a0}100")).at("8:8").about("blank");
    blank.suggests("not a blank");
}

#[test]
fn a_file_in_another_format_is_named_and_nothing_else_is_reported() {
    for (text, marked, format, suggestion) in [
        ("{\n  \"name\": \"x\"\n}\n", "{", "JSON", "key = value | [clients.office]"),
        ("name: x\nclients:\n  office:\n    count: 5\n", "name: x", "YAML", "key = value"),
        ("---\nname: x\n", "---", "YAML", "distpoint scenarios"),
        ("<html>\n", "<html>", "HTML", "key = value"),
    ] {
        let problem = refused(text).at("1:1").marks(marked);
        problem.about(&format!("{format} | TOML")).suggests(suggestion);
    }
    let desk = Desk::with(SMALL);
    desk.run(&["run", "s.toml", "-o", "results.json"]).succeeds();
    let results = desk.read("results.json");
    refused(results)
        .at("1:1")
        .about("JSON | TOML")
        .suggests("distpoint report | distpoint compare");
}
