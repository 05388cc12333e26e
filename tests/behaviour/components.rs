//! Copies and sites, and components of a system that are simulated apart.

use crate::checks::coarse::{coarse_scenario, coarse_sites};
use crate::checks::components::apart_and_together_are_the_same;
use crate::harness::{cases, scenario};
use distpoint::study::{Options, simulate};

const GROUP: &str = "count = 40
    release = \"sms-2.0-sp2\"
    misreport_probability = 0.05
    arrival = { kind = \"uniform\", over = \"10m\" }
    transfer = { kind = \"exponential\", mean = \"3m\" }
";

/// Its random numbers go by names, so each copy can be written out.
#[test]
fn copies_of_a_site_are_what_they_would_be_if_they_were_written_out() {
    let site = format!(
        "name = 's'\n[sites.b]\ncopies = 3\n[sites.b.distribution_points.S]\nconnection_limit = 4\n\
         [sites.b.clients.g]\n{GROUP}"
    );
    let copies = ["b", "b#2", "b#3"];
    let points = copies.map(|b| format!("[distribution_points.'{b}/S']\nconnection_limit = 4\n"));
    let groups =
        copies.map(|b| format!("[clients.'{b}/g']\ndistribution_points = ['{b}/S']\n{GROUP}"));
    let written_out = format!("name = 's'\n{}{}", points.concat(), groups.concat());
    let run = |text: &str| simulate(&scenario(text), 0, &Options::default()).expect("it runs");
    let (site, all) = (run(&site), run(&written_out));
    assert_eq!((site.groups.len(), site.points.len()), (1, 1));
    assert_eq!(site.total().completions.sorted(), all.total().completions.sorted());
    assert_eq!(site.total().ended, all.total().ended);
    assert_eq!(site.points_together().areas, all.points_together().areas);
    assert_eq!((site.peak_open, site.peak_waiting), (all.peak_open, all.peak_waiting));
    assert_eq!((site.makespan, site.measured), (all.makespan, all.measured));
    // Each has its own.
    let mut each: Vec<Vec<u64>> = all.groups.iter().map(|g| g.completions.sorted()).collect();
    each.dedup();
    assert_eq!(each.len(), 3);
}

/// Two servers of 5 connections are not one of 10: a client that is refused at one does not see the other.
#[test]
fn copies_of_a_point_are_servers_of_their_own() {
    let text = "name = 's'\n[distribution_points.S]\ncopies = 2\nconnection_limit = 5\n[clients.g]\n\
                count = 11\narrival = { kind = 'burst' }\n\
                transfer = { kind = 'constant', duration = '1m' }\n";
    let run = |text: &str| simulate(&scenario(text), 0, &Options::default()).expect("it runs");
    let pool = run(text);
    assert_eq!((pool.points.len(), pool.points[0].copies.len()), (1, 2));
    // One of 11 has to wait in any case; of a random choice rarely only one.
    let one = run(&text.replace("copies = 2", "copies = 1").replace("= 5", "= 10"));
    assert!(one.points[0].copies.is_empty());
    assert_eq!(one.points[0].refused, 1);
    assert!(pool.points[0].refused >= 1);
    // A client that goes where there is room finds it.
    let least = run(&text.replace("[clients.g]", "[clients.g]\nchoose = 'least-loaded'"));
    assert_eq!((least.points[0].refused, least.points[0].peak_open), (1, 10));
}

#[test]
fn what_is_simulated_apart_is_the_same_as_together() {
    let all = |text: fn(u64) -> String, at_least: u64| {
        let (mut several, mut failed) = (0, Vec::new());
        for seed in 0..u64::from(cases(600)) {
            let text = text(seed);
            let checked = || apart_and_together_are_the_same(&scenario(&text));
            match std::panic::catch_unwind(checked) {
                Ok(components) => several += u64::from(components > 1),
                Err(_) => failed.push(seed),
            }
        }
        assert!(failed.is_empty(), "seeds {failed:?}; the first is\n{}", text(failed[0]));
        assert!(several > at_least, "{several}");
    };
    all(coarse_scenario, 50);
    all(coarse_sites, 300);
}
