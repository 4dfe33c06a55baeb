use std::ops::Range;

use crate::schema::{InvalidPattern, compile_pattern};
use crate::text::{Captures, LazyRegex};

/// A regular expression whose result is its first capture group, or else the whole match.
#[derive(Debug)]
pub(crate) struct Pattern(LazyRegex);

impl Pattern {
    /// # Errors
    /// The pattern is invalid or too large.
    pub(crate) fn new(text: &str) -> Result<Pattern, InvalidPattern> {
        compile_pattern(text).map(Pattern)
    }

    /// A pattern that is known to be valid; it is compiled for the first text that may match.
    pub(crate) fn built_in(text: &str) -> Pattern {
        Pattern(LazyRegex::known(text))
    }

    pub(crate) fn text(&self) -> &str {
        self.0.as_str()
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// Returns the trimmed range of the result; `None` if it is blank.
    pub(crate) fn find(&self, text: &str) -> Option<Range<usize>> {
        result(text, &self.0.captures(text)?)
    }

    /// Returns the results of all matches, which don't overlap.
    pub(crate) fn find_all<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.0.captures_iter(text).filter_map(|captures| result(text, &captures))
    }
}

fn result(text: &str, captures: &Captures) -> Option<Range<usize>> {
    let range = captures.group(1).unwrap_or_else(|| captures.whole());
    let found = &text[range.clone()];
    let trimmed = found.trim();
    let start = range.start + (found.len() - found.trim_start().len());
    (!trimmed.is_empty()).then(|| start..start + trimmed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_keeps_its_group_without_the_space_around_it() {
        let pattern = Pattern::new(r"(?i)superseded by(.*)$").unwrap();
        assert_eq!(pattern.find("Superseded by  0005 "), Some(15..19));
        assert_eq!(pattern.find("superseded by "), None);
        assert_eq!(Pattern::new("[0-9]+").unwrap().find("ADR 12"), Some(4..6));
    }

    #[test]
    fn a_broken_pattern_says_why_in_one_line() {
        assert_eq!(Pattern::new("(a").unwrap_err().to_string(), "invalid regular expression: unclosed group");
    }
}
