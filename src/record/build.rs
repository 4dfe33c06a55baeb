//! Builds the [`RecordContent`] of records in the native formats.

use std::sync::Arc;

use super::canonical::Canonical;
use super::page::SectionFields;
use super::structured::RecordNode;
use super::{RecordContent, identity, partial_days, slips};
use crate::calendar::{EXAMPLE_DATE, day_in, parse_any_date, parse_date};
use crate::kind::{Initial, Kind, Kinds};
use crate::node::{Entry, Key, Mapping, MappingBuilder, Node, Value};
use crate::profile::View;
use crate::schema::Violation;
use crate::syntax::Document;
use crate::text::{Source, Span};

pub(super) struct Draft {
    pub kind: Arc<Kind>,
    pub span: Span,
    pub fields: MappingBuilder,
    /// The title if the file states none, such as one from the file's name.
    pub implicit_title: Option<Box<str>>,
    /// The `name_span` of a record whose identifier is not in the file.
    pub anchor: Span,
    pub fallback_id: Box<str>,
    pub violations: Vec<Violation>,
}

impl Draft {
    pub(super) fn finish(mut self, source: &Source) -> RecordContent {
        let title = self.fields.get("title").and_then(Node::as_text).map(Box::from);
        let title = title.or_else(|| self.implicit_title.take());
        self.add_named_day(title.as_deref());
        self.complete_days();
        let id = self.fields.get("id").and_then(|id| Some((id.as_text()?, id.span)));
        let (id, name_span) = match id {
            Some((id, span)) => (Arc::from(id), span),
            None => (self.implicit_id(title.as_deref()), self.anchor),
        };
        RecordContent {
            id,
            title,
            profile: None,
            path: source.path().clone(),
            span: self.span,
            name_span: first_line(source, name_span),
            fields: Node::mapping(self.span, self.fields).into(),
            mentions: Box::default(),
            other_names: Box::default(),
            file_id: None,
            letters: None,
            is_sole_record: false,
            has_other_schema: false,
            names_in_items: false,
            format_violations: self.violations,
            kind: self.kind,
        }
    }

    /// Adds the day that the title names, or with which the name of the file begins, to a record that is about one day.
    fn add_named_day(&mut self, title: Option<&str>) {
        let fields = self.kind.shape.fields.iter();
        let mut of_day = fields.filter(|field| field.initial == Some(Initial::Day));
        let Some(field) = of_day.find(|field| self.fields.get(&field.name).is_none()) else { return };
        let of_title = title.and_then(|title| Some(day_in(title)?.0));
        let name = &self.fallback_id;
        let of_name = || parse_date(name.get(..EXAMPLE_DATE.len())?);
        let Some(day) = of_title.or_else(of_name) else { return };
        let span = self.fields.get("title").map_or(self.anchor, |title| title.span);
        let key = Key { name: field.name.clone(), span };
        self.fields.push(key, Node::text(span, day.to_string()));
    }

    /// Converts days in words in a record that is about one day.
    fn complete_days(&mut self) {
        let shape = &self.kind.shape;
        let Some(own) = shape.fields.iter().find(|field| field.initial == Some(Initial::Day)) else { return };
        let day = self.fields.get(&own.name).and_then(Node::as_text).and_then(parse_any_date);
        for entry in self.fields.entries_mut() {
            if let Some(field) = shape.by_key(&entry.key.name) {
                partial_days::complete(&mut entry.value, &field.ty, day);
            }
        }
    }

    fn implicit_id(&mut self, title: Option<&str>) -> Arc<str> {
        if self.fallback_id.is_empty() {
            return title.unwrap_or("(unnamed)").into();
        }
        let id = std::mem::take(&mut self.fallback_id);
        self.fields.push(Key { name: "id".into(), span: self.anchor }, Node::text(self.anchor, id.clone()));
        Arc::from(id)
    }
}

