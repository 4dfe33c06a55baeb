//! Reads the sections of a page: headings, or lines in bold, as labels.

use super::{Content, Origin, Part, Section, Shape, Statement, Title, header};
use crate::syntax::markdown::Heading;
use crate::syntax::{Document, Markdown};
use crate::text::{Span, beginning_in, label_key};
use crate::value::words;

/// Returns the heading that is the title of a page: the first of the highest level, or the first of all. None if the lines above the
/// headings state a title, or if the first heading is that of a section, as its level and a label show.
pub(super) fn title<'a>(document: &'a Document, page: &'a Markdown) -> Option<&'a Heading> {
    let first = page.headings.first().filter(|_| page.lead.is_none())?;
    let mut top = page.headings.iter().filter(|heading| heading.level == 1);
    let highest = top.next().filter(|it| it.level == first.level || top.next().is_none());
    let title = highest.unwrap_or(first);
    let is_label = words::is_in("labels", &label_key(&title.title));
    let has_sibling =
        || page.headings.iter().any(|other| other.level == title.level && other.span != title.span);
    if is_label && &*label_key(&title.title) != "title" && has_sibling() {
        return None;
    }
    let end = title.line.start as usize;
    let above = Span::new(document.body_start().min(end), end);
    let stated = header::lines(document, above);
    let states_title = stated.len() > 1 && stated.iter().any(|it| &*it.key == "title");
    let is_header =
        stated.len() > 1 && stated.iter().any(|it| words::is_in("labels", &it.key)) && has_sibling();
    (!states_title && !is_header).then_some(title)
}

/// Returns the headings that are in no other section than the title's.
pub(super) fn top_headings<'a>(
    page: &'a Markdown,
    title: Option<&'a Heading>,
) -> impl Iterator<Item = &'a Heading> + use<'a> {
    let at = title.and_then(|title| page.headings.iter().position(|heading| heading.span == title.span));
    let is_top = move |heading: &&Heading| match heading.above {
        None => true,
        Some(above) => at == Some(above as usize),
    };
    page.headings[at.map_or(0, |at| at + 1)..].iter().filter(is_top)
}

/// Returns the headings directly below one.
fn headings_below<'a>(document: &'a Document, section: &Heading) -> Vec<&'a Heading> {
    let headings = document.markdown.as_deref().map_or(&[][..], |page| &page.headings);
    let at = headings.partition_point(|it| it.span.start < section.span.start);
    let within = headings[at..].iter().take_while(|it| it.span.start < section.body.end);
    within.filter(|heading| heading.above == u32::try_from(at).ok()).collect()
}

/// Returns the sections of a page as statements. `header` is the one that holds the page's header, and `stated` what that states.
pub(super) fn statements<'a>(
    document: &'a Document,
    page: &'a Markdown,
    title: Option<&'a Heading>,
    header: Option<&'a Heading>,
    stated: &[Statement<'a>],
) -> Vec<Statement<'a>> {
    let headings = top_headings(page, title);
    let others = headings.filter(|heading| {
        header.is_none_or(|header| {
            header.span != heading.span || words::is_in("labels", &label_key(&header.title))
        })
    });
    let mut statements: Vec<Statement<'a>> = others.map(|heading| of_heading(document, heading)).collect();
    // The sections of a subtitle that holds the header are those of the page.
    if let Some(header) = header {
        statements.extend(sections_below(document, header));
        statements.sort_by_key(|statement| statement.label_span.start);
    }
    if statements.is_empty() {
        let bold = bold_lines(document, page, whole_text(document, title)).into_iter();
        statements.extend(bold.filter(|it| stated.iter().all(|other| other.key != it.key)));
    }
    statements
}

pub(super) fn of_heading<'a>(document: &'a Document, heading: &'a Heading) -> Statement<'a> {
    if let Some(stated) = header::of_heading(document, heading) {
        return stated;
    }
    let section = Section { body: heading.body, own_body: heading.own_body };
    Statement::new(&heading.title, heading.span, Content::Section(section), heading.own_body, Origin::Section)
}

fn whole_text(document: &Document, title: Option<&Heading>) -> Span {
    let start = title.map_or_else(|| document.body_start(), |title| title.line.end as usize);
    Span::new(start, document.source.text().len())
}

/// Returns the labels in bold on lines of their own, with the text up to the next one.
fn bold_lines<'a>(document: &'a Document, page: &'a Markdown, within: Span) -> Vec<Statement<'a>> {
    // A longer line in bold is a sentence.
    const MAX_WORDS: usize = 12;
    let source = &*document.source;
    let labels: Vec<(&str, Span)> = beginning_in(&page.paragraphs, within, |it| it.span)
        .iter()
        .filter_map(|paragraph| {
            let text = source.slice(paragraph.span).trim();
            let inner = ["**", "__"].iter().find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark))?;
            let is_label = !inner.contains(['*', '\n'])
                && !inner.contains(": ")
                && !inner.ends_with(['.', '!', '?'])
                && inner.split_whitespace().count() <= MAX_WORDS;
            is_label.then_some((inner.trim_end_matches(':'), paragraph.span))
        })
        .collect();
    let ends = labels.iter().skip(1).map(|(_, next)| next.start).chain([within.end]);
    let statement = |((label, span), end): (&(&'a str, Span), u32)| {
        let body = Span { start: span.end, end: end.max(span.end) };
        let section = Section { body, own_body: body };
        Statement::new(label, *span, Content::Section(section), body, Origin::Section)
    };
    labels.iter().zip(ends).map(statement).collect()
}

pub(super) fn parts<'a>(part: &Part<'a>) -> Vec<Part<'a>> {
    let document = part.document;
    let Some(page) = document.markdown.as_deref() else { return Vec::new() };
    let (headings, own): (Vec<&Heading>, Span) = match part.shape {
        Shape::Page => (top_headings(page, part.heading()).collect(), whole_text(document, part.heading())),
        Shape::Section(section) => (headings_below(document, section), section.own_body),
        _ => return Vec::new(),
    };
    if !headings.is_empty() {
        return headings.into_iter().map(|heading| section(document, heading)).collect();
    }
    let part = |Statement { label, label_span, span, .. }: Statement<'a>| {
        let title = Title { text: label.into_string().into(), span: label_span };
        let (statements, span) = (header::in_text(document, span), label_span.to(span));
        Part { document, shape: Shape::Definition, title: Some(title), statements, span }
    };
    bold_lines(document, page, own).into_iter().map(part).collect()
}

pub fn sections_below<'a>(document: &'a Document, section: &Heading) -> Vec<Statement<'a>> {
    headings_below(document, section).into_iter().map(|heading| of_heading(document, heading)).collect()
}

/// Returns the section below a heading, with its lines of labels and values, and the sections below it.
pub fn section<'a>(document: &'a Document, section: &'a Heading) -> Part<'a> {
    let mut statements = header::in_text(document, section.own_body);
    statements.extend(sections_below(document, section));
    let title = Title { text: (&*section.title).into(), span: section.span };
    statements.push(Statement::new("", section.span, Content::Text, section.span, Origin::Title));
    let span = section.line.to(section.body);
    Part { document, shape: Shape::Section(section), title: Some(title), statements, span }
}
