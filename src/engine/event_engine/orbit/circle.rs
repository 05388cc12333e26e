//! One orbit: the clients that retry one distribution point at one interval, in the order in which they
//! come round.
//!
//! A client that retries every D comes at the same *phase* of D, so the clients lie on a circle, and time
//! goes round it. The circle is cut into buckets; the clients in a bucket are a list in order of their
//! phases, and at equal phases in the order in which their attempts would have been scheduled. Who comes
//! next is then the first at or after the present phase: a look at a set of bits.
//!
//! How many attempts there were up to an instant T follows from sums. A client whose first attempt is in
//! round q makes `T / D - q` of them, and one more if its phase is not after that of T.

use super::bits::BitSet;
use crate::model::{Refusals, Span, Time};

/// No client.
pub const NOBODY: u32 = u32::MAX;

/// A client in an orbit, by its slot.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The client after it in its bucket, and the one before; the first comes after the last.
    next: u32,
    before: u32,
    /// When its attempts are within the interval, in ms.
    phase: u32,
    /// In which round its first attempt is, and in the lowest bit whether it is a guest.
    round: u32,
}

impl Member {
    /// What lies in the slot of a client that is in no orbit.
    pub const NONE: Member = Member { next: NOBODY, before: NOBODY, phase: 0, round: 0 };

    pub fn is_guest(self) -> bool {
        self.round & 1 == 1
    }

    fn first(self, interval: u64) -> u64 {
        u64::from(self.round >> 1) * interval + u64::from(self.phase)
    }
}

/// Where a client comes in among those of its phase, which are there since earlier instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before them, but after those that came in so at the same instant.
    Front,
    /// After this one; [`NOBODY`]: before them all.
    After(u32),
    /// After them.
    End,
}

/// The clients that retry one distribution point at one interval.
#[derive(Clone, Debug)]
pub struct Circle {
    /// In ms.
    interval: u64,
    /// The round of the present, and when it began, in ms: a division takes as long as all else that a turn
    /// needs, and most instants lie in the same round as the one before.
    round: u64,
    round_start: u64,
    /// A bucket is 2 to this power wide, in ms.
    width_bits: u32,
    /// For each bucket the first client in it, plus one, and above 32 bits how many are no guests.
    buckets: Vec<u64>,
    occupied: BitSet,
    /// How many are no guests, in each block of buckets.
    blocks: Vec<u32>,
    /// How many are no guests, and in which rounds their first attempts are, summed up.
    regulars: u64,
    rounds: u64,
    /// The refusals of those that have left.
    refused: u64,
    /// The last that came in at the front, and when.
    front: (Time, u32),
    /// How many steps in buckets may still be made before the buckets are made narrower.
    patience: i64,
}

const BLOCK: usize = 64;
/// So many buckets are 32 MiB.
const MOST_BUCKETS: u64 = 1 << 22;
/// Steps in a bucket that each change of a circle may take on average.
const STEPS: i64 = 16;
const FIRST_STEPS: i64 = 100_000;

impl Circle {
    /// Whether clients that retry every `interval` can be on a circle until `horizon`.
    pub fn suits(interval: Span, horizon: Time) -> bool {
        let interval = interval.as_millis();
        let rounds = horizon.as_millis() / interval.max(1) + 2;
        interval > 0 && interval < 1 << 31 && rounds < 1 << 31
    }

    /// An empty circle for some `clients` that retry every `interval`.
    pub fn new(interval: Span, clients: u64) -> Circle {
        let interval = interval.as_millis();
        // About one client in each bucket, if they are spread evenly.
        let wanted = clients.clamp(64, MOST_BUCKETS);
        let width_bits = (0..31).find(|bits| interval >> bits < wanted).unwrap_or(31);
        let mut circle = Circle {
            interval,
            round: 0,
            round_start: 0,
            width_bits,
            buckets: Vec::new(),
            occupied: BitSet::new(0),
            blocks: Vec::new(),
            regulars: 0,
            rounds: 0,
            refused: 0,
            front: (Time::MAX, NOBODY),
            patience: FIRST_STEPS,
        };
        circle.make_buckets(width_bits);
        circle
    }

    fn make_buckets(&mut self, width_bits: u32) {
        let count = (self.interval >> width_bits) as usize + 1;
        self.width_bits = width_bits;
        self.buckets = vec![0; count];
        self.occupied = BitSet::new(count);
        self.blocks = vec![0; count.div_ceil(BLOCK)];
    }

    /// The interval.
    pub fn interval(&self) -> Span {
        Span::from_millis(self.interval)
    }

