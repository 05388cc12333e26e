//! Wrong `arrival`, `transfer` and `retry` tables.

use insta::assert_snapshot;

use crate::harness::refused;

const ARRIVAL: &str = r#"{ kind = "uniform", over = "10m" }"#;
const TRANSFER: &str = r#"{ kind = "constant", duration = "2m" }"#;

fn arrival(table: &str) -> String {
    refused(ARRIVAL, table)
}

fn transfer(table: &str) -> String {
    refused(TRANSFER, table)
}

/// The group gets this `retry` table.
fn retry(table: &str) -> String {
    refused("count = 100", &format!("count = 100\nretry = {table}"))
}

#[test]
fn an_arrival_without_a_kind() {
    assert_snapshot!(arrival(r#"{ over = "10m" }"#), @r#"
    error: missing key `kind` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = { over = "10m" }
       | ^^^^^^^
       |
       = help: add `kind = "uniform"`

    1 error in s.toml
    "#);
}

#[test]
fn an_empty_arrival() {
    assert_snapshot!(arrival("{}"), @r#"
    error: missing key `kind` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = {}
       | ^^^^^^^
       |
       = help: add `kind = "uniform"`

    1 error in s.toml
    "#);
}

#[test]
fn an_arrival_of_a_kind_near_a_known_one() {
    assert_snapshot!(arrival(r#"{ kind = "posson", mean_interval = "15s" }"#), @r#"
    error: unknown `kind`: `posson`
      --> s.toml:10:20
       |
    10 | arrival = { kind = "posson", mean_interval = "15s" }
       |                    ^^^^^^^^
       |
       = note: the valid words are `burst`, `even`, `uniform`, `poisson`, `poll`, `trace`
       = help: did you mean `poisson`?

    1 error in s.toml
    "#);
}

#[test]
fn an_arrival_of_a_kind_near_none() {
    assert_snapshot!(arrival(r#"{ kind = "whenever" }"#), @r#"
    error: unknown `kind`: `whenever`
      --> s.toml:10:20
       |
    10 | arrival = { kind = "whenever" }
       |                    ^^^^^^^^^^
       |
       = help: the valid words are `burst`, `even`, `uniform`, `poisson`, `poll`, `trace`

    1 error in s.toml
    "#);
}

#[test]
fn an_arrival_of_a_kind_that_is_a_number() {
    assert_snapshot!(arrival("{ kind = 1 }"), @r"
    error: expected a string for `kind`, found a whole number
      --> s.toml:10:20
       |
    10 | arrival = { kind = 1 }
       |                    ^ expected a string
       |
       = help: write one of `burst`, `even`, `uniform`, `poisson`, `poll`, `trace`

    1 error in s.toml
    ");
}

#[test]
fn a_uniform_arrival_without_a_time() {
    assert_snapshot!(arrival(r#"{ kind = "uniform" }"#), @r#"
    error: missing key `over` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = { kind = "uniform" }
       | ^^^^^^^
       |
       = help: add `over = "10m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_uniform_arrival_over_no_time() {
    assert_snapshot!(arrival(r#"{ kind = "uniform", over = "0s" }"#), @r#"
    error: `over` must be longer than zero
      --> s.toml:10:38
       |
    10 | arrival = { kind = "uniform", over = "0s" }
       |                                      ^^^^ must be longer than zero

    1 error in s.toml
    "#);
}

#[test]
fn an_even_arrival_with_a_key_of_another_kind() {
    assert_snapshot!(arrival(r#"{ kind = "even", over = "10m", interval = "15m" }"#), @r#"
    error: unknown key `interval` in `arrival`
      --> s.toml:10:42
       |
    10 | arrival = { kind = "even", over = "10m", interval = "15m" }
       |                                          ^^^^^^^^
       |
       = help: the valid keys are `kind`, `over`

    1 error in s.toml
    "#);
}

#[test]
fn a_burst_with_a_negative_time() {
    assert_snapshot!(arrival(r#"{ kind = "burst", at = "-1s" }"#), @r#"
    error: `at`: a duration cannot be negative
      --> s.toml:10:35
       |
    10 | arrival = { kind = "burst", at = "-1s" }
       |                                   ^^^
       |
       = help: write for example `250ms`, `10s`, `10m`, `2h 30m` or `7d`

    1 error in s.toml
    "#);
}

#[test]
fn a_poisson_arrival_without_an_interval() {
    assert_snapshot!(arrival(r#"{ kind = "poisson", rate = 5 }"#), @r#"
    error: missing key `mean_interval` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = { kind = "poisson", rate = 5 }
       | ^^^^^^^
       |
       = help: add `mean_interval = "10m"`

    error: unknown key `rate` in `arrival`
      --> s.toml:10:31
       |
    10 | arrival = { kind = "poisson", rate = 5 }
       |                               ^^^^
       |
       = help: the valid keys are `kind`, `mean_interval`

    2 errors in s.toml
    "#);
}

#[test]
fn a_poll_without_an_interval() {
    assert_snapshot!(arrival(r#"{ kind = "poll" }"#), @r#"
    error: missing key `interval` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = { kind = "poll" }
       | ^^^^^^^
       |
       = help: add `interval = "10m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_trace_of_arrivals_without_a_file() {
    assert_snapshot!(arrival(r#"{ kind = "trace" }"#), @r#"
    error: missing key `file` in `arrival`
      --> s.toml:10:1
       |
    10 | arrival = { kind = "trace" }
       | ^^^^^^^
       |
       = help: add `file = "arrivals.csv"`

    1 error in s.toml
    "#);
}

#[test]
fn a_transfer_without_a_kind() {
    assert_snapshot!(transfer(r#"{ duration = "2m" }"#), @r#"
    error: missing key `kind` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { duration = "2m" }
       | ^^^^^^^^
       |
       = help: add `kind = "constant"`

    1 error in s.toml
    "#);
}

#[test]
fn a_transfer_of_a_kind_near_a_known_one() {
    assert_snapshot!(transfer(r#"{ kind = "log-normal", median = "2m", sigma = 0.5 }"#), @r#"
    error: unknown `kind`: `log-normal`
      --> s.toml:11:21
       |
    11 | transfer = { kind = "log-normal", median = "2m", sigma = 0.5 }
       |                     ^^^^^^^^^^^^
       |
       = note: the valid words are `constant`, `uniform`, `exponential`, `lognormal`, `empirical`, `trace`, `size`
       = help: did you mean `lognormal`?

    1 error in s.toml
    "#);
}

#[test]
fn a_transfer_of_a_kind_near_none() {
    assert_snapshot!(transfer(r#"{ kind = "fast" }"#), @r#"
    error: unknown `kind`: `fast`
      --> s.toml:11:21
       |
    11 | transfer = { kind = "fast" }
       |                     ^^^^^^
       |
       = help: the valid words are `constant`, `uniform`, `exponential`, `lognormal`, `empirical`, `trace`, `size`

    1 error in s.toml
    "#);
}

#[test]
fn a_constant_transfer_without_a_duration() {
    assert_snapshot!(transfer(r#"{ kind = "constant" }"#), @r#"
    error: missing key `duration` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "constant" }
       | ^^^^^^^^
       |
       = help: add `duration = "2m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_constant_transfer_that_takes_no_time() {
    assert_snapshot!(transfer(r#"{ kind = "constant", duration = "0s" }"#), @r#"
    error: `duration` must be longer than zero
      --> s.toml:11:44
       |
    11 | transfer = { kind = "constant", duration = "0s" }
       |                                            ^^^^ must be longer than zero

    1 error in s.toml
    "#);
}

#[test]
fn a_uniform_transfer_with_min_above_max() {
    assert_snapshot!(transfer(r#"{ kind = "uniform", min = "3m", max = "1m" }"#), @r#"
    error: `max` is 1m, less than `min`, 3m
      --> s.toml:11:50
       |
    11 | transfer = { kind = "uniform", min = "3m", max = "1m" }
       |                                                  ^^^^
       |
       = help: exchange them

    1 error in s.toml
    "#);
}

#[test]
fn a_uniform_transfer_without_either() {
    assert_snapshot!(transfer(r#"{ kind = "uniform" }"#), @r#"
    error: missing key `min` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "uniform" }
       | ^^^^^^^^
       |
       = help: add `min = "1m"`

    error: missing key `max` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "uniform" }
       | ^^^^^^^^
       |
       = help: add `max = "3m"`

    2 errors in s.toml
    "#);
}

#[test]
fn a_uniform_transfer_of_zero_to_zero() {
    assert_snapshot!(transfer(r#"{ kind = "uniform", min = "0s", max = "0s" }"#), @r#"
    error: `max` must be longer than zero
      --> s.toml:11:50
       |
    11 | transfer = { kind = "uniform", min = "0s", max = "0s" }
       |                                                  ^^^^ must be longer than zero

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_transfer_without_a_mean() {
    assert_snapshot!(transfer(r#"{ kind = "exponential" }"#), @r#"
    error: missing key `mean` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "exponential" }
       | ^^^^^^^^
       |
       = help: add `mean = "2m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_lognormal_transfer_without_its_keys() {
    assert_snapshot!(transfer(r#"{ kind = "lognormal" }"#), @r#"
    error: missing key `median` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "lognormal" }
       | ^^^^^^^^
       |
       = help: add `median = "2m"`

    error: missing key `sigma` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "lognormal" }
       | ^^^^^^^^
       |
       = help: add `sigma = 0.5`

    2 errors in s.toml
    "#);
}

#[test]
fn a_sigma_that_is_not_a_number() {
    assert_snapshot!(transfer(r#"{ kind = "lognormal", median = "2m", sigma = nan }"#), @r#"
    error: `sigma` must be at least 0, found nan
      --> s.toml:11:57
       |
    11 | transfer = { kind = "lognormal", median = "2m", sigma = nan }
       |                                                         ^^^ must be at least 0

    1 error in s.toml
    "#);
}

#[test]
fn a_negative_sigma() {
    assert_snapshot!(transfer(r#"{ kind = "lognormal", median = "2m", sigma = -0.5 }"#), @r#"
    error: `sigma` must be at least 0, found -0.5
      --> s.toml:11:57
       |
    11 | transfer = { kind = "lognormal", median = "2m", sigma = -0.5 }
       |                                                         ^^^^ must be at least 0

    1 error in s.toml
    "#);
}

#[test]
fn a_huge_sigma() {
    assert_snapshot!(transfer(r#"{ kind = "lognormal", median = "2m", sigma = 1e6 }"#), @r#"
    error: `sigma` must be at most 10, found 1000000
      --> s.toml:11:57
       |
    11 | transfer = { kind = "lognormal", median = "2m", sigma = 1e6 }
       |                                                         ^^^
       |
       = help: it is the standard deviation of the logarithm: try 0.5

    1 error in s.toml
    "#);
}

#[test]
fn a_sigma_that_is_a_string() {
    assert_snapshot!(transfer(r#"{ kind = "lognormal", median = "2m", sigma = "half" }"#), @r#"
    error: expected a number of at least 0 for `sigma`, found a string
      --> s.toml:11:57
       |
    11 | transfer = { kind = "lognormal", median = "2m", sigma = "half" }
       |                                                         ^^^^^^ expected a number of at least 0

    1 error in s.toml
    "#);
}

#[test]
fn an_empirical_transfer_without_a_file() {
    assert_snapshot!(transfer(r#"{ kind = "empirical" }"#), @r#"
    error: missing key `file` in `transfer`
      --> s.toml:11:1
       |
    11 | transfer = { kind = "empirical" }
       | ^^^^^^^^
       |
       = help: add `file = "transfers.csv"`

    1 error in s.toml
    "#);
}

#[test]
fn a_retry_of_a_policy_near_a_known_one() {
    assert_snapshot!(retry(r#"{ policy = "exponental", base = "1m" }"#), @r#"
    error: unknown `policy`: `exponental`
     --> s.toml:9:20
      |
    9 | retry = { policy = "exponental", base = "1m" }
      |                    ^^^^^^^^^^^^
      |
      = note: the valid words are `fixed`, `linear`, `exponential`, `memoryless`, `server`
      = help: did you mean `exponential`?

    1 error in s.toml
    "#);
}

#[test]
fn a_retry_of_a_policy_near_none() {
    assert_snapshot!(retry(r#"{ policy = "nothing" }"#), @r#"
    error: unknown `policy`: `nothing`
     --> s.toml:9:20
      |
    9 | retry = { policy = "nothing" }
      |                    ^^^^^^^^^
      |
      = help: the valid words are `fixed`, `linear`, `exponential`, `memoryless`, `server`

    1 error in s.toml
    "#);
}

#[test]
fn a_retry_with_a_key_of_another_policy_than_the_default() {
    assert_snapshot!(retry(r#"{ mean = "5m" }"#), @r#"
    error: `mean` needs a `policy`
     --> s.toml:9:11
      |
    9 | retry = { mean = "5m" }
      |           ^^^^
      |
      = help: add `policy = "memoryless"`

    1 error in s.toml
    "#);
}

#[test]
fn a_fixed_retry_without_an_interval() {
    assert_snapshot!(retry(r#"{ policy = "fixed" }"#), @r#"
    error: missing key `interval` in `retry`
     --> s.toml:9:1
      |
    9 | retry = { policy = "fixed" }
      | ^^^^^
      |
      = help: add `interval = "10m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_fixed_retry_with_a_jitter_above_its_interval() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = "2m" }"#), @r#"
    error: a jitter longer than the interval, 1m, would make delays negative
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = "2m" }
      |                                                       ^^^^
      |
      = help: lower it to at most `1m`

    1 error in s.toml
    "#);
}

#[test]
fn a_jitter_of_120_percent() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = "120%" }"#), @r#"
    error: `jitter` must be from 0% to 100%, found `120%`
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = "120%" }
      |                                                       ^^^^^^
      |
      = help: "20%" makes delays between 80% and 120% of the interval

    1 error in s.toml
    "#);
}

#[test]
fn a_negative_jitter() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = "-5%" }"#), @r#"
    error: `jitter` must be from 0% to 100%, found `-5%`
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = "-5%" }
      |                                                       ^^^^^
      |
      = help: "20%" makes delays between 80% and 120% of the interval

    1 error in s.toml
    "#);
}

#[test]
fn a_jitter_that_is_not_a_number() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = "nan%" }"#), @r#"
    error: `jitter` must be from 0% to 100%, found `nan%`
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = "nan%" }
      |                                                       ^^^^^^
      |
      = help: "20%" makes delays between 80% and 120% of the interval

    1 error in s.toml
    "#);
}

#[test]
fn a_jitter_that_is_a_bare_number() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = 0.2 }"#), @r#"
    error: the `jitter` of a fixed delay is a time or a percentage
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = 0.2 }
      |                                                       ^^^
      |
      = help: write for example `"30s"` or `"20%"`

    1 error in s.toml
    "#);
}

#[test]
fn the_jitter_of_another_policy() {
    assert_snapshot!(retry(r#"{ policy = "fixed", interval = "1m", jitter = "full" }"#), @r#"
    error: the `jitter` of a fixed delay is a time or a percentage
     --> s.toml:9:55
      |
    9 | retry = { policy = "fixed", interval = "1m", jitter = "full" }
      |                                                       ^^^^^^
      |
      = help: write for example `"30s"` or `"20%"`

    1 error in s.toml
    "#);
}

#[test]
fn a_linear_retry_without_a_step() {
    assert_snapshot!(retry(r#"{ policy = "linear" }"#), @r#"
    error: missing key `step` in `retry`
     --> s.toml:9:1
      |
    9 | retry = { policy = "linear" }
      | ^^^^^
      |
      = help: add `step = "5m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_linear_retry_with_a_cap_below_its_step() {
    assert_snapshot!(retry(r#"{ policy = "linear", step = "5m", cap = "1m" }"#), @r#"
    error: `cap` is 1m, less than `step`, 5m
     --> s.toml:9:49
      |
    9 | retry = { policy = "linear", step = "5m", cap = "1m" }
      |                                                 ^^^^
      |
      = help: the cap is the longest delay

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_retry_without_a_base() {
    assert_snapshot!(retry(r#"{ policy = "exponential" }"#), @r#"
    error: missing key `base` in `retry`
     --> s.toml:9:1
      |
    9 | retry = { policy = "exponential" }
      | ^^^^^
      |
      = help: add `base = "1m"`

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_retry_with_a_cap_below_its_base() {
    assert_snapshot!(retry(r#"{ policy = "exponential", base = "5m", cap = "1m" }"#), @r#"
    error: `cap` is 1m, less than `base`, 5m
     --> s.toml:9:54
      |
    9 | retry = { policy = "exponential", base = "5m", cap = "1m" }
      |                                                      ^^^^
      |
      = help: the cap is the longest delay

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_retry_with_a_factor_below_one() {
    assert_snapshot!(retry(r#"{ policy = "exponential", base = "1m", factor = 0.5 }"#), @r#"
    error: `factor` must be at least 1, found 0.5
     --> s.toml:9:57
      |
    9 | retry = { policy = "exponential", base = "1m", factor = 0.5 }
      |                                                         ^^^
      |
      = help: 2 doubles the delay each time

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_retry_with_a_factor_that_is_not_a_number() {
    assert_snapshot!(retry(r#"{ policy = "exponential", base = "1m", factor = nan }"#), @r#"
    error: `factor` must be above 0, found nan
     --> s.toml:9:57
      |
    9 | retry = { policy = "exponential", base = "1m", factor = nan }
      |                                                         ^^^ must be above 0

    1 error in s.toml
    "#);
}

#[test]
fn an_exponential_retry_with_an_unknown_jitter() {
    assert_snapshot!(retry(r#"{ policy = "exponential", base = "1m", jitter = "ful" }"#), @r#"
    error: unknown `jitter`: `ful`
     --> s.toml:9:57
      |
    9 | retry = { policy = "exponential", base = "1m", jitter = "ful" }
      |                                                         ^^^^^
      |
      = note: the valid words are `none`, `full`, `equal`, `decorrelated`
      = help: did you mean `full`?

    1 error in s.toml
    "#);
}

#[test]
fn a_memoryless_retry_without_a_mean() {
    assert_snapshot!(retry(r#"{ policy = "memoryless" }"#), @r#"
    error: missing key `mean` in `retry`
     --> s.toml:9:1
      |
    9 | retry = { policy = "memoryless" }
      | ^^^^^
      |
      = help: add `mean = "10m"`

    1 error in s.toml
    "#);
}

#[test]
fn a_negative_number_of_retries() {
    assert_snapshot!(retry("{ max_retries = -1 }"), @r"
    error: `max_retries` must be from 0 to 4294967295, found -1
     --> s.toml:9:25
      |
    9 | retry = { max_retries = -1 }
      |                         ^^ must be from 0 to 4294967295

    1 error in s.toml
    ");
}

#[test]
fn a_number_of_retries_that_is_a_word() {
    assert_snapshot!(retry(r#"{ max_retries = "unlimited" }"#), @r#"
    error: expected a whole number for `max_retries`, found a string
     --> s.toml:9:25
      |
    9 | retry = { max_retries = "unlimited" }
      |                         ^^^^^^^^^^^ expected a whole number
      |
      = help: write `"none"` for no maximum

    1 error in s.toml
    "#);
}

#[test]
fn giving_up_after_no_time() {
    assert_snapshot!(retry(r#"{ give_up_after = "0s" }"#), @r#"
    error: `give_up_after` must be longer than zero
     --> s.toml:9:27
      |
    9 | retry = { give_up_after = "0s" }
      |                           ^^^^ must be longer than zero

    1 error in s.toml
    "#);
}

#[test]
fn all_errors_of_one_retry() {
    assert_snapshot!(retry(r#"{ policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }"#), @r#"
    error: `base`: unknown unit `x`
     --> s.toml:9:44
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                            ^
      |
      = help: the units are `ms`, `s`, `m`, `h`, `d` and `w`

    error: `factor` must be above 0, found 0
     --> s.toml:9:57
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                                         ^ must be above 0

    error: expected a duration for `cap`, found a whole number
     --> s.toml:9:66
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                                                  ^ expected a duration
      |
      = help: write the unit, in quotes: `"5s"` is in seconds, `"5m"` in minutes

    error: unknown `jitter`: `ful`
     --> s.toml:9:78
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                                                              ^^^^^
      |
      = note: the valid words are `none`, `full`, `equal`, `decorrelated`
      = help: did you mean `full`?

    error: `max_retries` must be from 0 to 4294967295, found -1
     --> s.toml:9:99
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                                                                                   ^^ must be from 0 to 4294967295

    error: unknown key `step` in `retry`
     --> s.toml:9:103
      |
    9 | retry = { policy = "exponential", base = "1x", factor = 0, cap = 5, jitter = "ful", max_retries = -1, step = "1m" }
      |                                                                                                       ^^^^
      |
      = help: the valid keys are `max_retries`, `give_up_after`, `policy`, `base`, `cap`, `jitter`, `factor`

    6 errors in s.toml
    "#);
}
