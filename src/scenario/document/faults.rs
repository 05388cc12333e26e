//! The places of a text that could not be read.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::explain::{Fault, explain_grammar, explain_scalar};
use super::lines::{line_at, within};
use super::message::{Message, Mistake};
use crate::diagnostic::{Diagnostics, SourceId};

/// The places of a text that could not be read.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// By the first byte of the scalar.
    scalars: HashMap<usize, Fault>,
    /// Where lines were lost.
    damage: Vec<usize>,
    /// Where the sections of the text begin: its table headers, ascending.
    headers: Vec<usize>,
    table_lost: bool,
}

impl Faults {
    /// Records that lines from `at` on were lost, perhaps with a table header.
    pub(super) fn add_damage(&mut self, at: usize, hides_table: bool) {
        self.damage.push(at);
        self.table_lost |= hides_table;
    }

    /// What is wrong with the scalar at `span`.
    pub(super) fn of_scalar(&self, span: &Range<usize>) -> Option<Fault> {
        self.scalars.get(&span.start).copied()
    }

    /// Whether keys of the table that begins at `at` may be lost, because lines of its section are.
    /// The section of the root table, for which `at` is `None`, ends at the first header.
    pub(super) fn is_damaged(&self, at: Option<usize>) -> bool {
        let section = |at: usize| self.headers.partition_point(|header| *header <= at);
        let own = at.map_or(0, section);
        self.table_lost || self.damage.iter().any(|lost| section(*lost) == own)
    }

    /// Whether there was an error of grammar within an array or an inline table, after which its
    /// values are only guesses.
    pub(super) fn is_torn(&self, span: &Range<usize>) -> bool {
        self.damage.iter().any(|lost| span.contains(lost))
    }

    /// Reports all `errors` of a text and records their places.
    pub(super) fn explain(
        &mut self,
        source: SourceId,
        text: &str,
        tree: &Spanned<DeTable<'_>>,
        errors: &[Error],
        diagnostics: &Diagnostics,
    ) {
        let mut scalars = Vec::new();
        for value in tree.get_ref().values() {
            self.survey(text, value, &mut scalars);
        }
        self.headers.sort_unstable();
        scalars.sort_unstable_by_key(|span| span.start);
        // One error of grammar causes others on its line. The parser reports the first one first.
        let mut derailed = HashSet::new();
        for error in errors {
            let message = Message::of(error);
            let span = within(text, error.span().unwrap_or(0..0));
            let line = line_at(text, span.start).start;
            let scalar = scalars[..scalars.partition_point(|scalar| scalar.start <= span.start)]
                .last()
                .filter(|scalar| span.end <= scalar.end && !message.kind.is_grammar());
            if derailed.contains(&line) {
                if let Some(scalar) = scalar {
                    self.scalars.insert(scalar.start, Fault::Unreadable);
                }
            } else if let Some(scalar) = scalar {
                let (fault, error) = explain_scalar(source, text, scalar, span, &message);
                if self.scalars.insert(scalar.start, fault).is_none() {
                    diagnostics.push(error);
                }
            } else {
                if message.kind != Mistake::DuplicateKey {
                    derailed.insert(line);
                    self.damage.push(span.start);
                }
                diagnostics.push(explain_grammar(source, text, span, &message));
            }
        }
    }

    /// Finds the scalars and the headers within a value.
    fn survey(
        &mut self,
        text: &str,
        value: &Spanned<DeValue<'_>>,
        scalars: &mut Vec<Range<usize>>,
    ) {
        let span = value.span();
        match value.get_ref() {
            DeValue::Table(table) => {
                if text.as_bytes().get(span.start) == Some(&b'[') {
                    self.headers.push(span.start);
                }
                for value in table.values() {
                    self.survey(text, value, scalars);
                }
            }
            DeValue::Array(items) => {
                for value in items.iter() {
                    self.survey(text, value, scalars);
                }
            }
            // The parser's stand-in for a value that is missing altogether.
            DeValue::Integer(_) if span == (0..0) => {}
            _ => scalars.push(span),
        }
    }
}
