//! Citations: how comments and prose name records, such as `ADR-7` or `docs/adr/0007-one-queue.md`. Kinds and formats say
//! how their identifiers are cited; the catalog resolves what is found here.

use std::ops::Range;

use aho_corasick::AhoCorasick;

use crate::limits;
use crate::text::Span;

mod language;

pub use language::Language;
use language::comment_at;

/// How identifiers are cited: a text with `{id}` or `{path}`, such as `ADR-{id}` or `{path}.md`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Form {
    /// The text beside the variable.
    literal: Box<str>,
    is_path: bool,
}

impl Form {
    /// Parses a form.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Form, String> {
        let (is_path, literal) = match (text.strip_suffix("{id}"), text.split_once("{path}")) {
            (Some(before), None) => (false, before.to_owned()),
            (None, Some((before, after))) if before.is_empty() || after.is_empty() => {
                (true, format!("{before}{after}"))
            }
            _ => {
                return Err(
                    "expected a text that ends with `{id}`, or begins or ends with `{path}`".to_owned()
                );
            }
        };
        if literal.contains(['{', '}', '\n']) {
            return Err("expected one variable, `{id}` or `{path}`".to_owned());
        }
        if is_path && literal.len() < 2 {
            return Err("expected a folder or an extension beside `{path}`".to_owned());
        }
        Ok(Form { literal: literal.into(), is_path })
    }

    /// Returns what to search for. The numbers of a format's records follow its forms; a kind's own identifiers begin with
    /// one of `prefixes`, such as `DEC-`.
    pub fn patterns(&self, is_numbered: bool, prefixes: &[&str]) -> Vec<Pattern> {
        let pattern = |anchor: &str, shape| Pattern { anchor: anchor.into(), shape };
        let shape = match (is_numbered, self.literal.is_empty()) {
            _ if self.is_path => Shape::Path,
            (true, true) => return Vec::new(),
            (true, false) => Shape::Number,
            (false, true) => return prefixes.iter().map(|prefix| pattern(prefix, Shape::Prefixed)).collect(),
            (false, false) => Shape::Identifier,
        };
        vec![pattern(&self.literal, shape)]
    }
}

/// A text to search for, and what belongs to the citation beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    anchor: Box<str>,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Shape {
    /// The anchor and a number: `ADR-7`.
    Number,
    /// The anchor and an identifier: `decision D-7`.
    Identifier,
    /// The anchor, which begins an identifier, and a number: `DEC-7`.
    Prefixed,
    /// The path that contains the anchor: `docs/adr/0007-one-queue.md`.
    Path,
}

impl Pattern {
    pub fn is_path(&self) -> bool {
        self.shape == Shape::Path
    }
}

/// A citation in a file, before it is resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The index of its pattern.
    pub pattern: u16,
    pub span: Span,
    /// The place of `text`.
    pub text_span: Span,
    /// The identifier or the path.
    pub text: Box<str>,
    pub in_comment: bool,
}

/// Searches texts for citations.
pub struct Scanner {
    patterns: Vec<Pattern>,
    anchors: Option<AhoCorasick>,
}

impl Scanner {
    /// A scanner for these patterns, which are distinct.
    pub fn new(patterns: Vec<Pattern>) -> Scanner {
        let builder =
            AhoCorasick::builder().ascii_case_insensitive(true).build(patterns.iter().map(|it| &*it.anchor));
        Scanner { anchors: builder.ok().filter(|_| !patterns.is_empty()), patterns }
    }

    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Returns the citations in a text, in the order of their places; empty for binary and generated files. Omits
    /// citations whose context suggests a record of another organisation.
    pub fn scan(&self, language: Language, text: &str) -> Vec<Citation> {
        let Some(anchors) = &self.anchors else { return Vec::new() };
        if text.len() > limits::CITING_FILE_BYTES || is_binary_or_generated(text) {
            return Vec::new();
        }
        let mut found: Vec<Citation> = Vec::new();
        let mut comments = None;
        for anchor in anchors.find_overlapping_iter(text) {
            let Some(citation) = self.citation(text, anchor.pattern().as_usize(), anchor.range()) else {
                continue;
            };
            let comments = comments.get_or_insert_with(|| language.comments(text));
            let around = match comments {
                None => Some(0..text.len()),
                Some(comments) => comment_at(comments, citation.span),
            };
            let is_path = self.patterns[citation.pattern as usize].is_path();
            let is_clear = |around| is_path || !is_doubtful(text, around, citation.span);
            if around.is_none_or(|around| !is_clear(around)) {
                continue;
            }
            found.push(Citation { in_comment: comments.is_some(), ..citation });
            if found.len() == limits::CITATIONS {
                break;
            }
        }
        found.sort_by_key(|citation| (citation.span.start, u32::MAX - citation.span.end, citation.pattern));
        found.dedup_by(|later, earlier| earlier.span.contains(later.span) && earlier.span != later.span);
        found
    }

