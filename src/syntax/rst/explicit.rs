//! Explicit markup: comments, directives, footnotes, and the targets of links.

use std::collections::HashMap;
use std::ops::Range;

use super::Reader;
use super::inline::Destination;
use crate::syntax::markdown::{Link, Markdown};
use crate::text::{Span, single_spaced};

/// Directives whose content is text.
const TEXT: &str = "admonition attention caution danger error hint important note tip warning seealso todo \
    table topic sidebar rubric compound container deprecated versionadded versionchanged versionremoved centered only dropdown epigraph highlights pull-quote";

/// What the names of links lead to.
#[derive(Default)]
pub(super) struct Targets(HashMap<String, Destination>);

impl Targets {
    /// Adds a target, unless the name has one.
    pub(super) fn add(&mut self, name: &str, destination: Destination) {
        self.0.entry(normalized(name)).or_insert(destination);
    }

    pub(super) fn resolve(&self, links: Vec<(Link, Destination)>, page: &mut Markdown) {
        page.links.extend(links.into_iter().filter_map(|(link, destination)| {
            Some(Link { destination: self.follow(&destination)?, ..link })
        }));
        page.links.sort_by_key(|link| link.span.start);
    }

    /// Follows names to an address.
    fn follow(&self, destination: &Destination) -> Option<Box<str>> {
        const MOST_STEPS: usize = 8;
        let mut destination = destination;
        for _ in 0..MOST_STEPS {
            match destination {
                Destination::Address(address) => return Some(address.clone()),
                Destination::Name(name) => destination = self.0.get(&normalized(name))?,
                Destination::Here => return None,
            }
        }
        None
    }
}

fn is_one_of(words: &str, word: &str) -> bool {
    words.split(' ').any(|other| other == word)
}

fn normalized(name: &str) -> String {
    single_spaced(name).to_lowercase()
}

/// Returns the anchor that docutils gives a title.
pub(super) fn identifier(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

impl Reader<'_> {
    /// Reads the block that begins with `..`, and returns the line after what was read.
    pub(super) fn explicit(&mut self, at: usize) -> usize {
        // Directives whose content is code.
        const CODE: &str = "code code-block sourcecode parsed-literal prompt doctest testcode math graphviz";
        let text = self.slice(at);
        let line = self.lines[at];
        let marked = text[2..].trim_start();
        let from = text.len() - marked.len();
        if let Some(label) = footnote(marked) {
            return self.open_text(at, from + label, at + 1);
        }
        if let Some((name, behind)) = directive(marked)
            && is_one_of(TEXT, &name.to_ascii_lowercase())
        {
            let below = self.content(at..self.lines.len()).start;
            return self.open_text(at, from + behind, below);
        }
        let after = self.end_of_indented(at + 1, line.column);
        let span = Span::new(line.start, self.lines[after - 1].end.max(line.end));
        self.reach(span.range().end);
        if let Some((name, behind)) = directive(marked) {
            if is_one_of(CODE, &name.to_ascii_lowercase()) {
                let content = self.content(at..after);
                self.fence(content, line.span());
            } else if matches!(name, "image" | "figure") {
                self.image(&marked[behind..], line.end);
            }
            return after;
        }
        let target = marked.strip_prefix('_');
        let is_target = target.is_some_and(|target| self.target(target, at + 1..after));
        if !is_target && !marked.starts_with('|') {
            self.text.page.comments.push(span);
        }
        after
    }

    /// Adds a picture, whose path ends at a position. Only the program that builds the pages knows the folder from which a path with a
    /// leading `/` begins, and what the endings of `flow.*` are.
    fn image(&mut self, path: &str, end: usize) {
        let path = path.trim();
        if path.is_empty() || path.starts_with('/') || path.contains(['*', ' ']) {
            return;
        }
        let place = end - path.len()..end;
        self.text.push_link(place.clone(), place.start..place.start, path.into(), place);
        self.text.page.links.last_mut().into_iter().for_each(|link| link.image = true);
    }

    /// Reads the text behind a marker; what is indented below it is read as any other text.
    fn open_text(&mut self, at: usize, marker: usize, below: usize) -> usize {
        self.open(at, marker, None);
        if !self.lines[at].is_blank() {
            self.paragraph(at..at + 1);
        }
        below
    }

    /// Reads `name: address` behind `.. _`, which may go on below; false if it is none.
    fn target(&mut self, text: &str, below: Range<usize>) -> bool {
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
        let mut address = rest.trim().to_owned();
        below.for_each(|line| address.push_str(self.slice(line)));
        let destination = Destination::read(&address);
        if matches!(destination, Destination::Here) {
            self.text.page.push_anchor(name);
            self.text.page.push_anchor(&identifier(name));
        }
        self.targets.add(&name.replace('\\', ""), destination);
        true
    }

    /// Returns the lines of a directive below its options, which end with a blank line.
    fn content(&self, lines: Range<usize>) -> Range<usize> {
        let first = lines.start + 1;
        let has_options = first < lines.end && self.slice(first).starts_with(':');
        let below = first..lines.end;
        let options =
            if has_options { below.clone().take_while(|at| !self.lines[*at].is_blank()).count() } else { 0 };
        let blanks = below.skip(options).take_while(|at| self.lines[*at].is_blank()).count();
        first + options + blanks..lines.end
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
