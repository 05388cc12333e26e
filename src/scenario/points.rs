//! The distribution points of a scenario: their limits, bandwidth, trouble and queues.

use super::document::Value;
use super::fields::{Field, Fields};
use crate::diagnostic::{Diagnostic, Location, quoted};
use crate::model::{
    Bandwidth, DistributionPoint, Failures, LimitChange, Rate, RetryAfter, Span, Window,
};

/// The most distribution points of a scenario.
const MAX_POINTS: usize = 65_000;

/// Reads all of them.
pub fn read_points(points: Field<'_>) -> Option<Vec<DistributionPoint>> {
    let table: Vec<Option<DistributionPoint>> = points.entries()?.map(read_point).collect();
    if table.is_empty() {
        let error = Diagnostic::error("the scenario has no distribution points");
        return points.reject(error.help("add one such as `[distribution_points.DP01]`"));
    }
    if table.len() > MAX_POINTS {
        let error = format!("the scenario has {} distribution points", table.len());
        let help = format!("at most {MAX_POINTS} can be simulated");
        return points.reject(Diagnostic::error(error).help(help));
    }
    table.into_iter().collect()
}

fn read_point(point: Field<'_>) -> Option<DistributionPoint> {
    let mut fields = point.fields(format!("distribution point {}", quoted(point.key())))?;
    let limit = fields.required("connection_limit", "50", |limit| limit.integer_in(1..=u32::MAX));
    let rate = fields.optional("bandwidth", Field::rate);
    let efficiency = fields.optional("efficiency", |table| table.located(read_efficiency));
    let outages = fields.or("outages", Vec::new(), |outages| {
        let windows =
            outages.array(|outage| read_window(outage, "an outage", true, |_| Some(())))?;
        without_overlap(windows.into_iter().map(|(window, (), at)| (window, at)), &outages)
    });
    let changes = fields.or("limit_changes", Vec::new(), |changes| {
        let read_limit = |fields: &mut Fields<'_>| {
            fields.required("connection_limit", "20", |limit| limit.integer_in(1..=u32::MAX))
        };
        let all =
            changes.array(|change| read_window(change, "a limit change", false, read_limit))?;
        without_overlap(all.iter().map(|(window, _, at)| (*window, at.clone())), &changes)?;
        let change = |(window, connection_limit, _)| LimitChange { window, connection_limit };
        Some(all.into_iter().map(change).collect())
    });
    let failures = fields.optional("failures", read_failures);
    let queue = fields.or("queue", 0, |queue| queue.integer_in(0..=u32::MAX));
    let retry_after = fields.optional("retry_after", read_retry_after);
    fields.finish();
    let bandwidth = match (rate?, efficiency?) {
        (Some(rate), efficiency) => {
            let efficiency = efficiency.map(|(table, _)| table).unwrap_or_default();
            Some(Bandwidth { rate, efficiency })
        }
        (None, None) => None,
        (None, Some((_, at))) => {
            let error = Diagnostic::error(
                "`efficiency` is a share of the `bandwidth`, of which there is none",
            );
            return point.reject(error.at(at).help("add for example `bandwidth = \"100 MB/s\"`"));
        }
    };
    Some(DistributionPoint {
        name: point.key().to_owned(),
        connection_limit: limit?,
        bandwidth,
        outages: outages?,
        limit_changes: changes?,
        failures: failures?,
        queue: queue?,
        retry_after: retry_after?,
    })
}

/// Reads how much of the bandwidth is left with so many connections: `[[50, 1.0], [200, 0.4]]`.
fn read_efficiency(table: Field<'_>) -> Option<Vec<(u32, f64)>> {
    const EXAMPLE: &str =
        "write for example `[[50, 1.0], [200, 0.4]]`: all of it with 50 connections, 40% with 200";
    let mut last = None;
    let rows = table.array(|row| {
        let Value::Array(pair) = row.value() else {
            let error = Diagnostic::error("an entry of `efficiency` is a pair in brackets");
            return row.reject(error.help(EXAMPLE));
        };
        if pair.len() != 2 {
            let error = Diagnostic::error(format!(
                "an entry of `efficiency` is connections and a share, found {} values",
                pair.len()
            ));
            return row.reject(error.help(EXAMPLE));
        }
        let mut place = 0;
        let values = row.array(|value| {
            place += 1;
            if place == 1 {
                return value.integer_in(1..=u32::MAX).map(f64::from);
            }
            let share = value.positive()?;
            if share > 1.0 {
                let error = Diagnostic::error(format!("a share is at most 1, found {share}"));
                return value.reject(error.help("1 is the whole `bandwidth`"));
            }
            Some(share)
        })?;
        let connections = values[0] as u32;
        if let Some(last) = last.replace(connections)
            && last >= connections
        {
            let error = Diagnostic::error(format!("{connections} connections come after {last}"));
            return row.reject(error.help("list the entries by connections, ascending"));
        }
        Some((connections, values[1]))
    })?;
    if rows.is_empty() {
        return table.reject(Diagnostic::error("`efficiency` has no entries").help(EXAMPLE));
    }
    Some(rows)
}

