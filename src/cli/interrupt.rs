//! Ctrl-C and the other requests to end: the study ends at its next window of events, some microseconds
//! later. If it does not, because it sets up or takes down millions of clients, the program ends without
//! it. What is complete is kept, unless a second signal comes.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{Failure, signal};
use crate::study::StudyError;

/// How long the study has to end by itself; the user waits for a second at most.
const PATIENCE: Duration = Duration::from_millis(400);

/// Signals that follow the first one sooner than this are the same request: `timeout` sends each twice.
const SAME_REQUEST: Duration = Duration::from_secs(1);

/// Held while a file is written: ending then could leave a temporary one behind.
static WRITING: Mutex<()> = Mutex::new(());

/// Whether results are being summed up or written that must be kept, however long that takes.
static KEEPING: AtomicBool = AtomicBool::new(false);

/// From now on the first signal does not end the program, which is about to have results.
pub fn keep() {
    KEEPING.store(true, Ordering::Relaxed);
}

/// From now on a signal ends the program again: nothing is lost that cannot be had again.
pub fn release() {
    KEEPING.store(false, Ordering::Relaxed);
}

/// A flag that becomes true when the user presses Ctrl-C or the system asks the program to end.
/// The program then ends soon, even if nothing reads the flag.
#[expect(clippy::exit, reason = "the study may be busy for longer than the user waits")]
pub fn flag() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    let mut first: Option<Instant> = None;
    signal::watch(move || {
        flag.store(true, Ordering::Relaxed);
        let since_first = first.get_or_insert_with(Instant::now).elapsed();
        if since_first < SAME_REQUEST {
            thread::sleep(PATIENCE);
            if KEEPING.load(Ordering::Relaxed) {
                // The program ends by itself, with the results so far.
                return;
            }
        }
        let _last = uninterrupted();
        let failure = Failure::Study(StudyError::Interrupted);
        failure.report();
        process::exit(failure.exit() as i32);
    })
    .map_err(|error| Failure::Io(format!("cannot watch for Ctrl-C: {error}")))?;
    Ok(stop)
}

/// As long as the guard lives, no signal ends the program.
pub fn uninterrupted() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}
