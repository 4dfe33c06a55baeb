//! Text within a block: emphasis, code, roles and links.

use std::ops::Range;

use super::Reader;
use crate::syntax::markdown::Link;
use crate::text::Span;

/// Bytes of the name of a role or a link.
const MAX_NAME: usize = 100;

/// Where a link leads; its page may state that further below.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Destination {
    Address(Box<str>),
    Name(Box<str>),
    /// This place of the page.
    Here,
}

impl Destination {
    /// Reads an address, or a name followed by `_`. White space in an address has no meaning.
    pub(super) fn read(text: &str) -> Destination {
        let address: String = text.split_whitespace().collect();
        match text.trim().strip_suffix('_').filter(|name| !name.ends_with('\\')) {
            _ if address.is_empty() => Destination::Here,
            Some(name) => Destination::Name(name.trim_matches('`').into()),
            None => Destination::Address(address.replace('\\', "").into()),
        }
    }
}

impl Reader<'_> {
    pub(super) fn inline(&mut self, range: Range<usize>) {
        let bytes = self.source.as_bytes();
        // Where no end of a literal or of quoted text was found, later ones of the block have none either.
        let mut unclosed = [false; 2];
        let (mut at, mut from) = (range.start, range.start);
        while at < range.end {
            if !b"\\*`:_".contains(&bytes[at]) {
                at += 1;
                continue;
            }
            let rest = &self.source[at..range.end];
            // What is left out of the text, and where reading goes on.
            let (hidden, next) = match bytes[at] {
                b'\\' => {
                    let escaped = rest[1..].chars().next();
                    let is_blank = escaped.is_some_and(char::is_whitespace);
                    let next = at + 1 + escaped.map_or(0, char::len_utf8);
                    (at..if is_blank { next } else { at + 1 }, next)
                }
                b'*' => {
                    let end = at + rest.bytes().take_while(|byte| *byte == b'*').count();
                    (at..end, end)
                }
                b'`' | b':' => {
                    let role = if bytes[at] == b':' { role(rest) } else { Some(0) };
                    let quoted = role.and_then(|role| self.quoted(at + role..range.end, &mut unclosed));
                    match quoted {
                        Some((content, end)) => {
                            self.text.text(from..at);
                            from = end;
                            self.quotation(at, at + role.unwrap_or(0), content, end);
                            (end..end, end)
                        }
                        None => (at..at, at + 1),
                    }
                }
                b'_' => match self.reference(from.max(range.start), at..range.end) {
                    Some(text) => {
                        let whole = text.start..at + 1;
                        let name = Destination::Name(self.source[text.clone()].into());
                        self.push_link(whole.clone(), text, name, whole);
                        (at..at + 1, at + 1)
                    }
                    None => (at..at, at + 1),
                },
                _ => (at..at, at + 1),
            };
            if !hidden.is_empty() {
                self.text.text(from..hidden.start);
                from = hidden.end;
            }
            at = next;
        }
        self.text.text(from..range.end);
    }

    /// Returns the content of text in backquotes with which a range begins, and the end of its marks.
    fn quoted(&self, range: Range<usize>, unclosed: &mut [bool; 2]) -> Option<(Range<usize>, usize)> {
        let text = &self.source[range.clone()];
        let is_literal = text.starts_with("``");
        let ticks = if is_literal { 2 } else { 1 };
        if unclosed[usize::from(is_literal)] || text[ticks..].starts_with(char::is_whitespace) {
            return None;
        }
        let bytes = text.as_bytes();
        let is_end = |at: &usize| {
            let is_mark = bytes[*at..].starts_with(&b"``"[..ticks]) && !bytes[at - 1].is_ascii_whitespace();
            match is_literal {
                true => is_mark && bytes.get(at + 2) != Some(&b'`'),
                false => is_mark && bytes[at - 1] != b'\\',
            }
        };
        let end = (ticks + 1..bytes.len()).find(is_end);
        unclosed[usize::from(is_literal)] |= end.is_none();
        let end = end?;
        let underscores = bytes[end + ticks..].iter().take(2).take_while(|byte| **byte == b'_').count();
        let underscores = if is_literal { 0 } else { underscores };
        Some((range.start + ticks..range.start + end, range.start + end + ticks + underscores))
    }

    /// Adds text in backquotes: a literal, text in a role whose name ends at `quote`, or a link. Two roles lead to files; where others
    /// lead to is known to the program that defines them.
    fn quotation(&mut self, start: usize, quote: usize, content: Range<usize>, end: usize) {
        // Roles that lead to a page without the ending of its name, and to any file.
        const FILE_ROLES: [&str; 2] = [":doc:", ":download:"];
        let whole = start..end;
        let marks = &self.source[content.end..end];
        if start == quote && !marks.ends_with('_') {
            return self.text.code(content);
        }
        let (text, target) = self.titled(content.clone());
        if start < quote {
            if FILE_ROLES.contains(&&self.source[start..quote]) {
                let target = target.unwrap_or(text.clone());
                let destination = Destination::Address(self.source[target.clone()].into());
                self.push_link(whole, text.clone(), destination, target);
            }
            return self.text.code(text);
        }
        let is_anonymous = marks.ends_with("__");
        match target {
            Some(target) => {
                let destination = Destination::read(&self.source[target.clone()]);
                if !is_anonymous {
                    self.targets.add(&self.source[text.clone()], destination.clone());
                }
                self.push_link(whole, text.clone(), destination, target);
            }
            None if !is_anonymous => {
                let destination = Destination::Name(self.source[content].into());
                self.push_link(whole.clone(), text.clone(), destination, whole);
            }
            None => {}
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
        let [span, text, destination_span] =
            [whole, text, place].map(|range| Span::new(range.start, range.end));
        let link =
            Link { span, text, destination: "".into(), destination_span, definition: None, image: false };
        self.links.push((link, destination));
    }

    /// Returns the word before the underscore of a link of one word: `name_`.
    fn reference(&self, start: usize, range: Range<usize>) -> Option<Range<usize>> {
        let before = &self.source[start..range.start];
        let is_end =
            !self.source[range.start + 1..range.end].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let is_in_word = |c: &char| c.is_alphanumeric() || "-_.:+".contains(*c);
        let word = before.chars().rev().take(MAX_NAME).take_while(is_in_word);
        let length = word.map(char::len_utf8).sum::<usize>();
        let name = before.get(before.len() - length..).filter(|_| is_end && length < MAX_NAME)?;
        let is_name = name.starts_with(char::is_alphanumeric) && name.ends_with(char::is_alphanumeric);
        is_name.then_some(range.start - length..range.start)
    }
}

/// Returns the bytes of `:name:` before a backquote. A domain may stand before the name: `:py:func:`.
fn role(text: &str) -> Option<usize> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.+:".contains(byte);
    let length = text.bytes().take(MAX_NAME).take_while(is_name).count();
    (length > 2 && text[..length].ends_with(':') && text[length..].starts_with('`')).then_some(length)
}
