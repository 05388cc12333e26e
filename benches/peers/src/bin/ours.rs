//! The storm for distpoint, with its standard statistics. It draws the inputs itself instead of reading them, so it
//! does more than the others.

use distpoint::scenario::{Origin, load};
use distpoint::study::{Options, simulate};
use peers::{RETRY, Totals};

fn main() {
    peers::measure(|inputs| {
        let text = format!(
            "name = \"storm\"\nhorizon = \"3650d\"\n\
             distribution_points.A.connection_limit = {}\n\
             [clients.g]\ncount = {}\n\
             arrival = {{ kind = \"uniform\", over = \"10m\" }}\n\
             transfer = {{ kind = \"lognormal\", median = \"2m\", sigma = 0.5 }}\n\
             retry = {{ policy = \"fixed\", interval = \"{RETRY}ms\" }}\n",
            inputs.limit,
            inputs.arrivals.len()
        );
        let loaded = load(Origin::Text { name: "storm", text: &text }, &[]);
        let scenario = loaded.unwrap_or_else(|error| panic!("{error}")).base;
        let run = simulate(&scenario, 0, &Options::default());
        let run = run.unwrap_or_else(|error| panic!("{error}"));
        let mut completion = 0;
        run.groups[0].completions.for_each(|millis, number| completion += millis * number);
        let end = run.groups[0].last_completion.map_or(0, |last| last.as_millis());
        Totals { attempts: run.points[0].attempts(), completion, end }
    });
}
