//! The location of a finding: the field that the rule names, the item, else the record's name; of a finding about several records, at the
//! latest of them.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::catalog::{Catalog, SourceFile};
use crate::finding::{FindingSubject, Place, Related};
use crate::history::version::normalize;
use crate::input::Input;
use crate::kind::{FieldType, Shape};
use crate::node::{self, Entry, Node};
use crate::record::{Record, trailing_number};
use crate::rule::{Evaluated, Evaluator, Fact, FactIdentity, Rule, Value, field_behind};
use crate::schema::Violation;
use crate::text::{Source, Span, single_spaced};

use super::model::{Case, Subject};

/// A place, and what tells it from the others of its record or file.
pub(super) struct FindingLocation {
    pub place: Place,
    /// For the fingerprint: the type of the place, then its field, item and value.
    pub identity: Vec<String>,
    pub related: Option<Related>,
}

/// Returns the location of a case, whose item the record states at `place` if it doesn't know its own.
pub(super) fn of_case(
    catalog: &Catalog,
    at: &[Arc<str>],
    case: &Case,
    place: Option<&ItemPlace>,
) -> FindingLocation {
    let source = case.subject.source(catalog);
    let location = |span: Span, identity: &[&str]| FindingLocation {
        place: on_one_line(source, span),
        identity: identity.iter().copied().map(single_spaced).collect(),
        related: None,
    };
    let of_field = |entry: &Entry, item: &[&str], shape: Option<&Shape>| {
        let value = value_of(entry, shape);
        location(shown(source, entry), &[&["field"], item, &[&*entry.key.name, &*value]].concat())
    };
    match (&case.item, case.subject) {
        (Some(Value::Reference(mention)), _) => {
            let identity = ["reference", &mention.reference.field, mention.text(catalog)];
            location(mention.reference.span, &identity)
        }
        (Some(Value::Fact(fact)), subject) => of_fact(source, subject, fact),
        (Some(Value::Change(change)), _) => location(change.list.span, &["change", &change.value()]),
        (Some(Value::Item(item)), _) => {
            let key = item_name(item.node, item.key);
            match (field_of_item(at, item.node), field_of(at, &item.record.fields)) {
                (Some(entry), _) => of_field(entry, &[&key], item.shape),
                (None, Some(entry)) => location(shown(source, entry), &["item", &entry.key.name, &key]),
                (None, None) => location(item.node.span, &["item", &key]),
            }
        }
        (item, Subject::Record(record)) => {
            let is_reference = matches!(item, Some(Value::Record(_) | Value::Unresolved(_)));
            let named = at.iter().find(|path| entry_at(&record.fields, path).is_some());
            let is_in = |field: &str| named.is_none_or(|path| path.split('.').next() == Some(field));
            match (place.filter(|it| is_reference || is_in(it.field)), field_of_record(at, record)) {
                (Some(it), _) => location(it.span, &["reference", it.field, &it.text]),
                (None, Some(entry)) => of_field(entry, &[], Some(&record.kind.shape)),
                (None, None) => {
                    let span = empty_key(catalog, record, at).unwrap_or(record.name_span);
                    location(span, &["record", at.first().map_or("", |field| field)])
                }
            }
        }
        (_, Subject::UnreadFile(file)) => location(file.span, &["file"]),
        _ => location(Span::at(0), &["file"]),
    }
}

fn of_fact(file: &Arc<Source>, subject: Subject, fact: &Fact) -> FindingLocation {
    let file = fact.written.map_or(file, |written| written.source);
    let related = |(span, message): &(Span, String)| Related {
        place: on_one_line(file, *span),
        message: message.clone(),
    };
    FindingLocation {
        place: on_one_line(file, fact.span),
        identity: fact_identity(file, subject, fact),
        related: fact.related.as_ref().map(related),
    }
}

/// Returns the key of a page for one of these fields, if it has no value.
fn empty_key(catalog: &Catalog, record: &Record, at: &[Arc<str>]) -> Option<Span> {
    let format = record.format.as_ref()?;
    let is_owner = |member: &Arc<str>| {
        field_behind(record, member).is_some_and(|field| record.accountable().iter().any(|it| **it == *field))
    };
    let owners = if at.iter().any(is_owner) { record.accountable() } else { &[] };
    let fields = at.iter().map(|it| &**it).chain(owners.iter().map(|it| &**it));
    let is_meant = |entry: &&Entry| {
        entry.value.is_blank() && fields.clone().any(|field| format.is_name_of(field, &entry.key.name))
    };
    let entries = catalog.mapping_of(record)?.as_mapping()?.entries();
    entries.iter().find(is_meant).map(|entry| entry.key.span)
}

