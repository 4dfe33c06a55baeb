//! A rule as its file states it: [`Rule`], read by serde and described by `schemas/rule.schema.json`.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use crate::config::Preset;
use crate::finding::{Fault, Safety, Severity};
use crate::text::{Source, Span};

use super::written::place_of;

/// What `for` names beside kinds: every record.
pub const ANY: &str = "any";
/// What `for` names beside kinds: files as a whole.
pub const FILE: &str = "file";

/// What `for` names beside kinds: the files in which a change differs from the policy that it is held to.
pub const POLICY_FILE: &str = "policy-file";

/// One rule: what must hold, of what, how to say that it does not, and examples of both.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rule {
    pub id: Arc<str>,
    pub title: String,
    pub severity: Severity,
    pub preset: Preset,
    pub facet: String,
    /// The kinds that it judges, or `any`, or `file`, or `policy-file`.
    #[serde(rename = "for", deserialize_with = "one_or_more")]
    pub kinds: Vec<Arc<str>>,
    /// Whether it judges who may do what: under a policy from elsewhere, by the rights that are given there.
    #[serde(default)]
    pub authority: bool,
    /// Whether it judges what came of excuses: it runs when that is known, and nothing excuses what it finds.
    #[serde(default)]
    pub after_triage: bool,
    #[serde(default)]
    pub params: BTreeMap<String, Param>,
    /// Names for parts of the expressions, in order.
    #[serde(default, rename = "let", deserialize_with = "ordered")]
    pub lets: Vec<(String, String)>,
    pub when: Option<String>,
    pub each: Option<String>,
    /// The parts of the key that the records of a group share.
    #[serde(default, deserialize_with = "one_or_more")]
    pub group_by: Vec<Arc<str>>,
    pub expect: Option<Text>,
    pub due: Option<String>,
    pub against: Option<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub at: Vec<Arc<str>>,
    pub related: Option<Related>,
    pub label: Option<String>,
    pub message: String,
    pub help: Option<String>,
    pub why: String,
    pub fix: Option<Fix>,
    #[serde(default)]
    pub examples: Vec<Example>,
    #[serde(skip, default = "nowhere")]
    pub source: Arc<Source>,
}

/// An expression, which YAML may read as a truth value: `expect: false`.
#[derive(Clone, Debug)]
pub struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Truth(bool),
        }
        Ok(Text(match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Truth(truth) => truth.to_string(),
        }))
    }
}

/// A number or text that a user may set: `assumption/stale: { max-age: 6 months }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Param {
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
    Bool,
}

/// The other places of a finding.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Related {
    /// The records or items that they stand at, each in turn `other`. In `against` and `group-by` it
    /// is known without saying.
    pub each: Option<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub at: Vec<Arc<str>>,
    pub label: Option<String>,
}

/// How what the rule finds is mended.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Fix {
    pub safety: Safety,
    /// Where it is known how; everywhere where nothing is said.
    pub when: Option<String>,
    /// Whose fields are changed: `record`, `item` or `other`.
    pub of: Option<String>,
    /// Fields and the value that each gets.
    #[serde(default)]
    pub set: BTreeMap<Arc<str>, Text>,
    /// Lists and the value that each gets besides those that it has.
    #[serde(default)]
    pub add: BTreeMap<Arc<str>, Text>,
    /// What stands in place of the words that are underlined.
    pub write: Option<String>,
    /// The word that takes the place of the underlined one in a sentence.
    pub reword: Option<String>,
}

/// A small repository, and what the rule finds in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Example {
    pub name: String,
    #[serde(default, deserialize_with = "day")]
    pub as_of: Option<Date>,
    /// The commits that made the repository, oldest first.
    #[serde(default)]
    pub history: Vec<Commit>,
    /// The files that `--policy-from` reads the policy from.
    pub policy_from: Option<BTreeMap<String, String>>,
    /// The files that differ from the last commit, or all of them where there is none.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    #[serde(default)]
    pub finds: Vec<Expected>,
    /// The files that the rule's fix changes, as they are afterwards. Not tried where nothing is said.
    pub fixed: Option<BTreeMap<String, String>>,
}

