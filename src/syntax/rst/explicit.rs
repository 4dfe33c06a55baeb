//! Explicit markup: comments, directives, footnotes, and the targets of links.

use std::collections::HashMap;
use std::ops::Range;

use super::inline::{Destination, OpenLink};
use super::{Place, Reader};
use crate::syntax::Problem;
use crate::syntax::markdown::{Link, Markdown};
use crate::text::Span;

/// Directives whose content is code.
const CODE: &str = "code code-block sourcecode parsed-literal prompt doctest testcode math graphviz";

/// Directives whose content is text.
const TEXT: &str = "admonition attention caution danger error hint important note tip warning seealso todo \
    topic sidebar rubric compound container deprecated versionadded versionchanged versionremoved centered only dropdown";

/// Directives whose content is a quotation.
const QUOTES: &str = "epigraph highlights pull-quote";

/// What the names of links lead to.
#[derive(Default)]
pub(super) struct Targets {
    named: HashMap<String, Destination>,
    anonymous: Vec<Destination>,
}

impl Targets {
    /// Adds a target, unless the name has one.
    pub(super) fn add(&mut self, name: &str, destination: Destination) {
        self.named.entry(normalized(name)).or_insert(destination);
    }

    /// Adds the links of a page whose destination is known.
    pub(super) fn resolve(&self, links: Vec<OpenLink>, page: &mut Markdown) {
        let mut anonymous = self.anonymous.iter();
        let found = links.into_iter().filter_map(|OpenLink { span, text, destination, destination_span }| {
            let destination = match &destination {
                Destination::Anonymous => self.follow(anonymous.next()?)?,
                // Docutils takes `<Name>` for an address, and its author for the name of a target.
                Destination::Address(address) if text == destination_span => {
                    let named = self.named.get(&normalized(&format!("<{address}>")));
                    self.follow(named.unwrap_or(&destination))?
                }
                other => self.follow(other)?,
            };
            Some(Link { span, text, destination, destination_span, definition: None, image: false })
        });
        page.links.extend(found);
        page.links.sort_by_key(|link| link.span.start);
    }

    /// Follows names to an address.
    fn follow(&self, destination: &Destination) -> Option<Box<str>> {
        const MOST_STEPS: usize = 8;
        let mut destination = destination;
        for _ in 0..MOST_STEPS {
            match destination {
                Destination::Address(address) => return Some(address.clone()),
                Destination::Name(name) => destination = self.named.get(&normalized(name))?,
                Destination::Anonymous | Destination::Here => return None,
            }
        }
        None
    }
}

fn is_one_of(words: &str, word: &str) -> bool {
    words.split(' ').any(|other| other == word)
}

