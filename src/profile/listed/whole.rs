//! Headings whose whole section is one record: phases, milestones and versions that have a title of their own.

use std::collections::{HashMap, HashSet};

use super::labels::title_at;
use super::{Found, LEAST, Listed, Pattern, outer};
use crate::syntax::Markdown;
use crate::text::Span;

/// Which headings are such ones, by their text without marks.
#[derive(Debug)]
pub(crate) struct WholeSections {
    pub titled: Pattern,
    /// The number in one: `Phase 3` of `Phase 3: Offline mode`.
    pub numbered: Option<Pattern>,
    /// In one that is none: it has only a number, a time or a status.
    pub unless: Option<Pattern>,
}

/// The records of a page that are whole sections.
#[derive(Default)]
pub(super) struct Whole<'p> {
    found: Vec<Found<'p>>,
    pub spans: Vec<Span>,
    /// Where the headings around them start.
    around: HashSet<u32>,
}

impl Listed {
    /// Returns the outermost headings of that form, of which the page has several at one level, which are records.
    pub(super) fn whole_sections<'p>(&'p self, page: &'p Markdown) -> Whole<'p> {
        let Some(form) = &self.sections else { return Whole::default() };
        let headings = &page.headings;
        let is_unfit = |text: &str| form.unless.as_ref().is_some_and(|unless| unless.is_match(text));
        let is_one = |title: &str| {
            let (_, text) = self.without_marks(title.trim());
            form.titled.is_match(text) && !is_unfit(text)
        };
        let ones: Vec<usize> = (0..headings.len()).filter(|at| is_one(&headings[*at].title)).collect();
        if ones.len() < LEAST {
            return Whole::default();
        }
        let (around, title) = (outer(headings), title_at(page));
        let chain = |at: usize| std::iter::successors(around[at], |at| around[*at]);
        let is_barred = |at: usize| Some(at) != title && self.heading(&headings[at]).is_barred;
        let ones = ones.into_iter().filter(|at| !chain(*at).any(is_barred));
        let mut ones: Vec<usize> = ones.collect();
        let mut of_level = [0_usize; 7];
        ones.iter().for_each(|at| of_level[usize::from(headings[*at].level.min(6))] += 1);
        ones.retain(|at| of_level[usize::from(headings[*at].level.min(6))] >= LEAST);

        let mut names: HashSet<String> = HashSet::new();
        let mut whole = Whole::default();
        for at in ones {
            let heading = &headings[at];
            if whole.spans.last().is_some_and(|last| last.contains(heading.span)) {
                continue;
            }
            whole.spans.push(Span { start: heading.span.start, end: heading.body.end });
            let own = self.heading(heading);
            let (mark, name) = self.without_marks(own.text);
            if !names.insert(name.to_lowercase()) {
                continue;
            }
            let number = form.numbered.as_ref().and_then(|pattern| pattern.find(name).map(|at| &name[at]));
            let asked = chain(at).map(|at| self.heading(&headings[at])).find(|label| label.is_asked);
            whole.around.extend(chain(at).map(|at| headings[at].span.start));
            whole.found.push(Found {
                span: own.span,
                name: name.into(),
                number: number.map(Into::into),
                mark: mark.map(Into::into),
                above: around[at].map(|at| self.heading(&headings[at])),
                headings: [Some(own), asked],
            });
        }
        whole
    }

    /// Returns them with the other records of the page, of which those are left out that say something about them: an item that repeats
    /// such a heading, whose mark counts for it, and unmarked items in a section around it.
    pub(super) fn beside_whole<'p>(&self, mut whole: Whole<'p>, found: Vec<Found<'p>>) -> Vec<Found<'p>> {
        let Some(form) = self.sections.as_ref().filter(|_| !whole.spans.is_empty()) else { return found };
        let is_about = |one: &Found<'_>| {
            let around = one.headings[0].filter(|label| whole.around.contains(&label.span.start));
            form.titled.is_match(&one.name) || (one.mark.is_none() && around.is_some())
        };
        let (about, mut found): (Vec<_>, Vec<_>) = found.into_iter().partition(is_about);
        let marks = about.into_iter().filter_map(|one| Some((one.name.to_lowercase(), one.mark?)));
        let mut marks: HashMap<String, Box<str>> = marks.collect();
        for one in whole.found.iter_mut().filter(|one| one.mark.is_none()) {
            one.mark = marks.remove(&one.name.to_lowercase());
        }
        found.append(&mut whole.found);
        found.sort_by_key(|one| one.span.start);
        found
    }
}
