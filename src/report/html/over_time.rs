//! The load over time: its charts, and the attempts of each client.

use maud::{Markup, html};

use super::chart::{Axis, Plot, Slot, Tick, area, hover, number, step, steps};
use super::figure::{Figure, legend, strip_height, strip_name};
use super::limit::{Limit, limit};
use super::palette::{Look, look};
use super::timeline::{Curves, Timeline};
use crate::human::{count, percent, span};
use crate::report::content::clock::Clock;
use crate::report::names::short;
use crate::results::{Results, VariantResults, mean};
use crate::stats::metric::{self, MetricUnit};

/// Parts of a chart that show their values on hovering.
const SLOTS: usize = 60;

/// Marks on an axis of time; every second of them shows on a phone.
const TIME_MARKS: usize = 8;

/// The height of a chart with all variants in one area.
const HEIGHT: f64 = 210.0;

/// The charts of `variants`, which are of `results`, over time, in pairs.
pub fn render(results: &Results, variants: &[&VariantResults], note: &str) -> Markup {
    let time = Timeline::of(results, variants);
    if time.buckets == 0 {
        return html! { p.more { "No client arrived, so there is nothing to draw." } };
    }
    html! {
        div.charts {
            (open_connections(results, variants, &time, note))
            (waiting(variants, &time, note))
            (completed(variants, &time, note))
            (refused(variants, &time, note))
            (super::attempts::render(variants))
        }
    }
}

/// One strip per variant, its connections filled up to the limit: the gaps are unused connections.
fn open_connections(
    results: &Results,
    variants: &[&VariantResults],
    time: &Timeline,
    note: &str,
) -> Markup {
    let limits: Vec<Option<Limit>> =
        variants.iter().map(|variant| limit(results, variant)).collect();
    let most = limits.iter().flatten().map(|limit| limit.most);
    let peaks = time.curves.iter().flat_map(|curves| &curves.open).copied();
    let top = peaks.chain(most.clone()).fold(0.0, f64::max);
    let strips =
        variants.iter().zip(&time.curves).zip(&limits).map(|((variant, curves), limit)| {
            let utilisation =
                metric::UTILISATION.of(&variant.metrics).map(|used| percent(used.mean));
            let peak = count(mean(&variant.metrics, metric::CONNECTIONS_PEAK));
            let fact = match (limit, utilisation) {
                (Some(limit), Some(used)) => {
                    let upto = if limit.changes { "limit up to" } else { "limit" };
                    format!("{upto} {}, {used} of it used, peak {peak}", count(limit.most))
                }
                _ => format!("peak {peak}"),
            };
            Strip { values: &curves.open, line: limit.as_ref().map(|limit| limit.most), fact }
        });
    let greatest = most.reduce(f64::max);
    let axis = Axis::low(MetricUnit::Count, top, greatest);
    let strips = strips.collect::<Vec<_>>();
    Figure {
        id: "open-connections",
        title: "Open connections against the limit",
        note: format!(
            "Averaged over every {}{note}. The dashed line is the limit.",
            span(time.bucket)
        ),
        wide: true,
        legend: html! {},
    }
    .draw(strip_charts(variants, time, &axis, &strips, "open connections"))
}

/// One strip per variant: how many attempts were refused, and when.
fn refused(variants: &[&VariantResults], time: &Timeline, note: &str) -> Markup {
    let top = time.curves.iter().flat_map(|curves| &curves.refused).copied().fold(0.0, f64::max);
    let strips = variants.iter().zip(&time.curves).map(|(variant, curves)| {
        let refused = count(mean(&variant.metrics, metric::REFUSED));
        let fact = match metric::REFUSED_RATIO.of(&variant.metrics) {
            Some(ratio) => format!("{refused} refused, {} of all attempts", percent(ratio.mean)),
            None => "no attempts".to_owned(),
        };
        Strip { values: &curves.refused, line: None, fact }
    });
    let axis = Axis::low(MetricUnit::Count, top, None);
    let strips = strips.collect::<Vec<_>>();
    Figure {
        id: "refusals",
        title: "Refused attempts",
        note: format!("Counted over every {}{note}.", span(time.bucket)),
        wide: false,
        legend: html! {},
    }
    .draw(strip_charts(variants, time, &axis, &strips, "refused attempts"))
}

/// All variants in one area: the clients that wait for their next retry.
fn waiting(variants: &[&VariantResults], time: &Timeline, note: &str) -> Markup {
    // A line ends where no client waits any more, so that it hides no other line along the bottom.
    let until_none = |line: &'_ Vec<f64>| {
        line.iter().rposition(|value| *value > 0.0).map_or(1, |last| last + 2).min(line.len())
    };
    let waiting = time.curves.iter().map(|curves| &curves.waiting);
    let lines: Vec<&[f64]> = waiting.map(|line| &line[..until_none(line)]).collect();
    let top = lines.iter().flat_map(|line| line.iter()).copied().fold(0.0, f64::max);
    let axis = Axis::upto(MetricUnit::Count, top, 4);
    Figure {
        id: "waiting",
        title: "Clients waiting for a retry",
        note: format!("Averaged over every {}{note}.", span(time.bucket)),
        wide: false,
        legend: legend(variants),
    }
    .draw(lines_chart(variants, time, &lines, axis, "clients waiting", count))
}

