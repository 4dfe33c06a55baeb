//! Explains YAML syntax errors, at the location of the mistake.

use granit_parser::ErrorKind;

use crate::syntax::{Problem, character_at};
use crate::text::Span;

mod lines;

/// In characters (YAML 1.2, section 7.4.2).
const KEY_LIMIT: usize = 1024;

/// Says that a text can't begin with a character.
pub(super) fn reserved(character: char) -> String {
    let name = match character {
        '`' => "a backtick".to_owned(),
        _ => format!("`{}`", character.escape_debug()),
    };
    format!("a value that starts with {name} must be quoted")
}

/// `open` is the start of the innermost collection.
pub(super) fn explain(kind: &ErrorKind, text: &str, at: usize, last: Span, open: Option<usize>) -> Problem {
    let at = at.min(text.len());
    if let Some((span, message)) = lines::explain(kind, text, at, last, open) {
        return Problem::fatal(span, message);
    }
    let span_at = |at| character_at(text, at);
    let (span, message) = match kind {
        ErrorKind::RecursionLimitExceeded => return Problem::too_deep(span_at(at)),
        ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabNotAllowed => {
            (tab_before(text, at), tab_in_indentation())
        }
        ErrorKind::TabInPlainScalar | ErrorKind::TabAtBlockScalarStart => {
            (tab_after(text, at), tab_in_indentation())
        }
        ErrorKind::UnexpectedCharacter { character } => (span_at(at), reserved(*character)),
        ErrorKind::MappingValueNotAllowed => (span_at(at), stray_colon(text, at, last)),
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => {
            (opening_quote(text, last).unwrap_or_else(|| span_at(at)), "unclosed quote".into())
        }
        // A quote that was left open ends at the next one, lines below.
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar
            if quote_of_an_earlier_line(text, at).is_some() =>
        {
            (quote_of_an_earlier_line(text, at).unwrap_or_else(|| span_at(at)), "unclosed quote".into())
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar => (
            span_at(at),
            "unexpected text after the closing quote; write `''` for a `'` in single quotes".into(),
        ),
        ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            span_at(at),
            r#"unexpected text after the closing quote; write `\"` for a `"` in double quotes"#.into(),
        ),
        ErrorKind::UnknownQuotedScalarEscape => {
            let backslash = r"unknown escape after `\`; write `\\`, or use single quotes";
            (opening_quote(text, last).unwrap_or_else(|| span_at(at)), backslash.into())
        }
        ErrorKind::UnclosedFlowCollection { open } if has_comment(text, at) => {
            let message =
                format!("unclosed `{open}`: the text from ` #` is a comment; a text with it must be quoted");
            (span_at(at), message)
        }
        ErrorKind::UnclosedFlowCollection { open } => (span_at(at), format!("unclosed `{open}`")),
        ErrorKind::InvalidColonPlacement if opened_above(text, at, open).is_some() => {
            let open = opened_above(text, at, open).unwrap_or(at);
            (span_at(open), format!("unclosed `{}`", &text[open..=open]))
        }
        ErrorKind::InvalidColonPlacement => (span_at(at), "unexpected `:` inside brackets".into()),
        ErrorKind::MisplacedFlowCollectionEnd => {
            (span_at(at), "closing bracket without an opening one".into())
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            (span_at(at), format!("mismatched brackets: `{open}` is closed by `{close}`"))
        }
        ErrorKind::UnknownAnchor => {
            let name = alias_at(text, at);
            let anchor = text[name.range()].trim_start_matches('*').trim_end_matches(':');
            (name, format!("unknown alias `*{anchor}`; text that starts with `*` must be quoted"))
        }
        ErrorKind::MissingAnchorOrAliasName => {
            (span_at(at), "a value that starts with `&` or `*` must be quoted".into())
        }
        ErrorKind::InvalidBlockScalarHeader => block_header(text, at),
        ErrorKind::CommentInterceptedScalar => {
            (span_at(at), "a comment ends this value, so the next line can't continue it".into())
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry
            if follows_bracket(text, at) =>
        {
            let message = "unexpected text after the closing bracket; a text that starts with `{` or `[` must be quoted";
            (span_at(at), message.into())
        }
        ErrorKind::ExpectedBlockMappingKey if is_deeper_than_line_above(text, at) => {
            let message = "this line is indented further than the key above it, whose value has ended; begin it, and those below that are indented like it, where that key begins";
            (line_content(text, at), message.into())
        }
        ErrorKind::ExpectedBlockMappingKey => {
            let message = "expected another `key: value` at this indentation; no line above that this one can follow is indented alike";
            (line_content(text, at), message.into())
        }
        ErrorKind::ExpectedBlockSequenceEntry => {
            let message = "expected another `- ` item at this indentation; write `- ` before it if it begins one, or indent it";
            (line_content(text, at), message.into())
        }
        ErrorKind::SimpleKeyExpected => (
            span_at(at),
            "expected `:` after a key, as in `key: value`; if the line continues the text above, indent it"
                .into(),
        ),
        ErrorKind::InvalidSimpleKey => (span_at(at), long_key()),
        ErrorKind::BlockSequenceEntryNotAllowed => (span_at(at), "a list must start on its own line".into()),
        // A tag that is none: `!(a)`.
        _ if text[at..].starts_with('!') => (span_at(at), reserved('!')),
        _ if text[at..].starts_with(": ") && has_colon(text, at) => {
            (span_at(at), "a value that contains `: ` must be quoted".into())
        }
        kind => (span_at(at), word_and_braces(text, at).unwrap_or_else(|| plain_words(&kind.to_string()))),
    };
    Problem::fatal(span, message)
}

/// The word before an opening brace: `error { max: 2 }`.
fn word_before(text: &str, brace: usize) -> Option<&str> {
    let before = text[..brace].strip_suffix(' ')?.trim_end_matches(' ');
    let start = before.trim_end_matches(|c: char| c.is_ascii_lowercase()).len();
    Some(&before[start..]).filter(|word| !word.is_empty() && before[..start].ends_with(": "))
}

/// Describes a word before a mapping, with which the value was complete.
fn word_and_braces(text: &str, brace: usize) -> Option<String> {
    let word = word_before(text, brace).filter(|_| begins_mapping(&text[brace..]))?;
    Some(format!(
        "a value is a word or a mapping, and not both; write `{word}` under a key between the braces"
    ))
}

/// True for a brace with a key behind it, unlike `{record.id}` in a text.
fn begins_mapping(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('{') else { return false };
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '"' | '\'');
    inner.trim_start().trim_start_matches(is_key).starts_with([':', '}', '\n'])
}

