//! What logs show, in sentences and tables.

use super::table::{Cell, Column, Table, Tone};
use crate::human::{count, counted, counted_of, is_or_are, listed, percent, span};
use crate::log::{
    Against, Answer, Clients, Diagnosis, InputRead, Outcome, ProgramLog, Server, Side, Spread,
};
use crate::report::names::in_sentence;

/// The heading of the page.
pub const TITLE: &str = "What the logs show";

/// The headings of its parts.
pub const PROGRAMS: &str = "Programs of clients";
/// See [`PROGRAMS`].
pub const EVIDENCE: &str = "Evidence";
/// See [`PROGRAMS`].
pub const SERVER: &str = "The load of the server";
/// See [`PROGRAMS`].
pub const MACHINES: &str = "Machines for the collection of the workaround";

/// The answer in some sentences.
pub fn headline(answer: &Answer) -> String {
    let parts = [answer.clients.as_ref().map(of_clients), answer.server.as_ref().map(of_server)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "No log was read.".to_owned() } else { parts.join(" ") }
}

fn of_clients(clients: &Clients) -> String {
    let (all, stranded) = (clients.programs as f64, clients.stranded as f64);
    if clients.programs == 0 {
        return "The logs of clients name no program.".to_owned();
    }
    let bugs = clients.rows.iter().filter(|row| row.outcome == Outcome::Stranded);
    let mut by: Vec<(String, u64)> = Vec::new();
    for row in bugs {
        let bug = row.diagnosis.as_ref().and_then(|diagnosis| diagnosis.bug);
        let bug = bug.map_or_else(|| "an unknown cause".to_owned(), |bug| bug.to_string());
        match by.iter_mut().find(|(known, _)| *known == bug) {
            Some((_, number)) => *number += 1,
            None => by.push((bug, 1)),
        }
    }
    let mut text = match clients.stranded {
        0 => format!("None of {} is stranded", counted(all, "program")),
        _ => format!("{} {} stranded", counted_of(stranded, all, "program"), is_or_are(stranded)),
    };
    match &by[..] {
        [] => {}
        [(bug, _)] => text.push_str(&format!(" by {bug}")),
        several => {
            let by =
                several.iter().map(|(bug, number)| format!("{} by {bug}", count(*number as f64)));
            text.push_str(&format!(": {}", listed(by)));
        }
    }
    if let [only] = &clients.rows[..]
        && only.outcome == Outcome::Stranded
    {
        text.push_str(&format!(
            ": {} of package {}",
            in_sentence(&only.program),
            in_sentence(&only.package)
        ));
    }
    text.push('.');
    if clients.spinning > 0 {
        let spinning = clients.spinning as f64;
        let programs = counted(spinning, "program");
        text.push_str(&format!(" {programs} {} by Q302535.", spins(spinning)));
    }
    text
}

fn spins(number: f64) -> &'static str {
    if number == 1.0 { "spins" } else { "spin" }
}

fn of_server(server: &Server) -> String {
    let refused = server.refused as f64;
    let requests = server.requests as f64;
    let mut text = format!(
        "{} {} refused ({}).",
        counted_of(refused, requests, "request"),
        if server.refused == 1 { "was" } else { "were" },
        percent(server.refused_share)
    );
    match &server.concurrency {
        Some(concurrency) => {
            text.push_str(&format!(
                " At most {} were open at the same time, {} on average.",
                counted(concurrency.peak as f64, "connection"),
                count(concurrency.mean)
            ));
            if let Some(limit) = &concurrency.limit {
                text.push_str(&format!(
                    " A limit of {} is reached in {} of the time.",
                    count(limit.limit as f64),
                    percent(limit.reached_share)
                ));
            }
        }
        None => text.push_str(" The log does not have how long requests took."),
    }
    text
}

