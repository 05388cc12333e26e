//! Messages about scenarios and the files that they name.

use insta::assert_snapshot;

use super::{page_of_commands, page_of_scenarios, reported};
use crate::harness::{ARRIVAL, Desk, SMALL, TRANSFER, changed, group, point, top};

#[test]
fn syntax() {
    let changes = [
        ("count = 100", "count ="),
        ("count = 100", "count 100"),
        ("\"1d\"", "\"1d"),
        ("\"1d\"", "1d"),
        ("[clients.office]", "[clients.office"),
        ("over = \"10m\" }", "over = \"10m\""),
        ("[clients.office]", "[clients.head office]"),
        ("count = 100", "count = 20,000"),
        ("count = 100", "count = 100\ncount = 200"),
        ("misreport_probability = 0.01", "misreport_probability = 1%"),
        ("misreport_probability = 0.01", "misreport_probability = NaN"),
        ("misreport_probability = 0.01", "misreport_probability = 1e999"),
        ("count = 100", "count = 99999999999999999999"),
    ];
    assert_snapshot!(page_of_scenarios(changes.map(|(from, to)| changed(from, to))));
}

#[test]
fn types_and_ranges() {
    let groups = [
        "count = \"100\"",
        "count = 1.5",
        "count = 0",
        "tries_per_point = 256",
        "misreport_probability = inf",
        "misreport_strands = \"yes\"",
        "arrival = \"uniform\"",
        "distribution_points = \"DP01\"",
        "transfer = { kind = \"lognormal\", median = 120, sigma = \"half\" }",
        "transfer = { kind = \"lognormal\", median = \"2m\", sigma = nan }",
    ]
    .map(group);
    let tops = ["seed = -1", "horizon = 7", "horizon = 2026-01-01", "name = 7", "name = \" \""];
    let points = ["bandwidth = 100", "bandwidth = \"1 MB/s\"\nefficiency = [[1, -0.5]]"].map(point);
    let list = changed("[clients.office]", "[[clients]]");
    let all = groups.into_iter().chain(tops.map(top)).chain(points).chain([list]);
    assert_snapshot!(page_of_scenarios(all));
}

#[test]
fn keys_and_names() {
    let (head, _) = SMALL.split_once("[clients").expect("a part above the clients");
    let groups = [
        "size = 3",
        "seed = 5",
        "cuont = 5",
        "choose = \"randomly\"",
        "release = \"windows\"",
        "distribution_points = [\"DP02\"]",
        "distribution_points = [\"SERVER\"]",
        "distribution_points = []",
        "distribution_points = [\"DP01\", \"DP01\"]",
    ]
    .map(group);
    let others = [
        String::new(),
        point("memory = \"10 MB\""),
        changed("[clients.office]", "[servers.DP02]\nlimit = 5\n[clients.office]"),
        changed("count = 100\n", ""),
        changed("connection_limit = 5\n", ""),
        changed("[distribution_points.DP01]\nconnection_limit = 5\n", "[distribution_points]\n"),
        format!("{head}[clients]\n"),
    ];
    assert_snapshot!(page_of_scenarios(groups.into_iter().chain(others)));
}

#[test]
fn durations() {
    let horizons = ["0s", "", "-5m", "90", "2h 30x", "3 months", "7D", "30m 2h", "0.5ms", "36501d"];
    let horizons = horizons.map(|text| top(&format!("horizon = \"{text}\"")));
    let poll = "arrival = { kind = \"poll\", interval = \"15m\" }\npoll_interval = \"30m\"";
    let others = [changed(ARRIVAL, poll), format!("warmup = \"40d\"\n{SMALL}")];
    assert_snapshot!(page_of_scenarios(horizons.into_iter().chain(others)));
}

