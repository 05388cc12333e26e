//! Cases in which something is random: by enumeration, dynamic programs and first-step analysis.

use super::Burst;
use crate::case::Expected::{Distribution, Exact, Mean, Rough};
use crate::case::{Case, Family, Form, Runs};

const ENUMERATED: &str = "Enumeration of all cases, in fractions";
const PROGRAM: &str = "An exact dynamic program over the waves";
const CHAIN: &str = "First-step analysis of the Markov chain";
const KOLMOGOROV: &str = "The Kolmogorov equations of the Markov chain, then first-step analysis";
const COUNTER: &str =
    "A counter with dead time: the k-th client served leaves the time of k - 1 services";
const RENEWAL: &str =
    "Renewal theory: the renewal function of uniform delays is e^x - 1; Wald's identity";

/// Replications of a random case: as many as its clients allow.
fn runs(form: Form, clients: u64) -> Runs {
    match form {
        Form::Short => Runs { batch: (40_000 / clients).clamp(50, 800), most: 0 },
        Form::Full => Runs { batch: 1000, most: (4_000_000 / clients).clamp(2000, 100_000) },
    }
}

/// Cases in which something is random.
pub fn random(form: Form) -> Family {
    let families = [
        enumerated(form),
        stranding(form),
        two_kinds(form),
        exponential_services(form),
        memoryless(form),
        spread(form),
        dead_time(form),
        two_clients(form),
    ];
    Family {
        title: "Bursts at random",
        about: "N clients at a server with limit C, a service of S and retries after R, in seconds. Each \
            refusal of a buggy client strands it with probability p. The variance is that of one run. Where the \
            expected value is a chi-square, the whole distribution is compared, and its z is that of the \
            probability of so great a chi-square (Wilson and Hilferty 1931).",
        cases: families.into_iter().flatten().collect(),
    }
}

/// Adds a metric of which the mean and the standard deviation in one run are known.
fn with_deviation(case: Case, name: &'static str, mean: f64, deviation: f64) -> Case {
    let variance = deviation * deviation;
    case.means(&[(name, mean)]).figure(format!("{name}, variance"), Rough(variance), move |seen| {
        (seen.metric(name) - mean).powi(2)
    })
}

fn enumerated(form: Form) -> Vec<Case> {
    let of = |n: u32, c, p, attempts, counts: &[u32], all: u32| {
        let probability = |&count: &u32| f64::from(count) / f64::from(all);
        let stranded = (0..).map(f64::from).zip(counts.iter().map(probability));
        let distribution: Vec<(f64, f64)> = stranded.collect();
        let mean = distribution.iter().map(|(value, probability)| value * probability).sum();
        let text = Burst::fixed(c, n, 120_000, 600).stranding(p).text();
        let id = format!("N = {n}, C = {c}, S = 120, R = 600, p = {p}");
        Case::new(id, ENUMERATED, runs(form, n.into()), &text)
            .means(&[("stranded", mean), ("attempts", attempts)])
            .figure("stranded, distribution", Distribution(distribution), |seen| {
                seen.metric("stranded")
            })
    };
    vec![
        of(5, 2, "0.333333333333", 583.0 / 81.0, &[16, 44, 18, 3], 81),
        of(
            12,
            4,
            "0.25",
            1_279_521.0 / 65_536.0,
            &[531_441, 2_598_156, 5_183_190, 5_280_876, 2_725_569, 387_072, 64_512, 6144, 256],
            1 << 24,
        ),
    ]
}

