//! Resolves references: by identifier, by name and by path.

use std::cell::{LazyCell, OnceCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use ahash::{HashMap, HashMapExt, HashSet};
use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use crate::kind::WHO;
use crate::profile::Profile;
use crate::record::{Mention, Record};
use crate::snapshot::Snapshot;
use crate::syntax::Format;
use crate::text::Source;

use super::names::normalized;
use super::paths::{file_name, number_in, only};
use super::references::{References, offsets, ranges};
use super::{Catalog, SourceFile, Target};

/// Each task remembers what it has resolved, and one should not take much longer than the others.
const RECORDS_PER_TASK: usize = 256;

/// Extensions that a reference may omit.
const OPTIONAL_EXTENSIONS: [&str; 6] = ["", ".md", ".rst", ".adoc", ".yaml", ".yml"];

/// Returns true for a number with zeros before it and as many digits as that of a page: `0009` on page `0002`.
fn has_its_width(from: &Record, text: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    text.len() == from.id.len() && text.starts_with('0') && is_number(text) && is_number(&from.id)
}

struct Resolver<'c> {
    catalog: &'c Catalog,
    memos: HashMap<ResolutionContext<'c>, Memo<'c>>,
}

/// A name from a file such as `CODEOWNERS`.
struct Alias {
    /// The record of the same person or team by another name.
    target: Option<u32>,
}

/// With the text and the kinds, this determines the target of a reference that is not a path.
#[derive(PartialEq, Eq, Hash)]
struct ResolutionContext<'c> {
    profile: Option<*const Profile>,
    scope: &'c str,
}

type Memo<'c> = HashMap<(&'c str, *const [Arc<str>]), Target>;

impl<'c> Resolver<'c> {
    fn targets(&mut self, from: &'c Record) -> impl Iterator<Item = Target> {
        let catalog = self.catalog;
        let context =
            ResolutionContext { profile: from.profile.as_ref().map(Arc::as_ptr), scope: from.scope() };
        let memo = self.memos.entry(context).or_default();
        from.mentions.iter().map(move |mention| {
            let (text, kinds) = (&mention.text, &mention.kinds);
            let resolve = || catalog.resolve(from, kinds, text);
            // A path is relative to the file, and the width of a number to that of its page.
            if from.is_of_unknown_format() || text.contains(['/', '.', '(']) {
                return resolve();
            }
            *memo.entry((text, Arc::as_ptr(kinds))).or_insert_with(resolve)
        })
    }
}

impl Catalog {
    /// Resolves all references. Reuses the targets of unchanged records from `known`, which must have the same
    /// names; see [`Catalog::has_same_names`].
    pub(super) fn resolve_all(&self, known: Option<&Catalog>) -> References {
        let known_targets = |record: &Record| {
            let known = known.filter(|known| known.record(record.number).ptr_eq(record))?;
            Some(known.references.targets(record.number))
        };
        let resolve = |records: &[Record]| {
            let mut resolver = Resolver { catalog: self, memos: HashMap::new() };
            let mut targets = Vec::new();
            for record in records {
                match known_targets(record) {
                    Some(known) => targets.extend_from_slice(known),
                    None => targets.extend(resolver.targets(record)),
                }
            }
            targets
        };
        let counts: Vec<u32> = self.records.par_iter().map(|record| record.mentions.len() as u32).collect();
        if counts.iter().any(|count| *count > 0) {
            // Built once before the tasks, which would each build them.
            self.names();
        }
        let targets: Vec<Vec<Target>> = self.records.par_chunks(RECORDS_PER_TASK).map(resolve).collect();
        let mut targets = targets.concat();
        let starts = offsets(counts.into_iter());
        let unresolved = self.unresolved(&starts, &targets);
        mark_unused(&unresolved, &mut targets);
        self.mark_inconclusive(&unresolved, &mut targets);
        References::new(&self.records, starts, targets)
    }

