//! The story of a client, top to bottom.

use super::state::{Advertisement, Attempt, Pause, Reaction, Retries, Stay, Then};
use crate::model::{Client, Detail, EventKind, Order, Outcome, World};

/// One client runs one advertisement.
///
/// This is the story of the KB article, written once for every [`World`]. It is a function that
/// returns an async block rather than an `async fn`, which would keep its argument twice; it awaits
/// nothing but the world, and keeps nothing beside the client while it does: the size of this future
/// decides how many clients fit into a cache.
#[expect(clippy::manual_async_fn, reason = "an async fn keeps its argument twice")]
pub fn run_advertisement<W: World, D: Detail>(
    mut client: Client<'_, W, D>,
) -> impl Future<Output = ()> {
    async move {
        client.world.sleep_until(client.arrival, Order::Arrival).await;
        'programs: loop {
            client.arrive();
            if client.advertisement_is_over() {
                return client.end(Outcome::Expired);
            }
            loop {
                let mut attempt = client.request();
                if let Attempt::Queued(Stay { until, then }) = attempt {
                    client.world.wait_in_queue(client.id(), client.point, until).await;
                    attempt = client.leave_queue(then);
                }
                if let Attempt::Connected(leaves) = attempt
                    && let Advertisement::Connected(connection) = &client.advertisement
                {
                    let (point, work, link) =
                        (client.point, client.work(), client.group.group.link);
                    client.world.transfer(point, connection, work, link, leaves).await;
                    attempt = client.disconnect();
                }
                let then = match client.react_to(attempt) {
                    Reaction::KeepTrying(Retries { interval, last, outcome }) => {
                        client.world.keep_trying(client.point, interval, last).await;
                        client.kept_trying(outcome)
                    }
                    Reaction::Pause(Pause { mut at, then }) => {
                        if let Some(closes) = client.goes_offline_before(at) {
                            client.world.sleep_until(closes, Order::Poll).await;
                            at = client.go_offline();
                        }
                        match then {
                            Then::TryAgain => client.world.retry_at(client.point, at).await,
                            Then::End(_) => client.world.sleep_until(at, Order::Poll).await,
                        }
                        then
                    }
                };
                let Then::End(outcome) = then else { continue };
                if client.gets_workaround_after(outcome) {
                    client.strand();
                    client.world.until_stranded(client.stranded_before_workaround()).await;
                    client.world.sleep_until(client.next_poll(), Order::Poll).await;
                    client.begin_again();
                    continue;
                }
                let again = client.comes_again_after(outcome);
                client.end(outcome);
                let Some(again) = again else { return };
                client.observe(EventKind::Thinks { begins: true });
                client.world.sleep_until(again, Order::Return).await;
                client.come_again();
                continue 'programs;
            }
        }
    }
}