/// What was read, in a sentence.
pub fn what_was_read(input: &InputRead) -> String {
    let formats = input.formats.iter().map(|(name, number)| match input.formats.len() {
        1 => (*name).to_owned(),
        _ => format!("{} {name}", count(*number as f64)),
    });
    let of =
        if input.formats.is_empty() { String::new() } else { format!(" ({})", listed(formats)) };
    let mut text = format!(
        "{}{of}: {} in {}",
        counted(input.files as f64, "log"),
        counted(input.records as f64, "record"),
        counted(input.lines as f64, "line")
    );
    for (number, what) in [
        (input.broken, "broken line"),
        (input.unrecognised, "file of no known format"),
        (input.unreadable, "unreadable input"),
    ] {
        if number > 0 {
            let what = match what {
                "file of no known format" if number > 1 => {
                    format!("{} files of no known format", count(number as f64))
                }
                what => counted(number as f64, what),
            };
            text.push_str(&format!(", {what}"));
        }
    }
    text
}

/// The programs, at most `most` of them.
pub fn programs(clients: &Clients, most: usize) -> Table {
    let mut table = Table::new([
        Column::row_head(Cell::label("client")),
        Column::text("program"),
        Column::text("package"),
        Column::text("outcome"),
        Column::text("bug"),
        Column::figure("attempts"),
        Column::figure("refused"),
        Column::figure("failed").spare(),
        Column::figure("retries").spare(),
        Column::text("last").spare(),
    ]);
    for row in clients.rows.iter().take(most) {
        let tone = match row.outcome {
            Outcome::Stranded => Tone::Bad,
            Outcome::Spinning | Outcome::Unscheduled => Tone::Unsure,
            Outcome::Completed => Tone::Good,
            Outcome::Retrying => Tone::Neutral,
        };
        let figure = |number: u64| Cell::figure(Some(count(number as f64)));
        table.push([
            Cell::name(&row.client),
            Cell::name(&row.program),
            Cell::name(&row.package),
            Cell::toned(row.outcome.word(), tone),
            Cell::words(bug(row)),
            figure(row.counts.attempts),
            figure(row.counts.refusals),
            figure(row.counts.failures),
            figure(row.counts.retries),
            Cell::words(row.last.map_or_else(|| "-".to_owned(), |time| time.0.to_string())),
        ]);
    }
    table
}

/// The bug of a program, or a dash.
fn bug(row: &ProgramLog) -> String {
    let Some(diagnosis) = &row.diagnosis else { return "-".to_owned() };
    diagnosis.bug.map_or_else(|| "unknown".to_owned(), |bug| bug.to_string())
}

/// A program with why it is stranded or spins.
pub struct Case<'a> {
    /// The program.
    pub program: &'a ProgramLog,
    /// Why.
    pub diagnosis: &'a Diagnosis,
}

/// The programs that are stranded or spin.
pub fn cases(clients: &Clients) -> impl Iterator<Item = Case<'_>> {
    clients.rows.iter().filter_map(|program| {
        program.diagnosis.as_ref().map(|diagnosis| Case { program, diagnosis })
    })
}

impl Case<'_> {
    /// Which program, and what is the matter with it.
    pub fn title(&self) -> String {
        let bug =
            self.diagnosis.bug.map_or_else(|| "unknown cause".to_owned(), |bug| bug.to_string());
        let when = self.diagnosis.when.map(|time| format!(" at {}", time.0)).unwrap_or_default();
        format!(
            "{}, {} of package {}: {} by {bug} ({} path){when}",
            in_sentence(&self.program.client),
            in_sentence(&self.program.program),
            in_sentence(&self.program.package),
            self.program.outcome.word(),
            self.diagnosis.path,
        )
    }

    /// Where it was seen.
    pub fn place(&self) -> String {
        let threads = self.diagnosis.threads.iter().map(u32::to_string);
        let threads = match self.diagnosis.threads.len() {
            0 => String::new(),
            1 => format!(" on thread {}", listed(threads)),
            _ => format!(" on threads {}", listed(threads)),
        };
        let records = counted(self.diagnosis.records as f64, "record");
        format!("{records}{threads} of {}", in_sentence(&self.diagnosis.file))
    }
}

