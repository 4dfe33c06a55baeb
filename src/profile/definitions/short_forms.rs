//! Short forms in a text, each with its words in brackets: `API (Application Programming Interface), SLA (Service Level Agreement)`.

use super::super::spans::Spans;
use crate::syntax::Markdown;
use crate::text::{Source, Span};

/// A text names fewer by the way.
const LEAST: usize = 4;
const LONGEST: usize = 16;
const SEPARATORS: [char; 4] = [',', ';', '.', '、'];

/// Returns the short forms and their words, of paragraphs that begin with such a list.
pub(super) fn find(source: &Source, page: &Markdown, parts: Option<&[Span]>) -> Vec<(Span, Span)> {
    let mut within = parts.map(Spans::new);
    let mut is_within = |start| within.as_mut().is_none_or(|parts| parts.hold(start));
    let paragraphs = page.paragraphs.iter().filter(|it| is_within(it.span.start));
    let of_paragraph = |span: Span| {
        let found = listed(source.slice(span), span.start as usize);
        if found.len() < LEAST { Vec::new() } else { found }
    };
    paragraphs.flat_map(|paragraph| of_paragraph(paragraph.span)).collect()
}

/// Returns the short forms with which a text begins, and their words.
fn listed(text: &str, start: usize) -> Vec<(Span, Span)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        let word = before.trim();
        let Some((words, next)) = after.split_once(')').filter(|_| is_short_form(word)) else { break };
        let at = |part: &str| start + (part.as_ptr() as usize - text.as_ptr() as usize);
        if words.contains('(') || !words.contains(char::is_alphabetic) {
            break;
        }
        found.push((
            Span::new(at(word), at(word) + word.len()),
            Span::new(at(words), at(words) + words.len()),
        ));
        let Some(further) = next.trim_start().strip_prefix(SEPARATORS) else { break };
        rest = further;
    }
    found
}

/// Two capitals or a capital and a digit, in one word.
fn is_short_form(word: &str) -> bool {
    let marks = word.chars().filter(|c| c.is_uppercase() || c.is_ascii_digit()).count();
    word.len() <= LONGEST
        && marks >= 2
        && word.contains(char::is_uppercase)
        && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '/' | '&'))
}
