//! Distribution points: their limits, bandwidth, trouble and queues.

use serde_json::{Value, json};

use super::{Form, Key, duration, integer, may, must, object, rate};

pub(super) fn point(form: Form) -> Value {
    let limit = || {
        integer(
            1,
            u64::from(u32::MAX),
            "How many connections are accepted at once; who comes on top is refused.",
        )
    };
    let mut change = window();
    change.push(must("connection_limit", limit()));
    let keys = vec![
        must("connection_limit", limit()),
        may("bandwidth", rate("What all transfers of a size share, equally. [no limit]")),
        may(
            "efficiency",
            json!({
                "description": "How much of the bandwidth is left with so many connections, from 0 to 1: \
                                pairs, ascending; in between it is interpolated. [all of it]",
                "type": "array", "minItems": 1,
                "items": { "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" } },
                "examples": [[[50, 1.0], [200, 0.4]]]
            }),
        ),
        may("outages", list("When the point cannot be reached. [never]", window(), "An outage.")),
        may(
            "limit_changes",
            list("When it has another limit. [never]", change, "Another limit for some time."),
        ),
        may(
            "failures",
            object(
                "Random failures, in which the point cannot be reached. [none]",
                vec![
                    must("mtbf", duration("The mean time between two failures.")),
                    must("mttr", duration("The mean time to repair one.")),
                ],
                form,
            ),
        ),
        may(
            "queue",
            integer(0, u64::from(u32::MAX), "How many that come on top wait at the server. [0]"),
        ),
        may(
            "retry_after",
            json!({
                "description": "When a refused client is told to come back: a time, or `\"estimated\"` \
                                from the load. Clients with the policy `server` heed it. [nothing is told]",
                "type": "string", "pattern": "^\\s*([0-9.]|estimated$)", "examples": ["30s", "estimated"]
            }),
        ),
    ];
    object("A distribution point.", keys, form)
}

/// The keys of a time, once or repeated.
fn window() -> Vec<Key> {
    vec![
        must("from", duration("When it begins, from the start of the simulation.")),
        may("for", duration("How long it lasts.")),
        may("until", duration("When it ends, instead of `for`.")),
        may("every", duration("After which time it comes again. [never]")),
    ]
}

fn list(description: &str, keys: Vec<Key>, each: &str) -> Value {
    json!({ "description": description, "type": "array", "items": object(each, keys, Form::Whole) })
}
