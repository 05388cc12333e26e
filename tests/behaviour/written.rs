//! Scenarios as results have them: what is written is the scenario that was read, and the JSON Schema
//! accepts it.

use proptest::prelude::*;

use crate::checks::drawn::{any_full_scenario, any_scenario};
use crate::checks::written;
use crate::harness::{cases, scenario};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(300),
        rng_seed: proptest::test_runner::RngSeed::Fixed(268_500),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_plain_scenario_is_read_back_as_it_was_written(text in any_scenario()) {
        written::is_read_back(&text);
    }

    #[test]
    fn a_scenario_with_everything_is_read_back_as_it_was_written(text in any_full_scenario()) {
        written::is_read_back(&text);
    }
}

#[test]
fn a_mix_keeps_what_its_group_sets_of_the_retries() {
    for retry in [
        "{ policy = \"memoryless\", mean = \"30s\" }",
        "{ policy = \"fixed\", interval = \"10m\" }",
        "{ policy = \"server\", max_retries = 3 }",
        "{ jitter = \"7%\" }",
        "{ jitter = \"30s\", give_up_after = \"none\" }",
        "{ max_retries = \"none\" }",
        "{}",
    ] {
        for mix in [
            "{ \"sms-2.0-sp4\" = \"50%\", \"sms-2003\" = \"50%\" }",
            "{ \"sms-2.0-sp4\" = \"33.3%\", configmgr = \"66.7%\" }",
            "{ bits = \"0.7%\", configmgr-2007 = \"99.3%\" }",
        ] {
            let text = format!(
                "name = \"mixed\"\n[distribution_points.A]\nconnection_limit = 1\n[clients.g]\n\
                 count = 9\nrelease_mix = {mix}\nretry = {retry}\narrival = {{ kind = \"burst\" }}\n\
                 transfer = {{ kind = \"constant\", duration = \"2m\" }}\n"
            );
            written::is_read_back(&text);
        }
    }
}

#[test]
fn a_percentage_is_written_as_it_was_read() {
    for tenths in 1..=1000 {
        let percent = format!("{}.{}%", tenths / 10, tenths % 10).replace(".0%", "%");
        let text = format!(
            "name = \"jittered\"\n[distribution_points.A]\nconnection_limit = 1\n[clients.g]\n\
             count = 9\nretry = {{ policy = \"fixed\", interval = \"10m\", jitter = \"{percent}\" }}\n\
             arrival = {{ kind = \"burst\" }}\n\
             transfer = {{ kind = \"constant\", duration = \"2m\" }}\n"
        );
        let written = scenario(&text).to_json();
        assert_eq!(written["clients"]["g"]["retry"]["jitter"], percent.as_str());
    }
}
