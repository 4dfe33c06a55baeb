//! Lists the recognised records of a repository, and files outside the conventional folders that look like records. For files which
//! nothing recognises, entries under `records` in the configuration are tried before they are shown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::catalog::{Catalog, SourceFile};
use crate::config::quoted_pattern;
use crate::format::{Format, Formats};
use crate::input::UnreadFile;
use crate::kind::{Kind, Shape};
use crate::layout;
use crate::linter::{Error, Linter};
use crate::node::Node;
use crate::policy::Policy;
use crate::record::{PathClassifier, Record, page_kind};
use crate::report::counted;
use crate::snapshot::Snapshot;
use crate::syntax::{self, Format as Syntax};
use crate::text::{extension, folder_of};

/// The records of a repository, and what would be read with other entries under `records`.
#[derive(Debug)]
pub struct Survey {
    kinds: BTreeSet<Arc<str>>,
    /// The entries for files that would be read as records if the configuration named them.
    places: Entries,
    /// The entry that adopts the records which are not adopted, and how many findings more there are with it.
    adoption: Option<(String, usize)>,
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
        // The most folders and reasons for which entries of the configuration are tried.
        const MAX_TRIED: usize = 20;
        let policy = linter.policy();
        let classifier = policy.classifier();
        let (kinds, mut text, unread) = linter.read(|input| {
            let kinds: BTreeSet<Arc<str>> = input.records().iter().map(|it| it.kind.name.clone()).collect();
            (kinds, found(input.catalog()), input.unread_files().to_vec())
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
        let mut tried = Entries::new();
        let entry = |unread| tried_entry(policy, linter.snapshot(), classifier, unread);
        for (kind, files) in unread.iter().take(MAX_TRIED).filter_map(entry) {
            tried.entry(kind).or_default().push(files);
        }
        if !tried.is_empty() {
            let entries = written(&tried);
            let _ = write!(text, "these entries of `alignlint.yaml` read some of them:\n{entries}");
        }
        let _ = match kinds.is_empty() && places.is_empty() {
            true => writeln!(text, "found no records"),
            false => {
                let preset = policy.config.preset.name();
                writeln!(text, "the preset `{preset}` checks them; `alignlint rules` lists its rules")
            }
        };
        Ok(Survey { kinds, places, adoption: linter.adoption_entry()?, text })
    }

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
        if let Some((entry, count)) = &self.adoption {
            let count = counted(*count, "finding");
            let _ = write!(
                text,
                "\n# Rules about practices, such as an owner for each decision, check all records with this line, which brings {count}:\n# {entry}\n"
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

/// The recognised records by kind and format, the most frequent first.
fn found(catalog: &Catalog) -> String {
    const SHOWN_PATHS: usize = 3;
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
        let found = found.filter(|it| !it.signs.several && !it.is_by_place());
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

/// Returns the kind and the files, or the place in them, of the entry that reads most of some files, and no other file.
fn tried_entry(
    policy: &Policy,
    snapshot: &Arc<Snapshot>,
    classifier: PathClassifier<'_>,
    unread: &UnreadFile,
) -> Option<(Arc<str>, String)> {
    let candidates = match Syntax::is_page_path(unread.source.path()) {
        true => of_pages(policy, classifier, unread),
        false => of_data(classifier, unread),
    };
    let read = |(kind, files): (&Arc<Kind>, String)| {
        let fields = fields_read(policy, snapshot, unread, &format!("{}: {files}", kind.name));
        (fields, kind.name.clone(), files)
    };
    let tried: Vec<(usize, Arc<str>, String)> = candidates.into_iter().map(read).collect();
    let (fields, kind, files) = tried.into_iter().rev().max_by_key(|(fields, ..)| *fields)?;
    (fields > 0).then_some((kind, files))
}

/// Pages are records of the kind that their names or their folder imply, in the native format or in one that has its own names for fields.
fn of_pages<'p>(
    policy: &'p Policy,
    classifier: PathClassifier<'p>,
    unread: &UnreadFile,
) -> Vec<(&'p Arc<Kind>, String)> {
    let Some(first) = unread.paths.first() else { return Vec::new() };
    let kind = classifier.kind(first).or_else(|| classifier.kind_of_folder(first));
    let Some(kind) = kind.or_else(|| policy.kinds.get(page_kind())) else { return Vec::new() };
    let folder = first.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let extension = first.rsplit_once('.').map_or("md", |(_, extension)| extension);
    let all = quoted_pattern(&format!("{folder}*.{extension}"));
    let of_kind = |formats: &'p Formats| {
        let usual = |format: &&Arc<Format>| format.kind.name == kind.name && !format.is_closed();
        formats.iter().filter(usual).map(|format| &*format.name)
    };
    let mut found = Vec::new();
    for files in [all, paths_of(unread)] {
        found.push((kind, files.clone()));
        let in_format = |format| (kind, format!("{{ files: {files}, format: {format} }}"));
        found.extend(of_kind(&policy.formats).map(in_format));
    }
    found
}

fn paths_of(unread: &UnreadFile) -> String {
    let paths: Vec<String> = unread.paths.iter().map(|path| quoted_pattern(path)).collect();
    if let [only] = &paths[..] { only.clone() } else { format!("[{}]", paths.join(", ")) }
}

/// In a file of data, records are a list, or the values of a mapping, below any key: of the kind that the key names, or of the only one that
/// has all their fields.
fn of_data<'p>(classifier: PathClassifier<'p>, unread: &UnreadFile) -> Vec<(&'p Arc<Kind>, String)> {
    let Some(format) = Syntax::from_path(unread.source.path()) else { return Vec::new() };
    let document = syntax::parse(unread.source.clone(), format);
    let mut lists = Vec::new();
    if let Some(root) = document.roots.first() {
        collect_lists(root, "", 0, &mut lists);
    }
    let entry = |(pointer, items): (String, Vec<&Node>)| {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let mut fitting =
            classifier.kinds.iter().filter(|kind| items.iter().all(|item| fits(item, &kind.shape)));
        let only = fitting.next().filter(|_| fitting.next().is_none());
        let kind = classifier.kinds.by_key(name).or(only)?;
        let is_plain = pointer.chars().all(|c| c.is_alphanumeric() || "/~_-".contains(c));
        let at = if is_plain { pointer } else { serde_json::Value::from(pointer).to_string() };
        Some((kind, format!("{{ files: {}, at: {at} }}", paths_of(unread))))
    };
    lists.into_iter().filter_map(entry).collect()
}

fn collect_lists<'d>(node: &'d Node, above: &str, depth: usize, lists: &mut Vec<(String, Vec<&'d Node>)>) {
    // How deep in a file of data lists of records are looked for.
    const MAX_DEPTH: usize = 3;
    for entry in node.entries().iter().filter(|_| depth < MAX_DEPTH) {
        let pointer = format!("{above}/{}", entry.key.name.replace('~', "~0").replace('/', "~1"));
        let items = entry.value.as_sequence().unwrap_or_default().iter();
        let items: Vec<&Node> = items.chain(entry.value.entries().iter().map(|entry| &entry.value)).collect();
        if !items.is_empty() && items.iter().all(|item| item.as_mapping().is_some()) {
            lists.push((pointer.clone(), items));
        }
        collect_lists(&entry.value, &pointer, depth + 1, lists);
    }
}

/// Returns how many fields the entry reads, beside names; none unless it reads exactly these files.
fn fields_read(policy: &Policy, snapshot: &Arc<Snapshot>, unread: &UnreadFile, entry: &str) -> usize {
    let Some(config) = policy.config.with_records(&format!("  {entry}"), snapshot) else {
        return 0;
    };
    let files = config.records.first().map(|entry| entry.files.clone()).unwrap_or_default();
    let snapshot = Arc::new(snapshot.filtered(|path| files.matches(path)));
    let input = Policy { config, ..policy.clone() }.read(&snapshot, &[]);
    let read = input.files().iter().filter(|file| !file.records.is_empty()).map(SourceFile::path);
    if !read.eq(unread.paths.iter()) {
        return 0;
    }
    let is_name = |name: &str| matches!(name, "id" | "title");
    let fields = input.records().iter().flat_map(|record| record.fields.entries());
    fields.filter(|field| !is_name(&field.key.name)).count()
}

/// Returns true for an item of several keys that all are fields.
fn fits(item: &Node, shape: &Shape) -> bool {
    item.entries().len() > 1 && item.entries().iter().all(|entry| shape.by_key(&entry.key.name).is_some())
}
