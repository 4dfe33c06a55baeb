//! What suppresses findings besides the baseline: ignore comments, and records of the kind `exception`.

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::text::Span;

mod comments;
mod exceptions;

pub use comments::find_ignores;
pub use exceptions::{EXCEPTION, Exception, ExceptionIndex, path_and_folders};

/// A comment such as `alignlint: ignore RULE until 2027-01-31 because REASON`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ignore {
    /// The text of the comment without its delimiters.
    pub span: Span,
    /// Where it applies: the key or block below it, with everything inside.
    pub scope: Span,
    /// A name of the scope that does not change when it is moved: the record, then the keys or the section inside. A
    /// block of a page is named by its words: those before the next such comment, and a hash of the rest.
    pub scope_name: Box<str>,
    /// The parsed text, or why it is malformed.
    pub directive: Result<Directive, &'static str>,
}

/// The content of an ignore comment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Directive {
    /// A rule, or a family such as `term/*`.
    pub rule: Box<str>,
    pub until: Option<Date>,
    pub reason: Box<str>,
}

const MARK: &str = "alignlint:";

impl Directive {
    /// Parses the text of a comment.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Directive, &'static str> {
        let rest = text.strip_prefix(MARK).unwrap_or(text).trim();
        let rest = rest.strip_prefix("ignore ").ok_or("expected `ignore RULE` after `alignlint:`")?.trim();
        let (terms, reason) = rest.split_once(" because ").ok_or(NO_REASON)?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(NO_REASON);
        }
        let mut words = terms.split_whitespace();
        let rule = words
            .next()
            .filter(|rule| rule.contains('/'))
            .ok_or("expected a rule such as `term/*` after `ignore`")?;
        let until = match (words.next(), words.next(), words.next()) {
            (None, _, _) => None,
            (Some("until"), Some(day), None) => {
                Some(parse_date(day).ok_or("expected a date such as `2027-01-31` after `until`")?)
            }
            _ => return Err("unexpected text before `because`"),
        };
        Ok(Directive { rule: rule.into(), until, reason: reason.into() })
    }

    pub fn is_active(&self, today: Date) -> bool {
        self.until.is_none_or(|until| today <= until)
    }
}

const NO_REASON: &str = "missing `because REASON`";

impl Ignore {
    pub fn suppresses(&self, rule: &str, today: Date) -> bool {
        self.directive.as_ref().is_ok_and(|directive| {
            let matches = match directive.rule.strip_suffix('*') {
                Some(family) => rule.starts_with(family),
                None => *directive.rule == *rule,
            };
            matches && directive.is_active(today)
        })
    }

    /// Returns the key of the record that the scope is in, if it is in one.
    pub fn record_key(&self) -> Option<&str> {
        let first = self.scope_name.split('\u{1f}').next().unwrap_or_default();
        first.split_once('/').map(|(_, key)| key).filter(|_| !first.contains('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_directive_has_an_error() {
        for (text, error) in [
            ("ignore a/b", NO_REASON),
            ("ignore a/b because  ", NO_REASON),
            ("off", "expected `ignore RULE` after `alignlint:`"),
            ("ignore everything because c", "expected a rule such as `term/*` after `ignore`"),
            ("ignore a/b until soon because c", "expected a date such as `2027-01-31` after `until`"),
            ("ignore a/b for now because c", "unexpected text before `because`"),
        ] {
            assert_eq!(Directive::parse(&format!("{MARK} {text}")), Err(error), "{text}");
        }
    }

    #[test]
    fn the_last_day_is_included() {
        let span = Span::at(0);
        let directive = Directive::parse("ignore garden/* until 2027-01-31 because r");
        let ignore = Ignore { span, scope: span, scope_name: Box::default(), directive };
        assert!(ignore.suppresses("garden/weeds", jiff::civil::date(2027, 1, 31)));
        assert!(!ignore.suppresses("garden/weeds", jiff::civil::date(2027, 2, 1)));
        assert!(!ignore.suppresses("gardens/weeds", jiff::civil::date(2027, 1, 1)));
    }
}
