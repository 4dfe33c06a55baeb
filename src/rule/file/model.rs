//! The format of rule files: [`Rule`] and [`RuleBody`], deserialized with serde from the same file, and described by
//! `schemas/rule.schema.json`.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use crate::config::Preset;
use crate::embedded;
use crate::finding::{Safety, Severity};
use crate::kind::Kinds;
use crate::lazy::Lazy;
use crate::text::Source;

// The values of `for` besides kinds.
/// Every record.
pub const ANY: &str = "any";
/// Records of every kind that needs an owner, has a review, or does not come with the program.
pub(super) const TRAITS: [&str; 3] = [OWNED, REVIEWED, OWN];
pub(super) const OWNED: &str = "owned";
pub(super) const REVIEWED: &str = "reviewed";
pub(super) const OWN: &str = "own";
pub const FILE: &str = "file";
/// Files that differ from the base policy.
pub const POLICY_FILE: &str = "policy-file";
/// Files that are no records and cite some.
pub const CITING_FILE: &str = "citing-file";
/// Files that should be records and are not read.
pub const UNREAD_FILE: &str = "unread-file";
/// Those that can't be combined with others.
pub(super) const RESERVED: [&str; 5] = [ANY, FILE, POLICY_FILE, CITING_FILE, UNREAD_FILE];

/// What every run reads of a rule. The rest is its [`RuleBody`], whose fields can be read through it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Rule {
    /// That of its path.
    pub id: Arc<str>,
    pub severity: SeverityRule,
    #[serde(default = "default_preset")]
    pub preset: Preset,
    #[serde(default = "default_facet")]
    pub facet: String,
    /// True if it is about a habit: it checks adopted records alone. Else it is about consistency, and checks all.
    pub practice: bool,
    /// The kinds that it checks, or `any`, `owned`, `reviewed`, `own`, `file`, `policy-file`, `citing-file` or `unread-file`.
    #[serde(rename = "for", deserialize_with = "one_or_more")]
    pub kinds: Vec<Arc<str>>,
    /// True if it checks who may do what; with a base policy, people and rights are read from there.
    pub authority: bool,
    /// True if it checks the usage of suppressions: it runs after triage, and its findings can't be suppressed.
    pub after_triage: bool,
    #[serde(skip)]
    pub source: Arc<Source>,
    /// True if it is the user's, false if it comes with the program.
    #[serde(skip)]
    pub is_own: bool,
    #[serde(skip)]
    pub program: KindsCache,
    /// That of a rule of the program itself is parsed on first use.
    #[serde(skip)]
    pub body: Arc<Lazy<RuleBody>>,
}

/// What a rule expects, what it says, and where.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct RuleBody {
    /// Derived from `message` if the file has none.
    pub title: String,
    pub params: BTreeMap<String, RuleParam>,
    #[serde(rename = "let", deserialize_with = "ordered")]
    pub lets: Vec<(String, String)>,
    pub when: Option<String>,
    pub each: Option<String>,
    #[serde(deserialize_with = "one_or_more")]
    pub group_by: Vec<Arc<str>>,
    pub expect: Option<ExpressionText>,
    pub due: Option<String>,
    pub against: Option<String>,
    #[serde(deserialize_with = "one_or_more")]
    pub at: Vec<Arc<str>>,
    pub related: Option<RelatedSpec>,
    pub label: Option<String>,
    pub message: String,
    /// What to do. Of several texts, the first counts whose values are all there.
    #[serde(deserialize_with = "one_or_more")]
    pub help: Vec<Arc<str>>,
    /// The task until the day of `due`, if it differs from the help of the finding.
    pub task: Option<String>,
    /// What a finding comes from, the narrowest cause first. Findings of one cause are reported as one.
    #[serde(deserialize_with = "one_or_more")]
    pub cause: Vec<Arc<str>>,
    /// What tells a finding from others of its record or file, instead of its place and value.
    pub key: Option<String>,
    pub why: Option<String>,
    pub fix: Option<FixSpec>,
    #[serde(deserialize_with = "at_once")]
    pub examples: Examples,
    /// What it says about records, if it is a section of a page.
    #[serde(skip)]
    pub section: Option<Arc<SectionSpec>>,
}

impl Deref for Rule {
    type Target = RuleBody;

    fn deref(&self) -> &RuleBody {
        &self.body
    }
}

