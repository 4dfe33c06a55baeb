//! Encodes a parse as a head, which is decoded with the file, and a body, decoded in parts. A long text of the source is not stored again.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{BODY, EncodedParse, FILE_NAME, HEAD, ParseBytes, Parts};
use crate::cache;
use crate::catalog::SourceFile;
use crate::format;
use crate::kind::Kind;
use crate::lazy::Lazy;
use crate::limits;
use crate::node::{Entry, Key, Mapping, Node, ScalarKind, ScalarText, Value};
use crate::record::{Mention, Record, RecordContent, RecordFacts, UnreadPart};
use crate::suppression::{Directive, Ignore, IgnoreSubject};
use crate::syntax::markdown::{FrontMatter, Heading, Link, Markdown, Prose};
use crate::syntax::{Document, Format, Problem};
use crate::text::{Source, Span};

/// What records refer to by number: the same for all runs with the same policy.
pub(super) struct Numbered {
    pub kinds: Vec<Arc<Kind>>,
    pub formats: Vec<Arc<format::Format>>,
}

/// With the facts of records by value or by reference.
#[derive(Serialize, Deserialize)]
struct ParseHead<'a, F> {
    format: Format,
    must_contain_record: bool,
    notes: Cow<'a, [UnreadPart]>,
    problems: Cow<'a, [Problem]>,
    #[serde(borrow)]
    ignores: Vec<StoredIgnore<'a>>,
    #[serde(borrow)]
    records: Vec<StoredRecord<'a, F>>,
    page: Option<usize>,
}

type StoredIgnore<'a> = (Span, Span, Cow<'a, IgnoreSubject>, &'a str);

#[derive(Serialize, Deserialize)]
struct StoredRecord<'a, F> {
    kind: usize,
    format: Option<usize>,
    facts: F,
    #[serde(borrow)]
    mentions: Vec<StoredMention<'a>>,
    /// The length of its fields in the body.
    fields: usize,
}

/// The index among the places of the kind, the text and its span, and whether it names who is accountable.
type StoredMention<'a> = (usize, &'a str, Span, bool);

/// The parts of a page that are used after its records are parsed.
type Page = (Option<FrontMatter>, Vec<Heading>, Vec<Link>, Vec<Prose>, Vec<Span>, Vec<Box<str>>);

/// Encodes a file and its records; `None` if they can't be decoded as the same.
pub(super) fn encode(file: &SourceFile, records: &[Record], numbered: &Numbered) -> Option<EncodedParse> {
    let mut body = Vec::new();
    let source = file.source();
    let stored = records.iter().map(|record| stored_record(record, source, numbered, &mut body));
    let records: Vec<StoredRecord<'_, &RecordFacts>> = stored.collect::<Option<_>>()?;
    let before = body.len();
    if let Some(page) = &file.document.markdown {
        let Markdown { front_matter, headings, links, prose, comments, anchors, .. } = &**page;
        cache::encode_into(&(front_matter, headings, links, prose, comments, anchors), &mut body).ok()?;
    }
    let ignores = file.ignores.iter();
    let ignores = ignores.map(|it| (it.span, it.scope, Cow::Borrowed(&it.subject), source.slice(it.span)));
    let head = ParseHead {
        format: file.document.format,
        must_contain_record: file.must_contain_record,
        notes: Cow::Borrowed(&*file.notes),
        problems: Cow::Borrowed(&*file.document.problems),
        ignores: ignores.collect(),
        records,
        page: file.document.markdown.is_some().then(|| body.len() - before),
    };
    Some([postcard::to_stdvec(&head).ok()?.into(), body.into()])
}

fn number<T: ?Sized>(values: &[Arc<T>], value: &Arc<T>) -> Option<usize> {
    values.iter().position(|other| Arc::ptr_eq(other, value))
}

