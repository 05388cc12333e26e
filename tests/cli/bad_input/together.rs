//! Many errors, all reported at once.

use crate::harness::{Desk, MANY_ERRORS, group};

#[test]
fn all_errors_of_a_file_are_reported_at_once_in_the_order_of_its_lines() {
    let refusal = Desk::new().file("many.toml", MANY_ERRORS).run(&["run", "many.toml"]).refuses();
    let rows = [
        ("2:8", "7", "name | string", "string | quotes"),
        ("3:17", "x", "horizon | x", "ms | s | m | h | d | w"),
        ("4:1", "sede", "sede", "seed"),
        ("7:20", "0", "connection_limit | 0", "1 | 4294967295"),
        ("10:9", "\"100\"", "count | whole number", "whole number | 100"),
        ("11:25", "2", "misreport_probability | 2", "0 | 1"),
        ("12:11", "\"sms-2.0-sp33\"", "release | sms-2.0-sp33", "sms-2.0-sp3"),
        ("13:24", "\"DP02\"", "DP02", "DP01"),
        ("14:20", "\"posson\"", "kind | posson", "poisson"),
        ("15:43", "120", "median | duration", "\"120s\" | \"120m\""),
        ("15:56", "nan", "sigma | nan", "0"),
        ("16:54", "\"1m\"", "cap | 1m | base | 5m", "longest"),
        (
            "18:10",
            "branch",
            "transfer | branch",
            "transfer = { kind = \"constant\", duration = \"2m\" }",
        ),
        ("20:36", "\"missing.csv\"", "missing.csv", "scenario file"),
        ("23:45", "-1", "connection_limit | -1", "1 | 4294967295"),
        ("24:9", "ofice", "ofice", "office"),
    ];
    let problems: [_; 16] = refusal.problems();
    for (problem, (place, marked, about, suggestion)) in problems.into_iter().zip(rows) {
        let problem = problem.at(&format!("many.toml:{place}")).marks(marked);
        problem.about(about).suggests(suggestion);
    }
}

#[test]
fn errors_of_the_file_and_of_set_are_reported_together() {
    let desk = Desk::with(&group("count = 0"));
    let refusal = desk.run(&["run", "s.toml", "--set", "horizon=7x"]).refuses();
    let (_, number) = refusal.text.trim_end().rsplit_once("\n\n").expect("their number");
    assert_eq!(number, "2 errors in s.toml and --set");
    let [file, set] = refusal.problems();
    file.at("8:9").about("count | 0").suggests("1 | 4294967279");
    set.at("--set:1:10").about("horizon | x").suggests("ms | s | m | h | d | w");
}
