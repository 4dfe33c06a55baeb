//! The one function for near misses.

/// Up to this many letters, a word is at most one edit from another.
const SHORT: usize = 5;

/// Returns the only candidate that is nearest to a word, by insertions, deletions, substitutions and transpositions of letters: at most
/// one of them in up to five letters, else two. Case, hyphens and underscores don't count. None for a word of fewer than four letters, or
/// one that is a candidate.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const FEWEST: usize = 4;
    let fold = super::token::fold;
    let word = fold(word.trim());
    let length = word.chars().count();
    if length < FEWEST {
        return None;
    }
    let most = if length <= SHORT { 1 } else { 2 };
    let letters = letters(&word);
    let (mut best, mut found, mut is_unique) = (most + 1, None, true);
    for candidate in candidates {
        let folded = fold(candidate);
        // An edit replaces at most one letter, so the sets of letters bound the distance from below.
        if folded.chars().count().abs_diff(length) > most
            || (self::letters(&folded) ^ letters).count_ones() as usize > 2 * most
        {
            continue;
        }
        let distance = strsim::osa_distance(&word, &folded);
        if distance == 0 {
            return None;
        }
        if distance < best {
            (best, found, is_unique) = (distance, Some((candidate, folded)), true);
        } else if distance == best && found.as_ref().is_some_and(|(_, other)| *other != folded) {
            is_unique = false;
        }
    }
    found.filter(|(_, folded)| is_unique && !is_opposite(&word, folded)).map(|(candidate, _)| candidate)
}

/// Returns the set of letters of a word: an edit of the word changes at most two of them.
pub(crate) fn letters(word: &str) -> u64 {
    word.chars().fold(0, |set, letter| set | 1 << (letter as u32 % 64))
}

/// Returns true for a word and its negation, such as `unsafe` and `safe`, and for a verb and its passive: `replaces`, `replaced`.
fn is_opposite(word: &str, other: &str) -> bool {
    let (long, short) = if word.len() > other.len() { (word, other) } else { (other, word) };
    let is_negation = ["un", "in", "im", "ir", "de"].iter().any(|it| long.strip_prefix(it) == Some(short));
    let stem = |word: &'_ str, ending: char| word.strip_suffix(ending).map(str::to_owned);
    let is_passive = |one: &str, two: &str| stem(one, 's').is_some() && stem(one, 's') == stem(two, 'd');
    is_negation || is_passive(word, other) || is_passive(other, word)
}
