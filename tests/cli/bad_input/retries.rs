//! Wrong `retry` tables.

use crate::harness::{Refusal, check, group, refused};

/// How a group with this `retry`, in line 12, is refused.
#[track_caller]
fn retry(table: &str) -> Refusal {
    refused(group(&format!("retry = {table}")))
}

const POLICIES: &str = "fixed | linear | exponential | memoryless | server";

#[test]
fn a_retry_has_one_of_the_policies() {
    check(
        retry,
        &[
            (
                "{ policy = \"exponental\", base = \"1m\" }",
                "12:20",
                "\"exponental\"",
                "policy | exponental",
                &format!("{POLICIES} | did you mean `exponential`"),
            ),
            ("{ policy = \"nothing\" }", "12:20", "\"nothing\"", "policy | nothing", POLICIES),
            ("{ mean = \"5m\" }", "12:11", "mean", "mean | policy", "policy = \"memoryless\""),
        ],
    );
}

#[test]
fn a_retry_without_a_key_of_its_policy_shows_how_to_write_it() {
    for (policy, key, addition) in [
        ("fixed", "interval", "interval = \"10m\""),
        ("linear", "step", "step = \"5m\""),
        ("exponential", "base", "base = \"1m\""),
        ("memoryless", "mean", "mean = \"10m\""),
    ] {
        let problem = retry(&format!("{{ policy = \"{policy}\" }}")).at("12:1").marks("retry");
        problem.about(&format!("{key} | retry")).suggests(addition);
    }
}

#[test]
fn the_jitter_of_a_fixed_delay_is_a_time_below_it_or_a_percentage() {
    for (jitter, about, suggestion) in [
        ("\"2m\"", "jitter | 1m", "1m"),
        ("\"120%\"", "jitter | 0% | 100% | 120%", "20%"),
        ("\"-5%\"", "jitter | 0% | 100% | -5%", "20%"),
        ("\"nan%\"", "jitter | 0% | 100% | nan%", "20%"),
        ("0.2", "jitter", "\"30s\" | \"20%\""),
        ("\"full\"", "jitter", "\"30s\" | \"20%\""),
    ] {
        let table = format!("{{ policy = \"fixed\", interval = \"1m\", jitter = {jitter} }}");
        retry(&table).at("12:55").marks(jitter).about(about).suggests(suggestion);
    }
}

#[test]
fn the_jitter_of_the_policy_server_is_a_time_or_a_percentage() {
    for (jitter, about, suggestion) in [
        ("\"lots\"", "jitter | server", "\"30s\" | \"20%\""),
        ("\"120%\"", "jitter | 0% | 100% | 120%", "20% | up to 20% longer"),
    ] {
        let table = format!("{{ policy = \"server\", jitter = {jitter} }}");
        retry(&table).at("12:39").marks(jitter).about(about).suggests(suggestion);
    }
}

#[test]
fn the_jitter_of_an_exponential_delay_is_one_of_the_known_words() {
    let problem =
        retry("{ policy = \"exponential\", base = \"1m\", jitter = \"ful\" }").at("12:57");
    let words = "none | equal | decorrelated | did you mean `full`";
    problem.marks("\"ful\"").about("jitter | ful").suggests(words);
}

#[test]
fn the_jitter_of_an_exponential_delay_is_neither_a_percentage_nor_a_time() {
    for jitter in ["\"20%\"", "\"30s\""] {
        let table = format!("{{ policy = \"exponential\", base = \"1m\", jitter = {jitter} }}");
        let problem = retry(&table).at("12:57").marks(jitter).about("jitter | exponential | word");
        problem.suggests("none | full | equal | decorrelated | percentage | fixed | server");
    }
}

#[test]
fn a_cap_is_not_less_than_the_first_delay() {
    for (policy, first, column) in [("linear", "step", 49), ("exponential", "base", 54)] {
        let table = format!("{{ policy = \"{policy}\", {first} = \"5m\", cap = \"1m\" }}");
        let problem = retry(&table).at(&format!("12:{column}")).marks("\"1m\"");
        problem.about(&format!("cap | 1m | {first} | 5m")).suggests("longest");
    }
}

#[test]
fn a_factor_is_at_least_one() {
    for (factor, about, suggestion) in
        [("0.5", "factor | 1 | 0.5", "2"), ("nan", "factor | 1 | nan", "2")]
    {
        let table = format!("{{ policy = \"exponential\", base = \"1m\", factor = {factor} }}");
        retry(&table).at("12:57").marks(factor).about(about).suggests(suggestion);
    }
}

#[test]
fn a_retry_ends_after_a_number_of_retries_or_a_time() {
    check(
        retry,
        &[
            ("{ max_retries = -1 }", "12:25", "-1", "max_retries | -1", "0 | 4294967295"),
            (
                "{ max_retries = \"unlimited\" }",
                "12:25",
                "\"unlimited\"",
                "max_retries | unlimited",
                "whole number | \"none\"",
            ),
            ("{ give_up_after = \"0s\" }", "12:27", "\"0s\"", "give_up_after", "zero"),
        ],
    );
}

#[test]
fn all_errors_of_one_retry_are_reported_at_once() {
    let [base, factor, cap, jitter, retries, step] = retry(
        "{ policy = \"exponential\", base = \"1x\", factor = 0, cap = 5, jitter = \"ful\", \
         max_retries = -1, step = \"1m\" }",
    )
    .problems();
    base.at("12:44").marks("x").about("base | x").suggests("ms | s | m | h | d | w");
    factor.at("12:57").marks("0").about("factor | 1 | 0").suggests("2");
    cap.at("12:66").marks("5").about("cap | duration").suggests("\"5s\" | \"5m\"");
    jitter.at("12:78").marks("\"ful\"").about("jitter | ful").suggests("full");
    retries.at("12:99").marks("-1").about("max_retries | -1").suggests("0 | 4294967295");
    let keys = "policy | base | factor | cap | jitter | max_retries | give_up_after";
    step.at("12:103").marks("step").about("step | retry").suggests(keys);
}
