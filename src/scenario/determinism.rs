//! Whether a scenario has any random input.

use super::Scenario;
use crate::model::{
    Arrival, Choice, ClientGroup, Delay, DistributionPoint, Jitter, RetryPolicy, Trace, Transfer,
};

impl Scenario {
    /// Whether every replication is the same, because nothing in it is drawn: one run is then proof.
    ///
    /// It is careful: a scenario that it calls random may still come out the same each time, but not
    /// the other way round. What is random: arrivals that are `uniform`, `poisson` or `poll`;
    /// transfers with a spread; retries with jitter and `memoryless` ones; the choice among several
    /// distribution points unless it is `ordered`; misreports with a probability between 0 and 1 to
    /// a release that they strand; the phase of polls that unschedule.
    pub fn is_deterministic(&self) -> bool {
        // Without `..`: whoever adds a part has to say here whether it is random.
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
        } = self;
        // Failures are random; queues, outages and the rest are not, but the careful answer will do.
        workaround.is_none()
            && distribution_points.iter().all(DistributionPoint::is_plain)
            && clients.iter().all(is_group_deterministic)
    }
}

fn is_group_deterministic(group: &ClientGroup) -> bool {
    let ClientGroup {
        name: _,
        count: _,
        // What makes a group more than plain is random for the most part.
        release_mix: _,
        upgrade: _,
        further_tiers: _,
        hours: _,
        vanishes: _,
        link: _,
        release,
        misreport_probability,
        distribution_points,
        choose,
        arrival,
        transfer,
        poll_interval: _,
    } = group;
    let misreport = *misreport_probability;
    let certain = misreport <= 0.0 || misreport >= 1.0 || !release.misreport_strands;
    let chosen = distribution_points.len() < 2 || *choose == Choice::Ordered;
    group.is_plain()
        && certain
        && chosen
        && !release.poll_unschedules
        && is_arrival_deterministic(arrival)
        && is_transfer_deterministic(transfer)
        && is_retry_deterministic(&release.retry)
}

fn is_arrival_deterministic(arrival: &Arrival) -> bool {
    match arrival {
        Arrival::Burst { .. } | Arrival::Even { .. } | Arrival::Trace(_) => true,
        Arrival::Uniform { .. } | Arrival::Poisson { .. } | Arrival::Poll { .. } => false,
    }
}

fn is_transfer_deterministic(transfer: &Transfer) -> bool {
    let same = |trace: &Trace| trace.rows.windows(2).all(|pair| pair[0] == pair[1]);
    match transfer {
        Transfer::Constant { .. } | Transfer::Trace(_) => true,
        Transfer::Uniform { min, max } => min == max,
        Transfer::Lognormal { sigma, .. } => *sigma == 0.0,
        Transfer::Empirical(trace) => same(trace),
        Transfer::Exponential { .. } | Transfer::Size { .. } => false,
    }
}

fn is_retry_deterministic(retry: &RetryPolicy) -> bool {
    match &retry.delay {
        Delay::Fixed { jitter, .. } => jitter.is_none(),
        Delay::Linear { .. } => true,
        Delay::Exponential { jitter, .. } => *jitter == Jitter::None,
        Delay::Memoryless { .. } | Delay::Server { .. } => false,
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
        ] {
            assert!(!is_deterministic(changes), "{changes:?}");
        }
    }
}
