//! A second simulator of one server with a queue, idle sessions, a rate limit, shared bandwidth and impatient clients,
//! as simple as can be: one heap of everything that is to happen, and lists that are searched. It shares no code with
//! the engines.

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
    /// In bits per ms.
    pub bandwidth: u64,
    pub abandoned: Abandoned,
}

/// A rate limit.
#[derive(Clone, Debug)]
pub enum RateLimit {
    /// One request each `every` ms, and `burst` more at once; `delay`: these have to wait.
    Bucket { every: u64, burst: u64, delay: bool },
    /// So many in each window.
    Window { most: usize, window: u64 },
}

/// What becomes of requests whose clients have gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abandoned {
    Served,
    Dropped,
    Cancelled,
}

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    pub arrival: u64,
    pub work: Work,
    pub connections: usize,
    pub priority: Option<u32>,
    pub patience: Option<u64>,
    pub timeout: Option<u64>,
    pub resumes: bool,
    pub retry: u64,
    pub max_retries: u32,
}

/// What a client does over its connections.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// It holds them for so many ms.
    Hold(u64),
    /// It transfers so many bits over each.
    Carry(f64),
}

/// What became of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    pub attempts: u32,
    pub completed: bool,
    /// When it ended.
    pub at: u64,
}

/// What the server did for clients that had gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ForNobody {
    /// Connections times ms.
    pub area: u64,
    /// Transfers that were done.
    pub done: u64,
}

/// What happens, to which request or client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    HoldEnds(usize),
    SessionEnds(usize),
    /// Its client leaves the queue, if it still waits.
    Leaves(usize),
    /// The rate limit lets it pass.
    Passes(usize),
    /// Its client has gone, and it is refused if it still waits.
    IsRefused(usize),
    /// Its client does not wait longer for the end of its transfer.
    TimesOut(usize),
    Arrives(usize),
    Tries(usize),
}

impl What {
    /// At the same instant lower classes come first.
    fn class(self) -> u8 {
        match self {
            What::HoldEnds(_) | What::SessionEnds(_) => 0,
            What::Leaves(_) | What::Passes(_) | What::IsRefused(_) | What::TimesOut(_) => 1,
            What::Arrives(_) => 2,
            What::Tries(_) => 3,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Delayed,
    Queued,
    Connected,
    Over,
}

/// A request of a client for connections.
struct Request {
    client: usize,
    phase: Phase,
    /// Those with a lower rank leave the queue first.
    rank: (u32, i64),
    since: u64,
    /// What is left over each connection: of a hold since it began, of a transfer now.
    left: Work,
    began: u64,
    /// Since when its client has gone.
    gone: Option<u64>,
}

struct State {
    attempts: u32,
    left: Work,
    fate: Option<Fate>,
}

/// All that happens.
pub struct Naive<'a> {
    server: &'a Server,
    clients: &'a [Client],
    states: Vec<State>,
    requests: Vec<Request>,
    /// When, its class, its place among all that were scheduled, and what.
    heap: BinaryHeap<Reverse<(u64, u8, u64, What)>>,
    scheduled: u64,
    /// The places of deadlines: a client that waits for the same instant again keeps its place.
    deadlines: BTreeMap<(usize, u64), u64>,
    now: u64,
    idle: usize,
    came: i64,
    /// When requests passed the rate limit.
    passed: Vec<u64>,
    for_nobody: ForNobody,
    ties: bool,
}

/// What came of a simulation.
pub struct Outcomes {
    /// What became of each client.
    pub fates: Vec<Fate>,
    /// What was done for those that had gone.
    pub for_nobody: ForNobody,
    /// Whether several things were to happen at the same instant.
    pub ties: bool,
}

/// Simulates a server and its clients.
pub fn fates(server: &Server, clients: &[Client]) -> Outcomes {
    let state = |client: &Client| State { attempts: 0, left: client.work, fate: None };
    let mut naive = Naive {
        server,
        clients,
        states: clients.iter().map(state).collect(),
        requests: Vec::new(),
        heap: BinaryHeap::new(),
        scheduled: 0,
        deadlines: BTreeMap::new(),
        now: 0,
        idle: 0,
        came: 0,
        passed: Vec::new(),
        for_nobody: ForNobody::default(),
        ties: false,
    };
    let mut order: Vec<usize> = (0..clients.len()).collect();
    order.sort_by_key(|&client| clients[client].arrival);
    for client in order {
        naive.schedule(clients[client].arrival, What::Arrives(client));
    }
    naive.run();
    let fates = naive.states.iter().map(|state| state.fate.expect("each client ends"));
    Outcomes { fates: fates.collect(), for_nobody: naive.for_nobody, ties: naive.ties }
}

impl Naive<'_> {
    fn run(&mut self) {
        let mut last = None;
        loop {
            // Two transfers that end at the same instant do not depend on each other, but what follows may.
            let carried = self.next_carried();
            let ends = carried.map(|(at, _)| at);
            let next = self.heap.peek().map(|Reverse((at, ..))| *at).into_iter().chain(ends).min();
            self.ties |= next.is_some() && next == last;
            last = next;
            let next = self.heap.peek().map(|Reverse((at, class, ..))| (*at, *class));
            match (carried, next) {
                (Some((at, request)), next) if next.is_none_or(|next| (at, 0) <= next) => {
                    self.advance(at);
                    self.transfer_ends(request);
                }
                (_, Some(_)) => {
                    let Some(Reverse((at, _, _, what))) = self.heap.pop() else { return };
                    self.advance(at);
                    self.happen(what);
                }
                (_, None) => return,
            }
        }
    }

