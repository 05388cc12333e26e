//! The tables whose other keys depend on one of them: arrivals, transfers, retries.

use serde_json::{Value, json};

use super::{
    Form, Key, boolean, duration, integer, may, must, number, object, or_none, size, text, trace,
    words,
};

/// A kind of a law: its word, what it means, and its keys.
type Kind = (&'static str, &'static str, Vec<Key>);

/// A table whose other keys depend on one of them.
pub(super) struct Law {
    description: &'static str,
    /// The key that says which kind it is.
    tag: &'static str,
    /// The kind that needs no tag, if one does not.
    default: Option<&'static str>,
    /// The kinds.
    kinds: fn() -> Vec<Kind>,
    /// The keys that all kinds have.
    common: fn() -> Vec<Key>,
}

impl Law {
    pub(super) const ARRIVAL: Law = Law {
        description: "When clients make their first attempt.",
        tag: "kind",
        default: None,
        kinds: || {
            vec![
                ("burst", "All at once.", vec![may("at", duration("When. [0s]"))]),
                (
                    "even",
                    "Evenly spread: client i at i/count of the time.",
                    vec![must("over", duration("The time."))],
                ),
                ("uniform", "At random within a time.", vec![must("over", duration("The time."))]),
                (
                    "poisson",
                    "Independent of each other, at a steady rate.",
                    vec![must("mean_interval", duration("The mean time between two arrivals."))],
                ),
                (
                    "poll",
                    "At the client's own phase of a common interval.",
                    vec![must("interval", duration("The interval."))],
                ),
                (
                    "trace",
                    "As a CSV file says: row i is client i.",
                    trace(vec![may(
                        "sorted",
                        boolean(
                            "Whether times have to ascend. [true, unless the same file gives the transfers]",
                        ),
                    )]),
                ),
            ]
        },
        common: Vec::new,
    };

    pub(super) const TRANSFER: Law = Law {
        description: "How long a connection lasts.",
        tag: "kind",
        default: None,
        kinds: || {
            vec![
                ("constant", "Always as long.", vec![must("duration", duration("How long."))]),
                (
                    "uniform",
                    "Anything between two times.",
                    vec![
                        must("min", duration("The shortest.")),
                        must("max", duration("The longest.")),
                    ],
                ),
                (
                    "exponential",
                    "Exponentially distributed.",
                    vec![must("mean", duration("The mean."))],
                ),
                (
                    "lognormal",
                    "Lognormally distributed.",
                    vec![
                        must("median", duration("The median.")),
                        must(
                            "sigma",
                            number(
                                Some(0.0),
                                Some(10.0),
                                "The standard deviation of the logarithm.",
                            ),
                        ),
                    ],
                ),
                (
                    "empirical",
                    "Drawn from a column of a CSV file, with replacement.",
                    trace(Vec::new()),
                ),
                ("trace", "As a CSV file says: row i is client i.", trace(Vec::new())),
                (
                    "size",
                    "As long as so many bytes take over the bandwidth that is left.",
                    vec![must("bytes", sizes())],
                ),
            ]
        },
        common: Vec::new,
    };

    pub(super) const RETRY: Law = Law {
        description: "When a refused client tries again, instead of as its release does.",
        tag: "policy",
        default: Some("fixed"),
        kinds: || {
            vec![
                (
                    "fixed",
                    "After the same time, give or take the jitter.",
                    vec![
                        may("interval", duration("The time.")),
                        may(
                            "jitter",
                            text("How far a delay is off at most: a time or a percentage. [none]"),
                        ),
                    ],
                ),
                (
                    "linear",
                    "Each delay is longer by the same step.",
                    vec![
                        must("step", duration("The step.")),
                        may("cap", duration("The longest delay. [none]")),
                    ],
                ),
                (
                    "exponential",
                    "Each delay is longer by the same factor.",
                    vec![
                        must("base", duration("The first delay.")),
                        may(
                            "factor",
                            number(Some(1.0), None, "The factor. [2; 3 with decorrelated jitter]"),
                        ),
                        may("cap", duration("The longest delay. [none]")),
                        may(
                            "jitter",
                            words(
                                "How delays are spread. [none]",
                                &["none", "full", "equal", "decorrelated"],
                            ),
                        ),
                    ],
                ),
                (
                    "server",
                    "When the server says (its `retry_after`), or else after the same time.",
                    vec![
                        may("interval", duration("The time, where the server says nothing. [10m]")),
                        may(
                            "jitter",
                            text("How far a delay is off at most: a time or a percentage. [none]"),
                        ),
                    ],
                ),
                (
                    "memoryless",
                    "Exponentially distributed, as in retrial queues.",
                    vec![must("mean", duration("The mean."))],
                ),
            ]
        },
        common: || {
            vec![
                may(
                    "max_retries",
                    or_none(integer(
                        0,
                        u64::from(u32::MAX),
                        "After so many retries a client gives up; `\"none\"`: never. [by release]",
                    )),
                ),
                may(
                    "give_up_after",
                    or_none(duration(
                        "After this time a client gives up; `\"none\"`: never. [by release]",
                    )),
                ),
            ]
        },
    };

    /// One of the kinds; of an overlay any keys, for the tag may be in the scenario.
    pub(super) fn schema(&self, form: Form) -> Value {
        let kinds = (self.kinds)();
        if form == Form::Overlay {
            let tags: Vec<&str> = kinds.iter().map(|(word, ..)| *word).collect();
            let mut keys = vec![may(self.tag, words("Which kind.", &tags))];
            keys.extend((self.common)());
            for key in kinds.into_iter().flat_map(|(.., keys)| keys) {
                match keys.iter_mut().find(|known| known.name == key.name) {
                    // Kinds that share a key mean much the same by it.
                    Some(known) => known.schema = json!({ "anyOf": [known.schema, key.schema] }),
                    None => keys.push(key),
                }
            }
            return object(self.description, keys, form);
        }
        let kinds = kinds.into_iter().map(|(word, description, keys)| {
            let tag = Key {
                name: self.tag,
                required: self.default != Some(word),
                schema: json!({ "const": word, "description": description }),
            };
            let keys = std::iter::once(tag).chain(keys).chain((self.common)()).collect();
            object(description, keys, form)
        });
        json!({ "description": self.description, "oneOf": kinds.collect::<Vec<_>>() })
    }
}

/// The `bytes` of a transfer: a size, or the law of one.
fn sizes() -> Value {
    let law = |word: &str, description: &str, keys: Vec<Key>| {
        let tag = must("kind", json!({ "const": word, "description": description }));
        object(description, std::iter::once(tag).chain(keys).collect(), Form::Whole)
    };
    let sigma = number(Some(0.0), Some(10.0), "The standard deviation of the logarithm.");
    json!({
        "description": "How many bytes, or how they are distributed.",
        "anyOf": [
            size("Always as many."),
            law("uniform", "Anything between two sizes.", vec![
                must("min", size("The least.")),
                must("max", size("The most.")),
            ]),
            law("exponential", "Exponentially distributed.", vec![must("mean", size("The mean."))]),
            law("empirical", "Drawn from a column of a CSV file.", trace(Vec::new())),
            law("trace", "As a CSV file says: row i is client i.", trace(Vec::new())),
            law("lognormal", "Lognormally distributed.", vec![
                must("median", size("The median.")),
                must("sigma", sigma),
            ]),
        ]
    })
}
