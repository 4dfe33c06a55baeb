//! Finds the entry under `records` in the configuration that reads files which nothing recognises: each one is tried before it is shown.

use std::sync::Arc;

use crate::catalog::SourceFile;
use crate::config::quoted_pattern;
use crate::format::{Format, Formats};
use crate::input::UnreadFile;
use crate::kind::{Kind, Shape};
use crate::node::Node;
use crate::policy::Policy;
use crate::record::{PathClassifier, page_kind};
use crate::snapshot::Snapshot;
use crate::syntax::{self, Format as Syntax};

/// How deep in a file of data lists of records are looked for.
const MAX_DEPTH: usize = 3;

/// Returns the kind and the files, or the place in them, of the entry that reads most of some files, and no other file.
pub(super) fn entry(
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
    for files in [all, listed(unread)] {
        found.push((kind, files.clone()));
        let in_format = |format| (kind, format!("{{ files: {files}, format: {format} }}"));
        found.extend(of_kind(&policy.formats).map(in_format));
    }
    found
}

fn listed(unread: &UnreadFile) -> String {
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
        Some((kind, format!("{{ files: {}, at: {at} }}", listed(unread))))
    };
    lists.into_iter().filter_map(entry).collect()
}

fn collect_lists<'d>(node: &'d Node, above: &str, depth: usize, lists: &mut Vec<(String, Vec<&'d Node>)>) {
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
    let Some(config) = policy.config.with_entries(&format!("records: {{ {entry} }}"), snapshot) else {
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
pub(super) fn fits(item: &Node, shape: &Shape) -> bool {
    item.entries().len() > 1 && item.entries().iter().all(|entry| shape.by_key(&entry.key.name).is_some())
}
