//! A run that finds nothing to check fails, and says what it could check.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::calendar::parse_date;
use crate::config::quoted_pattern;
use crate::finding::Fault;
use crate::input::{Input, UnreadFile};
use crate::kind::Kind;
use crate::node::Mapping;
use crate::policy::Policy;
use crate::profile::Profile;
use crate::record::{PathClassifier, Record, page_folder, page_kind};
use crate::report::counted;
use crate::rule::ACCOUNTABLE_KINDS;
use crate::snapshot::{CONFIG_FILES, Snapshot};
use crate::syntax::{self, Format, header};

use super::named_pages::{entry_of_name, kinds_of_name};
use super::{Error, Linter};

/// The most folders that are named.
const SHOWN_FOLDERS: usize = 5;

/// The most folders for which a configuration is suggested.
const SUGGESTED_FOLDERS: usize = 3;

impl Linter {
    /// Fails if there is nothing but pages that are not read, and a directory of people in a repository without a configuration.
    pub(super) fn require_records(&self, input: &Input) -> Result<(), Error> {
        let is_asked_for = self.policy.config.source.is_some();
        let is_checked = |kind: &str| is_asked_for || !ACCOUNTABLE_KINDS.contains(&kind);
        let mut records = input.records().iter();
        let has_problems =
            || input.files().iter().any(|it| !it.problems().is_empty() || !it.notes.is_empty());
        if records.any(|record| is_checked(&record.kind.name))
            || has_problems()
            || !input.lost_records().is_empty()
            || super::run::is_first_policy(input)
        {
            return Ok(());
        }
        let files = self.snapshot.files().len();
        let message = match input.records().len() {
            0 => format!("nothing to check: found no records in {}", counted(files, "file")),
            _ => {
                format!("nothing to check: found only people, roles and teams in {}", counted(files, "file"))
            }
        };
        let unread = input.unread_files();
        let told = unread.iter().take(SHOWN_FOLDERS).map(UnreadFile::notice).chain(more(unread.len()));
        let notices = told.chain(self.unread_pages(input, true).notices()).collect();
        Err(Error { faults: vec![Fault::new(message).help(self.suggestion(unread))], notices })
    }

    /// Names a file that `exclude` leaves out and that would be read otherwise.
    fn exclusion_help(&self) -> Option<String> {
        let config = self.policy.config.without_exclusions();
        let (kinds, profiles) = (&self.policy.kinds, &self.policy.profiles);
        let classifier = PathClassifier { kinds, profiles, config: &config };
        let paths = self.snapshot.files().iter().map(|file| &*file.path);
        let excluded = paths.filter(|path| self.policy.config.is_excluded_by_pattern(path));
        let mut candidates = excluded.filter(|path| classifier.is_candidate(path));
        let first = candidates.next()?;
        let others = match candidates.count() {
            0 => String::new(),
            count => format!(" and {}", counted(count, "other file")),
        };
        Some(format!(
            "`exclude:` in `alignlint.yaml` leaves out `{first}`{others}; remove the pattern that matches"
        ))
    }

    fn suggestion(&self, unread: &[UnreadFile]) -> String {
        if let Some(help) = self.exclusion_help().filter(|_| unread.is_empty()) {
            return help;
        }
        let is_own = |path: &str| path.starts_with('.') || CONFIG_FILES.contains(&path);
        match suggested_entries(&self.policy, &self.snapshot, unread) {
            Some(entries) => reading_help(&entries),
            None if self.snapshot.files().iter().all(|file| is_own(&file.path)) => {
                "write a first record with `alignlint new decision TITLE`, or a small company with `alignlint init --example`"
                    .to_owned()
            }
            None if unread.iter().any(|it| it.refusal.help.is_some()) => {
                unread.iter().find_map(|it| it.refusal.help.clone()).unwrap_or_default()
            }
            None => format!(
                "put records into {} at the root or in `docs/`, or into a file named after their kind, such as \
                 `decisions.yaml`; or name their location in `alignlint.yaml`: \
                 `records: {{ decision: path/to/*.md }}`",
                PathClassifier::conventional_folders()
            ),
        }
    }
}

