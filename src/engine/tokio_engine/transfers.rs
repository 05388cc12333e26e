//! Transfers as tokio simulates them: each time that one begins or ends, all rates are worked out anew.

use crate::model::{Bandwidth, Span, Time, Work};

/// The transfers at a distribution point, in the order in which they began.
pub(super) struct Transfers {
    bandwidth: Option<Bandwidth>,
    active: Vec<ActiveTransfer>,
    /// The instant up to which their work is done.
    settled: Time,
}

struct ActiveTransfer {
    number: u64,
    connections: u32,
    /// The work that is left to each connection, and the rate that each cannot exceed.
    left: Work,
    cap: u128,
    cut: bool,
}

impl Transfers {
    /// None, at a point with that bandwidth.
    pub fn new(bandwidth: Option<Bandwidth>) -> Transfers {
        Transfers { bandwidth, active: Vec::new(), settled: Time::ZERO }
    }

    /// One begins, none of whose connections can exceed the rate `cap`.
    pub fn begin(&mut self, number: u64, connections: u32, left: Work, cap: u128) {
        self.active.push(ActiveTransfer { number, connections, left, cap, cut: false });
    }

    /// All are cut.
    pub fn cut_all(&mut self) {
        self.active.iter_mut().for_each(|transfer| transfer.cut = true);
    }

    /// Takes one out; whether it was done.
    pub fn take(&mut self, number: u64) -> bool {
        let Some(place) = self.place_of(number) else { return false };
        let ActiveTransfer { left, cut, .. } = self.active.remove(place);
        !cut && matches!(left, Work::Carry(0) | Work::Hold(Span::ZERO))
    }

    /// Does the work until `now` while so many connections were `open`.
    pub fn settle(&mut self, now: Time, open: u32) {
        let millis = now.since(std::mem::replace(&mut self.settled, now)).as_millis();
        let rates = self.rates(open);
        for (transfer, rate) in self.active.iter_mut().zip(rates).filter(|(it, _)| !it.cut) {
            transfer.left = match transfer.left {
                Work::Hold(left) => {
                    Work::Hold(Span::from_millis(left.as_millis().saturating_sub(millis)))
                }
                Work::Carry(grains) => {
                    Work::Carry(grains.saturating_sub(rate * u128::from(millis)))
                }
            };
        }
    }

    /// What is left of a transfer that is settled `now`, when it ends if so many connections stay `open`, and
    /// whether it was cut.
    pub fn look(&self, number: u64, now: Time, open: u32) -> (Work, Time, bool) {
        let Some(place) = self.place_of(number) else { return (Work::Carry(0), now, false) };
        let transfer = &self.active[place];
        let millis = match transfer.left {
            Work::Hold(span) => span.as_millis(),
            Work::Carry(0) => 0,
            Work::Carry(grains) => {
                let millis = grains.div_ceil(self.rates(open)[place].max(1));
                u64::try_from(millis).unwrap_or(u64::MAX)
            }
        };
        let end = Time::from_millis(now.as_millis().saturating_add(millis));
        (transfer.left, end, transfer.cut)
    }

    fn place_of(&self, number: u64) -> Option<usize> {
        self.active.iter().position(|transfer| transfer.number == number)
    }

    /// The rate of each connection of each transfer: the slowest take first, at most an equal share.
    fn rates(&self, open: u32) -> Vec<u128> {
        let takers = self.active.iter().enumerate();
        let takers = takers.filter(|(_, it)| !it.cut && matches!(it.left, Work::Carry(_)));
        let mut takers: Vec<(u128, usize)> = takers
            .flat_map(|(place, it)| std::iter::repeat_n((it.cap, place), it.connections as usize))
            .collect();
        takers.sort_unstable();
        let mut left = match &self.bandwidth {
            Some(bandwidth) => bandwidth.grains_per_milli(open),
            None => u128::MAX,
        };
        let mut rates = vec![0; self.active.len()];
        let count = takers.len();
        for (taken, (cap, place)) in takers.into_iter().enumerate() {
            let equal = left / (count - taken) as u128;
            if cap <= equal {
                left -= cap;
                rates[place] = cap;
            } else {
                // All that come after are faster yet: they get the same, rounded down.
                rates[place] = equal.max(1);
                left = equal * (count - taken - 1) as u128;
            }
        }
        rates
    }
}
