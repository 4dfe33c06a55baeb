//! The parts of a page, and searches in texts of files: everything keeps its exact place.

use crate::catalog::SourceFile;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Fact, FactIdentity, FactType, MemberType, Value, Written,
};
use crate::syntax::Markdown;
use crate::syntax::markdown::{Heading, Link};
use crate::text::Span;
use crate::value::is_placeholder;

pub(super) static HEADING: FactType = FactType::new(
    "a heading",
    &[(MemberType::String, &["title", "field", "line", "text"]), (MemberType::Int, &["level", "offset"])],
)
.searchable();

pub(super) static PASSAGE: FactType = FactType::new(
    "a part of a page",
    &[(MemberType::String, &["text"]), (MemberType::Int, &["offset"]), (MemberType::Bool, &["quoted"])],
)
.searchable();

pub(super) static MATCH: FactType = FactType::new(
    "a match",
    &[(MemberType::String, &["text"]), (MemberType::Int, &["offset"]), (MemberType::Strings, &["groups"])],
)
.searchable();

/// The headings of a page, with the fields that sections of these names state in its record.
pub(super) fn headings<'a>(cx: &Context<'a>, file: &'a SourceFile) -> EvalResult<'a> {
    let headings = cx.catalog.headings(file);
    cx.step(headings.len() * ELEMENT_COST)?;
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
            cx.step(page.prose.len() * ELEMENT_COST)?;
            let prose = page.prose.iter().filter(|it| kind == "prose" || is_linked(page, it.span));
            let prose = prose.map(|it| one(it.span, it.quoted));
            return Ok(Value::list(prose.collect()));
        }
    };
    cx.step(spans.len() * ELEMENT_COST)?;
    Ok(Value::list(spans.iter().map(|span| one(*span, false)).collect()))
}

/// Links are in the order of the file, and none is inside of another, except in images.
fn is_linked(page: &Markdown, span: Span) -> bool {
    let after = page.links.partition_point(|link| link.span.start <= span.start);
    let around = |link: &&Link| !link.image && link.span.contains(span);
    page.links[..after].iter().rev().take(2).any(|link| around(&link))
}

/// Returns the file of a search, and the part of it that is searched.
fn searched<'a>(value: &Value<'a>) -> Result<Written<'a>, EvalError> {
    match value {
        Value::File(file) => {
            let text = Span::new(file.source().bom_len(), file.source().text().len());
            Ok(Written { source: file.source(), text })
        }
        Value::Fact(fact) => fact.written.ok_or(EvalError::Indeterminate),
        _ => Err(EvalError::Indeterminate),
    }
}

/// Bytes after a match that the search for the next one may read, for each step.
const BYTES_AFTER_MATCH: usize = 512;

/// All matches of a pattern in a file or a part of one.
pub(super) fn find_all<'a>(cx: &Context<'a>, place: &Value<'a>, pattern: &Value<'a>) -> EvalResult<'a> {
    let Written { source, text: within } = searched(place)?;
    let pattern = pattern.pattern()?;
    let text = source.slice(within);
    cx.step(1 + text.len() / 16)?;
    let start = within.start as usize;
    let mut found = Vec::new();
    // A search for groups takes several times as long.
    let has_groups = pattern.groups() > 0;
    for whole in pattern.find_iter(text) {
        let captures = has_groups.then(|| pattern.captures_at(text, whole.start())).flatten();
        let groups =
            captures.iter().flat_map(|captures| (1..=pattern.groups()).map(|group| captures.get(group)));
        let groups: Vec<Value<'a>> =
            groups.map(|group| Value::string(group.map_or("", |group| group.as_str()))).collect();
        cx.step((1 + groups.len()) * ELEMENT_COST + (text.len() - whole.end()) / BYTES_AFTER_MATCH)?;
        let span = Span::new(start + whole.start(), start + whole.end());
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
