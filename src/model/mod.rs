//! The domain: clients, their releases, and the distribution points they contend for.
//!
//! [`run_advertisement`] is the story, [`run_full_advertisement`] the story where the world is not
//! as simple: bandwidth is shared, points fail, servers have queues. The other files hold one idea
//! each; [`Tier`], [`Upgrade`], [`Hours`] and [`Workaround`] are what only full clients have. The
//! model knows the traits [`World`] and [`FullWorld`] and nothing of the engines that
//! implement them.

mod arrival;
mod bandwidth;
mod client;
mod distribution_point;
mod event;
mod fleet;
mod full_client;
mod group;
mod hours;
mod random;
mod release;
mod replication;
mod retry;
mod retry_after;
mod route;
mod time;
mod transfer;
mod trouble;
mod workaround;
mod world;

pub use crate::value::{Rate, Size, Span};
pub use arrival::{Arrival, Trace};
pub use bandwidth::Bandwidth;
pub use client::{Client, run_advertisement};
pub use distribution_point::{Choice, DistributionPoint, PointId};
pub use event::{ClientId, Event, EventKind, GroupId, Observer, Outcome, RefusalCode};
pub use fleet::{Share, Upgrade};
pub use full_client::{FullClient, run_full_advertisement};
pub use group::{ClientGroup, Members};
pub use hours::{Hours, Online, Vanish, WEEK, Week, Zone};
pub use random::{Draw, Purpose, Streams, absorb, unit};
pub use release::{OnCut, Release};
pub use replication::{Newcomer, Replication};
pub use retry::{Delay, Jitter, RetryPolicy, Spread};
pub use retry_after::{Estimate, RetryAfter};
pub use route::Tier;
pub use time::Time;
pub use transfer::{SizeLaw, Sizes, Transfer, Work};
pub use trouble::{Failures, LimitChange, Timeline, Window};
pub use workaround::Workaround;
pub use world::{Answer, Carried, Clock, ConnectionRefused, FullWorld, Load, Order, World};
