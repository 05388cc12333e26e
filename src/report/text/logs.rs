//! What logs show, as text.

use std::fmt::Write;

use super::style::headline;
use super::table;
use super::wrap::wrap_for_terminal;
use crate::human::count;
use crate::log::{Answer, Clients};
use crate::report::content::logs::{
    Case, EVIDENCE, MACHINES, PROGRAMS, SERVER, against, against_heading, cases, fit,
    headline as answer_of, programs, retry_intervals, server, what_was_read,
};
use crate::report::names::{LONGEST, short, tame};

/// The most programs, machines and cases that are shown.
const MOST_PROGRAMS: usize = 25;
/// See [`MOST_PROGRAMS`].
const MOST_MACHINES: usize = 50;
/// See [`MOST_PROGRAMS`].
const MOST_CASES: usize = 10;

/// The most characters of a line of evidence.
const LONGEST_LINE: usize = 300;

/// Renders an answer, at most `width` columns wide.
pub fn log(answer: &Answer, width: Option<u16>) -> String {
    let mut text = format!("{}\n", headline(&tame(&answer_of(answer)), width));
    if let Some(clients) = answer.clients.as_ref().filter(|clients| clients.programs > 0) {
        of_clients(&mut text, clients, width);
    }
    if let Some(of_server) = &answer.server {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "\n{SERVER}:\n{}", table::render(&server(of_server), width));
    }
    if let Some(other) = &answer.against {
        let heading = wrap_for_terminal(&tame(&against_heading(other)), width, 0);
        let _ = writeln!(text, "\n{heading}:\n{}", table::render(&against(other), width));
        let _ = writeln!(text, "\n{}", wrap_for_terminal(&fit(other), width, 0));
    }
    let read = wrap_for_terminal(&tame(&what_was_read(&answer.input)), width, 0);
    format!("{text}\n{read}\n")
}

fn of_clients(text: &mut String, clients: &Clients, width: Option<u16>) {
    let wrap = |line: &str, indent| wrap_for_terminal(&tame(line), width, indent);
    let rendered = table::render(&programs(clients, MOST_PROGRAMS), width);
    let _ = writeln!(text, "\n{PROGRAMS}:\n{rendered}");
    more(text, clients.programs as usize, MOST_PROGRAMS, "programs", width);
    if let Some(intervals) = retry_intervals(clients) {
        let _ = writeln!(text, "\n{}", table::render(&intervals, width));
    }
    let number = cases(clients).count();
    if number > 0 {
        let _ = writeln!(text, "\n{EVIDENCE}:");
    }
    for case in cases(clients).take(MOST_CASES) {
        of_case(text, &case, &wrap);
    }
    more(text, number, MOST_CASES, "programs", width);
    if !clients.machines.is_empty() {
        let names = clients.machines.iter().take(MOST_MACHINES);
        let names: Vec<String> = names.map(|name| short(name, LONGEST)).collect();
        let _ = writeln!(text, "\n{}", wrap(&format!("{MACHINES}: {}", names.join(", ")), 2));
        more(text, clients.machines.len(), MOST_MACHINES, "machines", width);
    }
}

fn of_case(text: &mut String, case: &Case<'_>, wrap: &impl Fn(&str, usize) -> String) {
    let _ = writeln!(text, "{}", wrap(&format!("  {}", case.title()), 4));
    let _ = writeln!(text, "{}", wrap(&format!("    {}", case.diagnosis.reason), 4));
    let _ = writeln!(text, "{}", wrap(&format!("    {}:", case.place()), 4));
    for line in &case.diagnosis.evidence {
        let shown = format!("    {:>6}  {}", line.line, short(&line.text, LONGEST_LINE));
        let _ = writeln!(text, "{}", wrap(&shown, 12));
    }
}

/// Notes how many are not shown.
fn more(text: &mut String, all: usize, shown: usize, what: &str, width: Option<u16>) {
    if all > shown {
        let more = count((all - shown) as f64);
        let note = format!("(and {more} more {what} in the CSV and JSON reports)");
        let _ = writeln!(text, "{}", wrap_for_terminal(&note, width, 0));
    }
}
