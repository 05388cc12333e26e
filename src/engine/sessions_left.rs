//! Idle sessions that outlast the last client of a simulation.
//!
//! Other components may still have clients then, and averages end with the last completion of all.

use crate::model::{Observer, PointId, Replication, Time};

/// Tells the `observer` when the idle sessions end that `point` has at `now`, after the last client. Of each, when
/// it would end, and how many connections it has.
pub fn tell(
    observer: &mut impl Observer,
    replication: &Replication<'_>,
    point: PointId,
    now: Time,
    sessions: impl IntoIterator<Item = (Time, u32)>,
) {
    let mut ends: Vec<(Time, u32)> = sessions.into_iter().collect();
    if ends.is_empty() {
        return;
    }
    let mut timeline = replication.timeline(point);
    let down = std::iter::from_fn(|| {
        timeline.advance(replication.horizon).map(|at| (at, timeline.state()))
    });
    let down = down.filter(|&(at, limit)| at > now && limit == 0).map(|(at, _)| at).next();
    ends.iter_mut().for_each(|(at, _)| *at = (*at).min(down.unwrap_or(*at)));
    ends.sort_unstable();
    for (at, connections) in ends.into_iter().filter(|(at, _)| *at <= replication.horizon) {
        observer.lingering_changed(at, point, -i64::from(connections));
    }
}
