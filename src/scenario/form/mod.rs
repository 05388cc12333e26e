//! The machinery of the tables of keys in [`keys`](super::keys).
//!
//! A key is written once, as an entry of a [`keys!`] or [`kinds!`] table: its name, its meaning
//! (the doc comment), whether it is required or what applies without it, and the [`Form`] of its
//! value. A form knows how a value is read with all its errors, how it is written, and how it is
//! described. Everything else follows: the JSON Schema, the reference, the lists of valid keys and
//! words in messages, the scenario in results.

mod combine;
mod entry;
mod field;
mod fields;
mod macros;
mod numbers;
mod quantities;
mod shape;
mod table;
#[cfg(test)]
mod tests;
mod values;

pub use combine::{
    Either, attempted, checked, described, list, names, or_table, or_word, some_names,
};
pub use entry::{KeyEntry, default, derived, implied, optional, required, required_unless};
pub use field::Field;
pub use fields::Fields;
pub(super) use macros::{keys, kinds};
pub use macros::{kind, meaning, one_of};
pub use numbers::{integer, number, probability};
pub use quantities::{
    duration, frequency, percentage, positive_duration, quantity_shape, rate, size,
};
pub use shape::{Choices, Key, LaidOver, Presence, Shape, TableShape};
pub use table::{Keys, Kinds, Models, choice, keys_of, part, read_all, table, tag};
pub use values::{Form, boolean, form, form_over, text, text_or_empty, words};
