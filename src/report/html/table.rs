//! The rows of a section as a table, where each is short.

use maud::{Markup, html};

use super::page::Rows;
use crate::finding::Place;

/// Writes the first rows as a table; `linked` makes the content of a cell from its text, `place` the link of a row.
pub(super) fn draw(
    (rows, shown): (&Rows, usize),
    linked: impl Fn(&str) -> Markup,
    place: impl Fn(&Place) -> Markup,
) -> Markup {
    let columns = rows.columns();
    html! {
        section .scroll tabindex="0" aria-label=(rows.title()) {
            table .plain {
                thead { tr {
                    @for column in columns { th scope="col" { (column.title) } }
                } }
                tbody { @for (number, cells) in rows.cells().enumerate().take(shown) {
                    tr id=[rows.anchor(number)] {
                        @for (at, (column, cell)) in cells.enumerate() {
                            @if at == 0 { th scope="row" {
                                (linked(cell.text.trim()))
                                @if let Some(at) = rows.place(number) { br; (place(at)) }
                            } }
                            @else if column.is_head { td { b { (cell.text.trim()) } } }
                            @else { td { (linked(cell.text.trim())) } }
                        }
                    }
                } }
            }
        }
    }
}