/// A commit of an example.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    #[serde(deserialize_with = "just_day")]
    pub date: Date,
    /// `Ada Byron <ada@example.org>`.
    pub author: String,
    /// With the trailers, where it has any.
    #[serde(default)]
    pub message: String,
    /// Whole files as of this commit, null for one that it deletes. Files that are not named stay.
    pub files: BTreeMap<String, Option<String>>,
}

/// The day on which an example is judged that names none.
pub const EXAMPLE_DATE: Date = jiff::civil::date(2026, 11, 20);

/// A finding as an example states it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// `path:line:column`.
    pub at: String,
    pub message: String,
}

/// Whether a rule is the one that is named, or of the family that is.
pub fn matches_pattern(named: &str, rule: &str) -> bool {
    match named.strip_suffix('*') {
        Some(family) => rule.starts_with(family),
        None => *named == *rule,
    }
}

impl Rule {
    /// Reads a rule file. The identifier has to be `id`, which is its path.
    ///
    /// # Errors
    /// The file is no rule, or its `id` is not its path.
    pub fn read(source: &Arc<Source>, id: &str) -> Result<Rule, Fault> {
        let text = &source.text()[source.bom_len()..];
        let mut rule: Rule = serde_yaml::from_str(text).map_err(|error| {
            let byte = error.location().map_or(0, |location| location.index() + source.bom_len());
            Fault::new(format!("this rule can't be read: {error}")).at(source, source.line_span(byte))
        })?;
        if *rule.id != *id {
            return Err(Fault::new(format!("the rule's `id` is `{}`, its path says `{id}`", rule.id))
                .at(source, source.line_span(0))
                .help(format!("Write `id: {id}`, or move the file")));
        }
        rule.source = source.clone();
        Ok(rule)
    }

    /// Whether a person means this rule, by its identifier or its family: `garden/weeds`, `garden/*`.
    pub fn matches_name(&self, name: &str) -> bool {
        *self.id == *name || name.strip_suffix("/*").is_some_and(|family| family == self.family())
    }

    /// Whether it judges files as a whole.
    pub fn is_for_files(&self) -> bool {
        self.kinds.iter().any(|kind| **kind == *FILE)
    }

    /// Whether it judges records of certain kinds only.
    pub fn is_for_kinds(&self) -> bool {
        !self.kinds.iter().any(|kind| matches!(&**kind, ANY | FILE | POLICY_FILE))
    }

    /// What to do about what it finds, where that is the same for every finding.
    pub fn general_help(&self) -> Option<&str> {
        self.help.as_deref().map(str::trim).filter(|help| !help.contains('{') && !help.is_empty())
    }

    /// Where its file names it.
    pub fn name_span(&self) -> Span {
        place_of(&self.source, "/id", Span::new(0, self.id.len()))
    }

    /// The part of the identifier before the slash.
    pub fn family(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }
}

fn nowhere() -> Arc<Source> {
    Arc::new(Source::new("", Vec::new()))
}

fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Arc<str>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        One(Arc<str>),
        More(Vec<Arc<str>>),
    }
    Ok(match OneOrMore::deserialize(deserializer)? {
        OneOrMore::One(one) => vec![one],
        OneOrMore::More(more) => more,
    })
}

fn ordered<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, String)>, D::Error> {
    let mapping = serde_yaml::Mapping::deserialize(deserializer)?;
    mapping
        .into_iter()
        .map(|(name, expression)| match (name, expression) {
            (serde_yaml::Value::String(name), serde_yaml::Value::String(expression)) => {
                Ok((name, expression))
            }
            _ => Err(serde::de::Error::custom("`let` maps names to expressions")),
        })
        .collect()
}

impl Example {
    /// The day on which the example is judged.
    pub fn date(&self) -> Date {
        self.as_of.unwrap_or(EXAMPLE_DATE)
    }

    /// The files that are judged: those of the last commit, and over them the example's own.
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

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    just_day(deserializer).map(Some)
}

fn just_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    crate::calendar::parse_date(&text)
        .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no day such as 2026-11-20")))
}