/// Text after `|` or `>`: also the operator in `!has(a) || b`, which begins like a tag.
fn block_header(text: &str, at: usize) -> (Span, String) {
    match tag_before(text, at) {
        Some(tag) => (character_at(text, tag), reserved('!')),
        None => {
            let message =
                "unexpected text after `|` or `>`; start the block on the next line, or quote the value";
            (character_at(text, at), message.into())
        }
    }
}

/// Returns the start of a value on the same line that begins with `!`.
fn tag_before(text: &str, at: usize) -> Option<usize> {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let before = &text[line..at];
    let value = [": ", "- "].iter().filter_map(|mark| Some(before.find(mark)? + mark.len())).min()?;
    let value = value + (before[value..].len() - before[value..].trim_start().len());
    before[value..].starts_with('!').then_some(line + value)
}

fn tab_in_indentation() -> String {
    "tab in the indentation; use spaces".into()
}

/// A `: ` inside of a value, or on a line that continues the previous value.
fn stray_colon(text: &str, at: usize, last: Span) -> String {
    let before = text.get(last.start as usize..at).unwrap_or("");
    if before.contains('\n') {
        match indentation(text, last.start as usize) < indentation(text, at) {
            true => {
                "unexpected `:`: this line is indented further than the key above, so it continues its value"
            }
            false => "unexpected `:`: this line continues the value above",
        }
        .into()
    } else if let Some(message) =
        before.find('{').and_then(|brace| word_and_braces(text, last.start as usize + brace))
    {
        message
    } else if before.chars().count() > KEY_LIMIT {
        long_key()
    } else {
        let message = "a value that contains `: ` must be quoted";
        match !before.is_empty() && before.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
            true => format!("{message}; if `{before}` is a key, write it on the next line, indented further"),
            false => message.into(),
        }
    }
}

