//! `distpoint log`: what it makes of logs; and the logs that `distpoint run` writes.

use std::io::Write;

use serde_json::Value;

use crate::harness::{Desk, assert_mentions};

/// A line of an SMSAPM32.log, `second`s after 08:00:00, on a thread.
fn line(second: u32, thread: u32, message: &str) -> String {
    let (hour, minute) = (8 + second / 3600, second / 60 % 60);
    let second = second % 60;
    format!(
        "  SCHED DATA  : {message}~  $$<APM><Mon Jun 05 {hour:02}:{minute:02}:{second:02}.500 2000>\
         <thread={thread} (0x{thread:X})>\n"
    )
}

/// An attempt that ends with a code, at a second.
fn attempt(second: u32, code: &str, thread: u32) -> String {
    let returned = format!("Return code = {code}; words~~; Could not enable program 'setup.exe'.");
    let handled =
        format!("Handling an error condition ({code}) for program Setup in package Office.");
    line(second, thread, &returned) + &line(second, thread, &handled)
}

/// The log of a client that is refused twice, then stranded by Q268500.
fn misreported() -> String {
    let decided = [
        "*** UNRECOGNISED JOB COMPLETION RETURN CODE. ASSUMING UNSUCCESSFUL EXECUTION",
        "Returning action code 2.",
        "Unscheduling program Setup in package Office for <ANY USER>.",
    ];
    let before = attempt(0, "0x47", 100) + &attempt(600, "0x47", 100);
    let misreport = attempt(1200, "0x80070047", 100) + &line(1200, 200, "IPC Close Event signaled");
    before + &misreport + &decided.map(|message| line(1200, 100, message)).concat()
}

/// The log of a client whose pending retry a poll unschedules.
fn unscheduled_by_a_poll() -> String {
    let poll = "Unscheduling program Setup in package Office for DOMAIN\\USER.";
    attempt(0, "0x35", 100) + &attempt(600, "0x35", 100) + &line(900, 300, poll)
}

/// The log of a client that is done.
fn completed() -> String {
    attempt(0, "0x47", 100)
        + &line(600, 100, "For program Setup in package Office compiling all offers.")
        + &line(660, 100, "Program completed successfully.")
}

fn answer(desk: &Desk, arguments: &[&str]) -> Value {
    let arguments = [&["log", "--format", "json"], arguments].concat();
    desk.run(&arguments).json()
}

#[test]
fn a_log_shows_who_is_stranded_and_by_which_bug() {
    let desk = Desk::new()
        .subdirectory("PC1")
        .file("PC1/SMSAPM32.log", misreported())
        .file("PC2-smsapm32.log", unscheduled_by_a_poll())
        .file("PC3.log", completed());
    let answer = answer(&desk, &["PC1", "PC2-smsapm32.log", "PC3.log"]);
    let clients = &answer["clients"];
    let counts =
        ["programs", "stranded", "completed", "attempts", "refusals", "failures", "retries"];
    let counts = counts.map(|name| clients[name].as_u64().expect("a count"));
    assert_eq!(counts, [3, 2, 1, 7, 4, 2, 4]);
    assert_eq!(clients["machines"], serde_json::json!(["PC1", "PC2"]));
    let rows = clients["rows"].as_array().expect("rows");
    let of = |row: usize, name: &str| rows[row]["diagnosis"][name].clone();
    assert_eq!((of(0, "bug"), of(0, "path")), ("Q268500".into(), "misreport".into()));
    assert_eq!((of(0, "records"), of(0, "threads")), (6.into(), serde_json::json!([100, 200])));
    assert_eq!(of(0, "when"), "2000-06-05T08:20:00.500");
    let evidence = of(0, "evidence");
    let lines: Vec<u64> = evidence
        .as_array()
        .expect("lines")
        .iter()
        .filter_map(|line| line["line"].as_u64())
        .collect();
    assert_eq!(lines, [5, 6, 8, 9, 10]);
    assert_eq!((of(1, "bug"), of(1, "path")), ("Q302674".into(), "poll".into()));
    assert_eq!(rows[2]["outcome"], "completed");
    assert_eq!(clients["retry_intervals"]["p50"], 600_000.0);
}

