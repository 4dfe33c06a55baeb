//! Resolves references: by identifier, by name and by path.

use std::cell::{LazyCell, OnceCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use ahash::{HashMap, HashMapExt, HashSet};
use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use crate::kind::WHO;
use crate::profile::Profile;
use crate::record::{Mention, Record, leading_code};
use crate::snapshot::Snapshot;
use crate::syntax::Format;
use crate::text::Source;

use super::names::normalized;
use super::references::{References, offsets, ranges};
use super::shares::shares;
use super::{Catalog, SourceFile, Target};

/// Extensions that a reference may omit.
const OPTIONAL_EXTENSIONS: [&str; 6] = ["", ".md", ".rst", ".adoc", ".yaml", ".yml"];

/// Returns the number of up to five digits after the letters with which a name begins, without zeros before it, and the rest:
/// `8` of `RFC 8`.
pub(super) fn number_in(name: &str) -> Option<(&str, &str)> {
    const MAX_DIGITS: usize = 5;
    let is_before = |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_' | ' ' | '#');
    let number = name.trim().trim_start_matches(is_before);
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &number[..number.len() - rest.len()];
    let plain = digits.trim_start_matches('0');
    (digits.len() <= MAX_DIGITS && !plain.is_empty()).then_some((plain, rest))
}

/// Returns true if a text differs from the identifier of one of several records on a page in the number only: `D-17` from `D-3`.
fn is_of_its_series(from: &Record, text: &str) -> bool {
    let split = |id: &'_ str| id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (letters, number) = text.split_at(split(text));
    !from.is_sole_record
        && !number.is_empty()
        && letters.contains(char::is_alphabetic)
        && letters == &from.id[..split(&from.id)]
}

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
    /// True on a page in the program's own form, such as minutes, which may call people by their given names.
    is_own_page: bool,
}

type Memo<'c> = HashMap<(&'c str, *const [Arc<str>]), Target>;

