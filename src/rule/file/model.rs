//! The format of rule files: [`Rule`], deserialized with serde, described by `schemas/rule.schema.json`. In a user's rule
//! most keys are optional; those of the program's own carry all of them.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use crate::config::Preset;
use crate::finding::{Safety, Severity};
use crate::kind::Kinds;
use crate::lazy::Lazy;
use crate::text::Source;

use super::texts::{ExpressionText, Texts, one_or_more, ordered};

/// A value of `for` besides kinds: every record.
pub const ANY: &str = "any";
/// A value of `for` besides kinds: records of every kind that needs an owner.
pub(super) const OWNED: &str = "owned";
/// A value of `for` besides kinds: records of every kind that says when they are reviewed.
pub(super) const REVIEWED: &str = "reviewed";
/// A value of `for` besides kinds: records of every kind that a field may refer to.
pub(super) const REFERRED: &str = "referred";
/// A value of `for` besides kinds: records of every kind that does not come with the program.
pub(super) const OWN: &str = "own";
/// A value of `for` besides kinds: files.
pub const FILE: &str = "file";
/// A value of `for` besides kinds: files that differ from the base policy.
pub const POLICY_FILE: &str = "policy-file";
/// A value of `for` besides kinds: files that are no records and cite some.
pub const CITING_FILE: &str = "citing-file";
/// Files that should be records and are not read.
pub(super) const UNREAD_FILE: &str = "unread-file";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rule {
    /// That of its path.
    #[serde(default)]
    pub id: Arc<str>,
    /// Derived from `message` if the file has none.
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub severity: SeverityRule,
    #[serde(default = "default_preset")]
    pub preset: Preset,
    /// `record` if the file names none.
    #[serde(default)]
    pub facet: String,
    /// True if it is about a habit: it checks adopted records alone. Else it is about consistency, and checks all.
    #[serde(default)]
    pub practice: bool,
    /// The kinds that it checks, or `any`, `owned`, `reviewed`, `referred`, `own`, `file`, `policy-file`, `citing-file` or `unread-file`.
    #[serde(rename = "for", deserialize_with = "one_or_more")]
    pub kinds: Vec<Arc<str>>,
    /// True if it checks who may do what; with a base policy, people and rights are read from there.
    #[serde(default)]
    pub authority: bool,
    /// True if it checks the usage of suppressions: it runs after triage, and its findings can't be suppressed.
    #[serde(default)]
    pub after_triage: bool,
    #[serde(default)]
    pub params: BTreeMap<String, RuleParam>,
    #[serde(default, rename = "let", deserialize_with = "ordered")]
    pub lets: Vec<(String, String)>,
    pub when: Option<String>,
    pub each: Option<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub group_by: Vec<Arc<str>>,
    pub expect: Option<ExpressionText>,
    pub due: Option<String>,
    pub against: Option<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub at: Vec<Arc<str>>,
    pub related: Option<RelatedSpec>,
    pub label: Option<String>,
    pub message: String,
    /// What to do. Of several texts, the first counts whose values are all there.
    #[serde(default, deserialize_with = "one_or_more")]
    pub help: Vec<Arc<str>>,
    /// The task until the day of `due`, if it differs from the help of the finding.
    pub task: Option<String>,
    /// What a finding comes from, the narrowest cause first. Findings of one cause are reported as one.
    #[serde(default, deserialize_with = "one_or_more")]
    pub cause: Vec<Arc<str>>,
    /// What tells a finding from others of its record or file, instead of its place and value.
    pub key: Option<String>,
    pub why: Option<String>,
    pub fix: Option<FixSpec>,
    #[serde(default, deserialize_with = "at_once")]
    pub examples: Examples,
    #[serde(skip)]
    pub source: Arc<Source>,
    /// What it says about records, if it is a section of a page.
    #[serde(skip)]
    pub section: Option<Arc<SectionSpec>>,
    /// True if it is the user's, false if it comes with the program.
    #[serde(skip)]
    pub is_own: bool,
    #[serde(skip)]
    pub program: KindsCache,
}

/// The severity of a rule's findings, unless the configuration sets one.
#[derive(Clone, Debug)]
pub struct SeverityRule {
    /// Where no condition is true.
    pub otherwise: Severity,
    /// The severity under each condition; the first that is true counts.
    pub cases: Vec<(String, Severity)>,
    /// False if a case but the last has no condition, or the last has one.
    pub is_complete: bool,
}

impl SeverityRule {
    pub fn name(&self) -> &'static str {
        self.otherwise.name()
    }
}

