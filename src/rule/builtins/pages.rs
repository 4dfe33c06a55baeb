//! The parts of a page, the keys of a record, and searches in texts of files: everything keeps its exact place.

use std::sync::Arc;

use crate::catalog::SourceFile;
use crate::node::{Entry, Node, ScalarKind, Value as NodeValue};
use crate::record::Record;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Evaluated, Fact, FactIdentity, FactType, Ty, Value, Written,
};
use crate::syntax::Markdown;
use crate::syntax::markdown::{Heading, Link};
use crate::text::{Source, Span};
use crate::value::is_placeholder;

pub(super) static HEADING: FactType = FactType::new(
    "a heading",
    &[(Ty::String, &["title", "field", "line", "text"]), (Ty::Int, &["level", "offset"])],
)
.searchable();

pub(super) static PASSAGE: FactType = FactType::new(
    "a part of a page",
    &[(Ty::String, &["text"]), (Ty::Int, &["offset"]), (Ty::Bool, &["quoted"])],
)
.searchable();

pub(super) static MATCH: FactType = FactType::new(
    "a match",
    &[(Ty::String, &["text"]), (Ty::Int, &["offset"]), (Ty::List(&Ty::String), &["groups"])],
)
.searchable();

/// The headings of a page, with the fields that sections of these names state in its record.
pub(super) fn headings<'a>(cx: &Context<'a>, file: &'a SourceFile) -> EvalResult<'a> {
    let headings = file.document.markdown.as_deref().map_or(&[][..], |page| &page.headings);
    let record = file.records.clone().next().map(|id| cx.catalog.record(id));
    let record = record.filter(|record| record.is_sole_record);
    let fact = |(index, heading): (usize, &'a Heading)| {
        // The first heading of a page is its title.
        let record = record.filter(|_| index > 0 || heading.level > 1);
        let field = record.and_then(|record| record.kind.section_field(&heading.title));
        let text = file.source().slice(heading.body);
        // A section that says `None` says something.
        let is_blank = !text.contains(char::is_alphanumeric) || is_placeholder(text);
        let members = vec![
            ("title", Value::string(&*heading.title)),
            ("field", Value::string(field.map_or("", |field| &*field.name))),
            ("level", Value::Int(i64::from(heading.level))),
            ("offset", Value::Int(i64::from(heading.span.start))),
            ("line", Value::string(file.source().slice(heading.line))),
            ("text", Value::string(if is_blank { "" } else { text })),
        ];
        let fact = Fact::new(members, heading.span, FactIdentity::Members(&["title"]));
        fact.with_text(file.source(), heading.body).into()
    };
    Ok(Value::list(headings.iter().enumerate().map(fact).collect()))
}

/// The parts of a page that [`parts`] reads.
pub(crate) const PARTS: [&str; 7] = ["address", "body", "code", "comment", "html", "link", "prose"];

/// The parts of one kind of a page: its prose, its comments and so on; or all below its front matter.
pub(super) fn parts<'a>(cx: &Context<'a>, file: &'a SourceFile, kind: &str) -> EvalResult<'a> {
    let one = |span: Span, quoted: bool| {
        let members = vec![
            ("text", Value::string(file.source().slice(span))),
            ("offset", Value::Int(i64::from(span.start))),
            ("quoted", Value::Bool(quoted)),
        ];
        Fact::new(members, span, FactIdentity::Words).with_text(file.source(), span).into()
    };
    let front_matter = |page: &Markdown| page.front_matter.as_ref().map(|it| it.block.end as usize);
    if kind == "body" {
        let start = file.document.markdown.as_deref().and_then(front_matter);
        let span = Span::new(start.unwrap_or(file.source().bom_len()), file.source().text().len());
        return Ok(Value::list(vec![one(span, false)]));
    }
    // The catalog keeps prose and links: no page is parsed again.
    let document = if matches!(kind, "prose" | "link") { &file.document } else { cx.catalog.document(file) };
    let Some(page) = document.markdown.as_deref() else { return Ok(Value::list(Vec::new())) };
    let spans = match kind {
        "address" => &page.addresses,
        "code" => &page.code,
        "comment" => &page.comments,
        "html" => &page.html,
        _ => {
            let prose = page.prose.iter().filter(|it| kind == "prose" || is_linked(page, it.span));
            let prose = prose.map(|it| one(it.span, it.quoted));
            return Ok(Value::list(prose.collect()));
        }
    };
    Ok(Value::list(spans.iter().map(|span| one(*span, false)).collect()))
}

/// Links are in the order of the file, and none is inside of another, except in images.
fn is_linked(page: &Markdown, span: Span) -> bool {
    let after = page.links.partition_point(|link| link.span.start <= span.start);
    let around = |link: &&Link| !link.image && link.span.contains(span);
    page.links[..after].iter().rev().take(2).any(|link| around(&link))
}

/// Returns the file of a search, and the part of it that is searched.
fn searched<'a>(value: &Value<'a>) -> Evaluated<Written<'a>> {
    match value {
        Value::File(file) => {
            let text = Span::new(file.source().bom_len(), file.source().text().len());
            Ok(Written { source: file.source(), text })
        }
        Value::Fact(fact) => fact.written.ok_or(EvalError::Indeterminate),
        _ => Err(EvalError::Indeterminate),
    }
}

