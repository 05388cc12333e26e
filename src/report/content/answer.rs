//! The answer in a sentence, before all tables. Every report for people starts with the answer.

use super::left_out::{is_empty, left_out};
use super::metrics::Show;
use super::ranked::ranked;
use super::recovered;
use super::search::Story;
use super::terms::can_strand;
use crate::human::{count, counted, counted_of, is_or_are, listed, span};
use crate::report::names::in_sentence;
use crate::results::{Rank, Results, ThresholdResult, ThresholdVerdict, VariantResults, mean};
use crate::scenario::Threshold;
use crate::stats::metric::{self, Metric};

/// More variants than this are not named one by one.
const MOST_NAMED: usize = 8;

/// The other outcomes of clients that neither complete nor are stranded, and the words for one client and for
/// several.
const NOT_DONE: [(Metric, [&str; 2]); 3] = [
    (metric::GAVE_UP, ["gives up", "give up"]),
    (metric::EXPIRED, ["is too late", "are too late"]),
    (metric::UNFINISHED, ["is not done at the horizon", "are not done at the horizon"]),
];

/// Clients that are not done at the horizon are reported if they are more than this share of all.
const UNDONE: f64 = 0.01;

/// The most breached or undecided thresholds that are named.
const MOST_THRESHOLDS: usize = 2;

