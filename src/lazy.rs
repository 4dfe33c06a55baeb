//! Values that are computed on first use.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{LazyLock, OnceLock};

/// A value, or the function that computes it once.
pub struct Lazy<T>(LazyLock<T, Compute<T>>);

type Compute<T> = Box<dyn FnOnce() -> T + Send + Sync>;

impl<T> Lazy<T> {
    pub fn new(compute: impl FnOnce() -> T + Send + Sync + 'static) -> Lazy<T> {
        Lazy(LazyLock::new(Box::new(compute)))
    }
}

impl<T: Send + Sync + 'static> From<T> for Lazy<T> {
    fn from(value: T) -> Lazy<T> {
        Lazy::new(move || value)
    }
}

impl<T: Clone + Send + Sync + 'static> Clone for Lazy<T> {
    fn clone(&self) -> Lazy<T> {
        T::clone(self).into()
    }
}

impl<T: Default + Send + Sync + 'static> Default for Lazy<T> {
    fn default() -> Lazy<T> {
        Lazy::from(T::default())
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
        (**self).fmt(f)
    }
}

/// Returns the value of a cell, and computes it if it has none. In contrast to [`OnceLock::get_or_init`], `compute` may wait for
/// tasks of a thread pool: a thread that waits for its own tasks may run others, and one of these may need the same cell.
/// Several threads may compute the value at the same time; the first one is kept.
pub fn get_or_compute<T>(cell: &OnceLock<T>, compute: impl FnOnce() -> T) -> &T {
    match cell.get() {
        Some(value) => value,
        None => {
            let value = compute();
            cell.get_or_init(|| value)
        }
    }
}
