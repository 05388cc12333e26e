//! Shards: the runs of a study, distributed over several machines.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::study::one_run::RunId;

/// One of the equal shares of a study: `K/N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    /// The number of the shard, from 1.
    pub index: u64,
    /// The number of shards.
    pub count: u64,
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> String {
        shard.to_string()
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Shard, String> {
        text.parse()
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let form = || {
            "write `K/N`, the K-th of N shards, such as `2/4`; or, under Slurm or Kubernetes, `auto` \
             or `auto/N`"
                .to_owned()
        };
        let (index, count) = text.split_once('/').ok_or_else(form)?;
        let number = |text: &str| text.trim().parse::<u64>().map_err(|_| form());
        Shard::new(number(index)?, number(count)?)
    }
}

impl Shard {
    /// The `index`-th of `count` shards, from 1.
    ///
    /// # Errors
    ///
    /// A sentence on what to write instead, if there is no such shard.
    pub fn new(index: u64, count: u64) -> Result<Shard, String> {
        match (index, count) {
            (_, 0) => Err("there is at least one shard: write `1/1` for the whole".to_owned()),
            (0, _) => Err(format!("shards are counted from 1: the first is `1/{count}`")),
            _ if index > count => Err(format!("there is no shard {index} of {count}")),
            _ => Ok(Shard { index, count }),
        }
    }

    /// The runs of this shard, of a study with these numbers of replications and variants, in the order
    /// in which the study sums them up.
    ///
    /// The runs are assigned to the shards in turn, so the sizes of the shards differ by at most one
    /// run. Each round in which every shard gets every variant equally often is followed by a shift by
    /// one shard, so that no shard gets all replications of the variant that takes longest.
    pub fn runs(self, replications: u64, variants: usize) -> impl Iterator<Item = RunId> {
        let round = lcm(variants as u64, self.count).max(1);
        let all = (0..replications).flat_map(move |replication| {
            (0..variants).map(move |variant| RunId { replication, variant })
        });
        all.zip(0u64..)
            .filter(move |(_, place)| (place + place / round) % self.count + 1 == self.index)
            .map(|(run, _)| run)
    }
}

fn lcm(a: u64, b: u64) -> u64 {
    let (mut x, mut y) = (a, b);
    while y > 0 {
        (x, y) = (y, x % y);
    }
    (a / x.max(1)).saturating_mul(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assigned(replications: u64, variants: usize, count: u64) -> Vec<Vec<RunId>> {
        let shards = (1..=count).map(|index| Shard { index, count });
        shards.map(|shard| shard.runs(replications, variants).collect()).collect()
    }

    #[test]
    fn every_run_is_in_one_shard_and_the_sizes_of_shards_differ_by_at_most_one() {
        for (replications, variants, count) in [(1, 1, 4), (30, 4, 4), (7, 3, 5), (2, 9, 3)] {
            let shards = assigned(replications, variants, count);
            let mut all: Vec<RunId> = shards.concat();
            all.sort_by_key(|run| (run.replication, run.variant));
            let whole = Shard { index: 1, count: 1 };
            assert!(all.into_iter().eq(whole.runs(replications, variants)));
            let sizes = || shards.iter().map(Vec::len);
            let (least, most) = (sizes().min(), sizes().max());
            assert!(most <= least.map(|least| least + 1), "{replications} {variants} {count}");
        }
    }

    #[test]
    fn each_shard_gets_its_share_of_each_variant() {
        for runs in assigned(40, 4, 4) {
            for variant in 0..4 {
                assert_eq!(runs.iter().filter(|run| run.variant == variant).count(), 10);
            }
        }
    }

    #[test]
    fn an_invalid_shard_is_refused_with_what_to_write() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, count: 4 }));
        for (text, fact) in [
            ("2", "write `K/N`"),
            ("two/4", "write `K/N`"),
            ("0/4", "the first is `1/4`"),
            ("5/4", "no shard 5 of 4"),
            ("1/0", "at least one shard"),
            ("-1/4", "write `K/N`"),
        ] {
            let problem = text.parse::<Shard>().unwrap_err();
            assert!(problem.contains(fact), "{text}: {problem}");
        }
    }
}
