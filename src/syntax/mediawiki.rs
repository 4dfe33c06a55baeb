//! `MediaWiki`'s markup: headings, text, links and blocks of code. Tables and lists are text.

use std::ops::Range;

use super::markdown::{
    CodeBlock, Heading, Link, Markdown, Paragraph, Slugger, close_sections, find_too_many_marks,
};
use super::text_parts::TextParts;
use super::{Problem, character_at, line};
use crate::text::{Source, Span};

const MAX_LEVEL: usize = 6;

/// Elements and what ends them: their content is no prose. The first ones are blocks.
const CODE: [(&str, &str); 9] = [
    ("<!--", "-->"),
    ("<pre", "</pre>"),
    ("<source", "</source>"),
    ("<syntaxhighlight", "</syntaxhighlight>"),
    ("<math", "</math>"),
    ("<code", "</code>"),
    ("<tt", "</tt>"),
    ("<nowiki", "</nowiki>"),
    ("{{", "}}"),
];

/// Parses a page into its parts.
pub(super) fn parse(source: &Source, page: &mut Markdown) -> Option<Problem> {
    let whole = Span::new(source.bom_len(), source.text().len());
    if let Some(mark) = find_too_many_marks(source.slice(whole)) {
        return Some(Problem::too_many_values(character_at(source.text(), whole.start as usize + mark)));
    }
    page.lead = line::find_lead(source, whole);
    let start = page.lead.as_ref().map_or(whole.start, |lead| lead.span.end) as usize;
    let text = TextParts::new(source.text(), page);
    let mut reader =
        Reader { source: source.text(), text, slugger: Slugger::default(), unclosed: [false; CODE.len()] };
    reader.read(start..whole.end as usize);
    close_sections(&mut page.headings, whole.end);
    None
}

struct Reader<'a> {
    source: &'a str,
    text: TextParts<'a>,
    slugger: Slugger,
    /// The elements of [`CODE`] that do not end below: their end is not looked for again.
    unclosed: [bool; CODE.len()],
}

