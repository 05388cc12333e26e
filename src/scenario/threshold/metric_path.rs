//! Metrics of the whole system or of a part of it: `stranded`, `dp.DP01.utilisation`, `group."head office".stranded`.

use std::fmt;
use std::ops::Range;

use super::during::{self, During};
use crate::diagnostic::{quoted, quoted_list, suggestion};
use crate::scenario::name::{quoted_len, unquote};
use crate::scenario::toml_text::to_toml_key;
use crate::stats::metric::{self, Metric, Subject};
use crate::value::ValueError;

/// A metric and the part of the system that it describes.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricPath {
    /// The part of the system.
    pub scope: Scope,
    /// The metric.
    pub metric: Metric,
    /// When it is measured; `None`: over the whole run.
    pub during: Option<During>,
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
    /// The copies of a site or of a distribution point: `copies.NAME.METRIC`.
    Copies(String),
}

/// As thresholds name it: `dp.DP01.utilisation`, `group."head office".stranded`.
impl fmt::Display for MetricPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.scope {
            Scope::Whole => f.write_str(self.metric.name)?,
            Scope::Point(point) => write!(f, "dp.{}.{}", to_toml_key(point), self.metric)?,
            Scope::Group(group) => write!(f, "group.{}.{}", to_toml_key(group), self.metric)?,
            Scope::Copies(name) => write!(f, "copies.{}.{}", to_toml_key(name), self.metric)?,
        }
        match &self.during {
            None => Ok(()),
            Some(during) => write!(f, " {} {during}", during::WORD),
        }
    }
}

