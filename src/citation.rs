//! Citations: how comments and prose name records, such as `ADR-7` or `docs/adr/0007-one-queue.md`. Kinds and formats say
//! how their identifiers are cited; the catalog resolves what is found here.
//!
//! Comments are found by their marks, without a parser of the language: a string that spans lines may be taken for code.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use crate::embedded;
use crate::limits;
use crate::text::Span;

/// How identifiers are cited: a text with `{id}` or `{path}`, such as `ADR-{id}` or `{path}.md`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Form {
    /// The text beside the variable.
    literal: Box<str>,
    is_path: bool,
}

impl Form {
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

    /// Returns what to search for: numbers behind the form of a format; a kind's own identifiers with `prefixes` such as `DEC-`.
    pub fn patterns(&self, is_numbered: bool, prefixes: &[&str]) -> Vec<Pattern> {
        let shape = match (is_numbered, self.literal.is_empty()) {
            _ if self.is_path => Shape::Path,
            (true, true) => return Vec::new(),
            (true, false) => Shape::Number,
            (false, true) => return prefixes.iter().copied().map(Pattern::prefixed).collect(),
            (false, false) => Shape::Identifier,
        };
        vec![Pattern { anchor: self.literal.clone(), shape }]
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
    /// Searches for identifiers that begin with `prefix`, such as `DEC-`.
    pub fn prefixed(prefix: &str) -> Pattern {
        Pattern { anchor: prefix.into(), shape: Shape::Prefixed }
    }

    pub fn is_path(&self) -> bool {
        self.shape == Shape::Path
    }
}

/// A citation in a file, before it is resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    pub pattern: u16,
    pub span: Span,
    pub text_span: Span,
    /// The identifier or the path.
    pub text: Box<str>,
    pub in_comment: bool,
}

pub struct Scanner {
    patterns: Vec<Pattern>,
    anchors: Option<AhoCorasick>,
}

impl Scanner {
    pub fn new(patterns: Vec<Pattern>) -> Scanner {
        let builder =
            AhoCorasick::builder().ascii_case_insensitive(true).build(patterns.iter().map(|it| &*it.anchor));
        Scanner { anchors: builder.ok().filter(|_| !patterns.is_empty()), patterns }
    }

    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Returns the citations in a text, in order, without those whose context suggests a record of another organisation.
    pub fn scan(&self, language: Language, text: &str) -> Vec<Citation> {
        let Some(anchors) = &self.anchors else { return Vec::new() };
        if text.len() > limits::CITING_FILE_BYTES || is_binary_or_generated(text) {
            return Vec::new();
        }
        let mut found: Vec<Citation> = Vec::new();
        let mut comments = None;
        for at in anchors.find_overlapping_iter(text) {
            let Some(citation) = self.citation(text, at.pattern().as_usize(), at.range()) else {
                continue;
            };
            let comments = comments.get_or_insert_with(|| match language {
                Language::Code(syntax) => Some(find(text, &syntax.marks)),
                Language::Prose => None,
            });
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

fn digits(text: &str) -> Option<usize> {
    const MAX_DIGITS: usize = 8;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=MAX_DIGITS).contains(&digits).then_some(digits)
}

fn is_binary_or_generated(text: &str) -> bool {
    const GENERATED: [&str; 4] = ["@generated", "Code generated by", "DO NOT EDIT", "Do not edit this file"];
    const HEAD: usize = 2048;
    let head = &text[..text.floor_char_boundary(HEAD)];
    head.contains('\0')
        || GENERATED.iter().any(|mark| head.contains(mark))
        || text.contains('\u{fffd}') && text.contains('\0')
}

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

/// Returns true if the line within `around` holds an address or a name before the citation, as in `the Cosmos SDK ADR-38`.
fn is_doubtful(text: &str, around: Range<usize>, span: Span) -> bool {
    // Lines of more bytes are data, not text.
    const MAX_LINE: usize = 2_000;
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

#[derive(Clone, Copy, Debug)]
pub enum Language {
    /// Only comments are searched.
    Code(&'static Syntax),
    Prose,
}

/// The comments of a family of languages, and the names of its files.
#[derive(Debug, Deserialize)]
pub struct Syntax {
    #[serde(flatten)]
    marks: Marks,
    /// Extensions, and whole names of files without one; in lower case, with spaces between them.
    names: String,
}

/// See `schemas/languages.yaml`.
#[derive(Default, Deserialize)]
struct Languages {
    skipped: Skipped,
    prose: String,
    languages: Vec<Syntax>,
}

#[derive(Default, Deserialize)]
struct Skipped {
    folders: String,
    stems: String,
    ends: String,
}

static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| embedded::read("schemas/languages.yaml"));

impl Language {
    /// Returns the language of a file by its name; `None` if it is not searched.
    pub fn of(path: &str) -> Option<Language> {
        if Language::is_skipped(path) {
            return None;
        }
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let extension = name.rsplit_once('.').map_or(&*name, |(_, extension)| extension);
        let by_name = |wanted: &str| LANGUAGES.languages.iter().find(|it| is_one_of(&it.names, wanted));
        match by_name(extension).or_else(|| by_name(stem(&name))) {
            Some(syntax) => Some(Language::Code(syntax)),
            None => is_one_of(&LANGUAGES.prose, extension).then_some(Language::Prose),
        }
    }

    /// Returns true for a file that others have written, or that is about the past.
    pub fn is_skipped(path: &str) -> bool {
        let Skipped { folders, stems, ends } = &LANGUAGES.skipped;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let name = name.to_ascii_lowercase();
        folder.split('/').any(|folder| is_one_of(folders, &folder.to_ascii_lowercase()))
            || is_one_of(stems, stem(&name))
            || ends.split(' ').any(|end| name.ends_with(end))
    }
}

fn is_one_of(names: &str, name: &str) -> bool {
    names.split(' ').any(|one| one == name)
}

fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Marks {
    /// Begin a comment up to the end of the line.
    line: Vec<String>,
    /// Begin and end a comment.
    block: Vec<(String, String)>,
    /// Begin and end a string on one line.
    quotes: String,
}

fn comment_at(comments: &[Range<usize>], span: Span) -> Option<Range<usize>> {
    let after = comments.partition_point(|comment| comment.start <= span.start as usize);
    let comment = comments.get(after.checked_sub(1)?)?;
    (span.end as usize <= comment.end).then(|| comment.clone())
}

/// Returns the comments of a text, in the order of their places.
fn find(text: &str, marks: &Marks) -> Vec<Range<usize>> {
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