impl<'c> Resolver<'c> {
    fn new(catalog: &'c Catalog) -> Resolver<'c> {
        Resolver { catalog, memos: HashMap::new() }
    }

    fn targets(&mut self, from: &'c Record) -> impl Iterator<Item = Target> {
        let catalog = self.catalog;
        let profile = from.profile.as_ref().map(Arc::as_ptr);
        let context =
            ResolutionContext { profile, scope: from.scope(), is_own_page: catalog.is_own_page(from) };
        let memo = self.memos.entry(context).or_default();
        from.mentions.iter().map(move |mention| {
            let (text, kinds) = (&mention.text, &mention.kinds);
            // The width of a number is relative to that of its page, and a path to its file.
            if from.is_of_unknown_format() {
                return catalog.resolve_on_page(from, mention);
            }
            if text.contains(['/', '.', '(']) {
                return catalog.resolve(from, kinds, text);
            }
            let resolve = || catalog.resolve(from, kinds, text);
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
            let mut resolver = Resolver::new(self);
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
        let targets: Vec<Vec<Target>> = shares(&self.records, &counts).into_par_iter().map(resolve).collect();
        let mut targets = targets.concat();
        let starts = offsets(counts.into_iter());
        let unresolved = self.unresolved(&starts, &targets);
        mark_unused(&unresolved, &mut targets);
        self.mark_inconclusive(&unresolved, &mut targets);
        self.mark_unread_pages(&unresolved, &mut targets);
        self.tell_namesakes_apart(&mut targets);
        References::new(&self.records, starts, targets)
    }

    /// Returns the references that name no record, or a kind that is not in use.
    fn unresolved(&self, starts: &[u32], targets: &[Target]) -> Vec<Unresolved<'_>> {
        let of_records = self.records.iter().zip(ranges(starts));
        let some = of_records.filter(|(_, range)| targets[range.clone()].iter().any(|it| is_unresolved(*it)));
        let all =
            some.flat_map(|(from, range)| range.zip(&from.mentions).map(move |(at, it)| (at, from, it)));
        let unresolved = all.filter(|(at, ..)| is_unresolved(targets[*at]));
        unresolved.map(|(at, from, mention)| Unresolved { at, from, mention }).collect()
    }

    /// Corrects references of foreign pages by a number that several pages of their folder have: the words behind it may be those of a
    /// title, as in `ADR-0001 Target architecture`, and no page names itself.
    fn tell_namesakes_apart(&self, targets: &mut [Target]) {
        if self.foreign_records().all(|record| record.profile.is_none()) {
            return;
        }
        let mentions = self.records.iter().flat_map(|from| from.mentions.iter().map(move |it| (from, it)));
        for ((from, mention), target) in mentions.zip(targets) {
            let Target::Record(id) = *target else { continue };
            if from.profile.is_none() {
                continue;
            }
            let found = self.record(id);
            let same = self.names().by_key(&found.kind.name, &found.key());
            if same.len() < 2 {
                continue;
            }
            let of_scope = || {
                let namesakes = same.iter().take(MAX_NAMESAKES).map(|&number| self.record(number));
                namesakes.filter(|record| record.scope() == found.scope())
            };
            let words = words_behind_number(self.file_of(from).source().text(), mention.span.start);
            let mut titled = of_scope().filter(|record| {
                let title = record.stated_title().map(normalized).unwrap_or_default();
                !words.is_empty() && title.starts_with(&*words)
            });
            let mut others = of_scope().filter(|record| record.number != from.number);
            let meant = match (titled.next().filter(|_| titled.next().is_none()), others.next()) {
                (Some(titled), _) => Some(titled),
                (None, other) if id == from.number => other.filter(|_| others.next().is_none()),
                _ => None,
            };
            if let Some(meant) = meant {
                *target = Target::Record(meant.number);
            }
        }
    }

    /// Marks unresolved references of foreign pages as inconclusive if the page is there, and is read as no record, or if the text
    /// names no record of this repository.
    fn mark_unread_pages(&self, unresolved: &[Unresolved<'_>], targets: &mut [Target]) {
        for &Unresolved { at, from, mention } in unresolved {
            let target = &mut targets[at];
            let is_there = || {
                let path = from.lookup(&mention.text).path;
                // A name alone tells no folder: the page may have moved into an archive.
                let is_archived = |path: &str| {
                    let namesakes = super::near_files::files_named(self, path);
                    !mention.text.contains('/') && namesakes.iter().any(|it| crate::record::is_archived(it))
                };
                path.is_some_and(|path| self.snapshot.has(&path) || is_archived(&path))
            };
            let is_elsewhere = || {
                names_no_record(self.file_of(from).source().slice(mention.span))
                    || self.is_of_other_series(from, mention)
            };
            let was_never_merged = |profile: &Arc<Profile>| {
                let number = |text: &str| text.parse::<u64>().ok();
                profile.has_pull_request_numbers
                    && from.kind.predecessor.as_deref() == Some(&*mention.field)
                    && number(&mention.text)
                        .is_some_and(|named| number(&from.id).is_some_and(|own| named < own))
            };
            let has_page = || self.has_numbered_page(from, &mention.text);
            let is_known = |profile| is_there() || is_elsewhere() || was_never_merged(profile) || has_page();
            if *target == Target::Unknown && from.profile.as_ref().is_some_and(is_known) {
                *target = Target::Inconclusive;
            }
        }
    }

    /// Returns true if an unread page beside has the number that a text names, or a folder with one: `rfc/8/index.md` for `RFC 8`.
    fn has_numbered_page(&self, from: &Record, text: &str) -> bool {
        const MAX_FILES: usize = 5000;
        let Some(wanted) = number_in(text).filter(|(_, rest)| rest.is_empty()) else { return false };
        let folder_of = |path: &str| path.rfind('/').map(|at| path[..at].to_owned()).unwrap_or_default();
        let folder = folder_of(&from.path);
        let is_numbered = number_in(super::links::file_name(&folder)).is_some();
        let series = if is_numbered { folder_of(&folder) } else { folder };
        let start = if series.is_empty() { series } else { series + "/" };
        let files = self.snapshot.files();
        let first = files.partition_point(|file| *file.path < *start);
        let mut below =
            files[first..].iter().take(MAX_FILES).map_while(|file| file.path.strip_prefix(&*start));
        below.any(|path| {
            let (name, rest) = path.split_once('/').unwrap_or((path, ""));
            let is_title_page =
                ["index.", "readme."].iter().any(|start| rest.to_lowercase().starts_with(start));
            Format::is_page_path(path)
                && (rest.is_empty() || is_title_page)
                && number_in(name).is_some_and(|(number, _)| number == wanted.0)
        })
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
                && !is_of_its_series(from, text)
                && !has_its_width(from, text)
                && !self.is_of_known_series(from, &kinds, text) =>
            {
                Target::Inconclusive
            }
            // It may be a person in a repository without a directory.
            None if kinds.iter().any(|kind| WHO.contains(&&***kind)) && !self.has_directory() => {
                Target::Unused
            }
            None if kinds.iter().any(|kind| self.has_all_of(kind)) => Target::Unknown,
            None => Target::Unused,
        }
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
            let by_code = || kinds.iter().find_map(|kind| self.find_by_code(kind, text, from));
            let by_file = || kinds.iter().find_map(|kind| self.find_by_file(kind, text, from));
            by_name.or_else(by_code).or_else(by_file)
        };
        let record_at = |path: &String| {
            self.names().at_path(path).filter(|&id| kinds.contains(&&self.record(id).kind.name))
        };
        let at_path = || match link_destination(text) {
            Some(destination) => from.paths_named(destination).find_map(|path| record_at(&path)),
            None => paths().iter().find_map(record_at),
        };
        let found =
            named(text).or_else(at_path).or_else(|| name_and_address(text).into_iter().find_map(named));
        let found = found.or_else(|| self.alias(kinds, text).and_then(|alias| alias.target));
        let may_be_given_name =
            || kinds.iter().any(|kind| ***kind == *WHO[0]) && self.is_own_page(from) && !text.contains(' ');
        let given = || may_be_given_name().then(|| self.names().with_given_name(text)).flatten();
        let by_letters = || {
            let may_be_person = kinds.iter().any(|kind| ***kind == *WHO[0]);
            self.names().with_letters(&self.records, text).filter(|_| may_be_person)
        };
        let of_stated_kind = || {
            let (kind, id) = text.split_once('/')?;
            let kind = kinds.iter().find(|it| ****it == *kind)?;
            self.find_by_id_or_name(kind, id, from).first().copied()
        };
        let by_file_name = || self.find_by_file_name(kinds, text);
        let by_prefix = || kinds.iter().find_map(|kind| self.names().with_prefix(&self.records, kind, text));
        let found = found.or_else(given).or_else(of_stated_kind).or_else(by_letters);
        found.or_else(by_prefix).or_else(by_file_name)
    }

    /// Resolves a reference of a page in no known format. A number alone may be that of anything, except a predecessor or successor behind
    /// the letters that the page's own heading has: `Superseded by ADR 98` on `# ADR-0003: …`.
    fn resolve_on_page(&self, from: &Record, mention: &Mention) -> Target {
        let target = self.resolve(from, &mention.kinds, &mention.text);
        let field = Some(&*mention.field);
        let is_of_chain =
            field == from.kind.predecessor.as_deref() || field == from.kind.successor.as_deref();
        let is_number = || mention.text.bytes().all(|c| c.is_ascii_digit());
        if target != Target::Inconclusive || !is_of_chain || !is_number() {
            return target;
        }
        let written = self.file_of(from).source().slice(mention.span);
        let letters =
            written.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['-', ' ', '#']);
        let is_series = letters.len() > 1 && letters.bytes().all(|c| c.is_ascii_uppercase());
        let is_known = || from.lookup(&mention.text).path.is_some() || self.has_file(&mention.text);
        let is_own = is_series && self.has_letters_of(from, written);
        if is_own && !is_known() { Target::Unknown } else { target }
    }

