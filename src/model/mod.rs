//! The domain: clients, their releases, and the distribution points they contend for.
//!
//! [`run_advertisement`] is the story; the other files hold one idea each. The model knows the
//! [`World`] trait and nothing of the engines that implement it.

mod arrival;
mod client;
mod distribution_point;
mod event;
mod group;
mod random;
mod release;
mod replication;
mod retry;
mod time;
mod transfer;
mod world;

pub use arrival::{Arrival, Trace};
pub use client::{Client, run_advertisement};
pub use distribution_point::{Choice, DistributionPoint, PointId};
pub use event::{ClientId, Event, EventKind, GroupId, Observer, Outcome, RefusalCode};
pub use group::{ClientGroup, Members};
pub use random::{Draw, Purpose, Streams, absorb, unit};
pub use release::Release;
pub use replication::{Newcomer, Replication};
pub use retry::{Delay, Jitter, RetryPolicy, Spread};
pub use time::{Span, Time};
pub use transfer::Transfer;
pub use world::{ConnectionRefused, Order, World};
