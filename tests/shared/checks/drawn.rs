//! Scenarios that are drawn: plain ones, and ones with everything that a world can have.

use proptest::prelude::*;

fn retry() -> impl Strategy<Value = String> {
    let limits = prop_oneof![
        3 => Just(String::new()),
        1 => (0u32..6).prop_map(|n| format!(", max_retries = {n}")),
        1 => (60_000u64..4_000_000).prop_map(|ms| format!(", give_up_after = \"{ms}ms\"")),
    ];
    let policy = prop_oneof![
        (1000u64..900_000).prop_map(|ms| format!("policy = \"fixed\", interval = \"{ms}ms\"")),
        (1000u64..900_000, 0u32..=100).prop_map(|(ms, percent)| format!(
            "policy = \"fixed\", interval = \"{ms}ms\", jitter = \"{percent}%\""
        )),
        (1000u64..300_000).prop_map(|ms| format!(
            "policy = \"linear\", step = \"{ms}ms\", cap = \"{}ms\"",
            ms * 3
        )),
        (1000u64..100_000, prop::sample::select(vec!["none", "full", "equal", "decorrelated"]))
            .prop_map(|(ms, jitter)| format!(
                "policy = \"exponential\", base = \"{ms}ms\", cap = \"{}ms\", jitter = \"{jitter}\"",
                ms * 9
            )),
        (1000u64..900_000).prop_map(|ms| format!("policy = \"memoryless\", mean = \"{ms}ms\"")),
        (1000u64..300_000, prop::sample::select(vec!["full", "equal", "30%", "1s", "+9s", "+20%"]))
            .prop_map(|(ms, jitter)| format!(
                "policy = \"linear\", step = \"{ms}ms\", cap = \"{}ms\", jitter = \"{jitter}\"",
                ms * 3
            )),
        (1000u64..300_000, 1000u64..300_000, 1u64..300_000).prop_map(|(one, two, more)| format!(
            "policy = \"list\", delays = [\"{one}ms\", \"{two}ms..{}ms\", \"{two}ms\"]",
            two + more
        )),
        (1000u64..900_000, 1000u64..90_000, prop::sample::select(vec!["give-up", "own-delay"]))
            .prop_map(|(ms, most, beyond)| format!(
                "policy = \"fixed\", interval = \"{ms}ms\", \
                 retry_after = {{ at_most = \"{most}ms\", beyond = \"{beyond}\" }}"
            )),
    ];
    let nested = (1000u64..90_000, 1u32..4, 1000u64..900_000, 0u32..4).prop_map(|(one, n, two, m)| {
        format!(
            "retry = [{{ policy = \"fixed\", interval = \"{one}ms\", max_retries = {n} }}, \
             {{ policy = \"fixed\", interval = \"{two}ms\", jitter = \"equal\", max_retries = {m} }}]"
        )
    });
    let preset = prop::sample::select(vec!["kubelet", "curl", "aws-standard-2026", "docker-pull"]);
    let preset = preset.prop_map(|name| format!("retry = {name:?}"));
    let rate_limited = prop_oneof![
        4 => Just(String::new()),
        1 => (1000u64..90_000).prop_map(|ms| format!(
            ", rate_limited = {{ policy = \"linear\", step = \"{ms}ms\", jitter = \"equal\" }}"
        )),
    ];
    let table = (policy, limits, rate_limited)
        .prop_map(|(policy, limits, other)| format!("retry = {{ {policy}{limits}{other} }}"));
    prop_oneof![8 => table, 1 => nested, 1 => preset]
}

