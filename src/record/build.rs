//! Puts the [`RecordContent`] of a record together: fields, identifier, title, and the place that names it.

use std::sync::Arc;

use super::canonical::Canonical;
use super::page::Sections;
use super::structured::Item;
use super::{RecordContent, identity};
use crate::kind::{Kind, Kinds};
use crate::node::{Entry, Key, Mapping, Node};
use crate::profile::View;
use crate::syntax::Document;
use crate::text::{Source, Span};

/// A record before it has a name.
pub(super) struct Draft {
    pub kind: Arc<Kind>,
    pub span: Span,
    pub fields: Mapping,
    /// Where the record is named if its identifier stands nowhere in the file.
    pub anchor: Span,
    /// The identifier of a record whose fields have none.
    pub fallback: Box<str>,
}

impl Draft {
    /// The record, with `id` and `title` among its fields where it has any.
    pub fn finish(mut self, source: &Source) -> RecordContent {
        let title = self.fields.get("title").and_then(Node::as_text).map(Box::from);
        let written = self.fields.get("id").and_then(|id| Some((id.as_text()?, id.span)));
        let (id, name_span) = match written {
            Some((id, span)) => (Arc::from(id), span),
            None => (self.unwritten_id(title.as_deref()), self.anchor),
        };
        RecordContent {
            id,
            title,
            profile: None,
            path: source.path().clone(),
            span: self.span,
            name_span: first_line(source, name_span),
            fields: Node::mapping(self.span, self.fields).into(),
            mentions: Arc::default(),
            other_names: Box::default(),
            file_id: None,
            is_sole_record: false,
            extends_format: false,
            format_violations: Vec::new(),
            kind: self.kind,
        }
    }

    fn unwritten_id(&mut self, title: Option<&str>) -> Arc<str> {
        if self.fallback.is_empty() {
            return title.unwrap_or("(unnamed)").into();
        }
        let id = std::mem::take(&mut self.fallback);
        self.fields.push(Key { name: "id".into(), span: self.anchor }, Node::text(self.anchor, id.clone()));
        Arc::from(id)
    }
}

/// A record of a structured file.
pub(super) fn item(document: &Document, kinds: &Kinds, item: &Item<'_>, fallback: &str) -> RecordContent {
    let canonical = Canonical { source: &document.source, profile: None };
    let own = || own_entries(Some(item.node), kinds);
    let id = item.key.filter(|_| own().all(|entry| &*entry.key.name != "id")).map(|key| Entry {
        key: Key { name: "id".into(), span: key.span },
        value: Node::text(key.span, &*key.name),
    });
    let written = canonical.mapping(own().cloned(), &item.kind.shape).into_entries();
    let mut fields = Mapping::new(id.into_iter().chain(written).collect());
    for Entry { key, value } in &item.shared {
        let field = item.kind.shape.by_key(&key.name).filter(|field| fields.get(&field.name).is_none());
        if let Some((field, value)) =
            field.and_then(|field| Some((field, canonical.field(value.clone(), field)?)))
        {
            fields.push(Key { name: field.name.clone(), span: key.span }, value);
        }
    }
    let first_key = own().next().map(|entry| entry.key.span);
    let anchor = item.key.map(|key| key.span).or(first_key).unwrap_or(item.node.span);
    let span = anchor.to(item.node.span);
    Draft { kind: item.kind.clone(), span, fields, anchor, fallback: fallback.into() }
        .finish(&document.source)
}

/// A Markdown page of the kind's own format: front matter, then sections.
pub(super) fn page(view: View<'_>, kinds: &Kinds, kind: &Arc<Kind>, sections: &Sections) -> RecordContent {
    let view = &view.read_as(kind, None);
    let source = view.source();
    let canonical = Canonical { source, profile: None };
    let mut fields = canonical.mapping(own_entries(view.root, kinds).cloned(), &kind.shape);
    add_title(view, &mut fields);
    sections.add(view, &canonical, kind, &mut fields);
    let draft = Draft {
        kind: kind.clone(),
        span: whole(source),
        fields,
        anchor: view.anchor(),
        fallback: identity::of_file(view).into(),
    };
    let mut record = draft.finish(source);
    record.file_id = claimed(view, &record.id);
    record
}

/// The page's first heading is its title, if the front matter has none.
pub(super) fn add_title(view: &View<'_>, fields: &mut Mapping) {
    let heading =
        view.title().filter(|heading| fields.get("title").is_none() && !heading.title.trim().is_empty());
    if let Some(heading) = heading {
        let title = Node::text(heading.span, heading.title.trim());
        fields.push(Key { name: "title".into(), span: heading.span }, title);
    }
}

/// The identifier that the file's name claims besides the record's own: a number, against one that ends
/// in a number too. One that says the same says it as the record does.
pub(super) fn claimed(view: &View<'_>, id: &str) -> Option<Box<str>> {
    let claimed = identity::numbered_start(view.stem())?;
    let own = identity::last_number(id)?;
    Some(if identity::last_number(claimed) == Some(own) { id } else { claimed }.into())
}

pub(super) fn whole(source: &Source) -> Span {
    Span::new(source.bom_len(), source.text().len())
}

/// The entries of a mapping without those that only say what the record is.
fn own_entries<'n>(node: Option<&'n Node>, kinds: &'n Kinds) -> impl Iterator<Item = &'n Entry> {
    let says_kind = |entry: &&Entry| match &*entry.key.name {
        "$schema" => true,
        "kind" => entry.value.as_text().is_some_and(|text| kinds.get(text).or(kinds.by_key(text)).is_some()),
        _ => false,
    };
    let entries = node.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
    entries.iter().filter(move |entry| !says_kind(entry))
}

/// The part of a span that lies on its first line.
pub(super) fn first_line(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    let line = text.lines().next().unwrap_or_default().trim_end();
    Span::new(span.start as usize, span.start as usize + line.len())
}
