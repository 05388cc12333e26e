//! The page of what logs show.

use maud::{Markup, html};

use super::chart::{Axis, Plot, Slot, area, hover, level_line, steps};
use super::figure::{Figure, name};
use super::page::page;
use super::palette::{look, swatch};
use super::table::table;
use crate::human::{count, span};
use crate::log::{Against, Answer, Clients, Moment, Pair, Server};
use crate::report::content::logs::{
    EVIDENCE, MACHINES, PROGRAMS, SERVER, TITLE, against, against_heading, cases, fit, headline,
    programs, retry_intervals, server, what_was_read,
};
use crate::report::names::short;
use crate::stats::metric::MetricUnit;

/// The most programs and cases on the page.
const MOST_PROGRAMS: usize = 50;

/// The most machines and figures.
const MOST: usize = 500;

/// The most characters of a sentence.
const SENTENCE: usize = 2000;

/// The height of a chart, in pixels.
const HEIGHT: f64 = 170.0;

/// Renders an answer as a page.
pub fn log(answer: &Answer, _: Option<u16>) -> String {
    let content = html! {
        header {
            h1 { (TITLE) }
            p #answer { (short(&headline(answer), SENTENCE)) }
        }
        @if let Some(clients) = answer.clients.as_ref().filter(|clients| clients.programs > 0) {
            (of_clients(clients))
        }
        @if let Some(of_server) = &answer.server { (of_server_section(of_server)) }
        @if let Some(other) = &answer.against { (against_section(other)) }
        section #origin {
            p { (short(&what_was_read(&answer.input), SENTENCE)) }
            @if !answer.input.problems.is_empty() {
                ul { @for problem in answer.input.problems.iter().take(MOST) { li { (short(problem, SENTENCE)) } } }
            }
            dl {
                div { dt { "Version" } dd { (answer.tool.name) " " (answer.tool.version) } }
                div { dt { "Format of the answer" } dd { (answer.schema) } }
            }
        }
    };
    page(&answer.tool, TITLE, content)
}

fn of_clients(clients: &Clients) -> Markup {
    let number = cases(clients).count();
    html! {
        section #programs {
            h2 { (PROGRAMS) }
            (table(&programs(clients, usize::MAX), "rows", MOST_PROGRAMS, "programs"))
            @if let Some(intervals) = retry_intervals(clients) { (table(&intervals, "", MOST, "figures")) }
        }
        @if number > 0 {
            section #evidence {
                h2 { (EVIDENCE) }
                @for case in cases(clients).take(MOST_PROGRAMS) {
                    details open[number == 1] {
                        summary { (short(&case.title(), 400)) }
                        p { (short(&case.diagnosis.reason, SENTENCE)) }
                        p.more { (short(&case.place(), 400)) }
                        pre { code {
                            @for line in &case.diagnosis.evidence {
                                (format!("{:>6}  {}\n", line.line, short(&line.text, 400)))
                            }
                        } }
                    }
                }
                @if number > MOST_PROGRAMS { p.more { "The first " (count(MOST_PROGRAMS as f64)) "; the CSV and JSON reports have all." } }
            }
        }
        @if !clients.machines.is_empty() {
            section #machines {
                h2 { (MACHINES) }
                ul { @for machine in clients.machines.iter().take(MOST) { li { (name(machine)) } } }
                @if clients.machines.len() > MOST {
                    p.more { "The first " (count(MOST as f64)) "; the JSON report has all." }
                }
            }
        }
    }
}

fn of_server_section(of_server: &Server) -> Markup {
    html! {
        section #server {
            h2 { (SERVER) }
            (table(&server(of_server), "", MOST, "figures"))
        }
        @if of_server.course.len() > 1 {
            section #course {
                h2 { "The load over time" }
                div.charts { (charts(of_server)) }
            }
        }
    }
}

fn against_section(other: &Against) -> Markup {
    let course = &other.course;
    let width =
        course[course.len().min(1)..].first().map_or(0.0, |second| second.at - course[0].at);
    let side = |side: usize, of: &dyn Fn(&Pair, usize) -> f64| -> Vec<f64> {
        course.iter().map(|pair| of(pair, side)).collect()
    };
    let both = |of: &dyn Fn(&Pair, usize) -> f64| [side(0, of), side(1, of)];
    let open = both(&|pair, side| pair.open[side].unwrap_or(0.0));
    let attempts = both(&|pair, side| pair.attempts[side] as f64);
    let refused = both(&|pair, side| pair.refused[side] as f64);
    html! {
        section #against {
            h2 { (short(&against_heading(other), 400)) }
            (table(&against(other), "", MOST, "figures"))
            p.more { (fit(other)) }
            @if course.len() > 1 {
                div.charts {
                    @if other.fit.concurrency.is_some() {
                        (two_lines("against-connections", "Open connections", "open connections", &open, width))
                    }
                    (two_lines("against-attempts", "Attempts", "attempts", &attempts, width))
                    @if other.fit.refusals.is_some() {
                        (two_lines("against-refusals", "Refused attempts", "refused attempts", &refused, width))
                    }
                }
            }
        }
    }
}

