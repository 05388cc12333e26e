//! From logs to a scenario that can be simulated: what is known with its interval, and what is not as comments.

mod estimate;
mod text;

pub use estimate::{Calibration, Estimate, Holding, Lognormal, Retry};
pub use text::ScenarioFiles;
