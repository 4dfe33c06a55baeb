//! `MediaWiki`'s markup: headings, text, links and blocks of code. Tables and lists are text.

use std::ops::Range;

use super::markdown::{CodeBlock, Markdown};
use super::text_parts::TextParts;
use super::{Problem, line};
use crate::text::{Source, Span};

/// What begins and ends a part that is no prose: comments, blocks of code, code in text, and templates.
const CODE: [(&str, &str); 6] = [
    ("<!--", "-->"),
    ("<pre", "</pre>"),
    ("<source", "</source>"),
    ("<syntaxhighlight", "</syntaxhighlight>"),
    ("<code", "</code>"),
    ("{{", "}}"),
];

/// How many of them are blocks of their own.
const BLOCKS: usize = 4;

/// Parses a page into its parts.
pub(super) fn parse(source: &Source, whole: Span, page: &mut Markdown) -> Option<Problem> {
    page.lead = line::find_lead(source, whole);
    let start = page.lead.as_ref().map_or(whole.start, |lead| lead.span.end) as usize;
    let text = TextParts::new(source.text(), page);
    Reader { source: source.text(), text, unclosed: [false; CODE.len()] }.read(start..whole.end as usize);
    None
}

struct Reader<'a> {
    source: &'a str,
    text: TextParts<'a>,
    /// The parts of [`CODE`] that do not end below: their end is not looked for again.
    unclosed: [bool; CODE.len()],
}

impl Reader<'_> {
    fn read(&mut self, within: Range<usize>) {
        let (mut at, mut paragraph) = (within.start, within.start);
        while at < within.end {
            let rest = &self.source[at..within.end];
            let next = at + rest.find('\n').map_or(rest.len(), |end| end + 1);
            let line = self.source[at..next].trim_end();
            let code = self.code(at, within.end).filter(|(number, _)| *number < BLOCKS);
            match (heading(line), code) {
                (None, None) if !line.trim().is_empty() => {
                    at = next;
                    continue;
                }
                (heading, code) => {
                    self.paragraph(paragraph..at);
                    if let Some((level, title)) = heading {
                        self.heading(level, at + title.start..at + title.end, at..at + line.len(), next);
                    }
                    if let Some((number, end)) = code {
                        self.block(number, at, end);
                    }
                    at = code.map_or(next, |(_, end)| end);
                }
            }
            paragraph = at;
        }
        self.paragraph(paragraph..within.end);
    }

    /// Returns which part of code begins at an offset, and its end.
    fn code(&mut self, at: usize, end: usize) -> Option<(usize, usize)> {
        let rest = &self.source[at..end];
        let number = CODE.iter().position(|(opening, _)| rest.starts_with(opening))?;
        let closing = CODE[number].1;
        let found = (!self.unclosed[number]).then(|| rest.find(closing)).flatten();
        self.unclosed[number] |= found.is_none();
        found.map(|length| (number, at + length + closing.len()))
    }

    fn block(&mut self, number: usize, at: usize, end: usize) {
        let span = Span::new(at, end);
        if number == 0 {
            return self.text.page.comments.push(span);
        }
        let content_end = end - CODE[number].1.len();
        let tag = self.source[at..content_end].find('>').map_or(content_end, |tag| at + tag + 1);
        let content = Span::new(tag, content_end);
        self.text.page.fences.push(CodeBlock { content, span });
    }

    fn paragraph(&mut self, range: Range<usize>) {
        let text = &self.source[range.clone()];
        if text.trim().is_empty() {
            return;
        }
        let start = range.start + (text.len() - text.trim_start().len());
        let end = range.start + text.trim_end().len();
        self.text.begin_block();
        self.inline(start..end);
        self.text.push_paragraph(Span::new(start, end));
    }

    fn heading(&mut self, level: usize, title: Range<usize>, line: Range<usize>, next: usize) {
        self.text.begin_block();
        self.inline(title.clone());
        let plain = self.text.take_plain();
        self.text.page.push_anchor(&plain.replace(' ', "_"));
        self.text.push_heading(level, plain, title, line, next);
    }

    /// Reads the text of a block: emphasis, code and links.
    fn inline(&mut self, range: Range<usize>) {
        let (mut at, mut from, mut is_unclosed) = (range.start, range.start, false);
        while at < range.end {
            let rest = &self.source.as_bytes()[at..range.end];
            let is_double = rest.starts_with(b"[[");
            let end = match rest[0] {
                b'\'' if rest.starts_with(b"''") => {
                    Some(at + rest.iter().take_while(|it| **it == b'\'').count())
                }
                b'[' if !is_unclosed && (is_double || is_address(&self.source[at + 1..range.end])) => {
                    let closing = if is_double { "]]" } else { "]" };
                    let length = self.source[at..range.end].find(closing);
                    is_unclosed = length.is_none();
                    length.map(|length| at + length + closing.len())
                }
                b'<' | b'{' => self.code(at, range.end).map(|(_, end)| end),
                _ => None,
            };
            let Some(end) = end else {
                at += 1;
                continue;
            };
            if from < at {
                self.text.text(from..at);
            }
            match rest[0] {
                b'[' => self.link(at..end),
                _ if rest.starts_with(b"<!--") => self.text.page.comments.push(Span::new(at, end)),
                _ => {}
            }
            (at, from) = (end, end);
        }
        if from < range.end {
            self.text.text(from..range.end);
        }
    }

    /// Adds a link to a web address or a file. Other names are those of pages of a wiki.
    fn link(&mut self, whole: Range<usize>) {
        let is_double = self.source[whole.clone()].starts_with("[[");
        let (width, separator) = if is_double { (2, '|') } else { (1, ' ') };
        let inner = whole.start + width..whole.end - width;
        let bar = self.source[inner.clone()].find(separator).map(|at| inner.start + at);
        let target = inner.start..bar.unwrap_or(inner.end);
        let address = self.source[target.clone()].trim();
        let path = address.split('#').next().unwrap_or_default();
        let is_file =
            path.rsplit_once('.').is_some_and(|(stem, _)| !stem.is_empty()) && !path.contains([' ', ':']);
        let text = bar.map_or(inner.clone(), |bar| bar + 1..inner.end);
        if is_file || is_address(address) {
            self.text.push_link(whole, text.clone(), address.into(), target);
        }
        match bar {
            None => self.text.code(text),
            Some(_) => self.text.text(text),
        }
    }
}

/// Returns the level and the title in `== Title ==`.
fn heading(line: &str) -> Option<(usize, Range<usize>)> {
    let opening = line.bytes().take_while(|byte| *byte == b'=').count();
    let closing = line.bytes().rev().take_while(|byte| *byte == b'=').count();
    let level = opening.min(closing).min(6);
    let inner = line.get(level..line.len().checked_sub(level)?).filter(|_| level > 0)?;
    let start = level + (inner.len() - inner.trim_start().len());
    let title = inner.trim();
    (!title.is_empty()).then_some((level, start..start + title.len()))
}

fn is_address(text: &str) -> bool {
    ["http://", "https://", "mailto:", "//"].iter().any(|scheme| text.starts_with(scheme))
}
