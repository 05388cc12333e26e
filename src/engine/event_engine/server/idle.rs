//! Idle sessions: connections that stay after a transfer and count against the limit.

use std::collections::BTreeMap;

use crate::model::{ClientId, Span, Time};

/// The idle sessions at a server.
#[derive(Debug)]
pub struct IdleSessions {
    linger: Span,
    by_client: BTreeMap<ClientId, Session>,
    /// By when they end, and in which order they became idle.
    by_end: BTreeMap<(Time, u64), ClientId>,
    numbers: u64,
    connections: u32,
}

/// The idle session of a client.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// How many connections it has.
    pub connections: u32,
    /// When they were opened.
    pub since: Time,
    ends: (Time, u64),
}

impl IdleSessions {
    /// No session; each will last for `linger`.
    pub fn new(linger: Span) -> IdleSessions {
        IdleSessions {
            linger,
            by_client: BTreeMap::new(),
            by_end: BTreeMap::new(),
            numbers: 0,
            connections: 0,
        }
    }

    /// Whether connections become idle sessions at all.
    pub fn are_kept(&self) -> bool {
        self.linger > Span::ZERO
    }

    /// How many connections all sessions have.
    pub fn connections(&self) -> u32 {
        self.connections
    }

    /// The connections of `client`, opened at `since`, are idle from `now` on.
    pub fn begin(&mut self, client: ClientId, connections: u32, since: Time, now: Time) {
        self.numbers += 1;
        let ends = (now + self.linger, self.numbers);
        self.by_end.insert(ends, client);
        self.by_client.insert(client, Session { connections, since, ends });
        self.connections += connections;
    }

    /// Whether `client` has one.
    pub fn has(&self, client: ClientId) -> bool {
        self.connections > 0 && self.by_client.contains_key(&client)
    }

    /// Ends the session of `client`, if it has one.
    pub fn take(&mut self, client: ClientId) -> Option<Session> {
        let session = self.by_client.remove(&client)?;
        self.by_end.remove(&session.ends);
        self.connections -= session.connections;
        Some(session)
    }

    /// When the next one ends.
    pub fn next_end(&self) -> Option<Time> {
        self.by_end.first_key_value().map(|(&(at, _), _)| at)
    }

    /// Ends the first session that is over at `now`.
    pub fn take_over(&mut self, now: Time) -> Option<Session> {
        let (&(at, _), &client) = self.by_end.first_key_value()?;
        if at > now { None } else { self.take(client) }
    }

    /// Of each when it ends, and how many connections it has.
    pub fn ends(&self) -> impl Iterator<Item = (Time, u32)> {
        self.by_client.values().map(|session| (session.ends.0, session.connections))
    }

    /// Ends all of them.
    pub fn take_all(&mut self) -> Vec<Session> {
        self.by_end.clear();
        self.connections = 0;
        std::mem::take(&mut self.by_client).into_values().collect()
    }
}
