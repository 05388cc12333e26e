//! One client runs one advertisement where the world is not as simple as in Q268500: transfers
//! share bandwidth, distribution points fail, servers let clients queue or tell them when to come.

use super::client::{Client, NOWHERE, Reaction, Then};
use super::event::{EventKind, Outcome, RefusalCode};
use super::group::Members;
use super::release::OnCut;
use super::time::{Span, Time};
use super::transfer::Work;
use super::world::{Answer, Clock, FullWorld, Order};

/// One client runs one advertisement in a [`FullWorld`].
///
/// In a world without any of its features it does exactly what
/// [`run_advertisement`](super::run_advertisement) does, which the tests hold it to. The two are
/// apart because that one is played a hundred million times a second, and must not pay for these.
#[expect(clippy::manual_async_fn, reason = "an async fn keeps its argument twice")]
pub fn run_full_advertisement<W: FullWorld>(
    mut client: FullClient<'_, W>,
) -> impl Future<Output = ()> {
    async move {
        client.world().sleep_until(client.plain.arrival, Order::Arrival).await;
        client.plain.arrive();
        if client.plain.advertisement_is_over() {
            return client.plain.end(Outcome::Expired);
        }
        loop {
            let point = client.plain.choose_distribution_point();
            let answer = match client.world().request(point) {
                Some(answer) => answer,
                None => {
                    let patience = client.enter_queue();
                    let answer = client.world().wait_in_queue(point, patience.at).await;
                    client.leave_queue();
                    match (answer, patience.then) {
                        (Some(answer), _) => answer,
                        (None, Then::End(outcome)) => return client.plain.end(outcome),
                        (None, Then::TryAgain) => Answer::Unreachable,
                    }
                }
            };
            let failure = match answer {
                Answer::Refused(hint) => Failure::Refused(hint),
                Answer::Unreachable => Failure::Unreachable,
                Answer::Admitted(connection) => {
                    client.plain.connected();
                    let link = client.plain.group.group.link;
                    let left = client.world().carry(&connection, client.work(), link).await;
                    drop(connection);
                    match left {
                        Some(left) => Failure::Cut(left),
                        None => {
                            client.plain.disconnected();
                            return client.plain.end(Outcome::Completed);
                        }
                    }
                }
            };
            let Reaction { at, then } = client.react_to(failure);
            client.world().sleep_until(at, then.order()).await;
            if let Then::End(outcome) = then {
                return client.plain.end(outcome);
            }
        }
    }
}

/// A client of a [`FullWorld`], and what it remembers beyond what a [`Client`] does.
pub struct FullClient<'w, W: Clock> {
    plain: Client<'w, W>,
    /// What is left of its transfer after a cut, if it goes on where it was.
    left: Option<Work>,
}

/// Why an attempt did not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    /// No more connections; the server may have said when to come again.
    Refused(Option<Span>),
    /// The network path was not found.
    Unreachable,
    /// The connection was cut when so much was left to do.
    Cut(Work),
}

impl<'w, W: Clock> FullClient<'w, W> {
    /// Client `index` of `group`, which arrives at `arrival`.
    pub fn new(world: &'w W, group: &'w Members<'w>, index: u32, arrival: Time) -> Self {
        FullClient { plain: Client::new(world, group, index, arrival), left: None }
    }

    fn world(&self) -> &'w W {
        self.plain.world
    }

    /// What it has to do over its next connection.
    fn work(&self) -> Work {
        let group = self.plain.group;
        self.left.unwrap_or_else(|| group.group.transfer.work(self.plain.index, &group.streams))
    }

    /// Enters the queue of a point; finds out when it has had enough, and how it ends then.
    fn enter_queue(&mut self) -> Reaction {
        let waiting_at = self.plain.waiting_at();
        self.plain.observe(EventKind::Queued { point: self.plain.point, waiting_at });
        self.plain.waiting_at = NOWHERE;
        let never = Time::from_millis(u64::MAX);
        let group = self.plain.group;
        let patience = group.group.release.retry.give_up_after;
        let deadline = patience.map_or(never, |patience| self.plain.arrival + patience);
        match group.expires {
            Some(expires) if expires <= deadline => {
                Reaction { at: expires, then: Then::End(Outcome::Expired) }
            }
            _ => Reaction { at: deadline, then: Then::End(Outcome::GaveUp) },
        }
    }

    fn leave_queue(&self) {
        self.plain.observe(EventKind::LeftQueue { point: self.plain.point });
    }

    /// The error handler: what the release makes of a failure.
    fn react_to(&mut self, failure: Failure) -> Reaction {
        let client = &mut self.plain;
        let now = client.world.now();
        let release = &client.group.group.release;
        let (code, hint) = match failure {
            Failure::Cut(left) => {
                client.observe(EventKind::Cut { point: client.point });
                self.left = (release.on_cut == OnCut::Resume).then_some(left);
                (RefusalCode::NetworkPathNotFound, None)
            }
            Failure::Unreachable => {
                client.attempts += 1;
                client.refused(RefusalCode::NetworkPathNotFound);
                (RefusalCode::NetworkPathNotFound, None)
            }
            Failure::Refused(hint) => {
                client.attempts += 1;
                let code = client.refusal_code();
                client.refused(code);
                (code, hint)
            }
        };
        if code == RefusalCode::Misreported && release.misreport_strands {
            return Reaction { at: now, then: Then::End(Outcome::Stranded) };
        }
        if client.goes_on_at_once() {
            return Reaction { at: now, then: Then::TryAgain };
        }
        if code == RefusalCode::NetworkPathNotFound
            && let Some(spin) = release.spin
        {
            return client.wait(now, spin);
        }
        if release.retry.max_retries.is_some_and(|max| client.retries >= max) {
            return Reaction { at: now, then: Then::End(Outcome::GaveUp) };
        }
        let delay = client.next_delay(hint);
        client.wait(now, delay)
    }
}
