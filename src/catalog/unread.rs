//! Labels of adopted records that no field takes, over the whole catalog.

use std::collections::BTreeMap;

use super::Catalog;
use crate::layout::label_key;

/// Where a label stands that no field takes.
#[derive(Clone, Copy, Debug)]
pub struct UnreadLabel {
    /// The record with the first one.
    pub first: u32,
    /// How many files have it.
    pub files: usize,
}

pub(super) type UnreadLabels = BTreeMap<String, UnreadLabel>;

impl Catalog {
    /// Returns where adopted records state a label that no field takes.
    pub fn unread_label(&self, label: &str) -> Option<UnreadLabel> {
        self.lazy.unread_labels.get_or_init(|| self.count_unread_labels()).get(&label_key(label)).copied()
    }

    fn count_unread_labels(&self) -> UnreadLabels {
        let mut last: BTreeMap<String, u32> = BTreeMap::new();
        let mut found = UnreadLabels::new();
        for record in self.records().iter().filter(|record| record.is_accounted_for() && !record.is_frozen) {
            for key in record.unread.iter().map(|it| label_key(&it.label)) {
                let label =
                    found.entry(key.clone()).or_insert(UnreadLabel { first: record.number, files: 0 });
                label.files += usize::from(last.insert(key, record.document) != Some(record.document));
            }
        }
        found
    }
}
