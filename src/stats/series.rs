//! Time series of a run whose length nobody knows in advance.
//!
//! A series starts with narrow buckets. When it would need more than [`MAX_BUCKETS`], neighbours
//! are joined to the next wider bucket, so a run of minutes and a run of months both end with a
//! few hundred. Widths are round for a reader (a second, ten minutes, an hour), and each divides
//! the next, so joining loses nothing.

use crate::model::{Span, Time};

/// The most buckets a series has.
pub const MAX_BUCKETS: usize = 400;

/// The widths of buckets, in seconds. After the last they double.
const WIDTHS: [u64; 12] = [1, 2, 10, 30, 60, 120, 600, 1800, 3600, 7200, 21_600, 86_400];

/// What happened in each bucket of time, from the start of the simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    width: Span,
    buckets: Vec<Bucket>,
    /// The newest bucket is from here ...
    newest_start: Time,
    /// ... to before here. Kept beside the buckets, as every refusal asks for it.
    newest_end: Time,
    /// Refusals in the newest bucket that its count does not include yet: most events only add to
    /// this number.
    newest_refused: u64,
    last: Time,
    open: u64,
    waiting: u64,
    /// Of series that were [joined](Series::join): until when they go and what they are from then on.
    ends: Vec<(Time, [u64; 2])>,
}

/// One bucket of a [`Series`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Open connections times time, in ms.
    pub open_area: u128,
    /// Clients in Retry mode times time, in ms.
    pub waiting_area: u128,
    /// Refused attempts.
    pub refused: u64,
    /// Completions.
    pub completed: u64,
}

impl Default for Series {
    fn default() -> Series {
        Series {
            width: Span::from_secs(WIDTHS[0]),
            buckets: Vec::with_capacity(MAX_BUCKETS),
            newest_start: Time::ZERO,
            newest_end: Time::ZERO,
            newest_refused: 0,
            last: Time::ZERO,
            open: 0,
            waiting: 0,
            ends: Vec::new(),
        }
    }
}

impl Series {
    /// The open connections changed to `open` at `now`.
    #[inline]
    pub fn set_open(&mut self, now: Time, open: u64) {
        self.advance(now);
        self.open = open;
    }

    /// The clients in Retry mode changed to `waiting` at `now`.
    #[inline]
    pub fn set_waiting(&mut self, now: Time, waiting: u64) {
        self.advance(now);
        self.waiting = waiting;
    }

    /// An attempt was refused at `now`.
    #[inline]
    pub fn refused(&mut self, now: Time) {
        if now >= self.newest_end {
            self.append_buckets(now);
        }
        self.newest_refused += 1;
    }

    /// That many attempts were refused in the bucket of `at`, which is not before the newest.
    pub fn refused_together(&mut self, at: Time, refusals: u64) {
        if at >= self.newest_end {
            self.append_buckets(at);
        }
        self.newest_refused += refusals;
    }

    /// Where the newest bucket ends.
    pub fn newest_end(&self) -> Time {
        self.newest_end
    }

    /// A client completed at `now`.
    #[inline]
    pub fn completed(&mut self, now: Time) {
        self.bucket(now).completed += 1;
    }

    /// Adds the series of another part of the same system. Neither is finished yet.
    pub fn join(&mut self, mut other: Series) {
        other.settle_refused();
        self.ends.append(&mut other.ends);
        if other.open > 0 || other.waiting > 0 {
            self.ends.push((other.last, [other.open, other.waiting]));
        }
        self.last = self.last.max(other.last);
        self.add(other);
    }

    /// Sums the areas up to `end` and cuts off the buckets after it.
    pub fn finish(&mut self, end: Time) {
        let own = (self.last, self.open, self.waiting);
        for (from, [open, waiting]) in std::mem::take(&mut self.ends) {
            (self.last, self.open, self.waiting) = (from, open, waiting);
            self.advance(end.max(own.0));
        }
        (self.last, self.open, self.waiting) = own;
        if end > self.last {
            self.advance(end);
        }
        self.settle_refused();
        let needed = end.as_millis().div_ceil(self.width.as_millis()) as usize;
        // What happened at the very end lies on the edge of the bucket after the last.
        if let Some(edge) = self.buckets.get(needed).copied()
            && let Some(last) = needed.checked_sub(1).and_then(|last| self.buckets.get_mut(last))
        {
            last.add(&edge);
        }
        self.buckets.truncate(needed.max(1));
    }

    /// A finished series of these buckets, none of a run in which nothing happened; `None` if no series has
    /// such buckets, or as many.
    pub fn of(width: Span, buckets: Vec<Bucket>) -> Option<Series> {
        let wide = width.as_millis();
        let mut known = Span::from_secs(WIDTHS[0]).as_millis();
        while known < wide {
            known = next_width(known)?;
        }
        let fits = known == wide && buckets.len() <= MAX_BUCKETS;
        fits.then(|| Series { width, buckets, ..Series::default() })
    }

    /// The width of a bucket.
    pub fn width(&self) -> Span {
        self.width
    }

