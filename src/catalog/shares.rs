//! Shares of the records for the threads that resolve their references.

use crate::record::Record;

/// Each share looks up a name once; with one share, a thread would wait for the other.
const SHARES_PER_THREAD: usize = 16;
const MIN_MENTIONS: usize = 1 << 9;

/// Splits the records into a few shares for each thread, with about the same number of mentions. `counts` are the mentions of each
/// record.
pub(super) fn shares<'r>(records: &'r [Record], counts: &[u32]) -> Vec<&'r [Record]> {
    let all: usize = counts.iter().map(|count| *count as usize).sum();
    let of_each = all.div_ceil(SHARES_PER_THREAD * rayon::current_num_threads()).max(MIN_MENTIONS);
    let (mut shares, mut rest, mut counts) = (Vec::new(), records, counts.iter());
    while !rest.is_empty() {
        let (mut mentions, mut length) = (0, 0);
        while mentions < of_each
            && let Some(count) = counts.next()
        {
            mentions += *count as usize;
            length += 1;
        }
        let (share, after) = rest.split_at(length);
        shares.push(share);
        rest = after;
    }
    shares
}
