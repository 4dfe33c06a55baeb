//! Values that are worked out when somebody first asks for them.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

/// A value that is known, or will be once somebody asks for it; any thread may.
pub struct Lazy<T>(LazyLock<T, Work<T>>);

type Work<T> = Box<dyn FnOnce() -> T + Send + Sync>;

impl<T> Lazy<T> {
    /// What `work` gives, which is done at most once.
    pub fn new(work: impl FnOnce() -> T + Send + Sync + 'static) -> Lazy<T> {
        Lazy(LazyLock::new(Box::new(work)))
    }
}

impl<T: Send + Sync + 'static> From<T> for Lazy<T> {
    fn from(value: T) -> Lazy<T> {
        Lazy::new(move || value)
    }
}

impl<T> Deref for Lazy<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Lazy<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn the_work_is_done_once_and_only_if_somebody_asks() {
        let done = Arc::new(AtomicUsize::new(0));
        let counted = done.clone();
        let later = Lazy::new(move || counted.fetch_add(1, Ordering::Relaxed));
        assert_eq!(done.load(Ordering::Relaxed), 0);
        assert_eq!((*later, *later), (0, 0));
        assert_eq!(done.load(Ordering::Relaxed), 1);
        assert_eq!(*Lazy::from(7), 7);
    }
}