impl Reader<'_> {
    fn read(&mut self, within: Range<usize>) {
        let (mut at, mut paragraph) = (within.start, within.start);
        while at < within.end {
            let rest = &self.source[at..within.end];
            let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
            let line = rest[..length].trim_end();
            let heading = heading(line);
            let code = self.code(at, within.end).filter(|(number, _)| *number < 5);
            if heading.is_none() && code.is_none() && !line.trim().is_empty() {
                at += length;
                continue;
            }
            self.paragraph(paragraph..at);
            if let Some((level, title)) = heading {
                self.heading(level, at + title.start..at + title.end, at..at + line.len(), at + length);
            }
            at = match code {
                Some((number, end)) => {
                    self.block(number, at, end);
                    end
                }
                None => at + length,
            };
            paragraph = at;
        }
        self.paragraph(paragraph..within.end);
    }

    /// Returns which element of code begins at an offset, and its end.
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
        let block = &self.source[at..end];
        let start =
            block.find('>').map_or(block.len(), |tag| tag + 1).min(block.len() - CODE[number].1.len());
        let content = Span::new(at + start, end - CODE[number].1.len());
        self.text.page.fences.push(CodeBlock { language: "".into(), content, span });
    }

    fn paragraph(&mut self, range: Range<usize>) {
        let text = &self.source[range.clone()];
        if text.trim().is_empty() {
            return;
        }
        let start = range.start + (text.len() - text.trim_start().len());
        let end = range.start + text.trim_end().len();
        let heading = self.text.page.headings.len().checked_sub(1);
        self.text.begin_block();
        self.inline(start..end);
        self.text.page.paragraphs.push(Paragraph { span: Span::new(start, end), heading });
    }

    fn heading(&mut self, level: usize, title: Range<usize>, line: Range<usize>, next: usize) {
        self.text.begin_block();
        self.inline(title.clone());
        let plain = self.text.take_plain();
        self.text.page.anchors.push(&plain.replace(' ', "_"));
        let (rest, slug) = (Span::at(next), self.slugger.next(&plain));
        let (span, line) = (Span::new(title.start, title.end), Span::new(line.start, line.end));
        let level = level as u8;
        let heading =
            Heading { level, title: plain, span, line, body: rest, own_body: rest, above: None, slug };
        self.text.page.headings.push(heading);
    }

    /// Reads the text of a block: emphasis, code and links.
    fn inline(&mut self, range: Range<usize>) {
        let (mut at, mut from, mut is_unclosed) = (range.start, range.start, false);
        while at < range.end {
            if !matches!(self.source.as_bytes()[at], b'\'' | b'[' | b'<' | b'{') {
                at += 1;
                continue;
            }
            let rest = &self.source[at..range.end];
            let end = match rest.as_bytes()[0] {
                b'\'' if rest.starts_with("''") => {
                    Some(at + rest.bytes().take_while(|it| *it == b'\'').count())
                }
                b'[' if !is_unclosed && (rest.starts_with("[[") || is_address(&rest[1..])) => {
                    let closing = if rest.starts_with("[[") { "]]" } else { "]" };
                    let length = rest.find(closing);
                    is_unclosed = length.is_none();
                    length.map(|length| at + length + closing.len())
                }
                b'<' | b'{' => {
                    self.code(at, range.end).map(|(_, end)| end).or_else(|| tag_end(rest).map(|end| at + end))
                }
                _ => None,
            };
            let Some(end) = end else {
                at += 1;
                continue;
            };
            if from < at {
                self.text.text(from..at);
            }
            match rest.as_bytes()[0] {
                b'[' => self.link(at..end),
                _ if rest.starts_with("<!--") => self.text.page.comments.push(Span::new(at, end)),
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
        let (width, separator) =
            if self.source[whole.clone()].starts_with("[[") { (2, '|') } else { (1, ' ') };
        let inner = whole.start + width..whole.end - width;
        let bar = self.source[inner.clone()].find(separator).map(|at| inner.start + at);
        let (target, text) =
            (inner.start..bar.unwrap_or(inner.end), bar.map_or(inner.clone(), |at| at + 1..inner.end));
        let address = self.source[target.clone()].trim();
        let path = address.split('#').next().unwrap_or_default();
        let is_file =
            path.rsplit_once('.').is_some_and(|(stem, _)| !stem.is_empty()) && !path.contains([' ', ':']);
        if is_file || is_address(address) {
            let span = |range: &Range<usize>| Span::new(range.start, range.end);
            self.text.page.links.push(Link {
                span: span(&whole),
                text: span(&text),
                destination: address.into(),
                destination_span: span(&target),
                definition: None,
                image: false,
            });
        }
        match text == target {
            true => self.text.code(text),
            false => self.text.text(text),
        }
    }
}

/// Returns the level and the title in `== Title ==`.
fn heading(line: &str) -> Option<(usize, Range<usize>)> {
    let opening = line.bytes().take_while(|byte| *byte == b'=').count();
    let closing = line.bytes().rev().take_while(|byte| *byte == b'=').count();
    let level = opening.min(closing).min(MAX_LEVEL);
    let inner = line.get(level..line.len().checked_sub(level)?).filter(|_| level > 0)?;
    let start = level + (inner.len() - inner.trim_start().len());
    let title = inner.trim();
    (!title.is_empty()).then_some((level, start..start + title.len()))
}

fn is_address(text: &str) -> bool {
    ["http://", "https://", "mailto:", "//"].iter().any(|scheme| text.starts_with(scheme))
}

/// Returns the bytes of a tag.
fn tag_end(text: &str) -> Option<usize> {
    const MAX_TAG: usize = 200;
    let is_tag =
        text.starts_with('<') && text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    text.bytes().take(MAX_TAG).position(|byte| byte == b'>').filter(|_| is_tag).map(|end| end + 1)
}
