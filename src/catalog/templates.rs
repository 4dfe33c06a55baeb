//! The templates in the folders of records, for rules that compare a page with its own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::syntax::Format;
use crate::text::Source;

use super::Catalog;
use super::paths::file_name;

/// Read when a rule first asks for one.
pub(super) type Templates = OnceLock<BTreeMap<Arc<str>, Arc<Source>>>;

impl Catalog {
    /// Returns the text of a page with the word `template` in its name, in a folder of records.
    pub fn template(&self, path: &str) -> Option<&Arc<Source>> {
        self.lazy.templates.get_or_init(|| self.read_templates()).get(path)
    }

    fn read_templates(&self) -> BTreeMap<Arc<str>, Arc<Source>> {
        let foreign = self.records.iter().filter(|record| record.profile.is_some());
        let folders: BTreeSet<&str> = foreign
            .flat_map(|record| [record.series_folder(), &record.path[..start_of_name(&record.path)]])
            .collect();
        let is_template = |path: &str| {
            Format::is_page_path(path)
                && file_name(path).to_lowercase().contains("template")
                && folders.contains(&path[..start_of_name(path)])
        };
        let files = self.snapshot.files().iter().filter(|file| is_template(&file.path));
        let read = files.filter_map(|file| Some((file.path.clone(), self.snapshot.read(file).ok()?)));
        read.filter(|(_, source)| source.invalid_at().is_none()).collect()
    }
}

fn start_of_name(path: &str) -> usize {
    path.len() - file_name(path).len()
}
