//! What the files of this folder share: what is checked, how, and what comes of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use jiff::civil::Date;

use crate::catalog::{Catalog, CitingFile, SourceFile};
use crate::finding::{Fault, Faultless, Finding, Fingerprint, Place, RecordName, Severity};
use crate::input::{Input, PolicyFile, UnreadFile};
use crate::record::Record;
use crate::rule::{EvalError, EvalResult, Evaluated, Evaluator, Group, Program, Reason, Rule, Value, facts};
use crate::text::{Source, Span};

#[derive(Debug, Default)]
pub struct CheckResult {
    /// Sorted by path, place, then rule.
    pub findings: Vec<Finding>,
    /// The findings about pairs at the earlier record, which are used if the later record has none about the pair.
    pub(super) of_earlier: Vec<Finding>,
    /// By rule, those of each in the order of its subjects.
    pub unjudged: Vec<Unjudged>,
    pub coverage: Coverage,
    /// The days that fall due, if they were asked for; sorted by day and place.
    pub due: Vec<DueDay>,
    pub(super) keys: Vec<GroupKey>,
    pub(super) rows: Vec<FoundRow>,
    /// Why, if that was asked for.
    pub reasons: Vec<NotJudged>,
    /// How, likewise.
    pub steps: Vec<Step>,
    /// What each rule has checked; everything if it is missing.
    pub scopes: HashMap<Arc<str>, CheckScope>,
    pub exhausted: Exhausted,
}

/// The rules that exceeded the step limit, by identifier, without findings: which were found before depends on threads.
pub type Exhausted = BTreeMap<Arc<str>, Fault>;

impl CheckResult {
    /// Returns the findings, or the faults of the rules that exceeded the step limit.
    pub(crate) fn into_findings(self) -> Faultless<Vec<Finding>> {
        if self.exhausted.is_empty() {
            Ok(self.findings)
        } else {
            Err(self.exhausted.into_values().collect())
        }
    }

    pub(super) fn extend(&mut self, more: CheckResult) {
        self.findings.extend(more.findings);
        self.of_earlier.extend(more.of_earlier);
        self.unjudged.extend(more.unjudged);
        self.coverage.judged += more.coverage.judged;
        self.coverage.excluded += more.coverage.excluded;
        self.coverage.empty += more.coverage.empty;
        self.due.extend(more.due);
        self.keys.extend(more.keys);
        self.rows.extend(more.rows);
        self.reasons.extend(more.reasons);
        self.steps.extend(more.steps);
        self.scopes.extend(more.scopes);
        self.exhausted.extend(more.exhausted);
    }
}

/// A subject about which a rule has no verdict, because something that it reads is absent or unknown.
#[derive(Clone, Debug)]
pub struct Unjudged {
    pub rule: Arc<str>,
    /// The file that it is or stands in.
    pub path: Arc<str>,
    /// The number and the identifier of a record; `None` for a file.
    pub record: Option<(u32, Arc<str>)>,
    /// True if the repository has no record of a kind that the rule reads: the rule does not apply.
    pub is_unused: bool,
}

impl Unjudged {
    pub fn number(&self) -> Option<u32> {
        self.record.as_ref().map(|(number, _)| *number)
    }
}

#[derive(Clone, Debug)]
pub struct NotJudged {
    pub rule: Arc<str>,
    /// The file of what is checked.
    pub path: Arc<str>,
    /// `None` for a file.
    pub record: Option<RecordName>,
    pub reason: Reason,
    /// What could not be read: a field, as files spell it, or a part of an expression.
    pub what: Box<str>,
    /// The record that it was read of, if that is another one.
    pub holder: Option<RecordName>,
    /// The format of that record, if it has no place for the field.
    pub format: Option<Arc<str>>,
    /// Where it should be.
    pub place: Place,
}

