//! The sentences of reports: their words fit the scenario, and their grammar the numbers.

use crate::harness::Desk;

/// A scenario of `clients` clients that arrive at once at one of two servers, which accepts one connection. Their transfers take
/// a minute, and further keys are set by `options`.
fn report(clients: u32, options: &[&str]) -> String {
    let scenario = format!(
        "name = 'A burst'
        horizon = '10m'
        distribution_points = {{ S = {{ connection_limit = 1 }}, T = {{ connection_limit = 1 }} }}
        [clients.g]
        count = {clients}
        distribution_points = ['S']
        arrival = {{ kind = 'burst' }}
        transfer = {{ kind = 'constant', duration = '1m' }}
        retry = {{ policy = 'fixed', interval = '1m' }}"
    );
    let options = options.iter().flat_map(|option| ["--set", option]);
    let arguments: Vec<&str> =
        ["run", "s.toml", "--no-what-if", "-q"].into_iter().chain(options).collect();
    Desk::with(&scenario).run(&arguments).succeeds()
}

/// The answer of a report.
fn answer(report: &str) -> &str {
    report.lines().nth(2).expect("an answer")
}

#[test]
fn numbers_agree_with_their_words() {
    let stranded = &["clients.g.misreport_probability=1", "clients.g.release='sms-2.0-sp2'"];
    let cases: [(u32, &[&str], &str); 10] = [
        (1, &[], "The only client completes, within 1m."),
        (2, &[], "All 2 clients complete, 95% of them within 2m."),
        (12, &[], "2 of 12 clients are not done at the horizon."),
        (11, &[], "1 of 11 clients is not done at the horizon."),
        (1, &["clients.g.transfer.duration='1h'"], "1 of 1 client is not done at the horizon."),
        (2, &["clients.g.retry.max_retries=0"], "1 of 2 clients gives up."),
        (3, &["clients.g.retry.max_retries=0"], "2 of 3 clients give up."),
        (2, &["expires_after='30s'"], "1 of 2 clients is too late."),
        (2, stranded, "1 of 2 advertisements is stranded."),
        (3, stranded, "2 of 3 advertisements are stranded."),
    ];
    for (clients, options, sentence) in cases {
        let report = report(clients, options);
        assert!(answer(&report).starts_with(sentence), "{report}");
    }
}

#[test]
fn words_of_sms_are_for_scenarios_whose_clients_can_be_stranded() {
    let late = "expires_after='30s'";
    for options in [&[][..], &[late]] {
        let report = report(20, options).to_lowercase();
        for word in ["advertisement", "stranded", "distribution point"] {
            assert!(!report.contains(word), "{word}: {report}");
        }
    }
    assert!(report(20, &[]).contains("\nserver"));
    assert!(report(20, &[late]).contains("the offer expired before 19 of 20 clients"));
    let sms = ["clients.g.misreport_probability=1", "clients.g.release='sms-2.0-sp2'"];
    let report = report(20, &sms);
    for words in ["advertisements are stranded", "\nstranded", "\ndistribution point"] {
        assert!(report.contains(words), "{words}: {report}");
    }
    // That nobody is stranded is reported where somebody could be.
    let spared = ["run", "q268500", "--set", "clients.*.count=3", "--no-what-if"];
    assert!(Desk::new().run(&spared).succeeds().contains("\nstranded"));
}
