//! Which question is answered for which row.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::page::{Rows, sentence};
use crate::view::{Answer, Cell, Column};

/// Draws a table with a column for each question.
pub(super) fn matrix(rows: &Rows) -> Markup {
    let questions: Vec<(usize, &Column)> =
        rows.columns().iter().enumerate().filter(|(_, column)| column.is_question).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for answer in rows.cells().flatten().filter_map(|(_, cell)| cell.answer) {
        *counts.entry(answer.name()).or_default() += 1;
    }
    let head = rows.columns().first().map_or("", |column| &*column.title);
    html! {
        ul .legend {
            @for answer in [Answer::Answered, Answer::InPart, Answer::Open] {
                li { (symbol(answer)) (counts.get(answer.name()).copied().unwrap_or_default()) " " (answer.name()) }
            }
        }
        section .scroll tabindex="0" aria-label=(rows.title()) {
            table {
                thead { tr {
                    th scope="col" { (head) }
                    @for (_, column) in &questions { th scope="col" { (column.title) } }
                } }
                tbody { @for (number, cells) in rows.cells().enumerate() { tr {
                    @let cells: Vec<&Cell> = cells.map(|(_, cell)| cell).collect();
                    th scope="row" { a href=[rows.link(number)] { (rows.name(number)) } }
                    @for (at, _) in &questions { td { (answer_cell(cells.get(*at).copied())) } }
                } } }
            }
        }
        @if let Some(rules) = rows.asked_by() { p .note { (sentence(&rules)) } }
    }
}

fn answer_cell(cell: Option<&Cell>) -> Markup {
    html! {
        @match cell.and_then(|cell| cell.answer) {
            Some(answer) => i class=(class(answer)) { (answer.name()) },
            None => span .none { "–" },
        }
    }
}

fn symbol(answer: Answer) -> Markup {
    html! { i class=(class(answer)) aria-hidden="true" {} }
}

/// The answer before a text, unless it is a whole one.
pub(super) fn badge(answer: Answer) -> Markup {
    html! { @if answer != Answer::Answered { span class={ "badge " (class(answer)) } { (answer.name()) } " " } }
}

fn class(answer: Answer) -> &'static str {
    match answer {
        Answer::Answered => "answered",
        Answer::InPart => "in-part",
        Answer::Open => "open",
    }
}
