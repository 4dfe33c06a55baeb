//! Recognises the [`Record`]s of a document: their kinds, identifiers and fields in canonical form, with the spans of the file.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::parse_date;
use crate::format::Format;
use crate::kind::Kind;
use crate::lazy::Lazy;
use crate::limits;
use crate::node::{Node, Scalar};
use crate::schema::Violation;
use crate::syntax;
use crate::text::{Source, Span};
use crate::value::words;

mod body;
mod build;
mod builder;
mod canonical;
mod classifier;
mod days;
mod defined;
mod expected;
mod identity;
mod items;
mod keyed;
mod lists;
mod mentions;
mod mistakes;
mod named;
mod parts;
mod practice;
mod read;
mod recognise;
mod rows;
mod section;
mod structured;

pub(crate) use canonical::is_absent;
pub use classifier::PathClassifier;
pub(crate) use classifier::{is_decision_index, is_frozen, is_index_name, is_introduction};
pub use expected::{ExpectedRecord, Refusal};
pub use identity::{Lookup, code_key, id_key, leading_number, trailing_number};
pub use mentions::Mention;
pub use mistakes::UnreadStatement;
pub use recognise::{Recognised, Recogniser, UnreadPart};
pub(crate) use recognise::{is_listing, is_numbered_index};

/// Returns the name of a person or a team without what stands before it: `Dr. Gwen Parry` is `Gwen Parry`, `the Board` is `Board`.
pub fn without_titles(name: &str) -> &str {
    let mut rest = name.trim();
    while let Some((first, others)) = rest.split_once(char::is_whitespace) {
        let first = first.trim_end_matches('.');
        if !["titles-of-people", "phrase-articles"].iter().any(|list| words::is_in(list, first)) {
            break;
        }
        rest = others.trim_start();
    }
    rest
}

/// Returns the kind that pages most often are.
pub fn page_kind() -> &'static str {
    words::entries("page-kind").next().map_or("", |(kind, _)| kind)
}

/// A record in a catalog. Catalogs of snapshots with the same file share its content.
#[derive(Clone)]
pub struct Record {
    /// The index of the record in the catalog, which sets it.
    pub number: u32,
    /// The index of the record's file in the catalog, which sets it.
    pub document: u32,
    /// True if practice rules apply to it. The catalog sets it.
    pub is_adopted: bool,
    /// True if it lies in an archive: no rule reports it. The catalog sets it.
    pub is_frozen: bool,
    /// True if `records` in the configuration names its file. The catalog sets it.
    pub is_configured: bool,
    /// Whether it is active, once a rule has asked: most rules do.
    pub is_live: OnceLock<bool>,
    content: Arc<RecordContent>,
}

/// The content of a record, independent of a catalog.
#[derive(Clone)]
pub struct RecordContent {
    pub kind: Arc<Kind>,
    /// The foreign format; `None` for the native one.
    pub format: Option<Arc<Format>>,
    pub path: Arc<str>,
    /// A mapping from their names to their values, parsed or decoded from the parse cache on first use.
    pub fields: Lazy<Node>,
    /// The unresolved references, in the order of the fields.
    pub mentions: Box<[Mention]>,
    pub facts: RecordFacts,
}

/// What the cache stores of a record as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordFacts {
    /// The identifier as written. Use [`RecordContent::key`] for comparisons.
    pub id: Arc<str>,
    pub title: Option<Box<str>>,
    pub span: Span,
    /// The identifier, first key, heading, or first line; findings about missing fields are reported here.
    pub name_span: Span,
    /// The texts of the fields under `x-names` of the kind.
    pub other_names: Box<[Box<str>]>,
    pub file_id: Option<Box<str>>,
    /// The letters that the title of a page in no known format writes before its number: `ADR` of `# ADR-0011: Tablets`.
    pub letters: Option<Box<str>>,
    /// What the record states at its own level and no field took.
    pub unread: Box<[UnreadStatement]>,
    pub is_sole_record: bool,
    pub states_kind: bool,
    /// True if the file names the schema of another program, which defines its keys.
    pub has_other_schema: bool,
    /// True if an item of a list may name a record at its beginning: see [`Record::with_leading_names`].
    pub names_in_items: bool,
    /// Violations of the format, repeated keys and a misspelt status; in addition to those of the kind's schema.
    pub format_violations: Vec<Violation>,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl fmt::Debug for RecordContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.name, self.id)
    }
}

