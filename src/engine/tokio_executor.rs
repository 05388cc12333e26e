//! What both tokio worlds stand on: tokio's paused clock, and one task for each client and point.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::LocalSet;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::model::{
    ClientGroup, ClientId, Clock, Event, EventKind, GroupId, Members, Newcomer, Observer, Order,
    PointId, Replication, Span, Streams, Time, Workaround,
};

/// A world whose clients and points are tokio tasks.
pub(super) trait Stage<O>: 'static {
    /// What it stands on.
    fn ground(&self) -> &Ground<O>;

    /// The story of a client, from its arrival on.
    fn client<'w>(
        &'w self,
        members: &'w Members<'w>,
        newcomer: Newcomer,
    ) -> impl Future<Output = ()> + 'w;

    /// What a point does by itself.
    fn point(&self, id: PointId) -> impl Future<Output = ()>;

    /// The simulation is over; all who are left are dropped now.
    fn close(&self);
}

/// Plays `replication` in the world that `world` builds, from its start to its horizon or until no
/// client is left, and gives `observer` back. If `stop` becomes true it ends early.
pub(super) fn play<O: Observer + 'static, W: Stage<O>>(
    replication: &Replication<'_>,
    observer: O,
    stop: &Arc<AtomicBool>,
    world: impl FnOnce(Ground<O>) -> W,
) -> std::io::Result<O> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let tasks = LocalSet::new();
    let observer = Rc::new(RefCell::new(observer));
    let world = tasks.block_on(&runtime, async {
        let world = Rc::new(world(Ground::new(replication, observer.clone(), stop.clone())));
        let (points, clients) = (TaskTracker::new(), TaskTracker::new());
        for (_, id) in replication.distribution_points.iter().zip(0..) {
            let world = world.clone();
            points.spawn_local(async move {
                world.ground().end.run_until_cancelled(world.point(PointId(id))).await;
            });
        }
        for newcomer in replication.newcomers() {
            let world = world.clone();
            clients.spawn_local(async move {
                let ground = world.ground();
                let members = ground.members(newcomer.group);
                ground.end.run_until_cancelled(world.client(&members, newcomer)).await;
            });
        }
        clients.close();
        points.close();
        // Everything up to and at the horizon happens; whoever is left then is unfinished.
        let after = world.ground().instant(world.ground().horizon + Span::MILLISECOND);
        let _ = timeout_at(after, clients.wait()).await;
        world.close();
        world.ground().end.cancel();
        clients.wait().await;
        points.wait().await;
        world
    });
    drop((world, tasks));
    match Rc::try_unwrap(observer) {
        Ok(observer) => Ok(observer.into_inner()),
        Err(_) => unreachable!("all tasks have ended, and the world with them"),
    }
}

/// Time, the clients' groups, and who watches.
pub(super) struct Ground<O> {
    pub start: Instant,
    pub horizon: Time,
    groups: Vec<Group>,
    pub observer: Rc<RefCell<O>>,
    /// Cancelled when the simulation ends.
    end: CancellationToken,
    stop: Arc<AtomicBool>,
}

/// A group's [`Members`], as tasks can own them.
struct Group {
    group: ClientGroup,
    streams: Streams,
    expires: Option<Time>,
    workaround: Option<Workaround>,
}

impl<O> Ground<O> {
    fn new(
        replication: &Replication<'_>,
        observer: Rc<RefCell<O>>,
        stop: Arc<AtomicBool>,
    ) -> Ground<O> {
        let groups = replication.groups.iter().map(|members| Group {
            group: members.group.clone(),
            streams: members.streams,
            expires: members.expires,
            workaround: members.workaround,
        });
        Ground {
            start: Instant::now(),
            horizon: replication.horizon,
            groups: groups.collect(),
            observer,
            end: CancellationToken::new(),
            stop,
        }
    }

    fn members(&self, id: GroupId) -> Members<'_> {
        let Group { group, streams, expires, workaround } = &self.groups[id.index()];
        let mut members = Members::new(id, group, *streams, *expires);
        members.workaround = *workaround;
        members
    }

    /// The present instant.
    pub fn now(&self) -> Time {
        Time::from_millis(self.start.elapsed().as_millis() as u64)
    }

    /// Waits for `future`, but not beyond `at`, if that comes before the end.
    pub async fn before<F: Future>(&self, at: Time, future: F) -> Option<F::Output> {
        if at > self.horizon {
            return Some(future.await);
        }
        timeout_at(self.instant(at), future).await.ok()
    }

    fn instant(&self, at: Time) -> Instant {
        self.start + Duration::from_millis(at.as_millis())
    }

    /// Ends the simulation if that was asked for.
    pub fn look_at_stop(&self) {
        if self.stop.load(Ordering::Relaxed) {
            self.end.cancel();
        }
    }
}

impl<O: Observer> Clock for Ground<O> {
    fn now(&self) -> Time {
        Ground::now(self)
    }

    async fn sleep_until(&self, at: Time, _: Order) {
        if at > self.horizon {
            // It never comes: the task is cancelled when the simulation ends.
            std::future::pending::<()>().await;
        }
        if at > self.now() {
            tokio::time::sleep_until(self.instant(at)).await;
        }
    }

    fn observe(&self, client: ClientId, arrived: Time, kind: EventKind) {
        let at = self.now();
        self.observer.borrow_mut().observe(&Event { at, client, arrived, kind });
    }
}
