//! Lists the recognised records of a repository, files outside the conventional folders that look like records, and files that should
//! be records and are not read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::config::quoted_pattern;
use crate::kind::{Kind, Shape};
use crate::layout;
use crate::linter::{Error, Linter};
use crate::node::Node;
use crate::record::{PathClassifier, Record};
use crate::report::counted;
use crate::syntax;
use crate::text::{extension, folder_of};

/// The records of a repository, and what would be read with other entries under `records`.
#[derive(Debug)]
pub struct Survey {
    /// The kinds of the recognised records.
    kinds: BTreeSet<Arc<str>>,
    /// The entries for files that would be read as records if the configuration named them.
    places: Entries,
    /// The entry that adopts the records which are not adopted.
    adoption: Option<String>,
    /// What is found, in sentences.
    pub text: String,
}

/// The files or places of files under `records`, by kind.
type Entries = BTreeMap<Arc<str>, Vec<String>>;

/// The most files outside of the usual folders that are looked at.
const MAX_FILES: usize = 5_000;

impl Survey {
    /// Looks at the repository.
    ///
    /// # Errors
    /// The records can't be read.
    pub fn take(linter: &Linter) -> Result<Survey, Error> {
        let policy = linter.policy();
        let classifier =
            PathClassifier { kinds: &policy.kinds, formats: &policy.formats, config: &policy.config };
        let (kinds, mut text, unread, adoption) = linter.read(|input| {
            let kinds: BTreeSet<Arc<str>> = input.records().iter().map(|it| it.kind.name.clone()).collect();
            let unread = input.unread_files().to_vec();
            (kinds, found(input.catalog()), unread, linter.adoption_entry(input))
        })?;
        let mut places = Entries::new();
        for ((kind, files), count) in places_outside(linter, classifier) {
            let _ = writeln!(text, "found {count} of kind {kind} outside of the usual folders: `{files}`");
            places.entry(kind).or_default().push(quoted_pattern(&files));
        }
        for unread in &unread {
            let such_as = if unread.paths.len() > 1 { "such as " } else { "" };
            let _ = writeln!(text, "{} ({such_as}`{}`)", unread.message(), unread.source.path());
        }
        if !unread.is_empty() {
            text.push_str("`alignlint explain FILE` says what to do to have such a file read\n");
        }
        let _ = match kinds.is_empty() && places.is_empty() {
            true => writeln!(text, "found no records"),
            false => {
                let preset = policy.config.preset.name();
                writeln!(text, "the preset `{preset}` checks them; `alignlint rules` lists its rules")
            }
        };
        Ok(Survey { kinds, places, adoption, text })
    }

    /// Returns true if records of this kind were found.
    pub fn has(&self, kind: &str) -> bool {
        self.kinds.contains(kind)
    }

    /// Returns true if no records were found anywhere.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.places.is_empty()
    }

    /// What a configuration says besides the usual settings: the places of records, and as a comment the entry that adopts all records.
    pub fn settings(&self) -> String {
        let mut text = String::new();
        if !self.places.is_empty() {
            let entries = written(&self.places);
            let _ = write!(
                text,
                "\n# Records outside of the usual folders, such as `governance/` and `docs/adr/`:\n{entries}"
            );
        }
        if let Some(entry) = &self.adoption {
            let _ = write!(
                text,
                "\n# Rules about practices, such as an owner for each decision, check all records with this line:\n# {entry}\n"
            );
        }
        text
    }
}

fn written(entries: &Entries) -> String {
    let entry = |(kind, files): (&Arc<str>, &Vec<String>)| match &files[..] {
        [one] => format!("  {kind}: {one}\n"),
        several => format!("  {kind}: [{}]\n", several.join(", ")),
    };
    format!("records:\n{}", entries.iter().map(entry).collect::<String>())
}

/// The most paths that are named of one group.
const SHOWN_PATHS: usize = 3;

