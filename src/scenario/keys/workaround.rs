//! The keys of `workaround`: a new advertisement for the stranded clients.

use super::super::form::{Field, Models, duration, integer, keys, optional};
use crate::model::Workaround;
use crate::value::Span;

keys! {
    /// A new advertisement for the stranded clients: after a time, or when enough clients are stranded.
    WorkaroundKeys {
        /// When the new advertisement comes, from the start of the simulation.
        after: Option<Span> = optional("see `when_stranded`", duration()).instead_of(&["when_stranded"]);
        /// The number of stranded clients at which the new advertisement comes, instead of `after`.
        when_stranded: Option<u64> = optional("see `after`", integer(1..=u64::MAX)).instead_of(&["after"]);
    }
}

impl Models for WorkaroundKeys {
    type Model = Workaround;

    fn model(self, field: Field<'_>) -> Option<Workaround> {
        match (self.after?, self.when_stranded?) {
            (Some(after), None) => Some(Workaround::After(after)),
            (None, Some(count)) => Some(Workaround::WhenStranded(count)),
            (None, None) => field.refuse(
                "a workaround needs a time or a number of stranded clients",
                "write `{ after = \"24h\" }` or `{ when_stranded = 100 }`",
            ),
            (Some(_), Some(_)) => field.refuse(
                "a workaround has either `after` or `when_stranded`, not both",
                "leave one of them out",
            ),
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
