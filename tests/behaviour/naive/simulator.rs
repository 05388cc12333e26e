//! A second simulator of one server with a queue, idle sessions and a rate limit, as simple as can be: one heap of
//! everything that is to happen, and lists that are searched. It shares no code with the engines.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A server. Times are in ms.
#[derive(Clone, Debug)]
pub struct Server {
    pub limit: usize,
    pub queue: usize,
    pub queue_timeout: Option<u64>,
    pub lifo: bool,
    pub linger: u64,
    pub rate_limit: Option<RateLimit>,
}

/// A rate limit.
#[derive(Clone, Debug)]
pub enum RateLimit {
    /// One request each `every` ms, and `burst` more at once; `delay`: these have to wait.
    Bucket { every: u64, burst: u64, delay: bool },
    /// So many in each window.
    Window { most: usize, window: u64 },
}

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    pub arrival: u64,
    pub hold: u64,
    pub priority: Option<u32>,
    pub patience: Option<u64>,
    pub retry: u64,
    pub max_retries: u32,
}

/// What became of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    pub attempts: u32,
    pub completed: bool,
    /// When it ended.
    pub at: u64,
}

/// What happens; in this order at the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    TransferEnds,
    SessionEnds,
    /// Its time in the queue is over, if it is still in the stay of this number.
    LeavesQueue(u32),
    /// The rate limit lets it pass, in the stay of this number.
    Passes(u32),
    Arrives,
    Tries,
}

impl What {
    fn class(self) -> u8 {
        match self {
            What::TransferEnds | What::SessionEnds => 0,
            What::LeavesQueue(_) | What::Passes(_) => 1,
            What::Arrives => 2,
            What::Tries => 3,
        }
    }
}

/// When something happens, its class, its number among all that were scheduled, and to which client what happens.
type Happening = (u64, u8, u64, usize, What);

struct Waiting {
    client: usize,
    /// Those with a lower rank go first.
    rank: (u32, i64),
}

struct State {
    attempts: u32,
    stay: u32,
    is_delayed: bool,
    fate: Option<Fate>,
}

/// All that happens.
pub struct Naive<'a> {
    server: &'a Server,
    clients: &'a [Client],
    states: Vec<State>,
    heap: BinaryHeap<Reverse<Happening>>,
    scheduled: u64,
    /// The places of deadlines: a client that waits for the same instant again keeps its place.
    deadlines: BTreeMap<(usize, u64), u64>,
    now: u64,
    connected: usize,
    idle: usize,
    queue: Vec<Waiting>,
    came: i64,
    /// When requests passed the rate limit.
    passed: Vec<u64>,
}

/// What becomes of each client.
pub fn fates(server: &Server, clients: &[Client]) -> Vec<Fate> {
    let state = |_: &Client| State { attempts: 0, stay: 0, is_delayed: false, fate: None };
    let mut naive = Naive {
        server,
        clients,
        states: clients.iter().map(state).collect(),
        heap: BinaryHeap::new(),
        scheduled: 0,
        deadlines: BTreeMap::new(),
        now: 0,
        connected: 0,
        idle: 0,
        queue: Vec::new(),
        came: 0,
        passed: Vec::new(),
    };
    let mut order: Vec<usize> = (0..clients.len()).collect();
    order.sort_by_key(|&client| clients[client].arrival);
    for client in order {
        naive.schedule(clients[client].arrival, client, What::Arrives);
    }
    while let Some(Reverse((now, _, _, client, what))) = naive.heap.pop() {
        naive.now = now;
        naive.happen(client, what);
    }
    naive.states.iter().map(|state| state.fate.expect("each client ends")).collect()
}

