//! Regular expressions in the dialect of the `regex` crate, which cost little as long as they search little.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use regex_automata::meta::{self, BuildError};
use regex_automata::util::captures;
use regex_automata::{Input, PatternID};
use regex_syntax::hir::{Class, Hir, HirKind};

use super::required::Required;
use crate::limits::REGEX_BYTES;

/// The number of bytes that the slow engine searches before the fast engine is compiled, which takes about as long as to search them.
const SLOW_BYTES: usize = 1 << 14;

/// How many bytes the search for required literals reads while the slow engine reads one.
const LITERAL_SPEED: usize = 16;

/// A regular expression that runs in linear time and is compiled in steps. Most patterns search a few lines in a run and match nothing
/// there. So the first step searches for the required literals of the pattern, and compiles nothing. The slow engine, which has only an
/// NFA, is compiled for the first text that contains one. The fast engine, with lazy DFAs, takes three times as long to compile and
/// searches ten times as fast; it is compiled once the pattern has searched `SLOW_BYTES`.
#[derive(Debug)]
pub struct LazyRegex {
    pattern: Box<str>,
    required: OnceLock<Required>,
    /// The inner `None` means that the pattern is invalid or too large: it matches nothing.
    slow: OnceLock<Option<meta::Regex>>,
    /// The inner `None` means that it exceeds the limit, which the slow engine does not: the slow engine is used.
    fast: OnceLock<Option<Fast>>,
    /// The work done without the fast engine, in bytes as the slow engine reads them.
    searched: AtomicUsize,
}

#[derive(Debug)]
struct Fast {
    regex: meta::Regex,
    beginning: Option<Beginning>,
}

/// Two bytes of one range, with which each match begins. To look for these alone takes much less time than an automaton, and most texts
/// have none: no two capitals of an acronym.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Beginning {
    first: u8,
    last: u8,
}

impl LazyRegex {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// The pattern is invalid or too large.
    pub fn new(pattern: &str) -> Result<LazyRegex, Box<BuildError>> {
        let slow = build(pattern, slow_config())?;
        Ok(LazyRegex { slow: OnceLock::from(Some(slow)), ..LazyRegex::known(pattern) })
    }

    /// A pattern that is known to be valid. It is compiled for the first text that may match.
    pub fn known(pattern: &str) -> LazyRegex {
        LazyRegex {
            pattern: pattern.into(),
            required: OnceLock::new(),
            slow: OnceLock::new(),
            fast: OnceLock::new(),
            searched: AtomicUsize::new(0),
        }
    }

    /// How many groups it has.
    pub fn groups(&self) -> usize {
        self.slow().map_or(0, |regex| regex.group_info().group_len(PatternID::ZERO).saturating_sub(1))
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.engine(text).is_some_and(|engine| engine.is_match(text))
    }

    /// Returns the ranges of all matches, which don't overlap.
    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Range<usize>> + use<'_, 't> {
        let engine = self.engine(text).filter(|_| {
            let beginning = self.fast.get().and_then(Option::as_ref).and_then(|fast| fast.beginning);
            // A match that has a beginning is not empty.
            beginning.is_none_or(|beginning| beginning.is_in(text.as_bytes()))
        });
        engine.into_iter().flat_map(move |engine| engine.find_iter(text)).map(|found| found.range())
    }

    pub fn captures(&self, text: &str) -> Option<Captures> {
        self.captures_from(text, 0)
    }

    /// Returns the first match that begins at `start` or later.
    pub fn captures_from(&self, text: &str, start: usize) -> Option<Captures> {
        let engine = self.engine(text.get(start..)?)?;
        let mut found = engine.create_captures();
        engine.captures(Input::new(text).range(start..), &mut found);
        found.is_match().then_some(Captures(found))
    }

    /// Returns all matches, which don't overlap, with their groups.
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures> + use<'_, 't> {
        self.engine(text).into_iter().flat_map(move |engine| engine.captures_iter(text)).map(Captures)
    }

