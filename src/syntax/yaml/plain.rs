//! Reads the YAML that people usually write, ten times as fast as the parser and with the same events: block mappings and
//! lists of plain or quoted texts on one line, and lists and mappings in brackets on one line. It refuses any other
//! syntax and every error; the parser reads these files.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, ScalarStyle, StructureStyle};
use memchr::{memchr, memchr_iter};

/// Passes the events of `text` to `handle`, which returns `None` to stop. Returns `None` if the text is not plain; `handle`
/// may have received its first events.
pub(super) fn read<'t>(
    text: &'t str,
    handle: impl FnMut(Event<'t>, Range<usize>) -> Option<()>,
) -> Option<()> {
    if !is_printable(text) {
        return None;
    }
    let mut reader = Reader { text, next: 0, line: None, handle };
    reader.go_on();
    reader.line?;
    reader.emit(Event::StreamStart, 0..0)?;
    reader.emit(Event::DocumentStart(false, None), 0..0)?;
    reader.block(0)?;
    let end = text.len();
    reader.emit(Event::DocumentEnd, end..end)?;
    reader.emit(Event::StreamEnd, end..end)?;
    reader.line.is_none().then_some(())
}

/// The parser reads documents with deeper nesting; it has a limit of its own.
const MAX_DEPTH: usize = 40;

/// The most bytes of a key. YAML limits a key to 1024 characters.
const MAX_KEY_LEN: usize = 1000;

/// A line that is neither empty nor a comment.
#[derive(Clone, Copy)]
struct Line {
    indent: usize,
    /// The offset of its text; for an item that is a mapping, of the text after the dash.
    start: usize,
    end: usize,
}

struct Reader<'t, H> {
    text: &'t str,
    /// The offset of the line after `line`.
    next: usize,
    line: Option<Line>,
    handle: H,
}

