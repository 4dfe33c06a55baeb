//! Reads the items of lists: `Label: …`, `**Term** – …`, tasks, and terms with definitions.

use super::{Content, Origin, Part, Shape, Statement, Title};
use crate::syntax::line::{self, Marks};
use crate::syntax::markdown::ListItem;
use crate::syntax::{Document, Format, Markdown};
use crate::text::{Source, Span, beginning_in, range_in};

/// Returns the items below an item, else the outermost ones and paragraphs that begin in bold, else the terms with definitions.
pub(super) fn parts<'a>(part: &Part<'a>, page: &'a Markdown) -> Vec<Part<'a>> {
    let (items, within) = (part.list_items(), part.own_span(page));
    let (items, depth) = match part.shape {
        Shape::Item(item) => {
            let below = items.iter().position(|other| other.span == item.span).map_or(0, |at| at + 1);
            (&items[below..], item.depth + 1)
        }
        _ => (items, items.iter().map(|item| item.depth).min().unwrap_or(1)),
    };
    let outermost = items.iter().filter(|item| item.depth == depth);
    let mut parts: Vec<Part<'a>> = outermost.map(|item| read(part, page, item)).collect();
    if matches!(part.shape, Shape::Item(..)) {
        return parts;
    }
    let paragraphs = beginning_in(&page.paragraphs, within, |it| it.span).iter();
    parts.extend(paragraphs.filter_map(|paragraph| led_paragraph(part, paragraph.span)));
    parts.sort_by_key(|part| part.span.start);
    if parts.is_empty() { definitions(part, within) } else { parts }
}

/// Reads `**Site**: a building` and `**Site** – a building`.
fn led_paragraph<'a>(part: &Part<'a>, span: Span) -> Option<Part<'a>> {
    let document = part.document;
    let source = &*document.source;
    if !["**", "__"].iter().any(|mark| source.slice(span).starts_with(mark)) {
        return None;
    }
    let (term, definition) = lead(source, span).filter(|(_, rest)| !rest.is_empty())?;
    Some(defined(document, term, definition, span))
}

fn defined(document: &Document, term: Span, definition: Span, span: Span) -> Part<'_> {
    let text = document.source.slice(term).trim_matches(['*', '_', '`']);
    let title = Title { text: text.into(), span: term };
    let statements = vec![Statement::new("", term, Content::Text, definition, Origin::Item)];
    Part { document, shape: Shape::Definition, title: Some(title), statements, span }
}

/// Reads an item: its label or its text is the title; labels with values in the items below it are its statements.
fn read<'a>(part: &Part<'a>, page: &'a Markdown, item: &'a ListItem) -> Part<'a> {
    let document = part.document;
    let source = &*document.source;
    let mut statements = Vec::new();
    let title = match lead(source, item.text) {
        Some((label, rest)) => {
            statements.push(Statement::new("", label, Content::Text, rest, Origin::Item));
            Title { text: source.slice(label).into(), span: label }
        }
        None => Title { text: (&*item.plain).into(), span: item.text },
    };
    let items = beginning_in(&page.items, item.span, |item| item.span).iter();
    let below = items.filter(|other| other.depth == item.depth + 1);
    let further = line::lines(source, Span { start: item.text.end, end: item.span.end }, Marks::Usual);
    let further = further.filter(|line| ["**", "__"].iter().any(|mark| line.text.starts_with(mark)));
    let texts = below.map(|other| other.text).chain(further.map(|line| line.span()));
    statements.extend(texts.filter_map(|text| {
        let (label, rest) = labelled(source, text)?;
        let content = if rest.is_empty() { Content::Nothing } else { Content::Text };
        Some(Statement::new(source.slice(label), label, content, rest, Origin::Item))
    }));
    Part { document, shape: Shape::Item(item), title: Some(title), statements, span: item.span }
}

/// Splits `**Term** – text`, `**Term:** text`, `Term: text` and `Term – text`.
fn lead(source: &Source, text: Span) -> Option<(Span, Span)> {
    let written = source.slice(text);
    let dash = || {
        let (at, length) =
            [" – ", " — ", " - "].iter().filter_map(|mark| Some((written.find(mark)?, mark.len()))).min()?;
        let label = written[..at].trim_matches(['*', '_', '`']);
        let is_label =
            !label.is_empty() && label.split_whitespace().count() <= 6 && !label.contains(['.', '\n']);
        is_label.then(|| (text.part(range_in(written, label)), text.part(at + length..written.len())))
    };
    labelled(source, text).or_else(dash)
}

/// Splits `Label: text`, with the label in bold or not.
fn labelled(source: &Source, text: Span) -> Option<(Span, Span)> {
    let first = text.part(0..source.slice(text).lines().next()?.len());
    let mut lines = line::lines(source, first, Marks::Usual);
    let entry = line::pairs(&lines.next()?, true, Marks::Usual).into_iter().next()?;
    let end = if entry.value.is_empty() { entry.value.end } else { text.end };
    Some((entry.label_span, Span { start: entry.value.start.min(end), end }))
}

/// Returns the terms with definitions of a text: a line, and one that begins with `: ` below it; `term:: text` in `AsciiDoc`; a line and an
/// indented text in reStructuredText.
fn definitions<'a>(part: &Part<'a>, within: Span) -> Vec<Part<'a>> {
    let document = part.document;
    let source = &*document.source;
    let (mut found, mut before): (Vec<(Span, Span)>, Option<Span>) = (Vec::new(), None);
    for line in line::lines(source, within, Marks::Usual) {
        let whole = line.span();
        let behind = |rest: &str| whole.part(range_in(line.text, rest.trim_start()));
        let (term, definition) = match (document.format, line.text.split_once(":: ")) {
            (Format::AsciiDoc, Some((term, rest))) => (Some(whole.part(0..term.len())), Some(behind(rest))),
            (Format::AsciiDoc, None) => continue,
            (Format::Rst, _) => (before, (line.indentation > 1).then_some(whole)),
            _ => (before, line.text.strip_prefix(": ").map(behind)),
        };
        match (definition, term) {
            _ if line.text.is_empty() => before = before.filter(|_| document.format == Format::Markdown),
            (Some(definition), Some(term)) => {
                found.push((term, definition));
                before = None;
            }
            (Some(definition), None) => {
                if let Some((_, last)) = found.last_mut() {
                    *last = last.to(definition);
                }
            }
            (None, _) if line.indentation == 0 => before = Some(whole),
            _ => {}
        }
    }
    found.into_iter().map(|(term, text)| defined(document, term, text, term.to(text))).collect()
}
