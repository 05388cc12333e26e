//! Comparisons of a metric with a value.

use std::fmt;

/// How a metric is compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

/// Symbols of other languages, and what they mean here.
const MISTAKEN: [(&str, &str); 9] = [
    ("=", "=="),
    ("===", "=="),
    ("=<", "<="),
    ("=>", ">="),
    ("<>", "!="),
    ("!", "!="),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
];

impl Operator {
    const ALL: [(&'static str, Operator); 6] = [
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("==", Operator::Equal),
        ("!=", Operator::Unequal),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ];

    /// The operator that is written as `symbol`.
    ///
    /// # Errors
    ///
    /// What is most likely meant instead.
    pub(super) fn read(symbol: &str) -> Result<Operator, String> {
        if let Some((_, operator)) = Operator::ALL.iter().find(|(known, _)| *known == symbol) {
            return Ok(*operator);
        }
        const LIST: &str = "the comparisons are `<`, `<=`, `>`, `>=`, `==` and `!=`";
        let meant = MISTAKEN.iter().find(|(mistaken, _)| *mistaken == symbol);
        Err(match meant {
            Some((_, meant)) => format!("did you mean `{meant}`? {LIST}"),
            None => LIST.to_owned(),
        })
    }

    /// Whether `value` meets it against `limit`.
    pub fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Operator::Less => value < limit,
            Operator::LessOrEqual => value <= limit,
            Operator::Greater => value > limit,
            Operator::GreaterOrEqual => value >= limit,
            Operator::Equal => value == limit,
            Operator::Unequal => value != limit,
        }
    }

    /// The verdict for an interval: `Some(true)` if every value in it meets the limit, `Some(false)` if
    /// none does, `None` if the interval does not decide.
    pub fn judge(self, [low, high]: [f64; 2], limit: f64) -> Option<bool> {
        let contains = (low..=high).contains(&limit);
        match self {
            Operator::Equal if low == high => Some(low == limit),
            Operator::Equal => (!contains).then_some(false),
            Operator::Unequal if low == high => Some(low != limit),
            Operator::Unequal => (!contains).then_some(true),
            _ => match (self.holds(low, limit), self.holds(high, limit)) {
                (true, true) => Some(true),
                (false, false) => Some(false),
                _ => None,
            },
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Operator::ALL.iter().find(|(_, operator)| operator == self);
        f.write_str(known.map_or("", |(text, _)| text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_decides_or_cannot_tell() {
        use Operator::*;
        assert_eq!(Less.judge([1.0, 2.0], 3.0), Some(true));
        assert_eq!(Less.judge([1.0, 3.0], 3.0), None);
        assert_eq!(Less.judge([3.0, 4.0], 3.0), Some(false));
        assert_eq!(GreaterOrEqual.judge([3.0, 4.0], 3.0), Some(true));
        assert_eq!(Equal.judge([0.0, 0.0], 0.0), Some(true));
        assert_eq!(Equal.judge([1.0, 2.0], 0.0), Some(false));
        assert_eq!(Equal.judge([-1.0, 2.0], 0.0), None);
        assert_eq!(Unequal.judge([1.0, 2.0], 0.0), Some(true));
    }
}