fn arrival() -> impl Strategy<Value = String> {
    prop_oneof![
        (100_000u64..2_000_000).prop_map(|ms| format!("kind = \"uniform\", over = \"{ms}ms\"")),
        (100_000u64..2_000_000).prop_map(|ms| format!("kind = \"even\", over = \"{ms}ms\"")),
        (100_000u64..2_000_000).prop_map(|ms| format!("kind = \"poll\", interval = \"{ms}ms\"")),
        (5_000u64..90_000).prop_map(|ms| format!("kind = \"poisson\", mean_interval = \"{ms}ms\"")),
        (1u32..20, 100_000u64..900_000, 0u32..20, 1u32..30).prop_map(|(one, until, two, scale)| {
            format!(
                "kind = \"rate\", profile = [[\"0s\", \"{one}/min\"], [\"{until}ms\", \"{two}/min\"]], \
                 scale = {:.1}",
                f64::from(scale) / 10.0
            )
        }),
    ]
    .prop_map(|distribution| format!("arrival = {{ {distribution} }}"))
}

fn transfer() -> impl Strategy<Value = String> {
    prop_oneof![
        (1u64..900_000).prop_map(|ms| format!("kind = \"constant\", duration = \"{ms}ms\"")),
        (1u64..900_000).prop_map(|ms| format!("kind = \"exponential\", mean = \"{ms}ms\"")),
        (1u64..300_000, 1u64..900_000).prop_map(|(min, more)| format!(
            "kind = \"uniform\", min = \"{min}ms\", max = \"{}ms\"",
            min + more
        )),
        (1000u64..300_000, 0.0..1.5).prop_map(|(ms, sigma)| format!(
            "kind = \"lognormal\", median = \"{ms}ms\", sigma = {sigma:.3}"
        )),
    ]
    .prop_map(|distribution| format!("transfer = {{ {distribution} }}"))
}

fn group(name: &'static str) -> impl Strategy<Value = String> {
    let release = prop::sample::select(RELEASES).prop_map(|name| format!("release = \"{name}\""));
    let choose = prop::sample::select(vec!["random-once", "random", "ordered"]);
    let points = prop::sample::select(vec!["[\"A\"]", "[\"B\", \"A\"]", "[\"A\", \"B\", \"C\"]"]);
    let points = (points, choose).prop_map(|(points, choose)| {
        format!("distribution_points = {points}\nchoose = \"{choose}\"")
    });
    group_with(name, (release, points), retry(), transfer(), Just(String::new()))
}

const RELEASES: &[&str] =
    &["sms-1.2", "sms-2.0-sp2", "sms-2.0-sp3", "sms-2003", "configmgr-2007", "bits", "configmgr"];

/// A group's releases: one or a mix, and an upgrade.
fn fleet() -> impl Strategy<Value = String> {
    let name = || prop::sample::select(RELEASES);
    let one = name().prop_map(|name| format!("release = \"{name}\"\n"));
    let mix = (0usize..6, 1u32..100).prop_map(|(first, share)| {
        let (one, two) = (RELEASES[first], RELEASES[first + 1]);
        format!("release_mix = {{ {one:?} = \"{share}%\", {two:?} = \"{}%\" }}\n", 100 - share)
    });
    let upgrade = (name(), 0u64..20_000_000, 0u64..20_000_000).prop_map(|(name, from, over)| {
        format!("upgrade = {{ to = {name:?}, from = \"{from}ms\", over = \"{over}ms\" }}\n")
    });
    (prop_oneof![one, mix], sometimes(upgrade))
        .prop_map(|(fleet, upgrade)| format!("{fleet}{upgrade}"))
}

