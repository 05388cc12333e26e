//! What a client can do beyond asking for a connection and trying again, chosen by type.
//!
//! Most scenarios are plain, and most of the time goes into their refused attempts. A [`Plain`]
//! client has no hours, no tiers, no mix of releases; what it does not have takes no memory, and the
//! code for it is compiled away. A [`Full`] client has everything.

use super::fleet::Releases;
use super::route::Tiers;
use super::{Members, Online, Pass, Streams, Time, Work};

/// How much detail a simulation has: [`Plain`] or [`Full`].
pub trait Detail {
    /// Whether clients have a [`FullState`].
    const FULL: bool;

    /// What a client remembers beyond its attempts.
    type State<'w>: State<'w>;

    /// The state of client `index` of a group, which arrives at `arrival`.
    fn state<'w>(members: &'w Members<'w>, index: u32, arrival: Time) -> Self::State<'w>;
}

/// A [`FullState`] or nothing.
pub trait State<'w> {
    /// The full state, if there is one.
    fn full(&self) -> Option<&FullState<'w>>;

    /// The full state, to be changed, if there is one.
    fn full_mut(&mut self) -> Option<&mut FullState<'w>>;
}

/// Clients as in Q268500, and points that have a connection limit and nothing else.
#[derive(Debug)]
pub struct Plain;

/// Clients with hours, tiers, upgrades and workarounds, and points that share bandwidth, fail, and
/// have queues. Where nothing of this is used, the results are those of [`Plain`].
#[derive(Debug)]
pub struct Full;

/// What a [`Full`] client remembers.
#[derive(Debug)]
pub struct FullState<'w> {
    pub(super) releases: Releases<'w>,
    pub(super) tiers: Tiers,
    pub(super) online: Online<'w>,
    /// How often it came before.
    pub(super) round: u32,
    /// Its random numbers, this time.
    pub(super) streams: Streams,
    /// When the present advertisement began, or made progress last.
    pub(super) since: Time,
    /// When the present advertisement expires.
    pub(super) expires: Option<Time>,
    /// The work that is left to each of its connections after a cut, if it resumes.
    pub(super) remaining: Option<Work>,
    /// How often it was connected.
    pub(super) admissions: u32,
    /// How many retries it had made when it was connected last, or began: the policy begins anew.
    pub(super) retries_before: u32,
    /// When its present attempt times out.
    pub(super) times_out: Time,
    /// Whether that comes before it leaves its connection for another reason.
    pub(super) gives_up: bool,
    /// What its process let its present attempt, or its next one, through with.
    pub(super) pass: Pass,
    /// How often its process was asked to let an attempt through.
    pub(super) asked: u32,
    /// When it comes back or tries again, if it goes away or offline now.
    pub(super) back: Time,
    /// When its first advertisement was unscheduled, if it was.
    pub(super) stranded_at: Option<Time>,
}

impl Detail for Plain {
    const FULL: bool = false;
    type State<'w> = ();

    #[inline]
    fn state<'w>(_: &'w Members<'w>, _: u32, _: Time) {}
}

impl<'w> State<'w> for () {
    #[inline]
    fn full(&self) -> Option<&FullState<'w>> {
        None
    }

    #[inline]
    fn full_mut(&mut self) -> Option<&mut FullState<'w>> {
        None
    }
}

impl Detail for Full {
    const FULL: bool = true;
    type State<'w> = FullState<'w>;

    fn state<'w>(members: &'w Members<'w>, index: u32, arrival: Time) -> FullState<'w> {
        let group = members.group;
        let (release, upgrade) = (&group.release, group.upgrade.as_ref());
        FullState {
            releases: Releases::of(release, &group.release_mix, upgrade, index, &members.streams),
            tiers: Tiers::default(),
            online: members.online(index),
            round: 0,
            streams: members.streams,
            since: arrival,
            expires: members.expires,
            remaining: None,
            admissions: 0,
            retries_before: 0,
            times_out: Time::MAX,
            gives_up: false,
            pass: Pass::default(),
            asked: 0,
            back: arrival,
            stranded_at: None,
        }
    }
}

impl<'w> State<'w> for FullState<'w> {
    fn full(&self) -> Option<&FullState<'w>> {
        Some(self)
    }

    fn full_mut(&mut self) -> Option<&mut FullState<'w>> {
        Some(self)
    }
}
