//! Traces: CSV files with times and sizes.

use std::fs;

use distpoint::scenario::{Origin, load};
use distpoint::study::{Options, simulate};
use tempfile::TempDir;

use super::bytes::Bytes;
use super::messages::{check_errors, check_warnings};
use super::written;

/// What a trace is for: of a group, the keys that name its file.
const USES: &[&str] = &[
    "arrival = { kind = 'trace', file = 'any.csv' }",
    "arrival = { kind = 'trace', file = 'any.csv', column = 'arrived_s' }",
    "count = 9\narrival = { kind = 'burst' }\ntransfer = { kind = 'trace', file = 'any.csv' }",
    "count = 9\narrival = { kind = 'burst' }\ntransfer = { kind = 'trace', file = 'any.csv', column = 2 }",
    "arrival = { kind = 'trace', file = 'any.csv', column = 'arrived_s' }\n\
     transfer = { kind = 'size', bytes = { kind = 'trace', file = 'any.csv', column = 'bytes' } }\n\
     link = '1 Mbit/s'",
];

/// The first byte is the number of a use. The others are a CSV file: it is read or gives errors, and a
/// scenario with it can be simulated.
pub fn check(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let keys = USES[usize::from(bytes.next().unwrap_or(0)) % USES.len()];
    let directory = TempDir::new().expect("a directory");
    fs::write(directory.path().join("any.csv"), bytes.rest()).expect("a file");
    let transfer = "transfer = { kind = 'constant', duration = '2m' }";
    let transfer = if keys.contains("transfer") { "" } else { transfer };
    let text = format!(
        "name = 'any'\nhorizon = '1d'\n[distribution_points.A]\nconnection_limit = 2\n[clients.g]\n\
         {keys}\n{transfer}\n"
    );
    let origin = Origin::TextIn { name: "any.toml", text: &text, directory: directory.path() };
    match load(origin, &[]) {
        Err(error) => check_errors(&error),
        Ok(loaded) => {
            check_warnings(&loaded.warnings);
            written::is_written_as_read(&loaded.base, directory.path());
            simulate(&loaded.base, 0, &Options::default()).expect("the run ends well");
        }
    }
}
