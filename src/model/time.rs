//! Virtual time: whole milliseconds, as in the SMSAPM32 log.

use std::fmt;
use std::ops::Add;

use serde::{Serialize, Serializer};

/// An instant of virtual time: whole milliseconds since the start of the simulation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(u64);

/// A length of virtual time: whole milliseconds.
///
/// Scenario files write it with units (`"10m"`, `"2h 30m"`) and allow at most
/// [`Span::MAX`], so that no sum of an instant and a span can overflow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(u64);

impl Time {
    /// The start of the simulation.
    pub const ZERO: Time = Time(0);

    /// The last instant there is: never.
    pub const MAX: Time = Time(u64::MAX);

    /// The instant `millis` milliseconds after the start.
    pub const fn from_millis(millis: u64) -> Time {
        Time(millis)
    }

    /// Milliseconds since the start.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The time from `earlier` to `self`; zero if `earlier` is not earlier.
    pub const fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// The shortest span that makes the clock move: one millisecond.
    pub const MILLISECOND: Span = Span(1);
    /// The longest span a scenario may name, 100 years of 365 days. Longer random draws are cut
    /// to it.
    pub const MAX: Span = Span(100 * 365 * 24 * 60 * 60 * 1000);

    /// A span of `millis` milliseconds.
    pub const fn from_millis(millis: u64) -> Span {
        Span(millis)
    }

    /// A span of `seconds` seconds.
    pub const fn from_secs(seconds: u64) -> Span {
        Span(seconds * 1000)
    }

    /// A span of `minutes` minutes.
    pub const fn from_mins(minutes: u64) -> Span {
        Span::from_secs(minutes * 60)
    }

    /// A span of `days` days of 24 hours.
    pub const fn from_days(days: u64) -> Span {
        Span::from_mins(days * 24 * 60)
    }

    /// The span nearest to `millis` milliseconds, between zero and [`Span::MAX`]; what is not a
    /// number counts as zero.
    pub fn from_millis_f64(millis: f64) -> Span {
        // The cast saturates: negative and NaN become 0, infinity becomes u64::MAX.
        Span(libm::round(millis) as u64).min(Span::MAX)
    }

    /// Its length in milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Its length in milliseconds, as a floating-point number for statistics.
    pub const fn as_millis_f64(self) -> f64 {
        self.0 as f64
    }
}

impl Add<Span> for Time {
    type Output = Time;

    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl Add for Span {
    type Output = Span;

    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t={}ms", self.0)
    }
}

/// As scenario files write it, in the fewest units: `2h 30m`, `1s 500ms`, `0s`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 5] =
            [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")];
        if *self == Span::ZERO {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        let mut separator = "";
        for (millis, unit) in UNITS {
            if rest >= millis {
                write!(f, "{separator}{}{unit}", rest / millis)?;
                rest %= millis;
                separator = " ";
            }
        }
        Ok(())
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}ms", self.0)
    }
}
