//! Scenarios: reading and checking what a user writes.
//!
//! A scenario file is TOML. It becomes a tree whose every value knows where it was written
//! (`document`); overlays from each variant and from `--set` are merged into it; then
//! `keys` turns each tree into a [`Scenario`], whose values are the model's own types. An error
//! does not stop the reading: [`load()`] reports all errors at once, each with its place
//! ([`crate::diagnostic`]).

mod builtin;
mod check;
mod definition;
mod document;
mod foreign;
mod form;
mod keys;
mod load;
mod name;
mod parts;
mod problems;
mod reference;
mod schema;
mod threshold;
mod toml_text;
mod trace;
mod vary;

pub use builtin::{BUILTIN, Builtin, DEFAULT_BUILTIN};
pub use check::available::{available_bytes, most_of_a_file};
pub use check::memory::{gibibytes, runs_that_fit, too_much_memory, variant_bytes};
pub use definition::{Loaded, Scenario, Variant};
pub use keys::{
    DEFAULT_POLL_INTERVAL, MAX_SEED, day_and_time_text, named_tables, read_day_and_time,
    release_parts,
};
pub use load::{MOST_BYTES, Origin, load, load_grid, load_resolved};
pub use name::{last_part, split_assignment};
pub(crate) use parts::name_in_site;
pub(crate) use problems::plain;
pub use problems::{LoadError, Warnings};
pub use reference::{key_paths, reference};
pub use schema::schema;
pub use threshold::{During, MetricPath, Operator, Scope, Target, Threshold};
pub use toml_text::{to_inline_toml, to_toml, to_toml_key};
pub(crate) use trace::CellTimes;
pub use vary::{Axis, GridPoint, RangeUnit, ValueRange, grid, grid_size, read_amount};
