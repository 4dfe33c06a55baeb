//! Explains YAML syntax errors, at the location of the mistake.

#![allow(clippy::enum_glob_use, reason = "the table names each kind of error")]

use granit_parser::ErrorKind;

use crate::syntax::{Problem, character_at, conflict};
use crate::text::Span;

/// In characters (YAML 1.2, section 7.4.2).
const KEY_LIMIT: usize = 1024;

const IN_QUOTES: &str = "put the text in quotes";

/// Says that a text can't begin with a character.
pub(super) fn reserved(character: char) -> String {
    match character {
        '`' => "a value that starts with a backtick must be quoted".to_owned(),
        _ => format!("a value that starts with `{}` must be quoted", character.escape_debug()),
    }
}

/// Returns the problem of a value that begins with a reserved character.
pub(super) fn reserved_at(text: &str, at: usize) -> Problem {
    let sign = text[at..].chars().next().unwrap_or_default();
    Problem::fatal(character_at(text, at), reserved(sign)).with_help(IN_QUOTES)
}

/// `open` is the start of the innermost collection.
pub(super) fn explain(kind: &ErrorKind, text: &str, at: usize, last: Span, open: Option<usize>) -> Problem {
    use ErrorKind::*;
    let at = at.min(text.len());
    let problem = |at, message: &str| Problem::fatal(character_at(text, at), message);
    let tab = |at| problem(at, "tab in the indentation").with_help("use spaces");
    let colon = |at| problem(at, "a value that contains `: ` must be quoted").with_help(IN_QUOTES);
    let unclosed_quote = |span| {
        Problem::fatal(span, "unclosed quote").with_help("write the closing quote at the end of the text")
    };
    let at_quote = || opening_quote(text, last).unwrap_or_else(|| character_at(text, at));
    let bracket = |at: usize| {
        let open = &text[at..=at];
        let close = if open == "{" { "}" } else { "]" };
        problem(at, &format!("unclosed `{open}`")).with_help(format!("add the closing `{close}`"))
    };
    match kind {
        RecursionLimitExceeded => Problem::too_deep(character_at(text, at)),
        TabInBlockIndentation | TabInIndentation | TabNotAllowed => tab(tab_before(text, at)),
        TabInPlainScalar | TabAtBlockScalarStart => tab(tab_after(text, at)),
        UnexpectedCharacter { .. } => reserved_at(text, at),
        MappingValueNotAllowed => {
            let before = text.get(last.start as usize..at).unwrap_or_default();
            match unspaced_colon(text, last.start as usize) {
                Some(problem) if before.contains('\n') => problem,
                _ if before.contains('\n') => {
                    problem(at, "unexpected `:`: this line continues the value above")
                        .with_help("indent it like the key above, or put the text above it in quotes")
                }
                _ if before.chars().count() > KEY_LIMIT => long_key(character_at(text, at)),
                _ => colon(at),
            }
        }
        UnclosedQuotedScalar | InvalidQuotedScalarIndent | DocumentIndicatorInQuotedScalar => {
            unclosed_quote(at_quote())
        }
        // A quote that was left open ends at the next one, lines below.
        InvalidTrailingSingleQuotedScalar | InvalidTrailingDoubleQuotedScalar => {
            match quote_of_an_earlier_line(text, at) {
                Some(opening) => unclosed_quote(opening),
                None => problem(at, "unexpected text after the closing quote")
                    .with_help("put the whole value in other quotes"),
            }
        }
        UnknownQuotedScalarEscape => Problem::fatal(at_quote(), r"unknown escape after `\`")
            .with_help(r"write `\\`, or use single quotes"),
        UnclosedFlowCollection { .. } => bracket(at),
        InvalidColonPlacement => match opened_above(text, at, open) {
            Some(open) => bracket(open),
            None => problem(at, "unexpected `:` inside brackets").with_help(IN_QUOTES),
        },
        MisplacedFlowCollectionEnd => {
            problem(at, "closing bracket without an opening one").with_help("remove it")
        }
        MismatchedFlowCollectionEnd { open, close } => {
            let closing = if *open == '{' { '}' } else { ']' };
            problem(at, &format!("mismatched brackets: `{open}` is closed by `{close}`"))
                .with_help(format!("write `{closing}`"))
        }
        UnknownAnchor => {
            let name = alias_at(text, at);
            let anchor = text[name.range()].trim_start_matches('*').trim_end_matches(':');
            Problem::fatal(name, format!("unknown alias `*{anchor}`"))
                .with_help("put a text that starts with `*` in quotes")
        }
        MissingAnchorOrAliasName => {
            problem(at, "a value that starts with `&` or `*` must be quoted").with_help(IN_QUOTES)
        }
        // The operator in `!has(a) || b`, which begins like a tag.
        InvalidBlockScalarHeader => match tag_before(text, at) {
            Some(tag) => reserved_at(text, tag),
            None => problem(at, "unexpected text after `|` or `>`")
                .with_help("start the block on the next line, or quote the value"),
        },
        CommentInterceptedScalar => {
            problem(at, "a comment ends this value, so the next line can't continue it")
                .with_help("put the whole value in quotes, on one line")
        }
        ExpectedBlockMappingKey | ExpectedBlockSequenceEntry if follows_bracket(text, at) => {
            problem(at, "unexpected text after the closing bracket")
                .with_help("put a text that starts with `{` or `[` in quotes")
        }
        ExpectedBlockMappingKey => {
            Problem::fatal(line_content(text, at), "expected another `key: value` at this indentation")
                .with_help("indent it like the key beside which it belongs")
        }
        ExpectedBlockSequenceEntry => {
            Problem::fatal(line_content(text, at), "expected another `- ` item at this indentation")
                .with_help("write `- ` before it if it begins one, or indent it")
        }
        SimpleKeyExpected => conflict_mark(text, at)
            .or_else(|| unspaced_colon(text, at))
            .or_else(|| equals_sign(text, at))
            .unwrap_or_else(|| {
                problem(at, "expected `:` after a key")
                    .with_help("write `key: value`, or indent a line that continues the text above")
            }),
        InvalidSimpleKey => long_key(character_at(text, at)),
        BlockSequenceEntryNotAllowed => problem(at, "a list must start on its own line")
            .with_help("write each `- ` on a line of its own, below the key"),
        // A tag that is none: `!(a)`.
        _ if text[at..].starts_with('!') => reserved_at(text, at),
        _ if text[at..].starts_with(": ") => colon(at),
        kind => problem(at, &plain_words(&kind.to_string())),
    }
}

