//! Text within a block: emphasis, code, links and templates.

use std::ops::Range;

use super::Reader;
use crate::syntax::markdown::Link;
use crate::text::Span;

/// Elements whose content is no prose.
const CODE: [&str; 7] = ["code", "tt", "nowiki", "math", "source", "syntaxhighlight", "ref"];

/// Where no end of a kind of markup was found: later ones of the kind in the block have none either.
#[derive(Default)]
struct Unclosed {
    comment: bool,
    link: bool,
    address: bool,
    template: bool,
    element: [bool; CODE.len()],
}

impl Reader<'_> {
    /// Reads the text of a block.
    pub(super) fn inline(&mut self, range: Range<usize>) {
        let source = self.source;
        let bytes = source.as_bytes();
        let mut unclosed = Unclosed::default();
        let (mut at, mut from) = (range.start, range.start);
        while at < range.end {
            if !matches!(bytes[at], b'\'' | b'[' | b'<' | b'{') {
                at += 1;
                continue;
            }
            let rest = &source[at..range.end];
            let quotes = rest.bytes().take_while(|byte| *byte == b'\'').count();
            let length = match bytes[at] {
                b'\'' if quotes > 1 => Some(quotes),
                b'[' if rest.starts_with("[[") => length(rest, "]]", &mut unclosed.link),
                b'[' if is_address(&rest[1..]) => length(rest, "]", &mut unclosed.address),
                b'<' if rest.starts_with("<!--") => length(rest, "-->", &mut unclosed.comment),
                b'<' => element(rest, &mut unclosed),
                b'{' if rest.starts_with("{{") => length(rest, "}}", &mut unclosed.template),
                _ => None,
            };
            let Some(length) = length else {
                at += quotes.max(1);
                continue;
            };
            if from < at {
                self.text.text(from..at);
            }
            self.markup(at..at + length);
            at += length;
            from = at;
        }
        if from < range.end {
            self.text.text(from..range.end);
        }
    }

    fn markup(&mut self, range: Range<usize>) {
        let markup = &self.source[range.clone()];
        if markup.starts_with("[[") {
            let inner = range.start + 2..range.end - 2;
            let bar = self.source[inner.clone()].find('|').map(|at| inner.start + at);
            self.link(
                range,
                inner.start..bar.unwrap_or(inner.end),
                bar.map_or(inner.clone(), |at| at + 1..inner.end),
            );
        } else if markup.starts_with('[') {
            let inner = range.start + 1..range.end - 1;
            let space = self.source[inner.clone()].find(' ').map(|at| inner.start + at);
            self.link(
                range,
                inner.start..space.unwrap_or(inner.end),
                space.map_or(inner.clone(), |at| at + 1..inner.end),
            );
        } else if markup.starts_with("<!--") {
            self.text.page.comments.push(Span::new(range.start, range.end));
        } else if let Some((start, end)) = markup.find('>').zip(markup.rfind("</"))
            && markup.starts_with('<')
            && start < end
        {
            if markup.starts_with("<ref") {
                self.references += 1;
                let number = self.references;
                let anchors = [
                    format!("cite_ref-{number}"),
                    format!("cite_ref-{number}-0"),
                    format!("cite_note-{number}"),
                ];
                self.text.page.anchors.extend(anchors);
            }
            self.text.code(range.start + start + 1..range.start + end);
        }
    }

    /// Adds a link to a web address or a file. Other names are those of pages of a wiki.
    fn link(&mut self, whole: Range<usize>, target: Range<usize>, text: Range<usize>) {
        let address = self.source[target.clone()].trim();
        let path = address.split('#').next().unwrap_or_default();
        let is_image = ["file:", "image:"].iter().any(|prefix| {
            address.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        });
        if is_image {
            return;
        }
        let is_file = path.rsplit_once('.').is_some_and(|(stem, ending)| {
            !stem.is_empty() && ending.len() <= 9 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if is_file && !path.contains(' ') || is_address(address) {
            let span = |range: Range<usize>| Span::new(range.start, range.end);
            self.text.page.links.push(Link {
                span: span(whole),
                text: span(text.clone()),
                destination: address.into(),
                destination_span: span(target.clone()),
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

fn is_address(text: &str) -> bool {
    ["http://", "https://", "ftp://", "mailto:", "//"].iter().any(|scheme| text.starts_with(scheme))
}

/// Returns the bytes up to the end of markup; an end that was not found once is not looked for again.
fn length(text: &str, end: &str, is_unclosed: &mut bool) -> Option<usize> {
    if *is_unclosed {
        return None;
    }
    let found = text.find(end).map(|at| at + end.len());
    *is_unclosed = found.is_none();
    found
}

/// Returns the bytes of an element whose content is no prose, or of a single tag.
fn element(text: &str, unclosed: &mut Unclosed) -> Option<usize> {
    const MAX_TAG: usize = 200;
    let name = text[1..].trim_start_matches('/');
    let name = &name[..name.bytes().take_while(u8::is_ascii_alphanumeric).count()];
    let tag = text.bytes().take(MAX_TAG).position(|byte| byte == b'>')? + 1;
    if name.is_empty() {
        return None;
    }
    let number = CODE.iter().position(|code| code.eq_ignore_ascii_case(name));
    let Some(number) = number.filter(|_| !text.starts_with("</") && !text[..tag].ends_with("/>")) else {
        return Some(tag);
    };
    length(text, &format!("</{}>", CODE[number]), &mut unclosed.element[number]).or(Some(tag))
}
