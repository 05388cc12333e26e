//! Expressions over metrics: `METRIC OP VALUE`, perhaps `during` a window of time, for a threshold followed by
//! `@ VARIANT`.
//!
//! `completion.p95 < 24h`, `stranded == 0 @ 'SMS 2.0 SP3 (fixed)'`, `dp.DP01.utilisation <= 90% during 2h..3h`.

use std::ops::Range;

use super::clock::clock_time;
use super::during::{self, During};
use super::metric_path::{FORM, MetricPath, behind_name, error, without_prefix};
use super::operator::Operator;
use crate::diagnostic::quoted;
use crate::scenario::name::unquote;
use crate::stats::metric::MetricUnit;
use crate::value::{Number, Percent, Span, ValueError};

/// A condition on a metric, such as `completion.p95 < 24h`.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The metric that is compared.
    pub metric: MetricPath,
    /// How it is compared.
    pub operator: Operator,
    /// The value that it is compared with, in the metric's own unit: ms, a ratio from 0 to 1, or a count.
    pub value: f64,
}

/// A target that a scenario has to meet, in one variant or in all.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// As it was written, but with the own name of the metric, and without a time of day.
    pub text: String,
    /// The condition.
    pub target: Target,
    /// The variant that has to meet it; `None`: each variant.
    pub variant: Option<String>,
}

const QUOTES: &str =
    "put a name with `<`, `>`, `=` or `!` in quotes: `dp.\"a<b\".utilisation < 90%`";

impl Threshold {
    /// Reads `METRIC OP VALUE [during WINDOW] [@ VARIANT]`; the variant may stand in quotes.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if the text has another form, or names an unknown metric.
    pub fn parse(text: &str) -> Result<Threshold, ValueError> {
        let begins = behind_name(text);
        // A `@` before the comparison belongs to a name.
        let compared = text[begins..].find(SYMBOLS).map_or(begins, |at| begins + at);
        let at = text[compared..].find('@').map(|at| compared + at);
        let (expression, variant) = match at {
            None => (text, None),
            Some(at) => (&text[..at], Some(variant_name(text, at)?)),
        };
        let (written, target) = Target::read(expression)?;
        let text = match at {
            None => written,
            Some(at) => format!("{written} {}", text[at..].trim()),
        };
        Ok(Threshold { text, target, variant })
    }

    /// Whether it applies to one of these variants.
    pub(in crate::scenario) fn is_about(&self, variants: &[&str]) -> bool {
        self.variant.as_deref().is_some_and(|variant| variants.contains(&variant))
    }
}

/// The name of a variant behind the `@` at this place: in quotes, or as it is.
fn variant_name(text: &str, at: usize) -> Result<String, ValueError> {
    let name = text[at + 1..].trim();
    // A name that is no TOML string may still have quotes around it.
    let within = |quote: char| name.strip_prefix(quote)?.strip_suffix(quote).map(str::to_owned);
    let unquoted = unquote(name).or_else(|| ['\'', '"'].into_iter().find_map(within));
    let name = unquoted.unwrap_or_else(|| name.to_owned());
    if name.is_empty() {
        let help = "write the name of a variant after `@`, or leave `@` out for all variants";
        return error("a variant is missing", at..text.len(), help);
    }
    Ok(name)
}

/// Where the parts of an expression are.
pub(super) struct Parts {
    /// The symbol of the comparison.
    pub(super) symbol: Range<usize>,
    /// The value.
    pub(super) value: Range<usize>,
    /// The word `during` and the window of time after it, if there is one.
    pub(super) during: Option<Range<usize>>,
}

impl Parts {
    /// Divides `METRIC OP VALUE [during WINDOW]`; what follows a `@` is not part of it.
    pub(super) fn of(text: &str) -> Option<Parts> {
        let begins = behind_name(text);
        let start = begins + text[begins..].find(SYMBOLS)?;
        let end = text.len() - text[start..].trim_start_matches(SYMBOLS).len();
        let rest = text[end..].split('@').next().unwrap_or_default();
        let during = during::find(&text[..end + rest.len()], end).map(|(word, _)| word);
        let window = during.map(|word| word..word + text[word..end + rest.len()].trim_end().len());
        let rest = &text[end..during.unwrap_or(end + rest.len())];
        let from = end + rest.len() - rest.trim_start().len();
        let value = from..from + rest.trim().len();
        Some(Parts { symbol: start..end, value, during: window })
    }
}

/// The characters of comparisons, and those that are mistaken for them.
const SYMBOLS: [char; 7] = ['<', '>', '=', '!', '≤', '≥', '≠'];

impl Target {
    /// Reads `METRIC OP VALUE [during WINDOW]`.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if the text has another form, or names an unknown metric.
    pub fn parse(text: &str) -> Result<Target, ValueError> {
        Ok(Target::read(text)?.1)
    }

