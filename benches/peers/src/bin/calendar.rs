//! The floor with a calendar: the storm as a loop written by hand, for any delays.

#[allow(dead_code, reason = "the other floor is in it, too")]
#[path = "../../../storm/floor.rs"]
mod floor;

use peers::{Inputs, RETRY, Totals};

fn main() {
    let inputs = Inputs::read();
    peers::measure(|| {
        let limit = inputs.limit as u32;
        let run = floor::calendar(&inputs.arrivals, &inputs.transfers, limit, RETRY);
        let end = run.makespan + inputs.arrivals[0];
        Totals { attempts: run.attempts, completion: run.completion_sum as u64, end }
    });
}
