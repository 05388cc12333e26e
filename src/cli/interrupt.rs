//! Ctrl-C: the study ends at its next window of events, some microseconds later. If it does not,
//! because it sets up or takes down millions of clients, the program ends without it.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::{Exit, Failure};
use crate::study::StudyError;

/// How long the study has to end by itself; the user waits for a second at most.
const PATIENCE: Duration = Duration::from_millis(400);

/// Held while a file is written: ending then would leave a temporary one behind.
static WRITING: Mutex<()> = Mutex::new(());

/// Whether results are being summed up that must be kept, however long that takes.
static KEEPING: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C does not end the program, which is about to end with results.
pub fn keep() {
    KEEPING.store(true, Ordering::Relaxed);
}

/// A flag that becomes true when the user presses Ctrl-C or the system asks the program to end.
/// The program then ends soon, even if nothing reads the flag.
#[expect(clippy::exit, reason = "the study may be busy for longer than the user waits")]
pub fn flag() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    ctrlc::set_handler(move || {
        flag.store(true, Ordering::Relaxed);
        thread::sleep(PATIENCE);
        if KEEPING.load(Ordering::Relaxed) {
            // The program ends by itself, with the results so far.
            return;
        }
        let _last = uninterrupted();
        Failure::Study(StudyError::Interrupted).report();
        process::exit(Exit::Interrupted as i32);
    })
    .map_err(|error| Failure::Io(format!("cannot watch for Ctrl-C: {error}")))?;
    Ok(stop)
}

/// As long as the guard lives, Ctrl-C does not end the program.
pub fn uninterrupted() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}