/// The number of spaces at the beginning of the line with a byte.
fn indentation(text: &str, at: usize) -> usize {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[start..].len() - text[start..].trim_start_matches(' ').len()
}

fn is_deeper_than_line_above(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let above = text[..start].trim_end();
    !above.is_empty() && indentation(text, above.len()) < indentation(text, at)
}

/// True if the value before a `:` inside brackets is on its line and has a key already.
fn has_colon(text: &str, at: usize) -> bool {
    let start = text[..at].rfind(['\n', ',', '{', '[']).map_or(0, |before| before + 1);
    text[start..at].contains(": ")
}

/// True if something follows a closing bracket on its line.
fn follows_bracket(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[start..at].trim_end().ends_with(['}', ']'])
}

/// True if the rest of the line of a bracket has a comment.
fn has_comment(text: &str, at: usize) -> bool {
    text[at..].lines().next().is_some_and(|line| line.contains(" #"))
}

/// The bracket of an earlier line that is still open where a line begins with a key.
fn opened_above(text: &str, at: usize, open: Option<usize>) -> Option<usize> {
    let open = open.filter(|open| text[*open..].starts_with(['[', '{']))?;
    let line = text[..at].rfind('\n')? + 1;
    let key = &text[line..at];
    (open < line && !key.contains([',', '[', '{', '"', '\'']) && !key.trim().is_empty()).then_some(open)
}

fn long_key() -> String {
    format!("a key must be on one line and have at most {KEY_LIMIT} characters")
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
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let blank = text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len();
    character_at(text, (start + blank).min(at))
}

fn tab_before(text: &str, at: usize) -> Span {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let tab = text[start..].find('\t').map_or(at, |tab| start + tab);
    character_at(text, tab.min(at))
}

