//! Retrial queues: refused clients come back after exponentially distributed delays.

use crate::case::Expected::{Mean, Rough};
use crate::case::{Case, Expected, Family, Form, rows};
use crate::observation::Observation;
use crate::steady::{Service, Steady};

const SINGLE: &str = "Falin and Templeton, Retrial Queues, 1997, chapters 1 and 2; the variance by a \
    computation of our own";
const SEVERAL: &str = "A level-dependent quasi-birth-and-death process, solved numerically; for two \
    servers Keilson, Cozzolino and Young, Operations Research 16 (1968) 467-479";
const PHASES: &str =
    "LINE solver, `qsys_bmapphnn_retrial` (Dudin and others, Mathematics 13 (2025) 1434)";
const SLOW: &str = "Cohen 1957, as asserted in the tests of the LINE solver (`retrialFixedPoint`)";

/// Servers whose refused clients always come back.
pub fn all(form: Form) -> Family {
    Family {
        title: "Retrial queues",
        about: "Refused clients retry after an exponentially distributed delay \
            (`policy = \"memoryless\"`) until they are served. `rate` is that of the arrivals and `retry` that of \
            one client's retries, both per mean service; `c` is the limit. The hyperexponential service is that \
            of two groups of clients, the Erlang distribution that of a file with 10,000 quantiles.",
        cases: single(form).into_iter().chain(several(form)).chain(others(form)).collect(),
    }
}

/// Clients that retry at a rate of `retry` each.
pub fn retrial(rate: f64, limit: u32, retry: f64) -> Steady {
    Steady { retry: Some(retry), ..Steady::loss(rate, limit) }
}

fn single(form: Form) -> Vec<Case> {
    const EXPONENTIAL: Service = Service::Exponential;
    // The rates of arrivals and retries, the service, and: clients that wait, their variance, the share
    // of time without any client, the attempts of a client. 0: not known.
    let systems = [
        (0.5, 1.0, EXPONENTIAL, "M/M/1", [1.0, 2.25, 0.353_553_391, 3.0]),
        (0.4, 2.0, EXPONENTIAL, "M/M/1", [0.4, 0.773_333_333, 0.541_728_271, 3.0]),
        (0.8, 0.2, EXPONENTIAL, "M/M/1", [19.2, 98.56, 0.000_32, 5.8]),
        (0.6, 0.2, Service::Constant, "M/D/1", [4.95, 0.0, 0.014_583_879_6, 2.65]),
        (0.6, 0.5, Service::Erlang2, "M/E2/1", [2.475, 0.0, 0.120_876_244, 3.0625]),
        (0.5, 0.5, Service::Lognormal(2), "M/G/1, lognormal, cv 2", [2.25, 0.0, 0.0, 3.25]),
    ];
    systems
        .map(|(rate, retry, service, name, [waiting, variance, empty, attempts])| {
            let steady = Steady { service, ..retrial(rate, 1, retry) };
            let unit = steady.unit() as f64;
            let id = format!("{name}, rate {rate}, retry {retry}");
            let case = steady
                .case(id, SINGLE, form)
                .means(&[
                    ("connections.mean", rate),
                    ("refused.first_ratio", rate),
                    ("waiting.mean", waiting),
                    ("attempts.mean", attempts),
                ])
                .figure("time to connection", Mean(waiting / rate), move |seen| {
                    seen.watch.mean_wait() / unit
                });
            let case =
                known(case, "waiting, variance", variance, |seen| seen.watch.waiting_variance());
            known(case, "share of time without clients", empty, |seen| seen.watch.share_empty())
        })
        .into()
}

/// Adds a side figure, unless its expected value is 0: not known, or too small to be seen.
fn known(case: Case, name: &str, expected: f64, observe: fn(&Observation) -> f64) -> Case {
    match expected {
        0.0 => case,
        expected => case.figure(name, Expected::share(expected), observe),
    }
}

/// Rates of arrivals and retries, the limit, and: first attempts refused, attempts refused, attempts of a client,
/// connections, clients that wait, the variances of both, and the share of time without a connection.
const SERVERS: &str = "
    rate   c  retry        first      refused    attempts  open     waiting        open2    waiting2            idle
       1   2    0.5  0.302267855  0.372331008  1.59319644     1  1.18639287   0.60453571   2.6605076     0.302267855
       1   2    0.2  0.297365946  0.327198156  1.48632173     1  2.43160865  0.594731892  5.23168207     0.297365946
       2   3    0.5  0.378513868  0.447747867  1.81076711     2  3.24306845  0.918977185  11.0979221    0.0809747244
       4   5      2  0.475456142  0.655180341  2.90006667     4  3.80013334   1.46657778  23.3504839   0.00904457083
       8  10      1  0.279239587   0.35242554  1.54422397     8  4.35379172   3.64620828  27.1430556  0.000165821689
      16  20    0.5  0.123896125  0.138138419  1.16027912    16  5.12893197   9.16142404   32.217942               0
      45  50    0.2  0.122410343  0.126872557  1.14530818    45  32.6943399   17.7547168  392.827091               0
";

fn several(form: Form) -> Vec<Case> {
    let case = |[
        rate,
        limit,
        retry,
        first,
        refused,
        attempts,
        open,
        waiting,
        open2,
        waiting2,
        idle,
    ]: [f64; 11]| {
        let id = format!("M/M/{limit}, rate {rate}, retry {retry}");
        let case = retrial(rate, limit as u32, retry)
            .case(id, SEVERAL, form)
            .means(&[
                ("refused.first_ratio", first),
                ("refused.ratio", refused),
                ("attempts.mean", attempts),
                ("connections.mean", open),
                ("waiting.mean", waiting),
            ])
            .figure("connections, variance", Rough(open2), |seen| seen.watch.open_variance())
            .figure("waiting, variance", Rough(waiting2), |seen| seen.watch.waiting_variance());
        known(case, "share of time without a connection", idle, |seen| seen.watch.share_with(0))
    };
    rows(SERVERS).map(case).collect()
}

fn others(form: Form) -> Vec<Case> {
    // The service, and: clients that wait, attempts of a client, the share of time without a connection.
    let phases = [
        (Service::Erlang2, "E2", [17.735_501_8, 3.216_937_73, 0.062_657_439_7]),
        (Service::Hyperexponential, "H2", [19.235_464_2, 3.404_433_02, 0.064_894_725_3]),
    ];
    let phases = phases.map(|(service, name, [waiting, attempts, idle])| {
        let steady = Steady { service, warmup: 1000.0, ..retrial(1.6, 2, 0.2) };
        steady
            .case(format!("M/{name}/2, rate 1.6, retry 0.2"), PHASES, form)
            .means(&[
                ("connections.mean", 1.6),
                ("waiting.mean", waiting),
                ("attempts.mean", attempts),
            ])
            .figure("share of time without a connection", Mean(idle), |seen| {
                seen.watch.share_with(0)
            })
    });
    // Per mean service there are 0.088004 retries, each after 500 of them.
    let slow = Steady { warmup: 6000.0, ..retrial(1.5, 4, 0.002) };
    let slow = slow
        .case("M/M/4, rate 1.5, retries so slow that they come at random", SLOW, form)
        .means(&[("refused.ratio", 0.055_418_042_7), ("waiting.mean", 44.002_039)]);
    phases.into_iter().chain([slow]).collect()
}