/// All variants in one area: the share of clients that are done.
fn completed(variants: &[&VariantResults], time: &Timeline, note: &str) -> Markup {
    let share = |variant: &&VariantResults, curves: &Curves| -> Vec<f64> {
        let done = curves.done.last().copied().unwrap_or(0.0);
        // Of a run with a warm-up, the clients before its end count here too.
        let all = mean(&variant.metrics, metric::ARRIVED).max(done);
        curves.done.iter().map(|done| if all > 0.0 { done / all } else { 0.0 }).collect()
    };
    let shares: Vec<Vec<f64>> =
        variants.iter().zip(&time.curves).map(|(variant, curves)| share(variant, curves)).collect();
    let lines: Vec<&[f64]> = shares.iter().map(Vec::as_slice).collect();
    Figure {
        id: "completion",
        title: "Clients done",
        note: format!("Share of all clients that arrive, over time{note}."),
        wide: false,
        legend: legend(variants),
    }
    .draw(lines_chart(
        variants,
        time,
        &lines,
        Axis::until(MetricUnit::Ratio, 1.0, 4),
        "done",
        percent,
    ))
}

fn time_axis(time: &Timeline) -> Axis {
    match time.clock {
        None => Axis::until(MetricUnit::Time, time.end(), TIME_MARKS),
        Some(clock) => clock_axis(clock, time.end()),
    }
}

/// An axis of time with round times of day. The first of them has its day, and so has each midnight.
fn clock_axis(clock: Clock, end: f64) -> Axis {
    let step = step(MetricUnit::Time, end, TIME_MARKS);
    let first = clock.first_multiple(step);
    let marks = (0..=TIME_MARKS).map(|n| first + n as f64 * step).filter(|at| *at <= end);
    let label = |at: f64| if at == first { clock.day_and_time(at) } else { clock.time(at) };
    Axis::marked(end, marks.map(|at| Tick { at, label: label(at) }).collect())
}

/// Lines of steps in one area, in the colours and dashes of their variants.
fn lines_chart(
    variants: &[&VariantResults],
    time: &Timeline,
    lines: &[&[f64]],
    axis: Axis,
    what: &str,
    show: fn(f64) -> String,
) -> Markup {
    let plot = Plot::new(time_axis(time), axis, HEIGHT, format!("{what} over time"));
    let slots = slots(time, |bucket| {
        let all = variants.iter().zip(lines).map(|(variant, line)| {
            let value = show(line.get(bucket).copied().unwrap_or(0.0));
            match variants.len() {
                1 => format!("{value} {what}"),
                _ => format!("{value} {what}, {}", short(&variant.name, 28)),
            }
        });
        all.collect::<Vec<_>>().join("\n")
    });
    let curves = html! {
        @for (i, line) in lines.iter().enumerate() {
            (stroke(&steps(&plot, line, time.bucket), look(i)))
        }
        (hover(&plot, &slots))
    };
    html! { (plot.draw(curves, html! {})) (since_start(time)) }
}

/// A line in a variant's colour and dashes.
fn stroke(path: &str, look: Look) -> Markup {
    html! {
        path.line.(look.class) d=(path) fill="none" stroke=(look.color) stroke-width="2"
            stroke-dasharray=(look.dash) stroke-linejoin="round" vector-effect="non-scaling-stroke" {}
    }
}

/// What one variant's strip shows.
struct Strip<'a> {
    values: &'a [f64],
    /// A level to mark.
    line: Option<f64>,
    /// A fact to show beside its name.
    fact: String,
}

/// A chart for each variant, one above the other, on the same axes.
fn strip_charts(
    variants: &[&VariantResults],
    time: &Timeline,
    axis: &Axis,
    strips: &[Strip],
    what: &str,
) -> Markup {
    html! {
        @for (i, (variant, strip)) in variants.iter().zip(strips).enumerate() {
            @let last = i + 1 == variants.len();
            @let plot = Plot {
                labelled: last,
                ..Plot::new(time_axis(time), axis.clone(), strip_height(variants.len()),
                    format!("{what} over time, {}", short(&variant.name, 60)))
            };
            @let slots = slots(time, |bucket| {
                format!("{} {what}", count(strip.values.get(bucket).copied().unwrap_or(0.0)))
            });
            @let curves = html! {
                (filled(&area(&plot, strip.values, time.bucket), look(i)))
                @if let Some(level) = strip.line {
                    @let y = number(plot.down(level));
                    path.limit d={ "M0 " (y) "H1000" } fill="none" stroke="#5b6270"
                        stroke-dasharray="4 3" vector-effect="non-scaling-stroke" {}
                }
                (hover(&plot, &slots))
            };
            (strip_name(variant, look(i), &strip.fact))
            (plot.draw(curves, html! {}))
        }
        (since_start(time))
    }
}

/// An area in a variant's colour.
pub fn filled(path: &str, look: Look) -> Markup {
    html! {
        path.area.(look.class) d=(path) fill=(look.color) fill-opacity="0.75" {}
    }
}

/// Equal slots of time, each with the values of the bucket in its middle.
fn slots(time: &Timeline, text: impl Fn(usize) -> String) -> Vec<Slot> {
    let each = time.buckets.div_ceil(SLOTS).max(1);
    let starts = (0..time.buckets).step_by(each);
    let slots = starts.map(|start| {
        let end = (start + each).min(time.buckets);
        let middle = (start + end - 1) / 2;
        let at = |bucket: usize| bucket as f64 * time.bucket;
        let middle_of = at(middle) + time.bucket / 2.0;
        let when = match time.clock {
            None => span(middle_of),
            Some(clock) => format!("{}, after {}", clock.day_and_time(middle_of), span(middle_of)),
        };
        Slot { from: at(start), to: at(end), text: format!("{when}\n{}", text(middle)) }
    });
    slots.collect()
}

/// What the axis of time counts.
fn since_start(time: &Timeline) -> Markup {
    let what = match time.clock {
        None => "time since the start",
        Some(_) => "time of day (UTC)",
    };
    html! { p.axis { (what) } }
}
