//! Which records a new one is to be like, and where they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Request;
use super::name::file_name;
use super::numbering::Numbered;
use crate::catalog::Catalog;
use crate::finding::Fault;
use crate::linter::{Linter, is_within};
use crate::node::{Entry, Mapping, Node};
use crate::profile::Profile;
use crate::record::Record;
use crate::syntax::edit::record::RecordList;
use crate::syntax::{self, Document, Format};

/// Where records of one style are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    /// A file for each in a folder.
    Pages { folder: String },
    /// A folder for each, with a file of this name in it.
    Folders { folder: String, file: String },
    /// A list in a file.
    List { path: String },
}

impl Home {
    fn path(&self) -> &str {
        match self {
            Home::Pages { folder } | Home::Folders { folder, .. } => folder,
            Home::List { path } => path,
        }
    }
}

/// Records of one style.
pub(super) struct Siblings {
    pub home: Home,
    pub profile: Option<Arc<Profile>>,
    pub records: Vec<Record>,
    /// The identifiers of all records of the kind from which that of a new one has to differ.
    pub taken_ids: Vec<Arc<str>>,
    /// The paths of all files with records, of any kind.
    pub record_paths: BTreeSet<Arc<str>>,
    /// The heading of the newest record's page, with its number.
    pub heading: Option<String>,
    /// The top-level entries of the newest record's file: key and value as written.
    pub model_entries: Vec<(String, String)>,
    /// The notice that the records have several forms, and that this is the one of the newest.
    pub of_newest: Option<String>,
}

impl Siblings {
    /// Finds the records of the kind in the place that the user names or is in, else where most of them are; `None` if
    /// there are no such records.
    pub(super) fn find(
        linter: &Linter,
        catalog: &Catalog,
        request: &Request<'_>,
    ) -> Result<Option<Siblings>, Fault> {
        let of_kind = || catalog.records().iter().filter(|record| record.kind.name == request.kind.name);
        let within =
            |place: &str| of_kind().filter(|record| is_within(&record.path, place)).collect::<Vec<_>>();
        let prefix = linter.snapshot().prefix();
        let place = request.place.as_deref();
        let place = place.or(Some(prefix).filter(|prefix| !prefix.is_empty() && !within(prefix).is_empty()));
        let records = place.map_or_else(|| of_kind().collect(), within);
        let mut groups: BTreeMap<(Home, Option<Arc<str>>), Vec<&Record>> = BTreeMap::new();
        for record in &records {
            let profile = record.profile.as_ref().map(|profile| profile.name.clone());
            groups.entry((home(linter, record), profile)).or_default().push(record);
        }
        let mut homes: BTreeMap<&Home, usize> = BTreeMap::new();
        for ((home, _), members) in &groups {
            *homes.entry(home).or_default() += members.len();
        }
        // A folder that is named itself counts before those below it.
        let named = homes.iter().find(|(home, _)| place.is_some_and(|place| home.path() == place));
        let largest = || homes.iter().max_by_key(|(_, count)| **count);
        let Some((&home, &count)) = named.or_else(largest) else { return Ok(None) };
        if named.is_none() && count * 2 <= records.len() && homes.len() > 1 {
            return Err(ambiguous(request, &homes.into_keys().collect::<Vec<_>>()));
        }
        // Where no form has most of them, or the last ones have another, the newest record shows which one is in use now.
        let here = || groups.iter().filter(|((of_group, _), _)| of_group == home).map(|(_, members)| members);
        let most = here().find(|members| members.len() * 2 > count);
        let most = most.filter(|members| !is_given_up(home, members, here().flatten().copied()));
        let newest =
            || here().max_by_key(|members| newest(home, members.iter().copied()).map(|it| age(home, it)));
        let Some(members) = most.or_else(newest) else { return Ok(None) };
        let of_newest = most.is_none().then(|| newest_notice(home, members)).flatten();
        let profile = members.first().and_then(|record| record.profile.clone());
        let has_same_ids = |other: &&Record| members.first().is_some_and(|record| record.shares_scope(other));
        let id = |record: &Record| record.id.clone();
        let mut taken_ids: Vec<Arc<str>> = of_kind().filter(has_same_ids).map(id).collect();
        // The folders below go on with its numbers, unless one of them is taken in both.
        let below =
            || of_kind().filter(|record| is_within(&record.path, home.path()) && !has_same_ids(record));
        if !below().any(|record| taken_ids.contains(&record.id)) {
            taken_ids.extend(below().map(id).collect::<Vec<_>>());
        }
        let records = members.iter().map(|record| (*record).clone()).collect();
        let (home, heading, model_entries) = (home.clone(), None, Vec::new());
        let record_paths = catalog.records().iter().map(|record| record.path.clone()).collect();
        let mut siblings =
            Siblings { home, profile, records, taken_ids, record_paths, heading, model_entries, of_newest };
        siblings.read_model(linter);
        Ok(Some(siblings))
    }

    fn read_model(&mut self, linter: &Linter) {
        let Some(path) = self.model().map(|record| record.path.clone()) else { return };
        let format = linter.policy().config.format_of(&path);
        let Some((source, format)) = linter.snapshot().read_path(&path).zip(format) else { return };
        let document = syntax::parse(source, format);
        let title = document.markdown.as_ref().and_then(|page| page.title());
        self.heading = title.map(|heading| heading.title.to_string());
        let entries = document.roots.first().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let written =
            |entry: &Entry| (entry.key.name.to_string(), document.source.slice(entry.value.span).to_owned());
        self.model_entries = entries.iter().map(written).collect();
    }

