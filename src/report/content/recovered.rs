//! Whether the system recovers from its trigger, in a sentence.

use crate::human::{count, listed, percent};
use crate::report::names::in_sentence;
use crate::results::{Results, VariantResults};
use crate::stats::metric::STUCK;

/// In how many of the runs each of a few variants does not recover; `None` without a trigger.
pub fn recovered(results: &Results) -> Option<String> {
    let runs = results.replications as f64;
    let mut shares: Vec<(f64, Vec<String>)> = Vec::new();
    for (share, name) in stuck(results) {
        let name = in_sentence(name);
        match shares.iter_mut().find(|(other, _)| *other == share) {
            Some((_, names)) => names.push(name),
            None => shares.push((share, vec![name])),
        }
    }
    shares.sort_by(|a, b| b.0.total_cmp(&a.0));
    let parts = shares.iter().map(|(share, names)| {
        let under = under(names, results.variants.len());
        let number = (share * runs).round();
        match (results.replications, number) {
            (1, 0.0) => format!("it recovers{under}"),
            (1, _) => format!("the system does not recover{under}"),
            (_, 0.0) => format!("all recover{under}"),
            (_, all) if all == runs => format!("none of {} runs recovers{under}", count(runs)),
            (_, some) => format!("{} of {} runs do not recover{under}", count(some), count(runs)),
        }
    });
    let parts: Vec<String> = parts.collect();
    let sentence = match parts.as_slice() {
        [] => return None,
        [only] if results.replications > 1 => only.replace("all recover", "all runs recover"),
        [only] => only.replace("it recovers", "the system recovers"),
        several => several.join("; "),
    };
    let mut letters = sentence.chars();
    let first = letters.next()?.to_uppercase();
    Some(format!("{}{}.", first, letters.as_str()))
}

fn under(names: &[String], variants: usize) -> String {
    match (names.len() == variants, variants) {
        (true, 1) => String::new(),
        (true, 2) => " under both variants".to_owned(),
        (true, _) => " under every variant".to_owned(),
        (false, _) => format!(" under {}", listed(names.iter().cloned())),
    }
}

/// The least and the greatest share of runs that do not recover, of many variants; `None` without a trigger, or
/// where all recover.
pub fn range(results: &Results) -> Option<String> {
    let mut shares: Vec<(f64, &str)> = stuck(results).collect();
    shares.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (low, high) = (shares.first()?, shares.last()?);
    if low.0 == high.0 {
        return Some(match low.0 {
            0.0 => "all recover".to_owned(),
            share => format!("{} of the runs do not recover", percent(share)),
        });
    }
    let [least, most] =
        [low, high].map(|(share, name)| format!("{} ({})", percent(*share), in_sentence(name)));
    Some(format!("{least} to {most} of the runs do not recover"))
}

fn stuck(results: &Results) -> impl Iterator<Item = (f64, &str)> {
    let share = |it: &VariantResults| STUCK.of(&it.metrics).map(|share| share.mean);
    results.variants.iter().filter_map(move |it| Some((share(it)?, it.name.as_str())))
}