/// Where a group's clients may go, and what they fall back to.
fn tiers() -> impl Strategy<Value = String> {
    let choose =
        || prop::sample::select(vec!["random-once", "random", "ordered", "least-loaded", "sticky"]);
    let list = (
        prop::sample::select(vec!["[\"A\"]", "[\"B\", \"A\"]", "[\"A\", \"B\", \"C\"]"]),
        choose(),
    );
    // Where it has an effect: a client that stays with its point, and more than one of them.
    let moves_on = |on: bool, points: &str, choose: &str| {
        let several = points.contains("\", \"");
        let moves = on && several && matches!(choose, "random-once" | "ordered");
        if moves { "moves_on = true\n" } else { "" }
    };
    let list = (list, any::<bool>()).prop_map(move |((points, choose), on)| {
        let moves_on = moves_on(on, points, choose);
        format!("distribution_points = {points}\nchoose = \"{choose}\"\n{moves_on}")
    });
    let after = prop_oneof![
        Just(String::new()),
        Just("fallback_after = \"never\"\n".to_owned()),
        (0u64..5_000_000).prop_map(|ms| format!("fallback_after = \"{ms}ms\"\n")),
    ];
    let tiers = prop::sample::select(vec![
        "[[\"A\"], [\"B\"], [\"C\"]]",
        "[[\"C\"], { points = [\"A\", \"B\"], choose = \"random\" }]",
        "[[\"B\", \"C\"], [\"A\"]]",
    ]);
    let tiers = (tiers, choose(), after, any::<bool>());
    let tiers = tiers.prop_map(move |(tiers, choose, after, on)| {
        // The second of these has several points only in a tier with its own choice.
        let moves_on = moves_on(on && !tiers.contains("choose"), tiers, choose);
        format!("tiers = {tiers}\nchoose = \"{choose}\"\n{after}{moves_on}")
    });
    prop_oneof![list, tiers]
}

/// When a group's clients are there.
fn hours() -> impl Strategy<Value = String> {
    let online = prop::sample::select(vec![
        "Mon-Fri 08:00-18:00",
        "00:00-12:30",
        "22:00-04:00, Tue 10:00-11:00",
        "Mon-Sun 00:00-24:00",
    ]);
    // Without a stagger all come and go at the same instant.
    let online = (online, 1_000_000u64..9_000_000).prop_map(|(online, stagger)| {
        format!(
            "online = \"{online}\"\nstagger = \"{stagger}ms\"\nzones = [\"UTC\", \"UTC-3:30\"]\n"
        )
    });
    let vanishes = (1000u64..900_000, 1000u64..900_000).prop_map(|(every, away)| {
        format!("vanishes = {{ every = \"{every}ms\", for = \"{away}ms\" }}\n")
    });
    (sometimes(online), sometimes(vanishes)).prop_map(|(online, vanishes)| online + &vanishes)
}

fn group_with(
    name: &'static str,
    head: (impl Strategy<Value = String>, impl Strategy<Value = String>),
    retry: impl Strategy<Value = String>,
    transfer: impl Strategy<Value = String>,
    rest: impl Strategy<Value = String>,
) -> impl Strategy<Value = String> {
    let misreport = prop_oneof![Just(0.0), 0.0..0.5];
    let distributions = (retry, arrival(), transfer, rest);
    (1u32..40, head, any::<bool>(), misreport, distributions).prop_map(
        move |(count, (release, points), polls, p, (retry, arrival, transfer, rest))| {
            format!(
                "[clients.{name}]\ncount = {count}\n{release}\n\
                 poll_unschedules = {polls}\nmisreport_probability = {p:.4}\n\
                 {points}\n{retry}\n{arrival}\n{transfer}\n{rest}\n"
            )
        },
    )
}

/// Plain scenarios.
pub fn any_scenario() -> impl Strategy<Value = String> {
    let expiry = prop_oneof![
        3 => Just(String::new()),
        1 => (100_000u64..5_000_000).prop_map(|ms| format!("expires_after = \"{ms}ms\"\n")),
    ];
    let horizon = 500_000u64..100_000_000;
    let limits = (1u32..6, 1u32..6, 1u32..6);
    (expiry, horizon, 0u64..1_000_000, limits, group("g"), group("h")).prop_map(
        |(expiry, horizon, seed, (a, b, c), g, h)| {
            format!(
                "name = \"drawn\"\n{expiry}horizon = \"{horizon}ms\"\nseed = {seed}\n\
                 [distribution_points]\nA = {{ connection_limit = {a} }}\n\
                 B = {{ connection_limit = {b} }}\nC = {{ connection_limit = {c} }}\n{g}{h}"
            )
        },
    )
}

/// Nothing, or what `some` draws.
fn sometimes(some: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![2 => Just(String::new()), 1 => some]
}

