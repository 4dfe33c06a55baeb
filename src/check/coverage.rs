//! How much of a state rules judge, and why not the rest: the rules are run again on some of what they don't judge, and look for the value
//! that is missing.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::config::RuleSetting;
use crate::finding::Fault;
use crate::rule::Rule;
use crate::rule::file::{FILE, POLICY_FILE};

use super::Check;
use super::model::{NotJudged, Purpose, Subject, Unjudged};

/// The number of results that are not judged which a report of all findings lists.
pub const LISTED: usize = 1000;

/// The number of reasons that are shown for a rule that judges nothing.
const SHOWN_REASONS: usize = 3;

/// Why a rule judges nothing in a state.
#[derive(Debug)]
pub enum NeverJudged {
    /// The configuration switches it off.
    Off,
    /// The preset of this name lacks it.
    NotInPreset(&'static str),
    /// There is nothing that it is for: these kinds.
    NoSubject(Vec<Arc<str>>),
    /// The condition `when` excludes all of so many.
    NeverApplies(String, usize),
    /// `each` has no items, or no record has a key of `group-by`.
    NoItems(&'static str),
    /// A value that it reads is missing everywhere: the first reasons.
    Missing(Vec<NotJudged>),
    /// It reads records of a kind that does not occur.
    KindNotUsed,
}

/// A record by its number, or a file by its path.
type SubjectKey<'u> = Result<u32, &'u str>;

impl Check<'_> {
    /// Returns why a rule judges nothing; `None` if it has a result for something.
    pub(crate) fn never_judged(&self, rule: &Arc<Rule>) -> Result<Option<NeverJudged>, Vec<Fault>> {
        let rules = std::slice::from_ref(rule);
        let settings = rule.settings(self.config);
        if settings.for_all_files() == Some(RuleSetting::Off) {
            return Ok(Some(self.why_off(rule)));
        }
        let mut result = self.run(rules)?;
        let coverage = result.coverage;
        let unjudged = std::mem::take(&mut result.unjudged);
        result.into_findings()?;
        let is_missing = unjudged.iter().any(|one| !one.is_unused);
        Ok(Some(match () {
            () if coverage.judged > 0 => return Ok(None),
            () if is_missing => {
                let mut reasons = self.reasons(rules, unjudged.iter(), SHOWN_REASONS);
                reasons.dedup_by(|later, first| later.sentence() == first.sentence());
                NeverJudged::Missing(reasons)
            }
            () if !unjudged.is_empty() => NeverJudged::KindNotUsed,
            () if coverage.empty > 0 => NeverJudged::NoItems("each"),
            () if coverage.excluded > 0 => {
                NeverJudged::NeverApplies(rule.when.clone().unwrap_or_default(), coverage.excluded)
            }
            () if !rule.group_by.is_empty() && self.has_subjects(rule) => NeverJudged::NoItems("group-by"),
            () => NeverJudged::NoSubject(rule.kinds.clone()),
        }))
    }

    /// Returns why a rule that is off is so.
    pub(super) fn why_off(&self, rule: &Rule) -> NeverJudged {
        match rule.settings(self.config).is_only_absent() {
            true => NeverJudged::NotInPreset(self.config.preset.name()),
            false => NeverJudged::Off,
        }
    }

    /// Returns the reasons of the first `limit` of these results that this check has not judged, by path.
    pub(crate) fn reasons<'u>(
        &self,
        rules: &[Arc<Rule>],
        unjudged: impl Iterator<Item = &'u Unjudged>,
        limit: usize,
    ) -> Vec<NotJudged> {
        let mut unjudged: Vec<&Unjudged> = unjudged.filter(|one| !one.is_unused).collect();
        let key = |one: &&Unjudged| (one.path.clone(), one.rule.clone(), one.number());
        unjudged.sort_by_cached_key(key);
        unjudged.truncate(limit);
        let mut of_rules: BTreeMap<&str, HashSet<SubjectKey>> = BTreeMap::new();
        for one in unjudged {
            of_rules.entry(&one.rule).or_default().insert(one.number().ok_or(&*one.path));
        }
        let of_rule = |(id, subjects): (&str, HashSet<SubjectKey>)| {
            let rule = rules.iter().find(|rule| *rule.id == *id)?;
            self.whole(rule).reasons_of_rule(rule, &subjects).ok()
        };
        let mut reasons: Vec<NotJudged> = of_rules.into_iter().filter_map(of_rule).flatten().collect();
        reasons.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
        reasons.truncate(limit);
        reasons
    }

    fn reasons_of_rule(&self, rule: &Rule, of: &HashSet<SubjectKey>) -> Result<Vec<NotJudged>, Vec<Fault>> {
        let mut compiled = self.prepare(rule)?;
        let is_asked_for = |subject: &Subject| match subject.record() {
            Some(record) => of.contains(&Ok(record.number)),
            None => of.contains(&Err(&**subject.path(self.input))),
        };
        // The subject of a group is one of its records.
        let is_grouped = compiled.program.group_by.is_some();
        let mut reasons = Vec::new();
        if !is_grouped {
            compiled.variants.iter_mut().for_each(|variant| variant.subjects.retain(is_asked_for));
        }
        for run in compiled.runs(Purpose::Reasons) {
            reasons.extend(run.check_all().map(|result| result.reasons).unwrap_or_default());
        }
        Ok(reasons)
    }
}

fn sort_key(one: &NotJudged) -> impl Ord + '_ {
    let (path, span) = (one.place.source.path(), one.place.span);
    (path, &one.rule, &one.record, span, one.reason, &one.what)
}

impl fmt::Display for NeverJudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NeverJudged::Off => f.write_str("it is switched off in the configuration"),
            NeverJudged::NotInPreset(preset) => {
                write!(f, "the preset `{preset}` does not contain it, and `rules` does not switch it on")
            }
            NeverJudged::NoSubject(kinds) if **kinds == [POLICY_FILE.into()] => f.write_str(
                "it compares the policy with that of `--policy-from`, or the records with those of `--since`, and neither was given",
            ),
            NeverJudged::NoSubject(kinds) if kinds.iter().all(|kind| kind.ends_with(FILE)) => {
                write!(f, "there is no {}", kinds.join(" or ").replace('-', " "))
            }
            NeverJudged::NoSubject(kinds) => write!(f, "there is no record of kind `{}`", kinds.join("` or `")),
            NeverJudged::NeverApplies(when, excluded) => {
                let when = when.split_whitespace().collect::<Vec<_>>().join(" ");
                write!(f, "`when: {when}` is false for all {excluded}")
            }
            NeverJudged::NoItems("each") => f.write_str("the list of `each` is empty everywhere"),
            NeverJudged::NoItems(key) => write!(f, "no record has a value of `{key}`"),
            NeverJudged::KindNotUsed => f.write_str("it reads records of a kind that does not occur here"),
            NeverJudged::Missing(reasons) => {
                let shown = reasons.iter().map(|one| format!("{} ({})", one.sentence(), one.place));
                f.write_str(&shown.collect::<Vec<_>>().join("; "))
            }
        }
    }
}
