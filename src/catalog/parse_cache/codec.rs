//! Encodes the parse of a file as a head, which is decoded with the file, and a field index and a body, of which only the
//! requested parts are.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::fields::{LazyBytes, StoredFields, encode_fields};
use super::interner::Interner;
use super::layout::{EncodedParse, EncodedParseRef, ParseCacheFile, PerSection, Section, next_range};
use crate::cache;
use crate::catalog::SourceFile;
use crate::lazy::Lazy;
use crate::record::{Fields, Mention, Record, RecordContent, UnreadPart};
use crate::schema::Violation;
use crate::suppression::{Directive, Ignore, IgnoreSubject};
use crate::syntax::markdown::{FrontMatter, Heading, Link, Markdown, Prose};
use crate::syntax::{Document, Format, Problem};
use crate::text::{Lines, Source, Span};

#[derive(Serialize, Deserialize)]
struct ParseHead<'a> {
    format: Format,
    must_contain_record: bool,
    notes: Vec<UnreadPart>,
    problems: Vec<Problem>,
    #[serde(borrow)]
    ignores: Vec<StoredIgnore<'a>>,
    #[serde(borrow)]
    records: Vec<StoredRecord<'a>>,
    page: Option<usize>,
}

#[derive(Serialize, Deserialize)]
struct StoredIgnore<'a> {
    span: Span,
    scope: Span,
    subject: IgnoreSubject,
    text: &'a str,
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
    letters: Option<&'a str>,
    is_sole_record: bool,
    has_other_schema: bool,
    names_in_items: bool,
    format_violations: Vec<Violation>,
    #[serde(borrow)]
    mentions: Vec<StoredMention<'a>>,
    #[serde(borrow)]
    other_names: Vec<&'a str>,
    /// The length of its fields in the field index.
    field_index: usize,
    values: usize,
}

#[derive(Serialize, Deserialize)]
struct StoredMention<'a> {
    place: usize,
    text: &'a str,
    span: Span,
    accountable: bool,
}

/// The parts of a page that are used after its records are parsed.
type Page = (Option<FrontMatter>, Vec<Heading>, Vec<Link>, Vec<Prose>, Vec<Span>, Lines);

/// Encodes a file and its records; `None` if they can't be decoded as the same.
pub(super) fn encode(file: &SourceFile, records: &[Record], interner: &Interner) -> Option<EncodedParse> {
    let (mut field_index, mut body) = (Vec::new(), Vec::new());
    let source = file.source();
    let stored = records.iter().map(|it| stored_record(it, source, interner, &mut field_index, &mut body));
    let records: Vec<StoredRecord<'_>> = stored.collect::<Option<_>>()?;
    let before = body.len();
    if let Some(page) = &file.document.markdown {
        let Markdown { front_matter, headings, links, prose, comments, anchors, .. } = &**page;
        cache::encode_into(&(front_matter, headings, links, prose, comments, anchors), &mut body).ok()?;
    }
    let ignores = file.ignores.iter().map(|ignore| StoredIgnore {
        span: ignore.span,
        scope: ignore.scope,
        subject: ignore.subject.clone(),
        text: source.slice(ignore.span),
    });
    let head = ParseHead {
        format: file.document.format,
        must_contain_record: file.must_contain_record,
        notes: file.notes.clone(),
        problems: file.document.problems.clone(),
        ignores: ignores.collect(),
        records,
        page: file.document.markdown.is_some().then(|| body.len() - before),
    };
    let head = postcard::to_stdvec(&head).ok()?;
    Some(PerSection { head: head.into(), field_index: field_index.into(), body: body.into() })
}

