//! Tables for spreadsheets and scripts: comma-separated values with a header. Times are in
//! milliseconds, ratios from 0 to 1; what has no value is empty.

use indexmap::IndexSet;

use crate::compare::Compared;
use crate::log::{Answer, Clients, Server};
use crate::report::names::tame;
use crate::results::Results;
use crate::scenario::to_toml_key;

/// One row per variant, each metric with its interval.
pub fn results(results: &Results, _: Option<u16>) -> String {
    let names = results.variants.iter().flat_map(|variant| variant.metrics.keys());
    let metrics: IndexSet<&String> = names.collect();
    let copies = results.variants.iter().flat_map(|variant| {
        variant.copies.iter().flat_map(|(name, metrics)| metrics.keys().map(move |key| (name, key)))
    });
    let copies: IndexSet<(&String, &String)> = copies.collect();
    let keys = results.sweep.iter().flat_map(|sweep| sweep.keys.clone());
    let of_copies =
        copies.iter().map(|(name, metric)| format!("copies.{}.{metric}", to_toml_key(name)));
    let columns = metrics.iter().map(|metric| metric.to_string()).chain(of_copies);
    let columns = columns
        .flat_map(|metric| [metric.clone(), format!("{metric}.low"), format!("{metric}.high")]);
    let header = std::iter::once("variant".to_owned()).chain(keys).chain(columns);
    let rows = results.variants.iter().enumerate().map(|(i, variant)| {
        let values = results.sweep.iter().flat_map(|sweep| sweep.values[i].clone());
        let whole = metrics.iter().map(|metric| variant.metrics.get(*metric).copied().flatten());
        let of_copies = copies
            .iter()
            .map(|(name, metric)| variant.copies.get(*name)?.get(*metric).copied().flatten());
        let cells = whole.chain(of_copies).flat_map(|summary| {
            [
                summary.map(|summary| summary.mean),
                summary.and_then(|summary| summary.ci95.map(|[low, _]| low)),
                summary.and_then(|summary| summary.ci95.map(|[_, high]| high)),
            ]
            .map(number)
        });
        let texts = std::iter::once(variant.name.clone()).chain(values).map(|text| harmless(&text));
        texts.chain(cells).collect::<Vec<_>>()
    });
    write(std::iter::once(header.map(|text| harmless(&text)).collect()).chain(rows))
}

/// One row per variant and metric.
pub fn comparison(compared: &Compared, _: Option<u16>) -> String {
    const HEADER: &str = "variant metric base new difference difference.low difference.high relative verdict outcome";
    let header = HEADER.split(' ').map(str::to_owned).collect();
    let variants = compared.variants.iter();
    let rows = variants.flat_map(|variant| {
        variant.metrics.iter().map(|(name, metric)| {
            let numbers = [
                metric.base,
                metric.new,
                metric.difference,
                metric.ci95.map(|[low, _]| low),
                metric.ci95.map(|[_, high]| high),
                metric.relative,
            ];
            let words = [word(&metric.verdict), word(&metric.outcome)];
            let names = [harmless(&variant.name), harmless(name)];
            names.into_iter().chain(numbers.map(number)).chain(words).collect()
        })
    });
    write(std::iter::once(header).chain(rows))
}

/// What logs show: one row per program of each client; of logs of servers only, one per moment.
pub fn log(answer: &Answer, _: Option<u16>) -> String {
    match (&answer.clients, &answer.server) {
        (None, Some(server)) => course(server),
        (clients, _) => programs(clients.as_ref()),
    }
}

fn programs(clients: Option<&Clients>) -> String {
    const HEADER: &str = "client package program outcome bug path when attempts refusals failures retries \
                          completions spins reason";
    let header = HEADER.split_whitespace().map(str::to_owned).collect();
    let rows = clients.iter().flat_map(|clients| &clients.rows).map(|row| {
        let diagnosis = row.diagnosis.as_ref();
        let bug = diagnosis.and_then(|diagnosis| diagnosis.bug).map(|bug| bug.to_string());
        let when = diagnosis.and_then(|diagnosis| diagnosis.when).map(|time| time.0.to_string());
        let names = [&row.client, &row.package, &row.program].map(|name| harmless(&tame(name)));
        let words = [
            row.outcome.word().to_owned(),
            bug.unwrap_or_default(),
            diagnosis.map_or(String::new(), |diagnosis| diagnosis.path.to_owned()),
            when.unwrap_or_default(),
        ];
        let of = &row.counts;
        let counts = [of.attempts, of.refusals, of.failures, of.retries, of.completions, row.spins];
        let reason = diagnosis.map_or(String::new(), |diagnosis| harmless(&diagnosis.reason));
        let cells = names.into_iter().chain(words).chain(counts.map(|count| count.to_string()));
        cells.chain([reason]).collect()
    });
    write(std::iter::once(header).chain(rows))
}

/// Times are since the first request.
fn course(server: &Server) -> String {
    let header = ["at", "requests", "refused", "open"].map(str::to_owned).to_vec();
    let rows = server.course.iter().map(|moment| {
        let (requests, refused) = (moment.arrivals as f64, moment.refused as f64);
        [Some(moment.at), Some(requests), Some(refused), moment.open].map(number).to_vec()
    });
    write(std::iter::once(header).chain(rows))
}

/// A word as it is in JSON.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Rows of the same length as a text.
fn write(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Writing into memory cannot fail, and all rows are of the same length.
        let _ = writer.write_record(&row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A number in full precision; nothing where there is none.
fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    // The wide forms are those of Chinese and Japanese keyboards.
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_formula() {
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("SP2"), "SP2");
    }
}
