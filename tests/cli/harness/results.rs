//! Results to report on, and short functions to do so.

use distpoint::compare::{Compared, Rules, compare};
use distpoint::report::Format;
use distpoint::results::{Results, read};
use distpoint::scenario::{Origin, load};
use distpoint::study::{self, Options, Replications};

use super::fixtures::{RESULTS, SMALL};

/// The results in [`RESULTS`].
pub fn small_results() -> Results {
    parse(RESULTS).expect("a valid fixture")
}

/// Reads results; returns the text of an error.
pub fn parse(text: &str) -> Result<Results, String> {
    read("results.json", text.as_bytes()).map_err(|error| error.to_string())
}

/// A report in a format.
pub fn render(results: &Results, format: &str) -> String {
    (Format::named(format).expect("a format").results)(results, None)
}

/// A comparison in a format.
pub fn render_comparison(compared: &Compared, format: &str) -> String {
    (Format::named(format).expect("a format").comparison)(compared, None)
}

/// A comparison by the default rules.
pub fn compared(base: &Results, new: &Results) -> Compared {
    compare(base, new, &Rules::default())
}

/// Simulates the small storm with changes to it.
pub fn simulated(replications: u64, changes: &[&str]) -> Results {
    let changes: Vec<String> = changes.iter().map(|change| (*change).to_owned()).collect();
    let loaded =
        load(Origin::Text { name: "small.toml", text: SMALL }, &changes).expect("a valid scenario");
    let replications = Replications::Fixed(replications);
    study::run(&loaded, &Options { replications, ..Options::default() })
        .expect("a study without errors")
}
