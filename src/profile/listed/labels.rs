//! The labels above the items of a list: headings, and lines in their place such as `**Next:**`.

use super::{Listed, outer};
use crate::syntax::markdown::{ListItem, Paragraph};
use crate::syntax::{Document, Markdown};
use crate::text::{Source, Span};

#[derive(Clone, Copy, Debug)]
pub(super) struct Label<'p> {
    pub text: &'p str,
    pub span: Span,
    /// False for a line or an item.
    pub is_heading: bool,
    /// True if it has the form below which items are records.
    pub is_asked: bool,
    /// True if its records have no other heading between it and them.
    pub is_direct: bool,
    /// True if no item below it is a record.
    pub is_barred: bool,
}

/// The labels above items, which are asked for in the order of the page.
pub(super) struct Labels<'p> {
    listed: &'p Listed,
    source: &'p Source,
    headings: Vec<Label<'p>>,
    outer: Vec<Option<usize>>,
    title: Option<usize>,
    paragraphs: std::iter::Peekable<std::slice::Iter<'p, Paragraph>>,
    /// The last line below the heading that is in the place of one, and the one of the form that is asked for.
    lines: [Option<Label<'p>>; 2],
    heading: Option<usize>,
}

impl<'p> Labels<'p> {
    pub(super) fn new(listed: &'p Listed, document: &'p Document, page: &'p Markdown) -> Labels<'p> {
        Labels {
            listed,
            source: &document.source,
            headings: page.headings.iter().map(|it| listed.heading(it)).collect(),
            outer: outer(&page.headings),
            title: title_at(page),
            paragraphs: page.paragraphs.iter().peekable(),
            lines: [None, None],
            heading: None,
        }
    }

    /// Returns the labels above an item, the nearest first. The title of the page counts for the items directly below it.
    pub(super) fn above(&mut self, item: &ListItem) -> Vec<Label<'p>> {
        if item.heading != self.heading {
            (self.heading, self.lines) = (item.heading, [None, None]);
        }
        while let Some(paragraph) = self.paragraphs.next_if(|it| it.span.start < item.span.start) {
            if paragraph.heading != item.heading {
                continue;
            }
            let Some(label) = line(self.source, paragraph.span) else { continue };
            let label = self.listed.label(self.source.slice(label), label);
            self.lines = if label.is_asked { [None, Some(label)] } else { [Some(label), self.lines[1]] };
        }
        let mut above: Vec<Label<'p>> = self.lines.iter().flatten().copied().collect();
        let mut next = item.heading;
        while let Some((at, heading)) = next.and_then(|at| Some((at, self.headings.get(at)?))) {
            if Some(at) != self.title || item.heading == Some(at) {
                above.push(*heading);
            }
            next = self.outer.get(at).copied().flatten();
        }
        above
    }
}

/// Returns the index of the title, if no other heading has its level.
pub(super) fn title_at(page: &Markdown) -> Option<usize> {
    let title = page.title()?;
    let is_only = page.headings.iter().filter(|heading| heading.level == title.level).nth(1).is_none();
    page.headings.iter().position(|it| it.span == title.span).filter(|_| is_only)
}

/// Returns the last line of a paragraph, if it is in bold or ends with a colon: `**Next**`, `We plan:`.
pub(super) fn line(source: &Source, paragraph: Span) -> Option<Span> {
    const LONGEST: usize = 120;
    let text = source.slice(paragraph).trim_end();
    let line = text.rsplit('\n').next()?.trim();
    let is_bold = line.starts_with("**") && line.trim_end_matches([':', ' ']).ends_with("**");
    if !(is_bold || line.trim_end_matches(['*', '_', ' ']).ends_with(':')) || line.len() > LONGEST {
        return None;
    }
    let words = line.trim_matches(['*', '_', ':', ' ']);
    let start = words.as_ptr() as usize - source.text().as_ptr() as usize;
    (!words.is_empty()).then(|| Span::new(start, start + words.len()))
}
