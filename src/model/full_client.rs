//! One client runs one advertisement where the world is not as simple as in Q268500: transfers
//! share bandwidth, distribution points fail, servers let clients queue or tell them when to come;
//! clients fall back to other points, go home in the evening, are upgraded, and get a second
//! advertisement when the first was stranded.

use super::client::{Client, NOWHERE, Reaction, Stage, Terms, Then};
use super::distribution_point::PointId;
use super::event::{EventKind, Outcome, RefusalCode};
use super::fleet::Releases;
use super::group::Members;
use super::hours::Online;
use super::release::{OnCut, Release};
use super::route::Route;
use super::time::Time;
use super::transfer::Work;
use super::workaround::Workaround;
use super::world::{Answer, Carried, Clock, FullWorld, Order};
use crate::value::Span;

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
        let world = client.plain.world;
        world.sleep_until(client.plain.arrival, Order::Arrival).await;
        client.plain.arrive();
        if client.plain.advertisement_is_over() {
            return client.plain.end(Outcome::Expired);
        }
        let outcome = client.run_program().await;
        if outcome == Outcome::Stranded
            && let Some(workaround) = client.plain.group.workaround
        {
            client.strand();
            if let Workaround::WhenStranded(count) = workaround {
                world.until_stranded(count).await;
            }
            world.sleep_until(client.next_poll(workaround), Order::Poll).await;
            client.begin_again();
            let second = client.run_program().await;
            client.end_again(second);
        }
        client.plain.end(outcome);
    }
}

/// A client of a [`FullWorld`], and what it remembers beyond what a [`Client`] does.
pub struct FullClient<'w, W: Clock> {
    plain: Client<'w, W>,
    releases: Releases<'w>,
    route: Route,
    online: Online<'w>,
    /// When the present advertisement began, and when it expires.
    since: Time,
    expires: Option<Time>,
    /// What is left to each of its connections after a cut, if it goes on where it was.
    left: Option<Work>,
    /// How often it was connected.
    admissions: u32,
    /// How many retries it had made when it was connected last, or began: the policy begins anew.
    retries_before: u32,
    /// When it was stranded.
    stranded_at: Time,
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
    /// The client itself went away and comes back then. It cut its transfer, of which so much was
    /// left, or it left a queue.
    Left(Option<Work>, Time),
}

impl<'w, W: FullWorld> FullClient<'w, W> {
    /// Client `index` of `group`, which arrives at `arrival`.
    pub fn new(world: &'w W, group: &'w Members<'w>, index: u32, arrival: Time) -> Self {
        FullClient {
            plain: Client::new(world, group, index, arrival),
            releases: Releases::of(group.group, index, &group.streams),
            route: Route::default(),
            online: group.online(index),
            since: arrival,
            expires: group.expires,
            left: None,
            admissions: 0,
            retries_before: 0,
            stranded_at: arrival,
        }
    }

    /// Tries until the program has run, or something ends that.
    async fn run_program(&mut self) -> Outcome {
        let world = self.plain.world;
        loop {
            let point = self.choose_distribution_point();
            let answer = match world.request(self.plain.id(), point, self.connections()) {
                Some(answer) => answer,
                None => {
                    let patience = self.enter_queue();
                    let answer = world.wait_in_queue(point, patience.at).await;
                    self.leave_queue();
                    match (answer, patience.then) {
                        (Some(answer), _) => answer,
                        (None, Then::End(outcome)) => return outcome,
                        (None, Then::TryAgain) => {
                            let back = self.online.opens(world.now());
                            let Reaction { at, then } = self.react_to(Failure::Left(None, back));
                            world.sleep_until(at, then.order()).await;
                            match then {
                                Then::End(outcome) => return outcome,
                                Then::TryAgain => continue,
                            }
                        }
                    }
                }
            };
            let failure = match answer {
                Answer::Refused(hint) => Failure::Refused(hint),
                Answer::Unreachable => Failure::Unreachable,
                Answer::Admitted(connection) => {
                    self.plain.connected(self.connections());
                    self.route.admitted(point);
                    let link = self.plain.group.group.link;
                    let (leaves, back) = self.stays();
                    let carried = world.carry(&connection, self.work(), link, leaves).await;
                    drop(connection);
                    match carried {
                        Carried::Done => {
                            self.plain.disconnected(self.connections());
                            return Outcome::Completed;
                        }
                        Carried::Cut(left) => Failure::Cut(left),
                        Carried::Stopped(left) => Failure::Left(Some(left), back),
                    }
                }
            };
            let Reaction { at, then } = self.react_to(failure);
            if let Some(closes) = self.goes_offline_before(at) {
                world.sleep_until(closes, Order::Poll).await;
                self.go_offline();
            }
            world.sleep_until(at, then.order()).await;
            if let Then::End(outcome) = then {
                return outcome;
            }
        }
    }

    fn choose_distribution_point(&mut self) -> PointId {
        let client = &mut self.plain;
        let release = self.releases.at(client.world.now());
        client.point =
            self.route.choose(client.world, client.group, release, client.index, client.attempts);
        client.point
    }

    /// How many connections it needs to transfer.
    fn connections(&self) -> u32 {
        self.plain.group.group.connections
    }

    /// What it has to do over each of its next connections.
    fn work(&self) -> Work {
        let members = self.plain.group;
        let all = || members.group.transfer.work(self.plain.index, &members.streams);
        self.left.unwrap_or_else(|| all().split_over(self.connections()))
    }

