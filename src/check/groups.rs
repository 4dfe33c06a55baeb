//! The groups of a rule with `group-by`.

use std::collections::{HashMap, HashSet};

use crate::record::Record;
use crate::rule::{Group, Value};

/// Forms groups, in the order of the first record of each.
pub(super) fn groups<'r>(keys: impl IntoIterator<Item = GroupKey<'r>>) -> Vec<Group<'r>> {
    let mut groups: Vec<Group<'r>> = Vec::new();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    for GroupKey { record, key, identity } in keys {
        let at = *by_key.entry(identity).or_insert_with(|| {
            groups.push(Group { key, records: Vec::new() });
            groups.len() - 1
        });
        groups[at].records.push(record);
    }
    groups
}

#[derive(Default)]
pub(super) struct GroupKeys {
    pub shown: HashSet<String>,
    /// The text of the field in each key, if it contains one.
    pub texts: Vec<Option<String>>,
}

impl GroupKeys {
    pub(super) fn extend(&mut self, more: GroupKeys) {
        self.shown.extend(more.shown);
        self.texts.extend(more.texts);
    }
}

/// The group of a record.
pub(super) struct GroupKey<'r> {
    pub record: &'r Record,
    pub key: Value<'r>,
    pub identity: String,
}
