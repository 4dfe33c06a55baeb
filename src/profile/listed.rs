//! Items of lists that are records: the planned work on the page of a roadmap.

use std::collections::HashSet;

use super::pattern::Pattern;
use super::spans::{self, Spans};
use crate::syntax::markdown::{Cell, Heading, ListItem};
use crate::syntax::{Document, Markdown};
use crate::text::{Source, Span};

mod labels;
mod outline;
mod whole;

use labels::{Label, Labels};
pub(super) use whole::WholeSections;

/// The fewest items that make a page a list of records.
const LEAST: usize = 2;
/// So many items around one are looked at.
const MOST_ABOVE: usize = 4;

/// The names of the cells of an item, by which extractors read them.
const CELLS: [&str; 6] = ["Item", "Key", "Number", "Mark", "Heading", "Heading above"];

/// Which items of lists are records: those with a mark, and outermost ones below a heading of a certain form.
#[derive(Debug)]
pub(crate) struct Listed {
    pub form: ListedForm,
    /// What marks an item, at its beginning or its end.
    pub marked: Vec<Pattern>,
    /// In a heading, or a line or item in its place, below which items without a mark are records.
    pub below: Option<Pattern>,
    /// In such a heading, of which the items below a further heading are details.
    pub directly: Option<Pattern>,
    /// In a heading below which none is.
    pub not_below: Option<Pattern>,
    /// In an item that is none.
    pub unless: Option<Pattern>,
    /// True if the headings directly below those are records that hold text alone, where no item is one.
    pub headings: bool,
    /// True if an item around others is a heading of these only where it ends with a colon, and else a record.
    pub outermost: bool,
    /// Headings whose whole section is one record.
    pub sections: Option<WholeSections>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ListedForm {
    /// Items with a mark, and outermost ones below a heading that is asked for.
    Items,
    /// Headings, lines and items that hold lists.
    Outline,
}

/// A part of a page that is a record.
struct Found<'p> {
    span: Span,
    /// Its text without its marks, or its words in bold.
    name: Box<str>,
    /// Such as `Phase 3`.
    number: Option<Box<str>>,
    mark: Option<Box<str>>,
    /// The nearest heading, label or item above.
    above: Option<Label<'p>>,
    /// The nearest ones of the form that is asked for.
    headings: [Option<Label<'p>>; 2],
}

/// An item above the ones that are looked at.
struct Open<'p> {
    depth: usize,
    end: u32,
    /// `None` for a record, whose items are details.
    label: Option<Label<'p>>,
}

impl Listed {
    pub(super) fn header() -> Vec<Cell> {
        CELLS.iter().map(|name| cell(Span::default(), (*name).into())).collect()
    }

    /// Returns the cells of each part of the page that is a record; none if there are too few.
    /// With `parts`, only what begins in these counts.
    pub(super) fn find(&self, document: &Document, parts: Option<&[Span]>) -> Vec<Vec<Cell>> {
        let Some(page) = &document.markdown else { return Vec::new() };
        let mut found = match self.form {
            ListedForm::Items => self.items(document, page),
            ListedForm::Outline => self.outlined(document, page),
        };
        spans::keep(&mut found, parts, |one| one.span.start);
        if found.len() < LEAST { Vec::new() } else { cells(found) }
    }

