//! The lines and sections of a page from which no field is read.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::columns;
use crate::node::{Entry, Mapping, Node, Value};
use crate::profile::{Mismatch, View};
use crate::record::Record;
use crate::schema::shorten;
use crate::syntax::markdown::{Cell, Heading};
use crate::text::Span;

/// The most parts that are listed.
const MOST: usize = 20;

/// A part of a page that may state a field.
struct Part {
    name: String,
    span: Span,
}

/// Lists the parts of a page that is one record, those of sections that are records, and the columns of a table of records,
/// from which nothing is read.
pub(super) fn list(records: &[&Record], view: Option<&View<'_>>) -> String {
    let (Some(view), Some(record)) = (view, records.first()) else { return String::new() };
    let Some(page) = view.markdown() else { return String::new() };
    let columns = columns::unread(page, records).into_iter().flatten();
    let mut dropped: Vec<Part> =
        columns.map(|it| Part { name: format!("column `{}`", it.name), span: it.span }).collect();
    let read = spans_read(records);
    let is_read = |part: &Part| {
        let after = read.partition_point(|span| span.end <= part.span.start);
        read.get(after).is_some_and(|span| span.start < part.span.end)
    };
    let parts = if records.len() == 1 { parts(view) } else { parts_of_sections(view, records) };
    dropped.extend(parts.into_iter().filter(|part| !is_read(part)));
    dropped.extend(sections_left_out(view, record));
    dropped.sort_by_key(|part| part.span.start);
    if dropped.is_empty() {
        return String::new();
    }
    let mut text = "\n## Not read\n\n".to_owned();
    for part in dropped.iter().take(MOST) {
        let line = view.source().position(part.span.start as usize).line;
        let _ = writeln!(text, "- {} (line {line})", part.name);
    }
    if let Some(more) = dropped.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = writeln!(text, "- and {more} more");
    }
    let kind = &record.kind.name;
    let _ = write!(
        text,
        "\nNo field is read from these, by their name or their value; `alignlint explain {kind}` lists the fields.\n"
    );
    text
}

/// The keys of the front matter, the lines below the title and the sections, in the order of the page.
fn parts(view: &View<'_>) -> Vec<Part> {
    let entries =
        |node: Option<&Node>| node.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries).to_vec();
    let is_own = |entry: &Entry| !matches!(&*entry.key.name, "kind" | "$schema");
    let key = |Entry { key, value }: Entry| Part {
        name: format!("key `{}:{}`", key.name, said(&value)),
        span: key.span.to(value.span),
    };
    let keys = entries(view.root).into_iter().filter(is_own).map(key);
    let lines = lines(view);
    let title = view.title().map(|title| title.span);
    let below = view.headings().iter().filter(|heading| Some(heading.span) != title).collect();
    let sections = sections(view, below);
    let mut parts: Vec<Part> = keys.chain(lines).chain(sections).collect();
    parts.sort_by_key(|part| part.span.start);
    parts.dedup_by_key(|part| part.span.start);
    parts
}

/// The lines below the title, or below the heading of a section.
fn lines(view: &View<'_>) -> Vec<Part> {
    let entries = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
    let line = |Entry { key, value }: &Entry| Part {
        name: format!("line `{}:{}`", key.name, said(value)),
        span: key.span.to(value.span),
    };
    let lines = entries.iter().filter(|entry| !entry.value.is_null()).map(line);
    let row = |(name, value): (&Cell, &Cell)| Part {
        name: format!("row `{}: {}`", shorten(name.text.trim()), shorten(value.text.trim())),
        span: name.span.to(value.span),
    };
    // The header, `Field | Value`, says what the columns are.
    let tables = view.markdown().map_or(&[][..], |page| &page.tables);
    let is_header =
        |name: &Cell| tables.iter().any(|table| table.header.iter().any(|cell| cell.span == name.span));
    let rows = view.labelled_rows().filter(|(name, _)| !is_header(name));
    lines.chain(rows.map(row)).collect()
}

/// The lines of the sections that are records, and the sections below them.
fn parts_of_sections(view: &View<'_>, records: &[&Record]) -> Vec<Part> {
    let starts: HashSet<u32> = records.iter().map(|record| record.span.start).collect();
    let records = view.headings().iter().filter(|heading| starts.contains(&heading.line.start));
    let parts = records.flat_map(|record| {
        let below = view.headings().iter().filter(|heading| record.body.contains(heading.span)).collect();
        lines(&View::of_section(view.document, record)).into_iter().chain(sections(view, below))
    });
    parts.collect()
}

/// The sections with text of the highest level of some headings.
fn sections(view: &View<'_>, headings: Vec<&Heading>) -> Vec<Part> {
    let level = headings.iter().map(|heading| heading.level).min();
    let has_text = |body: Span| !view.source().slice(body).trim().is_empty();
    let sections =
        headings.into_iter().filter(|heading| Some(heading.level) == level && has_text(heading.body));
    let part = |heading: &Heading| Part {
        name: format!("section `{}`", shorten(heading.title.trim())),
        span: heading.span.to(heading.body),
    };
    sections.map(part).collect()
}

/// The sections beside the records of a format of the user's own that are none.
fn sections_left_out(view: &View<'_>, record: &Record) -> Vec<Part> {
    let own = record.profile.as_ref().filter(|profile| profile.own_path.is_some());
    let sections = own.map(|profile| profile.sections_left_out(view.document)).unwrap_or_default();
    let part = |(heading, mismatch): (&Heading, Mismatch)| Part {
        name: format!("section `{}`, which is no record, as it has {mismatch}", shorten(&heading.title)),
        span: heading.span,
    };
    sections.into_iter().map(part).collect()
}

fn said(value: &Node) -> String {
    value.as_text().map(|text| format!(" {}", shorten(text))).unwrap_or_default()
}

/// Returns the places of all values, and of the headings of sections that hold them, sorted and joined.
pub(super) fn spans_read(records: &[&Record]) -> Vec<Span> {
    let mut spans = Vec::new();
    for record in records {
        for entry in record.fields.as_mapping().map_or(&[][..], Mapping::entries) {
            spans.push(entry.key.span);
            add(&entry.value, &mut spans);
        }
        spans.extend(record.mentions.iter().map(|mention| mention.span));
    }
    spans.sort_by_key(|span| span.start);
    let mut joined: Vec<Span> = Vec::new();
    for span in spans.into_iter().filter(|span| span.start < span.end) {
        match joined.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

fn add(node: &Node, spans: &mut Vec<Span>) {
    match &node.value {
        Value::Scalar(_) => spans.push(node.span),
        Value::Sequence(items) => items.iter().for_each(|item| add(item, spans)),
        Value::Mapping(mapping) => mapping.entries().iter().for_each(|entry| add(&entry.value, spans)),
    }
}
