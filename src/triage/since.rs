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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::fixtures;

    fn finding(fingerprint: &str, message: &str) -> Finding {
        Finding { fingerprint: Fingerprint::of([fingerprint]), ..fixtures::finding(message) }
    }

    #[test]
    fn of_equal_findings_as_many_are_known_as_the_base_has_and_the_last_are_new() {
        let head = vec![finding("a", "1st"), finding("b", "other"), finding("a", "2nd"), finding("a", "3rd")];
        let base = [finding("a", "as it was"), finding("a", "as it was"), finding("fixed", "")];
        let (new, known) = new_since(head, &base);
        let messages: Vec<&str> = new.iter().map(|finding| &*finding.message).collect();
        assert_eq!((messages, known), (vec!["other", "3rd"], 2));
    }

    #[test]
    fn against_nothing_all_is_new_in_the_order_it_had() {
        let (new, known) = new_since(vec![finding("b", "b"), finding("a", "a")], &[]);
        assert_eq!((new.len(), &*new[0].message, known), (2, "b", 0));
    }
}