fn long_key(span: Span) -> Problem {
    let message = format!("a key must be on one line and have at most {KEY_LIMIT} characters");
    Problem::fatal(span, message).with_help("shorten the key, or put the text with the colon in quotes")
}

/// The mark in the middle of a merge conflict, which was left alone.
fn conflict_mark(text: &str, at: usize) -> Option<Problem> {
    let mut start = line_start(text, at);
    for line in text.get(start..)?.lines().take(2) {
        if conflict::is_divider(line) {
            return Some(conflict::marker(Span::new(start, start + conflict::MARK)));
        }
        start += line.len() + 1;
    }
    None
}

/// An equals sign in place of a colon: `fail-on = warning`.
fn equals_sign(text: &str, start: usize) -> Option<Problem> {
    let line = text.get(start..)?.lines().next()?.trim_end();
    let (name, value) = line.split_once('=')?;
    let at = start + name.len();
    let (name, value) = (name.trim_end(), value.trim_start());
    let problem = || {
        let problem = Problem::fatal(Span::new(at, at + 1), "`=` after a key");
        problem.with_help(format!("write `:` in place of `=`: `{name}: {value}`"))
    };
    (is_name(name) && !value.is_empty()).then(problem)
}

/// A colon without a space behind it, in the first line of a text that should be a key and its value.
fn unspaced_colon(text: &str, start: usize) -> Option<Problem> {
    let line = text.get(start..)?.lines().next()?.trim_end();
    let (name, value) = line.split_once(':')?;
    let is_value = !value.starts_with(['/', ':', ' ']) && !value.is_empty();
    let at = start + name.len();
    let problem = || {
        let problem = Problem::fatal(Span::new(at, at + 1), "a colon without a space after it");
        problem.with_help(format!("write a space after the colon: `{name}: {value}`"))
    };
    (is_name(name) && is_value).then(problem)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/'))
}

/// Returns the start of a value on the same line that begins with `!`.
fn tag_before(text: &str, at: usize) -> Option<usize> {
    let line = line_start(text, at);
    let before = &text[line..at];
    let value = [": ", "- "].iter().filter_map(|mark| Some(before.find(mark)? + mark.len())).min()?;
    let value = value + (before[value..].len() - before[value..].trim_start().len());
    before[value..].starts_with('!').then_some(line + value)
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

fn opening_quote(text: &str, last: Span) -> Option<Span> {
    let after = last.end as usize;
    let at = after + text.get(after..)?.find(['"', '\''])?;
    Some(Span::new(at, at + 1))
}

/// The opening quote of a scalar that is closed just before `at`, on another line.
fn quote_of_an_earlier_line(text: &str, at: usize) -> Option<Span> {
    let closing = text[..at].rfind(['"', '\''])?;
    let opening = text[..closing].rfind(&text[closing..=closing])?;
    text[opening..closing].contains('\n').then(|| Span::new(opening, opening + 1))
}

fn alias_at(text: &str, at: usize) -> Span {
    let rest = &text[at..];
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}'));
    Span::new(at, at + end.unwrap_or(rest.len()).max(rest.chars().next().map_or(0, char::len_utf8)))
}

fn line_content(text: &str, at: usize) -> Span {
    let start = line_start(text, at);
    let blank = text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len();
    character_at(text, (start + blank).min(at))
}

fn tab_before(text: &str, at: usize) -> usize {
    let start = line_start(text, at);
    text[start..].find('\t').map_or(at, |tab| start + tab).min(at)
}