impl Naive<'_> {
    fn schedule(&mut self, at: u64, client: usize, what: What) {
        self.scheduled += 1;
        self.heap.push(Reverse((at, what.class(), self.scheduled, client, what)));
    }

    fn happen(&mut self, client: usize, what: What) {
        match what {
            What::Arrives | What::Tries => self.request(client),
            What::TransferEnds => {
                self.connected -= 1;
                if self.server.linger > 0 {
                    self.idle += 1;
                    self.schedule(self.now + self.server.linger, client, What::SessionEnds);
                }
                self.end(client, true);
                self.serve();
            }
            What::SessionEnds => {
                self.idle -= 1;
                self.serve();
            }
            What::LeavesQueue(stay) => {
                let is_there = self.queue.iter().any(|waiting| waiting.client == client)
                    || self.states[client].is_delayed;
                if is_there && self.states[client].stay == stay {
                    self.queue.retain(|waiting| waiting.client != client);
                    self.states[client].is_delayed = false;
                    self.refuse(client);
                }
            }
            What::Passes(stay) => {
                if self.states[client].is_delayed && self.states[client].stay == stay {
                    self.states[client].is_delayed = false;
                    self.admit_or_queue(client, true);
                }
            }
        }
    }

    fn request(&mut self, client: usize) {
        match self.delay() {
            None => self.refuse(client),
            Some(0) => self.admit_or_queue(client, false),
            Some(delay) => {
                self.states[client].is_delayed = true;
                let stay = self.begin_stay(client);
                self.schedule(self.now + delay, client, What::Passes(stay));
                self.schedule_leaving(client, stay);
            }
        }
    }

    /// How long the rate limit delays a request; `None`: it is refused.
    fn delay(&mut self) -> Option<u64> {
        let passed = &mut self.passed;
        match self.server.rate_limit {
            None => Some(0),
            Some(RateLimit::Window { most, window }) => {
                // The window that is open began with a request that none before it covers.
                let mut begin = None;
                for &at in passed.iter() {
                    if begin.is_none_or(|begin| at >= begin + window) {
                        begin = Some(at);
                    }
                }
                let is_open = |begin: &u64| self.now < begin + window;
                let count = begin
                    .filter(is_open)
                    .map_or(0, |begin| passed.iter().filter(|&&at| at >= begin).count());
                (count < most).then(|| {
                    passed.push(self.now);
                    0
                })
            }
            Some(RateLimit::Bucket { every, burst, delay }) => {
                // The instants at which requests would leave at the rate, one after the other.
                let next = passed.last().map_or(self.now, |last| (last + every).max(self.now));
                if next - self.now > burst * every {
                    return None;
                }
                passed.push(next);
                Some(if delay { next - self.now } else { 0 })
            }
        }
    }

    fn admit_or_queue(&mut self, client: usize, has_waited: bool) {
        self.came += 1;
        let number = if self.server.lifo { -self.came } else { self.came };
        let rank = (self.clients[client].priority.unwrap_or(u32::MAX), number);
        if self.has_room() && self.queue.iter().all(|waiting| rank < waiting.rank) {
            self.connect(client);
        } else if self.queue.len() < self.server.queue {
            self.queue.push(Waiting { client, rank });
            // One that was delayed has been in its stay since it came.
            if !has_waited {
                let stay = self.begin_stay(client);
                self.schedule_leaving(client, stay);
            }
        } else {
            self.refuse(client);
        }
    }

    fn begin_stay(&mut self, client: usize) -> u32 {
        self.states[client].stay += 1;
        self.states[client].stay
    }

    fn schedule_leaving(&mut self, client: usize, stay: u32) {
        let patience = self.clients[client].patience;
        if let Some(time) = patience.into_iter().chain(self.server.queue_timeout).min() {
            let (at, what) = (self.now + time, What::LeavesQueue(stay));
            self.scheduled += 1;
            let place = *self.deadlines.entry((client, at)).or_insert(self.scheduled);
            self.heap.push(Reverse((at, what.class(), place, client, what)));
        }
    }

    fn has_room(&self) -> bool {
        self.connected + self.idle < self.server.limit
    }

    fn connect(&mut self, client: usize) {
        self.states[client].attempts += 1;
        self.connected += 1;
        self.schedule(self.now + self.clients[client].hold, client, What::TransferEnds);
    }

    fn serve(&mut self) {
        while self.has_room() {
            let ranks = self.queue.iter().enumerate();
            let Some((first, _)) = ranks.min_by_key(|(_, waiting)| waiting.rank) else { return };
            let waiting = self.queue.remove(first);
            self.connect(waiting.client);
        }
    }

    fn refuse(&mut self, client: usize) {
        let state = &mut self.states[client];
        state.attempts += 1;
        if state.attempts > self.clients[client].max_retries {
            return self.end(client, false);
        }
        self.schedule(self.now + self.clients[client].retry, client, What::Tries);
    }

    fn end(&mut self, client: usize, completed: bool) {
        let attempts = self.states[client].attempts;
        self.states[client].fate = Some(Fate { attempts, completed, at: self.now });
    }
}
