//! Compares the findings of two states.

use std::collections::HashMap;

use crate::finding::{Finding, Fingerprint};

/// Returns the findings of `head` that are not in `base`, in their order, and the number of those that are.
///
/// Findings are equal if their fingerprints are. Of several with one fingerprint the last are new, because new ones are
/// mostly added below.
pub fn new_since(head: Vec<Finding>, base: &[Finding]) -> (Vec<Finding>, usize) {
    let mut known: HashMap<Fingerprint, usize> = HashMap::new();
    for finding in base {
        *known.entry(finding.fingerprint).or_default() += 1;
    }
    let all = head.len();
    let mut is_new = |finding: &Finding| match known.get_mut(&finding.fingerprint) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    let new: Vec<Finding> = head.into_iter().filter(&mut is_new).collect();
    let known = all - new.len();
    (new, known)
}
