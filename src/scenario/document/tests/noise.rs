//! Texts with noise in them, against panics.

use super::super::overlay;
use super::{Fixture, SCENARIO, compact, rules};

/// A small generator of deterministic noise.
struct Noise(u64);

impl Noise {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    /// The text with a few pieces removed, doubled or put in.
    fn mutate(&mut self, text: &str, pieces: &[&str]) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(4) {
            let at = self.below(chars.len() + 1);
            let end = (at + self.below(12)).min(chars.len());
            match self.below(4) {
                0 => drop(chars.drain(at..end)),
                1 => {
                    let copy: Vec<char> = chars[at..end].to_vec();
                    let to = self.below(chars.len() + 1);
                    chars.splice(to..to, copy);
                }
                2 => chars.truncate(chars.len() - self.below(chars.len() / 4 + 1)),
                _ => {
                    let piece = pieces[self.below(pieces.len())];
                    chars.splice(at..at, piece.chars());
                }
            }
        }
        chars.into_iter().collect()
    }
}

#[test]
fn no_text_makes_parsing_overlaying_or_rendering_panic() {
    let pieces = [
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "=",
        ".",
        ",",
        "\n",
        "\r",
        "\r\n",
        "#",
        "*",
        "\\",
        "\\u12",
        "\u{feff}",
        "ü",
        "漢",
        "\u{200d}",
        "\u{9b}",
        "\u{0}",
        "\t",
        "1e999",
        "0x",
        "01",
        "[[a]]",
        "[clients]",
        "\nretry.kind=1\n",
        "nan",
        "kind",
        "99999999999999999999",
        " 2020-13-01",
        "+",
        "_",
    ];
    let sets =
        ["clients.office.count=20000", "clients.*.retry={kind='x', a=[1, 2]}", "\"a b\".c=7d"];
    let mut noise = Noise(0x2545_F491_4F6C_DD1D);
    for round in 0..3_000 {
        let mut fixture = Fixture::new();
        let base_text = noise.mutate(SCENARIO, &pieces);
        let base = fixture.parse(&base_text);
        let over_text = noise.mutate(SCENARIO, &pieces);
        let over = fixture.parse(&over_text);
        let set_text = noise.mutate(sets[round % sets.len()], &pieces);
        let set = fixture.set(&set_text);
        let merged = overlay(&base, &over, &rules(), &fixture.diagnostics);
        let merged = set
            .map_or(merged.clone(), |set| overlay(&merged, &set, &rules(), &fixture.diagnostics));
        drop(compact(&merged));
        for error in fixture.diagnostics.sorted() {
            let location = error.location.expect("a location");
            let text = fixture.sources.text(location.source);
            assert!(text.get(location.span).is_some(), "{}\n{text:?}", error.message);
        }
        drop(fixture.diagnostics.render(&fixture.sources, round % 2 == 0));
    }
}
