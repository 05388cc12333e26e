//! The laws of a client group: its `arrival`, `transfer` and `retry` tables.

use super::document::{Entry, Value};
use super::fields::{Field, Fields};
use super::trace::Traces;
use crate::diagnostic::{Diagnostic, quoted};
use crate::model::{Arrival, Delay, Jitter, RetryPolicy, SizeLaw, Sizes, Span, Spread, Transfer};
use crate::value::Percent;

/// Reads an `arrival` table. `transfer_file` is the file that the same group's transfers name: a
/// trace from that same file need not be in order of time, because its rows name clients.
pub fn read_arrival(
    arrival: Field<'_>,
    transfer_file: Option<&str>,
    traces: &Traces,
) -> Option<Arrival> {
    let mut fields = arrival.fields("`arrival`")?;
    let span = |key| {
        move |fields: &mut Fields<'_>| fields.required(key, "\"10m\"", Field::positive_duration)
    };
    let kind = fields.required("kind", "\"uniform\"", |kind| {
        kind.one_of(&[
            ("burst", "burst"),
            ("even", "even"),
            ("uniform", "uniform"),
            ("poisson", "poisson"),
            ("poll", "poll"),
            ("trace", "trace"),
        ])
    })?;
    let arrival = match kind {
        "burst" => fields.or("at", Span::ZERO, Field::duration).map(|at| Arrival::Burst { at }),
        "even" => span("over")(&mut fields).map(|over| Arrival::Even { over }),
        "uniform" => span("over")(&mut fields).map(|over| Arrival::Uniform { over }),
        "poisson" => span("mean_interval")(&mut fields)
            .map(|mean_interval| Arrival::Poisson { mean_interval }),
        "poll" => span("interval")(&mut fields).map(|interval| Arrival::Poll { interval }),
        _ => {
            let sorted = fields.optional("sorted", Field::boolean);
            let (file, column) = read_file_and_column(&mut fields, "\"arrivals.csv\"");
            let paired = file.is_some_and(|file| value_text(&file) == transfer_file);
            let sorted = sorted.map(|sorted| sorted.unwrap_or(!paired));
            file.zip(column).zip(sorted).and_then(|((file, column), sorted)| {
                traces.read(file, column, Some(sorted)).map(Arrival::Trace)
            })
        }
    };
    fields.finish();
    arrival
}

/// Reads a `transfer` table.
pub fn read_transfer(transfer: Field<'_>, traces: &Traces) -> Option<Transfer> {
    let mut fields = transfer.fields("`transfer`")?;
    let kind = fields.required("kind", "\"constant\"", |kind| {
        kind.one_of(&[
            ("constant", "constant"),
            ("uniform", "uniform"),
            ("exponential", "exponential"),
            ("lognormal", "lognormal"),
            ("empirical", "empirical"),
            ("trace", "trace"),
            ("size", "size"),
        ])
    })?;
    let transfer = match kind {
        "constant" => fields
            .required("duration", "\"2m\"", Field::positive_duration)
            .map(|duration| Transfer::Constant { duration }),
        "uniform" => {
            let min = fields.required("min", "\"1m\"", Field::duration);
            let max = fields.required("max", "\"3m\"", |max| max.located(Field::positive_duration));
            min.zip(max).and_then(|(min, (max, location))| {
                if min > max {
                    let error =
                        Diagnostic::error(format!("`max` is {max}, less than `min`, {min}"));
                    return transfer.reject(error.at(location).help("exchange them"));
                }
                Some(Transfer::Uniform { min, max })
            })
        }
        "exponential" => fields
            .required("mean", "\"2m\"", Field::positive_duration)
            .map(|mean| Transfer::Exponential { mean }),
        "lognormal" => {
            let median = fields.required("median", "\"2m\"", Field::positive_duration);
            let sigma = fields.required("sigma", "0.5", read_sigma);
            median.zip(sigma).map(|(median, sigma)| Transfer::Lognormal { median, sigma })
        }
        "size" => {
            let bytes = |bytes| read_sizes(bytes, traces);
            fields.required("bytes", "\"40 MB\"", bytes).map(|bytes| Transfer::Size { bytes })
        }
        kind => {
            let (file, column) = read_file_and_column(&mut fields, "\"transfers.csv\"");
            file.zip(column).and_then(|(file, column)| {
                let trace = traces.read(file, column, None)?;
                Some(match kind {
                    "empirical" => Transfer::Empirical(trace),
                    _ => Transfer::Trace(trace),
                })
            })
        }
    };
    fields.finish();
    transfer
}