#[test]
fn a_program_that_spins_is_told_from_one_over_a_slow_link() {
    let round = |second: u32, place: &str| {
        let messages = [
            place,
            "Handling an error condition (0xe0040013) for program Setup in package Office.",
            "The network is too slow.  Use the next schedule time.",
            "Returning action code 4.",
        ];
        messages.map(|message| line(second, 100, message)).concat()
    };
    let nowhere = "Failed to set up program.  Program location list is not populated.";
    let slow = "Access to all distribution points is through slow links.";
    let spins: String = (0..5).map(|second| round(second, nowhere)).collect();
    let waits: String = (0..5).map(|second| round(second, slow)).collect();
    let desk = Desk::new().file("PC1.log", spins).file("PC2.log", waits);
    let answer = answer(&desk, &["PC1.log", "PC2.log"]);
    let clients = &answer["clients"];
    assert_eq!((&clients["spinning"], &clients["stranded"]), (&1.into(), &0.into()));
    let row = &clients["rows"][0];
    assert_eq!((&row["client"], &row["spins"]), (&"PC1".into(), &5.into()));
    assert_eq!(row["diagnosis"]["bug"], "Q302535");
    let reason = row["diagnosis"]["reason"].as_str().expect("a reason");
    assert!(reason.contains("5 times in a row"), "{reason}");
}

#[test]
fn stranded_programs_fail_and_no_data_never_pass() {
    let desk = Desk::new()
        .file("PC1.log", misreported())
        .file("PC3.log", completed())
        .file("access.log", "10.0.0.1 - - [16/Nov/2023:18:17:03 +0000] \"GET / HTTP/1.1\" 200 1\n");
    for (file, code) in [("PC1.log", 99), ("PC3.log", 0), ("access.log", 97)] {
        let ended = desk.run(&["log", file, "--fail-on", "stranded"]);
        assert_eq!(ended.code, Some(code), "{ended:?}");
    }
    let ended = desk.run(&["log", "missing.log", "PC1.log", "--fail-on", "stranded"]);
    assert_eq!(ended.code, Some(99), "{ended:?}");
}

#[test]
fn machines_are_listed_one_per_line() {
    let desk = Desk::new().file("PC1.log", misreported()).file("PC3.log", completed());
    let printed = desk.run(&["log", "PC1.log", "PC3.log", "--machines", "-"]).succeeds();
    assert_eq!(printed, "PC1\n");
    desk.run(&["log", "PC1.log", "PC3.log", "--machines", "list.txt"]).succeeds();
    assert_eq!(desk.read("list.txt"), "PC1\n");
    let refused = desk.run(&["log", "PC1.log", "--machines", "PC1.log"]).fails(2);
    assert_mentions(&refused, "PC1.log | input");
}

#[test]
fn encodings_and_compression_change_nothing() {
    let text = misreported().replace("Setup", "Büro");
    let utf_16 = |order: fn(u16) -> [u8; 2]| {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect::<Vec<u8>>()
    };
    let windows_1252: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).expect("it is in memory");
    let desk = Desk::new();
    let plain = answer(&desk.file("PC1.log", &text), &["PC1.log"])["clients"].clone();
    for bytes in [
        utf_16(u16::to_le_bytes),
        utf_16(u16::to_be_bytes),
        windows_1252,
        gzip.finish().expect("it is in memory"),
        text.replace('\n', "\r\n").into_bytes(),
    ] {
        let desk = Desk::new().file("PC1.log", bytes);
        assert_eq!(answer(&desk, &["PC1.log"])["clients"], plain);
    }
    assert_eq!(plain["rows"][0]["program"], "Büro");
}

#[test]
fn messages_of_cmtrace_may_be_wrapped_anywhere_and_are_harmless_in_reports() {
    let messages = [
        "Return code = 0x80070047; No more\r\nconnections~~; Could not enable\nprogram 'a.exe'.",
        "Handling an error condition (0x80070047) for program <script>alert(1)</script> in\r\npackage Q&A.",
        "*** UNRECOGNISED JOB COMPLETION RETURN CODE.\r\n\r\nASSUMING",
        "Returning action code 2.",
        "Unscheduling program <script>alert(1)</script> in\r\npackage Q&A for <ANY USER>.",
    ];
    let log = messages.map(|message| {
        format!(
            "<![LOG[{message}]LOG]!><time=\"08:25:31.391+240\" date=\"08-16-2020\" component=\"X\" \
             context=\"\" type=\"1\" thread=\"7\" file=\"a.cpp:1\">\r\n"
        )
    });
    let desk = Desk::new().file("PC1.log", log.concat());
    let clients = answer(&desk, &["PC1.log"])["clients"].clone();
    let row = &clients["rows"][0];
    assert_eq!((&row["diagnosis"]["bug"], &clients["stranded"]), (&"Q268500".into(), &1.into()));
    assert_eq!((&row["package"], &row["executable"]), (&"Q&A".into(), &"a.exe".into()));
    desk.run(&["log", "PC1.log", "-o", "a.html", "-o", "a.xml"]).succeeds();
    for file in ["a.html", "a.xml"] {
        let text = desk.read(file);
        assert!(text.contains("alert(1)") && !text.contains("<script>alert"), "{file}");
    }
}

