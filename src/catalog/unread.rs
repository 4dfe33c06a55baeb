//! Labels of adopted records that no field takes, over the whole catalog.

use std::collections::BTreeMap;

use super::Catalog;
use crate::layout::label_key;
use crate::record::Record;

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
        let adopted = self.records().iter().filter(|record| record.is_accounted_for() && !record.is_frozen);
        let of_record = |record: &'_ Record| -> Vec<(String, u32, u32)> {
            let labels =
                record.unread.iter().map(|it| (label_key(&it.label), record.number, record.document));
            labels.collect()
        };
        for (key, number, document) in adopted.flat_map(of_record) {
            let label = found.entry(key.clone()).or_insert(UnreadLabel { first: number, files: 0 });
            if last.insert(key, document) != Some(document) {
                label.files += 1;
            }
        }
        found
    }
}