fn stranding(form: Form) -> Vec<Case> {
    let burst = |n, c, s, p: &str| Burst::fixed(c, n, s, 600).stranding(p);
    let mut cases = Vec::new();
    // Completed and its deviation, attempts and its deviation; the batches and their probabilities; clients
    // that are served in a batch; the time between batches and S, in ms.
    let ends_first = (
        "N = 1000, C = 50, S = 120, R = 600, p = 0.1",
        burst(1000, 50, 120_000, "0.1"),
        [554.812_11, 10.276_513_7, 5_006.691_01, 113.691_823],
        vec![(11.0, 0.328_821_153_833), (12.0, 0.671_178_876_167)],
        vec![(11, 47.867_481_3), (12, 6.944_611_47)],
        (600_000, 120_000),
    );
    let long = (
        "N = 1000, C = 50, S = 1500, R = 600, p = 0.05",
        burst(1000, 50, 1_500_000, "0.05"),
        [475.016_029, 9.607_786_07, 10_974.695_4, 280.950_731],
        vec![(9.0, 0.003_866_589_08), (10.0, 0.991_139_547_9), (11.0, 0.004_993_862_97)],
        vec![(10, 25.008_624_9)],
        (1_800_000, 1_500_000),
    );
    let attempts_first = (
        "N = 1000, C = 50, S = 600, R = 600, p = 0.05, attempts first",
        burst(1000, 50, 600_001, "0.05"),
        [560.369_42, 10.276_695_8, 9_352.981_02, 226.219_123],
        vec![(11.0, 0.162_877_370_9), (12.0, 0.837_122_629_1)],
        vec![(11, 49.163_581_3), (12, 11.205_629_9)],
        (1_200_000, 600_001),
    );
    for (id, burst, [completed, sd, attempts, sd2], batches, served, (period, service)) in
        [ends_first, long, attempts_first]
    {
        let case = Case::new(id, PROGRAM, runs(form, 10_000), &burst.text());
        let case = with_deviation(case, "completed", completed, sd);
        // The probability of others is far below 0.1%, and counted with that of the nearest.
        let (least, most) = (batches[0].0, batches[batches.len() - 1].0);
        // The makespan follows from the batches.
        let makespan = move |batches: f64| (batches - 1.0) * period as f64 + service as f64;
        let mut case = with_deviation(case, "attempts", attempts, sd2)
            .figure("batches, distribution", Distribution(batches), move |seen| {
                seen.waves().clamp(least, most)
            })
            .figure("makespan - (batches - 1) x time between them - S", Exact(0.0), move |seen| {
                seen.metric("makespan") - makespan(seen.waves())
            });
        for (batch, clients) in served {
            let at = (batch - 1) * period + service;
            case = case.figure(format!("served in batch {batch}"), Rough(clients), move |seen| {
                let ends = seen.run.groups[0].completions.sorted();
                ends.into_iter().filter(|&end| end == at).count() as f64
            });
        }
        cases.push(case);
    }
    cases.push(
        burst(1000, 50, 120_000, "1.0").exact("N = 1000, C = 50, S = 120, R = 600, p = 1").exactly(
            &[("completed", 50.0), ("stranded", 950.0), ("attempts", 1000.0), ("makespan", 120.0)],
        ),
    );
    cases
}

/// Bursts in which a share of the clients is buggy.
fn two_kinds(form: Form) -> Vec<Case> {
    let mixed = |n: u32, c, p: &str, share: u32| {
        let mut burst = Burst::fixed(c, n, 120_000, 600);
        burst.release = format!(
            "release_mix = {{ \"sms-2.0-sp2\" = \"{share}%\", \"sms-2.0-sp4\" = \"{}%\" }}\n\
             misreport_probability = {p}",
            100 - share
        );
        burst.text()
    };
    let fifth = Case::new(
        "N = 1000, C = 50, S = 120, R = 600, p = 1 for each client with probability 0.2",
        PROGRAM,
        runs(form, 10_000),
        &mixed(1000, 50, "1.0", 20),
    );
    let fifth = with_deviation(fifth, "completed", 810.0, 12.328_828)
        .means(&[("attempts", 7_161.475_84)])
        .figure("makespan", Mean(9_588.515_29), |seen| seen.metric_in_seconds("makespan"))
        .figure(
            "batches, distribution",
            Distribution(vec![(16.0, 0.219_510_119_6), (17.0, 0.780_489_880_4)]),
            |seen| seen.waves().clamp(16.0, 17.0),
        );
    let half = Case::new(
        "N = 100, C = 10, S = 120, R = 600, p = 0.2 for each client with probability 0.5",
        PROGRAM,
        runs(form, 400),
        &mixed(100, 10, "0.2", 50),
    );
    let half = with_deviation(half, "completed", 75.050_602_2, 3.656_860_52)
        .means(&[("attempts", 380.481_536)])
        .figure("makespan", Mean(4_296.563_37), |seen| seen.metric_in_seconds("makespan"))
        .figure(
            "batches, distribution",
            Distribution(vec![
                (7.0, 0.105_973_962_8),
                (8.0, 0.827_077_404_8),
                (9.0, 0.066_948_632_4),
            ]),
            |seen| seen.waves().clamp(7.0, 9.0),
        );
    // The buggy ones are exchangeable with the others: all arrive at random within a second.
    let group = |name, count, p| {
        format!(
            "[clients.{name}]\ncount = {count}\narrival = {{ kind = \"uniform\", over = \"1s\" }}\n\
             transfer = {{ kind = \"constant\", duration = \"120s\" }}\n\
             release = \"sms-2.0-sp2\"\nmisreport_probability = {p}\n"
        )
    };
    let text = format!(
        "name = \"exchangeable\"\n[distribution_points.A]\nconnection_limit = 5\n{}{}",
        group("buggy", 20, "0.5"),
        group("sound", 40, "0.0")
    );
    let fixed = Case::new(
        "N = 60, C = 5, S = 120, R = 600, p = 0.5 for 20 clients among them",
        "An exact dynamic program: hypergeometric and binomial",
        runs(form, 240),
        &text,
    );
    vec![fifth, half, fixed.means(&[("stranded", 16.216_975_5), ("attempts", 242.317_02)])]
}