/// The severity of a rule's findings, unless the configuration sets one.
#[derive(Clone, Debug)]
pub struct SeverityRule {
    /// Where no condition is true.
    pub otherwise: Severity,
    /// The severity under each condition; the first that is true counts.
    pub cases: Vec<(String, Severity)>,
}

impl SeverityRule {
    pub fn name(&self) -> &'static str {
        self.otherwise.name()
    }
}

impl Default for SeverityRule {
    fn default() -> SeverityRule {
        SeverityRule { otherwise: Severity::Warning, cases: Vec::new() }
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
        let mut severity = SeverityRule::default();
        match OneOrCases::deserialize(deserializer)? {
            OneOrCases::One(otherwise) => severity.otherwise = otherwise,
            OneOrCases::Cases(cases) => cases.into_iter().for_each(|case| match case.when {
                Some(when) => severity.cases.push((when.0, case.is)),
                None => severity.otherwise = case.is,
            }),
        }
        Ok(severity)
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
    Pattern,
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
    /// True if this is the other one, or the same of any severity.
    pub fn matches(&self, other: &Expected) -> bool {
        (&self.at, &self.message) == (&other.at, &other.message)
            && self.severity.is_none_or(|severity| other.severity == Some(severity))
    }
}

/// The slots of the variables that a check binds. Those of `let` and of loops come after these.
pub const SUBJECT: usize = 0;
pub const ITEM: usize = 1;
pub const GROUP: usize = 2;
pub const OTHER: usize = 3;

/// The smallest preset, which every other contains: the rule is on.
fn default_preset() -> Preset {
    Preset::Essential
}

fn default_facet() -> String {
    "record".to_owned()
}

fn at_once<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Examples, D::Error> {
    Ok(Arc::new(Lazy::from(Vec::deserialize(deserializer)?)))
}

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

// The pages about records, in `schemas/views/`. A section of a page is written like a rule: which records it is about, and
// what it says about each, in columns instead of a message.

const FOLDER: &str = "schemas/views";
/// The names for expressions that several sections share.
const LETS: &str = "schemas/lets";

/// A page: the name of its file, and what the file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Page {
    #[serde(skip)]
    pub name: &'static str,
    /// The subcommand that shows it.
    pub command: String,
    pub title: String,
    /// What the page says, in one sentence.
    pub about: String,
    /// Where it stands among those of its subcommand.
    #[serde(default)]
    pub order: u32,
    /// The kind of the record that the command line names; the parameter `subject` is its identifier.
    pub subject: Option<Arc<str>>,
    /// What the command line sets.
    #[serde(default)]
    pub params: BTreeMap<String, RuleParam>,
    pub sections: Vec<SectionSpec>,
}

impl Page {
    /// Reads the pages of a subcommand, in their order.
    pub fn of_command(command: &str) -> Vec<Page> {
        let pages = embedded::paths(FOLDER).map(Page::read);
        let mut pages: Vec<Page> = pages.filter(|page| page.command == command).collect();
        pages.sort_by_key(|page| page.order);
        pages
    }

    /// Returns the subcommand with the name of the page, if it has several.
    pub fn full_command(&self) -> String {
        if self.command == self.name {
            self.command.clone()
        } else {
            format!("{} {}", self.command, self.name)
        }
    }

    /// True if a column says what rules have found.
    pub fn shows_findings(&self) -> bool {
        let mut columns = self.sections.iter().flat_map(|section| &section.columns);
        columns.any(|column| column.lists_findings() || column.is_question())
    }

    fn read(path: &'static str) -> Page {
        let mut page: Page = embedded::read(path);
        page.name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".yaml");
        for section in &mut page.sections {
            for name in &section.uses {
                let Lets(lets) = embedded::read(&format!("{LETS}/{name}.yaml"));
                section.lets.extend(lets);
            }
        }
        page
    }

    /// Returns the sections as rules that find a row wherever they apply.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        self.sections.iter().enumerate().map(|(number, section)| {
            let body = RuleBody {
                params: self.params.clone(),
                lets: section.lets.clone(),
                when: section.when.clone(),
                each: section.each.clone(),
                group_by: section.group_by.clone(),
                expect: Some(ExpressionText("false".to_owned())),
                section: Some(Arc::new(section.clone())),
                ..RuleBody::default()
            };
            Rule {
                kinds: section.kinds.clone(),
                id: format!("{}/{number}", self.name).into(),
                source: Arc::new(Source::new(format!("{FOLDER}/{}.yaml", self.name), Vec::new())),
                body: Arc::new(body.into()),
                ..Rule::default()
            }
        })
    }
}