fn more(count: usize) -> Option<String> {
    let more = count.checked_sub(SHOWN_FOLDERS).filter(|more| *more > 0)?;
    Some(format!("… and {more} more folders and reasons"))
}

/// Says with which entries of the configuration files are read.
pub fn reading_help(entries: &[String]) -> String {
    format!("to read them, write into `alignlint.yaml`: {}", listed(entries))
}

pub(super) fn listed(entries: &[String]) -> String {
    entries.iter().map(|entry| format!("`{entry}`")).collect::<Vec<_>>().join(" and ")
}

/// Returns the entries of a configuration under which these files are records. It was tried.
pub fn suggested_entries(
    policy: &Policy,
    snapshot: &Arc<Snapshot>,
    unread: &[UnreadFile],
) -> Option<Vec<String>> {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let classifier =
        PathClassifier { kinds: &policy.kinds, profiles: &policy.profiles, config: &policy.config };
    let is_suggested = |file: &&UnreadFile| {
        file.is_readable() && file.paths.iter().all(|path| !classifier.is_among_several_kinds(path))
    };
    for file in unread.iter().filter(is_suggested) {
        folders.entry(&file.folder).or_default().extend(file.paths.iter().map(|path| &**path));
    }
    let mut folders: Vec<(&str, Vec<&str>)> = folders.into_iter().collect();
    folders.sort_by_key(|(_, paths)| std::cmp::Reverse(paths.len()));
    folders.truncate(SUGGESTED_FOLDERS);
    let globs: Vec<String> = folders.iter().map(|(folder, paths)| glob(folder, paths)).collect();
    let files = match globs.as_slice() {
        [] => return None,
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    let wanted: Vec<&str> = folders.into_iter().flat_map(|(_, paths)| paths).collect();
    entries_for(policy, snapshot, &files, &wanted)
}

/// Returns the entries of a configuration under which a page is a record. It was tried.
pub(super) fn entries_for_file(policy: &Policy, snapshot: &Arc<Snapshot>, path: &str) -> Option<Vec<String>> {
    let format = policy.config.format_of(path).filter(|_| !policy.config.excludes(path))?;
    let classifier =
        PathClassifier { kinds: &policy.kinds, profiles: &policy.profiles, config: &policy.config };
    let of_folder = || classifier.kind_of_folder(path).filter(|kind| *kind.name != *page_kind());
    let of_kind = || {
        let kind = &stated_kind(policy, snapshot, path).or_else(of_folder)?.name;
        let records = format!("records: {{ {kind}: {} }}", quoted_pattern(path));
        tried(policy, snapshot, &records, &[path]).filter(Vec::is_empty).map(|_| vec![records])
    };
    let of_name = || {
        let (kind, files) = entry_of_name(policy, snapshot, path)?;
        Some(vec![format!("records: {{ {kind}: {files} }}")])
    };
    let is_plain = |entries: &Vec<String>| {
        let records = entries.first().map(|entry| records_under(policy, snapshot, entry, path));
        let states = |record: &Record| {
            let status = record.kind.status.as_deref();
            status.is_none_or(|status| record.field(status).is_some())
        };
        !records.unwrap_or_default().iter().any(states)
    };
    let in_any = || {
        let entries = entries_for(policy, snapshot, &quoted_pattern(path), &[path])?;
        let is_expected = classifier.is_candidate(path)
            && !classifier.is_among_several_kinds(path)
            && !classifier.is_introduction(path);
        let is_named_otherwise = !kinds_of_name(policy, path).is_empty();
        (!is_named_otherwise && (is_expected || !is_plain(&entries))).then_some(entries)
    };
    let entries = if format.is_page() { of_kind().or_else(of_name).or_else(in_any) } else { of_name() };
    let is_split = |entries: &Vec<String>| {
        let records = entries.first().map(|entry| records_under(policy, snapshot, entry, path));
        match records.unwrap_or_default().as_slice() {
            [only] => states_several(snapshot, format, path, &only.kind),
            _ => false,
        }
    };
    entries.filter(|entries| entries.len() == 1 && !is_split(entries))
}

/// Returns true for a page on which two sections state the same field in a line: read as one record, it would hide the others.
fn states_several(snapshot: &Snapshot, format: Format, path: &str, kind: &Kind) -> bool {
    let Some(source) = snapshot.read_path(path) else { return false };
    let document = syntax::parse(source, format);
    let headings = document.markdown.iter().flat_map(|page| &page.headings);
    let mut stated = HashSet::new();
    headings.filter_map(|heading| header::parse(&document.source, heading.own_body)).any(|lines| {
        let entries = lines.as_mapping().map_or(&[][..], Mapping::entries).iter();
        let fields = entries.filter_map(|entry| kind.shape.by_key(&entry.key.name));
        let repeated = fields.filter(|field| !stated.insert(field.name.clone())).count();
        repeated > 0
    })
}

/// Returns the kind that the front matter of a page states.
pub(super) fn stated_kind<'p>(policy: &'p Policy, snapshot: &Snapshot, path: &str) -> Option<&'p Arc<Kind>> {
    let source = snapshot.read_path(path).filter(|source| source.text().starts_with("---"))?;
    let page = syntax::parse_front_matter(source);
    let name = page.roots.first()?.get("kind")?.as_text()?;
    policy.kinds.get(name).or_else(|| policy.kinds.by_key(name))
}

