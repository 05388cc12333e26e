//! Names of things that do not exist, or that are named twice.

use crate::harness::{Desk, SMALL, changed, check, group, refused};

const RELEASES: &str = "sms-1.2 | sms-2.0 | sms-2.0-sp1 | sms-2.0-sp2 | sms-2.0-sp3 | \
    sms-2.0-q302535 | sms-2.0-sp4 | sms-2003 | configmgr-2007 | bits | configmgr";

#[test]
fn an_unknown_name_suggests_a_near_one_or_lists_all() {
    check(
        |line| refused(group(line)),
        &[
            (
                "choose = \"randomly\"",
                "12:10",
                "\"randomly\"",
                "choose | randomly",
                "random-once | random | ordered | least-loaded | sticky | did you mean `random`",
            ),
            (
                "choose = \"least-load\"",
                "12:10",
                "\"least-load\"",
                "choose | least-load",
                "random-once | random | ordered | sticky | did you mean `least-loaded`",
            ),
            (
                "distribution_points = [\"DP02\"]",
                "12:24",
                "\"DP02\"",
                "DP02",
                "did you mean `DP01`",
            ),
            ("distribution_points = [\"SERVER\"]", "12:24", "\"SERVER\"", "SERVER", "DP01"),
            (
                "release = \"sms-2.0-sp33\"",
                "12:11",
                "\"sms-2.0-sp33\"",
                "release | sms-2.0-sp33",
                &format!("{RELEASES} | did you mean `sms-2.0-sp3`"),
            ),
            ("release = \"windows\"", "12:11", "\"windows\"", "release | windows", RELEASES),
            (
                "on_cut = \"resumes\"",
                "12:10",
                "\"resumes\"",
                "on_cut | resumes",
                "restart | did you mean `resume`",
            ),
        ],
    );
}

#[test]
fn a_group_has_at_least_one_point_and_lists_each_once() {
    check(
        |line| refused(group(line)),
        &[
            ("distribution_points = []", "12:23", "[]", "distribution point", "[\"DP01\"]"),
            (
                "distribution_points = [\"DP01\", \"DP01\"]",
                "12:23",
                "[\"DP01\", \"DP01\"]",
                "DP01 | twice",
                "once",
            ),
        ],
    );
}

#[test]
fn keys_without_the_name_of_their_table_ask_for_it() {
    for (header, key, place, example) in [
        ("[clients.office]", "count", "8:1", "[clients.office]"),
        ("[distribution_points.DP01]", "connection_limit", "5:1", "[distribution_points.DP01]"),
    ] {
        let what = if key == "count" { "client group" } else { "distribution point" };
        let nameless = format!("{}]", header.split('.').next().expect("a table"));
        let text = SMALL.replace(header, &nameless);
        let [problem] = refused(text).problems();
        let problem = problem.at(place).marks(key).about(&format!("{key} | {what} | named"));
        problem.suggests(&format!("name | {example}"));
    }
    let tables = changed("[clients.office]", "[clients]").replace("count = 100\n", "");
    let tables = refused(tables.replace("misreport_probability = 0.01\n", "")).at("8:1");
    tables.marks("arrival").about("arrival | client group | named").suggests("[clients.office]");
    let variants = SMALL.to_owned() + "[variants]\n";
    for (line, marked) in [("horizon = \"2d\"", "horizon"), ("clients.office.count = 5", "clients")]
    {
        let problem = refused(format!("{variants}{line}\n")).at("13:1").marks(marked);
        problem.about(&format!("{marked} | variant | named")).suggests("[variants.\"limit 100\"]");
    }
}

#[test]
fn double_brackets_are_single_ones() {
    let text = changed("[clients.office]", "[[clients.office]]");
    let problem = refused(text).at("7:1").about("office | table | array");
    problem.suggests("single brackets | own name | [clients.office]");
}

#[test]
fn a_mistyped_metric_or_comparison_suggests_the_one_that_is_meant() {
    for (threshold, marked, suggestion) in [
        ("completion.p59 < 5m", "completion.p59", "did you mean `completion.p95`"),
        ("stranded = 0", "=", "did you mean `==`"),
        ("stranded =< 0", "=<", "did you mean `<=`"),
    ] {
        let desk = Desk::with(SMALL);
        let problem = desk.run(&["run", "s.toml", "--threshold", threshold]).refuses();
        let [problem] = problem.problems();
        problem.marks(marked).suggests(suggestion);
    }
}
