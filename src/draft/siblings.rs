//! Which records a new one is to be like, and where they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Request, records_in};
use crate::catalog::Catalog;
use crate::finding::Fault;
use crate::format;
use crate::linter::Linter;
use crate::record::Record;
use crate::snapshot::is_within;
use crate::syntax::edit::record::RecordList;
use crate::syntax::markdown::Heading;
use crate::syntax::{self, Document};
use crate::text::{folder_of, stem};

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

    /// Returns what names a record: in a list its identifier, else its file without the extension, or its folder.
    pub(super) fn name_of<'r>(&self, record: &'r Record) -> &'r str {
        match self {
            Home::Folders { .. } => record.path.rsplit('/').nth(1).unwrap_or_default(),
            Home::Pages { .. } => stem(&record.path),
            Home::List { .. } => &record.id,
        }
    }
}

/// Records of one style.
pub(super) struct Siblings {
    pub home: Home,
    pub format: Option<Arc<format::Format>>,
    pub records: Vec<Record>,
    /// The identifiers of all records of the kind from which that of a new one has to differ.
    pub taken_ids: Vec<Arc<str>>,
    /// The paths of all files with records, of any kind.
    pub record_paths: BTreeSet<Arc<str>>,
}

impl Siblings {
    /// Finds the records of the kind in the place that the user names or is in, else where most of them are.
    pub(super) fn find(
        linter: &Linter,
        catalog: &Catalog,
        request: &Request<'_>,
    ) -> Result<Option<Siblings>, Fault> {
        let of_kind = || catalog.records().iter().filter(|record| record.kind.name == request.kind.name);
        let prefix = Some(linter.snapshot().prefix())
            .filter(|prefix| !prefix.is_empty() && of_kind().any(|record| is_within(&record.path, prefix)));
        let place = request.place.as_deref().or(prefix);
        let mut homes: BTreeMap<Home, Vec<&Record>> = BTreeMap::new();
        for record in of_kind().filter(|record| place.is_none_or(|place| is_within(&record.path, place))) {
            homes.entry(home(linter, record)).or_default().push(record);
        }
        let all: usize = homes.values().map(Vec::len).sum();
        // A folder that is named itself counts before those below it.
        let named = homes.iter().find(|(home, _)| place.is_some_and(|place| home.path() == place));
        let largest = || homes.iter().max_by_key(|(_, records)| records.len());
        let Some((home, records)) = named.or_else(largest) else { return Ok(None) };
        if named.is_none() && records.len() * 2 <= all && homes.len() > 1 {
            return Err(ambiguous(request, &homes.keys().collect::<Vec<_>>()));
        }
        // The newest record shows which form is in use now.
        let Some(newest) = newest(home, records.iter().copied()) else { return Ok(None) };
        let name = |record: &Record| record.format.as_ref().map(|format| format.name.clone());
        let alike = records.iter().filter(|record| name(record) == name(newest));
        // The folders below go on with its numbers, unless one of them is taken in both.
        let (own, others): (Vec<&Record>, Vec<&Record>) =
            of_kind().partition(|record| newest.shares_scope(record));
        let mut taken_ids: Vec<Arc<str>> = own.iter().map(|record| record.id.clone()).collect();
        let below = others.into_iter().filter(|record| is_within(&record.path, home.path()));
        let below: Vec<Arc<str>> = below.map(|record| record.id.clone()).collect();
        if !below.iter().any(|id| taken_ids.contains(id)) {
            taken_ids.extend(below);
        }
        Ok(Some(Siblings {
            home: home.clone(),
            format: newest.format.clone(),
            records: alike.map(|record| (*record).clone()).collect(),
            taken_ids,
            record_paths: catalog.records().iter().map(|record| record.path.clone()).collect(),
        }))
    }

    /// For the first record of a kind: the example of the kind, in the file or folder that the user names or where such records begin.
    pub(super) fn of_example(linter: &Linter, request: &Request<'_>, example: &Document) -> Siblings {
        let kind = request.kind;
        Siblings {
            home: Home::List { path: request.place.clone().unwrap_or_else(|| kind.starter_path()) },
            format: None,
            records: records_in(linter, kind, example),
            taken_ids: Vec::new(),
            record_paths: BTreeSet::new(),
        }
    }

