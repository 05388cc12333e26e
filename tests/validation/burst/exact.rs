//! Cases in which nothing is random, by closed forms.

use super::Burst;
use crate::case::Expected::Exact;
use crate::case::{Case, Family, Runs};

/// Cases in which nothing is random.
pub fn exact() -> Family {
    let families = [waves(), waves_of_any_length(), backing_off(), evenly_spaced()];
    Family {
        title: "Bursts, exactly",
        about: "N clients at a server with limit C, a service of S and retries after R, in seconds. Where a \
            case says that attempts go first, a service is a millisecond longer: at equal instants \
            connections end first in this program, and the millisecond lets an attempt at that instant \
            come before the end.",
        cases: families.into_iter().flatten().collect(),
    }
}

/// N, C, S, R, attempts, the time between waves that are served, and the mean and percentiles of completion.
type Waves = (u32, u32, u32, u32, u32, u32, [f64; 5]);

fn waves() -> Vec<Case> {
    let bursts: [Waves; 5] = [
        (1000, 50, 120, 600, 10_500, 600, [5820.0, 5520.0, 10_320.0, 10_920.0, 11_520.0]),
        (1000, 50, 601, 600, 20_000, 1200, [12_001.0, 11_401.0, 21_001.0, 22_201.0, 23_401.0]),
        (1000, 50, 1500, 600, 29_500, 1800, [18_600.0, 17_700.0, 32_100.0, 33_900.0, 35_700.0]),
        (
            997,
            50,
            120,
            600,
            10_440,
            600,
            [5_785_440.0 / 997.0, 5520.0, 10_320.0, 10_920.0, 11_520.0],
        ),
        (7, 7, 100, 5, 7, 5, [100.0; 5]),
    ];
    let all = bursts.iter().flat_map(|burst| [(burst, 0), (burst, 1)]);
    all.map(|(&(n, c, s, r, attempts, period, times), late)| {
        let order = if late == 0 { "" } else { ", attempts first" };
        let waves = n.div_ceil(c);
        let retries = (waves - 1) * period / r;
        let [mean, p50, p90, p95, last] = times.map(|time: f64| time + f64::from(late) / 1e3);
        let busy = f64::from(n) * (f64::from(s) + f64::from(late) / 1e3);
        Burst::fixed(c, n, u64::from(s * 1000 + late), r)
            .exact(format!("N = {n}, C = {c}, S = {s}, R = {r}{order}"))
            .exactly(&[
                ("completed", f64::from(n)),
                ("attempts", f64::from(attempts)),
                ("refused", f64::from(attempts - n)),
                ("attempts.max", f64::from(retries + 1)),
                ("makespan", last),
                ("completion.mean", mean),
                ("completion.p50", p50),
                ("completion.p90", p90),
                ("completion.p95", p95),
                ("completion.p99", last),
                ("completion.max", last),
                ("utilisation", busy / (f64::from(c) * last)),
                ("connections.peak", f64::from(c.min(n))),
            ])
            .figure("waves", Exact(f64::from(waves)), |seen| seen.waves())
    })
    .collect()
}

fn waves_of_any_length() -> Vec<Case> {
    let mut burst = Burst::fixed(50, 1000, 0, 600);
    "{ kind = \"uniform\", min = \"60s\", max = \"180s\" }".clone_into(&mut burst.transfer);
    let case = Case::new(
        "N = 1000, C = 50, S uniform in 60 to 180, R = 600",
        "Closed form",
        Runs { batch: 20, most: 20 },
        &burst.text(),
    );
    vec![case.exactly(&[
        ("attempts", 10_500.0),
        ("refused", 9500.0),
        ("attempts.max", 20.0),
        ("completed", 1000.0),
    ])]
}

fn backing_off() -> Vec<Case> {
    let with = |limit, count, service, retry: &str| Burst {
        retry: format!("{{ policy = \"exponential\", {retry} }}"),
        ..Burst::fixed(limit, count, service, 1)
    };
    let all = with(50, 200, 120_000, "base = \"600s\"");
    let five = with(50, 1000, 120_000, "base = \"600s\", cap = \"1h\", max_retries = 4");
    let mut cases = vec![
        all.exact("N = 200, C = 50, S = 120, retries after 600, 1200, 2400, ...")
            .exactly(&[
                ("attempts", 500.0),
                ("refused", 300.0),
                ("completed", 200.0),
                ("gave_up", 0.0),
                ("makespan", 4320.0),
                ("completion.mean", 1770.0),
            ])
            .figure("waves", Exact(4.0), |seen| seen.waves()),
        five.exact("N = 1000, C = 50, S = 120, retries after 600, ... at most 3600, 5 attempts")
            .exactly(&[
                ("attempts", 4500.0),
                ("refused", 4250.0),
                ("completed", 250.0),
                ("gave_up", 750.0),
                ("makespan", 7920.0),
                ("completion.mean", 3000.0),
            ])
            .figure("waves", Exact(5.0), |seen| seen.waves()),
    ];
    for (service, refused, makespan) in [(3600, 6.0, 7380.0), (3781, 7.0, 11_401.0)] {
        let two = with(1, 2, service * 1000, "base = \"60s\"");
        cases.push(
            two.exact(format!("two clients, S = {service}, retries after 60, 120, 240, ..."))
                .exactly(&[
                    ("refused", refused),
                    ("attempts", refused + 2.0),
                    ("makespan", makespan),
                ]),
        );
    }
    cases
}

fn evenly_spaced() -> Vec<Case> {
    let staggered = |limit, count, over: u32, service, retry| Burst {
        arrival: format!("{{ kind = \"even\", over = \"{over}s\" }}"),
        ..Burst::fixed(limit, count, service, retry)
    };
    // C, N, the time of the arrivals, S, R, and: attempts, first attempts refused, the most attempts, the last
    // start, the mean wait; stranded if every refusal strands; attempts and makespan if attempts go first.
    let systems = [
        (50, 1000, 600, 120, 600, [2500.0, 0.75, 4.0, 2399.4, 900.0], 750.0, [2504.0, 3001.8]),
        (1, 12, 120, 40, 200, [30.0, 0.75, 4.0, 710.0, 300.0], 9.0, [33.0, 930.0]),
        (1, 6, 6, 2, 100, [9.0, 0.5, 2.0, 105.0, 50.0], 3.0, [12.0, 207.0]),
    ];
    let mut cases = Vec::new();
    for (c, n, over, s, r, [attempts, refused, most, last, wait], stranded, late) in systems {
        let id = format!("N = {n} evenly within {over}, C = {c}, S = {s}, R = {r}");
        let burst = staggered(c, n, over, s * 1000, r);
        let (clients, service) = (f64::from(n), s as f64);
        cases.push(
            burst
                .exact(id.clone())
                .exactly(&[
                    ("attempts", attempts),
                    ("refused", attempts - clients),
                    ("refused.first_ratio", refused),
                    ("attempts.max", most),
                    ("makespan", last + service),
                    ("completion.mean", wait + service),
                    ("utilisation", clients * service / (f64::from(c) * (last + service))),
                ])
                .figure("last start", Exact(last), |seen| seen.watch.last_connected as f64 / 1e3),
        );
        let strands = burst.stranding("1.0").exact(format!("{id}, each refusal strands"));
        cases.push(strands.exactly(&[("stranded", stranded)]));
        let late_ends = staggered(c, n, over, s * 1000 + 1, r);
        cases.push(
            late_ends
                .exact(format!("{id}, attempts first"))
                .exactly(&[("attempts", late[0]), ("makespan", late[1] + 0.001)]),
        );
    }
    cases
}
