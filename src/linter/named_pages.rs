//! Files that are named for a kind and lie where records are not looked for: `glossary.md` at the root.

use std::sync::Arc;

use super::Linter;
use super::beside::UnreadPages;
use super::nothing::records_under;
use crate::config::quoted_pattern;
use crate::input::Input;
use crate::kind::Kind;
use crate::policy::Policy;
use crate::record::{PathClassifier, Record, is_name_of_code, page_kind};
use crate::snapshot::Snapshot;

/// The most such files that are read to see in which form they are.
const TRIED: usize = 12;

/// The extensions of tables that people keep and the program does not read.
const TABLES: [&str; 4] = ["csv", "tsv", "xlsx", "ods"];

/// Words after the name of a kind that say that a file holds several: `assumption-log`.
const COLLECTIONS: [&str; 9] =
    ["index", "list", "log", "overview", "register", "registry", "table", "tracker", "tree"];

impl Linter {
    /// Adds such files, with the entries that read them.
    pub(super) fn add_names(&self, pages: &mut UnreadPages, input: &Input) {
        let policy = &self.policy;
        let classifier =
            PathClassifier { kinds: &policy.kinds, profiles: &policy.profiles, config: &policy.config };
        let is_free = |path: &str| {
            path.matches('/').count() <= 1
                && !policy.config.excludes(path)
                && !classifier.is_auxiliary(path)
                && classifier.configured(path).is_none()
                && classifier.kind_of_folder(path).is_none()
                && input
                    .file_at(path)
                    .is_none_or(|file| file.records.is_empty() && file.problems().is_empty())
        };
        let holds_code = !input.catalog().is_adopted() && !self.holds_documents_only();
        let files = self.snapshot.files().iter().map(|file| &*file.path);
        let named = files.filter(|path| is_free(path) && !kinds_of_name(policy, path).is_empty());
        for path in named.take(TRIED) {
            match policy.config.format_of(path) {
                Some(format)
                    if (format.is_page() || is_named_whole(policy, path))
                        && !classifier.must_contain_record(path) =>
                {
                    match entry_of_name(policy, &self.snapshot, path) {
                        Some(entry) => {
                            pages.entries.push(entry);
                            pages.named.push(path.to_owned());
                        }
                        None if holds_code && is_name_of_code(stem(path)) => {}
                        None => pages.unknown.push(path.to_owned()),
                    }
                }
                Some(_) => {}
                None if is_table(path) => pages.unknown.push(path.to_owned()),
                None => {}
            }
        }
    }
}

/// Returns true for a table that the program does not read.
pub(super) fn is_table(path: &str) -> bool {
    TABLES.iter().any(|ending| path.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.')))
}

/// Returns true if the whole name of a file is that of a kind: `roadmap.yaml`, but not `roadmap-view.yaml`.
fn is_named_whole(policy: &Policy, path: &str) -> bool {
    policy.kinds.by_key(&stem(path).to_lowercase()).is_some()
}

/// Returns the name of a file without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Returns why a file is not read that is named for a kind, and how to write it.
pub(super) fn form_of_name(policy: &Policy, path: &str) -> Option<(String, Option<String>)> {
    let kind = kinds_of_name(policy, path).into_iter().next()?;
    let format = policy.config.format_of(path)?;
    let plural = &kind.plural;
    let mut formats = policy.profiles.iter().filter(|profile| profile.kind.name == kind.name);
    let help = match formats.find_map(|profile| profile.help.as_deref()) {
        _ if !format.is_page() => {
            format!("write a list below `{plural}:`, and give each an `id` and a `title`")
        }
        Some(help) => format!("{help}, in a file below `governance/`"),
        None if kind.rows.is_some() => {
            "write a table with a row for each and columns named for fields, in a file below `governance/`"
                .to_owned()
        }
        None => format!(
            "begin it with the lines `---`, `kind: {}` and `---`, and move it below `governance/`",
            kind.name
        ),
    };
    let help = format!("{help}; `alignlint explain {}` lists the fields", kind.name);
    Some((format!("it is named for {plural}, and has none in a form that is known"), Some(help)))
}

/// Returns why a file is not read that is named for a kind and that an entry of the configuration reads.
pub(super) fn place_of_name(policy: &Policy, path: &str) -> Option<(String, Option<String>)> {
    let kind = kinds_of_name(policy, path).into_iter().next()?;
    let classifier =
        PathClassifier { kinds: &policy.kinds, profiles: &policy.profiles, config: &policy.config };
    let reason = format!("it is named for {}, and not below `governance/`", kind.plural);
    (!classifier.must_contain_record(path)).then_some((reason, None))
}

/// Returns the kinds for which a file is named: `glossary.md`, `retro-2026-08.md`, `who-decides.md`.
pub(super) fn kinds_of_name<'p>(policy: &'p Policy, path: &str) -> Vec<&'p Arc<Kind>> {
    let stem = stem(path).to_lowercase();
    let mut words = stem.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let (first, second) = (words.next(), words.next());
    // `terms-of-reference` holds no terms, and `value-attribution` is about one value.
    let is_one = |word: &str| policy.kinds.iter().any(|kind| *kind.name == *word);
    let is_about =
        |word: &str, second: &str| second == "of" || is_one(word) && !COLLECTIONS.contains(&second);
    let first = first.filter(|word| second.is_none_or(|second| !is_about(word, second)));
    let mut kinds: Vec<&Arc<Kind>> = Vec::new();
    for word in [Some(&*stem), first].into_iter().flatten() {
        let by_table =
            policy.kinds.iter().filter(|kind| kind.rows.as_ref().is_some_and(|rows| rows.are_on(word)));
        for kind in by_table.chain(policy.kinds.by_key(word)) {
            if *kind.name != *page_kind() && !kinds.iter().any(|known| known.name == kind.name) {
                kinds.push(kind);
            }
        }
    }
    kinds
}

/// Returns the kind and the value of an entry under `records` that reads such a page; it was tried.
pub(super) fn entry_of_name(
    policy: &Policy,
    snapshot: &Arc<Snapshot>,
    path: &str,
) -> Option<(Arc<str>, String)> {
    let file = quoted_pattern(path);
    kinds_of_name(policy, path).into_iter().find_map(|kind| {
        let formats = policy.profiles.iter().filter(|profile| profile.kind.name == kind.name);
        let formats = formats.map(|profile| format!("{{ files: {file}, profile: {} }}", profile.name));
        let mut entries = [file.clone()].into_iter().chain(formats);
        let reads = |entry: &String| {
            let records = format!("records: {{ {}: {entry} }}", kind.name);
            says_something(&records_under(policy, snapshot, &records, path))
        };
        entries.find(reads).map(|entry| (kind.name.clone(), entry))
    })
}

/// Returns true for several records with a field each besides the name, and for one with two or a list.
fn says_something(records: &[Record]) -> bool {
    let fields = |record: &Record| {
        let fields = record.fields.as_mapping().map_or(&[][..], crate::node::Mapping::entries);
        fields.iter().filter(|entry| !matches!(&*entry.key.name, "id" | "title" | "path")).count()
    };
    match records {
        [] => false,
        [one] => {
            fields(one) > 1
                || one.fields.as_mapping().is_some_and(|fields| {
                    fields.entries().iter().any(|entry| entry.value.as_sequence().is_some())
                })
        }
        several => several.iter().all(|record| fields(record) > 0),
    }
}
