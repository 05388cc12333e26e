//! How attempts end.

/// How an attempt ended, as far as a process looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The program ran.
    Success,
    /// It was refused, or cut, or the server failed or was down.
    Failure,
    /// A rate limit refused it.
    RateLimited,
    /// It took too long.
    TimedOut,
    /// The client went away.
    Nothing,
}
