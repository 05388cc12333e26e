//! The curves of a sweep or a search: a metric over the simulated values, with the band of its
//! interval, the levels of targets and thresholds, and the chosen value.

use maud::{Markup, html};

use super::chart::{Axis, Plot, band, level_line, number, polyline};
use super::figure::{Figure, capitalised};
use super::grid::{Grid, GridLine};
use super::heat_map;
use super::palette::{self, Look, look, swatch};
use crate::report::content::metrics::summary_of;
use crate::report::content::search::Story;
use crate::report::names::short;
use crate::results::{Results, SearchedValue, Sizing, Standing, Summary, ThresholdVerdict};
use crate::scenario::{Target, Threshold};
use crate::stats::metric::{self, Metric, show};

/// The most metrics that have a chart, of a sweep and of a search. A search is about its targets, and
/// one run of most values shows little about the rest.
const MOST_CHARTS: [usize; 2] = [4, 3];

/// The most metrics that have a map, too.
const MOST_MAPS: usize = 2;

/// More points than this are not marked one by one.
const MOST_POINTS: usize = 120;

/// The metrics that a sweep shows after those of its targets and thresholds.
const USUAL: [Metric; 8] = [
    metric::STUCK,
    metric::RECOVERY_TIME,
    metric::COMPLETION_P95,
    metric::STRANDED,
    metric::ATTEMPTS_MEAN,
    metric::IDLE_WHILE_WAITING,
    metric::UTILISATION,
    metric::REFUSED_RATIO,
];

/// A level that a metric must not cross.
struct Level {
    metric: String,
    value: f64,
    text: String,
}

/// The charts of a sweep. The points of the variants `charted` have the colours that these have in
/// the charts over time.
pub fn render(results: &Results, grid: &Grid, charted: &[usize]) -> Markup {
    let levels = levels(results);
    let mut names: Vec<&str> = Vec::new();
    let asked = results.sizing.as_ref().map(|sizing| Story { results, sizing }.metrics());
    let asked = asked.into_iter().flatten();
    for name in asked
        .chain(levels.iter().map(|level| level.metric.as_str()))
        .chain(USUAL.map(|metric| metric.name))
    {
        let some =
            results.variants.iter().any(|v| summary_of(v, name).is_some_and(|s| s.max != 0.0));
        if some && !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(MOST_CHARTS[usize::from(results.sizing.is_some())]);
    // In two columns, an odd number leaves the first a whole line.
    let first_wide = names.len() % 2 == 1;
    let maps = if heat_map::has_map(results, grid) { MOST_MAPS } else { 0 };
    html! {
        @if maps > 0 {
            div.charts { @for name in names.iter().filter(|name| **name != metric::RECOVERY_TIME.name).take(maps) { (heat_map::render(results, grid, name)) } }
        }
        div.charts {
            @for (i, name) in names.iter().enumerate() {
                (Curve { results, grid, charted, levels: &levels, metric: name }
                    .draw(i == 0 && first_wide))
            }
        }
    }
}

/// The targets of a search, or the thresholds that hold for every variant.
fn levels(results: &Results) -> Vec<Level> {
    let targets = results.sizing.iter().flat_map(|sizing| &sizing.targets);
    let targets = targets.filter_map(|target| {
        let parsed = Target::parse(&target.expression).ok()?;
        Some((parsed.metric.to_string(), parsed.value, &target.expression))
    });
    let thresholds = results.thresholds.iter().filter_map(|threshold| {
        let parsed = Threshold::parse(&threshold.expression).ok()?;
        let for_all = parsed.variant.is_none();
        for_all.then(|| (threshold.metric.clone(), threshold.value, &threshold.expression))
    });
    let mut levels: Vec<Level> = Vec::new();
    for (metric, value, text) in targets.chain(thresholds) {
        let text = short(text, 34);
        if !levels.iter().any(|level| level.text == text) {
            levels.push(Level { metric, value, text });
        }
    }
    levels
}

/// The label of a metric, such as `Completion, 95%`; the path of a group's or point's metric.
fn title(path: &str) -> String {
    match metric::named(path) {
        Some(metric) => capitalised(metric.label),
        None => short(path, 60),
    }
}

/// One metric over the values of the x axis.
struct Curve<'a> {
    results: &'a Results,
    grid: &'a Grid,
    charted: &'a [usize],
    levels: &'a [Level],
    metric: &'a str,
}

/// A variant's place and value.
struct Point {
    variant: usize,
    x: f64,
    summary: Summary,
}