/// The recognised records by kind and format, the most frequent first.
fn found(catalog: &Catalog) -> String {
    let mut groups: BTreeMap<(&str, Option<&str>), Vec<&Record>> = BTreeMap::new();
    for record in catalog.records() {
        let format = record.format.as_ref().map(|format| &*format.name);
        groups.entry((&record.kind.name, format)).or_default().push(record);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, records)| std::cmp::Reverse(records.len()));
    let line = |((kind, format), records): ((&str, Option<&str>), Vec<&Record>)| {
        let noun = if let [_] = records[..] { kind } else { &records[0].kind.plural };
        let format = format.map_or_else(String::new, |name| format!(" in the format `{name}`"));
        let mut paths: Vec<String> = records.iter().map(|record| format!("`{}`", record.path)).collect();
        paths.dedup();
        let more = match paths.len().saturating_sub(SHOWN_PATHS) {
            0 => String::new(),
            more => format!(" and {}", counted(more, "other file")),
        };
        paths.truncate(SHOWN_PATHS);
        format!("found {} {noun}{format}: {}{more}\n", records.len(), paths.join(", "))
    };
    groups.into_iter().map(line).collect()
}

/// Finds files that hold records by their content alone: the entries that name them, and how many records each reads.
fn places_outside(linter: &Linter, classifier: PathClassifier<'_>) -> Vec<((Arc<str>, String), usize)> {
    let (snapshot, config) = (linter.snapshot(), &linter.policy().config);
    let others = snapshot.files().iter().filter(|file| {
        let path = &*file.path;
        !classifier.is_candidate(path)
            && !classifier.is_auxiliary(path)
            && !config.folders.iter().any(|folder| folder.contains(path))
            && !path.contains(['*', '?', '[', '{', '\\'])
    });
    let mut pages: BTreeMap<(&str, Arc<str>, String), usize> = BTreeMap::new();
    let mut files_in: BTreeMap<&str, usize> = BTreeMap::new();
    let mut places = Vec::new();
    for file in others.filter(|file| config.format_of(&file.path).is_some()).take(MAX_FILES) {
        let (Ok(source), Some(format)) = (snapshot.read(file), config.format_of(&file.path)) else {
            continue;
        };
        let folder = folder_of(&file.path);
        *files_in.entry(folder).or_default() += 1;
        let document = syntax::parse(source, format);
        if document.has_fatal_problem() {
            continue;
        }
        let part = layout::read(&document);
        let found = classifier.formats.recognise(&part, None).into_iter().next();
        let found = found.filter(|it| !it.definition.several && !it.is_by_place());
        if let Some(found) = found.or_else(|| classifier.formats.by_content(&part)) {
            let (slash, extension) = (if folder.is_empty() { "" } else { "/" }, extension(&file.path));
            let files = format!("{folder}{slash}*.{}", extension.unwrap_or("md"));
            *pages.entry((folder, found.kind.name.clone(), files)).or_default() += 1;
        } else {
            let listed = document.roots.iter().filter_map(|root| listed(root, classifier));
            places.extend(listed.map(|(kind, count)| ((kind.name.clone(), file.path.to_string()), count)));
        }
    }
    // An entry makes the program expect a record in each of its files.
    let is_usual = |folder: &str, count: usize| count > 1 && 2 * count >= files_in[folder];
    let folders = pages.into_iter().filter(|((folder, ..), count)| is_usual(folder, *count));
    folders.map(|((_, kind, files), count)| ((kind, files), count)).chain(places).collect()
}

/// Returns the kind under whose name a file lists records, if every item has an identifier and no foreign field.
fn listed<'k>(root: &Node, classifier: PathClassifier<'k>) -> Option<(&'k Arc<Kind>, usize)> {
    root.entries().iter().find_map(|entry| {
        let kind = classifier.kinds.by_key(&entry.key.name)?;
        let items = entry.value.as_sequence().filter(|items| !items.is_empty())?;
        let is_record = |item: &Node| item.get("id").is_some() && fits(item, &kind.shape);
        items.iter().all(is_record).then_some((kind, items.len()))
    })
}

/// Returns true for an item of several keys that all are fields.
fn fits(item: &Node, shape: &Shape) -> bool {
    item.entries().len() > 1 && item.entries().iter().all(|entry| shape.by_key(&entry.key.name).is_some())
}
