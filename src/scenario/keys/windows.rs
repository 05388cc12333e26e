//! Windows of time at a distribution point: outages and limit changes.

use super::super::form::{
    Field, Form, Models, checked, duration, integer, keys, list, optional, part, positive_duration,
    required, table,
};
use crate::diagnostic::Diagnostic;
use crate::model::{LimitChange, Window, first_overlap};
use crate::value::Span;

keys! {
    /// A different limit for some time.
    LimitChangeKeys {
        window: WindowKeys = part();
        /// The limit during that time.
        connection_limit: u32 = required("20", integer(1..=u32::MAX));
    }
}

keys! {
    /// A window of time that occurs once or repeatedly.
    WindowKeys {
        /// When it begins, from the start of the simulation.
        from: Span = required("\"22h\"", duration());
        /// How long it lasts.
        length ("for"): Option<Span> = optional("see `until`", positive_duration());
        /// When it ends, instead of `for`.
        until: Option<Span> = optional("see `for`", duration());
        /// The period with which it repeats, from one beginning to the next.
        every: Option<Span> = optional("never", positive_duration());
    }
}

/// The windows in which a point cannot be reached.
pub fn outages() -> impl Form<Value = Vec<Window>> {
    checked(
        list(table::<WindowKeys>("an outage")),
        |outages, field| without_overlap(outages, field, |outage| outage),
        Clone::clone,
    )
}

/// The windows in which a point has another limit.
pub fn limit_changes() -> impl Form<Value = Vec<LimitChange>> {
    checked(
        list(table::<LimitChangeKeys>("a limit change")),
        |changes, field| without_overlap(changes, field, |change| &change.window),
        Clone::clone,
    )
}

/// The keys of an outage.
impl Models for WindowKeys {
    type Model = Window;

    fn model(self, field: Field<'_>) -> Option<Window> {
        self.window(field, "an outage", true)
    }

    fn of(window: &Window) -> Self {
        let Window { from, length, every } = *window;
        WindowKeys { from: Some(from), length: Some(length), until: Some(None), every: Some(every) }
    }
}

impl Models for LimitChangeKeys {
    type Model = LimitChange;

    fn model(self, field: Field<'_>) -> Option<LimitChange> {
        let window = self.window?.window(field, "a limit change", false);
        Some(LimitChange { window: window?, connection_limit: self.connection_limit? })
    }

    fn of(change: &LimitChange) -> Self {
        LimitChangeKeys {
            window: Some(WindowKeys::of(&change.window)),
            connection_limit: Some(change.connection_limit),
        }
    }
}

impl WindowKeys {
    fn window(self, field: Field<'_>, what: &str, needs_end: bool) -> Option<Window> {
        let (from, length, until, every) = (self.from?, self.length?, self.until?, self.every?);
        // A key is only looked up if it was read.
        let reject = |key: &str, error: Diagnostic| field.get(key).unwrap_or(field).reject(error);
        let length = match (length, until) {
            (Some(_), Some(_)) => {
                let error =
                    Diagnostic::error(format!("{what} has either `for` or `until`, not both"));
                return reject("until", error.help("leave one of them out"));
            }
            (Some(length), None) => Some(length),
            (None, Some(until)) if until <= from => {
                let error = format!("`until` is {until}, not after `from`, {from}");
                let help = "times count from the start of the simulation";
                return reject("until", Diagnostic::error(error).help(help));
            }
            (None, Some(until)) => Some(Span::from_millis(until.as_millis() - from.as_millis())),
            (None, None) if needs_end || every.is_some() => {
                let error = format!("{what} needs an end");
                return field.refuse(error, "add `for = \"1h\"`, or `until` and a time");
            }
            (None, None) => None,
        };
        if let (Some(every), Some(length)) = (every, length)
            && every <= length
        {
            let error = format!("{what} that lasts {length} cannot repeat every {every}");
            let help = "make `every` longer, such as `\"1d\"`";
            return reject("every", Diagnostic::error(error).help(help));
        }
        Some(Window { from, length, every })
    }
}

/// The windows of the array `field`, after a check that no two of them overlap.
fn without_overlap<T>(
    all: Vec<T>,
    field: Field<'_>,
    window: impl Fn(&T) -> &Window,
) -> Option<Vec<T>> {
    let windows: Vec<Window> = all.iter().map(|one| *window(one)).collect();
    if let Some((place, other)) = first_overlap(&windows)
        && let Some(item) = field.items().nth(place)
    {
        let help =
            "join them, or let one end before the other begins; with `every` they repeat forever";
        let error =
            format!("number {} of `{}` overlaps number {}", place + 1, field.key(), other + 1);
        return item.refuse(error, help);
    }
    Some(all)
}
