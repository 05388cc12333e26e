//! The keys of `repeat`: how clients come again after their programs ran.

use super::super::form::{boolean, default, keys, required};
use super::time_distribution::time_or_distribution;
use crate::model::{Repeat, TimeDistribution};

keys! {
    /// How clients come again: they think for a while after a program ran, and then run the next.
    RepeatKeys => Repeat {
        /// How long a client thinks before it comes again: a time, or a distribution of times.
        think: TimeDistribution = required("\"30s\"", time_or_distribution("`think`"));
        /// Whether a client also comes again after it gave up.
        after_giving_up: bool = default(false, boolean()).unwritten();
    }
}
