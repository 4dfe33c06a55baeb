//! Reads the fields of a record from a part of a page: by the names that its format and its kind have for them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::canonical::Canonical;
use super::section::{Body, list, people_in, place};
use super::{lines, rows};
use crate::format::{Format, Names, place_name};
use crate::kind::{Field, FieldType, Kind, WHO};
use crate::layout::{self, Content, Origin, Part, Shape, Statement, label_key};
use crate::node::{Entry, Key, MappingBuilder, Node};
use crate::schema::{Violation, did_you_mean};
use crate::text::{Source, Span};
use crate::value::date::{self, Order};
use crate::value::identifier::{self, Identifier};
use crate::value::status::{self, Reading};
use crate::value::{is_none, is_placeholder, reference};

/// What states the fields of a record.
#[derive(Clone, Copy)]
pub(super) struct Subject<'r> {
    pub part: &'r Part<'r>,
    pub kind: &'r Arc<Kind>,
    pub names: &'r Names,
    /// None for a page in the native format.
    pub format: Option<&'r Arc<Format>>,
    /// Where findings about what the file does not state are reported.
    pub anchor: Span,
    /// The kinds whose records are referred to by their titles too.
    pub titled: &'r dyn Fn(&[Arc<str>]) -> bool,
}

/// What a part states of a record.
#[derive(Default)]
pub(super) struct Read {
    pub fields: MappingBuilder,
    pub violations: Vec<Violation>,
    /// The statements that gave a value or stand under a name of the kind or the format.
    pub taken: BTreeSet<usize>,
}

/// Reads the fields that `fields` lack, which front matter in the native format states.
pub(super) fn read(subject: Subject<'_>, canonical: &mut Canonical<'_>, fields: MappingBuilder) -> Read {
    let read = Read { fields, ..Read::default() };
    let mut reader =
        Reader { subject, order: Order::Unknown, canonical, read, said: Vec::new(), named: Vec::new() };
    reader.collect();
    let fields = subject.kind.shape.fields.iter().enumerate();
    let (names, others): (Vec<_>, Vec<_>) =
        fields.partition(|(_, field)| matches!(&*field.name, "id" | "title"));
    for (at, field) in names.into_iter().chain(others) {
        match &*field.name {
            "id" => reader.read_id(at, field),
            "title" => reader.read_title(at, field),
            _ => reader.read_field(at, field),
        }
    }
    let said = std::mem::take(&mut reader.said);
    for Entry { key, value } in said {
        reader.read.fields.fill(key, value);
    }
    reader.read
}

/// A statement under a name of a field; the best one comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct NamedStatement {
    origin: Origin,
    rank: usize,
    at: usize,
}

struct Reader<'r, 'c, 's> {
    subject: Subject<'r>,
    order: Order,
    canonical: &'c mut Canonical<'s>,
    read: Read,
    /// What a status says besides: it counts after what is stated under a name.
    said: Vec<Entry>,
    /// For each field the statements under its names.
    named: Vec<Vec<NamedStatement>>,
}