#[test]
fn lines_that_are_cut_off_keep_their_characters() {
    let long = "ü€".repeat(500);
    let log = misreported().replace("words", &long) + "\nx" + &long + "\n";
    let desk = Desk::new().file("PC1.log", log);
    let answer = answer(&desk, &["PC1.log"]);
    let evidence = answer["clients"]["rows"][0]["diagnosis"]["evidence"].to_string();
    assert!(evidence.contains("ü€ü") && !evidence.contains('Ã'), "{evidence}");
    let ended = desk.run(&["log", "PC1.log", "--strict"]);
    assert!(ended.stderr.contains("ü€ü") && !ended.stderr.contains('Ã'), "{}", ended.stderr);
}

#[test]
fn a_broken_line_is_counted_and_shown_but_never_fatal() {
    let log = format!("no record at all\n\n{}", misreported());
    let desk = Desk::new().file("PC1.log", log);
    let answer = answer(&desk, &["PC1.log"]);
    assert_eq!((&answer["input"]["broken"], &answer["input"]["blank"]), (&1.into(), &1.into()));
    assert_eq!(answer["clients"]["stranded"], 1);
    let ended = desk.run(&["log", "PC1.log", "--strict"]);
    assert_eq!(ended.code, Some(0));
    assert_mentions(&ended.stderr, "PC1.log | :1: | no record at all");
}

#[test]
fn what_cannot_be_read_is_reported_and_the_rest_is_read() {
    let desk = Desk::new()
        .file("PC1.log", misreported())
        .file("notes.txt", "Dear all,\n\nplease read.\n")
        .file("cut.log.gz", [0x1f, 0x8b, 8, 0, 0])
        .file("a.log.zst", [0x28, 0xb5, 0x2f, 0xfd, 4])
        .subdirectory("empty");
    let broken = ["missing.log", "notes.txt", "cut.log.gz", "a.log.zst", "*.xyz", "empty"];
    let ended = desk.run(&[&["log"], &broken[..], &["PC1.log"]].concat());
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_mentions(
        &ended.stderr,
        "missing.log | notes.txt | --format | cut.log.gz | zstd | no file matches",
    );
    assert!(ended.stdout.starts_with("1 of 1 program is stranded by Q268500"), "{}", ended.stdout);
}