/// A window of time, and when it comes again if it does.
fn window() -> impl Strategy<Value = String> {
    let every = prop_oneof![
        Just(String::new()),
        (1u64..20_000_000).prop_map(|more| { format!(", every = \"{}ms\"", 5_000_000 + more) })
    ];
    (0u64..20_000_000, 1u64..5_000_000, every).prop_map(|(from, length, every)| {
        format!("from = \"{from}ms\", for = \"{length}ms\"{every}")
    })
}

/// How a point limits its clients beyond its connections: queues, rate limits, idle sessions, errors.
fn limits_of_clients() -> impl Strategy<Value = String> {
    let order = prop::sample::select(vec!["", ", order = \"lifo\"", ", order = \"fifo\""]);
    let timeout = prop_oneof![
        Just(String::new()),
        (1000u64..900_000).prop_map(|ms| format!(", timeout = \"{ms}ms\"")),
    ];
    let queue = sometimes(prop_oneof![
        (1u32..9).prop_map(|queue| format!("queue = {queue}\n")),
        (1u32..9, timeout, order).prop_map(|(length, timeout, order)| {
            format!("queue = {{ length = {length}{timeout}{order} }}\n")
        }),
    ]);
    let per = || prop::sample::select(vec!["", ", per = \"point\"", ", per = \"address\""]);
    let excess = prop::sample::select(vec!["", ", excess = \"delay\""]);
    let bucket = (1u32..9, 10_000u64..2_000_000, 0u32..6, excess, per());
    let rate_limit = sometimes(prop_oneof![
        bucket.prop_map(|(number, ms, burst, excess, per)| format!(
            "rate_limit = {{ rate = \"{number}/{ms}ms\", burst = {burst}{excess}{per} }}\n"
        )),
        (1u32..9, 10_000u64..2_000_000, per()).prop_map(|(most, ms, per)| format!(
            "rate_limit = {{ most = {most}, window = \"{ms}ms\"{per} }}\n"
        )),
    ]);
    let linger = sometimes((1u64..900_000).prop_map(|ms| format!("linger = \"{ms}ms\"\n")));
    let errors = sometimes((0.0..60.0).prop_map(|percent| format!("errors = \"{percent:.2}%\"\n")));
    let abandoned = prop::sample::select(vec![
        "",
        "abandoned = \"served\"\n",
        "abandoned = \"dropped\"\n",
        "abandoned = \"cancelled\"\n",
    ]);
    (queue, rate_limit, linger, errors, abandoned).prop_map(
        |(queue, rate_limit, linger, errors, abandoned)| {
            format!("{queue}{rate_limit}{linger}{errors}{abandoned}")
        },
    )
}

/// How the clients of a group stand in queues, and where they come from.
fn in_queues() -> impl Strategy<Value = String> {
    let patience = sometimes(prop_oneof![
        (1000u64..900_000).prop_map(|ms| format!("patience = \"{ms}ms\"\n")),
        (1000u64..900_000)
            .prop_map(|ms| format!("patience = {{ kind = \"exponential\", mean = \"{ms}ms\" }}\n")),
    ]);
    let priority = sometimes((0u32..3).prop_map(|priority| format!("priority = {priority}\n")));
    let addresses = sometimes((1u32..4).prop_map(|count| format!("addresses = {count}\n")));
    let timeout = sometimes((1000u64..900_000).prop_map(|ms| format!("timeout = \"{ms}ms\"\n")));
    (patience, priority, addresses, timeout).prop_map(|(patience, priority, addresses, timeout)| {
        format!("{patience}{priority}{addresses}{timeout}")
    })
}