fn normalized(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Returns the anchor that docutils gives a title.
pub(super) fn identifier(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

impl Reader<'_> {
    /// Reads the block that begins with `..` or `__`, and returns the line after it.
    pub(super) fn explicit(&mut self, at: usize, end: usize, place: Place) -> Result<usize, Problem> {
        let column = self.lines[at].column;
        let after = self.end_of_indented(at + 1, end, column);
        let text = self.slice(at);
        let span = Span::new(self.lines[at].start, self.lines[after - 1].end.max(self.lines[at].end));
        if let Some(address) = text.strip_prefix("__") {
            self.text.page.definitions.push(span);
            self.push_anonymous(address.trim(), at + 1..after);
            return Ok(after);
        }
        let marked = text[2..].trim_start();
        if let Some(target) = marked.strip_prefix('_').filter(|_| !marked.is_empty()) {
            if self.target(target, at + 1..after) {
                self.text.page.definitions.push(span);
                return Ok(after);
            }
        } else if marked.starts_with('|') {
            return Ok(after);
        } else if let Some(label) = footnote(marked) {
            self.text.page.definitions.push(span);
            self.lines[at].skip(text.len() - marked.len() + label, self.source);
            let inner = self.min_column(at + 1..after);
            if inner > 0 {
                self.lines[at].column = inner;
            }
            let column = if self.lines[at].is_blank() { inner } else { self.lines[at].column };
            self.body(at..after, column, place.within())?;
            return Ok(after);
        } else if let Some((name, behind)) = directive(marked) {
            let line = self.lines[at];
            let arguments = line.end - (marked.len() - behind)..line.end;
            self.directive(&name.to_ascii_lowercase(), arguments, at..after, place)?;
            return Ok(after);
        }
        self.push_comment(at..after);
        Ok(after)
    }

    fn push_comment(&mut self, lines: Range<usize>) {
        let (first, last) = (self.lines[lines.start], self.lines[lines.end - 1]);
        self.text.page.comments.push(Span::new(first.start, last.end.max(first.end)));
    }

    /// Reads `name: address` behind `.. _`, which may go on below; false if it is none.
    fn target(&mut self, text: &str, below: Range<usize>) -> bool {
        if let Some(address) = text.strip_prefix("_:") {
            self.push_anonymous(address.trim(), below);
            return true;
        }
        let (name, rest) = match text.strip_prefix('`') {
            Some(quoted) => match quoted.split_once('`') {
                Some((name, rest)) => (name, rest.strip_prefix(':')),
                None => return false,
            },
            None => match name_end(text) {
                Some(end) => (&text[..end], text.get(end + 1..)),
                None => return false,
            },
        };
        let Some(rest) = rest else { return false };
        let destination = self.address(rest.trim(), below);
        if matches!(destination, Destination::Here) {
            self.text.page.anchors.push(name);
            self.text.page.anchors.push(&identifier(name));
        }
        self.targets.add(&name.replace('\\', ""), destination);
        true
    }

    fn push_anonymous(&mut self, address: &str, below: Range<usize>) {
        let destination = self.address(address, below);
        self.targets.anonymous.push(destination);
    }

    fn address(&self, first: &str, below: Range<usize>) -> Destination {
        let mut address = first.to_owned();
        below.for_each(|line| address.push_str(self.slice(line)));
        Destination::read(&address)
    }

    /// Reads a directive; `arguments` is what stands behind its name.
    fn directive(
        &mut self,
        name: &str,
        arguments: Range<usize>,
        lines: Range<usize>,
        place: Place,
    ) -> Result<(), Problem> {
        let content = self.content(lines.clone());
        let inner = self.min_column(content.clone());
        match name {
            _ if is_one_of(CODE, name) => {
                let language = self.source[arguments].split_whitespace().next().unwrap_or_default();
                let opening = self.lines[lines.start].span();
                self.fence(language, content, opening);
                Ok(())
            }
            _ if is_one_of(QUOTES, name) => {
                let was_quoted = std::mem::replace(&mut self.text.quoted, true);
                let read = self.body(content, inner, place.within());
                self.text.quoted = was_quoted;
                read
            }
            _ if is_one_of(TEXT, name) => {
                let first = &mut self.lines[lines.start];
                first.skip(arguments.start - first.start, self.source);
                let first = self.lines[lines.start];
                if first.is_blank() || content.start > lines.start + 1 {
                    self.paragraph(lines.start..lines.start + 1, place.within());
                    return self.body(content, inner, place.within());
                }
                self.lines[lines.start].column = if inner > 0 { inner } else { first.column };
                self.body(lines.clone(), self.lines[lines.start].column, place.within())
            }
            "image" | "figure" => {
                self.image(arguments);
                if name == "figure" { self.body(content, inner, place.within()) } else { Ok(()) }
            }
            "list-table" => self.list_table(lines.start, content),
            "table" => self.body(content, inner, place.within()),
            _ => Ok(()),
        }
    }

    /// Adds a picture. Only the program that builds the pages knows the folder from which a path with a leading `/` begins, and what
    /// the endings of `flow.*` are.
    fn image(&mut self, arguments: Range<usize>) {
        let path = self.source[arguments.clone()].trim();
        if path.is_empty() || path.starts_with('/') || path.contains(['*', ' ']) {
            return;
        }
        let start = path.as_ptr() as usize - self.source.as_ptr() as usize;
        let span = Span::new(start, start + path.len());
        let destination = path.into();
        self.text.page.links.push(Link {
            span,
            text: Span::at(start),
            destination,
            destination_span: span,
            definition: None,
            image: true,
        });
    }

    /// Returns the lines of a directive below its options.
    pub(super) fn content(&self, lines: Range<usize>) -> Range<usize> {
        let is_option = |at: &usize| self.slice(*at).starts_with(':');
        let mut at = lines.start + 1;
        while at < lines.end && is_option(&at) {
            at += 1;
        }
        // An option may go on in the lines below it.
        if at > lines.start + 1 {
            while at < lines.end && !self.lines[at].is_blank() {
                at += 1;
            }
        }
        while at < lines.end && self.lines[at].is_blank() {
            at += 1;
        }
        at..lines.end
    }
}

/// Returns the end of a name: a colon that is followed by white space or nothing, and not escaped.
fn name_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|&at| {
        bytes[at] == b':'
            && (at == 0 || bytes[at - 1] != b'\\')
            && bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace)
    })
}

/// Returns the bytes of the label of a footnote or citation: `[1]`, `[#note]`, `[CIT2002]`.
fn footnote(text: &str) -> Option<usize> {
    const MAX_LABEL: usize = 100;
    let label = text.strip_prefix('[')?;
    let length = label.bytes().take(MAX_LABEL).position(|byte| byte == b']').filter(|length| *length > 0)?;
    let rest = &label[length + 1..];
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then_some(length + 2)
}

/// Returns the name in `name:: arguments`, and the bytes up to the arguments.
fn directive(text: &str) -> Option<(&str, usize)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_+:.".contains(c);
    let length = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let name = text[..length].strip_suffix("::")?;
    (!name.is_empty()).then_some((name, length))
}