/// The figures of a server.
pub fn server(server: &Server) -> Table {
    let mut table = Table::new([Column::row_head(Cell::label("")), Column::figure("observed")]);
    let mut row = |label: &str, figure: String| {
        table.push([Cell::label(label), Cell::figure(Some(figure))]);
    };
    row("from", server.from.clone());
    row("until", server.until.clone());
    row("requests", count(server.requests as f64));
    row("refused", format!("{} ({})", count(server.refused as f64), percent(server.refused_share)));
    row("arrivals per minute", count(server.arrivals.per_minute));
    row("arrivals per minute, peak", count(server.arrivals.per_minute_peak));
    if let Some(concurrency) = &server.concurrency {
        row("connections, mean", count(concurrency.mean));
        row("connections, peak", count(concurrency.peak as f64));
        if let Some(limit) = &concurrency.limit {
            row("limit", count(limit.limit as f64));
            row("limit reached", format!("{} of the time", percent(limit.reached_share)));
            row("utilisation", percent(limit.utilisation));
        }
        if concurrency.unknown_share > 0.0 {
            row("requests without a length", percent(concurrency.unknown_share));
        }
    }
    let spreads = [
        ("holding time", &server.holding),
        ("time in the queue", &server.queued),
        ("retry interval", &server.retries.intervals),
    ];
    for (name, spread) in spreads {
        if let Some(spread) = spread {
            spread_rows(name, spread, &mut row);
        }
    }
    if server.refused > 0 {
        row("refusals tried again", count(server.retries.retried as f64));
        row("served after refusals", count(server.retries.served as f64));
    }
    table
}

/// The retry intervals of clients, if any were seen.
pub fn retry_intervals(clients: &Clients) -> Option<Table> {
    let mut table = Table::new([Column::row_head(Cell::label("")), Column::figure("observed")]);
    let spread = clients.retry_intervals.as_ref()?;
    spread_rows("retry interval", spread, &mut |label, figure| {
        table.push([Cell::label(label), Cell::figure(Some(figure))]);
    });
    Some(table)
}

fn spread_rows(name: &str, spread: &Spread, row: &mut impl FnMut(&str, String)) {
    row(&format!("{name}, mean"), span(spread.mean));
    row(&format!("{name}, p50"), span(spread.p50));
    row(&format!("{name}, p95"), span(spread.p95));
    row(&format!("{name}, greatest"), span(spread.max));
}

/// The heading of a scenario beside the logs.
pub fn against_heading(against: &Against) -> String {
    format!("Observed, and simulated by {}", in_sentence(&against.scenario))
}

/// How far observed and simulated agree, in a sentence.
pub fn fit(against: &Against) -> String {
    let fit = &against.fit;
    let parts = [
        fit.concurrency.map(|fit| format!("{} of open connections", percent(fit))),
        Some(format!("{} of attempts", percent(fit.attempts))),
        fit.refusals.map(|fit| format!("{} of refusals", percent(fit))),
    ];
    format!(
        "Over time they agree in {}: the area below both curves over the area below the higher one.",
        listed(parts.into_iter().flatten())
    )
}

/// The figures of the logs and of a scenario beside each other.
pub fn against(against: &Against) -> Table {
    let mut table = Table::new([
        Column::row_head(Cell::label("")),
        Column::figure("observed"),
        Column::figure("simulated"),
    ]);
    let sides = [&against.observed, &against.simulated];
    let mut row = |label: &str, figure: &dyn Fn(&Side) -> Option<String>| {
        let figures = sides.map(figure);
        if figures.iter().any(Option::is_some) {
            table.push([Cell::label(label)].into_iter().chain(figures.map(Cell::figure)));
        }
    };
    row("attempts", &|side| Some(count(side.attempts as f64)));
    row("refused", &|side| {
        Some(format!("{} ({})", count(side.refused as f64), percent(side.refused_share)))
    });
    row("connections, mean", &|side| side.concurrency.as_ref().map(|c| count(c.mean)));
    row("connections, peak", &|side| side.concurrency.as_ref().map(|c| count(c.peak as f64)));
    row("holding time, mean", &|side| side.holding.as_ref().map(|s| span(s.mean)));
    row("holding time, p95", &|side| side.holding.as_ref().map(|s| span(s.p95)));
    row("completion, p50", &|side| side.completion.as_ref().map(|s| span(s.p50)));
    row("completion, p95", &|side| side.completion.as_ref().map(|s| span(s.p95)));
    row("completion, p99", &|side| side.completion.as_ref().map(|s| span(s.p99)));
    table
}
