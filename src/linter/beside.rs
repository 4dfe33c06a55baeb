//! Folders that are named for a kind and lie where records are not looked for: `meetings/` at the root.

use std::collections::BTreeMap;

use super::Linter;
use crate::config::quoted_pattern;
use crate::input::Input;
use crate::record::{PathClassifier, page_kind};
use crate::report::counted;

/// The most folders that are named.
const SHOWN: usize = 4;

/// How deep such a folder may lie: `docs/meetings/a.md`.
const MOST_FOLDERS: usize = 2;

impl Linter {
    /// Returns a notice that names such folders with pages that are not read, and the entries that read them; none without a
    /// configuration and records of the program's own form.
    pub(super) fn unread_folders(&self, input: &Input) -> Option<String> {
        let policy = &self.policy;
        let classifier =
            PathClassifier { kinds: &policy.kinds, profiles: &policy.profiles, config: &policy.config };
        if !input.catalog().is_adopted() {
            return None;
        }
        let mut folders: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        let mut shared: Vec<&str> = Vec::new();
        for file in self.snapshot.files() {
            let path = &*file.path;
            let Some(kind) = classifier.kind_of_folder(path).filter(|kind| *kind.name != *page_kind()) else {
                continue;
            };
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let is_read = input.file_at(path).is_some_and(|file| !file.records.is_empty());
            let is_other = classifier.must_contain_record(path)
                || classifier.is_auxiliary(path)
                || policy.config.excludes(path)
                || path.matches('/').count() > MOST_FOLDERS;
            match is_read || is_other {
                true => shared.push(folder),
                false => folders.entry((folder, &kind.name)).or_default().push(path),
            }
        }
        if folders.is_empty() {
            return None;
        }
        let count = folders.values().map(Vec::len).sum();
        let entries = folders.iter().take(SHOWN).map(|((folder, kind), paths)| {
            let all = format!("{folder}/*.{}", paths[0].rsplit_once('.').map_or("md", |(_, ending)| ending));
            let files = match &paths[..] {
                [one] => quoted_pattern(one),
                _ if !shared.contains(folder) => all,
                several => {
                    let names: Vec<String> = several.iter().map(|path| quoted_pattern(path)).collect();
                    format!("[{}]", names.join(", "))
                }
            };
            format!("{kind}: {files}")
        });
        let entries: Vec<String> = entries.collect();
        Some(format!(
            "not read: {} in folders that are named for records; to have them read, write into `alignlint.yaml`: `records: {{ {} }}`",
            counted(count, "page"),
            entries.join(", ")
        ))
    }
}
