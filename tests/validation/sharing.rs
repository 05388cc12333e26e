//! Transfers that share a bandwidth: processor sharing.

use crate::case::Expected::{Exact, Mean, Rough};
use crate::case::{Case, Expected, Family, Form, Runs};
use crate::steady::{Service, Steady};

const UNLIMITED: &str = "E[T] = E[S] / (1 - rho): Sakata, Noguchi and Oizumi 1971; Kleinrock 1976; the variance: \
    Coffman, Muntz and Trotter, Journal of the ACM 17 (1970) 123-130";
const SHARED: &str = "Cohen, Acta Informatica 12 (1979) 245-284";
const RETRIAL: &str = "The Markov chain, solved numerically";
const FLUID: &str =
    "By hand: a fluid; the second as in the tests of Ciw (`test_processor_sharing`)";

const SIZES: [(&str, Service); 3] = [
    ("exponential", Service::Exponential),
    ("constant", Service::Constant),
    ("lognormal, cv 2", Service::Lognormal(2)),
];

/// Transfers of a size, in a steady state and by hand.
pub fn all(form: Form) -> Family {
    let families = [unlimited(form), limited(form), retrial(form), fluid()];
    Family {
        title: "Shared bandwidth",
        about: "Transfers of kind `size` share the bandwidth of the server. Times are in units of the time that \
            the mean size takes at 1 MB/s, `rate` is that of the arrivals in that time. R is the bandwidth in MB/s, K \
            the limit, beyond which clients are refused and go away; a client's own link has 1 MB/s \
            except with M/G/1. With retries the distribution of the sizes matters, and only the exponential \
            one is computed.",
        cases: families.into_iter().flatten().collect(),
    }
}

/// A server without a limit, alone with one client at a time or several.
fn unlimited(form: Form) -> Vec<Case> {
    // The rate, the sizes, and: the time of a transfer, the clients that are connected, the variance of the time.
    let sizes = [
        ("exponential", Service::Exponential, 0.7, 23.076_923_1),
        ("lognormal, cv 2", Service::Lognormal(2), 0.7, 0.0),
        ("exponential", Service::Exponential, 0.8, 0.0),
        ("constant", Service::Constant, 0.8, 0.0),
        ("lognormal, cv 4", Service::Lognormal(4), 0.8, 0.0),
    ];
    sizes
        .map(|(name, service, rate, variance)| {
            let steady = Steady {
                service,
                bandwidth: Some((1, false)),
                warmup: 1000.0,
                ..Steady::loss(rate, 1_000_000)
            };
            let unit = steady.unit() as f64;
            let case = steady
                .case(format!("M/G/1, rate {rate}, {name}"), UNLIMITED, form)
                .figure("completion.mean", Mean(1.0 / (1.0 - rate)), move |seen| {
                    seen.metric("completion.mean") / unit
                })
                .means(&[("connections.mean", rate / (1.0 - rate))]);
            match variance {
                0.0 => case,
                variance => case.figure("completion, variance", Rough(variance), move |seen| {
                    let times = seen.run.groups[0].completions.sorted();
                    let mean = seen.metric("completion.mean");
                    let squares = times.iter().map(|&time| (time as f64 - mean).powi(2));
                    squares.sum::<f64>() / times.len() as f64 / (unit * unit)
                }),
            }
        })
        .into()
}

/// R, the rate, K, and: refused, connected, the time of a transfer, completions per unit of time; the shares of
/// time with 0, 1, 2, ... connections.
type Limited = (u32, f64, u32, [f64; 4], [f64; 5]);

