//! The bucket that is due: its events in the order in which they are popped.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::blocks::Packed;

/// How many events ahead the slot of "a little later" is.
const SOON: usize = 8;

/// Greater than the key of any event.
const NO_KEY: u32 = u32::MAX;

/// The events of the bucket that is due.
///
/// Most events come in order already: a wave of retries is scheduled in the order in which it will
/// come due. So those that do not lower the highest key so far make up a list that is sorted as it
/// is; only the others, the stragglers, need sorting, in a second list. The lists are not merged: a
/// pop takes the lower of both heads.
#[derive(Debug)]
pub struct DueBucket {
    /// The events that came in order, and how many of them were popped.
    ordered: Vec<Packed>,
    popped: usize,
    /// The others, sorted when the bucket is, and how many of them were popped.
    stragglers: Vec<Packed>,
    popped_stragglers: usize,
    /// Events scheduled into the bucket after it was sorted, with a number for their order.
    late: BinaryHeap<Reverse<(u32, u32, u32)>>,
    late_count: u32,
    /// The highest key taken in so far.
    highest: u32,
    /// The lowest key among stragglers and late events, or [`NO_KEY`].
    lowest_aside: u32,
}

impl Default for DueBucket {
    fn default() -> DueBucket {
        DueBucket {
            ordered: Vec::new(),
            popped: 0,
            stragglers: Vec::new(),
            popped_stragglers: 0,
            late: BinaryHeap::new(),
            late_count: 0,
            highest: 0,
            lowest_aside: NO_KEY,
        }
    }
}

impl DueBucket {
    /// Forgets the events of the bucket before, all of which were popped.
    pub fn clear(&mut self) {
        self.ordered.clear();
        self.popped = 0;
        self.stragglers.clear();
        self.popped_stragglers = 0;
        self.late_count = 0;
        self.highest = 0;
        self.lowest_aside = NO_KEY;
    }

    /// Adds an event to a bucket that is not sorted yet.
    #[inline]
    pub fn take_in(&mut self, event: Packed) {
        if event.key() >= self.highest {
            self.highest = event.key();
            self.ordered.push(event);
        } else {
            self.stragglers.push(event);
        }
    }

    /// Sorts the bucket; what was taken in first stays first.
    pub fn sort(&mut self) {
        self.stragglers.sort_by_key(|event| event.key());
        self.lowest_aside = self.stragglers.first().map_or(NO_KEY, |event| event.key());
    }

    /// Adds an event to a bucket that is sorted.
    #[cold]
    #[inline(never)]
    pub fn push_late(&mut self, event: Packed) {
        self.late.push(Reverse((event.key(), self.late_count, event.slot())));
        self.late_count += 1;
        self.lowest_aside = self.lowest_aside.min(event.key());
    }

    /// The next event, and the slot of one a little later.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<(Packed, u32)> {
        match self.ordered.get(self.popped) {
            // Of equal keys, the event that came in order was scheduled before any straggler
            // (later ones were lower than it), and every straggler before any late event.
            Some(&event) if event.key() <= self.lowest_aside => {
                let soon = self.ordered.get(self.popped + SOON).unwrap_or(&event).slot();
                self.popped += 1;
                Some((event, soon))
            }
            _ => self.pop_aside(),
        }
    }

    #[inline(never)]
    fn pop_aside(&mut self) -> Option<(Packed, u32)> {
        let late = self.late.peek().map_or(NO_KEY, |&Reverse((key, ..))| key);
        let straggler = self.stragglers.get(self.popped_stragglers).copied();
        let popped = if let Some(event) = straggler.filter(|event| event.key() <= late) {
            let soon = self.stragglers.get(self.popped_stragglers + SOON).unwrap_or(&event).slot();
            self.popped_stragglers += 1;
            (event, soon)
        } else {
            let Reverse((key, _, slot)) = self.late.pop()?;
            (Packed::with_key(key, slot), slot)
        };
        let late = self.late.peek().map_or(NO_KEY, |&Reverse((key, ..))| key);
        let straggler = self.stragglers.get(self.popped_stragglers);
        self.lowest_aside = straggler.map_or(NO_KEY, |event| event.key()).min(late);
        Some(popped)
    }
}
