//! Reads the fields of a record from a part, by the names that its format and its kind have for them.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::{Format, place_name};
use crate::kind::{Field, FieldType, Kind};
use crate::layout::{Content, Origin, Part, Statement, label_key};
use crate::node::{Key, Node};
use crate::text::{Source, Span};
use crate::value::date::{self, Order};
use crate::value::identifier::{self, Identifier};
use crate::value::status::{self, Reading, Vocabulary};
use crate::value::{is_none, is_placeholder, people, reference};

/// A field with the value that a statement gives it.
#[derive(Clone, Debug)]
pub struct ReadField {
    pub name: Arc<str>,
    /// The label as written.
    pub key: Key,
    pub value: Node,
    pub origin: Origin,
}

/// A value that has a place and can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub field: Arc<str>,
    pub span: Span,
    pub found: Box<str>,
    pub expected: &'static str,
}

/// What a part states of a record.
#[derive(Clone, Debug, Default)]
pub struct Read {
    pub fields: Vec<ReadField>,
    /// The number in the name of the file or of its folder: a further name of the record.
    pub file_number: Option<Box<str>>,
    pub unreadable: Vec<Unreadable>,
    /// The indices of the statements that gave a value or stand under a name of the kind or the format.
    pub taken: Vec<usize>,
}

impl Read {
    /// Returns the value of a field.
    pub fn get(&self, field: &str) -> Option<&Node> {
        self.fields.iter().find(|it| *it.name == *field).map(|it| &it.value)
    }

    fn push(&mut self, field: &Field, key: Key, value: Node, origin: Origin) {
        self.fields.push(ReadField { name: field.name.clone(), key, value, origin });
    }
}

/// Reads all fields of a kind that a part states. `order` is that in which the pages of the folder write a day and a month; `anchor` is the
/// place of what only the name of the file states.
pub fn read(part: &Part<'_>, format: &Format, kind: &Kind, order: Order, anchor: Span) -> Read {
    let mut reader = Reader { part, format, kind, order, anchor, read: Read::default() };
    for field in &kind.shape.fields {
        match &*field.name {
            "id" => reader.read_id(field),
            "title" => reader.read_title(field),
            _ => reader.read_field(field),
        }
    }
    reader.complete();
    reader.read
}

struct Reader<'r> {
    part: &'r Part<'r>,
    format: &'r Format,
    kind: &'r Kind,
    order: Order,
    anchor: Span,
    read: Read,
}

