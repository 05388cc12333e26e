//! Thresholds: from the scenario's `thresholds` and the command line's `--threshold`.

use super::super::definition::{Loaded, Scenario};
use super::super::form::Field;
use super::super::problems::LoadError;
use super::during::During;
use super::expression::{Target, Threshold};
use super::metric_path::Scope;
use super::starts::Starts;
use crate::diagnostic::{Diagnostic, Diagnostics, Sources, quoted};
use crate::stats::metric;
use crate::value::{Span, ValueError};

/// Reads the thresholds of the array `field`. What is no text there has been reported already.
pub fn read_thresholds(field: Field<'_>, starts: &Starts<'_>) -> Option<Vec<Threshold>> {
    let thresholds = field.items().map(|item| {
        let text = item.as_str()?;
        let wrong = |wrong: ValueError| {
            let at = item.inside(text, wrong.span.clone());
            item.reject(explain(wrong).at(at))
        };
        starts.read(text).map_or_else(wrong, Some)
    });
    // All are read before the first `None` counts.
    let thresholds: Vec<Option<Threshold>> = thresholds.collect();
    thresholds.into_iter().collect()
}

/// Checks that the thresholds of the array `field` name points, groups and variants of the scenario, or one
/// of the variants `absent`, which are not simulated.
pub fn check_thresholds(loaded: &Loaded, absent: &[&str], field: Field<'_>) {
    for (item, threshold) in field.items().zip(&loaded.thresholds) {
        let mut threshold = threshold.clone();
        threshold.variant = threshold.variant.filter(|name| !absent.contains(&name.as_str()));
        if let Some(error) = check(loaded, &threshold, item.diagnostics()) {
            item.reject::<()>(error);
        }
    }
}

impl Loaded {
    fn starts(&self) -> Starts<'_> {
        Starts { is_given: self.is_start_given, variants: self.variants.iter().collect() }
    }

    /// Adds thresholds of the command line, each like `completion.p95 < 24h @ 'SP3'`.
    ///
    /// # Errors
    ///
    /// [`LoadError`] with all their errors.
    pub fn add_thresholds(&mut self, texts: &[String]) -> Result<(), LoadError> {
        let diagnostics = Diagnostics::new();
        let mut sources = Sources::new();
        for text in texts {
            let source = sources.add("--threshold", text.as_str());
            let at = |span| crate::diagnostic::Location::new(source, span);
            match self.starts().read(text) {
                Err(wrong) => {
                    let span = wrong.span.clone();
                    diagnostics.push(explain(wrong).at(at(span)));
                }
                Ok(threshold) => match check(self, &threshold, &diagnostics) {
                    Some(error) => diagnostics.push(error.at(at(0..text.len()))),
                    None => self.thresholds.push(threshold),
                },
            }
        }
        if diagnostics.has_errors() {
            return Err(LoadError::new(diagnostics, sources));
        }
        self.set_windows();
        Ok(())
    }

    /// Tells the variants which windows of time their thresholds are about.
    pub(in crate::scenario) fn set_windows(&mut self) {
        for variant in &mut self.variants {
            variant.windows.clear();
            variant.windows.extend(variant.scenario.phases().into_iter().flatten());
            for threshold in &self.thresholds {
                let applies = threshold.variant.as_ref().is_none_or(|name| *name == variant.name);
                if let Some(during) = &threshold.target.metric.during
                    && applies
                    && !variant.windows.contains(during)
                {
                    variant.windows.push(during.clone());
                }
            }
        }
    }
}

impl Target {
    /// Checks that `text` is a target of some scenario: a time of day needs one that names its start.
    ///
    /// # Errors
    ///
    /// [`ValueError`] if the text has another form, or names an unknown metric.
    pub fn check_form(text: &str) -> Result<(), ValueError> {
        Starts { is_given: true, variants: Vec::new() }.read_target(text).map(drop)
    }
}

impl Loaded {
    /// Reads targets that all variants have to meet, each like `completion.p95 < 24h` or `makespan < 06:00`, and
    /// gives their texts, in which a length stands for a time of day.
    ///
    /// # Errors
    ///
    /// The first target that is wrong, or whose time of day is not clear in this scenario.
    pub fn read_targets(&self, texts: &[String]) -> Result<Vec<(String, Target)>, String> {
        let starts = self.starts();
        let read = |text: &String| starts.read_target(text).map_err(|error| error.to_string());
        texts.iter().map(read).collect()
    }

