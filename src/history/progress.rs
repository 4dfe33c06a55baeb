//! How far a walk has come, for a person who waits for it.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts what is done of the part that the walk has come to.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    all: AtomicUsize,
    part: AtomicUsize,
}

/// The parts of a walk, in their order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Commits,
    Files,
}

impl Progress {
    pub(super) fn begin(&self, part: Part, all: usize) {
        self.part.store(part as usize, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.all.store(all, Ordering::Relaxed);
    }

    pub(super) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// `commits, 34 %`; none before the walk has begun.
    pub fn describe(&self) -> Option<String> {
        let (done, all) = (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed));
        let part = ["commits", "files"].get(self.part.load(Ordering::Relaxed))?;
        let percent = done.saturating_mul(100).checked_div(all)?.min(100);
        Some(format!("{part}, {percent} %"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_told_by_itself() {
        let progress = Progress::default();
        assert_eq!(progress.describe(), None);
        progress.begin(Part::Commits, 3);
        progress.step();
        assert_eq!(progress.describe().as_deref(), Some("commits, 33 %"));
        progress.begin(Part::Files, 0);
        assert_eq!(progress.describe(), None);
        progress.begin(Part::Files, 1);
        progress.step();
        progress.step();
        assert_eq!(progress.describe().as_deref(), Some("files, 100 %"));
    }
}