impl<'r> Reader<'r> {
    /// Returns the statements under a name of the format or the kind, those of the first origin first.
    fn statements(&self, field: &Field) -> Vec<(usize, &'r Statement<'r>)> {
        let of_format = self.format.names_of(&field.name);
        let of_kind = std::iter::once(&*field.name).chain(field.aliases.iter().map(|alias| &**alias));
        let mut names: Vec<Box<str>> = of_kind.map(|name| label_key(name).into()).collect();
        names.extend_from_slice(of_format);
        let headings: Vec<Box<str>> = field.headings.iter().map(|name| label_key(name).into()).collect();
        let is_named = |statement: &Statement<'_>| {
            names.contains(&statement.key)
                || (statement.origin >= Origin::Header && headings.contains(&statement.key))
        };
        let stated = self.part.statements.iter().enumerate();
        let mut found: Vec<_> = stated.filter(|(_, it)| !it.key.is_empty() && is_named(it)).collect();
        found.sort_by_key(|(_, statement)| statement.origin);
        found
    }

    fn read_field(&mut self, field: &Field) {
        let is_status = self.kind.status.as_deref() == Some(&*field.name);
        let statements = self.statements(field);
        self.read.taken.extend(statements.iter().map(|(at, _)| *at));
        for (_, statement) in statements {
            let value = if is_status { self.status(field, statement) } else { self.value(field, statement) };
            if let Some(value) = value {
                self.read.push(field, key_of(statement), value, statement.origin);
                return;
            }
        }
    }

    fn status(&mut self, field: &Field, statement: &Statement<'_>) -> Option<Node> {
        let own;
        let closed = self.format.closed_vocabulary();
        let vocabulary = match closed {
            Some(vocabulary) => vocabulary,
            None => {
                own = vocabulary_of(field);
                &own
            }
        };
        let source = &self.part.document.source;
        let text = statement.text(source);
        let Reading::Stated(stated) = status::read(&text, vocabulary, self.order) else { return None };
        let at = |range: &Range<usize>| place(source, statement.span, &text, range);
        // The day beside a word is that of the decision, or of a proposal that is still open.
        let is_open = stated.value.as_deref().is_some_and(|value| self.is_open(value));
        let name = if is_open { "created" } else { "date" };
        if let (Some((day, range)), Some(other)) = (&stated.detail.date, self.kind.shape.field(name)) {
            let key = Key { name: other.name.clone(), span: statement.label_span };
            self.read.push(other, key, Node::text(at(range), day.to_string()), Origin::Item);
        }
        if let (Some(range), Some(successor), false) =
            (&stated.detail.successor, &self.kind.successor, stated.detail.in_part)
            && let Some(other) = self.kind.shape.field(successor)
        {
            let value = references(&text[range.clone()], |inner| {
                at(&(range.start + inner.start..range.start + inner.end))
            });
            let key = Key { name: other.name.clone(), span: statement.label_span };
            self.read.fields.extend(value.map(|value| ReadField {
                name: other.name.clone(),
                key,
                value,
                origin: Origin::Item,
            }));
        }
        // A format with words of its own allows nothing behind them.
        let is_whole = closed.is_none()
            || stated.written.len() == text.trim().trim_matches(['*', '_', '`', '"', '.', '!']).len();
        let written = if is_whole { stated.written } else { text.trim() };
        match stated.value.as_deref().filter(|_| is_whole) {
            Some("absent") => None,
            Some(value) => Some(Node::text(at(&stated.range), value)),
            None => Some(Node::text(at(&stated.range), written)),
        }
    }

    fn is_open(&self, status: &str) -> bool {
        let is_draft = self.kind.draft_statuses.iter().any(|draft| **draft == *status);
        is_draft || status == "proposed"
    }

    fn value(&mut self, field: &Field, statement: &Statement<'_>) -> Option<Node> {
        let source = &self.part.document.source;
        let text = statement.text(source);
        let is_data = matches!(&statement.content, Content::Data(node) if node.as_scalar().is_none());
        match &statement.content {
            // Somebody says that there are none.
            Content::Data(node) if node.as_sequence().is_some_and(<[Node]>::is_empty) => {
                return Some(node.clone().into_owned());
            }
            _ if text.trim().is_empty() && !is_data || is_placeholder(&text) => return None,
            _ => {}
        }
        match &field.ty {
            FieldType::Date => self.date(field, statement, &text),
            FieldType::Reference(kinds) => match kinds.iter().any(|kind| is_of_people(kind)) {
                true => names(statement, source).into_iter().next(),
                false => first_of(references(&text, |range| place(source, statement.span, &text, &range))),
            },
            FieldType::List(item) => match &**item {
                FieldType::Reference(kinds) if kinds.iter().any(|kind| is_of_people(kind)) => {
                    list(statement.span, names(statement, source))
                }
                FieldType::Reference(_) => {
                    let items = statement.items(source).into_iter();
                    let found = items.filter_map(|(text, span)| {
                        references(&text, |range| place(source, span, &text, &range))
                    });
                    let found = found.flat_map(|node| node.as_sequence().unwrap_or_default().to_vec());
                    list(statement.span, found.collect())
                }
                FieldType::Struct(_) => match &statement.content {
                    Content::Data(node) => Some(node.clone().into_owned()),
                    _ => None,
                },
                _ => {
                    let items = statement.items(source).into_iter();
                    let item = |(text, span): (Cow<'_, str>, Span)| trimmed(source, span, &text);
                    list(statement.span, items.map(item).collect())
                }
            },
            _ => match &statement.content {
                Content::Data(node) => Some(node.clone().into_owned()),
                _ if is_none(&text) => None,
                _ => Some(trimmed(source, statement.span, &text)),
            },
        }
    }

    fn date(&mut self, field: &Field, statement: &Statement<'_>, text: &str) -> Option<Node> {
        let source = &self.part.document.source;
        let is_section = matches!(statement.content, Content::Section(_));
        let stated = match (date::read(text, self.order), is_section) {
            (Ok(stated), _) => Some(stated),
            (Err(_), false) => date::find(text, self.order),
            (Err(_), true) => None,
        };
        let Some(stated) = stated else {
            if is_section {
                return None;
            }
            let (field, span, found) = (field.name.clone(), statement.span, text.trim());
            let expected = "a date such as 2026-11-20";
            self.read.unreadable.push(Unreadable { field, span, found: found.into(), expected });
            // The schema refuses it where it stands.
            return Some(Node::text(span, found));
        };
        let span = place(source, statement.span, text, &stated.range);
        Some(Node::text(span, stated.first.to_string()))
    }

    fn read_title(&mut self, field: &Field) {
        let statements = self.statements(field);
        self.read.taken.extend(statements.iter().map(|(at, _)| *at));
        let source = &self.part.document.source;
        // Only formats that number their titles have something to leave out.
        let is_numbered = self.format.definition.id.iter().any(|place| **place == *"title-number");
        let plain = |text: &str| {
            if is_numbered { identifier::title_without(text).to_owned() } else { text.to_owned() }
        };
        let stated =
            statements.into_iter().filter(|(_, it)| it.origin <= Origin::Header).find_map(|(_, it)| {
                let text = it.text(source);
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let is_title = !text.is_empty() && !is_placeholder(&text);
                is_title.then(|| (key_of(it), Node::text(it.span, plain(&text)), it.origin))
            });
        let heading = || {
            let title = self.part.title.as_ref()?;
            let key = Key { name: field.name.clone(), span: title.span };
            let text = identifier::title_without(&title.text);
            (!text.is_empty()).then(|| (key, Node::text(title.span, text), Origin::Title))
        };
        if let Some((key, value, origin)) = stated.or_else(heading) {
            self.read.push(field, key, value, origin);
        }
    }

    /// Reads the identifier from the first place that has one.
    fn read_id(&mut self, field: &Field) {
        let path = self.part.document.source.path().clone();
        let name = place_name(&path).to_owned();
        self.read.file_number = identifier::in_name(&name).map(|found| found.number.into());
        for place in &self.format.definition.id {
            let found = match &**place {
                "title-number" => self.part.title.as_ref().and_then(|title| {
                    let found =
                        identifier::in_title(&title.text).filter(|it| !it.may_be_year && !it.is_bare)?;
                    Some((self.written(&found), title.span, Origin::Title))
                }),
                "file-number" | "folder-number" => {
                    let found = identifier::in_name(&name).filter(|it| !is_zero(it.number));
                    found.map(|found| (self.written(&found), self.anchor, Origin::FileName))
                }
                "file" | "folder" => Some((name.as_str().into(), self.anchor, Origin::FileName)),
                key => self.stated_id(key),
            };
            if let Some((id, span, origin)) = found {
                let key = Key { name: field.name.clone(), span };
                return self.read.push(field, key, Node::text(span, id), origin);
            }
        }
    }

    fn stated_id(&mut self, key: &str) -> Option<(Box<str>, Span, Origin)> {
        let key = label_key(key);
        let stated = self.part.statements.iter().enumerate();
        let (at, statement) =
            stated.into_iter().find(|(_, it)| it.origin <= Origin::Header && *it.key == *key)?;
        self.read.taken.push(at);
        let text = statement.text(&self.part.document.source);
        let text = text.trim();
        if is_zero(text) || is_placeholder(text) || text.contains(['?', '<']) {
            return None;
        }
        let id = identifier::in_value(text).map_or_else(|| text.into(), |found| self.written(&found));
        Some((id, statement.span, statement.origin))
    }

    /// Returns a number, with its letters where these are not the format's.
    fn written(&self, found: &Identifier<'_>) -> Box<str> {
        let prefixes = &self.format.definition.prefix.0;
        let is_own = found.prefix.is_empty()
            || prefixes.is_empty()
            || prefixes.iter().any(|it| it.eq_ignore_ascii_case(found.prefix));
        match is_own {
            true => found.number.into(),
            false => format!("{}-{}", found.prefix, found.number).into(),
        }
    }

    /// Keeps the first value of each field: what a status says besides counts after what is stated under a name.
    fn complete(&mut self) {
        self.read.fields.sort_by_key(|field| (field.name.clone(), field.origin));
        self.read.fields.dedup_by(|later, earlier| later.name == earlier.name);
        self.read.taken.sort_unstable();
        self.read.taken.dedup();
    }
}