#[test]
fn distributions_and_policies() {
    let lines = [
        "arrival = {}",
        "arrival = { kind = \"posson\" }",
        "arrival = { kind = \"whenever\" }",
        "arrival = { kind = 1 }",
        "arrival = { kind = \"even\", over = \"10m\", interval = \"15m\" }",
        "transfer = { kind = \"uniform\", min = \"3m\", max = \"1m\" }",
        "transfer = { kind = \"lognormal\", median = \"2m\", sigma = 1e6 }",
        "transfer = { kind = \"size\", bytes = \"2 PB\" }",
        "transfer = { kind = \"size\", bytes = \"1 PiB\" }",
        "transfer = { kind = \"size\", bytes = { kind = \"uniform\", min = \"4 MB\", max = \"3 MB\" } }",
        "transfer = { kind = \"size\", bytes = \"4 MB\" }",
        "retry = { mean = \"5m\" }",
        "retry = { policy = \"nothing\" }",
        "retry = { policy = \"fixed\" }",
        "retry = { policy = \"fixed\", interval = \"1m\", jitter = \"2m\" }",
        "retry = { policy = \"fixed\", interval = \"1m\", jitter = \"120%\" }",
        "retry = { policy = \"fixed\", interval = \"1m\", jitter = 0.2 }",
        "retry = { policy = \"fixed\", interval = \"1m\", jitter = \"decorrelated\" }",
        "retry = { policy = \"exponential\", base = \"1m\", jitter = \"2m\" }",
        "retry = { policy = \"memoryless\", mean = \"1m\", jitter = \"2s\" }",
        "retry = { policy = \"list\", delays = [\"5s..1s\"] }",
        "retry = { policy = \"fixed\", interval = \"1s\", retry_after = { beyond = \"give-up\" } }",
        "retry = { policy = \"server\", retry_after = { honour = false } }",
        "retry = { preset = \"curl\", retry_after = { honour = false, at_most = \"1m\" } }",
        "retry = \"kublet\"",
        "retry = { preset = \"npm\", policy = \"fixed\", interval = \"1m\" }",
        "retry = [{ policy = \"fixed\", interval = \"1s\" }, { preset = \"npm\" }]",
        "retry = [{ preset = \"cargo\" }, { preset = \"npm\" }]",
        "retry = { policy = \"server\", jitter = \"lots\" }",
        "retry = { policy = \"exponential\", base = \"5m\", cap = \"1m\" }",
        "retry = { policy = \"exponential\", base = \"1m\", factor = 0.5 }",
        "retry = { policy = \"exponential\", base = \"1m\", factor = nan }",
        "retry = { max_retries = \"unlimited\", step = \"1m\" }",
    ];
    assert_snapshot!(page_of_scenarios(lines.map(group)));
}

#[test]
fn servers() {
    let lines = [
        "outages = [{ from = \"1h\", for = \"2h\" }, { from = \"2h\", for = \"2h\" }]",
        "outages = [{ from = \"2h\" }]",
        "outages = [{ from = \"2h\", for = \"1h\", until = \"4h\" }]",
        "outages = [{ from = \"2h\", until = \"1h\" }]",
        "outages = [{ from = \"2h\", for = \"1h\", every = \"30m\" }]",
        "outages = [{ form = \"2h\", for = \"1h\" }]",
        "limit_changes = [{ from = \"2h\", connection_limit = 3 }, { from = \"3h\", connection_limit = 9 }]",
        "bandwidth = \"1 MB/s\"\nefficiency = []",
        "bandwidth = \"1 MB/s\"\nefficiency = [[1, 1.5]]",
        "bandwidth = \"1 MB/s\"\nefficiency = [[5, 1.0], [5, 0.5]]",
        "bandwidth = \"1 MB/s\"\nefficiency = [[5, 1.0, 2], 3]",
        "efficiency = [[5, 1.0]]",
        "bandwidth = \"100 Mbps\"",
        "bandwidth = \"0 bit/s\"",
        "failures = { mtbf = \"1h\" }",
        "retry_after = \"soon\"",
    ];
    assert_snapshot!(page_of_scenarios(lines.map(point)));
}

