//! Distribution points and client groups in the order of a scenario: first those outside sites, then those of
//! each site.

use super::document::{Entry, Table};

/// The name of a point or group of a site in the whole scenario: `branch/office`.
pub fn name_in_site(site: &str, name: &str) -> String {
    format!("{site}/{name}")
}

/// The tables of all points (`key` is `distribution_points`) or groups (`clients`), each with the name of its
/// site, if it is in one.
pub fn parts<'t>(
    scenario: &'t Table,
    key: &'t str,
) -> impl Iterator<Item = (Option<&'t str>, &'t Entry)> {
    let outside = scenario.get(key).into_iter().flat_map(Entry::entries);
    let sites = scenario.get("sites").into_iter().flat_map(Entry::entries);
    let inside = sites.flat_map(move |site| {
        let parts = site.get(key).into_iter().flat_map(Entry::entries);
        parts.map(|part| (Some(site.key.as_str()), part))
    });
    outside.map(|part| (None, part)).chain(inside)
}
