//! Times of a column whose rows arrive one by one and are not kept, as in a log.

use super::time_words::Nanos;
use super::times::{Meaning, Reader};

const MILLISECOND: Nanos = 1_000_000;

/// Reads the cells of a column with the rules of traces: by the unit that its name states, or that a cell has.
pub struct CellTimes(Reader);

impl CellTimes {
    /// The cells of the column `name`, which has instants or times from a start.
    pub fn instants(name: &str) -> CellTimes {
        CellTimes(Reader::new(name, Meaning::Arrivals { origin: Some(0) }))
    }

    /// The cells of the column `name`, which has lengths of time.
    pub fn lengths(name: &str) -> CellTimes {
        CellTimes(Reader::new(name, Meaning::Lengths))
    }

    /// The time of a cell in ms, rounded; of an instant since 1970. `None` if it is none.
    pub fn cell(&mut self, cell: &str) -> Option<i64> {
        let nanos = self.0.cell(cell.trim()).ok()?;
        i64::try_from((nanos + MILLISECOND / 2).div_euclid(MILLISECOND)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_one_by_one() {
        let mut starts = CellTimes::instants("start");
        assert_eq!(starts.cell("2023-11-16T18:17:03.5Z"), Some(1_700_158_623_500));
        assert_eq!(starts.cell("soon"), None);
        let mut lengths = CellTimes::lengths("duration_s");
        assert_eq!(lengths.cell("1.2345"), Some(1235));
        assert_eq!(lengths.cell("-"), None);
    }
}
