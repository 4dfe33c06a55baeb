//! The fields of a Markdown page: front matter gives some, sections the others.

use std::collections::HashSet;

use super::canonical::Canonical;
use crate::kind::{Field, Kind, Shape, Type};
use crate::node::{Entry, Key, Mapping, Node};
use crate::profile::{Take, View};
use crate::syntax::Markdown;
use crate::syntax::markdown::{Heading, Table};
use crate::text::Span;

/// The field that the section below `heading` holds, if the heading is one that the kind knows.
pub(super) fn section<'a>(view: &View<'a>, field: &Field) -> Option<&'a Heading> {
    let page = view.markdown()?;
    let title = page.title().filter(|title| title.level == 1).map(|title| title.span);
    let named = field.headings.iter().find_map(|name| page.section(name));
    named.filter(|heading| Some(heading.span) != title)
}

/// How many fields of the kind stand under headings of their own.
pub(super) fn sections_of(view: &View<'_>, kind: &Kind) -> usize {
    kind.shape.fields.iter().filter(|field| section(view, field).is_some()).count()
}

/// Adds the fields that stand in sections and not in `fields` already.
pub(super) fn add_sections(view: &View<'_>, canonical: &Canonical<'_>, kind: &Kind, fields: &mut Mapping) {
    let known: HashSet<Box<str>> = fields.entries().iter().map(|entry| entry.key.name.clone()).collect();
    for field in kind.shape.fields.iter().filter(|field| !known.contains(&field.name)) {
        let Some(heading) = section(view, field) else { continue };
        let value = read(view, heading, &field.ty).and_then(|value| canonical.field(&value, field));
        if let Some(value) = value {
            fields.push(Key { name: field.name.clone(), span: heading.span }, value);
        }
    }
}

/// What stands below a heading, as the type wants it.
fn read(view: &View<'_>, heading: &Heading, ty: &Type) -> Option<Node> {
    let page = view.markdown()?;
    let take = |take: Take| take.read(view.source(), page, heading);
    match ty {
        Type::List(inner) => match &**inner {
            Type::Struct(shape) => rows(page, heading, shape).or_else(|| {
                shape.text.as_ref()?;
                take(Take::Items).or_else(|| titles(page, heading))
            }),
            Type::Reference(_) => {
                take(Take::Links).or_else(|| take(Take::Items)).or_else(|| take(Take::Line))
            }
            _ => take(Take::Items).or_else(|| titles(page, heading)).or_else(|| take(Take::Text)),
        },
        Type::Text | Type::Any => take(Take::Text),
        Type::Struct(_) => None,
        Type::Reference(_) => take(Take::Links).or_else(|| take(Take::Line)),
        _ => take(Take::Line),
    }
}

/// The titles of the headings one level below: `### Use PostgreSQL` under `## Options`.
fn titles(page: &Markdown, heading: &Heading) -> Option<Node> {
    let from = page.headings.partition_point(|other| other.span.start <= heading.span.start);
    let nested = page.headings[from..].iter().take_while(|other| other.span.start < heading.body.end);
    let level = nested.clone().map(|other| other.level).min()?;
    let titles: Vec<Node> = nested
        .filter(|other| other.level == level)
        .map(|other| Node::text(other.span, other.title.clone()))
        .collect();
    Some(Node::sequence(heading.body, titles))
}

/// The rows of the first table below a heading whose columns are fields.
fn rows(page: &Markdown, heading: &Heading, shape: &Shape) -> Option<Node> {
    let within = |table: &&Table| heading.body.contains(table.span);
    let known = |table: &&Table| table.header.iter().any(|cell| shape.by_key(cell.text.trim()).is_some());
    let table = page.tables.iter().filter(within).find(known)?;
    let rows = table.rows.iter().map(|cells| {
        let filled = table.header.iter().zip(cells).filter(|(_, cell)| !cell.text.trim().is_empty());
        let entries = filled.map(|(column, cell)| Entry {
            key: Key { name: column.text.trim().into(), span: cell.span },
            value: Node::text(cell.span, cell.text.trim()),
        });
        let entries: Vec<Entry> = entries.filter(|entry| shape.by_key(&entry.key.name).is_some()).collect();
        let span = cells.iter().map(|cell| cell.span).reduce(Span::to).unwrap_or(table.span);
        Node::mapping(span, Mapping::new(entries))
    });
    Some(Node::sequence(table.span, rows.filter(|row| !row.is_empty()).collect()))
}
