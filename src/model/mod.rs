//! The domain: clients, their releases, and the distribution points they contend for.
//!
//! [`run_advertisement`] is the story of one client; the other files hold one idea each. How much of
//! the model a scenario uses is a type, [`Plain`] or [`Full`], and what it does not use costs
//! nothing. The model knows the trait [`World`] and nothing of the engines that implement it.

mod abandoned;
mod arrival;
mod bandwidth;
mod choice;
mod client;
mod component;
mod detail;
mod distribution_point;
mod event;
mod fleet;
mod group;
mod hours;
mod id;
mod newcomer;
mod outages;
mod process;
mod queue;
mod random;
mod rate_limit;
mod rate_profile;
mod recovery;
mod release;
mod repeat;
mod replication;
mod retry;
mod retry_after;
mod route;
mod schedule;
mod site;
mod time;
mod time_distribution;
mod transfer;
mod window;
mod workaround;
mod world;

pub use crate::value::{Frequency, Rate, Size, Span};
pub use abandoned::{Abandoned, AbandonedWork};
pub use arrival::{Arrival, ClientRows, Trace};
pub use bandwidth::Bandwidth;
pub use choice::{Choice, Tier};
pub use client::{Client, run_advertisement};
pub use component::{Component, Components, CopyOf, MOST_PARTS};
pub use detail::{Detail, Full, FullState, Plain, State};
pub use distribution_point::{DistributionPoint, Load};
pub use event::{Event, EventKind, Observer, Outcome, RefusalCode};
pub use fleet::{Share, Upgrade};
use group::Misreports;
pub use group::{ClientGroup, Members};
pub use hours::{Hours, Online, Vanish, WEEK, Week, Zone};
pub use id::{ClientId, GroupId, PointId, SiteId};
pub use newcomer::Newcomer;
pub use outages::{Failures, LimitChange, Timeline};
pub use process::{
    Breaker, Budget, Ending, Pass, Process, Processes, Restraints, Throttle, Tokens,
};
pub use queue::{Place, Queue, QueueOrder};
pub use random::{Draw, Purpose, Streams, absorb, unit};
pub use rate_limit::{Address, Allowance, Excess, Limiter, Per, RateLimit, Ruling};
pub use rate_profile::{RateProfile, RateStep, Rates};
pub use recovery::{Aftermath, Recovery, Trigger};
pub use release::{OnCut, Release};
pub use repeat::Repeat;
pub use replication::Replication;
pub use retry::{Beyond, Delay, Hints, Jitter, Level, Preset, RetryPolicy, Step, Wait};
pub use retry_after::{Estimate, RetryAfter};
use schedule::Schedule;
pub use site::Site;
pub use time::Time;
pub use time_distribution::TimeDistribution;
pub use transfer::{SizeDistribution, Sizes, Transfer, Work};
pub use window::{Window, first_overlap};
pub use workaround::Workaround;
pub use world::{Answer, KeptTrying, Now, Order, Refusals, Request, TransferEnd, World};
