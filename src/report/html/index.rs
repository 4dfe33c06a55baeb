//! An index of the cards by those who answer for them.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::page::Rows;
use crate::calendar::parse_date;
use crate::view::{Cell, Column};

/// The name of the part in addresses.
pub(super) const NAME: &str = "index";
/// The heading of the part.
pub(super) const TITLE: &str = "By person and team";

/// The columns that name the people and teams responsible for a row, or affected by it.
const COLUMNS: [&str; 13] = [
    "owner",
    "holder",
    "chair",
    "call",
    "unit",
    "team",
    "from",
    "to",
    "who",
    "told",
    "consulted",
    "participants",
    "by",
];
/// Those of them whose text is a name also where the directory does not have it.
const OWNERS: [&str; 4] = ["owner", "holder", "chair", "call"];
/// The column whose text begins with the name of a team.
const UNIT: &str = "unit";

/// The titles of the parts, each with the cards in it.
type Parts<'p> = Vec<(&'p str, Vec<(String, String)>)>;

/// Lists the cards of each person and team, part by part.
pub(super) fn draw<'p>(sections: impl Iterator<Item = (&'p str, Rows<'p>)>) -> Markup {
    let mut index: BTreeMap<String, Parts<'p>> = BTreeMap::new();
    for (part, rows) in sections {
        for (at, columns) in rows.cells().enumerate() {
            let Some(link) = rows.link(at) else { continue };
            for name in columns.flat_map(|(column, cell)| names(column, cell)) {
                let parts = index.entry(name).or_default();
                if parts.last().is_none_or(|(known, _)| *known != part) {
                    parts.push((part, Vec::new()));
                }
                let Some((_, cards)) = parts.last_mut() else { continue };
                let card = rows.name(at);
                let card = if parse_date(&card).is_some() { rows.label(at) } else { card };
                if !cards.iter().any(|(known, _)| *known == card) {
                    cards.push((card, link.clone()));
                }
            }
        }
    }
    html! {
        @if !index.is_empty() {
            section .part id=(NAME) aria-labelledby="index-title" {
                h2 #index-title { (TITLE) }
                p .about { "The cards of each person and team." }
                @for (name, parts) in &index {
                    details .index {
                        summary { (name) " " span .count { (parts.iter().map(|(_, cards)| cards.len()).sum::<usize>()) } }
                        dl { @for (part, cards) in parts {
                            dt { (part) }
                            dd { @for (at, (card, link)) in cards.iter().enumerate() {
                                @if at > 0 { ", " }
                                a href=(link) { (card) }
                            } }
                        } }
                    }
                }
            }
        }
    }
}

/// Returns the people and teams that a cell names as responsible; for a role, its holder.
fn names(column: &Column, cell: &Cell) -> Vec<String> {
    let text = cell.text.trim();
    if !COLUMNS.contains(&&*column.key) || text.is_empty() {
        return Vec::new();
    }
    if *column.key == *UNIT {
        let first = cell.named.first().filter(|named| *named.kind == *"team");
        return first.and_then(|_| text.split(", ").next()).map(str::to_owned).into_iter().collect();
    }
    let parts: Vec<&str> = text.split(", ").collect();
    let is_list_of_names = parts.len() == cell.named.len();
    if !is_list_of_names && (parts.len() > 1 || !OWNERS.contains(&&*column.key)) {
        return Vec::new();
    }
    let holder = |part: &str| {
        let role = part.strip_suffix(')').and_then(|part| part.rsplit_once(" ("));
        let is_role = cell.named.iter().any(|named| *named.kind == *"role");
        role.filter(|_| is_role).map_or(part, |(_, holder)| holder).to_owned()
    };
    parts.into_iter().map(holder).collect()
}