/// The tab before the text of a line that seems to continue the value that starts at `at`.
fn tab_after(text: &str, at: usize) -> usize {
    let mut line_start = at;
    for line in text[at..].split_inclusive('\n') {
        let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        if let Some(tab) = indentation.find('\t').filter(|_| line_start > at && !line.trim().is_empty()) {
            return line_start + tab;
        }
        line_start += line.len();
    }
    at
}

/// The parser's message, without the context of the parser.
fn plain_words(message: &str) -> String {
    match message.strip_prefix("while ").and_then(|message| message.split_once(", ")) {
        Some((_, what)) => what.to_owned(),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::syntax::Format;
    use crate::text::Source;

    fn mistake(text: &str) -> (usize, usize, String) {
        let document = crate::syntax::parse(Arc::new(Source::new("a.yaml", text.into())), Format::Yaml);
        let [problem] = &document.problems[..] else { panic!("{text}: {:?}", document.problems) };
        assert!(problem.fatal);
        let position = document.source.position(problem.span.start as usize);
        (position.line, position.column, problem.message.clone())
    }

    #[test]
    fn frequent_errors_are_located_at_the_mistake() {
        let continues = "unexpected `:`: this line continues the value above";
        let cases = [
            ("é:\n\tb: 1\n", 2, 1, "tab in the indentation"),
            ("a:\n  - b: c\n    d: é\n\te: 1\n", 4, 1, "tab in the indentation"),
            ("a:\n  - b: c\n\n  \td: 1\n", 4, 3, "tab in the indentation"),
            ("a: b\n\n\tc: 1\n", 3, 1, "tab in the indentation"),
            ("a: |\n\tb\n", 2, 1, "tab in the indentation"),
            ("a: é\nb: @ada\n", 2, 4, "a value that starts with `@` must be quoted"),
            ("title: Ünsere Wahl: Rust\n", 1, 19, "a value that contains `: ` must be quoted"),
            ("a: 1\n b: 2\n", 2, 3, continues),
            ("status\nowner: ada\n", 2, 6, continues),
            ("a: x\nb: \"open\nc: d\n", 2, 4, "unclosed quote"),
            ("a: 'open\n", 1, 4, "unclosed quote"),
            ("a: { b: \"; }\nc: [\"d\"]\n", 1, 9, "unclosed quote"),
            ("a: 'it's'\n", 1, 8, "unexpected text after the closing quote"),
            ("a: \"b\" == c\n", 1, 8, "unexpected text after the closing quote"),
            ("a: \"C:\\dir\"\n", 1, 4, "unknown escape after `\\`"),
            ("a: [1, 2\nb: c\n", 1, 4, "unclosed `[`"),
            ("a: [1, {x: 2}\nb: c\n", 1, 4, "unclosed `[`"),
            ("a: {b: 1\n", 1, 4, "unclosed `{`"),
            ("a: [b}\n", 1, 4, "mismatched brackets: `[` is closed by `}`"),
            ("a: !(\"b\")\n", 1, 4, "a value that starts with `!` must be quoted"),
            ("a: 1\nb: !has(c) || size(c) > 0\n", 2, 4, "a value that starts with `!` must be quoted"),
            ("b:\n  - !has(c) || d\n", 2, 5, "a value that starts with `!` must be quoted"),
            ("a: {b: Cost: 1}\n", 1, 12, "a value that contains `: ` must be quoted"),
            ("a: {b} c\n", 1, 8, "unexpected text after the closing bracket"),
            ("- [A](x)\n- b\n", 1, 6, "unexpected text after the closing bracket"),
            ("a: > 5 days\n", 1, 4, "unexpected text after `|` or `>`"),
            ("a:\nb: {}\n  c: d\n", 3, 3, "expected another `key: value` at this indentation"),
            ("a:\n  - b\n c: d\n", 3, 2, "expected another `key: value` at this indentation"),
            ("- a\nb: c\n", 2, 1, "expected another `- ` item at this indentation"),
            ("a: - b\n", 1, 4, "a list must start on its own line"),
            ("fail-on:never\na: b\n", 1, 8, "a colon without a space after it"),
            ("a: b\nfail-on:never\n", 2, 8, "a colon without a space after it"),
            ("a: b\nfail-on = never\n", 2, 9, "`=` after a key"),
        ];
        for (text, line, column, message) in cases {
            assert_eq!(mistake(text), (line, column, message.into()), "{text}");
        }
    }

    #[test]
    fn a_key_has_at_most_1024_characters() {
        let message = "a key must be on one line and have at most 1024 characters";
        assert_eq!(mistake(&format!("{}: 1\n", "k".repeat(1025))), (1, 1026, message.into()));
    }

    #[test]
    fn nesting_is_bounded() {
        assert_eq!(mistake(&"[".repeat(129)), (1, 129, "nested more than 128 levels deep".into()));
        assert_eq!(
            mistake(&format!("{}[]", "- ".repeat(128))),
            (1, 257, "nested more than 128 levels deep".into())
        );
    }
}
