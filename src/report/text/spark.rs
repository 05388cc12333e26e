//! A curve in one line of block characters.

const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Draws `values`, followed by zeros up to `total` values, in `width` cells, each the mean of its share
/// of the values, from 0 to `top`. Every value above zero is visible.
pub fn line(values: &[f64], total: usize, width: usize, top: f64) -> String {
    resample(values, total, width).into_iter().map(|value| block(value, top)).collect()
}

fn block(value: f64, top: f64) -> char {
    if value <= 0.0 || top <= 0.0 {
        return BLOCKS[0];
    }
    let step = (value / top * 8.0).round() as usize;
    BLOCKS[step.clamp(1, 8)]
}

/// The means of `width` equal parts of `values`, whose ends may cut a value. The values are followed by
/// zeros up to `total`, which are not stored: one curve can be far longer than another.
fn resample(values: &[f64], total: usize, width: usize) -> Vec<f64> {
    if values.is_empty() {
        return Vec::new();
    }
    let total = total.max(values.len());
    let step = total as f64 / width as f64;
    (0..width)
        .map(|cell| {
            let (from, to) = (cell as f64 * step, (cell + 1) as f64 * step);
            let first = (from as usize).min(total - 1);
            let last = (to.ceil() as usize).clamp(first + 1, total);
            let (first, last) = (first.min(values.len()), last.min(values.len()));
            let part = |at: usize| to.min((at + 1) as f64) - from.max(at as f64);
            let parts = values[first..last].iter().zip(first..);
            let area: f64 = parts.map(|(value, at)| value * part(at).max(0.0)).sum();
            area / step
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_scales_to_its_top_and_shows_the_smallest_value() {
        assert_eq!(line(&[0.0, 0.01, 4.0, 8.0], 4, 4, 8.0), " ▁▄█");
    }

    #[test]
    fn cells_are_means_of_their_share() {
        assert_eq!(resample(&[1.0, 3.0, 5.0, 7.0], 4, 2), [2.0, 6.0]);
        assert_eq!(resample(&[1.0, 4.0], 2, 4), [1.0, 1.0, 4.0, 4.0]);
        let thirds = resample(&[0.0, 3.0], 2, 3);
        assert!((thirds[1] - 1.5).abs() < 1e-12);
        assert_eq!(resample(&[2.0, 4.0], 8, 4), [3.0, 0.0, 0.0, 0.0]);
        assert_eq!(resample(&[2.0], usize::MAX, 2)[1], 0.0);
    }
}
