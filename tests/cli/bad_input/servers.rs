//! Invalid outages, limits, bandwidths and queues of distribution points.

use crate::harness::{Refusal, check, group, point, refused};

/// How a distribution point with these keys, from line 6 on, is refused.
#[track_caller]
fn server(keys: &str) -> Refusal {
    refused(point(keys))
}

#[test]
fn outages_and_limit_changes_do_not_overlap() {
    for (list, first, second, column) in [
        ("outages", r#"from = "1h", for = "2h""#, r#"from = "2h", for = "2h""#, 41),
        // The second overlaps the first on its third day.
        ("outages", r#"from = "2h", for = "1h", every = "1d""#, r#"from = "50h", for = "30m""#, 55),
        (
            "limit_changes",
            r#"from = "2h", connection_limit = 3"#,
            r#"from = "3h", for = "1h", connection_limit = 9"#,
            57,
        ),
    ] {
        let problem = server(&format!("{list} = [{{ {first} }}, {{ {second} }}]"));
        let problem = problem.at(&format!("6:{column}")).marks(&format!("{{ {second} }}"));
        problem.about(&format!("{list} | 2 | 1")).suggests("every");
    }
}

#[test]
fn an_outage_has_one_end_after_its_beginning_and_before_it_repeats() {
    let outage = |keys: &str| server(&format!("outages = [{{ {keys} }}]"));
    check(
        outage,
        &[
            ("from = \"2h\"", "6:12", "{ from = \"2h\" }", "outage | end", "for = \"1h\" | until"),
            (
                "from = \"2h\", for = \"1h\", until = \"4h\"",
                "6:47",
                "\"4h\"",
                "for | until",
                "one of them",
            ),
            (
                "from = \"2h\", until = \"1h\"",
                "6:35",
                "\"1h\"",
                "until | 1h | from | 2h",
                "start of the simulation",
            ),
            (
                "from = \"2h\", for = \"1h\", every = \"30m\"",
                "6:47",
                "\"30m\"",
                "1h | 30m",
                "every | \"1d\"",
            ),
            ("form = \"2h\", for = \"1h\"", "6:14", "form", "form | outage", "from"),
        ],
    );
}

#[test]
fn a_limit_changes_to_a_possible_one() {
    let problem = server("limit_changes = [{ from = \"2h\", connection_limit = 0 }]").at("6:52");
    problem.marks("0").about("connection_limit | 0").suggests("1 | 4294967295");
}

#[test]
fn an_efficiency_lists_connections_and_shares_in_ascending_order() {
    let efficiency = |list: &str| server(&format!("bandwidth = \"1 MB/s\"\nefficiency = {list}"));
    const EXAMPLE: &str = "[[50, 1.0], [200, 0.4]]";
    check(
        efficiency,
        &[
            ("[]", "7:14", "[]", "efficiency", EXAMPLE),
            ("[[1, 1.0], [5, -0.5]]", "7:29", "-0.5", "efficiency | 0 | -0.5", "0"),
            ("[[1, 1.5]]", "7:19", "1.5", "1 | 1.5", "1 | bandwidth"),
            ("[[5, 1.0], [5, 0.5]]", "7:25", "[5, 0.5]", "5 connections", "ascending"),
        ],
    );
    let [triple, number] = efficiency("[[5, 1.0, 2], 3]").problems();
    triple.at("7:15").marks("[5, 1.0, 2]").about("efficiency | 3 values").suggests(EXAMPLE);
    number.at("7:28").marks("3").about("efficiency").suggests(EXAMPLE);
}

#[test]
fn an_efficiency_needs_a_bandwidth() {
    let problem = server("efficiency = [[5, 1.0]]").at("6:14").marks("[[5, 1.0]]");
    problem.about("efficiency | bandwidth").suggests("bandwidth = \"100 MB/s\"");
}

#[test]
fn a_rate_has_a_unit_that_is_clear_and_transfers_something() {
    check(
        server,
        &[
            ("bandwidth = \"100 Mbps\"", "6:18", "Mbps", "bandwidth | Mbps", "MB/s | Mbit/s"),
            ("bandwidth = 100", "6:13", "100", "bandwidth | rate | whole number", "\"100 MB/s\""),
        ],
    );
    let problem = refused(group("link = \"0 bit/s\"")).at("12:9");
    let examples = "100 MB/s | 1 Gbit/s | 56 kbit/s";
    problem.about("link | 1 bit/s | 100 Tbit/s").suggests(examples);
}

#[test]
fn failures_take_time_and_are_repaired() {
    let [repair, failure] = server("failures = { mtbf = \"0s\" }").problems();
    repair.at("6:1").marks("failures").about("mttr | failures").suggests("mttr = \"1h\"");
    failure.at("6:21").marks("\"0s\"").about("mtbf").suggests("zero");
}

#[test]
fn a_hint_is_a_time_or_an_estimate() {
    let problem = server("retry_after = \"soon\"").at("6:15").marks("\"soon\"");
    problem.about("retry_after | soon").suggests("\"30s\" | \"estimated\"");
}

#[test]
fn a_spin_takes_time() {
    refused(group("spin = \"0s\"")).at("12:8").marks("\"0s\"").about("spin").suggests("zero");
}
