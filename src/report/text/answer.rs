//! The answer in a sentence, before all tables.

use std::fmt::Write;

use super::super::human::{count, span};
use super::cells::{mean, printable, value};
use crate::results::{Results, VariantResults};

/// The answer in one sentence: how many are stranded under which handling.
pub(super) fn answer(results: &Results) -> String {
    let parts = results.variants.iter().map(|variant| {
        let stranded = mean(&variant.metrics, "stranded");
        let arrived = mean(&variant.metrics, "arrived");
        (stranded, arrived, printable(&variant.name))
    });
    let parts: Vec<_> = parts.collect();
    let Some((stranded, arrived, name)) = parts.first() else { return String::new() };
    if parts.iter().all(|(stranded, ..)| *stranded == 0.0) {
        let mut answer = "No advertisement is stranded".to_owned();
        let gave_up = |variant: &&VariantResults| mean(&variant.metrics, "gave_up") > 0.0;
        for (i, variant) in results.variants.iter().filter(gave_up).enumerate() {
            let (number, of) =
                (mean(&variant.metrics, "gave_up"), mean(&variant.metrics, "arrived"));
            let join = if i == 0 { ", but " } else { "; " };
            let (number, of, name) = (count(number), count(of), printable(&variant.name));
            let _ = write!(answer, "{join}{number} of {of} clients give up under {name}");
        }
        answer.push('.');
        answer.extend(completion_answer(results).map(|fastest| format!(" {fastest}")));
        return answer;
    }
    let number = if *stranded == 1.0 { "advertisement is" } else { "advertisements are" };
    let mut answer =
        format!("{} of {} {number} stranded under {name}", count(*stranded), count(*arrived));
    for (i, (stranded, arrived, name)) in parts.iter().enumerate().skip(1) {
        let join = if i + 1 == parts.len() { " and " } else { ", " };
        let of =
            if *arrived == parts[0].1 { String::new() } else { format!(" of {}", count(*arrived)) };
        let _ = write!(answer, "{join}{}{of} under {name}", count(*stranded));
    }
    answer.push('.');
    answer.extend(workaround_answer(results));
    answer
}

/// Whom a workaround recovers, and how late.
fn workaround_answer(results: &Results) -> Option<String> {
    let recovered = |variant: &&VariantResults| mean(&variant.metrics, "recovered") > 0.0;
    let mut parts = results.variants.iter().filter(recovered).map(|variant| {
        let metrics = &variant.metrics;
        let left = match mean(metrics, "stranded.final") {
            0.0 => "all of them".to_owned(),
            left => format!("all but {} of them", count(left)),
        };
        let (name, late) = (printable(&variant.name), mean(metrics, "recovered.delay.mean"));
        format!("{left} under {name}, {} later", span(late))
    });
    let first = format!(" The workaround recovers {}", parts.next()?);
    Some(parts.fold(first, |answer, part| format!("{answer}; {part}")) + ".")
}

/// Where nobody strands: under which variants clients are through first, as far as it shows.
pub(super) fn completion_answer(results: &Results) -> Option<String> {
    let undone =
        |v: &VariantResults| count(mean(&v.metrics, "arrived") - mean(&v.metrics, "completed"));
    let p95 = |v: &VariantResults| value(&v.metrics, "completion.p95").map(|s| s.mean);
    let key = |v: &VariantResults| {
        let undone = mean(&v.metrics, "arrived") - mean(&v.metrics, "completed");
        (undone, p95(v).unwrap_or(f64::INFINITY))
    };
    let best = results.variants.iter().min_by(|a, b| {
        let (a, b) = (key(a), key(b));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    })?;
    let time = span(p95(best)?);
    let ties =
        |v: &&VariantResults| undone(v) == undone(best) && p95(v).map(span).as_ref() == Some(&time);
    let names: Vec<String> =
        results.variants.iter().filter(ties).map(|v| printable(&v.name)).collect();
    let who = match names.as_slice() {
        _ if results.variants.len() == 1 => String::new(),
        names if names.len() == results.variants.len() => "All alike: ".to_owned(),
        [name] => format!("Fastest is {name}: "),
        names => format!("Fastest are {}: ", names.join(" and ")),
    };
    Some(format!("{who}95% of those that complete do so within {time} of their arrival."))
}