pub(super) fn item(
    document: &Document,
    kinds: &Kinds,
    item: &RecordNode<'_>,
    fallback_id: &str,
) -> RecordContent {
    let shape = &item.kind.shape;
    let mut canonical = Canonical::new(&document.source, None);
    let own = || own_entries(Some(item.node), kinds);
    let written = canonical.mapping(item.value_entry().into_iter().chain(own().cloned()), shape);
    let id = item.key.filter(|_| written.get("id").is_none()).map(|key| Entry {
        key: Key { name: "id".into(), span: key.span },
        value: Node::text(key.span, &*key.name),
    });
    let mut fields: MappingBuilder = id.into_iter().chain(written.into_entries()).collect();
    for Entry { key, value } in item.shared.iter().copied() {
        let field = shape.by_key(&key.name).filter(|field| fields.get(&field.name).is_none());
        if let Some((field, value)) =
            field.and_then(|field| Some((field, canonical.field(value.clone(), field)?)))
        {
            fields.push(Key { name: field.name.clone(), span: key.span }, value);
        }
        if let Some((list, field)) = shape.of_file(&key.name).filter(|_| shape.by_key(&key.name).is_none())
            && let Some(value) = canonical.field(value.clone(), field)
        {
            add_to_items(
                &mut fields,
                &list.name,
                &Entry { key: Key { name: field.name.clone(), span: key.span }, value },
            );
        }
    }
    for (key, used) in &item.repeated {
        canonical.add_repeated(key, used);
    }
    let first_key = own().next().map(|entry| entry.key.span);
    let anchor = item.key.map(|key| key.span).or(first_key).unwrap_or(item.node.span);
    let span = anchor.to(item.node.span);
    let draft = Draft {
        kind: item.kind.clone(),
        span,
        fields,
        implicit_title: None,
        anchor,
        fallback_id: fallback_id.into(),
        violations: canonical.into_repeated_keys(),
    };
    with_blank_keys(draft.finish(&document.source), own())
}

/// Adds a violation for each required key that has no value.
fn with_blank_keys<'n>(mut record: RecordContent, entries: impl Iterator<Item = &'n Entry>) -> RecordContent {
    let kind = record.kind.clone();
    let blank = entries.filter_map(|entry| {
        let field = kind.shape.by_key(&entry.key.name).filter(|_| entry.value.is_blank())?;
        let is_lacking =
            kind.required.iter().any(|name| **name == *field.name) && record.field(&field.name).is_none();
        is_lacking.then(|| blank_key(&entry.key, &field.name))
    });
    let blank: Vec<Violation> = blank.collect();
    record.format_violations.extend(blank);
    record
}

fn blank_key(key: &Key, field: &str) -> Violation {
    Violation {
        keyword: "required".into(),
        pointer: format!("/{field}").into(),
        span: key.span,
        message: format!("`{}` has no value", key.name),
        help: Some(format!("give `{}` a value", key.name)),
        suggestion: None,
        field: field.into(),
        missing: false,
        related: None,
    }
}

/// Adds a field to the items of a list that lack it.
fn add_to_items(fields: &mut MappingBuilder, list: &str, added: &Entry) {
    let lists = fields.entries_mut().iter_mut().filter(|entry| *entry.key.name == *list);
    for list in lists {
        let Value::Sequence(items) = &mut list.value.value else { continue };
        for item in items {
            if let Value::Mapping(mapping) = &mut item.value
                && mapping.get(&added.key.name).is_none()
            {
                mapping.edit(|entries| entries.push(added.clone()));
            }
        }
    }
}

/// Adds each required field that begins as the title, such as the statement of an assumption.
fn add_what_the_title_says(kind: &Kind, fields: &mut MappingBuilder) {
    let Some(title) = fields.get("title").cloned() else { return };
    let says = |name: &str| kind.shape.field(name).is_some_and(|field| field.initial == Some(Initial::Title));
    for name in kind.required.iter().filter(|name| ***name != *"title" && says(name)) {
        fields.fill(Key { name: (&**name).into(), span: title.span }, title.clone());
    }
}