impl<'r> Reader<'r, '_, '_> {
    fn source(&self) -> &'r Source {
        &self.subject.part.document.source
    }

    fn is_native(&self) -> bool {
        self.subject.format.is_none()
    }

    fn statement(&self, at: usize) -> &'r Statement<'r> {
        &self.subject.part.statements[at]
    }

    /// Assigns the statements to the fields that their labels name.
    fn collect(&mut self) {
        let Subject { part, kind, names, .. } = self.subject;
        self.named.resize(kind.shape.fields.len(), Vec::new());
        for (at, statement) in part.statements.iter().enumerate().filter(|(_, it)| !it.key.is_empty()) {
            let origin = statement.origin;
            let is_key = origin == Origin::FrontMatter;
            // The native format reads keys as the schema has them.
            if is_key && self.is_native() && matches!(part.shape, Shape::Page) {
                continue;
            }
            let column = Some(&*statement.label).filter(|_| origin == Origin::Cell);
            if let Some(field) = column.and_then(|column| rows::named_column(kind, column)) {
                self.named[field].push(NamedStatement { origin, rank: 0, at });
                continue;
            }
            for named in names.fields(&statement.key).filter(|it| !(is_key && it.is_heading)) {
                self.named[named.field].push(NamedStatement { origin, rank: named.rank, at });
            }
        }
        for (field, statements) in self.named.iter_mut().enumerate() {
            statements.sort_unstable();
            self.read.taken.extend(statements.iter().map(|it| it.at));
            if matches!(kind.shape.fields[field].ty, FieldType::Date) && self.order == Order::Unknown {
                let texts: Vec<Cow<'_, str>> =
                    statements.iter().map(|it| part.statements[it.at].text(&part.document.source)).collect();
                self.order = date::order_of(texts.iter().map(|text| &**text));
            }
        }
    }

    fn is_stated(&self, field: &Field) -> bool {
        self.read.fields.get(&field.name).is_some_and(|value| !value.is_empty())
    }

    fn push(&mut self, field: &Field, statement: &Statement<'_>, value: Node) {
        let key = Key { name: field.name.clone(), span: statement.label_span };
        self.read.fields.fill(key, value);
    }

    fn read_field(&mut self, at: usize, field: &Field) {
        if self.is_stated(field) {
            return;
        }
        let is_status = self.subject.kind.status.as_deref() == Some(&*field.name) && !field.values.is_empty();
        let mut first: Option<usize> = None;
        for named in self.named[at].clone() {
            let statement = self.statement(named.at);
            let value = match is_status {
                true => self.status(field, statement, first.is_none()),
                false => self.value(field, statement),
            };
            let Some(value) = value else { continue };
            match first {
                None => {
                    self.push(field, statement, value);
                    first = Some(named.at);
                }
                Some(used) => self.compare(field, (used, named.at), &value),
            }
        }
    }

    /// Reports a status or a day that another statement contradicts: in the front matter and below the title, or on two lines.
    fn compare(&mut self, field: &Field, (used, other): (usize, usize), value: &Node) {
        let (used, other) = (self.statement(used), self.statement(other));
        let is_status = self.subject.kind.status.as_deref() == Some(&*field.name);
        let is_day = matches!(field.ty, FieldType::Date) && used.key == other.key;
        let stated = self.read.fields.get(&field.name).and_then(Node::as_text).unwrap_or_default().to_owned();
        let second = value.as_text().unwrap_or_default();
        let kind = self.subject.kind;
        // A site may call a page a draft until its proposal is decided.
        let is_open =
            |word: &str| kind.draft_statuses.iter().any(|draft| **draft == *word) || word == "proposed";
        let is_known = |word: &str| field.values.is_empty() || field.values.iter().any(|it| **it == *word);
        if !(is_status || is_day)
            || stated == second
            || is_status && is_open(&stated) && is_open(second)
            || !is_known(&stated)
            || !is_known(second)
            || self
                .read
                .violations
                .iter()
                .any(|it| &*it.keyword == "repeated-key" && *it.field == *field.name)
        {
            return;
        }
        let name = &field.name;
        self.read.violations.push(Violation {
            keyword: "repeated-key".into(),
            pointer: format!("/{name}").into(),
            span: used.span,
            message: format!("the {name} is {stated} here and {second} elsewhere on the page"),
            help: Some("remove the one that is out of date, or make both alike".to_owned()),
            suggestion: None,
            field: (**name).into(),
            missing: false,
            related: Some((other.span, format!("another {name}"))),
        });
    }

    fn status(&mut self, field: &Field, statement: &Statement<'_>, counts: bool) -> Option<Node> {
        let closed = self.subject.format.and_then(|format| format.words(&field.name));
        let vocabulary = match closed {
            Some(words) => &words.vocabulary,
            None => self.subject.names.vocabulary(field),
        };
        let source = self.source();
        let text = statement.text(source);
        let Reading::Stated(stated) = status::read(&text, vocabulary, self.order) else { return None };
        let at = |range: &Range<usize>| place(source, statement.span, &text, range);
        if counts {
            self.read_detail(&stated, statement, &text);
        }
        // A format with words of its own allows nothing behind them.
        let is_whole = closed.is_none()
            || stated.written.len() == text.trim().trim_matches(['*', '_', '`', '"', '.', '!']).len();
        let written = if is_whole { stated.written } else { text.trim() };
        match (stated.value.as_deref().filter(|_| is_whole), closed) {
            (Some("absent"), Some(_)) => None,
            (Some(value), _) => Some(Node::text(at(&stated.range), value)),
            (None, words) => {
                let value = Node::text(at(&stated.range), written);
                if counts && let Some(words) = words {
                    self.read.violations.push(unknown_status(&value, field, words));
                }
                Some(value)
            }
        }
    }

    /// Reads the day and the successor beside a status.
    fn read_detail(&mut self, stated: &status::Status<'_>, statement: &Statement<'_>, text: &str) {
        let (source, kind) = (self.source(), self.subject.kind);
        let at = |range: &Range<usize>| place(source, statement.span, text, range);
        let mut said = |name: &str, value: Node| {
            if let Some(field) = kind.shape.field(name) {
                let key = Key { name: field.name.clone(), span: statement.label_span };
                self.said.push(Entry { key, value });
            }
        };
        // The day beside a word is that of the decision, or of a proposal that is still open.
        let is_open = stated.value.as_deref().is_some_and(|value| {
            kind.draft_statuses.iter().any(|draft| **draft == *value) || value == "proposed"
        });
        if let Some((day, range)) = &stated.detail.date {
            said(if is_open { "created" } else { "date" }, Node::text(at(range), day.to_string()));
        }
        let in_text = |range: &Range<usize>| {
            let range = &with_link(text, range);
            references(
                &text[range.clone()],
                |inner| at(&(range.start + inner.start..range.start + inner.end)),
            )
        };
        let successor = stated.detail.successor.as_ref().filter(|_| !stated.detail.in_part);
        for (range, name) in
            [(successor, &kind.successor), (stated.detail.predecessor.as_ref(), &kind.predecessor)]
        {
            if let (Some(value), Some(name)) = (range.and_then(in_text), name) {
                said(name, value);
            }
        }
    }

    fn value(&mut self, field: &Field, statement: &Statement<'_>) -> Option<Node> {
        let source = self.source();
        if let Content::Data(node) = &statement.content {
            return self.of_data(field, statement, node);
        }
        let text = match &statement.content {
            Content::Cell(cell) if !refers(&field.ty) => Cow::from(&*cell.text),
            _ => statement.text(source),
        };
        let text = match self.subject.format {
            Some(format) => Cow::from(format.matched(&field.name, &text)?.to_owned()),
            None => text,
        };
        let is_whole = |section: &layout::Section<'_>| !source.slice(section.body).trim().is_empty();
        let has_parts = matches!(&statement.content, Content::Section(section) if text.trim().is_empty() && is_whole(section));
        if matches!(statement.content, Content::Nothing)
            || !has_parts && (text.trim().is_empty() || is_placeholder(&text))
        {
            return None;
        }
        if let Content::Section(section) = &statement.content
            && !matches!(field.ty, FieldType::Date)
        {
            let body = Body::new(self.subject.part.document, section)?;
            let value = match people(&field.ty) {
                Some(true) if !self.is_native() => body.people(),
                _ => body.read(field, self.subject.titled),
            };
            return value.and_then(|value| self.canonical.prose_field(value, field));
        }
        match &field.ty {
            FieldType::Date => self.date(field, statement, &text),
            FieldType::Reference(kinds) if self.is_native() => {
                let whole = trimmed(source, statement.span, &text);
                let named = lines::references(source, whole.clone(), (self.subject.titled)(kinds));
                let is_one = |list: &Node| list.as_sequence().is_some_and(|items| items.len() == 1);
                let value = match people(&field.ty) {
                    Some(_) => Some(whole),
                    None => named.filter(is_one).or(Some(whole)),
                };
                value.and_then(|value| self.canonical.prose_field(value, field))
            }
            FieldType::Reference(_) => match people(&field.ty) {
                Some(_) => {
                    let names = self.people(statement, &text);
                    if names.len() > 1 && field.may_be_list { list(names) } else { names.into_iter().next() }
                }
                None => first_of(references(&text, |range| place(source, statement.span, &text, &range))),
            },
            FieldType::List(item) => self.list(field, item, statement, &text),
            _ if is_none(&text) && !self.is_native() => None,
            _ => self.canonical.prose_field(trimmed(source, statement.span, &text), field),
        }
    }

    fn list(
        &mut self,
        field: &Field,
        item: &FieldType,
        statement: &Statement<'_>,
        text: &str,
    ) -> Option<Node> {
        let source = self.source();
        let items = || {
            let items = statement.items(source).into_iter();
            items.map(|(text, span)| trimmed(source, span, &text)).collect::<Vec<_>>()
        };
        match item {
            FieldType::Reference(_) if people(item).is_some() => list(self.people(statement, text)),
            FieldType::Reference(kinds) => {
                let by_title = (self.subject.titled)(kinds) && self.is_native();
                let named = |node: Node| {
                    if self.is_native() {
                        return lines::references(source, node, by_title);
                    }
                    let text = node.as_text().unwrap_or_default().to_owned();
                    references(&text, |range| place(source, node.span, &text, &range))
                };
                let found = items().into_iter().filter_map(named);
                list(found.flat_map(|node| node.as_sequence().unwrap_or_default().to_vec()).collect())
            }
            FieldType::Struct(_) => {
                let value = list(items())?;
                self.canonical.prose_field(value, field)
            }
            _ => {
                let is_cell = statement.origin == Origin::Cell;
                let separators: &[&str] = match () {
                    () if !field.values.is_empty() => &[",", ";", "/", " and ", " & "],
                    () if field.prose => &[";"],
                    () => &[",", ";"],
                };
                let separators = if is_cell || !field.prose { separators } else { &[] };
                let parts = |node: Node| match separators {
                    [] => vec![node],
                    _ => lines::parts_between(source, &node, separators),
                };
                let value = list(items().into_iter().flat_map(parts).collect())?;
                self.canonical.prose_field(value, field)
            }
        }
    }

    fn people(&self, statement: &Statement<'_>, text: &str) -> Vec<Node> {
        let source = self.source();
        match &statement.content {
            Content::List(_) => {
                let items = statement.items(source);
                items.iter().flat_map(|(text, span)| people_in(source, text, *span)).collect()
            }
            _ => people_in(source, text, statement.span),
        }
    }

    /// Reads the value of a key in front matter or in a file of data.
    fn of_data(&mut self, field: &Field, statement: &Statement<'_>, node: &Node) -> Option<Node> {
        let source = self.source();
        if node.as_sequence().is_some_and(<[Node]>::is_empty) {
            return Some(node.clone());
        }
        let is_of_people = people(&field.ty).is_some();
        match &field.ty {
            FieldType::Date => {
                let text = statement.text(source).into_owned();
                (!text.trim().is_empty() && !is_placeholder(&text))
                    .then(|| self.date(field, statement, &text))?
            }
            FieldType::Reference(_) | FieldType::List(_) if is_of_people => {
                let names = |node: &Node| match (node.as_text(), node.get("name")) {
                    (Some(text), _) => people_in(source, text, node.span),
                    (None, Some(name)) => vec![name.clone()],
                    _ => Vec::new(),
                };
                let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
                let names: Vec<Node> = items.iter().flat_map(names).collect();
                match field.ty {
                    FieldType::List(_) => list(names),
                    _ if names.len() > 1 && field.may_be_list => list(names),
                    _ => names.into_iter().next(),
                }
            }
            FieldType::Reference(_) | FieldType::List(_) if refers(&field.ty) => {
                let items = node.as_sequence().unwrap_or(std::slice::from_ref(node)).iter();
                let found = items.filter_map(|item| {
                    let text = item.as_scalar()?.text().to_owned();
                    references(&text, |range| place(source, item.span, &text, &range))
                });
                let all: Vec<Node> =
                    found.flat_map(|node| node.as_sequence().unwrap_or_default().to_vec()).collect();
                match field.ty {
                    FieldType::List(_) => list(all),
                    _ => all.into_iter().next(),
                }
            }
            ty => {
                let text = node.as_text().unwrap_or_default();
                // What another community means by a mapping is not known.
                let fits = node.as_scalar().is_some()
                    || matches!(
                        ty,
                        FieldType::Any | FieldType::List(_) | FieldType::Struct(_) | FieldType::Map(_)
                    );
                let value = Some(node.clone())
                    .filter(|_| fits && !(node.as_scalar().is_some() && is_placeholder(text)));
                value.and_then(|value| self.canonical.prose_field(value, field))
            }
        }
    }

    fn date(&mut self, field: &Field, statement: &Statement<'_>, text: &str) -> Option<Node> {
        let source = self.source();
        let is_section = matches!(statement.content, Content::Section(_));
        let stated = match (date::read(text, self.order), is_section) {
            (Ok(stated), _) => Some(stated),
            (Err(_), false) => date::find(text, self.order),
            (Err(_), true) => None,
        };
        if let Some(stated) = stated.filter(|it| it.day().is_some() || field.day_of_period.is_some()) {
            let day = if field.day_of_period == Some(crate::kind::DayOfPeriod::Last) {
                stated.last
            } else {
                stated.first
            };
            return Some(Node::text(place(source, statement.span, text, &stated.range), day.to_string()));
        }
        // On a page of others, what has no form of a date says something else.
        let is_key = statement.origin == Origin::FrontMatter && !text.contains("://");
        let is_impossible = matches!(
            date::read(text, self.order),
            Err(date::Unreadable::NoSuchDay { .. } | date::Unreadable::NoSuchMonth { .. })
        );
        let is_meant = self.is_native() || is_key || is_impossible;
        (is_meant && !is_section && !is_none(text)).then(|| trimmed(source, statement.span, text))
    }

    fn read_title(&mut self, at: usize, field: &Field) {
        if self.read.fields.get("title").is_some() {
            return;
        }
        let (source, part) = (self.source(), self.subject.part);
        // Only formats that number their titles have something to leave out.
        let is_numbered = self
            .subject
            .format
            .is_some_and(|it| it.definition.id.iter().any(|place| **place == *"title-number"));
        let prefixes = self.subject.format.map_or(&[][..], |format| format.prefixes());
        let is_own = |text: &str| {
            let found = identifier::in_title(text);
            found.is_some_and(|it| prefixes.iter().any(|prefix| prefix.eq_ignore_ascii_case(it.prefix)))
        };
        let pattern = self.subject.format.and_then(|format| format.pattern_of("id"));
        let plain = |text: &str| match pattern.and_then(|pattern| pattern.value_and_rest(text)) {
            Some((_, rest)) if is_numbered => identifier::without_separators(rest).to_owned(),
            None if is_numbered || is_own(text) => identifier::title_without(text).to_owned(),
            _ => text.to_owned(),
        };
        for named in self.named[at].clone() {
            let statement = self.statement(named.at);
            let text = match &statement.content {
                Content::Cell(cell) => Cow::from(&*cell.text),
                _ => statement.text(source),
            };
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if text.is_empty() || is_placeholder(&text) || statement.origin == Origin::Section {
                continue;
            }
            let value = match self.canonical.prose_field(Node::text(statement.span, plain(&text)), field) {
                Some(value) => value,
                None => continue,
            };
            return self.push(field, statement, value);
        }
        let Some(title) = &part.title else { return };
        let text = plain(&title.text);
        let text = text.trim();
        if !text.is_empty() {
            let start = source.slice(title.span).find(text).unwrap_or_default();
            let span = match text.len() < title.text.trim().len() {
                true => Span::new(
                    title.span.start as usize + start,
                    title.span.start as usize + start + text.len(),
                ),
                false => title.span,
            };
            self.read.fields.fill(Key { name: field.name.clone(), span: title.span }, Node::text(span, text));
        }
    }

    /// Reads the identifier from the first place that has one.
    fn read_id(&mut self, at: usize, field: &Field) {
        if self.is_stated(field) {
            return;
        }
        let Some(format) = self.subject.format else {
            let stated = self.named[at].first().map(|named| self.statement(named.at));
            if let Some(statement) = stated
                && let Some(value) = self.value(field, statement)
            {
                self.push(field, statement, value);
            }
            return;
        };
        let path = self.subject.part.document.source.path().clone();
        let name = place_name(&path);
        let part = self.subject.part;
        for place in &format.definition.id {
            let is_closed = self.subject.kind.status.as_deref().is_some_and(|it| format.words(it).is_some());
            // `bf16` is a word, unless the letters are the format's.
            let is_apart = |it: &Identifier<'_>| {
                it.prefix.is_empty()
                    || !name[it.prefix.len()..].starts_with(|c: char| c.is_ascii_digit())
                    || is_prefix(format, it.prefix)
            };
            let in_name =
                || identifier::in_name(name).filter(|it| is_apart(it) && !(is_closed && is_zero(it.number)));
            let found = match &**place {
                "title-number" if format.pattern_of("id").is_some() => part
                    .title
                    .as_ref()
                    .and_then(|title| format.matched("id", &title.text).map(|id| (id.into(), title.span))),
                "title-number" => part.title.as_ref().and_then(|title| {
                    let found =
                        identifier::in_title(&title.text).filter(|it| !it.may_be_year && !it.is_bare)?;
                    // As the name of the file spells it.
                    let value = |number: &str| number.parse::<u64>().ok();
                    let of_name = in_name().filter(|it| value(it.number) == value(found.number));
                    // `D-1` is a number of an organisation's own.
                    let is_own = (1..=MOST_OWN_LETTERS).contains(&found.prefix.len())
                        && !is_prefix(format, found.prefix);
                    let id = of_name.filter(|_| !is_own);
                    Some((written(format, id.as_ref().unwrap_or(&found)), title.span))
                }),
                "file-number" | "folder-number" if format.pattern_of("id").is_none() => {
                    in_name().map(|found| (written(format, &found), self.subject.anchor))
                }
                "file" | "folder" | "file-number" | "folder-number" => {
                    format.matched("id", name).map(|name| (name.into(), self.subject.anchor))
                }
                key => self.stated_id(format, key),
            };
            if let Some((id, span)) = found {
                let key = Key { name: field.name.clone(), span };
                return self.read.fields.fill(key, Node::text(span, id));
            }
        }
    }

    fn stated_id(&mut self, format: &Format, key: &str) -> Option<(Box<str>, Span)> {
        let key = label_key(key);
        if key.is_empty() {
            return None;
        }
        let mut stated = self.subject.part.statements.iter().enumerate();
        let (at, statement) = stated.find(|(_, it)| it.origin != Origin::Section && *it.key == *key)?;
        self.read.taken.insert(at);
        let text = match statement.content {
            Content::Cell(cell) => Cow::from(&*cell.text),
            _ => statement.text(self.source()),
        };
        let text = format.matched("id", text.trim())?.trim();
        if text.is_empty() || is_zero(text) || is_placeholder(text) || text.contains(['?', '<']) {
            return None;
        }
        // Without a digit it is the address of the page on a site.
        let is_key = statement.origin == Origin::FrontMatter;
        if key == "id" && is_key && format.own_path.is_none() && !text.contains(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        let id = identifier::in_value(text).map_or_else(|| text.into(), |found| written(format, &found));
        Some((id, statement.span))
    }
}

