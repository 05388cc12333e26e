//! Values with a unit, read and written exactly: durations, sizes, rates, frequencies and percentages.
//!
//! Only this module knows how such a value is written as text. Each kind is a type that
//! implements [`Quantity`]: it is read with [`str::parse`], written with [`Display`](std::fmt::Display), and gives the
//! pattern that the JSON Schema needs, all derived from one table of units per kind. Reading computes
//! with integers: a text is either an exact value or an error, a [`ValueError`] that points into the text.
//! A written value is read back as the same value.

mod amount;
mod decimal;
mod duration;
mod error;
mod frequency;
mod percent;
mod quantity;
mod text;
mod unit;

pub use amount::{Amount, AmountKind, BitsPerSecond, Bytes, Rate, Size};
pub use decimal::{Inexact, Number, write_decimal};
pub use duration::Span;
pub use error::ValueError;
pub use frequency::Frequency;
pub(crate) use frequency::greatest_common_divisor;
pub use percent::Percent;
pub use quantity::Quantity;
pub use unit::Unit;
