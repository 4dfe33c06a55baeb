//! Source texts and positions in them: a [`Source`] is one file's text, a [`Span`] a range of its bytes.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use memchr::{memchr, memchr_iter, memchr3, memchr3_iter, memrchr};
use serde::{Deserialize, Serialize};

use crate::lazy::Lazy;

mod lazy_regex;

pub use lazy_regex::LazyRegex;

/// Returns where a separator is first outside round brackets: `Ada Byron (head, sales), Bo Ek`. Brackets that nothing closes don't
/// count.
pub fn find_outside_brackets(text: &str, separator: &str) -> Option<usize> {
    let last = text.rfind(')').unwrap_or(0);
    let (mut depth, mut from) = (0_usize, 0);
    text.match_indices(separator).map(|(at, _)| at).find(|&at| {
        for byte in text[from..at].bytes() {
            depth = if byte == b'(' { depth + 1 } else { depth.saturating_sub(usize::from(byte == b')')) };
        }
        from = at;
        depth == 0 || at > last
    })
}

/// Returns the range of a part of a text in it.
pub fn range_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

/// Returns those that begin in a part of a text, of parts in the order of the text.
pub fn beginning_in<T>(parts: &[T], within: Span, span: impl Fn(&T) -> Span) -> &[T] {
    let from = parts.partition_point(|part| span(part).start < within.start);
    let count = parts[from..].partition_point(|part| span(part).start < within.end);
    &parts[from..from + count]
}

pub fn file_name(path: &str) -> &str {
    memrchr(b'/', path.as_bytes()).map_or(path, |at| &path[at + 1..])
}

/// Returns a text with single spaces between its words.
pub fn single_spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut add = |word: &str| {
        if !spaced.is_empty() && !word.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    };
    let bytes = text.as_bytes();
    // The search for what only Unicode calls a space takes several times as long.
    if text.is_ascii() && memchr3(b'\r', 0xb, 0xc, bytes).is_none() {
        let mut start = 0;
        for end in memchr3_iter(b' ', b'\n', b'\t', bytes).chain([bytes.len()]) {
            add(&text[start..end]);
            start = end + 1;
        }
    } else {
        text.split_whitespace().for_each(add);
    }
    spaced
}

pub fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub fn stem(path: &str) -> &str {
    let name = file_name(path);
    memrchr(b'.', name.as_bytes()).map_or(name, |at| &name[..at])
}

/// Returns the name of a file up to its first dot: `README` for `README.de.md`.
pub fn bare_name(path: &str) -> &str {
    let name = file_name(path);
    memchr(b'.', name.as_bytes()).map_or(name, |at| &name[..at])
}

/// Returns the folder of a file, or the one above a folder; empty for the root.
pub fn folder_of(path: &str) -> &str {
    memrchr(b'/', path.as_bytes()).map_or("", |at| &path[..at])
}

pub fn extension(path: &str) -> Option<&str> {
    memrchr(b'.', path.as_bytes()).map(|at| &path[at + 1..])
}

