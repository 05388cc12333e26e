//! The keys of a site: equal places, each with points and clients of its own.

use super::super::form::{
    Form, attempted, default, integer, keys, keys_of, optional, required, some_names,
};
use super::clients::{GroupKeys, groups};
use super::named::only_names;
use super::points::points;
use crate::model::DistributionPoint;

keys! {
    /// A site, such as a branch office, with distribution points and client groups of its own.
    SiteKeys {
        /// The number of such sites: all are equal, but each has random numbers of its own.
        copies: u32 = default(1, integer(1..=u32::MAX));
        /// The servers of the site, by name.
        distribution_points: Option<Vec<DistributionPoint>> = optional("none", points());
        /// The groups of clients of the site, by name; by default they may use all points of the site, and where it has none, all points outside sites.
        clients: Vec<(String, Option<GroupKeys>)> = required("{ office = { count = 5000, ... } }", groups());
    }
}

/// All sites of a scenario; `None` for one that is not a table.
pub fn sites() -> impl Form<Value = Vec<(String, Option<SiteKeys>)>> {
    let site = attempted(keys_of::<SiteKeys>("site {}"));
    let advice = "use fewer sites with more `copies`";
    let sites = some_names("sites", "[sites.branch]", advice, site);
    only_names::<SiteKeys, _>("site", "[sites.branch]", sites)
}
