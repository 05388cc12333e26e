//! What the requests of a server's log amount to.

use super::bins::Bins;
use super::lengths::Lengths;
use super::retries::Retries;

/// The kinds of the bins of [`Load::minutes`].
pub const ARRIVED: usize = 0;
/// See [`ARRIVED`].
pub const REFUSED: usize = 1;

/// The kinds of the bins of [`Load::open`].
pub const BEGAN: usize = 0;
/// See [`BEGAN`].
pub const ENDED: usize = 1;

/// A request, or a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// When it began, in ms since 1970.
    pub start: i64,
    /// How long the server was busy with it, in ms, if the log has that.
    pub length: Option<i64>,
    /// By how much it is moved where connections are counted, in ms: within the second that the log has.
    pub moved: i64,
    /// Whether the server refused it.
    pub is_refused: bool,
    /// How long it waited in a queue, in ms, if the log has that.
    pub queued: Option<i64>,
    /// Whether the log shows that it is a retry.
    pub is_retry: bool,
    /// Whose it is, so that retries are known; 0 if the log does not have that.
    pub client: u64,
}

/// What the requests of a log amount to.
#[derive(Clone, Debug)]
pub struct Load {
    /// Requests.
    pub requests: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Requests that were served, and whose length is not known.
    pub without_length: u64,
    /// When the first one began, and the last one began or ended, in ms since 1970.
    pub span: Option<(i64, i64)>,
    /// Arrivals and refusals in each minute, or in several of them.
    pub minutes: Bins<2>,
    /// Requests that are no retries: clients that arrive.
    pub arrivals: Bins<1>,
    /// Served requests that began and that ended at each time.
    pub open: Bins<2>,
    /// How long served requests took.
    pub holding: Lengths,
    /// How long requests were queued.
    pub queued: Lengths,
    /// Requests after refusals.
    pub retries: Retries,
}

impl Default for Load {
    fn default() -> Load {
        Load {
            requests: 0,
            refused: 0,
            without_length: 0,
            span: None,
            minutes: Bins::of_width(60_000),
            arrivals: Bins::of_width(1),
            open: Bins::of_width(1),
            holding: Lengths::default(),
            queued: Lengths::default(),
            retries: Retries::default(),
        }
    }
}

impl Load {
    /// Adds a request.
    pub fn request(&mut self, request: &Request) {
        let end = request.start + request.length.unwrap_or(0).max(0);
        let (from, to) = self.span.unwrap_or((request.start, end));
        self.span = Some((from.min(request.start), to.max(end)));
        self.requests += 1;
        self.minutes.count(request.start, ARRIVED);
        if let Some(queued) = request.queued {
            self.queued.add(queued);
        }
        if request.is_refused {
            self.refused += 1;
            self.minutes.count(request.start, REFUSED);
        } else if let Some(length) = request.length {
            self.open.count(request.start + request.moved, BEGAN);
            self.open.count(end + request.moved, ENDED);
            self.holding.add(length);
        } else {
            self.without_length += 1;
        }
        let is_retry = request.client != 0
            && self.retries.request(request.client, request.start, request.is_refused);
        if !(is_retry || request.is_retry) {
            self.arrivals.count(request.start, 0);
        }
    }

    /// Adds what another log has.
    pub fn merge(&mut self, other: Load) {
        self.requests += other.requests;
        self.refused += other.refused;
        self.without_length += other.without_length;
        self.span = match (self.span, other.span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (own, theirs) => own.or(theirs),
        };
        self.minutes.merge(other.minutes);
        self.arrivals.merge(other.arrivals);
        self.open.merge(other.open);
        self.holding.merge(other.holding);
        self.queued.merge(other.queued);
        self.retries.merge(other.retries);
    }
}
