//! Values of a wrong type.

use crate::harness::{changed, check, group, refused, top};

#[test]
fn a_value_of_another_type_names_the_type_that_the_key_has() {
    check(
        |line| refused(group(line)),
        &[
            (
                "count = \"100\"",
                "8:9",
                "\"100\"",
                "count | whole number | string",
                "whole number | 100",
            ),
            ("count = 1.5", "8:9", "1.5", "count | whole number | decimal", "whole number"),
            (
                "misreport_strands = \"yes\"",
                "12:21",
                "\"yes\"",
                "misreport_strands | boolean | string",
                "boolean | true | false",
            ),
            ("arrival = \"uniform\"", "10:11", "\"uniform\"", "arrival | table | string", "table"),
            (
                "distribution_points = \"DP01\"",
                "12:23",
                "\"DP01\"",
                "distribution_points | array | string",
                "array | brackets",
            ),
        ],
    );
    check(
        |line| refused(top(line)),
        &[
            (
                "horizon = 7",
                "2:11",
                "7",
                "horizon | duration | whole number",
                "duration | \"7s\" | \"7m\"",
            ),
            (
                "horizon = 2026-01-01",
                "2:11",
                "2026-01-01",
                "horizon | duration | date",
                "duration | \"250ms\" | \"10s\" | \"2h 30m\"",
            ),
            ("name = 7", "1:8", "7", "name | string | whole number", "string | quotes"),
        ],
    );
}

#[test]
fn clients_are_a_table_of_groups_and_no_list() {
    let problem =
        refused(changed("[clients.office]", "[[clients]]")).at("7:1").marks("[[clients]]");
    problem.about("clients | table | array").suggests("table");
}