    /// Reads `METRIC OP VALUE`, and gives the text beside it, in which the metric has its own name even if
    /// the user wrote another, such as `completion.median`.
    ///
    /// # Errors
    ///
    /// [`ValueError`] as from [`parse`](Self::parse).
    pub fn read(text: &str) -> Result<(String, Target), ValueError> {
        let Some(Parts { symbol, value, during }) = Parts::of(text) else {
            return error("there is no comparison", 0..text.len(), FORM);
        };
        let operator = Operator::read(&text[symbol.clone()]).or_else(|help| {
            let message = format!("{} is not a comparison", quoted(&text[symbol.clone()]));
            error(message, symbol.clone(), help)
        })?;
        let name = &text[..symbol.start];
        let metric = MetricPath::parse(name).map_err(|error| {
            match without_prefix(text).is_some() && text[symbol.end..].contains(SYMBOLS) {
                true => ValueError { help: QUOTES.to_owned(), ..error },
                false => error,
            }
        })?;
        let number = read_value(&metric, &text[..value.end], symbol.end)?;
        let written = match name.trim().ends_with(metric.metric.name) {
            true => text.trim().to_owned(),
            false => format!("{metric} {}", text[symbol.start..].trim_end()),
        };
        let metric = match during {
            None => metric,
            Some(window) => {
                let when = During::parse(&text[..window.end], window.start + during::WORD.len())?;
                metric.measured_during(when, window)?
            }
        };
        Ok((written, Target { metric, operator, value: number }))
    }
}

fn read_value(metric: &MetricPath, text: &str, start: usize) -> Result<f64, ValueError> {
    let rest = &text[start..];
    let from = start + rest.len() - rest.trim_start().len();
    let word = rest.trim();
    let span = from..from + word.len();
    if word.is_empty() {
        return error("a value is missing", start..text.len(), FORM);
    }
    let number = Number::parse(word).map(|number| number.to_f64()).filter(|n| n.is_finite());
    let (value, kind, help) = match metric.metric.unit {
        MetricUnit::Time if clock_time(word).is_some() => {
            let problem =
                format!("`{metric}` is a length of time, but {} is a time of day", quoted(word));
            let help = "a time of day can only be a limit of `makespan`, in the thresholds of a \
                        scenario with `starts`: write the time from the start, for example `8h`";
            return error(problem, span, help);
        }
        MetricUnit::Time => {
            let millis = word.parse().map(Span::as_millis_f64);
            return millis.or_else(|problem: ValueError| {
                let help = "write a number and a unit, for example `24h` or `90m`";
                let at = from + problem.span.start..from + problem.span.end;
                error(format!("`{metric}` is a time: {}", problem.message), at, help)
            });
        }
        MetricUnit::Ratio => {
            let ratio = word.parse().map(Percent::share).ok().or(number);
            let ratio = ratio.filter(|ratio| (0.0..=1.0).contains(ratio));
            (ratio, "a ratio", "write a percentage such as `5%`, or a number from 0 to 1")
        }
        MetricUnit::Count | MetricUnit::PerHour => {
            (number, "a number", "write a number of 0 or more, without a unit")
        }
    };
    let wrong = || error(format!("`{metric}` is {kind}, but {} is not", quoted(word)), span, help);
    value.map_or_else(wrong, Ok)
}

#[cfg(test)]
mod tests {
    use super::super::metric_path::Scope;
    use super::*;
    use crate::stats::metric;

    fn target(text: &str) -> Target {
        Target::parse(text).unwrap()
    }

    #[test]
    fn values_are_read_in_the_metrics_own_unit() {
        assert_eq!(target("completion.p95 < 24h").value, 86_400_000.0);
        assert_eq!(target("refused.ratio<=5%").value, 0.05);
        assert_eq!(target("utilisation > 0.5").value, 0.5);
        assert_eq!(target("stranded == 0").value, 0.0);
    }

    #[test]
    fn a_threshold_may_name_its_variant_in_quotes() {
        let threshold = Threshold::parse("stranded == 0 @ 'SMS 2.0 SP3 (fixed)'").unwrap();
        assert_eq!(threshold.variant.as_deref(), Some("SMS 2.0 SP3 (fixed)"));
        assert_eq!(threshold.target.operator, Operator::Equal);
        assert_eq!(Threshold::parse("stranded < 5").unwrap().variant, None);
    }

    #[test]
    fn a_window_of_time_may_stand_behind_the_value_or_the_metric() {
        let behind = Threshold::parse("dp.A.utilisation < 90% during 9:00-10:00 @ x").unwrap();
        assert_eq!(behind.target.metric.to_string(), "dp.A.utilisation during 9:00-10:00");
        assert_eq!((behind.target.value, behind.variant.as_deref()), (0.9, Some("x")));
        let before = target("dp.A.utilisation during 9:00-10:00 < 90%");
        assert_eq!(before, behind.target);
        let named = target("dp.\"a during b\".utilisation < 90%").metric;
        assert_eq!((named.scope, named.during), (Scope::Point("a during b".to_owned()), None));
    }

