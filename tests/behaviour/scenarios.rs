//! Every built-in scenario runs and shows what it is described to show.

use distpoint::results::{Results, ThresholdVerdict, VariantResults};
use distpoint::scenario::{BUILTIN, Builtin, Origin, load};
use distpoint::study::{Options, Replications, run};

use crate::harness::assert_near;

fn results(name: &str) -> Results {
    let builtin = Builtin::named(name).expect("built in");
    let origin = Origin::Text { name, text: builtin.text };
    let loaded = load(origin, &[]).unwrap_or_else(|error| panic!("{error}"));
    run(&loaded, &Options::default()).expect("it runs")
}

fn variant<'r>(results: &'r Results, name: &str) -> &'r VariantResults {
    let found = results.variants.iter().find(|variant| variant.name == name);
    found.unwrap_or_else(|| panic!("no variant {name}"))
}

fn mean(variant: &VariantResults, metric: &str) -> f64 {
    variant.metrics[metric].expect("it has a value").mean
}

#[test]
fn every_file_of_the_directory_is_built_in() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let files = std::fs::read_dir(directory).expect("the directory is there");
    let mut files: Vec<String> = files
        .map(|file| file.expect("readable").path())
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let mut names: Vec<String> = BUILTIN.iter().map(|builtin| builtin.name.to_owned()).collect();
    files.sort();
    names.sort();
    assert_eq!(files, names);
}

#[test]
fn q268500_strands_under_sp2_and_not_under_sp3() {
    let results = results("q268500");
    assert!(mean(variant(&results, "SMS 2.0 SP2 (buggy)"), "stranded") > 0.0);
    let fixed = variant(&results, "SMS 2.0 SP3 (fixed)");
    assert_eq!((mean(fixed, "stranded"), mean(fixed, "completed")), (0.0, 5000.0));
}

#[test]
fn q302674_strands_more_the_more_often_clients_poll() {
    let results = results("q302674");
    let stranded: Vec<f64> = results.variants.iter().map(|v| mean(v, "stranded")).collect();
    assert!(stranded[0] > stranded[1] && stranded[1] > stranded[2] && stranded[2] > 0.0);
    assert_eq!(stranded[3], 0.0, "SP4 has the fix");
}

#[test]
fn workstation_share_is_faster_with_20_connections() {
    let results = results("workstation-share");
    let p95: Vec<f64> = results.variants.iter().map(|v| mean(v, "completion.p95")).collect();
    assert!(p95[1] < p95[0] / 2.0);
}

#[test]
fn retry_policies_waste_most_in_lockstep() {
    let results = results("retry-policies");
    assert_eq!(results.variants.len(), 6);
    let idle = |name| mean(variant(&results, name), "idle_while_waiting");
    assert!(idle("fixed 10 min") > 0.7);
    assert!(idle("10 min +-50%") < 0.2);
    assert!(idle("exp. full jitter") < 0.2);
}

#[test]
fn sms_2003_gives_up_after_its_week() {
    let results = results("sms-2003");
    assert!(mean(variant(&results, "1008 retries, 10 min"), "gave_up") > 1000.0);
    assert_eq!(mean(variant(&results, "1008 retries, 10 min"), "attempts.max"), 1009.0);
    assert_eq!(mean(variant(&results, "1008 retries, 15 min"), "gave_up"), 0.0);
    assert_eq!(mean(variant(&results, "no maximum"), "gave_up"), 0.0);
}

#[test]
fn bits_rollout_loses_clients_to_the_14_days() {
    let results = results("bits-rollout");
    assert!(mean(variant(&results, "limit 10"), "gave_up") > 1000.0);
    assert_eq!(mean(variant(&results, "limit 20"), "gave_up"), 0.0);
    assert_eq!(mean(variant(&results, "limit 10, 28 days"), "gave_up"), 0.0);
}

#[test]
fn mixed_fleet_strands_only_old_clients() {
    let results = results("mixed-fleet");
    let stranded = |name: &str, group: &str| {
        variant(&results, name).groups[group]["stranded"].expect("a count").mean
    };
    assert!(stranded("60% upgraded", "old") > 0.0);
    assert_eq!(stranded("60% upgraded", "upgraded"), 0.0);
    assert_eq!(stranded("all upgraded", "old"), 0.0);
    assert!(stranded("none upgraded", "upgraded") > 0.0);
}