/// A distribution point with everything that one can have, now and then.
fn full_point(name: &'static str) -> impl Strategy<Value = String> {
    let efficiency = sometimes((0.05..1.0, 0.05..1.0).prop_map(|(few, many)| {
        format!("efficiency = [[1, {few:.3}], [3, 1.0], [6, {many:.3}]]\n")
    }));
    let outages = sometimes(window().prop_map(|window| format!("outages = [{{ {window} }}]\n")));
    let limits = sometimes((window(), 1u32..9).prop_map(|(window, limit)| {
        format!("limit_changes = [{{ {window}, connection_limit = {limit} }}]\n")
    }));
    let failures = sometimes((1000u64..30_000, 1u64..4000).prop_map(|(mtbf, mttr)| {
        format!("failures = {{ mtbf = \"{mtbf}s\", mttr = \"{mttr}s\" }}\n")
    }));
    let limits_of_clients = limits_of_clients();
    let hint = sometimes(prop_oneof![
        Just("retry_after = \"estimated\"\n".to_owned()),
        (1u64..900_000).prop_map(|ms| format!("retry_after = \"{ms}ms\"\n")),
    ]);
    // Room for all connections of a client, unless the limit changes.
    let serving = (3u32..7, 800u64..100_000, efficiency);
    (serving, outages, limits, failures, limits_of_clients, hint).prop_map(
        move |((limit, rate, efficiency), outages, limits, failures, of_clients, hint)| {
            format!(
                "[distribution_points.{name}]\nconnection_limit = {limit}\n\
                 bandwidth = \"{rate} B/s\"\n\
                 {efficiency}{outages}{limits}{failures}{of_clients}{hint}"
            )
        },
    )
}

fn full_group(name: &'static str) -> impl Strategy<Value = String> {
    let size = |bytes: String| format!("transfer = {{ kind = \"size\", bytes = {bytes} }}");
    let sizes = prop_oneof![
        (1u64..10_000_000).prop_map(|bytes| format!("\"{bytes} B\"")),
        (1u64..10_000_000)
            .prop_map(|mean| format!("{{ kind = \"exponential\", mean = \"{mean} B\" }}")),
        (1u64..1_000_000, 0.0..2.0).prop_map(|(median, sigma)| format!(
            "{{ kind = \"lognormal\", median = \"{median} B\", sigma = {sigma:.3} }}"
        )),
    ];
    let transfer = prop_oneof![1 => transfer(), 3 => sizes.prop_map(size)];
    let server = (1u64..900_000, 0u64..100_000).prop_map(|(interval, jitter)| {
        format!(
            "retry = {{ policy = \"server\", interval = \"{interval}ms\", jitter = \"{jitter}ms\" }}"
        )
    });
    // Of the release, or of each release of a mix: all of it, or what the table does not have.
    let of_release = prop::sample::select(vec![
        "",
        "retry = { jitter = \"7%\" }",
        "retry = { jitter = \"30s\", max_retries = 9 }",
        "retry = { give_up_after = \"2h\" }",
    ]);
    let retry = prop_oneof![2 => retry(), 1 => server, 1 => of_release.prop_map(str::to_owned)];
    let link = sometimes((800u64..400_000).prop_map(|bits| format!("link = \"{bits} bit/s\"\n")));
    let cut = prop::sample::select(vec!["", "on_cut = \"restart\"\n", "on_cut = \"resume\"\n"]);
    let spin = sometimes((60_000u64..900_000).prop_map(|ms| format!("spin = \"{ms}ms\"\n")));
    // More than some points have for a while: they refuse such a client then.
    let several = sometimes((2u32..4).prop_map(|count| format!("connections = {count}\n")));
    let repeat = (400_000u64..4_000_000, any::<bool>()).prop_map(|(ms, also)| {
        let think = if also { "{ kind = \"exponential\", mean = MS }" } else { "MS" };
        let think = think.replace("MS", &format!("\"{ms}ms\""));
        format!("repeat = {{ think = {think}, after_giving_up = {also} }}\n")
    });
    let rest = (in_queues(), sometimes(repeat), sometimes(restraints()));
    let rest = (link, cut, spin, hours(), several, rest);
    let rest =
        rest.prop_map(|(link, cut, spin, hours, several, (in_queues, repeat, restraints))| {
            format!("{link}{cut}{spin}{hours}{several}{in_queues}{repeat}{restraints}")
        });
    group_with(name, (fleet(), tiers()), retry, transfer, rest)
}