/// Reads the `bytes` of a transfer: a size, or a table with the law of one.
fn read_sizes(bytes: Field<'_>, traces: &Traces) -> Option<Sizes> {
    if !matches!(bytes.value(), Value::Table(_)) {
        return bytes.size().map(Sizes::Constant);
    }
    let mut fields = bytes.fields("`bytes`")?;
    let kind = fields.required("kind", "\"lognormal\"", |kind| {
        kind.one_of(&[
            ("uniform", "uniform"),
            ("exponential", "exponential"),
            ("lognormal", "lognormal"),
            ("empirical", "empirical"),
            ("trace", "trace"),
        ])
    })?;
    let law = match kind {
        "uniform" => {
            let min = fields.required("min", "\"1 MB\"", Field::size);
            let max = fields.required("max", "\"40 MB\"", |max| max.located(Field::size));
            min.zip(max).and_then(|(min, (max, location))| {
                if min > max {
                    let error =
                        Diagnostic::error(format!("`max` is {max}, less than `min`, {min}"));
                    return bytes.reject(error.at(location).help("exchange them"));
                }
                Some(SizeLaw::Uniform { min, max })
            })
        }
        "exponential" => fields
            .required("mean", "\"40 MB\"", Field::size)
            .map(|mean| SizeLaw::Exponential { mean }),
        "empirical" | "trace" => {
            let (file, column) = read_file_and_column(&mut fields, "\"sizes.csv\"");
            file.zip(column).and_then(|(file, column)| {
                let trace = traces.read(file, column, None)?;
                Some(match kind {
                    "empirical" => SizeLaw::Empirical(trace),
                    _ => SizeLaw::Trace(trace),
                })
            })
        }
        _ => {
            let median = fields.required("median", "\"40 MB\"", Field::size);
            let sigma = fields.required("sigma", "0.5", read_sigma);
            median.zip(sigma).map(|(median, sigma)| SizeLaw::Lognormal { median, sigma })
        }
    };
    fields.finish();
    law.map(Sizes::Drawn)
}

/// A standard deviation of a logarithm. At 10 the 97.5th percentile is 325 million times the
/// median: more is a slip of the pen.
fn read_sigma(sigma: Field<'_>) -> Option<f64> {
    let value = sigma.non_negative()?;
    if value > 10.0 {
        let error = Diagnostic::error(format!("`sigma` must be at most 10, found {value}"));
        return sigma.reject(error.help("it is the standard deviation of the logarithm: try 0.5"));
    }
    Some(value)
}

/// The `file` and the `column` of a trace. The column may be left out if the file has only one.
fn read_file_and_column<'a>(
    fields: &mut Fields<'a>,
    example: &str,
) -> (Option<Field<'a>>, Option<Option<Field<'a>>>) {
    let checked = |field: Field<'a>| field.non_empty_string().map(|_| field);
    let file = fields.required("file", example, checked);
    let column = fields.optional("column", checked);
    (file, column)
}

fn value_text<'a>(field: &Field<'a>) -> Option<&'a str> {
    match field.value() {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Reads a `retry` table. What it does not say is as in `default`, the release's own policy.
pub fn read_retry(retry: Field<'_>, default: &RetryPolicy) -> Option<RetryPolicy> {
    let mut fields = retry.fields("`retry`")?;
    let max_retries = match fields.field("max_retries") {
        Some(field) if is_none(&field) => Some(None),
        Some(field) => number_of_retries(field).map(Some),
        None => Some(default.max_retries),
    };
    let give_up_after = match fields.field("give_up_after") {
        Some(field) if is_none(&field) => Some(None),
        Some(field) => field.positive_duration().map(Some),
        None => Some(default.give_up_after),
    };
    let delay = match fields.field("policy") {
        None => match (policy_of_a_key(&fields), &default.delay) {
            (None, Delay::Fixed { interval, .. }) if fields.table().get("jitter").is_some() => {
                read_fixed(&mut fields, &retry, Some(*interval))
            }
            (None, delay) => Some(delay.clone()),
            // Every release retries at a fixed interval, so this can only be another one.
            (Some((_, "fixed")), _) => read_fixed(&mut fields, &retry, None),
            (Some((entry, policy)), _) => {
                let error = Diagnostic::error(format!("{} needs a `policy`", quoted(&entry.key)));
                let error = error.at(&entry.key_location);
                return retry.reject(error.help(format!("add `policy = \"{policy}\"`")));
            }
        },
        Some(policy) => {
            let policy = policy.one_of(&[
                ("fixed", "fixed"),
                ("linear", "linear"),
                ("exponential", "exponential"),
                ("memoryless", "memoryless"),
                ("server", "server"),
            ])?;
            read_delay(policy, &mut fields, &retry)
        }
    };
    fields.finish();
    Some(RetryPolicy { delay: delay?, max_retries: max_retries?, give_up_after: give_up_after? })
}

fn number_of_retries(field: Field<'_>) -> Option<u32> {
    if value_text(&field).is_none() {
        return field.integer_in(0..=u32::MAX);
    }
    let error = Diagnostic::error("expected a whole number for `max_retries`, found a string");
    field.reject(error.label("expected a whole number").help("write `\"none\"` for no maximum"))
}

/// A key of the table that only some policy has, and that policy.
fn policy_of_a_key<'a>(fields: &Fields<'a>) -> Option<(&'a Entry, &'static str)> {
    const OWNERS: &[(&str, &str)] = &[
        ("interval", "fixed"),
        ("step", "linear"),
        ("base", "exponential"),
        ("factor", "exponential"),
        ("mean", "memoryless"),
    ];
    OWNERS.iter().find_map(|(key, policy)| Some((fields.table().get(key)?, *policy)))
}