/// The answer: of a search the value, otherwise how many advertisements are stranded under each
/// variant; and whether the thresholds are met.
pub fn answer(results: &Results) -> String {
    let mut outcome = match &results.sizing {
        Some(sizing) => Story { results, sizing }.answer(),
        None if results.variants.iter().all(is_empty) => "No client is counted.".to_owned(),
        None if results.sweep.is_some() || results.variants.len() > MOST_NAMED => range(results),
        None => {
            let recovered = recovered::recovered(results).map(|sentence| sentence + " ");
            recovered.unwrap_or_default() + &outcome(results)
        }
    };
    outcome.extend(left_out(results).map(|clients| format!(" {clients}")));
    let verdict = verdict(&results.thresholds, results.variants.len());
    let parts = [interrupted(results), Some(outcome), verdict];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// That the study was stopped early, and what its results cover, in a sentence. A search has it in its
/// own answer.
pub fn interrupted(results: &Results) -> Option<String> {
    let complete = counted(results.replications as f64, "complete replication");
    results.interrupted.then(|| format!("The study was interrupted: the results cover {complete}."))
}

/// Whether the thresholds are met, in a sentence.
fn verdict(thresholds: &[ThresholdResult], variants: usize) -> Option<String> {
    let with = |verdict| thresholds.iter().filter(move |threshold| threshold.verdict == verdict);
    let (breached, unsure) = (ThresholdVerdict::Fail, ThresholdVerdict::Inconclusive);
    let all = thresholds.len();
    let (failed, open) = (with(breached).count(), with(unsure).count());
    let are = |n: usize| is_or_are(n as f64);
    let named = |verdict, n: usize| {
        let named: Vec<String> =
            with(verdict).take(MOST_THRESHOLDS).map(|t| threshold(t, variants)).collect();
        let more =
            if n > named.len() { format!("; and {} more", n - named.len()) } else { String::new() };
        format!("{}{more}", named.join("; "))
    };
    Some(match (all, failed, open) {
        (0, ..) => return None,
        (1, 0, 0) => "The threshold is met.".to_owned(),
        (2, 0, 0) => "Both thresholds are met.".to_owned(),
        (_, 0, 0) => format!("All {all} thresholds are met."),
        (1, 1, _) => format!("The threshold is breached: {}.", named(breached, 1)),
        (2, 2, _) => format!("Both thresholds are breached: {}.", named(breached, 2)),
        _ if failed == all => {
            format!("All {all} thresholds are breached: {}.", named(breached, failed))
        }
        (1, 0, _) => format!("Whether the threshold is met is undecided: {}.", named(unsure, 1)),
        _ if open == all => format!("All {all} thresholds are undecided: {}.", named(unsure, open)),
        (_, 0, _) => {
            let are = are(open);
            format!("{open} of {all} thresholds {are} undecided: {}.", named(unsure, open))
        }
        _ => {
            let rest = match open {
                0 => String::new(),
                _ => format!(" and {open} undecided"),
            };
            let are = are(failed);
            format!(
                "{failed} of {all} thresholds {are} breached{rest}: {}.",
                named(breached, failed)
            )
        }
    })
}

/// A threshold with what was observed.
fn threshold(threshold: &ThresholdResult, variants: usize) -> String {
    let show = metric::show(&threshold.metric);
    let observed = match &threshold.observed {
        Some(observed) => format!("observed {}", show(observed.mean)),
        None => "no data".to_owned(),
    };
    let expression = in_sentence(&threshold.expression);
    // A `@` may also be in the name of a point or a group.
    let names_its_variant =
        Threshold::parse(&threshold.expression).is_ok_and(|parsed| parsed.variant.is_some());
    if variants < 2 || names_its_variant {
        return format!("{expression} ({observed})");
    }
    format!("{expression} under {} ({observed})", in_sentence(&threshold.variant))
}

/// The answer for many variants: the extremes of the metrics, and the variants that have them.
fn range(results: &Results) -> String {
    let mean_of = |metric: Metric| -> Vec<(f64, &str)> {
        let all = results.variants.iter();
        all.filter_map(|v| Some((metric.of(&v.metrics)?.mean, v.name.as_str()))).collect()
    };
    let ends = |mut all: Vec<(f64, &str)>, show: Show| -> Option<String> {
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (low, high) = (all.first()?, all.last()?);
        let (least, most) = (show(low.0), show(high.0));
        if least == most {
            return Some(least);
        }
        Some(format!("{least} ({}) to {most} ({})", in_sentence(low.1), in_sentence(high.1)))
    };
    let many = count(results.variants.len() as f64);
    let times = match ends(mean_of(metric::COMPLETION_P95), span) {
        Some(ends) => format!("95% of those that complete do so within {ends}"),
        None => "no client completes".to_owned(),
    };
    let stranded = mean_of(metric::STRANDED);
    let stranded = match ends(stranded.clone(), count) {
        Some(ends) if stranded.iter().any(|(number, _)| *number > 0.0) => {
            format!("; {ends} advertisements are stranded")
        }
        _ if can_strand(results) => "; no advertisement is stranded".to_owned(),
        _ => String::new(),
    };
    let recovered = recovered::range(results).map(|range| range + "; ").unwrap_or_default();
    format!("Over {many} variants, {recovered}{times}{stranded}.")
}

/// How many advertisements are stranded under each variant.
fn outcome(results: &Results) -> String {
    let parts = results.variants.iter().map(|variant| {
        let stranded = mean(&variant.metrics, metric::STRANDED);
        let arrived = mean(&variant.metrics, metric::ARRIVED);
        (stranded, arrived, in_sentence(&variant.name))
    });
    let parts: Vec<_> = parts.collect();
    let Some((stranded, arrived, name)) = parts.first() else { return String::new() };
    if parts.iter().all(|(stranded, ..)| *stranded == 0.0) {
        return none_stranded(results);
    }
    let first = format!(
        "{} {} stranded{}",
        counted_of(*stranded, *arrived, "advertisement"),
        is_or_are(*stranded),
        under(name, results)
    );
    let others = parts[1..].iter().map(|(stranded, others, name)| {
        let of = if others == arrived { String::new() } else { format!(" of {}", count(*others)) };
        format!("{}{of} under {name}", count(*stranded))
    });
    let mut answer = listed(std::iter::once(first).chain(others));
    answer.push('.');
    answer.extend(not_done(results).map(|ends| format!(" In addition, {ends}.")));
    // Of two the numbers themselves show which is better, unless that may be luck.
    let obvious = results.variants.len() < 3 && shows_a_difference(results);
    answer.extend(ranked(results).filter(|_| !obvious).map(|best| format!(" {best}")));
    answer.extend(workaround_answer(results));
    answer
}

/// Whether the runs show that a variant is worse than the best.
fn shows_a_difference(results: &Results) -> bool {
    let ranks = results.ranking.iter().flat_map(|ranking| &ranking.ranks);
    results.replications < 2 || ranks.filter_map(Rank::is_worse).any(|worse| worse)
}

/// Under which variant something is so; nothing where there is only one.
fn under(name: &str, results: &Results) -> String {
    if results.variants.len() < 2 { String::new() } else { format!(" under {name}") }
}

/// The clients that neither complete nor are stranded, for each variant.
fn not_done(results: &Results) -> Option<String> {
    let of_variant = |variant: &VariantResults| {
        let number = |metric| mean(&variant.metrics, metric);
        let arrived = number(metric::ARRIVED);
        let under = under(&in_sentence(&variant.name), results);
        let ends = NOT_DONE.into_iter().filter_map(|(metric, words)| {
            // Where clients keep coming, some are always under way.
            let least = if metric == metric::UNFINISHED { UNDONE * arrived } else { 0.0 };
            let number = number(metric);
            let words = words[usize::from(is_or_are(number) == "are")];
            let clients = counted_of(number, arrived, "client");
            let what = match metric == metric::EXPIRED && can_strand(results) {
                true => " for the advertisement",
                false => "",
            };
            (number > least).then(|| format!("{clients} {words}{what}{under}"))
        });
        ends.collect::<Vec<_>>()
    };
    let ends: Vec<String> = results.variants.iter().flat_map(of_variant).collect();
    (!ends.is_empty()).then(|| ends.join("; "))
}

/// How many clients a workaround recovers, and how late.
fn workaround_answer(results: &Results) -> Option<String> {
    let recovers = |variant: &&VariantResults| mean(&variant.metrics, metric::RECOVERED) > 0.0;
    let mut recovered = results.variants.iter().filter(recovers).map(|variant| {
        let metrics = &variant.metrics;
        let left = match mean(metrics, metric::STRANDED_FINAL) {
            0.0 => "all of them".to_owned(),
            left => format!("all but {} of them", count(left)),
        };
        let (name, late) =
            (in_sentence(&variant.name), mean(metrics, metric::RECOVERED_DELAY_MEAN));
        (format!("{left}{}", under(&name, results)), span(late))
    });
    let (clients, late) = recovered.next()?;
    let first =
        format!(" The workaround recovers {clients}, on average {late} after they were stranded");
    let more = |answer, (clients, late)| format!("{answer}; {clients}, after {late}");
    Some(recovered.fold(first, more) + ".")
}

/// The answer if no client is stranded: whether all complete, and how long that takes.
fn none_stranded(results: &Results) -> String {
    let variants = &results.variants;
    let done = |v: &VariantResults| {
        mean(&v.metrics, metric::ARRIVED) == mean(&v.metrics, metric::COMPLETED)
    };
    let clients = mean(&variants[0].metrics, metric::ARRIVED);
    let same = variants.iter().all(|v| mean(&v.metrics, metric::ARRIVED) == clients);
    let all_done = variants.iter().all(done);
    match within(variants) {
        Some(times) if all_done => {
            let counted = if left_out(results).is_some() { " counted" } else { "" };
            let (all, of_them) = match clients {
                1.0 if same => (format!("The only client{counted} completes"), ""),
                _ if same => {
                    (format!("All {}{counted} clients complete", count(clients)), "95% of them ")
                }
                _ => (format!("All{counted} clients complete"), "95% of them "),
            };
            match ranked(results) {
                Some(best) => format!("{all}. {best}"),
                None => format!("{all}, {of_them}within {times}."),
            }
        }
        times => {
            // Of many variants the answer is which recover; the table has the clients.
            let is_brief = variants.len() > 2 && recovered::recovered(results).is_some();
            let ends = not_done(results).filter(|_| !is_brief);
            let ends = match (ends, can_strand(results)) {
                (Some(ends), true) => Some(format!("No advertisement is stranded, but {ends}.")),
                (None, true) => Some("No advertisement is stranded.".to_owned()),
                (Some(ends), false) => Some(format!("{ends}.")),
                (None, false) => None,
            };
            let best = ranked(results).or_else(|| {
                times.map(|times| format!("95% of those that complete do so within {times}."))
            });
            let parts: Vec<String> = ends.into_iter().chain(best).collect();
            if parts.is_empty() { "No client completes.".to_owned() } else { parts.join(" ") }
        }
    }
}

/// In which time 95% of the clients are done, under each variant that completes any.
fn within(variants: &[VariantResults]) -> Option<String> {
    let p95 = |v: &VariantResults| metric::COMPLETION_P95.of(&v.metrics).map(|p95| span(p95.mean));
    let mut times: Vec<(String, Vec<String>)> = Vec::new();
    for variant in variants {
        let (Some(time), name) = (p95(variant), in_sentence(&variant.name)) else { continue };
        match times.last_mut() {
            Some((same, names)) if *same == time => names.push(name),
            _ => times.push((time, vec![name])),
        }
    }
    if let [(time, names)] = &times[..]
        && names.len() == variants.len()
    {
        return Some(match names.len() {
            1 => time.clone(),
            2 => format!("{time}, under both variants"),
            _ => format!("{time}, under every variant"),
        });
    }
    let parts = times.iter().map(|(time, names)| format!("{time} under {}", names.join(" and ")));
    (!times.is_empty()).then(|| listed(parts))
}
