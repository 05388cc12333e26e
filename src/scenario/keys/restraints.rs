//! The keys of what the clients of a process share: `budget`, `breaker` and `throttle`.

use serde_json::json;

use super::super::form::{
    Field, Form, Models, checked, default, frequency, integer, keys, number, optional, or_word,
    percentage, positive_duration,
};
use crate::model::{Breaker, Budget, Throttle, Tokens};
use crate::value::{Frequency, Span};

/// Such a value, or `"none"`: then a preset's does not apply either.
pub fn or_none<F: Form>(form: F) -> impl Form<Value = Option<F::Value>> {
    or_word("none", "a table", form)
}

keys! {
    /// A budget of retries: a bucket of tokens, a share of the recent requests, or a share of the attempts in progress.
    BudgetKeys {
        /// The tokens of a bucket, at most and in the beginning.
        tokens: Option<u64> = optional("see `share` and `concurrent`", tokens()).instead_of(OF_SHARE).instead_of(OF_CONCURRENT);
        /// The tokens that a retry costs; only with `tokens`.
        cost: Option<u64> = optional("1", tokens());
        /// The same after an attempt that timed out.
        timeout_cost: Option<u64> = optional("as `cost`", tokens());
        /// The same after an attempt that a rate limit refused.
        rate_limited_cost: Option<u64> = optional("as `cost`", tokens());
        /// The tokens that come back by a success without a retry; with `above`, by each success.
        earn: Option<u64> = optional("0", tokens());
        /// Whether a retry that succeeds gives its cost back.
        refund: Option<bool> = optional("false", super::super::form::boolean());
        /// Only while more tokens than this are left a retry is allowed; then each failure takes the cost, also one that is not retried, as in gRPC's retryThrottling.
        above: Option<u64> = optional("a retry is allowed if its cost is there", tokens());
        /// The share of the requests of the last `window` that may be retries, instead of `tokens`.
        share: Option<f64> = optional("see `tokens`", percentage()).instead_of(OF_TOKENS).instead_of(OF_CONCURRENT);
        /// The rate of retries that are allowed beyond that.
        reserve: Option<Frequency> = optional("none", frequency());
        /// The time over which requests and retries are counted; only with `share`.
        window: Option<Span> = optional("10s", positive_duration());
        /// The share of the attempts in progress that may be retries, instead of `tokens`. What waits to retry is not in progress.
        concurrent: Option<f64> = optional("see `tokens`", percentage()).instead_of(OF_TOKENS).instead_of(OF_SHARE);
        /// The number of retries that may be in progress in any case; only with `concurrent`.
        at_least: Option<u32> = optional("3", integer(0..=u32::MAX));
    }
}

/// The keys of each kind of budget; the first names it.
const OF_TOKENS: &[&str] =
    &["tokens", "cost", "timeout_cost", "rate_limited_cost", "earn", "refund", "above"];
const OF_SHARE: &[&str] = &["share", "reserve", "window"];
const OF_CONCURRENT: &[&str] = &["concurrent", "at_least"];

keys! {
    /// A circuit breaker.
    BreakerKeys => Breaker {
        /// The share of failures at which it opens.
        failures: f64 = default(0.5, share_above_0());
        /// The number of attempts that it looks at, the last that ended; it does not open before.
        of: u32 = default(100, integer(1..=1_000_000));
        /// Lets it look at all attempts that ended within this time, at least `of`.
        window: Option<Span> = optional("the last `of`", positive_duration());
        /// How long it stays open.
        open: Span = default(Span::from_secs(60), positive_duration());
        /// The number of attempts that it lets through after that, before it closes or opens again.
        probes: u32 = default(10, integer(1..=1_000_000));
    }
}

keys! {
    /// Adaptive throttling: an attempt is rejected with probability (requests - k x accepted) / (requests + 1).
    ThrottleKeys => Throttle {
        /// How many times as many requests as are accepted may be sent.
        k: f64 = default(2.0, factor());
        /// The time over which both are counted.
        window: Span = default(Span::from_mins(2), positive_duration());
    }
}

const EXAMPLES: &str = "write `{ tokens = 500, cost = 5 }`, `{ share = \"20%\", reserve = \"10/s\", window = \"10s\" }` \
                        or `{ concurrent = \"20%\", at_least = 3 }`";

impl Models for BudgetKeys {
    type Model = Budget;

