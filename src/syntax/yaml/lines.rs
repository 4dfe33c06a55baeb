//! YAML as most of it is written, with a key or an item of a list on each line: read line by line, several times faster
//! than by a parser that has to expect everything.

use granit_parser::ScalarStyle;

use super::{Builder, Collection, Pairs};
use crate::text::Span;

/// Reads all of a text into a builder that has read nothing; none where some line is of another form. Then what the
/// builder has taken counts for nothing.
pub(super) fn read(text: &str, builder: &mut Builder<'_>) -> Option<()> {
    let is_known = |byte: u8| byte == b'\n' || (b' '..=b'~').contains(&byte);
    if !text.bytes().fold(true, |so_far, byte| so_far & is_known(byte)) {
        return None;
    }
    let mut lines = Lines { builder, open: Vec::new(), awaits_value: false };
    let mut start = 0;
    for line in text.split('\n') {
        let said = line.trim_start_matches(' ');
        let column = line.len() - said.len();
        if !said.is_empty() && !said.starts_with('#') {
            lines.take(Piece { at: start + column, text: said.trim_end_matches(' ') }, column)?;
        }
        start += line.len() + 1;
    }
    while !lines.open.is_empty() {
        lines.close();
    }
    Some(())
}

/// A part of a line, and where it starts in the text.
#[derive(Clone, Copy)]
struct Piece<'t> {
    at: usize,
    text: &'t str,
}

struct Lines<'b, 'a> {
    builder: &'b mut Builder<'a>,
    /// The collections that are open, outermost first.
    open: Vec<Level>,
    /// The last key has no value yet: it belongs to the innermost collection.
    awaits_value: bool,
}

struct Level {
    /// Where its keys or dashes stand.
    column: usize,
    is_list: bool,
}

/// Collections that nest deeper are left to the parser.
const DEEPEST: usize = 16;
/// So are longer keys.
const LONGEST_KEY: usize = 128;

impl Lines<'_, '_> {
    fn take(&mut self, line: Piece<'_>, column: usize) -> Option<()> {
        let item = line.text.strip_prefix("- ").map(|item| {
            let text = item.trim_start_matches(' ');
            Piece { at: line.at + line.text.len() - text.len(), text }
        });
        while let Some(level) = self.open.last()
            && (column < level.column || column == level.column && level.is_list && item.is_none())
        {
            self.close();
        }
        let is_there = |level: &Level| level.column == column && level.is_list == item.is_some();
        if !self.open.last().is_some_and(is_there) {
            self.open(line, column, item)?;
        } else if self.awaits_value {
            self.nothing();
        }
        match item {
            None => self.entry(line),
            Some(item) if key_of(item.text).is_none() => self.value(item),
            Some(item) => {
                self.start(item.at, column + (item.at - line.at), false)?;
                self.entry(item)
            }
        }
    }

    /// Begins a collection where one can stand: as the value of a key that is no deeper, or as all of the text.
    fn open(&mut self, line: Piece<'_>, column: usize, item: Option<Piece<'_>>) -> Option<()> {
        let at = match (self.open.last(), item) {
            (None, _) if column == 0 && self.builder.reading.roots.is_empty() => line.at,
            (Some(outer), _) if self.awaits_value && outer.column < column => line.at,
            // A list that is not indented begins with its first item, as the parser has it.
            (Some(outer), Some(item)) if self.awaits_value && outer.column == column => item.at,
            _ => return None,
        };
        self.awaits_value = false;
        self.start(at, column, item.is_some())
    }

    fn start(&mut self, at: usize, column: usize, is_list: bool) -> Option<()> {
        if self.open.len() == DEEPEST {
            return None;
        }
        let collection = match is_list {
            true => Collection::Sequence(Vec::new()),
            false => Collection::Mapping(Pairs::default()),
        };
        self.open.push(Level { column, is_list });
        self.builder.start(collection, self.span(at, 0), 0).ok()
    }

    fn close(&mut self) {
        if self.awaits_value {
            self.nothing();
        }
        self.open.pop();
        self.builder.end(Span::default());
    }

    /// Takes a key, and its value where it has one on the line.
    fn entry(&mut self, line: Piece<'_>) -> Option<()> {
        let key = key_of(line.text)?;
        self.scalar(ScalarStyle::Plain, key, self.span(line.at, key.len()));
        self.awaits_value = true;
        let value = line.text[key.len() + 1..].trim_start_matches(' ');
        if value.is_empty() || value.starts_with('#') {
            return Some(());
        }
        self.value(Piece { at: line.at + line.text.len() - value.len(), text: value })
    }

