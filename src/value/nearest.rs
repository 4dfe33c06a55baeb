//! The one function for near misses, and what only looks like another text.

use unicode_normalization::UnicodeNormalization;
use unicode_security::{MixedScript, skeleton};

use super::token::fold;

/// Up to this many letters, a word is at most one edit from another.
const SHORT: usize = 5;

/// A word, and how far others may be from it.
struct Word<'w> {
    written: &'w str,
    text: String,
    length: usize,
    letters: u64,
    most: usize,
}

impl Word<'_> {
    fn new(written: &str) -> Word<'_> {
        let text = fold(written.trim());
        let length = text.chars().count();
        Word { written, length, letters: letters(&text), most: if length <= SHORT { 1 } else { 2 }, text }
    }

    /// Returns how many letters are inserted, deleted, replaced or swapped between the words, if few: none of a word that looks the same. No
    /// word is near its opposite.
    fn edits_to(&self, candidate: &str) -> Option<usize> {
        // Up to so many characters of a word show nothing.
        const MOST_HIDDEN: usize = 8;
        let folded = fold(candidate);
        let length = folded.chars().count();
        if length.abs_diff(self.length) <= MOST_HIDDEN && looks_like(self.written, candidate) {
            return Some(0);
        }
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
    let is_near = |edits| edits == 1 && word.length >= SHORT || edits == 0 && !word.written.is_ascii();
    let near =
        words.into_iter().filter(|(candidate, _)| word.edits_to(candidate.as_ref()).is_some_and(is_near));
    let mut meanings = near.map(|(_, meaning)| meaning);
    let first = meanings.next()?;
    meanings.all(|other| other == first).then_some(first)
}

/// Returns true for a text with other characters than ASCII that looks like another one, whatever the case of both.
fn looks_like(written: &str, meant: &str) -> bool {
    let key = |text: &str| fold(&skeleton(&in_ascii(text.trim())).collect::<String>());
    let is_same = |written: &str, meant: &str| key(written) == key(meant);
    !written.is_ascii() && (is_same(written, meant) || is_same(&fold(written), &fold(meant)))
}

/// Says which character of a text makes it another one than the text that it looks like, `meant` or one in ASCII, or than the same with
/// composed letters: `character 2 is U+2011`.
pub fn odd_character(written: &str, meant: &str) -> Option<String> {
    let (plain, composed) = (in_ascii(written), written.nfc().collect::<String>());
    let plain = if is_disguised(written) { &plain } else { "" };
    let is_other = |it: &&str| *it != written && looks_like(written, it);
    let alike = [meant, plain, &composed].into_iter().find(is_other)?;
    let is_same = |(one, other): (char, char)| one.to_lowercase().eq(other.to_lowercase());
    let same = written.chars().zip(alike.chars()).take_while(|pair| is_same(*pair)).count();
    let (at, odd) = written.chars().enumerate().skip(same).find(|(_, c)| !c.is_ascii())?;
    Some(format!("character {} is U+{:04X}", at + 1, odd as u32))
}

/// Returns a text with the characters of ASCII that others look like, and without those that show nothing.
pub fn in_ascii(text: &str) -> String {
    let alike = |c: char| {
        // The tables have no long hyphen.
        let c = if matches!(c, '—' | '―' | '－') { '-' } else { c };
        let alike: String = skeleton(c.encode_utf8(&mut [0; 4])).collect();
        if !c.is_ascii() && alike.is_ascii() { alike } else { c.to_string() }
    };
    text.chars().map(alike).collect()
}

/// Returns true for an identifier that looks like one in ASCII: by a hyphen, a space, what shows nothing, or a letter of another alphabet
/// in a word. A word of another alphabet is one as a whole.
pub fn is_disguised(identifier: &str) -> bool {
    let is_mark = |c: char| !c.is_alphanumeric() && matches!(&*in_ascii(&c.to_string()), "" | "-" | " ");
    let is_odd = |c: char| !c.is_ascii() && is_mark(c);
    let mut words = identifier.split(|c: char| !c.is_alphanumeric());
    let mut is_mixed = || words.any(|word| !word.is_single_script());
    !identifier.is_ascii() && in_ascii(identifier).is_ascii() && (identifier.contains(is_odd) || is_mixed())
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
