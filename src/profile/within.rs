//! The sections of a page to which a format is confined: a glossary at the end of a page about something else.

use std::sync::{Arc, OnceLock};

use super::pattern::Pattern;
use super::view::View;
use super::{Profile, Profiles, words};
use crate::syntax::markdown::{Heading, HeadingCandidates, section_key};
use crate::syntax::{Document, Markdown};
use crate::text::Span;

/// What the keys of headings match.
#[derive(Debug)]
pub(super) struct Within {
    /// Only these sections count; all of the page if it is absent.
    sections: Option<Pattern>,
    /// These don't, also within those.
    except: Option<Pattern>,
    /// The words of which the heading of such a section has one.
    words: OnceLock<Option<Vec<Box<str>>>>,
}

impl Within {
    /// `None` if all of a page counts.
    pub(super) fn new(sections: Option<Pattern>, except: Option<Pattern>) -> Option<Within> {
        let is_confined = sections.is_some() || except.is_some();
        is_confined.then_some(Within { sections, except, words: OnceLock::new() })
    }

    /// Returns the parts of a page that count, in its order, with the headings of the sections.
    fn parts(&self, page: &Markdown, whole: Span) -> Vec<Span> {
        self.parts_from(page, whole, |heading| heading.span.start)
    }

    fn parts_from(&self, page: &Markdown, whole: Span, start: impl Fn(&Heading) -> u32) -> Vec<Span> {
        let parts = match &self.sections {
            Some(pattern) => outermost(page, pattern, start),
            None => vec![whole],
        };
        match &self.except {
            Some(pattern) => without(parts, &outermost(page, pattern, |heading| heading.span.start)),
            None => parts,
        }
    }

    /// False only if the page has none of the sections.
    pub(super) fn may_be_in(&self, headings: &HeadingCandidates) -> bool {
        let is_asked = |pattern: &Pattern| {
            let words = self.words.get_or_init(|| words::asked_by(pattern.text()));
            headings.may_have_title_with(words.as_deref(), |it| pattern.is_match(&section_key(it)))
        };
        self.sections.as_ref().is_none_or(is_asked)
    }
}

/// Returns the outermost sections with such headings, each from its `start`. The title of the page is none.
fn outermost(page: &Markdown, pattern: &Pattern, start: impl Fn(&Heading) -> u32) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let has_title = page.headings.first().is_some_and(|first| first.level == 1);
    for heading in page.headings.iter().skip(usize::from(has_title)) {
        let is_outside = found.last().is_none_or(|last| last.end <= heading.span.start);
        if is_outside && pattern.is_match(&section_key(&heading.title)) {
            found.push(Span { start: start(heading), end: heading.body.end });
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

    /// Returns false only if a page in this markup, of which nothing but the text is known, has no section that a format reads.
    pub fn may_name_sections(&self, path: &str, text: &str) -> bool {
        let headings = HeadingCandidates::anywhere_in(text);
        let is_named =
            |it: &Profile| it.recognition.within.as_ref().is_none_or(|within| within.may_be_in(&headings));
        self.iter().any(|it| it.reads_within && it.may_hold_record(path) && is_named(it))
    }
}

impl Profile {
    /// Returns the view of the sections to which the format is confined; `None` if it reads whole pages.
    pub(crate) fn confined<'a>(&self, view: &View<'a>) -> Option<View<'a>> {
        let within = self.recognition.within.as_ref()?;
        let parts = view.markdown().map(|page| within.parts(page, whole(view.document)));
        Some(view.within(parts.unwrap_or_default()))
    }

    /// Returns the parts of the page in which sections are records, below the headings of these parts; `None` if the format reads whole
    /// pages.
    pub(super) fn parts_below(&self, document: &Document) -> Option<Vec<Span>> {
        let within = self.recognition.within.as_ref()?;
        let below = |page| within.parts_from(page, whole(document), |heading| heading.span.end);
        Some(document.markdown.as_deref().map(below).unwrap_or_default())
    }
}

fn whole(document: &Document) -> Span {
    Span::new(document.source.bom_len(), document.source.text().len())
}
