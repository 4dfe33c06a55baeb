//! Items of lists that are records: the planned work on the page of a roadmap.

use std::collections::HashSet;

use super::pattern::Pattern;
use crate::syntax::markdown::{Cell, Heading, ListItem};
use crate::syntax::{Document, Markdown};
use crate::text::{Source, Span};

/// The fewest items that make a page a list of records.
const LEAST: usize = 2;

/// The names of the cells of an item, by which extractors read them.
const CELLS: [&str; 4] = ["Item", "Key", "Mark", "Heading"];

/// Which outermost items of lists are records: those below a heading of a certain form.
#[derive(Debug)]
pub(crate) struct Listed {
    /// What marks an item, at its beginning or its end.
    pub marked: Vec<Pattern>,
    /// In a heading below which items are records.
    pub below: Option<Pattern>,
    /// In a heading below which none is.
    pub not_below: Option<Pattern>,
    /// In an item that is none.
    pub unless: Option<Pattern>,
}

/// An item that is a record.
struct Found<'p> {
    span: Span,
    /// Its text without its marks, or its words in bold.
    name: Box<str>,
    mark: Option<Box<str>>,
    heading: &'p Heading,
}

impl Listed {
    pub(super) fn header() -> Vec<Cell> {
        CELLS.iter().map(|name| cell(Span::default(), (*name).into())).collect()
    }

    /// Returns the cells of each item that is a record; none if there are too few.
    pub(super) fn find(&self, document: &Document) -> Vec<Vec<Cell>> {
        let Some(page) = &document.markdown else { return Vec::new() };
        let outer = outer(&page.headings);
        let items = page.items.iter().filter(|item| item.depth == 1);
        let found: Vec<Found<'_>> =
            items.filter_map(|item| self.record(&document.source, page, &outer, item)).collect();
        if found.len() < LEAST { Vec::new() } else { cells(found) }
    }

    fn record<'p>(
        &self,
        source: &Source,
        page: &'p Markdown,
        outer: &[Option<usize>],
        item: &ListItem,
    ) -> Option<Found<'p>> {
        let is_match =
            |pattern: &Option<Pattern>, text: &str| pattern.as_ref().is_some_and(|it| it.is_match(text));
        let above = std::iter::successors(item.heading, |at| outer.get(*at).copied().flatten());
        let above: Vec<&Heading> = above.filter_map(|at| page.headings.get(at)).collect();
        let heading = above.iter().find(|heading| is_match(&self.below, heading.title.trim()))?;
        if above.iter().any(|heading| is_match(&self.not_below, heading.title.trim())) {
            return None;
        }
        let raw = source.slice(item.text).trim();
        let (mark, name) = self.name_of(source, item, raw);
        let is_none = is_match(&self.unless, item.plain.trim()) || is_match(&self.unless, raw);
        (!is_none && name.contains(char::is_alphabetic)).then_some(Found {
            span: item.text,
            name,
            mark,
            heading,
        })
    }

    /// Returns the mark of an item and its words in bold, or else its first sentence.
    fn name_of(&self, source: &Source, item: &ListItem, raw: &str) -> (Option<Box<str>>, Box<str>) {
        let lead = source.slice(Span { start: item.span.start, end: item.text.start.max(item.span.start) });
        let mut plain = joined(&item.plain);
        if let Some(at) = lead.find('[') {
            plain.insert_str(0, &format!("{} ", lead[at..].trim_end().to_lowercase()));
        }
        let (mark, rest) = self.without_marks(&plain);
        let (_, raw) = self.without_marks(raw);
        // A word alone, as in `**A-1**: Ships are short`, says too little.
        let words = bold(raw).filter(|words| words.contains(' '));
        let name = match words {
            Some(words) => words.into(),
            None => first_sentence(rest).trim_end_matches([':', ' ']).into(),
        };
        (mark.map(Into::into), name)
    }

    /// Returns the first mark of a text, and the text without its marks.
    fn without_marks<'t>(&self, text: &'t str) -> (Option<&'t str>, &'t str) {
        const MOST: usize = 4;
        let (mut first, mut rest) = (None, text.trim());
        for _ in 0..MOST {
            let found = self.marked.iter().find_map(|pattern| {
                let mark = pattern.find(rest)?;
                let (before, after) = (rest[..mark.start].trim(), rest[mark.end..].trim());
                let ends = [' ', ')', ']', ':', '*', '_', '-', '–', '—'];
                let is_first = !before.contains(char::is_alphanumeric);
                let kept = if is_first { after.trim_start_matches(ends) } else { before };
                Some((&rest[mark], kept))
            });
            let Some((mark, kept)) = found else { break };
            first = first.or(Some(mark));
            rest = kept.trim_end_matches([' ', '(', '[', '*', '_', '-', '–', '—']);
        }
        (first, rest)
    }
}

/// Returns the words in bold that begin a text: `**Press** – a new one`.
fn bold(text: &str) -> Option<String> {
    const LONGEST: usize = 120;
    let mark = ["**", "__"].into_iter().find(|mark| text.starts_with(mark))?;
    let (words, _) = text[mark.len()..].split_once(mark)?;
    let words = joined(words.trim().trim_end_matches([':', '.']));
    let is_plain = words.len() <= LONGEST && !words.contains("](") && words.contains(char::is_alphabetic);
    is_plain.then(|| words.replace('`', ""))
}

/// Returns the first sentence of a long text.
fn first_sentence(text: &str) -> &str {
    const LONG: usize = 120;
    let end = text.find(". ").filter(|end| text.len() > LONG && *end > 0);
    end.map_or(text, |end| &text[..end])
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cell(span: Span, text: Box<str>) -> Cell {
    Cell { span, text, is_continued: false }
}

/// Returns the cells. Of two items with one text, the heading belongs to the key; of two with one key, the first is the record.
fn cells(found: Vec<Found<'_>>) -> Vec<Vec<Cell>> {
    let mut keys: HashSet<String> = HashSet::new();
    let mut rows = Vec::with_capacity(found.len());
    for Found { span, name, mark, heading } in found {
        let outer = format!("{}: {name}", heading.title);
        let key = match keys.insert(name.to_lowercase()) {
            true => name.to_string(),
            false if keys.insert(outer.to_lowercase()) => outer,
            false => continue,
        };
        let heading = cell(heading.span, heading.title.trim().into());
        rows.push(vec![
            cell(span, name),
            cell(span, key.into()),
            cell(span, mark.unwrap_or_default()),
            heading,
        ]);
    }
    rows
}

/// Returns the headings around each heading, the nearest first.
fn outer(headings: &[Heading]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let around = headings.iter().enumerate().map(|(at, heading)| {
        while open.pop_if(|last| headings[*last].level >= heading.level).is_some() {}
        let outer = open.last().copied();
        open.push(at);
        outer
    });
    around.collect()
}
