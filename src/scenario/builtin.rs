//! The built-in scenarios: the files of `scenarios/`, compiled in.

use std::path::Path;

use crate::diagnostic::did_you_mean;

/// A built-in scenario.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Its name on the command line.
    pub name: &'static str,
    /// One line that describes it.
    pub summary: &'static str,
    /// The file.
    pub text: &'static str,
}

/// The scenario that runs if the command line names none.
pub const DEFAULT_BUILTIN: &str = "q268500";

macro_rules! builtin {
    ($($name:literal: $summary:literal;)*) => {
        &[$(Builtin {
            name: $name,
            summary: $summary,
            text: include_str!(concat!("../../scenarios/", $name, ".toml")),
        }),*]
    };
}

/// All built-in scenarios, in the order in which they are listed.
pub const BUILTIN: &[Builtin] = builtin! {
    "q268500": "the KB article: 5,000 clients, limit 50, buggy and fixed error handling";
    "q302674": "the other bug: a poll unschedules the pending retry; 15, 30 and 60 minute polls";
    "workstation-share": "a share on a workstation: 10 or 20 connections for an office";
    "retry-policies": "one storm under six retry policies";
    "sms-2003": "the Advanced Client: 1,008 retries, one week, and then?";
    "bits-rollout": "BITS clients that give up after 14 days without progress";
    "mixed-fleet": "60% of the fleet upgraded, 40% still strand";
    "continuous": "Poisson arrivals for days: a steady load near the limit";
    "thrashing-server": "shared bandwidth, and a limit that is too high: the server thrashes";
    "nightly-outage": "an hour without the server: restart, resume, or spin (Q302535)";
    "modern-registry": "429 with Retry-After, or a queue, against kubelet's back-off";
    "branch-office": "20 branches and one headquarters: stay, or fall back";
    "configmgr-fallback": "the two-minute fallback to a neighbour group";
    "upgrade-in-progress": "a fix that rolls out over a day while the storm lasts";
    "workaround": "a new advertisement for stranded clients: how many it recovers, and when";
    "windows-share": "idle sessions hold the 10 connections of a share: AutoDisconnect";
    "docker-hub": "100 pulls per six hours and address, and an office behind one";
    "api-rate-limit": "429 and four client libraries: who fails, and does Retry-After help?";
    "pgbouncer": "a pool of 20 connections, its queue, and how long a client may wait";
    "thundering-herd": "a server is back, and 500 clients with it: peaks by jitter";
    "retry-storm": "a burst ends and the server stays down, or not, by the length of its queue";
    "database-restart": "500 application clients connect again to PostgreSQL: attempts by back-off";
    "registry-outage": "a registry is down for ten minutes while 2,000 nodes pull";
    "aws-2026": "retry quotas of the AWS SDKs, old and new, while a service throttles";
    "circuit-breaker": "two minutes of outage, with and without the breaker of resilience4j";
    "laptops": "office hours, zones and meetings cut transfers: restart or resume";
};

impl Builtin {
    /// The built-in scenario of that name, if there is one.
    pub fn named(name: &str) -> Option<&'static Builtin> {
        BUILTIN.iter().find(|builtin| builtin.name == name)
    }

    /// The name of the built-in scenario that the user most likely meant by a path that is not a file.
    pub fn near(path: &Path) -> Option<&'static str> {
        let name = path.file_stem()?.to_str()?;
        did_you_mean(name, BUILTIN.iter().map(|builtin| builtin.name))
    }
}
