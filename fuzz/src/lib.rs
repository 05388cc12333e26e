//! The checks of the tests, for the fuzzer.

#[path = "../../tests/shared/checks/mod.rs"]
pub mod checks;
#[path = "../../tests/shared/junit_rules.rs"]
mod junit_rules;
#[path = "../../tests/shared/markup.rs"]
mod markup;

/// Tries `bytes` with the target of that name.
pub fn check(target: &str, bytes: &[u8]) {
    let found = checks::TARGETS.iter().find(|(name, _)| *name == target);
    let (_, check) = found.expect("the name of a target");
    check(bytes);
}
