//! Thresholds and targets.

use distpoint::scenario::{MetricPath, Origin, Target, Threshold, load, to_inline_toml};
use distpoint::study::{Options, run};

use super::bytes::Bytes;
use super::messages::check_errors;
use super::reports;

/// Any text is a threshold or gives an error, and a threshold is judged and reported.
pub fn check(bytes: &[u8]) {
    let text = Bytes::new(bytes).text();
    if let Ok(path) = MetricPath::parse(&text) {
        is_read_back(&path);
    }
    if let Ok(target) = Target::parse(&text) {
        assert!(target.value.is_finite(), "{target:?}");
        is_read_back(&target.metric);
    }
    if let Ok(threshold) = Threshold::parse(&text) {
        let again = Threshold::parse(&threshold.text).expect("its own text");
        assert_eq!(again, threshold);
    }
    let written = to_inline_toml(&text.as_str().into());
    let scenario = format!("thresholds = [{written}]\n{SCENARIO}");
    let loaded = match load(Origin::Text { name: "any.toml", text: &scenario }, &[]) {
        Err(error) => return check_errors(&error),
        Ok(loaded) => loaded,
    };
    let results = run(&loaded, &Options { threads: 1, ..Options::default() });
    let results = results.expect("it runs");
    assert!(!results.thresholds.is_empty(), "{text} is judged nowhere");
    reports::check(&results);
}

fn is_read_back(path: &MetricPath) {
    let written = path.to_string();
    assert_eq!(MetricPath::parse(&written).as_ref(), Ok(path), "{written}");
}

const SCENARIO: &str = "name = 'any'
    [distribution_points.A]
    connection_limit = 1
    [distribution_points.'a point']
    connection_limit = 1
    [clients.g]
    count = 2
    arrival = { kind = 'burst' }
    transfer = { kind = 'constant', duration = '2m' }
    [variants.one]
    [variants.'the other <b>']
    distribution_points.A.connection_limit = 2
    ";
