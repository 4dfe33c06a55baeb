//! Shows on a terminal how far a long walk through the history has got.

use std::io::{Write, stderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::linter::Linter;
use crate::report::one_line;

use super::streams::Stream;

/// A walk that takes less is not shown.
const DELAY: Duration = Duration::from_secs(1);
const INTERVAL: Duration = Duration::from_millis(100);
/// Moves the cursor to the start of the line and clears the line.
const CLEAR: &str = "\r\x1b[K";

/// Does the work and meanwhile shows the linter's progress.
pub(super) fn show_while<T>(linter: &Linter, work: impl FnOnce() -> T) -> T {
    let is_interactive = Stream::Err.is_terminal() && std::env::var_os("TERM").is_none_or(|it| it != "dumb");
    if !is_interactive {
        return work();
    }
    thread::scope(|scope| {
        let (done, is_done) = channel();
        // If the thread can't be started, the work runs without a progress display.
        let _ = thread::Builder::new().spawn_scoped(scope, move || show(linter, &is_done));
        let result = work();
        drop(done);
        result
    })
}

/// Shows the progress until the other end of the channel is dropped.
fn show(linter: &Linter, is_done: &Receiver<()>) {
    let mut since = None;
    let mut shown = None;
    while is_done.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        let Some(progress) = linter.progress() else { continue };
        let is_due = since.get_or_insert_with(Instant::now).elapsed() >= DELAY;
        if is_due && shown.as_ref() != Some(&progress) {
            write(&format!("{CLEAR}alignlint: reading the history: {}", one_line(&progress)));
            shown = Some(progress);
        }
    }
    if shown.is_some() {
        write(CLEAR);
    }
}

/// Ignores errors: a closed terminal must not fail the run.
fn write(text: &str) {
    let mut stderr = stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