    fn items<'p>(&'p self, document: &'p Document, page: &'p Markdown) -> Vec<Found<'p>> {
        let source = &document.source;
        let whole = self.whole_sections(page);
        let mut within = Spans::new(&whole.spans);
        let texts: Vec<Text> = page.items.iter().map(|item| self.text_of(source, item)).collect();
        let holds_marked = with_marked_items(&page.items, &texts);
        let mut labels = Labels::new(self, document, page);
        let mut open: Vec<Open<'p>> = Vec::new();
        let mut found: Vec<Found<'p>> = Vec::new();
        for (at, (item, text)) in page.items.iter().zip(texts).enumerate() {
            while open.pop_if(|last| last.depth >= item.depth || last.end <= item.span.start).is_some() {}
            if within.hold(item.span.start) {
                continue;
            }
            let of_page = labels.above(item);
            if open.last().is_some_and(|last| last.label.is_none()) {
                continue;
            }
            let inside = open.iter().rev().filter_map(|open| open.label).take(MOST_ABOVE);
            let above: Vec<Label<'p>> = inside.chain(of_page).collect();
            let has_items = page.items.get(at + 1).is_some_and(|next| item.span.contains(next.span));
            let may_be_heading = || !self.outermost || item.plain.trim().ends_with([':', '：']);
            let is_asked = || self.below.as_ref().is_some_and(|below| below.is_match(&text.name));
            let is_heading = || may_be_heading() && is_asked();
            let is_label = holds_marked[at] || (has_items && text.mark.is_none() && is_heading());
            let label = is_label.then(|| self.label(item.plain.trim(), item.text));
            open.push(Open { depth: item.depth, end: item.span.end, label });
            if is_label || !self.is_record(&text, item.plain.trim(), &above) {
                continue;
            }
            let mut headings = above.iter().copied().filter(|label| label.is_asked);
            found.push(Found {
                span: item.text,
                name: text.name,
                number: None,
                mark: text.mark,
                above: above.first().copied(),
                headings: [headings.next(), headings.next()],
            });
        }
        let mut found = marked_apart(found);
        if self.headings {
            let below = |one: &Found<'_>| one.headings[0].map(|label| label.span.start);
            let with_items: HashSet<Option<u32>> = found.iter().map(below).collect();
            let mut within = Spans::new(&whole.spans);
            let headings = self.headings_without_lists(document, page).into_iter();
            let headings = headings.filter(|one| !within.hold(one.span.start));
            found.extend(headings.filter(|one| !with_items.contains(&below(one))));
            found.sort_by_key(|one| one.span.start);
        }
        self.beside_whole(whole, found)
    }

    fn label<'p>(&self, text: &'p str, span: Span) -> Label<'p> {
        let is_match = |pattern: &Option<Pattern>| pattern.as_ref().is_some_and(|it| it.is_match(text));
        let is_asked = is_match(&self.below);
        let is_direct = is_asked && is_match(&self.directly);
        Label { text, span, is_heading: false, is_asked, is_direct, is_barred: is_match(&self.not_below) }
    }

    fn heading<'p>(&self, heading: &'p Heading) -> Label<'p> {
        Label { is_heading: true, ..self.label(heading.title.trim(), heading.span) }
    }

    fn is_none(&self, text: &str) -> bool {
        self.unless.as_ref().is_some_and(|unless| unless.is_match(text))
    }

    fn is_record(&self, text: &Text, plain: &str, above: &[Label<'_>]) -> bool {
        if text.is_none || self.is_none(plain) || !text.name.contains(char::is_alphabetic) {
            return false;
        }
        let is_below = || {
            let asked = above.iter().position(|label| label.is_asked)?;
            let between = &above[..asked];
            let is_between = between.iter().any(|label| label.is_heading);
            // A line such as `It should support:` below a further heading introduces details.
            let is_announced = is_between && between.first().is_some_and(|label| !label.is_heading);
            (!is_between || !(above[asked].is_direct || is_announced)).then_some(())
        };
        !above.iter().any(|label| label.is_barred) && (text.mark.is_some() || is_below().is_some())
    }

    fn text_of(&self, source: &Source, item: &ListItem) -> Text {
        let lead = Span { start: item.span.start, end: item.text.start.max(item.span.start) };
        let lead = source.slice(lead);
        let raw = source.slice(item.text).trim();
        let mut plain = joined(&item.plain);
        if raw.starts_with("~~") {
            plain.insert_str(0, "~~ ");
        }
        if let Some(at) = lead.find('[') {
            plain.insert_str(0, &format!("{} ", lead[at..].trim_end().to_lowercase()));
        }
        let (mark, rest) = self.without_marks(&plain);
        let (_, raw) = self.without_marks(raw.trim_start_matches("~~"));
        let words = bold(raw).map(|words| self.without_marks(&words).1.to_owned());
        // A word alone, as in `**A-1**: Ships are short`, says too little.
        let is_name =
            |words: &String| words.contains(char::is_alphabetic) && (!self.outermost || words.contains(' '));
        let name = match words.filter(is_name) {
            Some(words) => words.into(),
            None => first_sentence(rest).trim_end_matches([':', ' ']).into(),
        };
        Text { name, mark: mark.map(Into::into), is_none: self.is_none(raw) }
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

/// What an item says.
struct Text {
    name: Box<str>,
    mark: Option<Box<str>>,
    /// True if its form says that it is not a record: a link, for example.
    is_none: bool,
}

/// Leaves out items without a mark beside such with one, below the same heading: they are details.
fn marked_apart(mut found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    let heading = |one: &Found<'_>| one.headings[0].map(|label| label.span.start);
    let marked: HashSet<Option<u32>> = found.iter().filter(|one| one.mark.is_some()).map(heading).collect();
    found.retain(|one| one.mark.is_some() || !marked.contains(&heading(one)));
    found
}

/// Returns for each item whether one within it has a mark.
fn with_marked_items(items: &[ListItem], texts: &[Text]) -> Vec<bool> {
    let mut holds = vec![false; items.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        while open.pop_if(|last| !items[*last].span.contains(item.span)).is_some() {}
        if texts[at].mark.is_some() {
            for outer in open.iter().rev() {
                if std::mem::replace(&mut holds[*outer], true) {
                    break;
                }
            }
        }
        open.push(at);
    }
    holds
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

/// Returns the cells. Of two items with one text, the label above belongs to the key; with the same label, the first is the record. A
/// number that comes twice names none.
fn cells(found: Vec<Found<'_>>) -> Vec<Vec<Cell>> {
    let same_name = repeated(found.iter().map(|one| one.name.to_lowercase()));
    let same_number = repeated(found.iter().filter_map(|one| Some(one.number.as_ref()?.to_lowercase())));
    let mut keys: HashSet<String> = HashSet::new();
    let of_label = |span: Span, label: Option<Label<'_>>| cell(span, label.map_or("", |it| it.text).into());
    let mut rows = Vec::with_capacity(found.len());
    for Found { span, name, number, mark, above, headings } in found {
        let label = above.filter(|_| same_name.contains(&name.to_lowercase()));
        let key = label.map_or_else(|| name.to_string(), |label| format!("{}: {name}", label.text));
        let outer = format!("{}: {key}", headings[0].map_or("", |heading| heading.text));
        let key = if keys.insert(key.to_lowercase()) {
            key
        } else if keys.insert(outer.to_lowercase()) {
            outer
        } else {
            continue;
        };
        let number = number.filter(|number| !same_number.contains(&number.to_lowercase()));
        rows.push(vec![
            cell(span, name),
            cell(span, key.into()),
            cell(span, number.unwrap_or_default()),
            cell(span, mark.unwrap_or_default()),
            of_label(span, headings[0]),
            of_label(span, headings[1]),
        ]);
    }
    rows
}

fn repeated(texts: impl Iterator<Item = String>) -> HashSet<String> {
    let mut seen: HashSet<String> = HashSet::new();
    texts.filter(|text| !seen.insert(text.clone())).collect()
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
