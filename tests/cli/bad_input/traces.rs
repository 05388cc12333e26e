//! Times from CSV files: which files are refused, and which are not.

use crate::harness::{ARRIVAL, Desk, Refusal, TRANSFER, changed};

const COUNT: &str = "count = 100\n";

const POISSON: &str = "arrival = { kind = \"poisson\", mean_interval = \"1m\" }";

const TRANSFER_TRACE: &str = "transfer = { kind = \"trace\", file = \"t.csv\" }";

/// A scenario whose arrivals, in line 9, are from `t.csv`, one per row.
fn arrivals(more: &str) -> String {
    let table = format!("arrival = {{ kind = \"trace\", file = \"t.csv\"{more} }}");
    changed(ARRIVAL, &table).replace(COUNT, "")
}

/// The same with this number of clients, in line 8.
fn counted_arrivals(count: u32) -> String {
    arrivals("").replace("[clients.office]", &format!("[clients.office]\ncount = {count}"))
}

#[track_caller]
fn refused_on(desk: Desk) -> Refusal {
    desk.run(&["run", "s.toml"]).refuses()
}

/// How arrivals from a file with this content are refused.
#[track_caller]
fn refused(csv: impl AsRef<[u8]>, more: &str) -> Refusal {
    refused_on(Desk::with(&arrivals(more)).file("t.csv", csv))
}

/// How many clients arrive if `t.csv` has this content.
fn arrived(scenario: &str, csv: &str) -> u64 {
    let desk = Desk::with(scenario).file("t.csv", csv);
    let results = desk.run(&["run", "s.toml", "--format", "json"]).json();
    results["variants"][0]["metrics"]["arrived"]["mean"].as_f64().expect("a number") as u64
}

#[test]
fn a_trace_is_a_file_of_text_beside_the_scenario() {
    let desk = || Desk::with(&arrivals(""));
    for (desk, about, suggestion) in [
        (desk(), "t.csv | no such file", "scenario file"),
        (desk().subdirectory("t.csv"), "t.csv | directory", "CSV"),
        (desk().file("t.csv", b"time\n\xff\n"), "t.csv | UTF-8", "UTF-8"),
    ] {
        refused_on(desk).at("9:36").marks("\"t.csv\"").about(about).suggests(suggestion);
    }
}

#[test]
fn a_trace_has_rows() {
    for csv in ["", "time\n"] {
        let problem = refused(csv, "").at("9:36").marks("\"t.csv\"").about("rows");
        problem.suggests("one row per client");
    }
}

#[test]
fn a_column_that_a_trace_lacks_suggests_a_near_one_or_lists_all() {
    for (csv, column, suggestion) in [
        ("client,time\nPC1,5\n", "tiem", "did you mean `time`"),
        ("client,time\nPC1,5\n", "arrived", "client | time"),
        ("1\n2\n", "time", "names | first line"),
    ] {
        let problem = refused(csv, &format!(", column = \"{column}\"")).at("9:54");
        problem.marks(&format!("\"{column}\"")).about(column).suggests(suggestion);
    }
}

#[test]
fn of_several_columns_one_is_named() {
    for (csv, suggestion) in [
        ("client,time\nPC1,5\n", "column = ... | client | time"),
        ("1,2\n3,4\n", "column = ... | names"),
    ] {
        let problem = refused(csv, "").at("9:36").marks("\"t.csv\"");
        problem.about("column").suggests(suggestion);
    }
}

#[test]
fn arrivals_are_sorted() {
    let problem = refused("time\n10\n30\n20\n40\n", "").at("t.csv:4:1").marks("20");
    problem.about("row 3 | row 2").suggests("sorted = false | arrival");
}

#[test]
fn a_cell_that_is_not_a_time_is_shown_with_the_forms_of_a_time() {
    const FORMS: &str = "milliseconds | seconds | _s | 90s";
    const TIME: &str = ", column = \"time\"";
    for (csv, more, place, marked, about) in [
        ("time\n10\n-5\n", "", "t.csv:3:1", "-5", "time | -5 | negative"),
        ("time\n10\nNaN\n", "", "t.csv:3:1", "NaN", "time | NaN"),
        ("time_s\n1e300\n", "", "t.csv:2:1", "1e300", "time_s | 1e300 | 36500d"),
        ("client,time\nPC1,5\nPC2,soon\nPC3,7\n", TIME, "t.csv:3:5", "soon", "time | soon"),
        ("client,time\nPC1,5\nPC2,\n", TIME, "t.csv:3:5", "", "time | empty"),
    ] {
        refused(csv, more).at(place).marks(marked).about(about).suggests(FORMS);
    }
}

