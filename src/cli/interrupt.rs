//! Ctrl-C: the study ends at its next window of events, some microseconds later.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Failure;

/// A flag that becomes true when the user presses Ctrl-C or the system asks the program to end.
pub fn flag() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::Io(format!("cannot watch for Ctrl-C: {error}")))?;
    Ok(stop)
}