#[test]
fn continuous_without_retries_is_erlangs_loss_system() {
    let results = results("continuous");
    let loss = variant(&results, "no retry");
    // Erlang B with 10 servers and 8 erlangs: 0.121661. The deviation of the blocking ratio over n
    // arrivals is 0.6055/sqrt(n) (Poisson equation of the birth-death chain); the empty start costs
    // far less.
    let blocked = mean(loss, "gave_up") / mean(loss, "arrived");
    assert_near("blocked", blocked, 0.121_661, 0.6055 / mean(loss, "arrived").sqrt());
    let more = variant(&results, "12 connections");
    let fewer = variant(&results, "retry after 10 min");
    assert!(mean(more, "refused.first_ratio") < mean(fewer, "refused.first_ratio"));
}

/// Asserts that a scenario meets the thresholds that it was delivered with.
fn assert_thresholds(results: &Results) {
    assert!(!results.thresholds.is_empty());
    for threshold in &results.thresholds {
        let what = (&threshold.expression, &threshold.observed);
        assert_eq!(threshold.verdict, ThresholdVerdict::Pass, "{what:?}");
    }
}

#[test]
fn thrashing_server_is_fastest_at_its_knee() {
    let results = results("thrashing-server");
    assert_thresholds(&results);
    let times: Vec<f64> = results.variants.iter().map(|v| mean(v, "makespan")).collect();
    assert!(times[1] < times[0] && times[1] < times[2] && times[2] < times[3], "{times:?}");
}

#[test]
fn nightly_outage_costs_a_client_that_resumes_least_and_one_that_spins_most() {
    let results = results("nightly-outage");
    assert_thresholds(&results);
    let times: Vec<f64> = results.variants.iter().map(|v| mean(v, "makespan")).collect();
    assert!(times[0] < times[2] && times[2] < times[1] && times[1] < times[3], "{times:?}");
    // All clients that are connected at 22:00 are cut, once.
    let cut: Vec<f64> = results.variants.iter().map(|v| mean(v, "cut")).collect();
    assert_eq!(cut, [0.0, 50.0, 50.0, 50.0]);
}

#[test]
fn modern_registry_is_done_sooner_the_better_it_tells_clients_when_to_come() {
    let results = results("modern-registry");
    assert_thresholds(&results);
    let of = |name, metric| mean(variant(&results, name), metric);
    let late = of("kubelet back-off", "completion.p95");
    assert!(of("Retry-After: 30", "completion.p95") < late / 3.0);
    assert!(of("Retry-After: estimated", "attempts.mean") < of("Retry-After: 30", "attempts.mean"));
    // Nobody is refused, and the server is never idle: 2,000 images in 800 s.
    assert_eq!((of("queue", "refused"), of("queue", "attempts.max")), (0.0, 1.0));
    assert!((of("queue", "makespan") - 800e3).abs() < 2e3);
}

#[test]
fn branch_office_is_done_sooner_the_sooner_clients_fall_back() {
    let results = results("branch-office");
    assert_thresholds(&results);
    let p95: Vec<f64> = results.variants.iter().map(|v| mean(v, "completion.p95")).collect();
    assert!(p95[1] < p95[2] && p95[2] < p95[0], "{p95:?}");
    // A share needs 200 minutes for its 60 clients; with a fallback the unluckiest branch is done in two thirds.
    let most: Vec<f64> = (results.variants.iter())
        .map(|variant| variant.copies["branch"]["makespan.most"].expect("it has a value").mean)
        .collect();
    assert!(most[0] >= 200.0 * 60e3, "{most:?}");
    assert!(most[1] < most[2] && most[2] < most[0] * 2.0 / 3.0, "{most:?}");
}

#[test]
fn configmgr_fallback_shortens_the_p95() {
    let results = results("configmgr-fallback");
    assert_thresholds(&results);
    let p95: Vec<f64> = results.variants.iter().map(|v| mean(v, "completion.p95")).collect();
    assert!(p95.is_sorted_by(|earlier, later| earlier > later), "{p95:?}");
}

#[test]
fn upgrade_in_progress_strands_fewer_the_sooner_it_is_done() {
    let results = results("upgrade-in-progress");
    assert_thresholds(&results);
    let stranded: Vec<f64> = results.variants.iter().map(|v| mean(v, "stranded")).collect();
    assert!(stranded.is_sorted_by(|earlier, later| earlier >= later), "{stranded:?}");
}

#[test]
fn workaround_recovers_exactly_the_stranded() {
    let results = results("workaround");
    assert_thresholds(&results);
    let of = |name, metric| mean(variant(&results, name), metric);
    let stranded = of("no workaround", "stranded");
    assert_eq!(of("workaround after 24 h", "stranded"), stranded);
    assert_eq!(of("workaround after 24 h", "recovered"), stranded);
    // It is a day late, where the fixed release needs a morning.
    let late = of("workaround after 24 h", "makespan") - of("SMS 2.0 SP3 (fixed)", "makespan");
    assert!(late > 0.8 * 86_400e3, "{late}");
}

