//! Reads fields from the sections of Markdown pages.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::canonical::Canonical;
use super::{lines, rows};
use crate::kind::{Field, FieldType, Kind, Kinds};
use crate::node::{Key, Mapping, Node};
use crate::profile::{ValueForm, View};
use crate::syntax::Markdown;
use crate::syntax::markdown::{Heading, section_key};

/// Which sections of a page contain which fields.
pub(super) struct SectionFields {
    /// For each kind, by the keys of section titles.
    by_kind: HashMap<Arc<str>, HashMap<Box<str>, Vec<SectionField>>>,
    /// The kinds whose records are referred to by their titles too.
    titled: HashSet<Arc<str>>,
}

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
        let has_titles = |kind: &&Arc<Kind>| kind.names.iter().any(|name| &**name == "title");
        SectionFields {
            by_kind: kinds.iter().map(|kind| (kind.name.clone(), section_keys(kind))).collect(),
            titled: kinds.iter().filter(has_titles).map(|kind| kind.name.clone()).collect(),
        }
    }

    fn fields<'k, 'a>(&self, view: &View<'a>, kind: &'k Kind) -> Vec<(&'k Field, &'a Heading)> {
        let (Some(page), Some(by_section)) = (view.markdown(), self.by_kind.get(&kind.name)) else {
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
            let value = match reference_kinds(&field.ty).filter(|_| canonical.is_native()) {
                Some(kinds) => self.read_references(view, heading, kinds),
                None => read(view, heading, &field.ty),
            };
            let value = value.and_then(|value| canonical.prose_field(value, field));
            if let Some(value) = value {
                fields.fill(Key { name: field.name.clone(), span: heading.span }, value);
            }
        }
    }
}

impl SectionFields {
    /// Reads a list of references: links, else items or a line. An item that says more than a name counts up to its identifier.
    fn read_references(&self, view: &View<'_>, heading: &Heading, kinds: &[Arc<str>]) -> Option<Node> {
        let page = view.markdown()?;
        let read_as = |form: ValueForm| form.read(view.source(), page, heading);
        let by_title = kinds.is_empty() || kinds.iter().any(|kind| self.titled.contains(kind));
        if let Some(links) = read_as(ValueForm::Links) {
            return Some(links);
        }
        match read_as(ValueForm::Items) {
            Some(items) => lines::references(view.source(), items, by_title),
            None => lines::references(view.source(), read_as(ValueForm::Line)?, by_title),
        }
    }
}

/// Returns the kinds of the records that a list of references names.
fn reference_kinds(ty: &FieldType) -> Option<&[Arc<str>]> {
    match ty {
        FieldType::List(inner) => match &**inner {
            FieldType::Reference(kinds) => Some(kinds),
            _ => None,
        },
        _ => None,
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
            FieldType::Struct(shape) => rows::in_section(page, heading, shape).or_else(|| {
                shape.text.as_ref()?;
                lines::mappings(view.source(), page, heading, shape)
                    .or_else(|| read_as(ValueForm::Items))
                    .or_else(|| subheading_titles(page, heading))
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