    /// Returns the references that name no record, or a kind that is not in use.
    fn unresolved(&self, starts: &[u32], targets: &[Target]) -> Vec<Unresolved<'_>> {
        let of_records = self.records.iter().zip(ranges(starts));
        let some = of_records.filter(|(_, range)| targets[range.clone()].iter().any(|it| is_unresolved(*it)));
        let all = some.flat_map(|(from, range)| range.zip(&from.mentions));
        let unresolved = all.filter(|(at, _)| is_unresolved(targets[*at]));
        unresolved.map(|(at, mention)| Unresolved { at, mention }).collect()
    }

    /// Returns true if a page beside has the number that a text names, or a folder with one: `rfc/8/index.md` for `RFC 8`. It is read as
    /// no record.
    fn has_numbered_page(&self, from: &Record, text: &str) -> bool {
        let Some((wanted, "")) = number_in(text).filter(|_| from.profile.is_some()) else { return false };
        let (folder, files) = (from.series_folder(), self.snapshot.files());
        let first = files.partition_point(|file| *file.path < *folder);
        let mut below = files[first..].iter().map_while(|file| file.path.strip_prefix(folder));
        below.any(|path| number_in(path).is_some_and(|(it, _)| it == wanted) && Format::is_page_path(path))
    }

    /// Returns true if both states have the same identifiers, names and paths under the same record numbers. Equal
    /// references then have equal targets.
    pub(super) fn has_same_names(
        &self,
        snapshot: &Snapshot,
        files: &[SourceFile],
        records: &[Record],
    ) -> bool {
        let incomplete = |files: &[SourceFile]| {
            let incomplete = files.iter().filter(|file| file.unreadable || file.is_incomplete());
            incomplete.map(|file| Arc::as_ptr(&file.document)).collect::<Vec<_>>()
        };
        let mut pairs = self.records.iter().zip(records);
        self.records.len() == records.len()
            && pairs.all(|(known, record)| known.document == record.document && known.same_identity(record))
            && incomplete(&self.files) == incomplete(files)
            && self.known_names_are_those_of(snapshot, files, records)
            && !self.has_unresolved_path_to(&self.snapshot.added_or_removed_paths(snapshot))
    }

    /// Marks unresolved references as inconclusive if an incomplete file contains their text, or if a file is unreadable:
    /// the target may be defined there.
    fn mark_inconclusive(&self, unresolved: &[Unresolved<'_>], targets: &mut [Target]) {
        let files = self.files.par_iter();
        let is_unreadable = files.clone().any(|file| file.unreadable);
        let incomplete: Vec<&Arc<Source>> =
            files.filter(|file| file.is_incomplete()).map(SourceFile::source).collect();
        if incomplete.is_empty() && !is_unreadable {
            return;
        }
        if is_unreadable {
            unresolved.iter().for_each(|it| targets[it.at] = Target::Inconclusive);
            return;
        }
        let texts: BTreeSet<&str> = unresolved.iter().map(|it| &*it.mention.text).collect();
        let texts: Vec<&str> = texts.into_iter().collect();
        let Ok(search) = AhoCorasick::new(&texts) else { return };
        let found: HashSet<&str> = incomplete
            .iter()
            .flat_map(|source| search.find_overlapping_iter(source.text()))
            .map(|found| texts[found.pattern().as_usize()])
            .collect();
        for it in unresolved.iter().filter(|it| found.contains(&*it.mention.text)) {
            targets[it.at] = Target::Inconclusive;
        }
    }

    /// Resolves a text in `from` among records of these kinds; of all kinds if there are none.
    pub(crate) fn resolve(&self, from: &Record, kinds: &[Arc<str>], text: &str) -> Target {
        let kinds: Vec<&Arc<str>> =
            if kinds.is_empty() { self.complete_kinds().collect() } else { kinds.iter().collect() };
        let paths = LazyCell::new(|| from.paths_named(text).collect::<Vec<String>>());
        let is_in_use = kinds.iter().any(|kind| !self.of_kind(kind).is_empty());
        let found = || self.find_named(from, &kinds, text, || &paths);
        let found = is_in_use.then(found).flatten();
        let known = found.map(|number| self.meant_by(number)).or_else(|| self.elsewhere(from, &kinds, text));
        let is_other_file = || paths.iter().any(|path| self.has_file(path));
        match known {
            Some(target) => target,
            // The text may name a file without records, or another repository.
            None if is_other_file() || text.contains("://") => Target::Inconclusive,
            None if self.alias(&kinds, text).is_some() => Target::Inconclusive,
            None if from.is_of_unknown_format()
                && from.lookup(text).path.is_none()
                && !self.is_of_series(&kinds, text)
                && !has_its_width(from, text) =>
            {
                Target::Inconclusive
            }
            None if self.has_numbered_page(from, text) => Target::Inconclusive,
            // It may be a person in a repository without a directory.
            None if kinds.iter().any(|kind| WHO.contains(&&***kind)) && !self.has_directory() => {
                Target::Unused
            }
            None if kinds.iter().any(|kind| self.has_all_of(kind)) => Target::Unknown,
            None => Target::Unused,
        }
    }

    /// Returns true for an identifier such as `A-7` that differs from that of a record of these kinds in the number only.
    fn is_of_series(&self, kinds: &[&Arc<str>], text: &str) -> bool {
        let split = |id: &'_ str| id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (letters, number) = text.split_at(split(text));
        let mut records = kinds.iter().flat_map(|kind| self.of_kind(kind)).map(|&number| self.record(number));
        !number.is_empty()
            && letters.contains(char::is_alphabetic)
            && records.any(|record| record.id[..split(&record.id)] == *letters)
    }

    /// Returns the record of one of these kinds that a text in `from` names. `paths` are those that it may mean.
    fn find_named<'p>(
        &self,
        from: &Record,
        kinds: &[&Arc<str>],
        text: &str,
        paths: impl FnOnce() -> &'p Vec<String>,
    ) -> Option<u32> {
        let named = |text: &str| {
            let wanted = Wanted::new(text, from);
            let by_name = kinds.iter().find_map(|kind| self.find(kind, &wanted, from).first().copied());
            by_name.or_else(|| kinds.iter().find_map(|kind| self.find_by_file(kind, text, from)))
        };
        let record_at = |path: &String| {
            self.names().at_path(path).filter(|&id| kinds.contains(&&self.record(id).kind.name))
        };
        let at_path = || match link_destination(text) {
            Some(destination) => from.paths_named(destination).find_map(|path| record_at(&path)),
            None => paths().iter().find_map(record_at),
        };
        let of_stated_kind = || {
            let (kind, id) = text.split_once('/')?;
            let kind = kinds.iter().find(|it| ****it == *kind)?;
            self.find_by_id_or_name(kind, id, from).first().copied()
        };
        let by_prefix = || kinds.iter().find_map(|kind| self.names().with_prefix(&self.records, kind, text));
        named(text)
            .or_else(at_path)
            .or_else(|| name_and_address(text).into_iter().find_map(named))
            .or_else(|| self.alias(kinds, text)?.target)
            .or_else(of_stated_kind)
            .or_else(by_prefix)
    }

    /// Looks up a text among the names of files such as `CODEOWNERS`. `None` if no file has it, if the reference can't lead to a
    /// person, role or team, or if the repository has no directory of these.
    fn alias(&self, kinds: &[&Arc<str>], text: &str) -> Option<Alias> {
        if !kinds.iter().any(|kind| WHO.contains(&&***kind) && self.has_all_of(kind)) {
            return None;
        }
        let texts = std::iter::once(text).chain(name_and_address(text));
        let aliases = texts.into_iter().find_map(|text| self.known_names().aliases(text))?;
        let named = |alias| kinds.iter().find_map(|kind| self.names().named(kind, alias).first().copied());
        Some(Alias { target: aliases.iter().find_map(|alias| named(alias)) })
    }

    fn has_file(&self, path: &str) -> bool {
        OPTIONAL_EXTENSIONS.iter().any(|ending| self.snapshot.has(&format!("{path}{ending}")))
    }

    /// Returns true if a reference without a record may mean one of these paths.
    fn has_unresolved_path_to(&self, paths: &[&Arc<str>]) -> bool {
        let names_path = |reference: &str, path: &str| {
            let rest = path.strip_prefix(reference);
            rest.is_some_and(|rest| OPTIONAL_EXTENSIONS.contains(&rest) || rest.starts_with('/'))
        };
        let number = |text: &str| number_in(file_name(text)).map(|(number, _)| number.to_owned());
        let has_number = |reference: &str, path: &str| {
            number(reference)
                .is_some_and(|wanted| path.split('/').any(|name| number(name).as_ref() == Some(&wanted)))
        };
        let has_unresolved_path = |record: &Record| {
            let mut unresolved = self.references(record).filter(|it| !matches!(it.target, Target::Record(_)));
            unresolved.any(|reference| {
                let named: Vec<String> = record.paths_named(&reference.text).collect();
                let names = |path: &str| named.iter().any(|reference| names_path(reference, path));
                paths.iter().any(|path| names(path) || has_number(&reference.text, path))
            })
        };
        !paths.is_empty() && self.records.iter().any(has_unresolved_path)
    }

    /// Returns the records of a kind with a text as identifier, else as name. If identifiers are local to a folder, the
    /// record in the folder of `from` comes first.
    pub(super) fn find_by_id_or_name(&self, kind: &str, text: &str, from: &Record) -> &[u32] {
        self.find(kind, &Wanted::new(text, from), from)
    }

    fn find(&self, kind: &str, wanted: &Wanted<'_>, from: &Record) -> &[u32] {
        let found = wanted.key.as_deref().map_or(&[][..], |key| self.names().by_key(kind, key));
        if found.len() == 1 && !from.is_of_unknown_format() {
            return found;
        }
        let here = from.scope();
        let (first, near) = self.below(found, here);
        let mut near = near.iter().enumerate().filter(|(_, id)| self.record(**id).scope() == here);
        // A page whose file bears another number has this one by mistake.
        let is_filed = |id: u32| self.record(id).filed_key().is_none_or(|filed| Some(filed) == wanted.key);
        let nearest = near.next();
        let filed = nearest.into_iter().chain(near).find(|(_, id)| is_filed(**id));
        let same_scope = filed.or(nearest).map(|(at, _)| first + at);
        match (found, same_scope) {
            ([], _) => self.names().named_as(kind, wanted.name()),
            (found, Some(first)) => &found[first..],
            (_, None) if from.is_of_unknown_format() && *from.kind.name == *kind => &[],
            (found, None) => found,
        }
    }

    /// Returns the only record in the scope of `from` that states another identifier than this one, which its file has.
    fn find_by_file(&self, kind: &str, text: &str, from: &Record) -> Option<u32> {
        let filed = self.names().filed_under(kind, &from.lookup(text).key?);
        let near = filed.iter().take(MAX_NAMESAKES).filter(|&&id| self.record(id).scope() == from.scope());
        only(near).copied()
    }
}

