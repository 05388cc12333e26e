//! Servers without retries: Erlang's loss and delay systems, and a single server with a queue.

use crate::case::Expected::{Mean, Rough};
use crate::case::{Case, Expected, Family, Form};
use crate::steady::{Service, Steady};

const LOSS: &str = "Erlang 1917: B(k) = a B(k-1) / (k + a B(k-1)), B(0) = 1; the distribution of the \
    service does not matter (Sevastyanov 1957)";
const DELAY: &str =
    "Erlang 1917; Cooper, Introduction to Queueing Theory, 2nd edition 1981, chapter 3";
const SINGLE: &str =
    "Pollaczek 1930, Khinchine 1932; the distribution of the wait in M/D/1: Erlang 1909";

/// Clients that are refused and go away.
pub fn loss(form: Form) -> Family {
    Family {
        title: "Erlang's loss system",
        about: "Clients arrive by a Poisson process and are refused beyond the limit. Each refusal is \
            misreported and strands (`misreport_probability = 1`), so that no client comes back. \
            `a` is the load in erlangs, `c` the limit. The hyperexponential service is that of two \
            groups of clients.",
        cases: loss_cases(form),
    }
}

fn loss_cases(form: Form) -> Vec<Case> {
    const SERVICES: [(&str, Service); 4] = [
        ("exponential", Service::Exponential),
        ("constant", Service::Constant),
        ("lognormal, cv 2", Service::Lognormal(2)),
        ("hyperexponential", Service::Hyperexponential),
    ];
    // The load, the limit, what is blocked, and the connections that are open.
    let systems = [
        (0.8, 1, 0.444_444_444, 0.444_444_444),
        (5.0, 10, 0.018_384_570_3, 4.908_077_15),
        (20.0, 10, 0.537_963_169, 9.240_736_63),
        (8.108, 15, 0.009_999_631_94, 8.026_922_98),
        (40.0, 50, 0.018_690_671_1, 39.252_373_2),
        (180.0, 200, 0.010_324_995_2, 178.141_501),
    ];
    let all = systems.iter().flat_map(|system| SERVICES.map(|service| (system, service)));
    all.map(|(&(load, limit, blocked, busy), (name, service))| {
        let steady =
            Steady { service, stranding: 1.0, retry: Some(1.0), ..Steady::loss(load, limit) };
        steady.case(format!("a = {load}, c = {limit}, {name}"), LOSS, form).means(&[
            ("refused.ratio", blocked),
            ("stranded.ratio", blocked),
            ("connections.mean", busy),
            ("utilisation", busy / f64::from(limit)),
        ])
    })
    .collect()
}

/// Clients that wait in a queue.
pub fn delay(form: Form) -> Family {
    Family {
        title: "Queues",
        about: "Clients beyond the limit wait in a queue (`queue = 1000000`). `a` is the load in \
            erlangs, `c` the limit; times are in units of the mean service. A wait is the time from \
            arrival to connection, which an observer sees: the program reports the time from arrival \
            to completion.",
        cases: delay_cases(form),
    }
}

fn delay_cases(form: Form) -> Vec<Case> {
    // The load, the limit, and: the share that waits, the mean wait, the clients in the queue, the
    // share that waits longer than a mean service, the standard deviation of the wait.
    let systems = [
        (0.8, 1, [0.8, 4.0, 3.2, 0.654_984_602, 4.898_979_49]),
        (4.0, 5, [0.554_112_554, 0.554_112_554, 2.216_450_22, 0.203_846_617, 0.895_089_038]),
        (10.0, 11, [0.682_118_205, 0.682_118_205, 6.821_182_05, 0.250_937_264, 0.948_130_352]),
        (
            20.0,
            25,
            [0.209_102_827, 0.041_820_565_3, 0.836_411_306, 0.001_408_923_76, 0.122_389_813],
        ),
    ];
    let several = systems.map(|(load, limit, [waits, mean, queued, longer, deviation])| {
        let steady = queue(load, limit, Service::Exponential);
        let unit = steady.unit() as f64;
        with_waits(&steady, format!("M/M/{limit}, a = {load}"), DELAY, form, waits, mean)
            .figure("wait longer than 1", Expected::share(longer), move |seen| {
                seen.watch.share_waiting_longer(unit as u64)
            })
            .figure("wait, standard deviation", Rough(deviation), move |seen| {
                seen.watch.wait_deviation() / unit
            })
            .means(&[("queued.mean", queued)])
    });
    let constant = queue(0.7, 1, Service::Constant);
    let unit = constant.unit();
    let constant = with_waits(&constant, "M/D/1, a = 0.7".into(), SINGLE, form, 0.7, 7.0 / 6.0)
        .figure("wait longer than 1", Mean(0.395_874_188), move |seen| {
            seen.watch.share_waiting_longer(unit)
        });
    let hyper = queue(0.7, 1, Service::Hyperexponential);
    let id = "M/H2/1, a = 0.7, second moment 2.5".into();
    let hyper = with_waits(&hyper, id, SINGLE, form, 0.7, 35.0 / 12.0);
    several.into_iter().chain([constant, hyper]).collect()
}

fn queue(load: f64, limit: u32, service: Service) -> Steady {
    Steady { queue: true, service, warmup: 1000.0, ..Steady::loss(load, limit) }
}

/// A case with the share of the clients that wait, and the mean wait in units of the mean service.
fn with_waits(
    steady: &Steady,
    id: String,
    source: &'static str,
    form: Form,
    waits: f64,
    mean: f64,
) -> Case {
    let unit = steady.unit() as f64;
    steady
        .case(id, source, form)
        .figure("share that waits", Mean(waits), |seen| seen.watch.share_queued())
        .figure("wait, mean", Mean(mean), move |seen| seen.watch.mean_wait() / unit)
}
