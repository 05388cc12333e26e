//! Logs of SMS and Configuration Manager, such as `SMSAPM32.log`: records, and the stories that they tell.

mod episode;
mod plots;
pub mod reader;
pub mod record;
pub mod signature;
mod stamp;
pub mod story;
mod verdict;