impl NotJudged {
    pub fn sentence(&self) -> String {
        let what = match &self.holder {
            Some(holder) => format!("`{}` of the {} `{}`", self.what, holder.kind, holder.id),
            None => format!("`{}`", self.what),
        };
        match &self.format {
            Some(format) if self.reason == Reason::Absent => {
                format!("{what} is absent, and the format `{format}` does not ask for it")
            }
            _ => self.reason.sentence(&what),
        }
    }
}

/// `path:line:column: rule: record: what is missing`.
impl fmt::Display for NotJudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: ", self.place, self.rule)?;
        if let Some(record) = &self.record {
            write!(f, "`{}`: ", record.id)?;
        }
        f.write_str(&self.sentence())
    }
}

/// What a check of rules has come to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coverage {
    /// Records, files, items or groups with a result.
    pub judged: usize,
    /// Those for which `when` is false.
    pub excluded: usize,
    /// Records and files without an item of `each`.
    pub empty: usize,
}

#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    Record(&'a Record),
    File(&'a SourceFile),
    PolicyFile(&'a PolicyFile),
    CitingFile(&'a CitingFile),
    UnreadFile(&'a UnreadFile),
}

impl<'a> Subject<'a> {
    pub(super) fn source(self, catalog: &'a Catalog) -> &'a Arc<Source> {
        match self {
            Subject::Record(record) => catalog.file_of(record).source(),
            Subject::File(file) => file.source(),
            Subject::PolicyFile(file) => &file.source,
            Subject::CitingFile(file) => file.source(),
            Subject::UnreadFile(file) => &file.source,
        }
    }

    pub(super) fn path(self, catalog: &'a Catalog) -> &'a Arc<str> {
        self.source(catalog).path()
    }

    pub(super) fn value(self, catalog: &'a Catalog) -> Value<'a> {
        match self {
            Subject::Record(record) => Value::Record(record),
            Subject::File(file) => Value::File(file),
            Subject::PolicyFile(file) => facts::of_policy(file),
            Subject::CitingFile(file) => facts::of_citing(catalog, file),
            Subject::UnreadFile(file) => facts::of_unread(file),
        }
    }

    /// Returns a number that grows with the place in the catalog.
    pub(super) fn number(self) -> u32 {
        match self {
            Subject::Record(record) => record.number,
            Subject::File(file) => file.records.start,
            Subject::PolicyFile(_) | Subject::CitingFile(_) | Subject::UnreadFile(_) => u32::MAX,
        }
    }

    pub(super) fn record(self) -> Option<&'a Record> {
        if let Subject::Record(record) = self { Some(record) } else { None }
    }
}

/// A rule with one setting, and the subjects that have it.
pub(super) struct Variant<'a> {
    pub severity: Option<Severity>,
    pub params: Vec<Value<'static>>,
    pub subjects: Vec<Subject<'a>>,
    /// The number of the record whose group alone is checked.
    pub only_group_of: Option<u32>,
    pub steps: AtomicU64,
}

impl<'a> Variant<'a> {
    pub(super) fn new(params: Vec<Value<'static>>, subjects: Vec<Subject<'a>>) -> Variant<'a> {
        Variant { severity: None, params, subjects, only_group_of: None, steps: AtomicU64::new(0) }
    }
}

pub(super) struct RuleRun<'r> {
    pub input: &'r Input,
    pub today: Date,
    pub rule: &'r Rule,
    pub program: &'r Program,
    pub variant: &'r Variant<'r>,
    pub purpose: Purpose,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Purpose {
    Verdicts,
    /// Why results are not judged.
    Reasons,
    /// That, and the value of each expression.
    Steps,
    /// The days of a rule with `due` until this one, instead of findings.
    DueUntil(Date),
    /// The rows of a section of a page, instead of findings.
    Rows,
}

/// The variables that are the same for all subjects, by slot.
pub(super) type Constants<'r> = Vec<(usize, EvalResult<'r>)>;

pub(super) struct RuleTask<'r> {
    pub run: &'r RuleRun<'r>,
    pub evaluator: Evaluator<'r>,
    /// The list of `each` for the subject.
    pub(super) items: Option<Value<'r>>,
    pub adds_steps: bool,
    pub outcome: CheckResult,
}

pub(super) struct Case<'r> {
    pub subject: Subject<'r>,
    pub item: Option<Value<'r>>,
    pub(super) index: usize,
    pub group: Option<Arc<Group<'r>>>,
    /// What it is against.
    pub other: Option<Value<'r>>,
}