    fn value(&mut self, Piece { at, text }: Piece<'_>) -> Option<()> {
        self.awaits_value = false;
        let first = text.chars().next()?;
        match first {
            '"' | '\'' => {
                let (inner, rest) = text[1..].split_once(first)?;
                let is_remark = rest.starts_with(' ') && rest.trim_start().starts_with('#');
                let is_plain = !inner.contains('\\') && (rest.is_empty() || is_remark);
                let style = match first {
                    '"' => ScalarStyle::DoubleQuoted,
                    _ => ScalarStyle::SingleQuoted,
                };
                is_plain.then(|| self.scalar(style, inner, self.span(at, inner.len() + 2)))
            }
            '[' if text == "[]" => {
                self.builder.start(Collection::Sequence(Vec::new()), self.span(at, 1), 0).ok()?;
                self.builder.end(self.span(at + 1, 1));
                Some(())
            }
            _ if first.is_ascii_alphanumeric() || "/._(".contains(first) => {
                let said = text.split_once(" #").map_or(text, |(said, _)| said).trim_end_matches(' ');
                let is_key = said.contains(": ") || said.ends_with(':');
                (!is_key).then(|| self.scalar(ScalarStyle::Plain, said, self.span(at, said.len())))
            }
            _ => None,
        }
    }

    /// The value of a key that has none.
    fn nothing(&mut self) {
        self.awaits_value = false;
        self.scalar(ScalarStyle::Plain, "", Span::default());
    }

    fn scalar(&mut self, style: ScalarStyle, text: &str, span: Span) {
        self.builder.scalar(text, style, false, 0, span);
    }

    fn span(&self, at: usize, length: usize) -> Span {
        Span::new(self.builder.base + at, self.builder.base + at + length)
    }
}

/// The key that a line begins with.
fn key_of(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./ ".contains(&byte);
    let is_key = key.len() <= LONGEST_KEY
        && key.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !key.ends_with(' ')
        && key.bytes().all(is_known)
        && (rest.is_empty() || rest.starts_with(' '));
    is_key.then_some(key)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Source, parse};
    use super::*;

    /// Whether a text is read line by line; then the parser must say the same.
    fn assert_same(text: &str) -> bool {
        let text = format!("---\n{text}");
        let source = Source::new("a.yaml", text.clone().into());
        let within = Span::new(4, text.len());
        let mut builder = Builder::new(source.text(), 4);
        if read(&text[4..], &mut builder).is_none() {
            return false;
        }
        assert_eq!(format!("{:#?}", builder.reading), format!("{:#?}", parse(&source, within)), "{text:?}");
        true
    }

    #[test]
    fn what_most_files_hold_is_read_line_by_line() {
        for text in [
            "",
            "# only a comment\n",
            "title: Use it # why\nowner: \"@ada\"\nstatus: 'x'\nempty:\nnone: []\n\nlast: x",
            "a:\n  - x\n  - y: 1\n    z:\n    - 2\n  -   k: v\n      l:\n  - \"q\" # c\nb:\n- 1\n- 2\nc:\n  d:\n    e: f\n",
            "- a\n- b: c\n  d: e\n",
            "a: 1\na: 2\nb: http://x.y/#z\n",
        ] {
            assert!(assert_same(text), "{text}");
        }
    }

    #[test]
    fn what_looks_otherwise_is_left_to_the_parser() {
        for text in [
            "a: b\n  c\n",
            "a: \"b\n  c\"\n",
            "a: |\n  b\n",
            "a: {b: c}\n",
            "a: [b]\n",
            "a: b: c\n",
            "a: &x b\n",
            "? a\n: b\n",
            "a: \"\\n\"\n",
            "a: 'it''s'\n",
            "-\n  a\n",
            "- - a\n",
            "a:\tb\n",
            "a: é\n",
            " a: b\n",
            "---\na: b\n",
            "a: b\n...\n",
            "a: b\n- c\n",
            "- a\nb: c\n",
            "a:\n    b: c\n  d: e\n",
            "just words\n",
            "a: @b\n",
            "<<: x\n",
        ] {
            assert!(!assert_same(text), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_text_says_the_same_however_it_is_read(lines in prop::collection::vec((
            prop::sample::select(vec!["", "", "", "", "  ", "  ", "    ", " ", "      "]),
            prop::sample::select(vec!["", "", "", "- ", "- ", "-   ", "- - "]),
            prop::sample::select(vec![
                "a: b", "a: b", "b: c # d", "c:", "c:", "d: ", "key with words: x", "x", "two words", "1", "2026-01-01", "a:b", "a : b",
                "\"q\"", "'q'", "\"q\" #c", "\"q\"#c", "'it''s'", "e: \"q: r\"", "f: 'q'", "g: []", "[]", "[] # c", "h: /p/q#r", "i: x #", "#",
                "# c", "-", "", "", "null: ~", "true: false", "j: k: l", "m: n:", "o: .5", "p: (q)", "r/s.t-u_v: w", "k: #", "s  t:  u  v", "w: x  # y  ", "...", "---", "<<: x",
                "a: 'b' c", "a: \"b\" \"c\"", "a: x,y", "a: x]", "a: b?", "a: -1", "a: b ", "0: 1", "a: 0x1F", "a: !x", "a: \"\"", "a: ''",
            ]),
        ), 0..10)) {
            assert_same(&lines.iter().map(|(margin, mark, said)| format!("{margin}{mark}{said}\n")).collect::<String>());
        }
    }
}
