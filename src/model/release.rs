//! Releases: what the client software does when its attempt is refused. The KB articles describe
//! a family of error handlers; each is data here, and scenarios may change every field.

use std::sync::LazyLock;

use super::RetryPolicy;
use crate::value::Span;

/// The error handling of a client release.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// The name that the scenario uses, such as `sms-2.0-sp2`.
    pub name: &'static str,
    /// Q268500: a refusal that is misreported as `0x80070047` is not recognised, and the program
    /// is unscheduled: its advertisement is stranded.
    pub misreport_strands: bool,
    /// Q302674: the Offer Data Provider's next poll unschedules a pending retry: stranded.
    pub poll_unschedules: bool,
    /// After this number of refusals in a row at one point the client moves to the next
    /// of its list at once; when all have refused it, it waits for its retry delay. `None`: it
    /// waits after every refusal.
    pub tries_per_point: Option<u8>,
    /// After each wait it moves to the next point of its tier, and does not come back to the one
    /// that refused it.
    pub moves_on: bool,
    /// How long after a client was first refused the next tier of its distribution points is open
    /// to it, and the same time again for each that follows; zero: at once. `None`: never.
    pub fallback_after: Option<Span>,
    /// What happens to a transfer that was cut.
    pub on_cut: OnCut,
    /// Q302535: a client that finds the network path gone sets its next schedule time to the present
    /// and spins: it retries after this delay and not after its policy's; `None`: it retries as after any
    /// other refusal. How fast it spun is not known: according to the article the log rolls over.
    pub spin: Option<Span>,
    /// When it tries again.
    pub retry: RetryPolicy,
}

/// What a client does after its transfer was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnCut {
    /// It begins again from zero: a program that ran from the share.
    Restart,
    /// It resumes where it was: BITS.
    Resume,
}

/// A client of SMS without bugs, from which the named releases differ.
const SMS: Release = Release {
    name: "",
    misreport_strands: false,
    poll_unschedules: false,
    tries_per_point: None,
    moves_on: false,
    fallback_after: Some(Span::ZERO),
    on_cut: OnCut::Restart,
    spin: None,
    retry: TEN_MINUTES,
};

const TEN_MINUTES: RetryPolicy = RetryPolicy::fixed(Span::from_mins(10));

const STRANDS: &str = "retries every 10 min; a misreported refusal strands (Q268500)";

/// The named releases, each with one line on what it does. All but the last wait 10 minutes between
/// tries; where another figure is unknown (ConfigMgr 2007), set `retry` in the scenario.
/// `poll_unschedules` is off in all of them: the bug of Q302674 is studied separately, by switching it on.
static NAMED: LazyLock<Vec<(Release, &str)>> = LazyLock::new(|| {
    vec![
        (Release { name: "sms-1.2", misreport_strands: true, ..SMS }, STRANDS),
        (Release { name: "sms-2.0", misreport_strands: true, ..SMS }, STRANDS),
        (Release { name: "sms-2.0-sp1", misreport_strands: true, ..SMS }, STRANDS),
        (Release { name: "sms-2.0-sp2", misreport_strands: true, ..SMS }, STRANDS),
        (
            Release { name: "sms-2.0-sp3", ..SMS },
            "retries every 10 min; Q268500 is fixed, Q302674 not yet",
        ),
        (
            // The article names no interval, only high CPU and a log that rolls over: this is our guess.
            Release { name: "sms-2.0-q302535", spin: Some(Span::from_secs(1)), ..SMS },
            "SP3, \"not over slow links\": spins while it cannot reach its point (Q302535)",
        ),
        (
            Release { name: "sms-2.0-sp4", ..SMS },
            "retries every 10 min without a known maximum (Q302674 is fixed)",
        ),
        (
            // 1008 retries of 600 s are one week.
            Release {
                name: "sms-2003",
                retry: RetryPolicy { max_retries: Some(1008), ..TEN_MINUTES },
                ..SMS
            },
            "the Advanced Client: 1008 retries, 10 min apart, are one week",
        ),
        (
            Release { name: "configmgr-2007", tries_per_point: Some(2), ..SMS },
            "one more try at a refusing point, then the next point at once",
        ),
        (
            Release {
                name: "bits",
                on_cut: OnCut::Resume,
                retry: RetryPolicy { give_up_after: Some(Span::from_days(14)), ..TEN_MINUTES },
                ..SMS
            },
            "retries every 10 min and gives up after 14 days without progress",
        ),
        (
            Release {
                name: "configmgr",
                moves_on: true,
                fallback_after: Some(Span::from_mins(120)),
                on_cut: OnCut::Resume,
                retry: RetryPolicy::fixed(Span::from_mins(2)),
                ..SMS
            },
            "2 min a point, then the next; the next tier after 120 min",
        ),
    ]
});

impl Release {
    /// The release that a group without `release` has: it retries every 10 minutes and has none
    /// of the bugs.
    pub const DEFAULT: &'static str = "sms-2.0-sp4";

    /// The release of that name, if there is one.
    pub fn named(name: &str) -> Option<Release> {
        NAMED.iter().find(|(release, _)| release.name == name).map(|(release, _)| release.clone())
    }

    /// The names of all releases, each with one line on what it does.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        NAMED.iter().map(|(release, summary)| (release.name, *summary))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_release_exists_and_the_default_is_among_them() {
        assert!(Release::all().all(|(name, _)| Release::named(name).is_some()));
        assert!(Release::named(Release::DEFAULT).is_some());
        assert_eq!(Release::named("sms-3.0"), None);
    }

    #[test]
    fn the_spin_of_q302535_is_all_that_it_has_beside_service_pack_3() {
        let fixed = Release::named("sms-2.0-sp3").unwrap();
        let spinning = Release::named("sms-2.0-q302535").unwrap();
        assert_eq!(spinning.spin, Some(Span::from_secs(1)));
        assert_eq!(Release { spin: None, name: fixed.name, ..spinning }, fixed);
        assert_eq!(fixed.spin, None);
    }

    #[test]
    fn service_pack_3_differs_from_service_pack_2_by_its_fix_alone() {
        let fixed = Release::named("sms-2.0-sp3").unwrap();
        let mut buggy = Release::named("sms-2.0-sp2").unwrap();
        assert!(buggy.misreport_strands);
        buggy.misreport_strands = false;
        buggy.name = fixed.name;
        assert_eq!(buggy, fixed);
    }
}
