//! Advice about names that nothing has: the nearest one.

pub use crate::value::{nearest, only_meaning};

/// Returns the help for an unknown name: the nearest one, or all of them.
pub fn name_help(name: &str, names: &[&str]) -> String {
    nearest(name, names.iter().copied())
        .map_or_else(|| format!("use one of `{}`", names.join("`, `")), did_you_mean)
}

/// Counts the insertions, deletions, substitutions and transpositions between two words.
pub fn edit_distance(a: &str, b: &str) -> usize {
    strsim::osa_distance(a, b)
}

/// Returns the candidates near a word's position in a sorted list, so that suggestions among many names stay fast.
/// `is_before` is the order.
pub fn nearby_candidates<T>(sorted: &[T], is_before: impl Fn(&T) -> bool) -> &[T] {
    const WINDOW: usize = 250;
    let position = sorted.partition_point(is_before);
    &sorted[position.saturating_sub(WINDOW)..(position + WINDOW).min(sorted.len())]
}

pub fn did_you_mean(meant: impl std::fmt::Display) -> String {
    format!("did you mean `{meant}`?")
}
