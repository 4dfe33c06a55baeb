//! Builds the [`RecordContent`] of records: of a page or a part of one, and of an item in a file of data.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::body::place;
use super::builder::{Builder, KindNames};
use super::structured::RecordNode;
use super::{RecordContent, RecordFacts, days, identity, lists, mistakes, read};
use crate::calendar::{day_in, parse_any_date, parse_date};
use crate::format::{Format, Names, place_name};
use crate::kind::{Initial, Kind, Kinds};
use crate::layout::{self, Content, Origin, Part, Shape, Statement, label_key};
use crate::node::{Entry, Key, MappingBuilder, Node, Value};
use crate::schema::Violation;
use crate::syntax::Document;
use crate::text::{Source, Span};
use crate::value::date::{self, Order};
use crate::value::status::{self, Reading};

impl Builder<'_> {
    /// Reads all fields that statements give, and returns the identifier of a record that states none.
    fn read(&mut self) -> Box<str> {
        read::add_stated(self);
        let fallback_id = match self.format {
            Some(format) if self.is_page() || format.definition.id.is_empty() => "".into(),
            _ => identity::of_part(self.part, self.kind, &self.fields),
        };
        if self.is_native() {
            let is_row = matches!(self.part.shape, Shape::Row(_));
            remove_id_from_title(&mut self.fields, &fallback_id, self.kind, is_row);
        }
        if !self.is_native() || !self.is_page() {
            self.add_definition();
        }
        for field in self.kind.shape.fields.iter().filter(|field| field.initial == Some(Initial::Page)) {
            self.imply(&field.name, self.anchor, self.source().path());
        }
        lists::add(self);
        if self.has_own_labels() {
            mistakes::report(self);
        }
        if !self.is_page() {
            add_what_the_title_says(self.kind, &mut self.fields);
        }
        // A word is known by itself.
        match fallback_id.is_empty() && !self.is_page() {
            true => self.text_of("title").unwrap_or_default().into(),
            false => fallback_id,
        }
    }

    fn text_of(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Node::as_text)
    }

    fn imply(&mut self, field: &str, at: Span, value: &str) {
        self.fields.fill(Entry::new(field, at, Node::text(at, value)));
    }

    /// Adds the day of the title or the name of the file to a record that is about one day, or that lacks the day of its status.
    fn add_day_of_name(&mut self, is_named: bool) {
        let kind = self.kind;
        let is_stated = |name: &str| self.fields.get(name).is_some();
        let own = kind.shape.fields.iter().find(|field| field.initial == Some(Initial::Day));
        let since = kind.status_since.first().filter(|_| !self.is_native());
        let since = since.filter(|_| !kind.status_since.iter().any(|name| is_stated(name)));
        let name = own.map(|field| &*field.name).filter(|name| !is_stated(name));
        let Some(name) = name.or(since.map(|name| &**name)) else { return };
        let day = |text: &str| date::read(text, Order::Unknown).ok()?.day();
        let has_name = self.is_page() || is_named;
        let of_name = || day(&place_name(self.source().path()).replace('_', "-")).filter(|_| has_name);
        let of_title = || match own {
            Some(_) => Some(day_in(self.text_of("title")?)?.0),
            None => day(&self.part.title.as_ref().filter(|_| !has_name)?.text),
        };
        if let Some(found) = of_title().or_else(of_name) {
            let span =
                self.fields.get("title").filter(|_| own.is_some()).map_or(self.anchor, |title| title.span);
            self.imply(name, span, &found.to_string());
        }
    }

    /// Converts days in words in a record that is about one day.
    fn complete_days(&mut self) {
        let shape = &self.kind.shape;
        let Some(own) = shape.fields.iter().find(|field| field.initial == Some(Initial::Day)) else { return };
        let day = self.text_of(&own.name).and_then(parse_any_date);
        for entry in self.fields.entries_mut() {
            if let Some(field) = shape.by_key(&entry.key.name) {
                days::complete(&mut entry.value, field, day);
            }
        }
    }

    /// Reads what data says behind the word of a status: `trial until 2026-12-01`.
    fn split_status(&mut self) {
        let kind = self.kind;
        let Some(field) = kind.status.as_deref().and_then(|name| kind.shape.field(name)) else { return };
        let Some(node) = self.fields.get(&field.name).filter(|_| self.is_native()).cloned() else { return };
        let text = node.as_text().filter(|text| field.values.iter().all(|it| **it != **text));
        let (text, names) = (text.unwrap_or_default(), self.names.vocabulary(field));
        let Reading::Stated(stated) = status::read(text, names, Order::Unknown) else { return };
        let at = |range: &Range<usize>| place(self.source(), node.span, text, range);
        let day = || self.text_of("date").and_then(parse_date);
        let said = days::beside_status(kind, (&stated, text), at, day);
        let Some(value) = stated.value.as_deref().filter(|_| !said.is_empty()) else { return };
        let value = Node::text(at(&stated.range), value);
        said.into_iter()
            .for_each(|(field, day)| self.fields.fill(Entry::new(field.name.clone(), day.span, day)));
        let status = self.fields.entries_mut().iter_mut().find(|entry| entry.key.name == field.name);
        status.into_iter().for_each(|entry| entry.value = value.clone());
    }

    /// Returns the record. `entries` are those of its mapping, if it has one.
    fn finish<'n>(mut self, fallback_id: &str, entries: impl Iterator<Item = &'n Entry>) -> RecordContent {
        // The only item of a file of data has its name, too.
        self.add_day_of_name(matches!(self.part.shape, Shape::Mapping(_)) && !fallback_id.is_empty());
        self.complete_days();
        self.split_status();
        let source = self.source();
        let title = self.text_of("title").map(Box::from);
        let stated = self.fields.get("id").and_then(|id| Some((Arc::from(id.as_text()?), id.span)));
        let (id, name_span) = stated.unwrap_or_else(|| {
            if !fallback_id.is_empty() {
                self.imply("id", self.anchor, fallback_id);
            }
            let name = title.as_deref().unwrap_or("(unnamed)");
            (Arc::from(if fallback_id.is_empty() { name } else { fallback_id }), self.anchor)
        });
        let span = self.part.span;
        self.violations.extend(self.canonical.violations);
        let kind = self.kind.clone();
        let blank = entries.filter_map(|entry| {
            let field = kind.shape.by_key(&entry.key.name).filter(|_| entry.value.is_blank())?;
            let is_required = kind.required.iter().any(|name| **name == *field.name);
            (is_required && self.fields.get(&field.name).is_none())
                .then(|| blank_key(&entry.key, &field.name))
        });
        self.violations.extend(blank);
        let facts = RecordFacts {
            id,
            title,
            span,
            name_span: first_line(source, name_span),
            format_violations: self.violations,
            ..RecordFacts::default()
        };
        RecordContent {
            format: self.format.cloned(),
            path: source.path().clone(),
            fields: Node::mapping(span, self.fields).into(),
            mentions: Box::default(),
            kind,
            facts,
        }
    }
}

