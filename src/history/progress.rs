//! The progress of loading the history, to be shown while a person waits.

use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    total: AtomicUsize,
    phase: AtomicUsize,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Phase {
    Commits,
    Files,
}

impl Progress {
    pub(super) fn start(&self, phase: Phase, total: usize) {
        self.phase.store(phase as usize, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    pub(super) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns a text like `commits, 34%`; `None` before the first phase.
    pub fn describe(&self) -> Option<String> {
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        let phase = ["commits", "files"].get(self.phase.load(Ordering::Relaxed))?;
        let percent = done.saturating_mul(100).checked_div(total)?.min(100);
        Some(format!("{phase}, {percent}%"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_phase_is_counted_by_itself() {
        let progress = Progress::default();
        assert_eq!(progress.describe(), None);
        progress.start(Phase::Commits, 3);
        progress.step();
        assert_eq!(progress.describe().as_deref(), Some("commits, 33%"));
        progress.start(Phase::Files, 0);
        assert_eq!(progress.describe(), None);
        progress.start(Phase::Files, 1);
        progress.step();
        progress.step();
        assert_eq!(progress.describe().as_deref(), Some("files, 100%"));
    }
}
