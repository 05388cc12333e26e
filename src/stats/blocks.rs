//! Means of blocks of replications: a record whose size does not grow with their number, from which
//! two studies under common random numbers can be compared replication by replication.

/// The most blocks that are kept.
pub const MOST_BLOCKS: usize = 64;

/// Means over blocks of consecutive replications, of several metrics at once.
///
/// At first each block is of one replication. When there are [`MOST_BLOCKS`] and one more
/// comes, neighbours are merged and blocks are twice as long from then on. A block in which some
/// replication has no value has none. Means are taken as a balanced tree, pair by pair, so the bits
/// of a block do not depend on how many replications come after it.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockMeans {
    /// Replications in each complete block; a power of two.
    length: u64,
    /// The complete blocks: the metrics of each.
    complete: Vec<Vec<Option<f64>>>,
    /// What is not a complete block yet, longest first: how many replications, and their means.
    pending: Vec<(u64, Vec<Option<f64>>)>,
}

impl Default for BlockMeans {
    fn default() -> BlockMeans {
        BlockMeans { length: 1, complete: Vec::new(), pending: Vec::new() }
    }
}

impl BlockMeans {
    /// Adds the next replication: its metrics, always the same ones.
    pub fn add(&mut self, values: Vec<Option<f64>>) {
        self.pending.push((1, values));
        while let [.., (before, _), (last, _)] = self.pending.as_slice()
            && before == last
            && let (Some((_, later)), Some((length, earlier))) =
                (self.pending.pop(), self.pending.pop())
        {
            self.pending.push((2 * length, merge(&earlier, &later)));
        }
        if self.complete.len() == MOST_BLOCKS {
            self.complete = self.complete.chunks(2).map(|two| merge(&two[0], &two[1])).collect();
            self.length *= 2;
        }
        while let Some((length, _)) = self.pending.first()
            && *length == self.length
        {
            let (_, block) = self.pending.remove(0);
            self.complete.push(block);
        }
    }

    /// How many replications each complete block is of.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The means of metric number `metric` in the complete blocks.
    pub fn of(&self, metric: usize) -> Vec<Option<f64>> {
        self.complete.iter().map(|block| block.get(metric).copied().flatten()).collect()
    }
}

fn merge(earlier: &[Option<f64>], later: &[Option<f64>]) -> Vec<Option<f64>> {
    earlier.iter().zip(later).map(|(a, b)| mean_of_two(*a, *b)).collect()
}

/// The mean of two blocks of the same length.
pub fn mean_of_two(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    // Halved first, the sum of two finite numbers is finite; equal ones give themselves.
    a.zip(b).map(|(a, b)| a / 2.0 + b / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(count: u64) -> BlockMeans {
        let mut blocks = BlockMeans::default();
        (0..count).for_each(|i| blocks.add(vec![Some(i as f64), (i != 2).then_some(0.1)]));
        blocks
    }

    #[test]
    fn neighbours_are_merged_when_there_are_too_many() {
        for (count, length, complete) in [
            (0, 1, 0),
            (1, 1, 1),
            (64, 1, 64),
            (65, 2, 32),
            (66, 2, 33),
            (128, 2, 64),
            (129, 4, 32),
        ] {
            let blocks = blocks(count);
            assert_eq!((blocks.length(), blocks.of(0).len()), (length, complete), "of {count}");
        }
        let whole = blocks(1000);
        assert_eq!(whole.length(), 16);
        let means: Vec<f64> = whole.of(0).into_iter().flatten().collect();
        assert_eq!(means.len(), 62);
        assert!(means.iter().enumerate().all(|(k, mean)| *mean == 16.0 * k as f64 + 7.5));
    }

    #[test]
    fn a_block_with_a_missing_value_has_none() {
        assert_eq!(blocks(4).of(1), [Some(0.1), Some(0.1), None, Some(0.1)]);
        let merged = blocks(128).of(1);
        assert_eq!(merged[1], None);
        assert!(merged.iter().enumerate().all(|(k, mean)| k == 1 || *mean == Some(0.1)));
    }
}
