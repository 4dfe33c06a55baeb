//! Ignore comments, which suppress findings at their place.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::parse_date;
use crate::text::Span;

mod comments;

pub use comments::find_ignores;

/// The kind of the records that suppress findings.
pub const EXCEPTION: &str = "exception";

/// A comment such as `alignlint: ignore RULE until 2027-01-31 because REASON`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ignore {
    /// The text of the comment without its delimiters.
    pub span: Span,
    /// Where it applies: the key or block below it, with everything inside.
    pub scope: Span,
    pub subject: IgnoreSubject,
    /// The parsed text, or why it is malformed.
    pub directive: Result<Directive, Malformed>,
}

/// What an ignore comment is about. A comment of the base policy applies only to the same subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IgnoreSubject {
    /// The record that contains the scope: its kind, and the comparison key of its identifier.
    pub record: Option<(Box<str>, Box<str>)>,
    /// The keys, and the names of list items, from the record or file down to the scope.
    pub keys: Vec<Box<str>>,
    /// The section of a page.
    pub section: Option<Box<str>>,
    /// The words of a block of a page: those before the next such comment, and a hash of the rest.
    pub block: Option<Box<str>>,
}

/// The content of an ignore comment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Directive {
    /// A rule, or a family such as `term/*`.
    pub rule: Box<str>,
    pub until: Option<Date>,
    pub reason: Box<str>,
}

/// Why a comment is malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    NoDirective,
    NoRule,
    NoReason,
    NoDate,
    UnexpectedText,
    /// The reason ends with `until DATE`.
    DateAfterReason,
}

impl Malformed {
    pub fn message(self) -> &'static str {
        match self {
            Malformed::NoDirective => "expected `ignore RULE` after `alignlint:`",
            Malformed::NoRule => "expected a rule such as `term/*` after `ignore`",
            Malformed::NoReason => "missing `because REASON`",
            Malformed::NoDate => "expected a date such as `2027-01-31` after `until`",
            Malformed::UnexpectedText => "unexpected text before `because`",
            Malformed::DateAfterReason => "`until DATE` after the reason",
        }
    }

    pub fn help(self) -> &'static str {
        match self {
            Malformed::DateAfterReason => {
                "put the day before the reason: `alignlint: ignore RULE until DATE because REASON`"
            }
            _ => "write `alignlint: ignore RULE [until DATE] because REASON`",
        }
    }
}

const MARK: &str = "alignlint:";

/// Parses the text of a comment; `None` if it is not an ignore comment.
fn directive(comment: &str) -> Option<Result<Directive, Malformed>> {
    let words = comment.trim();
    words.starts_with(MARK).then(|| Directive::parse(words))
}

impl Directive {
    /// Parses the text of a comment.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Directive, Malformed> {
        let rest = text.strip_prefix(MARK).unwrap_or(text).trim();
        let rest = rest.strip_prefix("ignore").ok_or(Malformed::NoDirective)?;
        if rest.starts_with(|c: char| !c.is_whitespace()) {
            return Err(Malformed::NoDirective);
        }
        let rest = rest.trim();
        if rest.is_empty() || ["because", "until"].contains(&rest.split(' ').next().unwrap_or_default()) {
            return Err(Malformed::NoRule);
        }
        let (terms, reason) = rest.split_once(" because ").ok_or(Malformed::NoReason)?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Malformed::NoReason);
        }
        let mut words = terms.split_whitespace();
        let rule = words.next().filter(|rule| rule.contains('/')).ok_or(Malformed::NoRule)?;
        let until = match (words.next(), words.next(), words.next()) {
            (None, _, _) if ends_with_date(reason) => return Err(Malformed::DateAfterReason),
            (None, _, _) => None,
            (Some("until"), Some(day), None) => Some(parse_date(day).ok_or(Malformed::NoDate)?),
            _ => return Err(Malformed::UnexpectedText),
        };
        Ok(Directive { rule: rule.into(), until, reason: reason.into() })
    }

    pub fn is_active(&self, today: Date) -> bool {
        self.until.is_none_or(|until| today <= until)
    }
}

/// Returns true if a reason ends with `until 2027-01-31`, which its author has meant as the end of the suppression.
fn ends_with_date(reason: &str) -> bool {
    let mut words = reason.trim_end_matches(|c: char| c.is_ascii_punctuation()).split_whitespace().rev();
    let is_date = words.next().is_some_and(|day| parse_date(day).is_some());
    is_date && words.next().is_some_and(|word| word.eq_ignore_ascii_case("until"))
}

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
}
