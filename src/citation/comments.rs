//! Finds comments by their markers, without a parser of the language. A string that spans lines may be taken for code.

use std::ops::Range;

use serde::Deserialize;

use crate::text::Span;

/// The marks of comments and strings in a language.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Marks {
    /// Begin a comment up to the end of the line.
    line: Vec<String>,
    /// Begin and end a comment.
    block: Vec<(String, String)>,
    /// Begin and end a string on one line.
    quotes: String,
}

/// Returns the comment that contains a span.
pub(super) fn at(comments: &[Range<usize>], span: Span) -> Option<&Range<usize>> {
    let after = comments.partition_point(|comment| comment.start <= span.start as usize);
    let comment = comments.get(after.checked_sub(1)?)?;
    (span.end as usize <= comment.end).then_some(comment)
}

/// Returns the comments of a text, in the order of their places.
pub(super) fn find(text: &str, marks: &Marks) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // The start of an open block comment, and its end mark.
    let mut open: Option<(usize, &str)> = None;
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let mut at = 0;
        while at < line.len() {
            let rest = &line[at..];
            if let Some((start, end)) = open {
                let Some(close) = rest.find(end) else { break };
                at += close + end.len();
                found.push(start..line_start + at);
                open = None;
                continue;
            }
            if let Some((begin, end)) = marks.block.iter().find(|(begin, _)| begins_block(line, at, begin)) {
                open = Some((line_start + at, end));
                at += begin.len();
            } else if marks
                .line
                .iter()
                .any(|mark| rest.starts_with(&**mark) && begins_comment(&line[..at], mark))
            {
                found.push(line_start + at..line_start + line.len());
                break;
            } else {
                at += string_length(rest, &marks.quotes)
                    .unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
            }
        }
        line_start += line.len();
    }
    found.extend(open.map(|(start, _)| start..text.len()));
    found
}

/// A string in three quotes is a comment only where a line begins with it.
fn begins_block(line: &str, at: usize, mark: &str) -> bool {
    line[at..].starts_with(mark) && (!mark.starts_with(['"', '\'']) || line[..at].trim().is_empty())
}

/// `#`, `--` and `;` begin a comment after white space only, and `//` not in an address.
fn begins_comment(before: &str, mark: &str) -> bool {
    match mark {
        "//" => !before.ends_with(':'),
        _ => before.is_empty() || before.ends_with(char::is_whitespace),
    }
}

/// Returns the length of the string that a text begins with, if it ends on the same line.
fn string_length(text: &str, quotes: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| quotes.contains(*c))?;
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}
