//! Bursts and other finite numbers of clients.

mod exact;
mod random;

use crate::case::{Case, Runs};

pub use exact::exact;
pub use random::random;

/// Clients at a server, in seconds.
struct Burst {
    limit: u32,
    count: u32,
    arrival: String,
    transfer: String,
    retry: String,
    /// The release and how often it misreports.
    release: String,
}

impl Burst {
    /// `count` clients at once, each served for `service` ms, and again after `retry` s if it is refused.
    fn fixed(limit: u32, count: u32, service: u64, retry: u32) -> Burst {
        Burst {
            limit,
            count,
            arrival: "{ kind = \"burst\" }".to_owned(),
            transfer: format!("{{ kind = \"constant\", duration = \"{service}ms\" }}"),
            retry: format!("{{ policy = \"fixed\", interval = \"{retry}s\" }}"),
            release: String::new(),
        }
    }

    /// The same with exponentially distributed services, of 120 s on average.
    fn exponential(mut self) -> Burst {
        "{ kind = \"exponential\", mean = \"120s\" }".clone_into(&mut self.transfer);
        self
    }

    /// The same with exponentially distributed delays, of 600 s on average.
    fn memoryless(mut self) -> Burst {
        "{ policy = \"memoryless\", mean = \"600s\" }".clone_into(&mut self.retry);
        self
    }

    /// The same, with refusals that strand with probability `p`.
    fn stranding(mut self, p: &str) -> Burst {
        self.release = format!("release = \"sms-2.0-sp2\"\nmisreport_probability = {p}");
        self
    }

    fn text(&self) -> String {
        format!(
            "name = \"burst\"\n[distribution_points.A]\nconnection_limit = {}\n\
             [clients.g]\ncount = {}\narrival = {}\ntransfer = {}\nretry = {}\n{}\n",
            self.limit, self.count, self.arrival, self.transfer, self.retry, self.release
        )
    }

    /// A case in which nothing is random.
    fn exact(&self, id: impl Into<String>) -> Case {
        Case::new(id, "Closed form", Runs::ONE, &self.text())
    }
}
