//! Times from CSV files: which files are refused, and which are not.

use insta::assert_snapshot;

use crate::harness::{ARRIVAL, Desk, TRANSFER, small};

const COUNT: &str = "count = 100\n";

/// A scenario whose arrivals are of `t.csv`, and as many as that has rows.
fn arrivals(more: &str) -> String {
    let table = format!(r#"{{ kind = "trace", file = "t.csv"{more} }}"#);
    small(ARRIVAL, &table).replace(COUNT, "")
}

/// What the program says of arrivals from a file with this content.
fn refused(csv: impl AsRef<[u8]>, more: &str) -> String {
    Desk::with(&arrivals(more)).file("t.csv", csv).run(&["run", "s.toml"]).refuses()
}

/// How many clients arrive if `t.csv` has this content.
fn arrived(scenario: &str, csv: &str) -> u64 {
    let desk = Desk::with(scenario).file("t.csv", csv);
    let results = desk.run(&["run", "s.toml", "--format", "json"]).json();
    results["variants"][0]["metrics"]["arrived"]["mean"].as_f64().expect("a number") as u64
}

#[test]
fn a_missing_trace() {
    assert_snapshot!(Desk::with(&arrivals("")).run(&["run", "s.toml"]).refuses(), @r#"
    error: cannot read `t.csv`: there is no such file
     --> s.toml:9:36
      |
    9 | arrival = { kind = "trace", file = "t.csv" }
      |                                    ^^^^^^^
      |
      = help: a path in a scenario is relative to the directory of the scenario file

    1 error in s.toml
    "#);
}

#[test]
fn a_trace_that_is_a_directory() {
    let desk = Desk::with(&arrivals("")).subdirectory("t.csv");
    assert_snapshot!(desk.run(&["run", "s.toml"]).refuses(), @r#"
    error: cannot read `t.csv`: it is a directory
     --> s.toml:9:36
      |
    9 | arrival = { kind = "trace", file = "t.csv" }
      |                                    ^^^^^^^
      |
      = help: name a CSV file in it

    1 error in s.toml
    "#);
}

#[test]
fn a_trace_that_is_not_utf_8() {
    assert_snapshot!(refused(b"time\n\xff\n", ""), @r#"
    error: cannot read `t.csv`: it is not UTF-8 text
     --> s.toml:9:36
      |
    9 | arrival = { kind = "trace", file = "t.csv" }
      |                                    ^^^^^^^
      |
      = help: save the file as UTF-8

    1 error in s.toml
    "#);
}

#[test]
fn an_empty_trace() {
    assert_snapshot!(refused("", ""), @r#"
    error: the trace is empty: its file has no rows
     --> s.toml:9:36
      |
    9 | arrival = { kind = "trace", file = "t.csv" }
      |                                    ^^^^^^^
      |
      = help: row i is client i: put one row for each client

    1 error in s.toml
    "#);
}

#[test]
fn a_trace_of_a_header_only() {
    assert_snapshot!(refused("time\n", ""), @r#"
    error: the trace is empty: its file has no rows
     --> s.toml:9:36
      |
    9 | arrival = { kind = "trace", file = "t.csv" }
      |                                    ^^^^^^^
      |
      = help: row i is client i: put one row for each client

    1 error in s.toml
    "#);
}

#[test]
fn a_column_that_is_near_another() {
    assert_snapshot!(refused("client,time\nPC1,5\n", r#", column = "tiem""#), @r#"
    error: the file has no column `tiem`
     --> s.toml:9:54
      |
    9 | arrival = { kind = "trace", file = "t.csv", column = "tiem" }
      |                                                      ^^^^^^
      |
      = help: did you mean `time`?

    1 error in s.toml
    "#);
}

#[test]
fn a_column_that_is_near_none() {
    assert_snapshot!(refused("client,time\nPC1,5\n", r#", column = "arrived""#), @r#"
    error: the file has no column `arrived`
     --> s.toml:9:54
      |
    9 | arrival = { kind = "trace", file = "t.csv", column = "arrived" }
      |                                                      ^^^^^^^^^
      |
      = help: its columns are: `client`, `time`

    1 error in s.toml
    "#);
}

#[test]
fn a_column_of_a_file_without_names() {
    assert_snapshot!(refused("1\n2\n", r#", column = "time""#), @r#"
    error: the file has no column `time`
     --> s.toml:9:54
      |
    9 | arrival = { kind = "trace", file = "t.csv", column = "time" }
      |                                                      ^^^^^^
      |
      = help: its first line is data: put the names of the columns above it

    1 error in s.toml
    "#);
}

#[test]
fn several_columns_and_none_is_named() {
    assert_snapshot!(refused("client,time\nPC1,5\n", ""), @r#"
    error: which column? The file has several
     --> s.toml:9:36
      |
    9 | arrival = { kind = "trace", file = "t.csv" }
      |                                    ^^^^^^^
      |
      = help: add `column = ...`, one of: `client`, `time`

    1 error in s.toml
    "#);
}

#[test]
fn several_columns_without_names() {
    assert_snapshot!(refused("1,2\n3,4\n", ""), @r#"
    error: which column? The file has several
     --> s.toml:9:36
      |
    9 | arrival = { kind = "trace", file = "t.csv" }
      |                                    ^^^^^^^
      |
      = help: put the names of the columns above them, and add `column = ...`

    1 error in s.toml
    "#);
}

#[test]
fn arrivals_that_are_not_sorted() {
    assert_snapshot!(refused("time\n10\n30\n20\n40\n", ""), @r"
    error: the arrivals are not sorted: row 3 is before row 2
     --> t.csv:4:1
      |
    4 | 20
      | ^^
      |
      = help: sort the file by time; if its rows are clients in another order, add `sorted = false` to `arrival`

    1 error in t.csv
    ");
}

#[test]
fn a_negative_time() {
    assert_snapshot!(refused("time\n10\n-5\n", ""), @r"
    error: `time`: `-5` is negative
     --> t.csv:3:1
      |
    3 | -5
      | ^^
      |
      = help: a time is a number of milliseconds (of seconds in a column whose name ends in `_s`), or has a unit, such as `90s`

    1 error in t.csv
    ");
}

#[test]
fn a_time_that_is_not_a_number() {
    assert_snapshot!(refused("time\n10\nNaN\n", ""), @r"
    error: `time`: `NaN` is not a number
     --> t.csv:3:1
      |
    3 | NaN
      | ^^^
      |
      = help: a time is a number of milliseconds (of seconds in a column whose name ends in `_s`), or has a unit, such as `90s`

    1 error in t.csv
    ");
}

#[test]
fn a_time_beyond_a_century() {
    assert_snapshot!(refused("time_s\n1e300\n", ""), @r"
    error: `time_s`: `1e300` is longer than 36500d
     --> t.csv:2:1
      |
    2 | 1e300
      | ^^^^^
      |
      = help: a time is a number of milliseconds (of seconds in a column whose name ends in `_s`), or has a unit, such as `90s`

    1 error in t.csv
    ");
}

#[test]
fn a_time_that_is_text() {
    assert_snapshot!(refused("client,time\nPC1,5\nPC2,soon\nPC3,7\n", r#", column = "time""#), @r"
    error: `time`: `soon` is not a time: a duration begins with a number
     --> t.csv:3:5
      |
    3 | PC2,soon
      |     ^^^^
      |
      = help: a time is a number of milliseconds (of seconds in a column whose name ends in `_s`), or has a unit, such as `90s`

    1 error in t.csv
    ");
}

#[test]
fn a_cell_that_is_empty() {
    assert_snapshot!(refused("client,time\nPC1,5\nPC2,\n", r#", column = "time""#), @r"
    error: `time`: this cell is empty
     --> t.csv:3:5
      |
    3 | PC2,
      |     ^
      |
      = help: a time is a number of milliseconds (of seconds in a column whose name ends in `_s`), or has a unit, such as `90s`

    1 error in t.csv
    ");
}

#[test]
fn a_row_that_is_too_short() {
    assert_snapshot!(refused("client,time\nPC1,5\nPC2\n", r#", column = "time""#), @r"
    error: `time`: this row has no such column
     --> t.csv:3:1
      |
    3 | PC2
      | ^^^
      |
      = help: a time is a number of milliseconds (of seconds in a column whose name ends in `_s`), or has a unit, such as `90s`

    1 error in t.csv
    ");
}

#[test]
fn no_more_than_five_wrong_rows_are_told() {
    let csv = format!("time\n{}", "x\n".repeat(100));
    assert_eq!(refused(csv, "").matches("error: ").count(), 5);
}

#[test]
fn more_clients_than_rows() {
    let text = arrivals("").replace("[clients.office]", "[clients.office]\ncount = 3");
    let desk = Desk::with(&text).file("t.csv", "time\n1\n2\n");
    assert_snapshot!(desk.run(&["run", "s.toml"]).refuses(), @r"
    error: client group `office` has 3 clients, but column `time` of `t.csv` has only 2 rows
     --> s.toml:8:9
      |
    8 | count = 3
      |         ^
      |
      = help: row i is client i of the arrival trace: lower `count` to at most 2

    1 error in s.toml
    ");
}

#[test]
fn more_clients_than_transfers() {
    let table = r#"{ kind = "trace", file = "t.csv" }"#;
    let desk = Desk::with(&small(TRANSFER, table)).file("t.csv", "1m\n2m\n");
    assert_snapshot!(desk.run(&["run", "s.toml"]).refuses(), @r"
    error: client group `office` has 100 clients, but `t.csv` has only 2 rows
     --> s.toml:8:9
      |
    8 | count = 100
      |         ^^^
      |
      = help: row i is client i of the transfer trace: lower `count` to at most 2

    1 error in s.toml
    ");
}

#[test]
fn more_arrivals_than_transfers() {
    let text = arrivals("").replace(TRANSFER, r#"{ kind = "trace", file = "u.csv" }"#);
    let desk = Desk::with(&text).file("t.csv", "1m\n2m\n3m\n").file("u.csv", "1m\n");
    assert_snapshot!(desk.run(&["run", "s.toml"]).refuses(), @r"
    error: client group `office` has 3 arrivals, but only 1 transfer
     --> s.toml:7:10
      |
    7 | [clients.office]
      |          ^^^^^^
      |
      = help: add `count = 1`

    1 error in s.toml
    ");
}

#[test]
fn arrivals_without_a_number_for_transfers_from_rows() {
    let poisson = r#"{ kind = "poisson", mean_interval = "1m" }"#;
    let text = small(ARRIVAL, poisson).replace(COUNT, "");
    let text = text.replace(TRANSFER, r#"{ kind = "trace", file = "t.csv" }"#);
    let desk = Desk::with(&text).file("t.csv", "1m\n");
    assert_snapshot!(desk.run(&["run", "s.toml"]).refuses(), @r"
    error: client group `office` takes its transfers from rows, but has no number of clients
     --> s.toml:7:10
      |
    7 | [clients.office]
      |          ^^^^^^
      |
      = help: add `count = 1`

    1 error in s.toml
    ");
}

#[test]
fn arrivals_without_a_number_or_a_horizon() {
    let poisson = r#"{ kind = "poisson", mean_interval = "1m" }"#;
    let text = small(ARRIVAL, poisson).replace(COUNT, "").replace("horizon = \"1d\"\n", "");
    assert_snapshot!(Desk::with(&text).run(&["run", "s.toml"]).refuses(), @r#"
    error: client group `office` arrives until the horizon, but the scenario names none
     --> s.toml:6:10
      |
    6 | [clients.office]
      |          ^^^^^^
      |
      = help: add `horizon = "7d"` at the top, or `count = 5000` here

    1 error in s.toml
    "#);
}

#[test]
fn more_arrivals_until_the_horizon_than_can_be_counted() {
    let poisson = r#"{ kind = "poisson", mean_interval = "1ms" }"#;
    let text = small(ARRIVAL, poisson).replace(COUNT, "").replace("\"1d\"", "\"36500d\"");
    assert_snapshot!(Desk::with(&text).run(&["run", "s.toml"]).refuses(), @r"
    error: client group `office` would have some 3153600000000 clients until the horizon
     --> s.toml:7:10
      |
    7 | [clients.office]
      |          ^^^^^^
      |
      = help: at most 4,294,967,279 clients can be simulated: raise `mean_interval` or lower `horizon`

    1 error in s.toml
    ");
}

#[test]
fn a_trace_gives_the_number_of_clients() {
    assert_eq!(arrived(&arrivals(""), "time\n1\n2s\n3m\n"), 3);
    assert_eq!(arrived(&arrivals(""), "1\n2\n"), 2, "without a header");
    assert_eq!(arrived(&arrivals(""), "time\r\n1\r\n\r\n2\r\n"), 2, "with blank lines");
    assert_eq!(arrived(&arrivals(""), "\u{feff}time\n1\n2\n"), 2, "with a byte order mark");
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_name() {
    let csv = "\u{feff}time,client\n1,PC1\n2,PC2\n";
    assert_eq!(arrived(&arrivals(r#", column = "time""#), csv), 2);
}

#[test]
fn unsorted_arrivals_are_accepted_on_request() {
    assert_eq!(arrived(&arrivals(", sorted = false"), "time\n3\n1\n2\n"), 3);
}

#[test]
fn unsorted_arrivals_are_accepted_with_transfers_of_the_same_rows() {
    let both = arrivals(r#", column = "at""#)
        .replace(TRANSFER, r#"{ kind = "trace", file = "t.csv", column = "took" }"#);
    assert_eq!(arrived(&both, "at,took\n3m,1m\n1m,2m\n2m,3m\n"), 3);
}

#[test]
fn fewer_clients_than_rows_are_accepted() {
    let text = arrivals("").replace("[clients.office]", "[clients.office]\ncount = 1");
    assert_eq!(arrived(&text, "time\n1\n2\n"), 1);
}

#[test]
fn a_trace_lies_beside_its_scenario() {
    let desk = Desk::new().subdirectory("far");
    let desk = desk.file("far/s.toml", arrivals("")).file("far/t.csv", "1\n2\n");
    assert!(desk.run(&["run", "far/s.toml"]).succeeds().contains("clients"));
}

#[test]
fn a_column_that_is_there_twice() {
    let more = r#", column = "at_s""#;
    assert_snapshot!(refused("at_s,bytes,at_s\n1,2,3\n", more), @"
    error: two columns have the name `at_s`
     --> t.csv:1:12
      |
    1 | at_s,bytes,at_s
      |            ^^^^ the same as column 1
      |
      = help: give one of them another name

    1 error in t.csv
    ");
    // The other columns may have any names.
    assert_eq!(arrived(&arrivals(more), "x,at_s,x\n1,2,3\n"), 1);
}
