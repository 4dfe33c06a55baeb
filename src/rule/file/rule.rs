//! The format of rule files: [`Rule`], deserialized with serde, described by `schemas/rule.schema.json`. In a user's rule
//! most keys are optional; those of the program's own carry all of them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use crate::config::{Config, Preset, RuleOverrides};
use crate::embedded;
use crate::finding::{Fault, Safety, Severity};
use crate::kind::Kind;
use crate::lazy::Lazy;
use crate::record::Record;
use crate::schema::{did_you_mean, nearest};
use crate::text::{Source, Span, capital};

use super::location::{locate, locate_key, locate_value};

use super::program_cache::ProgramCache;
use super::section::SectionSpec;
use super::texts::{ExpressionText, one_or_more};

/// A value of `for` besides kinds: every record.
pub const ANY: &str = "any";
/// A value of `for` besides kinds: records of every kind that needs an owner.
const OWNED: &str = "owned";
/// A value of `for` besides kinds: records of every kind that says when they are reviewed.
const REVIEWED: &str = "reviewed";
/// A value of `for` besides kinds: records of every kind that a field may refer to.
const REFERRED: &str = "referred";
/// A value of `for` besides kinds: records of every kind that does not come with the program.
const OWN: &str = "own";
/// A value of `for` besides kinds: files.
pub const FILE: &str = "file";
/// A value of `for` besides kinds: files that differ from the base policy.
pub const POLICY_FILE: &str = "policy-file";
/// A value of `for` besides kinds: files that are no records and cite some.
pub const CITING_FILE: &str = "citing-file";
/// Files that should be records and are not read.
pub(super) const UNREAD_FILE: &str = "unread-file";

#[derive(Clone, Debug, Deserialize)]
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
    #[serde(default = "default_facet")]
    pub facet: String,
    /// The practice that it is about: what some communities demand and others don't. `None` for a rule about consistency,
    /// which holds for all records.
    pub practice: Option<Arc<str>>,
    /// The kinds of which one has to be kept, or `any`, where the end of a run tells of records that are not held to the practice and
    /// would have findings.
    #[serde(default, deserialize_with = "one_or_more")]
    pub offered: Vec<Arc<str>>,
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
    /// The day until which to do it, if a finding comes later.
    pub by: Option<String>,
    /// What a finding comes from, the narrowest cause first. Findings of one cause are reported as one.
    #[serde(default, deserialize_with = "one_or_more")]
    pub cause: Vec<Arc<str>>,
    /// What tells a finding from others of its record or file, instead of its place and value.
    pub key: Option<String>,
    pub why: Option<String>,
    pub fix: Option<FixSpec>,
    #[serde(default, deserialize_with = "at_once")]
    pub examples: Examples,
    #[serde(skip, default = "empty_source")]
    pub source: Arc<Source>,
    /// What it says about records, if it is a section of a page.
    #[serde(skip)]
    pub section: Option<Arc<SectionSpec>>,
    /// True if it is the user's, false if it comes with the program.
    #[serde(skip)]
    pub is_own: bool,
    #[serde(skip)]
    pub program: ProgramCache,
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

const NO_LAST_SEVERITY: &str = "expected a `when` in each severity but the last, which has none";

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
        let mut cases = match OneOrCases::deserialize(deserializer)? {
            OneOrCases::One(otherwise) => return Ok(SeverityRule { otherwise, cases: Vec::new() }),
            OneOrCases::Cases(cases) => cases,
        };
        let last = cases.pop().filter(|last| last.when.is_none()).map(|last| last.is);
        let conditional = cases.into_iter().map(|case| Some((case.when?.0, case.is)));
        let (Some(otherwise), Some(cases)) = (last, conditional.collect::<Option<_>>()) else {
            return Err(serde::de::Error::custom(NO_LAST_SEVERITY));
        };
        Ok(SeverityRule { otherwise, cases })
    }
}

