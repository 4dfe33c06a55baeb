//! Regular expressions of rules, formats and kinds, in the syntax of the `regex` crate.

use std::fmt;

use crate::text::LazyRegex;

/// What `\b` becomes in a text with escapes. No file has this character, and the edge of a word is meant.
const BACKSPACE: char = '\u{8}';

const TOO_LARGE: &str = "the regular expression is too large";

/// Why a regular expression can't be used. Displayed as a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPattern(Box<str>);

impl InvalidPattern {
    /// The reason alone, in one line.
    pub fn reason(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InvalidPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            TOO_LARGE => f.write_str(TOO_LARGE),
            reason => write!(f, "invalid regular expression: {reason}"),
        }
    }
}

/// Compiles a regular expression, which runs in linear time.
///
/// # Errors
/// The pattern is invalid or too large.
pub fn compile_pattern(pattern: &str) -> Result<LazyRegex, InvalidPattern> {
    if pattern.contains(BACKSPACE) {
        return Err(InvalidPattern("`\\b` is a backspace here; write `\\\\b`".into()));
    }
    LazyRegex::new(pattern).map_err(|error| match error {
        regex::Error::Syntax(text) => {
            InvalidPattern(text.rsplit("error: ").next().unwrap_or(&text).trim().into())
        }
        _ => InvalidPattern(TOO_LARGE.into()),
    })
}