#[test]
fn every_row_has_the_cells_of_the_first() {
    const POINT: &str = "quotes | 1.5";
    for (csv, place, marked, about, suggestion) in [
        ("at_s\n1,5\n", "t.csv:2:3", "5", "2 cells | 1 column", POINT),
        ("at_s\n1,\n", "t.csv:2:3", "", "2 cells | 1 column", POINT),
        ("x;at_s\ny;1;5\n", "t.csv:2:5", "5", "3 cells | 2 columns", "; | quotes"),
        ("client,at_s\nPC1,5\nPC2\n", "t.csv:3:1", "PC2", "1 cell | 2 columns", "every cell"),
        ("x,at_s\n\"a,1\nb,2\n", "t.csv:2:1", "\"", "quote | never closed", "ends with one"),
        ("x,at_s\n\"a\"b,1\nb,2\n", "t.csv:2:4", "b", "quote | line 2 | column 1", "written twice"),
        ("x,at_s\n\"a,1\nb\"c,2\n", "t.csv:3:3", "c", "quote | line 2 | column 1", "written twice"),
    ] {
        let column = ", column = \"at_s\"";
        refused(csv, column).at(place).marks(marked).about(about).suggests(suggestion);
    }
    let csv = format!("at_s\n{}", "1,5\n".repeat(100));
    let refusal = refused(csv, "");
    assert_eq!(refusal.count(), 5);
    assert!(refusal.text.contains("the rows below are not checked"), "{}", refusal.text);
}

#[test]
fn a_number_with_a_comma_is_not_guessed() {
    for (csv, place, marked) in [
        ("at_s\n\"1,5\"\n\"2\"\n", "t.csv:2:1", "\"1,5\""),
        ("\"1,234\"\n", "t.csv:1:1", "\"1,234\""),
    ] {
        let problem = refused(csv, "").at(place).marks(marked);
        problem.about("comma | decimals | thousands").suggests("1.5");
    }
    let more = ", column = \"at_s\"";
    let [first, second] = refused("x;at_s\ny;1,5\ny;2,25\n", more).problems();
    first.at("t.csv:2:3").marks("1,5").about("1,5 | comma").suggests("1.5");
    second.at("t.csv:3:3").marks("2,25").about("2,25 | comma").suggests("1.5");
}

#[test]
fn numbers_whose_unit_is_not_certain_are_refused() {
    for (csv, about) in [
        ("wait_m\n1\n", "1 | unit | m"),
        ("elapsed (wall)\n1\n", "1 | unit | (wall)"),
        ("latency_ms_min\n1\n", "1 | more than one unit"),
        ("age_months\n1\n", "1 | months"),
    ] {
        refused(csv, "").at("t.csv:2:1").marks("1").about(about).suggests("_s | _ms | _min | 90s");
    }
    for csv in ["epoch\n5\n", "date\n45246.5\n"] {
        refused(csv, "").at("t.csv:2:1").about("unit").suggests("_s");
    }
    let text = changed(TRANSFER, TRANSFER_TRACE);
    let refused = |csv| refused_on(Desk::with(&text).file("t.csv", csv));
    let epoch = refused("t\n1700158623\n").at("t.csv:2:1").marks("1700158623");
    epoch.about("1700158623 | 1970").suggests("length | _ms");
    let instant = refused("t\n2018-06-03T02:11:00\n").at("t.csv:2:1").marks("2018-06-03T02:11:00");
    instant.about("2018-06-03T02:11:00 | instant").suggests("how long");
}

#[test]
fn a_heading_in_another_language_states_its_unit_or_none_for_certain() {
    let scenario = arrivals("").replace("file =", "column = \"Zeit in Sekunden\", file =");
    let desk = Desk::with(&scenario).file("t.csv", "Zeit in Sekunden,x\n10,a\n3000,b\n");
    let results = desk.run(&["run", "s.toml", "--format", "json"]).json();
    // The second client arrives 2,990 s after the first, not 3.
    let makespan = &results["variants"][0]["metrics"]["makespan"]["mean"];
    assert!(makespan.as_f64() >= Some(2_990_000.0), "{makespan}");
    let problem = refused("Hora\n9\n", "").at("t.csv:2:1").marks("9");
    problem.about("Hora | 9 | unit | hora").suggests("`_s`");
}

