//! Which variant is best.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The variants of a study from the best to the worst, by the metric that the study is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ranking {
    /// The metric: `stranded` if advertisements are stranded, else `completed` if many clients do not
    /// complete, else `completion.p95`. Where variants have different numbers of clients it is `stranded.ratio` or
    /// `completed.ratio` instead.
    pub metric: String,
    /// The variants with a value, the best first.
    pub ranks: Vec<Rank>,
}

/// A variant in a [`Ranking`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rank {
    /// Its name.
    pub variant: String,
    /// The mean of the metric.
    pub mean: f64,
    /// The interval of its difference to the best, run by run. With a probability of 95% those of all pairs
    /// of variants hold together (Bonferroni). `None` of the best itself, or of fewer than two runs.
    pub behind: Option<[f64; 2]>,
}

impl Rank {
    /// Whether it is worse than the best beyond luck; `None` if the runs do not show that.
    pub fn is_worse(&self) -> Option<bool> {
        self.behind.map(|[low, high]| low > 0.0 || high < 0.0)
    }
}
