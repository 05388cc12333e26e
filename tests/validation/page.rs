//! `docs/validation.md`: the cases, what is expected and what was simulated.

use std::fmt::Write;

use crate::case::Family;
use crate::judge::{Judged, Verdict};

/// A case that was simulated.
pub struct Row<'f> {
    /// Its name.
    pub case: &'f str,
    /// Where the expected values are from.
    pub source: &'f str,
    /// How often it was simulated.
    pub runs: u64,
    /// Its figures.
    pub figures: Vec<Judged>,
}

/// What stands above the tables.
const HEAD: &str = "\
# Validation

What the simulator gives for cases whose answer is known without it: from queueing theory, from exact
computation, and from published figures. `make validate` simulates them and writes this page; the cases are
in `tests/validation/`. `cargo test` simulates them all in a short form.

How to read the tables:

- *expected* is the known value, and *simulated* the mean over the *runs*, each with random numbers of its own.
- *z* is their difference in standard errors of that mean (by Student's t, expressed as that of a normal
  distribution). Of z-scores, 5% lie beyond 2 and 6 in 100,000 beyond 4: that is a failure. *exact* means that all
  digits agree, in every run.
- *detects* is the error of the simulator that would have failed: four standard errors, as a share of the expected
  value. A case is simulated until this is 2% for each of its means, or until a limit of runs; where it is more, the
  case shows less. No runs are added for variances, rare states and shares of time.
- Figures with the name of a metric are those that the program reports; an observer sees the others.

The figures of one case depend on each other, as they are of the same runs; cases do not.

Steady states begin with a warm-up that does not count. Clients that the horizon cuts off have not made all their
attempts: `attempts.mean` and `stranded.ratio` are some 0.01% to 0.1% too low for it. Times are whole milliseconds;
where the table has units of time, a unit is at least 100 s, and 0.001% is added to the standard error for the
rounding.
";

/// What no scenario can express yet, or what is left out.
const LEFT_OUT: &str = "\
## What is not here

- Finite sources (Engset; clients that come again after a time): a client of a scenario runs its program once, and
  does not return. 20 sources at 3 servers, with and without retries, wait for that.
- The intervals of Wald and of Clopper and Pearson: the program does not use them. (Wald's covers 64% instead of 95%
  for n = 50, p = 0.02.)
- Attempts that come before the end of a connection at the same instant: the order is fixed. The cases that are
  published for this order are here with a service that is a millisecond longer.
- Retries in the limit of no rate at all (Cohen): simulated at a rate of 0.002 per mean service.
- Of the distributions of the number of connections, the probabilities of more than four.
";

/// The page for `families` with their rows.
pub fn page(families: &[(&Family, Vec<Row<'_>>)]) -> String {
    let mut text = HEAD.to_owned();
    text.push_str(&summary(families));
    for (family, rows) in families {
        let _ = write!(text, "\n## {}\n\n{}", family.title, wrapped(family.about, ""));
        text.push_str("\n| case | figure | expected | simulated | z | detects | runs | source |\n");
        text.push_str("|---|---|---|---|---|---|---|---|\n");
        let mut sources: Vec<&str> = Vec::new();
        for row in rows {
            let known = sources.iter().position(|source| *source == row.source);
            let source = known.unwrap_or_else(|| {
                sources.push(row.source);
                sources.len() - 1
            });
            for figure in &row.figures {
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} | {} | {} | {} | {} |",
                    row.case,
                    named(&figure.name),
                    figure.expected,
                    figure.simulated,
                    verdict(figure.verdict),
                    figure.detects.map_or("-".to_owned(), percentage),
                    row.runs,
                    source + 1,
                );
            }
        }
        text.push_str("\nSources:\n\n");
        for (number, source) in (1..).zip(sources) {
            text.push_str(&wrapped(&format!("{number}. {source}."), "   "));
        }
    }
    let _ = write!(text, "\n{LEFT_OUT}");
    text
}

/// How many figures there are, and how their z-scores are distributed.
fn summary(families: &[(&Family, Vec<Row<'_>>)]) -> String {
    let rows = families.iter().flat_map(|(_, rows)| rows);
    let cases = rows.clone().count();
    let figures: Vec<&Judged> = rows.flat_map(|row| &row.figures).collect();
    let z = |figure: &&Judged| match figure.verdict {
        Verdict::Z(z) => Some(z.abs()),
        Verdict::Equal | Verdict::Unequal => None,
    };
    let scores: Vec<f64> = figures.iter().filter_map(z).collect();
    let beyond = |limit: f64| scores.iter().filter(|&&score| score > limit).count();
    let failed = figures.iter().filter(|figure| !figure.verdict.holds()).count();
    let coarse = figures.iter().filter(|figure| figure.detects.is_some_and(|d| d > 0.0205)).count();
    let text = format!(
        "{cases} cases have {} figures: {} are compared exactly and {} by their z. Of these {} lie beyond 2 \
         and {} beyond 3. {failed} figures fail. {coarse} means need an error of more than 2% to fail.",
        figures.len(),
        figures.len() - scores.len(),
        scores.len(),
        beyond(2.0),
        beyond(3.0),
    );
    format!("\n{}", wrapped(&text, ""))
}

/// A paragraph in lines of at most 115 characters, of which those after the first begin with `indent`.
fn wrapped(text: &str, indent: &str) -> String {
    let (mut lines, mut line) = (String::new(), String::new());
    for word in text.split_whitespace() {
        if !line.is_empty() && line.len() + 1 + word.len() > 115 {
            lines.push_str(&line);
            lines.push('\n');
            line = format!("{indent}{word}");
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines + &line + "\n"
}

/// The name of a figure; those of metrics are code.
pub fn named(name: &str) -> String {
    match name.split_once(", ") {
        Some((metric, rest)) if is_metric(metric) => format!("`{metric}`, {rest}"),
        None if is_metric(name) => format!("`{name}`"),
        _ => name.to_owned(),
    }
}

fn is_metric(name: &str) -> bool {
    distpoint::stats::metric::named(name).is_some()
}

fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Equal => "exact".to_owned(),
        Verdict::Unequal => "**differs**".to_owned(),
        // Rounded first, so that no zero has a sign.
        Verdict::Z(z) => format!("{:.2}", (z * 100.0).round() / 100.0 + 0.0),
    }
}

fn percentage(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

/// The cases, figures and expected values of a page, in their order.
pub fn listed(page: &str) -> Vec<[String; 3]> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let cells = rows.filter_map(|row| {
        let mut cells = row.split(" | ").map(str::to_owned);
        Some([cells.next()?, cells.next()?, cells.next()?])
    });
    cells.filter(|[case, ..]| case != "case").collect()
}
