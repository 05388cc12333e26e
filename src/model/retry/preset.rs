//! Policies by name: those of client libraries and tools, with the source of their constants.

use super::delay::{Delay, Level, Step};
use super::hint::Hints;
use super::jitter::Jitter;
use super::policy::RetryPolicy;
use crate::model::{Breaker, Budget, Restraints, Tokens};
use crate::value::{Frequency, Span};

/// A policy by name.
pub struct Preset {
    /// Its name in a scenario.
    pub name: &'static str,
    /// The software whose policy it is, or in which setting.
    pub of: &'static str,
    /// What it does, with its constants.
    pub what: &'static str,
    /// Where the constants are from.
    pub source: &'static str,
    /// What of it is not simulated, or is for the user to decide; empty if there is nothing.
    pub note: &'static str,
    make: fn() -> RetryPolicy,
    /// What the clients of a process share with it.
    restraints: fn() -> Restraints,
}

impl Preset {
    /// All of them, by name.
    pub const ALL: &'static [Preset] = ALL;

    /// The one of that name.
    pub fn named(name: &str) -> Option<&'static Preset> {
        ALL.iter().find(|preset| preset.name == name)
    }

    /// What the clients of a process share with it: its budget and its circuit breaker.
    pub fn restraints(&self) -> Restraints {
        (self.restraints)()
    }

    /// Its policy.
    pub fn policy(&self) -> RetryPolicy {
        (self.make)()
    }
}

const fn secs(secs: u64) -> Span {
    Span::from_secs(secs)
}

const fn millis(millis: u64) -> Span {
    Span::from_millis(millis)
}

/// Doubles from `base` up to `cap`.
fn doubling(base: Span, cap: Span, jitter: Jitter) -> Delay {
    Delay::Exponential { base, factor: 2.0, cap: Some(cap), jitter }
}

fn fixed(interval: Span) -> Delay {
    Delay::Fixed { interval, jitter: Jitter::None }
}

/// At most so many retries.
fn at_most(retries: u32, delay: Delay) -> RetryPolicy {
    RetryPolicy { max_retries: Some(retries), ..RetryPolicy::of(delay) }
}

/// A quota of 500 tokens as in the AWS SDKs: a success without a retry brings one back, a retry that succeeds its cost.
fn quota(cost: u64, after_timeout: u64, after_rate_limit: u64) -> Restraints {
    Restraints::of_budget(Budget::Tokens(Tokens {
        tokens: 500_000,
        cost: 1000 * cost,
        timeout_cost: 1000 * after_timeout,
        rate_limited_cost: 1000 * after_rate_limit,
        earn: 1_000,
        refund: true,
        above: None,
    }))
}

fn kubelet() -> Delay {
    doubling(secs(10), secs(300), Jitter::None)
}

