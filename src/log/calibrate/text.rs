//! A calibrated scenario as the text of its file, and the traces beside it.

use std::fmt::Write;

use super::estimate::{Calibration, Estimate};
use crate::human::{count, percent, span};
use crate::model::Span;

/// The files of a calibrated scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioFiles {
    /// The scenario.
    pub scenario: String,
    /// The trace of arrivals: the end of its name, and its text.
    pub arrivals: (String, String),
    /// The trace of holding times, if they are known.
    pub holding: Option<(String, String)>,
}

/// Regular intervals are at least this share of all.
const REGULAR: f64 = 0.9;

impl Calibration {
    /// The files of the scenario. `stem` is the name of its file without the ending, which those of the traces begin
    /// with, and `of` is what was read.
    ///
    /// # Errors
    ///
    /// Nothing arrived that could be simulated.
    pub fn files(&self, stem: &str, of: &str) -> Result<ScenarioFiles, String> {
        if self.arrivals.is_empty() {
            return Err("the logs have no attempt or request with an instant".to_owned());
        }
        let (arrivals, holding) = (format!("{stem}.arrivals.csv"), format!("{stem}.holding.csv"));
        let column = |name: &str, values: &[u64]| {
            let mut text = format!("{name}\n");
            values.iter().for_each(|value| {
                // Writing into a string cannot fail.
                let _ = writeln!(text, "{value}");
            });
            text
        };
        let quantiles = self.holding.as_ref().map(|holding| {
            // A transfer takes some time.
            let lengths: Vec<u64> =
                holding.quantiles.iter().map(|millis| (*millis).max(1)).collect();
            column("holding_ms", &lengths)
        });
        let mut text = format!("# Calibrated from {}\n\n", of.replace(char::is_control, " "));
        let name = format!("Calibrated: {}", counted_clients(self.arrivals.len()));
        let _ = write!(text, "name = {}\nseed = 1\n\n", quoted(&name));
        self.server(&mut text);
        text.push_str("\n[clients.observed]\n");
        self.arrivals_text(&mut text, &arrivals);
        self.holding_text(&mut text, quantiles.is_some().then_some(holding.as_str()));
        self.retry(&mut text);
        self.release(&mut text);
        Ok(ScenarioFiles {
            scenario: text,
            arrivals: (arrivals, column("arrival_ms", &self.arrivals)),
            holding: quantiles.map(|text| (holding, text)),
        })
    }

    fn server(&self, text: &mut String) {
        text.push_str("[distribution_points.SERVER]\n");
        let why = match (self.peak, self.refused) {
            (Some(peak), 0) => format!(
                "# No attempt was refused, so the limit is not in the logs: it is at least {}, the most that were \
                 open.\n",
                count(peak as f64)
            ),
            (Some(_), refused) => format!(
                "# The most connections that were open at the same time, while {} of {} attempts were refused \
                 ({}).\n",
                count(refused as f64),
                count(self.attempts as f64),
                percent(refused as f64 / self.attempts.max(1) as f64)
            ),
            (None, _) => {
                "# Not in the logs, which do not have how long connections were open: fill it in.\n"
                    .to_owned()
            }
        };
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{why}connection_limit = {}", self.peak.unwrap_or(50));
        text.push_str("# Not in the logs: bandwidth, queue, retry_after.\n");
    }

    fn arrivals_text(&self, text: &mut String, file: &str) {
        let exact = match self.resolution {
            1 => "to the millisecond".to_owned(),
            millis => format!("spread over every {}", span(millis as f64)),
        };
        let clients = counted_clients(self.arrivals.len());
        let _ = write!(
            text,
            "# When {clients} first tried, {exact}.\narrival = {{ kind = \"trace\", file = {}, column = \"arrival_ms\" }}\n",
            quoted(file)
        );
    }