    fn carrying(&self) -> impl Iterator<Item = usize> {
        let carries = |request: &Request| {
            request.phase == Phase::Connected && matches!(request.left, Work::Carry(_))
        };
        (0..self.requests.len()).filter(move |&request| carries(&self.requests[request]))
    }

    /// The bits that each connection carries in a ms.
    fn rate(&self) -> f64 {
        let connections: usize = self.carrying().map(|request| self.connections(request)).sum();
        self.server.bandwidth as f64 / connections as f64
    }

    /// The next end of a transfer that shares the bandwidth.
    fn next_carried(&self) -> Option<(u64, usize)> {
        let rate = self.rate();
        let end = |request: usize| match self.requests[request].left {
            // Done when less than a millionth of a bit is left.
            Work::Carry(left) => self.now + ((left - 1e-6) / rate).ceil().max(0.0) as u64,
            Work::Hold(_) => u64::MAX,
        };
        self.carrying().map(|request| (end(request), request)).min()
    }

    fn advance(&mut self, at: u64) {
        let carried = self.rate() * (at - self.now) as f64;
        let carrying: Vec<usize> = self.carrying().collect();
        for request in carrying {
            if let Work::Carry(left) = &mut self.requests[request].left {
                *left = (*left - carried).max(0.0);
            }
        }
        self.now = at;
    }

    fn schedule(&mut self, at: u64, what: What) {
        self.scheduled += 1;
        self.heap.push(Reverse((at, what.class(), self.scheduled, what)));
    }

    fn schedule_deadline(&mut self, at: u64, request: usize, what: What) {
        self.scheduled += 1;
        let client = self.requests[request].client;
        let place = *self.deadlines.entry((client, at)).or_insert(self.scheduled);
        self.heap.push(Reverse((at, what.class(), place, what)));
    }

    fn happen(&mut self, what: What) {
        match what {
            What::Arrives(client) | What::Tries(client) => self.request(client),
            What::HoldEnds(request) => self.transfer_ends(request),
            What::SessionEnds(connections) => {
                self.idle -= connections;
                self.serve();
            }
            What::Leaves(request) => {
                if self.waits(request) && self.requests[request].gone.is_none() {
                    self.leave_queue(request);
                }
            }
            What::IsRefused(request) => {
                if self.waits(request) {
                    self.requests[request].phase = Phase::Over;
                    self.serve();
                }
            }
            What::TimesOut(request) => {
                let Request { phase, gone, .. } = self.requests[request];
                if phase == Phase::Connected && gone.is_none() {
                    self.leave_connection(request);
                }
            }
            What::Passes(request) => {
                if self.requests[request].phase == Phase::Delayed {
                    self.admit_or_queue(request);
                }
            }
        }
    }

    fn waits(&self, request: usize) -> bool {
        matches!(self.requests[request].phase, Phase::Delayed | Phase::Queued)
    }

    fn transfer_ends(&mut self, request: usize) {
        let Request { client, gone, .. } = self.requests[request];
        self.requests[request].phase = Phase::Over;
        match gone {
            Some(_) => {
                self.add_for_nobody(request);
                self.for_nobody.done += 1;
            }
            None => {
                if self.server.linger > 0 {
                    let connections = self.connections(request);
                    self.idle += connections;
                    let ends = self.now + self.server.linger;
                    self.schedule(ends, What::SessionEnds(connections));
                }
                self.end(client, true);
            }
        }
        self.serve();
    }

    /// The time since its client went, or since the transfer began if that was later.
    fn add_for_nobody(&mut self, request: usize) {
        let Request { began, gone, .. } = self.requests[request];
        let since = began.max(gone.unwrap_or(self.now));
        self.for_nobody.area += (self.now - since) * self.connections(request) as u64;
    }

    fn connections(&self, request: usize) -> usize {
        self.clients[self.requests[request].client].connections
    }

