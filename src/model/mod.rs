//! The domain: clients, their releases, and the distribution points they contend for.
//!
//! [`run_advertisement`] is the story, [`run_full_advertisement`] the story where the world is not
//! as simple: bandwidth is shared, points fail, servers have queues. The other files hold one idea
//! each. The model knows the traits [`World`] and [`FullWorld`] and nothing of the engines that
//! implement them.

mod arrival;
mod bandwidth;
mod client;
mod distribution_point;
mod event;
mod full_client;
mod group;
mod random;
mod release;
mod replication;
mod retry;
mod time;
mod transfer;
mod trouble;
mod world;

pub use arrival::{Arrival, Trace};
pub use bandwidth::{Bandwidth, Rate, Size};
pub use client::{Client, run_advertisement};
pub use distribution_point::{Choice, DistributionPoint, PointId};
pub use event::{ClientId, Event, EventKind, GroupId, Observer, Outcome, RefusalCode};
pub use full_client::{FullClient, run_full_advertisement};
pub use group::{ClientGroup, Members};
pub use random::{Draw, Purpose, Streams, absorb, unit};
pub use release::{OnCut, Release};
pub use replication::{Newcomer, Replication};
pub use retry::{Delay, Jitter, RetryPolicy, Spread};
pub use time::{Span, Time};
pub use transfer::{SizeLaw, Sizes, Transfer, Work};
pub use trouble::{Estimate, Failures, LimitChange, RetryAfter, Timeline, Window};
pub use world::{Answer, Clock, ConnectionRefused, FullWorld, Order, World};
