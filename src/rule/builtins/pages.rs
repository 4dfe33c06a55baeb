//! The parts of a page, and searches in texts of files: everything keeps its exact place.

use crate::catalog::SourceFile;
use crate::profile::is_placeholder;
use crate::record::Record;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Fact, FactIdentity, FactType, MemberType, Value, Written,
};
use crate::schema::edit_distance;
use crate::syntax::Markdown;
use crate::syntax::markdown::{Heading, Link};
use crate::text::{LazyRegex, Span};

use super::args::file;
use super::patterns;

pub(super) static HEADING: FactType = FactType {
    is_searchable: true,
    name: "a heading",
    members: &[
        ("title", MemberType::String),
        ("level", MemberType::Int),
        ("index", MemberType::Int),
        ("line", MemberType::String),
        ("text", MemberType::String),
    ],
};

pub(super) static SECTION: FactType = FactType {
    is_searchable: true,
    name: "a section",
    members: &[
        ("title", MemberType::String),
        ("field", MemberType::String),
        ("meant", MemberType::String),
        ("text", MemberType::String),
        ("blank", MemberType::Bool),
    ],
};

pub(super) static CODE_BLOCK: FactType = FactType {
    is_searchable: true,
    name: "a code block",
    members: &[("text", MemberType::String), ("closed", MemberType::Bool)],
};

pub(super) static PASSAGE: FactType = FactType {
    is_searchable: true,
    name: "a passage",
    members: &[
        ("text", MemberType::String),
        ("offset", MemberType::Int),
        ("linked", MemberType::Bool),
        ("quoted", MemberType::Bool),
    ],
};

pub(super) static MATCH: FactType = FactType {
    is_searchable: true,
    name: "a match",
    members: &[
        ("text", MemberType::String),
        ("offset", MemberType::Int),
        ("groups", MemberType::Strings),
        ("plural", MemberType::Bool),
    ],
};

fn page<'a>(
    cx: &Context<'a>,
    value: &Value<'a>,
) -> Result<(&'a SourceFile, Option<&'a Markdown>), EvalError> {
    let file = file(value)?;
    let document = cx.catalog.document(file);
    Ok((file, document.markdown.as_deref()))
}

fn fact<'a>(
    file: &'a SourceFile,
    members: Vec<(&'static str, Value<'a>)>,
    span: Span,
    text: Span,
    identity: FactIdentity<'a>,
) -> Value<'a> {
    let written = Some(Written { source: file.source(), text });
    Fact { written, ..Fact::new(members, span, identity) }.into()
}

pub(super) fn headings<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let file = file(value)?;
    let headings = cx.catalog.headings(file);
    cx.step(headings.len() * ELEMENT_COST)?;
    let fact = |(index, heading): (usize, &'a Heading)| {
        let members = vec![
            ("title", Value::string(&*heading.title)),
            ("level", Value::Int(i64::from(heading.level))),
            ("index", Value::Int(index as i64)),
            ("line", Value::string(file.source().slice(heading.line))),
            ("text", Value::string(file.source().slice(heading.body))),
        ];
        fact(file, members, heading.span, heading.body, FactIdentity::Members(&["title"]))
    };
    Ok(Value::list(headings.iter().enumerate().map(fact).collect()))
}

/// The sections of a page with one record: its headings but the title, with the fields that sections of these names state.
pub(super) fn sections<'a>(cx: &Context<'a>, record: &'a Record) -> EvalResult<'a> {
    let file = cx.catalog.file_of(record);
    let headings = if record.is_sole_record { cx.catalog.headings(file) } else { &[] };
    cx.step(headings.len() * ELEMENT_COST)?;
    let below = headings.iter().enumerate().filter(|(at, heading)| *at > 0 || heading.level > 1);
    let own_level = below.clone().map(|(_, heading)| heading.level).min();
    let facts = below.map(|(_, heading)| {
        let field = record.kind.section_field(&heading.title);
        let text = file.source().slice(heading.body);
        // A section that says `None` says something.
        let is_blank = !text.contains(char::is_alphanumeric) || is_placeholder(text);
        let mut members = vec![
            ("title", Value::string(&*heading.title)),
            ("text", Value::string(text)),
            ("blank", Value::Bool(is_blank)),
        ];
        // Below a section, headings are of its author's choice.
        let is_own = field.is_none() && Some(heading.level) == own_level;
        let meant = is_own.then(|| meant_section(record, &heading.title)).flatten();
        members.push(("field", Value::string(field.map_or("", |field| &*field.name))));
        members.push(("meant", Value::string(meant.unwrap_or_default())));
        fact(file, members, heading.span, heading.body, FactIdentity::Members(&["title"]))
    });
    Ok(Value::list(facts.collect()))
}

/// The fewest letters of which one may be wrong, and of which two may be.
const MISSPELT: [usize; 2] = [5, 8];

/// Returns the only name of a section, of a field that a record does not state, of which a title can be a misspelling. A plural is none.
fn meant_section<'a>(record: &'a Record, title: &str) -> Option<&'a str> {
    let lower = title.to_lowercase();
    let distance = |name: &str| {
        let name = name.to_lowercase();
        let length = lower.chars().count().min(name.chars().count());
        let is_plural = lower.strip_suffix('s') == Some(&name) || name.strip_suffix('s') == Some(&lower);
        let most = MISSPELT.iter().filter(|least| length >= **least).count();
        let distance = edit_distance(&lower, &name);
        (!is_plural && distance <= most).then_some(distance)
    };
    let fields = record.kind.shape.fields.iter();
    let names = fields.flat_map(|field| field.headings.iter().map(move |name| (field, name)));
    let mut near: Vec<_> =
        names.filter_map(|(field, name)| Some((distance(name)?, field, &**name))).collect();
    near.sort_by_key(|(distance, ..)| *distance);
    let (_, meant, name) = near.first()?;
    let is_only = near.iter().all(|(_, field, _)| field.name == meant.name);
    (is_only && record.field(&meant.name).is_none()).then_some(*name)
}