impl<'t, H: FnMut(Event<'t>, Range<usize>) -> Option<()>> Reader<'t, H> {
    fn emit(&mut self, event: Event<'t>, range: Range<usize>) -> Option<()> {
        (self.handle)(event, range)
    }

    fn start_mapping(&mut self, style: StructureStyle, range: Range<usize>) -> Option<()> {
        self.emit(Event::MappingStart(style, 0, None), range)
    }

    fn start_list(&mut self, style: StructureStyle, range: Range<usize>) -> Option<()> {
        self.emit(Event::SequenceStart(style, 0, None), range)
    }

    fn scalar(&mut self, style: ScalarStyle, text: Range<usize>, range: Range<usize>) -> Option<()> {
        self.emit(Event::Scalar(Cow::Borrowed(&self.text[text]), style, 0, None), range)
    }

    /// Advances to the next line that is neither empty nor a comment.
    fn go_on(&mut self) {
        let bytes = self.text.as_bytes();
        while self.next < bytes.len() {
            let line = self.next;
            let end = memchr(b'\n', &bytes[line..]).map_or(bytes.len(), |length| line + length);
            self.next = end + 1;
            let indent = spaces(&bytes[line..end]);
            if !matches!(bytes[line + indent..end].first(), None | Some(b'#')) {
                self.line = Some(Line { indent, start: line + indent, end });
                return;
            }
        }
        self.line = None;
    }

    /// Reads a mapping or list whose first line is the current one.
    fn block(&mut self, depth: usize) -> Option<()> {
        let line = self.line.filter(|_| depth < MAX_DEPTH)?;
        if self.is_item(line) {
            self.list(line.indent, false, depth)
        } else {
            self.mapping(line.indent, depth)
        }
    }

    fn is_item(&self, line: Line) -> bool {
        self.text[line.start..line.end].starts_with("- ")
    }

    /// Reads the entries at `indent`, up to a line with less indentation.
    fn mapping(&mut self, indent: usize, depth: usize) -> Option<()> {
        let first = self.line?;
        self.start_mapping(StructureStyle::Block, first.start..first.start)?;
        while let Some(line) = self.line.filter(|line| line.indent >= indent) {
            if line.indent > indent {
                return None;
            }
            let key = self.key(line)?;
            self.scalar(ScalarStyle::Plain, key.clone(), key.clone())?;
            match self.value_start(key.end + 1, line.end) {
                Some(start) => self.inline_value(start, line.end, indent, depth)?,
                None => self.value_below(key.end + 1, indent, depth)?,
            }
        }
        let end = self.line.map_or(self.text.len(), |line| line.start);
        self.emit(Event::MappingEnd, end..end)
    }

    /// Reads the items at `indent`, up to a line with less indentation, or to the next key if the list has the indentation of its key.
    fn list(&mut self, indent: usize, is_below_key: bool, depth: usize) -> Option<()> {
        let first = self.line?;
        let start = if is_below_key { self.value_start(first.start + 1, first.end)? } else { first.start };
        self.start_list(StructureStyle::Block, start..start)?;
        while let Some(line) = self.line.filter(|line| line.indent >= indent) {
            if line.indent > indent || !self.is_item(line) {
                if line.indent == indent && is_below_key {
                    break;
                }
                return None;
            }
            let dash = line.start;
            let start = self.value_start(dash + 1, line.end)?;
            let item = Line { indent: indent + (start - dash), start, end: line.end };
            if self.key(item).is_some() {
                self.line = Some(item);
                (depth + 1 < MAX_DEPTH).then_some(())?;
                self.mapping(item.indent, depth + 1)?;
            } else {
                self.inline_value(start, line.end, indent, depth)?;
            }
        }
        let end = self.line.map_or(self.text.len(), |line| line.start);
        self.emit(Event::SequenceEnd, end..end)
    }

    /// Returns the span of a plain key, without the colon.
    fn key(&self, line: Line) -> Option<Range<usize>> {
        let text = &self.text[line.start..line.end];
        let begins = begins_plain(text.as_bytes()) && !text.starts_with("...");
        let length = key_len(text)?;
        let key = &text[..length];
        let is_plain = begins && !key.ends_with(' ') && !has_comment(key) && key != "<<";
        (is_plain && length <= MAX_KEY_LEN).then_some(line.start..line.start + length)
    }

    /// Returns the offset of the value after a colon or a dash; `None` if the line ends or a comment follows.
    fn value_start(&self, after: usize, end: usize) -> Option<usize> {
        let start = after + spaces(&self.text.as_bytes()[after..end]);
        (start < end && self.text.as_bytes()[start] != b'#').then_some(start)
    }

    /// Reads the value of a key that has none on its line.
    fn value_below(&mut self, at: usize, indent: usize, depth: usize) -> Option<()> {
        self.go_on();
        match self.line {
            Some(line) if line.indent > indent => self.block(depth + 1),
            Some(line) if line.indent == indent && self.is_item(line) => self.list(indent, true, depth + 1),
            _ => self.emit(Event::Scalar("~".into(), ScalarStyle::Plain, 0, None), at..at),
        }
    }

    /// Reads a value on one line and advances to the next line. Refuses a value that continues there.
    fn inline_value(&mut self, start: usize, end: usize, indent: usize, depth: usize) -> Option<()> {
        let after = match self.text.as_bytes()[start] {
            b'"' | b'\'' => self.quoted(start, end)?,
            b'[' | b'{' => self.brackets(start, end, depth + 1)?,
            _ => {
                let value = self.plain(start, end)?;
                self.scalar(ScalarStyle::Plain, value.clone(), value.clone())?;
                value.end
            }
        };
        let rest = &self.text[after..end];
        let is_over =
            rest.trim_start_matches(' ').is_empty() || rest.trim_start_matches(' ').starts_with('#');
        if !is_over || rest.starts_with('#') {
            return None;
        }
        self.go_on();
        self.line.is_none_or(|line| line.indent <= indent).then_some(())
    }

    /// Returns the span of a plain scalar, without a comment after it.
    fn plain(&self, start: usize, end: usize) -> Option<Range<usize>> {
        let text = &self.text[start..end];
        let is_comment = |at: &usize| text.as_bytes()[*at] == b'#' && text.as_bytes()[at - 1] == b' ';
        let length = (1..text.len()).find(is_comment).unwrap_or(text.len());
        let text = text[..length].trim_end_matches(' ');
        let is_plain = begins_plain(text.as_bytes()) && key_len(text).is_none();
        is_plain.then_some(start..start + text.len())
    }

    /// Reads a quoted scalar without escapes, and returns the offset of its end.
    fn quoted(&mut self, start: usize, end: usize) -> Option<usize> {
        let quote = self.text.as_bytes()[start];
        let inner = &self.text.as_bytes()[start + 1..end];
        let length = inner.iter().position(|byte| *byte == quote)?;
        let is_escaped = match quote {
            b'"' => inner[..length].contains(&b'\\'),
            _ => inner.get(length + 1) == Some(&quote),
        };
        let style = if quote == b'"' { ScalarStyle::DoubleQuoted } else { ScalarStyle::SingleQuoted };
        let after = start + 1 + length + 1;
        (!is_escaped).then_some(())?;
        self.scalar(style, start + 1..after - 1, start..after)?;
        Some(after)
    }

    /// Reads a list or mapping in brackets, and returns the offset of its end.
    fn brackets(&mut self, start: usize, end: usize, depth: usize) -> Option<usize> {
        let is_list = self.text.as_bytes()[start] == b'[';
        let closing = if is_list { b']' } else { b'}' };
        let bracket = start..start + 1;
        if depth == MAX_DEPTH {
            return None;
        }
        match is_list {
            true => self.start_list(StructureStyle::Flow, bracket)?,
            false => self.start_mapping(StructureStyle::Flow, bracket)?,
        }
        let mut at = self.value_start(start + 1, end)?;
        let mut is_first = true;
        loop {
            match self.text.as_bytes()[at] {
                byte if byte == closing && is_first => break,
                _ if is_first => {}
                byte if byte == closing => break,
                b',' => at = self.value_start(at + 1, end)?,
                _ => return None,
            }
            is_first = false;
            if !is_list {
                let key = self.plain_in_brackets(at, end)?;
                let after = &self.text[key.end..end];
                if !after.starts_with(": ") || key.len() > MAX_KEY_LEN || &self.text[key.clone()] == "<<" {
                    return None;
                }
                self.scalar(ScalarStyle::Plain, key.clone(), key.clone())?;
                at = self.value_start(key.end + 1, end)?;
            }
            let after = match self.text.as_bytes()[at] {
                b'"' | b'\'' => self.quoted(at, end)?,
                b'[' | b'{' => self.brackets(at, end, depth + 1)?,
                _ => {
                    let value = self.plain_in_brackets(at, end)?;
                    self.scalar(ScalarStyle::Plain, value.clone(), value.clone())?;
                    value.end
                }
            };
            at = self.value_start(after, end)?;
        }
        let bracket = at..at + 1;
        match is_list {
            true => self.emit(Event::SequenceEnd, bracket)?,
            false => self.emit(Event::MappingEnd, bracket)?,
        }
        Some(at + 1)
    }

    /// Returns the span of a plain scalar in brackets: it ends before a bracket, a comma, or the colon after a key.
    fn plain_in_brackets(&self, start: usize, end: usize) -> Option<Range<usize>> {
        let bytes = &self.text.as_bytes()[start..end];
        let is_end = |(at, byte): (usize, &u8)| match byte {
            b',' | b'[' | b']' | b'{' | b'}' => true,
            b':' => matches!(bytes.get(at + 1), None | Some(b' ' | b',' | b'[' | b']' | b'{' | b'}')),
            _ => false,
        };
        let length = bytes.iter().enumerate().position(is_end)?;
        let text = self.text[start..start + length].trim_end_matches(' ');
        (begins_plain(text.as_bytes()) && !has_comment(text)).then_some(start..start + text.len())
    }
}

