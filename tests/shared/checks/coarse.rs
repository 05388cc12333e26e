//! Scenarios in which much happens at the same instant: all times are multiples of a unit. They are about
//! clients that retry at constant intervals, among others.

use rand::Rng;
use rand_pcg::Pcg64Mcg;

/// Draws from a seed.
struct Draws {
    generator: Pcg64Mcg,
    /// In ms.
    unit: u64,
}

/// A scenario that `seed` draws.
pub fn coarse_scenario(seed: u64) -> String {
    let generator = Pcg64Mcg::new(u128::from(seed) << 64 | 0x9e37_79b9_7f4a_7c15);
    let mut draws = Draws { generator, unit: 1 };
    for _ in 0..4 {
        draws.below(2);
    }
    draws.unit = draws.one_of(&[1, 10, 1000, 1000, 60_000]);
    draws.scenario()
}

/// A scenario with copies of points and with sites, some of whose clients use points outside them.
pub fn coarse_sites(seed: u64) -> String {
    let generator = Pcg64Mcg::new(u128::from(seed) << 64 | 0x2545_f491_4f6c_dd1d);
    let mut draws = Draws { generator, unit: 1000 };
    for _ in 0..4 {
        draws.below(2);
    }
    draws.sites()
}

impl Draws {
    fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.generator.next_u64()) * u128::from(n)) >> 64) as u64
    }

    fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    /// True once in `n` times.
    fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// From `least` to `most` units, in quotes.
    fn time(&mut self, least: u64, most: u64) -> String {
        let units = self.between(least, most);
        format!("\"{}ms\"", units * self.unit)
    }

    fn scenario(&mut self) -> String {
        let mut text = "name = \"coarse\"\n".to_owned();
        let horizon = self.between(30, 3000);
        text += &format!("horizon = \"{}ms\"\nseed = {}\n", horizon * self.unit, self.below(1000));
        if self.once_in(4) {
            text += &format!("warmup = {}\n", self.time(0, horizon / 3));
        }
        if self.once_in(4) {
            text += &format!("expires_after = {}\n", self.time(1, 2 * horizon));
        }
        let is_full = !self.once_in(3);
        if is_full && self.once_in(4) {
            let after = self.time(1, horizon);
            let count = self.between(1, 6);
            text += &match self.once_in(2) {
                true => format!("workaround = {{ after = {after} }}\n"),
                false => format!("workaround = {{ when_stranded = {count} }}\n"),
            };
        }
        let points = self.between(1, 3) as usize;
        let connections = if is_full && self.once_in(5) { 2 } else { 1 };
        for point in 0..points {
            text += &self.point(point, is_full, connections);
        }
        for group in 0..self.between(1, 4) {
            text += &self.group(group, points, is_full, connections);
        }
        text
    }

    fn sites(&mut self) -> String {
        let horizon = self.between(30, 3000);
        let mut text = format!("name = \"sites\"\nhorizon = \"{horizon}s\"\n");
        text += &format!("seed = {}\n", self.below(1000));
        if self.once_in(4) {
            text += &format!("warmup = {}\n", self.time(0, horizon / 3));
        }
        if self.once_in(6) {
            text += &format!("workaround = {{ when_stranded = {} }}\n", self.between(1, 6));
        }
        let is_full = self.once_in(2);
        let outside = self.between(1, 2) as usize;
        for point in 0..outside {
            text += &self.point(point, is_full, 1);
            text += &format!("copies = {}\n", self.between(1, 3));
        }
        text += &self.group(0, outside, is_full, 1);
        for site in 0..self.between(1, 2) {
            text += &format!("[sites.S{site}]\ncopies = {}\n", self.between(1, 4));
            let inside = self.between(1, 2) as usize;
            // Of the names of points outside it a site hides those that it has itself.
            let known = if self.once_in(3) { inside.max(outside) } else { inside };
            for point in 0..inside {
                text +=
                    &self.point(point, is_full, 1).replacen('[', &format!("[sites.S{site}."), 1);
                if self.once_in(3) {
                    text += "copies = 2\n";
                }
            }
            for group in 0..self.between(1, 2) {
                let group = self.group(group, known, is_full, 1);
                text += &group.replacen('[', &format!("[sites.S{site}."), 1);
            }
        }
        text
    }

    fn point(&mut self, number: usize, is_full: bool, connections: u64) -> String {
        let limit = self.between(connections, 6);
        let mut text = format!("[distribution_points.P{number}]\nconnection_limit = {limit}\n");
        if !is_full {
            return text;
        }
        text += "bandwidth = \"2 kB/s\"\n";
        if self.once_in(3) {
            let (from, length) = (self.time(0, 200), self.between(1, 60));
            let every = match self.once_in(2) {
                true => format!(", every = \"{}ms\"", (length + self.between(1, 90)) * self.unit),
                false => String::new(),
            };
            let length = length * self.unit;
            text += &format!("outages = [{{ from = {from}, for = \"{length}ms\"{every} }}]\n");
        }
        if self.once_in(3) {
            let (from, length, other) = (self.time(0, 200), self.time(1, 100), self.between(1, 9));
            text += &format!(
                "limit_changes = [{{ from = {from}, for = {length}, connection_limit = {other} }}]\n"
            );
        }
        if self.once_in(8) {
            let (mtbf, mttr) = (self.time(5, 200), self.time(1, 50));
            text += &format!("failures = {{ mtbf = {mtbf}, mttr = {mttr} }}\n");
        }
        if self.once_in(12) {
            let (length, timeout) = (self.between(1, 4), self.time(1, 30));
            let order = self.one_of(&["fifo", "lifo"]);
            text += &match self.once_in(2) {
                true => format!("queue = {length}\n"),
                false => format!(
                    "queue = {{ length = {length}, timeout = {timeout}, order = \"{order}\" }}\n"
                ),
            };
        }
        if self.once_in(12) {
            let (number, unit) = (self.between(1, 4), self.time(1, 20).replace('"', ""));
            let (burst, excess) = (self.below(4), self.one_of(&["refuse", "delay"]));
            let per = self.one_of(&["point", "address"]);
            text += &match self.once_in(3) {
                true => format!(
                    "rate_limit = {{ most = {number}, window = \"{unit}\", per = \"{per}\" }}\n"
                ),
                false => format!(
                    "rate_limit = {{ rate = \"{number}/{unit}\", burst = {burst}, \
                     excess = \"{excess}\", per = \"{per}\" }}\n"
                ),
            };
        }
        if self.once_in(4) {
            text += &format!("linger = {}\n", self.time(1, 30));
        }
        if self.once_in(4) {
            text += &format!("errors = \"{}%\"\n", self.one_of(&["5", "50", "100"]));
        }
        if self.once_in(3) {
            let abandoned = self.one_of(&["served", "dropped", "cancelled"]);
            text += &format!("abandoned = \"{abandoned}\"\n");
        }
        if self.once_in(12) {
            text += &format!("retry_after = {}\n", self.time(1, 20));
        }
        text
    }

    fn retry(&mut self) -> String {
        let interval = self.time(1, 12);
        let cap = self.time(8, 16);
        let policy = match self.below(10) {
            0..4 => format!("policy = \"fixed\", interval = {interval}"),
            4 => format!(
                "policy = \"exponential\", base = {}, cap = {cap}, jitter = \"none\"",
                self.time(1, 4)
            ),
            5 => format!("policy = \"linear\", step = {}, cap = {cap}", self.time(1, 4)),
            6 => format!("policy = \"fixed\", interval = {interval}, jitter = \"20%\""),
            7 => format!("policy = \"list\", delays = [{}, {interval}]", self.time(1, 9)),
            8 => format!(
                "policy = \"fixed\", interval = {interval}, retry_after = {{ at_most = {} }}",
                self.time(1, 9)
            ),
            _ => format!("policy = \"memoryless\", mean = {interval}"),
        };
        let limit = match self.below(6) {
            0 => format!(", max_retries = {}", self.below(9)),
            1 => format!(", give_up_after = {}", self.time(1, 90)),
            _ => String::new(),
        };
        format!("retry = {{ {policy}{limit} }}\n")
    }

    fn group(&mut self, number: u64, points: usize, is_full: bool, connections: u64) -> String {
        const RELEASES: &[&str] = &["sms-2.0-sp2", "sms-2.0-sp3", "sms-2.0-sp2", "configmgr-2007"];
        let count = self.between(1, 40);
        let mut text = format!("[clients.g{number}]\ncount = {count}\n");
        if is_full && self.once_in(5) {
            let share = self.between(1, 99);
            text += &format!(
                "release_mix = {{ \"sms-2.0-sp2\" = \"{share}%\", \"bits\" = \"{}%\" }}\n",
                100 - share
            );
        } else {
            text += &format!("release = {:?}\n", self.one_of(RELEASES));
        }
        if is_full && self.once_in(6) {
            let (from, over) = (self.time(0, 100), self.time(0, 100));
            text +=
                &format!("upgrade = {{ to = \"sms-2.0-sp3\", from = {from}, over = {over} }}\n");
        }
        text += &format!("misreport_probability = {}\n", self.one_of(&["0", "0.02", "0.3", "1"]));
        if self.once_in(5) {
            let poll = self.time(1, 90);
            text += &format!("poll_unschedules = true\npoll_interval = {poll}\n");
        }
        let first = self.below(points as u64);
        let list: Vec<String> = (0..self.between(1, points as u64))
            .map(|i| format!("\"P{}\"", (first + i) % points as u64))
            .collect();
        text += &format!("distribution_points = [{}]\n", list.join(", "));
        if self.once_in(6) && list.len() > 1 {
            let choices: &[&str] = match is_full {
                true => &["random", "ordered", "least-loaded", "sticky"],
                false => &["random", "ordered"],
            };
            text += &format!("choose = {:?}\n", self.one_of(choices));
        }
        text += &self.retry();
        text += &match self.below(4) {
            0 | 1 => format!("arrival = {{ kind = \"burst\", at = {} }}\n", self.time(0, 40)),
            2 => format!("arrival = {{ kind = \"even\", over = \"{}ms\" }}\n", count * self.unit),
            _ => format!("arrival = {{ kind = \"uniform\", over = {} }}\n", self.time(1, 60)),
        };
        text += &match self.below(if is_full { 6 } else { 4 }) {
            0..3 => {
                format!("transfer = {{ kind = \"constant\", duration = {} }}\n", self.time(1, 20))
            }
            3 => format!("transfer = {{ kind = \"exponential\", mean = {} }}\n", self.time(1, 20)),
            _ => format!(
                "transfer = {{ kind = \"size\", bytes = \"{} kB\" }}\n",
                self.between(1, 40)
            ),
        };
        if is_full && self.once_in(8) {
            let (every, away) = (self.time(1, 40), self.time(1, 40));
            text += &format!("vanishes = {{ every = {every}, for = {away} }}\n");
        }
        if is_full && self.once_in(8) {
            text += "online = \"00:00-12:30\"\n";
        }
        if is_full && self.once_in(6) {
            text += &format!("spin = {}\n", self.time(1, 12));
        }
        if is_full && self.once_in(8) {
            text += &format!("patience = {}\n", self.time(1, 20));
        }
        if is_full && self.once_in(5) {
            text += &format!("timeout = {}\n", self.time(1, 20));
        }
        if is_full && self.once_in(4) {
            text += &format!("priority = {}\naddresses = {}\n", self.below(3), self.between(1, 3));
        }
        if connections > 1 {
            let own = if self.once_in(6) { 1 } else { connections };
            text += &format!("connections = {own}\n");
        }
        text
    }
}
