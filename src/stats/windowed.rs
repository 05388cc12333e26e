//! Observers of windows of time, and what they add up to.

use super::{Finished, MeasuredTime, Part, RunStatistics, Whole};
use crate::model::{AbandonedWork, Component, Event, Observer, PointId, Replication, Time};

/// Observers of a component, each of a window of time.
#[derive(Clone, Debug)]
pub struct WindowedParts(Vec<Part>);

/// The statistics of windows of time over several components together.
#[derive(Clone, Debug)]
pub struct WindowedWholes(Vec<Whole>);

impl WindowedParts {
    /// Observers of `windows` in a replication, which must be the one that is simulated.
    pub fn new(replication: &Replication<'_>, windows: &[MeasuredTime]) -> WindowedParts {
        let part = |window: &MeasuredTime| Part::within(replication, window.clone());
        WindowedParts(windows.iter().map(part).collect())
    }

    /// What became of `component` in each window, as by [`Part::finish`].
    pub fn finish(self, component: &Component, replication: &Replication<'_>) -> Vec<Finished> {
        self.0.into_iter().map(|part| part.finish(component, replication)).collect()
    }
}

impl Observer for WindowedParts {
    const EVERY_ATTEMPT: bool = false;

    fn observe(&mut self, event: &Event) {
        self.0.iter_mut().for_each(|part| part.observe(event));
    }

    // There are no curves over time of a window, so when skipped attempts were refused does not matter.
    fn period_end(&self) -> Time {
        Time::MAX
    }

    fn limit_changed(&mut self, at: Time, point: PointId, limit: u32) {
        self.0.iter_mut().for_each(|part| part.limit_changed(at, point, limit));
    }

    fn abandoned_work(&mut self, at: Time, point: PointId, work: AbandonedWork) {
        self.0.iter_mut().for_each(|part| part.abandoned_work(at, point, work));
    }

    fn lingering_changed(&mut self, at: Time, point: PointId, connections: i64) {
        self.0.iter_mut().for_each(|part| part.lingering_changed(at, point, connections));
    }
}

impl WindowedWholes {
    /// Windows of a system without components yet, which `empty` is.
    pub fn new(empty: &Whole, windows: &[MeasuredTime]) -> WindowedWholes {
        let whole = |window: &MeasuredTime| empty.clone().within(window.clone());
        WindowedWholes(windows.iter().map(whole).collect())
    }

    /// Adds what became of `component` in each window.
    pub fn add(&mut self, finished: Vec<Finished>, component: &Component) {
        for (whole, part) in self.0.iter_mut().zip(finished) {
            whole.add(part, component);
        }
    }

    /// What became of the run in each window.
    pub fn finish(self) -> Vec<RunStatistics> {
        self.0.into_iter().map(Whole::finish).collect()
    }
}
