//! The results of a check: a [`Finding`] about the user's files, or a [`Fault`] in the inputs of the run (a flag, the
//! configuration, a rule), which ends it.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::text::{Edit, Position, Source, Span};

/// The severity of a finding: `Note < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For information only.
    Note,
    /// Should be fixed.
    Warning,
    /// Must be fixed; fails the run by default.
    Error,
}

impl Severity {
    /// All of them, the most severe first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

    /// Returns the lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A source location: a span in a file.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes in the file.
    pub span: Span,
}

impl Place {
    /// Returns where it begins.
    pub fn start(&self) -> Position {
        self.source.position(self.span.start as usize)
    }
}

/// `path:line:column`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column, .. } = self.start();
        write!(f, "{}:{line}:{column}", self.source.path())
    }
}

/// A violation of a rule.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule's identifier, `family/name`.
    pub rule: Arc<str>,
    /// The severity by the configuration.
    pub severity: Severity,
    /// One line, with the identifier of the record.
    pub message: String,
    /// How to resolve it.
    pub help: Option<String>,
    /// A short text below the underlined source.
    pub label: Option<String>,
    /// `None` if the finding is about a whole document.
    pub record: Option<RecordName>,
    /// What the finding is about, wherever its file is.
    pub subject: FindingSubject,
    /// As written in the record.
    pub owner: Option<String>,
    /// The due date that has passed, for a rule with one.
    pub due: Option<Date>,
    /// The file of what was checked; the place may be in another one.
    pub checked: Arc<str>,
    /// The location to underline.
    pub place: Place,
    /// Other locations that explain the finding.
    pub related: Vec<Related>,
    /// The identity of the finding.
    pub fingerprint: Fingerprint,
    /// The fix, if the rule has one for this finding.
    pub fix: Option<Fix>,
    /// What it comes from, in a few words, the narrowest cause first. Findings of one cause are reported as one.
    pub causes: Vec<String>,
}

/// A change of one file that resolves a finding.
#[derive(Clone, Debug)]
pub struct Fix {
    /// Whether the fix needs a review.
    pub safety: Safety,
    /// The edits in terms of records.
    pub changes: Vec<SemanticEdit>,
    /// The same as byte edits, sorted and without overlaps. None until they are computed; a finding whose edits can't be
    /// computed loses its fix.
    pub edits: Option<(Arc<Source>, Vec<Edit>)>,
}

/// Whether a fix may be applied without review. A run that applies `Suggested` fixes also applies `Safe` ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Follows from what the files already state.
    Safe,
    /// Is probably what was meant.
    Suggested,
}

impl Safety {
    /// Returns the lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Suggested => "suggested",
        }
    }
}

/// One edit in terms of records and words. Records are given by their index in the catalog.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq)]
pub enum SemanticEdit {
    /// Sets a field of a record, or of the list item at span `item`, or appends to it.
    SetField { record: u32, item: Option<Span>, field: Arc<str>, append: bool, value: FieldValue },
    /// Replaces a text in the finding's file.
    ReplaceText { span: Span, old: Box<str>, new: Box<str> },
    /// Replaces a term in prose, keeping number, capitalisation and article. `capitals`: all letters are capitals there.
    ReplaceTerm { span: Span, plural: bool, capitals: bool, new: Box<str> },
}

/// The new value of a field.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    Text(Box<str>),
    /// A reference to a record, written in the style of the file's format.
    Record(u32),
}

/// The name of a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordName {
    /// The name of its kind, such as `decision`.
    pub kind: Arc<str>,
    /// The identifier as written in the file.
    pub id: Arc<str>,
}

/// What a finding is about. It stays the same when a record is moved to another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingSubject {
    /// A record, or a page about it; with the key by which identifiers compare.
    Record {
        /// The name as written.
        name: RecordName,
        /// Equal for all spellings of the identifier.
        key: Box<str>,
    },
    /// A group of records, by the key that they share.
    Group(Box<str>),
    /// A file or folder without a record of its own.
    Path(Arc<str>),
}

/// A location that explains a finding.
#[derive(Clone, Debug)]
pub struct Related {
    /// The location.
    pub place: Place,
    /// What is there, in a few words.
    pub message: String,
}

impl Related {
    /// The message of a place that has the same finding.
    pub const SAME: &str = "the same here";
}

/// Identifies a finding independently of its line: a hash of rule, subject, field and value. Messages are no part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Hashes the parts, each after its length, with SHA-256 and keeps 128 bits. No two lists of parts are hashed alike.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Fingerprint {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        Fingerprint(bytes)
    }

    /// Parses the [`Display`](fmt::Display) form.
    pub fn parse(text: &str) -> Option<Fingerprint> {
        let is_hash = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        u128::from_str_radix(text, 16).ok().filter(|_| is_hash).map(|bits| Fingerprint(bits.to_be_bytes()))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// A value, or the faults of the inputs that prevent it.
pub type Faultless<T> = Result<T, Vec<Fault>>;

/// An error in the inputs of the run. It ends the run with exit code 2.
#[derive(Clone, Debug)]
pub struct Fault {
    /// One line.
    pub message: String,
    /// The location, if the fault is in a file.
    pub place: Option<Place>,
    /// How to resolve it.
    pub help: Option<String>,
}

impl Fault {
    /// Creates a fault without a location.
    pub fn new(message: impl Into<String>) -> Fault {
        Fault { message: message.into(), place: None, help: None }
    }

    /// Sets the location.
    pub fn at(mut self, source: &Arc<Source>, span: Span) -> Fault {
        self.place = Some(Place { source: source.clone(), span });
        self
    }

    /// Sets the help.
    pub fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