fn fact_identity(source: &Source, subject: Subject, fact: &Fact) -> Vec<String> {
    let mut identity = vec!["fact".to_owned(), fact.field().to_owned()];
    match fact.identity {
        FactIdentity::Members(members) => {
            identity.extend(members.iter().filter_map(|member| fact.text_member(member)).map(single_spaced));
        }
        FactIdentity::Words => identity.push(words_at(source, fact.span)),
        FactIdentity::Prose { text, sentence } => {
            let unescaped = sentence.replace("\\n", " ").replace("\\t", " ").replace("\\r", " ");
            identity.extend([single_spaced(text), words(&unescaped)]);
        }
        FactIdentity::Violation(violation) => {
            identity.push(violation.keyword.to_string());
            if let Subject::Record(record) = subject {
                identity.extend(violation_identity(&record.fields, violation));
            }
        }
    }
    identity
}

/// Returns the path of a violation with the names of list items for their indexes, and the value if that is what is wrong.
fn violation_identity(fields: &Node, violation: &Violation) -> Vec<String> {
    let mut identity = Vec::new();
    let mut node = Some(fields);
    for token in violation.pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let parent = node;
        node = parent.and_then(|parent| match &parent.value {
            node::Value::Mapping(mapping) => mapping.get(&token),
            node::Value::Sequence(items) => items.get(token.parse::<usize>().ok()?),
            node::Value::Scalar(_) => None,
        });
        let is_index = parent.is_some_and(|parent| parent.as_sequence().is_some());
        identity.push(match node.filter(|_| is_index) {
            Some(item) => item_name(item, None),
            None => token,
        });
    }
    let value = node.filter(|node| node.as_scalar().is_some() && node.span == violation.span);
    identity.push(value.map(|node| normalize(node, &FieldType::Any, None)).unwrap_or_default());
    identity
}

/// Returns the words on the line of a span, at most so many bytes before and after its start.
fn words_at(source: &Source, span: Span) -> String {
    const REACH: usize = 100;
    let text = source.text();
    let at = text.floor_char_boundary(span.start as usize);
    let before = &text[text.floor_char_boundary(at.saturating_sub(REACH))..at];
    let after = &text[at..text.floor_char_boundary(at + REACH)];
    let before = before.rsplit('\n').next().unwrap_or_default();
    let after = after.split('\n').next().unwrap_or_default();
    single_spaced(&format!("{before}{after}"))
}

/// Returns the place of the first of these fields that an item or its record has, else of the item or of the record's name.
pub(super) fn of_other(catalog: &Catalog, at: &[Arc<str>], other: &Value) -> Option<Place> {
    let (record, item) = (record_of(other)?, node_of(other));
    let source = catalog.file_of(record).source();
    let entry = item.and_then(|node| field_of(at, node)).or_else(|| field_of_record(at, record));
    let span = match (entry, item) {
        (Some(entry), _) => shown(source, entry),
        (None, Some(item)) => item.span,
        (None, None) => record.name_span,
    };
    Some(on_one_line(source, span))
}

/// Returns a name of a record or item, in parts, that is unique and does not change when it is moved.
pub(super) fn identity<'a>(cx: &Evaluator<'a>, value: &Value<'a>) -> Evaluated<Vec<String>> {
    let catalog = cx.catalog;
    Ok(match value {
        Value::Record(record) => [vec!["record".to_owned()], name(catalog, record)].concat(),
        Value::Item(item) => {
            [vec!["item".to_owned()], name(catalog, item.record), vec![item_name(item.node, item.key)]]
                .concat()
        }
        value => vec!["value".to_owned(), cx.show(value)?],
    })
}

/// Returns a name of the key of a group, in parts.
pub(super) fn identity_of_key<'a>(cx: &Evaluator<'a>, key: &Value<'a>) -> Evaluated<Vec<String>> {
    if !key.is_list() {
        return identity(cx, key);
    }
    let mut parts = vec!["list".to_owned(), key.size().unwrap_or(0).to_string()];
    for element in key.elements(cx.catalog) {
        parts.extend(identity_of_key(cx, &element)?);
    }
    Ok(parts)
}

/// Returns kind, identifier, and the index among duplicates, which are ordered by title.
fn name(catalog: &Catalog, record: &Record) -> Vec<String> {
    vec![record.kind.name.to_string(), record.key(), catalog.rank_among_namesakes(record).to_string()]
}

