//! Sections of a page that are records: a log of decisions on one page.

use super::condition::Condition;
use super::mismatch::Mismatch;
use super::view::View;
use crate::syntax::markdown::{Heading, inline_destinations};
use crate::syntax::{Document, Format};
use crate::text::{Source, Span};

/// The fewest sections that make a page a log.
const MIN_SECTIONS: usize = 2;

/// Which sections of a page are records. Each is read like a page of its own, whose title is the heading.
#[derive(Debug)]
pub(crate) struct SectionRecords {
    /// At least two sections of the page meet this condition, or the only one of its level, which then meets both.
    pub each: Condition,
    /// Further sections beside these, of the same level, meet this one.
    pub also: Option<Condition>,
}

impl SectionRecords {
    /// Returns the headings of the sections that are records; none if fewer than two sections meet the condition, unless the only one
    /// of its level, or the page itself, has the marks of further ones: a log that begins, or a single record.
    pub(super) fn find<'a>(&self, document: &'a Document) -> Vec<&'a Heading> {
        let Some(page) = &document.markdown else { return Vec::new() };
        let is_level_one = |heading: &&Heading| heading.level == 1;
        let is_title = |heading: &Heading| {
            heading.level == 1 && page.headings.iter().filter(is_level_one).nth(1).is_none()
        };
        let may_be =
            |heading: &&Heading| !is_title(heading) && !leads_to_page(&document.source, heading.line);
        let meets = |condition: &Condition, heading: &'a Heading| {
            condition.holds(&View::of_section(document, heading))
        };
        let all = &page.headings;
        let mut found: Vec<&Heading> = Vec::new();
        for heading in all.iter().filter(may_be) {
            if !found.last().is_some_and(|last| last.body.contains(heading.span))
                && meets(&self.each, heading)
            {
                found.push(heading);
            }
        }
        if found.len() < MIN_SECTIONS {
            let is_only =
                |heading: &Heading| page.headings.iter().filter(|it| it.level == heading.level).count() == 1;
            let is_marked = |heading: &&'a Heading| {
                is_only(heading) && self.also.as_ref().is_some_and(|also| meets(also, heading))
            };
            let title = all.iter().find(|heading| is_title(heading));
            let title = title.filter(|title| found.is_empty() && meets(&self.each, title));
            return found.into_iter().chain(title).filter(is_marked).collect();
        }
        without_chapters(&mut found);
        let Some(also) = &self.also else { return found };
        let has_chapters = found.iter().any(|heading| is_chapter(heading));
        let is_around = |heading: &Heading, other: &Heading| heading.body.contains(other.span);
        let others = all.iter().filter(may_be).filter(|heading| {
            found.iter().any(|other| other.level == heading.level)
                && !found.iter().any(|other| {
                    other.span == heading.span || is_around(heading, other) || is_around(other, heading)
                })
                && (has_chapters || !is_chapter(heading))
                && meets(also, heading)
        });
        let mut all: Vec<&Heading> = found.iter().copied().chain(others).collect();
        all.sort_by_key(|heading| heading.span.start);
        all
    }

    /// Returns the headings beside those of the records, of the same level, that are none, and what each lacks.
    pub(super) fn left_out<'a>(&self, document: &'a Document) -> Vec<(&'a Heading, Mismatch)> {
        let (found, page) = (self.find(document), document.markdown.as_ref());
        let is_related = |heading: &Heading, other: &Heading| {
            heading.span == other.span
                || heading.body.contains(other.span)
                || other.body.contains(heading.span)
        };
        let headings = page.map_or(&[][..], |page| &page.headings).iter();
        let beside = headings.filter(|heading| {
            found.iter().any(|other| other.level == heading.level)
                && !found.iter().any(|other| is_related(heading, other))
                && !leads_to_page(&document.source, heading.line)
        });
        beside.map(|heading| (heading, self.each.mismatch(&View::of_section(document, heading)))).collect()
    }
}

/// Removes chapters such as `## 1. Purpose` if they are fewer than a third of the sections: the records have other numbers, as in
/// `## DEC-1: …`.
fn without_chapters(found: &mut Vec<&Heading>) {
    let chapters = found.iter().filter(|heading| is_chapter(heading)).count();
    if chapters * 3 < found.len() {
        found.retain(|heading| !is_chapter(heading));
    }
}

/// Returns true for a title that begins with the number of a chapter: `2.1 Scope`, `3) Format`.
fn is_chapter(heading: &Heading) -> bool {
    const LONGEST: usize = 2;
    let title = heading.title.trim_start_matches(|c: char| !c.is_alphanumeric());
    let number =
        title.split(char::is_whitespace).next().unwrap_or_default().trim_end_matches(['.', ')', ':']);
    let mut parts = number.split('.');
    parts.all(|part| (1..=LONGEST).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns true if a heading or a cell links to a page, which holds the record.
pub(crate) fn leads_to_page(source: &Source, part: Span) -> bool {
    let text = source.slice(part);
    let is_page = |path: &str| {
        let path = path.split('#').next().unwrap_or_default();
        !path.contains("://") && Format::is_page_path(path)
    };
    inline_destinations(text).into_iter().any(|range| is_page(&text[range]))
}
