//! The tokio world where transfers share bandwidth, points fail and servers have queues.
//!
//! It checks the event engine, with which it shares the client's code, the rates' definition (whole
//! grains a millisecond) and the timeline of each point, and no other line.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::Notify;

use super::tokio_executor::{Ground, Stage, play};
use super::tokio_point::{Open, Point, Told};
use crate::model::{
    Answer, Carried, ClientId, Clock, DistributionPoint, EventKind, FullClient, FullWorld, Load,
    Members, Newcomer, Observer, Order, PointId, Rate, Replication, Time, Work,
    run_full_advertisement,
};

/// Plays `replication` as [`tokio_engine::run`](super::tokio_engine::run) does.
pub fn run<O: Observer + 'static>(
    replication: &Replication<'_>,
    observer: O,
    stop: &Arc<AtomicBool>,
) -> std::io::Result<O> {
    play(replication, observer, stop, |ground| FullTokioWorld::new(replication, ground))
}

/// A full world as tokio plays it.
struct FullTokioWorld<O> {
    ground: Ground<O>,
    points: Vec<Point>,
    /// The points as the scenario has them, and what their failures are drawn from.
    descriptions: Vec<DistributionPoint>,
    seed: u64,
    number: u64,
    /// How many clients are stranded, and who is told of each.
    stranded: Cell<u64>,
    one_more_stranded: Notify,
}

impl<O: Observer> FullTokioWorld<O> {
    fn new(replication: &Replication<'_>, ground: Ground<O>) -> FullTokioWorld<O> {
        let points = replication.distribution_points.iter().zip(0..).map(|(point, id)| {
            let limit = replication.timeline(PointId(id)).state();
            if limit != point.connection_limit {
                ground.observer.borrow_mut().limit_changed(Time::ZERO, PointId(id), limit);
            }
            Point::new(point, limit, ground.start)
        });
        FullTokioWorld {
            points: points.collect(),
            descriptions: replication.distribution_points.to_vec(),
            seed: replication.seed,
            number: replication.number,
            stranded: Cell::new(0),
            one_more_stranded: Notify::new(),
            ground,
        }
    }
}

impl<O: Observer + 'static> Stage<O> for FullTokioWorld<O> {
    fn ground(&self) -> &Ground<O> {
        &self.ground
    }

    fn client<'w>(
        &'w self,
        members: &'w Members<'w>,
        newcomer: Newcomer,
    ) -> impl Future<Output = ()> + 'w {
        run_full_advertisement(FullClient::new(self, members, newcomer.index, newcomer.at))
    }

    /// Goes through its states.
    async fn point(&self, id: PointId) {
        let mut timeline = self.descriptions[id.index()].timeline(self.seed, self.number);
        while let Some(at) = timeline.advance(self.ground.horizon) {
            self.sleep_until(at, Order::PointChange).await;
            self.ground.observer.borrow_mut().limit_changed(at, id, timeline.state());
            self.points[id.index()].change(timeline.state());
        }
    }

    fn close(&self) {
        self.points.iter().for_each(|point| point.over.set(true));
    }
}

impl<O: Observer> Clock for FullTokioWorld<O> {
    fn now(&self) -> Time {
        self.ground.now()
    }

    async fn sleep_until(&self, at: Time, order: Order) {
        self.ground.sleep_until(at, order).await;
    }

    fn observe(&self, client: ClientId, arrived: Time, kind: EventKind) {
        self.ground.observe(client, arrived, kind);
    }
}

impl<O: Observer> FullWorld for FullTokioWorld<O> {
    type Connection<'w>
        = Open<'w>
    where
        Self: 'w;

    fn request(&self, client: ClientId, id: PointId, connections: u32) -> Option<Answer<Open<'_>>> {
        self.ground.look_at_stop();
        self.points[id.index()].request(client, connections)
    }

    async fn wait_in_queue(&self, id: PointId, deadline: Time) -> Option<Answer<Open<'_>>> {
        let point = &self.points[id.index()];
        let (number, connections, hears) = point.last_in_queue()?;
        let told = match deadline <= self.now() {
            true => None,
            false => self.ground.before(deadline, hears).await,
        };
        match told {
            Some(Ok(Told::ComeIn)) => Some(Answer::Admitted(point.connection(connections))),
            Some(Ok(Told::GoAway(hint))) => Some(Answer::Refused(hint)),
            Some(Ok(Told::Down) | Err(_)) => Some(Answer::Unreachable),
            None => {
                point.leave_queue(number);
                None
            }
        }
    }

    async fn carry(&self, open: &Open<'_>, work: Work, link: Option<Rate>, until: Time) -> Carried {
        let point = open.point;
        point.begin(open, work, link);
        loop {
            let changed = point.changed.notified();
            let (left, end, cut) = point.look(open);
            if cut {
                return Carried::Cut(left);
            }
            if end <= self.now() {
                return Carried::Done;
            }
            if until <= self.now() {
                return Carried::Stopped(left);
            }
            let _ = self.ground.before(end.min(until), changed).await;
            point.settle();
        }
    }

    fn load(&self, id: PointId) -> Load {
        self.points[id.index()].load()
    }

    fn strand(&self) {
        self.stranded.set(self.stranded.get() + 1);
        self.one_more_stranded.notify_waiters();
    }

    async fn until_stranded(&self, count: u64) {
        while self.stranded.get() < count {
            self.one_more_stranded.notified().await;
        }
    }
}
