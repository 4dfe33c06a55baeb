//! What the records of a folder usually state, and which identifiers the names of their files have.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::record::{Record, id_key};

use super::Catalog;

/// The smallest number of records that show a habit.
const MIN_RECORDS: usize = 3;

#[derive(Default)]
pub(super) struct Habits {
    answering: Mutex<HashMap<[Box<str>; 2], ByRecord>>,
    usual: Mutex<HashMap<Box<str>, ByRecord>>,
    filed: OnceLock<HashMap<FiledKey, Vec<u32>>>,
}

/// An answer for each record, by its number.
type ByRecord = Arc<[bool]>;

/// The kind, the scope and the comparison key of an identifier.
type FiledKey = (Arc<str>, String, String);

/// The fewest answers that show a habit.
const MIN_ANSWERS: usize = 2;

impl Catalog {
    /// Returns, by record, whether the records of its folder and format state `field` at least twice, and twice as
    /// often as they leave it out although another one refers to them through `through`.
    pub fn answering(&self, field: &str, through: &str) -> Arc<[bool]> {
        let mut known = self.lazy.habits.answering.lock().unwrap_or_else(PoisonError::into_inner);
        let key = [field.into(), through.into()];
        known.entry(key).or_insert_with(|| self.find_answering(field, through)).clone()
    }

    fn find_answering(&self, field: &str, through: &str) -> ByRecord {
        let group = |record: &Record| (folder(record).to_owned(), record.profile_name().to_owned());
        let owes = |record: &Record| {
            let mut citations = self.citations(record);
            citations.any(|citation| citation.from != record.number && citation.mention.is_in(through))
        };
        let mut counts: HashMap<_, [usize; 2]> = HashMap::new();
        for record in &self.records {
            let [stating, owing] = counts.entry(group(record)).or_default();
            if record.field(field).is_some() {
                *stating += 1;
            } else if owes(record) {
                *owing += 1;
            }
        }
        let is_habit = |[stating, owing]: &[usize; 2]| *stating >= MIN_ANSWERS && *stating >= 2 * owing;
        let usual = |record: &Record| counts.get(&group(record)).is_some_and(is_habit);
        self.records.iter().map(usual).collect()
    }

    /// Returns, by record, whether at least three quarters of the other pages of its folder state a field.
    pub fn usual(&self, field: &str) -> Arc<[bool]> {
        let mut known = self.lazy.habits.usual.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(field.into()).or_insert_with(|| self.find_usual(field)).clone()
    }

    fn find_usual(&self, field: &str) -> ByRecord {
        let mut counts: HashMap<&str, [usize; 2]> = HashMap::new();
        let pages = || self.records.iter().filter(|record| record.is_sole_record);
        for record in pages() {
            let [stating, all] = counts.entry(folder(record)).or_default();
            *stating += usize::from(record.field(field).is_some());
            *all += 1;
        }
        let is_usual = |record: &Record| {
            let [stating, all] = counts.get(folder(record)).copied().unwrap_or_default();
            let own = usize::from(record.is_sole_record && record.field(field).is_some());
            let (stating, others) = (stating - own, all.saturating_sub(1));
            stating >= MIN_RECORDS && 4 * stating >= 3 * others
        };
        self.records.iter().map(is_usual).collect()
    }

    /// Returns the other records of the kind and scope of a record whose file names, or if these have none, whose contents
    /// have an identifier.
    pub fn filed_as<'s>(
        &'s self,
        record: &'s Record,
        id: &str,
    ) -> impl Iterator<Item = &'s Record> + use<'s> {
        let filed = self.lazy.habits.filed.get_or_init(|| {
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

/// Returns the folder of a record, or the one above where the record is the page of its own folder.
fn folder(record: &Record) -> &str {
    let folder = parent(&record.path);
    if record.is_page_of_folder() { parent(folder) } else { folder }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
