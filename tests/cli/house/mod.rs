//! The structure of the source code: imports run from top to bottom, and never in a circle.

mod source;

use std::collections::{BTreeMap, BTreeSet};

use source::{Crate, Module};

/// The top-level modules from top to bottom. Each may import those below it, and the ground floor.
const FLOORS: [&str; 10] =
    ["cli", "report", "log", "compare", "study", "results", "scenario", "engine", "stats", "model"];

/// The top-level modules on the ground floor, which import none of those above and may import each other.
const GROUND: [&str; 4] = ["value", "diagnostic", "human", "limited"];

/// The place of a module from the top, the same for all on the ground floor.
fn floor(module: &str) -> usize {
    FLOORS.iter().position(|known| *known == module).unwrap_or(FLOORS.len())
}

#[test]
fn every_module_has_a_floor() {
    let sources = Crate::read();
    let modules: BTreeSet<&str> =
        sources.files().filter_map(|(module, _)| module.first()).map(String::as_str).collect();
    let known: BTreeSet<&str> = FLOORS.into_iter().chain(GROUND).collect();
    assert_eq!(modules, known);
}

#[test]
fn imports_run_from_top_to_bottom() {
    let sources = Crate::read();
    let mut upward = BTreeSet::new();
    for (module, file) in sources.files() {
        let Some(own) = module.first() else { continue };
        let above = sources.top_level_imports(file).into_iter().filter(|other| {
            let known = sources.files().any(|(module, _)| module.first() == Some(other));
            known && other != own && floor(other) <= floor(own) && !GROUND.contains(&&**other)
        });
        upward.extend(above.map(|other| format!("{} imports {other}", file.path)));
    }
    assert!(upward.is_empty(), "imports that run upwards: {upward:#?}");
}

#[test]
fn no_files_import_each_other_directly_or_in_a_circle() {
    let sources = Crate::read();
    let graph: BTreeMap<&Module, BTreeSet<&Module>> =
        sources.files().map(|(module, _)| (module, sources.imported_files(module))).collect();
    let paths: BTreeMap<&Module, &str> =
        sources.files().map(|(module, file)| (module, file.path.as_str())).collect();
    let mut circular = BTreeSet::new();
    for (module, imports) in &graph {
        for import in imports.iter().filter(|import| reaches(&graph, import, module)) {
            circular.insert(format!("{} imports {}", paths[module], paths[import]));
        }
    }
    assert!(circular.is_empty(), "imports that close a circle: {circular:#?}");
}

/// Whether `from` imports `to`, directly or through other files.
fn reaches(graph: &BTreeMap<&Module, BTreeSet<&Module>>, from: &Module, to: &Module) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        if module == to {
            return true;
        }
        if seen.insert(module) {
            open.extend(graph[module].iter().copied());
        }
    }
    false
}

#[test]
fn the_graph_of_imports_has_the_imports_that_are_known_to_be_there() {
    let sources = Crate::read();
    let imports = |module: &[&str], other: &[&str]| {
        let path = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Module>();
        sources.imported_files(&path(module)).contains(&path(other))
    };
    // A path through `super`, one through the root, and one through a re-export of `value`.
    assert!(imports(&["scenario", "vary", "axis"], &["scenario", "vary", "range"]));
    assert!(imports(&["scenario", "document", "overlay"], &["diagnostic", "one"]));
    assert!(imports(&["scenario", "vary", "step"], &["value", "unit"]));
    assert!(!imports(&["value", "unit"], &["scenario", "vary", "step"]));
}
