//! How much of a state a rule judges, and why it judges nothing.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::config::RuleSetting;
use crate::finding::Fault;
use crate::rule::file::POLICY_FILE;
use crate::rule::{ComputedFields, Reason, Rule, params};
use crate::term::Vocabulary;

use super::{Check, CheckScope, CompiledRule, LISTED, NotJudged, Variant, exhausted};

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

impl Coverage {
    pub(super) fn add(&mut self, more: Coverage) {
        self.judged += more.judged;
        self.excluded += more.excluded;
        self.empty += more.empty;
    }
}

/// Why a rule judges nothing in a state.
#[derive(Debug)]
pub struct NeverJudged {
    pub cause: NoVerdict,
    /// The number of records, files or items that `when` excludes.
    pub excluded: usize,
    /// The expression that excludes them.
    pub when: Option<String>,
    /// True if `overrides` set it otherwise in some files.
    pub is_overridden: bool,
}

#[derive(Debug)]
pub enum NoVerdict {
    /// The configuration switches it off.
    Off,
    /// The preset of this name lacks it.
    NotInPreset(&'static str),
    /// There is nothing that it is for: these kinds.
    NoSubject(Vec<Arc<str>>),
    /// `when` excludes all.
    NeverApplies,
    /// `each` has no items, or no record has a key of `group-by`.
    NoItems(&'static str),
    /// A value that it reads is missing everywhere, with the number of times for each; the most frequent first.
    Missing(Vec<(NotJudged, usize)>),
    /// It reads records of a kind that does not occur.
    KindNotUsed,
}

impl Check<'_> {
    /// Returns the numbers of the records for which the condition `when` of a rule does not hold.
    ///
    /// # Errors
    /// The rule does not compile or exceeds its step limit.
    pub fn excluded(&self, rule: &Rule) -> Result<HashSet<u32>, Vec<Fault>> {
        let program = rule.program(self.input.kinds())?;
        if program.when.is_none() {
            return Ok(HashSet::new());
        }
        let (vocabulary, computed) = (Vocabulary::new(self.input), ComputedFields::new(self.input.kinds()));
        let compiled = CompiledRule { rule, program: &program, vocabulary: &vocabulary, computed: &computed };
        let set = match rule.settings(self.config).for_all_files() {
            Some(RuleSetting::On { params, .. }) => params,
            _ => Vec::new(),
        };
        let params = params::values(rule, &set, self.config)?;
        let subjects = self.subjects(rule, &program, &CheckScope::Everything).into();
        let variant = Variant { severity: None, params, subjects };
        let steps = AtomicU64::new(0);
        let run = self.rule_run(&compiled, &variant, &steps);
        run.excluded().map_err(|_| vec![exhausted(rule, self.input)])
    }
}

/// Why a rule does not judge some of its records.
#[derive(Debug)]
pub struct PartlyJudged {
    pub judged: usize,
    pub unjudged: usize,
    /// The most frequent reason that the author of the rule can mend; without any, the most frequent one.
    pub reason: NotJudged,
}

impl fmt::Display for PartlyJudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PartlyJudged { judged, unjudged, reason } = self;
        let place = reason.place.source.position(reason.place.span.start as usize);
        let path = reason.place.source.path();
        let sentence = reason.sentence();
        write!(
            f,
            "judged for {judged} of {}: {sentence} ({path}:{}:{})",
            judged + unjudged,
            place.line,
            place.column
        )
    }
}

