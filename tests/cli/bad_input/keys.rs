//! Keys and tables that are unknown, missing or in the wrong place.

use crate::harness::{SMALL, changed, check, group, point, refused, top};

const GROUP_KEYS: &str = "count | misreport_probability | arrival | transfer | choose | \
    distribution_points | tiers | release | release_mix | misreport_strands | poll_unschedules | \
    tries_per_point | moves_on | fallback_after | on_cut | spin | retry | upgrade | \
    poll_interval | connections | link | online | zones | stagger | vanishes";

const POINT_KEYS: &str = "connection_limit | bandwidth | efficiency | outages | limit_changes | \
    failures | queue | retry_after";

const TOP_KEYS: &str = "name | description | seed | horizon | warmup | expires_after | starts | \
    workaround | distribution_points | clients";

#[test]
fn an_unknown_key_lists_the_keys_that_its_table_has() {
    let group = refused(group("size = 3")).at("12:1").marks("size");
    group.about("size | office").suggests(GROUP_KEYS);
    let point = refused(point("memory = \"10 MB\"")).at("6:1").marks("memory");
    point.about("memory | DP01").suggests(POINT_KEYS);
    let table = "[servers.DP02]\nlimit = 5\n[clients.office]";
    let table = refused(changed("[clients.office]", table)).at("7:2").marks("servers");
    table.about("servers").suggests(TOP_KEYS);
}

#[test]
fn an_unknown_key_near_a_known_one_suggests_it() {
    let problem = refused(changed("count = 100", "cuont = 100")).at("8:1").marks("cuont");
    problem.about("cuont | office").suggests("count");
}

#[test]
fn a_key_of_the_scenario_below_a_header_belongs_above_the_first() {
    let problem = refused(group("seed = 5")).at("12:1").marks("seed");
    problem.about("seed | office").suggests("seed | [table]");
}

#[test]
fn a_missing_key_shows_how_to_write_it() {
    let without = |part: &str| refused(changed(part, ""));
    let points = "distribution_points = { DP01 = { connection_limit = 50 } }";
    check(
        without,
        &[
            (
                "name = \"A small storm\"\n",
                "1:1",
                "h",
                "name",
                "name = \"A server with 50 connections\"",
            ),
            ("count = 100\n", "7:10", "office", "count | office", "count = 5000"),
            (
                "[distribution_points.DP01]\nconnection_limit = 5\n",
                "1:1",
                "n",
                "distribution_points",
                points,
            ),
            (
                "connection_limit = 5\n",
                "4:22",
                "DP01",
                "connection_limit | DP01",
                "connection_limit = 50",
            ),
        ],
    );
    let (head, _) = SMALL.split_once("[clients").expect("a part above the clients");
    let clients = refused(head).at("1:1").about("clients");
    clients.suggests("clients = { office = { count = 5000, ... } }");
}

#[test]
fn a_table_without_entries_shows_one() {
    let from = "[distribution_points.DP01]\nconnection_limit = 5\n";
    let points = refused(changed(from, "[distribution_points]\n")).at("4:1");
    points.marks("[distribution_points]").suggests("[distribution_points.DP01]");
    let (head, _) = SMALL.split_once("[clients").expect("a part above the clients");
    let clients = refused(format!("{head}[clients]\n")).at("7:1").marks("[clients]");
    clients.suggests("[clients.office]");
}

#[test]
fn a_name_is_not_blank() {
    refused(top("name = \" \"")).at("1:8").marks("\" \"").about("name").suggests("empty");
}