pub(super) fn code_blocks<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let file = file(value)?;
    let blocks = cx.catalog.code_blocks(file);
    cx.step(blocks.len() * ELEMENT_COST)?;
    let facts = blocks.iter().map(|block| {
        let text = file.source().slice(block.content);
        let rest = Span { start: block.content.end.min(block.span.end), ..block.span };
        let members = vec![
            ("text", Value::string(text)),
            ("closed", Value::Bool(!file.source().slice(rest).trim().is_empty())),
        ];
        fact(file, members, block.span, block.content, FactIdentity::Words)
    });
    Ok(Value::list(facts.collect()))
}

fn passage(file: &SourceFile, span: Span, linked: Option<bool>, quoted: Option<bool>) -> Value<'_> {
    let mut members = vec![("text", Value::string(file.source().slice(span))), ("offset", offset(span))];
    members.extend(linked.map(|linked| ("linked", Value::Bool(linked))));
    members.extend(quoted.map(|quoted| ("quoted", Value::Bool(quoted))));
    fact(file, members, span, span, FactIdentity::Words)
}

/// The catalog keeps prose and links: no page is parsed again.
pub(super) fn prose<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let file = file(value)?;
    let Some(page) = file.document.markdown.as_deref() else { return Ok(Value::list(Vec::new())) };
    cx.step(page.prose.len() * ELEMENT_COST)?;
    let passages = page
        .prose
        .iter()
        .map(|prose| passage(file, prose.span, Some(is_linked(page, prose.span)), Some(prose.quoted)));
    Ok(Value::list(passages.collect()))
}

fn offset<'a>(span: Span) -> Value<'a> {
    Value::Int(i64::from(span.start))
}

/// Links are in the order of the file, and none is inside of another, except in images.
fn is_linked(page: &Markdown, span: Span) -> bool {
    let after = page.links.partition_point(|link| link.span.start <= span.start);
    let around = |link: &&Link| !link.image && link.span.contains(span);
    page.links[..after].iter().rev().take(2).any(|link| around(&link))
}

/// Reads some passages of a page.
pub(super) fn passages<'a>(
    cx: &Context<'a>,
    value: &Value<'a>,
    of: fn(&Markdown) -> &[Span],
) -> EvalResult<'a> {
    let (file, page) = page(cx, value)?;
    let spans = page.map_or(&[][..], of);
    cx.step(spans.len() * ELEMENT_COST)?;
    Ok(Value::list(spans.iter().map(|span| passage(file, *span, None, None)).collect()))
}

/// The text of a file below its front matter.
pub(super) fn body<'a>(value: &Value<'a>) -> EvalResult<'a> {
    let file = file(value)?;
    let front_matter = file.document.markdown.as_ref().and_then(|page| page.front_matter.as_ref());
    let start = front_matter.map_or(file.source().bom_len(), |front_matter| front_matter.block.end as usize);
    Ok(passage(file, Span::new(start, file.source().text().len()), None, None))
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
    let pattern = patterns::pattern(cx, pattern)?;
    let text = source.slice(within);
    cx.step(1 + text.len() / 16)?;
    let start = within.start as usize;
    let mut found = Vec::new();
    // A search for groups takes several times as long.
    let has_groups = pattern.groups() > 0;
    for whole in pattern.find_iter(text) {
        let captures = has_groups.then(|| pattern.captures_from(text, whole.start)).flatten();
        let groups =
            captures.iter().flat_map(|captures| (1..=pattern.groups()).map(|group| captures.group(group)));
        let groups: Vec<Value<'a>> =
            groups.map(|group| Value::string(group.map_or("", |group| &text[group]))).collect();
        cx.step((1 + groups.len()) * ELEMENT_COST + (text.len() - whole.end) / BYTES_AFTER_MATCH)?;
        let span = Span::new(start + whole.start, start + whole.end);
        let written = &text[whole.clone()];
        let members = vec![
            ("text", Value::string(written)),
            ("offset", offset(span)),
            ("groups", Value::list(groups)),
            ("plural", Value::Bool(is_plural(written, &pattern))),
        ];
        let written = Some(Written { source, text: span });
        let identity = FactIdentity::Words;
        found.push(Fact { written, ..Fact::new(members, span, identity) }.into());
    }
    Ok(Value::list(found))
}

/// The longest text of which one asks whether it is a word in the plural.
const LONGEST_WORD: usize = 60;

/// Returns true for the plural of a word: a pattern that matches it has no other reason to match the singular, too.
fn is_plural(text: &str, pattern: &LazyRegex) -> bool {
    const SINGULARS: [&str; 3] = ["ss", "us", "is"];
    let without = |ending: &str| {
        let at = text.len().checked_sub(ending.len()).filter(|at| text.is_char_boundary(*at))?;
        text[at..].eq_ignore_ascii_case(ending).then(|| &text[..at])
    };
    if text.len() > LONGEST_WORD || without("s").is_none() || SINGULARS.iter().any(|it| without(it).is_some())
    {
        return false;
    }
    let is_matched = |singular: &str| is_whole(singular, pattern);
    let of_y = || {
        without("ies")
            .is_some_and(|start| is_matched(&format!("{start}y")) || is_matched(&format!("{start}Y")))
    };
    ["s", "es"].iter().filter_map(|ending| without(ending)).any(is_matched) || of_y()
}

fn is_whole(text: &str, pattern: &LazyRegex) -> bool {
    pattern.find_iter(text).next().is_some_and(|found| found.len() == text.len())
}
