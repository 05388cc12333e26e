//! What the columns of whole files become.

use std::fs;

use crate::model::{Arrival, SizeDistribution, Sizes, Span, Transfer};
use crate::scenario::{Loaded, Origin, load};

/// Loads a scenario whose only group has `keys`, and reads `t.csv` with this content.
fn loaded(csv: &str, keys: &str) -> Result<Loaded, String> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    fs::write(directory.path().join("t.csv"), csv).expect("a writable directory");
    let text = format!(
        "name = 't'\n[distribution_points.D]\nconnection_limit = 5\nbandwidth = '1 MB/s'\n[clients.c]\n{keys}\n"
    );
    let origin = Origin::TextIn { name: "s.toml", text: &text, directory: directory.path() };
    load(origin, &[]).map_err(|error| error.to_string())
}

/// The arrivals of a column in ms; `more` are further keys of the table.
fn arrivals(csv: &str, more: &str) -> Result<Vec<u64>, String> {
    let keys = format!(
        "arrival = {{ kind = 'trace', file = 't.csv'{more} }}\ntransfer = {{ kind = 'constant', duration = '1s' }}"
    );
    let loaded = loaded(csv, &keys)?;
    let Arrival::Trace(trace) = &loaded.base.clients[0].arrival else { panic!("a trace") };
    Ok(trace.rows.iter().map(|row| row.as_millis()).collect())
}

/// The lengths of transfers of a column in ms.
fn lengths(csv: &str, more: &str) -> Result<Vec<u64>, String> {
    let keys = format!(
        "count = 1\narrival = {{ kind = 'burst' }}\ntransfer = {{ kind = 'trace', file = 't.csv'{more} }}"
    );
    let loaded = loaded(csv, &keys)?;
    let Transfer::Trace(trace) = &loaded.base.clients[0].transfer else { panic!("a trace") };
    Ok(trace.rows.iter().map(|row: &Span| row.as_millis()).collect())
}

/// The sizes of a column in bytes.
fn sizes(csv: &str) -> Result<Vec<u64>, String> {
    let keys = "count = 1\narrival = { kind = 'burst' }\n\
        transfer = { kind = 'size', bytes = { kind = 'trace', file = 't.csv', column = 'size' } }";
    let header = csv.lines().next().expect("a header");
    let loaded = loaded(csv, &keys.replace("'size' }", &format!("'{header}' }}")))?;
    let Transfer::Size { bytes: Sizes::Drawn(SizeDistribution::Trace(trace)) } =
        &loaded.base.clients[0].transfer
    else {
        panic!("a trace")
    };
    Ok(trace.rows.iter().map(|size| size.as_bytes()).collect())
}

#[test]
fn numbers_are_in_the_unit_that_the_name_of_their_column_states() {
    for (csv, millis) in [
        ("time\n0\n1500\n", [0, 1500]),
        ("at_s\n0.5\n1e1\n", [500, 10_000]),
        ("arrival_time_us\n0\n40000\n", [0, 40]),
        ("t_ns\n499999\n500000\n", [0, 1]),
        ("elapsed (min)\n1\n1.5\n", [60_000, 90_000]),
        ("time_sec\n1\n90s\n", [1000, 90_000]),
        ("time_sec\n250us\n1m30.5s\n", [0, 90_500]),
        ("walltime_h\n0\n2\n", [0, 7_200_000]),
        ("time_ms\n1700158623\n1700158633\n", [1_700_158_623, 1_700_158_633]),
    ] {
        assert_eq!(arrivals(csv, ""), Ok(millis.to_vec()), "{csv}");
    }
}

#[test]
fn decimals_need_a_unit_because_as_milliseconds_they_would_be_rounded_away() {
    // As nginx writes `$request_time`, in seconds, and as spreadsheets store a date, in days.
    for csv in ["request_time\n0.003\n1.250\n", "start\n45246.76184\n45246.76186\n"] {
        let refused = lengths(csv, "").expect_err("no certain unit");
        assert!(refused.contains("the name of its column has no unit"), "{refused}");
        assert!(refused.contains("such as `_s` or `_ms`"), "{refused}");
    }
    assert_eq!(lengths("request_time_s\n0.003\n1.250\n", ""), Ok(vec![3, 1250]));
    assert_eq!(lengths("took_ms\n0.3\n12.50\n", ""), Ok(vec![0, 13]));
    // Nothing is lost of these.
    assert_eq!(lengths("took\n1200.0\n1.5e3\n", ""), Ok(vec![1200, 1500]));
}

