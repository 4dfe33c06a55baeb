//! What a file was found to hold, as bytes: a head, which is read with the file, and a directory and a body, of which
//! only those parts are read that somebody asks for.
//!
//! Kinds, fields and lists of kinds are meant by their numbers among those of the run: whoever reads the bytes
//! has the same.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::SourceFile;
use super::parse_cache::{Bytes, ParseCache, Parts, Section, next};
use crate::cache;
use crate::kind::{FieldType, Kind, Kinds, Shape};
use crate::lazy::Lazy;
use crate::profile::{Profile, Profiles};
use crate::record::{Fields, Mention, Record, RecordContent, UnrecognisedRecord};
use crate::schema::Violation;
use crate::suppression::{Directive, Ignore};
use crate::syntax::markdown::{FrontMatter, Link, Markdown, Prose};
use crate::syntax::{Document, Format, Problem};
use crate::text::{Source, Span};

mod fields;

use fields::{KeptFields, add_fields};

/// A file and its records; none where nothing in it is of concern.
pub(super) type Reading = Option<(SourceFile, Vec<Record>)>;

/// The bytes of one reading.
pub(super) type Stored = Parts<Box<[u8]>>;

/// The directory and the body of one reading.
#[derive(Clone)]
pub(super) struct Body {
    pub readings: Arc<ParseCache>,
    pub bytes: Bytes,
}

impl Body {
    /// What some of its bytes say. Where they can't be had, or say nothing, it is remembered that no more can be
    /// made of what is kept.
    fn read<T>(
        &self,
        section: Section,
        part: Range<usize>,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let found = self.readings.part(&self.bytes, section, part).and_then(|bytes| read(&bytes));
        if found.is_none() {
            self.readings.doubt();
        }
        found
    }
}

#[derive(Serialize, Deserialize)]
struct Head<'a> {
    governed: bool,
    note: Option<UnrecognisedRecord>,
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
    scope_name: &'a str,
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
    is_sole_record: bool,
    extends_format: bool,
    format_violations: Vec<Violation>,
    #[serde(borrow)]
    mentions: Vec<StoredMention<'a>>,
    #[serde(borrow)]
    other_names: Vec<&'a str>,
    /// Bytes of the directory of its fields.
    directory: usize,
    /// Bytes of their values.
    values: usize,
}

#[derive(Serialize, Deserialize)]
struct StoredMention<'a> {
    field: usize,
    text: &'a str,
    span: Span,
    kinds: usize,
    accountable: bool,
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
    fn of_type<'s>(ty: &'s FieldType, lists: &mut Vec<&'s Arc<[Arc<str>]>>) {
        match ty {
            FieldType::Reference(kinds) => lists.push(kinds),
            FieldType::List(of) => of_type(of, lists),
            FieldType::Struct(shape) => add_lists(shape, lists),
            _ => {}
        }
    }
    shape.fields.iter().for_each(|field| of_type(&field.ty, lists));
}

/// The bytes of a reading; none where they could not be read back as the same.
pub(super) fn stored(file: &SourceFile, records: &[Record], numbers: &Numbers) -> Option<Stored> {
    let (mut directory, mut body) = (Vec::new(), Vec::new());
    let mut add = |record| stored_record(record, file.source(), numbers, &mut directory, &mut body);
    let records: Option<Vec<StoredRecord<'_>>> = records.iter().map(&mut add).collect();
    let before = body.len();
    if let Some(page) = &file.document.markdown {
        let Markdown { front_matter, links, prose, comments, anchors, .. } = &**page;
        cache::add(&(front_matter, links, prose, comments, anchors), &mut body).ok()?;
    }
    let head = Head {
        governed: file.governed,
        note: file.note.clone(),
        problems: file.document.problems.clone(),
        ignores: file.ignores.iter().map(|ignore| stored_ignore(ignore, file.source())).collect(),
        records: records?,
        page: file.document.markdown.is_some().then(|| body.len() - before),
    };
    let head = postcard::to_stdvec(&head).ok()?;
    Some(Parts { head: head.into(), directory: directory.into(), body: body.into() })
}

