//! Which records practice rules apply to.

use std::sync::Arc;

use crate::config::Config;
use crate::kind::Adopts;
use crate::record::Record;
use crate::syntax::Format;
use crate::text::Source;

use super::Catalog;

/// Returns true if such records adopt all: a directory, goals, metrics, rights and the like, which a project without governance lacks.
pub(super) fn adopts_all<'r>(mut records: impl Iterator<Item = &'r Record>) -> bool {
    let adopts = |record: &Record| {
        let is_page = Format::is_page_path(&record.path);
        match record.kind.adopts {
            Adopts::Nothing => false,
            Adopts::Data => is_native(record) && !is_page,
            Adopts::DataAndPages => match is_page {
                true => record.lies_in_own_folder(),
                false => is_native(record),
            },
        }
    };
    records.any(adopts)
}

/// Returns true if the configuration, the other records, or its native format adopts a record: data, or a page that states its `kind`.
pub(super) fn is_adopted(record: &Record, source: &Source, config: &Config, adopts_all: bool) -> bool {
    match &config.adopted {
        Some(files) => files.matches(&record.path),
        None => {
            adopts_all
                || is_native(record) && (!Format::is_page_path(&record.path) || states_kind(source.text()))
        }
    }
}

impl Catalog {
    pub fn adopts_all_by_its_records(&self) -> bool {
        adopts_all(self.records.iter())
    }

    /// Returns the catalog with practice rules applied as in a state whose records adopt all, or don't.
    pub fn with_adoption(self: Arc<Catalog>, adopts_all: bool) -> Arc<Catalog> {
        if self.adopts_all == adopts_all {
            return self;
        }
        let files = self.files.iter().map(|file| (file.clone(), self.records_of(file).to_vec())).collect();
        let (snapshot, kinds, config) = (self.snapshot.clone(), self.kinds.clone(), self.config.clone());
        let names = self.lazy.known_names.clone();
        Arc::new(Catalog::new(snapshot, kinds, config, files, names, Some(adopts_all)))
    }
}

fn is_native(record: &Record) -> bool {
    record.format.is_none() && !record.has_other_schema
}

fn states_kind(text: &str) -> bool {
    let mut lines = text.lines();
    let is_fence = |line: &str| matches!(line.trim_end(), "---" | "+++");
    let is_key =
        |line: &str| line.strip_prefix("kind").is_some_and(|rest| rest.trim_start().starts_with([':', '=']));
    lines.next().is_some_and(|line| is_fence(line.trim_start_matches('\u{feff}')))
        && lines.take_while(|line| !is_fence(line)).any(is_key)
}
