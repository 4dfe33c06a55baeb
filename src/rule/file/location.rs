//! The faults of a rule, located in its file, where a text may be folded, indented, quoted or escaped.

use std::sync::Arc;

use crate::finding::Fault;
use crate::node::{Node, ScalarKind};
use crate::rule::language::{CompileError, Compiled};
use crate::syntax::{self, Format};
use crate::text::{Source, Span};

/// The faults of a rule, each at its place in the rule file.
pub(super) struct RuleFaults<'r> {
    id: &'r str,
    source: &'r Arc<Source>,
    found: Vec<Fault>,
}

impl<'r> RuleFaults<'r> {
    pub(super) fn of(id: &'r str, source: &'r Arc<Source>) -> RuleFaults<'r> {
        RuleFaults { id, source, found: Vec::new() }
    }

    /// Adds an error in the text at a JSON pointer.
    pub(super) fn add(&mut self, pointer: &str, error: CompileError) {
        self.add_at(locate(self.source, pointer, error.span), error);
    }

    /// Adds an error about the key at a JSON pointer.
    pub(super) fn add_at_key(&mut self, pointer: &str, error: CompileError) {
        self.add_at(locate_key(self.source, pointer), error);
    }

    fn add_at(&mut self, span: Span, error: CompileError) {
        let fault = Fault::new(format!("rule `{}`: {}", self.id, error.message)).at(self.source, span);
        self.found.push(Fault { help: error.help, ..fault });
    }

    /// Returns what was compiled from the text at a pointer, or adds the error.
    pub(super) fn accept<T>(&mut self, pointer: &str, result: Compiled<T>) -> Option<T> {
        result.map_err(|error| self.add(pointer, error)).ok()
    }

    /// Returns all faults, in the order of the file.
    pub(super) fn sorted(&mut self) -> Vec<Fault> {
        self.found.sort_by_key(|fault| fault.place.as_ref().map(|place| place.span));
        std::mem::take(&mut self.found)
    }
}

/// The place in the file of a span in the text at `pointer`, or in the first item of a list there; on one line.
pub(super) fn locate(source: &Arc<Source>, pointer: &str, span: Span) -> Span {
    let document = syntax::parse(source.clone(), Format::Yaml);
    let node = document.roots.first().and_then(|root| root.pointer(pointer));
    let Some(node) = node.map(|node| first_scalar(node).unwrap_or(node)) else { return source.line_span(0) };
    let written = source.slice(node.span);
    let found = node.as_text().and_then(|text| find_span(text, written, span));
    let found = found.unwrap_or_else(|| {
        let first = written.lines().next().unwrap_or_default().trim_end();
        Span::new(0, first.len())
    });
    node.span.part(found.range())
}

/// Returns the place of a value; `None` if the file has none there.
pub(super) fn locate_value(source: &Arc<Source>, pointer: &str) -> Option<Span> {
    let document = syntax::parse(source.clone(), Format::Yaml);
    Some(document.roots.first()?.pointer(pointer)?.span)
}

pub(super) fn locate_key(source: &Arc<Source>, pointer: &str) -> Span {
    let document = syntax::parse(source.clone(), Format::Yaml);
    let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    let parent = document.roots.first().and_then(|root| root.pointer(parent));
    let name = name.replace("~1", "/").replace("~0", "~");
    let entry = parent.and_then(|parent| parent.as_mapping()?.entry(&name));
    entry.map_or_else(|| source.line_span(0), |entry| entry.key.span)
}

fn first_scalar(node: &Node) -> Option<&Node> {
    match node.as_sequence() {
        Some(items) => items.first().and_then(first_scalar),
        None => node.as_scalar().filter(|scalar| scalar.kind() != ScalarKind::Null).map(|_| node),
    }
}

/// The place in `written`, which may be folded, of the first word of a span in `text`, up to the end of its line.
fn find_span(text: &str, written: &str, span: Span) -> Option<Span> {
    let part = text.get(span.range())?;
    let word = part.split_whitespace().next()?;
    let before = text[..span.start as usize].matches(word).count();
    let (start, _) = written.match_indices(word).nth(before)?;
    let same =
        part.trim_start().chars().zip(written[start..].chars()).take_while(|(a, b)| a == b && *a != '\n');
    let length = same.map(|(c, _)| c.len_utf8()).sum::<usize>();
    Some(Span::new(start, start + written[start..start + length].trim_end().len()))
}
