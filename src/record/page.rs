//! Reads fields from the sections of Markdown pages.

use std::collections::HashMap;
use std::sync::Arc;

use super::canonical::Canonical;
use crate::kind::{Field, FieldType, Kind, Kinds, Shape};
use crate::node::{Entry, Key, Mapping, Node};
use crate::profile::{ValueForm, View};
use crate::syntax::Markdown;
use crate::syntax::markdown::{Heading, Table, section_key};
use crate::text::Span;

/// For each kind, the fields of each section, by the keys of section titles.
pub(super) struct SectionFields(HashMap<Arc<str>, HashMap<Box<str>, Vec<SectionField>>>);

/// A field that a section may contain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SectionField {
    /// The index of the field.
    field: usize,
    /// The rank of the section title among the field's titles.
    rank: usize,
}

impl SectionFields {
    pub(super) fn new(kinds: &Kinds) -> SectionFields {
        SectionFields(kinds.iter().map(|kind| (kind.name.clone(), section_keys(kind))).collect())
    }

    fn fields<'k, 'a>(&self, view: &View<'a>, kind: &'k Kind) -> Vec<(&'k Field, &'a Heading)> {
        let (Some(page), Some(by_section)) = (view.markdown(), self.0.get(&kind.name)) else {
            return Vec::new();
        };
        let sections = view.sections().iter().filter_map(|(key, at)| Some((by_section.get(&**key)?, *at)));
        let mut found: Vec<(SectionField, usize)> =
            sections.flat_map(|(fields, at)| fields.iter().map(move |field| (*field, at))).collect();
        found.sort_unstable();
        found.dedup_by_key(|(found, _)| found.field);
        let fields = &kind.shape.fields;
        let found = found.into_iter();
        found.filter_map(|(found, at)| Some((fields.get(found.field)?, page.headings.get(at)?))).collect()
    }

    pub(super) fn count_fields(&self, view: &View<'_>, kind: &Kind) -> usize {
        self.fields(view, kind).len()
    }

    pub(super) fn add_fields(
        &self,
        view: &View<'_>,
        canonical: &mut Canonical<'_>,
        kind: &Kind,
        fields: &mut Mapping,
    ) {
        for (field, heading) in self.fields(view, kind) {
            // A section adds to an empty list in the front matter.
            if fields.get(&field.name).is_some_and(|value| !value.is_empty()) {
                continue;
            }
            let value = read(view, heading, &field.ty).and_then(|value| canonical.prose_field(value, field));
            if let Some(value) = value {
                fields.fill(Key { name: field.name.clone(), span: heading.span }, value);
            }
        }
    }
}

fn section_keys(kind: &Kind) -> HashMap<Box<str>, Vec<SectionField>> {
    let mut keys: HashMap<Box<str>, Vec<SectionField>> = HashMap::new();
    for (index, field) in kind.shape.fields.iter().enumerate() {
        for (rank, title) in field.headings.iter().enumerate() {
            keys.entry(section_key(title).into_boxed_str())
                .or_default()
                .push(SectionField { field: index, rank });
        }
    }
    keys
}

pub(super) fn structured_sections(kinds: &Kinds) -> impl Iterator<Item = Box<str>> {
    let fields = kinds.iter().flat_map(|kind| &kind.shape.fields);
    let structured = fields.filter(|field| {
        !matches!(field.ty, FieldType::Text | FieldType::Any | FieldType::Struct(_) | FieldType::Map(_))
    });
    structured.flat_map(|field| &field.headings).map(|title| section_key(title).into_boxed_str())
}

fn read(view: &View<'_>, heading: &Heading, ty: &FieldType) -> Option<Node> {
    let page = view.markdown()?;
    let read_as = |form: ValueForm| form.read(view.source(), page, heading);
    match ty {
        FieldType::List(inner) => match &**inner {
            FieldType::Struct(shape) => table_rows(page, heading, shape).or_else(|| {
                shape.text.as_ref()?;
                read_as(ValueForm::Items).or_else(|| subheading_titles(page, heading))
            }),
            FieldType::Reference(_) => read_as(ValueForm::Links)
                .or_else(|| read_as(ValueForm::Items))
                .or_else(|| read_as(ValueForm::Line)),
            _ => read_as(ValueForm::Items)
                .or_else(|| subheading_titles(page, heading))
                .or_else(|| read_as(ValueForm::Text)),
        },
        FieldType::Text | FieldType::Any => read_as(ValueForm::Text),
        FieldType::Struct(_) | FieldType::Map(_) => None,
        FieldType::Reference(_) => read_as(ValueForm::Links).or_else(|| read_as(ValueForm::Line)),
        _ => read_as(ValueForm::Line),
    }
}

fn subheading_titles(page: &Markdown, heading: &Heading) -> Option<Node> {
    let from = page.headings.partition_point(|other| other.span.start <= heading.span.start);
    let nested = page.headings[from..].iter().take_while(|other| other.span.start < heading.body.end);
    let level = nested.clone().map(|other| other.level).min()?;
    let titles: Vec<Node> = nested
        .filter(|other| other.level == level)
        .map(|other| Node::text(other.span, other.title.clone()))
        .collect();
    Some(Node::sequence(heading.body, titles))
}

fn table_rows(page: &Markdown, heading: &Heading, shape: &Shape) -> Option<Node> {
    let within = |table: &&Table| heading.body.contains(table.span);
    let has_known_column =
        |table: &&Table| table.header.iter().any(|cell| shape.by_key(cell.text.trim()).is_some());
    let table = page.tables.iter().filter(within).find(has_known_column)?;
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