    fn citation(&self, text: &str, number: usize, anchor: Range<usize>) -> Option<Citation> {
        let pattern = &self.patterns[number];
        let after = &text[anchor.end..];
        let (span, text_span) = match pattern.shape {
            Shape::Path => {
                let span = path_around(text, anchor, &pattern.anchor)?;
                (span.clone(), span)
            }
            Shape::Number => {
                (anchor.start..anchor.end + digits(after)?, anchor.end..anchor.end + digits(after)?)
            }
            Shape::Prefixed if text[anchor.clone()] != *pattern.anchor => return None,
            Shape::Prefixed => {
                let span = anchor.start..anchor.end + digits(after)?;
                (span.clone(), span)
            }
            Shape::Identifier => {
                let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
                let hyphen = after[letters..].starts_with('-').then_some(1).filter(|_| letters > 0)?;
                let end = anchor.end + letters + hyphen + digits(&after[letters + hyphen..])?;
                (anchor.start..end, anchor.end..end)
            }
        };
        if pattern.shape != Shape::Path && !is_word(text, &span) {
            return None;
        }
        Some(Citation {
            pattern: number as u16,
            span: Span::new(span.start, span.end),
            text: text[text_span.clone()].into(),
            text_span: Span::new(text_span.start, text_span.end),
            in_comment: false,
        })
    }
}

const MAX_DIGITS: usize = 8;

fn digits(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=MAX_DIGITS).contains(&digits).then_some(digits)
}

/// Returns true for binary and generated files.
fn is_binary_or_generated(text: &str) -> bool {
    const HEAD: usize = 2048;
    let head = &text[..text.floor_char_boundary(HEAD)];
    head.contains('\0')
        || GENERATED.iter().any(|mark| head.contains(mark))
        || text.contains('\u{fffd}') && text.contains('\0')
}

const GENERATED: [&str; 4] = ["@generated", "Code generated by", "DO NOT EDIT", "Do not edit this file"];

/// Lines of more bytes are data, not text.
const MAX_LINE: usize = 2_000;

/// Returns true if nothing before or after the span makes it a part of a longer name, version or path.
fn is_word(text: &str, span: &Range<usize>) -> bool {
    let before = text[..span.start].chars().next_back();
    let mut after = text[span.end..].chars();
    let (next, one_more) = (after.next(), after.next());
    let joins =
        |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | '@' | '#' | '\\' | '$' | '=');
    let continues = match next {
        Some(c) if c.is_alphanumeric() || matches!(c, '_' | '/' | '@' | '\\' | '=') => true,
        // `ADR-7-use-x` is a name of a file, `5.0` a version; `ADR-7.` ends a sentence.
        Some('-' | '.' | ':') => one_more.is_some_and(char::is_alphanumeric),
        _ => false,
    };
    !before.is_some_and(joins) && !continues
}

/// Returns the path that contains the anchor, which is an extension or the beginning of a folder's path.
fn path_around(text: &str, anchor: Range<usize>, written: &str) -> Option<Range<usize>> {
    let is_part =
        |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '~' | '%' | '+' | '@' | ':');
    let start = text[..anchor.start].char_indices().rev().take_while(|(_, c)| is_part(*c)).last();
    let start = start.map_or(anchor.start, |(at, _)| at);
    let end = text[anchor.end..].find(|c: char| !is_part(c)).map_or(text.len(), |at| anchor.end + at);
    let is_extension = written.starts_with('.');
    let end = if is_extension { anchor.end } else { end };
    let ends_word = !text[end..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/'));
    let token = text[start..end].trim_end_matches(['.', ':', '/', '-', '_']);
    let has_digit = token.bytes().any(|byte| byte.is_ascii_digit());
    (ends_word && has_digit && token.len() > written.len()).then(|| start..start + token.len())
}

/// Returns true if the line, as far as it is prose or within the comment `around`, may name the record of another organisation or product:
/// it holds an address, or a name stands before the citation, as in `the Cosmos SDK ADR-38`.
fn is_doubtful(text: &str, around: Range<usize>, span: Span) -> bool {
    let (before, after) = (&text[around.start..span.start as usize], &text[span.end as usize..around.end]);
    let before = before.rsplit('\n').next().unwrap_or(before);
    let after = after.split('\n').next().unwrap_or(after);
    let has_address = before.contains("://") || after.contains("://");
    if before.len() + span.range().len() + after.len() > MAX_LINE || has_address {
        return true;
    }
    let Some(before) = before.strip_suffix(' ') else { return false };
    let (sentence, word) = before.rsplit_once(' ').unwrap_or(("", before));
    let follows_a_word = sentence.ends_with(|c: char| c.is_alphanumeric() || c == ',');
    let is_name = word.chars().all(char::is_alphanumeric) && word.starts_with(char::is_uppercase);
    word.ends_with("'s")
        || word.ends_with("’s")
        || follows_a_word && is_name
        || ["upstream", "their", "Upstream"].contains(&word)
}
