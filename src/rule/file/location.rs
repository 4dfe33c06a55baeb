//! Where in a rule's file a part of an expression stands: the file may fold, indent, quote or escape
//! the text that the expression was read from.

use crate::node::{Node, ScalarKind};
use crate::syntax::{self, Format};
use crate::text::{Source, Span};

use std::sync::Arc;

/// The bytes of a rule's file at which `span` of the text at `pointer` stands; of a list, the text of
/// its first item. What is longer than a line ends with the line.
pub(super) fn place_of(source: &Arc<Source>, pointer: &str, span: Span) -> Span {
    let document = syntax::parse(source.clone(), Format::Yaml);
    let node = document.roots.first().and_then(|root| root.pointer(pointer));
    let Some(node) = node.map(|node| first_scalar(node).unwrap_or(node)) else { return source.line_span(0) };
    let text = node.as_text().unwrap_or("");
    let part = text.get(span.range()).filter(|part| !part.trim().is_empty());
    let span = if part.is_some() { span } else { Span::new(0, text.len()) };
    let found = bytes_of(text, source.slice(node.span), span).map_or(node.span, |found| {
        let start = node.span.start as usize;
        Span::new(start + found.start as usize, start + found.end as usize)
    });
    let line = source.slice(found).lines().next().unwrap_or("").trim_end();
    Span::new(found.start as usize, found.start as usize + line.len())
}

/// The bytes of the key at `pointer`.
pub(super) fn place_of_key(source: &Arc<Source>, pointer: &str) -> Span {
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
        None => node.as_scalar().filter(|scalar| scalar.kind != ScalarKind::Null).map(|_| node),
    }
}

/// The bytes of `written` that say `span` of `text`; none where they differ by more than white space
/// and escapes.
fn bytes_of(text: &str, written: &str, span: Span) -> Option<Span> {
    let (mut start, mut end) = (None, None);
    let without_space = |text: &str| text.split_whitespace().collect::<String>();
    let quoted = written.starts_with(['"', '\'']) && without_space(written) != without_space(text);
    let mut rest = written.char_indices().skip(usize::from(quoted)).peekable();
    for (at, character) in text.char_indices() {
        if at >= span.end as usize {
            break;
        }
        if character.is_whitespace() {
            continue;
        }
        let (found, said) = rest.find(|&(_, said)| said == character || !is_filling(said))?;
        if said != character {
            return None;
        }
        if at >= span.start as usize {
            start = start.or(Some(found));
            end = Some(found + said.len_utf8());
        }
        if said == '\\' {
            // In double quotes a backslash is written twice.
            rest.next_if(|&(_, next)| next == '\\' && !text[at + 1..].starts_with('\\'));
        }
    }
    Some(Span::new(start?, end?))
}

/// What a file may hold that its text does not: line ends, indentation, quotes and escapes.
fn is_filling(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\\' | '"' | '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(file: &str, part: &str) -> (usize, String) {
        let source = Arc::new(Source::new("a.yaml", file.as_bytes().to_vec()));
        let document = syntax::parse(source.clone(), Format::Yaml);
        let text = document.roots[0].get("when").unwrap().as_text().unwrap().to_string();
        let at = text.find(part).unwrap();
        let span = place_of(&source, "/when", Span::new(at, at + part.len()));
        (source.position(span.start as usize).line, source.slice(span).to_string())
    }

    #[test]
    fn a_part_is_found_in_plain_quoted_and_folded_text() {
        assert_eq!(place("when: a == b\n", "b"), (1, "b".into()));
        assert_eq!(place("when: \"a == \\\"b\\\" && b\"\n", "&& b"), (1, "&& b".into()));
        assert_eq!(place("when: 'a == ''b'' && c'\n", "c"), (1, "c".into()));
        assert_eq!(place("when: |-\n  'a' < 1\n", "1"), (2, "1".into()));
        assert_eq!(place("when: '\"a\" < 1'\n", "\"a\""), (1, "\"a\"".into()));
        assert_eq!(place("when: >-\n  a == b\n  && c\n", "c"), (3, "c".into()));
        assert_eq!(place("when: |\n  a\n  || b.c\n", "b.c"), (3, "b.c".into()));
        assert_eq!(place("when: \"é.matches('\\\\d') && x\"\n", "x"), (1, "x".into()));
    }

    #[test]
    fn what_runs_over_a_line_ends_with_it() {
        assert_eq!(place("when: >-\n  a ==\n  b\n", "a == b"), (2, "a ==".into()));
    }
}