    fn holding_text(&self, text: &mut String, file: Option<&str>) {
        let (Some(holding), Some(file)) = (&self.holding, file) else {
            text.push_str(
                "# Not in the logs: how long connections are held. Fill it in.\n\
                 transfer = { kind = \"constant\", duration = \"2m\" }\n",
            );
            return;
        };
        let _ = write!(
            text,
            "# How long connections were held, at {} equal steps of the distribution.\n\
             transfer = {{ kind = \"empirical\", file = {}, column = \"holding_ms\" }}\n",
            count(holding.quantiles.len() as f64),
            quoted(file)
        );
        if let Some(fit) = &holding.lognormal {
            let _ = write!(
                text,
                "# The nearest lognormal distribution: median {}, sigma {}; its greatest distance from the data is \
                 {:.3} (0 is a perfect fit).\n\
                 # transfer = {{ kind = \"lognormal\", median = {}, sigma = {:.4} }}\n",
                interval_text(&fit.median, &|millis| duration(millis)),
                interval_text(&fit.sigma, &|sigma| format!("{sigma:.4}")),
                fit.distance,
                quoted(&duration(fit.median.value)),
                fit.sigma.value
            );
        }
    }

    fn retry(&self, text: &mut String) {
        let Some(retry) = &self.retry else {
            text.push_str("# Not in the logs: when clients try again.\n# retry = { policy = \"fixed\", interval = \"10m\" }\n");
            return;
        };
        let seen = count(retry.count as f64);
        // Writing into a string cannot fail.
        if retry.regular_share < REGULAR {
            let _ = write!(
                text,
                "# {seen} retries were seen, at no fixed interval: {} of them are near {}.\n\
                 retry = {{ policy = \"memoryless\", mean = {} }}\n",
                percent(retry.regular_share),
                duration(retry.interval.value),
                quoted(&duration(retry.mean))
            );
        } else {
            let jitter = match retry.jitter < retry.interval.value / 1000.0 {
                true => String::new(),
                false => format!(", jitter = {}", quoted(&duration(retry.jitter))),
            };
            let _ = write!(
                text,
                "# {seen} retries were seen: interval {}.\n\
                 retry = {{ policy = \"fixed\", interval = {}{jitter} }}\n",
                interval_text(&retry.interval, &|millis| duration(millis)),
                quoted(&duration(retry.interval.value))
            );
        }
        text.push_str("# Not in the logs: max_retries and give_up_after.\n");
    }

    fn release(&self, text: &mut String) {
        let Some((number, probability)) = &self.misreports else { return };
        let [low, high] = probability.interval;
        let release = match self.is_stranded_by {
            [true, _] => "sms-2.0-sp2",
            _ => "sms-2.0-sp3",
        };
        let _ = write!(
            text,
            "# The logs do not name the release; this one does what they show.\nrelease = \"{release}\"\n\
             # {} of {} refusals were misreported; 95% interval (Wilson): {low:.6} to {high:.6}.\n\
             misreport_probability = {:.6}\n",
            count(*number as f64),
            count(self.refused as f64),
            probability.value
        );
        if self.is_stranded_by[1] {
            text.push_str(
                "# Pending retries were unscheduled (Q302674). Not in the logs: how often clients poll.\n\
                 poll_unschedules = true\n# poll_interval = \"60m\"\n",
            );
        }
    }
}

fn counted_clients(number: usize) -> String {
    crate::human::counted(number as f64, "client")
}

/// `10m (95% interval 9m 59s to 10m 1s)`.
fn interval_text(estimate: &Estimate, show: &dyn Fn(f64) -> String) -> String {
    let [low, high] = estimate.interval.map(show);
    format!("{} (95% interval {low} to {high})", show(estimate.value))
}

/// A time in ms as scenarios have it.
fn duration(millis: f64) -> String {
    Span::from_millis_f64(millis.max(1.0)).to_string()
}

/// A text as TOML has it: its escapes are those of JSON, and one character more needs one.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Origin, load};

    #[test]
    fn a_scenario_of_any_logs_is_right_but_for_its_files() {
        let calibration = Calibration { arrivals: vec![0, 5], peak: Some(3), ..Default::default() };
        let files = calibration.files("a\u{7f}\"b", "a\nlog").expect("there are arrivals");
        assert_eq!(files.arrivals.1, "arrival_ms\n0\n5\n");
        let trace = "arrival = { kind = \"burst\" }\ncount = 2\n#";
        let text = files.scenario.replace("arrival = ", trace);
        let loaded = load(Origin::Text { name: "a.toml", text: &text }, &[]);
        assert!(loaded.is_ok(), "{text}\n{}", loaded.expect_err("it is wrong"));
        assert!(Calibration::default().files("a", "b").is_err());
    }
}