#[test]
fn laptops_lose_less_when_they_resume() {
    let results = results("laptops");
    assert_thresholds(&results);
    let p95: Vec<f64> = results.variants.iter().map(|v| mean(v, "completion.p95")).collect();
    assert!(p95[2] < p95[1] && p95[1] < p95[0], "{p95:?}");
}

#[test]
fn a_measured_log_drives_a_scenario() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/measured/measured.toml");
    let loaded = load(Origin::File(path.as_ref()), &[]).unwrap_or_else(|error| panic!("{error}"));
    let results = run(&loaded, &Options::default()).expect("it runs");
    assert_thresholds(&results);
    let clients: Vec<f64> = results.variants.iter().map(|v| mean(v, "completed")).collect();
    assert_eq!(clients, [240.0; 3]);
    let refused: Vec<f64> = results.variants.iter().map(|v| mean(v, "refused")).collect();
    assert!(refused.is_sorted_by(|fewer, more| fewer > more), "{refused:?}");
}

/// Asserts that a finding of this kind is made on a variant, and says this.
#[track_caller]
fn assert_finding(results: &Results, kind: &str, variant: &str, says: &str) {
    let finding = results.findings.iter().find(|finding| finding.kind == kind);
    let finding = finding.unwrap_or_else(|| panic!("no finding {kind}"));
    assert_eq!(finding.variant, variant);
    assert!(finding.text.contains(says), "{}", finding.text);
}

fn part(variant: &VariantResults, group: &str, metric: &str) -> f64 {
    variant.groups[group][metric].expect("it has a value").mean
}

#[test]
fn windows_share_is_full_of_idle_sessions_unless_they_end_soon() {
    let results = results("windows-share");
    assert_thresholds(&results);
    assert_finding(&results, "idle_sessions", "AutoDisconnect after 15 min", "of SHARE's limit");
    let of = |name, metric| mean(variant(&results, name), metric);
    let default = "AutoDisconnect after 15 min";
    // Fewer than two connections are in use, and sessions hold most of the limit of 10.
    assert!(of(default, "connections.mean") < 2.0);
    assert!(of(default, "connections.mean") + of(default, "lingering.mean") > 7.0);
    let p95 = |name| of(name, "completion.p95");
    assert!(p95(default) > 3.0 * p95("20 connections"));
    // 2 minutes of reading, and nobody is refused.
    assert_eq!(p95("AutoDisconnect after 1 min"), 120_000.0);
}

#[test]
fn docker_hub_lets_100_pass_in_six_hours_and_three_addresses_let_all() {
    let results = results("docker-hub");
    assert_thresholds(&results);
    assert_finding(&results, "rate_limit_binds", "docker pull", "not the connection limit");
    let of = |name, metric| mean(variant(&results, name), metric);
    assert_eq!((of("docker pull", "completed"), of("docker pull", "gave_up")), (100.0, 150.0));
    // Five attempts of each of the 150, and one of each of the others.
    assert_eq!(of("docker pull", "rate_limited"), 750.0);
    assert!(of("docker pull", "connections.peak") < 50.0);
    let hourly = of("a retry every hour", "makespan") / 3_600_000.0;
    assert!((12.0..13.0).contains(&hourly), "{hourly}");
}

#[test]
fn api_rate_limit_fails_clients_by_their_library_and_retry_after_brings_them_back_together() {
    let results = results("api-rate-limit");
    assert_thresholds(&results);
    assert_finding(&results, "rate_limit_binds", "429 with Retry-After", "refused 84.5%");
    let gave_up = |name, group| part(variant(&results, name), group, "gave_up");
    for library in ["pip", "cargo"] {
        assert!(gave_up("429 alone", library) > 20.0, "{library}");
    }
    for library in ["npm", "curl"] {
        assert_eq!(gave_up("429 alone", library), 0.0, "{library}");
    }
    for library in ["pip", "cargo", "curl"] {
        assert!(gave_up("429 with Retry-After", library) > gave_up("429 alone", library) + 5.0);
    }
    // 400 requests at 10 a second, of which 21 pass at once.
    let makespan = mean(variant(&results, "requests wait"), "makespan");
    assert!((38_000.0..41_000.0).contains(&makespan), "{makespan}");
}

#[test]
fn pgbouncer_trades_waiting_for_errors_unless_the_job_comes_last() {
    let results = results("pgbouncer");
    assert_thresholds(&results);
    let of = |name, metric| mean(variant(&results, name), metric);
    let [default, short, none, last] =
        ["wait 120 s", "wait 5 s", "wait for ever", "the job comes last"];
    assert!(of(default, "gave_up") > 0.0 && of(short, "gave_up") > 3.0 * of(default, "gave_up"));
    let waits = |name| part(variant(&results, name), "application", "completion.p95");
    assert!(waits(none) > waits(default) && waits(default) > 5.0 * waits(short));
    assert!(waits(last) < 2.0 * waits(short));
}

