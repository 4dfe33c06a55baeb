//! Names of one word that are written in two.

use std::collections::HashMap;
use std::ops::Range;

use super::beginnings::Beginnings;

/// The accepted names of one word, with the numbers that they have where they are written in two.
pub(super) struct Joined {
    /// By the name in lower case.
    numbers: HashMap<Box<str>, usize>,
    beginnings: Beginnings,
}

impl Joined {
    pub(super) fn new(numbers: HashMap<Box<str>, usize>) -> Joined {
        let beginnings = Beginnings::of(numbers.keys().map(|name| &**name));
        Joined { numbers, beginnings }
    }

    /// Returns the name of one word that is written in two around a gap: `work-flow` with its hyphen there, and `a work flow` with the space
    /// before it, where it can't be a noun and its verb.
    #[inline]
    pub(super) fn find_at(&self, text: &str, gap: usize) -> Option<(usize, Range<usize>)> {
        match text.as_bytes()[gap..] {
            _ if self.numbers.is_empty() => None,
            [b'-', ..] => self.with_hyphen(text, gap),
            [_, ref after @ ..] if self.beginnings.may_begin(after) => self.with_space(text, gap),
            _ => None,
        }
    }

    fn number_of(&self, first: &str, second: &str) -> Option<usize> {
        let joined: String = first.chars().chain(second.chars()).flat_map(char::to_lowercase).collect();
        self.numbers.get(&*joined).copied()
    }

    /// Returns the name whose two parts are on both sides of a hyphen.
    fn with_hyphen(&self, text: &str, at: usize) -> Option<(usize, Range<usize>)> {
        let is_letter = |c: char| c.is_alphabetic();
        let (before, after) = (&text[..at], &text[at + 1..]);
        let first = &before[before.trim_end_matches(is_letter).len()..];
        let second = &after[..after.len() - after.trim_start_matches(is_letter).len()];
        // To `re-sign` is not to resign.
        let mut letters = first.bytes().chain(second.bytes());
        let start = [letters.next()?, letters.next()?, letters.next()?];
        if !self.beginnings.may_begin(&start)
            || first.is_empty()
            || second.len() < MIN_PART
            || first.eq_ignore_ascii_case("re")
        {
            return None;
        }
        let singular = second.strip_suffix('s').unwrap_or(second);
        let number = self.number_of(first, second).map(|number| (number, second));
        let (number, second) = number.or_else(|| Some((self.number_of(first, singular)?, singular)))?;
        Some((number, at - first.len()..at + 1 + second.len()))
    }

    /// Returns the name whose two parts are the two words behind a space.
    fn with_space(&self, text: &str, at: usize) -> Option<(usize, Range<usize>)> {
        let (before, after) = (&text[..at], &text[at + 1..]);
        let is_one_of = |words: &[&str], word: &str| words.iter().any(|one| one.eq_ignore_ascii_case(word));
        let determiner = last_word(before);
        if !is_one_of(&ARTICLES, determiner) {
            return None;
        }
        let (first, rest) = after.split_once(' ')?;
        let second = rest.split(' ').next()?.trim_end_matches(|c: char| !c.is_alphanumeric());
        let cause =
            last_word(before[..before.len() - determiner.len()].strip_suffix(' ').unwrap_or_default());
        let are_parts = first.len() > MIN_PART && second.len() > MIN_PART && !is_one_of(&PARTICLES, second);
        if !are_parts || is_one_of(&CAUSES, cause) {
            return None;
        }
        Some((self.number_of(first, second)?, at + 1..at + 2 + first.len() + second.len()))
    }
}

/// The part of a text behind its last space.
fn last_word(text: &str) -> &str {
    let length = text.bytes().rev().take_while(|byte| *byte != b' ').count();
    &text[text.len() - length..]
}

/// The shortest second part of a word that is written with a hyphen; with a space, both parts are longer.
const MIN_PART: usize = 2;

/// Words after which two words in the singular are the name of a thing.
const ARTICLES: [&str; 12] =
    ["a", "an", "the", "this", "each", "every", "our", "their", "its", "your", "first", "last"];

/// Words after which they are a noun and its verb: `let the work flow`.
const CAUSES: [&str; 26] = [
    "let", "lets", "make", "makes", "making", "help", "helps", "keep", "keeps", "see", "watch", "have",
    "has", "had", "do", "does", "did", "will", "would", "can", "could", "should", "must", "may", "might",
    "that",
];

/// Words that belong to a verb: `the sign over there`.
const PARTICLES: [&str; 14] = [
    "out", "off", "over", "down", "back", "away", "through", "with", "under", "about", "for", "from", "into",
    "around",
];