fn entries_for(
    policy: &Policy,
    snapshot: &Arc<Snapshot>,
    files: &str,
    wanted: &[&str],
) -> Option<Vec<String>> {
    let entry_of = |profile: &Arc<Profile>| {
        format!("records: {{ {}: {{ files: {files}, profile: {} }} }}", profile.kind.name, profile.name)
    };
    let kind = page_kind();
    let is_of_a_day = |path: &&str| begins_with_day(path) && page_folder(path).is_none();
    // Pages in a folder of minutes or terms are none of the usual kind.
    let of_place: Vec<&Arc<Profile>> = match wanted {
        [first, others @ ..] if page_folder(first).is_none() => {
            let mut found = policy.profiles.of_place(first, kind);
            found.retain(|profile| others.iter().all(|path| profile.may_hold_record(path)));
            found
        }
        _ => Vec::new(),
    };
    let entries: Vec<String> = if !of_place.is_empty() {
        of_place.into_iter().map(entry_of).collect()
    } else if wanted.iter().all(is_of_a_day) {
        policy.profiles.iter().filter(|profile| profile.took_place.is_some()).map(entry_of).collect()
    } else {
        let fallbacks =
            policy.profiles.iter().filter(|profile| profile.is_last_resort() && *profile.kind.name == *kind);
        fallbacks.map(entry_of).chain([format!("records: {{ {kind}: {files} }}")]).collect()
    };
    entries.into_iter().find_map(|records| with_exclusions(policy, snapshot, records, wanted))
}

/// Returns true for a file such as `2026-10-23.md` or `2026_10_23-weekly.md`.
fn begins_with_day(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.get(..10).is_some_and(|day| parse_date(&day.replace('_', "-")).is_some())
}

/// Returns an entry under which the wanted files are read, and one that excludes the others.
fn with_exclusions(
    policy: &Policy,
    snapshot: &Arc<Snapshot>,
    records: String,
    wanted: &[&str],
) -> Option<Vec<String>> {
    let others = tried(policy, snapshot, &records, wanted)?;
    if others.is_empty() {
        return Some(vec![records]);
    }
    let others: Vec<String> = others.iter().map(|path| quoted_pattern(path)).collect();
    let exclude = format!("exclude: [{}]", others.join(", "));
    let others = tried(policy, snapshot, &format!("{records}, {exclude}"), wanted)?;
    others.is_empty().then(|| vec![records, exclude])
}