    /// Returns true if a number in a page of no known format is written with other letters than that in the heading of the page: `RFC-0009` on the
    /// page `# ADR-0002: …`.
    fn is_of_other_series(&self, from: &Record, mention: &Mention) -> bool {
        if !from.is_of_unknown_format() || !has_its_width(from, &mention.text) {
            return false;
        }
        !self.has_letters_of(from, self.file_of(from).source().slice(mention.span))
    }

    /// Returns true for an identifier in capitals such as `A-7`, if a record of another of these kinds has one that differs in the
    /// number only.
    fn is_of_known_series(&self, from: &Record, kinds: &[&Arc<str>], text: &str) -> bool {
        let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_series = letters.len() < text.len()
            && letters
                .strip_suffix('-')
                .is_some_and(|it| !it.is_empty() && it.bytes().all(|c| c.is_ascii_uppercase()));
        let is_of_series = |id: &str| {
            id.strip_prefix(letters).is_some_and(|rest| rest.bytes().all(|digit| digit.is_ascii_digit()))
        };
        is_series
            && kinds.iter().filter(|kind| ****kind != *from.kind.name).any(|kind| {
                let mut of_kind = self.of_kind(kind).iter().map(|&number| self.record(number));
                of_kind.any(|record| is_of_series(&record.id))
            })
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

    fn is_own_page(&self, record: &Record) -> bool {
        record.profile.is_none() && self.config.format_of(&record.path).is_some_and(Format::is_page)
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
        let has_unresolved_path = |record: &Record| {
            let unresolved = self.references(record).filter(|it| !matches!(it.target, Target::Record(_)));
            let mut named = unresolved.flat_map(|reference| record.paths_named(&reference.text));
            named.any(|reference| paths.iter().any(|path| names_path(&reference, path)))
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

    /// Returns the only page in the folder of `from` whose file name begins with an identifier, and which states another one.
    fn find_by_file(&self, kind: &str, text: &str, from: &Record) -> Option<u32> {
        let key = from.lookup(text).key.filter(|_| from.profile.is_some())?;
        let filed = self.names().filed_under(kind, &key);
        let mut near =
            filed.iter().take(MAX_NAMESAKES).filter(|&&id| self.record(id).scope() == from.scope());
        near.next().filter(|_| near.next().is_none()).copied()
    }

    /// Returns the record of the only record page of this name in the repository, in whatever folder.
    fn find_by_file_name(&self, kinds: &[&Arc<str>], text: &str) -> Option<u32> {
        let is_name = !text.contains('/') && Format::is_page_path(text);
        let pages = if is_name { super::near_files::files_named(self, text) } else { &[] };
        let mut found = pages.iter().filter_map(|path| self.names().at_path(path));
        let only = found.next().filter(|_| found.next().is_none())?;
        kinds.contains(&&self.record(only).kind.name).then_some(only)
    }

    /// Returns the only page of a kind whose name begins with a code such as `D05`, the one in the folder of `from` first. A page of an
    /// unknown format names those of its own folder only, also by the number alone.
    fn find_by_code(&self, kind: &str, text: &str, from: &Record) -> Option<u32> {
        let text = text.trim();
        let is_number = from.is_of_unknown_format() && text.bytes().all(|byte| byte.is_ascii_digit());
        let code = is_number.then(|| Some(format!("{}{text}", series_letters(&from.path)?))).flatten();
        let found = self.names().with_code(kind, code.as_deref().unwrap_or(text));
        let folder = |path: &str| path.rfind('/').map_or(0, |at| at + 1);
        let here = &from.path[..folder(&from.path)];
        let (_, below) = self.below(found, here);
        let is_near = |number: &u32| folder(&self.record(*number).path) == here.len();
        let near: Vec<u32> = below.iter().copied().take(MAX_NAMESAKES).filter(is_near).collect();
        match (&near[..], found) {
            ([only], _) => Some(*only),
            ([], [only]) if !from.is_of_unknown_format() => Some(*only),
            _ => None,
        }
    }
}

/// A reference without a target, and its place among all.
struct Unresolved<'c> {
    at: usize,
    from: &'c Record,
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

/// The most pages with one code in a folder and those below it that are searched for the page that a code means.
const MAX_NAMESAKES: usize = 100;

/// Returns the words behind the number of a reference that begins at `start`, up to the end of the item or line, normalised.
fn words_behind_number(text: &str, start: u32) -> String {
    let reference = text.get(start as usize..).and_then(number_in);
    let rest = reference.map_or("", |(_, rest)| rest);
    let rest = rest.trim_start_matches([' ', ':', '-', '–', '—', ']', '*', '_', '"', '“']);
    let end = rest.find(['\n', ',', ';', '.', '(', ')', '[', ']']).unwrap_or(rest.len());
    normalized(rest[..end].trim())
}

/// Returns the letters before the number in a file's name.
fn series_letters(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    let code = leading_code(name)?;
    Some(code.trim_end_matches(|c: char| !c.is_ascii_alphabetic()))
}

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

/// Returns true for `ADR 44 in the platform repository`, for `2026-01 roadmap` and for a day.
fn names_no_record(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphabetic());
    let is_month = text.split_once('-').is_some_and(|(year, rest)| {
        let month = rest.bytes().take_while(u8::is_ascii_digit).count();
        year.len() == 4
            && year.bytes().all(|c| c.is_ascii_digit())
            && month == 2
            && rest[month..].starts_with(' ')
    });
    let is_day = text.len() == 10 && crate::calendar::parse_date(text).is_some();
    is_month
        || is_day
        || words.any(|word| ["repo", "repos", "repository"].iter().any(|it| it.eq_ignore_ascii_case(word)))
}

fn link_destination(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("](")?;
    rest.split([')', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ReadScope;
    use crate::config::Config;
    use crate::embedded;
    use crate::kind::Kinds;
    use crate::profile::Profiles;
    use crate::snapshot::Snapshot;
    use crate::text::Source;

    fn suggestions(files: &[(&str, &str)], id: &str) -> Vec<(String, Option<String>)> {
        let snapshot =
            Snapshot::in_memory(files.iter().map(|(path, text)| (path.to_string(), text.to_string())));
        let kinds = Kinds::load(&[]).expect("the embedded kinds load");
        let sources: Vec<Arc<Source>> = embedded::files("schemas/profiles")
            .map(|(path, text)| Arc::new(Source::new(path, text.as_bytes().to_vec())))
            .collect();
        let profiles = Profiles::load(&[], &sources, &kinds).expect("the embedded profiles load");
        let config = Config::default();
        let catalog =
            Catalog::read(Arc::new(snapshot), Arc::new(kinds), &profiles, &config, ReadScope::Records, None);
        let record = catalog.records().iter().find(|record| &*record.id == id).expect("a record");
        let unknown = catalog.references(record).filter(|one| one.target == Target::Unknown);
        unknown.map(|one| (one.text.to_string(), catalog.suggest(record, &one))).collect()
    }

    #[test]
    fn a_moved_record_is_suggested_by_its_file_name() {
        let kep = |number: u32, see: &str| {
            format!("title: A\nkep-number: {number}\nauthors: [a]\nstatus: provisional\nsee-also: [{see}]\n")
        };
        let files = [
            ("keps/sig-a/7-x/kep.yaml", kep(7, "keps/sig-node/48-parts, keps/sig-node/49-none, keps/old")),
            (
                "keps/sig-b/48-parts/kep.yaml",
                kep(48, "https://github.com/kubernetes/enhancements/tree/m/keps/a/1-z"),
            ),
        ];
        let files = [(files[0].0, &*files[0].1), (files[1].0, &*files[1].1), ("keps/old.md", "# Moved")];
        let moved = Some("/keps/sig-b/48-parts".to_owned());
        let expected =
            [("/keps/sig-node/48-parts".to_owned(), moved), ("/keps/sig-node/49-none".to_owned(), None)];
        assert_eq!(suggestions(&files, "7"), expected);
        assert_eq!(suggestions(&files, "48"), [], "a URL may point to another repository");
    }

    #[test]
    fn a_record_is_no_suggestion_for_itself() {
        let decisions = |related: &str| {
            format!(
                "decisions:\n  - {{ id: D-1, title: One, status: accepted, related: [{related}] }}\n  - {{ id: DE-2, title: Two }}\n"
            )
        };
        let found = |related: &str| suggestions(&[("governance/decisions.yaml", &decisions(related))], "D-1");
        assert_eq!(found("C-1"), [("C-1".to_owned(), None)]);
        assert_eq!(found("D-2"), [("D-2".to_owned(), Some("DE-2".to_owned()))]);
    }

    #[test]
    fn what_is_elsewhere_is_told_by_its_words() {
        for text in
            ["ADR 44 in the platform repository", "ADR-7 (infra repo)", "2026-01 roadmap", "2023-04-13"]
        {
            assert!(names_no_record(text), "{text}");
        }
        for text in ["ADR 44", "7. Report costs", "2026-01-31-costs", "2026-01", "44-1 costs", "é-01 x"] {
            assert!(!names_no_record(text), "{text}");
        }
    }

    #[test]
    fn a_person_may_be_written_with_address_or_handle() {
        assert_eq!(name_and_address("Ada Byron <ada@example.org>"), ["ada@example.org", "Ada Byron"]);
        assert_eq!(name_and_address("Ada Byron (@ada)"), ["@ada", "Ada Byron"]);
        assert_eq!(name_and_address("Ada Byron"), Vec::<&str>::new());
        assert_eq!(link_destination("superseded by [7](0007-x.md#top)"), Some("0007-x.md"));
    }
}