impl Curve<'_> {
    fn draw(&self, wide: bool) -> Markup {
        let plot = self.plot(wide);
        let lines = self.grid.lines.iter().take(palette::MOST);
        let lines: Vec<(usize, Vec<Point>)> =
            lines.map(|line| self.points(line)).enumerate().collect();
        let curves = html! {
            @for (i, points) in &lines {
                @let ribbon: Vec<_> =
                    points.iter().filter_map(|p| Some((p.x, p.summary.ci95?))).collect();
                @let path: Vec<_> = points.iter().map(|p| (p.x, p.summary.mean)).collect();
                @let look = self.line_look(*i);
                @if ribbon.len() > 1 {
                    path.band.(look.class) d=(band(&plot, &ribbon)) fill=(look.color)
                        fill-opacity="0.2" {}
                }
                path.line.(look.class) d=(polyline(&plot, &path)) fill="none" stroke=(look.color)
                    stroke-width="2" stroke-dasharray=(look.dash) stroke-linejoin="round"
                    vector-effect="non-scaling-stroke" {}
            }
            @for level in self.own_levels() { (level_line(&plot, level.value)) }
        };
        let over = html! {
            @for (i, points) in &lines { (self.marks(&plot, points, self.line_look(*i))) }
            @if let [level] = self.own_levels().collect::<Vec<_>>().as_slice() {
                (self.level_label(&plot, level))
            }
            @if let Some(at) = self.chosen() { (self.chosen_mark(&plot, at)) }
        };
        Figure {
            id: &self.id(),
            title: &title(self.metric),
            note: self.note(&plot),
            wide,
            legend: self.legend(),
        }
        .draw(html! { (plot.draw(curves, over)) p.axis { (self.grid.axis_title()) } })
    }

    fn id(&self) -> String {
        let plain = self.metric.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
        format!("sweep-{}", plain.take(60).collect::<String>())
    }

    fn plot(&self, wide: bool) -> Plot {
        let summaries = self.results.variants.iter().filter_map(|v| summary_of(v, self.metric));
        let bounds = summaries.flat_map(|s| {
            let [low, high] = s.ci95.unwrap_or([s.mean; 2]);
            // An interval may reach below what is possible; that decides nothing.
            [s.mean, if low > 0.0 { low } else { s.mean }, high]
        });
        let levels = self.own_levels().map(|level| level.value);
        let values: Vec<f64> = bounds.chain(levels).collect();
        let y = Axis::over(metric::unit(self.metric), &values, 5);
        let height = if wide { 280.0 } else { 210.0 };
        let description = format!("{} over {}", title(self.metric), short(&self.grid.key, 40));
        let mut plot = Plot::new(self.grid.axis(), y, height, description);
        if self.chosen().is_some() {
            plot.headroom = 24.0;
        }
        plot
    }

    fn points(&self, line: &GridLine) -> Vec<Point> {
        let points = line.variants.iter().filter_map(|&variant| {
            let summary = *summary_of(self.results.variants.get(variant)?, self.metric)?;
            Some(Point { variant, x: self.grid.at(variant), summary })
        });
        points.collect()
    }

    /// A single line leaves the colours to the variants on it.
    fn line_look(&self, line: usize) -> Look {
        if self.grid.lines.len() > 1 { look(line) } else { palette::NEUTRAL }
    }

    fn own_levels(&self) -> impl Iterator<Item = &Level> {
        self.levels.iter().filter(|level| level.metric == self.metric)
    }

    /// Where the chosen value of a search lies.
    fn chosen(&self) -> Option<f64> {
        let sizing = self.results.sizing.as_ref()?;
        Some(self.grid.at(sizing.place_of(sizing.chosen?)?))
    }

    /// A mark for each point; hollow where a search found that it misses a target.
    fn marks(&self, plot: &Plot, points: &[Point], line: Look) -> Markup {
        let many = points.len() > MOST_POINTS;
        let sizing = self.results.sizing.as_ref();
        html! {
            @for point in points {
                @let charted = self.charted.iter().position(|variant| *variant == point.variant);
                @let look = match charted {
                    Some(index) => Some(look(index)),
                    None if many => None,
                    None => Some(line),
                };
                @if let Some(look) = look {
                    @let (kind, radius) = mark(sizing, point.variant);
                    circle.mark.(look.class).(kind) cx=(plot.percent(point.x))
                        cy=(number(plot.pixels(point.summary.mean))) r=(radius)
                        fill=(look.color) stroke=(look.color) { title { (self.title(point)) } }
                }
            }
        }
    }

    fn title(&self, point: &Point) -> String {
        let show = show(self.metric);
        let key = short(&self.grid.key, 40);
        let value =
            format!("{key} = {}\n{}", self.grid.written(point.variant), show(point.summary.mean));
        match point.summary.ci95 {
            Some([low, high]) => format!("{value}\n95% interval {} to {}", show(low), show(high)),
            None => value,
        }
    }

    /// The text of a target, at the end of its line where the chosen value is not.
    fn level_label(&self, plot: &Plot, level: &Level) -> Markup {
        let left = self.chosen().is_some_and(|value| plot.x.place(value) > 0.5);
        let (x, dx, anchor) = if left { ("0%", "6", "start") } else { ("100%", "-6", "end") };
        // Above the line, unless that is the top of the chart.
        let y = plot.pixels(level.value);
        let y = if y - 6.0 < plot.headroom + 12.0 { y + 15.0 } else { y - 6.0 };
        html! {
            text.halo x=(x) dx=(dx) y=(number(y)) text-anchor=(anchor) font-size="12" fill="#5b6270" {
                (level.text)
            }
        }
    }

    /// A line down from the label of the chosen value.
    fn chosen_mark(&self, plot: &Plot, at: f64) -> Markup {
        let sizing = self.results.sizing.as_ref();
        let chosen = sizing
            .and_then(|sizing| Some(Story { results: self.results, sizing }.text(sizing.chosen?)));
        let x = plot.percent(at);
        let bottom = number(plot.headroom + plot.height);
        html! {
            line.chosen x1=(x) x2=(x) y1=(number(plot.headroom - 6.0)) y2=(bottom)
                stroke="#14171c" stroke-width="1.5" {}
            text.chosen x=(x) y=(number(plot.headroom - 11.0)) text-anchor=(plot.anchor(at))
                font-size="13" font-weight="600" { "chosen: " (short(&chosen.unwrap_or_default(), 20)) }
        }
    }

    fn legend(&self) -> Markup {
        let lines = if self.grid.lines.len() > 1 { self.grid.lines.as_slice() } else { &[] };
        let levels: Vec<&Level> = self.own_levels().collect();
        // One is named in the chart; the names of several might lie on each other there.
        let levels = if levels.len() > 1 { levels.as_slice() } else { &[] };
        html! {
            ul.legend {
                @for (i, line) in lines.iter().take(palette::MOST).enumerate() {
                    li { (swatch(look(i))) bdi { (short(&line.name, 60)) } }
                }
                @if let Some(sizing) = &self.results.sizing {
                    @let [good, bad] = match (&sizing.objective, sizing.targets.is_empty()) {
                        (None, _) => ["meets the targets", "misses one"],
                        (Some(_), true) => ["as good as the best", "worse"],
                        (Some(_), false) => ["as good as the best", "worse, or misses a target"],
                    };
                    li { (sample("pass")) (good) }
                    li { (sample("fail")) (bad) }
                    li { (sample("open")) "too few runs to decide" }
                }
                @if !levels.is_empty() {
                    li {
                        "Dashed: "
                        (levels.iter().map(|level| level.text.as_str()).collect::<Vec<_>>().join("; "))
                    }
                }
            }
        }
    }

    fn note(&self, plot: &Plot) -> String {
        let mut note = format!("Metric {}", short(self.metric, 60));
        let summaries = || self.results.variants.iter().filter_map(|v| summary_of(v, self.metric));
        if summaries().any(|summary| summary.ci95.is_some()) {
            note.push_str("; the band is the 95% interval of the mean");
        }
        note.push_str(match (plot.x.is_logarithmic(), plot.y.is_logarithmic()) {
            (true, true) => ". Both scales are logarithmic.",
            (true, false) => ". The horizontal scale is logarithmic.",
            (false, true) => ". The vertical scale is logarithmic.",
            (false, false) => ".",
        });
        let lines = self.grid.lines.len();
        if lines > palette::MOST {
            note.push_str(&format!(" The first {} of {lines} lines.", palette::MOST));
        }
        note
    }
}

