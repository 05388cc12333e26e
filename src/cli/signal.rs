//! The signals that ask the program to end, and which of them came first.

use std::io;
use std::sync::atomic::{AtomicI32, Ordering};

/// A signal that asks the program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C (SIGINT).
    Interrupt,
    /// SIGTERM, which `kill`, `timeout` and schedulers send.
    Terminate,
    /// SIGHUP: the terminal is gone.
    HangUp,
}

impl Signal {
    /// What happened to the program, for a message.
    pub fn past(self) -> &'static str {
        match self {
            Signal::Interrupt => "interrupted",
            Signal::Terminate => "terminated",
            Signal::HangUp => "hung up",
        }
    }

    fn of(number: i32) -> Signal {
        match number {
            SIGTERM => Signal::Terminate,
            SIGHUP => Signal::HangUp,
            _ => Signal::Interrupt,
        }
    }
}

// Their numbers are the same on every system that has them.
const SIGHUP: i32 = 1;
const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;

/// The number of the first signal; 0 if none came.
static FIRST: AtomicI32 = AtomicI32::new(0);

/// The first signal that came. Without one, the program was interrupted in another way.
pub fn first() -> Signal {
    Signal::of(FIRST.load(Ordering::Relaxed))
}

fn note(number: i32) {
    // Only the first counts: what comes later does not change why the program ends.
    let _ = FIRST.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed);
}

/// Calls `handler` in a thread of its own for each signal from now on.
///
/// # Errors
///
/// The error of the system, if signals cannot be watched.
#[cfg(unix)]
pub fn watch(mut handler: impl FnMut() + Send + 'static) -> io::Result<()> {
    let hang_up = (!is_hang_up_ignored()).then_some(SIGHUP);
    let numbers = [SIGINT, SIGTERM].into_iter().chain(hang_up);
    let mut signals = signal_hook::iterator::Signals::new(numbers)?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for number in signals.forever() {
            note(number);
            handler();
        }
    })?;
    Ok(())
}

/// Whether SIGHUP was ignored when the program started: then it stays ignored, as `nohup` wants it.
#[cfg(unix)]
fn is_hang_up_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & (1 << (SIGHUP - 1)) != 0)
}

/// Calls `handler` in a thread of its own each time Ctrl-C is pressed from now on.
///
/// # Errors
///
/// The error of the system, if Ctrl-C cannot be watched.
#[cfg(not(unix))]
pub fn watch(mut handler: impl FnMut() + Send + 'static) -> io::Result<()> {
    let handler = move || {
        note(SIGINT);
        handler();
    };
    ctrlc::set_handler(handler).map_err(io::Error::other)
}