/// Returns the range of the link whose text a range is.
fn with_link(text: &str, range: &Range<usize>) -> Range<usize> {
    let behind = text[range.end..].strip_prefix("](").and_then(|rest| rest.find(')'));
    match behind.filter(|_| text[..range.start].ends_with('[')) {
        Some(length) => range.start - 1..range.end + "](".len() + length + 1,
        None => range.clone(),
    }
}

/// Returns a number, with its letters where these are not the format's.
fn written(format: &Format, found: &Identifier<'_>) -> Box<str> {
    let prefixes = format.prefixes();
    let is_own = found.prefix.is_empty()
        || (prefixes.is_empty() && format.own_path.is_none())
        || prefixes.iter().any(|it| it.eq_ignore_ascii_case(found.prefix));
    match is_own {
        true => found.number.into(),
        false => format!("{}-{}", found.prefix, found.number).into(),
    }
}

fn is_prefix(format: &Format, letters: &str) -> bool {
    format.prefixes().iter().any(|prefix| prefix.eq_ignore_ascii_case(letters))
        || letters.eq_ignore_ascii_case("adr")
}

/// `D-1` and `DR-1` are identifiers of an organisation's own, while more letters name a series.
const MOST_OWN_LETTERS: usize = 2;

fn is_zero(number: &str) -> bool {
    !number.is_empty() && number.bytes().all(|digit| digit == b'0')
}

