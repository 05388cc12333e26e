//! Scenarios with all features, and what holds for each of them.

use distpoint::study::{Options, simulate};

use super::bytes::Bytes;
use super::coarse::{coarse_scenario, coarse_sites};
use super::components::apart_and_together_are_the_same;
use super::conservation::{everything_ends_once, nothing_is_lost};
use super::drawn::{any_full_scenario, any_scenario};
use super::still::any_still_scenario;
use super::{relations, scenario, skipping, worlds, written};

/// The first byte is the number of what is checked, and the others draw the scenario.
pub fn check(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let number = bytes.next().unwrap_or(0);
    let seed = || bytes.rest().iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte));
    let plain = || bytes.draw(&any_scenario());
    let full = || bytes.draw(&any_full_scenario());
    let still = || bytes.draw(&any_still_scenario());
    match number % 24 {
        0 => everything_ends_once(&scenario(&plain())),
        1 | 2 => nothing_is_lost(&scenario(&full())),
        3 => nothing_is_lost_after_a_warm_up(&full()),
        4 => written::is_read_back(&full()),
        5 => relations::the_same_on_any_number_of_threads(&full()),
        6 => relations::shards_and_the_whole_are_the_same(&full()),
        7 => drop(worlds::give_the_same_lives(&scenario(&plain()))),
        8 | 9 => drop(worlds::give_the_same_full_lives(&scenario(&full()))),
        10 => worlds::full_is_as_plain(&scenario(&plain())),
        11 => relations::an_outage_after_the_end_changes_nothing(&scenario(&plain())),
        12 => relations::an_outage_after_the_end_changes_nothing(&scenario(&full())),
        13 => relations::nobody_is_refused_where_there_is_room(&scenario(&full())),
        14 => relations::a_bug_that_never_strikes_changes_nothing(&scenario(&full())),
        15 | 16 => relations::all_times_twice_as_long(&still()),
        17 | 18 => relations::twice_as_many_clients_and_connections(&still()),
        19 => relations::a_group_split_in_two(&still()),
        20 => drop(skipping::changes_nothing(&scenario(&coarse_scenario(seed())))),
        21 => drop(skipping::changes_nothing(&scenario(&full()))),
        22 => drop(apart_and_together_are_the_same(&scenario(&coarse_scenario(seed())))),
        _ => drop(apart_and_together_are_the_same(&scenario(&coarse_sites(seed())))),
    }
}

/// A run fails if it lost count.
fn nothing_is_lost_after_a_warm_up(text: &str) {
    let scenario = scenario(&format!("warmup = \"100s\"\n{text}"));
    simulate(&scenario, 0, &Options::default()).expect("the run ends well");
}