fn exponential_services(form: Form) -> Vec<Case> {
    let of = |p: &str| {
        let burst = Burst::fixed(50, 1000, 0, 600).exponential().stranding(p);
        let id = format!("N = 1000, C = 50, S exponential of 120, R = 600, p = {p}");
        Case::new(id, PROGRAM, runs(form, 10_000), &burst.text())
    };
    vec![
        of("0.0").means(&[("attempts", 10_564.010_5), ("completed", 1000.0)]),
        of("0.05").means(&[
            ("attempts", 6_708.269_17),
            ("stranded", 300.435_22),
            ("completed", 699.564_78),
            ("attempts.max", 14.626_465),
        ]),
    ]
}

fn memoryless(form: Form) -> Vec<Case> {
    // N, C, p, and the means and deviations: stranded, attempts, the time until the last client is done.
    let systems = [
        (20, 3, "0.0", [(0.0, 0.0), (42.290_912, 3.465_734_02), (2_475.031_77, 752.713_055)]),
        (
            20,
            3,
            "0.5",
            [
                (9.081_824_94, 1.983_335_05),
                (29.081_824_9, 2.465_252_96),
                (1_834.895_01, 756.473_886),
            ],
        ),
        (
            1000,
            50,
            "0.02",
            [
                (37.691_497_9, 5.986_632_49),
                (2_846.883_4, 72.671_440_8),
                (5_443.916_74, 770.786_386),
            ],
        ),
    ];
    let cases = systems.map(|(n, c, p, [(stranded, sd), (attempts, sd2), (clear, sd3)])| {
        let burst = Burst::fixed(c, n, 0, 600).exponential().memoryless().stranding(p);
        let id = format!("N = {n}, C = {c}, S exponential of 120, R exponential of 600, p = {p}");
        let case = Case::new(id, CHAIN, runs(form, u64::from(n) * 2), &burst.text());
        let case = match stranded {
            0.0 => case.exactly(&[("stranded", 0.0)]),
            stranded => with_deviation(case, "stranded", stranded, sd),
        };
        with_deviation(case, "attempts", attempts, sd2)
            .figure("all done", Mean(clear), |seen| seen.watch.last_ended as f64 / 1e3)
            .figure("all done, variance", Rough(sd3 * sd3), move |seen| {
                (seen.watch.last_ended as f64 / 1e3 - clear).powi(2)
            })
    });
    cases.into()
}