    /// Returns the engine for a text; `None` if the pattern can't match in it.
    fn engine(&self, text: &str) -> Option<&meta::Regex> {
        let fast = match self.fast.get() {
            Some(fast) => fast,
            None => {
                let required = self.required.get_or_init(|| Required::of(&self.pattern));
                // A long text compiles the fast engine anyway, so it skips the literal search, which is not linear.
                let may_match = text.len() >= SLOW_BYTES || required.are_in(text);
                let effort =
                    if may_match { text.len() } else { text.len() * required.passes() / LITERAL_SPEED };
                let searched = self.searched.fetch_add(effort, Ordering::Relaxed) + effort;
                match (may_match, searched < SLOW_BYTES) {
                    (true, true) => return self.slow(),
                    (false, true) => return None,
                    (_, false) => self.fast.get_or_init(|| Fast::of(&self.pattern)),
                }
            }
        };
        fast.as_ref().map(|fast| &fast.regex).or_else(|| self.slow())
    }

    fn slow(&self) -> Option<&meta::Regex> {
        self.slow.get_or_init(|| build(&self.pattern, slow_config()).ok()).as_ref()
    }
}

/// The configuration of the slow engine: only the NFA is compiled.
fn slow_config() -> meta::Config {
    meta::Config::new().hybrid(false).dfa(false).onepass(false)
}

impl Fast {
    fn of(pattern: &str) -> Option<Fast> {
        let regex = build(pattern, meta::Config::new()).ok()?;
        let beginning = regex_syntax::parse(pattern).ok().and_then(|hir| Beginning::of(&hir));
        Some(Fast { regex, beginning })
    }
}