/// Observed and simulated values over time in one area.
fn two_lines(id: &str, title: &str, what: &str, values: &[Vec<f64>; 2], width: f64) -> Markup {
    const NAMES: [&str; 2] = ["observed", "simulated"];
    let top = values.iter().flatten().copied().fold(0.0, f64::max);
    let x = Axis::until(MetricUnit::Time, values[0].len() as f64 * width, 8);
    let plot =
        Plot::new(x, Axis::upto(MetricUnit::Count, top, 4), HEIGHT, format!("{what} over time"));
    let slots: Vec<Slot> = (0..values[0].len())
        .map(|place| {
            let from = place as f64 * width;
            let [observed, simulated] = [&values[0], &values[1]].map(|line| count(line[place]));
            let text = format!(
                "after {}\n{observed} {what}, observed\n{simulated}, simulated",
                span(from)
            );
            Slot { from, to: from + width, text }
        })
        .collect();
    let curves = html! {
        @for (i, line) in values.iter().enumerate() {
            @let look = look(i);
            path.line.(look.class) d=(steps(&plot, line, width)) fill="none" stroke=(look.color)
                stroke-width="2" stroke-dasharray=(look.dash) vector-effect="non-scaling-stroke" {}
        }
        (hover(&plot, &slots))
    };
    let legend = html! {
        ul.legend { @for (i, name) in NAMES.iter().enumerate() { li { (swatch(look(i))) (name) } } }
    };
    let note = format!("Over every {}.", span(width));
    Figure { id, title, note, wide: true, legend }
        .draw(html! { (plot.draw(curves, html! {})) p.axis { "time since the first attempt" } })
}

fn charts(server: &Server) -> Markup {
    let course = &server.course;
    let width = course[1..].first().map_or(0.0, |second| second.at - course[0].at);
    let limit =
        server.concurrency.as_ref().and_then(|c| c.limit.as_ref()).map(|limit| limit.limit as f64);
    let open: Option<Vec<f64>> = course.iter().map(|moment| moment.open).collect();
    let of = |value: fn(&Moment) -> u64| course.iter().map(|m| value(m) as f64).collect::<Vec<_>>();
    let each = |how: &str| format!("{how} over every {}, from {} on.", span(width), server.from);
    html! {
        @if let Some(open) = &open {
            (chart("open-connections", "Open connections", &each("Averaged"), "open connections", open, width, limit))
        }
        (chart("arrivals", "Requests", &each("Counted"), "requests", &of(|m| m.arrivals), width, None))
        @if server.refused > 0 {
            (chart("refusals", "Refused requests", &each("Counted"), "refused requests",
                &of(|m| m.refused), width, None))
        }
    }
}

fn chart(
    id: &str,
    title: &str,
    note: &str,
    what: &str,
    values: &[f64],
    width: f64,
    limit: Option<f64>,
) -> Markup {
    let top = values.iter().copied().chain(limit).fold(0.0, f64::max);
    let x = Axis::until(MetricUnit::Time, values.len() as f64 * width, 8);
    let plot =
        Plot::new(x, Axis::upto(MetricUnit::Count, top, 4), HEIGHT, format!("{what} over time"));
    let look = look(0);
    let slots: Vec<Slot> = values
        .iter()
        .enumerate()
        .map(|(place, value)| {
            let from = place as f64 * width;
            let text = format!("after {}\n{} {what}", span(from), count(*value));
            Slot { from, to: from + width, text }
        })
        .collect();
    let curves = html! {
        path.area.(look.class) d=(area(&plot, values, width)) fill=(look.color) fill-opacity="0.35" {}
        path.line.(look.class) d=(steps(&plot, values, width)) fill="none" stroke=(look.color)
            stroke-width="2" vector-effect="non-scaling-stroke" {}
        @if let Some(limit) = limit { (level_line(&plot, limit)) }
        (hover(&plot, &slots))
    };
    Figure { id, title, note: note.to_owned(), wide: true, legend: html! {} }
        .draw(html! { (plot.draw(curves, html! {})) p.axis { "time since the start" } })
}
