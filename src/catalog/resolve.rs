//! Resolves references: by identifier, by name and by path.

use std::collections::BTreeSet;
use std::sync::Arc;

use ahash::{HashMap, HashMapExt, HashSet};
use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use crate::format;
use crate::kind::WHO;
use crate::record::{Record, trailing_number, without_titles};
use crate::syntax::markdown::slug;
use crate::text::file_name;
use crate::value::identifier;

use super::names::normalized;
use super::references::References;
use super::{Catalog, SourceFile, Target};

/// Each task remembers what it has resolved, and one should not take much longer than the others.
const RECORDS_PER_TASK: usize = 256;
const TASKS_PER_THREAD: usize = 4;

const OPTIONAL_EXTENSIONS: [&str; 6] = ["", ".md", ".rst", ".adoc", ".yaml", ".yml"];

/// With the text and the kinds, this determines the target of a reference that is not a path.
type Context<'c> = (Option<*const format::Format>, &'c str);

type Memo<'c> = HashMap<(&'c str, *const [Arc<str>]), Target>;

impl Catalog {
    pub(super) fn resolve_all(&self) -> References {
        let resolve = |records: &[Record]| -> Vec<Box<[Target]>> {
            let mut memos: HashMap<Context<'_>, Memo<'_>> = HashMap::new();
            let mut found = Vec::with_capacity(records.len());
            for from in records {
                let context = (from.format.as_ref().map(Arc::as_ptr), from.scope());
                let memo = memos.entry(context).or_default();
                let targets = from.mentions.iter().map(|mention| {
                    let (text, kinds) = (&*mention.text, &mention.kinds);
                    let resolve = || self.resolve(from, kinds, text);
                    // A path is relative to the file.
                    if text.contains(['/', '.', '(']) {
                        return resolve();
                    }
                    *memo.entry((text, Arc::as_ptr(kinds))).or_insert_with(resolve)
                });
                found.push(targets.collect());
            }
            found
        };
        if self.records.iter().any(|record| !record.mentions.is_empty()) {
            // Built once before the tasks, which would each build them.
            self.names();
        }
        let length = self.records.len() / (TASKS_PER_THREAD * rayon::current_num_threads());
        let tasks = self.records.par_chunks(length.max(RECORDS_PER_TASK));
        let mut targets: Vec<Box<[Target]>> = tasks.flat_map_iter(resolve).collect();
        self.mark_inconclusive(&mut targets);
        References::new(&self.records, targets)
    }

    /// Marks unresolved references by identifier or name as inconclusive if an incomplete file may define it: its name or its text has it,
    /// or it has no text, and a name without an identifier, as a list has.
    fn mark_inconclusive(&self, targets: &mut [Box<[Target]>]) {
        let incomplete: Vec<&SourceFile> = self.files.iter().filter(|file| file.is_incomplete()).collect();
        if incomplete.is_empty() {
            return;
        }
        let mut defined = HashSet::default();
        let mut may_be_any = false;
        for file in &incomplete {
            let name = format::place_name(file.path());
            let of_name = identifier::in_name(name);
            may_be_any |= file.unreadable && of_name.is_none();
            defined.extend([slug(name), slug(of_name.as_ref().map_or(name, |it| &name[it.rest..]))]);
            let headings = file.source().text().lines().filter(|line| line.starts_with(['#', '=']));
            let found = of_name.into_iter().chain(headings.filter_map(identifier::in_title));
            defined.extend(found.filter_map(|it| trailing_number(it.number)).map(str::to_owned));
        }
        let is_defined = |from: &Record, text: &str| {
            let lookup = from.lookup(text);
            let number = lookup.key.as_deref().and_then(trailing_number).map(str::to_owned);
            lookup.path.is_none() && (may_be_any || defined.contains(&number.unwrap_or_else(|| slug(text))))
        };
        let mentions =
            self.records.iter().flat_map(|from| from.mentions.iter().map(move |it| (from, &*it.text)));
        let unresolved: Vec<((&Record, &str), &mut Target)> = mentions
            .zip(targets.iter_mut().flatten())
            .filter(|(_, target)| matches!(target, Target::Unknown | Target::Unused))
            .collect();
        let texts: BTreeSet<&str> = unresolved.iter().map(|((_, text), _)| *text).collect();
        let texts: Vec<&str> = texts.into_iter().collect();
        let Ok(search) = AhoCorasick::new(&texts) else { return };
        let hits = incomplete.iter().flat_map(|file| search.find_overlapping_iter(file.source().text()));
        let found: HashSet<&str> = hits.map(|hit| texts[hit.pattern().as_usize()]).collect();
        for ((from, text), target) in unresolved {
            if found.contains(text) || is_defined(from, text) {
                *target = Target::Inconclusive;
            }
        }
    }

