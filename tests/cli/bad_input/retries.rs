//! Wrong `retry` tables.

use crate::harness::{Desk, Problem, Refusal, check, group, refused};

/// How a group with this `retry`, in line 12, is refused.
#[track_caller]
fn retry(table: &str) -> Refusal {
    refused(group(&format!("retry = {table}")))
}

const POLICIES: &str = "fixed | linear | exponential | list | memoryless | server";

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
        ("\"nan%\"", "jitter | nan%", "20%"),
        ("0.2", "jitter", "\"30s\" | \"20%\""),
        ("\"decorrelated\"", "decorrelated | exponential", "full | equal"),
    ] {
        let table = format!("{{ policy = \"fixed\", interval = \"1m\", jitter = {jitter} }}");
        retry(&table).at("12:55").marks(jitter).about(about).suggests(suggestion);
    }
}

#[test]
fn the_jitter_of_the_policy_server_is_a_time_or_a_percentage() {
    for (jitter, about, suggestion) in [
        ("\"lots\"", "jitter | lots", "\"30s\" | \"20%\""),
        ("\"full\"", "jitter | server | before", "\"30s\" | \"20%\""),
        ("\"120%\"", "jitter | 0% | 100% | 120%", "20%"),
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

/// The problem with a `retry` at the part of it that is `marked`.
#[track_caller]
fn wrong(table: &str, marked: &str) -> Problem {
    let place = table.find(marked).expect("it is there");
    retry(table).at(&format!("12:{}", 9 + place))
}

#[test]
fn an_amount_of_jitter_is_judged_as_such() {
    for (table, marked, about, suggestion) in [
        ("{ policy = \"fixed\", interval = \"1m\", jitter = \"-5%\" }", "-5%", "negative", "5%"),
        (
            "{ policy = \"linear\", step = \"1m\", jitter = \"+5 parsecs\" }",
            "parsecs",
            "jitter | parsecs",
            "units",
        ),
        (
            "{ policy = \"exponential\", base = \"1s\", jitter = \"5s\" }",
            "\"5s\"",
            "jitter | first delay | negative",
            "1s",
        ),
        (
            "{ policy = \"memoryless\", mean = \"1m\", jitter = \"5s\" }",
            "\"5s\"",
            "memoryless | jitter",
            "leave",
        ),
    ] {
        wrong(table, marked).about(about).suggests(suggestion);
    }
}

#[test]
fn a_delay_of_a_list_is_a_time_or_a_range() {
    for (delays, marked, about, suggestion) in [
        ("[]", "[]", "delays | no entries", "1s"),
        ("[\"5s..1s\"]", "\"5s..1s\"", "5s..1s | ends before it begins", "shorter"),
        ("[\"5s..\"]", "\"]", "empty", "10s"),
        ("[5]", "5", "a time or a range", "3.5s"),
        ("[\"0s\"]", "\"0s\"", "zero", "1ms"),
    ] {
        let table = format!("{{ policy = \"list\", delays = {delays} }}");
        wrong(&table, marked).about(about).suggests(suggestion);
    }
}

#[test]
fn a_policy_by_name_is_one_of_those_that_are_known() {
    wrong("\"kublet\"", "\"kublet\"").about("kublet").suggests("did you mean `kubelet`");
    wrong("\"nonsense\"", "\"nonsense\"").about("nonsense").suggests("curl | npm | kubelet");
    let both = "{ preset = \"npm\", policy = \"fixed\", interval = \"1m\" }";
    wrong(both, "\"npm\"").about("preset | not both").suggests("leave");
    let nested = "{ preset = \"containerd\", jitter = \"equal\" }";
    wrong(nested, "\"equal\"").about("jitter").suggests("list of tables");
}

#[test]
fn what_policies_within_each_other_need_is_reported() {
    for (list, marked, about, suggestion) in [
        ("[]", "[]", "empty", "kubelet"),
        ("[{ max_retries = 3 }]", "{ max", "neither | policy | preset", "kubelet"),
        (
            "[{ policy = \"fixed\", interval = \"1s\" }, { preset = \"npm\" }]",
            "{ policy",
            "max_retries | never",
            "max_retries = 3",
        ),
        (
            "[{ preset = \"npm\", give_up_after = \"1h\" }, { preset = \"npm\" }]",
            "\"1h\"",
            "give_up_after | last policy",
            "move",
        ),
        (
            "[{ preset = \"cargo\" }, { preset = \"npm\" }]",
            "\"cargo\"",
            "cargo | retry_after | last policy",
            "retry_after = { honour = false }",
        ),
        (
            "[{ preset = \"bits\", max_retries = 3 }, { preset = \"npm\" }]",
            "\"bits\"",
            "bits | give_up_after | last policy",
            "give_up_after = \"none\"",
        ),
        (
            "[{ preset = \"containerd\", max_retries = 3 }, { preset = \"npm\" }]",
            "\"containerd\"",
            "preset",
            "one by one",
        ),
        (
            "[{ preset = \"npm\" }, { policy = \"exponential\", base = \"1s\", jitter = \"decorrelated\" }]",
            "[",
            "decorrelated",
            "full | equal",
        ),
    ] {
        wrong(list, marked).about(about).suggests(suggestion);
    }
}

#[test]
fn a_preset_within_another_policy_may_leave_out_what_holds_for_all() {
    let list = "[{ preset = \"cargo\", retry_after = { honour = false } }, { preset = \"npm\" }]";
    Desk::with(&group(&format!("retry = {list}"))).run(&["check", "s.toml"]).succeeds();
}

#[test]
fn a_policy_that_ignores_servers_has_nothing_to_say_on_how_it_honours_them() {
    let server = "{ policy = \"server\", retry_after = { honour = false } }";
    wrong(server, "{ honour").about("policy `server` | cannot ignore").suggests("fixed");
    for key in ["at_most = \"10s\"", "extends_by = \"10s\""] {
        let table = format!("{{ preset = \"curl\", retry_after = {{ honour = false, {key} }} }}");
        let name = key.split_once(' ').expect("a key").0;
        wrong(&table, "\"10s\"").about(&format!("{name} | honour | false")).suggests("leave");
    }
}

#[test]
fn what_becomes_of_long_hints_needs_a_limit() {
    let table = "{ policy = \"fixed\", interval = \"1s\", retry_after = { beyond = \"give-up\" } }";
    wrong(table, "\"give-up\"").about("beyond | at_most").suggests("at_most = \"10s\"");
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
