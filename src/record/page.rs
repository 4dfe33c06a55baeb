//! Reads fields from the sections of Markdown pages.

use std::collections::HashMap;
use std::sync::Arc;

use super::canonical::Canonical;
use crate::kind::{Field, FieldType, Kind, Kinds, Shape};
use crate::node::{Entry, Key, Mapping, Node};
use crate::profile::{Take, View};
use crate::syntax::Markdown;
use crate::syntax::markdown::{Heading, Table, section_key};
use crate::text::Span;

/// For each kind, the fields of each section, by the keys of section titles.
pub(super) struct SectionFields(HashMap<Arc<str>, HashMap<Box<str>, Vec<SectionField>>>);

/// The index of a field, and the rank of the section title among the field's titles.
type SectionField = (usize, usize);

impl SectionFields {
    pub fn new(kinds: &Kinds) -> SectionFields {
        SectionFields(kinds.iter().map(|kind| (kind.name.clone(), section_keys(kind))).collect())
    }

    fn fields<'k, 'a>(&self, view: &View<'a>, kind: &'k Kind) -> Vec<(&'k Field, &'a Heading)> {
        let (Some(page), Some(known)) = (view.markdown(), self.0.get(&kind.name)) else { return Vec::new() };
        let sections = view.sections().iter().filter_map(|(key, at)| Some((known.get(&**key)?, *at)));
        let mut found: Vec<(SectionField, usize)> =
            sections.flat_map(|(fields, at)| fields.iter().map(move |field| (*field, at))).collect();
        found.sort_unstable();
        found.dedup_by_key(|((field, _), _)| *field);
        let fields = &kind.shape.fields;
        let found = found.into_iter();
        found.filter_map(|((field, _), at)| Some((fields.get(field)?, page.headings.get(at)?))).collect()
    }

    pub fn count(&self, view: &View<'_>, kind: &Kind) -> usize {
        self.fields(view, kind).len()
    }

    pub fn add(&self, view: &View<'_>, canonical: &Canonical<'_>, kind: &Kind, fields: &mut Mapping) {
        for (field, heading) in self.fields(view, kind) {
            if fields.entry(&field.name).is_some() {
                continue;
            }
            let value = read(view, heading, &field.ty).and_then(|value| canonical.field(value, field));
            if let Some(value) = value {
                fields.push(Key { name: field.name.clone(), span: heading.span }, value);
            }
        }
    }
}

fn section_keys(kind: &Kind) -> HashMap<Box<str>, Vec<SectionField>> {
    let mut keys: HashMap<Box<str>, Vec<SectionField>> = HashMap::new();
    for (field, known) in kind.shape.fields.iter().enumerate() {
        for (nth, title) in known.headings.iter().enumerate() {
            keys.entry(section_key(title).into_boxed_str()).or_default().push((field, nth));
        }
    }
    keys
}

pub(super) fn parted_sections(kinds: &Kinds) -> impl Iterator<Item = Box<str>> {
    let fields = kinds.iter().flat_map(|kind| &kind.shape.fields);
    let parted =
        fields.filter(|field| !matches!(field.ty, FieldType::Text | FieldType::Any | FieldType::Struct(_)));
    parted.flat_map(|field| &field.headings).map(|title| section_key(title).into_boxed_str())
}

fn read(view: &View<'_>, heading: &Heading, ty: &FieldType) -> Option<Node> {
    let page = view.markdown()?;
    let take = |take: Take| take.read(view.source(), page, heading);
    match ty {
        FieldType::List(inner) => match &**inner {
            FieldType::Struct(shape) => rows(page, heading, shape).or_else(|| {
                shape.text.as_ref()?;
                take(Take::Items).or_else(|| titles(page, heading))
            }),
            FieldType::Reference(_) => {
                take(Take::Links).or_else(|| take(Take::Items)).or_else(|| take(Take::Line))
            }
            _ => take(Take::Items).or_else(|| titles(page, heading)).or_else(|| take(Take::Text)),
        },
        FieldType::Text | FieldType::Any => take(Take::Text),
        FieldType::Struct(_) => None,
        FieldType::Reference(_) => take(Take::Links).or_else(|| take(Take::Line)),
        _ => take(Take::Line),
    }
}

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
