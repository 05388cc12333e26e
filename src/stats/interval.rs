//! Confidence intervals.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The confidence of the intervals in results: 95%.
pub const CONFIDENCE: f64 = 0.95;

/// A running mean and variance (Welford, "Note on a method for calculating corrected sums of squares
/// and products", Technometrics 1962), with the extremes.
///
/// Values must be added in the same order for the same bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    count: u64,
    mean: f64,
    /// The sum of squared deviations from the mean.
    squares: f64,
    min: f64,
    max: f64,
}

impl Moments {
    /// The differences of `values` from `base`, pair by pair, where both have a value.
    pub fn of_differences(values: &[Option<f64>], base: &[Option<f64>]) -> Moments {
        let mut moments = Moments::default();
        let pairs = values.iter().zip(base).filter_map(|(value, base)| value.zip(*base));
        pairs.for_each(|(value, base)| moments.add(value - base));
        moments
    }

    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.min = if self.count == 0 { value } else { self.min.min(value) };
        self.max = if self.count == 0 { value } else { self.max.max(value) };
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (value - self.mean);
        if self.min == self.max {
            // Equal values have no spread, even where rounding gives one.
            (self.mean, self.squares) = (value, 0.0);
        }
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; 0 of none.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Their extremes; 0 of none.
    pub fn range(&self) -> (f64, f64) {
        (self.min, self.max)
    }

    /// The standard error of the mean; `None` of fewer than two values.
    pub fn standard_error(&self) -> Option<f64> {
        let n = self.count as f64;
        (self.count >= 2).then(|| (self.squares / (n - 1.0) / n).sqrt())
    }

    /// The half-width of the interval for the mean at `confidence` (0 to 1), by Student's t
    /// (Student, "The probable error of a mean", Biometrika 1908); `None` of fewer than two values.
    pub fn half_width(&self, confidence: f64) -> Option<f64> {
        let error = self.standard_error()?;
        Some(error * student_quantile((self.count - 1) as f64, confidence))
    }

    /// The interval for the mean at `confidence`; `None` of fewer than two values.
    pub fn interval(&self, confidence: f64) -> Option<[f64; 2]> {
        let half = self.half_width(confidence)?;
        Some([self.mean - half, self.mean + half])
    }
}

/// How many standard errors an interval reaches to each side at `confidence`, with `freedom` degrees
/// of freedom, at least 1.
pub fn student_quantile(freedom: f64, confidence: f64) -> f64 {
    /// With more degrees of freedom the search in statrs is less exact than the expansion; with more than
    /// some 10^7 it is wrong by several percent or never ends. Such numbers may come from a file.
    const MOST_SEARCHED: f64 = 1e4;
    let upper = 0.5 + confidence.clamp(0.0, 1.0 - 1e-12) / 2.0;
    if freedom > MOST_SEARCHED {
        return expanded_student_quantile(freedom, upper);
    }
    match StudentsT::new(0.0, 1.0, freedom.max(1.0)) {
        Ok(student) => student.inverse_cdf(upper),
        // Only for parameters that are no numbers.
        Err(_) => f64::INFINITY,
    }
}

/// The quantile of Student's t at `upper` with many degrees of freedom, from that of the normal distribution
/// (Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964, 26.7.5).
fn expanded_student_quantile(freedom: f64, upper: f64) -> f64 {
    let z = Normal::standard().inverse_cdf(upper);
    let square = z * z;
    let terms = [
        z * (square + 1.0) / 4.0,
        z * ((5.0 * square + 16.0) * square + 3.0) / 96.0,
        z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0,
    ];
    z + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / freedom)
}

/// The interval for a ratio of which `part` of `whole` was seen once, at `confidence` (Wilson,
/// "Probable inference", Journal of the American Statistical Association 1927); `None` of nothing.
///
/// It takes the cases as independent. Clients that contend are not quite: replications are better evidence.
pub fn wilson(part: u64, whole: u64, confidence: f64) -> Option<[f64; 2]> {
    if whole == 0 {
        return None;
    }
    let (n, p) = (whole as f64, part as f64 / whole as f64);
    let z = Normal::standard().inverse_cdf(0.5 + confidence.clamp(0.0, 1.0 - 1e-12) / 2.0);
    let scale = 1.0 + z * z / n;
    let middle = (p + z * z / (2.0 * n)) / scale;
    let half = z / scale * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    // At the ends the formula gives 0 and 1 but for rounding.
    let low = if part == 0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if part == whole { 1.0 } else { (middle + half).min(1.0) };
    Some([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[f64]) -> Moments {
        let mut moments = Moments::default();
        values.iter().for_each(|&value| moments.add(value));
        moments
    }

    #[test]
    fn students_interval_matches_the_tables() {
        // t with 4 degrees of freedom at 97.5% is 2.776445.
        let interval = moments(&[1.0, 2.0, 3.0, 4.0, 5.0]).interval(0.95).unwrap();
        let half = 2.776_445 * (2.5f64 / 5.0).sqrt();
        assert!((interval[0] - (3.0 - half)).abs() < 1e-5, "{interval:?}");
        assert!((interval[1] - (3.0 + half)).abs() < 1e-5, "{interval:?}");
    }

    #[test]
    fn any_number_of_replications_has_its_quantile_of_students_t() {
        // Near 2^53, as a file may claim, it is that of the normal distribution.
        for freedom in [2e7, 1e9, f64::from(u32::MAX), 9.0e15, f64::MAX, f64::INFINITY] {
            let quantile = student_quantile(freedom, 0.95);
            let exact = 1.959_963_984_540_054 + 2.372_271 / freedom;
            assert!((quantile - exact).abs() < 1e-9, "{freedom}: {quantile}, not {exact}");
        }
        // Where the expansion begins both ways agree, also for the rarest errors.
        for confidence in [0.5, 0.95, 0.999, 1.0 - 1e-12] {
            let [searched, expanded] = [1e4, 1e4 + 1e-6].map(|n| student_quantile(n, confidence));
            assert!((searched / expanded - 1.0).abs() < 1e-10, "{searched}, {expanded}");
        }
        assert!(student_quantile(f64::NAN, 0.95).is_finite());
    }

    #[test]
    fn one_value_has_no_interval_and_equal_values_one_without_width() {
        assert_eq!(moments(&[3.0]).interval(0.95), None);
        assert_eq!(moments(&[0.1; 7]).interval(0.95), Some([0.1, 0.1]));
    }

    #[test]
    fn wilsons_interval_matches_its_worked_examples() {
        // 81 of 263 (Newcombe, Statistics in Medicine 1998): 0.2553 to 0.3662.
        let [low, high] = wilson(81, 263, 0.95).unwrap();
        assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5, "{low} {high}");
        // 0 of 20: 0 to 0.1611; 29 of 29: 0.8830 to 1.
        let [low, high] = wilson(0, 20, 0.95).unwrap();
        assert!(low == 0.0 && (high - 0.1611).abs() < 5e-5, "{low} {high}");
        let [low, high] = wilson(29, 29, 0.95).unwrap();
        assert!((low - 0.8830).abs() < 5e-5 && high == 1.0, "{low} {high}");
        assert_eq!(wilson(0, 0, 0.95), None);
    }
}