/// Returns what a finding about a file is about: its record, else the file; and for a page beside the record's own file its name.
pub(super) fn subject_of_file<'s>(
    catalog: &Catalog,
    file: &'s SourceFile,
    location: &FindingLocation,
) -> (FindingSubject, &'s str) {
    let records = catalog.records_about(file);
    let own = |record: &&&Record| !file.records.is_empty() && record.span.contains(location.place.span);
    let ((Some(record), _) | (None, [record])) = (records.iter().find(own), &records[..]) else {
        return (FindingSubject::Path(file.path().clone()), "");
    };
    let page = match file.records.is_empty() {
        true => file.path().rsplit('/').next().unwrap_or_default(),
        false => "",
    };
    (subject_of_record(catalog, record), page)
}

pub(super) fn subject_of_record(catalog: &Catalog, record: &Record) -> FindingSubject {
    FindingSubject::Record { name: catalog.name_of(record), key: record.key().into() }
}

/// Returns the first of these fields that has a value. A field may be a path, such as `people.leads`.
fn field_of<'n>(at: &[Arc<str>], node: &'n Node) -> Option<&'n Entry> {
    at.iter().find_map(|field| entry_at(node, field))
}

/// As [`field_of`], or the field in which the record says what a member does.
fn field_of_record<'r>(at: &[Arc<str>], record: &'r Record) -> Option<&'r Entry> {
    let behind = || at.iter().find_map(|member| entry_at(&record.fields, field_behind(record, member)?));
    field_of(at, &record.fields).or_else(behind)
}

fn field_of_item<'n>(at: &[Arc<str>], node: &'n Node) -> Option<&'n Entry> {
    at.iter().find_map(|field| entry_at(node, field.strip_prefix("item.").unwrap_or(field)))
}

fn entry_at<'n>(node: &'n Node, path: &str) -> Option<&'n Entry> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let entry = node.as_mapping()?.entry(name).filter(|entry| !entry.value.is_blank())?;
    rest.map_or(Some(entry), |rest| entry_at(&entry.value, rest))
}

/// Returns the span of the value if it is on one line, else of the key, or of the first item where the key is the text itself.
fn shown(source: &Source, entry: &Entry) -> Span {
    let value = entry.value.span;
    let long = source.slice(value).trim_end().contains('\n');
    let first = entry.value.as_sequence().and_then(<[Node]>::first).map(|item| item.span);
    let is_key_the_text = entry.key.span.start <= value.start && value.end <= entry.key.span.end;
    if let Some(first) = first.filter(|_| long && is_key_the_text) {
        return first;
    }
    if (long || value.is_empty()) && !entry.key.span.is_empty() { entry.key.span } else { value }
}

/// Returns the place of a span, without the lines after its first one.
pub(super) fn on_one_line(source: &Arc<Source>, span: Span) -> Place {
    let first = source.slice(span).lines().next().unwrap_or("").trim_end();
    let span = Span::new(span.start as usize, span.start as usize + first.len());
    Place { source: source.clone(), span }
}

/// Returns what identifies an item of a list: its key field, else `id`, `title` or its first field by name; or the item itself.
fn item_name(item: &Node, key: Option<&str>) -> String {
    let entries = item.entries();
    let named = key.into_iter().chain(["id", "title"]).find_map(|key| item.get(key));
    let first = || entries.iter().min_by_key(|entry| &entry.key.name).map(|entry| &entry.value);
    normalize(named.or_else(first).unwrap_or(item), &FieldType::Any, None)
}

/// Returns a field's normalised value. Of prose and texts of several lines only the words count.
fn value_of(entry: &Entry, shape: Option<&Shape>) -> String {
    let field = shape.and_then(|shape| shape.field(&entry.key.name));
    let key = field.and_then(|field| field.natural_key.as_deref());
    let value = normalize(&entry.value, field.map_or(&FieldType::Any, |field| &field.ty), key);
    let is_text = entry.value.as_text().is_some_and(|text| text.contains('\n'));
    if is_text || field.is_some_and(|field| field.prose) { words(&value) } else { value }
}

fn words(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Where a record states an item of `each` that doesn't know its own place: a record, a text, a number or a date.
pub(super) struct ItemPlace<'r> {
    pub field: &'r str,
    pub span: Span,
    pub text: String,
}