    fn model(self, field: Field<'_>) -> Option<Budget> {
        let kinds = [
            ("tokens", self.tokens?.is_some(), OF_TOKENS),
            ("share", self.share?.is_some(), OF_SHARE),
            ("concurrent", self.concurrent?.is_some(), OF_CONCURRENT),
        ];
        let mut given = kinds.iter().filter(|(_, is_given, _)| *is_given);
        let Some((kind, ..)) = given.next() else {
            return field
                .refuse("`budget` says neither `tokens` nor `share` nor `concurrent`", EXAMPLES);
        };
        if let Some((other, ..)) = given.next() {
            let error = format!(
                "a budget has one of `tokens`, `share` and `concurrent`, but here are `{kind}` and `{other}`"
            );
            return field.get(other)?.refuse(error, EXAMPLES);
        }
        for (of, _, keys) in kinds.iter().filter(|(other, ..)| other != kind) {
            if let Some(wrong) = keys.iter().find_map(|key| field.get(key)) {
                let error =
                    format!("`{}` belongs to `{of}`, but this budget has `{kind}`", wrong.key());
                return wrong.refuse(error, EXAMPLES);
            }
        }
        let cost = self.cost?.unwrap_or(THOUSANDTHS);
        let budget = match (self.tokens?, self.share?, self.concurrent?) {
            (Some(tokens), ..) => {
                if let Some(above) = self.above?.filter(|above| *above >= tokens) {
                    let error = format!(
                        "a retry is allowed above {} tokens, but there are at most {}",
                        shown(above),
                        shown(tokens)
                    );
                    return field.get("above")?.refuse(error, "write less than `tokens`");
                }
                Budget::Tokens(Tokens {
                    tokens,
                    cost,
                    timeout_cost: self.timeout_cost?.unwrap_or(cost),
                    rate_limited_cost: self.rate_limited_cost?.unwrap_or(cost),
                    earn: self.earn?.unwrap_or(0),
                    refund: self.refund?.unwrap_or(false),
                    above: self.above?,
                })
            }
            (_, Some(share), _) => Budget::Share {
                share,
                reserve: self.reserve?,
                window: self.window?.unwrap_or(Span::from_secs(10)),
            },
            (.., share) => {
                Budget::Concurrent { share: share?, at_least: self.at_least?.unwrap_or(3) }
            }
        };
        Some(budget)
    }

    fn of(budget: &Budget) -> Self {
        let mut keys = BudgetKeys {
            tokens: Some(None),
            cost: Some(None),
            timeout_cost: Some(None),
            rate_limited_cost: Some(None),
            earn: Some(None),
            refund: Some(None),
            above: Some(None),
            share: Some(None),
            reserve: Some(None),
            window: Some(None),
            concurrent: Some(None),
            at_least: Some(None),
        };
        match budget.clone() {
            Budget::Tokens(tokens) => {
                keys.tokens = Some(Some(tokens.tokens));
                keys.cost = Some(Some(tokens.cost));
                keys.timeout_cost = Some(Some(tokens.timeout_cost));
                keys.rate_limited_cost = Some(Some(tokens.rate_limited_cost));
                keys.earn = Some(Some(tokens.earn));
                keys.refund = Some(Some(tokens.refund));
                keys.above = Some(tokens.above);
            }
            Budget::Share { share, reserve, window } => {
                (keys.share, keys.reserve) = (Some(Some(share)), Some(reserve));
                keys.window = Some(Some(window));
            }
            Budget::Concurrent { share, at_least } => {
                (keys.concurrent, keys.at_least) = (Some(Some(share)), Some(Some(at_least)));
            }
        }
        keys
    }
}

/// Tokens are counted in thousandths.
const THOUSANDTHS: u64 = 1000;

/// The most tokens.
const MOST_TOKENS: f64 = 1e9;

/// A number of tokens, in thousandths.
fn tokens() -> impl Form<Value = u64> {
    let limits = || json!({ "minimum": 0, "maximum": MOST_TOKENS });
    let help = Some("write a number of tokens, such as 5 or 0.1");
    let is_number = |tokens: f64| (0.0..=MOST_TOKENS).contains(&tokens);
    checked(
        number("number from 0 to 1000000000", is_number, limits, help),
        |tokens, field| {
            let thousandths = tokens * THOUSANDTHS as f64;
            if (thousandths - thousandths.round()).abs() > 1e-6 * thousandths.max(1.0) {
                return field.refuse("tokens have at most three decimals", "write for example 0.1");
            }
            Some(thousandths.round() as u64)
        },
        |tokens| *tokens as f64 / THOUSANDTHS as f64,
    )
}

fn shown(tokens: u64) -> f64 {
    tokens as f64 / THOUSANDTHS as f64
}

fn share_above_0() -> impl Form<Value = f64> {
    checked(
        percentage(),
        |share, field| match share > 0.0 {
            true => Some(share),
            false => field.refuse(
                "a breaker at 0% of failures is always open",
                "write for example `\"50%\"`",
            ),
        },
        |share| *share,
    )
}

fn factor() -> impl Form<Value = f64> {
    let limits = || json!({ "minimum": 1, "maximum": 1000 });
    let help = Some("with `k = 2` up to twice as many requests are sent as are accepted");
    number("number from 1 to 1000", |k| (1.0..=1000.0).contains(&k), limits, help)
}
