//! Numbers with a unit: durations, sizes and rates.

use super::super::diagnostic::{Diagnostic, quoted};
use super::super::document::Value;
use super::super::duration::parse_duration;
use super::super::quantity::{QuantityError, parse_rate, parse_size};
use super::field::Field;
use crate::model::{Rate, Size, Span};

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
        match parse_duration(text) {
            Ok(millis) => Some(Span::from_millis(millis)),
            Err(wrong) => {
                let message = format!("{}: {}", quoted(self.key()), wrong.message);
                let mut error = Diagnostic::error(message);
                error.helps.extend(wrong.help);
                self.reject(error.at(self.inside(text, wrong.span)))
            }
        }
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
        self.quantity("a size", "\"40 MB\"", parse_size)
    }

    /// A rate of transfer, such as `"100 MB/s"`.
    pub fn rate(self) -> Option<Rate> {
        self.quantity("a rate", "\"100 MB/s\"", parse_rate)
    }

    fn quantity<T>(
        self,
        what: &str,
        example: &str,
        parse: impl FnOnce(&str) -> Result<T, QuantityError>,
    ) -> Option<T> {
        let Value::String(text) = self.value() else {
            let help = format!("write a number and a unit in quotes: `{example}`");
            return self.expected(what, Some(help));
        };
        parse(text).map_or_else(
            |wrong| {
                let message = format!("{}: {}", quoted(self.key()), wrong.message);
                let at = self.inside(text, wrong.span);
                self.reject(Diagnostic::error(message).at(at).help(wrong.help))
            },
            Some,
        )
    }
}
