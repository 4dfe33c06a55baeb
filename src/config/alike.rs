//! Rules that may be meant by a name that no rule has.

use crate::schema::nearest;

/// The most rules that are named.
const MOST: usize = 12;

/// In letters: shorter words begin too many others.
const MIN_WORD: usize = 4;

/// What to do about a name that no rule has.
pub(super) fn help(name: &str, rule_ids: &[&str]) -> String {
    const LIST: &str = "`alignlint rules` lists all rules";
    let (family, rest) = name.split_once('/').unwrap_or(("", name));
    let is_family = |name: &str| rule_ids.iter().any(|id| id.split('/').next() == Some(name));
    // A family that is not known may be the beginning of one.
    let of_family = if is_family(family) { 1 } else { 3 };
    let weight = |id: &str| {
        let (own, name) = id.split_once('/').unwrap_or((id, ""));
        3 * count(rest, own) + 2 * count(rest, name) + of_family * count(family, own)
    };
    let most = rule_ids.iter().map(|id| weight(id)).max().unwrap_or_default();
    let alike: Vec<&str> = rule_ids.iter().copied().filter(|id| most > 0 && weight(id) == most).collect();
    match alike.len() {
        0 => LIST.to_owned(),
        1..=MOST => format!("use one of `{}`; {LIST}", alike.join("`, `")),
        _ => match nearest(name, alike.iter().copied()) {
            Some(near) => format!("use `{near}`; {LIST}"),
            None => LIST.to_owned(),
        },
    }
}

/// True for two words of which one begins with the other but for two letters: `price` and `pricing`.
pub(super) fn begins_alike(one: &str, other: &str) -> bool {
    const LONGEST_ENDING: usize = 4;
    let shared = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let rest = one.chars().count().max(other.chars().count()) - shared;
    shared >= MIN_WORD && rest < LONGEST_ENDING
}

/// The number of words of a name that begin with a word of a part of a rule's name, or with which one begins.
fn count(name: &str, part: &str) -> usize {
    const BETWEEN: [char; 4] = ['/', '-', '_', '.'];
    let begins = |one: &str, other: &str| one.len() >= MIN_WORD && other.starts_with(one);
    let is_shared = |word: &&str| part.split(BETWEEN).any(|other| begins(word, other) || begins(other, word));
    name.to_lowercase().split(BETWEEN).filter(is_shared).count()
}
