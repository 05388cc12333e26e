//! Groups of clients: how many, who they are, where they go, and when.

use serde_json::{Value, json};

use super::laws::Law;
use super::{Form, Key, boolean, duration, integer, may, must, number, object, rate, text, words};
use crate::model::Release;
use crate::scenario::read::MAX_CONNECTIONS;

pub(super) fn group(form: Form) -> Value {
    let releases = release_names();
    let mut keys = vec![
        may(
            "count",
            integer(
                1,
                u64::from(u32::MAX) - 16,
                "How many clients there are. Not needed where the arrivals say it: a trace, or poisson until the horizon.",
            ),
        ),
        may(
            "release",
            words(
                "How a refusal is handled; the parts can be set one by one. [sms-2.0-sp4]",
                &releases,
            ),
        ),
        may(
            "misreport_probability",
            number(
                Some(0.0),
                Some(1.0),
                "How likely a refusal comes back as another error (0x80070047), each time. [0]",
            ),
        ),
        may(
            "distribution_points",
            json!({
                "description": "Where the clients may go. [all points]",
                "type": "array", "items": { "type": "string" }, "minItems": 1, "uniqueItems": true
            }),
        ),
        may(
            "choose",
            words(
                "Which point a client tries: one for good, a new one each time, or one after the other. [random-once]",
                &["random-once", "random", "ordered", "least-loaded", "sticky"],
            ),
        ),
        may(
            "tiers",
            json!({
                "description": "The points in order of preference, instead of `distribution_points`: the first tier, then what to fall back to.",
                "type": "array", "minItems": 1,
                "items": { "anyOf": [
                    { "type": "array", "items": { "type": "string" }, "minItems": 1 },
                    object("A tier with a choice of its own.", vec![
                        must("points", json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 })),
                        may("choose", words("How its points are chosen.", &["random-once", "random", "ordered", "least-loaded", "sticky"])),
                    ], Form::Whole),
                ] },
                "examples": [[["BRANCH"], ["HQ1", "HQ2"]]]
            }),
        ),
        may(
            "release_mix",
            json!({
                "description": "Shares of releases within the group, instead of `release`.",
                "type": "object", "propertyNames": { "enum": releases },
                "additionalProperties": { "type": ["string", "number"] },
                "examples": [{ "sms-2.0-sp2": "30%", "sms-2.0-sp3": "70%" }]
            }),
        ),
        may(
            "upgrade",
            object(
                "An upgrade that rolls out over time: each client has its own moment.",
                upgrade(form),
                form,
            ),
        ),
        may(
            "online",
            text("The hours in which clients are there, such as `Mon-Fri 08:00-18:00`. [always]"),
        ),
        may(
            "zones",
            json!({
                "description": "The time zones of the clients, one drawn for each. [UTC]",
                "type": "array", "minItems": 1, "items": { "type": "string" },
                "examples": [["UTC", "UTC+1"]]
            }),
        ),
        may(
            "stagger",
            duration("By how much a client's hours are later at most, drawn for each. [0s]"),
        ),
        may(
            "vanishes",
            object(
                "Clients that leave at random, also in the middle of a transfer.",
                vec![
                    must("every", duration("The mean time until a client leaves.")),
                    must("for", duration("The mean time until it is back.")),
                ],
                form,
            ),
        ),
        must("arrival", Law::ARRIVAL.schema(form)),
        must("transfer", Law::TRANSFER.schema(form)),
        may(
            "connections",
            integer(
                1,
                u64::from(MAX_CONNECTIONS),
                "How many connections a client has to a point while it transfers: all at once, or it is refused. [1]",
            ),
        ),
        may("link", rate("The speed of each client's own connection. [as fast as the point]")),
        may(
            "poll_interval",
            duration("How often a client polls, for `poll_unschedules` and the workaround. [1h]"),
        ),
    ];
    keys.extend(release_parts(form));
    object("A group of clients that behave alike.", keys, form)
}

fn release_names() -> Vec<&'static str> {
    Release::all().map(|(name, _)| name).collect()
}

fn upgrade(form: Form) -> Vec<Key> {
    let mut keys = vec![
        must("to", words("The new release.", &release_names())),
        may("from", duration("When it begins. [0s]")),
        may("over", duration("How long it takes. [at once]")),
    ];
    keys.extend(release_parts(form));
    keys
}

/// The parts of a release, which a group or an upgrade may set on their own.
fn release_parts(form: Form) -> Vec<Key> {
    vec![
        may(
            "misreport_strands",
            boolean(
                "Whether a misreported refusal strands the advertisement (Q268500). [by release]",
            ),
        ),
        may(
            "poll_unschedules",
            boolean("Whether the next poll unschedules a pending retry (Q302674). [by release]"),
        ),
        may(
            "tries_per_point",
            integer(
                1,
                255,
                "How many attempts go to a point before the next one is tried. [by release]",
            ),
        ),
        may(
            "moves_on",
            boolean(
                "Whether a client goes on to the next point of its tier after each wait. [by release]",
            ),
        ),
        may(
            "fallback_after",
            text(
                "How long after its first refusal a client may go to the next tier; `0s`: at once, `never`. [by release]",
            ),
        ),
        may("retry", Law::RETRY.schema(form)),
        may(
            "on_cut",
            words(
                "What becomes of a transfer that an outage cuts: it begins again, or goes on. [by release]",
                &["restart", "resume"],
            ),
        ),
        may(
            "spin",
            duration(
                "How often a client tries again while it cannot reach its point, whatever `retry` says (Q302535). [by release]",
            ),
        ),
    ]
}
