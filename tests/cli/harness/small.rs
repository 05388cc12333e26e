//! A small scenario, and changes to it.

use distpoint::value::Span;

use super::desk::Desk;
use super::fixtures::SMALL;
use super::refusal::Refusal;

/// How the clients of [`SMALL`] arrive: its line 10.
pub const ARRIVAL: &str = r#"arrival = { kind = "uniform", over = "10m" }"#;

/// How long their transfers take: its line 11.
pub const TRANSFER: &str = r#"transfer = { kind = "constant", duration = "2m" }"#;

/// [`SMALL`] with `from` replaced by `to`; `from` has to occur once.
#[track_caller]
pub fn changed(from: &str, to: &str) -> String {
    assert_eq!(SMALL.matches(from).count(), 1, "{from} in\n{SMALL}");
    SMALL.replace(from, to)
}

/// [`SMALL`] with these lines at its top: in place of the line of the same key, or from line 3 on.
pub fn top(lines: &str) -> String {
    with_lines("name = ", lines)
}

/// [`SMALL`] with these lines of its distribution point: in place of the line of the same key, or
/// from line 6 on.
pub fn point(lines: &str) -> String {
    with_lines("[distribution_points.DP01]", lines)
}

/// [`SMALL`] with these lines of its clients: in place of the line of the same key, or from line 12
/// on.
pub fn group(lines: &str) -> String {
    with_lines("[clients.office]", lines)
}

/// [`SMALL`] with `lines` in the section that begins with `first` and ends with a blank line.
fn with_lines(first: &str, lines: &str) -> String {
    let mut sections: Vec<Vec<&str>> =
        SMALL.trim_end().split("\n\n").map(|section| section.lines().collect()).collect();
    let section =
        sections.iter_mut().find(|section| section[0].starts_with(first)).expect("a section");
    for line in lines.lines() {
        let key = line.split('=').next().expect("a key");
        match section.iter_mut().find(|old| old.split('=').next() == Some(key)) {
            Some(old) => *old = line,
            None => section.push(line),
        }
    }
    let sections: Vec<String> = sections.iter().map(|section| section.join("\n")).collect();
    sections.join("\n\n") + "\n"
}

/// How the program refuses a scenario.
#[track_caller]
pub fn refused(scenario: impl AsRef<str>) -> Refusal {
    Desk::with(scenario.as_ref()).run(&["run", "s.toml"]).refuses()
}

/// How the program refuses [`SMALL`] with `--set` and each of `assignments`.
#[track_caller]
pub fn refused_set(assignments: &[&str]) -> Refusal {
    let arguments = assignments.iter().flat_map(|assignment| ["--set", assignment]);
    let arguments: Vec<&str> = ["run", "s.toml"].into_iter().chain(arguments).collect();
    Desk::with(SMALL).run(&arguments).refuses()
}

/// The warnings of the program when it runs a scenario. Asserts that it warns of nothing with `--quiet`,
/// and that its results are then the same.
#[track_caller]
pub fn warned(scenario: impl AsRef<str>, options: &[&str]) -> Refusal {
    let desk = Desk::with(scenario.as_ref());
    let arguments = [&["run", "s.toml"], options].concat();
    let ended = desk.run(&arguments);
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    let quiet = desk.run(&[&arguments[..], &["--quiet"]].concat());
    assert_eq!((quiet.stdout, quiet.stderr), (ended.stdout, String::new()), "with --quiet");
    Refusal::parse("warning", &ended.stderr)
}

/// The options with which a scenario lasts for half a day; none if its own horizon is earlier.
pub fn half_a_day(scenario: &str) -> &'static [&'static str] {
    let mut table: toml::Table = scenario.parse().expect("TOML");
    let horizon = table.remove("horizon");
    let horizon =
        horizon.as_ref().and_then(toml::Value::as_str).and_then(|it| it.parse::<Span>().ok());
    match horizon {
        Some(horizon) if horizon < Span::from_mins(13 * 60) => &[],
        _ => &["--horizon", "13h"],
    }
}
