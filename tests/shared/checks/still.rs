//! Scenarios in which no time is drawn at random: every client of a group comes at once and transfers for
//! the same time. So what follows from a change of all times, or of all numbers of clients, is exact.

use proptest::prelude::*;

/// A scenario in which no time is drawn at random. All times are in ms.
#[derive(Clone, Debug)]
pub struct Still {
    horizon: u64,
    expires_after: Option<u64>,
    points: [Point; 3],
    groups: [Group; 2],
}

/// How a [`Still`] scenario is written.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// All times are multiplied by this.
    pub time: u64,
    /// All numbers of clients, connections and places in queues are multiplied by this.
    pub number: u32,
    /// Whether the clients of a group are alike, and nothing is drawn for one of them.
    pub alike: bool,
    /// Whether the first group is written as two.
    pub split: bool,
}

impl Scale {
    /// As it is.
    pub const ONE: Scale = Scale { time: 1, number: 1, alike: false, split: false };

    fn time(&self, ms: u64) -> String {
        format!("\"{}ms\"", ms * self.time)
    }
}

#[derive(Clone, Debug)]
struct Point {
    connection_limit: u32,
    queue: u32,
    retry_after: Option<u64>,
    outage: Option<Window>,
    limit_change: Option<(Window, u32)>,
}

/// When it begins, how long it lasts, and perhaps how long after its end it begins again.
type Window = (u64, u64, Option<u64>);

#[derive(Clone, Debug)]
struct Group {
    count: u32,
    connections: u32,
    release: &'static str,
    misreport_probability: f64,
    points: &'static str,
    choose: &'static str,
    fallback_after: Option<u64>,
    at: u64,
    transfer: u64,
    retry: Retry,
    resumes: bool,
    spin: Option<u64>,
    upgrade: Option<u64>,
}

#[derive(Clone, Debug)]
struct Retry {
    policy: u8,
    interval: u64,
    max_retries: Option<u32>,
    give_up_after: Option<u64>,
}

impl Still {
    /// The text of the scenario file.
    pub fn text(&self, scale: Scale) -> String {
        let mut text = format!("name = \"still\"\nhorizon = {}\n", scale.time(self.horizon));
        if let Some(ms) = self.expires_after {
            text += &format!("expires_after = {}\n", scale.time(ms));
        }
        let points = ["A", "B", "C"].into_iter().zip(&self.points);
        points.for_each(|(name, point)| text += &point.text(name, scale));
        let [first, second] = &self.groups;
        if scale.split {
            let one = first.count / 2;
            text += &Group { count: one, ..first.clone() }.text("g", scale);
            text += &Group { count: first.count - one, ..first.clone() }.text("split", scale);
        } else {
            text += &first.text("g", scale);
        }
        text + &second.text("h", scale)
    }
}

impl Point {
    fn text(&self, name: &str, scale: Scale) -> String {
        let window = |(from, length, pause): &Window| {
            let every = pause.map(|pause| format!(", every = {}", scale.time(length + pause)));
            let every = every.unwrap_or_default();
            format!("from = {}, for = {}{every}", scale.time(*from), scale.time(*length))
        };
        let mut text = format!(
            "[distribution_points.{name}]\nconnection_limit = {}\nqueue = {}\n",
            self.connection_limit * scale.number,
            self.queue * scale.number
        );
        if let Some(ms) = self.retry_after {
            text += &format!("retry_after = {}\n", scale.time(ms));
        }
        if let Some(outage) = &self.outage {
            text += &format!("outages = [{{ {} }}]\n", window(outage));
        }
        if let Some((when, limit)) = &self.limit_change {
            let limit = limit * scale.number;
            text +=
                &format!("limit_changes = [{{ {}, connection_limit = {limit} }}]\n", window(when));
        }
        text
    }
}

impl Group {
    fn text(&self, name: &str, scale: Scale) -> String {
        let probability = self.misreport_probability;
        let (choose, probability, connections) = match scale.alike {
            true => ("ordered", probability.round(), 1),
            false => (self.choose, probability, self.connections),
        };
        let mut text = format!(
            "[clients.{name}]\ncount = {}\nconnections = {connections}\nrelease = \"{}\"\n\
             misreport_probability = {probability:.3}\n{}\nchoose = \"{choose}\"\n\
             arrival = {{ kind = \"burst\", at = {} }}\n\
             transfer = {{ kind = \"constant\", duration = {} }}\n\
             on_cut = \"{}\"\nretry = {{ {} }}\n",
            self.count * scale.number,
            self.release,
            self.points,
            scale.time(self.at),
            scale.time(self.transfer),
            if self.resumes { "resume" } else { "restart" },
            self.retry.text(scale),
        );
        if self.points.contains("tiers") {
            let after = self.fallback_after.map_or("\"never\"".to_owned(), |ms| scale.time(ms));
            text += &format!("fallback_after = {after}\n");
        }
        if let Some(ms) = self.spin {
            text += &format!("spin = {}\n", scale.time(ms));
        }
        if let Some(ms) = self.upgrade {
            // All that a release sets as a time is set by the group, and the upgrade keeps none of it.
            let retry = self.retry.text(scale);
            text += &format!(
                "upgrade = {{ to = \"sms-2.0-sp3\", from = {}, retry = {{ {retry} }} }}\n",
                scale.time(ms)
            );
        }
        text
    }
}

