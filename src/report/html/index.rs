//! An index of the cards by those who answer for them.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::super::terminal::clip;
use super::page::Rows;
use crate::calendar::parse_date;
use crate::rule::NameSpec;
use crate::view::{Cell, Column, NOBODY};

/// The name of the part in addresses.
pub(super) const NAME: &str = "index";
/// The heading of the part.
pub(super) const TITLE: &str = "By person and team";

/// The first cards of a part, which have their titles; the others only their names.
const TITLED: usize = 24;
/// The columns of a terminal that a card has room for.
const CARD_COLUMNS: usize = 56;

/// The titles of the parts, each with the cards in it.
type Parts<'p> = Vec<(&'p str, Vec<(String, String)>)>;

/// Lists the cards of each person and team, part by part.
pub(super) fn draw<'p>(sections: impl Iterator<Item = (&'p str, Rows<'p>)>) -> Markup {
    let mut index: BTreeMap<String, Parts<'p>> = BTreeMap::new();
    let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (part, rows) in sections {
        for (at, columns) in rows.cells().enumerate() {
            let Some(link) = rows.link(at) else { continue };
            let columns: Vec<(&Column, &Cell)> = columns.collect();
            let is_of_members = |column: &Column| column.index == Some(NameSpec::Members);
            let found = columns.iter().filter(|(column, _)| is_of_members(column));
            let found: Vec<String> = found.flat_map(|(column, cell)| names(column, cell)).collect();
            if !found.is_empty() {
                members.entry(rows.name(at)).or_default().extend(found);
            }
            let others = columns.iter().filter(|(column, _)| !is_of_members(column));
            let shares = |cell: &Cell, name: &str| {
                let at = cell.people.iter().position(|known| known == name)?;
                cell.shares.get(at).copied().flatten()
            };
            let named = |(column, cell): &(&Column, &Cell)| -> Vec<(String, Option<usize>)> {
                names(column, cell)
                    .into_iter()
                    .map(|name| {
                        let share = shares(cell, &name);
                        (name, share)
                    })
                    .collect()
            };
            for (name, share) in others.flat_map(named) {
                let parts = index.entry(name).or_default();
                if parts.last().is_none_or(|(known, _)| *known != part) {
                    parts.push((part, Vec::new()));
                }
                let Some((_, cards)) = parts.last_mut() else { continue };
                let card = rows.name(at);
                let is_titled = cards.len() < TITLED || parse_date(&card).is_some();
                let card = if is_titled {
                    clip(&rows.label(at).replace("  ", " "), CARD_COLUMNS).into_owned()
                } else {
                    card
                };
                // "2 of 19 key results".
                let card = share.map_or_else(|| card.clone(), |share| format!("{share} of {card}"));
                if !cards.iter().any(|(known, _)| *known == card) {
                    cards.push((card, link.clone()));
                }
            }
        }
    }
    let numbers: BTreeMap<&str, usize> =
        index.keys().enumerate().map(|(number, name)| (&**name, number + 1)).collect();
    html! {
        @if !index.is_empty() {
            section .part id=(NAME) aria-labelledby="index-title" {
                h2 #index-title { (TITLE) }
                p .about { "The cards of each person and team." }
                @for (name, parts) in &index {
                    details .index id=(format!("{NAME}-{}", numbers[&**name])) {
                        summary { (name) " " span .count { (parts.iter().map(|(_, cards)| cards.len()).sum::<usize>()) } }
                        dl { @for (part, cards) in parts {
                            dt { (part) }
                            dd { @for (at, (card, link)) in cards.iter().enumerate() {
                                @if at > 0 { "; " }
                                a href=(link) { (card) }
                            } }
                        }
                        @let members = || members.get(name).into_iter().flatten().filter_map(|it| Some((it, numbers.get(&**it)?)));
                        @if members().next().is_some() {
                            dt { "Its people" }
                            dd { @for (at, (member, number)) in members().enumerate() {
                                @if at > 0 { ", " }
                                a href=(format!("#{NAME}-{number}")) { (member) }
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
    let Some(index) = column.index.filter(|_| !text.is_empty()) else { return Vec::new() };
    if !cell.people.is_empty() {
        return cell.people.clone();
    }
    if index == NameSpec::Team {
        let first = cell.named.first().filter(|named| *named.kind == *"team");
        return first.and_then(|_| text.split(", ").next()).map(str::to_owned).into_iter().collect();
    }
    if text == NOBODY {
        return Vec::new();
    }
    let parts: Vec<&str> = text.split(", ").collect();
    let is_list_of_names = parts.len() == cell.named.len();
    if !is_list_of_names && (parts.len() > 1 || index != NameSpec::Name) {
        return Vec::new();
    }
    parts.into_iter().map(|part| holder(cell, part)).collect()
}

/// The holder of a role, or the name itself.
fn holder(cell: &Cell, name: &str) -> String {
    let role = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
    let is_role = cell.named.iter().any(|named| *named.kind == *"role");
    role.filter(|_| is_role).map_or(name, |(_, holder)| holder).to_owned()
}
