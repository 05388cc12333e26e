//! Whether sites, points and groups can be told apart, and are not too many to be simulated together.

use super::super::definition::Scenario;
use super::super::document::Table;
use super::super::parts::parts;
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::human::count;
use crate::model::MOST_PARTS;

/// Checks `scenario`, which was written as `table`: its names, and the copies of its points and sites.
pub fn check(scenario: &Scenario, table: &Table, diagnostics: &Diagnostics) -> bool {
    if scenario.sites.is_empty() && scenario.distribution_points.iter().all(|p| p.copies == 1) {
        return true;
    }
    names_differ(scenario, table, diagnostics) && are_few(scenario, table, diagnostics)
}

/// Reports a name that stands for two things in metrics and reports.
fn names_differ(scenario: &Scenario, table: &Table, diagnostics: &Diagnostics) -> bool {
    let points = || scenario.distribution_points.iter().map(|point| (point.site, &point.name));
    let groups = || scenario.clients.iter().map(|group| (group.site, &group.name));
    let sites = || scenario.sites.iter().map(|site| &site.name);
    let in_sites = |(site, name): (Option<_>, _)| site.map(|_| name);
    let site = sites().find(|site| points().any(|(_, name)| name == *site));
    let point = points().filter_map(in_sites).find(|name| points().any(|it| it == (None, *name)));
    let group = groups().filter_map(in_sites).find(|name| groups().any(|it| it == (None, *name)));
    let twice = [
        ("distribution_points", site, "a site and a distribution point are both called"),
        ("distribution_points", point, "a distribution point outside the sites is called"),
        ("clients", group, "a client group outside the sites is called"),
    ];
    let found = twice.into_iter().find_map(|(key, name, error)| Some((key, name?, error)));
    let Some((key, name, error)) = found else { return true };
    let entry = parts(table, key).find(|(site, part)| site.is_none() && part.key == *name);
    let error = Diagnostic::error(format!("{error} {}", quoted(name)));
    let error = match entry {
        Some((_, part)) => error.at(&part.key_location),
        None => error,
    };
    let help =
        format!("reports name by {} what belongs to a site: give it another name", quoted(name));
    diagnostics.push(error.help(help));
    false
}

/// Reports more points or groups than can be simulated together.
fn are_few(scenario: &Scenario, table: &Table, diagnostics: &Diagnostics) -> bool {
    let [points, groups] = scenario.components().most_parts();
    let (many, what) = match points > groups {
        true => (points, "distribution points"),
        false => (groups, "client groups"),
    };
    if many <= MOST_PARTS {
        return true;
    }
    let error = Diagnostic::error(format!(
        "{} {what} have clients in common and have to be simulated together",
        count(many as f64)
    ));
    let copies = parts(table, "distribution_points").find_map(|(_, point)| point.get("copies"));
    let sites = table.get("sites").into_iter().flat_map(|sites| sites.entries());
    let copies = sites.into_iter().find_map(|site| site.get("copies")).or(copies);
    let error = match copies {
        Some(entry) => error.at(&entry.node.location),
        None => error,
    };
    let help = format!(
        "at most {} can be: use fewer `copies`, or sites whose clients use no points outside them",
        count(MOST_PARTS as f64)
    );
    diagnostics.push(error.help(help));
    false
}
