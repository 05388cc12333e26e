//! A table before any markup: a format decides how a cell looks by the kind of the cell.

use crate::results::ThresholdVerdict;

#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    /// Its rows, each with a cell for each column.
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub head: Cell,
    pub kind: ColumnKind,
    /// Whether it may be left out where there is no room for all columns.
    pub spare: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// The names of the rows.
    RowHead,
    /// Words, aligned to the left.
    Text,
    /// Figures, aligned to the right.
    Figure,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub cells: Vec<Cell>,
    /// Whether it is highlighted: the value that a search chose.
    pub chosen: bool,
}

#[derive(Clone, Debug)]
pub struct Cell {
    /// Its text, not escaped.
    pub text: String,
    pub kind: CellKind,
    /// More about it, for formats that can show that on demand.
    pub detail: Option<String>,
    /// The number of the charted variant that it is about, for formats with colours.
    pub variant: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// A label of a row or a column, not from the scenario.
    Label,
    /// A name from the scenario.
    Name,
    /// An expression from the scenario.
    Code,
    Figure,
    Words,
    Verdict(ThresholdVerdict),
    Toned(Tone),
}

/// Whether something is good news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    Unsure,
    Neutral,
}

impl Table {
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Table {
        Table { columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    pub fn push(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(Row { cells: cells.into_iter().collect(), chosen: false });
    }
}

impl Column {
    pub fn new(head: Cell, kind: ColumnKind) -> Column {
        Column { head, kind, spare: false }
    }

    pub fn row_head(head: Cell) -> Column {
        Column::new(head, ColumnKind::RowHead)
    }

    pub fn text(label: &str) -> Column {
        Column::new(Cell::label(label), ColumnKind::Text)
    }

    pub fn figure(label: &str) -> Column {
        Column::new(Cell::label(label), ColumnKind::Figure)
    }

    /// The column, which may be left out where there is no room for all columns.
    pub fn spare(self) -> Column {
        Column { spare: true, ..self }
    }
}

impl Cell {
    fn new(text: impl Into<String>, kind: CellKind) -> Cell {
        Cell { text: text.into(), kind, detail: None, variant: None }
    }

    /// A label of a row or a column, not from the scenario.
    pub fn label(text: impl Into<String>) -> Cell {
        Cell::new(text, CellKind::Label)
    }

    /// A name from the scenario.
    pub fn name(text: impl Into<String>) -> Cell {
        Cell::new(text, CellKind::Name)
    }

    /// An expression from the scenario.
    pub fn code(text: impl Into<String>) -> Cell {
        Cell::new(text, CellKind::Code)
    }

    /// A figure; a dash where there is none.
    pub fn figure(text: Option<String>) -> Cell {
        Cell::new(text.unwrap_or_else(|| "-".to_owned()), CellKind::Figure)
    }

    pub fn words(text: impl Into<String>) -> Cell {
        Cell::new(text, CellKind::Words)
    }

    pub fn verdict(verdict: ThresholdVerdict) -> Cell {
        let word = match verdict {
            ThresholdVerdict::Pass => "pass",
            ThresholdVerdict::Fail => "FAIL",
            ThresholdVerdict::Inconclusive => "inconclusive",
        };
        Cell::new(word, CellKind::Verdict(verdict))
    }

    pub fn toned(text: impl Into<String>, tone: Tone) -> Cell {
        Cell::new(text, CellKind::Toned(tone))
    }

    pub fn detail(self, detail: Option<String>) -> Cell {
        Cell { detail, ..self }
    }

    /// The cell in the colour of a charted variant.
    pub fn variant(self, variant: Option<usize>) -> Cell {
        Cell { variant, ..self }
    }
}
