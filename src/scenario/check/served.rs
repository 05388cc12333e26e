//! Whether the points to which clients go can serve them at all: when a scenario is read, and after
//! it was edited.

use super::super::definition::Scenario;
use super::counters;
use crate::model::{ClientGroup, DistributionPoint};

/// The first point of `group` that never accepts the number of connections its clients need.
pub fn too_small_a_point<'p>(
    points: &'p [DistributionPoint],
    group: &ClientGroup,
) -> Option<&'p DistributionPoint> {
    points_of(points, group).find(|point| point.highest_limit() < group.connections)
}

/// The first point of `group` where neither the point nor the link limits the rate of its transfers of
/// a size.
pub fn point_without_rate<'p>(
    points: &'p [DistributionPoint],
    group: &ClientGroup,
) -> Option<&'p DistributionPoint> {
    let needs_rate = group.transfer.is_of_size() && group.link.is_none();
    points_of(points, group).find(|point| needs_rate && point.bandwidth.is_none())
}

fn points_of<'p>(
    points: &'p [DistributionPoint],
    group: &ClientGroup,
) -> impl Iterator<Item = &'p DistributionPoint> {
    group.all_points().filter_map(|id| points.get(id.index()))
}

impl Scenario {
    /// Whether an edited scenario would still be accepted by the reader's checks across keys. Each
    /// single value must already be in the range of its key.
    pub fn can_be_simulated(&self) -> bool {
        let points = &self.distribution_points;
        let groups_are_served = self.clients.iter().all(|group| {
            too_small_a_point(points, group).is_none()
                && point_without_rate(points, group).is_none()
        });
        self.warmup < self.horizon && groups_are_served && counters::is_countable(self)
    }
}
