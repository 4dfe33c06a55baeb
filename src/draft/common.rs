//! What the records of one style share, after which a new one is modelled.

use std::collections::BTreeMap;

use super::page::TOP_SECTION;
use crate::node::{Entry, Mapping, Node};
use crate::profile::View;
use crate::syntax::Document;
use crate::syntax::markdown::{Heading, section_key};

/// The lines and keys that several records share.
pub(super) struct Common {
    documents: usize,
    headings: BTreeMap<(u8, String), usize>,
    entries: BTreeMap<(String, String), usize>,
    /// The labels of lines below the title.
    labels: BTreeMap<String, usize>,
}

impl Common {
    pub(super) fn of(documents: &[Document]) -> Common {
        let mut common = Common {
            documents: documents.len(),
            headings: BTreeMap::new(),
            entries: BTreeMap::new(),
            labels: BTreeMap::new(),
        };
        for document in documents {
            let headings = document.markdown.as_ref().map_or(&[][..], |page| &page.headings);
            for heading in headings {
                *common.headings.entry((heading.level, section_key(&heading.title))).or_default() += 1;
            }
            let view = View::new(document, document.roots.first(), None);
            for entry in view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries) {
                *common.labels.entry(entry.key.name.to_string()).or_default() += 1;
            }
            for entry in entries(document) {
                let value = document.source.slice(entry.value.span).to_owned();
                *common.entries.entry((entry.key.name.to_string(), value)).or_default() += 1;
            }
        }
        common
    }

    pub(super) fn has_heading(&self, heading: &Heading) -> bool {
        let count = self.headings.get(&(heading.level, section_key(&heading.title))).copied().unwrap_or(0);
        if self.is_small() { heading.level <= TOP_SECTION } else { count * 2 > self.documents }
    }

    /// Returns true for the label of a line that most records have below their title.
    pub(super) fn has_label(&self, label: &str) -> bool {
        !self.is_small() && self.labels.get(label).is_some_and(|count| count * 2 > self.documents)
    }

    /// Returns true if there are too few records to compare.
    pub(super) fn is_small(&self) -> bool {
        self.documents < 3
    }

    /// The value that most records give a key.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        let values =
            self.entries.range((key.to_owned(), String::new())..).take_while(|((name, _), _)| name == key);
        let ((_, value), count) = values.max_by_key(|(_, count)| **count)?;
        (count * 2 > self.documents).then_some(value)
    }
}

pub(super) fn entries(document: &Document) -> &[Entry] {
    document.roots.first().and_then(Node::as_mapping).map_or(&[], Mapping::entries)
}