const ALL: &[Preset] = &[
    Preset {
        name: "aws-standard",
        of: "AWS SDKs, retry mode standard",
        what: "3 attempts; full jitter on 1 s doubling to 20 s; a quota of 500 tokens, of which a retry costs 5, after a timeout 10",
        source: "boto/botocore, botocore/retries/standard.py, quota.py",
        note: "",
        make: || at_most(2, doubling(secs(1), secs(20), Jitter::Full)),
        restraints: || quota(5, 10, 5),
    },
    Preset {
        name: "aws-standard-2026",
        of: "AWS SDKs, retry mode standard 2.1",
        what: "3 attempts; full jitter on 50 ms (after a rate limit 1 s) doubling to 20 s; Retry-After lengthens a \
               delay by 5 s at most; a quota of 500 tokens, of which a retry costs 14, after a rate limit 5",
        source: "botocore standard.py; aws/aws-sdk-go-v2 PR #3400",
        note: "",
        make: || RetryPolicy {
            hints: Some(Hints { extends_by: Some(secs(5)), ..Hints::ANY }),
            rate_limited: Some(doubling(secs(1), secs(20), Jitter::Full)),
            ..at_most(2, doubling(millis(50), secs(20), Jitter::Full))
        },
        restraints: || quota(14, 14, 5),
    },
    Preset {
        name: "bits",
        of: "Background Intelligent Transfer Service",
        what: "every 10 min; gives up after 14 days without progress",
        source: "Microsoft, IBackgroundCopyJob::SetMinimumRetryDelay, SetNoProgressTimeout",
        note: "",
        make: || RetryPolicy {
            give_up_after: Some(Span::from_days(14)),
            ..RetryPolicy::fixed(secs(600))
        },
        restraints: Restraints::none,
    },
    Preset {
        name: "cargo",
        of: "cargo, downloads",
        what: "3 retries after 0.5 to 1.5 s, 3.5 s, 6.5 s; more of them after 9.5 s, then 10 s each; Retry-After up to 10 s",
        source: "rust-lang/cargo, util/network/retry.rs",
        note: "",
        make: || RetryPolicy {
            hints: Some(Hints { at_most: Some(secs(10)), ..Hints::ANY }),
            ..at_most(
                3,
                Delay::List {
                    delays: vec![
                        Step { least: millis(500), most: millis(1500) },
                        Step::of(millis(3500)),
                        Step::of(millis(6500)),
                        Step::of(millis(9500)),
                        Step::of(secs(10)),
                    ],
                    jitter: Jitter::None,
                },
            )
        },
        restraints: Restraints::none,
    },
    Preset {
        name: "containerd",
        of: "containerd under the kubelet, pulls answered with 429",
        what: "4 retries at once, then the wait of the kubelet, and so on",
        source: "containerd/containerd#10447, PR #11484",
        note: "at once is after 1 ms",
        make: || {
            RetryPolicy::of(Delay::Nested {
                inner: vec![Level { delay: fixed(Span::MILLISECOND), retries: 4 }],
                outer: Box::new(kubelet()),
            })
        },
        restraints: Restraints::none,
    },
    Preset {
        name: "curl",
        of: "curl --retry N",
        what: "1 s doubling to 10 min; honours Retry-After",
        source: "curl, docs/cmdline-opts/retry.md",
        note: "N is `max_retries`, which has no default here",
        make: || RetryPolicy {
            hints: Some(Hints::ANY),
            ..RetryPolicy::of(doubling(secs(1), secs(600), Jitter::None))
        },
        restraints: Restraints::none,
    },
    Preset {
        name: "delivery-optimization",
        of: "Windows Delivery Optimization",
        what: "every 10 min; gives up after 24 h without progress",
        source: "Microsoft, SetNoProgressTimeout",
        note: "with high priority it gives up after 1 h: set `give_up_after`",
        make: || RetryPolicy {
            give_up_after: Some(Span::from_days(1)),
            ..RetryPolicy::fixed(secs(600))
        },
        restraints: Restraints::none,
    },
    Preset {
        name: "docker-pull",
        of: "docker pull",
        what: "5 attempts; 5 s, 10 s, 15 s, 20 s",
        source: "moby/moby, distribution/xfer/download.go",
        note: "",
        make: || at_most(4, Delay::Linear { step: secs(5), cap: None, jitter: Jitter::None }),
        restraints: Restraints::none,
    },
    Preset {
        name: "envoy",
        of: "Envoy, retries of the router",
        what: "1 retry; full jitter on 25 ms doubling to 250 ms; a retry budget of 20% of the requests in progress, at least 3",
        source: "envoyproxy/envoy, retry_state_impl.cc, circuit_breaker.proto",
        note: "the budget has to be configured; without it at most 3 retries are in progress",
        make: || at_most(1, doubling(millis(25), millis(250), Jitter::Full)),
        restraints: || Restraints::of_budget(Budget::Concurrent { share: 0.2, at_least: 3 }),
    },
    Preset {
        name: "finagle",
        of: "Finagle, requeues",
        what: "at once, while there are at most 20% of the requests of the last 10 s, and 10 a second more",
        source: "twitter/finagle, RetryBudget.scala, ClientParams.scala",
        note: "at once is after 1 ms; the budget is that of Linkerd 1 and of the Gateway API's GEP-3388, too",
        make: || RetryPolicy::of(fixed(Span::MILLISECOND)),
        restraints: || {
            Restraints::of_budget(Budget::Share {
                share: 0.2,
                reserve: Some(Frequency::new(10, secs(1))),
                window: secs(10),
            })
        },
    },
    Preset {
        name: "grpc",
        of: "gRPC, the example of retryPolicy",
        what: "4 attempts; 0.1 s doubling to 1 s, plus or minus 20%; retryThrottling with 10 tokens and a ratio of 0.1",
        source: "grpc/proposal A6",
        note: "pushback and hedging are not simulated; the throttling is that of the example of A6",
        make: || at_most(3, doubling(millis(100), secs(1), Jitter::AroundShare(0.2))),
        restraints: || {
            Restraints::of_budget(Budget::Tokens(Tokens {
                tokens: 10_000,
                cost: 1_000,
                timeout_cost: 1_000,
                rate_limited_cost: 1_000,
                earn: 100,
                refund: false,
                above: Some(5_000),
            }))
        },
    },
    Preset {
        name: "kubelet",
        of: "kubelet, image pulls",
        what: "10 s doubling to 300 s, without jitter and without end",
        source: "kubernetes/kubernetes, pkg/kubelet/kubelet.go",
        note: "",
        make: || RetryPolicy::of(kubelet()),
        restraints: Restraints::none,
    },
    Preset {
        name: "npm",
        of: "npm, fetches",
        what: "2 retries after 10 s and 60 s",
        source: "npm configuration: fetch-retries, fetch-retry-factor 10, -mintimeout, -maxtimeout",
        note: "",
        make: || {
            let (cap, jitter) = (Some(secs(60)), Jitter::None);
            at_most(2, Delay::Exponential { base: secs(10), factor: 10.0, cap, jitter })
        },
        restraints: Restraints::none,
    },
    Preset {
        name: "pip",
        of: "pip, downloads",
        what: "5 retries: at once, then after 0.5 s, 1 s, 2 s, 4 s; more of them double on to 120 s; honours Retry-After",
        source: "pypa/pip, network/session.py; urllib3 Retry.get_backoff_time, respect_retry_after_header",
        note: "at once is after 1 ms; pip fails at once at a 429 without Retry-After, but here it retries",
        make: || {
            let delays = [1, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 120_000];
            let delays = delays.map(|time| Step::of(millis(time))).to_vec();
            RetryPolicy {
                hints: Some(Hints::ANY),
                ..at_most(5, Delay::List { delays, jitter: Jitter::None })
            }
        },
        restraints: Restraints::none,
    },
    Preset {
        name: "polly",
        of: "Polly 8",
        what: "3 retries, 2 s apart; a circuit breaker that opens for 5 s at 10% failures of at least 100 calls in 30 s",
        source: "App-vNext/Polly, RetryConstants.cs, RetryHelper.cs, CircuitBreakerConstants.cs",
        note: "with UseJitter add `jitter = \"25%\"`; `breaker = \"none\"` leaves the breaker out",
        make: || at_most(3, fixed(secs(2))),
        restraints: || Restraints {
            breaker: Some(Breaker {
                failures: 0.1,
                of: 100,
                window: Some(secs(30)),
                open: secs(5),
                probes: 1,
            }),
            ..Restraints::NONE
        },
    },
    Preset {
        name: "resilience4j",
        of: "resilience4j",
        what: "3 attempts, 500 ms apart; a circuit breaker that opens for 60 s at 50% failures of the last 100 calls",
        source: "resilience4j, RetryConfig.java, IntervalFunction.java, CircuitBreakerConfig.java",
        note: "`breaker = \"none\"` leaves the breaker out",
        make: || at_most(2, fixed(millis(500))),
        restraints: || Restraints {
            breaker: Some(Breaker {
                failures: 0.5,
                of: 100,
                window: None,
                open: secs(60),
                probes: 10,
            }),
            ..Restraints::NONE
        },
    },
];
