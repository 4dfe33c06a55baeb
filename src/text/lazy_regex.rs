//! Regular expressions in the dialect of the `regex` crate, which cost little as long as they search little.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use regex_automata::meta::{self, BuildError};
use regex_automata::util::captures;
use regex_automata::{Input, PatternID};

/// Bytes that a regular expression searches before it compiles for speed. To do so takes about as long as to search this much
/// without.
const SLOW_BYTES: usize = 1 << 14;

/// A regular expression that runs in linear time. Most patterns of a run see a few lines, so only the program of the pattern is
/// compiled at first, in a third of the time; the lazy automata that search ten times as fast follow when they pay.
#[derive(Debug)]
pub struct LazyRegex {
    pattern: Box<str>,
    limit: usize,
    slow: meta::Regex,
    /// `None` inside if it exceeds the limit, which the slow one does not.
    fast: OnceLock<Option<meta::Regex>>,
    /// Bytes searched by the slow one.
    searched: AtomicUsize,
}

impl LazyRegex {
    /// Compiles a pattern that may take `limit` bytes.
    ///
    /// # Errors
    /// The pattern is invalid or too large.
    pub fn new(pattern: &str, limit: usize) -> Result<LazyRegex, Box<BuildError>> {
        let config = meta::Config::new().hybrid(false).dfa(false).onepass(false);
        let slow = build(pattern, config, limit)?;
        Ok(LazyRegex {
            pattern: pattern.into(),
            limit,
            slow,
            fast: OnceLock::new(),
            searched: AtomicUsize::new(0),
        })
    }

    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// How many groups it has.
    pub fn groups(&self) -> usize {
        self.slow.group_info().group_len(PatternID::ZERO).saturating_sub(1)
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.engine(text.len()).is_match(text)
    }

    /// Returns the ranges of all matches, which don't overlap.
    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Range<usize>> + use<'_, 't> {
        self.engine(text.len()).find_iter(text).map(|found| found.range())
    }

    pub fn captures(&self, text: &str) -> Option<Captures> {
        self.captures_from(text, 0)
    }

    /// Returns the first match that begins at `start` or later.
    pub fn captures_from(&self, text: &str, start: usize) -> Option<Captures> {
        let engine = self.engine(text.len() - start);
        let mut found = engine.create_captures();
        engine.captures(Input::new(text).range(start..), &mut found);
        found.is_match().then_some(Captures(found))
    }

    /// Returns all matches, which don't overlap, with their groups.
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures> + use<'_, 't> {
        self.engine(text.len()).captures_iter(text).map(Captures)
    }

    fn engine(&self, bytes: usize) -> &meta::Regex {
        let fast = match self.fast.get() {
            Some(fast) => fast,
            None if self.searched.fetch_add(bytes, Ordering::Relaxed) + bytes < SLOW_BYTES => &None,
            None => {
                let compile = || build(&self.pattern, meta::Config::new(), self.limit).ok();
                self.fast.get_or_init(compile)
            }
        };
        fast.as_ref().unwrap_or(&self.slow)
    }
}

fn build(pattern: &str, config: meta::Config, limit: usize) -> Result<meta::Regex, Box<BuildError>> {
    let config = config.nfa_size_limit(Some(limit)).hybrid_cache_capacity(limit);
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

    const LIMIT: usize = 1 << 20;

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
            let regex = LazyRegex::new(pattern, LIMIT).unwrap();
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
        assert!(LazyRegex::new("(a", LIMIT).unwrap_err().syntax_error().is_some());
        assert_eq!(LazyRegex::new("[a-z]{1000}{1000}", LIMIT).unwrap_err().size_limit(), Some(LIMIT));
    }

    #[test]
    fn a_search_may_begin_within_the_text() {
        let regex = LazyRegex::new(r"\b(b)", LIMIT).unwrap();
        assert!(regex.captures_from("ab", 1).is_none());
        assert_eq!(regex.captures_from("a b", 1).and_then(|it| it.group(1)), Some(2..3));
    }
}
