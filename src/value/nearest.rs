//! The one function for near misses.

use super::token::fold;

/// Up to this many letters, a word is at most one edit from another.
const SHORT: usize = 5;

/// A word, and how far others may be from it.
struct Word {
    text: String,
    length: usize,
    letters: u64,
    most: usize,
}

impl Word {
    fn new(word: &str) -> Word {
        let text = fold(word.trim());
        let length = text.chars().count();
        Word { length, letters: letters(&text), most: if length <= SHORT { 1 } else { 2 }, text }
    }

    /// Returns how many letters are inserted, deleted, replaced or swapped between the words, if few. No word is near its opposite.
    fn edits_to(&self, candidate: &str) -> Option<usize> {
        let folded = fold(candidate);
        let length = folded.chars().count();
        // An edit replaces at most one letter, so the sets of letters bound the distance from below.
        if length.abs_diff(self.length) > self.most
            || (letters(&folded) ^ self.letters).count_ones() as usize > 2 * self.most
        {
            return None;
        }
        let edits = strsim::osa_distance(&self.text, &folded);
        (edits <= self.most && edits < length && !is_opposite(&self.text, &folded)).then_some(edits)
    }
}

/// Returns the only candidate that is nearest to a word: at most one edit in up to five letters, else two. Case, hyphens and underscores
/// don't count.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = Word::new(word);
    let (mut best, mut is_only): (Option<(usize, &str)>, bool) = (None, true);
    for candidate in candidates {
        let Some(edits) = word.edits_to(candidate) else { continue };
        match best {
            Some((least, _)) if least < edits => {}
            Some((least, other)) if least == edits => is_only &= fold(other) == fold(candidate),
            _ => (best, is_only) = (Some((edits, candidate)), true),
        }
    }
    best.filter(|_| is_only).map(|(_, candidate)| candidate)
}

/// Returns the only meaning whose word is one edit from `word`; none for a word of fewer than five letters, of which too many others are
/// one edit away. `words` are pairs of a word and its meaning.
pub fn only_meaning<'a, W: AsRef<str>>(
    word: &str,
    words: impl IntoIterator<Item = (W, &'a str)>,
) -> Option<&'a str> {
    let word = Word::new(word);
    if word.length < SHORT {
        return None;
    }
    let near = words.into_iter().filter(|(candidate, _)| word.edits_to(candidate.as_ref()) == Some(1));
    let mut meanings = near.map(|(_, meaning)| meaning);
    let first = meanings.next()?;
    meanings.all(|other| other == first).then_some(first)
}

/// Returns the set of letters of a word: an edit of the word changes at most two of them.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |set, letter| set | 1 << (letter as u32 % 64))
}

/// Returns true for a word and its negation, such as `unsafe` and `safe`, and for a verb and its passive: `replaces`, `replaced`.
fn is_opposite(word: &str, other: &str) -> bool {
    const NEGATIONS: [&str; 7] = ["un", "in", "im", "ir", "de", "non", "not"];
    let (long, short) = if word.len() > other.len() { (word, other) } else { (other, word) };
    let start = long.strip_suffix(short).unwrap_or_default();
    let is_passive = |one: &str, two: &str| {
        let verb = one.strip_suffix('s').filter(|verb| verb.ends_with('e'));
        verb.is_some() && verb == two.strip_suffix('d')
    };
    NEGATIONS.contains(&start.trim_end()) || is_passive(word, other) || is_passive(other, word)
}
