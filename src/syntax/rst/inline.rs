//! Text within a block: emphasis, code, roles and links.

use std::ops::Range;

use super::Reader;
use crate::text::Span;

/// Bytes of the name of a role, a substitution or a footnote.
const MAX_NAME: usize = 100;

/// Roles that lead to a page without the ending of its name, and to any file.
const FILE_ROLES: [&str; 2] = [DOC_ROLE, ":download:"];

pub const DOC_ROLE: &str = ":doc:";

const MARKS: &[u8] = b"\\`:*|[_";

/// A link whose destination may be stated further below.
#[derive(Debug)]
pub(super) struct OpenLink {
    pub span: Span,
    pub text: Span,
    pub destination: Destination,
    pub destination_span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Destination {
    Address(Box<str>),
    Name(Box<str>),
    /// The next of the targets without a name.
    Anonymous,
    /// This place of the page.
    Here,
}

impl Destination {
    /// Reads an address, or a name followed by `_`. White space in an address has no meaning.
    pub(super) fn read(text: &str) -> Destination {
        let address: String = text.split_whitespace().collect();
        if address.is_empty() {
            return Destination::Here;
        }
        let is_mail = address.contains('@') && !address.contains(['/', ':']);
        match text.trim().strip_suffix('_').filter(|name| !name.ends_with('\\')) {
            Some(name) => Destination::Name(name.trim_matches('`').into()),
            None if is_mail => Destination::Address(format!("mailto:{address}").into()),
            None => Destination::Address(address.replace('\\', "").into()),
        }
    }
}

/// Where no end of a kind of markup was found: later ones of the kind in the block have none either.
#[derive(Default)]
struct Unclosed {
    literal: bool,
    quoted: bool,
}

impl Reader<'_> {
    /// Reads the text of a block.
    pub(super) fn inline(&mut self, range: Range<usize>) {
        let source = self.source;
        let bytes = source.as_bytes();
        let mut unclosed = Unclosed::default();
        let (mut at, mut from) = (range.start, range.start);
        while at < range.end {
            if !MARKS.contains(&bytes[at]) {
                at += 1;
                continue;
            }
            let rest = &source[at..range.end];
            let taken = match bytes[at] {
                b'\\' => self.escape(&mut from, at..range.end),
                b'`' => self.quoted(&mut from, at, at..range.end, &mut unclosed),
                b':' => match role(rest) {
                    Some(name) => self.quoted(&mut from, at, at + name..range.end, &mut unclosed),
                    None => None,
                },
                b'*' => self.mark(&mut from, at, rest.bytes().take_while(|byte| *byte == b'*').count()),
                b'|' => self.hidden(&mut from, at, substitution(rest)),
                b'[' => self.hidden(&mut from, at, footnote_mark(rest)),
                _ => self.reference(&mut from, range.start, at..range.end),
            };
            at = taken.unwrap_or(at + 1);
        }
        self.flush(&mut from, range.end);
    }

    /// Adds the text up to here.
    fn flush(&mut self, from: &mut usize, to: usize) {
        if *from < to {
            self.text.text(*from..to);
        }
        *from = to;
    }

    fn escape(&mut self, from: &mut usize, range: Range<usize>) -> Option<usize> {
        self.flush(from, range.start);
        *from = range.start + 1;
        let escaped = self.source[*from..range.end].chars().next()?;
        if escaped.is_whitespace() {
            *from += escaped.len_utf8();
            return Some(*from);
        }
        Some(*from + escaped.len_utf8())
    }

    fn mark(&mut self, from: &mut usize, at: usize, length: usize) -> Option<usize> {
        self.flush(from, at);
        *from = at + length;
        Some(*from)
    }

    /// Leaves out markup whose text is not known here.
    fn hidden(&mut self, from: &mut usize, at: usize, length: Option<usize>) -> Option<usize> {
        let length = length?;
        self.flush(from, at);
        *from = at + length;
        Some(*from)
    }

    /// Reads text in backquotes. `opening` is where its role begins, and `range` begins with a backquote.
    fn quoted(
        &mut self,
        from: &mut usize,
        opening: usize,
        range: Range<usize>,
        unclosed: &mut Unclosed,
    ) -> Option<usize> {
        let text = &self.source[range.clone()];
        if text.starts_with("``") {
            let length = (!unclosed.literal).then(|| literal_end(text)).flatten();
            unclosed.literal |= length.is_none();
            let length = length?;
            self.flush(from, opening);
            self.text.code(range.start + 2..range.start + length - 2);
            *from = range.start + length;
            return Some(*from);
        }
        if text[1..].is_empty() || text[1..].starts_with(char::is_whitespace) {
            return None;
        }
        let length = (!unclosed.quoted).then(|| quote_end(text)).flatten();
        unclosed.quoted |= length.is_none();
        let length = length?;
        self.flush(from, opening);
        let content = range.start + 1..range.start + length - 1;
        let after = &text[length..];
        let underscores = after.bytes().take(2).take_while(|byte| *byte == b'_').count();
        let end = range.start + length + underscores;
        match (opening < range.start, underscores) {
            (true, _) => self.role(opening..end, range.start, content),
            (false, 0) => self.text.code(content),
            (false, _) => self.link(content, opening..end, underscores == 2),
        }
        // A role may also stand behind the text: `text`:role:
        let behind = if underscores == 0 { role_behind(after) } else { 0 };
        *from = end + behind;
        Some(*from)
    }

    /// Reads text in a role, whose name ends at `quote`. Two lead to files; where others lead to is known to the program that
    /// defines them.
    fn role(&mut self, whole: Range<usize>, quote: usize, content: Range<usize>) {
        let (text, target) = self.titled(content);
        if FILE_ROLES.contains(&&self.source[whole.start..quote]) {
            let target = target.unwrap_or(text.clone());
            let destination = Destination::Address(self.source[target.clone()].into());
            self.push_link(whole, text.clone(), destination, target);
        }
        self.text.code(text);
    }

