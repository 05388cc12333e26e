//! Clients that hold several connections at once: against the theory of loss systems with several
//! classes, and by hand to the millisecond.

use crate::harness::{assert_mean_by_spread, metric, replication, run, scenario};
use distpoint::stats::RunStatistics;

/// The blocking of each class (offered load in erlangs, connections each) of a loss system with
/// `limit` connections, for any distribution of the holding times: the recursion of Kaufman (1981) and
/// Roberts (1981) for the distribution of the connections in use.
fn kaufman_roberts(limit: usize, classes: &[(f64, usize)]) -> Vec<f64> {
    let mut in_use = vec![1.0];
    for connections in 1..=limit {
        let flows = classes.iter().filter(|(_, each)| *each <= connections);
        let flow: f64 =
            flows.map(|&(load, each)| load * each as f64 * in_use[connections - each]).sum();
        in_use.push(flow / connections as f64);
    }
    let all: f64 = in_use.iter().sum();
    let blocking = |&(_, each): &(f64, usize)| in_use[limit + 1 - each..].iter().sum::<f64>() / all;
    classes.iter().map(blocking).collect()
}

#[test]
fn blocking_of_clients_with_several_connections_is_kaufmans_and_roberts() {
    // By hand: with 2 connections, and a load of 1 of singles and of 1 of pairs, the weights of 0,
    // 1 and 2 in use are 1, 1 and (1 + 2)/2.
    assert_eq!(kaufman_roberts(2, &[(1.0, 1), (1.0, 2)]), [1.5 / 3.5, 2.5 / 3.5]);
    let expected = kaufman_roberts(10, &[(3.0, 1), (1.0, 3)]);
    let scenario = scenario(
        "name = \"classes\"
        horizon = \"20d\"
        warmup = \"1h\"
        [distribution_points.A]
        connection_limit = 10
        [clients.single]
        arrival = { kind = \"poisson\", mean_interval = \"20s\" }
        transfer = { kind = \"lognormal\", median = \"26831ms\", sigma = 1.268636 }
        retry = { max_retries = 0 }
        [clients.triple]
        connections = 3
        arrival = { kind = \"poisson\", mean_interval = \"60s\" }
        transfer = { kind = \"constant\", duration = \"60s\" }
        retry = { max_retries = 0 }",
    );
    let runs: Vec<RunStatistics> = (0..8).map(|number| replication(&scenario, number)).collect();
    for (group, expected) in expected.into_iter().enumerate() {
        let blocked = runs.iter().map(|run| {
            let tally = &run.groups[group];
            tally.refused as f64 / (tally.refused + tally.admitted) as f64
        });
        let blocked: Vec<f64> = blocked.collect();
        assert_mean_by_spread(&format!("group {group}"), &blocked, expected, 7.0);
    }
}

/// When each client of each group completes, in ms from the start if it arrived then.
fn completions(run: &RunStatistics) -> Vec<Vec<u64>> {
    run.groups.iter().map(|group| group.completions.sorted()).collect()
}

#[test]
fn a_client_gets_all_its_connections_at_once_or_is_refused() {
    let run = run(&scenario(
        "name = \"all or none\"
        [distribution_points.A]
        connection_limit = 4
        [clients.g]
        count = 2
        connections = 3
        arrival = { kind = \"burst\" }
        transfer = { kind = \"constant\", duration = \"1m\" }",
    ));
    assert_eq!(completions(&run), [[60_000, 660_000]]);
    assert_eq!(metric(&run, "attempts"), 3.0);
    assert_eq!(metric(&run, "connections.peak"), 3.0);
    assert_eq!(metric(&run, "connections.mean"), 3.0 * 120.0 / 660.0);
    assert_eq!(metric(&run, "utilisation"), 0.75 * 120.0 / 660.0);
    // One connection is free while the second client is refused; then it waits, and all four are.
    assert_eq!(metric(&run, "idle_while_waiting"), (60.0 + 4.0 * 540.0) / (4.0 * 660.0));
}

#[test]
fn each_connection_has_an_equal_share_of_the_bandwidth() {
    // 1000 bytes/s over four connections, three of them of one client: it has 750 and is done with
    // its 900 bytes after 1200 ms. The other has had 300 of its 500 then, and has all: 200 ms more.
    // Where the link of the first is 600 bytes/s, the second has 400: 500 bytes take 1250 ms, and
    // of the 900 are 150 left then, which take 250 ms more at the 600 of its link.
    let text = |link: &str| {
        format!(
            "name = \"shares\"
            [distribution_points.A]
            connection_limit = 4
            bandwidth = \"1000 B/s\"
            [clients.three]
            count = 1
            connections = 3
            {link}
            arrival = {{ kind = \"burst\" }}
            transfer = {{ kind = \"size\", bytes = \"900 B\" }}
            [clients.one]
            count = 1
            arrival = {{ kind = \"burst\" }}
            transfer = {{ kind = \"size\", bytes = \"500 B\" }}"
        )
    };
    assert_eq!(completions(&run(&scenario(&text("")))), [[1200], [1400]]);
    let capped = run(&scenario(&text("link = \"600 B/s\"")));
    assert_eq!(completions(&capped), [[1500], [1250]]);
}

/// A server with four connections and a queue. `first` has three of them for a minute; `second`
/// comes a second later and wants three, too, and `third` one, two seconds after the first.
fn queued(second: &str) -> RunStatistics {
    run(&scenario(&format!(
        "name = \"queue\"
        [distribution_points.A]
        connection_limit = 4
        queue = 5
        [clients.first]
        count = 1
        connections = 3
        arrival = {{ kind = \"burst\" }}
        transfer = {{ kind = \"constant\", duration = \"1m\" }}
        [clients.second]
        count = 1
        connections = 3
        arrival = {{ kind = \"burst\", at = \"1s\" }}
        transfer = {{ kind = \"constant\", duration = \"1m\" }}
        {second}
        [clients.third]
        count = 1
        arrival = {{ kind = \"burst\", at = \"2s\" }}
        transfer = {{ kind = \"constant\", duration = \"1m\" }}"
    )))
}

#[test]
fn nobody_overtakes_in_a_queue_though_it_needs_fewer_connections() {
    assert_eq!(completions(&queued("")), [[60_000], [119_000], [118_000]]);
}

#[test]
fn when_the_first_leaves_a_queue_the_next_may_fit() {
    // The second has had enough at 11 s; the third, which needs one, is connected then.
    let run = queued("retry = { give_up_after = \"10s\" }");
    assert_eq!(completions(&run), [vec![60_000], vec![], vec![69_000]]);
    assert_eq!(metric(&run, "gave_up"), 1.0);
}

#[test]
fn an_outage_cuts_all_connections_of_a_client_and_what_is_left_is_resumed() {
    // 900 bytes over three connections: 500 are done when the point goes down; ten minutes after
    // that it takes 400 ms.
    let run = run(&scenario(
        "name = \"cut\"
        [distribution_points.A]
        connection_limit = 3
        bandwidth = \"1000 B/s\"
        outages = [{ from = \"500ms\", for = \"1m\" }]
        [clients.g]
        count = 1
        connections = 3
        on_cut = \"resume\"
        arrival = { kind = \"burst\" }
        transfer = { kind = \"size\", bytes = \"900 B\" }",
    ));
    assert_eq!(completions(&run), [[600_900]]);
    assert_eq!((metric(&run, "cut"), metric(&run, "attempts")), (1.0, 2.0));
    assert_eq!(metric(&run, "connections.peak"), 3.0);
    assert_eq!(run.points[0].areas.open, 3 * 900);
}

#[test]
fn a_client_that_needs_more_than_the_limit_in_force_does_not_block_the_queue() {
    // From 5 minutes on there are two connections. The one that needs five is refused, though there
    // is a queue; those behind it are served.
    let text = |arrives: &str| {
        format!(
            "name = \"too big\"
            horizon = \"1d\"
            [distribution_points.A]
            connection_limit = 10
            queue = 10
            limit_changes = [{{ from = \"5m\", connection_limit = 2 }}]
            [clients.others]
            count = 2
            arrival = {{ kind = \"burst\" }}
            connections = 5
            transfer = {{ kind = \"constant\", duration = \"20m\" }}
            [clients.big]
            count = 1
            connections = 5
            arrival = {{ kind = \"burst\", at = \"{arrives}\" }}
            transfer = {{ kind = \"constant\", duration = \"1m\" }}
            retry = {{ max_retries = 0 }}
            [clients.small]
            count = 4
            arrival = {{ kind = \"burst\", at = \"7m\" }}
            transfer = {{ kind = \"constant\", duration = \"1m\" }}"
        )
    };
    // It comes after the limit was lowered, or waits in the queue when it is.
    for arrives in ["6m", "4m"] {
        let run = run(&scenario(&text(arrives)));
        let counts =
            [metric(&run, "completed"), metric(&run, "gave_up"), metric(&run, "queued.peak")];
        assert_eq!(counts, [6.0, 1.0, 4.0], "{arrives}");
        assert_eq!(
            run.groups[2].completions.sorted(),
            [14 * 60_000, 14 * 60_000, 15 * 60_000, 15 * 60_000]
        );
    }
}