impl Default for SeverityRule {
    fn default() -> SeverityRule {
        SeverityRule { otherwise: Severity::Warning, cases: Vec::new(), is_complete: true }
    }
}

impl<'de> Deserialize<'de> for SeverityRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SeverityRule, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Case {
            when: Option<ExpressionText>,
            is: Severity,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrCases {
            One(Severity),
            Cases(Vec<Case>),
        }
        let mut cases = match OneOrCases::deserialize(deserializer)? {
            OneOrCases::One(otherwise) => return Ok(SeverityRule { otherwise, ..SeverityRule::default() }),
            OneOrCases::Cases(cases) => cases,
        };
        let last = cases.pop_if(|last| last.when.is_none());
        let is_complete = last.is_some() && cases.iter().all(|case| case.when.is_some());
        let otherwise = last.map_or(Severity::Warning, |last| last.is);
        let cases = cases.into_iter().filter_map(|case| Some((case.when?.0, case.is))).collect();
        Ok(SeverityRule { otherwise, cases, is_complete })
    }
}

/// A parameter, set in the configuration: `assumption/stale: { max-age: 6 months }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RuleParam {
    #[serde(rename = "type")]
    pub ty: ParamType,
    pub default: Texts,
    pub description: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParamType {
    Duration,
    Integer,
    Number,
    Text,
    List,
    /// A regular expression.
    Pattern,
    /// A list of regular expressions.
    Patterns,
    Bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RelatedSpec {
    /// The related records or items, each bound to `other`. Implied by `against` and `group-by`.
    pub each: Option<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub at: Vec<Arc<str>>,
    pub label: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FixSpec {
    pub safety: Safety,
    pub when: Option<String>,
    pub of: Option<String>,
    #[serde(default)]
    pub set: BTreeMap<Arc<str>, ExpressionText>,
    /// Lists and the values that are appended to them.
    #[serde(default)]
    pub add: BTreeMap<Arc<str>, ExpressionText>,
    pub write: Option<String>,
    /// The replacement of an underlined term, inflected like it.
    pub reword: Option<String>,
}

/// The examples of a rule. Most runs need none.
pub(super) type Examples = Arc<Lazy<Vec<Example>>>;

/// A small repository, and the findings of the rule in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Example {
    pub name: String,
    pub as_of: Option<Day>,
    #[serde(default)]
    pub history: Vec<CommitSpec>,
    pub policy_from: Option<BTreeMap<String, String>>,
    /// The files that differ from the last commit; all files if there is no commit.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    #[serde(default)]
    pub finds: Vec<Expected>,
    /// False if the rule is meant to judge nothing: there is no record of its kinds, or a value that it reads is absent.
    pub judged: Option<bool>,
    pub fixed: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitSpec {
    pub date: Day,
    pub author: String,
    #[serde(default)]
    pub message: String,
    /// The changed files; null if deleted.
    pub files: BTreeMap<String, Option<String>>,
}

pub const EXAMPLE_DATE: Date = jiff::civil::date(2026, 11, 20);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    pub at: String,
    pub message: String,
    /// `None` if any will do.
    pub severity: Option<Severity>,
}

/// `path:line:column: severity: message`, without the severity if any will do.
impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.severity {
            Some(severity) => write!(f, "{} {}: {}", self.at, severity.name(), self.message),
            None => write!(f, "{} {}", self.at, self.message),
        }
    }
}

impl Expected {
    /// The same finding, of any severity.
    pub fn of_any_severity(&self) -> Expected {
        Expected { severity: None, ..self.clone() }
    }
}

/// The slots of the variables that a check binds. Those of `let` and of loops come after these.
pub const SUBJECT: usize = 0;
pub const ITEM: usize = 1;
pub const GROUP: usize = 2;
pub const OTHER: usize = 3;

/// The values of `for` that stand for kinds with something in common.
pub(super) const TRAITS: [&str; 4] = [OWNED, REVIEWED, REFERRED, OWN];

/// The values of `for` that can't be combined with others.
pub(super) const RESERVED: [&str; 5] = [ANY, FILE, POLICY_FILE, CITING_FILE, UNREAD_FILE];

/// The smallest preset, which every other contains: the rule is on.
fn default_preset() -> Preset {
    Preset::Essential
}

fn at_once<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Examples, D::Error> {
    Ok(Arc::new(Lazy::from(Vec::deserialize(deserializer)?)))
}