fn stored_record<'a>(
    record: &'a Record,
    source: &Source,
    numbered: &Numbered,
    body: &mut Vec<u8>,
) -> Option<StoredRecord<'a, &'a RecordFacts>> {
    let before = body.len();
    encode_tree(&record.fields, source, MAX_DEPTH, body)?;
    let mention = |Mention { place, text, span, accountable }: &'a Mention| {
        Some((number(record.kind.reference_places(), place)?, &**text, *span, *accountable))
    };
    Some(StoredRecord {
        kind: number(&numbered.kinds, &record.kind)?,
        format: match &record.format {
            Some(format) => Some(number(&numbered.formats, format)?),
            None => None,
        },
        facts: &record.facts,
        mentions: record.mentions.iter().map(mention).collect::<Option<_>>()?,
        fields: body.len() - before,
    })
}

/// Decodes a file and its records; fields and pages on first use.
pub(super) fn decode(
    parts: &Arc<Parts>,
    numbered: &Numbered,
    bytes: &ParseBytes,
    source: Arc<Source>,
) -> Option<(SourceFile, Vec<Record>)> {
    let head = parts.part(bytes, HEAD)?;
    let head: ParseHead<'_, RecordFacts> = postcard::from_bytes(&head).ok()?;
    let lazy = LazyBytes { parts: parts.clone(), bytes: bytes.clone() };
    let mut body = 0;
    let mut records = Vec::with_capacity(head.records.len());
    for stored in head.records {
        let (range, span) = (next_range(&mut body, stored.fields)?, stored.facts.span);
        let (lazy, of) = (lazy.clone(), source.clone());
        let fields = Lazy::new(move || {
            let fields = lazy.decode(range, |mut bytes| decode_tree(&mut bytes, &of, MAX_DEPTH));
            fields.unwrap_or_else(|| Node::mapping(span, Mapping::default()))
        });
        records.push(record(stored, source.path(), fields, numbered)?);
    }
    let markdown = match head.page {
        Some(length) => Some(markdown(next_range(&mut body, length)?, lazy)),
        None => None,
    };
    let document = Document::unparsed(source, head.format, head.problems.into_owned());
    let document = Document { markdown, ..document };
    let ignores = head.ignores.into_iter().map(|(span, scope, subject, text)| Ignore {
        span,
        scope,
        subject: subject.into_owned(),
        directive: Directive::parse(text),
    });
    let file = SourceFile {
        must_contain_record: head.must_contain_record,
        notes: head.notes.into_owned(),
        ignores: ignores.collect(),
        ..SourceFile::new(document)
    };
    Some((file, records))
}

fn record(
    stored: StoredRecord<'_, RecordFacts>,
    path: &Arc<str>,
    fields: Lazy<Node>,
    numbered: &Numbered,
) -> Option<Record> {
    let kind = numbered.kinds.get(stored.kind)?.clone();
    let mention = |&(place, text, span, accountable): &StoredMention<'_>| {
        let place = kind.reference_places().get(place)?.clone();
        Some(Mention { place, text: text.into(), span, accountable })
    };
    let mentions = stored.mentions.iter().map(mention).collect::<Option<_>>()?;
    let format = match stored.format {
        Some(number) => Some(numbered.formats.get(number)?.clone()),
        None => None,
    };
    let path = path.clone();
    Some(Record::from_cached(RecordContent { kind, format, path, fields, mentions, facts: stored.facts }))
}

fn markdown(range: Range<usize>, bytes: LazyBytes) -> Lazy<Markdown> {
    Lazy::new(move || {
        let decode = |bytes: &[u8]| -> Option<Page> { postcard::from_bytes(bytes).ok() };
        let (front_matter, headings, links, prose, comments, anchors) =
            bytes.decode(range, decode).unwrap_or_default();
        Markdown { front_matter, headings, links, prose, comments, anchors, ..Markdown::default() }
    })
}

#[derive(Clone)]
struct LazyBytes {
    parts: Arc<Parts>,
    bytes: ParseBytes,
}