fn is_none(field: &Field<'_>) -> bool {
    value_text(field) == Some("none")
}

/// Reads a fixed delay, with `default` for its interval if there is one.
fn read_fixed(fields: &mut Fields<'_>, retry: &Field<'_>, default: Option<Span>) -> Option<Delay> {
    let interval = match default {
        None => fields.required("interval", "\"10m\"", Field::positive_duration),
        Some(interval) => Some(interval),
    };
    let jitter = fields.or("jitter", Spread::NONE, |jitter| read_spread(jitter, "a fixed delay"));
    let (interval, jitter) = interval.zip(jitter)?;
    if matches!(jitter, Spread::Time(reach) if reach > interval) {
        let error = Diagnostic::error(format!(
            "a jitter longer than the interval, {interval}, would make delays negative"
        ));
        let jitter = fields.table().get("jitter").map(|entry| &entry.node.location);
        let error = error.at(jitter.unwrap_or(retry.location()));
        return retry.reject(error.help(format!("lower it to at most `{interval}`")));
    }
    Some(Delay::Fixed { interval, jitter })
}

/// The delay of a client that listens to servers, where none says anything.
const DEFAULT_INTERVAL: Span = Span::from_mins(10);

fn read_delay(policy: &str, fields: &mut Fields<'_>, retry: &Field<'_>) -> Option<Delay> {
    match policy {
        "fixed" => read_fixed(fields, retry, None),
        "server" => {
            let interval =
                fields.or("interval", DEFAULT_INTERVAL, |interval| interval.positive_duration());
            let jitter = fields
                .or("jitter", Spread::NONE, |jitter| read_spread(jitter, "the policy `server`"));
            Some(Delay::Server { interval: interval?, jitter: jitter? })
        }
        "linear" => {
            let step = fields.required("step", "\"5m\"", Field::positive_duration);
            let cap = fields.optional("cap", |cap| cap.located(Field::positive_duration));
            let step = step?;
            let cap = check_cap(cap?, step, "step", retry)?;
            Some(Delay::Linear { step, cap })
        }
        "exponential" => {
            let base = fields.required("base", "\"1m\"", Field::positive_duration);
            let cap = fields.optional("cap", |cap| cap.located(Field::positive_duration));
            let jitter = fields.or("jitter", Jitter::None, |jitter| {
                jitter.one_of(&[
                    ("none", Jitter::None),
                    ("full", Jitter::Full),
                    ("equal", Jitter::Equal),
                    ("decorrelated", Jitter::Decorrelated),
                ])
            });
            let default = if jitter == Some(Jitter::Decorrelated) { 3.0 } else { 2.0 };
            let factor = fields.or("factor", default, |factor| {
                let value = factor.positive()?;
                if value < 1.0 {
                    let error =
                        Diagnostic::error(format!("`factor` must be at least 1, found {value}"));
                    return factor.reject(error.help("2 doubles the delay each time"));
                }
                Some(value)
            });
            let (base, jitter) = (base?, jitter?);
            let cap = check_cap(cap?, base, "base", retry)?;
            Some(Delay::Exponential { base, factor: factor?, cap, jitter })
        }
        _ => fields
            .required("mean", "\"10m\"", Field::positive_duration)
            .map(|mean| Delay::Memoryless { mean }),
    }
}

/// A cap below the first delay would make every delay the cap.
fn check_cap(
    cap: Option<(Span, crate::diagnostic::Location)>,
    first: Span,
    key: &str,
    retry: &Field<'_>,
) -> Option<Option<Span>> {
    match cap {
        Some((cap, location)) if cap < first => {
            let error = Diagnostic::error(format!("`cap` is {cap}, less than `{key}`, {first}"));
            retry.reject(error.at(location).help("the cap is the longest delay"))
        }
        cap => Some(cap.map(|(cap, _)| cap)),
    }
}

/// A jitter of `delay`, such as a fixed one: a time, or a percentage of the interval.
fn read_spread(jitter: Field<'_>, delay: &str) -> Option<Spread> {
    let text = value_text(&jitter).unwrap_or_default().trim();
    if !text.ends_with('%') {
        if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return jitter.duration().map(Spread::Time);
        }
        let error = Diagnostic::error(format!("the `jitter` of {delay} is a time or a percentage"));
        return jitter.reject(error.help("write for example `\"30s\"` or `\"20%\"`"));
    }
    match text.parse().map(Percent::share) {
        Ok(share) if share <= 1.0 => Some(Spread::Share(share)),
        _ => {
            let error = Diagnostic::error(format!(
                "`jitter` must be from 0% to 100%, found {}",
                quoted(value_text(&jitter).unwrap_or_default())
            ));
            jitter.reject(error.help("\"20%\" makes delays between 80% and 120% of the interval"))
        }
    }
}