/// A day of an example.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Day(pub Date);

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Day, String> {
        let day = crate::calendar::parse_date(&text).map(Day);
        day.ok_or_else(|| format!("`{text}` is not a date such as `2027-01-31`"))
    }
}

/// A section: the records that it is about, and the columns.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SectionSpec {
    pub title: String,
    /// The sentence in place of rows; without it, a section without rows is left out.
    pub empty: Option<String>,
    /// What its rows are, where a page begins with their number.
    pub tally: Option<String>,
    #[serde(rename = "for", deserialize_with = "one_or_more")]
    pub kinds: Vec<Arc<str>>,
    /// The files of `schemas/lets/` whose names its expressions use.
    #[serde(default, deserialize_with = "one_or_more")]
    pub uses: Vec<Arc<str>>,
    #[serde(default, rename = "let", deserialize_with = "ordered")]
    pub lets: Vec<(String, String)>,
    pub when: Option<String>,
    pub each: Option<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub group_by: Vec<Arc<str>>,
    /// True if it has only the rows about which there are findings, each finding once.
    #[serde(default)]
    pub only_found: bool,
    /// The courses of the key results that it shows; all if it names none.
    #[serde(default, deserialize_with = "one_or_more")]
    pub courses: Vec<Arc<str>>,
    /// Expressions; the first that differs orders two rows.
    #[serde(default, deserialize_with = "one_or_more")]
    pub sort: Vec<Arc<str>>,
    /// Expressions for the people, roles and teams that a row concerns besides its owners.
    #[serde(default, deserialize_with = "one_or_more")]
    pub concerns: Vec<Arc<str>>,
    /// The record whose row this one stands below.
    pub below: Option<String>,
    /// The records that a drawing of the rows joins to them.
    #[serde(default)]
    pub links: Vec<LinkSpec>,
    /// True if its rows stand side by side in a terminal: each is short.
    #[serde(default)]
    pub table: bool,
    #[serde(default)]
    pub columns: Vec<ColumnSpec>,
}

/// Records that rows are joined to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkSpec {
    /// What they are to the row.
    pub title: String,
    pub to: String,
}

/// A column of a section.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ColumnSpec {
    pub key: Arc<str>,
    pub title: String,
    /// True if it says what a row is about.
    #[serde(default)]
    pub head: bool,
    /// What it says, with expressions in braces. Without it, the messages of the findings about the record.
    pub text: Option<String>,
    /// What the program says there instead.
    pub shows: Option<Shown>,
    /// The field that says so.
    pub at: Option<Arc<str>>,
    /// The facets of the rules that ask for it: findings about the record make the answer one in part.
    #[serde(default, deserialize_with = "one_or_more")]
    pub facet: Vec<Arc<str>>,
}

/// What the program says of a key result, a metric or a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// Whether the key result will be reached.
    Course,
    /// Its numbers.
    Numbers,
    /// The share of the way to its target, in words also that of the time.
    Way,
    /// The share of the time of its goal, as a bar.
    Time,
    /// The last reading of a metric.
    Reading,
    /// All key results of a goal, with their numbers and courses.
    Results,
}

impl ColumnSpec {
    /// True if it has the messages of findings.
    pub fn lists_findings(&self) -> bool {
        self.text.is_none() && self.shows.is_none()
    }

    /// True if the records answer it or not.
    pub fn is_question(&self) -> bool {
        self.text.is_some() && !self.facet.is_empty()
    }
}

/// What was last computed of a rule for some kinds: its program. A clone of the rule may differ from it, so its cache is
/// empty.
#[derive(Default)]
pub struct KindsCache(Mutex<Option<CachedForKinds>>);

type CachedForKinds = (Weak<Kinds>, Arc<dyn Any + Send + Sync>);

impl KindsCache {
    /// Returns what was computed for these kinds, or computes it.
    ///
    /// # Errors
    /// As `compute`.
    pub(super) fn get_or_try<T: Send + Sync + 'static, E>(
        &self,
        kinds: &Arc<Kinds>,
        compute: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, known)) = &*lock()
            && of.as_ptr() == Arc::as_ptr(kinds)
            && let Ok(known) = known.clone().downcast()
        {
            return Ok(known);
        }
        let computed = Arc::new(compute()?);
        *lock() = Some((Arc::downgrade(kinds), computed.clone()));
        Ok(computed)
    }
}

impl Clone for KindsCache {
    fn clone(&self) -> KindsCache {
        KindsCache::default()
    }
}

impl fmt::Debug for KindsCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KindsCache")
    }
}
