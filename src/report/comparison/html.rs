//! A comparison as one HTML page that needs nothing else, and no script.

use std::fmt::Write;

use super::super::names::html as escaped;
use super::{HEADER, Line, changed, headline, line, method, why_unpaired};
use crate::compare::{Compared, ComparedVariant, Outcome};
use crate::results::ThresholdVerdict;

/// Light and dark, on a screen or on paper; numbers in columns.
const STYLE: &str = "\
:root { color-scheme: light dark; --line: #c8c8c8; --bad: #b3261e; --good: #1b6e3c; --unsure: #8a5a00 }
@media (prefers-color-scheme: dark) { :root { --line: #555; --bad: #ff8a80; --good: #7dd8a0; --unsure: #f0c060 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
.answer { font-size: 1.15rem; border-left: .3rem solid; padding-left: .8rem }
.pass { border-color: var(--good) } .inconclusive { border-color: var(--unsure) } .regression { border-color: var(--bad) }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; min-width: 100% }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .6rem; text-align: right; white-space: nowrap }
th:first-child, td:first-child, th:last-child, td:last-child { text-align: left }
.bad { color: var(--bad); font-weight: 600 } .good { color: var(--good) } .unsure { color: var(--unsure); font-weight: 600 }
@media print { body { margin: 0 } details { display: none } }";

/// The answer, what else differs, and the tables.
pub fn html(compared: &Compared) -> String {
    let name = escaped(&compared.new.name);
    let outcome = match compared.outcome {
        Outcome::Pass => "pass",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Regression => "regression",
    };
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{name}: comparison</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n\
         <h1>{name}: comparison</h1>\n<p class=\"answer {outcome}\">{}</p>\n",
        words(&headline(compared))
    );
    list(&mut page, "In what the studies differ", compared.changes.iter().map(|c| words(c)));
    if let Some(reason) = why_unpaired(compared) {
        // Writing into a string cannot fail.
        let _ = writeln!(page, "<p>{}</p>", words(&reason));
    }
    for variant in &compared.variants {
        variant_section(&mut page, compared, variant);
    }
    let thresholds = compared.thresholds.iter().map(|threshold| {
        let verdict = match threshold.verdict {
            ThresholdVerdict::Pass => "pass",
            ThresholdVerdict::Fail => "<strong class=\"bad\">FAIL</strong>",
            ThresholdVerdict::Inconclusive => "<strong class=\"unsure\">inconclusive</strong>",
        };
        let (expression, variant) = (escaped(&threshold.expression), escaped(&threshold.variant));
        format!("{expression} ({variant}): {verdict}")
    });
    list(&mut page, "Thresholds of the new results", thresholds);
    list(&mut page, "Only in the base", compared.only_in_base.iter().map(|name| escaped(name)));
    let only_new = compared.only_in_new.iter().map(|name| escaped(name));
    list(&mut page, "Only in the new results", only_new);
    let _ = write!(
        page,
        "<p><small>{} {}; base: seed {}, {} replications; new: seed {}, {} replications\
         </small></p>\n</body>\n</html>\n",
        escaped(&compared.tool.name),
        escaped(&compared.tool.version),
        compared.base.seed,
        compared.base.replications,
        compared.new.seed,
        compared.new.replications
    );
    page
}

fn variant_section(page: &mut String, compared: &Compared, variant: &ComparedVariant) {
    let _ =
        writeln!(page, "<h2>{}</h2>\n<p>{}</p>", escaped(&variant.name), words(&method(variant)));
    let lines: Vec<Line> = changed(compared, variant).collect();
    if lines.is_empty() {
        page.push_str("<p>No difference shown.</p>\n");
    } else {
        table(page, lines.into_iter());
    }
    let _ = writeln!(page, "<details><summary>All {} metrics</summary>", variant.metrics.len());
    table(page, variant.metrics.iter().map(|(name, metric)| line(compared, name, metric)));
    page.push_str("</details>\n");
}

fn table(page: &mut String, lines: impl Iterator<Item = Line>) {
    let head: String =
        HEADER.iter().map(|label| format!("<th scope=\"col\">{label}</th>")).collect();
    let _ =
        writeln!(page, "<div class=\"scroll\"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>");
    for line in lines {
        let class = match line.verdict.as_str() {
            "REGRESSION" => " class=\"bad\"",
            "better" => " class=\"good\"",
            verdict if verdict.starts_with("inconclusive") => " class=\"unsure\"",
            _ => "",
        };
        let cells: String =
            line.cells().iter().map(|c| format!("<td>{}</td>", escaped(c))).collect();
        let _ = writeln!(page, "<tr{class}>{cells}</tr>");
    }
    page.push_str("</tbody>\n</table></div>\n");
}

fn list(page: &mut String, heading: &str, items: impl ExactSizeIterator<Item = String>) {
    if items.len() > 0 {
        let items: String = items.map(|item| format!("<li>{item}</li>\n")).collect();
        let _ = writeln!(page, "<h2>{heading}</h2>\n<ul>\n{items}</ul>");
    }
}

/// A sentence of ours with names in it: escaped word by word, for it may be longer than a name.
fn words(text: &str) -> String {
    text.split(' ').map(escaped).collect::<Vec<_>>().join(" ")
}
