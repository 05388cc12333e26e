//! How a policy honours servers that ask clients to come back after a time (`Retry-After`).

use super::jitter::Jitter;
use crate::model::Draw;
use crate::value::Span;

/// How a policy honours what servers ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hints {
    /// The longest time that is honoured; `None`: any.
    pub at_most: Option<Span>,
    /// What becomes of longer ones.
    pub beyond: Beyond,
    /// The server can only lengthen the own delay, and by no more than this: the delay is what it asks for, but
    /// not shorter than the own delay and not longer than that and this. `None`: what it asks for replaces the
    /// own delay.
    pub extends_by: Option<Span>,
}

/// What a client does that is asked to wait longer than it honours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// It gives up.
    GiveUp,
    /// It waits as long as it honours at most.
    AtMost,
    /// It waits for its own delay.
    OwnDelay,
}

/// What a policy says after a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The client waits that long.
    For(Span),
    /// The server asks it to wait longer than it would: it gives up.
    GiveUp,
}

impl Hints {
    /// Any time is honoured.
    pub const ANY: Hints = Hints { at_most: None, beyond: Beyond::AtMost, extends_by: None };

    /// The wait of a client that is asked to come back after `hint`. `own` is its own delay, with its jitter, and
    /// `draw` makes its random numbers: of a jitter that only adds the server's time has some, too.
    pub(super) fn wait<F: FnOnce() -> Draw>(
        &self,
        hint: Span,
        jitter: Jitter,
        draw: F,
        own: impl FnOnce(F) -> Span,
    ) -> Wait {
        let hint = match self.at_most.filter(|most| hint > *most) {
            None => hint,
            Some(most) => match self.beyond {
                Beyond::GiveUp => return Wait::GiveUp,
                Beyond::AtMost => most,
                Beyond::OwnDelay => return Wait::For(own(draw)),
            },
        };
        Wait::For(match self.extends_by {
            Some(longer) => {
                let own = own(draw);
                hint.clamp(own, own + longer)
            }
            None if jitter.only_adds() => {
                Span::from_millis_f64(jitter.spread(hint.as_millis_f64(), draw))
            }
            None => hint.max(Span::MILLISECOND),
        })
    }

    /// About the shortest delay of a client whose own delay is `own`, and which is asked to come back after `hint`.
    pub(super) fn shortest(&self, hint: Span, own: Span) -> Span {
        let hint = hint.min(self.at_most.unwrap_or(hint));
        if self.extends_by.is_some() { hint.max(own) } else { hint }
    }
}
