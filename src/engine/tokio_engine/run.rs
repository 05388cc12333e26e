//! Runs clients and points as tokio tasks.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::task::LocalSet;
use tokio::time::timeout_at;
use tokio_util::task::TaskTracker;

use super::world::TokioWorld;
use crate::model::{
    Client, ClientGroup, Full, GroupId, Members, Observer, PointId, Replication, Span, Streams,
    Time, Workaround, run_advertisement,
};

/// The longest horizon it can simulate: tokio's timers reach 2^36 ms, some two years, ahead.
pub const MAX_HORIZON: Span = Span::from_days(2 * 365);

/// Simulates `replication` from its start to its horizon, at most [`MAX_HORIZON`], or until no
/// client is left, and gives `observer` back. If `stop` becomes true it ends early.
///
/// # Errors
///
/// If the system does not let it build a runtime.
pub fn run<O: Observer + 'static>(
    replication: &Replication<'_>,
    observer: O,
    stop: &Arc<AtomicBool>,
) -> std::io::Result<O> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let observer = Rc::new(RefCell::new(observer));
    let tasks = LocalSet::new();
    tasks.block_on(&runtime, simulate(replication, observer.clone(), stop.clone()));
    drop(tasks);
    match Rc::try_unwrap(observer) {
        Ok(observer) => Ok(observer.into_inner()),
        Err(_) => unreachable!("all tasks have ended, and the world with them"),
    }
}

async fn simulate<O: Observer + 'static>(
    replication: &Replication<'_>,
    observer: Rc<RefCell<O>>,
    stop: Arc<AtomicBool>,
) {
    let world = Rc::new(TokioWorld::new(replication, observer, stop));
    let groups: Rc<[Group]> = replication.groups.iter().map(Group::of).collect();
    let (points, clients) = (TaskTracker::new(), TaskTracker::new());
    for (point, id) in replication.distribution_points.iter().zip((0..).map(PointId)) {
        if point.linger > Span::ZERO {
            let world = world.clone();
            points.spawn_local(async move {
                world.run_to_the_end(world.end_sessions(id)).await;
            });
        }
        if replication.groups.iter().any(|members| members.group.timeout.is_some()) {
            let world = world.clone();
            points.spawn_local(async move {
                world.run_to_the_end(world.work_for_nobody(id)).await;
            });
        }
        let (world, point) = (world.clone(), point.clone());
        let (seed, number) = (replication.seed, replication.number);
        points.spawn_local(async move {
            let changes = world.change(id, point.timeline(seed, number));
            world.run_to_the_end(changes).await;
        });
    }
    for newcomer in replication.newcomers() {
        let (world, groups) = (world.clone(), groups.clone());
        clients.spawn_local(async move {
            let members = groups[newcomer.group.index()].members(newcomer.group);
            let client = Client::<_, Full>::new(&*world, &members, newcomer.index, newcomer.at);
            world.run_to_the_end(run_advertisement(client)).await;
        });
    }
    clients.close();
    points.close();
    // Everything up to and at the horizon happens; clients that are left then are unfinished.
    let after = world.instant(world.horizon + Span::MILLISECOND);
    let all = async {
        clients.wait().await;
        world.until_nobody_is_served().await;
    };
    let _ = timeout_at(after, all).await;
    world.close(replication);
    clients.wait().await;
    points.wait().await;
}

/// A group's [`Members`], as tasks can own them.
struct Group {
    group: ClientGroup,
    streams: Streams,
    expires: Option<Time>,
    workaround: Option<Workaround>,
    errors: bool,
}

impl Group {
    fn of(members: &Members<'_>) -> Group {
        Group {
            group: members.group.clone(),
            streams: members.streams,
            expires: members.expires,
            workaround: members.workaround,
            errors: members.errors,
        }
    }

    fn members(&self, id: GroupId) -> Members<'_> {
        let mut members = Members::new(id, &self.group, self.streams, self.expires);
        members.workaround = self.workaround;
        members.errors = self.errors;
        members
    }
}
