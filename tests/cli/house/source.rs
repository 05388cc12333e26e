//! The source files of the library, and what they import.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A module path without `crate`: `["scenario", "vary", "axis"]`; empty for the root.
pub type Module = Vec<String>;

/// One source file: a module of the crate.
pub struct File {
    /// The path of the file from the root of the repository: `src/scenario/vary/axis.rs`.
    pub path: String,
    /// The imports of its code, without its tests.
    imports: Vec<Import>,
    /// Whether it only declares modules and re-exports.
    is_facade: bool,
}

/// A path to something of the crate.
struct Import {
    /// The path from the root of the crate: `["value", "Span"]`.
    path: Module,
    /// The name that a `use` gives it in this file; `None` without a `use`.
    name: Option<String>,
}

/// All source files by their modules.
pub struct Crate {
    files: BTreeMap<Module, File>,
}

impl Crate {
    /// Reads every `.rs` file below `src`, except those for tests and `main.rs`.
    pub fn read() -> Crate {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut texts = BTreeMap::new();
        collect(&root.join("src"), &mut Vec::new(), &mut texts);
        let modules: BTreeSet<Module> = texts.keys().cloned().collect();
        let parse = |(module, (path, text)): (Module, (String, String))| {
            let code = code::without_tests(&code::without_comments_and_literals(&text));
            let imports = imports(&code, &module, &modules);
            let is_facade = code::is_facade(&code);
            (module, File { path, imports, is_facade })
        };
        Crate { files: texts.into_iter().map(parse).collect() }
    }

    /// Every file with its module.
    pub fn files(&self) -> impl Iterator<Item = (&Module, &File)> {
        self.files.iter()
    }

    /// The top-level modules that a file names in its imports.
    pub fn top_level_imports(&self, file: &File) -> BTreeSet<String> {
        file.imports.iter().filter_map(|import| import.path.first().cloned()).collect()
    }

    /// The files that define what a file imports. A file that only declares modules and re-exports
    /// imports nothing in this sense: an import through it counts as an import of the file that defines
    /// the item.
    pub fn imported_files(&self, module: &Module) -> BTreeSet<&Module> {
        let Some(file) = self.files.get(module).filter(|file| !file.is_facade) else {
            return BTreeSet::new();
        };
        let defining = file.imports.iter().filter_map(|import| self.defining(&import.path));
        defining.filter(|defining| *defining != module).collect()
    }

    /// The module that defines what a path leads to; `None` for a facade as a whole.
    fn defining(&self, path: &[String]) -> Option<&Module> {
        let mut path = path.to_vec();
        // The compiler rejects re-exports that lead to each other, so 20 steps are enough.
        for _ in 0..20 {
            let len = (0..=path.len()).rev().find(|len| self.files.contains_key(&path[..*len]))?;
            let (module, file) = self.files.get_key_value(&path[..len])?;
            if !file.is_facade {
                return Some(module);
            }
            let name = path.get(len)?;
            let reexport = file.imports.iter().find(|import| import.name.as_ref() == Some(name))?;
            let rest = path.split_off(len + 1);
            path = reexport.path.clone();
            path.extend(rest);
        }
        None
    }
}

/// Reads the files of a directory: the path and the text of each module.
fn collect(directory: &Path, module: &mut Module, texts: &mut BTreeMap<Module, (String, String)>) {
    let entries = fs::read_dir(directory).expect("a directory of sources");
    for entry in entries.map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        if name == "tests" || (name == "main" && module.is_empty()) {
            continue;
        }
        if entry.is_dir() {
            module.push(name);
            collect(&entry, module, texts);
            module.pop();
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let mut module = module.clone();
            if name != "mod" && name != "lib" {
                module.push(name);
            }
            let path = entry.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("below the root");
            let path = path.to_str().expect("a name in UTF-8").replace('\\', "/");
            texts.insert(module, (path, fs::read_to_string(&entry).expect("a source file")));
        }
    }
}

/// Everything of the crate that the code of a module names: in a `use`, or in a path that begins with
/// `crate::`, `super::` or `self::`.
fn imports(code: &str, module: &Module, modules: &BTreeSet<Module>) -> Vec<Import> {
    let tokens = code::tokens(code);
    let mut imports = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let in_use = tokens[at] == "use";
        let start = at + usize::from(in_use);
        // Neither in the middle of a path nor in `pub(in crate::scenario)`.
        let follows_path = at > 0 && matches!(tokens[at - 1], "::" | "in");
        let anchored = matches!(tokens.get(start), Some(&("crate" | "super" | "self")))
            && tokens.get(start + 1) == Some(&"::");
        if in_use || (anchored && !follows_path) {
            let mut paths = Vec::new();
            at = code::use_tree(&tokens, start, &mut Vec::new(), &mut paths);
            let resolved = paths.into_iter().filter_map(|(path, name)| {
                let name = name.filter(|_| in_use);
                resolve(&path, module, modules).map(|path| Import { path, name })
            });
            imports.extend(resolved);
        }
        at = at.max(start) + 1;
    }
    imports
}

