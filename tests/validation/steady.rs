//! Scenarios in a steady state: clients arrive by a Poisson process, and those of a warm-up do not count.

use std::fmt::Write;
use std::path::Path;

use crate::case::{Case, Form, Runs};

/// The distribution of the time for which a client is served, or of the size of its transfer. The mean is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    Exponential,
    Constant,
    /// Lognormal with this coefficient of variation.
    Lognormal(u32),
    /// Exponential with a mean of 1/2 or of 3/2, with the same probability.
    Hyperexponential,
    /// The sum of two exponential ones.
    Erlang2,
}

/// A scenario whose unit of time is the mean service.
pub struct Steady {
    /// Arrivals per unit of time.
    pub rate: f64,
    /// The connection limit.
    pub servers: u32,
    pub service: Service,
    /// Whether clients beyond the limit wait in a queue.
    pub queue: bool,
    /// The rate at which a refused client retries, each time after an exponentially distributed delay;
    /// `None`: it never does.
    pub retry: Option<f64>,
    /// The probability that a refusal strands a client.
    pub stranding: f64,
    /// The share of the clients whose refusals are misreported.
    pub buggy: f64,
    /// Clients that can be served at full speed at once, where all share a bandwidth; and whether no
    /// client can have more than one such share.
    pub bandwidth: Option<(u32, bool)>,
    /// The length of the warm-up in units of time, at least.
    pub warmup: f64,
    /// The greatest number of clients that are simulated, those of the warm-ups included.
    pub most_clients: f64,
}

impl Steady {
    /// Clients that are refused go away.
    pub const fn loss(rate: f64, servers: u32) -> Steady {
        Steady {
            rate,
            servers,
            service: Service::Exponential,
            queue: false,
            retry: None,
            stranding: 0.0,
            buggy: 1.0,
            bandwidth: None,
            warmup: 120.0,
            most_clients: 120e6,
        }
    }

    /// The unit of time in ms: such that the time between arrivals is a whole number of ms, too.
    pub fn unit(&self) -> u64 {
        let whole = |unit: &u64| {
            let interval = *unit as f64 / self.rate;
            (interval - interval.round()).abs() < 1e-6
        };
        (100_000..).step_by(100).find(whole).expect("one of them is whole")
    }

    /// A case that simulates it.
    pub fn case(&self, id: impl Into<String>, source: &'static str, form: Form) -> Case {
        let runs = self.runs(form);
        if self.service != Service::Erlang2 {
            return Case::new(id, source, runs, &self.text(form));
        }
        let directory = tempfile::tempdir().expect("a temporary directory");
        write_erlang2(directory.path(), self.unit());
        Case::reading(id, source, runs, &self.text(form), directory.path())
    }

    /// Clients that arrive in the warm-up, on average.
    fn early(&self) -> f64 {
        (self.rate * self.warmup).max(1000.0)
    }

    /// Clients that count, on average.
    fn counted(&self, form: Form) -> f64 {
        match form {
            Form::Short => 4000.0,
            Form::Full => (self.rate * 10_000.0).clamp(20_000.0, 100_000.0),
        }
    }

    fn runs(&self, form: Form) -> Runs {
        match form {
            Form::Short => Runs { batch: 12, most: 12 },
            Form::Full => {
                let most = self.most_clients / (self.early() + self.counted(form));
                Runs { batch: 40, most: most as u64 }
            }
        }
    }

    /// The scenario as a user writes it.
    pub fn text(&self, form: Form) -> String {
        let unit = self.unit();
        let interval = (unit as f64 / self.rate).round();
        let warmup = (self.early() * interval).round();
        let horizon = warmup + (self.counted(form) * interval).round();
        let mut text = format!(
            "name = \"steady state\"\nhorizon = \"{horizon}ms\"\nwarmup = \"{warmup}ms\"\n\
             [distribution_points.A]\nconnection_limit = {}\n",
            self.servers
        );
        if self.queue {
            text.push_str("queue = 1000000\n");
        }
        if let Some((shares, _)) = self.bandwidth {
            let _ = writeln!(text, "bandwidth = \"{shares} MB/s\"");
        }
        for (name, share, transfer, stranding) in self.groups(unit) {
            let between = (interval / share).round();
            let _ = writeln!(
                text,
                "[clients.{name}]\n\
                 arrival = {{ kind = \"poisson\", mean_interval = \"{between}ms\" }}\n\
                 transfer = {transfer}\n{}",
                self.retries(unit, stranding)
            );
        }
        text
    }

