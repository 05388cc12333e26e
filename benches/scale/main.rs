//! Scale: how time and memory grow, up to a hundred million clients.
//!
//! Each figure is of a process of its own, this program again, so that its peak memory can be measured. Times are
//! processor time, as others may use the machine; what counts is how they grow from line to line. `make
//! bench-scale` writes the tables into `docs/performance.md`.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod process;

use std::fmt::Write;

use process::Measured;

/// The page, with the tables between two marks.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/performance.md");
const MARKS: [&str; 2] =
    ["<!-- The tables of `make bench-scale` begin. -->\n", "<!-- They end. -->\n"];

/// Rounds in which the jobs of a table take turns; the median of each counts. The largest jobs run once.
const ROUNDS: usize = 5;

fn main() {
    // Asked by name, this program is a process that is measured.
    if process::is_measured() {
        return process::simulate();
    }
    // `cargo test --benches` passes `--test`: it wants to know that it runs, not how fast.
    if std::env::args().any(|arg| arg == "--test" || arg == "--list") {
        let small = Job::storm("small", 1_000, 5);
        assert!(small.measure().attempts > 1_000.0);
        return;
    }
    let text = [growth(), scale()].concat();
    print!("{text}");
    if std::env::var_os("DISTPOINT_WRITE_DOCS").is_some() {
        write_page(&text);
    }
}

/// A storm: what is simulated in a process of its own.
struct Job {
    name: String,
    scenario: String,
    replications: u64,
    threads: usize,
}

impl Job {
    /// `clients` at a point with `limit` connections.
    fn storm(name: &str, clients: u64, limit: u64) -> Job {
        Job::new(name, &format!("{}{}", point(limit), group("clients.g", clients)))
    }

    fn new(name: &str, body: &str) -> Job {
        let scenario = format!("name = \"storm\"\nhorizon = \"3650d\"\n{body}");
        Job { name: name.to_owned(), scenario, replications: 1, threads: 1 }
    }

    /// `copies` sites of `clients` at a point with `limit` connections.
    fn sites(name: &str, copies: u64, clients: u64, limit: u64) -> Job {
        let point = format!("[sites.s.distribution_points.A]\nconnection_limit = {limit}\n");
        let group = group("sites.s.clients.g", clients);
        Job::new(name, &format!("[sites.s]\ncopies = {copies}\n{point}{group}"))
    }

    fn measure(&self) -> Measured {
        process::measure(&self.scenario, self.replications, self.threads)
    }
}

fn point(limit: u64) -> String {
    format!("[distribution_points.A]\nconnection_limit = {limit}\n")
}

/// The group of the storm, as the table `key`.
fn group(key: &str, clients: u64) -> String {
    format!(
        "[{key}]\ncount = {clients}\nrelease = \"sms-2.0-sp3\"\n\
         arrival = {{ kind = \"uniform\", over = \"10m\" }}\n\
         transfer = {{ kind = \"lognormal\", median = \"2m\", sigma = 0.5 }}\n"
    )
}

/// How cost grows, each table as multiples of its first line.
fn growth() -> String {
    let clients = [1_000, 10_000, 100_000, 1_000_000];
    let clients = clients.map(|number| Job::storm(&count(number), number, number / 500));
    let limits =
        [2_000, 200, 20].map(|limit| Job::storm(&format!("limit {limit}"), 100_000, limit));
    let points = [1, 10, 100].map(|points| {
        let each: String = (0..points)
            .map(|i| format!("[distribution_points.P{i}]\nconnection_limit = {}\n", 200 / points))
            .collect();
        Job::new(&points.to_string(), &(each + &group("clients.g", 100_000)))
    });
    let variants = [1, 2, 4].map(|variants| {
        let job = Job::storm(&variants.to_string(), 100_000, 200);
        // They differ in little that costs.
        let more = (0..variants).map(|i| {
            format!("[variants.v{i}]\ndistribution_points.A.connection_limit = {}\n", 200 + i)
        });
        let more: String = more.collect();
        Job { scenario: job.scenario + &more, ..job }
    });
    let threads = [1, 2].map(|threads| Job {
        replications: 40,
        threads,
        ..Job::storm(&threads.to_string(), 20_000, 40)
    });
    let mut text = String::new();
    table(&mut text, "clients (500 for each connection)", &clients);
    table(&mut text, "attempts per client (100,000 clients)", &limits);
    table(&mut text, "points (100,000 clients, 200 connections)", &points);
    table(&mut text, "variants (100,000 clients)", &variants);
    table(&mut text, "threads (40 replications of 20,000 clients)", &threads);
    text
}

