//! Wrong variants.

use insta::assert_snapshot;

use crate::harness::{Desk, SMALL};

/// What the program says of the small scenario with these lines below it.
fn refused_variants(variants: &str) -> String {
    Desk::with(&format!("{SMALL}\n{variants}")).run(&["run", "s.toml"]).refuses()
}

#[test]
fn a_wrong_value_in_a_variant() {
    let variants = "[variants.slow]\ndistribution_points.DP01.connection_limit = 0\n";
    assert_snapshot!(refused_variants(variants), @r"
    error: `connection_limit` must be from 1 to 4294967295, found 0
      --> s.toml:14:45
       |
    14 | distribution_points.DP01.connection_limit = 0
       |                                             ^ must be from 1 to 4294967295

    1 error in s.toml
    ");
}

#[test]
fn an_unknown_key_in_a_variant() {
    let variants = "[variants.slow]\nclients.office.cuont = 5\n[variants.fast]\nhorizn = 5\n";
    assert_snapshot!(refused_variants(variants), @r"
    error: unknown key `cuont` in client group `office`
      --> s.toml:14:16
       |
    14 | clients.office.cuont = 5
       |                ^^^^^
       |
       = help: did you mean `count`?

    error: unknown key `horizn` in the scenario
      --> s.toml:16:1
       |
    16 | horizn = 5
       | ^^^^^^
       |
       = help: did you mean `horizon`?

    2 errors in s.toml
    ");
}

#[test]
fn a_variant_that_adds_a_group() {
    let variants = "[variants.more]\nclients.branch.count = 5\n";
    assert_snapshot!(refused_variants(variants), @r"
    error: no client group `branch`
      --> s.toml:14:9
       |
    14 | clients.branch.count = 5
       |         ^^^^^^
       |
       = help: this scenario has: `office`

    1 error in s.toml
    ");
}

#[test]
fn a_variant_of_another_kind_without_its_keys() {
    let variants = "[variants.poll]\nclients.office.arrival = { kind = \"poll\" }\n";
    assert_snapshot!(refused_variants(variants), @r#"
    error: missing key `interval` in `arrival`
      --> s.toml:14:16
       |
    14 | clients.office.arrival = { kind = "poll" }
       |                ^^^^^^^
       |
       = help: add `interval = "10m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_key_of_another_kind_in_a_variant() {
    let variants = "[variants.poll]\nclients.*.arrival.interval = \"5m\"\n";
    assert_snapshot!(refused_variants(variants), @r#"
    error: a name without quotes has only letters from a to z, digits, `_` and `-`
      --> s.toml:14:9
       |
    14 | clients.*.arrival.interval = "5m"
       |         ^
       |
       = help: put the name into quotes

    1 error in s.toml
    "#);
}

#[test]
fn a_wildcard_in_a_variant() {
    let variants = "[variants.all]\nclients.\"*\".arrival.interval = \"5m\"\n";
    assert_snapshot!(refused_variants(variants), @r#"
    error: unknown key `interval` in `arrival`
      --> s.toml:14:21
       |
    14 | clients."*".arrival.interval = "5m"
       |                     ^^^^^^^^
       |
       = help: the valid keys are `kind`, `over`

    1 error in s.toml
    "#);
}

#[test]
fn no_variants_below_their_header() {
    assert_snapshot!(refused_variants("[variants]\n"), @r#"
    error: `variants` names nothing to compare
      --> s.toml:13:2
       |
    13 | [variants]
       |  ^^^^^^^^
       |
       = help: add a table such as `[variants."limit 100"]`, or leave it out

    1 error in s.toml
    "#);
}

#[test]
fn a_variant_without_a_name() {
    assert_snapshot!(refused_variants("[variants.\" \"]\nhorizon = \"2d\"\n"), @r#"
    error: a variant needs a name
      --> s.toml:13:11
       |
    13 | [variants." "]
       |           ^^^
       |
       = help: for example `[variants."limit 100"]`

    1 error in s.toml
    "#);
}

#[test]
fn a_variant_that_is_not_a_table() {
    assert_snapshot!(refused_variants("[variants]\nfast = 5\n"), @r"
    error: expected a table for `fast`, found a whole number
      --> s.toml:14:8
       |
    14 | fast = 5
       |        ^ expected a table

    1 error in s.toml
    ");
}

#[test]
fn a_base_error_is_told_once_for_all_variants() {
    let text = SMALL.replace("count = 100", "count = 0");
    let text = format!("{text}\n[variants.a]\nhorizon = \"2d\"\n[variants.b]\n");
    assert_snapshot!(Desk::with(&text).run(&["run", "s.toml"]).refuses(), @r"
    error: `count` must be from 1 to 4294967279, found 0
     --> s.toml:8:9
      |
    8 | count = 0
      |         ^ must be from 1 to 4294967279

    1 error in s.toml
    ");
}

#[test]
fn a_set_that_is_wrong_in_one_variant_only() {
    // The interval belongs to the arrival of the variant, not to that of the scenario.
    let variants =
        "[variants.poll]\nclients.office.arrival = { kind = \"poll\", interval = \"5m\" }\n";
    let desk = Desk::with(&format!("{SMALL}\n{variants}"));
    let set = "clients.office.arrival.interval=6x";
    assert_snapshot!(desk.run(&["run", "s.toml", "--set", set]).refuses(), @r"
    error: unknown key `interval` in `arrival`
     --> --set:1:24
      |
    1 | clients.office.arrival.interval=6x
      |                        ^^^^^^^^
      |
      = help: the valid keys are `kind`, `over`

    error: `interval`: unknown unit `x`
     --> --set:1:34
      |
    1 | clients.office.arrival.interval=6x
      |                                  ^
      |
      = help: the units are `ms`, `s`, `m`, `h`, `d` and `w`

    2 errors in --set
    ");
}
