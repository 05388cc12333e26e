//! A curve in one line of block characters.

const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Draws `values` in `width` cells, each the mean of its share of them, from 0 to `top`. What is
/// not zero is visible.
pub fn line(values: &[f64], width: usize, top: f64) -> String {
    resample(values, width).into_iter().map(|value| block(value, top)).collect()
}

fn block(value: f64, top: f64) -> char {
    if value <= 0.0 || top <= 0.0 {
        return BLOCKS[0];
    }
    let step = (value / top * 8.0).round() as usize;
    BLOCKS[step.clamp(1, 8)]
}

/// The means of `width` equal parts of `values`, whose ends may cut a value.
fn resample(values: &[f64], width: usize) -> Vec<f64> {
    if values.is_empty() {
        return Vec::new();
    }
    let step = values.len() as f64 / width as f64;
    (0..width)
        .map(|cell| {
            let (from, to) = (cell as f64 * step, (cell + 1) as f64 * step);
            let first = (from as usize).min(values.len() - 1);
            let last = (to.ceil() as usize).clamp(first + 1, values.len());
            let parts = values[first..last].iter().zip(first..);
            let (mut area, mut span) = (0.0, 0.0);
            for (value, at) in parts {
                let part = (to.min((at + 1) as f64) - from.max(at as f64)).max(0.0);
                area += value * part;
                span += part;
            }
            if span > 0.0 { area / span } else { values[first] }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_scales_to_its_top_and_shows_the_smallest_value() {
        assert_eq!(line(&[0.0, 0.01, 4.0, 8.0], 4, 8.0), " ▁▄█");
    }

    #[test]
    fn cells_are_means_of_their_share() {
        assert_eq!(resample(&[1.0, 3.0, 5.0, 7.0], 2), [2.0, 6.0]);
        assert_eq!(resample(&[1.0, 4.0], 4), [1.0, 1.0, 4.0, 4.0]);
        let thirds = resample(&[0.0, 3.0], 3);
        assert!((thirds[1] - 1.5).abs() < 1e-12);
    }
}
