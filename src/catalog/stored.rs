//! What a file was found to hold, as bytes: a head, which is read with the file, and a body, of which only those
//! parts are read that somebody asks for.
//!
//! Kinds, fields and lists of kinds are meant by their numbers among those of the run: whoever reads the bytes
//! has the same.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::readings::Bodies;
use super::{File, Ignore, ignores};
use crate::kind::{Kind, Kinds, Shape, Type};
use crate::later::Later;
use crate::node::{Entry, Key, Mapping, Node, ScalarKind, Value, Words};
use crate::profile::{Profile, Profiles};
use crate::record::{Content, Fields, Kept, Mention, Note, Record};
use crate::schema::Violation;
use crate::syntax::markdown::{FrontMatter, Link, Markdown, Prose};
use crate::syntax::{DEPTH_LIMIT, Document, Format, Problem};
use crate::text::{Source, Span};

/// A file and its records; none where nothing in it is of concern.
pub(super) type Reading = Option<(File, Vec<Record>)>;

/// The bytes of one reading.
#[derive(Default)]
pub(super) struct Stored {
    pub head: Vec<u8>,
    pub body: Vec<u8>,
}

/// The body of one reading, which begins somewhere in those of all.
#[derive(Clone)]
pub(super) struct Body {
    pub of_all: Arc<Bodies>,
    pub start: usize,
}

impl Body {
    /// What some of its bytes say. Where they can't be had, or say nothing, it is remembered that no more can be
    /// made of what is kept.
    fn read<T>(&self, part: Range<usize>, read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let within = || Some(self.start.checked_add(part.start)?..self.start.checked_add(part.end)?);
        let found = within().and_then(|within| read(&self.of_all.part(within)?));
        if found.is_none() {
            self.of_all.doubt();
        }
        found
    }
}

#[derive(Serialize, Deserialize)]
struct Head<'a> {
    governed: bool,
    note: Option<Note>,
    problems: Vec<Problem>,
    #[serde(borrow)]
    ignores: Vec<StoredIgnore<'a>>,
    #[serde(borrow)]
    records: Vec<StoredRecord<'a>>,
    /// Bytes of what is left of a page.
    page: Option<usize>,
}

#[derive(Serialize, Deserialize)]
struct StoredIgnore<'a> {
    span: Span,
    scope: Span,
    subject: &'a str,
    words: &'a str,
}

#[derive(Serialize, Deserialize)]
struct StoredRecord<'a> {
    kind: usize,
    profile: Option<usize>,
    id: &'a str,
    title: Option<&'a str>,
    span: Span,
    name_span: Span,
    file_id: Option<&'a str>,
    fills_file: bool,
    goes_beyond: bool,
    objections: Vec<Violation>,
    #[serde(borrow)]
    mentions: Vec<StoredMention<'a>>,
    #[serde(borrow)]
    also_named: Vec<&'a str>,
    /// Bytes of the fields.
    fields: usize,
}

#[derive(Serialize, Deserialize)]
struct StoredMention<'a> {
    field: usize,
    text: &'a str,
    span: Span,
    kinds: usize,
    accountable: bool,
}

/// One field of a record, in the order of the file. All values follow after the last.
#[derive(Serialize, Deserialize)]
struct StoredField<'a> {
    name: &'a str,
    span: Span,
    /// Bytes of its value.
    value: usize,
}

/// A tree, in the order of the file: a collection is followed by what it holds.
#[derive(Serialize, Deserialize)]
enum Part<'a> {
    Scalar(Span, ScalarKind, &'a str),
    /// A long scalar whose text is what stands in the file.
    Words(Span, ScalarKind),
    Sequence(Span, usize),
    Mapping(Span, usize),
    Key(Span, &'a str),
}

/// What is meant by its number, and what number it has.
pub(super) struct Numbers {
    kinds: Vec<Arc<Kind>>,
    profiles: Vec<Arc<Profile>>,
    /// The names of all top-level fields.
    fields: Numbered<str>,
    /// The lists of kinds that references may lead to.
    lists: Numbered<[Arc<str>]>,
    by_name: HashMap<Arc<str>, usize>,
    profiles_by_name: HashMap<Arc<str>, usize>,
}

/// Each of some things once, in the order in which they were first met.
struct Numbered<T: ?Sized> {
    all: Vec<Arc<T>>,
    numbers: HashMap<Arc<T>, usize>,
}

impl<T: ?Sized + Eq + Hash> Numbered<T> {
    fn of<'t>(all: impl Iterator<Item = &'t Arc<T>>) -> Numbered<T>
    where
        T: 't,
    {
        let mut numbered = Numbered { all: Vec::new(), numbers: HashMap::new() };
        for one in all {
            if !numbered.numbers.contains_key(one) {
                numbered.numbers.insert(one.clone(), numbered.all.len());
                numbered.all.push(one.clone());
            }
        }
        numbered
    }
}