fn is_zero(number: &str) -> bool {
    !number.is_empty() && number.bytes().all(|digit| digit == b'0')
}

fn is_of_people(kind: &str) -> bool {
    matches!(kind, "person" | "role" | "team")
}

fn key_of(statement: &Statement<'_>) -> Key {
    Key { name: statement.label.to_string().into(), span: statement.label_span }
}

/// Returns the words of a kind for its status, with those of the languages that the program knows.
fn vocabulary_of(field: &Field) -> Vocabulary {
    let own = field.values.iter().map(|value| (&**value, &**value));
    let synonyms =
        field.synonyms.iter().flat_map(|(value, words)| words.iter().map(move |word| (&**word, &**value)));
    Vocabulary::new(own.chain(synonyms)).with_list("status-phrases").with_list("decision-status")
}

/// Returns the references of a text as a list, as written; of a link, its destination. `place` is that of a part of the text.
fn references(text: &str, place: impl Fn(Range<usize>) -> Span) -> Option<Node> {
    let found = reference::read_all(text).into_iter().filter(|found| !found.in_part);
    let items: Vec<Node> = found
        .map(|found| match found.target {
            reference::Target::Number(..) | reference::Target::Name(_) => {
                Node::text(place(found.range.clone()), &text[found.range])
            }
            reference::Target::Path(target) | reference::Target::Address(target) => {
                Node::text(place(found.range), target)
            }
        })
        .collect();
    let (first, last) = (items.first()?.span, items.last()?.span);
    list(first.to(last), items)
}

