//! Scenarios that were edited after they were read.

use super::points::{check_rate, too_small};
use super::{Scenario, counters};
use crate::model::Transfer;

impl Scenario {
    /// Whether an edited scenario still is one that could have been read: what the reader checks across
    /// its keys. Each single value has to be in the range of its key already.
    pub fn can_be_simulated(&self) -> bool {
        let points = &self.distribution_points;
        let groups_are_served = self.clients.iter().all(|group| {
            let chosen = || group.all_points().map(|point| point.index());
            too_small(points, chosen(), group.connections).is_none()
                && (!matches!(group.transfer, Transfer::Size { .. })
                    || check_rate(points, chosen(), group.link).is_none())
        });
        self.warmup < self.horizon && groups_are_served && counters::is_countable(self)
    }
}
