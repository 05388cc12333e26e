//! The text of a scenario file.

use std::fs;

use distpoint::scenario::{LoadError, Loaded, Origin, load};
use tempfile::TempDir;

use super::messages::{check_errors, check_warnings};
use super::written;

/// Any bytes are a scenario or give errors, and a scenario is written as it was read.
pub fn check(bytes: &[u8]) {
    match load_bytes(bytes) {
        Err(error) => check_errors(&error),
        Ok(loaded) => {
            check_warnings(&loaded.warnings);
            let text = std::str::from_utf8(bytes).expect("it was loaded");
            written::agrees_with_schema(text.strip_prefix('\u{feff}').unwrap_or(text));
            let variants = loaded.variants.iter().map(|variant| &variant.scenario);
            for scenario in variants.chain([&loaded.base]) {
                // Of scenarios with traces there are no files here.
                written::is_written_as_read(scenario, &loaded.directory);
            }
        }
    }
}

/// Reads text as it is, and what is none from a file, in a directory without other files.
fn load_bytes(bytes: &[u8]) -> Result<Loaded, LoadError> {
    let directory = TempDir::new().expect("a directory");
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            load(Origin::TextIn { name: "any.toml", text, directory: directory.path() }, &[])
        }
        Err(_) => {
            let file = directory.path().join("any.toml");
            fs::write(&file, bytes).expect("a file");
            load(Origin::File(&file), &[])
        }
    }
}