/// Returns whether a field names a list of people, teams or roles; `None` if it names none.
fn people(ty: &FieldType) -> Option<bool> {
    let are_people = |kinds: &[Arc<str>]| kinds.iter().any(|kind| WHO.contains(&&**kind));
    match ty {
        FieldType::Reference(kinds) => are_people(kinds).then_some(false),
        FieldType::List(item) => match &**item {
            FieldType::Reference(kinds) => are_people(kinds).then_some(true),
            _ => None,
        },
        _ => None,
    }
}

fn refers(ty: &FieldType) -> bool {
    match ty {
        FieldType::Reference(_) => true,
        FieldType::List(item) => matches!(**item, FieldType::Reference(_)),
        _ => false,
    }
}

fn unknown_status(value: &Node, field: &Field, words: &crate::format::Words) -> Violation {
    let text = value.as_text().unwrap_or_default();
    let known: Vec<&str> = words.iter().collect();
    let near = crate::value::nearest(text, known.iter().copied());
    Violation {
        keyword: "enum".into(),
        pointer: format!("/{}", field.name).into(),
        span: value.span,
        message: format!(
            "`{}` is `{}`; expected one of {}",
            field.name,
            crate::schema::shorten(text),
            known.join(", ")
        ),
        help: near.map(did_you_mean),
        suggestion: near.map(Box::from),
        field: (*field.name).into(),
        missing: false,
        related: None,
    }
}