/// All matches of a pattern in a file or a part of one.
pub(super) fn find_all<'a>(cx: &Context<'a>, place: &Value<'a>, pattern: &Value<'a>) -> EvalResult<'a> {
    // Bytes after a match that the search for the next one may read, for each step.
    const BYTES_AFTER_MATCH: usize = 512;
    let Written { source, text: within } = searched(place)?;
    let pattern = pattern.pattern()?;
    let text = source.slice(within);
    cx.step(1 + text.len() / 16)?;
    let mut found = Vec::new();
    // A search for groups takes several times as long.
    let has_groups = pattern.groups() > 0;
    for whole in pattern.find_iter(text) {
        let captures = has_groups.then(|| pattern.captures_at(text, whole.start())).flatten();
        let groups = captures.iter().flat_map(|it| (1..=pattern.groups()).map(|group| it.get(group)));
        let groups: Vec<Value<'a>> =
            groups.map(|group| Value::string(group.map_or("", |group| group.as_str()))).collect();
        cx.step((1 + groups.len()) * ELEMENT_COST + (text.len() - whole.end()) / BYTES_AFTER_MATCH)?;
        let span = within.part(whole.range());
        let written = whole.as_str();
        let members = vec![
            ("text", Value::string(written)),
            ("offset", Value::Int(i64::from(span.start))),
            ("groups", Value::list(groups)),
        ];
        found.push(Fact::new(members, span, FactIdentity::Words).with_text(source, span).into());
    }
    Ok(Value::list(found))
}

pub(super) static KEY: FactType = FactType::new(
    "a key",
    &[
        (Ty::String, &["name", "path", "type", "value", "text", "line"]),
        (Ty::Int, &["offset"]),
        (Ty::List(&Ty::Fact(&KEY)), &["items"]),
    ],
)
.searchable();

/// The keys of a record, in the order of the file.
pub(super) fn keys<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let reader = Reader::of(cx, record);
    let mapping = cx.catalog.mapping_of(record);
    mapping.map_or_else(|| Ok(Value::list(Vec::new())), |mapping| reader.items(mapping, ""))
}

/// The key of a record at a path of names and numbers of items, joined by dots.
pub(super) fn key_at<'a>(cx: &Context<'a>, record: &'a Record, path: &str) -> EvalResult<'a> {
    let reader = Reader::of(cx, record);
    let mut node = cx.catalog.mapping_of(record).ok_or(EvalError::Absent)?;
    let mut found = None;
    for name in path.split('.') {
        let at = |index: usize| Some(("", None, node.as_sequence()?.get(index)?));
        let entry = |entry: &'a Entry| (&*entry.key.name, Some(entry.key.span), &entry.value);
        let next = match node.as_mapping() {
            Some(mapping) => mapping.entry(name).map(entry),
            None => name.parse().ok().and_then(at),
        };
        cx.step(1 + node.entries().len())?;
        found = next;
        node = next.ok_or(EvalError::Absent)?.2;
    }
    let (name, key, value) = found.ok_or(EvalError::Absent)?;
    reader.key(name, path.to_owned(), key, value)
}

struct Reader<'c, 'a> {
    cx: &'c Context<'a>,
    source: &'a Arc<Source>,
}

impl<'c, 'a> Reader<'c, 'a> {
    fn of(cx: &'c Context<'a>, record: &'a Record) -> Reader<'c, 'a> {
        let file = cx.catalog.file_of(record);
        Reader { cx, source: file.source() }
    }

    fn items(&self, node: &'a Node, path: &str) -> EvalResult<'a> {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let items: Evaluated<Vec<Value<'a>>> = match &node.value {
            NodeValue::Mapping(mapping) => {
                let key = |entry: &'a Entry| {
                    let name = &entry.key.name;
                    self.key(name, below(name), Some(entry.key.span), &entry.value)
                };
                mapping.entries().iter().map(key).collect()
            }
            NodeValue::Sequence(items) => {
                let items = items.iter().enumerate();
                items.map(|(index, item)| self.key("", below(&index.to_string()), None, item)).collect()
            }
            NodeValue::Scalar(_) => Ok(Vec::new()),
        };
        items.map(Value::list)
    }

    fn key(&self, name: &'a str, path: String, key: Option<Span>, value: &'a Node) -> EvalResult<'a> {
        self.cx.step(2 * ELEMENT_COST + path.len() / 4)?;
        let start = key.unwrap_or(value.span).start as usize;
        let line = Span::new(start, self.source.line_span(start).end as usize);
        // A value that is left out has the place of its key.
        let text = match key {
            Some(key) if value.is_null() && value.span == key => Span::at(key.end as usize),
            _ => value.span,
        };
        let items = self.items(value, &path)?;
        let members = vec![
            ("name", Value::string(name)),
            ("path", Value::string(path)),
            ("offset", Value::Int(start as i64)),
            ("type", Value::string(type_of(value))),
            ("value", Value::string(value.as_text().unwrap_or_default())),
            ("text", Value::string(self.source.slice(text))),
            ("line", Value::string(self.source.slice(line))),
            ("items", items),
        ];
        let is_short = !text.is_empty() && !self.source.slice(text).trim_end().contains('\n');
        let is_beside = key.is_none_or(|key| !self.is_below(value.span, key));
        let span = key.filter(|_| !is_short || !is_beside).unwrap_or(text);
        let fact = Fact::new(members, span, FactIdentity::Members(&["path", "value"]));
        Ok(fact.with_text(self.source, text).into())
    }

    fn is_below(&self, value: Span, key: Span) -> bool {
        self.source.line_span(key.start as usize).end <= value.start
    }
}

fn type_of(node: &Node) -> &'static str {
    match &node.value {
        NodeValue::Sequence(_) => "list",
        NodeValue::Mapping(_) => "mapping",
        NodeValue::Scalar(scalar) => match scalar.kind() {
            ScalarKind::Null => "null",
            ScalarKind::Bool(_) => "boolean",
            ScalarKind::Integer(_) => "integer",
            ScalarKind::Float(_) => "number",
            ScalarKind::Text => "text",
        },
    }
}
