//! Expressions over metrics: `METRIC OP VALUE`, for a threshold followed by `@ VARIANT`.
//!
//! `completion.p95 < 24h`, `stranded == 0 @ 'SMS 2.0 SP3 (fixed)'`, `dp.DP01.utilisation <= 90%`.

use std::fmt;
use std::ops::Range;

use super::operator::Operator;
use crate::diagnostic::{quoted, quoted_list, suggestion};
use crate::stats::metric::{self, Metric, MetricUnit, Subject};
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
    /// As it was written.
    pub text: String,
    /// The condition.
    pub target: Target,
    /// The variant that has to meet it; `None`: each variant.
    pub variant: Option<String>,
}

/// A metric and the part of the system that it describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricPath {
    /// The part of the system.
    pub scope: Scope,
    /// The metric.
    pub metric: Metric,
}

/// A part of the system that has metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole system.
    Whole,
    /// One distribution point: `dp.NAME.METRIC`.
    Point(String),
    /// One client group: `group.NAME.METRIC`.
    Group(String),
}

impl fmt::Display for MetricPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.scope {
            Scope::Whole => f.write_str(self.metric.name),
            Scope::Point(point) => write!(f, "dp.{point}.{}", self.metric),
            Scope::Group(group) => write!(f, "group.{group}.{}", self.metric),
        }
    }
}

fn error<T>(
    message: impl Into<String>,
    span: Range<usize>,
    help: impl Into<String>,
) -> Result<T, ValueError> {
    Err(ValueError::new(message, span, help))
}

const FORM: &str = "write `METRIC OP VALUE`, for example `completion.p95 < 24h`";

impl Threshold {
    /// Reads `METRIC OP VALUE [@ VARIANT]`; the variant may stand in quotes.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if the text has another form, or names an unknown metric.
    pub fn parse(text: &str) -> Result<Threshold, ValueError> {
        let (expression, variant) = match text.find('@') {
            None => (text, None),
            Some(at) => {
                let name = text[at + 1..].trim();
                let unquoted = ['\'', '"'].into_iter().find_map(|quote| {
                    name.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote))
                });
                let name = unquoted.unwrap_or(name);
                if name.is_empty() {
                    let help =
                        "write the name of a variant after `@`, or leave `@` out for all variants";
                    return error("a variant is missing", at..text.len(), help);
                }
                (&text[..at], Some(name.to_owned()))
            }
        };
        let target = Target::parse(expression)?;
        Ok(Threshold { text: text.trim().to_owned(), target, variant })
    }

    /// Whether it applies to one of these variants.
    pub(in crate::scenario) fn is_about(&self, variants: &[&str]) -> bool {
        self.variant.as_deref().is_some_and(|variant| variants.contains(&variant))
    }
}

impl Target {
    /// Reads `METRIC OP VALUE`.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if the text has another form, or names an unknown metric.
    pub fn parse(text: &str) -> Result<Target, ValueError> {
        let Some(at) = text.find(['<', '>', '=', '!']) else {
            return error("there is no comparison", 0..text.len(), FORM);
        };
        let Some((symbol, operator)) = Operator::begin(&text[at..]) else {
            let end = at + 1;
            return error(
                format!("{} is not a comparison", quoted(&text[at..end])),
                at..end,
                "the comparisons are `<`, `<=`, `>`, `>=`, `==` and `!=`",
            );
        };
        let metric = MetricPath::parse(&text[..at])?;
        let start = at + symbol.len();
        let value = read_value(&metric, text, start)?;
        Ok(Target { metric, operator, value })
    }
}

type Prefix = (&'static str, Subject, fn(String) -> Scope);

/// The parts of the system that have metrics, by the prefix of their paths.
const PARTS: [Prefix; 2] =
    [("dp.", Subject::Point, Scope::Point), ("group.", Subject::Group, Scope::Group)];

impl MetricPath {
    /// Reads the name of a metric: `stranded`, `dp.DP01.utilisation`, `group.office.stranded`.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if no metric has that name.
    pub fn parse(text: &str) -> Result<MetricPath, ValueError> {
        let start = text.len() - text.trim_start().len();
        let word = text.trim();
        let span = start..start + word.len();
        if word.is_empty() {
            return error("a metric is missing", 0..text.len(), FORM);
        }
        for (prefix, subject, scope) in PARTS {
            if let Some(rest) = word.strip_prefix(prefix) {
                let (name, metric) = split(rest, subject, prefix, span)?;
                return Ok(MetricPath { scope: scope(name), metric });
            }
        }
        match metric::named(word) {
            Some(metric) => Ok(MetricPath { scope: Scope::Whole, metric }),
            None => unknown(word, span),
        }
    }
}

/// Splits `NAME.METRIC`, where both may contain dots.
fn split(
    text: &str,
    subject: Subject,
    prefix: &str,
    span: Range<usize>,
) -> Result<(String, Metric), ValueError> {
    let fits = metric::of(subject).filter_map(|metric| {
        let part = text.strip_suffix(metric.name)?.strip_suffix('.')?;
        (!part.is_empty()).then(|| (part.to_owned(), metric))
    });
    // The longest metric: `a.refused.ratio` is the ratio at `a`.
    match fits.max_by_key(|(_, metric)| metric.name.len()) {
        Some(found) => Ok(found),
        None => {
            let list = quoted_list(metric::of(subject).map(|metric| metric.name));
            error(
                format!("no such metric of `{prefix}NAME`"),
                span,
                format!("the metrics are {list}"),
            )
        }
    }
}

fn unknown<T>(word: &str, span: Range<usize>) -> Result<T, ValueError> {
    let names = metric::of(Subject::Run).map(|metric| metric.name);
    let help = suggestion(word, names, "the metrics are");
    error(format!("no metric is called {}", quoted(word)), span, help)
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
    use super::*;

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
    fn metrics_of_parts_are_named_with_the_part() {
        let metric = target("dp.A.B.refused.ratio < 1%").metric;
        assert_eq!(metric.scope, Scope::Point("A.B".to_owned()));
        assert_eq!(metric.metric, metric::REFUSED_RATIO);
        let metric = target("group.office.stranded < 1").metric;
        assert_eq!(metric.scope, Scope::Group("office".to_owned()));
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        let cases = [
            ("strandet < 5", 0..8, "did you mean `stranded`?"),
            ("completion.p95 < 24", 17..19, "24h"),
            ("refused.ratio < 120%", 16..20, "0 to 1"),
            ("stranded = 5", 9..10, "`==`"),
            ("stranded 5", 0..10, "METRIC OP VALUE"),
            ("stranded <", 10..10, "METRIC OP VALUE"),
            ("< 5", 0..0, "METRIC OP VALUE"),
            ("stranded < -1", 11..13, "0 or more"),
            ("dp.utilisation < 5%", 0..14, "utilisation"),
        ];
        for (text, span, help) in cases {
            let error = Target::parse(text).unwrap_err();
            assert_eq!(error.span, span, "{text}: {error:?}");
            assert!(error.help.contains(help), "{text}: {error:?}");
        }
    }
}
