//! Processor sharing by virtual time: when each of many transfers ends that share one bandwidth.
//!
//! # How it works
//!
//! Transfers with the same cap (their clients' links) always have the same rate, so one *clock* per
//! class of equal caps shows how much each of them would have done since the start. A transfer that
//! begins when the clock shows v and has w to do ends when it shows v + w, however the rate changes
//! until then. A transfer that begins or ends changes only the rates: O(log n) for the transfer itself, and
//! a few divisions for each class that has transfers: as many as there are different links among
//! them. A transfer over several connections counts as several that end together, so clocks show what
//! one connection has carried. See Parekh and Gallager 1993 for the idea of a virtual clock.
//!
//! # Rates
//!
//! Max-min fair: a transfer that is capped below an equal share has its cap, and the others share the rest
//! equally. With one class and no cap that is egalitarian processor sharing. Rates are whole grains
//! per millisecond, rounded down, and change at whole milliseconds only; so clocks are exact, work
//! reaches exactly zero, and nothing drifts. A transfer ends at the first whole millisecond at
//! which its work is done.

use std::collections::BTreeMap;

use super::caller::Caller;
use crate::model::{Bandwidth, Rate, Time};

/// The transfers that share a bandwidth.
#[derive(Debug)]
pub struct Sharing {
    /// `None`: transfers are limited by their links only.
    bandwidth: Option<Bandwidth>,
    /// By cap, ascending; `u128::MAX`: none.
    classes: Vec<Class>,
    /// The instant that the clocks show.
    now: Time,
}

#[derive(Debug)]
struct Class {
    cap: u128,
    /// That of one connection.
    rate: u128,
    /// What one connection has carried.
    clock: u128,
    /// The transfers by what the clock shows when they are done, first come first.
    running: BTreeMap<(u128, u64), Running>,
    /// How many connections they have.
    connections: u128,
}

#[derive(Clone, Copy, Debug)]
struct Running {
    connections: u32,
    /// Whose it is.
    caller: Caller,
}

/// A transfer that begins.
#[derive(Clone, Copy, Debug)]
pub struct Begin {
    /// The grains that each of its connections has to carry.
    pub grains: u128,
    /// How many connections it has, at least 1.
    pub connections: u32,
    /// What all of them together can carry, if that is capped.
    pub link: Option<Rate>,
    /// Orders transfers that end at the same instant.
    pub number: u64,
    /// Whose it is.
    pub caller: Caller,
}

/// A transfer: its class, and its place there.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    cap: u128,
    end: u128,
    number: u64,
}

impl Sharing {
    /// `bandwidth` before any transfer.
    pub fn new(bandwidth: Option<Bandwidth>) -> Sharing {
        Sharing { bandwidth, classes: Vec::new(), now: Time::ZERO }
    }

    /// Lets the clocks run until `now`.
    pub fn advance(&mut self, now: Time) {
        let millis = u128::from(now.since(self.now).as_millis());
        for class in &mut self.classes {
            class.clock = class.clock.saturating_add(class.rate.saturating_mul(millis));
        }
        self.now = now;
    }

    /// A transfer begins now.
    pub fn begin(&mut self, transfer: Begin) -> Ticket {
        let Begin { grains, connections, link, number, caller } = transfer;
        let cap = link.map_or(u128::MAX, |link| link.grains_per_milli_each(connections));
        let class = self.classes.binary_search_by_key(&cap, |class| class.cap);
        let class = class.unwrap_or_else(|place| {
            let class = Class { cap, rate: 0, clock: 0, running: BTreeMap::new(), connections: 0 };
            self.classes.insert(place, class);
            place
        });
        let class = &mut self.classes[class];
        let end = class.clock + grains;
        class.running.insert((end, number), Running { connections, caller });
        class.connections += u128::from(connections);
        Ticket { cap, end, number }
    }

    /// Takes a transfer out; gives the grains that are left to each of its connections.
    pub fn remove(&mut self, ticket: Ticket) -> u128 {
        let Ok(class) = self.classes.binary_search_by_key(&ticket.cap, |class| class.cap) else {
            return 0;
        };
        let class = &mut self.classes[class];
        if let Some(running) = class.running.remove(&(ticket.end, ticket.number)) {
            class.connections -= u128::from(running.connections);
        }
        ticket.end.saturating_sub(class.clock)
    }

    /// The grains that are left to each connection of a transfer.
    pub fn left(&self, ticket: Ticket) -> u128 {
        let class = self.classes.binary_search_by_key(&ticket.cap, |class| class.cap);
        class.map_or(0, |class| ticket.end.saturating_sub(self.classes[class].clock))
    }

    /// A transfer is somebody else's from now on.
    pub fn hand_over(&mut self, ticket: Ticket, caller: Caller) {
        if let Ok(class) = self.classes.binary_search_by_key(&ticket.cap, |class| class.cap)
            && let Some(running) = self.classes[class].running.get_mut(&(ticket.end, ticket.number))
        {
            running.caller = caller;
        }
    }

