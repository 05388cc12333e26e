//! Wrong `transfer` tables.

use crate::harness::{Refusal, check, group, refused};

/// How a group with this `transfer`, in line 11, is refused.
#[track_caller]
fn transfer(table: &str) -> Refusal {
    refused(group(&format!("transfer = {table}")))
}

const KINDS: &str = "constant | uniform | exponential | lognormal | empirical | trace | size";

#[test]
fn a_transfer_has_one_of_the_kinds() {
    check(
        transfer,
        &[
            ("{ duration = \"2m\" }", "11:1", "transfer", "kind | transfer", "kind = \"constant\""),
            (
                "{ kind = \"log-normal\", median = \"2m\", sigma = 0.5 }",
                "11:21",
                "\"log-normal\"",
                "kind | log-normal",
                &format!("{KINDS} | did you mean `lognormal`"),
            ),
            ("{ kind = \"fast\" }", "11:21", "\"fast\"", "kind | fast", KINDS),
            (
                "{ kind = \"size\", bytes = { kind = \"pareto\" } }",
                "11:46",
                "\"pareto\"",
                "kind | pareto",
                "uniform | exponential | lognormal | empirical | trace",
            ),
        ],
    );
}

#[test]
fn a_transfer_without_a_key_of_its_kind_shows_how_to_write_it() {
    for (kind, key, addition) in [
        ("constant", "duration", "duration = \"2m\""),
        ("exponential", "mean", "mean = \"2m\""),
        ("empirical", "file", "file = \"transfers.csv\""),
        ("size", "bytes", "bytes = \"40 MB\""),
    ] {
        let problem = transfer(&format!("{{ kind = \"{kind}\" }}")).at("11:1").marks("transfer");
        problem.about(&format!("{key} | transfer")).suggests(addition);
    }
    for (kind, keys, additions) in [
        ("uniform", ["min", "max"], ["min = \"1m\"", "max = \"3m\""]),
        ("lognormal", ["median", "sigma"], ["median = \"2m\"", "sigma = 0.5"]),
    ] {
        let problems: [_; 2] = transfer(&format!("{{ kind = \"{kind}\" }}")).problems();
        for ((problem, key), addition) in problems.into_iter().zip(keys).zip(additions) {
            let problem = problem.at("11:1").marks("transfer");
            problem.about(&format!("{key} | transfer")).suggests(addition);
        }
    }
}

#[test]
fn a_transfer_takes_time() {
    check(
        transfer,
        &[
            ("{ kind = \"constant\", duration = \"0s\" }", "11:44", "\"0s\"", "duration", "zero"),
            (
                "{ kind = \"uniform\", min = \"0s\", max = \"0s\" }",
                "11:50",
                "\"0s\"",
                "max",
                "zero",
            ),
        ],
    );
}

#[test]
fn the_least_is_not_above_the_most() {
    check(
        transfer,
        &[
            (
                "{ kind = \"uniform\", min = \"3m\", max = \"1m\" }",
                "11:50",
                "\"1m\"",
                "max | 1m | min | 3m",
                "swap",
            ),
            (
                "{ kind = \"size\", bytes = { kind = \"uniform\", min = \"4 MB\", max = \"3 MB\" } }",
                "11:77",
                "\"3 MB\"",
                "max | 3 MB | min | 4 MB",
                "swap",
            ),
        ],
    );
}

#[test]
fn sigma_is_from_0_to_10() {
    for (sigma, about, suggestion) in [
        ("nan", "sigma | 0 | nan", "0"),
        ("-0.5", "sigma | 0 | -0.5", "0"),
        ("1e6", "sigma | 10 | 1000000", "0.5"),
        ("\"half\"", "sigma | number | string", "0"),
    ] {
        let table = format!("{{ kind = \"lognormal\", median = \"2m\", sigma = {sigma} }}");
        transfer(&table).at("11:57").marks(sigma).about(about).suggests(suggestion);
    }
}

#[test]
fn sizes_need_bandwidth_at_the_point_or_a_link() {
    let problem = transfer("{ kind = \"size\", bytes = \"4 MB\" }").at("7:10").marks("office");
    let remedies = "bandwidth = \"100 MB/s\" | DP01 | link = \"10 Mbit/s\"";
    problem.about("office | DP01 | bandwidth").suggests(remedies);
}

#[test]
fn a_size_is_from_a_byte_to_a_petabyte() {
    let size = |size: &str| transfer(&format!("{{ kind = \"size\", bytes = \"{size}\" }}"));
    const EXAMPLES: &str = "40 MB | 512 KiB | 1.5 GB";
    size("2 PB").at("11:38").about("bytes | 1 B | 1 PB").suggests(EXAMPLES);
    size("1 PiB").at("11:40").marks("PiB").about("bytes | PiB").suggests(EXAMPLES);
}