    /// How long it stays at its new connection at most, and when it is back then.
    fn stays(&mut self) -> (Time, Time) {
        let now = self.plain.world.now();
        let closes = self.online.closes(now);
        let number = self.admissions;
        self.admissions += 1;
        self.forget_retries();
        let members = self.plain.group;
        if let Some(vanish) = members.group.vanishes {
            let (stays, away) = vanish.of(self.plain.index, number, &members.streams);
            if now + stays < closes {
                return (now + stays, self.online.opens(now + stays + away));
            }
        }
        (closes, self.online.opens(closes))
    }

    fn terms(&self, release: &'w Release) -> Terms<'w> {
        Terms { release, since: self.since, expires: self.expires, online: self.online }
    }

    /// Enters the queue of a point; finds out when it has had enough, and how it ends then.
    fn enter_queue(&mut self) -> Reaction {
        let waiting_at = self.plain.waiting_at();
        self.plain.observe(EventKind::Queued { point: self.plain.point, waiting_at });
        self.plain.waiting_at = NOWHERE;
        let now = self.plain.world.now();
        let terms = self.terms(self.releases.at(now));
        self.plain.pause(terms, now, self.online.closes(now))
    }

    fn leave_queue(&self) {
        self.plain.observe(EventKind::LeftQueue { point: self.plain.point });
    }

    /// The error handler: what the release makes of a failure.
    fn react_to(&mut self, failure: Failure) -> Reaction {
        let now = self.plain.world.now();
        let release = self.releases.at(now);
        let (code, hint) = match failure {
            Failure::Left(left, back) => {
                if let Some(left) = left {
                    self.cut(release, left);
                }
                self.route.start_over();
                return self.plain.pause(self.terms(release), now, back);
            }
            Failure::Cut(left) => {
                self.cut(release, left);
                (RefusalCode::NetworkPathNotFound, None)
            }
            Failure::Unreachable => {
                self.plain.attempts += 1;
                self.plain.refused(RefusalCode::NetworkPathNotFound);
                (RefusalCode::NetworkPathNotFound, None)
            }
            Failure::Refused(hint) => {
                self.plain.attempts += 1;
                let code = self.plain.refusal_code();
                self.plain.refused(code);
                (code, hint)
            }
        };
        if code == RefusalCode::Misreported && release.misreport_strands {
            return Reaction { at: now, then: Then::End(Outcome::Stranded) };
        }
        let (group, point) = (self.plain.group, self.plain.point);
        let goes_on = match failure {
            Failure::Cut(_) => self.route.cut(group, release, point, now),
            _ => self.route.failed(group, release, point, now),
        };
        if goes_on {
            return Reaction { at: now, then: Then::TryAgain };
        }
        let retries = self.plain.retries - self.retries_before;
        let delay = match (code, release.spin) {
            (RefusalCode::NetworkPathNotFound, Some(spin)) => spin,
            _ if release.retry.max_retries.is_some_and(|max| retries >= max) => {
                return Reaction { at: now, then: Then::End(Outcome::GaveUp) };
            }
            _ => self.plain.next_delay(&release.retry, self.retries_before, hint),
        };
        let opening = self.route.next_opening(group, release, now);
        let due = opening.map_or(now + delay, |opening| opening.min(now + delay));
        let terms = self.terms(release);
        self.plain.wait(terms, now, self.online.opens(due))
    }

    /// Its transfer was cut. Who resumes has made progress, and is patient again from here on.
    fn cut(&mut self, release: &Release, left: Work) {
        self.plain.cut(self.connections());
        let resumes = release.on_cut == OnCut::Resume;
        if resumes && left != self.work() {
            self.since = self.plain.world.now();
        }
        self.left = resumes.then_some(left);
    }

    /// The retries so far do not count for the policy any more.
    fn forget_retries(&mut self) {
        self.retries_before = self.plain.retries;
        self.plain.last_delay = 0;
    }

    /// When its hours are over, if it is in Retry mode until then and beyond.
    fn goes_offline_before(&self, at: Time) -> Option<Time> {
        self.plain.waiting_at()?;
        let closes = self.online.closes(self.plain.world.now());
        (closes < at).then_some(closes)
    }

    /// Its hours are over: it is no longer in Retry mode, though its retry will come.
    fn go_offline(&mut self) {
        if let Some(waiting_at) = self.plain.waiting_at() {
            self.plain.observe(EventKind::WentOffline { waiting_at });
            self.plain.waiting_at = NOWHERE;
        }
    }

    /// An error handler unscheduled it; a new advertisement will come.
    fn strand(&mut self) {
        let waiting_at = self.plain.waiting_at();
        self.plain.observe(EventKind::Unscheduled { waiting_at });
        self.plain.waiting_at = NOWHERE;
        self.plain.stage = Stage::Stranded;
        self.stranded_at = self.plain.world.now();
        self.plain.world.strand();
    }

    /// The poll by which it learns of the new advertisement.
    fn next_poll(&self, workaround: Workaround) -> Time {
        let client = &self.plain;
        let begins = match workaround {
            Workaround::After(after) => Time::ZERO + after,
            Workaround::WhenStranded(_) => Time::ZERO,
        };
        let now = client.world.now().max(begins);
        self.online.opens(client.group.next_poll(client.index, client.arrival, now))
    }

    /// The new advertisement: all is as at the beginning, but that it counts on.
    fn begin_again(&mut self) {
        self.since = self.plain.world.now();
        self.expires = None;
        self.route = Route::default();
        self.left = None;
        self.forget_retries();
        self.plain.observe(EventKind::Readvertised);
    }

    fn end_again(&mut self, outcome: Outcome) {
        let delay = self.plain.world.now().since(self.stranded_at);
        let waiting_at = self.plain.waiting_at();
        self.plain.observe(EventKind::ReadvertisementEnded { outcome, delay, waiting_at });
        self.plain.waiting_at = NOWHERE;
    }
}
