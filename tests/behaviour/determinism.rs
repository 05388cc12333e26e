//! Same scenario, seed and version: the same bytes, on one thread or many.

use distpoint::report::Format;
use distpoint::scenario::{BUILTIN, Builtin, Origin, load};
use distpoint::study::{Options, run};

fn json(builtin: &Builtin, threads: usize) -> String {
    let origin = Origin::Text { name: builtin.name, text: builtin.text };
    let loaded = load(origin, &[]).expect("built-in scenarios are right");
    let options = Options { threads, ..Options::default() };
    let results = run(&loaded, &options).expect("it runs");
    Format::named("json").expect("a format").renderer.results(&results, None)
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
    assert_eq!([metric(0, "stranded"), metric(1, "stranded")], [53.0, 0.0]);
    assert_eq!([metric(0, "attempts"), metric(1, "attempts")], [59_060.0, 59_838.0]);
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
        run.groups[0].completions.clone()
    };
    assert_eq!(groups(alone), groups(&format!("{alone}{other}")));
}