/// The tab before the text of a line that seems to continue the value that starts at `at`.
fn tab_after(text: &str, at: usize) -> Span {
    let mut line_start = at;
    for line in text[at..].split_inclusive('\n') {
        let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        if let Some(tab) = indentation.find('\t').filter(|_| line_start > at && !line.trim().is_empty()) {
            return character_at(text, line_start + tab);
        }
        line_start += line.len();
    }
    character_at(text, at)
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
        let indented =
            "unexpected `:`: this line is indented further than the key above, so it continues its value";
        let cases = [
            ("é:\n\tb: 1\n", 2, 1, "tab in the indentation; use spaces"),
            ("a:\n  - b: c\n    d: é\n\te: 1\n", 4, 1, "tab in the indentation; use spaces"),
            ("a:\n  - b: c\n\n  \td: 1\n", 4, 3, "tab in the indentation; use spaces"),
            ("a: b\n\n\tc: 1\n", 3, 1, "tab in the indentation; use spaces"),
            ("a: |\n\tb\n", 2, 1, "tab in the indentation; use spaces"),
            ("a: é\nb: @ada\n", 2, 4, "a value that starts with `@` must be quoted"),
            ("title: Ünsere Wahl: Rust\n", 1, 19, "a value that contains `: ` must be quoted"),
            ("a: 1\n b: 2\n", 2, 3, indented),
            ("status\nowner: ada\n", 2, 6, continues),
            ("a: x\nb: \"open\nc: d\n", 2, 4, "unclosed quote"),
            ("a: 'open\n", 1, 4, "unclosed quote"),
            ("a: { b: \"; }\nc: [\"d\"]\n", 1, 9, "unclosed quote"),
            (
                "a: 'it's'\n",
                1,
                8,
                "unexpected text after the closing quote; write `''` for a `'` in single quotes",
            ),
            ("a: \"C:\\dir\"\n", 1, 4, "unknown escape after `\\`; write `\\\\`, or use single quotes"),
            ("a: [1, 2\nb: c\n", 1, 4, "unclosed `[`"),
            ("a: [1, {x: 2}\nb: c\n", 1, 4, "unclosed `[`"),
            ("a: !(\"b\")\n", 1, 4, "a value that starts with `!` must be quoted"),
            ("a: 1\nb: !has(c) || size(c) > 0\n", 2, 4, "a value that starts with `!` must be quoted"),
            ("b:\n  - !has(c) || d\n", 2, 5, "a value that starts with `!` must be quoted"),
            ("a: {b: Cost: 1}\n", 1, 12, "a value that contains `: ` must be quoted"),
            (
                "a: {b} c\n",
                1,
                8,
                "unexpected text after the closing bracket; a text that starts with `{` or `[` must be quoted",
            ),
            ("a: {b: 1\n", 1, 4, "unclosed `{`"),
            ("a: [b}\n", 1, 4, "mismatched brackets: `[` is closed by `}`"),
            ("a: ]\n", 1, 4, "closing bracket without an opening one"),
            ("a: *b*\n", 1, 4, "unknown alias `*b*`; text that starts with `*` must be quoted"),
            (
                "a: > 5 days\n",
                1,
                4,
                "unexpected text after `|` or `>`; start the block on the next line, or quote the value",
            ),
            (
                "a:\nb: {}\n  c: d\n",
                3,
                3,
                "this line is indented further than the key above it, whose value has ended; begin it, and those below that are indented like it, where that key begins",
            ),
            (
                "a:\n  - b\n c: d\n",
                3,
                2,
                "expected another `key: value` at this indentation; no line above that this one can follow is indented alike",
            ),
            (
                "- a\nb: c\n",
                2,
                1,
                "expected another `- ` item at this indentation; write `- ` before it if it begins one, or indent it",
            ),
            (
                "- [A](x)\n- b\n",
                1,
                6,
                "unexpected text after the closing bracket; a text that starts with `{` or `[` must be quoted",
            ),
            ("a: - b\n", 1, 4, "a list must start on its own line"),
            (
                "a:\n  b:\n    c: d\ne: [f]\n  g:\n    h: i\n",
                4,
                1,
                "`e` stands further left than the lines around it, so it ends the mapping that line 5 goes on with; indent it like `c`, or write it below that mapping",
            ),
            (
                "a:\n  b:\n    c: d\ne:\n    f: g\n  h:\n    i: j\n",
                4,
                1,
                "`e` stands further left than the lines around it, so it ends the mapping that line 6 goes on with; indent it like `b`, or write it below that mapping",
            ),
            (
                "a:\n  - b:\n    c: d\n  e:\n    c: f\n",
                4,
                3,
                "`e` in the column of the `- ` above is no item of that list; indent it like `b` if it belongs to the item, or remove that `- ` if there is to be no list",
            ),
            ("fail-on:never\na: b\n", 1, 8, "write a space after the colon: `fail-on: never`"),
            ("a: b\nfail-on:never\n", 2, 8, "write a space after the colon: `fail-on: never`"),
            (
                "a: \"b\" == c\n",
                1,
                8,
                "a value that begins with a quote ends at the next one; put all of it into other quotes: `'\"b\" == c'`",
            ),
        ];
        for (text, line, column, message) in cases {
            assert_eq!(mistake(text), (line, column, message.into()), "{text}");
        }
    }

    #[test]
    fn a_word_before_a_brace_may_have_any_letters() {
        let word = "a value is a word or a mapping, and not both; write `b` under a key between the braces"
            .to_owned();
        assert_eq!(mistake("a: b {c: 1}\n"), (1, 8, word));
        let quoted = "a value that contains `: ` must be quoted".to_owned();
        assert_eq!(mistake("a: é {b: 1}\n"), (1, 8, quoted));
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
