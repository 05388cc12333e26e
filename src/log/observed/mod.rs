//! What logs amount to, in constant memory.

pub mod bins;
pub mod lengths;
pub mod load;
pub mod programs;
pub mod retries;