impl Deref for Record {
    type Target = RecordContent;

    fn deref(&self) -> &RecordContent {
        &self.content
    }
}

impl Deref for RecordContent {
    type Target = RecordFacts;

    fn deref(&self) -> &RecordFacts {
        &self.facts
    }
}

impl DerefMut for RecordContent {
    fn deref_mut(&mut self) -> &mut RecordFacts {
        &mut self.facts
    }
}

impl From<RecordContent> for Record {
    fn from(mut content: RecordContent) -> Record {
        content.mentions = content.collect_mentions();
        content.other_names = content.collect_names();
        content.names_in_items = content.has_leading_names();
        Record::from_cached(content)
    }
}

impl Record {
    /// Creates a record from cached content, in which mentions and names are collected already.
    pub fn from_cached(content: RecordContent) -> Record {
        Record {
            number: 0,
            document: 0,
            is_adopted: false,
            is_frozen: false,
            is_configured: false,
            is_live: OnceLock::new(),
            content: Arc::new(content),
        }
    }

    /// Returns what catalogs of snapshots with the same file share.
    pub fn content(&self) -> &Arc<RecordContent> {
        &self.content
    }

    /// Frees the texts that stand in the record's source as they are, unless the content is shared.
    pub fn read_from(&mut self, source: &Arc<Source>) {
        if let Some(content) = Arc::get_mut(&mut self.content) {
            content.fields.read_from(source);
        }
    }

    /// Returns true for a page in a foreign format that lies in an archive, unless the configuration names it.
    pub fn lies_in_archive(&self, config: &crate::config::Config) -> bool {
        self.format.is_some()
            && syntax::Format::is_page_path(&self.path)
            && classifier::is_frozen(&self.path)
            && config.record_files(&self.path).is_none()
    }

    /// Returns the name of the format. Without one, it is `schema` in a file with the schema of another program, else empty.
    pub fn format_name(&self) -> &str {
        match &self.format {
            Some(format) => &format.name,
            None if self.has_other_schema => "schema",
            None => "",
        }
    }
}

impl RecordContent {
    pub fn field(&self, name: &str) -> Option<&Node> {
        self.fields.get(name)
    }