#[test]
fn milliseconds_since_1970_in_a_column_of_seconds_are_recognised() {
    for (name, number, facts, ending) in [
        ("start_s", "1700158623000", "milliseconds since 1970", "`_ms`"),
        ("epoch_s", "1700158623000", "milliseconds since 1970", "`_ms`"),
        ("Start (ms)", "1700158623000000", "microseconds since 1970", "`_us`"),
    ] {
        let problem = refused(format!("{name}\n{number}\n"), "").at("t.csv:2:1").marks(number);
        problem.about(facts).suggests(ending);
    }
}

/// As `sacct` and `psql` print them.
#[test]
fn a_table_for_people_is_refused_with_how_to_get_one_for_programs() {
    for csv in [
        "JobID           JobName               Start \n------------ ---------- ------------------- \n\
         1234              sleep 2023-11-16T18:17:03 \n",
        "JobID  JobName  Start\n1234  sleep  2023-11-16T18:17:03\n",
        "Start\n-------------------\n2023-11-16T18:17:03\n",
    ] {
        for more in ["", ", column = \"Start\""] {
            let problem = refused(csv, more).at("9:36").marks("\"t.csv\"").about("fixed width");
            problem.suggests("sacct --parsable2");
        }
    }
    assert_eq!(arrived(&arrivals(""), "time in  seconds\n1\n2\n"), 2);
}

#[test]
fn the_cells_of_a_column_are_of_one_kind() {
    const INSTANT: &str = "2023-11-16T18:17:03Z";
    for (csv, place, about, suggestion) in [
        (format!("t\n5s\n{INSTANT}\n"), "t.csv:3:1", "2023-11-16T18:17:03Z | instant", "one form"),
        (format!("t\n{INSTANT}\n1:00:00\n"), "t.csv:3:1", "1:00:00 | instants", "one form"),
        (format!("t\n{INSTANT}\n2023-11-16T18:17:04\n"), "t.csv:3:1", "no zone", "Z"),
        ("t\n1700158623\n0\n".into(), "t.csv:3:1", "0 | 1970", "time_ms"),
        ("t\n0\n1700158623\n".into(), "t.csv:2:1", "0 | 1970", "time_ms"),
        ("epoch_s\n0\n1700158623\n".into(), "t.csv:2:1", "1970", "leave the row out"),
        ("t\n5\n1700158623000\n".into(), "t.csv:3:1", "1700158623000 | 1970", "one form"),
        ("t\n1:30\n".into(), "t.csv:2:1", "1:30 | hours | minutes | seconds", "1:30:00 | 0:01:30"),
        ("t\n11/16/2023 18:17\n".into(), "t.csv:2:1", "11/16/2023 18:17 | date", INSTANT),
        ("t\n2023-11-16 18:17:03 CET\n".into(), "t.csv:2:1", "CET | date", "+01:00"),
    ] {
        refused(csv, "").at(place).about(about).suggests(suggestion);
    }
}

#[test]
fn an_origin_is_an_instant_before_all_others() {
    let csv = "t\n2023-11-16T18:17:03Z\n";
    let late = refused(csv, ", origin = \"2023-11-17\"").at("t.csv:2:1");
    late.about("2023-11-16T18:17:03Z | before | origin").suggests("earlier");
    let wrong = refused(csv, ", origin = \"yesterday\"").at("9:54").marks("\"yesterday\"");
    wrong.about("yesterday | instant").suggests("2023-11-16T18:00:00Z | 1970");
    let unused = refused("at_s\n5\n", ", origin = \"2023-11-17\"").at("9:54");
    unused.marks("\"2023-11-17\"").about("origin | start").suggests("leave `origin` out");
}

