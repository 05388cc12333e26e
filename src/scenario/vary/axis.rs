//! Axes: a key and the values that it takes in turn.

use super::range::ValueRange;
use crate::scenario::name::{last_part, split_assignment};
use crate::value::ValueError;

/// A key and the values that it takes in turn: `KEY=SPEC`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The key, dotted as for `--set`.
    pub key: String,
    /// Its values, as they are written in a scenario file but without quotes.
    pub values: Vec<String>,
}

/// The most values of an axis; more are taken for a mistake.
const MAX_VALUES: u64 = 10_000_000;

impl Axis {
    /// Reads `KEY=SPEC`, where SPEC is a list (`50,100,200`, `5m,10m,30m`) or a range, with both ends,
    /// and its step (`10..200:10`, `5m..30m:5m`, `0..0.1:0.01`, `0%..50%:5%`, `5MB/s..50MB/s:5MB/s`, `10/s..30/s:10/s`;
    /// whole numbers, percentages and frequencies may leave out a step of 1). A comma within brackets, braces or
    /// quotes belongs to a value.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if the text has another form, or the range is empty or reversed.
    pub fn parse(text: &str) -> Result<Axis, ValueError> {
        let wrong = |message: String| ValueError::of(text, message, "");
        let Some((key, spec)) = split_assignment(text) else {
            return Err(wrong(format!(
                "write `KEY=VALUES`, for example `distribution_points.*.connection_limit=10..200:10`, \
                 not `{text}`"
            )));
        };
        let (key, spec) = (key.trim(), spec.trim());
        if key.is_empty() || spec.is_empty() {
            let missing = if key.is_empty() { "key" } else { "value" };
            return Err(wrong(format!("a {missing} is missing in `{text}`")));
        }
        let values = match split(spec) {
            Split { values: _, is_range: true } => range(spec)?,
            Split { values, is_range: false } => values,
        };
        if let Some(empty) = values.iter().position(String::is_empty) {
            return Err(wrong(format!("value {} of `{key}` is empty", empty + 1)));
        }
        Ok(Axis { key: key.to_owned(), values })
    }

    /// The last part of the key, for names and headings.
    pub fn short_key(&self) -> &str {
        last_part(&self.key)
    }
}

/// The values of a list.
struct Split {
    values: Vec<String>,
    /// Whether it is a range instead: it has two dots outside of all brackets and quotes.
    is_range: bool,
}

/// Cuts a list at its commas, except within brackets, braces and quotes.
fn split(spec: &str) -> Split {
    let mut values = vec![String::new()];
    let (mut open, mut quote, mut escaped, mut before) = (0_usize, None, false, ' ');
    let mut is_range = false;
    for c in spec.chars() {
        let begins = values.last().is_some_and(|value| value.trim().is_empty());
        match (c, quote) {
            (_, Some(_)) if escaped => escaped = false,
            ('\\', Some('"')) => escaped = true,
            (_, Some(end)) if c == end => quote = None,
            (_, Some(_)) => {}
            // In the middle of a word it is an apostrophe.
            ('"' | '\'', None) if begins || open > 0 => quote = Some(c),
            ('[' | '{', None) => open += 1,
            (']' | '}', None) => open = open.saturating_sub(1),
            (',', None) if open == 0 => {
                values.push(String::new());
                before = c;
                continue;
            }
            ('.', None) if open == 0 && before == '.' => is_range = true,
            _ => {}
        }
        before = c;
        values.iter_mut().last().into_iter().for_each(|value| value.push(c));
    }
    Split { values: values.iter().map(|value| value.trim().to_owned()).collect(), is_range }
}

fn range(text: &str) -> Result<Vec<String>, ValueError> {
    let wrong = |message: String| ValueError::of(text, message, "");
    let range = ValueRange::parse(text)?;
    let (low, high) = (range.unit.text(range.low), range.unit.text(range.high));
    if let (None, Some((what, step))) = (range.step, range.needs_step()) {
        return Err(wrong(format!("a range of {what} needs a step: `{low}..{high}:{step}`")));
    }
    let step = range.step_or_default()?;
    if (range.high - range.low) / step >= MAX_VALUES {
        return Err(wrong(format!("the range {low}..{high} has too many values")));
    }
    let steps = usize::try_from(step).unwrap_or(usize::MAX);
    Ok((range.low..=range.high).step_by(steps).map(|value| range.unit.text(value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        Axis::parse(text).unwrap().values
    }

    #[test]
    fn ranges_include_both_ends_and_lists_are_taken_as_they_are() {
        assert_eq!(values("a.b=10..30:10"), ["10", "20", "30"]);
        assert_eq!(values("a.b=1..3"), ["1", "2", "3"]);
        assert_eq!(values("a.b=10..25:10"), ["10", "20"]);
        assert_eq!(values("a.b=30m..2h:45m"), ["30m", "1h 15m", "2h"]);
        assert_eq!(values("a.b=5m,10m"), ["5m", "10m"]);
        assert_eq!(values("a.b=0..0.2:0.1"), ["0", "0.1", "0.2"]);
        assert_eq!(values("release=sms-2.0,bits"), ["sms-2.0", "bits"]);
        assert_eq!(values("a.b=10MB/s..30MB/s:10MB/s"), ["10 MB/s", "20 MB/s", "30 MB/s"]);
        assert_eq!(values("a.b=10MB,0.5 GB"), ["10MB", "0.5 GB"]);
        assert_eq!(values("a.b=10/s..30/s:10/s"), ["10/s", "20/s", "30/s"]);
    }

    #[test]
    fn commas_and_dots_within_brackets_and_quotes_belong_to_a_value() {
        assert_eq!(
            values(r#"m={a="10%",b="90%"}, {a="50%",b="50%"}"#),
            [r#"{a="10%",b="90%"}"#, r#"{a="50%",b="50%"}"#]
        );
        assert_eq!(values("o=[],[{from=\"1h\",for=\"1h\"}]"), ["[]", "[{from=\"1h\",for=\"1h\"}]"]);
        assert_eq!(
            values(r#"o="Mon, \"Tue\"",'Wed, Thu\'"#),
            [r#""Mon, \"Tue\"""#, r"'Wed, Thu\'"]
        );
        assert_eq!(values("f={file=\"../a.csv\"},'../b'"), ["{file=\"../a.csv\"}", "'../b'"]);
        assert_eq!(values("n=it's,b}],c"), ["it's", "b}]", "c"]);
    }

    #[test]
    fn wrong_axes_say_what_would_be_right() {
        let cases = [
            ("limit", "write `KEY=VALUES`"),
            ("=5", "a key is missing"),
            ("limit=", "a value is missing"),
            ("limit=5,,6", "value 2"),
            ("limit=9..1", "reversed: write 1..9"),
            ("limit=1..9:0", "more than 0"),
            ("limit=1..9:1m", "all durations"),
            ("limit=1m..9m", "needs a step"),
            ("bandwidth=5MB/s..50MB/s", "rates needs a step: `5 MB/s..50 MB/s:5 MB/s`"),
            ("bytes=5MB..50MB", "sizes needs a step: `5 MB..50 MB:5 MB`"),
            ("limit=x..9", "neither a whole number"),
            ("limit=0..18446744073709551615", "too many"),
        ];
        for (text, message) in cases {
            let error = Axis::parse(text).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
