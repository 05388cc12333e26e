//! Rate limits: how many requests a server accepts per time, whether it has connections free or not.

use std::collections::BTreeMap;

use super::{GroupId, Time};
use crate::value::{Frequency, Span};

/// A rate limit, as the scenario describes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// How many requests it lets pass.
    pub allowance: Allowance,
    /// Which requests it counts together.
    pub per: Per,
}

/// How many requests a rate limit lets pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Allowance {
    /// A leaky bucket, as nginx's `limit_req` counts: each request adds one to it, it leaks at `rate`, and a
    /// request that would bring it above `burst` is refused.
    Bucket {
        /// How fast it leaks.
        rate: Frequency,
        /// How many requests may pass at once beyond the first.
        burst: u32,
        /// What becomes of requests within the burst.
        excess: Excess,
    },
    /// At most so many in each window of time, as Docker Hub counts pulls. A window begins with the first
    /// request that is let pass after the window before.
    Window {
        /// How many.
        most: u32,
        /// How long a window is.
        window: Span,
    },
}

/// What becomes of a request that comes faster than the rate, but within the burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// It passes at once (nginx's `nodelay`); what exceeds the burst is refused.
    Refuse,
    /// It waits until the rate allows it; what exceeds the burst is refused.
    Delay,
}

/// Which requests a rate limit counts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// All requests at the point.
    Point,
    /// Those that come from the same address.
    Address,
}

/// The address that a client comes from: several clients of a group may share one, behind a NAT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The group.
    pub group: GroupId,
    /// Its number within the group.
    pub number: u32,
}

/// What a rate limit makes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// It passes.
    Pass,
    /// It passes after this time.
    Delay(Span),
    /// It is refused; one would pass after this time.
    Refuse(Span),
}

/// A rate limit at work.
#[derive(Clone, Debug)]
pub struct Limiter {
    limit: RateLimit,
    /// By address; one for all without.
    counts: BTreeMap<Option<Address>, Count>,
}

/// The requests that were let pass.
#[derive(Clone, Copy, Debug)]
enum Count {
    /// The content of a bucket at an instant, in parts of a request: as many parts as the rate has
    /// milliseconds, so that it leaks a whole number of them per millisecond.
    Bucket { content: u128, at: Time },
    /// How many passed in the window that began at an instant.
    Window { passed: u32, since: Time },
}

impl Limiter {
    /// `limit` before any request.
    pub fn new(limit: RateLimit) -> Limiter {
        Limiter { limit, counts: BTreeMap::new() }
    }

    /// A request comes from `address` at `now`. What is refused is not counted.
    pub fn request(&mut self, address: Address, now: Time) -> Ruling {
        let address = match self.limit.per {
            Per::Point => None,
            Per::Address => Some(address),
        };
        match self.limit.allowance {
            Allowance::Bucket { rate, burst, excess } => {
                let (request, leak) =
                    (u128::from(rate.per().as_millis()), u128::from(rate.number()));
                // A bucket that has not been used is as one that leaked all but one request ago.
                let content = match self.counts.get(&address) {
                    Some(Count::Bucket { content, at }) => {
                        let leaked = leak * u128::from(now.since(*at).as_millis());
                        (content + request).saturating_sub(leaked)
                    }
                    _ => 0,
                };
                let most = request * u128::from(burst);
                if content > most {
                    return Ruling::Refuse(millis((content - most).div_ceil(leak)));
                }
                self.counts.insert(address, Count::Bucket { content, at: now });
                match excess {
                    Excess::Delay if content > 0 => Ruling::Delay(millis(content.div_ceil(leak))),
                    Excess::Delay | Excess::Refuse => Ruling::Pass,
                }
            }
            Allowance::Window { most, window } => {
                let (passed, since) = match self.counts.get(&address) {
                    Some(&Count::Window { passed, since }) if now < since + window => {
                        (passed, since)
                    }
                    _ => (0, now),
                };
                if passed >= most {
                    return Ruling::Refuse((since + window).since(now));
                }
                self.counts.insert(address, Count::Window { passed: passed + 1, since });
                Ruling::Pass
            }
        }
    }
}

