//! Retrial queues in which a refusal may strand a client.

use crate::case::Expected::Mean;
use crate::case::{Case, Family, Form, rows};
use crate::retrial::retrial;
use crate::steady::Steady;

const LOSS: &str = "Falin and Templeton 1997, chapter 2, with persistence 1 - p; the Markov chain, solved \
    numerically";
const MIXED: &str = "The Markov chain of both kinds of clients, solved numerically";

/// Servers some of whose refused clients are stranded.
pub fn all(form: Form) -> Family {
    Family {
        title: "Retrial queues that strand",
        about: "As above, but each refusal is misreported with probability p, which strands the client: \
            the case of Q268500 in a steady state. `load` is that of one connection. In the mixed cases, a \
            share f of the clients is buggy, in a group of its own, and the others retry until they are \
            served.",
        cases: alike(form).into_iter().chain(mixed(form)).collect(),
    }
}

/// The limit, the load, the rate of retries, p, and: clients stranded, first attempts refused, attempts refused,
/// attempts of a client, connections, clients that wait.
const SYSTEMS: &str = "
     c  load  retry     p       stranded         first       refused    attempts         open      waiting
     1   0.8    0.2  0.05    0.119229484   0.704616413   0.730268496   3.2653602  0.704616413   9.06144079
     1   0.8    0.2  0.25    0.273848352   0.580921319   0.601354001  1.82154505  0.580921319   3.28618022
     1   0.8    0.2   0.5    0.357781293   0.513774966   0.527008723  1.35778129  0.513774966   1.43112517
     1   0.8    0.2     1    0.444444444   0.444444444   0.444444444           1  0.444444444            0
     1   1.1      2  0.05    0.271630618    0.80120632   0.881777059  6.16098174   0.80120632   2.83853996
     1   1.1      2  0.25    0.415175368   0.643307095   0.739560083  2.24552611  0.643307095  0.685039358
     1   1.1      2   0.5    0.474800277   0.577719695   0.643884171  1.47480028  0.577719695  0.261140153
     5   0.8    0.2  0.05   0.0324073648   0.379827593   0.401145806  1.61573993   3.87037054   12.3147986
     5   0.8    0.2  0.25   0.0998911253   0.296290555   0.307434551  1.29967338    3.6004355   5.99346752
     5   0.8    0.2   0.5    0.145435104   0.248266884   0.253938619   1.1454351   3.41825958   2.90870209
     5   0.8    0.2     1    0.199066874   0.199066874   0.199066874           1    3.2037325            0
     5   1.1      2  0.05     0.16084021   0.725276278   0.793104723  4.05596398   4.61537885   8.40390096
     5   1.1      2  0.25    0.243631832   0.497280354    0.56301916   1.7308955   4.16002492   2.00996262
     5   1.1      2   0.5    0.284525015   0.404244718   0.443004242  1.28452502   3.93511242  0.782443792
    10   0.8    0.2  0.05   0.0154852629   0.227221059   0.239298773  1.29421999    7.8761179   11.7687998
    10   0.8    0.2  0.25   0.0546418353   0.181661523   0.187784648  1.16392551   7.56286532   6.55702023
    10   0.8    0.2   0.5   0.0843524018      0.152605   0.155581159   1.0843524   7.32518079   3.37409607
    10   0.8    0.2     1    0.121661064   0.121661064   0.121661064           1   7.02671149            0
    10   1.1      2  0.05    0.133241638   0.698054547   0.754570013  3.53159112   9.53434199   13.9237511
    10   1.1      2  0.25    0.194874279   0.441532575   0.491913342  1.58462284   8.85638293   3.21542561
    10   1.1      2   0.5    0.227064425   0.342590729    0.37009373  1.22706443   8.50229132   1.24885434
    50   0.8    0.2  0.05  0.00131913023  0.0251727781  0.0257375326  1.02506347   39.9472348   5.01269486
    50   0.8    0.2  0.25  0.00600086321  0.0232094123  0.0235789703  1.01800259   39.7599655   3.60051793
    50   0.8    0.2   0.5   0.0108900825  0.0213409793  0.0215455323  1.01089008   39.5643967    2.1780165
    50   0.8    0.2     1   0.0186906711  0.0186906711  0.0186906711           1   39.2523732            0
    50   1.1      2  0.05    0.100710271   0.666146197    0.69133646  2.91349515   49.4609351   52.6211167
    50   1.1      2  0.25     0.12662978   0.344754691   0.367072275  1.37988934   48.0353621   10.4469568
    50   1.1      2   0.5    0.142990788   0.239702897   0.250204621  1.14299079   47.1355066   3.93224668
";

fn alike(form: Form) -> Vec<Case> {
    let case =
        |[limit, load, retry, p, stranded, first, refused, attempts, open, waiting]: [f64; 10]| {
            let rate = load * limit;
            let steady = Steady { stranding: p, ..retrial(rate, limit as u32, retry) };
            let hour = 3.6e6 / steady.unit() as f64;
            let id = format!("c = {limit}, load {load}, p = {p}, retry {retry}");
            let case = steady.case(id, LOSS, form).means(&[
                ("stranded.ratio", stranded),
                ("refused.first_ratio", first),
                ("refused.ratio", refused),
                ("attempts.mean", attempts),
                ("connections.mean", open),
            ]);
            let case = if waiting > 0.0 { case.means(&[("waiting.mean", waiting)]) } else { case };
            case.figure("completions per mean service", Mean(open), move |seen| {
                seen.metric("throughput") / hour
            })
        };
    rows(SYSTEMS).map(case).collect()
}

fn mixed(form: Form) -> Vec<Case> {
    // The limit, the rates of arrivals and retries, f, p, and: clients stranded, first attempts refused,
    // connections, clients that wait, buggy and sound.
    let systems = [
        (
            1,
            0.6,
            0.5,
            0.5,
            0.3,
            [0.141_265_122, 0.515_240_927, 0.515_240_927, 0.395_542_343, 0.897_603_94],
        ),
        (
            5,
            5.0,
            1.0,
            0.3,
            0.2,
            [0.098_109_142_1, 0.662_290_696, 4.509_454_29, 1.962_182_84, 9.584_493_56],
        ),
    ];
    systems
        .map(|(limit, rate, retry, f, p, [stranded, first, open, buggy, sound])| {
            let steady = Steady { stranding: p, buggy: f, ..retrial(rate, limit, retry) };
            steady
                .case(format!("mixed: c = {limit}, rate {rate}, f = {f}, p = {p}"), MIXED, form)
                .means(&[
                    ("stranded.ratio", stranded),
                    ("refused.first_ratio", first),
                    ("connections.mean", open),
                    ("waiting.mean", buggy + sound),
                ])
                .figure("waiting, buggy", Mean(buggy), |seen| seen.watch.waiting_of(0))
                .figure("waiting, sound", Mean(sound), |seen| seen.watch.waiting_of(1))
        })
        .into()
}