/// Returns the records of a file under a configuration with these entries.
pub(super) fn records_under(
    policy: &Policy,
    snapshot: &Arc<Snapshot>,
    entries: &str,
    path: &str,
) -> Vec<Record> {
    let Some(config) = policy.config.with_entries(entries, snapshot) else { return Vec::new() };
    let snapshot = Arc::new(snapshot.filtered(|other| other == path));
    let policy = Policy { config, ..policy.clone() };
    let input = policy.read(&snapshot, &[]);
    input.records().iter().filter(|record| *record.path == *path).cloned().collect()
}

/// Reads the files under a configuration with these entries. Returns the records besides the wanted ones; `None` if one of
/// these is not read.
fn tried(policy: &Policy, snapshot: &Arc<Snapshot>, entries: &str, wanted: &[&str]) -> Option<Vec<String>> {
    let config = policy.config.with_entries(entries, snapshot)?;
    let in_folder = |path: &str| config.records.iter().any(|entry| entry.files.matches(path));
    let snapshot = Arc::new(snapshot.filtered(in_folder));
    let policy = Policy { config: config.clone(), ..policy.clone() };
    let input = policy.read(&snapshot, &[]);
    let is_read = |path: &&str| input.file_at(path).is_some_and(|file| !file.records.is_empty());
    if !wanted.iter().all(is_read) {
        return None;
    }
    let is_other = |path: &&str| !wanted.contains(path);
    let read = input.files().iter().filter(|file| !file.records.is_empty()).map(|file| &**file.path());
    Some(read.filter(is_other).map(str::to_owned).collect())
}

/// Returns a glob of these files of a folder.
fn glob(folder: &str, paths: &[&str]) -> String {
    let below = |path: &&str| path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/').to_owned();
    let names: Vec<String> = paths.iter().map(below).collect();
    let deep = if names.iter().any(|name| name.contains('/')) { "**/" } else { "" };
    let start = match shared_letters(&names) {
        Some(letters) => format!("{letters}[0-9]*"),
        None => shared_stem(&names).unwrap_or("*").to_owned(),
    };
    let ending = paths.first().and_then(|path| path.rsplit_once('.')).map_or("md", |(_, ending)| ending);
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    quoted_pattern(&format!("{folder}{deep}{start}.{ending}"))
}

/// Returns the name without its ending, if all files in folders of their own have the same.
fn shared_stem(paths: &[String]) -> Option<&str> {
    let mut stems = paths.iter().map(|path| Some(path.rsplit_once('/')?.1.rsplit_once('.')?.0));
    let first = stems.next()??;
    stems.all(|stem| stem == Some(first)).then_some(first)
}

/// Returns the letters before the first digit, if all file names have the same.
fn shared_letters(paths: &[String]) -> Option<&str> {
    let mut prefixes = paths.iter().map(|path| letters_before_number(path));
    let first = prefixes.next()??;
    prefixes.all(|prefix| prefix == Some(first)).then_some(first)
}

fn letters_before_number(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let letters = &name[..name.find(|c: char| c.is_ascii_digit())?];
    letters.chars().all(|c| c.is_ascii_alphabetic() || "-_".contains(c)).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_begins_with_the_letters_that_all_names_share() {
        assert_eq!(glob("", &["rfc-001-a.md", "rfc-002-b.md"]), "\"rfc-[0-9]*.md\"");
        assert_eq!(glob("adr", &["adr/0001-a.md", "adr/0002-b.md"]), "\"adr/[0-9]*.md\"");
        assert_eq!(glob("", &["rfc-001-a.md", "adr-002-b.md"]), "\"*.md\"");
        assert_eq!(glob("", &["001-a/proposal.md", "002-b/proposal.md"]), "\"**/proposal.md\"");
    }
}