/// Returns the place of a part of a text that stands at a span; the span if it is written otherwise there.
fn place(source: &Source, span: Span, text: &str, range: &Range<usize>) -> Span {
    let start = span.start as usize;
    match source.slice(span) == text {
        true => Span::new(start + range.start, start + range.end),
        false => span,
    }
}

/// Returns a text without the blanks around it.
fn trimmed(source: &Source, span: Span, text: &str) -> Node {
    let content = text.trim();
    let start = text.len() - text.trim_start().len();
    Node::text(place(source, span, text, &(start..start + content.len())), content)
}

fn names(statement: &Statement<'_>, source: &Source) -> Vec<Node> {
    let items = statement.items(source);
    let named = |(text, span): &(Cow<'_, str>, Span)| {
        let found = people::read_all(text).into_iter();
        found
            .map(|named| Node::text(place(source, *span, text, &named.range), &text[named.range.clone()]))
            .collect::<Vec<_>>()
    };
    items.iter().flat_map(named).collect()
}

fn list(span: Span, items: Vec<Node>) -> Option<Node> {
    (!items.is_empty()).then(|| Node::sequence(span, items))
}

fn first_of(list: Option<Node>) -> Option<Node> {
    list.and_then(|list| list.as_sequence()?.first().cloned())
}
