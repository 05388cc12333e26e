//! Invalid fleets, fallbacks, hours and workarounds.

use crate::harness::{Desk, Problem, Refusal, check, group, refused, top};

/// How a group with these keys, from line 12 on, is refused.
#[track_caller]
fn fleet(keys: &str) -> Refusal {
    refused(group(keys))
}

/// How a group with these hours, in line 12, is refused.
#[track_caller]
fn online(hours: &str) -> Refusal {
    fleet(&format!("online = \"{hours}\""))
}

const TIERS: &str = "[[\"BRANCH\"], [\"HQ1\", \"HQ2\"]]";

const TIER: &str = "{ points = [\"HQ1\"], choose = \"random\" }";

#[test]
fn tiers_are_lists_of_distribution_points_each_named_once() {
    let example = format!("{TIERS} | {TIER}");
    let tiers = |list: &str| fleet(&format!("tiers = {list}"));
    check(
        tiers,
        &[
            ("[]", "12:9", "[]", "tiers", &example),
            ("[\"DP01\"]", "12:10", "\"DP01\"", "tier | distribution points", &example),
            ("[[\"DP01\"], []]", "12:20", "[]", "distribution point", "[\"DP01\"]"),
            ("[[\"DP01\"], [\"DP1\"]]", "12:21", "\"DP1\"", "DP1", "DP01"),
            (
                "[[\"DP01\"], [\"DP01\"]]",
                "12:9",
                "[[\"DP01\"], [\"DP01\"]]",
                "DP01 | twice",
                "once",
            ),
        ],
    );
}

#[test]
fn tiers_replace_a_list_of_points() {
    let problem = fleet("distribution_points = [\"DP01\"]\ntiers = [[\"DP01\"]]").at("13:1");
    let problem = problem.marks("tiers").about("distribution_points | tiers");
    problem.suggests("distribution_points | tiers");
}

#[test]
fn a_fallback_needs_a_second_tier() {
    let falls_back = |problem: Problem| {
        problem.marks("fallback_after").about("tier").suggests(&format!("tiers = {TIERS}"))
    };
    falls_back(fleet("fallback_after = \"2m\"").at("12:1"));
    falls_back(fleet("tiers = [[\"DP01\"]]\nfallback_after = \"1h\"").at("13:1"));
    falls_back(fleet("upgrade = { to = \"bits\", fallback_after = \"1h\" }").at("12:26"));
}

#[test]
fn a_fallback_comes_after_a_time_or_never() {
    let problem = fleet("tiers = [[\"DP01\"]]\nfallback_after = \"soon\"").at("13:18");
    let problem = problem.marks("\"soon\"").about("fallback_after | soon");
    problem.suggests("\"2m\" | \"0s\" | \"never\"");
}