/// Builds the record of an item in a file of data. The first one with its entries above reports those that say the same field twice.
pub(super) fn item(
    document: &Document,
    all_names: &KindNames<'_>,
    item: &RecordNode<'_>,
    is_first: bool,
    fallback_id: &str,
) -> RecordContent {
    let shape = &item.kind.shape;
    let own = || own_entries(Some(item.node), all_names.kinds);
    let first_key = own().next().map(|entry| entry.key.span);
    let anchor = item.key.map(|key| key.span).or(first_key).unwrap_or(item.node.span);
    let part = Part {
        document,
        shape: Shape::Mapping(item.node),
        title: None,
        statements: Vec::new(),
        span: anchor.to(item.node.span),
    };
    let mut builder = Builder::new(&part, &item.kind, None, all_names, anchor);
    let entries = item.value_entry().into_iter().chain(own().cloned());
    let written = builder.canonical.mapping(entries.collect(), shape);
    let id = item.key.filter(|_| written.get("id").is_none());
    let id = id.map(|key| Entry::new("id", key.span, Node::text(key.span, &*key.name)));
    builder.fields = id.into_iter().chain(written.into_entries()).collect();
    let mut used: HashMap<(Option<&str>, &str), &Key> = HashMap::new();
    for Entry { key, value } in item.shared.iter().copied() {
        let field = shape.by_key(&key.name);
        let (list, field) = match (field, shape.of_file(&key.name)) {
            (Some(field), _) => (None, field),
            (None, Some((list, field))) => (Some(list), field),
            (None, None) => continue,
        };
        match used.insert((list.map(|list| &*list.name), &field.name), key) {
            Some(first) if is_first => builder.canonical.add_repeated(key, first),
            _ => {}
        }
        let Some(value) = builder.canonical.field(value.clone(), field) else { continue };
        let entry = Entry::new(field.name.clone(), key.span, value);
        match list {
            Some(list) => add_to_items(&mut builder.fields, &list.name, &entry),
            None if builder.fields.get(&field.name).is_none() => builder.fields.push(entry.key, entry.value),
            None => {}
        }
    }
    builder.finish(fallback_id, own())
}