#[test]
fn fleets() {
    let groups = [
        "tiers = []",
        "tiers = [\"DP01\"]",
        "tiers = [[\"DP01\"], [\"DP01\"]]",
        "distribution_points = [\"DP01\"]\ntiers = [[\"DP01\"]]",
        "fallback_after = \"2m\"",
        "tiers = [[\"DP01\"]]\nfallback_after = \"soon\"",
        "release_mix = { \"sms-2.0-sp2\" = \"30%\", \"sms-2.0-sp3\" = \"60%\" }",
        "release_mix = { \"sms-2.0-sp2\" = 0.3, \"sms-2.0-sp3\" = \"0.7\" }",
        "release_mix = { \"sms-2.0-sp5\" = \"100%\" }",
        "release_mix = { sms-2.0-sp2 = \"100%\" }",
        "release = \"bits\"\nrelease_mix = { \"sms-2.0-sp2\" = \"100%\" }",
        "upgrade = { from = \"1d\" }",
        "vanishes = { every = \"4h\" }",
        "online = \"Mon-Fri 08:00-08:00\"",
        "online = \"\"",
        "online = \"Sut 09:00-13:00\"",
        "online = \"Mon-Fri 08:00\"",
        "online = \"08:00-25:00\"",
        "online = \"Mon-Fri 24:00-06:00\"",
        "online = \"Mon 08:00-18:00,\"",
        "online = \", Mon 08:00-18:00\"",
        "online = \"08:00-18:00\"\nzones = [\"CET\"]",
        "zones = [\"UTC\"]",
        "connections = 51",
    ]
    .map(group);
    let tops = [
        "workaround = {}",
        "workaround = { after = \"1h\", when_stranded = 5 }",
        "starts = \"08:00\"",
    ];
    assert_snapshot!(page_of_scenarios(groups.into_iter().chain(tops.map(top))));
}

#[test]
fn traces() {
    let arrivals = |more: &str| {
        let table = format!("arrival = {{ kind = \"trace\", file = \"t.csv\"{more} }}");
        changed(ARRIVAL, &table).replace("count = 100\n", "")
    };
    const TIME: &str = ", column = \"time\"";
    let mut page = reported(&Desk::with(&arrivals("")), &["run", "s.toml"]);
    let directory = Desk::with(&arrivals("")).subdirectory("t.csv");
    page += &reported(&directory, &["run", "s.toml"]);
    for (more, csv) in [
        ("", &b"time\n\xff\n"[..]),
        ("", b""),
        (", column = \"tiem\"", b"client,time\nPC1,5\n"),
        (", column = \"arrived\"", b"client,time\nPC1,5\n"),
        (TIME, b"1\n2\n"),
        ("", b"client,time\nPC1,5\n"),
        ("", b"1,2\n3,4\n"),
        ("", b"time\n10\n30\n20\n40\n"),
        ("", b"time\n-5\n"),
        ("", b"time\nNaN\n"),
        ("", b"time_s\n1e300\n"),
        ("", b"time\nsoon\n"),
        (TIME, b"client,time\nPC2,\n"),
        (TIME, b"client,time\nPC1,5\nPC2\n"),
        (TIME, b"time,bytes,time\n1,2,3\n"),
    ] {
        let desk = Desk::with(&arrivals(more)).file("t.csv", csv);
        page += &reported(&desk, &["run", "s.toml"]);
    }
    let poisson = "arrival = { kind = \"poisson\", mean_interval = \"1ms\" }";
    let uncounted = changed(ARRIVAL, poisson).replace("count = 100\n", "");
    let rows = "transfer = { kind = \"trace\", file = \"t.csv\" }";
    for text in [
        group("arrival = { kind = \"trace\", file = \"t.csv\" }"),
        changed(TRANSFER, rows),
        uncounted.replace(TRANSFER, rows),
        uncounted.replace("horizon = \"1d\"\n", ""),
        uncounted.replace("\"1d\"", "\"36500d\""),
        group(
            "link = \"1 MB/s\"\ntransfer = { kind = \"size\", bytes = { kind = \"trace\", file = \"u.csv\" } }",
        ),
        arrivals("").replace(TRANSFER, "transfer = { kind = \"trace\", file = \"one.csv\" }"),
    ] {
        let desk = Desk::with(&text).file("t.csv", "1m\n2m\n").file("one.csv", "1m\n");
        page += &reported(&desk.file("u.csv", "bytes\n12 MBit\n"), &["run", "s.toml"]);
    }
    assert_snapshot!(page);
}

