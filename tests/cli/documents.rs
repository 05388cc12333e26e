//! The documents: their links and the paths that they name lead somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::Desk;

/// The documents of the repository.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [root.to_owned(), root.join("docs"), root.join("fuzz")].map(|directory| {
        let entries = fs::read_dir(directory).expect("a directory");
        entries.map(|entry| entry.expect("an entry").path())
    });
    files
        .into_iter()
        .flatten()
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect()
}

/// The targets of the links in a text of Markdown.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
}

/// The anchors of the headings in a text of Markdown, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let kept =
                heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

#[test]
fn every_link_between_documents_leads_to_a_file_and_a_heading() {
    let mut broken = Vec::new();
    let documents = documents();
    for path in &documents {
        let text = fs::read_to_string(path).expect("a document");
        let targets = links(&text).filter(|target| !target.starts_with("https://"));
        for target in targets {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            let found = file.exists()
                && (anchor.is_empty()
                    || anchors(&fs::read_to_string(&file).expect("a document")).contains(anchor));
            if !found {
                broken.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(documents.len() > 8, "the documents are elsewhere: {documents:?}");
}

#[test]
fn the_sample_of_the_guide_is_what_the_program_prints() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide.md");
    let guide = fs::read_to_string(guide).expect("the guide").replace("\r\n", "\n");
    let block = |start: &str| {
        let (_, rest) = guide.split_once(start).expect(start);
        rest.split_once("```").expect("an end").0.to_owned()
    };
    let (scenario, sample) = (block("```toml\n"), block("$ distpoint run my.toml -n 3\n"));
    let desk = Desk::new().file("my.toml", scenario);
    let printed = desk.run(&["run", "my.toml", "-n", "3"]).succeeds();
    let parts = sample.split("...").map(|part| part.trim_matches([' ', '\n']));
    assert!(parts.clone().count() > 1);
    for part in parts {
        assert!(printed.contains(part), "the guide has\n{part}\nand the program\n{printed}");
    }
}

#[test]
fn every_path_of_the_repository_that_a_document_names_exists() {
    const TOP: [&str; 6] = ["src/", "tests/", "docs/", "benches/", "examples/", "scenarios/"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut missing, mut found) = (Vec::new(), 0);
    for path in documents() {
        let text = fs::read_to_string(&path).expect("a document");
        let code = text.split('`').skip(1).step_by(2);
        let is_path = |word: &&str| {
            TOP.iter().any(|top| word.starts_with(top)) && !word.contains(['*', ' ', '<', '{'])
        };
        for named in code.filter(is_path) {
            match root.join(named).exists() {
                true => found += 1,
                false => missing.push(format!("{}: {named}", path.display())),
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(found > 20, "only {found} paths are checked");
}
