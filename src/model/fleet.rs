//! Fleets: groups whose clients have different releases, or are upgraded during the simulation.

use super::{Purpose, Release, Streams, Time};
use crate::value::Span;

/// The share of a group that has a certain release.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// How much of the group, 0 to 100.
    pub percent: f64,
    /// Its release.
    pub release: Release,
}

/// An upgrade that reaches the clients one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct Upgrade {
    /// The release afterwards.
    pub to: Release,
    /// When the first clients are upgraded.
    pub from: Span,
    /// How long it takes to reach all of them; each at an instant uniform in that time.
    pub over: Span,
}

/// The releases of one client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Releases<'g> {
    first: &'g Release,
    upgraded: Option<(Time, &'g Release)>,
}

impl<'g> Releases<'g> {
    /// The releases of client `client` of a group with `release` or `mix`. They depend on nothing
    /// else: a client that has the first release of a mix has it in every variant in which the share
    /// of that release is not smaller.
    pub fn of(
        release: &'g Release,
        mix: &'g [Share],
        upgrade: Option<&'g Upgrade>,
        client: u32,
        streams: &Streams,
    ) -> Releases<'g> {
        let draw = |n| streams.uniform(client, Purpose::Release, n);
        let first = match mix {
            [] => release,
            mix => {
                let (mut drawn, mut place) = (100.0 * draw(0), 0);
                while place + 1 < mix.len() && drawn >= mix[place].percent {
                    drawn -= mix[place].percent;
                    place += 1;
                }
                &mix[place].release
            }
        };
        let upgraded = upgrade.map(|upgrade| {
            let later = (draw(1) * upgrade.over.as_millis_f64()) as u64;
            (Time::ZERO + upgrade.from + Span::from_millis(later), &upgrade.to)
        });
        Releases { first, upgraded }
    }

    /// Whether it will have another release after `now`.
    pub fn change_after(&self, now: Time) -> bool {
        self.upgraded.is_some_and(|(at, _)| at > now)
    }

    /// The release that it has at `now`.
    pub fn at(&self, now: Time) -> &'g Release {
        match self.upgraded {
            Some((at, release)) if now >= at => release,
            _ => self.first,
        }
    }
}