    fn link(&mut self, content: Range<usize>, whole: Range<usize>, is_anonymous: bool) {
        let (text, target) = self.titled(content.clone());
        match target {
            Some(target) => {
                let destination = Destination::read(&self.source[target.clone()]);
                if !is_anonymous {
                    self.targets.add(&self.source[text.clone()], destination.clone());
                }
                self.push_link(whole, text.clone(), destination, target);
            }
            None => {
                let name = Destination::Name(self.source[content].into());
                let destination = if is_anonymous { Destination::Anonymous } else { name };
                self.push_link(whole.clone(), text.clone(), destination, whole);
            }
        }
        self.text.text(text);
    }

    /// Splits `text <target>`. Without a text, it is the target.
    fn titled(&self, content: Range<usize>) -> (Range<usize>, Option<Range<usize>>) {
        let text = &self.source[content.clone()];
        let opening = text.strip_suffix('>').and_then(|text| text.rfind('<'));
        let Some(opening) = opening.filter(|at| *at == 0 || text[..*at].ends_with(char::is_whitespace))
        else {
            return (content, None);
        };
        let target = content.start + opening + 1..content.end - 1;
        let title = content.start..content.start + text[..opening].trim_end().len();
        (if title.is_empty() { target.clone() } else { title }, Some(target))
    }

    fn push_link(
        &mut self,
        whole: Range<usize>,
        text: Range<usize>,
        destination: Destination,
        place: Range<usize>,
    ) {
        let span = |range: Range<usize>| Span::new(range.start, range.end);
        self.links.push(OpenLink {
            span: span(whole),
            text: span(text),
            destination,
            destination_span: span(place),
        });
    }

    /// Reads a single word that is a link: `name_` or `name__`. `range` begins with the first underscore.
    fn reference(&mut self, from: &mut usize, block: usize, range: Range<usize>) -> Option<usize> {
        let rest = &self.source[range.clone()];
        let length = rest.bytes().take_while(|byte| *byte == b'_').count();
        let ends = rest[length..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        let before = &self.source[(*from).max(block)..range.start];
        if length > 2 || !ends || !before.ends_with(char::is_alphanumeric) {
            return Some(range.start + length);
        }
        let name = last_word(before);
        if !name.starts_with(char::is_alphanumeric) {
            return Some(range.start + length);
        }
        let text = range.start - name.len()..range.start;
        let destination = match length {
            1 => Destination::Name(name.into()),
            _ => Destination::Anonymous,
        };
        let whole = text.start..range.start + length;
        self.push_link(whole.clone(), text, destination, whole.clone());
        self.flush(from, range.start);
        *from = whole.end;
        Some(whole.end)
    }
}

/// Returns the word with which a text ends; nothing of one that is too long for a name.
fn last_word(text: &str) -> &str {
    let is_in_word = |c: &char| c.is_alphanumeric() || "-_.:+".contains(*c);
    let length = text.chars().rev().take(MAX_NAME).take_while(is_in_word).map(char::len_utf8).sum::<usize>();
    if length < MAX_NAME { &text[text.len() - length..] } else { "" }
}

/// Returns the bytes of `:name:` before a backquote.
fn role(text: &str) -> Option<usize> {
    let length = name_length(&text[1..]);
    text[1 + length..].starts_with(":`").then_some(length + 2).filter(|length| *length > 2)
}

fn role_behind(text: &str) -> usize {
    match text.strip_prefix(':').map(name_length) {
        Some(length) if length > 0 && text[1 + length..].starts_with(':') => length + 2,
        _ => 0,
    }
}

fn name_length(text: &str) -> usize {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(byte);
    let bytes = text.as_bytes();
    let mut length = 0;
    while length < MAX_NAME.min(bytes.len()) {
        // A domain stands before the name: `:py:func:`.
        let is_inner_colon =
            bytes[length] == b':' && bytes.get(length + 1).is_some_and(u8::is_ascii_alphanumeric);
        if !is_name(&bytes[length]) && !is_inner_colon {
            break;
        }
        length += 1;
    }
    length
}

/// Returns the bytes up to the end of a literal: two backquotes behind something else than white space.
fn literal_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_end = |at: &usize| {
        bytes[*at] == b'`'
            && bytes.get(at + 1) == Some(&b'`')
            && bytes.get(at + 2) != Some(&b'`')
            && !bytes[at - 1].is_ascii_whitespace()
    };
    (3..bytes.len()).find(is_end).map(|at| at + 2)
}

/// Returns the bytes up to the end of text in single backquotes.
fn quote_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_end =
        |at: &usize| bytes[*at] == b'`' && !bytes[at - 1].is_ascii_whitespace() && bytes[at - 1] != b'\\';
    (2..bytes.len()).find(is_end).map(|at| at + 1)
}

/// Returns the bytes of `|name|`.
fn substitution(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.get(1).is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'|') {
        return None;
    }
    let end = (2..bytes.len().min(MAX_NAME)).find(|&at| matches!(bytes[at], b'|' | b'\n'))?;
    let underscores = bytes[end + 1..].iter().take(2).take_while(|byte| **byte == b'_').count();
    (bytes[end] == b'|' && !bytes[end - 1].is_ascii_whitespace()).then_some(end + 1 + underscores)
}

/// Returns the bytes of `[1]_`.
fn footnote_mark(text: &str) -> Option<usize> {
    let end = text.bytes().take(MAX_NAME).position(|byte| matches!(byte, b']' | b'\n'))?;
    text[end..].starts_with("]_").then_some(end + 2)
}
