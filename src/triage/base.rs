//! What a change brings in: the findings of a state that the state before it did not have.

use std::collections::HashMap;

use crate::finding::{Finding, Fingerprint};

/// The findings of `head` that `base` does not have, in their order, and how many it does have.
///
/// Findings are the same where their fingerprints are, whatever file and line they stand on. Of several with
/// one fingerprint as many are known as the base has, and the last ones are new: what is added mostly stands
/// below what was there.
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