    /// True for the example of a kind, of which nothing but the form holds here.
    pub(super) fn is_example(&self) -> bool {
        self.taken_ids.is_empty()
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
        paths.sort_unstable();
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

/// The number in the name of a record's file, that name, and the place among those of one file.
fn age<'r>(home: &Home, record: &'r Record) -> (Option<u64>, &'r str, u32) {
    let name = if let Home::List { .. } = home { "" } else { home.name_of(record) };
    (Numbered::read(name).and_then(Numbered::number), name, record.span.start)
}

fn home(linter: &Linter, record: &Record) -> Home {
    let (folder, file) = record.path.rsplit_once('/').unwrap_or(("", &record.path));
    if is_part(linter, record) {
        return Home::List { path: record.path.to_string() };
    }
    // The identifier of such a record is in the name of its folder.
    let has_number = |name: Option<&str>| name.and_then(Numbered::read).is_some();
    let is_foreign = record.format.is_some() && record.is_sole_record;
    match is_foreign && has_number(folder.rsplit('/').next()) && !has_number(file.split('.').next()) {
        true => {
            let above = folder_of(folder);
            Home::Folders { folder: above.to_owned(), file: file.to_owned() }
        }
        false => Home::Pages { folder: folder.to_owned() },
    }
}

/// Returns true for an item of a list of data, and for a part of a page: a row, an item or a section.
fn is_part(linter: &Linter, record: &Record) -> bool {
    let Some(source) = linter.snapshot().read_path(&record.path) else { return false };
    let text = source.text().to_owned();
    let Some(format) = linter.policy().config.format_of(&record.path) else { return false };
    let is_whole =
        record.span.start as usize <= source.bom_len() && record.span.end as usize >= text.trim_end().len();
    if is_whole && format.is_page() {
        return false;
    }
    let document = syntax::parse(source, format);
    match document.markdown.as_deref() {
        Some(page) => {
            let is_below = |title: &Heading| !record.span.contains(title.span);
            let has_title = page.headings.iter().any(|heading| record.span.contains(heading.span));
            page.title().is_some_and(is_below) || !has_title && !record.is_sole_record
        }
        None => !record.is_sole_record || RecordList::around(&document, record.span).is_some(),
    }
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

/// A name such as `ADR-0014_use-rust`: a number between a prefix, to which the year of `AC-2026-02` belongs, and the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbered<'a> {
    pub prefix: &'a str,
    pub digits: &'a str,
    pub separator: &'a str,
    pub rest: &'a str,
}

/// The separators between the parts of a name.
const SEPARATORS: [char; 4] = ['-', '_', ' ', '.'];

/// The longest number; a longer one is a date, or no number at all.
const MAX_DIGITS: usize = 6;

impl<'a> Numbered<'a> {
    /// Reads a name; none without a number after at most one word. A date is no number.
    pub(super) fn read(name: &'a str) -> Option<Numbered<'a>> {
        let start = name.find(|c: char| c.is_ascii_digit())?;
        let (prefix, rest) = name.split_at(start);
        let word = prefix.trim_end_matches(SEPARATORS);
        if !word.chars().all(char::is_alphabetic) || prefix.len() > word.len() + 1 {
            return None;
        }
        let year = year_before_number(rest).unwrap_or(0);
        let (prefix, rest) = name.split_at(start + year);
        let (digits, rest) = rest.split_at(digits_at_start(rest));
        let after = rest.trim_start_matches(SEPARATORS);
        let separator = &rest[..rest.len() - after.len()];
        let is_separate = rest.is_empty() || !separator.is_empty();
        let is_date = digits.len() > MAX_DIGITS || (digits.len() == 4 && starts_with_month(after));
        (is_separate && !is_date).then_some(Numbered { prefix, digits, separator, rest: after })
    }

    pub(super) fn number(self) -> Option<u64> {
        self.digits.parse().ok()
    }
}

pub(super) fn digits_at_start(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len()
}

/// The length of a year and the hyphen after it, if a number follows and not the rest of a date.
fn year_before_number(text: &str) -> Option<usize> {
    let (year, rest) = text.split_once('-')?;
    let is_year = year.len() == 4 && digits_at_start(year) == 4 && matches!(&year[..2], "19" | "20");
    let is_number = (1..=4).contains(&digits_at_start(rest)) && !starts_with_month(rest);
    (is_year && is_number).then_some(year.len() + 1)
}

pub(super) fn padded(number: u64, width: usize) -> String {
    format!("{number:0width$}")
}

fn starts_with_month(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_two_digits = |part: Option<&str>| {
        part.is_some_and(|it| it.len() >= 2 && it.bytes().take(2).all(|b| b.is_ascii_digit()))
    };
    is_two_digits(parts.next()) && is_two_digits(parts.next())
}