impl NotJudged {
    /// Returns how a rule judges a record without the field that it reads; `None` if something else is missing.
    pub fn remedy(&self) -> Option<String> {
        if self.reason == Reason::Unread {
            return Some(
                "name the file under `records`, or ask first whether its `is_read` is true".to_owned(),
            );
        }
        if self.reads_text() {
            let help = "a text has no fields; if it names a record, write `x-ref` under `items` of the list in its kind";
            return Some(help.to_owned());
        }
        let in_mapping = self.read.as_deref().and_then(|read| read.strip_suffix(']')?.rsplit_once('['));
        let is_field =
            in_mapping.is_some() || self.what.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let is_own = self.reason == Reason::Absent && self.format.is_none() && self.holder.is_none();
        let field = match &self.read {
            Some(read) => read.to_string(),
            None => format!("record.{}", self.what.replace('-', "_")),
        };
        let remedy = || match (self.is_list, field.rsplit_once('.')) {
            _ if let Some((mapping, key)) = in_mapping => {
                format!("where its absence is a finding, write `{key} in {mapping} && …`")
            }
            (true, Some((holder, name))) => {
                format!("where such a list may be absent, write `{holder}.?{name}.orValue([])`")
            }
            _ => format!("where its absence is a finding, write `has({field}) && …`"),
        };
        (is_field && is_own).then(remedy)
    }

    /// Returns true for a field that is read of a text.
    fn reads_text(&self) -> bool {
        let is_path =
            |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
        self.reason == Reason::Undefined && self.what.contains('.') && is_path(&self.what)
    }
}

impl NeverJudged {
    /// Returns how the rule judges records that lack what it reads most often, or what it reads of texts.
    pub fn remedy(&self) -> Option<String> {
        match &self.cause {
            NoVerdict::Missing(reasons) => {
                let of_text = reasons.iter().find(|(reason, _)| reason.reads_text());
                of_text.or_else(|| reasons.first())?.0.remedy()
            }
            _ => None,
        }
    }

    /// Returns what to do about a rule that names paths which no file has.
    pub fn remedy_of_paths(&self, rule: &Rule) -> Option<&'static str> {
        match &self.cause {
            NoVerdict::NeverApplies if self.is_overridden => None,
            NoVerdict::NeverApplies if rule.names_paths() && rule.is_for_files() => Some(
                "correct the path, or name the files under `records`, as only files that are read are checked",
            ),
            NoVerdict::NoItems("each") if rule.each_names_paths() => {
                Some("correct the pattern, which no file matches")
            }
            _ => None,
        }
    }
}

impl Check<'_> {
    /// Returns how many records a rule judges, if that is not each; `None` also if it judges none.
    ///
    /// # Errors
    /// As [`Check::never_judged`].
    pub fn partly_judged(&self, rule: &Arc<Rule>) -> Result<Option<PartlyJudged>, Vec<Fault>> {
        let rules = std::slice::from_ref(rule);
        let mut result = self.run(rules)?;
        let (judged, unjudged) = (result.coverage.judged, std::mem::take(&mut result.unjudged));
        result.into_findings()?;
        let count = unjudged.iter().filter(|one| !one.is_unused).count();
        let reasons = counted(self.reasons(rules, unjudged.iter(), LISTED));
        let mut reasons = reasons.into_iter().map(|(reason, _)| reason).filter(|_| judged > 0 && count > 0);
        let first = reasons.next();
        let is_mended = first.as_ref().is_some_and(|reason| reason.remedy().is_some());
        let reason =
            if is_mended { first } else { reasons.find(|reason| reason.remedy().is_some()).or(first) };
        Ok(reason.map(|reason| PartlyJudged { judged, unjudged: count, reason }))
    }

    /// Returns why a rule judges nothing; `None` if it has a result for something.
    ///
    /// # Errors
    /// As [`Check::run`]; or the rule exceeds its step limit.
    pub fn never_judged(&self, rule: &Arc<Rule>) -> Result<Option<NeverJudged>, Vec<Fault>> {
        let rules = std::slice::from_ref(rule);
        let settings = rule.settings(self.config);
        if settings.for_all_files() == Some(RuleSetting::Off) {
            let cause = match settings.is_only_absent() {
                true => NoVerdict::NotInPreset(self.config.preset.name()),
                false => NoVerdict::Off,
            };
            return Ok(Some(NeverJudged { cause, excluded: 0, when: None, is_overridden: false }));
        }
        let mut result = self.run(rules)?;
        let Coverage { judged, excluded, empty } = result.coverage;
        let unjudged = std::mem::take(&mut result.unjudged);
        result.into_findings()?;
        if judged > 0 {
            return Ok(None);
        }
        let is_missing = unjudged.iter().any(|one| !one.is_unused);
        let cause = match () {
            () if is_missing => NoVerdict::Missing(counted(self.reasons(rules, unjudged.iter(), LISTED))),
            () if !unjudged.is_empty() => NoVerdict::KindNotUsed,
            () if empty > 0 => NoVerdict::NoItems("each"),
            () if excluded > 0 => NoVerdict::NeverApplies,
            () if !rule.group_by.is_empty() && self.has_subjects(rule) => NoVerdict::NoItems("group-by"),
            () => NoVerdict::NoSubject(rule.kinds.clone()),
        };
        let is_overridden = settings.for_all_files().is_none();
        Ok(Some(NeverJudged { cause, excluded, when: rule.when.clone(), is_overridden }))
    }
}

