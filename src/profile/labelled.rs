//! The tables of names and values below the title of a page.

use super::view::View;
use crate::syntax::markdown::Cell;

impl View<'_> {
    /// The names and values of the tables of two columns below the title, without rows that lack one of them.
    pub(crate) fn labelled_rows(&self) -> impl Iterator<Item = (&Cell, &Cell)> {
        let page = self.markdown();
        let tables = self.preamble().zip(page).map_or(&[][..], |(span, page)| page.tables_in(span));
        let tables = tables.iter().filter(|table| table.header.len() == 2);
        let rows = tables.flat_map(|table| std::iter::once(&table.header).chain(&table.rows));
        rows.filter_map(|cells| {
            let [name, value] = &cells[..] else { return None };
            let is_filled = |cell: &Cell| !label_text(&cell.text).is_empty();
            (is_filled(name) && !self.source().slice(value.span).trim().is_empty()).then_some((name, value))
        })
    }
}

/// Returns a label without the blanks and marks around it: `Status` of `**Status:**`.
pub(crate) fn label_text(label: &str) -> &str {
    label.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '*' | '_' | ':'))
}
