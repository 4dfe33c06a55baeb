//! Encodes the parse of a file as a head, which is decoded with the file, and a body, of which only the requested parts are.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::fields;
use super::layout::{EncodedParse, ParseBytes, ParseCacheFile, Part, next_range};
use crate::cache;
use crate::catalog::SourceFile;
use crate::format;
use crate::kind::Kind;
use crate::lazy::Lazy;
use crate::node::{Mapping, Node};
use crate::record::{Fields, Mention, Record, RecordContent, UnreadPart, UnreadStatement};
use crate::schema::Violation;
use crate::suppression::{Directive, Ignore, IgnoreSubject};
use crate::syntax::markdown::{FrontMatter, Heading, Link, Markdown, Prose};
use crate::syntax::{Document, Format, Problem};
use crate::text::{Source, Span};

/// What records refer to by number: the same for all runs with the same policy.
pub(super) struct Numbered {
    pub kinds: Vec<Arc<Kind>>,
    pub formats: Vec<Arc<format::Format>>,
}

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
    format: Option<usize>,
    id: &'a str,
    title: Option<&'a str>,
    span: Span,
    name_span: Span,
    file_id: Option<&'a str>,
    letters: Option<&'a str>,
    unread: Vec<UnreadStatement>,
    is_sole_record: bool,
    has_other_schema: bool,
    names_in_items: bool,
    format_violations: Vec<Violation>,
    #[serde(borrow)]
    mentions: Vec<StoredMention<'a>>,
    #[serde(borrow)]
    other_names: Vec<&'a str>,
    /// The length of its fields in the body.
    fields: usize,
}

#[derive(Serialize, Deserialize)]
struct StoredMention<'a> {
    /// The index among the places of the kind.
    place: usize,
    text: &'a str,
    span: Span,
    accountable: bool,
}

/// The parts of a page that are used after its records are parsed.
type Page = (Option<FrontMatter>, Vec<Heading>, Vec<Link>, Vec<Prose>, Vec<Span>, Vec<Box<str>>);

/// Encodes a file and its records; `None` if they can't be decoded as the same.
pub(super) fn encode(file: &SourceFile, records: &[Record], numbered: &Numbered) -> Option<EncodedParse> {
    let mut body = Vec::new();
    let source = file.source();
    let stored = records.iter().map(|record| stored_record(record, source, numbered, &mut body));
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
    Some([postcard::to_stdvec(&head).ok()?.into(), body.into()])
}

/// Returns the index of a shared value.
fn number<T: ?Sized>(values: &[Arc<T>], value: &Arc<T>) -> Option<usize> {
    values.iter().position(|other| Arc::ptr_eq(other, value))
}

fn stored_record<'a>(
    record: &'a Record,
    source: &Source,
    numbered: &Numbered,
    body: &mut Vec<u8>,
) -> Option<StoredRecord<'a>> {
    let before = body.len();
    fields::encode(&record.fields, source, body)?;
    let mention = |mention: &'a Mention| {
        Some(StoredMention {
            place: number(record.kind.reference_places(), &mention.place)?,
            text: &mention.text,
            span: mention.span,
            accountable: mention.accountable,
        })
    };
    Some(StoredRecord {
        kind: number(&numbered.kinds, &record.kind)?,
        format: match &record.format {
            Some(format) => Some(number(&numbered.formats, format)?),
            None => None,
        },
        id: &record.id,
        title: record.title.as_deref(),
        span: record.span,
        name_span: record.name_span,
        file_id: record.file_id.as_deref(),
        letters: record.letters.as_deref(),
        unread: record.unread.to_vec(),
        is_sole_record: record.is_sole_record,
        has_other_schema: record.has_other_schema,
        names_in_items: record.names_in_items,
        format_violations: record.format_violations.clone(),
        mentions: record.mentions.iter().map(mention).collect::<Option<_>>()?,
        other_names: record.other_names.iter().map(|name| &**name).collect(),
        fields: body.len() - before,
    })
}

/// Decodes a file and its records; fields and pages on first use.
pub(super) fn decode(
    file: &Arc<ParseCacheFile>,
    numbered: &Numbered,
    bytes: &ParseBytes,
    source: Arc<Source>,
) -> Option<(SourceFile, Vec<Record>)> {
    let head = file.part(bytes, Part::Head)?;
    let head: ParseHead<'_> = postcard::from_bytes(&head).ok()?;
    let lazy = LazyBytes { file: file.clone(), bytes: bytes.clone() };
    let mut body = 0;
    let mut records = Vec::with_capacity(head.records.len());
    for stored in head.records {
        let (range, span) = (next_range(&mut body, stored.fields)?, stored.span);
        let (lazy, of) = (lazy.clone(), source.clone());
        let fields = Fields::lazy(move || {
            let fields = lazy.decode(range, |bytes| fields::decode(bytes, &of));
            fields.unwrap_or_else(|| Node::mapping(span, Mapping::default()))
        });
        records.push(record(stored, source.path(), fields, numbered)?);
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
    let file = SourceFile {
        must_contain_record: head.must_contain_record,
        notes: head.notes,
        ignores: ignores.collect(),
        ..SourceFile::new(document)
    };
    Some((file, records))
}

fn record(stored: StoredRecord<'_>, path: &Arc<str>, fields: Fields, numbered: &Numbered) -> Option<Record> {
    let kind = numbered.kinds.get(stored.kind)?.clone();
    let mention = |mention: &StoredMention<'_>| {
        Some(Mention {
            place: kind.reference_places().get(mention.place)?.clone(),
            text: mention.text.into(),
            span: mention.span,
            accountable: mention.accountable,
        })
    };
    let mentions = stored.mentions.iter().map(mention).collect::<Option<_>>()?;
    Some(Record::from_cached(RecordContent {
        kind,
        id: stored.id.into(),
        title: stored.title.map(Box::from),
        format: match stored.format {
            Some(number) => Some(numbered.formats.get(number)?.clone()),
            None => None,
        },
        path: path.clone(),
        span: stored.span,
        name_span: stored.name_span,
        fields,
        mentions,
        other_names: stored.other_names.into_iter().map(Box::from).collect(),
        file_id: stored.file_id.map(Box::from),
        letters: stored.letters.map(Box::from),
        unread: stored.unread.into(),
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
            bytes.decode(range, decode).unwrap_or_default();
        Markdown { front_matter, headings, links, prose, comments, anchors, ..Markdown::default() }
    })
}

/// The body of a parse.
#[derive(Clone)]
struct LazyBytes {
    file: Arc<ParseCacheFile>,
    bytes: ParseBytes,
}

impl LazyBytes {
    /// Decodes a range of the body; invalidates the cache if that fails.
    fn decode<T>(&self, range: Range<usize>, decode: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let decoded = self.file.range(&self.bytes, Part::Body, range).and_then(|bytes| decode(&bytes));
        if decoded.is_none() {
            self.file.invalidate();
        }
        decoded
    }
}
