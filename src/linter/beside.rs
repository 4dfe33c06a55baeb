//! Pages that lie where records are not looked for, in a folder that is named for a kind, such as `meetings/` at the root, or with a
//! kind in their front matter.

use std::collections::BTreeMap;

use super::Linter;
use super::named_pages::is_table;
use super::nothing::stated_kind;
use crate::config::quoted_pattern;
use crate::input::Input;
use crate::record::{PathClassifier, page_kind};
use crate::report::counted;
use crate::syntax::Format;

/// The most folders that are named.
const SHOWN: usize = 4;

/// How deep such a folder may lie: `docs/meetings/a.md`.
const MOST_FOLDERS: usize = 2;

/// The most pages that are opened to see whether they state a kind.
const OPENED: usize = 200;

/// The most files of a repository of documents; a larger one is a site.
const MOST_DOCUMENTS: usize = 300;

impl Linter {
    /// Returns notices about the pages that are named like records and lie where these are not looked for.
    /// None without a configuration and records of the program's own form, unless they are `asked_for` or there is next to nothing but
    /// documents.
    pub fn unread_pages(&self, input: &Input, asked_for: bool) -> Vec<String> {
        if !asked_for && !input.catalog().is_adopted() && !self.holds_documents_only() {
            return Vec::new();
        }
        self.unread_folders(input).into_iter().chain(self.unread_names(input)).collect()
    }

    /// Returns true if nine in ten files are pages, structured files or tables, as in the repository of a company without a program.
    fn holds_documents_only(&self) -> bool {
        let files = || self.snapshot.files().iter().filter(|file| !file.path.starts_with('.'));
        let is_document = |path: &str| self.policy.config.format_of(path).is_some() || is_table(path);
        let others = files().filter(|file| !is_document(&file.path)).count();
        files().count() <= MOST_DOCUMENTS && 10 * others <= files().count()
    }

    /// Returns a notice that counts such pages which are not read, and names the entries that read them.
    fn unread_folders(&self, input: &Input) -> Option<String> {
        let policy = &self.policy;
        let classifier =
            PathClassifier { kinds: &policy.kinds, profiles: &policy.profiles, config: &policy.config };
        let mut folders: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        let mut shared: Vec<&str> = Vec::new();
        let mut opened = 0;
        let mut stated = |path: &str| {
            let is_open = Format::is_page_path(path)
                && !classifier.is_candidate(path)
                && !classifier.is_auxiliary(path)
                && path.matches('/').count() <= MOST_FOLDERS
                && opened < OPENED;
            opened += usize::from(is_open);
            is_open.then(|| stated_kind(policy, &self.snapshot, path)).flatten()
        };
        for file in self.snapshot.files() {
            let path = &*file.path;
            let of_folder = classifier.kind_of_folder(path).filter(|kind| *kind.name != *page_kind());
            let Some(kind) = of_folder.or_else(|| stated(path)) else { continue };
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
        let is_by_folder = |path: &&&str| classifier.kind_of_folder(path).is_some();
        let by_folder = folders.values().flatten().filter(is_by_folder).count();
        let why = match by_folder {
            0 => format!("that state{} a `kind`", if count == 1 { "s" } else { "" }),
            _ if by_folder == count => "in folders that are named for records".to_owned(),
            _ => "in folders that are named for records or with a `kind`".to_owned(),
        };
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
            "not read: {} {why}; to have them read, write into `alignlint.yaml`: `records: {{ {} }}`",
            counted(count, "page"),
            entries.join(", ")
        ))
    }
}