#[test]
fn the_shares_of_a_mix_are_percentages_of_releases_that_add_up() {
    const MIX: &str = r#"{ "sms-2.0-sp2" = "30%", "sms-2.0-sp3" = "60%" }"#;
    let mix = |mix: &str| fleet(&format!("release_mix = {mix}"));
    check(
        mix,
        &[
            (
                MIX,
                "12:15",
                MIX,
                "90% | 100%",
                "\"sms-2.0-sp2\" = \"30%\" | \"sms-2.0-sp3\" = \"70%\"",
            ),
            (
                r#"{ "sms-2.0-sp5" = "100%" }"#,
                "12:17",
                "\"sms-2.0-sp5\"",
                "release | sms-2.0-sp5",
                "sms-2.0-sp1",
            ),
        ],
    );
    let [number, text] = mix(r#"{ "sms-2.0-sp2" = 0.3, "sms-2.0-sp3" = "0.7" }"#).problems();
    number.at("12:33").marks("0.3").about("sms-2.0-sp2").suggests("\"30%\"");
    text.at("12:54").marks("\"0.7\"").about("0.7").suggests("\"0%\" | \"100%\"");
}

#[test]
fn a_mix_replaces_a_release() {
    let both = "release = \"bits\"\nrelease_mix = { \"sms-2.0-sp2\" = \"100%\" }";
    let problem = fleet(both).at("13:15").marks("{ \"sms-2.0-sp2\" = \"100%\" }");
    problem.about("release | release_mix").suggests("one of them");
}

#[test]
fn what_is_incomplete_shows_what_to_add() {
    check(
        fleet,
        &[
            (
                "upgrade = { from = \"1d\", over = \"5d\" }",
                "12:1",
                "upgrade",
                "to | upgrade",
                "to = \"sms-2.0-sp3\"",
            ),
            (
                "vanishes = { every = \"4h\" }",
                "12:1",
                "vanishes",
                "for | vanishes",
                "for = \"30m\"",
            ),
            ("zones = [\"UTC\"]", "12:1", "zones", "zones", "online = \"Mon-Fri 08:00-18:00\""),
        ],
    );
}

#[test]
fn hours_open_on_days_from_a_time_to_a_time() {
    const EXAMPLES: &str = "\"Mon-Fri 08:00-18:00\" | \"22:00-06:00\" | \
        \"Mon-Fri 08:00-18:00, Sat 09:00-13:00\"";
    check(
        online,
        &[
            ("Mon-Fri 08:00-08:00", "12:11", "Mon-Fri 08:00-08:00", "08:00-08:00", EXAMPLES),
            ("", "12:11", "\"", "hours", EXAMPLES),
            ("Mon-Fri 08:00-18:00, Sut 09:00-13:00", "12:32", "Sut 09:00-13:00", "Sut", EXAMPLES),
            ("Mon-Fri 08:00", "12:11", "Mon-Fri 08:00", "08:00 | end", EXAMPLES),
            ("Mon,Tue", "12:15", "Tue", "Tuesday | times", EXAMPLES),
            ("Mon 08:00-18:00, Tue", "12:28", "Tue", "Tuesday | times", EXAMPLES),
            ("08:00-25:00", "12:11", "08:00-25:00", "25:00", EXAMPLES),
            ("Mon-Fri 24:00-06:00", "12:11", "Mon-Fri 24:00-06:00", "24:00 | 00:00", EXAMPLES),
        ],
    );
}

#[test]
fn hours_have_a_comma_between_two_of_them_only() {
    for (hours, place, side) in [
        ("Mon 08:00-18:00,", "12:26", "after"),
        (", Mon 08:00-18:00", "12:11", "before"),
        ("Mon 08:00-18:00, ,Tue 08:00-09:00", "12:28", "before"),
    ] {
        online(hours).at(place).about(&format!("comma | {side}")).suggests("comma");
    }
}

#[test]
fn a_zone_is_a_difference_to_utc() {
    let problem = fleet("online = \"08:00-18:00\"\nzones = [\"UTC\", \"CET\"]").at("13:17");
    problem.marks("\"CET\"").about("CET").suggests("\"UTC\" | \"UTC+1\" | \"UTC-3:30\"");
}

#[test]
fn a_workaround_has_one_condition() {
    let workaround = |table: &str| refused(top(&format!("workaround = {table}")));
    let two = "{ after = \"1h\", when_stranded = 5 }";
    check(
        workaround,
        &[
            ("{}", "3:14", "{}", "workaround", "{ after = \"24h\" } | { when_stranded = 100 }"),
            (two, "3:14", two, "workaround | after | when_stranded", "one of them"),
        ],
    );
}

#[test]
fn a_scenario_starts_on_a_day_at_a_time() {
    let problem = refused(top("starts = \"08:00\"")).at("3:10").marks("\"08:00\"");
    problem.about("08:00 | day").suggests("\"Mon 08:00\"");
}

#[test]
fn a_client_needs_no_more_connections_than_a_point_has() {
    let problem = fleet("connections = 51").at("12:15").marks("51");
    let problem = problem.about("office | 51 | DP01 | 5");
    problem.suggests("connections | connection_limit | distribution_points");
    // If the limit is wrong, only that is reported.
    let limit = group("connections = 2").replace("connection_limit = 5", "connection_limit = 0");
    refused(limit).at("5:20").marks("0").about("connection_limit | 0").suggests("1 | 4294967295");
}

#[test]
fn sizes_from_a_file_are_sizes_and_enough_of_them() {
    let keys = "link = \"1 MB/s\"\n\
        transfer = { kind = \"size\", bytes = { kind = \"trace\", file = \"sizes.csv\" } }";
    let sizes = |csv: &str| {
        Desk::with(&group(keys)).file("sizes.csv", csv).run(&["run", "s.toml"]).refuses()
    };
    let unit = sizes("bytes\n40 MB\n12 MBit\n").at("sizes.csv:3:1").marks("12 MBit");
    unit.about("bytes | 12 MBit | MBit").suggests("40 MB");
    let few = sizes("bytes\n40 MB\n700\n").at("8:9").marks("100");
    few.about("office | 100 | bytes | sizes.csv | 2").suggests("count | 2");
}
