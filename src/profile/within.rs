//! The sections of a page to which a format is confined: a glossary at the end of a page about something else.

use std::sync::Arc;

use super::pattern::Pattern;
use super::view::View;
use super::{Profile, Profiles};
use crate::syntax::Markdown;
use crate::syntax::markdown::{HeadingCandidates, section_key};
use crate::text::Span;

/// What the keys of headings match.
#[derive(Debug)]
pub(super) struct Within {
    /// Only these sections count; all of the page if it is absent.
    pub sections: Option<Pattern>,
    /// These don't, also within those.
    pub except: Option<Pattern>,
}

impl Within {
    /// Returns the parts of a page that count, in its order.
    fn parts(&self, page: &Markdown, whole: Span) -> Vec<Span> {
        let parts = match &self.sections {
            Some(pattern) => outermost(page, pattern),
            None => vec![whole],
        };
        match &self.except {
            Some(pattern) => without(parts, &outermost(page, pattern)),
            None => parts,
        }
    }

    /// False only if the page has none of the sections.
    pub(super) fn may_be_in(&self, headings: &HeadingCandidates) -> bool {
        let is_asked = |pattern: &Pattern| headings.may_have_title(|it| pattern.is_match(&section_key(it)));
        self.sections.as_ref().is_none_or(is_asked)
    }
}

/// Returns the outermost sections with such headings, which are part of them. The title of the page is none.
fn outermost(page: &Markdown, pattern: &Pattern) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let has_title = page.headings.first().is_some_and(|first| first.level == 1);
    for heading in page.headings.iter().skip(usize::from(has_title)) {
        let is_outside = found.last().is_none_or(|last| last.end <= heading.span.start);
        if is_outside && pattern.is_match(&section_key(&heading.title)) {
            found.push(Span { start: heading.span.start, end: heading.body.end });
        }
    }
    found
}

/// Takes spans out of others. Those of each list are in order and don't overlap.
fn without(parts: Vec<Span>, out: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    let mut out = out.iter().peekable();
    for mut part in parts {
        while let Some(cut) = out.peek().filter(|cut| cut.start < part.end) {
            if cut.start > part.start {
                left.push(Span { end: cut.start, ..part });
            }
            part.start = part.start.max(cut.end);
            if cut.end > part.end {
                break;
            }
            out.next();
        }
        if part.start < part.end {
            left.push(part);
        }
    }
    left
}

impl Profiles {
    /// Returns true if formats read sections of pages at this path, whatever these are about.
    pub fn read_sections_of(&self, path: &str) -> bool {
        self.within.is_match(path) && self.iter().any(|it| it.reads_within && it.may_hold_record(path))
    }

    /// Returns the profiles for sections of this page, each for others.
    pub fn of_sections(&self, view: &View<'_>) -> impl Iterator<Item = &Arc<Profile>> {
        let path = view.path();
        self.iter().filter(move |it| it.reads_within && it.may_hold_record(path) && it.recognises(view))
    }

    /// Returns the profiles for sections of a page in another format, which is of the same kind.
    pub fn beside(&self, view: &View<'_>, profile: &Profile) -> Vec<&Arc<Profile>> {
        let is_beside = |it: &&Arc<Profile>| it.reads_within && it.kind.name == profile.kind.name;
        let beside = self.iter().filter(is_beside);
        beside.filter(|it| it.may_hold_record(view.path()) && it.recognises(view)).collect()
    }

    /// See [`Condition::may_hold`].
    pub fn may_have_sections(&self, view: &View<'_>) -> bool {
        let headings = HeadingCandidates::below_front_matter(view.document);
        let mut all = self.iter().filter(|it| it.reads_within && it.may_hold_record(view.path()));
        all.any(|it| it.may_recognise(view, &headings))
    }
}

impl Profile {
    /// Returns the view of the sections to which the format is confined; `None` if it reads whole pages.
    pub(crate) fn confined<'a>(&self, view: &View<'a>) -> Option<View<'a>> {
        let within = self.recognition.within.as_ref()?;
        let source = view.source();
        let whole = Span::new(source.bom_len(), source.text().len());
        Some(view.within(view.markdown().map(|page| within.parts(page, whole)).unwrap_or_default()))
    }
}
