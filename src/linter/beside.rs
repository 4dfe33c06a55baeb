//! Pages that lie where records are not looked for, in a folder that is named for a kind, such as `meetings/` at the root, or with a
//! kind in their front matter.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Linter;
use super::named_pages::is_table;
use super::nothing::stated_kind;
use crate::catalog::SourceFile;
use crate::config::quoted_pattern;
use crate::input::Input;
use crate::kind::{Initial, Kind};
use crate::record::{PathClassifier, page_kind};
use crate::report::counted;
use crate::syntax::Format;

/// The most files that a notice names.
const SHOWN: usize = 4;

/// The most entries of a line to paste.
const ENTRIES: usize = 12;

/// How deep such a folder may lie: `docs/meetings/a.md`.
const MOST_FOLDERS: usize = 2;

/// The most pages that are opened to see whether they state a kind.
const OPENED: usize = 200;

/// The most files of a repository of documents; a larger one is a site.
const MOST_DOCUMENTS: usize = 300;

impl Linter {
    /// Returns the pages that are named like records and lie where these are not looked for.
    /// None without a configuration and records of the program's own form, unless they are `asked_for` or there is next to nothing but
    /// documents.
    pub fn unread_pages(&self, input: &Input, asked_for: bool) -> UnreadPages {
        if !asked_for && !input.catalog().is_adopted() && !self.holds_documents_only() {
            return UnreadPages::default();
        }
        let mut pages = UnreadPages::default();
        self.add_folders(&mut pages, input);
        self.add_names(&mut pages, input);
        pages
    }

    /// Returns true if nine in ten files are pages, structured files or tables, as in the repository of a company without a program.
    pub(super) fn holds_documents_only(&self) -> bool {
        let files = || self.snapshot.files().iter().filter(|file| !file.path.starts_with('.'));
        let is_document = |path: &str| self.policy.config.format_of(path).is_some() || is_table(path);
        let others = files().filter(|file| !is_document(&file.path)).count();
        files().count() <= MOST_DOCUMENTS && 10 * others <= files().count()
    }

    /// Adds those in folders that are named for a kind, and those that state one.
    fn add_folders(&self, pages: &mut UnreadPages, input: &Input) {
        let policy = &self.policy;
        let classifier =
            PathClassifier { kinds: &policy.kinds, profiles: &policy.profiles, config: &policy.config };
        let mut folders: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        let mut shared: Vec<&str> = Vec::new();
        let is_adopted = input.catalog().is_adopted();
        let mut opened = 0;
        let mut stated = |path: &str, known: Option<&SourceFile>| {
            let is_open = known.is_none()
                && Format::is_page_path(path)
                && !classifier.is_candidate(path)
                && !classifier.is_auxiliary(path)
                && path.matches('/').count() <= MOST_FOLDERS
                && opened < OPENED;
            opened += usize::from(is_open);
            is_open.then(|| stated_kind(policy, &self.snapshot, path)).flatten()
        };
        for (file, known) in input.catalog().entries() {
            let path = &*file.path;
            let is_of_kind = |kind: &&Arc<Kind>| {
                let may_describe_all = !is_adopted && !path.bytes().any(|c| c.is_ascii_digit());
                *kind.name != *page_kind() && !(may_describe_all && is_of_one_day(kind))
            };
            let of_folder = classifier.kind_of_folder(path).filter(is_of_kind);
            let Some(kind) = of_folder.or_else(|| stated(path, known)) else { continue };
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let is_read = known.is_some_and(|file| !file.records.is_empty());
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
            return;
        }
        let count = folders.values().map(Vec::len).sum();
        let is_by_folder = |path: &&&str| classifier.kind_of_folder(path).is_some();
        let by_folder = folders.values().flatten().filter(is_by_folder).count();
        let why = match by_folder {
            0 => format!("that state{} a `kind`", if count == 1 { "s" } else { "" }),
            _ if by_folder == count => "in folders that are named for records".to_owned(),
            _ => "in folders that are named for records or with a `kind`".to_owned(),
        };
        pages.in_folders = Some(format!("{} {why}", counted(count, "page")));
        for ((folder, kind), paths) in &folders {
            let is_named = classifier.kind_of_folder(paths[0]).is_some();
            let all = format!("{folder}/*.{}", paths[0].rsplit_once('.').map_or("md", |(_, ending)| ending));
            let files = match &paths[..] {
                _ if is_named && !shared.contains(folder) => vec![all],
                several => several.iter().map(|path| quoted_pattern(path)).collect(),
            };
            pages.entries.extend(files.into_iter().map(|files| ((*kind).into(), files)));
        }
    }
}

/// Returns true for a kind such as minutes, each of one day: of people who never saw this program, a page without a number in its path
/// describes them all.
fn is_of_one_day(kind: &Kind) -> bool {
    kind.shape.fields.iter().any(|field| field.initial == Some(Initial::Day))
}

/// Pages that are named like records and not read.
#[derive(Debug, Default)]
pub struct UnreadPages {
    /// Kinds, and the files under which `records` would name them. They were tried.
    pub entries: Vec<(Arc<str>, String)>,
    /// How many are in folders, and why they may be records.
    in_folders: Option<String>,
    /// Those whose own name is that of a kind.
    pub(super) named: Vec<String>,
    /// Those of them in no form that is known.
    pub(super) unknown: Vec<String>,
}

impl UnreadPages {
    /// Says which there are, and with which entry of the configuration they are read.
    pub fn notices(&self) -> Vec<String> {
        let entry = records_entry(&self.entries[..self.entries.len().min(ENTRIES)]).join(", ");
        let readable = self.places().map(|places| {
            format!(
                "not read: {places}; to have them read, write into `alignlint.yaml`: `records: {{ {entry} }}`"
            )
        });
        readable.into_iter().chain(self.unknown_notice()).collect()
    }

    /// Names those that an entry of the configuration reads.
    pub fn places(&self) -> Option<String> {
        let named = (!self.named.is_empty()).then(|| shown(&self.named));
        let places: Vec<String> = self.in_folders.clone().into_iter().chain(named).collect();
        (!places.is_empty()).then(|| places.join(", and "))
    }

    /// Names those in no form that is known.
    pub fn unknown_notice(&self) -> Option<String> {
        let unknown = shown(&self.unknown);
        (!self.unknown.is_empty()).then(|| format!(
            "not read, in no form that is known: {unknown}; `alignlint explain FILE` says what can be done, `exclude:` that they are no records"
        ))
    }
}

fn shown(paths: &[String]) -> String {
    let named: Vec<String> = paths.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
    let more = paths.len().saturating_sub(SHOWN);
    if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
}

/// Returns the lines of a `records:` with these kinds and files: one for each kind.
pub fn records_entry(entries: &[(Arc<str>, String)]) -> Vec<String> {
    let mut by_kind: Vec<(&str, Vec<&str>)> = Vec::new();
    for (kind, files) in entries {
        match by_kind.iter_mut().find(|(known, _)| *known == &**kind) {
            Some((_, of_kind)) if of_kind.contains(&&**files) => {}
            Some((_, of_kind)) => of_kind.push(files),
            None => by_kind.push((kind, vec![files])),
        }
    }
    let written = |(kind, files): &(&str, Vec<&str>)| match &files[..] {
        [one] => format!("{kind}: {one}"),
        several => format!("{kind}: [{}]", several.join(", ")),
    };
    by_kind.iter().map(written).collect()
}
