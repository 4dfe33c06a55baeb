//! `MediaWiki`'s markup: headings, text, links and blocks of code. Tables and lists are text.

use std::ops::Range;

use super::markdown::{CodeBlock, Markdown};
use super::text_parts::{Ends, TextParts};
use super::{Problem, line};
use crate::text::{Source, Span};

/// What begins a part that is no prose: blocks of their own, then parts of a text.
const OPENINGS: [&str; 6] = ["<!--", "<pre", "<source", "<syntaxhighlight", "<code", "{{"];
const CLOSINGS: [&str; 6] = ["-->", "</pre>", "</source>", "</syntaxhighlight>", "</code>", "}}"];
const BLOCKS: usize = 4;

pub(super) fn parse(source: &Source, whole: Span, page: &mut Markdown) -> Option<Problem> {
    page.lead = line::find_lead(source, whole);
    let start = page.lead.as_ref().map_or(whole.start, |lead| lead.span.end) as usize;
    let text = TextParts::new(source.text(), page);
    let mut reader = Reader { source: source.text(), text };
    reader.read(start..whole.end as usize);
    *page = reader.text.page;
    None
}

struct Reader<'a> {
    source: &'a str,
    text: TextParts<'a>,
}

/// Returns which part of code a text begins with, and its length.
fn code(text: &str, ends: &mut Ends) -> Option<(usize, usize)> {
    let number = OPENINGS.iter().position(|opening| text.starts_with(opening))?;
    Some((number, ends.find(text, CLOSINGS[number])? + CLOSINGS[number].len()))
}

impl Reader<'_> {
    fn read(&mut self, within: Range<usize>) {
        let (mut at, mut paragraph, mut ends) = (within.start, within.start, Ends::default());
        while at < within.end {
            let rest = &self.source[at..within.end];
            let next = at + rest.find('\n').map_or(rest.len(), |end| end + 1);
            let line = self.source[at..next].trim_end();
            let block = code(rest, &mut ends).map(|(number, length)| (number, at + length));
            let block = block.filter(|(number, _)| *number < BLOCKS);
            let heading = heading(line).filter(|_| block.is_none());
            if block.is_none() && heading.is_none() && !line.trim().is_empty() {
                at = next;
                continue;
            }
            self.paragraph(paragraph..at);
            if let Some((level, title)) = heading {
                self.heading(level, at + title.start..at + title.end, at..at + line.len(), next);
            }
            at = block.map_or(next, |(number, end)| self.block(number, at, end));
            paragraph = at;
        }
        self.paragraph(paragraph..within.end);
    }

    fn block(&mut self, number: usize, at: usize, end: usize) -> usize {
        let (span, content_end) = (Span::new(at, end), end - CLOSINGS[number].len());
        if number == 0 {
            self.text.page.comments.push(span);
        } else {
            let tag = self.source[at..content_end].find('>').map_or(content_end, |tag| at + tag + 1);
            self.text.page.fences.push(CodeBlock { content: Span::new(tag, content_end), span });
        }
        end
    }

    fn paragraph(&mut self, range: Range<usize>) {
        let span = self.text.trimmed(range);
        if !span.is_empty() {
            self.text.begin_block();
            self.inline(span.range());
            self.text.push_paragraph(span);
        }
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
        let (mut at, mut from, mut ends) = (range.start, range.start, Ends::default());
        while at < range.end {
            let rest = &self.source[at..range.end];
            let end = match rest.as_bytes()[0] {
                b'\'' if rest.starts_with("''") => Some(range.end - rest.trim_start_matches('\'').len()),
                b'[' if rest.starts_with("[[") || is_address(&rest[1..]) => {
                    let closing = if rest.starts_with("[[") { "]]" } else { "]" };
                    ends.find(rest, closing).map(|length| at + length + closing.len())
                }
                b'<' | b'{' => code(rest, &mut ends).map(|(_, length)| at + length),
                _ => None,
            };
            let Some(end) = end else {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            self.text.text(from..at);
            match rest.as_bytes()[0] {
                b'[' => self.link(at..end),
                _ if rest.starts_with("<!--") => self.text.page.comments.push(Span::new(at, end)),
                _ => {}
            }
            (at, from) = (end, end);
        }
        self.text.text(from..range.end);
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
    let marks = |rest: &str| line.len() - rest.len();
    let closing = marks(line.trim_end_matches('='));
    let level = marks(line.trim_start_matches('=')).min(closing).min(6);
    let inner = line.get(level..line.len().checked_sub(level)?).filter(|_| level > 0)?;
    let start = level + (inner.len() - inner.trim_start().len());
    (!inner.trim().is_empty()).then_some((level, start..start + inner.trim().len()))
}

fn is_address(text: &str) -> bool {
    ["http://", "https://", "mailto:", "//"].iter().any(|scheme| text.starts_with(scheme))
}
