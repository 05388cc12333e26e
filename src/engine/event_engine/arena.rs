//! The clients' futures, all of one type, side by side in one allocation.
//!
//! This is the only module with `unsafe` code. Boxing each future instead (`Vec<Pin<Box<F>>>`)
//! needs none, but costs an allocation per client and scatters the futures over memory, where a wave of
//! retries must fetch them one by one.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Futures by slot. A slot whose future has finished is used again.
pub struct Arena<F> {
    /// INVARIANT: never grows beyond the capacity it was made with, so no future ever moves.
    slots: Vec<F>,
    /// Slots whose futures have finished; they stay where they are until they are overwritten.
    free: Vec<u32>,
}

impl<F: Future<Output = ()>> Arena<F> {
    /// An arena with room for `capacity` futures at a time. Memory that is not used yet is
    /// reserved, not touched.
    pub fn with_capacity(capacity: usize) -> Arena<F> {
        Arena { slots: Vec::with_capacity(capacity), free: Vec::new() }
    }

    /// Whether all futures have finished.
    pub fn is_empty(&self) -> bool {
        self.slots.len() == self.free.len()
    }

    /// Puts a future into a free slot.
    ///
    /// # Panics
    ///
    /// If the arena is full.
    #[inline]
    pub fn insert(&mut self, future: F) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = future;
            return slot;
        }
        assert!(self.slots.len() < self.slots.capacity(), "the arena is full");
        self.slots.push(future);
        (self.slots.len() - 1) as u32
    }

    /// Polls the future in `slot`, and frees the slot if it is ready. Wakers are of no use here:
    /// an event names the slot it wakes. A slot that is free must not be polled.
    #[inline]
    pub fn poll(&mut self, slot: u32) -> Poll<()> {
        let future = &mut self.slots[slot as usize];
        // SAFETY: a pinned value must not move until it is dropped. The future lies in `slots`,
        // whose buffer is never reallocated (`insert` pushes only within the capacity, nothing
        // else changes its length), and it is overwritten only by assigning to its place, which
        // drops it there first. Nothing here hands out `&mut F` or takes a future out, and
        // dropping the arena drops each in place.
        let future = unsafe { Pin::new_unchecked(future) };
        let polled = future.poll(&mut Context::from_waker(Waker::noop()));
        if polled.is_ready() {
            self.free.push(slot);
        }
        polled
    }

    /// Asks the processor to bring the future in `slot` into its cache, because it will be polled
    /// soon. Only a hint: it changes nothing, and does nothing where there is no such slot.
    #[inline]
    pub fn prefetch(&self, slot: u32) {
        #[cfg(target_arch = "x86_64")]
        if let Some(place) = self.slots.get(slot as usize) {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            let first = std::ptr::from_ref(place).cast::<i8>();
            // SAFETY: a prefetch reads nothing that the program could see and never faults,
            // whatever the address; these lie in or at the end of a live value. SSE, which it
            // needs, is part of every x86-64.
            unsafe {
                _mm_prefetch::<_MM_HINT_T0>(first);
                _mm_prefetch::<_MM_HINT_T0>(first.wrapping_add(size_of::<F>() - 1));
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = slot;
    }
}
