//! Regular expressions that are compiled for the first text that they search: in a run, most search none.

use std::sync::OnceLock;

use regex::{Captures, Error, Match, Regex, RegexBuilder};

use crate::limits::REGEX_BYTES;

/// A regular expression that runs in linear time, and is compiled once it searches a text.
#[derive(Debug)]
pub struct LazyRegex {
    pattern: Box<str>,
    /// The inner `None` means that the pattern is invalid or too large: it matches nothing.
    regex: OnceLock<Option<Regex>>,
}

impl LazyRegex {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// The pattern is invalid or too large.
    pub fn new(pattern: &str) -> Result<LazyRegex, Error> {
        Ok(LazyRegex { pattern: pattern.into(), regex: OnceLock::from(Some(compiled(pattern)?)) })
    }

    /// A pattern that is known to be valid.
    pub fn known(pattern: &str) -> LazyRegex {
        LazyRegex { pattern: pattern.into(), regex: OnceLock::new() }
    }

    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| compiled(&self.pattern).ok()).as_ref()
    }

    pub fn groups(&self) -> usize {
        self.regex().map_or(0, |regex| regex.captures_len() - 1)
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        self.regex().into_iter().flat_map(move |regex| regex.find_iter(text))
    }

    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.captures_at(text, 0)
    }

    /// Returns the first match that begins at `start` or later.
    pub fn captures_at<'t>(&self, text: &'t str, start: usize) -> Option<Captures<'t>> {
        self.regex()?.captures_at(text, start)
    }

    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        self.regex().into_iter().flat_map(move |regex| regex.captures_iter(text))
    }
}

fn compiled(pattern: &str) -> Result<Regex, Error> {
    RegexBuilder::new(pattern).size_limit(REGEX_BYTES).dfa_size_limit(REGEX_BYTES).build()
}