#[test]
fn what_is_there_of_a_compressed_log_that_is_cut_counts() {
    for (copies, end) in [(1, &b"\0\0\0\0"[..]), (500, b"")] {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(misreported().repeat(copies).as_bytes()).expect("it is in memory");
        let gzip = gzip.finish().expect("it is in memory");
        // Cut off in the middle, or followed by what is none.
        let length = if end.is_empty() { gzip.len() / 2 } else { gzip.len() };
        let desk = Desk::new().file("PC1.log.gz", [&gzip[..length], end].concat());
        let ended = desk.run(&["log", "PC1.log.gz"]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_mentions(&ended.stderr, "cannot read all of `PC1.log.gz` | what is before line");
        assert!(ended.stdout.contains("of 1 program is stranded"), "{}", ended.stdout);
    }
}

#[test]
fn the_load_of_a_server_is_summed_up() {
    let request = |second: u32, status: u32, took: &str| {
        format!(
            "10.0.0.1 - - [16/Nov/2023:18:17:{second:02} +0000] \"GET /a HTTP/1.1\" {status} 5 \"-\" \"agent\" {took}\n"
        )
    };
    let log = [
        request(10, 200, "10.000"),
        request(11, 503, "0.000"),
        request(20, 200, "5.000"),
        request(22, 200, "5.000"),
    ];
    let desk = Desk::new().file("access.log", log.concat());
    let answer = answer(&desk, &["access.log", "--limit", "2"]);
    let server = &answer["server"];
    assert_eq!((&server["requests"], &server["refused"]), (&4.into(), &1.into()));
    let concurrency = &server["concurrency"];
    assert_eq!((&concurrency["peak"], &concurrency["mean"]), (&2.into(), &(20.0 / 22.0).into()));
    assert_eq!(concurrency["limit"]["reached_share"], 3.0 / 22.0);
    assert_eq!(server["retries"]["intervals"]["max"], 4000.0);
    assert_eq!(server["retries"]["served"], 1);
    assert!(answer.get("clients").is_none());
}

#[test]
fn a_format_may_be_named_for_the_log_and_for_the_report() {
    let desk = Desk::new().file("a.log", "words\n");
    desk.run(&["log", "a.log", "--format", "sms", "--format", "json"]).json();
    let text = desk.run(&["log", "a.log", "--format", "cmtrace"]).succeeds();
    assert!(text.contains("1 broken line"), "{text}");
    let twice = desk.run(&["log", "a.log", "--format", "sms", "--format", "haproxy"]).fails(2);
    assert_mentions(&twice, "--format | once");
}

#[test]
fn reports_go_to_files_of_every_format() {
    let desk = Desk::new().file("PC1.log", misreported());
    let files = ["a.json", "a.csv", "a.md", "a.xml", "a.html", "a.txt"];
    let outputs: Vec<&str> = files.iter().flat_map(|file| ["-o", file]).collect();
    desk.run(&[&["log", "PC1.log"], &outputs[..]].concat()).succeeds();
    for file in files {
        assert!(desk.read(file).contains("Q268500"), "{file}");
    }
}

/// Thirty clients for one connection, on a release that does not recognise a misreported refusal.
const CROWD: &str = "\
name = \"A crowd\"
horizon = \"2d\"
[distribution_points.A]
connection_limit = 1
[clients.office]
count = 30
release = \"sms-2.0-sp2\"
misreport_probability = 0.1
arrival = { kind = \"uniform\", over = \"5m\" }
transfer = { kind = \"constant\", duration = \"3m\" }
";

#[test]
fn the_logs_of_a_run_are_read_as_it_went() {
    let desk = Desk::with(CROWD);
    let results = desk.run(&["run", "s.toml", "--format", "json", "--quiet"]).json();
    let metric =
        |name: &str| results["variants"][0]["metrics"][name]["mean"].as_f64().expect("a mean");
    for (format, merged) in [("sms", false), ("cmtrace", false), ("sms", true), ("jsonl", false)] {
        let options =
            ["run", "s.toml", "--log-dir", format, "--log-clients", "all", "--log-format", format];
        let merged: &[&str] = if merged { &["--log-merged", "--quiet"] } else { &["--quiet"] };
        desk.run(&[&options[..], merged].concat()).succeeds();
        let directory = if merged.len() == 2 { "sms/SMSAPM32.log" } else { format };
        let answer = answer(&desk, &[directory]);
        let clients = &answer["clients"];
        for (read, simulated) in [
            ("stranded", "stranded"),
            ("refusals", "refused"),
            ("completed", "completed"),
            ("attempts", "attempts"),
        ] {
            assert_eq!(
                clients[read].as_f64(),
                Some(metric(simulated)),
                "{format} {merged:?}: {read}"
            );
        }
        std::fs::remove_dir_all(desk.path(format)).expect("a directory");
    }
    assert!(metric("stranded") > 0.0);
}

#[test]
fn stranded_clients_write_logs_unless_others_are_named() {
    let desk = Desk::with(CROWD);
    let quiet = |options: &[&str]| {
        desk.run(&[&["run", "s.toml", "--quiet", "--log-dir", "logs"], options].concat())
            .succeeds();
        let mut names: Vec<String> = std::fs::read_dir(desk.path("logs"))
            .expect("a directory")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        std::fs::remove_dir_all(desk.path("logs")).expect("a directory");
        names
    };
    let stranded = quiet(&[]);
    assert!(!stranded.is_empty() && stranded.len() < 30, "{stranded:?}");
    assert_eq!(
        quiet(&["--log-clients", "office-00003,office-00007"]),
        ["office-00003", "office-00007"]
    );
    assert_eq!(quiet(&["--log-clients", "sample:3"]).len(), 3);
    assert_eq!(quiet(&["--log-format", "jsonl"]), ["events.jsonl"]);
    for (options, facts) in [
        (&["--log-clients", "office-99999"][..], "office-99999 | office-00000"),
        (&["--variant", "fast"], "fast | scenario"),
        (&["--log-clients", "sample:0"], "sample:20"),
    ] {
        let ended = desk.run(&[&["run", "s.toml", "--log-dir", "logs"], options].concat());
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert_mentions(&ended.stderr, facts);
    }
    // A wrong name is known before anything is simulated and written.
    let wrong = ["--log-dir", "logs", "--log-clients", "office-00003,nobody", "-o", "r.json"];
    let ended = desk.run(&[&["run", "s.toml"], &wrong[..]].concat());
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
    assert_mentions(&ended.stderr, "`nobody` | such as `office-00000`");
    assert!(!desk.path("r.json").exists() && !desk.path("logs").exists());
    let alone = desk.run(&["run", "s.toml", "--log-merged"]).fails(2);
    assert_mentions(&alone, "--log-dir");
}

#[test]
fn a_calibrated_scenario_is_simulated_as_it_is() {
    let desk = Desk::with(CROWD);
    desk.run(&["run", "s.toml", "--quiet", "--log-dir", "logs", "--log-clients", "all"]).succeeds();
    desk.run(&["log", "logs", "--scenario", "now.toml"]).succeeds();
    let text = desk.read("now.toml");
    for line in ["connection_limit = 1\n", "interval = \"10m\"", "release = \"sms-2.0-sp2\"\n"] {
        assert!(text.contains(line), "{text}");
    }
    let results = desk.run(&["run", "now.toml", "--format", "json"]).json();
    assert_eq!(results["variants"][0]["metrics"]["clients"]["mean"], 30.0);
    let sized = ["size", "now.toml", "--vary", "distribution_points.SERVER.connection_limit=1..30"];
    desk.run(&[&sized[..], &["--until", "completion.p95 < 1h", "--format", "json"]].concat())
        .json();
}

#[test]
fn the_scenario_that_wrote_the_logs_fits_them_and_another_one_does_not() {
    let desk = Desk::with(CROWD).file("other.toml", CROWD.replace("\"3m\"", "\"30m\""));
    desk.run(&["run", "s.toml", "--quiet", "--log-dir", "logs", "--log-clients", "all"]).succeeds();
    let against =
        |scenario: &str| answer(&desk, &["logs", "--against", scenario])["against"].clone();
    let own = against("s.toml");
    assert_eq!(own["observed"], own["simulated"]);
    assert_eq!(
        own["fit"],
        serde_json::json!({"concurrency": 1.0, "attempts": 1.0, "refusals": 1.0})
    );
    assert!(own["observed"]["completion"]["p95"].as_f64() > Some(0.0));
    let other = against("other.toml");
    assert!(other["fit"]["concurrency"].as_f64() < Some(0.7), "{}", other["fit"]);
    desk.run(&["log", "logs", "--against", "s.toml", "-o", "fit.html", "-o", "fit.md"]).succeeds();
    assert!(
        desk.read("fit.html").contains("id=\"against\"") && desk.read("fit.md").contains("100%")
    );
    desk.run(&["log", "logs", "--against", "missing.toml"]).fails(2);
}

#[test]
fn a_scenario_of_an_access_log_has_what_the_log_has_and_says_what_it_lacks() {
    let log = "10.0.0.1 - - [16/Nov/2023:18:17:03 +0000] \"GET / HTTP/1.1\" 200 1\n".repeat(3);
    let desk = Desk::new().file("a.log", log).file("words.log", "SCHED DATA  : x~\n");
    desk.run(&["log", "a.log", "--scenario", "now.toml"]).succeeds();
    let text = desk.read("now.toml");
    assert!(text.contains("# Not in the logs: how long connections are held."), "{text}");
    assert_eq!(desk.read("now.arrivals.csv"), "arrival_ms\n0\n0\n0\n");
    desk.run(&["run", "now.toml"]).succeeds();
    for (file, scenario, code, facts) in [
        ("a.log", "now.txt", 2, "now.txt | .toml"),
        ("a.log", "nowhere/now.toml", 1, "nowhere/now.arrivals.csv | no such directory"),
        ("words.log", "other.toml", 1, "other.toml | instant"),
    ] {
        let ended = desk.run(&["log", file, "--scenario", scenario]);
        assert_eq!(ended.code, Some(code), "{ended:?}");
        assert_mentions(&ended.stderr, facts);
    }
}
