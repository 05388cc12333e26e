//! What `--set` and `--vary` take.

use distpoint::scenario::{
    Axis, BUILTIN, Loaded, Origin, ValueRange, grid, grid_size, load, load_grid,
};
use distpoint::study::SearchRange;

use super::bytes::Bytes;
use super::messages::{check_errors, check_message};
use super::written;

/// The most points of a grid and values of a range that are looked at.
const MOST: u64 = 20;

/// The first byte is the number of a built-in scenario. Each line that follows is an assignment, or the
/// values of a key if it begins with `~`.
pub fn check(bytes: &[u8]) {
    let mut bytes = Bytes::new(bytes);
    let builtin = &BUILTIN[usize::from(bytes.next().unwrap_or(0)) % BUILTIN.len()];
    let origin = Origin::Text { name: builtin.name, text: builtin.text };
    let text = bytes.text();
    let (ranges, settings): (Vec<&str>, Vec<&str>) =
        text.lines().take(6).partition(|line| line.starts_with('~'));
    let settings: Vec<String> = settings.into_iter().map(str::to_owned).collect();
    match load(origin, &settings) {
        Err(error) => check_errors(&error),
        Ok(loaded) => {
            check_variants(&loaded);
            let twice = [&settings[..], &settings].concat();
            let again = load(origin, &twice).expect("it was right once");
            assert_eq!(again.base, loaded.base, "an assignment that is repeated changes something");
        }
    }
    let axes: Vec<Axis> = ranges.iter().filter_map(|range| axis(&range[1..])).collect();
    if axes.is_empty() || grid_size(&axes) > u128::from(MOST) {
        return;
    }
    match load_grid(origin, &settings, &grid(&axes)) {
        Err(error) => check_errors(&error),
        Ok(loaded) => check_variants(&loaded),
    }
}

fn check_variants(loaded: &Loaded) {
    for variant in &loaded.variants {
        written::is_written_as_read(&variant.scenario, &loaded.directory);
    }
}

/// The axis that `text` is, unless it has very many values.
fn axis(text: &str) -> Option<Axis> {
    if let Some((_, spec)) = text.split_once('=')
        && let Ok(range) = ValueRange::parse(spec)
    {
        let step = range.step.unwrap_or(1);
        if (range.high - range.low) / step > 10_000 {
            return None;
        }
    }
    match SearchRange::parse(text) {
        Ok(range) => check_values(&range),
        Err(message) => check_message_of(text, &message),
    }
    match Axis::parse(text) {
        Ok(axis) => Some(axis),
        Err(error) => {
            check_message_of(text, &error.to_string());
            None
        }
    }
}

/// The program quotes the text in its message; only what we add to it is checked.
fn check_message_of(text: &str, message: &str) {
    if !text.chars().any(char::is_control) {
        check_message(message);
    }
}

/// Asserts that the values of a range ascend from its lower end to its upper end, as they are written too.
fn check_values(range: &SearchRange) {
    assert!(range.step > 0 && range.low <= range.high, "{range:?}");
    let last = range.last();
    let looked_at = (0..=last.min(MOST)).chain([last / 2, last]);
    for at in looked_at {
        let value = range.value(at);
        assert!((range.low..=range.high).contains(&value), "{range:?}: {value}");
        let written = format!("{t}..{t}", t = range.text(at));
        let again = ValueRange::parse(&written).expect("a value that was written");
        let text = again.unit.text(again.low);
        assert!(text == range.text(at) || value == 0, "{range:?}: {written}: {text}");
    }
    assert!(range.high - range.value(last) < range.step, "{range:?} ends early");
}
