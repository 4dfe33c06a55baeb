//! Items of lists, and the terms of descriptions.

use super::{OpenParagraph, Reader};
use crate::limits;
use crate::syntax::Problem;
use crate::syntax::markdown::ListItem;
use crate::text::Span;

/// An item whose end is not known yet.
pub(super) struct OpenItem<'a> {
    /// Without white space; of numbers, one for all.
    marker: &'a str,
    /// Its index; none for the term of a description.
    item: Option<usize>,
    /// The blocks that were open around it.
    blocks: usize,
}

impl<'a> Reader<'a> {
    /// Begins an item: its list is that of the last open item with the same marker.
    pub(super) fn item(&mut self, start: usize, marker: &'a str, end: usize) -> Result<(), Problem> {
        let mark = kind(marker.trim_end());
        self.end_items_of(mark);
        if self.items.len() >= limits::PAGE_DEPTH {
            let span = Span::new(start, start + marker.len());
            return Err(Problem::fatal(span, "lists and quotes are nested too deeply"));
        }
        let around = self.items.iter().filter(|open| open.item.is_some()).count();
        let heading = self.text.heading();
        let text = start + marker.len();
        self.text.page.items.push(ListItem {
            depth: around + 1,
            span: Span::new(start, end),
            text: Span::new(text.min(end), end),
            plain: "".into(),
            heading,
        });
        let item = self.text.page.items.len() - 1;
        self.items.push(OpenItem { marker: mark, item: Some(item), blocks: self.open.len() });
        let text = text + task_box(&self.source[text..end]);
        self.begin_text(text, end, Some(item));
        Ok(())
    }

    /// Begins a description: `Status:: accepted`.
    pub(super) fn term(&mut self, start: usize, term: usize, end: usize) {
        let line = &self.source[start..end];
        let rest = line[term..].trim_start_matches([':', ';']);
        let mark = &line[term..line.len() - rest.len()];
        self.end_items_of(mark);
        self.text.begin_block();
        self.inline(start..start + term);
        if self.items.len() < limits::PAGE_DEPTH {
            self.items.push(OpenItem { marker: mark, item: None, blocks: self.open.len() });
        }
        let text = end - rest.trim_start().len();
        if text < end {
            self.begin_text(text, end, None);
        }
    }

    fn begin_text(&mut self, start: usize, end: usize, item: Option<usize>) {
        self.is_apart = false;
        self.is_attached = false;
        self.paragraph = Some(OpenParagraph { range: start..end, item, is_listed: true });
    }

    /// Ends the items before a block that belongs to none of them.
    pub(super) fn leave_items(&mut self) {
        if !std::mem::replace(&mut self.is_attached, false) {
            self.end_items(self.items_within(self.open.len()));
        }
    }

    /// Returns the index of the first item in a list with so many blocks around it.
    pub(super) fn items_within(&self, blocks: usize) -> usize {
        self.items.partition_point(|open| open.blocks < blocks)
    }

    /// Ends the items in lists within that of a marker, and its last item.
    fn end_items_of(&mut self, mark: &str) {
        let is_of_list = |open: &OpenItem<'_>| open.marker == mark && open.blocks == self.open.len();
        self.end_items(self.items.iter().rposition(is_of_list).unwrap_or(self.items.len()));
    }

    pub(super) fn end_items(&mut self, from: usize) {
        self.items.truncate(from);
    }

    /// Extends the open items up to a position.
    pub(super) fn reach(&mut self, end: u32) {
        for open in &self.items {
            if let Some(item) = open.item {
                let span = &mut self.text.page.items[item].span;
                span.end = span.end.max(end);
            }
        }
    }
}

/// Returns what the markers of one list have in common.
fn kind(marker: &str) -> &str {
    match marker.as_bytes() {
        [b'0'..=b'9', ..] => "1.",
        _ => marker,
    }
}

/// Returns the bytes of the box of a task.
fn task_box(text: &str) -> usize {
    let marks = ["[ ] ", "[x] ", "[X] ", "[*] "];
    marks.iter().find(|mark| text.starts_with(**mark)).map_or(0, |mark| mark.len())
}
