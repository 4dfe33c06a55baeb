//! A regular expression of a profile, and what it captures.

use regex::{Regex, RegexBuilder};

/// A pattern that keeps its first capture group, or all that it matches.
#[derive(Debug)]
pub(crate) struct Pattern(Regex);

impl Pattern {
    /// # Errors
    ///
    /// Says in one line why the text is no pattern. Matching takes time linear in the text; a pattern
    /// that would need more than 1 MiB is refused.
    pub fn new(text: &str) -> Result<Pattern, String> {
        let compiled = RegexBuilder::new(text).size_limit(1 << 20).build();
        compiled.map(Pattern).map_err(|error| last_line(&error.to_string()))
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The bytes of `text` that the pattern keeps; none where it keeps only white space.
    pub fn keep(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let captures = self.0.captures(text)?;
        let kept = captures.get(1).or_else(|| captures.get(0))?;
        let trimmed = kept.as_str().trim();
        let start = kept.start() + (kept.as_str().len() - kept.as_str().trim_start().len());
        (!trimmed.is_empty()).then(|| start..start + trimmed.len())
    }
}

/// The regex crate draws the pattern over several lines and says what is wrong in the last.
fn last_line(message: &str) -> String {
    message.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_keeps_its_group_without_the_space_around_it() {
        let pattern = Pattern::new(r"(?i)superseded by(.*)$").unwrap();
        assert_eq!(pattern.keep("Superseded by  0005 "), Some(15..19));
        assert_eq!(pattern.keep("superseded by "), None);
        assert_eq!(Pattern::new("[0-9]+").unwrap().keep("ADR 12"), Some(4..6));
    }

    #[test]
    fn a_broken_pattern_says_why_in_one_line() {
        assert_eq!(Pattern::new("(a").unwrap_err(), "unclosed group");
    }
}