/// Reads a window of time and what else its table has.
fn read_window<'a, T>(
    field: Field<'a>,
    what: &str,
    needs_end: bool,
    rest: impl FnOnce(&mut Fields<'a>) -> Option<T>,
) -> Option<(Window, T, Location)> {
    let mut fields = field.fields(what)?;
    let from = fields.required("from", "\"22h\"", Field::duration);
    let length = fields.optional("for", |length| length.located(Field::positive_duration));
    let until = fields.optional("until", |until| until.located(Field::duration));
    let every = fields.optional("every", |every| every.located(Field::positive_duration));
    let rest = rest(&mut fields);
    fields.finish();
    let (from, length, until, every) = (from?, length?, until?, every?);
    let length = match (length, until) {
        (Some(_), Some((_, at))) => {
            let error = Diagnostic::error(format!("{what} has either `for` or `until`"));
            return field.reject(error.at(at).help("leave one of them out"));
        }
        (Some((length, _)), None) => Some(length),
        (None, Some((until, at))) if until <= from => {
            let error = Diagnostic::error(format!("`until` is {until}, not after `from`, {from}"));
            return field.reject(error.at(at).help("times count from the start of the simulation"));
        }
        (None, Some((until, _))) => Some(Span::from_millis(until.as_millis() - from.as_millis())),
        (None, None) if needs_end || every.is_some() => {
            let error = Diagnostic::error(format!("{what} needs an end"));
            return field.reject(error.help("add `for = \"1h\"`, or `until` and a time"));
        }
        (None, None) => None,
    };
    if let (Some((every, at)), Some(length)) = (&every, length)
        && *every <= length
    {
        let error = Diagnostic::error(format!("it lasts {length}, but comes again every {every}"));
        return field.reject(error.at(at).help("make `every` longer, such as `\"1d\"`"));
    }
    let every = every.map(|(every, _)| every);
    Some((Window { from, length, every }, rest?, field.location().clone()))
}

/// The windows, if no two of them overlap.
fn without_overlap(
    windows: impl Iterator<Item = (Window, Location)>,
    field: &Field<'_>,
) -> Option<Vec<Window>> {
    let windows: Vec<_> = windows.collect();
    for (place, (window, at)) in windows.iter().enumerate() {
        if let Some(other) = windows[..place].iter().position(|(other, _)| other.overlaps(window)) {
            let error = Diagnostic::error(format!(
                "number {} of `{}` overlaps number {}",
                place + 1,
                field.key(),
                other + 1
            ));
            let help = "join them, or let one end before the other begins; with `every` they are \
                        repeated for ever";
            return field.reject(error.at(at).help(help));
        }
    }
    Some(windows.into_iter().map(|(window, _)| window).collect())
}

fn read_failures(failures: Field<'_>) -> Option<Failures> {
    let mut fields = failures.fields("`failures`")?;
    let mtbf = fields.required("mtbf", "\"30d\"", Field::positive_duration);
    let mttr = fields.required("mttr", "\"1h\"", Field::positive_duration);
    fields.finish();
    Some(Failures { mtbf: mtbf?, mttr: mttr? })
}

fn read_retry_after(hint: Field<'_>) -> Option<RetryAfter> {
    match hint.value() {
        Value::String(text) if text == "estimated" => Some(RetryAfter::Estimated),
        Value::String(text) if !text.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
            let error = Diagnostic::error(format!("unknown `retry_after`: {}", quoted(text)));
            hint.reject(error.help("write a time, such as `\"30s\"`, or `\"estimated\"`"))
        }
        _ => hint.positive_duration().map(RetryAfter::Fixed),
    }
}

/// The first of the chosen points that never accepts so many connections, and how many it does.
pub fn too_small(
    points: &[DistributionPoint],
    chosen: impl Iterator<Item = usize>,
    connections: u32,
) -> Option<(&str, u32)> {
    let mut chosen = chosen.filter_map(|place| points.get(place));
    let small = chosen.find(|point| point.highest_limit() < connections)?;
    Some((&small.name, small.highest_limit()))
}

/// Checks that clients of a group that transfer sizes have a rate wherever they go.
pub fn check_rate(
    points: &[DistributionPoint],
    chosen: impl Iterator<Item = usize>,
    link: Option<Rate>,
) -> Option<&str> {
    if link.is_some() {
        return None;
    }
    let mut chosen = chosen.filter_map(|place| points.get(place));
    chosen.find(|point| point.bandwidth.is_none()).map(|point| point.name.as_str())
}
