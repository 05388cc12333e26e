//! Numbers outside their range.

use crate::harness::{Refusal, SMALL, changed, check, group, point, refused, top};

/// The small scenario with a line in one of its tables.
type Change = fn(&str) -> String;

#[test]
fn a_whole_number_outside_its_range_is_refused_with_the_range() {
    const LIMIT: &str = "1 | 4294967295";
    const COUNT: &str = "1 | 4294967279";
    let table: [(&str, Change, &str, &str, &str); 14] = [
        ("5:20", point, "connection_limit", "0", LIMIT),
        ("5:20", point, "connection_limit", "-1", LIMIT),
        ("5:20", point, "connection_limit", "5000000000", LIMIT),
        ("6:9", point, "queue", "-1", "0 | 4294967295"),
        ("8:9", group, "count", "0", COUNT),
        ("8:9", group, "count", "-100", COUNT),
        ("12:19", group, "tries_per_point", "0", "1 | 255"),
        ("12:19", group, "tries_per_point", "256", "1 | 255"),
        ("12:15", group, "connections", "0", "1 | 1000"),
        ("9:25", group, "misreport_probability", "2", "0 | 1"),
        ("9:25", group, "misreport_probability", "-0.1", "0 | 1"),
        ("9:25", group, "misreport_probability", "nan", "0 | 1"),
        ("9:25", group, "misreport_probability", "inf", "0 | 1"),
        ("3:8", top, "seed", "-1", "0"),
    ];
    for (place, within, key, value, range) in table {
        let problem = refused(within(&format!("{key} = {value}"))).at(place).marks(value);
        problem.about(&format!("{key} | {value} | {range}")).suggests(range);
    }
    let underscores = refused(group("count = 5_000_000_000")).at("8:9").marks("5_000_000_000");
    underscores.about("count | 5000000000").suggests(COUNT);
}

#[test]
fn a_number_out_of_range_is_refused_with_the_largest() {
    let value = |text: &str| -> Refusal { refused(group(text)) };
    check(
        value,
        &[
            (
                "count = 99999999999999999999",
                "8:9",
                "99999999999999999999",
                "99999999999999999999",
                "-9223372036854775808 | 9223372036854775807",
            ),
            ("misreport_probability = 1e999", "9:25", "1e999", "1e999", "1.7976931348623157e308"),
            ("misreport_probability = NaN", "9:25", "NaN", "NaN", "0.5"),
        ],
    );
}

#[test]
fn more_clients_than_memory_holds_are_refused_with_the_memory_they_need() {
    let (points, group) = SMALL.split_once("[clients.office]").expect("a group");
    let groups: String = (0..20).map(|i| format!("[clients.g{i}]{group}")).collect();
    let text = format!("{points}{groups}").replace("count = 100", "count = 4_000_000_000");
    let problem = refused(text).at("8:9").marks("4_000_000_000");
    problem.about("80000000000 | 11920.9 GiB | memory").suggests("clients");
}

#[test]
fn a_percentage_in_quotes_is_suggested_as_a_fraction() {
    let text = changed("misreport_probability = 0.01", "misreport_probability = \"1%\"");
    refused(text).at("9:25").marks("\"1%\"").about("misreport_probability").suggests("0.01");
}
