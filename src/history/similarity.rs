//! The similarity of two texts by their lines, as in Git's detection of renames.

use std::collections::HashMap;

/// In bytes. Larger files are not compared.
pub(super) const MAX_SIZE: u64 = 1 << 20;

/// Two texts are similar if they share at least this percentage of the larger one.
const MIN_SHARED: usize = 60;

/// Returns true if most lines of the longer text are in both.
pub(super) fn is_alike(one: &[u8], other: &[u8]) -> bool {
    let (one, other) = (lines(one), lines(other));
    let size = |lines: &[&[u8]]| lines.iter().map(|line| line.len()).sum::<usize>();
    let larger = size(&one).max(size(&other));
    larger > 0 && shared(&one, &other) * 100 >= larger * MIN_SHARED
}

/// Returns the lines of a text without blank ones and without spaces around them.
pub(super) fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).collect()
}

/// Returns the number of bytes in lines that both have.
fn shared(one: &[&[u8]], other: &[&[u8]]) -> usize {
    let mut left: HashMap<&[u8], usize> = HashMap::new();
    for line in one {
        *left.entry(line).or_default() += 1;
    }
    let is_shared = |line: &&&[u8]| match left.get_mut(**line) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    other.iter().filter(is_shared).map(|line| line.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_alike_that_share_most_of_their_lines() {
        let page = b"# Queues\n\nOne queue for each service.\n\nIt is cheap.\n";
        assert!(is_alike(page, b"# One queue\n\nOne queue for each service.\n\nIt is cheap.\n"));
        assert!(!is_alike(page, b"# Topics\n\nOne topic for each service.\n\nIt is cheap.\n"));
        assert!(!is_alike(b"", b""));
    }
}