impl Beginning {
    fn of(hir: &Hir) -> Option<Beginning> {
        match hir.kind() {
            HirKind::Capture(group) => Beginning::of(&group.sub),
            HirKind::Concat(parts) => {
                Beginning::of(parts.iter().find(|part| !matches!(part.kind(), HirKind::Look(_)))?)
            }
            HirKind::Repetition(repeated) if repeated.min >= 2 => match repeated.sub.kind() {
                HirKind::Class(Class::Unicode(class)) => match class.ranges() {
                    [range] if range.end().is_ascii() => {
                        Some(Beginning { first: range.start() as u8, last: range.end() as u8 })
                    }
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns true if the text has two such bytes beside each other.
    fn is_in(self, text: &[u8]) -> bool {
        const BLOCK: usize = 1 << 10;
        let is_one = |byte: &u8| byte.wrapping_sub(self.first) <= self.last - self.first;
        (0..text.len()).step_by(BLOCK).any(|start| {
            let (block, next) = (&text[start..], &text[start + 1..]);
            // Without a branch for each pair, which would take several times as long.
            let pairs = block.iter().zip(next).take(BLOCK);
            pairs.fold(false, |found, (one, other)| found | (is_one(one) & is_one(other)))
        })
    }
}

fn build(pattern: &str, config: meta::Config) -> Result<meta::Regex, Box<BuildError>> {
    let config = config.nfa_size_limit(Some(REGEX_BYTES)).hybrid_cache_capacity(REGEX_BYTES);
    meta::Builder::new().configure(config).build(pattern).map_err(Box::new)
}

/// The groups of a match.
#[derive(Debug)]
pub struct Captures(captures::Captures);

impl Captures {
    /// Returns the range of the whole match.
    pub fn whole(&self) -> Range<usize> {
        self.group(0).unwrap_or_default()
    }

    /// Returns the range of a group, counted from 1; `None` if it has no part in the match.
    pub fn group(&self, index: usize) -> Option<Range<usize>> {
        self.0.get_group(index).map(|span| span.range())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_the_beginning_of_a_match_has_none() {
        let beginning = |pattern: &str| Beginning::of(&regex_syntax::parse(pattern).unwrap());
        let capitals = beginning(r"(?-u:\b)([A-Z]{2,6})(?-u:\b)").unwrap();
        assert_eq!((capitals.first, capitals.last), (b'A', b'Z'));
        for pattern in ["[A-Z][A-Z]", "[A-Z]+", "x*[A-Z]{2}", "[A-Z]{2}|b", "[A-Za-z]{2}", "[à-ý]{2}"] {
            assert_eq!(beginning(pattern), None, "{pattern}");
        }
        let at = |start: usize| [&vec![b'x'; start][..], b"KR", &[b' '; 3000]].concat();
        assert!([0, 1, 1022, 1023, 1024, 4095].iter().all(|start| capitals.is_in(&at(*start))));
        let none: [&[u8]; 4] = [b"", b"K", b"K R", "ÄÖ Kr".as_bytes()];
        assert!(none.iter().all(|text| !capitals.is_in(text)));

        let acronyms = LazyRegex::new(r"(?-u:\b)[A-Z]{2,6}(?-u:\b)").unwrap();
        let text = format!("KR {}", "x".repeat(SLOW_BYTES));
        assert_eq!(acronyms.find_iter(&text).map(|found| found.end).collect::<Vec<_>>(), [2]);
        assert!(acronyms.fast.get().is_some());
        assert_eq!(acronyms.find_iter("a K").count() + acronyms.find_iter("").count(), 0);
        assert_eq!(acronyms.find_iter("a KR").map(|found| found.start).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn both_engines_find_the_same() {
        let patterns = [
            r"(?i)\bsuperseded\s+by\s+(?:\[?adr[- ]?)?([0-9]+)",
            r"^(\w+): *(.*?) *$",
            r"(?m)^#+ (.*)$",
            r"x*",
            r"[^\s,;]+$",
            r"(a|ab)(c|bcd)(d*)",
        ];
        let text = "# Größe\nStatus: Superseded by ADR-0012, superseded by 7\nabcd xx\n";
        let long = text.repeat(SLOW_BYTES / text.len() + 1);
        for pattern in patterns {
            let regex = LazyRegex::new(pattern).unwrap();
            let all = |text: &str| {
                let groups = regex.groups();
                let found = regex.captures_iter(text);
                found
                    .map(|it| (0..=groups).map(|group| it.group(group)).collect::<Vec<_>>())
                    .collect::<Vec<_>>()
            };
            let slow = all(text);
            assert!(regex.fast.get().is_none(), "{pattern}");
            let found: Vec<_> = slow.iter().filter_map(|groups| groups[0].clone()).collect();
            assert_eq!(regex.find_iter(text).collect::<Vec<_>>(), found, "{pattern}");
            assert!(regex.find_iter(&long).count() >= found.len());
            assert!(matches!(regex.fast.get(), Some(Some(_))), "{pattern}");
            assert_eq!(all(text), slow, "{pattern}");
            let expected = regex::Regex::new(pattern).unwrap();
            let expected: Vec<_> = expected.find_iter(text).map(|found| found.range()).collect();
            assert_eq!(found, expected, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_is_invalid_or_too_large_is_refused() {
        assert!(LazyRegex::new("(a").unwrap_err().syntax_error().is_some());
        assert_eq!(LazyRegex::new("[a-z]{1000}{1000}").unwrap_err().size_limit(), Some(REGEX_BYTES));
    }

    #[test]
    fn a_pattern_is_compiled_for_a_text_that_has_what_each_match_contains() {
        let regex = LazyRegex::known(r"(?i)\bsuperseded\s+by\s+([0-9]+)");
        assert!(!regex.is_match("Accepted") && regex.captures("accepted by 12").is_none());
        assert_eq!(regex.find_iter("accepted").count() + regex.captures_iter("accepted").count(), 0);
        assert!(regex.slow.get().is_none());
        let found = regex.captures("Accepted, then SUPERSEDED by 12").expect("a match");
        assert_eq!(found.group(1), Some(29..31));
        assert!(regex.slow.get().is_some() && regex.fast.get().is_none());
        let short = "accepted ".repeat(100);
        (0..10).for_each(|_| assert!(!regex.is_match(&short)));
        assert!(regex.fast.get().is_none(), "literals take little time");
        (0..SLOW_BYTES * LITERAL_SPEED / short.len()).for_each(|_| assert!(!regex.is_match(&short)));
        assert!(regex.fast.get().is_some());
        let long = LazyRegex::known("superseded");
        assert!(!long.is_match(&"supersede ".repeat(SLOW_BYTES)) && long.fast.get().is_some());
        assert!(regex.is_match("superseded by 7"));

        let invalid = LazyRegex::known("(a");
        assert!(!invalid.is_match("(a") && invalid.groups() == 0);
    }

    #[test]
    fn a_search_may_begin_within_the_text() {
        let regex = LazyRegex::new(r"\b(b)").unwrap();
        assert!(regex.captures_from("ab", 1).is_none());
        assert_eq!(regex.captures_from("a b", 1).and_then(|it| it.group(1)), Some(2..3));
    }
}