#[test]
fn instants_count_from_the_earliest_of_them() {
    for (csv, millis) in [
        ("epoch_s\n1700158623\n1700158633\n", [0, 10_000]),
        ("epoch_ms\n1700158623000\n1700158633000\n", [0, 10_000]),
        ("epoch_us\n1700158623000000\n1700158633000000\n", [0, 10_000]),
        ("ts\n1700158623.25\n1700158633.5\n", [0, 10_250]),
        ("timestamp\n1700158623000\n1700158623040\n", [0, 40]),
        ("startTimeUnixNano\n1700158623000000000\n1700158623002500000\n", [0, 3]),
        ("time_s\n1700158623\n1700158633\n", [0, 10_000]),
        ("1700158623\n1700158633\n", [0, 10_000]),
        ("2023-11-16 18:17:03.97\n2023-11-16 18:17:04.03\n", [0, 60]),
        ("t\n2023-11-16T18:17:03Z\n2023-11-16T19:17:04+01:00\n", [0, 1000]),
        ("t\n16/Nov/2023:18:17:03 +0000\n16/Nov/2023:18:18:03 +0000\n", [0, 60_000]),
    ] {
        assert_eq!(arrivals(csv, ""), Ok(millis.to_vec()), "{csv}");
    }
    let csv = "TIMESTAMP,ContextTokens\n2023-11-16 18:17:03.9799600,4808\n\
        2023-11-16 18:17:04.0319600,3180\n2023-11-16 18:17:04.0781490,110\n";
    assert_eq!(arrivals(csv, ", column = 'TIMESTAMP'"), Ok(vec![0, 52, 98]));
    let unsorted = "t\n2023-11-16T18:17:05Z\n2023-11-16T18:17:03Z\n";
    assert_eq!(arrivals(unsorted, ", sorted = false"), Ok(vec![2000, 0]));
}

#[test]
fn instants_count_from_the_origin_that_the_scenario_names() {
    let csv = "t\n2023-11-16T18:17:03Z\n2023-11-16T18:17:04Z\n";
    for origin in ["2023-11-16T18:17:00Z", "2023-11-16 19:17+01:00", "1700158620", "1700158620000"]
    {
        let more = format!(", origin = '{origin}'");
        assert_eq!(arrivals(csv, &more), Ok(vec![3000, 4000]), "{origin}");
    }
}

#[test]
fn lengths_are_read_as_clocks_and_accounting_tools_write_them() {
    let csv = "JobID|Submit|Elapsed\n1|2018-06-03T02:11:00|2-01:24:56\n\
        2|2018-06-05T13:30:00|01:09:48\n3|2018-06-05T14:59:30|PT3M25S\n";
    let took = vec![177_896_000, 4_188_000, 205_000];
    assert_eq!(lengths(csv, ", column = 'Elapsed'"), Ok(took));
    assert_eq!(arrivals(csv, ", column = 'Submit'"), Ok(vec![0, 213_540_000, 218_910_000]));
}

#[test]
fn files_are_read_with_every_separator() {
    for (csv, more) in [
        ("x,at_s\ny,1\ny,2\n", ""),
        ("x;at_s\r\ny;1\r\ny;2\r\n", ""),
        ("x\tat_s\ny\t1\ny\t2\n", ""),
        ("x|at_s|\ny|1|\ny|2|\n", ""),
        ("sep=;\r\nx;at_s\r\ny;1\r\ny;2\r\n", ""),
        ("x,z;at_s\ny,z;1\ny,z;2\n", ""),
        ("\u{feff}x;at_s\n\"y;\";1\n;2\n;\n", ""),
        ("a,b|at_s\n1,2|1\n3,4|2\n", ", separator = '|'"),
        ("at_s\tb\n1\t2\n2\t3\n", ", separator = 'tab'"),
        ("at_s,disk\n1,3.5\" disk\n2,\"5.25\"\" disk\"\n", ""),
    ] {
        let more = format!(", column = 'at_s'{more}");
        assert_eq!(arrivals(csv, &more), Ok(vec![1000, 2000]), "{csv}");
    }
}

#[test]
fn a_size_may_be_none_and_in_the_unit_of_its_column() {
    assert_eq!(sizes("size\n700\n1 kB\n1024.0\n"), Ok(vec![700, 1000, 1024]));
    assert_eq!(sizes("size_KiB\n1\n1.5\n"), Ok(vec![1024, 1536]));
    assert_eq!(sizes("bytes\n0\n-\n0B\n\"\"\n0.0\n"), Ok(vec![1, 1, 1, 1]), "an empty row is none");
}

#[test]
fn no_column_makes_the_reader_panic() {
    const PIECES: [&str; 36] = [
        "epoch_s",
        "date",
        "t_ns",
        "time_us",
        "wait_m",
        "(s)",
        "1700158623",
        "1700158623000",
        "0",
        "9",
        ".",
        "-",
        "+",
        "e",
        "e9",
        "e999",
        "99999999999999999999999999999999999999",
        ":",
        "1:30:00",
        "2-",
        "days",
        "2023-11-16",
        "T18:17:03",
        "Z",
        "+01:00",
        "P",
        "PT5M",
        "us",
        "s",
        " ",
        ",",
        ";",
        "\"",
        "\n",
        "\r\n",
        "ü",
    ];
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut draw = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) as usize % most
    };
    for _ in 0..600 {
        let length = 2 + draw(14);
        let csv: String = (0..length).map(|_| PIECES[draw(PIECES.len())]).collect();
        let origin = [", origin = '1970-01-01T00:00+18:00'", ", sorted = false", ""][draw(3)];
        let _ = (arrivals(&csv, origin), lengths(&csv, ""));
    }
}