/// Converts every error but exhaustion to `None`.
pub(super) fn known<T>(result: Evaluated<T>) -> Evaluated<Option<T>> {
    judged(result).map(Result::ok)
}

/// Separates exhaustion, which ends the rule, from the other errors.
pub(super) fn judged<T>(result: Evaluated<T>) -> Evaluated<Evaluated<T>> {
    match result {
        Err(EvalError::Exhausted) => Err(EvalError::Exhausted),
        result => Ok(result),
    }
}

/// The group of a record, by a text that equal keys share; the key is evaluated again for the groups that are checked.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GroupKey {
    pub identity: Box<str>,
    pub record: u32,
}

#[derive(Debug)]
pub struct DueDay {
    pub day: Date,
    /// As if the day had passed.
    pub finding: Finding,
    pub task: String,
    /// The number of the record in the catalog; `None` for a file.
    pub record: Option<u32>,
    /// The item of a list that is due, and its name.
    pub item: Option<(Span, String)>,
    /// Equal for all days that the same place has had.
    pub anchor: Fingerprint,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The key in the rule file, such as `when`; `item` before the steps of an item.
    pub key: String,
    pub expression: String,
    /// The parts of the expression that are not constant, each with its value.
    pub parts: Vec<(String, String)>,
    pub value: String,
}

#[derive(Debug)]
pub struct FoundRow {
    /// The number of the record in the catalog, of the first one of a group; `None` for a file.
    pub record: Option<u32>,
    /// True if it is about several records.
    pub is_group: bool,
    /// The item of a list that it is about.
    pub item: Option<Span>,
    pub place: Place,
    pub cells: Vec<Cell>,
    /// The number of the parent record: this row is indented below that of the parent.
    pub below: Option<u32>,
    /// Addressees besides the owners: the numbers of their records.
    pub concerns: Vec<u32>,
    /// The numbers of the records that a drawing joins to it, for each of its links.
    pub links: Vec<Vec<u32>>,
    pub(super) order: Vec<SortKey>,
}

impl FoundRow {
    /// Returns the record that it is about as a whole, if it is about one.
    pub fn only_record(&self) -> Option<u32> {
        self.record.filter(|_| !self.is_group && self.item.is_none())
    }
}

/// What a row says in a column. A view adds what findings and courses say.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// Empty if a value that it needs is absent.
    pub text: String,
    /// The records that the text names by their titles.
    pub named: Vec<RecordName>,
    /// The per cent that a bar shows, where there are bars.
    pub share: Option<i64>,
    /// Whether the records answer the question of the column, if it is one.
    pub answer: Option<Answer>,
    /// The rules whose findings it shows, or that make its answer one in part.
    pub rules: Vec<Arc<str>>,
    /// Where it is written; `None` if the section names no field for it.
    pub place: Option<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Answered,
    /// There is a finding about the answer.
    InPart,
    Open,
}

impl Answer {
    pub fn name(self) -> &'static str {
        match self {
            Answer::Answered => "answered",
            Answer::InPart => "in part",
            Answer::Open => "open",
        }
    }
}

#[derive(Debug, PartialEq, PartialOrd)]
pub(super) enum SortKey {
    Number(f64),
    Text(String),
    Absent,
}

/// What a rule has to check: the same in both states of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckScope {
    Everything,
    Selected(Arc<Selection>),
}

pub type Selection = BTreeSet<Arc<str>>;

impl CheckScope {
    pub fn covers(&self, path: &str) -> bool {
        match self {
            CheckScope::Everything => true,
            CheckScope::Selected(selection) => selection.contains(path),
        }
    }
}