/// A path from the root of the crate; `None` if it leads out of the crate.
fn resolve(path: &[String], module: &Module, modules: &BTreeSet<Module>) -> Option<Module> {
    let mut base = module.clone();
    let mut rest = path;
    match rest.first()?.as_str() {
        "crate" => {
            base.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while let Some(("super", more)) = rest.split_first().map(|(a, b)| (a.as_str(), b)) {
                base.pop();
                rest = more;
            }
        }
        child => {
            base.push(child.to_owned());
            let is_child = modules.contains(&base);
            base.pop();
            is_child.then_some(())?;
        }
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

/// Just enough of Rust's grammar to find paths.
mod code {
    /// The code with comments, strings and characters left out.
    pub fn without_comments_and_literals(text: &str) -> String {
        let mut code = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let skip = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else if let Some(hashes) = raw_string(rest, &code) {
                let end = format!("\"{}", "#".repeat(hashes));
                let start = hashes + 2;
                rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
            } else if c == '"' {
                quoted(rest, '"')
            } else if c == '\'' && is_char(rest) {
                quoted(rest, '\'')
            } else {
                code.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            };
            code.push(' ');
            rest = &rest[skip..];
        }
        code
    }

    /// The number of `#` of a raw string that begins here; `None` if none does.
    fn raw_string(rest: &str, before: &str) -> Option<usize> {
        let in_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let hashes = rest.strip_prefix('r').filter(|_| !in_word)?;
        let behind = hashes.trim_start_matches('#');
        behind.starts_with('"').then(|| hashes.len() - behind.len())
    }

    /// Whether a quote begins a character, and not a lifetime.
    fn is_char(rest: &str) -> bool {
        let mut chars = rest.chars().skip(1);
        matches!((chars.next(), chars.next()), (Some('\\'), _) | (Some(_), Some('\'')))
    }

    /// The length of a literal from its opening to its closing quote.
    fn quoted(rest: &str, quote: char) -> usize {
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if c == quote => return at + 1,
                _ => {}
            }
        }
        rest.len()
    }

    /// The code without the items that are only for tests.
    pub fn without_tests(code: &str) -> String {
        let mut kept = String::with_capacity(code.len());
        let mut rest = code;
        while let Some(at) = rest.find("#[cfg(test)]") {
            kept.push_str(&rest[..at]);
            rest = &rest[at..];
            rest = &rest[item_len(rest)..];
        }
        kept + rest
    }

    /// The length of an item: up to its `;`, or the end of its first braces.
    fn item_len(code: &str) -> usize {
        let mut depth = 0_usize;
        for (at, c) in code.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && (c == ';' || c == '}') {
                return at + 1;
            }
        }
        code.len()
    }

    /// Whether the code only declares modules and re-exports.
    pub fn is_facade(code: &str) -> bool {
        let mut rest = code.trim_start();
        let mut has_items = false;
        while !rest.is_empty() {
            let item = &rest[..item_len(rest)];
            let words = tokens(item);
            let mut words = words.iter().skip_while(|word| {
                matches!(**word, "pub" | "(" | ")" | "crate" | "super" | "in" | "::")
            });
            // Attributes before an item are ignored.
            if item.starts_with("#[") {
                rest = rest[item.find(']').map_or(item.len(), |end| end + 1)..].trim_start();
                continue;
            }
            if !matches!(words.next(), Some(&("mod" | "use"))) || item.contains("mod tests") {
                return false;
            }
            has_items = true;
            rest = rest[item.len()..].trim_start();
            // The `;` after the braces of a use tree.
            rest = rest.strip_prefix(';').unwrap_or(rest).trim_start();
        }
        has_items
    }

    /// The words and punctuation marks of the code; `::` is one mark.
    pub fn tokens(code: &str) -> Vec<&str> {
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(c) = code[at..].chars().next() {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let len = if is_word(c) {
                code[at..].find(|c| !is_word(c)).unwrap_or(code.len() - at)
            } else if code[at..].starts_with("::") {
                2
            } else {
                c.len_utf8()
            };
            if !c.is_whitespace() {
                tokens.push(&code[at..at + len]);
            }
            at += len;
        }
        tokens
    }

    /// The paths of a use tree, or of a path in an expression, that begins at `at`, each with the name
    /// that it brings in. Returns where the tree ends.
    pub fn use_tree(
        tokens: &[&str],
        mut at: usize,
        prefix: &mut Vec<String>,
        paths: &mut Vec<(Vec<String>, Option<String>)>,
    ) -> usize {
        let len = prefix.len();
        loop {
            match tokens.get(at) {
                Some(&"{") => {
                    at += 1;
                    while !matches!(tokens.get(at), None | Some(&"}")) {
                        at = use_tree(tokens, at, prefix, paths);
                        at += usize::from(tokens.get(at) == Some(&","));
                    }
                    prefix.truncate(len);
                    return at + 1;
                }
                Some(&"*") => {
                    paths.push((prefix.clone(), None));
                    prefix.truncate(len);
                    return at + 1;
                }
                Some(word) if word.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                    // `a::{self}` is `a`.
                    if *word != "self" || prefix.is_empty() {
                        prefix.push((*word).to_owned());
                    }
                    at += 1;
                }
                _ => {
                    prefix.truncate(len);
                    return at + 1;
                }
            }
            if tokens.get(at) == Some(&"::") {
                at += 1;
                continue;
            }
            let mut name = prefix.last().cloned();
            if tokens.get(at) == Some(&"as") {
                name = tokens.get(at + 1).map(|name| (*name).to_owned());
                at += 2;
            }
            paths.push((prefix.clone(), name));
            prefix.truncate(len);
            return at;
        }
    }
}
