//! Which records govern a path: by their patterns of paths, or by a comment there that cites them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::calendar::parse_date;
use crate::catalog::Catalog;
use crate::config::LazyGlob;
use crate::finding::RecordName;
use crate::kind::FieldType;
use crate::node::Node;
use crate::record::Record;
use crate::snapshot::is_within;
use crate::text::Position;

/// A record that governs a path, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Governing {
    pub record: RecordName,
    pub title: Option<String>,
    /// Its status, in the words of the kind.
    pub status: Option<String>,
    /// False if it was rejected or superseded, or is otherwise closed.
    pub in_force: bool,
    /// Who is accountable for it, as its file says.
    pub owner: Option<String>,
    /// Those who decided it, where its file names several, and no owner.
    pub deciders: Vec<String>,
    /// The last day of that person in the directory, if it is known.
    #[serde(serialize_with = "as_text")]
    pub owner_until: Option<Date>,
    #[serde(serialize_with = "as_text")]
    pub date: Option<Date>,
    #[serde(serialize_with = "as_text")]
    pub review: Option<Date>,
    pub path: Arc<str>,
    pub start: Position,
    /// Its patterns that match the path.
    pub governs: Vec<String>,
    pub cited: Vec<CitedAt>,
    pub superseded_by: Vec<RecordName>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CitedAt {
    pub path: Arc<str>,
    pub start: Position,
}

#[expect(clippy::ref_option, reason = "serde passes the field itself")]
fn as_text<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    date.map(|date| date.to_string()).serialize(serializer)
}

#[derive(Clone, Copy, Debug)]
pub enum Paths<'p> {
    /// A file, or a folder with all files in it; the empty path is the root.
    Within(&'p str),
    These(&'p BTreeSet<Arc<str>>),
}

impl Paths<'_> {
    fn contain(self, path: &str) -> bool {
        match self {
            Paths::Within(folder) => is_within(path, folder),
            Paths::These(paths) => paths.contains(path),
        }
    }

    fn are_matched_by(self, pattern: &str, catalog: &Catalog) -> bool {
        let Ok(glob) = LazyGlob::new(pattern) else { return false };
        match self {
            Paths::Within(path) => {
                let below = catalog.snapshot().files_within(path);
                glob.matches(path) || below.iter().any(|file| glob.matches(&file.path))
            }
            Paths::These(paths) => paths.iter().any(|path| glob.matches(path)),
        }
    }
}

/// Returns the records that govern some of these files: those in force first, then the newest.
pub fn governing(catalog: &Catalog, paths: Paths<'_>) -> Vec<Governing> {
    let kinds = catalog.kinds().iter().filter(|kind| kind.governs.is_some());
    let numbers: BTreeSet<u32> = kinds.flat_map(|kind| catalog.of_kind(&kind.name)).copied().collect();
    let patterns = |&number: &u32| (number, catalog.governed_by(catalog.record(number)).collect());
    let patterns: Vec<(u32, Vec<&str>)> = numbers.iter().map(patterns).collect();
    let distinct: HashSet<&str> = patterns.iter().flat_map(|(_, patterns)| patterns).copied().collect();
    let is_matching = |pattern: &&str| paths.are_matched_by(pattern, catalog);
    let matching: HashSet<&str> = distinct.into_iter().filter(is_matching).collect();
    let mut found: BTreeMap<u32, (Vec<String>, Vec<CitedAt>)> = BTreeMap::new();
    for (number, patterns) in patterns {
        for pattern in patterns.into_iter().filter(|pattern| matching.contains(pattern)) {
            found.entry(number).or_default().0.push(pattern.to_owned());
        }
    }
    for file in catalog.citing_files_where(|path| paths.contain(path)) {
        for citation in file.citations.iter().filter(|citation| citation.in_comment) {
            let Some(number) = citation.target.filter(|number| numbers.contains(number)) else { continue };
            let start = file.source().position(citation.span.start as usize);
            found.entry(number).or_default().1.push(CitedAt { path: file.path().clone(), start });
        }
    }
    let described = found.into_iter().map(|(number, (governs, cited))| Governing {
        governs,
        cited,
        ..describe(catalog, catalog.record(number))
    });
    let mut governing: Vec<Governing> = described.collect();
    governing.sort_by_key(|one| (!one.in_force, Reverse(one.date)));
    governing
}

/// Returns what a record says of itself, as if it governed nothing.
pub fn describe(catalog: &Catalog, record: &Record) -> Governing {
    // The field with the day of the next review in kinds that do not name theirs.
    const REVIEW: &str = "review-by";
    let source = catalog.file_of(record).source();
    let text = |field: &str| record.field(field).and_then(Node::as_text);
    let status = record.kind.status.as_deref().and_then(text);
    let owners = catalog.owner_references(record);
    // Several in the field that says who is accountable, unless it is the one for the owner.
    let is_owner = |field: &str| record.kind.accountable.first().is_some_and(|owner| **owner == *field);
    let deciders = match &owners[..] {
        [first, _, ..] if !is_owner(first.field()) => &owners[..],
        _ => &[],
    };
    let mut dates = record.kind.shape.fields.iter().filter(|field| matches!(field.ty, FieldType::Date));
    let review = record.kind.review.as_ref().and_then(|review| review.due.as_deref());
    let is_live = |status: &str| record.kind.is_live(status);
    Governing {
        record: catalog.name_of(record),
        title: record.title.as_deref().map(str::to_owned),
        in_force: status.map_or(Some(true), is_live).unwrap_or(record.format.is_none()),
        status: status.map(str::to_owned),
        owner: owners.first().map(|owner| owner.text().to_owned()),
        deciders: deciders.iter().map(|owner| owner.text().trim().to_owned()).collect(),
        owner_until: owners.first().and_then(|owner| catalog.record(owner.target.record()?).last_day()),
        date: dates.find_map(|field| parse_date(text(&field.name)?)),
        review: text(review.unwrap_or(REVIEW)).and_then(parse_date),
        path: record.path.clone(),
        start: source.position(record.name_span.start as usize),
        governs: Vec::new(),
        cited: Vec::new(),
        superseded_by: successors(catalog, record),
    }
}

/// Returns the records that supersede a record, by its own statement or by theirs.
fn successors(catalog: &Catalog, record: &Record) -> Vec<RecordName> {
    let own = record.kind.successor.as_deref().into_iter();
    let own = own.flat_map(|field| catalog.targets(record, field).map(|target| target.number));
    let theirs = catalog.citations(record).filter(|citation| {
        let citing = catalog.record(citation.from);
        citing.kind.predecessor.as_deref() == Some(&*citation.mention.field)
    });
    let numbers: BTreeSet<u32> = own.chain(theirs.map(|citation| citation.from)).collect();
    let others = numbers.into_iter().filter(|number| *number != record.number);
    others.map(|number| catalog.name_of(catalog.record(number))).collect()
}
