//! Searches a text for many names at once, where words begin.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};
use memchr::memchr2_iter;
use rayon::prelude::*;

use super::beginnings::Beginnings;

/// The longest name at each word, without overlaps.
pub(super) struct NameSearch {
    /// One automaton for each [`CHUNK`] of names; empty if there are none.
    automata: Vec<AhoCorasick>,
    /// `None` if a name begins with a sign: then each byte is compared.
    beginnings: Option<Beginnings>,
}

/// Up to this many names, the fastest automaton is small.
const FEW_NAMES: usize = 1 << 10;

/// Names per automaton. The time to build one is quadratic in their number.
const CHUNK: usize = 1 << 14;

impl NameSearch {
    pub(super) fn new(names: &[String]) -> NameSearch {
        let begin_words = names.iter().all(|name| name.starts_with(char::is_alphanumeric));
        let build = |names: &[String]| {
            AhoCorasick::builder()
                .kind((names.len() <= FEW_NAMES).then_some(AhoCorasickKind::DFA))
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::LeftmostLongest)
                .start_kind(if begin_words { StartKind::Anchored } else { StartKind::Unanchored })
                .build(names)
                .ok()
        };
        let automata = names.par_chunks(CHUNK).map(build).collect::<Option<Vec<_>>>();
        let beginnings = begin_words.then(|| Beginnings::of(names.iter().map(String::as_str)));
        NameSearch { automata: automata.unwrap_or_default(), beginnings }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.automata.is_empty()
    }

    /// Returns the numbers and places of the names in a text, in order. Calls `at_gap` with the place of
    /// each space before a word and of each hyphen, except those in names.
    pub(super) fn find_in(&self, text: &str, mut at_gap: impl FnMut(usize)) -> Vec<(usize, Range<usize>)> {
        let mut found = Vec::new();
        let Some(beginnings) = &self.beginnings else {
            memchr2_iter(b' ', b'-', text.as_bytes()).for_each(at_gap);
            return self.find_anywhere(text);
        };
        let bytes = text.as_bytes();
        let (mut at, mut is_inside) = (0, false);
        while let Some(&byte) = bytes.get(at) {
            let class = Class::of(byte);
            let is_start = !is_inside && matches!(class, Class::Word | Class::NotAscii);
            if is_start && at > 0 && bytes[at - 1] == b' ' {
                at_gap(at - 1);
            }
            if is_start
                && beginnings.may_begin(&bytes[at..])
                && let Some((number, end)) = self.longest_at(text, at)
            {
                found.push((number, at..end));
                (at, is_inside) = (end, text[..end].chars().next_back().is_some_and(is_in_word));
                continue;
            }
            match class {
                Class::Word => {
                    let rest = bytes[at + 1..].iter();
                    at += 1 + rest.take_while(|byte| Class::of(**byte) == Class::Word).count();
                    is_inside = true;
                }
                Class::Joint => {
                    if byte == b'-' {
                        at_gap(at);
                    }
                    at += 1;
                    is_inside = true;
                }
                Class::Sign => {
                    at += 1;
                    is_inside = false;
                }
                Class::NotAscii => {
                    let c = text[at..].chars().next().unwrap_or_default();
                    at += c.len_utf8();
                    is_inside = is_in_word(c);
                }
            }
        }
        found
    }

    fn longest_at(&self, text: &str, start: usize) -> Option<(usize, usize)> {
        let input = || Input::new(text).range(start..).anchored(Anchored::Yes);
        let found = self.automata.iter().enumerate().filter_map(|(part, automaton)| {
            let hit = automaton.try_find(input()).ok()??;
            Some((part * CHUNK + hit.pattern().as_usize(), hit.end()))
        });
        found.max_by_key(|(number, end)| (*end, std::cmp::Reverse(*number)))
    }

    fn find_anywhere(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let each = self.automata.iter().enumerate().flat_map(|(part, automaton)| {
            automaton.find_iter(text).map(move |hit| (part * CHUNK + hit.pattern().as_usize(), hit.range()))
        });
        let mut found: Vec<_> = each.collect();
        if self.automata.len() > 1 {
            leave_out_overlaps(&mut found);
        }
        found
    }
}

/// Keeps the first of names that overlap, and of those that begin at one place the longest.
pub(super) fn leave_out_overlaps(found: &mut Vec<(usize, Range<usize>)>) {
    found.sort_by_key(|(number, hit)| (hit.start, std::cmp::Reverse(hit.end), *number));
    let mut end = 0;
    found.retain(|(_, hit)| {
        let is_apart = hit.start >= end;
        if is_apart {
            end = hit.end;
        }
        is_apart
    });
}

/// Returns true for a character after which no word begins.
pub(super) fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// What a byte is to the words around it.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Word,
    /// No word begins with it, and none behind it.
    Joint,
    Sign,
    NotAscii,
}

impl Class {
    const ALL: [Class; 256] = {
        let mut all = [Class::NotAscii; 256];
        let mut byte: u8 = 0;
        while byte < 0x80 {
            all[byte as usize] = match byte {
                b'_' | b'-' => Class::Joint,
                _ if byte.is_ascii_alphanumeric() => Class::Word,
                _ => Class::Sign,
            };
            byte += 1;
        }
        all
    };

    fn of(byte: u8) -> Class {
        Class::ALL[usize::from(byte)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(names: &[&str], text: &'t str) -> Vec<&'t str> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        NameSearch::new(&names).find_in(text, |_| {}).into_iter().map(|(_, hit)| &text[hit]).collect()
    }

    #[test]
    fn gaps_are_told_outside_of_names() {
        let gaps = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let mut gaps = Vec::new();
            NameSearch::new(&names).find_in("a b-c deal desk d", |at| gaps.push(at));
            gaps
        };
        assert_eq!(gaps(&["deal desk"]), [1, 3, 5, 15]);
        assert_eq!(gaps(&[".NET"]), [1, 3, 5, 10, 15], "each byte is compared");
    }

    #[test]
    fn names_are_found_where_words_begin() {
        let names = ["deal", "deal desk", "KR", "Größe"];
        assert_eq!(found(&names, "A Deal, the ideal deal desk, KR1"), ["Deal", "deal desk", "KR"]);
        assert_eq!(
            found(&names, "“deal”—deal, größe x Größe _deal big-deal"),
            ["deal", "deal", "größe", "Größe"]
        );
        assert_eq!(found(&names, ""), [""; 0]);
    }

    #[test]
    fn names_that_begin_with_a_sign_are_found_too() {
        assert_eq!(found(&[".NET", "net"], "the .NET net"), [".NET", "net"]);
    }
}
