//! Numbers with a unit: durations, sizes and rates.

use super::super::document::Value;
use super::Field;
use crate::diagnostic::{Diagnostic, quoted};
use crate::value::{Quantity, Rate, Size, Span, ValueError};

impl Field<'_> {
    /// A duration; zero is valid.
    pub fn duration(self) -> Option<Span> {
        let help = "write a number and a unit in quotes: `\"250ms\"`, `\"10s\"`, `\"2h 30m\"`";
        let text = match self.value() {
            Value::String(text) => text,
            Value::Integer(number @ 1..) => {
                let help = format!(
                    "write the unit, in quotes: `\"{number}s\"` is in seconds, `\"{number}m\"` in \
                     minutes"
                );
                return self.expected("a duration", Some(help));
            }
            _ => return self.expected("a duration", Some(help.to_owned())),
        };
        self.quantity_in(text)
    }

    /// A duration that is not zero.
    pub fn positive_duration(self) -> Option<Span> {
        match self.duration()? {
            Span::ZERO => {
                let message = format!("{} must be longer than zero", quoted(self.key()));
                self.reject(Diagnostic::error(message).label("must be longer than zero"))
            }
            span => Some(span),
        }
    }

    /// A size, such as `"40 MB"`.
    pub fn size(self) -> Option<Size> {
        self.quantity()
    }

    /// A rate of transfer, such as `"100 MB/s"`.
    pub fn rate(self) -> Option<Rate> {
        self.quantity()
    }

    fn quantity<Q: Quantity>(self) -> Option<Q> {
        let Value::String(text) = self.value() else {
            let help = format!("write a number and a unit in quotes: `\"{}\"`", Q::EXAMPLES[0]);
            return self.expected(Q::WHAT, Some(help));
        };
        self.quantity_in(text)
    }

    /// The quantity that is written in `text`, the string of this field.
    fn quantity_in<Q: Quantity>(self, text: &str) -> Option<Q> {
        text.parse().map_or_else(
            |ValueError { message, span, help }| {
                let error = Diagnostic::error(format!("{}: {message}", quoted(self.key())));
                self.reject(error.at(self.inside(text, span)).help(help))
            },
            Some,
        )
    }
}
