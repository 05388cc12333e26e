//! What reports show, before any markup: sentences, and tables of cells.

pub mod answer;
pub mod clock;
pub mod compared;
pub mod copies;
pub mod differences;
pub mod figures;
pub mod headings;
pub mod left_out;
pub mod logs;
pub mod metrics;
pub mod origin;
pub mod phases;
pub mod ranked;
pub mod recovered;
pub mod reproduce;
pub mod search;
pub mod table;
pub mod terms;
pub mod thresholds;