    /// Sets the rates anew, now that a transfer began or ended and `open` connections are open.
    pub fn share_out(&mut self, open: u32) {
        // A class without transfers costs time, and no transfer needs its clock.
        self.classes.retain(|class| class.connections > 0);
        let mut takers: u128 = self.classes.iter().map(|class| class.connections).sum();
        let mut left = match &self.bandwidth {
            Some(bandwidth) => bandwidth.grains_per_milli(open),
            None => u128::MAX,
        };
        for class in &mut self.classes {
            let equal = left / takers;
            class.rate = class.cap.min(equal).max(1);
            if class.cap <= equal {
                left -= class.cap * class.connections;
                takers -= class.connections;
            }
        }
    }

    /// When the next transfer ends if none begins or ends before.
    pub fn next_end(&self) -> Option<Time> {
        let ends = self.classes.iter().filter_map(|class| {
            let (&(end, _), _) = class.running.first_key_value()?;
            let millis = end.saturating_sub(class.clock).div_ceil(class.rate);
            let millis = u64::try_from(millis).unwrap_or(u64::MAX);
            Some(Time::from_millis(self.now.as_millis().saturating_add(millis)))
        });
        ends.min()
    }

    /// Takes out a transfer whose work is done, the first that came if there are several; gives
    /// whose it is.
    pub fn take_done(&mut self) -> Option<Caller> {
        let heads = self.classes.iter_mut().filter_map(|class| {
            let (&(end, number), _) = class.running.first_key_value()?;
            (end <= class.clock).then_some((number, class))
        });
        let (_, class) = heads.min_by_key(|(number, _)| *number)?;
        let (_, Running { connections, caller }) = class.running.pop_first()?;
        class.connections -= u128::from(connections);
        Some(caller)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Size;

    fn millis(millis: u64) -> Time {
        Time::from_millis(millis)
    }

    /// 1 byte per millisecond.
    fn byte_rate(bytes_per_milli: u64) -> Rate {
        Rate::from_bits(bytes_per_milli * 8000)
    }

    /// A transfer of `bytes` bytes over one connection.
    fn transfer(bytes: u64, link: Option<Rate>, number: u64, slot: u32) -> Begin {
        let (grains, caller) = (Size::from_bytes(bytes).grains(), Caller::client(slot));
        Begin { grains, connections: 1, link, number, caller }
    }

    #[test]
    fn a_transfer_with_more_connections_has_more_of_the_bandwidth() {
        let bandwidth = Bandwidth { rate: byte_rate(10), efficiency: Vec::new() };
        let mut sharing = Sharing::new(Some(bandwidth));
        // A twelfth of ten each, but four share a link of two; the other eight have one each.
        let over = |connections, transfer| Begin { connections, ..transfer };
        let capped = sharing.begin(over(4, transfer(100, Some(byte_rate(2)), 0, 0)));
        let two = sharing.begin(over(2, transfer(100, None, 1, 1)));
        let six = sharing.begin(over(6, transfer(100, None, 2, 2)));
        sharing.share_out(12);
        sharing.advance(millis(50));
        // Each of four has had half a byte per millisecond, each of the eight others one.
        assert_eq!(sharing.remove(capped), Size::from_bytes(75).grains());
        assert_eq!(sharing.remove(two), Size::from_bytes(50).grains());
        sharing.share_out(6);
        assert_eq!(sharing.next_end(), Some(millis(80)));
        sharing.advance(millis(80));
        assert_eq!((sharing.take_done(), sharing.next_end()), (Some(Caller::client(2)), None));
        assert_eq!(sharing.remove(six), 0);
    }

    #[test]
    fn a_transfer_that_begins_slows_the_others_and_nothing_is_lost() {
        let bandwidth = Bandwidth { rate: byte_rate(1), efficiency: Vec::new() };
        let mut sharing = Sharing::new(Some(bandwidth));
        sharing.begin(transfer(100, None, 0, 7));
        sharing.share_out(1);
        assert_eq!(sharing.next_end(), Some(millis(100)));
        sharing.advance(millis(50));
        sharing.begin(transfer(10, None, 1, 8));
        sharing.share_out(2);
        // Half the rate each: the second has its 10 bytes after 20 ms, the first 10 meanwhile.
        assert_eq!(sharing.next_end(), Some(millis(70)));
        sharing.advance(millis(70));
        assert_eq!(sharing.take_done(), Some(Caller::client(8)));
        sharing.share_out(1);
        assert_eq!(sharing.next_end(), Some(millis(110)));
    }

    #[test]
    fn a_transfer_that_is_capped_leaves_its_unused_share_to_the_others() {
        let bandwidth = Bandwidth { rate: byte_rate(10), efficiency: Vec::new() };
        let mut sharing = Sharing::new(Some(bandwidth));
        let slow = sharing.begin(transfer(200, Some(byte_rate(1)), 0, 0));
        let fast = sharing.begin(transfer(450, Some(byte_rate(100)), 1, 1));
        let free = sharing.begin(transfer(450, None, 2, 2));
        sharing.share_out(3);
        // 1 for the slow one, 4.5 for each of the others.
        assert_eq!(sharing.next_end(), Some(millis(100)));
        sharing.advance(millis(50));
        assert_eq!(sharing.remove(slow), Size::from_bytes(150).grains());
        assert_eq!(sharing.remove(fast), Size::from_bytes(225).grains());
        sharing.share_out(1);
        assert_eq!(sharing.next_end(), Some(millis(73)));
        assert_eq!(sharing.remove(free), Size::from_bytes(225).grains());
        assert_eq!((sharing.next_end(), sharing.take_done()), (None, None));
    }
}
