//! The bug of Q268500, and its fix, against exact figures.

use crate::harness::{
    assert_mean, assert_near, mean_and_variance, metric, one_group, replication, run, scenario,
};
use distpoint::scenario::Scenario;

/// N=1000 at t=0, C=50, 120 s, retry 600 s: each refusal is misreported with `probability`.
fn burst(release: &str, probability: f64) -> Scenario {
    one_group(
        50,
        1000,
        &format!(
            "release = \"{release}\"
            misreport_probability = {probability}
            arrival = {{ kind = \"burst\" }}
            transfer = {{ kind = \"constant\", duration = \"2m\" }}"
        ),
    )
}

/// Stranded clients in each of 2,000 runs, every run with its own seed.
fn stranded(mut scenario: Scenario) -> Vec<f64> {
    (0..2000)
        .map(|seed| {
            scenario.seed = seed;
            metric(&run(&scenario), "stranded")
        })
        .collect()
}

// The expected values are exact: after wave k every client that is left strands independently.

#[test]
fn one_misreport_in_a_hundred_strands_84_of_a_thousand() {
    assert_mean(&stranded(burst("sms-2.0-sp2", 0.01)), 84.644, 8.160);
}

#[test]
fn one_misreport_in_ten_strands_445_of_a_thousand() {
    assert_mean(&stranded(burst("sms-2.0-sp2", 0.1)), 445.188, 10.277);
}

#[test]
fn the_fixed_release_strands_nobody_though_it_sees_the_same_misreports() {
    for probability in [0.01, 0.1, 1.0] {
        let stranded = stranded(burst("sms-2.0-sp3", probability));
        assert!(stranded.iter().all(|&clients| clients == 0.0));
    }
}

#[test]
fn three_clients_strand_with_the_exact_distribution() {
    // C=1, p=1/2: of two refused, both strand, or one does, or none; a client that is left is refused again
    // only if the other is too. P(0, 1, 2 stranded) = 1/8, 5/8, 1/4.
    let mut scenario = one_group(
        1,
        3,
        "release = \"sms-2.0-sp2\"
        misreport_probability = 0.5
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"2m\" }",
    );
    let runs = 20_000;
    let mut counts = [0.0; 3];
    for seed in 0..runs {
        scenario.seed = seed;
        counts[metric(&run(&scenario), "stranded") as usize] += 1.0;
    }
    for (count, probability) in counts.iter().zip([0.125, 0.625, 0.25]) {
        let runs = runs as f64;
        let deviation = (runs * probability * (1.0 - probability)).sqrt();
        assert_near(&format!("{counts:?}"), *count, runs * probability, deviation);
    }
}

#[test]
fn replications_are_as_independent_as_seeds() {
    let scenario = burst("sms-2.0-sp2", 0.01);
    let stranded: Vec<_> =
        (0..500).map(|number| metric(&replication(&scenario, number), "stranded")).collect();
    assert_mean(&stranded, 84.644, 8.160);
    let (_, variance) = mean_and_variance(&stranded);
    assert_near("share of the variance", variance / (8.160 * 8.160), 1.0, (2.0f64 / 499.0).sqrt());
}

#[test]
fn certain_misreports_strand_every_client_that_is_refused() {
    let run = run(&burst("sms-1.2", 1.0));
    assert_eq!(metric(&run, "stranded"), 950.0);
    assert_eq!(metric(&run, "attempts"), 1000.0);
    assert_eq!(metric(&run, "waiting.peak"), 0.0);
}

#[test]
fn a_poll_unschedules_the_retries_that_come_after_it() {
    // Q302674: between two polls fit one retry at 15 minutes, five at 60. Clients arrive at their
    // polls; one that holds the only connection for days keeps all others out.
    let attempts = |interval: &str, release: &str| {
        let run = run(&scenario(&format!(
            "name = \"Q302674\"
            [distribution_points.A]
            connection_limit = 1
            [clients.holder]
            count = 1
            arrival = {{ kind = \"burst\" }}
            transfer = {{ kind = \"constant\", duration = \"2d\" }}
            [clients.g]
            count = 100
            release = \"{release}\"
            poll_unschedules = true
            arrival = {{ kind = \"poll\", interval = \"{interval}\" }}
            transfer = {{ kind = \"constant\", duration = \"1s\" }}"
        )));
        assert_eq!(run.groups[1].ended.stranded, 100);
        (run.groups[1].refused, run.makespan)
    };
    assert_eq!(attempts("15m", "sms-2.0-sp3").0, 200);
    assert_eq!(attempts("30m", "sms-2.0-sp3").0, 300);
    // At 60 minutes the sixth retry is due at the very instant of the poll, which comes first.
    assert_eq!(attempts("60m", "sms-2.0-sp3").0, 600);
}

#[test]
fn a_client_that_did_not_arrive_by_polling_polls_at_a_phase_of_its_own() {
    let run = run(&one_group(
        1,
        2001,
        "release = \"sms-2.0-sp3\"
        poll_unschedules = true
        poll_interval = \"60m\"
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"2h\" }",
    ));
    // A poll uniform within the hour leaves 0 to 5 retries, each as likely: 2.5 on average, after
    // the first attempt. The variance of one client's number is 35/12.
    let retries = (metric(&run, "refused") - 2000.0) / 2000.0;
    assert_near("retries", retries, 2.5, (35.0 / 12.0 / 2000.0f64).sqrt());
    assert_eq!(metric(&run, "stranded"), 2000.0);
}

#[test]
fn stranding_is_a_share_of_the_refusals_whatever_the_distributions() {
    // Stranded minus p times refusals is a martingale for any arrivals, transfers and retries.
    let run = run(&one_group(
        20,
        20_000,
        "release = \"sms-2.0-sp2\"
        misreport_probability = 0.02
        arrival = { kind = \"uniform\", over = \"1h\" }
        transfer = { kind = \"lognormal\", median = \"2m\", sigma = 1.0 }
        retry = { policy = \"exponential\", base = \"1m\", cap = \"1h\", jitter = \"full\" }",
    ));
    let (stranded, refused) = (metric(&run, "stranded"), metric(&run, "refused"));
    assert_near("stranded", stranded, 0.02 * refused, (0.02 * 0.98 * refused).sqrt());
}