/// Returns the references of a text as a list, as written; of a link, its destination. `place` is that of a part of the text.
fn references(text: &str, place: impl Fn(Range<usize>) -> Span) -> Option<Node> {
    // Words that are no identifier say something else than a reference.
    let is_prose = |target: &reference::Target<'_>| match target {
        reference::Target::Name(name) => name.contains(char::is_whitespace),
        _ => false,
    };
    let found =
        reference::read_all(text).into_iter().filter(|found| !found.in_part && !is_prose(&found.target));
    let items = found.map(|found| match found.target {
        reference::Target::Number(..) | reference::Target::Name(_) => {
            Node::text(place(found.range.clone()), &text[found.range])
        }
        reference::Target::Path(target) | reference::Target::Address(target) => {
            Node::text(place(found.range), target)
        }
    });
    list(items.collect())
}

fn first_of(list: Option<Node>) -> Option<Node> {
    list.and_then(|list| list.as_sequence()?.first().cloned())
}

/// Returns a text without the blanks around it.
fn trimmed(source: &Source, span: Span, text: &str) -> Node {
    let content = text.trim();
    let start = text.len() - text.trim_start().len();
    Node::text(place(source, span, text, &(start..start + content.len())), content)
}

/// Reports the fields that a format requires and a record lacks. Of those whom the kind takes for accountable, one suffices.
pub(super) fn required(record: &super::RecordContent, format: &Format) -> Vec<Violation> {
    let has = |name: &str| record.field(name).is_some();
    let is_accountable = |name: &str| record.kind.accountable.iter().any(|known| **known == *name);
    let is_stated =
        |name: &str| has(name) || is_accountable(name) && record.accountable().iter().any(|name| has(name));
    let violation = |name: &Box<str>| Violation {
        keyword: "required".into(),
        pointer: format!("/{name}").into(),
        span: record.name_span,
        message: format!("`{name}` is missing"),
        help: None,
        suggestion: None,
        field: name.clone(),
        missing: true,
        related: None,
    };
    format.definition.requires.iter().filter(|name| !is_stated(name)).map(violation).collect()
}