/// A reference without a target, and its place among all.
struct Unresolved<'c> {
    at: usize,
    mention: &'c Mention,
}

fn is_unresolved(target: Target) -> bool {
    matches!(target, Target::Unknown | Target::Unused)
}

/// Marks unresolved references to a record of any kind as unused, where others name the same as a record of a kind that the
/// repository has none of.
fn mark_unused(unresolved: &[Unresolved<'_>], targets: &mut [Target]) {
    let of_kind = unresolved.iter().filter(|it| !it.mention.kinds.is_empty());
    let unused = of_kind.filter(|it| targets[it.at] == Target::Unused);
    let unused: HashSet<String> = unused.map(|it| normalized(&it.mention.text)).collect();
    for Unresolved { at, mention, .. } in unresolved.iter().filter(|it| it.mention.kinds.is_empty()) {
        let is_unused = unused.contains(&normalized(&mention.text));
        targets[*at] = if is_unused { Target::Unused } else { Target::Unknown };
    }
}

/// What a reference names, in the forms in which records of all kinds are looked up.
struct Wanted<'t> {
    text: &'t str,
    key: Option<String>,
    name: OnceCell<String>,
}

impl<'t> Wanted<'t> {
    fn new(text: &'t str, from: &Record) -> Wanted<'t> {
        Wanted { text, key: from.lookup(text).key, name: OnceCell::new() }
    }

    fn name(&self) -> &str {
        self.name.get_or_init(|| normalized(self.text))
    }
}

/// The most records whose files have one identifier that are compared.
const MAX_NAMESAKES: usize = 100;

/// Returns the parts of `Name <mail>`, `Name (@handle)` and `[title](path)`.
fn name_and_address(text: &str) -> Vec<&str> {
    let split = |open: char, close: char| {
        let (before, rest) = text.split_once(open)?;
        let inner = rest.split(close).next()?;
        Some([inner.trim(), before.trim()])
    };
    let found = split('<', '>').or_else(|| split('(', ')')).or_else(|| split('[', ']'));
    found.into_iter().flatten().filter(|part| !part.is_empty()).collect()
}

fn link_destination(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("](")?;
    rest.split([')', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_may_be_written_with_address_or_handle() {
        assert_eq!(name_and_address("Ada Byron <ada@example.org>"), ["ada@example.org", "Ada Byron"]);
        assert_eq!(name_and_address("Ada Byron (@ada)"), ["@ada", "Ada Byron"]);
        assert_eq!(name_and_address("Ada Byron"), Vec::<&str>::new());
        assert_eq!(link_destination("superseded by [7](0007-x.md#top)"), Some("0007-x.md"));
    }
}
