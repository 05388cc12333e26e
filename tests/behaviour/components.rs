//! Copies and sites, and components of a system that are simulated apart.

use crate::checks::coarse::{coarse_scenario, coarse_sites};
use crate::checks::components::apart_and_together_are_the_same;
use crate::harness::{cases, scenario};

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