/// A server with a limit on its connections, or with one so high that it never refuses.
fn limited(form: Form) -> Vec<Case> {
    let systems: [Limited; 4] = [
        (
            3,
            2.4,
            1_000_000,
            [0.0, 4.988_764_04, 2.078_651_69, 2.4],
            [0.056_179_775_3, 0.134_831_461, 0.161_797_753, 0.129_438_202, 0.103_550_562],
        ),
        (
            5,
            4.0,
            8,
            [0.073_400_414, 4.224_788_77, 1.139_863_66, 3.706_398_34],
            [0.016_800_021_5, 0.067_200_086, 0.134_400_172, 0.179_200_229, 0.179_200_229],
        ),
        (
            1,
            2.0 / 3.0,
            5,
            [0.048_120_300_8, 1.422_556_39, 2.241_706_16, 0.634_586_466],
            [0.365_413_534, 0.243_609_023, 0.162_406_015, 0.108_270_677, 0.072_180_451_1],
        ),
        (
            10,
            8.0,
            10,
            [0.121_661_064, 7.026_711_49, 1.0, 7.026_711_49],
            [
                0.000_411_163_708,
                0.003_289_309_67,
                0.013_157_238_7,
                0.035_085_969_8,
                0.070_171_939_5,
            ],
        ),
    ];
    let mut cases = Vec::new();
    for (shares, rate, limit, [refused, open, time, completions], states) in systems {
        for (name, service) in SIZES {
            let steady = Steady {
                service,
                bandwidth: Some((shares, true)),
                warmup: 500.0,
                ..Steady::loss(rate, limit)
            };
            let unit = steady.unit() as f64;
            let shown = (rate * 1e4).round() / 1e4;
            let k = if limit == 1_000_000 { "none".to_owned() } else { limit.to_string() };
            let mut case = steady
                .case(format!("R = {shares}, rate {shown}, K = {k}, {name}"), SHARED, form)
                .means(&[("connections.mean", open)])
                .figure("completion.mean", Mean(time), move |seen| {
                    seen.metric("completion.mean") / unit
                })
                .figure("completions per unit", Mean(completions), move |seen| {
                    seen.metric("throughput") * unit / 3.6e6
                });
            if refused > 0.0 {
                case = case.means(&[("refused.ratio", refused)]);
            }
            for (number, share) in states.into_iter().enumerate() {
                let name = format!("share of time with {number} connected");
                case = case.figure(name, Expected::share(share), move |seen| {
                    seen.watch.share_with(number)
                });
            }
            cases.push(case);
        }
    }
    cases
}

/// Clients that retry, and that a refusal can strand.
fn retrial(form: Form) -> Vec<Case> {
    // R, the rate, K, the rate of retries, p, and: first attempts refused, connected, waiting, attempts of a client,
    // stranded, completions per unit of time.
    let systems = [
        (
            2,
            2.2,
            6,
            0.5,
            0.2,
            [0.379_861_127, 4.408_671_57, 2.561_276_32, 1.582_108_26, 0.145_527_064, 1.879_840_46],
        ),
        (
            5,
            6.0,
            10,
            0.2,
            0.1,
            [0.651_124_994, 9.438_899_96, 45.233_235_6, 2.507_774_52, 0.167_530_502, 4.994_816_99],
        ),
    ];
    systems
        .map(|(shares, rate, limit, retry, p, [first, open, waiting, attempts, stranded, done])| {
            let steady = Steady {
                bandwidth: Some((shares, true)),
                retry: Some(retry),
                stranding: p,
                warmup: 500.0,
                ..Steady::loss(rate, limit)
            };
            let unit = steady.unit() as f64;
            steady
                .case(
                    format!("R = {shares}, rate {rate}, K = {limit}, retry {retry}, p = {p}"),
                    RETRIAL,
                    form,
                )
                .means(&[
                    ("refused.first_ratio", first),
                    ("connections.mean", open),
                    ("waiting.mean", waiting),
                    ("attempts.mean", attempts),
                    ("stranded.ratio", stranded),
                ])
                .figure("completions per unit", Mean(done), move |seen| {
                    seen.metric("throughput") * unit / 3.6e6
                })
        })
        .into()
}

/// A transfer: when it begins, its MB, and when it ends.
type Flow = (f64, u32, f64);

/// Transfers that overlap, one per group.
fn fluid() -> Vec<Case> {
    let flows: [(&str, &[Flow]); 2] = [
        ("two transfers", &[(0.0, 1, 1.5), (0.5, 1, 2.0)]),
        ("three transfers", &[(0.0, 3, 5.5), (1.0, 1, 3.5), (2.0, 2, 6.0)]),
    ];
    flows
        .map(|(id, flows)| {
            let mut text = "name = \"fluid\"\n[distribution_points.A]\nconnection_limit = 9\n\
                            bandwidth = \"1 MB/s\"\n"
                .to_owned();
            for (number, (arrival, size, _)) in flows.iter().enumerate() {
                text.push_str(&format!(
                    "[clients.c{number}]\ncount = 1\n\
                     arrival = {{ kind = \"burst\", at = \"{arrival}s\" }}\n\
                     transfer = {{ kind = \"size\", bytes = \"{size} MB\" }}\n"
                ));
            }
            let case = Case::new(id, FLUID, Runs::ONE, &text);
            flows.iter().enumerate().fold(case, |case, (number, &(arrival, _, end))| {
                let name = format!("end of transfer {}", number + 1);
                case.figure(name, Exact(end), move |seen| {
                    arrival + seen.run.groups[number].completions.sorted()[0] as f64 / 1e3
                })
            })
        })
        .into()
}