    fn request(&mut self, client: usize) {
        let request = self.requests.len();
        self.requests.push(Request {
            client,
            phase: Phase::Over,
            rank: (0, 0),
            since: self.now,
            left: self.states[client].left,
            began: 0,
            gone: None,
        });
        match self.delay() {
            None => self.refuse(client),
            Some(0) => self.admit_or_queue(request),
            Some(delay) => {
                self.requests[request].phase = Phase::Delayed;
                self.schedule(self.now + delay, What::Passes(request));
                self.schedule_leaving(request);
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

    fn queue(&self) -> impl Iterator<Item = usize> {
        (0..self.requests.len()).filter(|&it| self.requests[it].phase == Phase::Queued)
    }

    fn admit_or_queue(&mut self, request: usize) {
        self.came += 1;
        let number = if self.server.lifo { -self.came } else { self.came };
        let Request { client, phase, gone, .. } = self.requests[request];
        let rank = (self.clients[client].priority.unwrap_or(u32::MAX), number);
        self.requests[request].rank = rank;
        let is_first = self.queue().all(|other| rank < self.requests[other].rank);
        if is_first && self.has_room(request) {
            self.connect(request);
        } else if self.connections(request) <= self.server.limit
            && self.queue().count() < self.server.queue
        {
            self.requests[request].phase = Phase::Queued;
            // One that was delayed has been in its stay since it came.
            if phase != Phase::Delayed {
                self.schedule_leaving(request);
            }
        } else {
            self.requests[request].phase = Phase::Over;
            if gone.is_none() {
                self.refuse(client);
            }
        }
    }

    /// How long a client waits for an answer before it is refused or leaves, and before its attempt times out.
    fn stay(&self, request: usize) -> (u64, u64) {
        let Client { patience, timeout, .. } = self.clients[self.requests[request].client];
        let waits = patience.into_iter().chain(self.server.queue_timeout).min();
        (waits.unwrap_or(u64::MAX), timeout.unwrap_or(u64::MAX))
    }

    fn schedule_leaving(&mut self, request: usize) {
        let (waits, timeout) = self.stay(request);
        if waits.min(timeout) < u64::MAX {
            self.schedule_deadline(self.now + waits.min(timeout), request, What::Leaves(request));
        }
    }

    fn leave_queue(&mut self, request: usize) {
        let (waits, timeout) = self.stay(request);
        let Request { client, since, .. } = self.requests[request];
        if timeout < waits && self.server.abandoned == Abandoned::Served {
            self.requests[request].gone = Some(self.now);
            if let Some(timeout) = self.server.queue_timeout {
                self.schedule(since + timeout, What::IsRefused(request));
            }
        } else {
            self.requests[request].phase = Phase::Over;
            self.serve();
        }
        self.refuse(client);
    }

    /// A client leaves its connections, because its attempt takes too long.
    fn leave_connection(&mut self, request: usize) {
        let Request { client, began, .. } = self.requests[request];
        let left = match self.requests[request].left {
            Work::Hold(span) => Work::Hold(began + span - self.now),
            carry @ Work::Carry(_) => carry,
        };
        if self.clients[client].resumes {
            self.states[client].left = left;
        }
        if self.server.abandoned == Abandoned::Cancelled {
            self.requests[request].phase = Phase::Over;
            self.serve();
        } else {
            self.requests[request].gone = Some(self.now);
            if let Work::Hold(left) = left {
                self.schedule(self.now + left, What::HoldEnds(request));
            }
        }
        self.retry(client);
    }

    fn has_room(&self, request: usize) -> bool {
        let connected =
            (0..self.requests.len()).filter(|&it| self.requests[it].phase == Phase::Connected);
        let connected: usize = connected.map(|it| self.connections(it)).sum();
        connected + self.idle + self.connections(request) <= self.server.limit
    }

    fn connect(&mut self, request: usize) {
        let now = self.now;
        let it = &mut self.requests[request];
        (it.phase, it.began) = (Phase::Connected, now);
        let Request { client, since, left, gone, .. } = *it;
        let timeout = self.clients[client].timeout;
        let times_out = timeout.filter(|_| gone.is_none()).map_or(u64::MAX, |it| since + it);
        if gone.is_none() {
            self.states[client].attempts += 1;
        }
        match left {
            Work::Hold(span) if now + span <= times_out => {
                self.schedule(now + span, What::HoldEnds(request));
            }
            _ if times_out < u64::MAX => {
                self.schedule_deadline(times_out, request, What::TimesOut(request));
            }
            _ => {}
        }
    }

    fn serve(&mut self) {
        while let Some(first) = self.queue().min_by_key(|&it| self.requests[it].rank) {
            if !self.has_room(first) {
                return;
            }
            self.connect(first);
        }
    }

    fn refuse(&mut self, client: usize) {
        self.states[client].attempts += 1;
        self.retry(client);
    }

    fn retry(&mut self, client: usize) {
        if self.states[client].attempts > self.clients[client].max_retries {
            return self.end(client, false);
        }
        self.schedule(self.now + self.clients[client].retry, What::Tries(client));
    }

    fn end(&mut self, client: usize, completed: bool) {
        let attempts = self.states[client].attempts;
        self.states[client].fate = Some(Fate { attempts, completed, at: self.now });
    }
}
