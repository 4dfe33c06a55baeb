//! Work on several threads.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError};

const MAX_THREADS: usize = 8;
/// The stack of each thread: deep trees are walked by recursion within known limits.
const STACK: usize = 8 << 20;

/// Maps items on several threads, each with one context; the results have the order of the items. A thread of rayon's pool, while it
/// waits for the history, could be given another rule that waits for it too.
pub(super) fn map<T: Send, C, R: Send>(
    mut items: impl Iterator<Item = T> + Send,
    context: impl Fn() -> C + Sync,
    map: impl Fn(&C, T) -> R + Sync,
) -> Vec<R> {
    // To start a thread takes longer than most histories.
    let first: Vec<T> = items.by_ref().take(2).collect();
    if first.len() < 2 {
        let context = context();
        return first.into_iter().map(|item| map(&context, item)).collect();
    }
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(MAX_THREADS);
    let items = Mutex::new(first.into_iter().chain(items).enumerate());
    let run = || {
        let context = context();
        let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
        let mut results = Vec::new();
        while let Some((index, item)) = next() {
            results.push((index, map(&context, item)));
        }
        results
    };
    let mut results = std::thread::scope(|scope| {
        let start = || std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).ok();
        let running: Vec<_> = (0..threads).map_while(|_| start()).collect();
        let mut results = if running.is_empty() { run() } else { Vec::new() };
        for thread in running {
            results.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        results
    });
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