    #[test]
    fn metrics_of_parts_are_named_with_the_part() {
        let metric = target("dp.A.B.refused.ratio < 1%").metric;
        assert_eq!(metric.scope, Scope::Point("A.B".to_owned()));
        assert_eq!(metric.metric, metric::REFUSED_RATIO);
        let metric = target("group.office.stranded < 1").metric;
        assert_eq!(metric.scope, Scope::Group("office".to_owned()));
    }

    #[test]
    fn names_may_be_in_quotes_with_every_character() {
        for (text, name) in [
            (r#"dp."a.b".utilisation < 90%"#, "a.b"),
            (r#"dp."a < b @ c".utilisation < 90% @ 'x'"#, "a < b @ c"),
            (r#"dp.'C:\d = "e"'.utilisation<90%"#, r#"C:\d = "e""#),
            (r#"dp."it's \"so\" \u00fc".utilisation!=90%"#, "it's \"so\" ü"),
            ("dp.a@b.utilisation < 90%", "a@b"),
            ("dp.'tis.utilisation < 90%", "'tis"),
        ] {
            let threshold = Threshold::parse(text).unwrap();
            let metric = threshold.target.metric;
            assert_eq!(metric.scope, Scope::Point(name.to_owned()), "{text}");
            assert_eq!(MetricPath::parse(&metric.to_string()), Ok(metric), "{text}");
        }
        for (text, variant) in [
            ("stranded == 0 @ \"a @ \\\"b\\\" < c\"", "a @ \"b\" < c"),
            ("stranded == 0 @ a@b", "a@b"),
            ("stranded == 0 @ 'it''s'", "it''s"),
        ] {
            assert_eq!(Threshold::parse(text).unwrap().variant.as_deref(), Some(variant), "{text}");
        }
    }

    #[test]
    fn words_of_other_tools_are_written_back_as_the_names_of_metrics() {
        for (text, written) in [
            ("completion.median<4h @ 'x'", "completion.p50 <4h @ 'x'"),
            ("group.\"a b\".completion.avg < 4h", "group.\"a b\".completion.mean < 4h"),
            (" completion.p95 < 4h ", "completion.p95 < 4h"),
            ("completion.median<4h during 1h..2h @ x", "completion.p50 <4h during 1h..2h @ x"),
            ("completion.avg during 1h..2h < 4h", "completion.mean during 1h..2h < 4h"),
        ] {
            assert_eq!(Threshold::parse(text).unwrap().text, written);
        }
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        let cases = [
            ("strandet < 5", 0..8, "did you mean `stranded`?"),
            ("completion.p95 < 24", 17..19, "24h"),
            ("refused.ratio < 120%", 16..20, "0 to 1"),
            ("stranded = 5", 9..10, "did you mean `==`?"),
            ("stranded => 5", 9..11, "did you mean `>=`?"),
            ("stranded <> 5", 9..11, "did you mean `!=`?"),
            ("stranded ≤ 5", 9..12, "did you mean `<=`?"),
            ("completion.p59 < 5m", 0..14, "did you mean `completion.p95`?"),
            ("p95 < 5m", 0..3, "did you mean `completion.p95`?"),
            ("median < 5m", 0..6, "did you mean `completion.p50`, `attempts.p50`?"),
            ("dp.a<b.utilisation < 5%", 0..4, "in quotes"),
            (r#"dp."a\q".utilisation < 5%"#, 0..20, "single quotes"),
            ("makespan < 06:00", 11..16, "`starts`"),
            ("stranded 5", 0..10, "METRIC OP VALUE"),
            ("clients.office.refused < 5", 0..22, "write `group.office.refused`"),
            ("distribution_points.'a b'.utilisation < 5%", 0..37, "write `dp.\"a b\".utilisation`"),
            ("sites.branch.makespan.most < 4h", 0..26, "write `copies.branch.makespan.most`"),
            ("clients.office.size < 5", 0..19, "write `group.NAME.METRIC`"),
            ("stranded <", 10..10, "METRIC OP VALUE"),
            ("< 5", 0..0, "METRIC OP VALUE"),
            ("stranded < -1", 11..13, "0 or more"),
            ("stranded < 1 during", 19..19, "`during 2h..3h`"),
            ("stranded < 1 during noon", 20..24, "`during 09:00-10:00`"),
            ("stranded < 1 during 3h..2h", 20..26, "the earlier time first"),
            ("stranded < 1 during 3h..x", 24..25, "`during 2h..3h`"),
            ("stranded < 1 during 9:00-10:00, Sat", 32..35, "`during 09:00-10:00`"),
            ("stranded during 1h..2h < 1 during 2h..3h", 27..40, "one `during`"),
            ("copies.a.makespan.most < 1h during 1h..2h", 28..41, "leave `during` out"),
            ("stranded < during 1h..2h", 10..11, "METRIC OP VALUE"),
            ("dp.utilisation < 5%", 0..14, "utilisation"),
        ];
        for (text, span, help) in cases {
            let error = Target::parse(text).unwrap_err();
            assert_eq!(error.span, span, "{text}: {error:?}");
            assert!(error.help.contains(help), "{text}: {error:?}");
        }
    }
}