impl Retry {
    fn text(&self, scale: Scale) -> String {
        let time = |factor: u64| scale.time(self.interval * factor);
        let policy = match self.policy {
            0 => format!("policy = \"fixed\", interval = {}", time(1)),
            1 => format!("policy = \"linear\", step = {}, cap = {}", time(1), time(3)),
            2 => format!("policy = \"exponential\", base = {}, cap = {}", time(1), time(9)),
            _ => format!("policy = \"server\", interval = {}", time(1)),
        };
        let most = self.max_retries.map_or("\"none\"".to_owned(), |most| most.to_string());
        let patience = self.give_up_after.map_or("\"none\"".to_owned(), |ms| scale.time(ms));
        format!("{policy}, max_retries = {most}, give_up_after = {patience}")
    }
}

/// Scenarios in which no time is drawn at random.
pub fn any_still_scenario() -> impl Strategy<Value = Still> {
    let points = (point(), point(), point()).prop_map(|(a, b, c)| [a, b, c]);
    let groups = (group(), group()).prop_map(|(g, h)| [g, h]);
    (1_000_000u64..50_000_000, sometimes(100_000u64..5_000_000), points, groups).prop_map(
        |(horizon, expires_after, points, groups)| Still { horizon, expires_after, points, groups },
    )
}

fn point() -> impl Strategy<Value = Point> {
    let queue = prop_oneof![2 => Just(0), 1 => 1u32..6];
    let retry_after = sometimes(prop::sample::select(vec![60_000u64, 7_000, 300_000]));
    (3u32..7, queue, retry_after, sometimes(window()), sometimes((window(), 1u32..9))).prop_map(
        |(connection_limit, queue, retry_after, outage, limit_change)| Point {
            connection_limit,
            queue,
            retry_after,
            outage,
            limit_change,
        },
    )
}

fn window() -> impl Strategy<Value = Window> {
    (0u64..4_000_000, 1u64..2_000_000, sometimes(1u64..2_000_000))
}

fn group() -> impl Strategy<Value = Group> {
    let release = prop::sample::select(vec!["sms-2.0-sp2", "sms-2003", "configmgr-2007", "bits"]);
    let points = prop::sample::select(vec![
        "distribution_points = [\"A\"]",
        "distribution_points = [\"B\", \"A\"]",
        "distribution_points = [\"A\", \"B\", \"C\"]",
        "tiers = [[\"A\"], [\"B\"], [\"C\"]]",
        "tiers = [[\"B\", \"C\"], [\"A\"]]",
    ]);
    let choose =
        prop::sample::select(vec!["ordered", "random", "random-once", "least-loaded", "sticky"]);
    let times = (0u64..1_000_000, 1u64..900_000, sometimes(0u64..5_000_000));
    let rest = (retry(), any::<bool>(), sometimes(60_000u64..900_000), sometimes(0u64..5_000_000));
    (2u32..30, 1u32..4, (release, 0.0..1.0), (points, choose), times, rest).prop_map(
        |(count, connections, (release, p), (points, choose), (at, transfer, after), rest)| {
            let (retry, resumes, spin, upgrade) = rest;
            Group {
                count,
                connections,
                release,
                misreport_probability: p,
                points,
                choose,
                fallback_after: after,
                at,
                transfer,
                retry,
                resumes,
                spin,
                upgrade,
            }
        },
    )
}

fn retry() -> impl Strategy<Value = Retry> {
    let limits = (sometimes(0u32..6), sometimes(60_000u64..4_000_000));
    (0u8..4, 1000u64..900_000, limits).prop_map(
        |(policy, interval, (max_retries, give_up_after))| Retry {
            policy,
            interval,
            max_retries,
            give_up_after,
        },
    )
}

/// Nothing, or what `some` draws.
fn sometimes<S: Strategy>(some: S) -> impl Strategy<Value = Option<S::Value>> {
    prop::option::weighted(0.33, some)
}