fn stored_record<'a>(
    record: &'a Record,
    source: &Source,
    interner: &Interner,
    field_index: &mut Vec<u8>,
    body: &mut Vec<u8>,
) -> Option<StoredRecord<'a>> {
    let before = (field_index.len(), body.len());
    encode_fields(&record.fields, source, interner, field_index, body)?;
    let profile = match &record.profile {
        Some(profile) => Some(*interner.profile_numbers.get(&profile.name)?),
        None => None,
    };
    let mention = |mention: &'a Mention| {
        Some(StoredMention {
            place: interner.reference_places.number(&mention.place)?,
            text: &mention.text,
            span: mention.span,
            accountable: mention.accountable,
        })
    };
    Some(StoredRecord {
        kind: *interner.kind_numbers.get(&record.kind.name)?,
        profile,
        id: &record.id,
        title: record.title.as_deref(),
        span: record.span,
        name_span: record.name_span,
        file_id: record.file_id.as_deref(),
        letters: record.letters.as_deref(),
        is_sole_record: record.is_sole_record,
        has_other_schema: record.has_other_schema,
        names_in_items: record.names_in_items,
        format_violations: record.format_violations.clone(),
        mentions: record.mentions.iter().map(mention).collect::<Option<_>>()?,
        other_names: record.other_names.iter().map(|name| &**name).collect(),
        field_index: field_index.len() - before.0,
        values: body.len() - before.1,
    })
}

pub(super) fn decode(
    file: &Arc<ParseCacheFile>,
    bytes: &EncodedParseRef,
    source: Arc<Source>,
) -> Option<(SourceFile, Vec<Record>)> {
    let head = file.section(bytes, Section::Heads)?;
    let head: ParseHead<'_> = postcard::from_bytes(&head).ok()?;
    let lazy = LazyBytes { file: file.clone(), bytes: bytes.clone() };
    let path = source.path();
    let (mut field_index, mut body): (usize, usize) = (0, 0);
    let mut records = Vec::with_capacity(head.records.len());
    for stored in head.records {
        let fields = StoredFields {
            field_index: next_range(&mut field_index, stored.field_index)?,
            values: next_range(&mut body, stored.values)?,
            bytes: lazy.clone(),
            source: source.clone(),
            span: stored.span,
        };
        records.push(record(stored, path, fields, &file.interner)?);
    }
    let markdown = match head.page {
        Some(length) => Some(markdown(next_range(&mut body, length)?, lazy)),
        None => None,
    };
    let document =
        Document { format: head.format, source, roots: Vec::new(), markdown, problems: head.problems };
    let ignores = head.ignores.into_iter().map(|StoredIgnore { span, scope, subject, text }| Ignore {
        span,
        scope,
        subject,
        directive: Directive::parse(text),
    });
    let ignores = ignores.collect();
    let file = SourceFile {
        number: 0,
        document: Arc::new(document),
        blob: None,
        unreadable: false,
        must_contain_record: head.must_contain_record,
        index: None,
        notes: head.notes,
        records: 0..0,
        ignores,
    };
    Some((file, records))
}

fn record(
    stored: StoredRecord<'_>,
    path: &Arc<str>,
    fields: StoredFields,
    interner: &Interner,
) -> Option<Record> {
    let profile = match stored.profile {
        Some(number) => Some(interner.profiles.get(number)?.clone()),
        None => None,
    };
    let mention = |mention: &StoredMention<'_>| {
        Some(Mention {
            place: interner.reference_places.value(mention.place)?.clone(),
            text: mention.text.into(),
            span: mention.span,
            accountable: mention.accountable,
        })
    };
    Some(Record::from_cached(RecordContent {
        kind: interner.kinds.get(stored.kind)?.clone(),
        id: stored.id.into(),
        title: stored.title.map(Box::from),
        profile,
        path: path.clone(),
        span: stored.span,
        name_span: stored.name_span,
        fields: Fields::lazy(fields),
        mentions: stored.mentions.iter().map(mention).collect::<Option<_>>()?,
        other_names: stored.other_names.into_iter().map(Box::from).collect(),
        file_id: stored.file_id.map(Box::from),
        letters: stored.letters.map(Box::from),
        is_sole_record: stored.is_sole_record,
        has_other_schema: stored.has_other_schema,
        names_in_items: stored.names_in_items,
        format_violations: stored.format_violations,
    }))
}

fn markdown(range: Range<usize>, bytes: LazyBytes) -> Lazy<Markdown> {
    Lazy::new(move || {
        let decode = |bytes: &[u8]| -> Option<Page> { postcard::from_bytes(bytes).ok() };
        let (front_matter, headings, links, prose, comments, anchors) =
            bytes.decode(Section::Bodies, range, decode).unwrap_or_default();
        Markdown { front_matter, headings, links, prose, comments, anchors, ..Markdown::default() }
    })
}
