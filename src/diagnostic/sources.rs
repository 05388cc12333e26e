//! The texts that diagnostics point into, and places in them.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The id of a text in a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// The texts that diagnostics point into: the scenario file, each `--set` argument, trace files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    texts: Vec<SourceText>,
}

/// One of the texts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SourceText {
    pub(super) name: String,
    pub(super) text: Arc<str>,
    /// The offset of each line's first byte; computed when a diagnostic first needs it, because
    /// most texts have no errors and a trace may be long.
    lines: OnceLock<Vec<usize>>,
}

impl SourceText {
    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let ends = self.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(ends).collect()
        })
    }

    /// The line of an offset: its number from 0, and its range without the line ending.
    pub(super) fn line_at(&self, offset: usize) -> (usize, Range<usize>) {
        let lines = self.lines();
        let index = lines.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = lines.get(index).copied().unwrap_or(0);
        let end = lines.get(index + 1).copied().unwrap_or(self.text.len());
        let line = &self.text[start..end];
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        (index, start..start + line.len())
    }

    /// The nearest character boundary at or before `offset`, within the text.
    pub(super) fn boundary(&self, offset: usize) -> usize {
        let mut at = offset.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

impl Sources {
    /// An empty list of texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text. `name` is what diagnostics show before the line number: the path of a file
    /// as the user wrote it, or `--set`.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        // More than 2^32 texts do not fit into memory; saturating keeps this free of panics.
        let id = SourceId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(SourceText {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
        });
        id
    }

    /// The whole text of a source; empty for an id of other `Sources`.
    pub fn text(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |source| &source.text)
    }

    /// The name of a source; empty for an id of other `Sources`.
    pub fn name(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |source| &source.name)
    }

    /// The line and the column of a place, both from 1; the column counts characters.
    pub fn line_column(&self, location: &Location) -> (usize, usize) {
        let Some(source) = self.get(location.source) else {
            return (1, 1);
        };
        let at = source.boundary(location.span.start);
        let (index, line) = source.line_at(at);
        let before = &source.text[line.start..at.min(line.end)];
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        (index + 1, before.chars().count() + 1)
    }

    pub(super) fn get(&self, id: SourceId) -> Option<&SourceText> {
        usize::try_from(id.0).ok().and_then(|id| self.texts.get(id))
    }
}

/// A place in a text, as a range of bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The text.
    pub source: SourceId,
    /// The bytes in the text; empty for a place where something is missing.
    pub span: Range<usize>,
}

impl Location {
    /// The place `span` in the text `source`.
    pub fn new(source: SourceId, span: Range<usize>) -> Self {
        Self { source, span }
    }
}

impl From<&Location> for Location {
    fn from(location: &Location) -> Self {
        location.clone()
    }
}