    /// True if each record is a row of a table.
    pub(super) fn are_rows(&self, linter: &Linter) -> bool {
        let is_page = |path: &str| linter.policy().config.format_of(path).is_some_and(Format::is_page);
        match &self.profile {
            Some(profile) => profile.has_part_records(),
            None => matches!(&self.home, Home::List { path } if is_page(path)),
        }
    }

    /// The newest record: the last by its name.
    pub(super) fn model(&self) -> Option<&Record> {
        newest(&self.home, self.records.iter())
    }

    /// The documents of a few records, the newest last.
    pub(super) fn documents(&self, linter: &Linter) -> Vec<Document> {
        const MANY: usize = 12;
        let snapshot = linter.snapshot();
        let mut paths: Vec<&Arc<str>> = self.records.iter().map(|record| &record.path).collect();
        paths.sort();
        paths.dedup();
        let last = paths.len().saturating_sub(MANY);
        let document = |path: &&Arc<str>| {
            let source = snapshot.read_path(path)?;
            Some(syntax::parse(source, linter.policy().config.format_of(path)?))
        };
        paths[last..].iter().filter_map(document).collect()
    }
}

fn newest<'r>(home: &Home, records: impl Iterator<Item = &'r Record>) -> Option<&'r Record> {
    records.max_by_key(|record| age(home, record))
}

/// The number in the name of a record, the name, and the place among those of one file.
fn age<'r>(home: &Home, record: &'r Record) -> (Option<u64>, &'r str, u32) {
    let name = file_name(home, &record.path);
    (Numbered::read(name).and_then(Numbered::number), name, record.span.start)
}

/// Returns true if none of the last records is among the members.
fn is_given_up<'r>(home: &Home, members: &[&Record], all: impl Iterator<Item = &'r Record>) -> bool {
    const LAST: usize = 3;
    let mut all: Vec<&Record> = all.collect();
    all.sort_by_key(|record| std::cmp::Reverse(age(home, record)));
    let is_member = |record: &&Record| members.iter().any(|member| member.ptr_eq(record));
    all.len() > LAST && !all[..LAST].iter().any(is_member)
}

fn newest_notice(home: &Home, members: &[&Record]) -> Option<String> {
    let newest = newest(home, members.iter().copied())?;
    let format = newest.profile.as_ref().map(|profile| format!(" (`{}`)", profile.name)).unwrap_or_default();
    Some(format!(
        "the records in `{}` have several forms; the new one has that of the newest, `{}`{format}",
        home.path(),
        newest.id
    ))
}

fn home(linter: &Linter, record: &Record) -> Home {
    let (folder, file) = record.path.rsplit_once('/').unwrap_or(("", &record.path));
    let is_page = linter.policy().config.format_of(&record.path).is_some_and(Format::is_page);
    // The identifier of such a record is in the name of its folder.
    let folder_names = || {
        let profile = record.profile.as_ref()?;
        let has_number = Numbered::read(folder.rsplit('/').next()?).is_some();
        let file_has_none = Numbered::read(file.split('.').next()?).is_none();
        (has_number && file_has_none && !profile.has_part_records() && record.is_sole_record).then_some(())
    };
    if folder_names().is_some() {
        let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
        return Home::Folders { folder: above.to_owned(), file: file.to_owned() };
    }
    let is_row = match &record.profile {
        Some(profile) => profile.has_part_records(),
        None => {
            is_page
                && (is_section(linter, record) || record.kind.rows.is_some() && is_in_table(linter, record))
        }
    };
    let is_whole_file = record.is_sole_record && (record.profile.is_some() || is_root(linter, record));
    match (is_page || is_whole_file) && !is_row {
        true => Home::Pages { folder: folder.to_owned() },
        false => Home::List { path: record.path.to_string() },
    }
}

/// Returns true for a section of a page, which is not one record.
fn is_section(linter: &Linter, record: &Record) -> bool {
    let document = document_of(linter, record).filter(|_| !record.is_sole_record);
    let page = document.as_ref().and_then(|document| document.markdown.as_ref());
    page.is_some_and(|page| page.headings.iter().any(|heading| heading.line.start == record.span.start))
}

fn is_in_table(linter: &Linter, record: &Record) -> bool {
    let document = document_of(linter, record);
    let page = document.as_ref().and_then(|document| document.markdown.as_ref());
    page.is_some_and(|page| page.tables.iter().any(|table| table.span.contains(record.span)))
}

fn document_of(linter: &Linter, record: &Record) -> Option<Document> {
    let source = linter.snapshot().read_path(&record.path)?;
    Some(syntax::parse(source, linter.policy().config.format_of(&record.path)?))
}

/// True if the record is the whole of a structured file.
fn is_root(linter: &Linter, record: &Record) -> bool {
    document_of(linter, record).is_some_and(|document| RecordList::around(&document, record.span).is_none())
}

fn ambiguous(request: &Request<'_>, homes: &[&Home]) -> Fault {
    const SHOWN: usize = 5;
    let names: Vec<String> = homes.iter().take(SHOWN).map(|home| format!("`--in {}`", home.path())).collect();
    let more = if homes.len() > SHOWN { ", …" } else { "" };
    Fault::new(format!(
        "{} are kept in {} places, and none has most of them",
        request.kind.plural,
        homes.len()
    ))
    .help(format!("name one: {}{more}", names.join(", ")))
}
