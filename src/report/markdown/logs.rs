//! What logs show, in Markdown.

use super::page::{Page, sentence};
use crate::log::Answer;
use crate::report::content::logs::{
    EVIDENCE, MACHINES, PROGRAMS, SERVER, TITLE, against, against_heading, cases, fit, headline,
    programs, server, what_was_read,
};
use crate::report::names::markdown as escaped;

/// Renders an answer.
pub fn log(answer: &Answer, _: Option<u16>) -> String {
    let mut page = Page::new(TITLE);
    page.paragraph(&format!("**{}**", sentence(&headline(answer))));
    if let Some(clients) = answer.clients.as_ref().filter(|clients| clients.programs > 0) {
        page.table(PROGRAMS, &programs(clients, usize::MAX));
        let cases: Vec<String> = cases(clients)
            .map(|case| sentence(&format!("{}: {}", case.title(), case.diagnosis.reason)))
            .collect();
        if !cases.is_empty() {
            page.paragraph(&format!("### {EVIDENCE}"));
            page.list(cases.into_iter());
        }
        if !clients.machines.is_empty() {
            page.paragraph(&format!("### {MACHINES}"));
            page.list(clients.machines.iter().map(|name| escaped(name)));
        }
    }
    if let Some(of_server) = &answer.server {
        page.table(SERVER, &server(of_server));
    }
    if let Some(other) = &answer.against {
        page.table(&against_heading(other), &against(other));
        page.paragraph(&sentence(&fit(other)));
    }
    page.finish(&sentence(&what_was_read(&answer.input)))
}