/// Names for expressions, in their order.
#[derive(Deserialize)]
struct Lets(#[serde(deserialize_with = "ordered")] Vec<(String, String)>);

/// A section: the records that it is about, and the columns.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SectionSpec {
    pub title: String,
    /// The sentence in place of rows; without it, a section without rows is left out.
    pub empty: Option<String>,
    /// What its rows are, where a page begins with their number.
    pub tally: Option<String>,
    #[serde(rename = "for", deserialize_with = "one_or_more")]
    pub kinds: Vec<Arc<str>>,
    /// The files of `schemas/lets/` whose names its expressions use.
    #[serde(deserialize_with = "one_or_more")]
    pub uses: Vec<Arc<str>>,
    #[serde(rename = "let", deserialize_with = "ordered")]
    pub lets: Vec<(String, String)>,
    pub when: Option<String>,
    pub each: Option<String>,
    #[serde(deserialize_with = "one_or_more")]
    pub group_by: Vec<Arc<str>>,
    /// True if it has only the rows about which there are findings, each finding once.
    pub only_found: bool,
    /// The courses of the key results that it shows; all if it names none.
    #[serde(deserialize_with = "one_or_more")]
    pub courses: Vec<Arc<str>>,
    /// Expressions; the first that differs orders two rows.
    #[serde(deserialize_with = "one_or_more")]
    pub sort: Vec<Arc<str>>,
    /// Expressions for the people, roles and teams that a row concerns besides its owners.
    #[serde(deserialize_with = "one_or_more")]
    pub concerns: Vec<Arc<str>>,
    /// The record whose row this one stands below.
    pub below: Option<String>,
    /// The records that a drawing of the rows joins to them.
    pub links: Vec<LinkSpec>,
    /// True if its rows stand side by side in a terminal: each is short.
    pub table: bool,
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
    pub fn lists_findings(&self) -> bool {
        self.text.is_none() && self.shows.is_none()
    }

    /// True if the records answer it or not.
    pub fn is_question(&self) -> bool {
        self.text.is_some() && !self.facet.is_empty()
    }
}

/// The program of a rule for the kinds that it was last compiled for. A clone of the rule may differ, so its cache is empty.
#[derive(Default)]
pub struct KindsCache(Mutex<Option<CachedForKinds>>);

type CachedForKinds = (Weak<Kinds>, Arc<dyn Any + Send + Sync>);

impl KindsCache {
    /// Returns what was computed for these kinds, or computes it.
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

// Two equal rules are written the same, whatever was computed of them.
impl fmt::Debug for KindsCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KindsCache")
    }
}

/// A text, or what YAML reads as a boolean or a number.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "serde_yaml::Value")]
pub struct ExpressionText(pub String);

impl TryFrom<serde_yaml::Value> for ExpressionText {
    type Error = &'static str;

    fn try_from(value: serde_yaml::Value) -> Result<ExpressionText, &'static str> {
        Ok(ExpressionText(match value {
            serde_yaml::Value::String(text) => text,
            serde_yaml::Value::Bool(value) => value.to_string(),
            serde_yaml::Value::Number(number) => number.to_string(),
            _ => return Err("expected a text"),
        }))
    }
}

/// One text or a list of texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "serde_yaml::Value")]
pub struct Texts {
    pub texts: Vec<String>,
    pub is_list: bool,
}

impl TryFrom<serde_yaml::Value> for Texts {
    type Error = &'static str;

    fn try_from(value: serde_yaml::Value) -> Result<Texts, &'static str> {
        let is_list = value.is_sequence();
        let values = if let serde_yaml::Value::Sequence(values) = value { values } else { vec![value] };
        let texts = values.into_iter().map(|value| Ok(ExpressionText::try_from(value)?.0));
        Ok(Texts { texts: texts.collect::<Result<_, &'static str>>()?, is_list })
    }
}

pub(super) fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Arc<str>>, D::Error> {
    let Texts { texts, .. } = Texts::deserialize(deserializer)?;
    Ok(texts.into_iter().map(Arc::from).collect())
}

/// Names for expressions, in the order of the file.
pub(super) fn ordered<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, String)>, D::Error> {
    let named = serde_yaml::Mapping::deserialize(deserializer)?.into_iter().map(|(name, expression)| {
        Ok((ExpressionText::try_from(name)?.0, ExpressionText::try_from(expression)?.0))
    });
    named.collect::<Result<_, &str>>().map_err(serde::de::Error::custom)
}
