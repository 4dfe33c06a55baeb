//! Where a format states a field that a record lacks.

use super::super::write_target::{self, ValueTemplate, WriteLocation, WriteTarget};
use super::{Loader, entries, items, texts};
use crate::finding::Fault;
use crate::node::{Entry, Node};
use crate::syntax::markdown::section_key;

impl Loader<'_> {
    pub(super) fn write_targets(&mut self, node: Option<&Node>) -> Vec<(Box<str>, Vec<WriteTarget>)> {
        let entries = node.into_iter().flat_map(entries);
        let field = |entry: &Entry| {
            let places = items(&entry.value).iter().filter_map(|item| self.write_target(item)).collect();
            (self.field(&entry.key.name, entry.key.span), places)
        };
        entries.map(field).collect()
    }

    fn write_target(&mut self, node: &Node) -> Option<WriteTarget> {
        let section = || {
            let titles = texts(node.get("section")?);
            Some(WriteLocation::Section(titles.iter().map(|title| section_key(title).into()).collect()))
        };
        let location = write_target::location(node).or_else(section)?;
        if let WriteLocation::Within(field) = &location {
            self.field(field, node.get("in").map_or(node.span, |field| field.span));
        }
        let text = node.get("as").or_else(|| node.get("below-title"));
        let Some(text) = text else {
            return Some(WriteTarget { location, template: ValueTemplate::plain() });
        };
        match ValueTemplate::parse(text.as_text().unwrap_or_default()) {
            Ok(template) => Some(WriteTarget { location, template }),
            Err(message) => {
                self.faults.push(Fault::new(message).at(self.source, text.span));
                None
            }
        }
    }
}