/// What the clients of a process share.
fn restraints() -> impl Strategy<Value = String> {
    let processes =
        prop_oneof![Just(String::new()), (1u32..4).prop_map(|n| format!("processes = {n}\n"))];
    let budget = prop_oneof![
        (2u32..40, 0u32..9, 0u32..9, any::<bool>()).prop_map(|(tokens, cost, earn, refund)| format!(
            "budget = {{ tokens = {tokens}, cost = {cost}, timeout_cost = {}, earn = 0.{earn}, refund = {refund} }}\n",
            2 * cost
        )),
        (2u32..40, 0u32..9).prop_map(|(tokens, earn)| format!(
            "budget = {{ tokens = {tokens}, earn = 0.{earn}, above = {}.5 }}\n", tokens / 2
        )),
        (0u32..90, 1u32..9, 1u64..9_000_000).prop_map(|(share, reserve, window)| format!(
            "budget = {{ share = \"{share}%\", reserve = \"{reserve}/h\", window = \"{window}ms\" }}\n"
        )),
        (0u32..90, 0u32..4).prop_map(|(share, least)| format!(
            "budget = {{ concurrent = \"{share}%\", at_least = {least} }}\n"
        )),
    ];
    let breaker = (1u32..100, 1u32..9, 1000u64..9_000_000, 1u32..4, any::<bool>());
    let breaker = breaker.prop_map(|(share, of, open, probes, window)| {
        let window = if window { ", window = \"1h\"" } else { "" };
        format!(
            "breaker = {{ failures = \"{share}%\", of = {of}, open = \"{open}ms\", probes = {probes}{window} }}\n"
        )
    });
    let throttle = (10u32..40, 1u64..9_000_000).prop_map(|(k, window)| {
        format!("throttle = {{ k = {:.1}, window = \"{window}ms\" }}\n", f64::from(k) / 10.0)
    });
    (processes, sometimes(budget), sometimes(breaker), sometimes(throttle)).prop_map(
        |(processes, budget, breaker, throttle)| match budget.len() + breaker.len() + throttle.len()
        {
            0 => String::new(),
            _ => format!("{processes}{budget}{breaker}{throttle}"),
        },
    )
}

/// Scenarios with everything that a world can have.
pub fn any_full_scenario() -> impl Strategy<Value = String> {
    let expiry =
        sometimes((100_000u64..5_000_000).prop_map(|ms| format!("expires_after = \"{ms}ms\"\n")));
    // Boxed: without optimisation the values of all strategies together are too large for a stack.
    let points = (full_point("A").boxed(), full_point("B").boxed(), full_point("C").boxed());
    let groups = (full_group("g").boxed(), full_group("h").boxed());
    let starts =
        prop::sample::select(vec!["", "starts = \"Mon 07:00\"\n", "starts = \"Sun 21:15\"\n"]);
    let workaround = sometimes(prop_oneof![
        (0u64..499_999).prop_map(|ms| format!("workaround = {{ after = \"{ms}ms\" }}\n")),
        (1u32..6).prop_map(|count| format!("workaround = {{ when_stranded = {count} }}\n")),
    ]);
    let expiry = (expiry, starts, workaround)
        .prop_map(|(expiry, starts, workaround)| format!("{expiry}{starts}{workaround}"));
    (expiry, 500_000u64..100_000_000, 0u64..1_000_000, points, groups).prop_map(
        |(expiry, horizon, seed, (a, b, c), (g, h))| {
            // None of the hours are closed for longer.
            let closed = if g.contains("online") || h.contains("online") { 54_000_000 } else { 0 };
            let horizon = horizon + closed;
            format!(
                "name = \"drawn\"\n{expiry}horizon = \"{horizon}ms\"\nseed = {seed}\n{a}{b}{c}{g}{h}"
            )
        },
    )
}