#[test]
fn thundering_herd_comes_in_waves_of_all_without_jitter() {
    let results = results("thundering-herd");
    assert_thresholds(&results);
    let peak = |name| {
        let window = &variant(&results, name).windows["41s..1h"];
        window.metrics["attempts.per_second.peak"].expect("attempts are made").mean
    };
    assert_eq!(peak("no jitter"), 500.0);
    assert!(peak("equal jitter") < 100.0 && peak("full jitter") < 100.0);
    assert!((80.0..150.0).contains(&peak("decorrelated jitter")));
    // In the first second: with a delay of at most 1 s all come twice, with one of 1 s to 3 s none does.
    let first = |name| mean(variant(&results, name), "attempts.per_second.peak");
    assert!((990.0..=1000.0).contains(&first("equal jitter")) && first("full jitter") > 1050.0);
    assert_eq!(first("decorrelated jitter"), 500.0);
    let makespan = |name| mean(variant(&results, name), "makespan");
    // Ten waves of 50: at 63 s, and every 32 s from then on.
    assert_eq!(makespan("no jitter"), 1000.0 * (63.0 + 9.0 * 32.0 + 1.0));
    assert!(makespan("full jitter") < makespan("no jitter") / 3.0);
}

#[test]
fn retry_storm_outlives_its_burst_unless_its_queue_is_shorter_than_the_patience_of_clients() {
    let name = "retry-storm";
    let trap = "its queue of 120 takes 12s to drain, and clients wait for 9s";
    assert_finding(&results(name), "wasted", "a queue of 120", trap);
    let text = Builtin::named(name).expect("built in").text;
    let loaded = load(Origin::Text { name, text }, &[]).expect("right");
    let options =
        Options { what_if: false, replications: Replications::Fixed(12), ..Options::default() };
    let results = run(&loaded, &options).expect("it runs");
    let stuck = |name: &str| variant(&results, name).metrics["stuck"].expect("there is a trigger");
    // Of 200 seeds 187 (89.2% to 96.2%).
    let trapped = stuck("a queue of 120");
    assert!(trapped.mean >= 8.0 / 12.0, "{trapped:?}");
    // Wilson's interval of 12 runs, all of which recover.
    for remedy in ["a queue of 80", "dropped", "cancelled", "a budget"] {
        let [low, high] = stuck(remedy).ci95.expect("12 runs");
        assert!(low == 0.0 && (high - 0.2425).abs() < 1e-3, "{remedy}: {high}");
    }
    // Nearly nine tenths of the server's time and more are wasted after the burst, or nearly nothing.
    let after = |name: &str| {
        variant(&results, name).windows["5m40s..36m"].metrics["wasted"].expect("they come").mean
    };
    assert!(after("a queue of 120") > 0.85);
    assert!(["a queue of 80", "dropped", "cancelled"].into_iter().all(|name| after(name) < 0.1));
}

#[test]
fn database_restart_meets_5000_attempts_a_second_or_a_few_hundred_by_back_off() {
    let results = results("database-restart");
    assert_thresholds(&results);
    for variant in &results.variants {
        assert_eq!(mean(variant, "stuck"), 0.0, "{}", variant.name);
    }
}

#[test]
fn registry_outage_is_over_for_the_kubelet_and_final_for_docker_pull() {
    let results = results("registry-outage");
    assert_thresholds(&results);
    let last = |name| mean(variant(&results, name), "makespan");
    assert!(last("kubelet with full jitter") < last("kubelet"));
    // Five attempts end after 50 s, and the outage lasts 600.
    assert!(mean(variant(&results, "docker pull"), "completion.max") < 80e3);
}

#[test]
fn aws_2026_quotas_keep_retries_from_a_service_that_serves_as_many_without_them() {
    let results = results("aws-2026");
    assert_thresholds(&results);
    let served = |name| mean(variant(&results, name), "completed");
    let without = served("standard 2026 without a quota");
    for name in ["standard", "standard 2026"] {
        assert!(
            (served(name) / without - 1.0).abs() < 0.01,
            "{name}: {} of {without}",
            served(name)
        );
    }
}

#[test]
fn circuit_breaker_keeps_nearly_all_attempts_from_a_service_that_is_down() {
    let results = results("circuit-breaker");
    assert_thresholds(&results);
    let [alone, with] = ["retries alone", "with its breaker"].map(|name| variant(&results, name));
    assert!(mean(with, "unreachable") < 0.03 * mean(alone, "unreachable"));
    // The price: calls that fail while it is still open.
    assert!(mean(with, "completed") < mean(alone, "completed"));
}