/// A parameter, set in the configuration: `assumption/stale: { max-age: 6 months }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RuleParam {
    #[serde(rename = "type")]
    pub ty: ParamType,
    pub default: serde_yaml::Value,
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
type Examples = Arc<Lazy<Vec<Example>>>;

/// A small repository, and the findings of the rule in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Example {
    pub name: String,
    #[serde(default, deserialize_with = "optional_date")]
    pub as_of: Option<Date>,
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
    #[serde(deserialize_with = "required_date")]
    pub date: Date,
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

/// True for a name such as `garden/weeds`.
pub fn is_rule_id(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_name = |name: &str| name.split('-').all(is_word);
    name.split_once('/').is_some_and(|(family, name)| is_name(family) && is_name(name))
}

/// True if a pattern such as `garden/*` or `garden/weeds` matches the identifier of a rule.
pub fn matches_pattern(pattern: &str, rule: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => rule.starts_with(prefix),
        None => *pattern == *rule,
    }
}

/// The facet of rules about changes of the policy.
const POLICY_FACET: &str = "policy";

impl Rule {
    /// True for a rule about the policy itself, such as a right that a change grants.
    pub fn is_about_policy(&self) -> bool {
        self.facet == POLICY_FACET
    }

    pub fn settings<'c>(&self, config: &'c Config) -> RuleOverrides<'c> {
        config.rule_overrides(&self.id, self.preset, self.is_about_policy())
    }

    /// A rule for no kind that says nothing.
    pub(super) fn empty(id: &str, source: Source) -> Rule {
        Rule {
            id: id.into(),
            title: String::new(),
            severity: SeverityRule::default(),
            preset: default_preset(),
            facet: default_facet(),
            practice: None,
            offered: Vec::new(),
            kinds: Vec::new(),
            authority: false,
            after_triage: false,
            params: BTreeMap::new(),
            lets: Vec::new(),
            when: None,
            each: None,
            group_by: Vec::new(),
            expect: None,
            due: None,
            against: None,
            at: Vec::new(),
            related: None,
            key: None,
            label: None,
            message: String::new(),
            help: Vec::new(),
            task: None,
            by: None,
            cause: Vec::new(),
            why: None,
            fix: None,
            examples: Arc::new(Lazy::from(Vec::new())),
            source: Arc::new(source),
            section: None,
            is_own: false,
            program: ProgramCache::default(),
        }
    }

    /// Parses a rule file with the identifier of its path.
    ///
    /// # Errors
    /// The file is invalid, or states another `id`.
    pub fn parse(source: &Arc<Source>, id: &str) -> Result<Rule, Fault> {
        let rule: Rule = serde_yaml::from_str(&source.text()[source.bom_len()..]).map_err(|error| {
            if error.to_string().contains(NO_LAST_SEVERITY) {
                let fault = Fault::new(format!("invalid rule: {NO_LAST_SEVERITY}"));
                return fault
                    .at(source, locate_key(source, "/severity"))
                    .help("end the list with the severity of all others: `{ is: note }`");
            }
            let byte = error.location().map_or(0, |location| location.index() + source.bom_len());
            Fault::new(format!("invalid rule: {error}")).at(source, source.line_span(byte))
        })?;
        rule.of_file(source, id)
    }

    /// As [`Rule::parse`], for a file of the program itself. Its examples are parsed on the first use.
    ///
    /// # Errors
    /// The file is invalid before its examples.
    pub fn parse_embedded(source: &Arc<Source>, id: &str) -> Result<Rule, Fault> {
        let json = embedded::as_json(source.path()).unwrap_or_default();
        let rule: Rule = serde_json::from_str(json)
            .map_err(|error| Fault::new(format!("`{}` is no rule: {error}", source.path())))?;
        let (whole, own_id) = (source.clone(), id.to_owned());
        let examples = move || Rule::parse(&whole, &own_id).map(|rule| rule.examples.to_vec());
        let examples = Arc::new(Lazy::new(move || examples().unwrap_or_default()));
        Rule { examples, ..rule }.of_file(source, id)
    }

    fn of_file(self, source: &Arc<Source>, id: &str) -> Result<Rule, Fault> {
        let mut rule = self;
        if !rule.id.is_empty() && *rule.id != *id {
            let message = format!("the rule's `id` is `{}`; expected `{id}`, as in its path", rule.id);
            let place = locate(source, "/id", Span::new(0, rule.id.len()));
            return Err(Fault::new(message).at(source, place).help("remove `id`, or move the file"));
        }
        rule.id = id.into();
        rule.source = source.clone();
        if rule.title.is_empty() {
            rule.title = title_of(&rule.message, id);
        }
        Ok(rule)
    }

    /// True if `name` is the identifier (`garden/weeds`) or the family (`garden/*`) of the rule, or `*`.
    pub fn matches_name(&self, name: &str) -> bool {
        *self.id == *name
            || name == "*"
            || name.strip_suffix("/*").is_some_and(|family| family == self.family())
    }

    /// The literal globs of files that its expressions name, without those of its examples.
    pub fn file_globs(&self) -> impl Iterator<Item = &str> {
        let text = self.source.text();
        let expressions = text.split_once("\nexamples:").map_or(text, |(expressions, _)| expressions);
        expressions.split("files(\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0))
    }

    /// True if it may list the files of the repository, so that any added file matters.
    pub fn lists_files(&self) -> bool {
        self.source.text().contains("files(")
    }

    /// Returns true if it is about the files with certain paths, and can judge nothing where no file has one.
    pub fn names_paths(&self) -> bool {
        let has = |expression: &Option<String>, name: &str| {
            expression.as_deref().is_some_and(|text| text.contains(name))
        };
        self.is_for_files() && has(&self.when, "file.path") || self.each_names_paths()
    }

    /// Returns true if the list of `each` is that of the files with some paths.
    pub fn each_names_paths(&self) -> bool {
        self.each.as_deref().is_some_and(|each| each.contains("files(\""))
    }

    pub fn is_for_files(&self) -> bool {
        self.kinds.iter().any(|kind| **kind == *FILE)
    }

    /// True if it is for the records of a kind by name, or because of what the kind says of them all.
    pub fn is_for(&self, kind: &Kind) -> bool {
        self.kinds.iter().any(|name| *name == kind.name || has_trait(kind, name))
    }

    /// True if it is for records of every kind of which its file says something.
    pub fn is_for_a_trait(&self) -> bool {
        self.kinds.iter().any(|name| TRAITS.contains(&&**name))
    }

    /// Returns what it is for, in words: the kinds, or those of which something is true.
    pub fn subjects(&self) -> String {
        let subjects = self.kinds.iter().map(|name| match &**name {
            OWNED => "records that need an owner",
            REVIEWED => "records that say when they are reviewed",
            REFERRED => "records that others refer to",
            OWN => "records of kinds that do not come with the program",
            FILE => "files in which records are looked for, and pages that introduce a folder of them",
            CITING_FILE => "files that are no records and cite some",
            POLICY_FILE => "files that change the policy since `--policy-from`, or records since `--since`",
            kind => kind,
        });
        subjects.collect::<Vec<_>>().join(", ")
    }

    /// True if it checks the record or would, were it held to the practice.
    pub fn is_for_record(&self, record: &Record) -> bool {
        self.kinds.iter().any(|name| **name == *ANY) || self.is_for(&record.kind)
    }

    /// Returns true if the rule is about consistency, or the record is held to its practice.
    pub fn holds_for(&self, record: &Record) -> bool {
        self.practice.as_deref().is_none_or(|practice| record.practice(practice).is_some())
    }

    /// Returns true if `due` is a field of the record, or of an item of one of its lists: the file contains the day.
    pub fn is_due_on_written_day(&self) -> bool {
        let due = self.due.as_deref().map(str::trim);
        let field = due.and_then(|due| due.strip_prefix("record.").or_else(|| due.strip_prefix("item.")));
        field.is_some_and(|field| field.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_'))
    }

    /// Returns the field that states the day of `due`, if nothing else does.
    pub fn written_day(&self) -> Option<String> {
        let due = self.due.as_deref().filter(|_| self.is_due_on_written_day())?;
        Some(due.trim().strip_prefix("record.")?.replace('_', "-"))
    }

    /// Returns the field that states the day of some records, while `due` falls back on another one: the first of `at`.
    pub fn field_of_written_day(&self) -> Option<&str> {
        let (field, due) = (self.at.first().filter(|_| self.at.len() > 1)?, self.due.as_deref()?);
        due.contains(&format!("record.{}", field.replace('-', "_"))).then_some(&**field)
    }

    pub fn is_for_kinds(&self) -> bool {
        !self.kinds.iter().any(|kind| matches!(&**kind, ANY | FILE | POLICY_FILE | CITING_FILE | UNREAD_FILE))
    }

    /// True if it checks records, of some kinds or all.
    pub fn is_for_records(&self) -> bool {
        !self.kinds.iter().any(|kind| matches!(&**kind, FILE | POLICY_FILE | CITING_FILE))
    }

    /// True if it checks files that are no records, such as source code.
    pub fn is_for_citing_files(&self) -> bool {
        self.kinds.iter().any(|kind| **kind == *CITING_FILE)
    }

    /// True if it checks files that should be records and are not read.
    pub fn is_for_unread_files(&self) -> bool {
        self.kinds.iter().any(|kind| **kind == *UNREAD_FILE)
    }

    /// The help, if it is the same for every finding.
    pub fn general_help(&self) -> Option<&str> {
        self.help.first().map(|help| help.trim()).filter(|help| !help.contains('{') && !help.is_empty())
    }

    /// The reason, or else the title.
    pub fn reason(&self) -> &str {
        self.why.as_deref().unwrap_or(&self.title)
    }

    /// Returns true if the end of a run tells of its practice. `is_kept` tells whether there are records of a kind.
    pub fn is_offered(&self, is_kept: impl Fn(&str) -> bool) -> bool {
        self.offered.iter().any(|kind| **kind == *ANY || is_kept(kind))
    }

    /// Returns the fault of a practice that is one of `known` but for a slip; another name is one of the rule's own.
    pub fn misspelt_practice(&self, known: &[&str]) -> Option<Fault> {
        let practice = self.practice.as_deref().filter(|practice| !known.contains(practice))?;
        let meant = nearest(practice, known.iter().copied())?;
        let fault = Fault::new(format!("rule `{}`: unknown practice `{practice}`", self.id));
        Some(fault.help(did_you_mean(meant)).at(&self.source, locate_value(&self.source, "/practice")?))
    }

    /// Returns the fault of `offered` in a rule without a practice, or where it names no kind.
    pub fn mistaken_offer(&self, is_kind: impl Fn(&str) -> bool) -> Option<Fault> {
        let unknown = self.offered.iter().find(|kind| ***kind != *ANY && !is_kind(kind));
        let (text, help) = match (unknown, &self.practice) {
            (Some(kind), _) => {
                (format!("unknown kind `{kind}` in `offered`"), "name kinds, or write `offered: any`")
            }
            (None, None) if !self.offered.is_empty() => {
                ("`offered` in a rule without a practice".to_owned(), "add `practice`, or remove `offered`")
            }
            _ => return None,
        };
        let fault = Fault::new(format!("rule `{}`: {text}", self.id)).help(help);
        Some(fault.at(&self.source, locate_value(&self.source, "/offered")?))
    }

    /// The `id`, or else the key that every rule has.
    pub fn name_span(&self) -> Span {
        locate_value(&self.source, "/id").unwrap_or_else(|| locate_key(&self.source, "/for"))
    }

    pub fn family(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }
}

/// The values of `for` that stand for kinds with something in common.
pub(super) const TRAITS: [&str; 4] = [OWNED, REVIEWED, REFERRED, OWN];

/// Returns true for a value of `for` that is not the name of a kind.
pub(super) fn is_reserved(name: &str) -> bool {
    matches!(name, ANY | FILE | POLICY_FILE | CITING_FILE | UNREAD_FILE) || TRAITS.contains(&name)
}

fn has_trait(kind: &Kind, name: &str) -> bool {
    match name {
        OWNED => kind.needs_owner(),
        REVIEWED => kind.review.is_some(),
        REFERRED => kind.is_referred_to,
        OWN => !kind.is_built_in(),
        _ => false,
    }
}

/// The smallest preset, which every other contains: the rule is on.
fn default_preset() -> Preset {
    Preset::Essential
}

fn default_facet() -> String {
    "record".to_owned()
}

/// A title from the template of the message: without the name of the record at its beginning, with `…` for each other
/// expression. The words of the identifier if nothing else is left.
fn title_of(message: &str, id: &str) -> String {
    let mut text = String::new();
    let mut rest = message;
    while let Some((before, after)) = rest.split_once(['{', '}']) {
        text.push_str(before);
        let brace = &rest[before.len()..=before.len()];
        if let Some(after) = after.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
        } else {
            text.push('…');
            rest = after.split_once('}').map_or("", |(_, after)| after);
        }
    }
    text.push_str(rest);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.strip_prefix("`…`").or_else(|| text.strip_prefix('…')).unwrap_or(&text);
    let text = text.trim_start_matches([':', ',', ' ']).trim_end_matches('.').trim_end();
    if text.chars().filter(|c| c.is_alphabetic()).count() > 2 {
        return capital(text);
    }
    capital(&id.rsplit('/').next().unwrap_or(id).replace('-', " "))
}

