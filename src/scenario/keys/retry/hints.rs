//! The keys of `retry_after` in a policy: how it honours servers that ask clients to come back after a time.

use super::super::super::form::{
    Field, Form, Models, boolean, default, keys, optional, positive_duration, table, words,
};
use crate::model::{Beyond, Hints};
use crate::value::Span;

keys! {
    /// How a policy honours the time that a server asks clients to wait (its `retry_after`).
    HintKeys {
        /// Whether it honours it at all.
        honour: bool = default(true, boolean());
        /// The longest time that it honours.
        at_most: Option<Span> = optional("any", positive_duration());
        /// What a client does that is asked to wait longer: it gives up, waits for `at_most`, or for its own delay.
        beyond: Option<Beyond> = optional("at-most", beyond());
        /// The server only lengthens the own delay, and by no more than this; otherwise what it asks for replaces the own delay.
        extends_by: Option<Span> = optional("none", positive_duration());
    }
}

/// How a policy honours servers; `None`: not at all.
pub fn hints() -> impl Form<Value = Option<Hints>> {
    table::<HintKeys>("`retry_after`")
}

fn beyond() -> impl Form<Value = Beyond> {
    words(vec![
        ("give-up", Beyond::GiveUp),
        ("at-most", Beyond::AtMost),
        ("own-delay", Beyond::OwnDelay),
    ])
}

impl Models for HintKeys {
    type Model = Option<Hints>;

    fn model(self, field: Field<'_>) -> Option<Option<Hints>> {
        let (honour, at_most, beyond) = (self.honour?, self.at_most?, self.beyond?);
        let others = [
            ("at_most", at_most.is_some()),
            ("beyond", beyond.is_some()),
            ("extends_by", self.extends_by?.is_some()),
        ];
        if let Some((key, _)) = others.iter().find(|(_, is_set)| *is_set && !honour) {
            let error = format!(
                "`{key}` says how a client honours the time that a server asks for, but `honour` is false"
            );
            return field.get(key)?.refuse(error, format!("leave `{key}` or `honour` out"));
        }
        if beyond.is_some() && at_most.is_none() {
            let error = "`beyond` is about times longer than `at_most`, which is missing";
            return field.get("beyond")?.refuse(error, "add for example `at_most = \"10s\"`");
        }
        let beyond = beyond.unwrap_or(Beyond::AtMost);
        Some(honour.then_some(Hints { at_most, beyond, extends_by: self.extends_by? }))
    }

    fn of(hints: &Option<Hints>) -> Self {
        HintKeys {
            honour: Some(hints.is_some()),
            at_most: Some(hints.and_then(|hints| hints.at_most)),
            beyond: Some(hints.and_then(|hints| hints.at_most.map(|_| hints.beyond))),
            extends_by: Some(hints.and_then(|hints| hints.extends_by)),
        }
    }
}