/// Returns the article of a word: `an` before a vowel.
pub fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// `one, two and three`
pub fn enumerated(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// Returns `start..end`; an `end` before `start` gives an empty span.
    pub fn new(start: usize, end: usize) -> Span {
        let start = to_offset(start);
        Span { start, end: to_offset(end).max(start) }
    }

    pub fn at(offset: usize) -> Span {
        Span::new(offset, offset)
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the span of a range of its text.
    pub fn part(self, range: Range<usize>) -> Span {
        Span::new(self.start as usize + range.start, self.start as usize + range.end)
    }

    /// Returns the smallest span that contains both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

fn to_offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

/// A position as an editor shows it: line and column start at 1, the byte offset at 0. The column counts Unicode code
/// points; a byte order mark is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
    pub byte: usize,
}

/// A name in lower case, with hyphens between its words: `IncidentReview` and `Incident review` become `incident-review`.
pub fn kebab(name: &str) -> String {
    let mut words = String::new();
    let mut before = None;
    for c in name.chars() {
        let begins = c.is_uppercase() && before.is_some_and(char::is_lowercase);
        let follows = before.is_some_and(|before: char| !before.is_alphanumeric());
        if c.is_alphanumeric() {
            if (begins || follows) && !words.is_empty() {
                words.push('-');
            }
            words.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    words
}

/// Returns the form in which labels are compared: `status` of `**Status:**`, `2. Status`, `📌 Status` and `STATUS`; `decision makers` of
/// `decision-makers`.
pub fn label_key(label: &str) -> String {
    let outside = |c: char| !c.is_alphanumeric();
    let trimmed = without_number(label.trim_start_matches(outside)).trim_start_matches(outside);
    let trimmed = trimmed.trim_end_matches(|c: char| outside(c) && !matches!(c, ')' | '?' | '!' | '%'));
    let mut key = String::with_capacity(trimmed.len());
    for word in
        trimmed.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_')).filter(|it| !it.is_empty())
    {
        if !key.is_empty() {
            key.push(' ');
        }
        let start = key.len();
        match word {
            "&" => key.push_str("and"),
            _ if word.is_ascii() => {
                key.push_str(word);
                key[start..].make_ascii_lowercase();
            }
            _ => key.extend(word.chars().flat_map(char::to_lowercase)),
        }
    }
    key
}

/// Returns a heading without the number before it: `2.`, `2.1`, `3)`.
fn without_number(label: &str) -> &str {
    let length = label.len() - label.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (number, rest) = label.split_at(length);
    let numbered = rest.strip_prefix(')').or_else(|| number.contains('.').then_some(rest));
    match numbered {
        Some(rest) if !number.is_empty() && rest.starts_with(char::is_whitespace) => rest.trim_start(),
        _ => label,
    }
}

/// One file's text and its path, relative to the root of the repository, with `/`.
#[derive(Debug, Default)]
pub struct Source {
    path: Arc<str>,
    text: Lazy<Decoded>,
    line_starts: OnceLock<Vec<u32>>,
    /// The code points before each block of [`BLOCK`] bytes, so that a position in a very long line takes constant time.
    code_points: OnceLock<Vec<u32>>,
}

#[derive(Debug, Default)]
struct Decoded {
    text: Cow<'static, str>,
    invalid_at: Option<usize>,
    is_windows_1252: bool,
    bytes: usize,
}

const BLOCK: usize = 1 << 12;

impl Source {
    /// Decodes a file's bytes. Invalid UTF-8 is replaced, or read as Windows-1252; offsets before [`Source::invalid_at`] are exact.
    pub fn new(path: impl Into<Arc<str>>, bytes: Vec<u8>) -> Source {
        Source::from_lazy(path.into(), Lazy::from(Decoded::new(bytes)))
    }

    /// Returns the source under another path.
    pub fn at(&self, path: impl Into<Arc<str>>) -> Arc<Source> {
        Arc::new(Source::new(path, self.text().as_bytes().to_vec()))
    }

    /// Creates the source of a file of the program itself.
    pub fn embedded(path: &str, text: impl FnOnce() -> &'static str + Send + Sync + 'static) -> Source {
        Source::from_lazy(path.into(), Lazy::new(|| Decoded::valid(text().into())))
    }

    /// Creates a source whose bytes are loaded at the first access to its text.
    pub fn lazy(path: Arc<str>, bytes: impl FnOnce() -> Vec<u8> + Send + Sync + 'static) -> Source {
        Source::from_lazy(path, Lazy::new(|| Decoded::new(bytes())))
    }

    fn from_lazy(path: Arc<str>, text: Lazy<Decoded>) -> Source {
        Source { path, text, line_starts: OnceLock::new(), code_points: OnceLock::new() }
    }

    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    pub fn text(&self) -> &str {
        &self.text.text
    }

    /// Returns the offset of the first byte that is not valid UTF-8.
    pub fn invalid_at(&self) -> Option<usize> {
        self.text.invalid_at
    }

    /// Returns true for a text in Windows-1252 or Latin-1. It can be read and not be written.
    pub fn is_windows_1252(&self) -> bool {
        self.text.is_windows_1252
    }

    pub fn byte_len(&self) -> usize {
        self.text.bytes
    }

    /// Returns the length of the byte order mark: 0 or 3 bytes.
    pub fn bom_len(&self) -> usize {
        if self.text().starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// Returns the text of `span`; empty if the span is outside of the text or cuts a character.
    pub fn slice(&self, span: Span) -> &str {
        self.text().get(span.range()).unwrap_or("")
    }

    /// Returns the position of a byte offset. An offset inside a character is that of the character.
    pub fn position(&self, byte: usize) -> Position {
        let byte = self.text().floor_char_boundary(byte);
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start as usize <= byte).max(1);
        let start = (starts[line - 1] as usize).max(if line == 1 { self.bom_len() } else { 0 });
        let column = self.code_points_between(start, byte) + 1;
        Position { line, column, byte }
    }

    fn code_points_between(&self, start: usize, end: usize) -> usize {
        match end.checked_sub(start) {
            None => 0,
            Some(length) if length <= BLOCK => code_points(&self.text().as_bytes()[start..end]),
            Some(_) => self.code_points_before(end) - self.code_points_before(start),
        }
    }

    fn code_points_before(&self, byte: usize) -> usize {
        let bytes = self.text().as_bytes();
        let blocks = self.code_points.get_or_init(|| {
            let mut before = 0;
            let counts = bytes.chunks(BLOCK).map(|block| {
                let here = before;
                before += code_points(block);
                to_offset(here)
            });
            counts.collect()
        });
        let block = byte / BLOCK;
        match blocks.get(block) {
            Some(&before) => before as usize + code_points(&bytes[block * BLOCK..byte]),
            None => self.text().chars().count(),
        }
    }

    /// Returns the span of the line that contains `byte`, without its line end.
    pub fn line_span(&self, byte: usize) -> Span {
        let line = self.position(byte).line;
        let start = self.line_starts()[line - 1] as usize;
        let end = self.line_starts().get(line).map_or(self.text().len(), |&next| next as usize);
        let text = self.text()[start..end].trim_end_matches(['\n', '\r']);
        Span::new(start, start + text.len())
    }

    /// Returns the span of all lines that `span` touches, with the last line end.
    pub fn whole_lines(&self, span: Span) -> Span {
        let start = self.line_span(span.start as usize).start as usize;
        let end = self.text()[span.range().end..]
            .find('\n')
            .map_or(self.text().len(), |end| span.range().end + end + 1);
        Span::new(start.max(self.bom_len()), end)
    }

    /// Returns the offset of the start of each line; lines end with LF or CRLF.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = memchr_iter(b'\n', self.text().as_bytes());
            std::iter::once(0).chain(ends.map(|at| to_offset(at + 1))).collect()
        })
    }
}

