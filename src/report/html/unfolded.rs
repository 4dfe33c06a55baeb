//! A page about the record of a card, folded below it.

use maud::{Markup, html};

use crate::view::{Cell, Column, Row, Section};

/// The levels of brevity differ in how many rows of a section are shown.
pub(super) fn draw(
    sections: &[Section],
    most: usize,
    text: impl Fn(&str) -> Markup,
    detail: impl Fn(&Column, &Cell, &Row) -> Markup,
    place: impl Fn(&Row) -> Markup,
) -> Markup {
    let title = sections.first().map_or("", |section| &*section.page.title);
    let heads = |section: &Section, row: &Row| -> Vec<String> {
        let heads = section.columns.iter().zip(&row.cells).filter(|(column, _)| column.is_head);
        heads.map(|(_, cell)| cell.text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
    };
    html! {
        @if !sections.is_empty() {
            details .unfolded {
                summary { (title) " " span .count { (sections.iter().map(|section| section.rows.len()).sum::<usize>()) } }
                @for section in sections {
                    h5 { (section.title) }
                    ul {
                        @for row in section.rows.iter().take(most) {
                            @let heads = heads(section, row);
                            li {
                                b { (text(heads.first().map_or("", String::as_str))) }
                                @for head in heads.iter().skip(1) { " " (text(head)) }
                                " " (place(row))
                                dl {
                                    @for (column, cell) in section.columns.iter().zip(&row.cells).filter(|(column, _)| !column.is_head) {
                                        (detail(column, cell, row))
                                    }
                                }
                            }
                        }
                        @if section.rows.len() > most { li { (section.rows.len() - most) " more" } }
                    }
                }
            }
        }
    }
}
