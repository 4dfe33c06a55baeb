//! Which identifiers the names of files have.

use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashMapExt};

use crate::record::{Record, id_key};

use super::Catalog;

/// The records by the identifiers of their files' names.
#[derive(Default)]
pub(super) struct Filed(OnceLock<HashMap<FiledKey, Vec<u32>>>);

/// The kind, the scope and the comparison key of an identifier.
type FiledKey = (Arc<str>, String, String);

impl Catalog {
    /// Returns the other records of the kind and scope of a record whose file names, or if these have none, whose contents
    /// have an identifier.
    pub fn filed_as<'s>(
        &'s self,
        record: &'s Record,
        id: &str,
    ) -> impl Iterator<Item = &'s Record> + use<'s> {
        let filed = self.lazy.filed.0.get_or_init(|| {
            let mut filed: HashMap<FiledKey, Vec<u32>> = HashMap::new();
            for record in &self.records {
                let id = record.file_id.as_deref().unwrap_or(&record.id);
                filed.entry(filed_key(record, id)).or_default().push(record.number);
            }
            filed
        });
        let numbers = filed.get(&filed_key(record, id)).map_or(&[][..], Vec::as_slice);
        numbers.iter().filter(|number| **number != record.number).map(|number| self.record(*number))
    }
}

fn filed_key(record: &Record, id: &str) -> FiledKey {
    (record.kind.name.clone(), record.scope().to_owned(), id_key(id, record.prefixes()))
}
