//! Against queueing theory: Erlang's loss system, retrial queues, and small transient cases solved
//! exactly. Each expected value comes with the standard deviation of one run (or of one client,
//! over the root of their number), so that the tests can be sharp.
//!
//! Steady-state runs start empty, which biases a mean over n clients by about 10/n to 100/n, and
//! let the last clients finish in peace, which does the same the other way: far less than the
//! standard error at n = 200,000.

use crate::harness::{assert_mean, assert_near, metric, one_group, replication, run};
use distpoint::stats::RunStatistics;

/// Clients of a steady-state run.
const MANY: u32 = 200_000;

/// Poisson arrivals, `interval` ms apart on average, to `servers` connections; the mean service is
/// 100 s, the unit of time of the theory.
fn steady(servers: u32, interval: u32, transfer: &str, rest: &str) -> RunStatistics {
    let mut scenario = one_group(
        servers,
        MANY,
        &format!(
            "arrival = {{ kind = \"poisson\", mean_interval = \"{interval}ms\" }}
            transfer = {transfer}
            {rest}"
        ),
    );
    scenario.horizon = distpoint::model::Span::MAX;
    run(&scenario)
}

const EXPONENTIAL: &str = "{ kind = \"exponential\", mean = \"100s\" }";

/// Asserts a mean over the clients of a steady-state run; `deviation` is that of one client.
fn assert_steady(run: &RunStatistics, name: &str, expected: f64, deviation: f64) {
    assert_near(name, metric(run, name), expected, deviation / f64::from(MANY).sqrt());
}

#[test]
fn blocking_is_erlangs_whatever_the_law_of_the_transfers() {
    // B(10, 5) = 0.018385. The distribution of the holding time does not matter (Sevastyanov 1957).
    // The lognormal one has mean 100 s and a coefficient of variation of 2: sigma² = ln 5.
    let cases = [
        (EXPONENTIAL, 0.2277),
        ("{ kind = \"constant\", duration = \"100s\" }", 0.2004),
        ("{ kind = \"lognormal\", median = \"44721ms\", sigma = 1.268636 }", 0.3557),
    ];
    for (transfer, deviation) in cases {
        let run = steady(10, 20_000, transfer, "retry = { max_retries = 0 }");
        assert_steady(&run, "refused.ratio", 0.018_384_57, deviation);
    }
}

#[test]
fn a_single_server_with_memoryless_retries_is_falin_and_templetons() {
    // lambda = 0.5, mu = 1, theta = 1 (Falin and Templeton, Retrial Queues, 1997, chapter 1).
    let retry = "retry = { policy = \"memoryless\", mean = \"100s\" }";
    let run = steady(1, 200_000, EXPONENTIAL, retry);
    assert_steady(&run, "refused.first_ratio", 0.5, 0.8660);
    assert_steady(&run, "attempts.mean", 3.0, 8.4853);
    assert_steady(&run, "connections.mean", 0.5, std::f64::consts::FRAC_1_SQRT_2);
    assert_steady(&run, "waiting.mean", 1.0, 4.7958);
}

#[test]
fn ten_servers_with_memoryless_retries_match_the_markov_chain() {
    // lambda = 8, c = 10, theta = 1: a level-dependent quasi-birth-and-death process.
    let retry = "retry = { policy = \"memoryless\", mean = \"100s\" }";
    let run = steady(10, 12_500, EXPONENTIAL, retry);
    assert_steady(&run, "refused.first_ratio", 0.279_239_6, 2.2069);
    assert_steady(&run, "refused.ratio", 0.352_425_5, 3.0328);
    assert_steady(&run, "attempts.mean", 1.544_224, 7.2321);
    assert_steady(&run, "waiting.mean", 4.353_792, 60.425);
}

