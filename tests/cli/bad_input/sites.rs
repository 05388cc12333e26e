//! What is wrong with sites and copies.

use crate::harness::{Desk, assert_mentions};

const CLIENTS: &str = "count = 5\narrival = { kind = \"burst\" }\n\
                       transfer = { kind = \"constant\", duration = \"2m\" }\n";

fn refused(text: &str, words: &str) {
    let text = format!("name = \"s\"\n{}", text.replace("CLIENTS", CLIENTS));
    let ended = Desk::with(&text).run(&["check", "s.toml"]).fails(2);
    assert_mentions(&ended, words);
}

const HQ: &str = "[distribution_points.HQ]\nconnection_limit = 5\n";

#[test]
fn clients_of_a_site_without_a_point_are_told_where_to_write_one() {
    refused(
        "[sites.branch]\ncopies = 3\n[sites.branch.clients.office]\nCLIENTS",
        "the clients of site `branch` have no distribution point | \
         [sites.branch.distribution_points.SHARE]",
    );
    refused(
        "[clients.g]\nCLIENTS[sites.branch.distribution_points.SHARE]\nconnection_limit = 1\n\
         [sites.branch.clients.office]\nCLIENTS",
        "the clients of groups outside the sites have no distribution point",
    );
}

#[test]
fn a_name_stands_for_one_thing() {
    let site = "[sites.HQ.clients.office]\nCLIENTS";
    refused(&format!("{HQ}{site}"), "a site and a distribution point are both called `HQ`");
    let site = "[sites.a.clients.b]\nCLIENTS[clients.\"a/b\"]\nCLIENTS";
    refused(&format!("{HQ}{site}"), "a client group outside the sites is called `a/b`");
}

#[test]
fn copies_that_share_a_point_are_not_too_many() {
    let site = "[sites.shop]\ncopies = 70000\n[sites.shop.clients.till]\nCLIENTS";
    refused(
        &format!("{HQ}{site}"),
        "70,000 client groups have clients in common | copies = 70000 | fewer `copies`",
    );
}

#[test]
fn misspelt_sites_and_names_in_them_are_suggested() {
    let site = "[sites.shop.clients.till]\nCLIENTS";
    let wrong =
        "[variants.a]\nsites.shp.copies = 3\n[variants.b]\nsites.shop.clients.tll.count = 3\n";
    refused(
        &format!("{HQ}{site}{wrong}"),
        "no site `shp` | did you mean `shop`? | no client group `tll` | did you mean `till`?",
    );
    let points = "distribution_points = [\"HG\"]\n";
    refused(&format!("{HQ}{site}{points}"), "no distribution point `HG` | this scenario has: `HQ`");
}

#[test]
fn metrics_of_copies_are_told_apart_from_those_of_the_whole() {
    let site = "[sites.shop.clients.till]\nCLIENTS";
    for (threshold, words) in [
        ("makespan.most < 3h", "measured for the copies | copies.NAME.makespan.most"),
        ("copies.shop.makespan < 3h", "no such metric of `copies.NAME` | `makespan.least`"),
        ("copies.shp.makespan.most < 3h", "no site or distribution point `shp` | `shop`"),
    ] {
        refused(&format!("thresholds = [\"{threshold}\"]\n{HQ}{site}"), words);
    }
}