impl Decoded {
    fn new(bytes: Vec<u8>) -> Decoded {
        let error = match String::from_utf8(bytes) {
            Ok(text) => return Decoded::valid(text.into()),
            Err(error) => error,
        };
        let bytes = error.as_bytes();
        let legacy = windows_1252(bytes);
        Decoded {
            invalid_at: Some(error.utf8_error().valid_up_to()),
            is_windows_1252: legacy.is_some(),
            bytes: bytes.len(),
            text: legacy.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned()).into(),
        }
    }

    fn valid(text: Cow<'static, str>) -> Decoded {
        Decoded { bytes: text.len(), text, invalid_at: None, is_windows_1252: false }
    }
}

/// Decodes a text in which no character is one of UTF-8, each is one of Windows-1252, and few stand in a row.
fn windows_1252(bytes: &[u8]) -> Option<String> {
    // So many bytes above ASCII stand in a row where Windows-1252 is the encoding. In others, whole words consist of them.
    const LONGEST_RUN: usize = 3;
    // The characters of Windows-1252 for the bytes from 0x80 to 0x9f. Above these it is Latin-1.
    const WINDOWS_1252: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";
    let is_mixed = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    let has_long_run = bytes.split(u8::is_ascii).any(|run| run.len() > LONGEST_RUN);
    if is_mixed || has_long_run {
        return None;
    }
    let character = |byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252.chars().nth(usize::from(byte - 0x80)).filter(|c| *c != '\0'),
        _ => Some(char::from(*byte)),
    };
    bytes.iter().map(character).collect()
}

fn code_points(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    pub span: Span,
    pub replacement: String,
}

impl Edit {
    pub fn removal(span: Span) -> Edit {
        Edit { span, replacement: String::new() }
    }
}

/// Applies edits. Of two that overlap, the first one counts.
pub fn applied(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.span.start, std::cmp::Reverse(edit.span.end)));
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for Edit { span, replacement } in &edits {
        let range = span.range();
        if range.start >= at {
            out.push_str(&text[at..range.start]);
            out.push_str(replacement);
            at = range.end;
        }
    }
    out + &text[at..]
}

/// An index of spans that finds those containing a given span. If the spans nest, a query takes time linear in the
/// depth of nesting.
#[derive(Clone, Debug, Default)]
pub struct SpanTree {
    /// Sorted by start, wider spans first; each with its index in the input.
    spans: Vec<(Span, usize)>,
    /// For each span, the position in `spans` of the last earlier one that overlaps it.
    enclosing: Vec<Option<usize>>,
}

impl SpanTree {
    pub fn new(spans: impl IntoIterator<Item = Span>) -> SpanTree {
        let mut spans: Vec<(Span, usize)> =
            (0..).zip(spans).map(|(input_index, span)| (span, input_index)).collect();
        spans.sort_unstable_by_key(|(span, input_index)| {
            (span.start, std::cmp::Reverse(span.end), *input_index)
        });
        let mut open: Vec<usize> = Vec::new();
        let mut enclosing = Vec::with_capacity(spans.len());
        for (position, (span, _)) in spans.iter().enumerate() {
            while open.last().is_some_and(|&last| spans[last].0.end <= span.start) {
                open.pop();
            }
            enclosing.push(open.last().copied());
            open.push(position);
        }
        SpanTree { spans, enclosing }
    }

    /// Returns the indices of the spans that contain `span`, in descending order of their starts.
    pub fn containing(&self, span: Span) -> impl Iterator<Item = usize> {
        let first = self.spans.partition_point(|(candidate, _)| candidate.start < span.start);
        let end = self.spans.partition_point(|(candidate, _)| candidate.start <= span.start);
        let ancestors = std::iter::successors(first.checked_sub(1), |&position| self.enclosing[position]);
        let candidates = (first..end).rev().chain(ancestors);
        candidates
            .map(|position| self.spans[position])
            .filter(move |(candidate, _)| candidate.contains(span))
            .map(|(_, input_index)| input_index)
    }
}
