//! Positions as the protocol counts them, and as byte offsets.

use lsp_types::{ClientCapabilities, Position, PositionEncodingKind, Range};

use crate::text::{Source, Span};

/// The unit in which the columns of positions count. Lines end with LF or CRLF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    /// Returns UTF-8 where the client offers it, else UTF-16, which each client understands.
    pub(super) fn of(client: &ClientCapabilities) -> Encoding {
        let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_ref());
        let has_utf8 = offered.is_some_and(|offered| offered.contains(&PositionEncodingKind::UTF8));
        if has_utf8 { Encoding::Utf8 } else { Encoding::Utf16 }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn length(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.encode_utf16().count(),
        }
    }

    /// Returns the position of a byte offset. One inside a character is that of the character. A byte order mark is not counted: clients
    /// take it off.
    pub(super) fn position(self, source: &Source, byte: usize) -> Position {
        let (text, starts) = (source.text(), source.line_starts());
        let byte = text.floor_char_boundary(byte);
        let line = starts.partition_point(|&start| start as usize <= byte).max(1) - 1;
        let start = (starts[line] as usize).max(if line == 0 { source.bom_len() } else { 0 });
        let column = text.get(start..byte).map_or(0, |before| self.length(before));
        Position::new(line as u32, column as u32)
    }

    pub(super) fn range(self, source: &Source, span: Span) -> Range {
        Range::new(self.position(source, span.start as usize), self.position(source, span.end as usize))
    }

    /// Returns the byte offset of a position; past the end of a line or of the text, that end. Inside a character, its start.
    pub(super) fn offset(self, source: &Source, position: Position) -> usize {
        let starts = source.line_starts();
        match starts.get(position.line as usize) {
            Some(start) if position.line == 0 => self.offset_in_line(
                source.text(),
                (*start as usize).max(source.bom_len()),
                position.character,
            ),
            Some(start) => self.offset_in_line(source.text(), *start as usize, position.character),
            None => source.text().len(),
        }
    }

    pub(super) fn span(self, source: &Source, range: Range) -> Span {
        Span::new(self.offset(source, range.start), self.offset(source, range.end))
    }

    /// As [`Encoding::offset`], in a text that changes. `known` is a line and where it begins, and becomes that of the position.
    pub(super) fn offset_in(self, text: &str, position: Position, known: &mut (usize, usize)) -> usize {
        let (line, bytes) = (position.line as usize, text.as_bytes());
        let start = match line.checked_sub(known.0) {
            Some(0) => Some(known.1),
            Some(below) => {
                memchr::memchr_iter(b'\n', &bytes[known.1..]).nth(below - 1).map(|end| known.1 + end + 1)
            }
            None => Some(
                memchr::memrchr_iter(b'\n', &bytes[..known.1]).nth(known.0 - line).map_or(0, |end| end + 1),
            ),
        };
        let Some(start) = start else { return text.len() };
        *known = (line, start);
        self.offset_in_line(text, start, position.character)
    }

    fn offset_in_line(self, text: &str, start: usize, column: u32) -> usize {
        let rest = &text[start..];
        let line = &rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())];
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut left = column as usize;
        for (at, c) in line.char_indices() {
            let length = match self {
                Encoding::Utf8 => c.len_utf8(),
                Encoding::Utf16 => c.len_utf16(),
            };
            if left < length {
                return start + at;
            }
            left -= length;
        }
        start + line.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("page.md", text.as_bytes().to_vec())
    }

    #[test]
    fn each_offset_has_one_position_and_back() {
        let texts =
            ["", "a", "\n", "\r\n", "é\r\n📌 b 𝕏\n\nz", "a\rb\nc", "👩‍👩‍👧 x\r\n\r\n", "\u{feff}id: 1\nb"];
        for text in texts {
            let source = source(text);
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            for at in ends.filter(|at| *at >= source.bom_len()) {
                for encoding in [Encoding::Utf8, Encoding::Utf16] {
                    let position = encoding.position(&source, at);
                    // Between CR and LF there is no position: it is the end of the line.
                    let is_within_end = text[..at].ends_with('\r') && text[at..].starts_with('\n');
                    let expected = at - usize::from(is_within_end);
                    assert_eq!(encoding.offset(&source, position), expected, "{text:?} {at} {encoding:?}");
                    if source.bom_len() == 0 {
                        assert_eq!(
                            encoding.offset_in(text, position, &mut (0, 0)),
                            expected,
                            "{text:?} {at} {encoding:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn columns_count_what_the_client_counts() {
        let source = source("é📌x\r\ny");
        let column = |encoding: Encoding| encoding.position(&source, "é📌".len()).character;
        assert_eq!((column(Encoding::Utf8), column(Encoding::Utf16)), (6, 3));
        assert_eq!(Encoding::Utf16.position(&source, "é📌x\r\n".len()), Position::new(1, 0));
    }

    #[test]
    fn a_position_outside_is_the_nearest_one_inside() {
        let source = source("é📌x\r\ny");
        let offset = |line, column| Encoding::Utf16.offset(&source, Position::new(line, column));
        // Between the two units of the pin.
        assert_eq!(offset(0, 2), "é".len());
        assert_eq!(offset(0, 99), "é📌x".len());
        assert_eq!((offset(1, 99), offset(7, 0), offset(u32::MAX, u32::MAX)), (10, 10, 10));
        assert_eq!(Encoding::Utf8.offset(&source, Position::new(0, 1)), 0);
    }
}