    /// Returns true if a field has the same value in another state of the record.
    pub fn has_same(&self, other: &RecordContent, name: &str) -> bool {
        match (self.field(name), other.field(name)) {
            (Some(one), Some(other)) => one.is_same(other, &Scalar::eq),
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    /// Returns the title, or else the identifier.
    pub fn name(&self) -> &str {
        self.stated_title().map_or(&*self.id, str::trim)
    }

    /// Returns the title, unless it is empty.
    pub fn stated_title(&self) -> Option<&str> {
        self.title.as_deref().filter(|title| !title.trim().is_empty())
    }

    pub fn last_day(&self) -> Option<Date> {
        parse_date(self.field(self.kind.until.as_deref()?)?.as_text()?)
    }

    /// Returns the texts that may be the id of a record, or else a few words.
    pub fn possible_ids(&self) -> impl Iterator<Item = &Node> {
        let fields = self.kind.shape.fields.iter().filter(|field| field.may_be_id);
        fields.filter_map(|field| self.field(&field.name)).flat_map(Node::items)
    }

    /// Returns the comparison key of the identifier: see [`id_key`].
    pub fn key(&self) -> String {
        id_key(self.meant_id().as_deref().unwrap_or(&self.id), self.prefixes())
    }

    /// Returns the path, the kind and the key.
    pub fn place_key(&self) -> (Arc<str>, Arc<str>, Box<str>) {
        (self.path.clone(), self.kind.name.clone(), self.key().into())
    }

    pub fn prefixes(&self) -> &[Box<str>] {
        self.format.as_ref().map_or(&[], |format| format.prefixes())
    }

    /// Returns true if the format is unknown: what it says besides the fields that were read has no known meaning.
    pub fn is_of_unknown_format(&self) -> bool {
        self.format.as_ref().is_some_and(|format| format.is_by_place())
    }

    /// Returns the paths that refer to this record; `None` if the file holds several records.
    pub fn paths(&self) -> Vec<&str> {
        match &self.format {
            _ if !self.is_sole_record => Vec::new(),
            Some(format) => format.paths_of(&self.path),
            None => vec![&self.path],
        }
    }

    /// Returns the fields that name who is accountable for the record, by priority.
    pub fn accountable(&self) -> &[Box<str>] {
        match &self.format {
            Some(format) if !format.definition.accountable.is_empty() => &format.definition.accountable,
            _ => &self.kind.accountable,
        }
    }

    pub fn lookup(&self, text: &str) -> Lookup {
        Lookup::parse(text, &self.path, self.prefixes())
    }

    /// Returns the paths that a reference may mean, the best first: in a foreign format, it may be relative to the file or to the root.
    pub fn paths_named(&self, text: &str) -> impl Iterator<Item = String> + use<> {
        let may_be_at_root = self.format.is_some() && text.contains('/') && !text.starts_with(['.', '/']);
        let at_root = may_be_at_root.then(|| self.lookup(&format!("/{text}")).path).flatten();
        // On a site, a path from its root may begin in a folder above the page.
        let of_site = if self.format.is_some() && text.starts_with('/') { &*self.path } else { "" };
        let folders = of_site.match_indices('/').map(|(at, _)| &of_site[..at]);
        let on_site: Vec<String> =
            folders.filter_map(|folder| self.lookup(&format!("/{folder}{text}")).path).collect();
        self.lookup(text).path.into_iter().chain(at_root).chain(on_site)
    }

    /// Returns the violations of the format and of the kind's schema, with priority for the format, in the order of the file.
    pub fn violations(&self) -> Vec<Violation> {
        self.violations_within(limits::VIOLATIONS)
    }

    /// As [`RecordContent::violations`], but at most `limit` of the schema.
    pub fn violations_within(&self, limit: usize) -> Vec<Violation> {
        let of_values = self.format_violations.iter().filter(|violation| !violation.pointer.is_empty());
        let by_format = |pointer: &str| of_values.clone().any(|violation| *violation.pointer == *pointer);
        let mut violations: Vec<Violation> = self.kind.violations(limit, &self.fields);
        // The values of a row that lacks a cell stand in other columns.
        let is_shifted = |span: Span| {
            self.format_violations.iter().any(|it| &*it.keyword == "cells" && it.span.contains(span))
        };
        violations.retain(|it| !by_format(&it.pointer) && !self.is_optional(it) && !is_shifted(it.span));
        for violation in violations.iter_mut().filter(|violation| violation.missing) {
            if is_top_level(violation) {
                violation.span = self.name_span;
            }
        }
        violations.extend(self.format_violations.iter().filter(|it| !it.is_told_elsewhere()).cloned());
        violations.sort_by_key(|violation| violation.span);
        violations
    }

    fn is_optional(&self, violation: &Violation) -> bool {
        let format = self.format.as_ref().filter(|_| violation.missing && is_top_level(violation));
        format.is_some_and(|format| format.is_optional(&violation.field))
    }
}

fn is_top_level(violation: &Violation) -> bool {
    violation.pointer.matches('/').count() == 1
}
