//! Tells a person at a terminal how far a long walk through history has come.

use std::io::{IsTerminal, Write, stderr};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::history::Progress;

/// Nobody wants to be told of what takes less.
const PATIENCE: Duration = Duration::from_secs(1);
const BETWEEN: Duration = Duration::from_millis(100);
/// Back to the line's start, and the line empty.
const CLEAR: &str = "\r\x1b[K";

/// Tells until it is dropped, and then takes back what it wrote.
pub(super) struct Telling {
    /// What waits for it to go away hears that at once.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Telling {
    /// None where nobody looks on.
    pub fn start(progress: Arc<Progress>) -> Option<Telling> {
        let someone_looks_on =
            stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|it| it != "dumb");
        if !someone_looks_on {
            return None;
        }
        let (stop, stopped) = channel::<()>();
        let began = Instant::now();
        let tell = move || {
            let mut told = None;
            while stopped.recv_timeout(BETWEEN) == Err(RecvTimeoutError::Timeout) {
                let now = progress.describe().filter(|_| began.elapsed() >= PATIENCE);
                if let Some(now) = now.filter(|now| told.as_ref() != Some(now)) {
                    write(&format!("{CLEAR}alignlint: reading the history: {now}"));
                    told = Some(now);
                }
            }
            if told.is_some() {
                write(CLEAR);
            }
        };
        let thread = std::thread::Builder::new().spawn(tell).ok()?;
        Some(Telling { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A terminal that has gone away is no reason to fail.
fn write(text: &str) {
    let mut stderr = stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
