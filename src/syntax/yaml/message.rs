//! Explains YAML syntax errors, at the location of the mistake.

#![allow(clippy::enum_glob_use, reason = "the table names each kind of error")]

use granit_parser::ErrorKind;

use crate::syntax::{Problem, character_at};
use crate::text::Span;

const IN_QUOTES: &str = "put the text in quotes";

/// `last` is the last scalar or start of a collection, `open` the start of the innermost collection.
pub(super) fn explain(kind: &ErrorKind, text: &str, at: usize, last: Span, open: Option<usize>) -> Problem {
    use ErrorKind::*;
    let at = at.min(text.len());
    let problem = |at, message: &str| Problem::fatal(character_at(text, at), message);
    let quoted = |at| problem(at, "a value that contains `: ` must be quoted").with_help(IN_QUOTES);
    let bracket = |at: usize| problem(at, &format!("unclosed `{}`", &text[at..=at]));
    match kind {
        RecursionLimitExceeded => Problem::too_deep(character_at(text, at)),
        TabInBlockIndentation
        | TabInIndentation
        | TabNotAllowed
        | TabInPlainScalar
        | TabAtBlockScalarStart => problem(tab(text, at), "tab in the indentation").with_help("use spaces"),
        UnexpectedCharacter { .. } | MissingAnchorOrAliasName => reserved(text, at),
        MappingValueNotAllowed => match text.get(last.start as usize..at).unwrap_or_default() {
            before if before.contains('\n') => {
                problem(at, "unexpected `:`: this line continues the value above")
            }
            _ => quoted(at),
        },
        UnclosedQuotedScalar | InvalidQuotedScalarIndent | DocumentIndicatorInQuotedScalar => {
            problem(opening_quote(text, last).unwrap_or(at), "unclosed quote")
        }
        // A quote that was left open ends at the next one, lines below.
        InvalidTrailingSingleQuotedScalar | InvalidTrailingDoubleQuotedScalar => {
            match quote_of_an_earlier_line(text, at) {
                Some(opening) => problem(opening, "unclosed quote"),
                None => problem(at, "unexpected text after the closing quote"),
            }
        }
        UnknownQuotedScalarEscape => {
            let at = opening_quote(text, last).unwrap_or(at);
            problem(at, r"unknown escape after `\`").with_help(r"write `\\`, or use single quotes")
        }
        UnclosedFlowCollection { .. } => bracket(at),
        InvalidColonPlacement => match opened_above(text, at, open) {
            Some(open) => bracket(open),
            None => problem(at, "unexpected `:` inside brackets").with_help(IN_QUOTES),
        },
        MisplacedFlowCollectionEnd => problem(at, "closing bracket without an opening one"),
        MismatchedFlowCollectionEnd { open, close } => {
            problem(at, &format!("mismatched brackets: `{open}` is closed by `{close}`"))
        }
        UnknownAnchor => problem(at, "unknown alias").with_help("put a text that starts with `*` in quotes"),
        InvalidBlockScalarHeader => problem(at, "unexpected text after `|` or `>`"),
        ExpectedBlockMappingKey | ExpectedBlockSequenceEntry if follows_bracket(text, at) => {
            problem(at, "unexpected text after the closing bracket")
                .with_help("put a text that starts with `{` or `[` in quotes")
        }
        ExpectedBlockMappingKey => problem(at, "expected another `key: value` at this indentation"),
        ExpectedBlockSequenceEntry => problem(at, "expected another `- ` item at this indentation"),
        SimpleKeyExpected => problem(at, "expected `: ` after a key"),
        InvalidSimpleKey => problem(at, "a key must be short and on one line").with_help(IN_QUOTES),
        BlockSequenceEntryNotAllowed => problem(at, "a list must start on its own line"),
        // A tag that is none: `!(a)`.
        _ if text[at..].starts_with('!') => reserved(text, at),
        _ if text[at..].starts_with(": ") => quoted(at),
        // Without the context of the parser.
        kind => problem(at, kind.to_string().trim_start_matches("while ")),
    }
}

/// Returns the problem of a value that begins with a reserved character.
fn reserved(text: &str, at: usize) -> Problem {
    let sign = text[at..].chars().next().unwrap_or_default();
    let sign = if sign == '`' { "a backtick".to_owned() } else { format!("`{}`", sign.escape_debug()) };
    let message = format!("a value that starts with {sign} must be quoted");
    Problem::fatal(character_at(text, at), message).with_help(IN_QUOTES)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// True if something follows a closing bracket on its line.
fn follows_bracket(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].trim_end().ends_with(['}', ']'])
}

/// The bracket of an earlier line that is still open where a line begins with a key.
fn opened_above(text: &str, at: usize, open: Option<usize>) -> Option<usize> {
    let open = open.filter(|open| text[*open..].starts_with(['[', '{']))?;
    let line = line_start(text, at);
    let key = &text[line..at];
    (open < line && !key.contains([',', '[', '{', '"', '\'']) && !key.trim().is_empty()).then_some(open)
}

fn opening_quote(text: &str, last: Span) -> Option<usize> {
    let after = last.end as usize;
    Some(after + text.get(after..)?.find(['"', '\''])?)
}

/// The opening quote of a scalar that is closed just before `at`, on another line.
fn quote_of_an_earlier_line(text: &str, at: usize) -> Option<usize> {
    let closing = text[..at].rfind(['"', '\''])?;
    let opening = text[..closing].rfind(&text[closing..=closing])?;
    text[opening..closing].contains('\n').then_some(opening)
}

/// The tab in an indentation: on this line, or on the first one below that has one.
fn tab(text: &str, at: usize) -> usize {
    let mut start = line_start(text, at);
    for line in text[start..].split_inclusive('\n') {
        let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        if let Some(tab) = indentation.find('\t').filter(|_| !line.trim().is_empty()) {
            return start + tab;
        }
        start += line.len();
    }
    at
}