fn blank_key(key: &Key, field: &str) -> Violation {
    let message = format!("`{}` has no value", key.name);
    let help = Some(format!("give `{}` a value", key.name));
    Violation { help, ..Violation::of_field("required", field, key.span, message) }
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
        fields.fill(Entry::new(&**name, title.span, title.clone()));
    }
    for (field, found) in kind.shape.stated_in(title.as_text().unwrap_or_default()) {
        fields.fill(Entry::new(field.name.clone(), title.span, Node::text(title.span, found.value)));
    }
}

/// Returns a page without a title if that is the heading of a field: `## Statement`.
fn untitled<'a>(part: &Part<'a>, names: &Names) -> Option<Part<'a>> {
    let title = part.title.as_ref().filter(|_| matches!(part.shape, Shape::Page))?;
    names.know(&label_key(&title.text)).then(|| part.with_title_as_section()).flatten()
}

/// Adds the fields stated in the sections of others: `### Consequences` below `## Decision Outcome`, `Date: …` below `## Status`.
fn with_stated_below<'p, 'a>(part: &'p Part<'a>, kind: &Kind, names: &Names) -> Cow<'p, Part<'a>> {
    let is_status = |key: &str| names.fields_of(kind, key).any(|field| kind.is_status(&field.name));
    let headings = part.document.markdown.as_deref().map_or(&[][..], |page| &page.headings);
    let is_named =
        |it: &Statement<'_>| names.know(&it.key) || mistakes::of_label(&kind.shape, &it.label).is_some();
    let is_section = |it: &&Statement<'_>| matches!(it.content, Content::Section(_)) && is_named(it);
    let below = part.statements.iter().filter(is_section).filter_map(|it| {
        let heading = headings.iter().find(|heading| heading.span == it.label_span)?;
        match is_status(&it.key) {
            true => Some(layout::section(part.document, heading).statements),
            false => Some(layout::sections_below(part.document, heading)),
        }
    });
    let is_stated =
        |it: &Statement<'_>| it.origin == Origin::Header || matches!(it.content, Content::Section(_));
    let is_new = |it: &Statement<'_>| part.statements.iter().all(|known| known.key != it.key);
    let below = below.flatten().filter(|it| is_stated(it) && is_named(it) && is_new(it));
    let below: Vec<_> = below.map(|it| Statement { origin: Origin::Section, ..it }).collect();
    let mut part = Cow::Borrowed(part);
    if !below.is_empty() {
        part.to_mut().statements.extend(below);
    }
    part
}

