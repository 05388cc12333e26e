//! The load over time: its charts, and the attempts of each client.

use maud::{Markup, html};

use super::chart::{Axis, Plot, Slot, Tick, area, hover, level_line, shade, step, steps};
use super::course::{Course, VariantCourse};
use super::figure::{Figure, legend, strip_charts};
use super::limit::limit;
use super::palette::look;
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
    let course = Course::of(results, variants);
    if course.buckets == 0 {
        return html! { p.more { "No client arrived, so there is nothing to draw." } };
    }
    let charts = Charts { results, variants, course: &course, note };
    html! {
        div.charts {
            (charts.open_connections())
            (charts.waiting())
            (charts.completed())
            (charts.goodput())
            (charts.refused())
            (super::attempts::render(variants))
        }
    }
}

/// What the charts over time are drawn from.
struct Charts<'a> {
    results: &'a Results,
    variants: &'a [&'a VariantResults],
    course: &'a Course,
    /// A remark on the figures, after what they are averaged over.
    note: &'a str,
}

/// What one variant's strip shows.
struct Strip<'a> {
    values: &'a [f64],
    /// A level to mark.
    line: Option<f64>,
    /// A fact to show beside its name.
    fact: String,
}

impl<'a> Charts<'a> {
    fn each(&self) -> impl Iterator<Item = (&'a VariantResults, &'a VariantCourse)> {
        self.variants.iter().copied().zip(&self.course.curves)
    }

    /// One strip per variant, its connections filled up to the limit: the gaps are unused connections.
    fn open_connections(&self) -> Markup {
        let strips = self.each().map(|(variant, curves)| {
            let limit = limit(self.results, variant);
            let used = metric::UTILISATION.of(&variant.metrics).map(|used| percent(used.mean));
            let peak = count(mean(&variant.metrics, metric::CONNECTIONS_PEAK));
            let fact = match (&limit, used) {
                (Some(limit), Some(used)) => {
                    let upto = if limit.changes { "limit up to" } else { "limit" };
                    format!("{upto} {}, {used} of it used, peak {peak}", count(limit.most))
                }
                _ => format!("peak {peak}"),
            };
            Strip { values: &curves.open, line: limit.map(|limit| limit.most), fact }
        });
        let strips: Vec<Strip<'_>> = strips.collect();
        Figure {
            id: "open-connections",
            title: "Open connections against the limit",
            note: format!("{}. The dashed line is the limit.", self.counted("Averaged")),
            wide: true,
            legend: html! {},
        }
        .draw(self.strips(&strips, "open connections"))
    }

    /// One strip per variant: how many attempts were refused, and when.
    fn refused(&self) -> Markup {
        let strips = self.each().map(|(variant, curves)| {
            let refused = count(mean(&variant.metrics, metric::REFUSED));
            let fact = match metric::REFUSED_RATIO.of(&variant.metrics) {
                Some(ratio) => {
                    format!("{refused} refused, {} of all attempts", percent(ratio.mean))
                }
                None => "no attempts".to_owned(),
            };
            Strip { values: &curves.refused, line: None, fact }
        });
        let strips: Vec<Strip<'_>> = strips.collect();
        Figure {
            id: "refusals",
            title: "Refused attempts",
            note: format!("{}.", self.counted("Counted")),
            wide: false,
            legend: html! {},
        }
        .draw(self.strips(&strips, "refused attempts"))
    }

