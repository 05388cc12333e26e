//! Wrong `--set` arguments.

use insta::assert_snapshot;

use crate::harness::refused_set;

#[test]
fn set_of_a_key_that_does_not_exist() {
    assert_snapshot!(refused_set(&["clients.office.cuont=5"]), @r"
    error: unknown key `cuont` in client group `office`
     --> --set:1:16
      |
    1 | clients.office.cuont=5
      |                ^^^^^
      |
      = help: did you mean `count`?

    1 error in --set
    ");
}

#[test]
fn set_of_a_table_that_does_not_exist() {
    assert_snapshot!(refused_set(&["servers.DP01.limit=5"]), @"
    error: unknown key `servers` in the scenario
     --> --set:1:1
      |
    1 | servers.DP01.limit=5
      | ^^^^^^^
      |
      = help: the valid keys are `name`, `description`, `seed`, `horizon`, `warmup`, `expires_after`, `starts`, `workaround`, `distribution_points`, `clients`

    1 error in --set
    ");
}

#[test]
fn set_of_a_group_that_does_not_exist() {
    assert_snapshot!(refused_set(&["clients.ofice.count=5"]), @r"
    error: no client group `ofice`
     --> --set:1:9
      |
    1 | clients.ofice.count=5
      |         ^^^^^
      |
      = help: did you mean `office`?

    1 error in --set
    ");
}

#[test]
fn set_of_a_point_that_does_not_exist() {
    assert_snapshot!(refused_set(&["distribution_points.DP7.connection_limit=5"]), @r"
    error: no distribution point `DP7`
     --> --set:1:21
      |
    1 | distribution_points.DP7.connection_limit=5
      |                     ^^^
      |
      = help: this scenario has: `DP01`

    1 error in --set
    ");
}

#[test]
fn set_of_an_unknown_key_for_every_group() {
    assert_snapshot!(refused_set(&["clients.*.nope=1"]), @"
    error: unknown key `nope` in client group `office`
     --> --set:1:11
      |
    1 | clients.*.nope=1
      |           ^^^^
      |
      = help: the valid keys are `count`, `release`, `release_mix`, `misreport_strands`, `poll_unschedules`, `tries_per_point`, `on_cut`, `spin`, `retry`, `moves_on`, `fallback_after`, `upgrade`, `misreport_probability`, `distribution_points`, `tiers`, `choose`, `arrival`, `transfer`, `connections`, `link`, `poll_interval`, `online`, `zones`, `stagger`, `vanishes`

    1 error in --set
    ");
}

#[test]
fn set_of_everything() {
    assert_snapshot!(refused_set(&["*=5"]), @r"
    error: `*` cannot stand for the tables of a scenario
     --> --set:1:1
      |
    1 | *=5
      | ^
      |
      = help: write the name of a table before `*`: `clients.*.count`

    1 error in --set
    ");
}

#[test]
fn set_without_a_value() {
    assert_snapshot!(refused_set(&["clients.office.count="]), @r#"
    error: the value after `=` is missing
     --> --set:1:22
      |
    1 | clients.office.count=
      |                      ^
      |
      = help: write the value after `=`; an empty string is `""`

    1 error in --set
    "#);
}

#[test]
fn set_without_an_equals_sign() {
    assert_snapshot!(refused_set(&["clients.office.count"]), @r"
    error: expected `=` and a value after the path
     --> --set:1:21
      |
    1 | clients.office.count
      |                     ^
      |
      = help: write for example `--set clients.office.count=20000`

    1 error in --set
    ");
}

#[test]
fn set_without_a_key() {
    assert_snapshot!(refused_set(&["=5"]), @r"
    error: the path before `=` is missing
     --> --set:1:1
      |
    1 | =5
      | ^
      |
      = help: write for example `--set clients.office.count=20000`

    1 error in --set
    ");
}

#[test]
fn set_with_a_hole_in_the_path() {
    assert_snapshot!(refused_set(&["clients..count=5"]), @r"
    error: a name is missing in the path
     --> --set:1:9
      |
    1 | clients..count=5
      |         ^
      |
      = help: write for example `--set clients.office.count=20000`

    1 error in --set
    ");
}

#[test]
fn set_of_nothing() {
    assert_snapshot!(refused_set(&[""]), @r"
    error: a name is missing in the path
     --> --set:1:1
      |
    1 |
      | ^
      |
      = help: write for example `--set clients.office.count=20000`

    1 error in --set
    ");
}

#[test]
fn set_of_a_wrong_value() {
    assert_snapshot!(refused_set(&["clients.office.count=-1"]), @r"
    error: `count` must be from 1 to 4294967279, found -1
     --> --set:1:22
      |
    1 | clients.office.count=-1
      |                      ^^ must be from 1 to 4294967279

    1 error in --set
    ");
}

#[test]
fn set_of_a_number_where_a_name_belongs() {
    assert_snapshot!(refused_set(&["name=5"]), @r"
    error: expected a string for `name`, found a whole number
     --> --set:1:6
      |
    1 | name=5
      |      ^ expected a string
      |
      = help: put the value into quotes

    1 error in --set
    ");
}

#[test]
fn set_of_a_group_to_a_number() {
    assert_snapshot!(refused_set(&["clients.office=5"]), @r"
    error: expected a table for `office`, found a whole number
     --> --set:1:16
      |
    1 | clients.office=5
      |                ^ expected a table

    1 error in --set
    ");
}

#[test]
fn set_of_an_array_that_is_not_closed() {
    assert_snapshot!(refused_set(&[r#"clients.office.distribution_points=["DP01""#]), @r#"
    error: the array is not closed
     --> --set:1:43
      |
    1 | clients.office.distribution_points=["DP01"
      |                                           ^ expected `]`

    1 error in --set
    "#);
}

#[test]
fn set_of_a_quoted_name_that_is_not_closed() {
    assert_snapshot!(refused_set(&[r#"clients."head office.count=5"#]), @r#"
    error: the quote is not closed
     --> --set:1:9
      |
    1 | clients."head office.count=5
      |         ^^^^^^^^^^^^^^^^^^^^
      |
      = help: a name in quotes ends with the same quote: `clients."head office".count=5`

    1 error in --set
    "#);
}

#[test]
fn set_with_a_line_break() {
    assert_snapshot!(refused_set(&["name=a\nb"]), @r"
    error: unexpected control character
     --> --set:1:7
      |
    1 | name=a
      |       ^
      |
      = help: write for example `--set clients.office.count=20000`

    1 error in --set
    ");
}

#[test]
fn set_of_a_variant() {
    assert_snapshot!(refused_set(&["variants.fast.horizon=2d"]), @r"
    error: `--set` cannot change a single variant
     --> --set:1:1
      |
    1 | variants.fast.horizon=2d
      | ^^^^^^^^
      |
      = help: it sets a key in every variant: write for example `--set horizon=7d`

    1 error in --set
    ");
}

#[test]
fn all_errors_of_several_sets() {
    assert_snapshot!(refused_set(&["clients.office.count=0", "horizon=7x", "seed=x"]), @r"
    error: `count` must be from 1 to 4294967279, found 0
     --> --set:1:22
      |
    1 | clients.office.count=0
      |                      ^ must be from 1 to 4294967279

    error: `horizon`: unknown unit `x`
     --> --set:1:10
      |
    1 | horizon=7x
      |          ^
      |
      = help: the units are `ms`, `s`, `m`, `h`, `d` and `w`

    error: expected a whole number for `seed`, found a string
     --> --set:1:6
      |
    1 | seed=x
      |      ^ expected a whole number

    3 errors in --set
    ");
}

#[test]
fn set_of_a_retry_key_of_another_policy() {
    assert_snapshot!(refused_set(&["clients.office.retry.step=5m"]), @r#"
    error: `step` needs a `policy`
     --> --set:1:22
      |
    1 | clients.office.retry.step=5m
      |                      ^^^^
      |
      = help: add `policy = "linear"`

    1 error in --set
    "#);
}