/// Builds the record that a part states: a page, or a section, a row or an item of one.
pub(super) fn part(
    part: &Part<'_>,
    kind: &Arc<Kind>,
    format: Option<&Arc<Format>>,
    all_names: &KindNames<'_>,
) -> RecordContent {
    let source = &*part.document.source;
    let root = part.document.roots.first().filter(|_| matches!(part.shape, Shape::Page | Shape::Mapping(_)));
    let names = all_names.in_format(kind, format);
    let untitled = untitled(part, names);
    let part = &*with_stated_below(untitled.as_ref().unwrap_or(part), kind, names);
    let own = || own_entries(root.filter(|_| format.is_none()), all_names.kinds);
    let mut builder = Builder::new(part, kind, format, all_names, anchor(part, root, kind, names));
    builder.fields = builder.canonical.mapping(own().cloned().collect(), &kind.shape);
    let fallback_id = builder.read();
    let is_page = builder.is_page();
    let (taken, misspelt) = (std::mem::take(&mut builder.taken), std::mem::take(&mut builder.misspelt));
    let mut record = builder.finish(&fallback_id, own());
    if is_page {
        record.file_id = identity::file_id(place_name(source.path()), kind, &record.id);
        if let (Some(format), Some(id)) = (format, &record.file_id)
            && **id != *record.id
        {
            record.file_id = Some(read::number(format, id));
        }
    }
    let unread = mistakes::unread_in(part, &taken, &misspelt, &record);
    let columns = mistakes::unread_columns(part, names, &record);
    record.unread = unread.into_iter().chain(columns).collect();
    if let Some(format) = format {
        let required = read::required(&record, format);
        record.format_violations.extend(required);
    }
    mistakes::report_short_rows(part, kind, &mut record);
    record
}

/// Returns the span for values that are not in the file: the first known key, the title, the first key, or the start.
fn anchor(part: &Part<'_>, root: Option<&Node>, kind: &Kind, names: &Names) -> Span {
    let source = &part.document.source;
    let entries = root.map_or(&[][..], Node::entries);
    let is_known = |key: &str| {
        kind.shape.by_key(key).is_some() || names.fields(&label_key(key)).any(|named| named.is_key)
    };
    let cell = || match part.shape {
        Shape::Row(cells) => cells.first().map(|cell| cell.span),
        _ => None,
    };
    let known = || entries.iter().find(|entry| is_known(&entry.key.name)).map(|entry| entry.key.span);
    let title = || part.title.as_ref().map(|title| title.span);
    let first = || entries.first().map(|entry| entry.key.span);
    let fence = || part.document.front_matter().map(|it| it.block.start as usize);
    let start = || source.line_span(fence().unwrap_or(source.bom_len()));
    cell().or_else(known).or_else(title).or_else(first).unwrap_or_else(start)
}

/// Removes the identifier of a page or a row from the title that its heading or its cell gives: `# D-1: Stop features`.
fn remove_id_from_title(fields: &mut MappingBuilder, id: &str, kind: &Kind, is_row: bool) {
    let stated = fields.get("id").and_then(Node::as_text).map(str::to_owned);
    let id = stated.as_deref().unwrap_or(id);
    let title = fields.entries_mut().iter_mut().find(|entry| &*entry.key.name == "title");
    let Some(title) = title.filter(|title| is_row || title.key.span == title.value.span) else { return };
    let split = title.value.as_text().and_then(|text| identity::split_heading(text, kind));
    if let Some((_, rest)) = split.filter(|(of_heading, rest)| *of_heading == id && !rest.is_empty()) {
        title.value = Node::text(title.value.span, rest.trim_start());
    }
}

fn own_entries<'n>(node: Option<&'n Node>, kinds: &'n Kinds) -> impl Iterator<Item = &'n Entry> {
    let names_kind = |entry: &&Entry| match &*entry.key.name {
        "$schema" => true,
        "kind" => entry.value.as_text().is_some_and(|text| kinds.get(text).or(kinds.by_key(text)).is_some()),
        _ => false,
    };
    let entries = node.map_or(&[][..], Node::entries);
    entries.iter().filter(move |entry| !names_kind(entry))
}

pub(super) fn first_line(source: &Source, span: Span) -> Span {
    span.part(0..source.slice(span).lines().next().unwrap_or_default().trim_end().len())
}
