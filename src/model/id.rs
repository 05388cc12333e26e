//! Which distribution point, which group, which client, which site.

/// Which distribution point: its place in [`Scenario::distribution_points`].
///
/// [`Scenario::distribution_points`]: crate::scenario::Scenario::distribution_points
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PointId(pub u16);

impl PointId {
    /// Its place in the scenario's list.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which group of clients: its place in [`Scenario::clients`](crate::scenario::Scenario::clients).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId(pub u16);

impl GroupId {
    /// Its place in the scenario's list.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which client: its group and its number in it, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId {
    /// Its group.
    pub group: GroupId,
    /// Its number within the group.
    pub index: u32,
}

/// Which site: its place in [`Scenario::sites`](crate::scenario::Scenario::sites).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteId(pub u16);

impl SiteId {
    /// Its place in the scenario's list.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
