//! Processor sharing by virtual time: when each of many transfers ends that share one bandwidth.
//!
//! # How it works
//!
//! Transfers with the same cap (their clients' links) always have the same rate, so one *clock* a
//! class of equal caps tells how much each of them would have done since the start. A transfer that
//! begins when the clock shows v and has w to do ends when it shows v + w, whatever the rate is
//! until then. Whoever comes or goes changes only the rates: O(log n) for the transfer itself, and
//! a few divisions a class. See Parekh and Gallager 1993 for the idea of a virtual clock.
//!
//! # Rates
//!
//! Max-min fair: whoever is capped below an equal share has its cap, and the others share the rest
//! equally. With one class and no cap that is egalitarian processor sharing. Rates are whole grains
//! a millisecond, rounded down, and change at whole milliseconds only; so clocks are exact, work
//! reaches exactly zero, and nothing drifts. A transfer ends at the first whole millisecond at
//! which its work is done.

use std::collections::BTreeMap;

use crate::model::{Bandwidth, Rate, Time};

/// The transfers that share one bandwidth.
#[derive(Debug)]
pub struct Sharing {
    /// `None`: everybody has its link to itself.
    bandwidth: Option<Bandwidth>,
    /// By cap, ascending; `u128::MAX`: none.
    classes: Vec<Class>,
    /// The instant that the clocks show.
    now: Time,
}

#[derive(Debug)]
struct Class {
    cap: u128,
    rate: u128,
    clock: u128,
    /// Who is done when the clock shows what, first come first; and the slot to be woken.
    running: BTreeMap<(u128, u64), u32>,
}

/// A transfer: its class, and its place there.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    cap: u128,
    end: u128,
    number: u64,
}

impl Sharing {
    /// Nobody shares `bandwidth` yet.
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

    /// A transfer of `grains`, capped by `link`, begins now; `number` orders transfers that end at
    /// the same instant, `slot` is who waits for its end.
    pub fn begin(&mut self, grains: u128, link: Option<Rate>, number: u64, slot: u32) -> Ticket {
        let cap = link.map_or(u128::MAX, Rate::grains_per_milli);
        let class = self.classes.binary_search_by_key(&cap, |class| class.cap);
        let class = class.unwrap_or_else(|place| {
            let class = Class { cap, rate: 0, clock: 0, running: BTreeMap::new() };
            self.classes.insert(place, class);
            place
        });
        let class = &mut self.classes[class];
        let end = class.clock + grains;
        class.running.insert((end, number), slot);
        Ticket { cap, end, number }
    }

    /// Takes a transfer out; gives the grains that are left of it.
    pub fn remove(&mut self, ticket: Ticket) -> u128 {
        let Ok(class) = self.classes.binary_search_by_key(&ticket.cap, |class| class.cap) else {
            return 0;
        };
        let class = &mut self.classes[class];
        class.running.remove(&(ticket.end, ticket.number));
        ticket.end.saturating_sub(class.clock)
    }

    /// Sets the rates anew, now that somebody came or went and `open` connections are open.
    pub fn share_out(&mut self, open: u32) {
        let mut takers: u128 = self.classes.iter().map(|class| class.running.len() as u128).sum();
        let mut left = match &self.bandwidth {
            Some(bandwidth) => bandwidth.grains_per_milli(open),
            None => u128::MAX,
        };
        for class in &mut self.classes {
            let running = class.running.len() as u128;
            if running == 0 {
                continue;
            }
            let equal = left / takers;
            class.rate = class.cap.min(equal).max(1);
            if class.cap <= equal {
                left -= class.cap * running;
                takers -= running;
            }
        }
    }

    /// When the next transfer ends if nobody comes or goes.
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
    /// who waits for it.
    pub fn take_done(&mut self) -> Option<u32> {
        let heads = self.classes.iter_mut().filter_map(|class| {
            let (&(end, number), _) = class.running.first_key_value()?;
            (end <= class.clock).then_some((number, class))
        });
        let (_, class) = heads.min_by_key(|(number, _)| *number)?;
        class.running.pop_first().map(|(_, slot)| slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Size;

    fn millis(millis: u64) -> Time {
        Time::from_millis(millis)
    }

    /// 1 byte a millisecond.
    fn byte_rate(bytes_per_milli: u64) -> Rate {
        Rate::from_bits(bytes_per_milli * 8000)
    }

    #[test]
    fn whoever_comes_slows_the_others_and_nothing_is_lost() {
        let bandwidth = Bandwidth { rate: byte_rate(1), efficiency: Vec::new() };
        let mut sharing = Sharing::new(Some(bandwidth));
        sharing.begin(Size::from_bytes(100).grains(), None, 0, 7);
        sharing.share_out(1);
        assert_eq!(sharing.next_end(), Some(millis(100)));
        sharing.advance(millis(50));
        sharing.begin(Size::from_bytes(10).grains(), None, 1, 8);
        sharing.share_out(2);
        // Half the rate each: the second has its 10 bytes after 20 ms, the first 10 meanwhile.
        assert_eq!(sharing.next_end(), Some(millis(70)));
        sharing.advance(millis(70));
        assert_eq!(sharing.take_done(), Some(8));
        sharing.share_out(1);
        assert_eq!(sharing.next_end(), Some(millis(110)));
    }

    #[test]
    fn whoever_is_capped_leaves_the_rest_to_the_others() {
        let bandwidth = Bandwidth { rate: byte_rate(10), efficiency: Vec::new() };
        let mut sharing = Sharing::new(Some(bandwidth));
        let slow = sharing.begin(Size::from_bytes(200).grains(), Some(byte_rate(1)), 0, 0);
        let fast = sharing.begin(Size::from_bytes(450).grains(), Some(byte_rate(100)), 1, 1);
        let free = sharing.begin(Size::from_bytes(450).grains(), None, 2, 2);
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