fn millis(millis: u128) -> Span {
    u64::try_from(millis).map_or(Span::MAX, Span::from_millis).min(Span::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Address = Address { group: GroupId(0), number: 0 };
    const OTHER: Address = Address { group: GroupId(0), number: 1 };

    fn bucket(excess: Excess) -> Limiter {
        let rate = Frequency::new(10, Span::from_secs(1));
        let allowance = Allowance::Bucket { rate, burst: 20, excess };
        Limiter::new(RateLimit { allowance, per: Per::Point })
    }

    /// How many of `requests` at `millis` are not refused.
    fn passed(limiter: &mut Limiter, millis: u64, requests: usize) -> usize {
        let now = Time::from_millis(millis);
        let rulings = (0..requests).map(|_| limiter.request(ONE, now));
        rulings.filter(|ruling| !matches!(ruling, Ruling::Refuse(_))).count()
    }

    #[test]
    fn a_burst_passes_at_once_and_then_one_per_interval() {
        // The documentation of nginx's limit_req: a burst of 20 and the first pass.
        let mut limiter = bucket(Excess::Refuse);
        assert_eq!(passed(&mut limiter, 0, 30), 21);
        assert_eq!(passed(&mut limiter, 101, 20), 1);
        assert_eq!(passed(&mut limiter, 602, 20), 5);
    }

    #[test]
    fn requests_within_the_burst_are_delayed_to_the_rate() {
        let mut limiter = bucket(Excess::Delay);
        let rulings: Vec<Ruling> = (0..30).map(|_| limiter.request(ONE, Time::ZERO)).collect();
        assert_eq!(rulings[0], Ruling::Pass);
        for (n, ruling) in rulings.iter().enumerate().take(21).skip(1) {
            assert_eq!(*ruling, Ruling::Delay(Span::from_millis(100 * n as u64)));
        }
        assert_eq!(rulings[21..], [Ruling::Refuse(Span::from_millis(100)); 9]);
    }

    #[test]
    fn a_refused_request_would_pass_when_it_is_told_to() {
        let rate = Frequency::new(7, Span::from_millis(1000));
        let allowance = Allowance::Bucket { rate, burst: 0, excess: Excess::Refuse };
        let limit = RateLimit { allowance, per: Per::Point };
        let mut limiter = Limiter::new(limit);
        assert_eq!(limiter.request(ONE, Time::ZERO), Ruling::Pass);
        let Ruling::Refuse(wait) = limiter.request(ONE, Time::from_millis(20)) else {
            panic!("143 ms after a request the next one passes")
        };
        assert_eq!(wait, Span::from_millis(123));
        let early = Time::from_millis(142);
        assert_eq!(limiter.request(ONE, early), Ruling::Refuse(Span::MILLISECOND));
        assert_eq!(limiter.request(ONE, Time::from_millis(143)), Ruling::Pass);
    }

    #[test]
    fn a_window_begins_with_the_first_request_that_passes() {
        let hours = |hours: u64| Time::ZERO + Span::from_mins(60 * hours);
        let window = Span::from_mins(360);
        let allowance = Allowance::Window { most: 2, window };
        let mut limiter = Limiter::new(RateLimit { allowance, per: Per::Address });
        assert_eq!(limiter.request(ONE, hours(1)), Ruling::Pass);
        assert_eq!(limiter.request(ONE, hours(6)), Ruling::Pass);
        assert_eq!(limiter.request(ONE, hours(6)), Ruling::Refuse(Span::from_mins(60)));
        assert_eq!(limiter.request(OTHER, hours(6)), Ruling::Pass);
        assert_eq!(limiter.request(ONE, hours(7)), Ruling::Pass);
        assert_eq!(limiter.request(ONE, hours(12)), Ruling::Pass);
        assert_eq!(limiter.request(ONE, hours(12)), Ruling::Refuse(Span::from_mins(60)));
    }
}
