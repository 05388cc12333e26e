//! Clients that come again.

use super::{Draw, TimeDistribution};
use crate::value::Span;

/// How clients come again after their program ran: a closed population, as of users who work with a server all day.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    /// How long a client thinks before it comes again.
    pub think: TimeDistribution,
    /// Whether it also comes again after it gave up.
    pub after_giving_up: bool,
}

impl Repeat {
    /// How long a client thinks: at least a millisecond, or a simulation would not get anywhere.
    pub(super) fn think(&self, draw: impl FnOnce() -> Draw) -> Span {
        self.think.draw(draw).max(Span::MILLISECOND)
    }
}
