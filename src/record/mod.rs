//! From a document to its [`Record`]s: what kind each is, what it is called, and its fields under the
//! kind's own names, each still with the bytes of the file.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::kind::Kind;
use crate::node::Node;
use crate::profile::Profile;
use crate::schema::Violation;
use crate::text::Span;

mod build;
mod canonical;
mod classifier;
mod fields;
mod foreign;
mod identity;
mod lookup;
mod mention;
mod page;
mod recognise;
mod structured;

pub use classifier::PathClassifier;
pub use fields::{Fields, LazyFields};
pub use identity::id_key;
pub use lookup::Lookup;
pub use mention::Mention;
pub use recognise::{Recognised, Recogniser, UnrecognisedRecord};

/// One decision, goal, metric, person … as a catalog knows it. What its file says is shared by all states that have
/// the same file.
#[derive(Clone)]
pub struct Record {
    /// The numbers of the record and of its file in the catalog, which sets them.
    pub number: u32,
    pub document: u32,
    content: Arc<RecordContent>,
}

/// What a file says of a record.
pub struct RecordContent {
    pub kind: Arc<Kind>,
    /// As the file writes it; compare [`Record::key`].
    pub id: Arc<str>,
    pub title: Option<Box<str>>,
    /// The foreign format it was read from; none for the program's own.
    pub profile: Option<Arc<Profile>>,
    /// The file's path, relative to the repository's root.
    pub path: Arc<str>,
    /// The whole record.
    pub span: Span,
    /// Where the record is named, on one line: its identifier, else its first key, its heading, or the
    /// line that opens its front matter. What it lacks is shown here.
    pub name_span: Span,
    /// The canonical view: a mapping of the kind's field names to values, spans of the file kept.
    pub fields: Fields,
    /// What it mentions, in the order of its fields.
    pub mentions: Arc<[Mention]>,
    /// The texts, besides the identifier, in the fields that its kind calls names.
    pub other_names: Box<[Box<str>]>,
    /// The identifier that the file's name claims.
    pub file_id: Option<Box<str>>,
    /// The record is all that its file holds.
    pub is_sole_record: bool,
    /// The page has keys of the kind that its format has no place for.
    pub extends_format: bool,
    /// What its own format has against it, which the kind's schema can't see.
    pub format_violations: Vec<Violation>,
}

impl fmt::Debug for Record {
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

impl From<RecordContent> for Record {
    fn from(mut content: RecordContent) -> Record {
        content.mentions = content.mentioned();
        content.other_names = content.named();
        Record::from_cached(content)
    }
}

impl Record {
    /// A record of whose fields is known already what they mention and name.
    pub fn from_cached(content: RecordContent) -> Record {
        Record { number: 0, document: 0, content: Arc::new(content) }
    }

    /// Whether both come from one reading of one file.
    pub fn ptr_eq(&self, other: &Record) -> bool {
        Arc::ptr_eq(&self.content, &other.content)
    }
}

impl RecordContent {
    /// The name of the format it was read from; empty for the program's own.
    pub fn profile_name(&self) -> &str {
        self.profile.as_ref().map_or("", |profile| &profile.name)
    }

    pub fn field(&self, name: &str) -> Option<&Node> {
        self.fields.get(name)
    }

    /// The identifier as it is compared: see [`id_key`].
    pub fn key(&self) -> String {
        id_key(&self.id, self.prefixes())
    }

    /// What may stand before a number in an identifier, such as `ADR`.
    pub fn prefixes(&self) -> &[Box<str>] {
        self.profile.as_ref().map_or(&[], |profile| &profile.prefixes)
    }

    /// Where the identifier names only this record: a folder with a numbering of its own, or all of the
    /// repository, which is the empty path.
    pub fn scope(&self) -> &str {
        match &self.profile {
            Some(profile) if profile.numbered_by_folder => {
                self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
            }
            _ => "",
        }
    }

    /// The paths that stand for this record in a reference; none where its file holds several records.
    pub fn paths(&self) -> Vec<String> {
        match &self.profile {
            _ if !self.is_sole_record => Vec::new(),
            Some(profile) => profile.paths_of(&self.path),
            None => vec![self.path.to_string()],
        }
    }

    /// The fields that name who answers for the record, in order.
    pub fn accountable(&self) -> &[Box<str>] {
        match &self.profile {
            Some(profile) if !profile.accountable.is_empty() => &profile.accountable,
            _ => &self.kind.accountable,
        }
    }

    /// The key under which the record's format names who answers for it.
    pub fn owner_key(&self) -> &str {
        let fields = self.accountable();
        let field = fields.iter().find(|field| !self.format_lacks(field)).or(fields.first());
        let field = field.map_or("owner", |field| &**field);
        self.profile.as_ref().and_then(|profile| profile.key_of(field)).unwrap_or(field)
    }

    /// Whether no rule may miss the field, because the record's format has no place for it. What stands there
    /// all the same is judged; and a page that has taken such keys is kept as one of the kind's own.
    pub fn format_lacks(&self, field: &str) -> bool {
        !self.extends_format
            && self.field(field).is_none()
            && self.profile.as_ref().is_some_and(|profile| profile.lacks(field))
    }

    /// What a reference in this record may lead to.
    pub fn lookup(&self, text: &str) -> Lookup {
        match self.profile.as_ref().and_then(|profile| profile.shown_at(text)) {
            Some(path) => Lookup { key: None, path: Some(path.to_owned()) },
            None => Lookup::of(text, &self.path, self.prefixes()),
        }
    }

    /// How the record breaks its kind's schema or its own format, in the order of the file. A value that
    /// the format's vocabulary doesn't hold is held against the format's words, not the kind's; what the
    /// format does without is not missed.
    pub fn violations(&self) -> Vec<Violation> {
        let objected =
            |pointer: &str| self.format_violations.iter().any(|objection| *objection.pointer == *pointer);
        let mut violations: Vec<Violation> = self.kind.violations(&self.fields);
        violations.retain(|violation| !objected(&violation.pointer) && !self.forgives(violation));
        for violation in violations.iter_mut().filter(|violation| violation.missing) {
            if is_own_field(violation) {
                violation.span = self.name_span;
            }
        }
        violations.extend(self.format_violations.iter().cloned());
        violations.sort_by_key(|violation| violation.span);
        violations
    }

    fn forgives(&self, violation: &Violation) -> bool {
        let profile = self.profile.as_ref().filter(|_| violation.missing && is_own_field(violation));
        profile.is_some_and(|profile| profile.allows_without(&violation.field))
    }
}

/// Whether the violation is about a field of the record itself, not one nested in it.
fn is_own_field(violation: &Violation) -> bool {
    violation.pointer.matches('/').count() == 1
}

#[cfg(test)]
mod tests;
