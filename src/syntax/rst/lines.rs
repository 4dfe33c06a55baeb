//! The lines of a page, with their indentation.

use crate::text::Span;

/// Columns between the stops of a tab.
const TAB: usize = 8;

#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Where the line begins, with its indentation.
    pub line_start: usize,
    /// Where its text begins: after the marker of an item that begins on it.
    pub start: usize,
    /// Without white space at the end.
    pub end: usize,
    /// Where the next line begins.
    pub next: usize,
    /// The column of `start`.
    pub column: usize,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.start == self.end
    }

    pub(super) fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }

    /// Leaves out a marker of so many bytes and the white space after it.
    pub(super) fn skip(&mut self, marker: usize, source: &str) {
        let rest = &source[(self.start + marker).min(self.end)..self.end];
        let skipped = (self.end - rest.len()) - self.start;
        let spaces = rest.len() - rest.trim_start().len();
        self.column = columns(&source[self.start..self.start + skipped + spaces], self.column);
        self.start += skipped + spaces;
    }
}

pub(super) fn lines(source: &str, within: Span) -> Vec<Line> {
    let mut next = within.start as usize;
    let text = &source[within.range()];
    let line = |line: &str| {
        let line_start = next;
        next += line.len();
        let content = line.trim_start();
        let indentation = line.len() - content.len();
        let start = line_start + indentation.min(line.trim_end_matches(['\r', '\n']).len());
        let end = (line_start + line.trim_end().len()).max(start);
        Line { line_start, start, end, next, column: columns(&source[line_start..start], 0) }
    };
    let lines: Vec<Line> = text.split_inclusive('\n').map(line).collect();
    lines
}

fn columns(text: &str, from: usize) -> usize {
    text.chars().fold(from, |column, c| if c == '\t' { (column / TAB + 1) * TAB } else { column + 1 })
}
