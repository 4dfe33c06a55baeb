//! What a check says: a [`Finding`] about the user's files, or a [`Fault`] of the run's own inputs
//! (a flag, the configuration, a rule), which ends the run.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::text::{Edit, Source, Span};

/// How grave a finding is. Ordered: a note is less than a warning, a warning less than an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
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

/// Some bytes of some file.
#[derive(Clone, Debug)]
pub struct Place {
    pub source: Arc<Source>,
    pub span: Span,
}

/// One promise that the files break, at the words that break it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule's identifier, `family/name`.
    pub rule: Arc<str>,
    pub severity: Severity,
    /// What is wrong, in one line, with the record's own name.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// A few words under the underline; never the message again.
    pub label: Option<String>,
    /// None where a document as a whole is meant.
    pub record: Option<RecordName>,
    /// Who answers for the record, as its file names them.
    pub owner: Option<String>,
    /// For a rule with a due day: the day that has passed.
    pub due: Option<Date>,
    pub place: Place,
    pub related: Vec<Related>,
    pub fingerprint: Fingerprint,
    /// How it can be mended, where its rule knows how.
    pub fix: Option<Fix>,
}

/// A change of one file that mends a finding.
#[derive(Clone, Debug)]
pub struct Fix {
    pub safety: Safety,
    /// What is to change, in the words of the kinds.
    pub changes: Vec<SemanticEdit>,
    /// The file, and the same as edits of it: in their order, none overlapping another. None before they are worked
    /// out; where that can't be done, the finding loses its fix.
    pub edits: Option<(Arc<Source>, Vec<Edit>)>,
}

/// Whether a fix may be applied unseen. Ordered: what applies suggested ones applies safe ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// It follows from what the files say already.
    Safe,
    /// It is what was probably meant.
    Suggested,
}

impl Safety {
    pub fn name(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Suggested => "suggested",
        }
    }
}

/// One thing that a fix changes. Records go by their number in the catalog.
#[derive(Clone, Debug, PartialEq)]
pub enum SemanticEdit {
    /// A field of a record, or of the item of it that stands at a place, gets a value or one value more.
    SetField { record: u32, item: Option<Span>, field: Arc<str>, append: bool, value: FieldValue },
    /// The words at a place of the finding's file, which say `old` there, say `new`.
    ReplaceText { span: Span, old: Box<str>, new: Box<str> },
    /// A word of prose gives way to another, which takes over its number, its capitals and its article.
    ReplaceTerm { span: Span, plural: bool, new: Box<str> },
}

/// What a field is to hold.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    Text(Box<str>),
    /// A reference to this record, as the file's format writes one.
    Record(u32),
}

/// The kind and identifier that a person knows a record by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RecordName {
    pub kind: Arc<str>,
    pub id: Arc<str>,
}

/// Another place that a finding is about, with a label of its own.
#[derive(Clone, Debug)]
pub struct Related {
    pub place: Place,
    pub message: String,
}

/// What a finding is, whatever line it stands on: a hash of rule, record, field and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Hashes the parts, each set apart from the next (FNV-1a, 64 bits: stable for all time, unlike
    /// the standard library's hasher).
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Fingerprint {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for part in parts {
            for byte in part.bytes().chain([0x1f]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        Fingerprint(hash)
    }

    /// Reads what [`Fingerprint`] prints.
    pub fn parse(text: &str) -> Option<Fingerprint> {
        let is_hash = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        u64::from_str_radix(text, 16).ok().filter(|_| is_hash).map(Fingerprint)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Something wrong with the run's own inputs. It ends the run with exit code 2.
#[derive(Clone, Debug)]
pub struct Fault {
    pub message: String,
    pub place: Option<Place>,
    pub label: Option<String>,
    pub help: Option<String>,
}

impl Fault {
    pub fn new(message: impl Into<String>) -> Fault {
        Fault { message: message.into(), place: None, label: None, help: None }
    }

    pub fn at(mut self, source: &Arc<Source>, span: Span) -> Fault {
        self.place = Some(Place { source: source.clone(), span });
        self
    }

    pub fn label(mut self, label: impl Into<String>) -> Fault {
        self.label = Some(label.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            let at = place.source.position(place.span.start as usize);
            write!(f, "{}:{}:{}: ", place.source.path(), at.line, at.column)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