impl Numbers {
    pub fn of(kinds: &Kinds, profiles: &Profiles) -> Numbers {
        let kinds: Vec<Arc<Kind>> = kinds.iter().cloned().collect();
        let profiles: Vec<Arc<Profile>> = profiles.iter().cloned().collect();
        let mut lists = Vec::new();
        kinds.iter().for_each(|kind| add_lists(&kind.shape, &mut lists));
        Numbers {
            fields: Numbered::of(kinds.iter().flat_map(|kind| &kind.shape.fields).map(|field| &field.name)),
            lists: Numbered::of(lists.into_iter()),
            by_name: kinds.iter().enumerate().map(|(number, kind)| (kind.name.clone(), number)).collect(),
            profiles_by_name: profiles
                .iter()
                .enumerate()
                .map(|(number, it)| (it.name.clone(), number))
                .collect(),
            kinds,
            profiles,
        }
    }

    fn mention(&self, stored: &StoredMention<'_>) -> Option<Mention> {
        Some(Mention {
            field: self.fields.all.get(stored.field)?.clone(),
            text: stored.text.into(),
            span: stored.span,
            kinds: self.lists.all.get(stored.kinds)?.clone(),
            accountable: stored.accountable,
        })
    }

    fn stored_mention<'a>(&self, mention: &'a Mention) -> Option<StoredMention<'a>> {
        Some(StoredMention {
            field: *self.fields.numbers.get(&mention.field)?,
            text: &mention.text,
            span: mention.span,
            kinds: *self.lists.numbers.get(&mention.kinds)?,
            accountable: mention.accountable,
        })
    }
}

/// The lists of kinds of the references in a shape, as they come.
fn add_lists<'s>(shape: &'s Shape, lists: &mut Vec<&'s Arc<[Arc<str>]>>) {
    fn of_type<'s>(ty: &'s Type, lists: &mut Vec<&'s Arc<[Arc<str>]>>) {
        match ty {
            Type::Reference(kinds) => lists.push(kinds),
            Type::List(of) => of_type(of, lists),
            Type::Struct(shape) => add_lists(shape, lists),
            _ => {}
        }
    }
    shape.fields.iter().for_each(|field| of_type(&field.ty, lists));
}

impl Stored {
    /// The bytes of a reading; none where they could not be read back as the same.
    pub fn of(file: &File, records: &[Record], numbers: &Numbers) -> Option<Stored> {
        let mut body = Vec::new();
        let records: Option<Vec<StoredRecord<'_>>> =
            records.iter().map(|record| stored_record(record, file.source(), numbers, &mut body)).collect();
        let before = body.len();
        if let Some(page) = &file.document.markdown {
            let Markdown { front_matter, links, prose, comments, anchors, .. } = &**page;
            body = postcard::to_extend(&(front_matter, links, prose, comments, anchors), body).ok()?;
        }
        let head = Head {
            governed: file.governed,
            note: file.note.clone(),
            problems: file.document.problems.clone(),
            ignores: file.ignores.iter().map(|ignore| stored_ignore(ignore, file.source())).collect(),
            records: records?,
            page: file.document.markdown.is_some().then(|| body.len() - before),
        };
        Some(Stored { head: postcard::to_stdvec(&head).ok()?, body })
    }
}

fn stored_ignore<'a>(ignore: &'a Ignore, source: &'a Source) -> StoredIgnore<'a> {
    let Ignore { span, scope, subject, .. } = ignore;
    StoredIgnore { span: *span, scope: *scope, subject, words: source.slice(*span) }
}

fn stored_record<'a>(
    record: &'a Record,
    source: &Source,
    numbers: &Numbers,
    body: &mut Vec<u8>,
) -> Option<StoredRecord<'a>> {
    let before = body.len();
    add_fields(&record.fields, source, body)?;
    let profile = record.profile.as_ref().map(|profile| numbers.profiles_by_name.get(&profile.name).copied());
    let mentions = record.mentions.iter().map(|mention| numbers.stored_mention(mention));
    Some(StoredRecord {
        kind: *numbers.by_name.get(&record.kind.name)?,
        profile: match profile {
            Some(number) => Some(number?),
            None => None,
        },
        id: &record.id,
        title: record.title.as_deref(),
        span: record.span,
        name_span: record.name_span,
        file_id: record.file_id.as_deref(),
        fills_file: record.fills_file,
        goes_beyond: record.goes_beyond,
        objections: record.objections.clone(),
        mentions: mentions.collect::<Option<_>>()?,
        also_named: record.also_named.iter().map(|name| &**name).collect(),
        fields: body.len() - before,
    })
}