/// Measures `jobs` in turns and adds their table: time as a multiple of the first.
fn table(text: &mut String, title: &str, jobs: &[Job]) {
    let mut rounds: Vec<Vec<Measured>> = jobs.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for (job, measured) in jobs.iter().zip(&mut rounds) {
            measured.push(job.measure());
        }
    }
    let of = |measured: &[Measured], value: fn(&Measured) -> f64| {
        let mut values: Vec<f64> = measured.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let first = &rounds[0];
    let [processor, wall] =
        [of(first, |m| m.processor), of(first, |m| m.wall)].map(|seconds| seconds.max(1e-6));
    // Writing into a string cannot fail.
    let _ = writeln!(text, "| {title} | attempts each | skipped | processor time | time |");
    let _ = writeln!(text, "|---|---|---|---|---|");
    for (job, measured) in jobs.iter().zip(&rounds) {
        let attempts = of(measured, |m| m.attempts / m.clients);
        let skipped = of(measured, |m| m.skipped / m.attempts);
        let _ = writeln!(
            text,
            "| {} | {attempts:.1} | {:.1}% | {:.2} | {:.2} |",
            job.name,
            skipped * 100.0,
            of(measured, |m| m.processor) / processor,
            of(measured, |m| m.wall) / wall,
        );
    }
    text.push('\n');
}

/// How large a simulation may be.
fn scale() -> String {
    let mut jobs: Vec<Job> = [1_000, 10_000, 100_000, 1_000_000]
        .map(|number| {
            Job::storm(&format!("one point, {} clients", count(number)), number, number / 500)
        })
        .into();
    for limit in [10_000, 1_000] {
        let name = format!("one point, 10,000,000 clients, limit {}", count(limit));
        jobs.push(Job::storm(&name, 10_000_000, limit));
    }
    for sites in [100, 1_000, 10_000] {
        let name = format!("{} sites of 10,000 clients, limit 50", count(sites));
        jobs.push(Job { threads: 2, ..Job::sites(&name, sites, 10_000, 50) });
    }
    let empty = Job::storm("one client", 1, 1).measure().bytes;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "| simulated | attempts each | skipped | seconds | bytes per client | peak memory |"
    );
    let _ = writeln!(text, "|---|---|---|---|---|---|");
    for job in &jobs {
        let Measured { wall, bytes, clients, attempts, skipped, .. } = job.measure();
        let _ = writeln!(
            text,
            "| {} | {:.1} | {:.1}% | {wall:.2} | {:.0} | {:.0} MB |",
            job.name,
            attempts / clients,
            skipped / attempts * 100.0,
            (bytes - empty).max(0.0) / clients,
            bytes / 1e6
        );
    }
    text.push('\n');
    text
}

/// A number with commas.
fn count(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group));
    groups.collect::<Vec<_>>().join(",")
}

fn write_page(text: &str) {
    let page = std::fs::read_to_string(PAGE).expect("the page");
    let (before, rest) = page.split_once(MARKS[0]).expect("the first mark");
    let (_, after) = rest.split_once(MARKS[1]).expect("the second mark");
    let page = format!("{before}{}\n{text}{}{after}", MARKS[0], MARKS[1]);
    std::fs::write(PAGE, page).expect("written");
}