    /// In which round an instant is, and when within it.
    #[inline]
    fn round_and_phase(&mut self, at: Time) -> (u64, u32) {
        let since = at.as_millis().wrapping_sub(self.round_start);
        if since < self.interval {
            return (self.round, since as u32);
        }
        self.round = at.as_millis() / self.interval;
        self.round_start = self.round * self.interval;
        (self.round, (at.as_millis() - self.round_start) as u32)
    }

    /// Whether no client is in it but guests.
    pub fn is_empty(&self) -> bool {
        self.regulars == 0
    }

    /// The client in `slot` comes in at `now`; its first attempt is an interval later. A guest will make
    /// that attempt itself, whatever the point would answer; so its refusals are not counted here.
    pub fn enter(
        &mut self,
        members: &mut [Member],
        slot: u32,
        now: Time,
        place: Place,
        is_guest: bool,
    ) {
        let (now_round, phase) = self.round_and_phase(now);
        let round = now_round as u32 + 1;
        let after = self.find_place(members, now, phase, place);
        if place == Place::Front {
            self.front = (now, slot);
        }
        members[slot as usize].phase = phase;
        members[slot as usize].round = round << 1 | u32::from(is_guest);
        self.link(members, slot, after);
        if !is_guest {
            self.regulars += 1;
            self.rounds += u64::from(round);
        }
        self.patience = (self.patience + STEPS).min(FIRST_STEPS);
        if self.patience < 0 && self.width_bits > 0 {
            self.narrow(members);
        }
    }

    /// After which client of its bucket one with `phase` comes in at `now`.
    fn find_place(&mut self, members: &[Member], now: Time, phase: u32, place: Place) -> u32 {
        let Some(head) = self.head(phase >> self.width_bits) else { return NOBODY };
        let phase_of = |slot: u32| members[slot as usize].phase;
        match place {
            Place::After(before) if before != NOBODY => before,
            Place::Front if self.front.0 == now => self.front.1,
            Place::Front | Place::After(_) => {
                let mut before = NOBODY;
                let mut at = head;
                while phase_of(at) < phase {
                    (before, at) = (at, members[at as usize].next);
                    self.patience -= 1;
                    if at == head {
                        break;
                    }
                }
                before
            }
            Place::End => {
                let mut at = members[head as usize].before;
                while phase_of(at) > phase {
                    self.patience -= 1;
                    if at == head {
                        return NOBODY;
                    }
                    at = members[at as usize].before;
                }
                at
            }
        }
    }

    fn head(&self, bucket: u32) -> Option<u32> {
        (self.buckets[bucket as usize] as u32).checked_sub(1)
    }

    fn link(&mut self, members: &mut [Member], slot: u32, after: u32) {
        let Member { phase, .. } = members[slot as usize];
        let bucket = (phase >> self.width_bits) as usize;
        let (before, next) = match (self.head(bucket as u32), after) {
            (None, _) => (slot, slot),
            (Some(head), NOBODY) => (members[head as usize].before, head),
            (Some(_), after) => (after, members[after as usize].next),
        };
        members[slot as usize].before = before;
        members[slot as usize].next = next;
        members[before as usize].next = slot;
        members[next as usize].before = slot;
        if after == NOBODY {
            self.buckets[bucket] = self.buckets[bucket] >> 32 << 32 | (u64::from(slot) + 1);
        }
        if before == slot {
            self.occupied.insert(bucket);
        }
        if !members[slot as usize].is_guest() {
            self.buckets[bucket] += 1 << 32;
            self.blocks[bucket / BLOCK] += 1;
        }
    }

    /// The client in `slot` goes. Which of its attempts were refused before `now`.
    pub fn leave(&mut self, members: &mut [Member], slot: u32, now: Time) -> Refusals {
        let member = members[slot as usize];
        let bucket = (member.phase >> self.width_bits) as usize;
        if member.next == slot {
            self.buckets[bucket] = self.buckets[bucket] >> 32 << 32;
            self.occupied.remove(bucket);
        } else {
            members[member.before as usize].next = member.next;
            members[member.next as usize].before = member.before;
            if self.head(bucket as u32) == Some(slot) {
                let head = u64::from(member.next) + 1;
                self.buckets[bucket] = self.buckets[bucket] >> 32 << 32 | head;
            }
        }
        if member.is_guest() {
            return Refusals::NONE;
        }
        self.buckets[bucket] -= 1 << 32;
        self.blocks[bucket / BLOCK] -= 1;
        self.regulars -= 1;
        self.rounds -= u64::from(member.round >> 1);
        // One in each round since its first, and in the present round if its phase is over.
        let (round, phase) = self.round_and_phase(now);
        let refused =
            (round + u64::from(member.phase < phase)).saturating_sub(u64::from(member.round >> 1));
        self.refused += refused;
        let first = Time::from_millis(member.first(self.interval));
        Refusals { number: refused as u32, first }
    }