/// A tree of fields is little deeper than the file's own.
const DEEPEST: usize = 2 * DEPTH_LIMIT;

/// Where each field is comes first, so that one of them is found without reading the others.
fn add_fields(fields: &Node, source: &Source, bytes: &mut Vec<u8>) -> Option<()> {
    let entries = fields.as_mapping().map_or(&[][..], Mapping::entries);
    let mut values = Vec::new();
    let mut directory = Vec::with_capacity(entries.len());
    for Entry { key, value } in entries {
        let before = values.len();
        add_tree(value, source, DEEPEST, &mut values)?;
        directory.push(StoredField { name: &key.name, span: key.span, value: values.len() - before });
    }
    *bytes = postcard::to_extend(&(fields.span, directory), std::mem::take(bytes)).ok()?;
    bytes.extend_from_slice(&values);
    Some(())
}

/// Reads all fields of a record.
fn fields(bytes: &[u8], source: &Arc<Source>) -> Option<Node> {
    let ((span, directory), mut values): ((Span, Vec<StoredField<'_>>), _) =
        postcard::take_from_bytes(bytes).ok()?;
    let entry = |StoredField { name, span, .. }: StoredField<'_>| {
        Some(Entry { key: Key { name: name.into(), span }, value: tree(&mut values, source, DEEPEST)? })
    };
    let entries = directory.into_iter().map(entry).collect::<Option<_>>()?;
    Some(Node::mapping(span, Mapping::new(entries)))
}

/// Whether a field may be one of some texts.
fn may_be(bytes: &[u8], field: &str, texts: &HashSet<&str>) -> Option<bool> {
    let ((_, count), mut rest): ((Span, usize), _) = postcard::take_from_bytes(bytes).ok()?;
    let (mut at, mut found): (usize, _) = (0, None);
    for _ in 0..count {
        let (stored, after): (StoredField<'_>, _) = postcard::take_from_bytes(rest).ok()?;
        if stored.name == field {
            found = found.or(Some(at));
        }
        (at, rest) = (at.checked_add(stored.value)?, after);
    }
    let Some(at) = found else { return Some(false) };
    match part(&mut rest.get(at..)?)? {
        Part::Scalar(_, _, text) => Some(texts.contains(text)),
        _ => Some(true),
    }
}

/// Bytes from which on a text that stands in the file is not kept once more.
const LONG: usize = 64;

fn add_tree(node: &Node, source: &Source, depth: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match &node.value {
        Value::Scalar(scalar) if scalar.text.len() >= LONG && *scalar.text == *source.slice(node.span) => {
            add(&Part::Words(node.span, scalar.kind), bytes)
        }
        Value::Scalar(scalar) => add(&Part::Scalar(node.span, scalar.kind, &scalar.text), bytes),
        Value::Sequence(items) => {
            add(&Part::Sequence(node.span, items.len()), bytes)?;
            items.iter().try_for_each(|item| add_tree(item, source, depth, bytes))
        }
        Value::Mapping(mapping) => {
            add(&Part::Mapping(node.span, mapping.len()), bytes)?;
            mapping.entries().iter().try_for_each(|entry| {
                add(&Part::Key(entry.key.span, &entry.key.name), bytes)?;
                add_tree(&entry.value, source, depth, bytes)
            })
        }
    }
}

fn add(part: &Part<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    *bytes = postcard::to_extend(part, std::mem::take(bytes)).ok()?;
    Some(())
}

/// Reads the tree that the bytes begin with; what comes after it is left.
fn tree(bytes: &mut &[u8], source: &Arc<Source>, depth: usize) -> Option<Node> {
    let depth = depth.checked_sub(1)?;
    match part(bytes)? {
        Part::Scalar(span, kind, text) => Some(Node::scalar(span, text, kind)),
        Part::Words(span, kind) => Some(Node::scalar(span, Words::Of(source.clone(), span), kind)),
        Part::Sequence(span, count) => {
            let mut items = Vec::with_capacity(count.min(bytes.len()));
            for _ in 0..count {
                items.push(tree(bytes, source, depth)?);
            }
            Some(Node::sequence(span, items))
        }
        Part::Mapping(span, count) => {
            let mut entries = Vec::with_capacity(count.min(bytes.len()));
            for _ in 0..count {
                let Part::Key(span, name) = part(bytes)? else { return None };
                entries
                    .push(Entry { key: Key { name: name.into(), span }, value: tree(bytes, source, depth)? });
            }
            Some(Node::mapping(span, Mapping::new(entries)))
        }
        Part::Key(..) => None,
    }
}

fn part<'a>(bytes: &mut &'a [u8]) -> Option<Part<'a>> {
    let (part, rest) = postcard::take_from_bytes(bytes).ok()?;
    *bytes = rest;
    Some(part)
}

