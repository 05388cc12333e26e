//! Same scenario, seed and version: the same bytes, on one thread or many.

use std::sync::atomic::AtomicBool;

use distpoint::engine::event_engine;
use distpoint::model::EventKind;
use distpoint::report::Format;
use distpoint::scenario::{BUILTIN, Builtin, Origin, load};
use distpoint::study::{Options, run};

fn json(builtin: &Builtin, threads: usize) -> String {
    let origin = Origin::Text { name: builtin.name, text: builtin.text };
    let loaded = load(origin, &[]).expect("built-in scenarios are right");
    let options = Options { threads, ..Options::default() };
    let results = run(&loaded, &options).expect("it runs");
    (Format::named("json").expect("a format").results)(&results, None)
}

#[test]
fn one_thread_and_many_and_a_second_run_give_the_same_bytes() {
    for name in ["q268500", "retry-policies", "mixed-fleet"] {
        let builtin = BUILTIN.iter().find(|builtin| builtin.name == name).expect("built in");
        let first = json(builtin, 1);
        assert_eq!(first, json(builtin, 4), "{name}");
        assert_eq!(first, json(builtin, 4), "{name}");
    }
}

#[test]
fn golden_results_pin_the_whole_chain() {
    let builtin = Builtin::named("q268500").expect("built in");
    let results: serde_json::Value = serde_json::from_str(&json(builtin, 2)).expect("JSON");
    let metric = |variant: usize, name: &str| {
        results["variants"][variant]["metrics"][name]["mean"].as_f64().expect("a number")
    };
    assert_eq!([metric(0, "stranded"), metric(1, "stranded")], [39.0, 0.0]);
    assert_eq!([metric(0, "attempts"), metric(1, "attempts")], [59_191.0, 59_838.0]);
    assert_eq!([metric(0, "makespan"), metric(1, "makespan")], [14_732_291.0, 14_732_291.0]);
}

#[test]
fn variants_share_their_random_numbers() {
    // The same variant twice is the same to the last bit.
    let text = "name = \"twice\"
        [distribution_points.A]
        connection_limit = 5
        [clients.g]
        count = 300
        release = \"sms-2.0-sp2\"
        misreport_probability = 0.05
        arrival = { kind = \"uniform\", over = \"10m\" }
        transfer = { kind = \"exponential\", mean = \"2m\" }
        retry = { policy = \"exponential\", base = \"1m\", jitter = \"full\" }
        [variants.one]
        clients.g.count = 300
        [variants.two]
        distribution_points.A.connection_limit = 5";
    let loaded = load(Origin::Text { name: "test", text }, &[]).expect("right");
    let results = run(&loaded, &Options::default()).expect("it runs");
    assert_eq!(results.variants[0].metrics, results.variants[1].metrics);
    assert_eq!(results.variants[0].series, results.variants[1].series);
}

#[test]
fn another_group_changes_nothing_for_a_group_that_it_does_not_meet() {
    let alone = "name = \"alone\"
        [distribution_points.A]
        connection_limit = 5
        [clients.g]
        count = 300
        arrival = { kind = \"uniform\", over = \"10m\" }
        transfer = { kind = \"exponential\", mean = \"2m\" }
        retry = { policy = \"memoryless\", mean = \"5m\" }
        distribution_points = [\"A\"]\n";
    let other = "[clients.another]
        count = 100
        arrival = { kind = \"uniform\", over = \"10m\" }
        transfer = { kind = \"exponential\", mean = \"2m\" }
        distribution_points = [\"B\"]
        [distribution_points.B]
        connection_limit = 1";
    let groups = |text: &str| {
        let run = crate::harness::run(&crate::harness::scenario(text));
        run.groups[0].completions.sorted()
    };
    assert_eq!(groups(alone), groups(&format!("{alone}{other}")));
}

#[test]
fn every_replication_of_a_scenario_without_draws_is_the_same() {
    let text = "name = \"certain\"
        starts = \"Mon 07:59\"
        [distribution_points.A]
        connection_limit = 5
        bandwidth = \"1 MB/s\"
        efficiency = [[2, 1.0], [5, 0.5]]
        outages = [{ from = \"5m\", for = \"5m\", every = \"1h\" }]
        limit_changes = [{ from = \"20m\", for = \"10m\", connection_limit = 3 }]
        queue = 4
        retry_after = \"estimated\"
        [distribution_points.B]
        connection_limit = 2
        [distribution_points.C]
        connection_limit = 3
        [clients.g]
        count = 60
        connections = 2
        tiers = [[\"A\"], { points = [\"B\", \"C\"], choose = \"ordered\" }]
        fallback_after = \"30m\"
        misreport_probability = 1
        online = \"Mon-Fri 08:00-18:00\"
        link = \"1 Mbit/s\"
        arrival = { kind = \"even\", over = \"10m\" }
        transfer = { kind = \"size\", bytes = \"5 MB\" }
        retry = { policy = \"server\", interval = \"7m\" }";
    let origin = Origin::Text { name: "certain", text };
    let scenario = load(origin, &[]).expect("it is right").base;
    assert!(scenario.is_deterministic());
    let stop = AtomicBool::new(false);
    let events = |number| event_engine::run(&scenario.replication(number), Vec::new(), &stop);
    let (first, second) = (events(0), events(1));
    assert!(first.iter().any(|event| matches!(event.kind, EventKind::Cut { .. })));
    assert_eq!(first, second);
}
