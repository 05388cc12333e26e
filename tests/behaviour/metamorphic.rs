//! How the outcomes of two scenarios are related, whatever they are.

use proptest::prelude::*;

use crate::checks::drawn::{any_full_scenario, any_scenario};
use crate::checks::relations;
use crate::checks::still::any_still_scenario;
use crate::harness::{cases, scenario};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(100),
        rng_seed: proptest::test_runner::RngSeed::Fixed(302_674),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn with_all_times_twice_as_long_everything_happens_at_twice_the_time(still in any_still_scenario()) {
        relations::all_times_twice_as_long(&still);
    }

    #[test]
    fn twice_the_clients_at_twice_the_limit_live_each_life_twice(still in any_still_scenario()) {
        relations::twice_as_many_clients_and_connections(&still);
    }

    #[test]
    fn a_group_split_in_two_lives_the_same_lives(still in any_still_scenario()) {
        relations::a_group_split_in_two(&still);
    }

    #[test]
    fn an_outage_after_the_end_changes_nothing(text in any_scenario()) {
        relations::an_outage_after_the_end_changes_nothing(&scenario(&text));
    }

    #[test]
    fn an_outage_after_the_end_changes_nothing_beside_others(text in any_full_scenario()) {
        relations::an_outage_after_the_end_changes_nothing(&scenario(&text));
    }

    #[test]
    fn nobody_is_refused_where_there_is_room_for_all(text in any_full_scenario()) {
        relations::nobody_is_refused_where_there_is_room(&scenario(&text));
    }

    #[test]
    fn a_bug_that_strikes_with_probability_0_changes_nothing(text in any_full_scenario()) {
        relations::a_bug_that_never_strikes_changes_nothing(&scenario(&text));
    }
}

proptest! {
    // Each of these cases simulates 18 runs and more.
    #![proptest_config(ProptestConfig {
        cases: cases(30).min(2000),
        rng_seed: proptest::test_runner::RngSeed::Fixed(302_674),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn shards_that_are_merged_are_the_whole(text in any_full_scenario()) {
        relations::shards_and_the_whole_are_the_same(&text);
    }

    #[test]
    fn windows_that_share_all_time_add_up_to_the_whole(text in any_full_scenario(), split in 0u64..u64::MAX) {
        relations::windows_add_up_to_the_whole(&text, split);
    }

    #[test]
    fn one_thread_and_two_give_the_same_results(text in any_full_scenario()) {
        relations::the_same_on_any_number_of_threads(&text);
    }
}