pub(super) fn page(
    view: View<'_>,
    kinds: &Kinds,
    kind: &Arc<Kind>,
    sections: &SectionFields,
) -> RecordContent {
    let view = &view.with_kind(kind, None);
    let source = view.source();
    let mut canonical = Canonical::new(source, None);
    let mut fields = canonical.mapping(own_entries(view.root, kinds).cloned(), &kind.shape);
    let fallback_id = identity::page_id(view, kind);
    add_title(view, &mut fields);
    remove_id_from_title(&mut fields, fallback_id);
    sections.add_fields(view, &mut canonical, kind, &mut fields);
    sections.add_header_fields(view, &mut canonical, kind, &mut fields);
    SectionFields::add_item_on_lines(view, &mut canonical, kind, &mut fields);
    SectionFields::add_table_below_title(view, &mut canonical, kind, &mut fields);
    sections.add_marked_items(view, &mut canonical, kind, &mut fields);
    add_own_path(view, kind, &mut fields);
    if view.section.is_some() {
        add_what_the_title_says(kind, &mut fields);
    }
    let draft = Draft {
        kind: kind.clone(),
        span: view.section.map_or_else(|| text_span(source), |section| section.line.to(section.body)),
        fields,
        implicit_title: None,
        anchor: view.anchor(),
        fallback_id: fallback_id.into(),
        violations: canonical.into_repeated_keys(),
    };
    let mut record = with_blank_keys(draft.finish(source), own_entries(view.root, kinds));
    record.file_id = file_id(view, kind, &record.id).filter(|_| view.section.is_none());
    if let Some(page) = view.markdown() {
        slips::report_misspelt_in_lists(page, &mut record);
    }
    let misspelt = sections.misspelt_headings(view, kind, &record.fields);
    record.format_violations.extend(misspelt);
    record
}

/// Adds the path of the page to a record that is about a page and names none.
fn add_own_path(view: &View<'_>, kind: &Kind, fields: &mut MappingBuilder) {
    let mut of_page = kind.shape.fields.iter().filter(|field| field.initial == Some(Initial::Page));
    if let Some(field) = of_page.find(|field| fields.get(&field.name).is_none()) {
        let key = Key { name: field.name.clone(), span: view.anchor() };
        fields.push(key, Node::text(view.anchor(), view.path()));
    }
}

pub(super) fn add_title(view: &View<'_>, fields: &mut MappingBuilder) {
    let heading =
        view.title().filter(|heading| fields.get("title").is_none() && !heading.title.trim().is_empty());
    if let Some(heading) = heading {
        let title = Node::text(heading.span, heading.title.trim());
        fields.push(Key { name: "title".into(), span: heading.span }, title);
    }
}

/// Removes the identifier of a page from the title that its heading gives: `# D-1: Stop features`.
fn remove_id_from_title(fields: &mut MappingBuilder, id: &str) {
    let stated = fields.get("id").and_then(Node::as_text).map(str::to_owned);
    let id = stated.as_deref().unwrap_or(id);
    let title = fields.entries_mut().iter_mut().find(|entry| &*entry.key.name == "title");
    let Some(title) = title.filter(|title| title.key.span == title.value.span) else { return };
    let rest = title.value.as_text().and_then(|text| {
        let of_heading = identity::split_heading(text).filter(|(of_heading, _)| *of_heading == id);
        let after_sign = || {
            let rest = text.strip_prefix(id)?.trim_start();
            rest.strip_prefix([':', '-', '–', '—'])
        };
        Some(of_heading.map(|(_, rest)| rest).or_else(after_sign)?.trim_start().to_owned())
    });
    if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
        title.value = Node::text(title.value.span, rest);
    }
}

/// Returns the number that the file name starts with, if `id` ends in a number; spelled as `id` if both numbers are equal.
fn file_id(view: &View<'_>, kind: &Kind, id: &str) -> Option<Box<str>> {
    let file_id = identity::name_number(view.stem(), kind)?;
    let number = identity::trailing_number(id)?;
    Some(if identity::trailing_number(file_id) == Some(number) { id } else { file_id }.into())
}

pub(super) fn text_span(source: &Source) -> Span {
    Span::new(source.bom_len(), source.text().len())
}

fn own_entries<'n>(node: Option<&'n Node>, kinds: &'n Kinds) -> impl Iterator<Item = &'n Entry> {
    let names_kind = |entry: &&Entry| match &*entry.key.name {
        "$schema" => true,
        "kind" => entry.value.as_text().is_some_and(|text| kinds.get(text).or(kinds.by_key(text)).is_some()),
        _ => false,
    };
    let entries = node.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
    entries.iter().filter(move |entry| !names_kind(entry))
}

pub(super) fn first_line(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    let line = text.lines().next().unwrap_or_default().trim_end();
    Span::new(span.start as usize, span.start as usize + line.len())
}