type Prefix = (&'static str, Subject, fn(String) -> Scope);

/// The parts of the system that have metrics, by the prefix of their paths.
const PARTS: [Prefix; 3] = [
    ("dp.", Subject::Point, Scope::Point),
    ("group.", Subject::Group, Scope::Group),
    ("copies.", Subject::Copies, Scope::Copies),
];

/// How scenarios begin the paths of the same parts, beside how metrics do.
const IN_SCENARIOS: [(&str, &str); 6] = [
    ("distribution_points.", "dp."),
    ("points.", "dp."),
    ("clients.", "group."),
    ("groups.", "group."),
    ("sites.", "copies."),
    ("site.", "copies."),
];

/// How an expression is written.
pub(super) const FORM: &str = "write `METRIC OP VALUE`, for example `completion.p95 < 24h`";

impl MetricPath {
    /// Reads the name of a metric, and perhaps when it is measured: `stranded`, `dp.DP01.utilisation`,
    /// `group."head office".stranded during 2h..3h`.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if no metric has that name, or the window of time has another form.
    pub fn parse(text: &str) -> Result<MetricPath, ValueError> {
        match during::find(text, behind_name(text)) {
            None => MetricPath::parse_name(text),
            Some((word, window)) => {
                let path = MetricPath::parse_name(&text[..word])?;
                path.measured_during(During::parse(text, window)?, word..text.len())
            }
        }
    }

    /// The same metric, measured only during a window of time, which stands at `span` of its text.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if the metric has no values for it, or has a window already.
    pub(super) fn measured_during(
        self,
        during: During,
        span: Range<usize>,
    ) -> Result<MetricPath, ValueError> {
        if self.during.is_some() {
            return error("there are two windows of time", span, "write one `during`");
        }
        if let Scope::Copies(_) = self.scope {
            let message = format!("`{self}` compares whole runs of copies, not a window of time");
            let help = "leave `during` out, or choose a metric of the system, a point or a group";
            return error(message, span, help);
        }
        Ok(MetricPath { during: Some(during), ..self })
    }

    /// Reads a metric of whole runs.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if no metric has that name, or it is measured during a window of time.
    pub fn parse_whole(text: &str) -> Result<MetricPath, ValueError> {
        MetricPath::parse(text)?.of_whole_runs(text)
    }

    /// Itself, unless it is measured during a window of time, as `text` says.
    pub(super) fn of_whole_runs(self, text: &str) -> Result<MetricPath, ValueError> {
        match during::find(text, behind_name(text)).filter(|_| self.during.is_some()) {
            None => Ok(self),
            Some((word, _)) => {
                let message = "a search looks at whole runs, not at a window of time";
                error(
                    message,
                    word..text.len(),
                    "leave `during` out, or check the window with a threshold",
                )
            }
        }
    }

    fn parse_name(text: &str) -> Result<MetricPath, ValueError> {
        let start = text.len() - text.trim_start().len();
        let word = text.trim();
        let span = start..start + word.len();
        if word.is_empty() {
            return error("a metric is missing", 0..text.len(), FORM);
        }
        for (prefix, subject, scope) in PARTS {
            if let Some(rest) = word.strip_prefix(prefix) {
                let (name, metric) = split(rest, subject, prefix, span)?;
                return Ok(MetricPath { scope: scope(name), metric, during: None });
            }
        }
        for (other, prefix) in IN_SCENARIOS {
            if let Some(rest) = word.strip_prefix(other) {
                let message = format!("no metric begins with `{other}`");
                let meant = format!("{prefix}{rest}");
                let help = match MetricPath::parse(&meant) {
                    Ok(path) => format!("write `{path}`"),
                    Err(_) => format!("write `{prefix}NAME.METRIC`"),
                };
                return error(message, span, help);
            }
        }
        match metric::meant(word) {
            Some(metric) if metric.applies_to(Subject::Run) => {
                Ok(MetricPath { scope: Scope::Whole, metric, during: None })
            }
            Some(metric) => error(
                format!(
                    "`{metric}` is measured for the copies of a site or of a distribution point"
                ),
                span,
                format!("write `copies.NAME.{metric}`"),
            ),
            None => unknown(word, span),
        }
    }
}

/// Splits `NAME.METRIC`, where the name may be in quotes, and both may contain dots.
fn split(
    text: &str,
    subject: Subject,
    prefix: &str,
    span: Range<usize>,
) -> Result<(String, Metric), ValueError> {
    let name = text.trim_start();
    if let Some(length) = quoted_len(name) {
        let (name, rest) = name.split_at(length);
        let Some(name) = unquote(name).filter(|name| !name.is_empty()) else {
            let help = "write `\\\\` for a backslash, or use single quotes";
            return error("the name in quotes is not valid", span, help);
        };
        let word = rest.trim_start().strip_prefix('.').map(str::trim);
        let metric = word.and_then(metric::meant).filter(|metric| metric.applies_to(subject));
        return metric
            .map_or_else(|| no_metric(subject, prefix, span), |metric| Ok((name, metric)));
    }
    // The shortest name, and so the longest metric: `a.refused.ratio` is the ratio at `a`.
    let dots = text.match_indices('.').filter(|(dot, _)| *dot > 0);
    let mut parts = dots.map(|(dot, _)| (&text[..dot], &text[dot + 1..]));
    let found = parts.find_map(|(part, word)| {
        let metric = metric::meant(word).filter(|metric| metric.applies_to(subject))?;
        Some((part.to_owned(), metric))
    });
    found.map_or_else(|| no_metric(subject, prefix, span), Ok)
}

fn no_metric<T>(subject: Subject, prefix: &str, span: Range<usize>) -> Result<T, ValueError> {
    let list = quoted_list(metric::of(subject).map(|metric| metric.name));
    error(format!("no such metric of `{prefix}NAME`"), span, format!("the metrics are {list}"))
}

fn unknown<T>(word: &str, span: Range<usize>) -> Result<T, ValueError> {
    let names = || metric::of(Subject::Run).map(|metric| metric.name);
    // `p95` alone, and `avg`.
    let parts = names().filter_map(|name| name.split_once('.').map(|(first, _)| first));
    let full = parts.filter_map(|first| metric::meant(&format!("{first}.{word}")));
    let full = full.filter(|metric| metric.applies_to(Subject::Run));
    let mut full: Vec<&str> = full.map(|metric| metric.name).collect();
    full.dedup();
    let help = match full[..] {
        [] => suggestion(word, names(), "the metrics are"),
        _ => format!("did you mean {}?", quoted_list(full)),
    };
    error(format!("no metric is called {}", quoted(word)), span, help)
}

/// What follows the prefix of a part of the system, if the text begins with one.
pub(super) fn without_prefix(text: &str) -> Option<&str> {
    PARTS.into_iter().find_map(|(prefix, ..)| text.trim_start().strip_prefix(prefix))
}

/// Where the text continues behind the name in quotes of `dp."a < b".utilisation`; 0 if there is none.
pub(super) fn behind_name(text: &str) -> usize {
    let name = without_prefix(text).map(str::trim_start);
    name.and_then(quoted_len).map_or(0, |length| text.len() - name.unwrap_or("").len() + length)
}

/// An error in an expression.
pub(super) fn error<T>(
    message: impl Into<String>,
    span: Range<usize>,
    help: impl Into<String>,
) -> Result<T, ValueError> {
    Err(ValueError::new(message, span, help))
}