/// Returns the place of the item with an index: the first of equal items is at the first equal value, the second one at the second.
/// Values in the fields of `at` come before those in others; without `at`, those in the fields that `each` names.
pub(super) fn item_place<'r>(
    evaluator: &Evaluator<'r>,
    record: &'r Record,
    rule: &'r Rule,
    items: &Value<'r>,
    index: usize,
) -> Evaluated<Option<ItemPlace<'r>>> {
    let items: Vec<Value<'r>> = items.elements(evaluator.catalog).take(index + 1).collect();
    let Some((item, earlier)) = items.split_last() else { return Ok(None) };
    let (wanted, shown) = (evaluator.identity_key(item)?, evaluator.show(item)?);
    let mut before = 0;
    for item in earlier {
        before += usize::from(evaluator.identity_key(item)? == wanted);
    }
    let is_named = |field: &str| is_named(rule, record, field);
    let mut places = Vec::new();
    for reference in evaluator.catalog.references(record) {
        if evaluator.identity_key(&evaluator.resolve(reference))? == wanted {
            let (field, text) = (reference.field(), reference.text().to_owned());
            places.push(ItemPlace { field, span: reference.span, text });
        }
    }
    if places.iter().any(|place| is_named(place.field)) {
        places.retain(|place| is_named(place.field));
    }
    if places.is_empty() {
        let entries = record.fields.entries().iter();
        for entry in entries.filter(|entry| is_named(&entry.key.name)) {
            let equal = texts_in(&entry.value).into_iter().filter(|(_, text)| *text == shown);
            let field = &*entry.key.name;
            places.extend(equal.map(|(span, text)| ItemPlace { field, span, text: text.to_owned() }));
        }
    }
    let last = places.len().saturating_sub(1);
    Ok(places.into_iter().nth(before.min(last)))
}

/// Returns true if the rule names a field under `at`, or else in `each`.
fn is_named(rule: &Rule, record: &Record, field: &str) -> bool {
    let is_behind = |member: &str| field_behind(record, member) == Some(field);
    if rule.at.is_empty() {
        return rule.reads_for_each(field) || rule.reads_for_each("owners") && is_behind("owners");
    }
    rule.at.iter().any(|path| path.split('.').next() == Some(field) || is_behind(path))
}

/// Returns the scalars and the keys of mappings in a value.
fn texts_in(node: &Node) -> Vec<(Span, &str)> {
    match &node.value {
        node::Value::Scalar(scalar) => vec![(node.span, scalar.text())],
        node::Value::Sequence(items) => items.iter().flat_map(texts_in).collect(),
        node::Value::Mapping(mapping) => {
            let texts = mapping.entries().iter().flat_map(|entry| {
                [(entry.key.span, &*entry.key.name)].into_iter().chain(texts_in(&entry.value))
            });
            texts.collect()
        }
    }
}

/// Returns the latest record: not committed yet; of the highest number, if identifiers differ in it alone; last on the main line, by days;
/// of the latest date; last in the catalog.
pub(super) fn last<'r>(input: &Input, records: &[&'r Record]) -> Option<&'r Record> {
    let &first = records.first()?;
    let is_numbered = records.iter().all(|record| prefix(record) == prefix(first));
    let is_new = |record: &Record| !input.catalog().snapshot().is_committed(&record.path);
    let number = |record: &Record| is_numbered.then(|| trailing_number(&record.id)?.parse::<u64>().ok());
    let by_day = |one: Option<Date>, other: Option<Date>| {
        one.zip(other).map_or(Ordering::Equal, |(one, other)| one.cmp(&other))
    };
    // The history is read only where nothing before it decides.
    let order = |one: &&Record, other: &&Record| {
        (is_new(one), number(one))
            .cmp(&(is_new(other), number(other)))
            .then_with(|| by_day(arrival(input, one), arrival(input, other)))
            .then_with(|| by_day(date(one), date(other)))
            .then(one.number.cmp(&other.number))
    };
    records.iter().copied().max_by(order)
}

/// Returns true if the subject is later than `other`. Then the subject is the location of a finding about both.
pub(super) fn is_later(input: &Input, case: &Case) -> bool {
    let Some(other) = &case.other else { return true };
    let (Some(record), Some(of_other)) = (case.subject.record(), record_of(other)) else { return true };
    if std::ptr::eq(record, of_other) {
        let ours = case.item.as_ref().and_then(node_of);
        return ours.zip(node_of(other)).is_none_or(|(ours, theirs)| ours.span.start >= theirs.span.start);
    }
    let mut both = [record, of_other];
    both.sort_by_key(|record| record.number);
    last(input, &both).is_some_and(|last| std::ptr::eq(last, record))
}

fn node_of<'a>(value: &Value<'a>) -> Option<&'a Node> {
    if let Value::Item(item) = value { Some(item.node) } else { None }
}

pub(super) fn record_of<'a>(value: &Value<'a>) -> Option<&'a Record> {
    match value {
        Value::Record(record) => Some(record),
        Value::Item(item) => Some(item.record),
        _ => None,
    }
}

fn prefix(record: &Record) -> &str {
    record.id.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// Returns the date on which the record came to the main line.
fn arrival(input: &Input, record: &Record) -> Option<Date> {
    input.changes(record, "id")?.revision(0).landed()
}

/// Returns the first day in the fields that state since when the record has its status.
fn date(record: &Record) -> Option<Date> {
    record.kind.status_since.iter().find_map(|field| parse_date(record.field(field)?.as_text()?))
}
