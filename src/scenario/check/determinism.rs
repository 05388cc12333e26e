//! Whether a scenario has any random input.

use super::super::definition::Scenario;
use crate::model::ClientGroup;

impl Scenario {
    /// Whether every replication is the same because it draws no random numbers: one run is then
    /// conclusive.
    ///
    /// It is conservative: a scenario that it reports as random may still give the same result
    /// each time, but not the other way round. What is random: arrivals that are `uniform`, `poisson` or `poll`;
    /// transfers with a spread; retries with jitter and `memoryless` ones; the choice among several
    /// distribution points of a tier unless it is `ordered`, and among copies of a point; misreports with a probability between 0
    /// and 1 to a release that they strand; the phase of polls that unschedule or bring a workaround;
    /// failures; mixes of releases and upgrades; hours with zones or a stagger; clients that
    /// vanish.
    pub fn is_deterministic(&self) -> bool {
        // Without `..`, so that a new field does not compile until it is considered here.
        let Scenario {
            name: _,
            description: _,
            seed: _,
            horizon: _,
            warmup: _,
            expires_after: _,
            starts: _,
            workaround,
            distribution_points,
            clients,
            sites: _,
            trigger: _,
            recovery: _,
        } = self;
        workaround.is_none()
            && !distribution_points.iter().any(|point| point.is_random() || point.copies > 1)
            && !clients.iter().any(ClientGroup::is_random)
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::{Origin, load};

    fn is_deterministic(changes: &[&str]) -> bool {
        let text = "
            name = 'x'
            distribution_points.A.connection_limit = 5
            distribution_points.B.connection_limit = 5
            [clients.g]
            count = 20
            distribution_points = ['A']
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '2m' }
        ";
        let changes: Vec<String> = changes.iter().map(|&change| change.to_owned()).collect();
        load(Origin::Text { name: "test", text }, &changes).expect("right").base.is_deterministic()
    }

    #[test]
    fn without_anything_drawn_a_scenario_is_deterministic() {
        for changes in [
            &[][..],
            &["clients.g.arrival={kind='even', over='10m'}"],
            &["clients.g.transfer={kind='uniform', min='2m', max='2m'}"],
            &["clients.g.transfer={kind='lognormal', median='2m', sigma=0}"],
            &["clients.g.retry={policy='exponential', base='1m'}"],
            &["clients.g.distribution_points=['A', 'B']", "clients.g.choose=ordered"],
            &["clients.g.release=sms-2.0-sp2", "clients.g.misreport_probability=1"],
            &["clients.g.release=sms-2.0-sp3", "clients.g.misreport_probability=0.5"],
            &["clients.g.transfer={kind='size', bytes='1 MB'}", "clients.g.link=1 Mbit/s"],
            &["clients.g.connections=2", "clients.g.retry={policy='server', interval='1m'}"],
            &["distribution_points.A.queue=3", "distribution_points.A.retry_after=estimated"],
            &["distribution_points.A.outages=[{from='1m', for='1m'}]"],
            &["clients.g.distribution_points=['B']", "clients.g.online=08:00-18:00"],
        ] {
            assert!(is_deterministic(changes), "{changes:?}");
        }
    }

    #[test]
    fn whatever_is_drawn_makes_a_scenario_random() {
        for changes in [
            &["clients.g.arrival={kind='uniform', over='10m'}"][..],
            &["clients.g.arrival={kind='poisson', mean_interval='1s'}"],
            &["clients.g.arrival={kind='poll', interval='1h'}"],
            &["clients.g.transfer={kind='exponential', mean='2m'}"],
            &["clients.g.transfer={kind='lognormal', median='2m', sigma=0.1}"],
            &["clients.g.retry={policy='fixed', interval='1m', jitter='1s'}"],
            &["clients.g.retry={policy='exponential', base='1m', jitter='full'}"],
            &["clients.g.retry={policy='memoryless', mean='1m'}"],
            &["clients.g.distribution_points=['A', 'B']", "clients.g.choose=random"],
            &["clients.g.distribution_points=['A', 'B']", "clients.g.choose=random-once"],
            &["clients.g.release=sms-2.0-sp2", "clients.g.misreport_probability=0.5"],
            &["clients.g.poll_unschedules=true"],
            &["workaround={after='1h'}"],
            &["distribution_points.A.failures={mtbf='1d', mttr='1h'}"],
            &["clients.g.upgrade={to='bits', over='1h'}"],
            &["clients.g.online=08:00-18:00", "clients.g.stagger=1h"],
            &["clients.g.online=08:00-18:00", "clients.g.zones=['UTC', 'UTC+1']"],
            &["clients.g.vanishes={every='1h', for='1h'}"],
            &["clients.g.retry={policy='server', interval='1m', jitter='1s'}"],
        ] {
            assert!(!is_deterministic(changes), "{changes:?}");
        }
    }
}