fn empty_source() -> Arc<Source> {
    Arc::new(Source::new("", Vec::new()))
}

fn at_once<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Examples, D::Error> {
    Ok(Arc::new(Lazy::from(Vec::deserialize(deserializer)?)))
}

pub(super) fn ordered<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, String)>, D::Error> {
    let mapping = serde_yaml::Mapping::deserialize(deserializer)?;
    mapping
        .into_iter()
        .map(|(name, expression)| match (name, expression) {
            (serde_yaml::Value::String(name), serde_yaml::Value::String(expression)) => {
                Ok((name, expression))
            }
            // `most: 3`, `is-open: true`.
            (serde_yaml::Value::String(name), serde_yaml::Value::Number(number)) => {
                Ok((name, number.to_string()))
            }
            (serde_yaml::Value::String(name), serde_yaml::Value::Bool(value)) => {
                Ok((name, value.to_string()))
            }
            _ => Err(serde::de::Error::custom("expected a map of names to expressions in `let`")),
        })
        .collect()
}

impl Example {
    pub fn date(&self) -> Date {
        self.as_of.unwrap_or(EXAMPLE_DATE)
    }

    /// The checked files: those of the last commit, replaced by those of the example.
    pub fn final_files(&self) -> BTreeMap<String, String> {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for (path, text) in self.history.iter().flat_map(|commit| &commit.files) {
            match text {
                Some(text) => drop(files.insert(path.clone(), text.clone())),
                None => drop(files.remove(path)),
            }
        }
        files.extend(self.files.clone());
        files
    }
}

fn optional_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    required_date(deserializer).map(Some)
}

fn required_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    crate::calendar::parse_date(&text)
        .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a date such as `2027-01-31`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_derived_from_the_message() {
        let title = |message| title_of(message, "pricing/names-a-kpi");
        assert_eq!(
            title("`{record.id}` changes prices and names no metric"),
            "Changes prices and names no metric"
        );
        assert_eq!(title("{record.id}: the  date is\n{record.date}."), "The date is …");
        assert_eq!(title("no reason {{in braces}}"), "No reason {in braces}");
        assert_eq!(title("`{record.id}`"), "Names a kpi");
        assert_eq!(title("{record.id"), "Names a kpi");
    }
}