    /// The names of its groups, their shares of the clients, their transfers, and the probability
    /// that one of their refusals strands.
    fn groups(&self, unit: u64) -> Vec<(&'static str, f64, String, f64)> {
        let stranding = self.stranding;
        if self.service == Service::Hyperexponential {
            let transfer = |mean| format!("{{ kind = \"exponential\", mean = \"{mean}ms\" }}");
            return vec![
                ("short", 0.5, transfer(unit / 2), stranding),
                ("long", 0.5, transfer(unit / 2 * 3), stranding),
            ];
        }
        let transfer = self.transfer(unit);
        if self.buggy < 1.0 {
            return vec![
                ("buggy", self.buggy, transfer.clone(), stranding),
                ("sound", 1.0 - self.buggy, transfer, 0.0),
            ];
        }
        vec![("g", 1.0, transfer, stranding)]
    }

    fn transfer(&self, unit: u64) -> String {
        if self.bandwidth.is_some() {
            // At 1 MB/s, 1000 bytes take a millisecond.
            let bytes = unit * 1000;
            let size = match self.service {
                Service::Exponential => {
                    format!("{{ kind = \"exponential\", mean = \"{bytes} B\" }}")
                }
                Service::Lognormal(cv) => {
                    let (median, sigma) = lognormal(bytes, cv);
                    format!("{{ kind = \"lognormal\", median = \"{median} B\", sigma = {sigma} }}")
                }
                _ => format!("\"{bytes} B\""),
            };
            return format!("{{ kind = \"size\", bytes = {size} }}");
        }
        match self.service {
            Service::Exponential => format!("{{ kind = \"exponential\", mean = \"{unit}ms\" }}"),
            Service::Lognormal(cv) => {
                let (median, sigma) = lognormal(unit, cv);
                format!("{{ kind = \"lognormal\", median = \"{median}ms\", sigma = {sigma} }}")
            }
            Service::Erlang2 => "{ kind = \"empirical\", file = \"erlang2.csv\" }".to_owned(),
            _ => format!("{{ kind = \"constant\", duration = \"{unit}ms\" }}"),
        }
    }

    fn retries(&self, unit: u64, stranding: f64) -> String {
        let mut keys = String::new();
        if self.bandwidth.is_some_and(|(_, capped)| capped) {
            keys.push_str("link = \"1 MB/s\"\n");
        }
        if stranding > 0.0 {
            let _ =
                writeln!(keys, "release = \"sms-2.0-sp2\"\nmisreport_probability = {stranding:?}");
        }
        match self.retry {
            _ if self.queue => {}
            None => keys.push_str("retry = { max_retries = 0 }\n"),
            Some(rate) => {
                let mean = (unit as f64 / rate).round();
                let _ =
                    writeln!(keys, "retry = {{ policy = \"memoryless\", mean = \"{mean}ms\" }}");
            }
        }
        keys
    }
}

/// The median and the sigma of a lognormal distribution with a `mean` and a coefficient of variation.
fn lognormal(mean: u64, cv: u32) -> (u64, f64) {
    let squared = 1.0 + f64::from(cv).powi(2);
    ((mean as f64 / squared.sqrt()).round() as u64, squared.ln().sqrt())
}

/// Writes 10,000 equally probable times with the distribution of the sum of two exponential ones with
/// a mean of half a `unit` each: the means over the parts into which its quantiles divide it.
fn write_erlang2(directory: &Path, unit: u64) {
    const PARTS: u32 = 10_000;
    // With rate 2, the share below x, and the part of the mean that comes from below x.
    let below = |x: f64| 1.0 - (-2.0 * x).exp() * (1.0 + 2.0 * x);
    let mean_below = |x: f64| 1.0 - (-2.0 * x).exp() * (1.0 + 2.0 * x + 2.0 * x * x);
    let mut rows = String::from("ms\n");
    let (mut x, mut from) = (1e-3, 0.0);
    for part in 1..=PARTS {
        let share = f64::from(part) / f64::from(PARTS);
        let to = if part == PARTS {
            1.0
        } else {
            for _ in 0..20 {
                x -= (below(x) - share) / (4.0 * x * (-2.0 * x).exp());
            }
            mean_below(x)
        };
        let mean = (to - from) * f64::from(PARTS) * unit as f64;
        let _ = writeln!(rows, "{}", mean.round());
        from = to;
    }
    std::fs::write(directory.join("erlang2.csv"), rows).expect("it can be written");
}