#[test]
fn a_separator_that_is_not_certain_is_asked_for() {
    let problem = refused("a,b;c\n1,2;3\n", "").at("9:36").marks("\"t.csv\"");
    problem.about("separated | , | ;").suggests("separator = \",\"");
    let more = ", column = \"c\", separator = \":\"";
    let problem = refused("a,c\n1,2\n", more).at("9:71").marks("\":\"").about("separator | :");
    problem.suggests(", | ; | tab");
    let one = refused("a b c\n1 2 3\n", ", column = \"b\"").at("9:54").about("b");
    one.suggests("a b c | , | ; | tab");
}

#[test]
fn no_more_than_five_wrong_rows_are_reported() {
    let csv = format!("time\n{}", "x\n".repeat(100));
    assert_eq!(refused(csv, "").count(), 5);
}

#[test]
fn clients_are_no_more_than_rows() {
    let desk = Desk::with(&counted_arrivals(3)).file("t.csv", "time\n1\n2\n");
    let arrivals = refused_on(desk).at("8:9").marks("3");
    arrivals.about("office | 3 | time | t.csv | 2").suggests("arrival | count | 2");
    let desk = Desk::with(&changed(TRANSFER, TRANSFER_TRACE)).file("t.csv", "1m\n2m\n");
    let transfers = refused_on(desk).at("8:9").marks("100");
    transfers.about("office | 100 | t.csv | 2").suggests("transfer | count | 2");
}

#[test]
fn transfers_from_rows_need_a_count_and_a_row_per_client() {
    let text = arrivals("").replace(TRANSFER, "transfer = { kind = \"trace\", file = \"u.csv\" }");
    let desk = Desk::with(&text).file("t.csv", "1m\n2m\n3m\n").file("u.csv", "1m\n");
    let few = refused_on(desk).at("7:10").marks("office");
    few.about("office | 3 | 1 transfer").suggests("count = 1");
    let text = changed(ARRIVAL, POISSON).replace(COUNT, "").replace(TRANSFER, TRANSFER_TRACE);
    let unknown = refused_on(Desk::with(&text).file("t.csv", "1m\n")).at("7:10").marks("office");
    unknown.about("office | count").suggests("count = 1");
}

#[test]
fn arrivals_without_a_number_end_at_a_horizon_that_can_be_reached() {
    let text = changed(ARRIVAL, POISSON).replace(COUNT, "");
    let endless = text.replace("horizon = \"1d\"\n", "");
    let endless = refused_on(Desk::with(&endless)).at("6:10").marks("office");
    endless.about("office | horizon").suggests("horizon = \"7d\" | count = 5000");
    let many = text.replace("\"1m\"", "\"1ms\"").replace("\"1d\"", "\"36500d\"");
    let many = refused_on(Desk::with(&many)).at("7:10").marks("office");
    let many = many.about("office | 3153600000000 | horizon");
    many.suggests("4,294,967,279 | mean_interval | horizon");
}

#[test]
fn a_duplicate_column_is_refused_if_it_is_the_one_to_read() {
    let more = ", column = \"at_s\"";
    let problem = refused("at_s,bytes,at_s\n1,2,3\n", more).at("t.csv:1:12").marks("at_s");
    problem.about("at_s").suggests("column 1");
    assert_eq!(arrived(&arrivals(more), "x,at_s,x\n1,2,3\n"), 1);
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
    assert_eq!(arrived(&arrivals(", column = \"time\""), csv), 2);
}

#[test]
fn unsorted_arrivals_are_accepted_on_request() {
    assert_eq!(arrived(&arrivals(", sorted = false"), "time\n3\n1\n2\n"), 3);
}

#[test]
fn unsorted_arrivals_are_accepted_with_transfers_of_the_same_rows() {
    let took = "transfer = { kind = \"trace\", file = \"t.csv\", column = \"took\" }";
    let both = arrivals(", column = \"at\"").replace(TRANSFER, took);
    assert_eq!(arrived(&both, "at,took\n3m,1m\n1m,2m\n2m,3m\n"), 3);
}

#[test]
fn fewer_clients_than_rows_are_accepted() {
    assert_eq!(arrived(&counted_arrivals(1), "time\n1\n2\n"), 1);
}

#[test]
fn a_trace_lies_beside_its_scenario() {
    let desk = Desk::new().subdirectory("far");
    let desk = desk.file("far/s.toml", arrivals("")).file("far/t.csv", "1\n2\n");
    assert!(desk.run(&["run", "far/s.toml"]).succeeds().contains("clients"));
}