    /// Resolves a text in `from` among records of these kinds; of all kinds if there are none.
    pub(crate) fn resolve(&self, from: &Record, kinds: &[Arc<str>], text: &str) -> Target {
        let kinds: Vec<&Arc<str>> =
            if kinds.is_empty() { self.kinds_in_use().collect() } else { kinds.iter().collect() };
        let paths: Vec<String> = from.paths_named(text).collect();
        let is_in_use = kinds.iter().any(|kind| self.is_in_use(kind));
        let found = || self.find_named(from, &kinds, text, &paths).map(Target::Record);
        let known = is_in_use.then(found).flatten().or_else(|| self.elsewhere(&kinds, text));
        let may_be_elsewhere = || {
            // In an unknown format, a word may have a meaning of its own; a path and the identifier of a series have none.
            from.is_of_unknown_format()
                && from.lookup(text).path.is_none()
                && !kinds.iter().any(|kind| self.names().is_of_series(&self.records, kind, text))
                || paths.iter().any(|path| self.has_file(path))
                || text.contains("://")
                || self.aliases(&kinds, text).is_some()
        };
        // It may be a person in a repository without a directory.
        let may_be_person = kinds.iter().any(|kind| WHO.contains(&&***kind)) && !self.has_directory();
        match known {
            Some(target) => target,
            None if may_be_elsewhere() => Target::Inconclusive,
            None if !may_be_person && is_in_use => Target::Unknown,
            None => Target::Unused,
        }
    }

    /// Returns the record of one of these kinds that a text in `from` names. `paths` are those that it may mean.
    fn find_named(&self, from: &Record, kinds: &[&Arc<str>], text: &str, paths: &[String]) -> Option<u32> {
        let named = |text: &str| {
            let (key, name) = (from.lookup(text).key, normalized(text));
            kinds.iter().find_map(|kind| self.find(kind, key.as_deref(), &name, from).first().copied())
        };
        let record_at = |path: &String| {
            self.names().at_path(path).filter(|&id| kinds.contains(&&self.record(id).kind.name))
        };
        let at_path = || match link_destination(text) {
            Some(destination) => from.paths_named(destination).find_map(|path| record_at(&path)),
            None => paths.iter().find_map(record_at),
        };
        let by_alias = || {
            let mut aliases = self.aliases(kinds, text)?.iter();
            aliases.find_map(|alias| kinds.iter().find_map(|kind| self.named(kind, alias).first().copied()))
        };
        let of_stated_kind = || {
            let (kind, id) = text.split_once('/')?;
            let kind = kinds.iter().find(|it| ****it == *kind)?;
            self.find_by_id_or_name(kind, id, from).first().copied()
        };
        let called = || kinds.iter().find_map(|kind| self.names().called(&self.records, kind, text));
        named(text)
            .or_else(at_path)
            .or_else(|| name_and_address(text).into_iter().find_map(named))
            .or_else(by_alias)
            .or_else(of_stated_kind)
            .or_else(called)
            .or_else(|| {
                named(without_titles(text)).filter(|_| kinds.iter().any(|kind| WHO.contains(&&***kind)))
            })
    }

    /// Returns the names of the person or team with a name in files such as `CODEOWNERS`, if the repository has a directory of these.
    fn aliases(&self, kinds: &[&Arc<str>], text: &str) -> Option<&[Box<str>]> {
        if !kinds.iter().any(|kind| WHO.contains(&&***kind) && self.is_in_use(kind)) {
            return None;
        }
        let mut texts = std::iter::once(text).chain(name_and_address(text));
        texts.find_map(|text| self.known_names().aliases(text))
    }

    fn has_file(&self, path: &str) -> bool {
        OPTIONAL_EXTENSIONS.iter().any(|ending| self.snapshot.has(&format!("{path}{ending}")))
    }

    /// Returns the records of a kind with a text as identifier, else as name; the one in the folder of `from` comes first.
    pub(super) fn find_by_id_or_name(&self, kind: &str, text: &str, from: &Record) -> &[u32] {
        self.find(kind, from.lookup(text).key.as_deref(), &normalized(text), from)
    }

    fn find(&self, kind: &str, key: Option<&str>, name: &str, from: &Record) -> &[u32] {
        let found = key.map_or(&[][..], |key| self.names().by_key(kind, key));
        if found.len() == 1 && !from.is_of_unknown_format() {
            return found;
        }
        let here = from.scope();
        let (first, near) = self.below(found, here);
        let in_scope = near.iter().position(|id| self.record(*id).scope() == here);
        match (found, in_scope) {
            ([], _) => self.names().named_as(kind, name),
            (found, Some(at)) => &found[first + at..],
            (_, None) if from.is_of_unknown_format() && *from.kind.name == *kind => &[],
            (found, None) => found,
        }
    }
}

/// Returns the parts of `Name <mail>`, `Name (@handle)` and `[title](path)`, and the name in `user:name` and `group:default/name`.
fn name_and_address(text: &str) -> Vec<&str> {
    let split = |open: char, close: char| {
        let (before, rest) = text.split_once(open)?;
        let inner = rest.split(close).next()?;
        Some([inner.trim(), before.trim()])
    };
    let found = split('<', '>').or_else(|| split('(', ')')).or_else(|| split('[', ']'));
    let prefixed = || {
        text.split_once(':').filter(|(prefix, _)| ["user", "group"].contains(prefix) || WHO.contains(prefix))
    };
    let found = found.or_else(|| prefixed().map(|(_, name)| [name, file_name(name)]));
    found.into_iter().flatten().filter(|part| !part.is_empty()).collect()
}

fn link_destination(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("](")?;
    rest.split([')', '#']).next()
}
