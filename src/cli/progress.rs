//! The progress of a study, on standard error if that is a terminal.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Once};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::human::span;
use crate::study::Progress;

/// Shorter studies show no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the progress of a single run is looked at.
const TICK: Duration = Duration::from_millis(250);

const OF_RUNS: &str = "{bar:30} {pos}/{len} runs, {msg}, {eta} left";

/// A run may end before its horizon, so the time left is the longest.
const OF_ONE_RUN: &str = "{bar:30} {msg}, at most {eta} left";

/// A progress bar, as a function that receives the progress: of the runs, or of the simulated time on `clock`
/// if there is only one run. It shows nothing if standard error is not a terminal.
pub fn bar(clock: Arc<AtomicU64>) -> Arc<dyn Fn(Progress) + Send + Sync> {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    set_style(&bar, OF_RUNS);
    let (one_run, done) = (Once::new(), Arc::new(AtomicBool::new(false)));
    Arc::new(move |progress| {
        if progress.runs == progress.planned {
            done.store(true, Ordering::Relaxed);
            bar.finish_and_clear();
        } else if progress.planned == 1 {
            one_run.call_once(|| watch(&bar, progress.horizon, &clock, &done));
        } else {
            if bar.is_hidden() && bar.elapsed() > PATIENCE {
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            bar.set_length(progress.planned);
            bar.set_position(progress.runs);
            let rate = progress.events as f64 / bar.elapsed().as_secs_f64().max(1e-9) / 1e6;
            bar.set_message(format!("{rate:.1} M events/s"));
        }
    })
}

/// Shows how far the clock of the only run is on its way to `horizon`, until `done`.
fn watch(bar: &ProgressBar, horizon: u64, clock: &Arc<AtomicU64>, done: &Arc<AtomicBool>) {
    let (bar, clock, done) = (bar.clone(), Arc::clone(clock), Arc::clone(done));
    let follow = move || {
        thread::sleep(PATIENCE);
        if done.load(Ordering::Relaxed) {
            return;
        }
        set_style(&bar, OF_ONE_RUN);
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar.set_length(horizon);
        while !done.load(Ordering::Relaxed) {
            let now = clock.load(Ordering::Relaxed).min(horizon);
            bar.set_position(now);
            bar.set_message(format!("{} of {} simulated", span(now as f64), span(horizon as f64)));
            thread::sleep(TICK);
        }
        bar.finish_and_clear();
        set_style(&bar, OF_RUNS);
    };
    // Without the thread there is no progress to see, which is no reason to fail.
    let _ = thread::Builder::new().name("progress".to_owned()).spawn(follow);
}

fn set_style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}