fn stored_ignore<'a>(ignore: &'a Ignore, source: &'a Source) -> StoredIgnore<'a> {
    let Ignore { span, scope, scope_name, .. } = ignore;
    StoredIgnore { span: *span, scope: *scope, scope_name, words: source.slice(*span) }
}

fn stored_record<'a>(
    record: &'a Record,
    source: &Source,
    numbers: &Numbers,
    directory: &mut Vec<u8>,
    body: &mut Vec<u8>,
) -> Option<StoredRecord<'a>> {
    let before = (directory.len(), body.len());
    add_fields(&record.fields, source, numbers, directory, body)?;
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
        is_sole_record: record.is_sole_record,
        extends_format: record.extends_format,
        format_violations: record.format_violations.clone(),
        mentions: mentions.collect::<Option<_>>()?,
        other_names: record.other_names.iter().map(|name| &**name).collect(),
        directory: directory.len() - before.0,
        values: body.len() - before.1,
    })
}

/// The file and its records that these bytes tell of; none where they make no sense.
pub(super) fn reading(
    readings: &Arc<ParseCache>,
    bytes: &Bytes,
    source: Arc<Source>,
) -> Option<(SourceFile, Vec<Record>)> {
    let head = readings.whole(bytes, Section::Heads)?;
    let body = Body { readings: readings.clone(), bytes: bytes.clone() };
    let head: Head<'_> = postcard::from_bytes(&head).ok()?;
    let numbers = &readings.numbers;
    let path = source.path();
    let (mut directory, mut start): (usize, usize) = (0, 0);
    let mut records = Vec::with_capacity(head.records.len());
    for stored in head.records {
        let fields = KeptFields {
            directory: next(&mut directory, stored.directory)?,
            values: next(&mut start, stored.values)?,
            body: body.clone(),
            source: source.clone(),
            span: stored.span,
        };
        records.push(record(stored, path, fields, numbers)?);
    }
    let markdown = match head.page {
        Some(page) => Some(markdown(next(&mut start, page)?, body)),
        None => None,
    };
    let document = Document {
        format: Format::from_path(path)?,
        source,
        roots: Vec::new(),
        markdown,
        problems: head.problems,
    };
    let ignores = head.ignores.into_iter().map(|stored| {
        let StoredIgnore { span, scope, scope_name, words } = stored;
        Ignore { span, scope, scope_name: scope_name.into(), directive: Directive::parse(words) }
    });
    let ignores = ignores.collect();
    let file = SourceFile {
        document: Arc::new(document),
        blob: None,
        unread: false,
        governed: head.governed,
        note: head.note,
        folder_note: None,
        records: 0..0,
        ignores,
    };
    Some((file, records))
}

fn record(
    stored: StoredRecord<'_>,
    path: &Arc<str>,
    fields: KeptFields,
    numbers: &Numbers,
) -> Option<Record> {
    let profile = match stored.profile {
        Some(number) => Some(numbers.profiles.get(number)?.clone()),
        None => None,
    };
    let mentions = stored.mentions.iter().map(|mention| numbers.mention(mention));
    Some(Record::from_cached(RecordContent {
        kind: numbers.kinds.get(stored.kind)?.clone(),
        id: stored.id.into(),
        title: stored.title.map(Box::from),
        profile,
        path: path.clone(),
        span: stored.span,
        name_span: stored.name_span,
        fields: Fields::lazy(fields),
        mentions: mentions.collect::<Option<_>>()?,
        other_names: stored.other_names.into_iter().map(Box::from).collect(),
        file_id: stored.file_id.map(Box::from),
        is_sole_record: stored.is_sole_record,
        extends_format: stored.extends_format,
        format_violations: stored.format_violations,
    }))
}

fn markdown(part: Range<usize>, body: Body) -> Lazy<Markdown> {
    Lazy::new(move || {
        let read = |bytes: &[u8]| -> Option<Page> { postcard::from_bytes(bytes).ok() };
        let (front_matter, links, prose, comments, anchors) =
            body.read(Section::Bodies, part, read).unwrap_or_default();
        Markdown { front_matter, links, prose, comments, anchors, ..Markdown::default() }
    })
}

/// What is left of a page once its records are read.
type Page = (Option<FrontMatter>, Vec<Link>, Vec<Prose>, Vec<Span>, Vec<Box<str>>);

#[cfg(test)]
mod tests;
