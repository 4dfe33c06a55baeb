//! Whether an answer is among the accepted ones.

use crate::calendar::Amount;

/// Returns whether an answer is one of these words or within one of these limits; `None` if only people can tell.
pub(super) fn meets<'c>(answer: &str, conditions: impl Iterator<Item = &'c str>) -> Option<bool> {
    let mut judged = Some(false);
    for condition in conditions {
        match meets_one(answer, condition) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => judged = None,
        }
    }
    judged
}

fn meets_one(answer: &str, condition: &str) -> Option<bool> {
    let (given, wanted) = (normal(answer), normal(condition));
    if given == wanted {
        return Some(true);
    }
    if let Some(limit) = Amount::parse(condition) {
        return limit.admits(&Amount::parse(answer)?);
    }
    if wanted.contains(' ') {
        return None;
    }
    let first = normal(given.split([' ', ',', ':', ';', '.', '–', '—']).next().unwrap_or_default());
    let is_closed = |word: &str| matches!(word, "yes" | "no");
    match first == wanted {
        true => Some(true),
        false if !given.contains(' ') || (is_closed(&first) && is_closed(&wanted)) => Some(false),
        false => None,
    }
}

/// Lower case, without a full stop; `yes` and `no` in one word each.
fn normal(text: &str) -> String {
    let text = text.trim().trim_end_matches(['.', '!']).to_lowercase();
    match &*text {
        "true" | "y" | "✓" | "✔" | "pass" | "passed" => "yes".to_owned(),
        "false" | "n" | "✗" | "fail" | "failed" => "no".to_owned(),
        _ => text,
    }
}
