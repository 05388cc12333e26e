//! The keys of arrivals whose rate changes over time.

use serde_json::{Map, Value as Json, json};

use super::super::form::{
    Field, Fields, Form, KeyEntry, Shape, TableShape, default, duration, form, frequency, number,
    optional, positive_duration,
};
use super::super::trace::Traces;
use super::csv_column::{csv_column, with_rows};
use crate::diagnostic::Diagnostic;
use crate::model::{RateProfile, RateStep, Rates};
use crate::value::{Frequency, Span};

const EXAMPLES: &str = "write `profile = [[\"0s\", \"40/s\"], [\"20s\", \"80/s\"]]`, or `file = \"counts.csv\", \
                        interval = \"1m\"`";

/// The keys `profile`, or `file` with `column`, `separator` and `interval`; and `scale`.
pub struct RateKeys;

impl RateKeys {
    fn profile() -> impl KeyEntry<Value = Option<Vec<RateStep>>> {
        optional("see `file`", profile()).instead_of(&["file", "column", "separator", "interval"])
    }

    fn interval() -> impl KeyEntry<Value = Option<Span>> {
        optional("see `profile`", positive_duration())
    }

    fn scale() -> impl KeyEntry<Value = f64> {
        let limits = || json!({ "exclusiveMinimum": 0, "maximum": 1e6 });
        let help = Some("`scale` multiplies all rates: 1.5 is half as many again");
        let is_scale = |scale| 0.0 < scale && scale <= 1e6;
        default(1.0, number("number above 0, at most 1000000", is_scale, limits, help)).unwritten()
    }
}

impl KeyEntry for RateKeys {
    type Value = RateProfile;

    fn read(&self, fields: &mut Fields<'_>, _: &'static str) -> Option<RateProfile> {
        let profile = Self::profile().read(fields, "profile");
        let interval = Self::interval().read(fields, "interval");
        let scale = Self::scale().read(fields, "scale");
        let of_file = ["file", "column", "separator"].map(|key| fields.field(key));
        let trace = match of_file {
            [None, None, None] => Some(None),
            [None, other, separator] => other.or(separator).and_then(|key| {
                let error = format!("`{}` is about a file, but here is no `file`", key.key());
                key.refuse(error, EXAMPLES)
            }),
            _ => csv_column::<u64>("\"counts.csv\"").read(fields, "").map(Some),
        };
        let rates = match (profile?, trace?, interval?) {
            (Some(steps), None, None) => Rates::Steps(steps),
            (None, Some(trace), Some(interval)) => Rates::Counts { trace, interval },
            (Some(_), trace, _) => {
                let key = if trace.is_some() { "file" } else { "interval" };
                let error = format!(
                    "arrivals have either a `profile` or a `file` of counts, but here are `profile` and `{key}`"
                );
                return fields.field(key)?.refuse(error, EXAMPLES);
            }
            (None, Some(_), None) => return fields.report_missing("interval", "\"1m\""),
            (None, None, _) => {
                return fields
                    .report_missing("profile", "[[\"0s\", \"40/s\"], [\"20s\", \"80/s\"]]");
            }
        };
        Some(RateProfile { rates, scale: scale? })
    }

    fn write(&self, profile: &RateProfile, _: &'static str, into: &mut Map<String, Json>) {
        match &profile.rates {
            Rates::Steps(steps) => Self::profile().write(&Some(steps.clone()), "profile", into),
            Rates::Counts { trace, interval } => {
                csv_column("\"counts.csv\"").write(trace, "", into);
                Self::interval().write(&Some(*interval), "interval", into);
            }
        }
        Self::scale().write(&profile.scale, "scale", into);
    }

