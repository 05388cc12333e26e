//! The rules of JUnit's XML, as the schemas that CI systems publish agree on them.
//!
//! There is no standard. These are the elements, attributes and orders that Jenkins' and Maven's
//! schemas and the common description by testmo allow, as far as all readers accept them. The strictest is
//! that of Jenkins' xUnit plugin (`junit-10.xsd`): `testsuites` has no `skipped`, a `testsuite` needs all of
//! its counts but that, and a `testcase` has no attributes but a name, a class, a group and a time. A file that several test programs
//! include.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element: its required and other attributes, its children in order, and whether it has text.
struct Rule {
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    children: &'static [&'static str],
    text: bool,
}

const RULES: &[Rule] = &[
    Rule {
        name: "testsuites",
        required: &[],
        optional: &["name", "tests", "failures", "errors", "time"],
        children: &["testsuite"],
        text: false,
    },
    Rule {
        name: "testsuite",
        required: &["name", "tests", "failures", "errors"],
        optional: &["skipped", "time", "timestamp", "hostname", "id", "package"],
        children: &["properties", "testcase", "system-out", "system-err"],
        text: false,
    },
    Rule { name: "properties", required: &[], optional: &[], children: &["property"], text: false },
    Rule {
        name: "property",
        required: &["name", "value"],
        optional: &[],
        children: &[],
        text: false,
    },
    Rule {
        name: "testcase",
        required: &["name", "classname"],
        optional: &["time"],
        children: &["skipped", "error", "failure", "system-out", "system-err"],
        text: false,
    },
    Rule {
        name: "skipped",
        required: &[],
        optional: &["message", "type"],
        children: &[],
        text: true,
    },
    Rule {
        name: "failure",
        required: &["message", "type"],
        optional: &[],
        children: &[],
        text: true,
    },
    Rule {
        name: "error",
        required: &["message", "type"],
        optional: &[],
        children: &[],
        text: true,
    },
    Rule { name: "system-out", required: &[], optional: &[], children: &[], text: true },
    Rule { name: "system-err", required: &[], optional: &[], children: &[], text: true },
];

/// A case: its name, its class, and what became of it: the element in it, or `passed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub name: String,
    pub class: String,
    pub outcome: String,
    /// The message of a failure or a skipped case.
    pub message: String,
}

/// Parses XML and checks it against the rules. Gives its cases.
///
/// # Errors
///
/// The first rule that is broken.
pub fn check(xml: &str) -> Result<Vec<Case>, String> {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<(&Rule, usize)> = Vec::new();
    let mut cases: Vec<Case> = Vec::new();
    let mut counted: Vec<(Vec<usize>, usize)> = Vec::new();
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Decl(_) if open.is_empty() => {}
            Event::Start(ref element) | Event::Empty(ref element) => {
                let rule = enter(element, &mut open)?;
                let attributes = attributes(element, rule)?;
                let value = |name: &str| {
                    let found = attributes.iter().find(|(known, _)| known == name);
                    found.map(|(_, value)| value.clone()).unwrap_or_default()
                };
                match rule.name {
                    "testsuite" => {
                        let numbers =
                            ["tests", "failures", "skipped"].map(|name| value(name).parse());
                        let numbers: Result<Vec<usize>, _> = numbers.into_iter().collect();
                        counted
                            .push((numbers.map_err(|e| format!("{e} in testsuite"))?, cases.len()));
                    }
                    "testcase" => cases.push(Case {
                        name: value("name"),
                        class: value("classname"),
                        outcome: "passed".to_owned(),
                        message: String::new(),
                    }),
                    "failure" | "error" | "skipped" => {
                        let case = cases.last_mut().ok_or("an outcome without a case")?;
                        case.outcome = match rule.name {
                            "failure" => value("type"),
                            other => other.to_owned(),
                        };
                        case.message = value("message");
                    }
                    _ => {}
                }
                if matches!(event, Event::Start(_)) {
                    open.push((rule, 0));
                }
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(text) => {
                let blank = text.iter().all(u8::is_ascii_whitespace);
                if !blank && !open.last().is_some_and(|(rule, _)| rule.text) {
                    return Err(format!("text where none belongs: {text:?}"));
                }
            }
            Event::GeneralRef(_) if open.last().is_some_and(|(rule, _)| rule.text) => {}
            Event::Eof => break,
            other => return Err(format!("{other:?} does not belong there")),
        }
    }
    let ends = counted.iter().skip(1).map(|(_, start)| *start).chain([cases.len()]);
    for ((numbers, start), end) in counted.iter().zip(ends) {
        let own = &cases[*start..end];
        let with = |outcome: fn(&str) -> bool| own.iter().filter(|c| outcome(&c.outcome)).count();
        let skipped = with(|outcome| outcome == "skipped");
        let failed = with(|outcome| outcome != "skipped" && outcome != "passed");
        if *numbers != [own.len(), failed, skipped] {
            return Err(format!("a suite says {numbers:?} of {} {failed} {skipped}", own.len()));
        }
    }
    if open.is_empty() && !cases.is_empty() { Ok(cases) } else { Err("no cases".to_owned()) }
}

/// The rule of an element, if it may be here.
fn enter(
    element: &BytesStart<'_>,
    open: &mut [(&'static Rule, usize)],
) -> Result<&'static Rule, String> {
    let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
    let rule = RULES.iter().find(|rule| rule.name == name);
    let rule = rule.ok_or_else(|| format!("there is no element {name}"))?;
    match open.last_mut() {
        None if rule.name == "testsuites" => {}
        None => return Err(format!("the root is {name}")),
        Some((parent, at)) => {
            let place = parent.children.iter().position(|child| *child == rule.name);
            let place = place.ok_or_else(|| format!("{name} in {}", parent.name))?;
            if place < *at {
                return Err(format!("{name} comes too late in {}", parent.name));
            }
            *at = place;
        }
    }
    Ok(rule)
}

fn attributes(element: &BytesStart<'_>, rule: &Rule) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        let value = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0);
        let value = value.map_err(|error| error.to_string())?.into_owned();
        let allowed = rule.required.iter().chain(rule.optional).any(|known| *known == name);
        if !allowed {
            return Err(format!("{} has no attribute {name}", rule.name));
        }
        found.push((name, value));
    }
    let missing = rule.required.iter().find(|name| !found.iter().any(|(known, _)| known == *name));
    match missing {
        Some(name) => Err(format!("{} needs {name}", rule.name)),
        None => Ok(found),
    }
}
