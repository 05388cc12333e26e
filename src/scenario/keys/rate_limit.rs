//! The keys of `rate_limit`: how many requests a point accepts per time.

use super::super::form::{
    Field, Form, Models, default, frequency, integer, keys, optional, positive_duration, table,
    words,
};
use crate::model::{Allowance, Excess, Per, RateLimit};
use crate::value::{Frequency, Span};

keys! {
    /// A rate limit: a leaky bucket (`rate`), or a number of requests in each window of time (`most`).
    RateLimitKeys {
        /// The rate at which requests are accepted, counted by a leaky bucket as nginx's `limit_req` does.
        rate: Option<Frequency> = optional("see `most`", frequency()).instead_of(OF_WINDOWS);
        /// The number of requests that are accepted at once beyond the first; only with `rate`.
        burst: Option<u32> = optional("0", integer(0..=u32::MAX));
        /// What becomes of requests within the burst: `refuse` accepts them at once and refuses only those beyond it, `delay` lets them wait until the rate allows it. Only with `rate`.
        excess: Option<Excess> = optional("refuse", excesses());
        /// The number of requests that are accepted in each `window`, instead of `rate`.
        most: Option<u32> = optional("see `rate`", integer(1..=u32::MAX)).instead_of(OF_BUCKETS);
        /// The length of a window, which begins with the first request that is accepted after the window before; only with `most`.
        window: Option<Span> = optional("see `rate`", positive_duration());
        /// Which requests are counted together: all at the point, or those of each address. See `addresses` of a client group.
        per: Per = default(Per::Point, pers());
    }
}

const OF_BUCKETS: &[&str] = &["rate", "burst", "excess"];
const OF_WINDOWS: &[&str] = &["most", "window"];

/// A rate limit.
pub fn rate_limit() -> impl Form<Value = RateLimit> {
    table::<RateLimitKeys>("`rate_limit`")
}

fn excesses() -> impl Form<Value = Excess> {
    words(vec![("refuse", Excess::Refuse), ("delay", Excess::Delay)])
}

fn pers() -> impl Form<Value = Per> {
    words(vec![("point", Per::Point), ("address", Per::Address)])
}

const EXAMPLES: &str =
    "write `{ rate = \"10/s\", burst = 20 }` or `{ most = 100, window = \"6h\" }`";

impl Models for RateLimitKeys {
    type Model = RateLimit;

    fn model(self, field: Field<'_>) -> Option<RateLimit> {
        let (burst, excess) = (self.burst?, self.excess?);
        let allowance = match (self.rate?, self.most?, self.window?) {
            (Some(rate), None, None) => {
                let (burst, excess) = (burst.unwrap_or(0), excess.unwrap_or(Excess::Refuse));
                Allowance::Bucket { rate, burst, excess }
            }
            (None, Some(most), Some(window)) => {
                for (key, is_set) in [("burst", burst.is_some()), ("excess", excess.is_some())] {
                    if is_set {
                        let error = format!("`{key}` belongs to `rate`; windows have none");
                        return field.get(key)?.refuse(error, format!("leave `{key}` out"));
                    }
                }
                Allowance::Window { most, window }
            }
            (Some(_), most, _) => {
                let key = if most.is_some() { "most" } else { "window" };
                let error = format!(
                    "a rate limit has either `rate` or `most` and `window`, but here are `rate` and `{key}`"
                );
                return field.get(key)?.refuse(error, EXAMPLES);
            }
            (None, Some(_), None) => {
                return field.refuse("`window` is missing beside `most`", "add `window = \"6h\"`");
            }
            (None, None, Some(_)) => {
                return field.refuse("`most` is missing beside `window`", "add `most = 100`");
            }
            (None, None, None) => {
                return field.refuse("`rate_limit` says neither `rate` nor `most`", EXAMPLES);
            }
        };
        Some(RateLimit { allowance, per: self.per? })
    }

    fn of(limit: &RateLimit) -> Self {
        let mut keys = RateLimitKeys {
            rate: Some(None),
            burst: Some(None),
            excess: Some(None),
            most: Some(None),
            window: Some(None),
            per: Some(limit.per),
        };
        match limit.allowance {
            Allowance::Bucket { rate, burst, excess } => {
                (keys.rate, keys.burst) = (Some(Some(rate)), Some(Some(burst)));
                keys.excess = Some(Some(excess));
            }
            Allowance::Window { most, window } => {
                (keys.most, keys.window) = (Some(Some(most)), Some(Some(window)));
            }
        }
        keys
    }
}
