//! Names of things that do not exist, or that are named twice.

use crate::harness::{check, group, refused};

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
