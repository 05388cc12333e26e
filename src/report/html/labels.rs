//! What metrics are called where there is room for words, and how they are written.

use crate::report::text::cells::{number, ratio, share, time};
use crate::results::MetricTable;

/// How a metric of a variant is written in a table; `None` where it has no value.
pub type Cell = fn(&MetricTable, &str) -> Option<String>;

/// A metric with the words for it.
#[derive(Clone, Copy, Debug)]
pub struct Labelled {
    /// Its name.
    pub metric: &'static str,
    /// The words.
    pub label: &'static str,
    /// How it is written.
    pub cell: Cell,
}

const fn labelled(metric: &'static str, label: &'static str, cell: Cell) -> Labelled {
    Labelled { metric, label, cell }
}

/// The metrics that every variant is described by, in the order of reading.
pub const KEY: [Labelled; 23] = [
    labelled("clients", "Clients", number),
    labelled("arrived", "Of these arrived in time", number),
    labelled("completed", "Completed", number),
    labelled("stranded", "Stranded", share),
    labelled("recovered", "Of these recovered", number),
    labelled("stranded.final", "Stranded for good", number),
    labelled("gave_up", "Gave up", share),
    labelled("expired", "Expired", share),
    labelled("unfinished", "Unfinished at the horizon", share),
    labelled("completion.p50", "Completion, median", time),
    labelled("completion.p95", "Completion, 95%", time),
    labelled("completion.max", "Completion, slowest", time),
    labelled("makespan", "Last completion after", time),
    labelled("attempts.mean", "Attempts per client, mean", number),
    labelled("attempts.max", "Attempts per client, most", number),
    labelled("refused.ratio", "Attempts refused", ratio),
    labelled("connections.peak", "Connections, most", number),
    labelled("utilisation", "Utilisation of the limit", ratio),
    labelled("idle_while_waiting", "Idle while clients waited", ratio),
    labelled("recovered.delay.mean", "Recovered after, mean", time),
    labelled("cut", "Transfers cut", number),
    labelled("unreachable", "Attempts while it was down", number),
    labelled("queued.peak", "Clients in a queue, most", number),
];

/// What most scenarios do not have: each shows only where the metric beside it occurs.
pub const ONLY_IF_ANY: [(&str, &str); 9] = [
    ("recovered", "recovered"),
    ("stranded.final", "recovered"),
    ("gave_up", "gave_up"),
    ("expired", "expired"),
    ("unfinished", "unfinished"),
    ("recovered.delay.mean", "recovered"),
    ("cut", "cut"),
    ("unreachable", "unreachable"),
    ("queued.peak", "queued.peak"),
];

/// The key metric `name`.
pub fn key(name: &str) -> Option<Labelled> {
    KEY.into_iter().find(|labelled| labelled.metric == name)
}

/// The words for the metric `name`, which may be that of a part; if it has none, its name.
pub fn label(name: &str) -> String {
    let words = match name {
        "attempts" => "Attempts",
        "refused" => "Refused attempts",
        "stranded.ratio" => "Stranded, share of clients",
        "refused.first_ratio" => "First attempts refused",
        "completion.mean" => "Completion, mean",
        "completion.p90" => "Completion, 90%",
        "completion.p99" => "Completion, 99%",
        "attempts.p50" => "Attempts per client, median",
        "attempts.p99" => "Attempts per client, 99%",
        "connections.mean" => "Connections, mean",
        "waiting.mean" => "Clients waiting, mean",
        "waiting.peak" => "Clients waiting, most",
        _ => match key(name) {
            Some(labelled) => labelled.label,
            None => return crate::report::names::short(name, 60),
        },
    };
    words.to_owned()
}
