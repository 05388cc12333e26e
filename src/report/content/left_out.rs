//! Clients that no count is about: those that arrive within the warm-up or after the horizon.

use crate::human::counted_of;
use crate::report::names::in_sentence;
use crate::results::{Results, VariantResults, mean};
use crate::stats::metric;
use crate::value::Span;

/// Whether no client is counted in `variant`.
pub fn is_empty(variant: &VariantResults) -> bool {
    mean(&variant.metrics, metric::ARRIVED) == 0.0
}

/// The clients that are left out of all counts, in a sentence; `None` if every client is counted.
pub fn left_out(results: &Results) -> Option<String> {
    let number = |variant: &VariantResults| {
        let of = |metric| mean(&variant.metrics, metric);
        (of(metric::CLIENTS) - of(metric::ARRIVED), of(metric::CLIENTS))
    };
    let counts: Vec<(f64, f64)> = results.variants.iter().map(number).collect();
    let (first, most) = (*counts.first()?, counts.iter().map(|(left_out, _)| *left_out));
    let most = most.fold(0.0, f64::max);
    if most == 0.0 {
        return None;
    }
    let (arrive, are) = if most == 1.0 { ("it arrives", "is") } else { ("they arrive", "are") };
    let why = format!("{arrive} {}", when(results));
    let of = |(left_out, all): (f64, f64)| counted_of(left_out, all, "client");
    if counts.iter().all(|counts| *counts == first) {
        return Some(format!("{} {are} left out: {why}.", of(first)));
    }
    let worst = results.variants.iter().zip(&counts).find(|(_, (left_out, _))| *left_out == most);
    let (variant, counts) = worst?;
    let name = in_sentence(&variant.name);
    let (of, rest) = (of(*counts), "and fewer or none under the others");
    Some(format!("{of} {are} left out under {name}, {rest}: {why}."))
}

/// When clients that are left out arrive, as far as that is the same in every variant.
fn when(results: &Results) -> String {
    let varied = |key: &str| {
        results.variants.iter().any(|variant| variant.overlay.get(key).is_some())
            || results.sweep.iter().flat_map(|sweep| &sweep.keys).any(|varied| varied == key)
    };
    // Results may come from anywhere: what is no length of time is not repeated.
    let written = |key: &str| results.scenario.get(key)?.as_str()?.parse::<Span>().ok();
    let time = |key: &str| match written(key) {
        Some(time) if !varied(key) => format!(" of {time}"),
        _ => String::new(),
    };
    let warm_up = varied("warmup") || written("warmup").is_some_and(|time| time != Span::ZERO);
    let horizon = format!("after the horizon{}", time("horizon"));
    match warm_up {
        true => format!("within the warm-up{} or {horizon}", time("warmup")),
        false => horizon,
    }
}
