//! The statistics of the program: its intervals contain the true value as often as their confidence.

use distpoint::model::{Purpose, Streams};
use distpoint::scenario::{Origin, load};
use distpoint::stats::interval::{CONFIDENCE, Moments, wilson};

use crate::case::Expected::{Between, Exact, Mean, Rough};
use crate::case::{Case, Family, Form, Runs, observe};
use crate::steady::Steady;

const BINOMIAL: &str = "Brown, Cai and DasGupta, Statistical Science 16 (2001) 101-133: the exact sum over the \
    binomial distribution";
const STUDENT: &str = "Student 1908; Erlang 1917: B(3, 2) = 4/19";
const BAND: &str = "Binomial quantiles: how many of 1000 intervals at 95% contain the true value, with a \
    probability of 99.9%";
const WHITT: &str = "Whitt, Management Science 35 (1989) 1341-1366; Blomqvist 1967";

/// Intervals, and the variance of a mean.
pub fn all(form: Form) -> Family {
    let wilsons =
        [(50, 0.02, 0.921_572_252), (1000, 0.01, 0.963_536_31), (10_000, 0.001, 0.962_713_901)];
    let wilsons = wilsons.map(|(n, p, coverage)| {
        let id = format!("Wilson's interval, n = {n}, p = {p}");
        let figures = vec![("coverage", Exact(coverage))];
        Case::of_function(&id, BINOMIAL, Runs::ONE, figures, move |_| {
            // Expected values are given to nine digits.
            vec![(wilson_coverage(n, p) * 1e9).round() / 1e9]
        })
    });
    Family {
        title: "Intervals",
        about: "How often an interval of the program contains the true value: Wilson's for shares, Student's for \
            means over replications. The waits of successive clients in M/M/1 (load 0.5) depend on each other: \
            the variance of their mean over n clients is 29/n and not 3/n, and an interval that takes them for \
            independent is right in 47% of the cases only. Hence the intervals of the program are over \
            replications.",
        cases: wilsons.into_iter().chain([band(), student(form), dependent(form)]).collect(),
    }
}

/// How probable it is that Wilson's interval contains `p`, of which `n` cases are seen.
fn wilson_coverage(n: u64, p: f64) -> f64 {
    let mut ln_choose = 0.0;
    let mut covered = 0.0;
    for k in 0..=n {
        if k > 0 {
            ln_choose += ((n - k + 1) as f64 / k as f64).ln();
        }
        let [low, high] = wilson(k, n, CONFIDENCE).expect("cases are seen");
        if (low..=high).contains(&p) {
            covered += (ln_choose + k as f64 * p.ln() + (n - k) as f64 * (-p).ln_1p()).exp();
        }
    }
    covered
}

/// Intervals of the means of ten values that are nearly normal: each a sum of twelve uniform ones.
fn band() -> Case {
    let figures = vec![("intervals that contain the mean", Between(926.0, 971.0))];
    Case::of_function("1000 of Student's intervals", BAND, Runs::ONE, figures, |_| {
        let streams = Streams::new(1, 0, "band");
        let contains = |&experiment: &u32| {
            let mut moments = Moments::default();
            for value in 0..10_u32 {
                let draw = |n: u32| streams.uniform(experiment, Purpose::Arrival, value * 12 + n);
                moments.add((0..12).map(draw).sum());
            }
            moments.interval(CONFIDENCE).is_some_and(|[low, high]| (low..=high).contains(&6.0))
        };
        vec![(0..1000).filter(contains).count() as f64]
    })
}

/// Intervals over ten replications of 2000 clients each, in a loss system.
fn student(form: Form) -> Case {
    let text = "name = \"loss\"\nhorizon = \"220000s\"\nwarmup = \"20000s\"\n\
        [distribution_points.A]\nconnection_limit = 3\n\
        [clients.g]\narrival = { kind = \"poisson\", mean_interval = \"100s\" }\n\
        transfer = { kind = \"exponential\", mean = \"200s\" }\nretry = { max_retries = 0 }\n";
    let loaded = load(Origin::Text { name: "loss", text }, &[]).expect("a right scenario");
    let runs = match form {
        Form::Short => Runs { batch: 60, most: 60 },
        Form::Full => Runs { batch: 500, most: 2500 },
    };
    let figures = vec![("coverage", Mean(CONFIDENCE))];
    Case::of_function("Student's interval, M/M/3/3", STUDENT, runs, figures, move |experiment| {
        let mut moments = Moments::default();
        for number in 0..10 {
            let seen = observe(&loaded.base, experiment * 10 + number);
            moments.add(seen.metric("refused.ratio"));
        }
        let [low, high] = moments.interval(CONFIDENCE).expect("ten values have an interval");
        vec![f64::from((low..=high).contains(&(4.0 / 19.0)))]
    })
}

/// The mean over clients that wait one after the other.
fn dependent(form: Form) -> Case {
    let steady = Steady { queue: true, warmup: 1000.0, ..Steady::loss(0.5, 1) };
    let unit = steady.unit() as f64;
    let mut case = steady.case("M/M/1, a = 0.5, successive waits", WHITT, form);
    if form == Form::Full {
        // The coverage is seen once in a replication.
        case.runs.batch = 1000;
    }
    case.figure("wait, mean", Mean(1.0), move |seen| seen.watch.mean_wait() / unit)
        .figure("wait, variance", Rough(3.0), move |seen| {
            (seen.watch.wait_deviation() / unit).powi(2)
        })
        .figure("variance of the mean, times n", Rough(29.0), move |seen| {
            (seen.watch.mean_wait() / unit - 1.0).powi(2) * seen.watch.waits() as f64
        })
        .figure("coverage as if independent", Rough(0.471_560_935), move |seen| {
            let error = seen.watch.wait_deviation() / (seen.watch.waits() as f64).sqrt();
            f64::from((seen.watch.mean_wait() - unit).abs() < 1.959_964 * error)
        })
}