    /// Checks that targets name points and groups of the scenario.
    ///
    /// # Errors
    ///
    /// The error of the first target that does not.
    pub fn check_targets(&self, targets: &[(String, Target)]) -> Result<(), String> {
        for (text, target) in targets {
            let threshold = Threshold { text: text.clone(), target: target.clone(), variant: None };
            if let Some(error) = check(self, &threshold, &Diagnostics::new()) {
                return Err(format!("{}: {}", error.message, error.helps.join("; ")));
            }
        }
        Ok(())
    }
}

fn explain(wrong: ValueError) -> Diagnostic {
    Diagnostic::error(wrong.message).help(wrong.help)
}

/// The error of a threshold in this scenario, if it has one.
fn check(loaded: &Loaded, threshold: &Threshold, diagnostics: &Diagnostics) -> Option<Diagnostic> {
    let points = loaded.base.distribution_points.iter().map(|point| point.name.as_str());
    let groups = loaded.base.clients.iter().map(|group| group.name.as_str());
    let variants = loaded.variants.iter().map(|variant| variant.name.as_str());
    let of_part = match &threshold.target.metric.scope {
        Scope::Whole => None,
        Scope::Point(name) => {
            missing("distribution point", name, &points.collect::<Vec<_>>(), diagnostics)
        }
        Scope::Group(name) => {
            missing("client group", name, &groups.collect::<Vec<_>>(), diagnostics)
        }
        Scope::Copies(name) => {
            let sites = loaded.base.sites.iter().map(|site| site.name.as_str());
            let outside = loaded.base.distribution_points.iter().filter(|it| it.site.is_none());
            let known = sites.chain(outside.map(|point| point.name.as_str()));
            let known: Vec<_> = known.collect();
            missing("site or distribution point", name, &known, diagnostics)
        }
    };
    let name = threshold.variant.as_ref();
    of_part
        .or_else(|| missing("variant", name?, &variants.collect::<Vec<_>>(), diagnostics))
        .or_else(|| check_recovery(loaded, threshold))
        .or_else(|| check_window(loaded, threshold))
}

/// The error of a threshold on whether, or how soon, runs recover, if it can have no value.
fn check_recovery(loaded: &Loaded, threshold: &Threshold) -> Option<Diagnostic> {
    let metric = threshold.target.metric.metric;
    if ![metric::STUCK, metric::RECOVERY_TIME].contains(&metric) {
        return None;
    }
    let name = quoted(metric.name);
    if let Some(during) = &threshold.target.metric.during {
        let error = Diagnostic::error(format!("{name} is about a whole run, from its trigger on"));
        return Some(error.help(format!("leave `during {during}` out")));
    }
    let applies = |name: &str| threshold.variant.as_ref().is_none_or(|only| only == name);
    let mut judged = loaded.variants.iter().filter(|variant| applies(&variant.name));
    judged.any(|variant| variant.scenario.trigger.is_none()).then(|| {
        Diagnostic::error(format!("{name} needs a `trigger`, which the scenario does not have"))
            .help("add for example `trigger = { from = \"10m\", until = \"12m\" }`")
    })
}

/// The error of the window of time of a threshold, if it has one.
fn check_window(loaded: &Loaded, threshold: &Threshold) -> Option<Diagnostic> {
    let during = threshold.target.metric.during.as_ref()?;
    if matches!(during, During::Hours(_)) && !loaded.is_start_given {
        let message =
            format!("{} are hours, but the scenario has no `starts`", quoted(&during.to_string()));
        return Some(Diagnostic::error(message).help(
            "add `starts = \"Mon 08:00\"` above its tables, or write times from the start: `during 2h..3h`",
        ));
    }
    let name = threshold.variant.as_ref();
    let mut variants = loaded.variants.iter();
    let never = variants.find(|variant| {
        name.is_none_or(|name| *name == variant.name) && variant.scenario.window(during).is_empty()
    })?;
    let Scenario { warmup, horizon, .. } = never.scenario;
    let warm =
        if warmup > Span::ZERO { format!("from {warmup} (`warmup`) ") } else { String::new() };
    let message = format!("{} lies outside the simulation", quoted(&format!("during {during}")));
    let help = format!("the simulation is measured {warm}to {horizon} (`horizon`)");
    Some(Diagnostic::error(message).help(help))
}

fn missing(
    what: &str,
    name: &str,
    known: &[&str],
    diagnostics: &Diagnostics,
) -> Option<Diagnostic> {
    (!known.contains(&name)).then(|| {
        let error = Diagnostic::error(format!("there is no {what} {}", quoted(name)));
        error.help(diagnostics.suggestion(name, known.iter().copied(), "this scenario has:"))
    })
}
