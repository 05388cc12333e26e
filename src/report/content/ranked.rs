//! Which variant is best, in a sentence.

use crate::human::{count, listed, percent, span};
use crate::report::names::in_sentence;
use crate::results::{Rank, Ranking, Results};
use crate::stats::metric;

/// From this factor on a time is so many times as long, below it so many percent longer.
const TWICE: f64 = 1.95;

/// Which variant is best, by how much, and whether that is beyond luck; `None` if nothing is ranked, or all
/// are alike.
pub fn ranked(results: &Results) -> Option<String> {
    let ranking = results.ranking.as_ref()?;
    let best = ranking.ranks.first()?;
    let (equal, others): (Vec<&Rank>, Vec<&Rank>) =
        ranking.ranks.iter().partition(|rank| rank.mean == best.mean);
    let (doubtful, behind): (Vec<&Rank>, Vec<&Rank>) =
        others.iter().partition(|rank| rank.is_worse() == Some(false));
    let first = names(&equal)?;
    let mut parts = vec![match Subject::of(ranking) {
        _ if others.is_empty() => return None,
        Subject::Stranded => format!("Fewest are stranded under {first}"),
        Subject::StrandedShare => {
            format!("The smallest share is stranded under {first} ({})", percent(best.mean))
        }
        Subject::Completed => format!("Most complete under {first} ({})", count(best.mean)),
        Subject::CompletedShare if best.mean == 1.0 => format!("All complete under {first}"),
        Subject::CompletedShare => {
            format!("The greatest share completes under {first} ({})", percent(best.mean))
        }
        Subject::Time => {
            let (are, their) = if equal.len() > 1 { ("are", "their") } else { ("is", "its") };
            let fastest = if ranking.ranks.len() > 2 { "fastest" } else { "faster" };
            let time = span(best.mean);
            format!("{first} {are} {fastest}: 95% of {their} clients complete within {time}")
        }
    }];
    parts.extend(names(&doubtful).map(|names| format!("{names} cannot be told from it")));
    parts.extend(match Subject::of(ranking) {
        // Their numbers are in the sentence before.
        Subject::Stranded => None,
        Subject::Completed => joined(&behind, |rank| {
            format!("{} under {}", count(rank.mean), in_sentence(&rank.variant))
        }),
        Subject::StrandedShare | Subject::CompletedShare => joined(&behind, |rank| {
            format!("{} under {}", percent(rank.mean), in_sentence(&rank.variant))
        }),
        Subject::Time => slower(best, &behind),
    });
    let unknown = others.iter().any(|rank| rank.is_worse().is_none());
    let luck = if unknown { " `-n 10` would show what of this is luck." } else { "" };
    Some(format!("{}.{luck}", parts.join("; ")))
}

/// What a ranking is by.
enum Subject {
    Stranded,
    Completed,
    /// Their shares, where the numbers of clients differ.
    StrandedShare,
    CompletedShare,
    Time,
}

impl Subject {
    fn of(ranking: &Ranking) -> Subject {
        match &ranking.metric {
            name if name == metric::STRANDED.name => Subject::Stranded,
            name if name == metric::COMPLETED.name => Subject::Completed,
            name if name == metric::STRANDED_RATIO.name => Subject::StrandedShare,
            name if name == metric::COMPLETED_RATIO.name => Subject::CompletedShare,
            _ => Subject::Time,
        }
    }
}

/// How much longer than the best each of `ranks` takes, which are in order; `None` of none.
fn slower(best: &Rank, ranks: &[&Rank]) -> Option<String> {
    let factor = |rank: &Rank| rank.mean / best.mean;
    let (little, much): (Vec<&Rank>, Vec<&Rank>) =
        ranks.iter().partition(|rank| factor(rank) < TWICE);
    // The verb stands with the first of each kind only.
    let verb = |place| if place == 0 { "takes " } else { "" };
    let little = little.iter().enumerate().map(|(place, rank)| {
        let percent = (factor(rank) - 1.0) * 100.0;
        let longer = if percent < 0.5 { "<1".to_owned() } else { format!("{percent:.0}") };
        format!("{} {}{longer}% longer", in_sentence(&rank.variant), verb(place))
    });
    let much = much.iter().enumerate().map(|(place, rank)| {
        let factor = factor(rank);
        let times = if factor < 9.95 { format!("{factor:.1}") } else { count(factor.round()) };
        let as_long = if place == 0 { " as long" } else { "" };
        format!("{} {}{times} times{as_long}", in_sentence(&rank.variant), verb(place))
    });
    let parts: Vec<String> = little.chain(much).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn joined(ranks: &[&Rank], words: impl Fn(&Rank) -> String) -> Option<String> {
    let parts: Vec<String> = ranks.iter().map(|rank| words(rank)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The names of several variants in a sentence; `None` of none.
fn names(ranks: &[&Rank]) -> Option<String> {
    let names = || ranks.iter().map(|rank| in_sentence(&rank.variant));
    (!ranks.is_empty()).then(|| listed(names()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Origin, load};
    use crate::study::{self, Options, Replications};

    /// The sentence about a burst with `variants`, after `runs` runs.
    fn sentence(variants: &str, runs: u64) -> Option<String> {
        let text = format!(
            "name = 'A burst'
            distribution_points.A.connection_limit = 10
            [clients.g]
            count = 100
            arrival = {{ kind = 'uniform', over = '5m' }}
            transfer = {{ kind = 'constant', duration = '1m' }}
            {variants}"
        );
        let loaded = load(Origin::Text { name: "test", text: &text }, &[]).expect("right");
        let replications = Replications::Fixed(runs);
        let options = Options { what_if: false, replications, ..Options::default() };
        ranked(&study::run(&loaded, &options).expect("it runs"))
    }

    const POLICIES: &str = "
        [variants.'10 min']
        [variants.'1 min']
        clients.g.retry.interval = '1m'
        [variants.'30 s']
        clients.g.retry.interval = '30s'
        [variants.'also 30 s']
        clients.g.retry.interval = '30s'
    ";

    #[test]
    fn the_best_is_named_with_its_equals_and_how_much_longer_the_others_take() {
        let sentence = sentence(POLICIES, 10).expect("they differ");
        assert!(
            sentence.starts_with("30 s and also 30 s are fastest: 95% of their clients"),
            "{sentence}"
        );
        assert!(sentence.contains("; 10 min takes"), "{sentence}");
        assert!(sentence.ends_with(" times as long."), "{sentence}");
    }

    #[test]
    fn what_luck_may_explain_is_said_and_so_is_a_single_run() {
        let alike = "
            [variants.'60 s']
            clients.g.retry.interval = '60s'
            [variants.'60.5 s']
            clients.g.retry.interval = '60500ms'
        ";
        let several = sentence(alike, 10).expect("they differ");
        assert!(several.contains(" cannot be told from it"), "{several}");
        let one = sentence(alike, 1).expect("they differ");
        assert!(one.ends_with("`-n 10` would show what of this is luck."), "{one}");
    }

    #[test]
    fn variants_that_are_all_alike_have_no_best() {
        assert_eq!(sentence("[variants.a]\n[variants.b]", 2), None);
        assert_eq!(sentence("", 2), None);
    }

    #[test]
    fn a_variant_with_fewer_clients_is_not_the_worst_because_of_that() {
        let variants = "
            [variants.impatient]
            clients.g.retry.max_retries = 0
            [variants.few]
            clients.g.count = 10
        ";
        let sentence = sentence(variants, 10).expect("they differ");
        assert!(sentence.starts_with("All complete under few; "), "{sentence}");
        assert!(sentence.ends_with("% under impatient."), "{sentence}");
    }
}
