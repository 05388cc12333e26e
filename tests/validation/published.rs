//! Figures from tables, calculators and the documentation of programs.

use crate::case::Expected::{Exact, Mean};
use crate::case::{Case, Family, Form, Runs};
use crate::steady::Steady;

const LONG_QUEUE: &str = "Erlang C: P(wait) = 0.694, mean wait 20.83 s, and 0.694 exp(-t / 30 s) of the clients wait \
    longer than t, a tenth of them 58.1 s";
const EXTENDED: &str = "Extended Erlang B, published to the digits 0.0191, 0.15195 and 0.20661: the fixed point of \
    B = ErlangB(lines, load + recall * B * offered)";
const DOCKER: &str =
    "moby, `distribution/xfer/download.go`: 5 attempts, a delay of 5 s times the attempt";
const NPM: &str =
    "npm, defaults of `fetch-retries`: 2 retries, factor 10, from 10 s to at most 60 s";
const CURL: &str = "curl, the documentation of `--retry`: 1 s, doubling up to 10 minutes";

/// Published figures.
pub fn all(form: Form) -> Family {
    let families = [vec![long_queue(form)], recall(form), giving_up()];
    Family {
        title: "Published figures",
        about: "M/M/50 has 48 arrivals a minute and a mean service of a minute. Extended Erlang B takes retries for \
            fresh calls that arrive at random: a share of the blocked calls, the recall, is made again, each time \
            anew. That is a server whose refused clients retry so late that the server has changed since \
            (after 200 services on average, `policy = \"memoryless\"`), and each refusal of which ends the call \
            with probability 1 - recall (`misreport_probability`). Retries that follow at once find the same \
            server full and block more. The times of giving up are those of a client at a server \
            that stays full; here it gives up at its last refusal.",
        cases: families.into_iter().flatten().collect(),
    }
}

fn long_queue(form: Form) -> Case {
    let steady =
        Steady { queue: true, warmup: 1000.0, most_clients: 260e6, ..Steady::loss(48.0, 50) };
    let second = steady.unit() as f64 / 60.0;
    // 0.694 and 20.83 s to more digits.
    let (waits, mean) = (0.694_455_611, 20.833_668_4);
    let tenth = 30.0 * (waits * 10.0_f64).ln();
    steady
        .case("M/M/50 at 48 a minute", LONG_QUEUE, form)
        .figure("share that waits", Mean(waits), |seen| seen.watch.share_queued())
        .figure("wait, mean, s", Mean(mean), move |seen| seen.watch.mean_wait() / second)
        .figure("wait, 90th percentile, s", Mean(tenth), move |seen| {
            seen.watch.wait_percentile(90) / second
        })
}

/// The share of calls that is blocked on `lines` under `load` erlangs (Erlang 1917).
fn erlang_b(lines: u32, load: f64) -> f64 {
    (1..=lines).fold(1.0, |blocked, line| load * blocked / (f64::from(line) + load * blocked))
}

/// The share of attempts that is blocked if a share `recall` of those that are is made again.
fn extended_erlang_b(lines: u32, load: f64, recall: f64) -> f64 {
    let mut offered = load;
    for _ in 0..1000 {
        offered = load + recall * offered * erlang_b(lines, offered);
    }
    erlang_b(lines, offered)
}

fn recall(form: Form) -> Vec<Case> {
    // Erlangs, lines, recall, and what is published.
    let systems =
        [(5.0, 10, 0.4, 0.0191, 4), (8.0, 10, 0.5, 0.151_95, 5), (8.0, 10, 0.9, 0.206_61, 5)];
    systems
        .map(|(load, lines, recall, published, digits)| {
            let blocked = extended_erlang_b(lines, load, recall);
            let shown = format!("{blocked:.digits$}");
            assert_eq!(shown, format!("{published:.digits$}"), "the formula is the published one");
            let steady = Steady {
                retry: Some(0.005),
                stranding: 1.0 - recall,
                warmup: 2400.0,
                ..Steady::loss(load, lines)
            };
            let id = format!("{load} erlangs, {lines} lines, recall {:.0}%", recall * 100.0);
            steady.case(id, EXTENDED, form).means(&[("refused.ratio", blocked)])
        })
        .into()
}

fn giving_up() -> Vec<Case> {
    let policies = [
        ("docker pull", DOCKER, "policy = \"linear\", step = \"5s\", max_retries = 4", 50.0, 5.0),
        (
            "npm",
            NPM,
            "policy = \"exponential\", base = \"10s\", factor = 10, cap = \"60s\", max_retries = 2",
            70.0,
            3.0,
        ),
        (
            "curl --retry 10",
            CURL,
            "policy = \"exponential\", base = \"1s\", cap = \"10m\", max_retries = 10",
            1023.0,
            11.0,
        ),
    ];
    policies
        .map(|(id, source, retry, seconds, attempts)| {
            let text = format!(
                "name = \"giving up\"\n[distribution_points.A]\nconnection_limit = 1\n\
                 [clients.holder]\ncount = 1\narrival = {{ kind = \"burst\" }}\n\
                 transfer = {{ kind = \"constant\", duration = \"1h\" }}\n\
                 [clients.client]\ncount = 1\narrival = {{ kind = \"burst\", at = \"1s\" }}\n\
                 transfer = {{ kind = \"constant\", duration = \"1s\" }}\nretry = {{ {retry} }}\n"
            );
            Case::new(id, source, Runs::ONE, &text)
                .figure("gives up after, s", Exact(seconds), |seen| {
                    seen.watch.gave_up_after as f64 / 1e3
                })
                .figure("attempts", Exact(attempts), |seen| f64::from(seen.watch.gave_up_attempts))
        })
        .into()
}