/// Counts the reasons by what is missing; the most frequent first, then in their order.
fn counted(reasons: Vec<NotJudged>) -> Vec<(NotJudged, usize)> {
    type Key = (Reason, Box<str>, Option<Arc<str>>);
    let mut counts: BTreeMap<Key, (NotJudged, usize)> = BTreeMap::new();
    for one in reasons {
        let key = (one.reason, one.what.clone(), one.format.clone());
        let entry = counts.entry(key).or_insert_with(|| (one, 0));
        entry.1 += 1;
    }
    let mut counts: Vec<(NotJudged, usize)> = counts.into_values().collect();
    counts.sort_by_key(|(_, count)| usize::MAX - count);
    counts
}

const SHOWN_REASONS: usize = 3;

impl fmt::Display for NeverJudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let when = self.when.as_deref().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        match &self.cause {
            NoVerdict::Off => f.write_str("it is switched off in the configuration"),
            NoVerdict::NotInPreset(preset) => {
                write!(f, "the preset `{preset}` does not contain it, and `rules` does not switch it on")
            }
            NoVerdict::NoSubject(_) if self.is_overridden => {
                f.write_str("`overrides` switch it off in each file that it is for")
            }
            NoVerdict::NoSubject(kinds) => write!(f, "{}", no_subject(kinds)),
            NoVerdict::NeverApplies => {
                let files =
                    if self.is_overridden { " in the files that `overrides` leave to it" } else { "" };
                write!(f, "`when: {when}` is false for all {}{files}", self.excluded)
            }
            NoVerdict::NoItems("each") => f.write_str("the list of `each` is empty everywhere"),
            NoVerdict::NoItems(key) if when.is_empty() => write!(f, "no record has a value of `{key}`"),
            NoVerdict::NoItems(key) => {
                write!(f, "no record has a value of `{key}` where `when: {when}` is true")
            }
            NoVerdict::KindNotUsed => f.write_str("it reads records of a kind that does not occur here"),
            NoVerdict::Missing(reasons) => {
                for (at, (reason, count)) in reasons.iter().take(SHOWN_REASONS).enumerate() {
                    let place = reason.place.source.position(reason.place.span.start as usize);
                    let path = reason.place.source.path();
                    let separator = if at > 0 { "; " } else { "" };
                    write!(f, "{separator}{} ({path}:{}:{}", reason.sentence(), place.line, place.column)?;
                    match count - 1 {
                        0 => f.write_str(")")?,
                        more => write!(f, " and {more} more)")?,
                    }
                }
                match self.excluded {
                    0 => Ok(()),
                    excluded => write!(f, "; `when: {when}` is false for {excluded}"),
                }
            }
        }
    }
}

/// Why a rule about changes of the policy has nothing to judge.
const COMPARES_POLICY: &str = "it compares the policy with that of `--policy-from`, or the records with those of `--since`, and neither was given";

fn no_subject(kinds: &[Arc<str>]) -> String {
    let names: Vec<String> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
    match kinds {
        [one] if **one == *POLICY_FILE => COMPARES_POLICY.to_owned(),
        [one] if one.ends_with("file") => format!("there is no {}", one.replace('-', " ")),
        [_] => format!("there is no record of kind {}", names.join("")),
        _ => format!("there is no record of the kinds {}", names.join(", ")),
    }
}
