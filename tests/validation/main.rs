//! Cases whose answer is known without the simulator, and `docs/validation.md`, which shows them.
//!
//! `make validate` simulates them thoroughly and writes the page:
//!
//! ```console
//! $ cargo test --release --test validation -- --ignored --nocapture
//! ```

mod burst;
mod case;
mod erlang;
mod impatience;
mod judge;
mod observation;
mod page;
mod published;
mod retrial;
mod sharing;
mod statistics;
mod steady;
mod stranding;

use std::path::PathBuf;

use case::{Expected, Family, Form};
use judge::judge;
use page::Row;

/// All cases.
fn families(form: Form) -> Vec<Family> {
    vec![
        published::all(form),
        erlang::loss(form),
        erlang::delay(form),
        impatience::all(form),
        retrial::all(form),
        stranding::all(form),
        sharing::all(form),
        burst::exact(),
        burst::random(form),
        statistics::all(form),
    ]
}

fn committed() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "docs", "validation.md"].iter().collect()
}

/// Simulates the short form of a family, and asserts that its figures are in accord with what is expected.
fn assert_holds(family: &Family) {
    let mut wrong = Vec::new();
    for case in &family.cases {
        let (runs, figures) = judge(case);
        let judged = figures.iter().zip(&case.figures);
        let judged = judged.filter(|(_, figure)| !matches!(figure.expected, Expected::Rare(_)));
        for figure in judged.map(|(judged, _)| judged).filter(|judged| !judged.verdict.holds()) {
            wrong.push(format!(
                "{}: {}: {}, expected {}: {:?} in {runs} runs",
                case.id, figure.name, figure.simulated, figure.expected, figure.verdict
            ));
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:#?}", family.title);
}

#[test]
fn published_figures_hold() {
    assert_holds(&published::all(Form::Short));
}

#[test]
fn impatient_clients_leave_as_theory_says() {
    assert_holds(&impatience::all(Form::Short));
}

#[test]
fn servers_without_retries_are_erlangs() {
    assert_holds(&erlang::loss(Form::Short));
    assert_holds(&erlang::delay(Form::Short));
}

#[test]
fn retrial_queues_match_theory() {
    assert_holds(&retrial::all(Form::Short));
}

#[test]
fn retrial_queues_that_strand_match_the_markov_chain() {
    assert_holds(&stranding::all(Form::Short));
}

#[test]
fn shared_bandwidth_is_processor_sharing() {
    assert_holds(&sharing::all(Form::Short));
}

#[test]
fn bursts_match_their_closed_forms_exactly() {
    assert_holds(&burst::exact());
}

#[test]
fn bursts_at_random_match_exact_computation() {
    assert_holds(&burst::random(Form::Short));
}

#[test]
fn intervals_contain_the_true_value_as_often_as_their_confidence() {
    assert_holds(&statistics::all(Form::Short));
}

#[test]
fn the_page_lists_exactly_the_cases_there_are() {
    let families = families(Form::Full);
    let cases = families.iter().flat_map(|family| &family.cases);
    let figures = cases.flat_map(|case| {
        let figures = case.figures.iter();
        figures.map(|f| [case.id.clone(), page::named(&f.name), f.expected.to_string()])
    });
    let page = std::fs::read_to_string(committed()).unwrap_or_default();
    let page = page.replace("\r\n", "\n");
    assert!(
        figures.eq(page::listed(&page)),
        "docs/validation.md has other cases than the tests: run `make validate`"
    );
    assert!(!page.contains("**differs**"), "docs/validation.md shows a case that fails");
}

#[test]
#[ignore = "takes many minutes: see `make validate`"]
#[expect(clippy::print_stderr, reason = "the suite takes long and shows where it is")]
fn validate() {
    let families = families(Form::Full);
    let mut failed = Vec::new();
    let tables = families.iter().map(|family| {
        let rows = family.cases.iter().map(|case| {
            let (runs, figures) = judge(case);
            eprintln!("{}: {}: {runs} runs", family.title, case.id);
            let wrong = figures.iter().filter(|figure| !figure.verdict.holds());
            failed.extend(wrong.map(|figure| format!("{}: {}", case.id, figure.name)));
            Row { case: &case.id, source: case.source, runs, figures }
        });
        (family, rows.collect())
    });
    let tables: Vec<_> = tables.collect();
    std::fs::write(committed(), page::page(&tables)).expect("docs/validation.md can be written");
    assert!(failed.is_empty(), "{failed:#?}");
}