    /// Where the client in `slot` is among those of its phase: to come in there again.
    pub fn place_of(&self, members: &[Member], slot: u32) -> Place {
        let Member { before, phase, .. } = members[slot as usize];
        let is_first = self.head(phase >> self.width_bits) == Some(slot);
        let alone = is_first || members[before as usize].phase != phase;
        Place::After(if alone { NOBODY } else { before })
    }

    /// When the next attempt comes, at `now` or later.
    pub fn next_attempt(&mut self, members: &[Member], now: Time) -> Option<Time> {
        let (_, phase) = self.round_and_phase(now);
        let bucket = phase >> self.width_bits;
        if let Some(head) = self.head(bucket)
            && members[members[head as usize].before as usize].phase >= phase
        {
            let mut at = head;
            loop {
                let member = members[at as usize];
                if member.phase > phase {
                    return Some(now + Span::from_millis(u64::from(member.phase - phase)));
                }
                if member.phase == phase && member.first(self.interval) <= now.as_millis() {
                    return Some(now);
                }
                self.patience -= 1;
                at = member.next;
                if at == head {
                    break;
                }
            }
        }
        let next = self.occupied.next(bucket as usize + 1);
        let bucket = next.or_else(|| self.occupied.next(0))?;
        let head = self.head(bucket as u32)?;
        let ahead = u64::from(members[head as usize].phase) + self.interval - u64::from(phase);
        // On the same round, or on the next; a client of the present phase has just come in.
        let ahead = if next.is_some() { ahead - self.interval } else { ahead };
        Some(now + Span::from_millis(ahead))
    }

    /// The first client whose attempt is due at `now`; only guests if not `all` of them count.
    pub fn due(&mut self, members: &[Member], now: Time, all: bool) -> Option<u32> {
        let (_, phase) = self.round_and_phase(now);
        let head = self.head(phase >> self.width_bits)?;
        let mut at = head;
        loop {
            let member = members[at as usize];
            if member.phase > phase {
                return None;
            }
            if member.phase == phase
                && (all || member.is_guest())
                && member.first(self.interval) <= now.as_millis()
            {
                return Some(at);
            }
            self.patience -= 1;
            at = member.next;
            if at == head {
                return None;
            }
        }
    }

    /// How many attempts were refused before `at`: of those that have left, and of those that are still
    /// there, all of whom have come in before.
    pub fn refused_before(&mut self, members: &[Member], at: Time) -> u64 {
        let Some(last) = at.as_millis().checked_sub(1) else { return 0 };
        if self.regulars == 0 {
            return self.refused;
        }
        let (round, phase) = self.round_and_phase(Time::from_millis(last));
        let made = self.regulars * round + self.count_up_to(members, phase);
        self.refused + (made - self.rounds)
    }

    /// How many clients, without guests, have a phase up to `phase`.
    fn count_up_to(&mut self, members: &[Member], phase: u32) -> u64 {
        let bucket = (phase >> self.width_bits) as usize;
        let block = bucket / BLOCK;
        let blocks = self.blocks[..block].iter().map(|&count| u64::from(count));
        let buckets = self.buckets[block * BLOCK..bucket].iter().map(|bucket| bucket >> 32);
        let before: u64 = blocks.sum::<u64>() + buckets.sum::<u64>();
        let Some(head) = self.head(bucket as u32) else { return before };
        if members[members[head as usize].before as usize].phase <= phase {
            return before + (self.buckets[bucket] >> 32);
        }
        let (mut count, mut at) = (0, head);
        while members[at as usize].phase <= phase {
            count += u64::from(!members[at as usize].is_guest());
            at = members[at as usize].next;
            self.patience -= 1;
        }
        before + count
    }

    /// All clients, and their first attempts.
    pub fn everyone(&self, members: &[Member]) -> Vec<u32> {
        let mut everyone = Vec::new();
        let mut from = 0;
        while let Some(bucket) = self.occupied.next(from) {
            let head = self.head(bucket as u32);
            let mut at = head;
            while let Some(slot) = at {
                everyone.push(slot);
                at = Some(members[slot as usize].next).filter(|next| Some(*next) != head);
            }
            from = bucket + 1;
        }
        everyone
    }

    /// Makes the buckets narrower, because those with many clients of different phases are slow.
    #[cold]
    fn narrow(&mut self, members: &mut [Member]) {
        self.patience = FIRST_STEPS;
        let width_bits = self.width_bits.saturating_sub(6);
        if self.interval >> width_bits >= MOST_BUCKETS {
            return;
        }
        let everyone = self.everyone(members);
        self.make_buckets(width_bits);
        for slot in everyone {
            let bucket = members[slot as usize].phase >> width_bits;
            let last = self.head(bucket).map_or(NOBODY, |head| members[head as usize].before);
            self.link(members, slot, last);
        }
    }
}