    /// The buckets from the start on.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// Adds another finished series, bucket by bucket. The wider buckets win.
    pub fn add(&mut self, mut other: Series) {
        while self.width < other.width {
            self.widen();
        }
        while other.width < self.width {
            other.widen();
        }
        // What was the newest bucket may be part of a wider one.
        (self.newest_start, self.newest_end) = (Time::ZERO, Time::ZERO);
        let len = self.buckets.len().max(other.buckets.len());
        self.buckets.resize(len, Bucket::default());
        for (bucket, other) in self.buckets.iter_mut().zip(&other.buckets) {
            bucket.add(other);
        }
    }

    #[inline]
    fn advance(&mut self, now: Time) {
        if now == self.last {
            return;
        }
        // Usually both instants lie in the newest bucket.
        if now < self.newest_end && self.last >= self.newest_start {
            self.add_area(self.buckets.len() - 1, now.since(self.last));
        } else {
            self.advance_across(now);
        }
        self.last = now;
    }

    #[inline(never)]
    fn advance_across(&mut self, now: Time) {
        self.bucket(now);
        let width = self.width.as_millis();
        let mut from = self.last;
        while from < now {
            let index = from.as_millis() / width;
            let until = now.min(Time::from_millis((index + 1) * width));
            self.add_area(index as usize, until.since(from));
            from = until;
        }
    }

    #[inline]
    fn add_area(&mut self, index: usize, span: Span) {
        let span = u128::from(span.as_millis());
        let bucket = &mut self.buckets[index];
        bucket.open_area += span * u128::from(self.open);
        bucket.waiting_area += span * u128::from(self.waiting);
    }

    /// The bucket that holds `now`, which is not before the newest.
    #[inline]
    fn bucket(&mut self, now: Time) -> &mut Bucket {
        if now >= self.newest_end {
            self.append_buckets(now);
        }
        let newest = self.buckets.len() - 1;
        &mut self.buckets[newest]
    }

    #[inline(never)]
    fn append_buckets(&mut self, now: Time) {
        self.settle_refused();
        let index = loop {
            let index = now.as_millis() / self.width.as_millis();
            if index < MAX_BUCKETS as u64 {
                break index;
            }
            self.widen();
        };
        if index as usize >= self.buckets.len() {
            self.buckets.resize(index as usize + 1, Bucket::default());
        }
        self.newest_start = Time::from_millis(index * self.width.as_millis());
        self.newest_end = self.newest_start + self.width;
    }

    fn settle_refused(&mut self) {
        if let Some(newest) = self.buckets.last_mut() {
            newest.refused += std::mem::take(&mut self.newest_refused);
        }
    }

    fn widen(&mut self) {
        let width = self.width.as_millis();
        let next = next_width(width).unwrap_or(u64::MAX);
        let joined = self.buckets.chunks((next / width) as usize).map(|chunk| {
            let mut sum = Bucket::default();
            chunk.iter().for_each(|bucket| sum.add(bucket));
            sum
        });
        self.buckets = joined.collect();
        self.width = Span::from_millis(next);
    }
}

/// The width after `width`, in ms; `None` where there is no such time.
fn next_width(width: u64) -> Option<u64> {
    let wider = WIDTHS.into_iter().map(|seconds| seconds * 1000).find(|&wider| wider > width);
    wider.or_else(|| width.checked_mul(2))
}

impl Bucket {
    /// Adds what happened in `other`. No real sum saturates; one read from a damaged file may.
    pub fn add(&mut self, other: &Bucket) {
        self.open_area = self.open_area.saturating_add(other.open_area);
        self.waiting_area = self.waiting_area.saturating_add(other.waiting_area);
        self.refused = self.refused.saturating_add(other.refused);
        self.completed = self.completed.saturating_add(other.completed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn secs(seconds: u64) -> Time {
        Time::from_millis(seconds * 1000)
    }

    #[test]
    fn a_change_counts_from_its_instant_on() {
        let mut series = Series::default();
        series.set_open(Time::from_millis(500), 2);
        series.set_open(Time::from_millis(2500), 0);
        series.completed(Time::from_millis(2500));
        series.finish(secs(4));
        let areas: Vec<_> = series.buckets().iter().map(|bucket| bucket.open_area).collect();
        assert_eq!(areas, [1000, 2000, 1000, 0]);
        assert_eq!(series.buckets()[2].completed, 1);
    }

    #[test]
    fn a_long_run_has_a_few_hundred_wide_buckets_and_loses_nothing() {
        let mut series = Series::default();
        let days = 10;
        for minute in 0..days * 24 * 60 {
            series.set_waiting(secs(minute * 60), minute % 3);
            series.refused(secs(minute * 60));
        }
        series.finish(secs(days * 86_400));
        assert_eq!(series.width(), Span::from_mins(60));
        assert_eq!(series.buckets().len(), 240);
        let area: u128 = series.buckets().iter().map(|bucket| bucket.waiting_area).sum();
        assert_eq!(area, u128::from(days * 86_400_000));
        assert_eq!(series.buckets().iter().map(|bucket| bucket.refused).sum::<u64>(), 14_400);
    }

    #[test]
    fn an_event_at_the_very_end_belongs_to_the_last_bucket() {
        let mut series = Series::default();
        series.set_open(secs(0), 1);
        series.completed(secs(3));
        series.finish(secs(3));
        assert_eq!(series.buckets().len(), 3);
        assert_eq!(series.buckets()[2].completed, 1);
    }

    #[test]
    fn each_width_divides_the_next() {
        assert!(WIDTHS.windows(2).all(|pair| pair[1] % pair[0] == 0));
    }
}
