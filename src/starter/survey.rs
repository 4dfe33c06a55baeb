//! Lists the recognised records of a repository, and files outside the conventional folders that look like records.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::config::quoted_pattern;
use crate::input::UnreadFile;
use crate::kind::Kind;
use crate::layout;
use crate::linter::{Error, Linter};
use crate::node::Node;
use crate::policy::Policy;
use crate::record::PathClassifier;
use crate::report::counted;
use crate::syntax::{self, Format};

use super::tried;

/// The records of a repository, and those among them that are checked.
#[derive(Debug)]
pub struct Survey {
    pub found: Vec<Found>,
    /// Files that the program would read as records if the configuration named them.
    pub places: Vec<RecordPlace>,
    /// The files that should be records and are not read, by folder and reason.
    pub unread: Vec<UnreadFile>,
    /// The entries under `records` that read them, by kind.
    pub unread_entries: BTreeMap<Arc<str>, Vec<String>>,
    /// The preset that decides which rules run.
    pub preset: &'static str,
    /// The entry that adopts the records which are not adopted, and how many findings more there are with it.
    pub adoption: Option<(String, usize)>,
}

/// Records of one kind in one format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub kind: Arc<str>,
    pub plural: Box<str>,
    /// The name of the foreign format; `None` for the native one.
    pub format: Option<Arc<str>>,
    pub count: usize,
    /// The paths of their files, in order.
    pub paths: Vec<String>,
}

/// Records of a kind in files that an entry under `records` would name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPlace {
    pub kind: Arc<str>,
    pub files: String,
    pub count: usize,
}

/// The most files outside of the usual folders that are looked at.
const MAX_FILES: usize = 5_000;

/// The most folders and reasons for which entries of the configuration are tried.
const MAX_TRIED: usize = 20;

impl Survey {
    /// Looks at the repository.
    ///
    /// # Errors
    /// The records can't be read.
    pub fn take(linter: &Linter) -> Result<Survey, Error> {
        let policy = linter.policy();
        let classifier =
            PathClassifier { kinds: &policy.kinds, formats: &policy.formats, config: &policy.config };
        let (found, unread) = linter.read(|input| (found(input.catalog()), input.unread_files().to_vec()))?;
        let mut unread_entries: BTreeMap<Arc<str>, Vec<String>> = BTreeMap::new();
        let entry = |unread| tried::entry(policy, linter.snapshot(), classifier, unread);
        for (kind, files) in unread.iter().take(MAX_TRIED).filter_map(entry) {
            unread_entries.entry(kind).or_default().push(files);
        }
        let places = places(linter, classifier);
        let preset = policy.config.preset.name();
        let adoption = linter.adoption_entry()?;
        Ok(Survey { found, places, unread, unread_entries, preset, adoption })
    }

    /// The records of this kind that were found.
    pub fn has(&self, kind: &str) -> bool {
        self.found.iter().any(|found| *found.kind == *kind)
    }

    /// The entry of a configuration that adopts all records, as a comment; empty if they are adopted.
    pub fn adoption_comment(&self) -> String {
        let Some((entry, count)) = &self.adoption else { return String::new() };
        format!(
            "\n# Rules about practices, such as an owner for each decision, check all records with this line, which brings {}:\n# {entry}\n",
            counted(*count, "finding")
        )
    }

    /// The entry of a configuration that names these places; empty without any.
    pub fn records_entry(&self) -> String {
        let mut by_kind: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for place in &self.places {
            by_kind.entry(&place.kind).or_default().push(quoted_pattern(&place.files));
        }
        let entries: String = by_kind.into_iter().map(|(kind, files)| entry(kind, &files)).collect();
        match entries.is_empty() {
            true => String::new(),
            false => format!(
                "\n# Records outside of the usual folders, such as `governance/` and `docs/adr/`:\nrecords:\n{entries}"
            ),
        }
    }
}

/// The most paths that are named of one group.
const SHOWN_PATHS: usize = 3;

fn shown(paths: &[String]) -> String {
    let named: Vec<String> = paths.iter().take(SHOWN_PATHS).map(|path| format!("`{path}`")).collect();
    match paths.len().saturating_sub(SHOWN_PATHS) {
        0 => named.join(", "),
        1 => format!("{} and 1 other file", named.join(", ")),
        more => format!("{} and {more} other files", named.join(", ")),
    }
}