#[test]
fn what_has_no_effect_or_cannot_be_counted() {
    let groups = [
        "online = \"Sat 10:00-11:00\"",
        "moves_on = true",
        "upgrade = { to = \"bits\", from = \"50d\" }",
        "patience = \"1m\"\npriority = 3\naddresses = 7",
    ]
    .map(group);
    let tops = ["workaround = { after = \"40d\" }", "workaround = { when_stranded = 1000 }"];
    let points = [
        "outages = [{ from = \"50d\", for = \"1h\" }]",
        "limit_changes = [{ from = \"2d\", connection_limit = 9 }]",
        "retry_after = \"30s\"",
        "rate_limit = { rate = \"1/s\", excess = \"delay\" }",
    ]
    .map(point);
    let second = "[distribution_points.DP02]\nconnection_limit = 5\n\n[clients.office]";
    let anew = group("choose = \"least-loaded\"\nmoves_on = true");
    let long = |text: String| text.replace("\"1d\"", "\"60d\"");
    let others = [
        anew.replace("[clients.office]", second),
        long(group("retry = { policy = \"fixed\", interval = \"1ms\" }")),
        long(group("vanishes = { every = \"1ms\", for = \"1ms\" }")),
        long(point("failures = { mtbf = \"1ms\", mttr = \"1ms\" }")),
        long(point("outages = [{ from = \"1h\", for = \"50d\" }]"))
            .replace("[clients.office]", "[clients.office]\nspin = \"1ms\""),
    ];
    let all = groups.into_iter().chain(tops.map(top)).chain(points).chain(others);
    assert_snapshot!(page_of_scenarios(all));
}

#[test]
fn too_large() {
    let (head, one) = SMALL.split_once("[clients.office]").expect("a group");
    let many: String = (0..65_001).map(|i| format!("g{i} = {{}}\n")).collect();
    let large: String = (0..20).map(|i| format!("[clients.g{i}]{one}")).collect();
    let large = format!("{head}{large}").replace("count = 100", "count = 4_000_000_000");
    let page = page_of_scenarios([format!("{head}[clients]\n{many}"), large]);
    assert_snapshot!(without_memory(&page));
}

/// The text without the two figures that depend on the machine.
fn without_memory(text: &str) -> String {
    let mut text = text.to_owned();
    for (before, after) in [("but only ", " GiB are"), ("can simulate about ", " clients")] {
        let from = text.find(before).expect("a figure") + before.len();
        let to = from + text[from..].find(after).expect("the end of a figure");
        text.replace_range(from..to, "[...]");
    }
    text
}

#[test]
fn variants() {
    let variants = [
        "[variants]\n",
        "[variants.\" \"]\nhorizon = \"2d\"\n",
        "[variants]\nfast = 5\n",
        "[variants.more]\nclients.branch.count = 5\n",
        "[variants.poll]\nclients.*.arrival.interval = \"5m\"\n",
    ];
    assert_snapshot!(page_of_scenarios(variants.map(|lines| format!("{SMALL}\n{lines}"))));
}

#[test]
fn files() {
    let desk = Desk::new().subdirectory("storms").file("latin.toml", b"name = \"a\"\n# gr\xfcn\n");
    let commands =
        [["run", "storm.toml"], ["run", "q26850"], ["run", "storms"], ["run", "latin.toml"]];
    assert_snapshot!(page_of_commands(&desk, &commands.each_ref().map(|command| &command[..])));
}
