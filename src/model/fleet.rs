//! Fleets: groups whose clients do not all have the same release, or not for ever.

use rand::Rng;

use super::group::ClientGroup;
use super::random::{Purpose, Streams, unit};
use super::release::Release;
use super::time::Time;
use crate::value::Span;

/// A share of a group that has a release of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// How much of the group, 0 to 100.
    pub percent: f64,
    /// Its release.
    pub release: Release,
}

/// An upgrade that reaches each client at a time of its own.
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
    /// Those of client `client`. Which they are does not depend on anything else: a client that has
    /// the first release of a mix has it in every variant in which its share is not smaller.
    pub fn of(group: &'g ClientGroup, client: u32, streams: &Streams) -> Releases<'g> {
        let draw = |n| unit(streams.draw(client, Purpose::Release, n).next_u64());
        let first = match &group.release_mix[..] {
            [] => &group.release,
            mix => {
                let (mut drawn, mut place) = (100.0 * draw(0), 0);
                while place + 1 < mix.len() && drawn >= mix[place].percent {
                    drawn -= mix[place].percent;
                    place += 1;
                }
                &mix[place].release
            }
        };
        let upgraded = group.upgrade.as_ref().map(|upgrade| {
            let later = (draw(1) * upgrade.over.as_millis_f64()) as u64;
            (Time::ZERO + upgrade.from + Span::from_millis(later), &upgrade.to)
        });
        Releases { first, upgraded }
    }

    /// The one that it has at `now`.
    pub fn at(&self, now: Time) -> &'g Release {
        match self.upgraded {
            Some((at, release)) if now >= at => release,
            _ => self.first,
        }
    }
}