/// Returns the offset of the first colon that ends a key.
fn key_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|at| bytes[*at] == b':' && matches!(bytes.get(at + 1), None | Some(b' ')))
}

/// Returns true if a comment begins in the text: a `#` behind a space.
fn has_comment(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr_iter(b'#', bytes).any(|at| at > 0 && bytes[at - 1] == b' ')
}

fn spaces(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| **byte == b' ').count()
}

/// Returns true if a plain scalar may begin with this text.
fn begins_plain(text: &[u8]) -> bool {
    let is_word = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'/' | b'(' | b'.' | b'+' | b'$' | b'~' | b'<' | b'=')
            || !byte.is_ascii()
    };
    match text {
        [b'-', second, ..] => second.is_ascii_alphanumeric(),
        [first, ..] => is_word(*first),
        [] => false,
    }
}

/// Returns true if the text has only characters that YAML allows, and no line break but `\n`.
fn is_printable(text: &str) -> bool {
    let is_odd_byte = |byte: u8| byte < b' ' && byte != b'\n' || byte == 0x7f;
    // Avoids a branch for each byte.
    let has_odd_byte = text.bytes().fold(false, |is_odd, byte| is_odd | is_odd_byte(byte));
    let is_odd =
        |c| matches!(c, '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    !has_odd_byte && (text.is_ascii() || !text.contains(is_odd))
}

#[cfg(test)]
mod tests {
    use granit_parser::Parser;
    use proptest::prelude::*;

    use super::*;

    /// Returns true if the reader accepts the text, and checks that its events are those of the parser.
    fn agrees(text: &str) -> bool {
        let mut events = Vec::new();
        let is_read = read(text, |event, range| {
            events.push((event, range));
            Some(())
        });
        if is_read.is_none() {
            return false;
        }
        let options = granit_parser::options! { emit_comments: false };
        let expected: Vec<_> = Parser::new_from_str_with_options(text, options)
            .map(|event| {
                let (event, span) = event.unwrap_or_else(|error| panic!("{error} in {text:?}"));
                (event, span.byte_range().unwrap_or_default())
            })
            .collect();
        // The parser places absent values and the ends of blocks elsewhere.
        let placed = |events: Vec<(Event<'_>, Range<usize>)>| -> Vec<String> {
            let place = |(event, range): (Event<'_>, Range<usize>)| match event {
                Event::Scalar(..) if range.is_empty() => format!("{event:?}"),
                Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) => {
                    format!("{event:?} {range:?}")
                }
                _ if range.is_empty() => format!("{event:?}"),
                _ => format!("{event:?} {range:?}"),
            };
            events.into_iter().map(place).collect()
        };
        assert_eq!(placed(events), placed(expected), "{text:?}");
        true
    }

    #[test]
    fn plain_texts_are_read_as_by_the_parser() {
        for text in [
            "a: b",
            "\n# c\na: b # c\n\n  # c\nb:   c d  \n",
            "a:\nb: # c\nc: x\n",
            "a:\n  b: c\n  d:\n    e: f\ng: h\n",
            "a:\n- b\n- c: d\n  e: f\ng:\n  - h\n  -   i: j\n      k: l\n",
            "- a\n- 'b: c'\n- \"é # x\" # y\n",
            "a: [b, c d , 'e', \"f\", [g], {h: i, j: [k]}]\nb: []\nc: {}\n",
            "- {a: b c, d: http://e.f/g}\n- [ a, 10:30 ]\n",
            "a b: c:d\nhttp://x: -1\nc: ~\nd: <e>\n",
        ] {
            assert!(agrees(text), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_plain_is_refused() {
        for text in [
            "",
            "# c\n",
            "a",
            "- a\nb: c\n",
            "a: b\n- c\n",
            "a: b\n  c\n",
            "a: b\n c: d\n",
            " a: b\nc: d\n",
            "a:\n    b: c\n  d: e\n",
            "a: b: c\n",
            "a: b:\n",
            "a: &b c\n",
            "a: *b\n",
            "a: !b c\n",
            "a: |\n  b\n",
            "a: >-\n  b\n",
            "a: @b\n",
            "a: `b`\n",
            "a: %b\n",
            "? a\n: b\n",
            "'a': b\n",
            "a : b\n",
            "<<: a\n",
            "a: \"b\\n\"\n",
            "a: 'b''c'\n",
            "a: 'b' c\n",
            "a: 'b'#c\n",
            "a: 'b\n  c'\n",
            "a: [b\n",
            "a: [b,\n  c]\n",
            "a: [b,]\n",
            "a: [b, , c]\n",
            "a: [b: c]\n",
            "a: {b}\n",
            "a: {b:c}\n",
            "a: {b: }\n",
            "a: [b] c\n",
            "[a]: b\n",
            "-\n",
            "- - a\n",
            "- a\n  b\n",
            "---\na: b\n",
            "a: b\n---\nc: d\n",
            "... # x\n",
            "%YAML 1.2\n",
            "a: b\tc\n",
            "\ta: b\n",
            "a: b\r\n",
            "a: b\u{85}c\n",
            "\u{feff}a: b\n",
            "a: b\0\n",
            "a:b\n",
        ] {
            assert!(!agrees(text), "{text:?}");
        }
        let nested =
            |depth: usize| (0..depth).map(|at| format!("{}a:\n", " ".repeat(at))).collect::<String>();
        assert!(agrees(&nested(30)) && !agrees(&nested(50)));
        assert!(!agrees(&format!("{}: b", "a".repeat(1100))));
    }

    proptest! {
        #[test]
        fn what_is_read_is_as_by_the_parser(words in prop::collection::vec(prop::sample::select(&[
            "a", "b", "é", "a: b", "a:", "- ", "- a", "-", "'a'", "\"b\"", "''", "[", "]", "{", "}", "[a, b]", "{a: b}", ", ", ",",
            ": ", ":", " ", "  ", "    ", "\n", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", "\na: ", "\n  b: ", "# c", " # c", "#", "~", "|", ">",
            "&a ", "*a", "!t ", "<<", "?", "? ", "---", "...", "%", "@", "\\", "\t", "1", "-1", ".", "http://a",
        ][..]), 1..16)) {
            agrees(&words.concat());
        }

        #[test]
        fn lines_are_read_as_by_the_parser(lines in prop::collection::vec((
            0_usize..5,
            prop::sample::select(&["", "", "- ", "- ", "-  "][..]),
            prop::sample::select(&["a:", "b: ", "c d: ", "a: ", ""][..]),
            prop::sample::select(&["", "x", "x y", "'x'", "\"x: y\"", "[x, y]", "{x: y}", "[]", "[x: y]", "x: y", "x # y", "# y", "|", "- x"][..]),
        ), 1..8)) {
            let text: String = lines.iter().map(|(indent, dash, key, value)| format!("{}{dash}{key}{value}\n", " ".repeat(*indent))).collect();
            agrees(&text);
        }
    }

    #[test]
    fn a_comment_begins_behind_a_space() {
        assert!(has_comment("a #b") && has_comment("a#b #c"));
        assert!(!has_comment("a#b") && !has_comment("#b") && !has_comment("a"));
    }
}