    fn describe(&self, _: &'static str, _: &str, table: &mut TableShape) {
        let meaning = "The rates: each pair is an instant, from the start of the simulation, and the rate from then on.";
        Self::profile().describe("profile", meaning, table);
        let mut of_file = TableShape::default();
        csv_column::<u64>("\"counts.csv\"").describe("", "", &mut of_file);
        for mut key in of_file.keys {
            if key.name == "file" {
                key.meaning = "A CSV file whose row i is the number of clients that arrive in the i-th interval, on \
                               average; its path is relative to the directory of the scenario file."
                    .to_owned();
                key.presence = super::super::form::Presence::Optional("see `profile`");
                key.laid_over.instead_of.push("profile");
            }
            table.keys.push(key);
        }
        Self::interval().describe("interval", "The length of the intervals of `file`.", table);
        Self::scale().describe("scale", "What all rates are multiplied by.", table);
    }
}

/// The profile `named`, whose table is `field`, with the rows of its file if it has one.
pub fn with_counts(field: Field<'_>, traces: &Traces, named: &RateProfile) -> Option<RateProfile> {
    let Rates::Counts { trace, interval } = &named.rates else { return Some(named.clone()) };
    let trace = with_rows(field, None, traces, trace)?;
    if traces.are_read() && trace.rows.iter().all(|number| *number == 0) {
        return field
            .get("file")?
            .refuse("no client arrives: all counts are 0", "name another column");
    }
    Some(RateProfile { rates: Rates::Counts { trace, interval: *interval }, scale: named.scale })
}

/// Pairs of an instant and a rate, in order of time.
fn profile() -> impl Form<Value = Vec<RateStep>> {
    form(
        |field| {
            let steps = field.array(step)?;
            in_order(&steps, field)?;
            Some(steps)
        },
        |steps: &Vec<RateStep>| {
            let pair = |step: &RateStep| {
                let rate = step.rate.map_or(json!("0/s"), |rate| frequency().write(&rate));
                json!([duration().write(&step.from), rate])
            };
            steps.iter().map(pair).collect()
        },
        || {
            let json = json!({
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "array",
                    "items": { "type": "string" },
                    "minItems": 2,
                    "maxItems": 2
                }
            });
            Shape::value("array of pairs of a time and a rate", json)
        },
    )
}

fn step(pair: Field<'_>) -> Option<RateStep> {
    let both = pair.array(Some)?;
    let [from, rate] = both[..] else {
        let error = "a step of a profile is a pair: an instant, and the rate from then on";
        return pair.refuse(error, "write for example `[\"20s\", \"80/s\"]`");
    };
    let from = duration().read(from);
    let rate = match is_none(rate) {
        true => Some(None),
        false => frequency().read(rate).map(Some),
    };
    Some(RateStep { from: from?, rate: rate? })
}

/// Whether a rate is zero, such as `0/s`.
fn is_none(rate: Field<'_>) -> bool {
    let parts = rate.as_str().and_then(|text| text.split_once('/'));
    parts.is_some_and(|(number, per)| {
        number.trim().parse() == Ok(0.0) && format!("1/{per}").parse::<Frequency>().is_ok()
    })
}

/// Checks that the steps begin at the start and follow each other, and that clients arrive at all.
fn in_order(steps: &[RateStep], field: Field<'_>) -> Option<()> {
    let instant = |place: usize| field.items().nth(place).and_then(|pair| pair.items().next());
    let Some(first) = steps.first() else {
        return field.refuse("a profile needs at least one step", EXAMPLES);
    };
    if first.from != Span::ZERO {
        let error = format!("the profile begins at {}, but the simulation at 0s", first.from);
        return instant(0)?
            .refuse(error, "let it begin with `[\"0s\", \"40/s\"]`, or with `[\"0s\", \"0/s\"]`");
    }
    if let Some(earlier) = steps.windows(2).position(|pair| pair[1].from <= pair[0].from) {
        let (one, next) = (steps[earlier].from, steps[earlier + 1].from);
        let error = format!("the step at {next} follows one at {one}");
        return instant(earlier + 1)?.refuse(error, "sort the steps by time, each instant once");
    }
    if steps.iter().all(|step| step.rate.is_none()) {
        let error = Diagnostic::error("no client arrives: all rates are 0").at(field.location());
        return field.reject(error.help(EXAMPLES));
    }
    Some(())
}