#[test]
fn retrials_that_strand_with_a_probability_match_the_markov_chain() {
    // lambda = 4, c = 5, theta = 0.2, one refusal in four strands.
    let rest = "release = \"sms-2.0-sp2\"
        misreport_probability = 0.25
        retry = { policy = \"memoryless\", mean = \"500s\" }";
    let run = steady(5, 25_000, EXPONENTIAL, rest);
    assert_steady(&run, "stranded.ratio", 0.099_891_1, 0.4763);
    assert_steady(&run, "refused.first_ratio", 0.296_290_6, 1.0650);
    assert_steady(&run, "attempts.mean", 1.299_673, 1.4771);
    assert_steady(&run, "connections.mean", 3.600_435, 3.7002);
    assert_steady(&run, "waiting.mean", 5.993_468, 34.948);
}

#[test]
fn stranding_is_a_share_of_the_refusals_whatever_the_laws() {
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

/// A metric of `runs` replications of one group.
fn samples(limit: u32, count: u32, rest: &str, runs: u64, name: &str) -> Vec<f64> {
    let scenario = one_group(limit, count, rest);
    (0..runs).map(|number| metric(&replication(&scenario, number), name)).collect()
}

#[test]
fn a_burst_with_exponential_transfers_matches_its_dynamic_program() {
    let rest = "release = \"sms-2.0-sp2\"
        misreport_probability = 0.05
        arrival = { kind = \"burst\" }
        transfer = { kind = \"exponential\", mean = \"2m\" }";
    assert_mean(&samples(50, 1000, rest, 400, "stranded"), 300.4352, 10.9403);
    assert_mean(&samples(50, 1000, rest, 400, "attempts"), 6708.2692, 136.784);
}

#[test]
fn a_small_burst_with_everything_memoryless_matches_first_step_analysis() {
    let rest = "release = \"sms-2.0-sp2\"
        misreport_probability = 0.5
        arrival = { kind = \"burst\" }
        transfer = { kind = \"exponential\", mean = \"2m\" }
        retry = { policy = \"memoryless\", mean = \"10m\" }";
    assert_mean(&samples(3, 20, rest, 10_000, "stranded"), 9.081_825, 1.983_335);
    assert_mean(&samples(3, 20, rest, 10_000, "attempts"), 29.081_825, 2.465_253);
}

#[test]
fn uniform_arrivals_match_the_kolmogorov_equations() {
    let rest = "release = \"sms-2.0-sp2\"
        misreport_probability = 0.1
        arrival = { kind = \"uniform\", over = \"20m\" }
        transfer = { kind = \"exponential\", mean = \"2m\" }
        retry = { policy = \"memoryless\", mean = \"10m\" }";
    assert_mean(&samples(3, 20, rest, 10_000, "stranded"), 0.470_478, 0.691_829);
    assert_mean(&samples(3, 20, rest, 10_000, "attempts"), 24.234_304, 2.778_772);
}

#[test]
fn without_retries_a_server_is_a_counter_with_dead_time() {
    let rest = "arrival = { kind = \"uniform\", over = \"10m\" }
        transfer = { kind = \"constant\", duration = \"20s\" }
        retry = { max_retries = 0 }";
    assert_mean(&samples(1, 50, rest, 10_000, "completed"), 19.034_627, 1.311_445);
}

#[test]
fn two_clients_with_jitter_match_renewal_theory() {
    let full = "arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"300s\" }
        retry = { policy = \"exponential\", base = \"600s\", factor = 1, jitter = \"full\" }";
    assert_mean(&samples(1, 2, full, 20_000, "attempts"), 3.648_721, 0.762_545);
    let half = "arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"600s\" }
        retry = { policy = \"fixed\", interval = \"600s\", jitter = \"50%\" }";
    assert_mean(&samples(1, 2, half, 20_000, "attempts"), 3.5, 0.500_004);
    let makespan: Vec<f64> = samples(1, 2, half, 20_000, "makespan");
    assert_mean(&makespan, 900e3 + 600e3, 212_757.7);
}

#[test]
fn after_a_warm_up_a_loss_system_is_erlangs_without_bias() {
    // 8 erlangs on 10 servers: 7.026711 are busy on average; the deviation of one client is 6.487.
    let scenario = crate::harness::scenario(
        "name = \"warm-up\"
        horizon = \"30d\"
        warmup = \"1d\"
        [distribution_points.A]
        connection_limit = 10
        [clients.g]
        arrival = { kind = \"poisson\", mean_interval = \"12500ms\" }
        transfer = { kind = \"exponential\", mean = \"100s\" }
        retry = { max_retries = 0 }",
    );
    let run = run(&scenario);
    let root = metric(&run, "arrived").sqrt();
    for (name, expected, deviation) in
        [("connections.mean", 7.026_711_5, 6.487), ("refused.ratio", 0.121_661_06, 0.6055)]
    {
        assert_near(name, metric(&run, name), expected, deviation / root);
    }
}