/// The class and the radius of the mark of the variant number `variant`.
fn mark(sizing: Option<&Sizing>, variant: usize) -> (&'static str, &'static str) {
    let Some(sizing) = sizing else { return ("pass", "4") };
    match sizing.evaluated.get(variant).map(|evaluated| standing(sizing, evaluated)) {
        Some(ThresholdVerdict::Pass) => ("pass", "4.5"),
        Some(ThresholdVerdict::Fail) => ("fail", "4.5"),
        Some(ThresholdVerdict::Inconclusive) | None => ("open", "2.5"),
    }
}

/// Whether a value is as good as any: meets the targets, and is not shown to be worse than the
/// best.
fn standing(sizing: &Sizing, evaluated: &SearchedValue) -> ThresholdVerdict {
    let of_the_best = match evaluated.difference.map(|difference| difference.standing) {
        None | Some(Standing::Leader | Standing::Level) => ThresholdVerdict::Pass,
        Some(Standing::Worse) => ThresholdVerdict::Fail,
        Some(Standing::Undecided) => ThresholdVerdict::Inconclusive,
    };
    match evaluated.verdict {
        ThresholdVerdict::Pass => of_the_best,
        _ if sizing.targets.is_empty() => of_the_best,
        other => other,
    }
}

fn sample(kind: &str) -> Markup {
    let radius = if kind == "open" { "2.5" } else { "4.5" };
    let look = palette::NEUTRAL;
    html! {
        svg.swatch width="14" height="12" aria-hidden="true" {
            circle.mark.(look.class).(kind) cx="7" cy="6" r=(radius) fill=(look.color)
                stroke=(look.color) {}
        }
    }
}