impl fmt::Display for Survey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Found { kind, plural, format, count, paths } in &self.found {
            let noun = if *count == 1 { &**kind } else { plural };
            let format = format.as_ref().map_or_else(String::new, |name| format!(" in the format `{name}`"));
            writeln!(f, "found {count} {noun}{format}: {}", shown(paths))?;
        }
        for RecordPlace { kind, files, count } in &self.places {
            writeln!(f, "found {count} of kind {kind} outside of the usual folders: `{files}`")?;
        }
        for unread in &self.unread {
            let such_as = if unread.paths.len() > 1 { "such as " } else { "" };
            writeln!(f, "{} ({such_as}`{}`)", unread.message(), unread.source.path())?;
        }
        if !self.unread_entries.is_empty() {
            let entries: String =
                self.unread_entries.iter().map(|(kind, files)| entry(kind, files)).collect();
            write!(f, "these entries of `alignlint.yaml` read some of them:\nrecords:\n{entries}")?;
        }
        match self.found.is_empty() && self.places.is_empty() {
            true => writeln!(f, "found no records"),
            false => {
                writeln!(f, "the preset `{}` checks them; `alignlint rules` lists its rules", self.preset)
            }
        }
    }
}

/// Returns the entry of a kind under `records`.
fn entry(kind: &str, files: &[String]) -> String {
    match files {
        [one] => format!("  {kind}: {one}\n"),
        several => format!("  {kind}: [{}]\n", several.join(", ")),
    }
}

fn found(catalog: &Catalog) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for record in catalog.records() {
        let format = record.format.as_ref().map(|format| format.name.clone());
        let path = record.path.to_string();
        let at = found.iter().position(|known| known.kind == record.kind.name && known.format == format);
        let group = match at {
            Some(at) => &mut found[at],
            None => {
                let (kind, plural) = (record.kind.name.clone(), record.kind.plural.clone());
                found.push(Found { kind, plural, format, count: 0, paths: Vec::new() });
                let last = found.len() - 1;
                &mut found[last]
            }
        };
        group.count += 1;
        if group.paths.last() != Some(&path) {
            group.paths.push(path);
        }
    }
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.kind.cmp(&b.kind)));
    found
}

/// Finds files that are no candidates by their path, and hold records by their content.
fn places(linter: &Linter, classifier: PathClassifier<'_>) -> Vec<RecordPlace> {
    let (snapshot, config) = (linter.snapshot(), &linter.policy().config);
    let others = snapshot.files().iter().filter(|file| {
        let path = &*file.path;
        config.format_of(path).is_some()
            && !classifier.is_candidate(path)
            && !classifier.is_auxiliary(path)
            && !policy_folder(linter.policy(), path)
            && !path.contains(['*', '?', '[', '{', '\\'])
    });
    let mut pages: BTreeMap<(String, &'static str, Arc<str>), usize> = BTreeMap::new();
    let mut files_in: BTreeMap<String, usize> = BTreeMap::new();
    let mut places = Vec::new();
    for file in others.take(MAX_FILES) {
        let (Ok(source), Some(format)) = (snapshot.read(file), config.format_of(&file.path)) else {
            continue;
        };
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        *files_in.entry(folder.clone()).or_default() += 1;
        let document = syntax::parse(source, format);
        if document.has_fatal_problem() {
            continue;
        }
        let part = layout::read(&document);
        let found = classifier.formats.recognise(&part, None).into_iter().next();
        let found = found.filter(|it| !it.definition.several && !it.is_by_place());
        match found.or_else(|| classifier.formats.by_content(&part)) {
            Some(found) => {
                let extension = match format {
                    Format::Markdown => "md",
                    Format::Rst => "rst",
                    Format::MediaWiki => "mediawiki",
                    Format::AsciiDoc => "adoc",
                    Format::Yaml | Format::Json | Format::Toml => "yaml",
                };
                *pages.entry((folder, extension, found.kind.name.clone())).or_default() += 1;
            }
            None => places.extend(document.roots.iter().filter_map(|root| listed(root, classifier)).map(
                |(kind, count)| RecordPlace { kind: kind.name.clone(), files: file.path.to_string(), count },
            )),
        }
    }
    // An entry makes the program expect a record in each of its files.
    let is_usual =
        |folder: &String, count: usize| count > 1 && 2 * count >= files_in.get(folder).copied().unwrap_or(0);
    let folders = pages.into_iter().filter(|((folder, ..), count)| is_usual(folder, *count));
    let folders = folders.map(|((folder, extension, kind), count)| {
        let files =
            if folder.is_empty() { format!("*.{extension}") } else { format!("{folder}/*.{extension}") };
        RecordPlace { kind, files, count }
    });
    folders.chain(places).collect()
}

fn policy_folder(policy: &Policy, path: &str) -> bool {
    policy.config.folders.iter().any(|folder| folder.contains(path))
}

/// Returns the kind under whose name a file lists records, if every item has an identifier and no foreign field.
fn listed<'k>(root: &Node, classifier: PathClassifier<'k>) -> Option<(&'k Arc<Kind>, usize)> {
    root.as_mapping()?.entries().iter().find_map(|entry| {
        let kind = classifier.kinds.by_key(&entry.key.name)?;
        let items = entry.value.as_sequence().filter(|items| !items.is_empty())?;
        let is_record = |item: &Node| {
            item.get("id").is_some() && item.as_mapping().is_some_and(|it| tried::fits(it, &kind.shape))
        };
        items.iter().all(is_record).then_some((kind, items.len()))
    })
}
