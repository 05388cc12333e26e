//! The machinery of the tables of keys in [`keys`](super::keys).
//!
//! A key is written once, as an entry of a [`keys!`] or [`kinds!`] table: its name, its meaning
//! (the doc comment), whether it is required or what applies without it, and the [`Form`] of its
//! value. A form knows how a value is read with all its errors, how it is written, and how it is
//! described. Everything else follows: the JSON Schema, the reference, the lists of valid keys and
//! words in messages, the scenario in results.

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

pub use entry::{KeyEntry, default, derived, optional, part, required};
pub use field::Field;
pub use fields::Fields;
pub(super) use macros::{keys, kinds};
pub use macros::{kind, meaning, one_of};
pub use shape::{Choices, Key, Presence, Shape, TableShape};
pub use table::{Keys, Kinds, Models, choice, keys_of, names, read_all, table};
pub use values::{
    Either, Form, attempted, boolean, checked, described, duration, form, integer, list,
    non_negative, or_table, or_word, positive_duration, probability, quantity_shape, rate, size,
    text, text_or_empty, words,
};
