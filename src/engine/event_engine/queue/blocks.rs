//! Lists of events in small blocks: what the event queue keeps its events in.
//!
//! A list is a chain of blocks of 256 bytes, which lie side by side in one allocation and are used
//! again when they are empty. Appending writes 8 bytes and moves an end.

use std::ops::Range;

use crate::model::Order;

/// An event in 8 bytes: offset in the epoch (29 bits), order (3 bits), slot (32 bits).
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed(pub(super) u64);

impl Packed {
    #[inline]
    pub(super) fn new(offset: u32, order: Order, slot: u32) -> Packed {
        Packed::with_key(offset << 3 | order as u32, slot)
    }

    #[inline]
    pub(super) fn with_key(key: u32, slot: u32) -> Packed {
        Packed(u64::from(key) << 32 | u64::from(slot))
    }

    /// Offset and order: what events are sorted by.
    #[inline]
    pub(super) fn key(self) -> u32 {
        (self.0 >> 32) as u32
    }

    #[inline]
    pub(super) fn offset(self) -> u32 {
        self.key() >> 3
    }

    #[inline]
    pub(super) fn slot(self) -> u32 {
        self.0 as u32
    }

    #[inline]
    pub(super) fn rank(self) -> u32 {
        self.key() & 7
    }
}

/// A list of events: its first block, and the place for its next event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    pub(super) first: u32,
    /// Counted over all blocks. The last place of a block holds no event but the number of the
    /// block after it; so all blocks are full but the last, and none needs a length.
    end: u32,
}

/// The places of a block: events, and one for the number of the next block.
pub(super) const PLACES: u32 = 32;
/// Where that number lies.
pub(super) const LAST_PLACE: u32 = PLACES - 1;

impl Chain {
    /// No blocks. Its end looks like the end of a full block: the next event needs a new one.
    pub(super) const EMPTY: Chain = Chain { first: u32::MAX, end: u32::MAX };

    pub(super) fn is_empty(self) -> bool {
        self.end == Chain::EMPTY.end
    }
}

/// All blocks, in use or free, side by side.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) places: Vec<Packed>,
    free: Vec<u32>,
}

impl Blocks {
    /// Appends an event to a list; returns whether the list was empty.
    #[inline]
    pub(super) fn append(&mut self, chain: &mut Chain, event: Packed) -> bool {
        if chain.end % PLACES == LAST_PLACE {
            return self.append_to_new_block(chain, event);
        }
        self.places[chain.end as usize] = event;
        chain.end += 1;
        false
    }

    #[inline(never)]
    pub(super) fn append_to_new_block(&mut self, chain: &mut Chain, event: Packed) -> bool {
        let block = self.free.pop().unwrap_or_else(|| {
            let block = self.places.len() as u32 / PLACES;
            self.places.resize(self.places.len() + PLACES as usize, Packed(0));
            block
        });
        let was_empty = chain.is_empty();
        if was_empty {
            chain.first = block;
        } else {
            self.places[chain.end as usize] = Packed(u64::from(block));
        }
        self.places[(block * PLACES) as usize] = event;
        chain.end = block * PLACES + 1;
        was_empty
    }

    /// Takes the first block off a list: where its events lie. It is free from now on, but its
    /// events stay until the next append.
    pub(super) fn take_block(&mut self, chain: &mut Chain) -> Option<Range<usize>> {
        if chain.is_empty() {
            return None;
        }
        let start = (chain.first * PLACES) as usize;
        self.free.push(chain.first);
        if chain.first == chain.end / PLACES {
            let count = (chain.end % PLACES) as usize;
            *chain = Chain::EMPTY;
            return Some(start..start + count);
        }
        let last = start + LAST_PLACE as usize;
        chain.first = self.places[last].slot();
        Some(start..last)
    }
}