impl LazyBytes {
    /// Decodes a range of the body; invalidates the cache if that fails.
    fn decode<T>(&self, range: Range<usize>, decode: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let decoded = self.parts.range(&self.bytes, BODY, range).and_then(|bytes| decode(&bytes));
        if decoded.is_none() {
            self.parts.store.invalidate(FILE_NAME);
        }
        decoded
    }
}

/// Returns the range of `length` bytes at `start`, and advances `start` to its end.
fn next_range(start: &mut usize, length: usize) -> Option<Range<usize>> {
    let range = *start..start.checked_add(length)?;
    *start = range.end;
    Some(range)
}

/// A tree of fields is a little deeper than the tree of its file.
const MAX_DEPTH: usize = 2 * limits::DEPTH;

/// The length in bytes from which a text of the source is not stored again.
const LONG: usize = 64;

/// A tree in the order of the file; the items of a collection follow it.
#[derive(Serialize, Deserialize)]
enum TreeToken<'a> {
    Scalar(Span, ScalarKind, &'a str),
    /// A long scalar whose text equals the source under its span.
    SourceText(Span, ScalarKind),
    Sequence(Span, usize),
    Mapping(Span, usize),
    Key(Span, &'a str),
}

/// Appends a tree; `None` if it is too deep.
fn encode_tree(node: &Node, source: &Source, depth: usize, bytes: &mut Vec<u8>) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match &node.value {
        Value::Scalar(scalar) if scalar.text().len() >= LONG && scalar.text() == source.slice(node.span) => {
            append(&TreeToken::SourceText(node.span, scalar.kind()), bytes)
        }
        Value::Scalar(scalar) => append(&TreeToken::Scalar(node.span, scalar.kind(), scalar.text()), bytes),
        Value::Sequence(items) => {
            append(&TreeToken::Sequence(node.span, items.len()), bytes)?;
            items.iter().try_for_each(|item| encode_tree(item, source, depth, bytes))
        }
        Value::Mapping(mapping) => {
            append(&TreeToken::Mapping(node.span, mapping.len()), bytes)?;
            mapping.entries().iter().try_for_each(|entry| {
                append(&TreeToken::Key(entry.key.span, &entry.key.name), bytes)?;
                encode_tree(&entry.value, source, depth, bytes)
            })
        }
    }
}

fn append(token: &TreeToken<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    cache::encode_into(token, bytes).ok()
}

/// Decodes the tree at the start of `bytes`, and advances them.
fn decode_tree(bytes: &mut &[u8], source: &Arc<Source>, depth: usize) -> Option<Node> {
    let depth = depth.checked_sub(1)?;
    match next_token(bytes)? {
        TreeToken::Scalar(span, kind, text) => Some(Node::scalar(span, text, kind)),
        TreeToken::SourceText(span, kind) => {
            Some(Node::scalar(span, ScalarText::InSource(source.clone(), span), kind))
        }
        TreeToken::Sequence(span, count) => {
            let mut items = Vec::with_capacity(count.min(bytes.len()));
            for _ in 0..count {
                items.push(decode_tree(bytes, source, depth)?);
            }
            Some(Node::sequence(span, items))
        }
        TreeToken::Mapping(span, count) => {
            let mut entries = Vec::with_capacity(count.min(bytes.len()));
            for _ in 0..count {
                let TreeToken::Key(span, name) = next_token(bytes)? else { return None };
                let value = decode_tree(bytes, source, depth)?;
                entries.push(Entry { key: Key { name: name.into(), span }, value });
            }
            Some(Node::mapping(span, Mapping::new(entries)))
        }
        TreeToken::Key(..) => None,
    }
}

fn next_token<'a>(bytes: &mut &'a [u8]) -> Option<TreeToken<'a>> {
    let (token, rest) = postcard::take_from_bytes(bytes).ok()?;
    *bytes = rest;
    Some(token)
}