/// Clients that arrive at random within a time T, and what is so at T.
fn spread(form: Form) -> Vec<Case> {
    // N, T, C, p, and: stranded, attempts, first attempts refused, the time from T until all are done; at T:
    // completed, connected, waiting.
    let systems = [
        (
            12,
            600,
            2,
            "0.3",
            [1.757_969_04, 16.101_927_8, 4.913_116_95, 1_142.729_95],
            [6.219_394_57, 1.422_785_61, 2.675_668_65],
        ),
        (
            20,
            1200,
            3,
            "0.1",
            [0.470_478_268, 24.234_304_4, 3.962_359_13, 940.592_987],
            [15.693_847_1, 1.778_701_51, 2.063_437_07],
        ),
    ];
    let mut cases = Vec::new();
    for (n, over, c, p, [stranded, attempts, first, clear], [completed, open, waiting]) in systems {
        let mut burst = Burst::fixed(c, n, 0, 600).exponential().memoryless().stranding(p);
        burst.arrival = format!("{{ kind = \"uniform\", over = \"{over}s\" }}");
        let id = format!(
            "N = {n} at random within T = {over}, C = {c}, S exponential of 120, R exponential of 600, p = {p}"
        );
        let runs = runs(form, u64::from(n) * 2);
        let text = burst.text();
        cases.push(
            Case::new(id.clone(), KOLMOGOROV, runs, &text)
                .means(&[
                    ("stranded", stranded),
                    ("attempts", attempts),
                    ("refused.first_ratio", first / f64::from(n)),
                ])
                .figure("all done, after T", Mean(clear), move |seen| {
                    (seen.watch.last_ended as f64 / 1e3 - f64::from(over)).max(0.0)
                }),
        );
        cases.push(
            Case::new(
                format!("{id}, until T"),
                KOLMOGOROV,
                runs,
                &text.replacen('\n', &format!("\nhorizon = \"{over}s\"\n"), 1),
            )
            .means(&[("completed", completed)])
            .figure("connected at T", Mean(open), |seen| seen.watch.connected_at_the_end as f64)
            .figure("waiting at T", Mean(waiting), |seen| seen.watch.waiting_at_the_end as f64),
        );
    }
    cases
}

fn dead_time(form: Form) -> Vec<Case> {
    // The probability that at least k are served, from k = 14.
    const AT_LEAST: [f64; 12] = [
        1.0,
        0.999_748_704,
        0.996_699_776,
        0.974_729_819,
        0.883_502_393,
        0.664_386_736,
        0.361_871_41,
        0.125_923_897,
        0.025_087_041_7,
        0.002_567_603_22,
        0.000_118_855_693,
        0.0,
    ];
    let served = AT_LEAST.windows(2).zip(14..).map(|(p, k)| (f64::from(k), p[0] - p[1]));
    let mut burst = Burst::fixed(1, 50, 20_000, 600).stranding("1.0");
    "{ kind = \"uniform\", over = \"600s\" }".clone_into(&mut burst.arrival);
    let id = "N = 50 at random within T = 600, C = 1, S = 20, p = 1";
    let case = Case::new(id, COUNTER, runs(form, 50), &burst.text());
    let distribution = Distribution(served.collect());
    vec![with_deviation(case, "completed", 19.034_627_3, 1.311_444_78).figure(
        "completed, distribution",
        distribution,
        |seen| seen.metric("completed").clamp(14.0, 24.0),
    )]
}

fn two_clients(form: Form) -> Vec<Case> {
    let two = |what: &str, service, retry: &str, p: &str| {
        let burst = Burst { retry: retry.to_owned(), ..Burst::fixed(1, 2, service, 600) };
        let id = format!("two clients, {what}");
        Case::new(id, RENEWAL, runs(form, 50), &burst.stranding(p).text())
    };
    let start = |case: Case, start| {
        case.figure("start of the second", Mean(start), |seen| {
            seen.watch.last_connected as f64 / 1e3
        })
    };
    let full = "{ policy = \"exponential\", base = \"600s\", factor = 1, jitter = \"full\" }";
    let half = "{ policy = \"fixed\", interval = \"600s\", jitter = \"50%\" }";
    let memoryless = "{ policy = \"memoryless\", mean = \"600s\" }";
    vec![
        start(two("S = 300, R uniform in 0 to 600", 300_000, full, "0.0"), 494.616_381)
            .means(&[("attempts", 3.648_721_27)]),
        start(two("S = 600, R uniform in 300 to 900", 600_000, half, "0.0"), 900.0)
            .means(&[("attempts", 3.5)]),
        two("S = 300, R exponential of 600, p = 0.2", 300_000, memoryless, "0.2")
            .means(&[("completed", 1.723_869_93)]),
    ]
}
