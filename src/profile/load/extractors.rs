//! The locations of values that a profile names.

use super::super::extract::{Extractor, Selector, ValueForm};
use super::super::items::Items;
use super::{Loader, entries, texts};
use crate::node::Node;
use crate::syntax::markdown::section_key;

impl Loader<'_> {
    pub(super) fn items(&mut self, root: &Node) -> Items {
        Items { at: root.get("at").map(texts).unwrap_or_default() }
    }

    pub(super) fn extractor(&mut self, node: &Node) -> Option<Extractor> {
        self.header_names(node.get("header"));
        self.separator(node.get("split"));
        let names = |key: &str| node.get(key).map(texts);
        let selector = if let Some(keys) = names("key") {
            Selector::Key(keys)
        } else if node.get("own-day").is_some() {
            Selector::OwnDay
        } else if let Some(header) = names("header") {
            Selector::Header(header)
        } else if let Some(names) = names("line") {
            Selector::Line(names)
        } else if let Some(header) = names("header-above") {
            Selector::HeaderAbove(header)
        } else if let Some(titles) = names("section") {
            let keys = titles.iter().map(|title| section_key(title).into());
            Selector::Section(keys.collect(), take(node.get("take")))
        } else if let Some(columns) = names("cell") {
            Selector::Cell(columns)
        } else if let Some(columns) = names("column") {
            Selector::Column(columns)
        } else if let Some(pattern) = node.get("marked") {
            Selector::Marked(self.pattern(pattern)?)
        } else if let Some(pattern) = node.get("item") {
            Selector::Item(self.pattern(pattern)?)
        } else if let Some(rows) = names("row") {
            Selector::Row(rows)
        } else if let Some(text) = node.get("value").and_then(Node::as_text) {
            Selector::Fixed(text.into())
        } else if let Some(pattern) = node.get("preamble") {
            Selector::Preamble(self.pattern(pattern)?)
        } else if let Some(pattern) = node.get("every") {
            Selector::Every(self.pattern(pattern)?)
        } else if let Some(pattern) = node.get("body") {
            Selector::Body(self.pattern(pattern)?)
        } else if let Some(pattern) = node.get("title") {
            Selector::Title(self.pattern(pattern)?)
        } else if let Some(pattern) = node.get("subtitle") {
            Selector::Subtitle(self.pattern(pattern)?)
        } else if let Some(pattern) = node.get("file") {
            Selector::File(self.pattern(pattern)?)
        } else {
            Selector::Folder(self.pattern(node.get("folder")?)?)
        };
        let columns = node.get("fields").map_or(&[][..], entries).iter();
        Some(Extractor {
            selector,
            pattern: node.get("pattern").and_then(|pattern| self.pattern(pattern)),
            unless: node.get("unless").and_then(|pattern| self.pattern(pattern)),
            within: node.get("within").and_then(|within| self.pattern(within)),
            split: node.get("split").map(texts).unwrap_or_default(),
            item_fields: columns.map(|entry| ((&*entry.key.name).into(), texts(&entry.value))).collect(),
        })
    }
}

fn take(node: Option<&Node>) -> ValueForm {
    match node.and_then(Node::as_text) {
        Some("line") => ValueForm::Line,
        Some("lines") => ValueForm::Lines,
        Some("items") => ValueForm::Items,
        Some("links") => ValueForm::Links,
        Some("names") => ValueForm::Names,
        _ => ValueForm::Text,
    }
}
