//! The progress of a study, on standard error if that is a terminal.

use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::study::Progress;

/// Shorter studies show no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// A progress bar, as a function that receives the progress. It shows nothing if standard error is not
/// a terminal.
pub fn bar() -> Arc<dyn Fn(Progress) + Send + Sync> {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} runs, {msg}, {eta} left");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    Arc::new(move |progress| {
        if bar.is_hidden() && bar.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.set_length(progress.planned);
        bar.set_position(progress.runs);
        let rate = progress.events as f64 / bar.elapsed().as_secs_f64().max(1e-9) / 1e6;
        bar.set_message(format!("{rate:.1} M events/s"));
        if progress.runs == progress.planned {
            bar.finish_and_clear();
        }
    })
}
