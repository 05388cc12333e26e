//! Queues whose clients leave when their patience ends.

use crate::case::Expected::Mean;
use crate::case::{Case, Expected, Family, Form, Runs};

const CONSTANT: &str = "Barrer 1957, with the formula of Baccelli and Hebuterne 1981: the density of the wait \
    that is offered is f(x) = l p(c-1) exp(l min(x, t) - c m x)";
const EXPONENTIAL: &str =
    "Palm 1957 (Erlang-A), from the stationary distribution of the birth-death process";

/// Clients whose patience is constant or exponentially distributed.
pub fn all(form: Form) -> Family {
    Family {
        title: "Impatient clients",
        about: "A queue with 50 connections, 48 arrivals a minute and a mean service of 1 min, whose clients \
            leave after their `patience` and do not come back (`max_retries = 0`). Times are in seconds.",
        cases: vec![
            case("patience of 30 s", CONSTANT, form, "\"30s\"", 0.013_539_756_4, 0.595_167_693),
            case("patience of 2 min", CONSTANT, form, "\"2m\"", 0.000_515_065_194, 0.690_678_604),
            case(
                "exponential patience with mean 2 min",
                EXPONENTIAL,
                form,
                "{ kind = \"exponential\", mean = \"2m\" }",
                0.030_912_249_2,
                0.467_774_069,
            )
            .figure("wait, mean", Mean(3.709_469_90), |seen| {
                // Little's law: also those wait that leave.
                seen.metric("queued.mean") / 0.8
            })
            .means(&[("connections.mean", 46.516_212_0)]),
        ],
    }
}

/// A case with the share of the clients that leave, and of those that have to wait.
fn case(
    id: &str,
    source: &'static str,
    form: Form,
    patience: &str,
    leave: f64,
    waits: f64,
) -> Case {
    // After a quarter of an hour the beginning is forgotten: some services.
    let (minutes, runs) = match form {
        Form::Short => (100, Runs { batch: 12, most: 12 }),
        Form::Full => (1000, Runs { batch: 40, most: 400 }),
    };
    let text = format!(
        "name = \"impatient clients\"
        warmup = \"30m\"
        horizon = \"{}m\"
        [distribution_points.A]
        connection_limit = 50
        queue = 1000000
        [clients.g]
        patience = {patience}
        retry = {{ max_retries = 0 }}
        arrival = {{ kind = \"poisson\", mean_interval = \"1250ms\" }}
        transfer = {{ kind = \"exponential\", mean = \"1m\" }}",
        minutes + 30
    );
    Case::new(id, source, runs, &text)
        .figure("share that leaves", Expected::share(leave), |seen| {
            seen.metric("gave_up") / seen.metric("arrived")
        })
        .figure("share that waits", Mean(waits), |seen| seen.watch.share_queued())
}
