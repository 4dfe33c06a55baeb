//! Text and places in it: a [`Source`] is one file's text, a [`Span`] a range of its bytes, a
//! [`Position`] what a person calls that place.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::lazy::Lazy;

mod span_tree;

pub use span_tree::SpanTree;

/// A half-open range of bytes in a [`Source`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`, in bytes. An `end` before `start` gives an empty span.
    pub fn new(start: usize, end: usize) -> Span {
        let start = to_offset(start);
        Span { start, end: to_offset(end).max(start) }
    }

    /// The empty span at `offset`.
    pub fn at(offset: usize) -> Span {
        Span::new(offset, offset)
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Sources are refused above [`Source::LIMIT`] bytes, so every offset fits.
fn to_offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

/// A place as an editor shows it: line and column start at 1, the column counts Unicode code points
/// (a byte order mark is none), the byte starts at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
    pub byte: usize,
}

/// One file's text, under its path relative to the repository's root, with `/`.
#[derive(Debug)]
pub struct Source {
    path: Arc<str>,
    text: Lazy<Text>,
    line_starts: OnceLock<Vec<u32>>,
    /// The code points before each block of [`BLOCK`] bytes: a line may be the whole file.
    code_points: OnceLock<Vec<u32>>,
}

/// What a file's bytes say.
#[derive(Debug)]
struct Text {
    text: String,
    invalid_at: Option<usize>,
}

/// Bytes that are counted anew for each position.
const BLOCK: usize = 1 << 12;

impl Source {
    /// The largest file that is read, in bytes.
    pub const LIMIT: usize = 64 << 20;

    /// Takes a file's bytes. What is not UTF-8 is replaced, and the first such byte remembered in
    /// [`Source::invalid_at`]; all offsets before it are exact.
    pub fn new(path: impl Into<Arc<str>>, bytes: Vec<u8>) -> Source {
        Source::with(path.into(), Lazy::from(Text::of(bytes)))
    }

    /// A file whose bytes are read when somebody asks for its text.
    pub fn lazy(path: Arc<str>, bytes: impl FnOnce() -> Vec<u8> + Send + Sync + 'static) -> Source {
        Source::with(path, Lazy::new(|| Text::of(bytes())))
    }

    fn with(path: Arc<str>, text: Lazy<Text>) -> Source {
        Source { path, text, line_starts: OnceLock::new(), code_points: OnceLock::new() }
    }

    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    pub fn text(&self) -> &str {
        &self.text.text
    }

    /// The byte at which the file stops being UTF-8.
    pub fn invalid_at(&self) -> Option<usize> {
        self.text.invalid_at
    }

    /// The length of the byte order mark that the file starts with: 0 or 3 bytes.
    pub fn bom_len(&self) -> usize {
        if self.text().starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// The text under `span`; empty where the span lies outside or cuts a character.
    pub fn slice(&self, span: Span) -> &str {
        self.text().get(span.range()).unwrap_or("")
    }

    /// Where `byte` is for a person. A byte past the end is the end; one inside a character is that character.
    pub fn position(&self, byte: usize) -> Position {
        let mut byte = byte.min(self.text().len());
        while !self.text().is_char_boundary(byte) {
            byte -= 1;
        }
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

    /// The bytes of the line that `byte` is in, without its line end.
    pub fn line_span(&self, byte: usize) -> Span {
        let line = self.position(byte).line;
        let start = self.line_starts()[line - 1] as usize;
        let end = self.line_starts().get(line).map_or(self.text().len(), |&next| next as usize);
        let text = self.text()[start..end].trim_end_matches(['\n', '\r']);
        Span::new(start, start + text.len())
    }

    /// The byte at which each line starts; a line ends with LF or CRLF.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = self.text().bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| to_offset(at + 1))).collect()
        })
    }
}

impl Text {
    fn of(bytes: Vec<u8>) -> Text {
        match String::from_utf8(bytes) {
            Ok(text) => Text { text, invalid_at: None },
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Text { text: String::from_utf8_lossy(error.as_bytes()).into_owned(), invalid_at: Some(at) }
            }
        }
    }
}

/// The code points that begin in these bytes of UTF-8.
fn code_points(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// The replacement of some bytes by others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    pub span: Span,
    pub replacement: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_code_points_and_bytes_count_bytes() {
        let source = Source::new("a.md", "é: x\r\nsecond ü!".as_bytes().to_vec());
        assert_eq!(source.position(4), Position { line: 1, column: 4, byte: 4 });
        let bang = source.text().find('!').unwrap();
        assert_eq!(source.position(bang), Position { line: 2, column: 9, byte: bang });
        assert_eq!(source.slice(source.line_span(0)), "é: x");
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        let source = Source::new("a.md", "\u{feff}id: 1".as_bytes().to_vec());
        assert_eq!(source.position(3), Position { line: 1, column: 1, byte: 3 });
    }

    #[test]
    fn columns_of_long_lines_are_counted_by_blocks() {
        let text = "x\n".to_string() + &"éa".repeat(3 * BLOCK);
        let source = Source::new("a.md", text.clone().into_bytes());
        for at in (2..text.len()).step_by(997).chain([text.len()]).filter(|at| text.is_char_boundary(*at)) {
            assert_eq!(source.position(at).column, text[2..at].chars().count() + 1);
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_keep_the_offsets_before_them() {
        let source = Source::new("a.yaml", b"id: \xff\nnext: 1".to_vec());
        assert_eq!(source.invalid_at(), Some(4));
        assert!(source.text().starts_with("id: \u{fffd}"));
    }

    #[test]
    fn offsets_outside_the_text_are_its_end() {
        let source = Source::new("a", b"ab\n".to_vec());
        assert_eq!(source.position(99), Position { line: 2, column: 1, byte: 3 });
        assert_eq!(source.slice(Span::new(1, 99)), "");
    }
}
