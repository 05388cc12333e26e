//! How many attempts clients made: one strip per variant.

use maud::{Markup, html};

use super::chart::{Axis, Plot, decimal_step, number};
use super::figure::{Figure, strip_charts};
use super::palette::look;
use crate::human::{count, counted, percent};
use crate::results::{Distribution, VariantResults};
use crate::stats::metric::{self, Metric, MetricUnit};

/// The most bars.
const MOST_BARS: f64 = 32.0;

/// This share of the clients of every variant decides how far the axis goes; the rest is summed
/// up in the last bar.
const SHOWN: f64 = 0.995;

/// Bars of equal width over the attempts from 1 on; the last also counts all above.
struct Bars {
    width: f64,
    number: usize,
    /// Whether some clients made more attempts than the last bar is wide.
    open_ended: bool,
}

/// Attempts per client.
pub fn render(variants: &[&VariantResults]) -> Markup {
    let all: Vec<&Distribution> = variants.iter().map(|v| &v.histograms.attempts).collect();
    let bars = Bars::over(&all);
    let shares: Vec<Vec<f64>> = all.iter().map(|attempts| bars.shares(attempts)).collect();
    let top = shares.iter().flatten().copied().fold(0.0, f64::max);
    if top <= 0.0 {
        return html! {};
    }
    let x = Axis::until(MetricUnit::Count, bars.width * bars.number as f64 + 0.5, 6);
    let y = Axis::low(MetricUnit::Ratio, top, None);
    let bars_of = |plot: &Plot, i: usize| bars.draw(plot, &shares[i], i);
    let strips = html! {
        (strip_charts(variants, [&x, &y], "attempts per client", |i| fact(variants[i]), bars_of))
        p.axis { "attempts of a client" }
    };
    let steps = if bars.width > 1.0 {
        format!(", in steps of {}", count(bars.width))
    } else {
        String::new()
    };
    let rest = if bars.open_ended { "; the last bar also counts all above" } else { "" };
    Figure {
        id: "attempts",
        title: "Attempts per client",
        note: format!("Share of the clients by number of attempts{steps}{rest}."),
        wide: false,
        legend: html! {},
    }
    .draw(strips)
}

fn fact(variant: &VariantResults) -> String {
    let number = |metric: Metric| metric.of(&variant.metrics).map(|summary| count(summary.mean));
    match (number(metric::ATTEMPTS_MEAN), number(metric::ATTEMPTS_MAX)) {
        (Some(mean), Some(most)) => format!("{mean} on average, most {most}"),
        _ => "no attempts".to_owned(),
    }
}

impl Bars {
    fn over(all: &[&Distribution]) -> Bars {
        let reach = all.iter().map(|attempts| quantile(attempts, SHOWN)).fold(1.0, f64::max);
        let most =
            all.iter().filter_map(|a| a.values.last()).map(|v| *v as f64).fold(1.0, f64::max);
        let width = decimal_step((reach / MOST_BARS).max(1.0));
        let number = ((reach / width).ceil() as usize).max(1);
        Bars { width, number, open_ended: most > width * number as f64 }
    }

    /// The share of the clients in each bar.
    fn shares(&self, attempts: &Distribution) -> Vec<f64> {
        let total: f64 = attempts.counts.iter().map(|n| *n as f64).sum();
        let mut shares = vec![0.0; self.number];
        for (value, number) in attempts.values.iter().zip(&attempts.counts) {
            let bar = (value.saturating_sub(1) as f64 / self.width) as usize;
            shares[bar.min(self.number - 1)] += *number as f64 / total;
        }
        shares
    }

    fn draw(&self, plot: &Plot, shares: &[f64], variant: usize) -> Markup {
        let look = look(variant);
        html! {
            g.bars.(look.class) fill=(look.color) {
                @for (i, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
                    @let from = i as f64 * self.width + 0.5;
                    @let (left, right) = (plot.across(from), plot.across(from + self.width));
                    @let gap = (right - left) * 0.12;
                    // What is there can be seen.
                    @let up = (plot.height - plot.down(*share)).max(1.0);
                    path d={ "M" (number(left + gap)) " " (number(plot.height)) "V"
                        (number(plot.height - up)) "H" (number(right - gap)) "V" (number(plot.height)) "Z" } {
                        title { (self.title(i)) ": " (percent(*share)) " of the clients" }
                    }
                }
            }
        }
    }

    /// The attempts that bar number `bar` counts.
    fn title(&self, bar: usize) -> String {
        let low = bar as f64 * self.width + 1.0;
        let high = (bar + 1) as f64 * self.width;
        let last = bar + 1 == self.number && self.open_ended;
        match (last, low == high) {
            (true, _) => format!("{} or more", counted(low, "attempt")),
            (false, true) => counted(low, "attempt"),
            (false, false) => format!("{} to {} attempts", count(low), count(high)),
        }
    }
}

/// The value that `share` of a distribution does not exceed.
fn quantile(distribution: &Distribution, share: f64) -> f64 {
    let total: f64 = distribution.counts.iter().map(|n| *n as f64).sum();
    let mut sum = 0.0;
    for (value, number) in distribution.values.iter().zip(&distribution.counts) {
        sum += *number as f64;
        if sum >= share * total {
            return *value as f64;
        }
    }
    1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: &[u64], counts: &[u64]) -> (Bars, Vec<f64>) {
        let attempts = Distribution { values: values.to_vec(), counts: counts.to_vec() };
        let bars = Bars::over(&[&attempts]);
        let shares = bars.shares(&attempts);
        (bars, shares)
    }

    #[test]
    fn few_attempts_have_a_bar_each() {
        let (bars, shares) = bars(&[1, 2, 4], &[1, 2, 1]);
        assert_eq!(shares, [0.25, 0.5, 0.0, 0.25]);
        assert_eq!(bars.title(0), "1 attempt");
        assert_eq!(bars.title(3), "4 attempts");
    }

    #[test]
    fn a_long_tail_is_summed_up() {
        let (bars, shares) = bars(&[1, 2, 5000], &[600, 399, 1]);
        assert_eq!(shares, [0.6, 0.4]);
        assert_eq!(bars.title(1), "2 attempts or more");
    }

    #[test]
    fn no_clients_have_no_bars() {
        let (_, shares) = bars(&[], &[]);
        assert_eq!(shares, [0.0]);
    }
}