/// The file and its records that a head tells of, the rest of which is in `body`; none where it makes no sense.
pub(super) fn reading(
    head: &[u8],
    body: &Body,
    source: Arc<Source>,
    numbers: &Numbers,
) -> Option<(File, Vec<Record>)> {
    let head: Head<'_> = postcard::from_bytes(head).ok()?;
    let path = source.path();
    let mut start: usize = 0;
    let mut next = |length: usize| {
        let part = start..start.checked_add(length)?;
        start = part.end;
        Some(part)
    };
    let mut records = Vec::with_capacity(head.records.len());
    for stored in head.records {
        let fields = next(stored.fields)?;
        records.push(record(stored, &source, fields, body, numbers)?);
    }
    let page = head.page.map(&mut next);
    let markdown = match page {
        Some(part) => Some(markdown(part?, body.clone())),
        None => None,
    };
    let document = Document {
        format: Format::of_path(path)?,
        source,
        roots: Vec::new(),
        unfinished: Vec::new(),
        markdown,
        problems: head.problems,
    };
    let ignores = head.ignores.into_iter().map(|stored| {
        let StoredIgnore { span, scope, subject, words } = stored;
        Ignore { span, scope, subject: subject.into(), terms: ignores::terms(words) }
    });
    let ignores = ignores.collect();
    let file = File {
        document: Arc::new(document),
        unread: false,
        governed: head.governed,
        note: head.note,
        gathered: None,
        records: 0..0,
        ignores,
    };
    Some((file, records))
}

fn record(
    stored: StoredRecord<'_>,
    source: &Arc<Source>,
    fields: Range<usize>,
    body: &Body,
    numbers: &Numbers,
) -> Option<Record> {
    let profile = match stored.profile {
        Some(number) => Some(numbers.profiles.get(number)?.clone()),
        None => None,
    };
    let mentions = stored.mentions.iter().map(|mention| numbers.mention(mention));
    let fields = KeptFields { body: body.clone(), part: fields, source: source.clone(), span: stored.span };
    Some(Record::whole(Content {
        kind: numbers.kinds.get(stored.kind)?.clone(),
        id: stored.id.into(),
        title: stored.title.map(Box::from),
        profile,
        path: source.path().clone(),
        span: stored.span,
        name_span: stored.name_span,
        fields: Fields::kept(fields),
        mentions: mentions.collect::<Option<_>>()?,
        also_named: stored.also_named.into_iter().map(Box::from).collect(),
        file_id: stored.file_id.map(Box::from),
        fills_file: stored.fills_file,
        goes_beyond: stored.goes_beyond,
        objections: stored.objections,
    }))
}

/// The fields of a record, in the body of its reading.
struct KeptFields {
    body: Body,
    part: Range<usize>,
    source: Arc<Source>,
    /// The whole record.
    span: Span,
}

impl Kept for KeptFields {
    fn tree(&self) -> Node {
        let read = self.body.read(self.part.clone(), |bytes| fields(bytes, &self.source));
        read.unwrap_or_else(|| Node::mapping(self.span, Mapping::default()))
    }

    fn may_be(&self, field: &str, texts: &HashSet<&str>) -> bool {
        // Where the bytes can't be had, whoever reads the fields finds that out too.
        self.body.read(self.part.clone(), |bytes| may_be(bytes, field, texts)) != Some(false)
    }
}

fn markdown(part: Range<usize>, body: Body) -> Later<Markdown> {
    Later::new(move || {
        let read = |bytes: &[u8]| -> Option<Parts> { postcard::from_bytes(bytes).ok() };
        let (front_matter, links, prose, comments, anchors) = body.read(part, read).unwrap_or_default();
        Markdown { front_matter, links, prose, comments, anchors, ..Markdown::default() }
    })
}

/// What is left of a page once its records are read.
type Parts = (Option<FrontMatter>, Vec<Link>, Vec<Prose>, Vec<Span>, Vec<Box<str>>);

#[cfg(test)]
mod tests;
