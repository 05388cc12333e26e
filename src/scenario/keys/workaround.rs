//! The workaround: a new advertisement for those that are stranded.

use super::super::form::{Field, Models, duration, integer, keys, optional};
use crate::diagnostic::Diagnostic;
use crate::model::Workaround;
use crate::value::Span;

keys! {
    /// A new advertisement for the clients that are stranded: after a time, or when there are enough.
    WorkaroundKeys {
        /// When it comes, from the start of the simulation.
        after: Option<Span> = optional("see `when_stranded`", duration());
        /// The number of stranded clients at which it comes, instead of `after`.
        when_stranded: Option<u64> = optional("see `after`", integer(1..=u64::MAX));
    }
}

impl Models for WorkaroundKeys {
    type Model = Workaround;

    fn model(self, field: Field<'_>) -> Option<Workaround> {
        match (self.after?, self.when_stranded?) {
            (Some(after), None) => Some(Workaround::After(after)),
            (None, Some(count)) => Some(Workaround::WhenStranded(count)),
            (None, None) => {
                let error = Diagnostic::error("when does the workaround come?");
                field.reject(error.help("write `{ after = \"24h\" }` or `{ when_stranded = 100 }`"))
            }
            (Some(_), Some(_)) => {
                let error = Diagnostic::error("a workaround has either `after` or `when_stranded`");
                field.reject(error.help("leave one of them out"))
            }
        }
    }

    fn of(workaround: &Workaround) -> Self {
        let (after, count) = match *workaround {
            Workaround::After(after) => (Some(after), None),
            Workaround::WhenStranded(count) => (None, Some(count)),
        };
        WorkaroundKeys { after: Some(after), when_stranded: Some(count) }
    }
}
