//! The inputs of `fuzz/`: its seeds, and each input that once showed a fault, as a file in
//! `fuzz/regressions/TARGET`.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use crate::checks::TARGETS;

/// The inputs of a target. The seeds of some are files that serve other purposes too.
fn inputs(target: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let others: &[&str] = match target {
        "scenario_text" => &["scenarios", "tests/fixtures"],
        "results" => &["tests/fixtures"],
        _ => &[],
    };
    let own = ["seeds", "regressions"].map(|kind| root.join("fuzz").join(kind).join(target));
    let directories = others.iter().map(|other| root.join(other)).chain(own);
    let files = directories.filter(|directory| directory.exists()).flat_map(|directory| {
        fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("a file").path())
    });
    let mut files: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

#[test]
fn no_input_of_the_fuzzer_shows_a_fault() {
    let mut failed = Vec::new();
    for (target, check) in TARGETS {
        let inputs = inputs(target);
        assert!(!inputs.is_empty(), "{target} has no seeds");
        for input in inputs {
            let bytes = fs::read(&input).expect("a file");
            if catch_unwind(|| check(&bytes)).is_err() {
                failed.push(format!("{target}: {}", input.display()));
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_target_of_the_fuzzer_is_checked_here() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let programs = fs::read_dir(root.join("fuzz/fuzz_targets")).expect("a directory");
    let mut programs: Vec<String> = programs
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    programs.sort();
    let mut targets: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    targets.sort();
    assert_eq!(programs, targets);
}