    /// All variants in one area: the clients that wait for their next retry.
    fn waiting(&self) -> Markup {
        // A line ends where no client waits any more, so that it hides no other line along the bottom.
        let until_none = |line: &'_ Vec<f64>| {
            line.iter().rposition(|value| *value > 0.0).map_or(1, |last| last + 2).min(line.len())
        };
        let waiting = self.course.curves.iter().map(|curves| &curves.waiting);
        let lines: Vec<&[f64]> = waiting.map(|line| &line[..until_none(line)]).collect();
        let top = lines.iter().flat_map(|line| line.iter()).copied().fold(0.0, f64::max);
        let axis = Axis::upto(MetricUnit::Count, top, 4);
        Figure {
            id: "waiting",
            title: "Clients waiting for a retry",
            note: format!("{}.", self.counted("Averaged")),
            wide: false,
            legend: legend(self.variants),
        }
        .draw(self.lines(&lines, axis, "clients waiting", count))
    }

    /// All variants in one area: the share of clients that are done.
    fn completed(&self) -> Markup {
        let shares = self.each().map(|(variant, curves)| -> Vec<f64> {
            let done = curves.done.last().copied().unwrap_or(0.0);
            // Of a run with a warm-up, the clients before its end count here too.
            let all = mean(&variant.metrics, metric::ARRIVED).max(done);
            curves.done.iter().map(|done| if all > 0.0 { done / all } else { 0.0 }).collect()
        });
        let shares: Vec<Vec<f64>> = shares.collect();
        let lines: Vec<&[f64]> = shares.iter().map(Vec::as_slice).collect();
        Figure {
            id: "completion",
            title: "Clients done",
            note: format!("Share of all clients that arrive, over time{}.", self.note),
            wide: false,
            legend: legend(self.variants),
        }
        .draw(self.lines(&lines, Axis::until(MetricUnit::Ratio, 1.0, 4), "done", percent))
    }

    /// With a trigger, one strip per variant: how many clients were done, and when.
    fn goodput(&self) -> Markup {
        if self.variants.iter().all(|variant| variant.trigger.is_none()) {
            return html! {};
        }
        let each: Vec<Vec<f64>> = self
            .each()
            .map(|(_, curves)| {
                let before = std::iter::once(&0.0).chain(&curves.done);
                curves.done.iter().zip(before).map(|(done, before)| done - before).collect()
            })
            .collect();
        let strips = self.variants.iter().zip(&each).map(|(variant, values)| {
            let stuck = metric::STUCK.of(&variant.metrics).map(|stuck| stuck.mean);
            let time = metric::RECOVERY_TIME.of(&variant.metrics).map(|time| match time.mean {
                0.0 => "at once".to_owned(),
                mean => format!("after {}", span(mean)),
            });
            let fact = match (stuck, time) {
                (Some(stuck), _) if stuck >= 1.0 => "does not recover".to_owned(),
                (Some(0.0), Some(time)) => format!("recovers {time}"),
                (Some(stuck), _) => format!("{} of the runs do not recover", percent(stuck)),
                (None, _) => "nobody can tell whether it recovers".to_owned(),
            };
            Strip { values, line: None, fact }
        });
        let strips: Vec<Strip<'_>> = strips.collect();
        Figure {
            id: "goodput",
            title: "Goodput",
            note: format!("Clients done, {}. The trigger is shaded.", self.counted("counted")),
            wide: true,
            legend: html! {},
        }
        .draw(self.strips(&strips, "clients done"))
    }

    /// The trigger of a variant, shaded.
    fn shaded(&self, plot: &Plot, variant: &VariantResults) -> Markup {
        let times = variant.trigger.as_ref().map(|it| [it.from_ms as f64, it.until_ms as f64]);
        let end = self.course.end();
        html! {
            @if let Some([from, until]) = times.filter(|[from, _]| *from < end) {
                (shade(plot, [from, until.min(end)]))
            }
        }
    }

    /// The trigger, if all variants have the same.
    fn shaded_in_all(&self, plot: &Plot) -> Markup {
        let first = self
            .variants
            .first()
            .filter(|first| self.variants.iter().all(|variant| variant.trigger == first.trigger));
        html! { @if let Some(first) = first { (self.shaded(plot, first)) } }
    }

    /// `Averaged over every 10m, mean of all runs`.
    fn counted(&self, how: &str) -> String {
        format!("{how} over every {}{}", span(self.course.bucket), self.note)
    }

    fn time_axis(&self) -> Axis {
        match self.course.clock {
            None => Axis::until(MetricUnit::Time, self.course.end(), TIME_MARKS),
            Some(clock) => clock_axis(clock, self.course.end()),
        }
    }

    /// Lines of steps in one area, in the colours and dashes of their variants.
    fn lines(&self, lines: &[&[f64]], axis: Axis, what: &str, show: fn(f64) -> String) -> Markup {
        let plot = Plot::new(self.time_axis(), axis, HEIGHT, format!("{what} over time"));
        let slots = slots(self.course, |bucket| {
            let all = self.variants.iter().zip(lines).map(|(variant, line)| {
                let value = show(line.get(bucket).copied().unwrap_or(0.0));
                match self.variants.len() {
                    1 => format!("{value} {what}"),
                    _ => format!("{value} {what}, {}", short(&variant.name, 28)),
                }
            });
            all.collect::<Vec<_>>().join("\n")
        });
        let curves = html! {
            (self.shaded_in_all(&plot))
            @for (i, line) in lines.iter().enumerate() {
                @let look = look(i);
                path.line.(look.class) d=(steps(&plot, line, self.course.bucket)) fill="none"
                    stroke=(look.color) stroke-width="2" stroke-dasharray=(look.dash)
                    stroke-linejoin="round" vector-effect="non-scaling-stroke" {}
            }
            (hover(&plot, &slots))
        };
        html! { (plot.draw(curves, html! {})) (since_start(self.course)) }
    }

    /// A chart for each variant, one above the other, on the same axes.
    fn strips(&self, strips: &[Strip<'_>], what: &str) -> Markup {
        let mark = strips.iter().filter_map(|strip| strip.line).reduce(f64::max);
        let values = strips.iter().flat_map(|strip| strip.values).copied();
        let top = values.chain(mark).fold(0.0, f64::max);
        let (x, y) = (self.time_axis(), Axis::low(MetricUnit::Count, top, mark));
        let curves = |plot: &Plot, i: usize| {
            let (strip, look) = (&strips[i], look(i));
            let slots = slots(self.course, |bucket| {
                format!("{} {what}", count(strip.values.get(bucket).copied().unwrap_or(0.0)))
            });
            html! {
                (self.shaded(plot, self.variants[i]))
                path.area.(look.class) d=(area(plot, strip.values, self.course.bucket))
                    fill=(look.color) fill-opacity="0.75" {}
                @if let Some(level) = strip.line { (level_line(plot, level)) }
                (hover(plot, &slots))
            }
        };
        let fact = |i: usize| strips[i].fact.clone();
        html! {
            (strip_charts(self.variants, [&x, &y], &format!("{what} over time"), fact, curves))
            (since_start(self.course))
        }
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

/// Equal slots of time, each with the values of the bucket in its middle.
fn slots(course: &Course, text: impl Fn(usize) -> String) -> Vec<Slot> {
    let each = course.buckets.div_ceil(SLOTS).max(1);
    let starts = (0..course.buckets).step_by(each);
    let slots = starts.map(|start| {
        let end = (start + each).min(course.buckets);
        let middle = (start + end - 1) / 2;
        let at = |bucket: usize| bucket as f64 * course.bucket;
        let middle_of = at(middle) + course.bucket / 2.0;
        let when = match course.clock {
            None => span(middle_of),
            Some(clock) => format!("{}, after {}", clock.day_and_time(middle_of), span(middle_of)),
        };
        Slot { from: at(start), to: at(end), text: format!("{when}\n{}", text(middle)) }
    });
    slots.collect()
}

/// What the axis of time counts.
fn since_start(course: &Course) -> Markup {
    let what = match course.clock {
        None => "time since the start",
        Some(_) => "time of day (UTC)",
    };
    html! { p.axis { (what) } }
}
