//! A table for spreadsheets and scripts: one row a variant, each metric with its interval.

use crate::results::Results;

/// The results as CSV. Times are in milliseconds, ratios from 0 to 1; what has no value is empty.
pub fn render(results: &Results) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let metrics: Vec<&String> =
        results.variants.first().map(|first| first.metrics.keys().collect()).unwrap_or_default();
    let keys = results.sweep.iter().flat_map(|sweep| sweep.keys.clone());
    let columns = metrics
        .iter()
        .flat_map(|metric| [metric.to_string(), format!("{metric}.low"), format!("{metric}.high")]);
    let header = std::iter::once("variant".to_owned()).chain(keys).chain(columns);
    let rows = results.variants.iter().enumerate().map(|(i, variant)| {
        let values = results.sweep.iter().flat_map(|sweep| sweep.values[i].clone());
        let cells = metrics.iter().flat_map(|metric| {
            let summary = variant.metrics.get(*metric).copied().flatten();
            let number = |value: Option<f64>| value.map(|value| value.to_string());
            [
                summary.map(|summary| summary.mean),
                summary.and_then(|summary| summary.ci95.map(|[low, _]| low)),
                summary.and_then(|summary| summary.ci95.map(|[_, high]| high)),
            ]
            .map(|value| number(value).unwrap_or_default())
        });
        let texts = std::iter::once(variant.name.clone()).chain(values).map(|text| harmless(&text));
        texts.chain(cells).collect::<Vec<_>>()
    });
    for row in std::iter::once(header.map(|text| harmless(&text)).collect()).chain(rows) {
        // Writing into memory cannot fail, and all rows are of the same length.
        let _ = writer.write_record(&row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
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
