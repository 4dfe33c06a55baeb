//! Decides whether a suppression that matches no finding is unused, or whether that is unknown.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::SourceFile;
use crate::check::{CheckScope, Exhausted, Unjudged};
use crate::config::RuleSetting;
use crate::policy::baseline::BaselineEntry;
use crate::record::id_key;
use crate::rule::{Rule, matches_pattern};
use crate::suppression::{Exception, Ignore, path_and_folders};

use super::Triage;

/// What the rules have checked, as far as it can show that a suppression is unused.
pub(super) struct UnusedSuppressions<'t> {
    triage: &'t Triage<'t>,
    completed: HashSet<&'t str>,
    unjudged: HashMap<&'t str, RuleGaps<'t>>,
    scopes: &'t HashMap<Arc<str>, CheckScope>,
    /// With an unreadable file, findings elsewhere may be missing.
    incomplete: bool,
}

impl<'t> UnusedSuppressions<'t> {
    pub(super) fn new(
        triage: &'t Triage<'t>,
        unjudged: &'t [Unjudged],
        scopes: &'t HashMap<Arc<str>, CheckScope>,
        exhausted: &Exhausted,
    ) -> UnusedSuppressions<'t> {
        let mut by_rule: HashMap<&str, RuleGaps> = HashMap::new();
        for one in unjudged {
            by_rule.entry(&one.rule).or_default().unjudged.push(one);
        }
        UnusedSuppressions {
            triage,
            completed: triage.completed_rules(exhausted),
            unjudged: by_rule,
            scopes,
            incomplete: triage.check.input.files().iter().any(SourceFile::is_incomplete),
        }
    }

    /// Returns true if every rule that `pattern` matches was completed where `covers` demands it, without a relevant gap,
    /// and one of them is on. A pattern that matches no rule is unused.
    fn is_unused(
        &self,
        pattern: &str,
        covers: impl Fn(&CheckScope) -> bool,
        is_on: impl Fn(&Rule) -> bool,
        is_relevant: impl Fn(&Gaps) -> bool,
    ) -> bool {
        let all = self.triage.policy.rules.rules().iter();
        let rules: Vec<&Arc<Rule>> = all.filter(|rule| matches_pattern(pattern, &rule.id)).collect();
        let has_gap =
            |rule: &&Arc<Rule>| self.unjudged.get(&*rule.id).is_some_and(|gaps| is_relevant(gaps.gaps()));
        !self.incomplete
            && rules.iter().all(|rule| self.completed.contains(&*rule.id))
            && rules.iter().filter_map(|rule| self.scopes.get(&rule.id)).all(covers)
            && (rules.is_empty() || rules.iter().any(|rule| is_on(rule)))
            && !rules.iter().any(has_gap)
    }

    fn is_on_at(&self, rule: &Rule, path: &str) -> bool {
        self.triage.check.config.rule_setting_for_file(&rule.id, rule.preset, path) != RuleSetting::Off
    }

    pub(super) fn is_ignore_unused(&self, ignore: &Ignore, rule: &str, file: &SourceFile) -> bool {
        let key = if file.records.len() < 2 { None } else { ignore.record_key() };
        let covers = |scope: &CheckScope| scope.covers(file.path());
        let is_on = |rule: &Rule| self.is_on_at(rule, file.path());
        self.is_unused(rule, covers, is_on, |gaps| gaps.contains(file.path(), key))
    }

    pub(super) fn is_exception_unused(&self, exception: &Exception) -> bool {
        let settings =
            |rule: &Rule| self.triage.check.config.rule_overrides(&rule.id, rule.preset).for_all_files();
        let is_on = |rule: &Rule| settings(rule) != Some(RuleSetting::Off);
        let covers = |scope: &CheckScope| *scope == CheckScope::Everything;
        let is_relevant = |gaps: &Gaps| {
            exception.scope.is_empty() || exception.scope.iter().any(|part| gaps.match_scope(part))
        };
        self.is_unused(exception.rule, covers, is_on, is_relevant)
    }

    pub(super) fn is_entry_unused(&self, entry: &BaselineEntry) -> bool {
        let id = entry.subject.record().and_then(|record| record.split_once('/')).map(|(_, id)| id);
        let is_relevant = |gaps: &Gaps| match id {
            // The record may have moved to another file, or be the only one of its file.
            Some(id) => gaps.records.contains(id) || gaps.has_file(&entry.path),
            None => gaps.contains(&entry.path, None),
        };
        let covers = |scope: &CheckScope| scope.covers(&entry.path);
        self.is_unused(&entry.rule, covers, |rule| self.is_on_at(rule, &entry.path), is_relevant)
    }
}

#[derive(Default)]
struct RuleGaps<'t> {
    unjudged: Vec<&'t Unjudged>,
    gaps: OnceCell<Gaps<'t>>,
}

impl<'t> RuleGaps<'t> {
    fn gaps(&self) -> &Gaps<'t> {
        self.gaps.get_or_init(|| Gaps::of(&self.unjudged))
    }
}

/// The subjects without a verdict.
#[derive(Default)]
struct Gaps<'t> {
    files: HashMap<&'t str, HashSet<Option<String>>>,
    records: HashSet<&'t str>,
    paths: HashSet<&'t str>,
}

impl<'t> Gaps<'t> {
    fn of(unjudged: &[&'t Unjudged]) -> Gaps<'t> {
        let mut gaps = Gaps::default();
        for one in unjudged {
            let key = one.record.as_deref().map(|id| id_key(id, &[]));
            gaps.files.entry(&one.path).or_default().insert(key);
            gaps.records.extend(one.record.as_deref());
            gaps.paths.extend(path_and_folders(&one.path));
        }
        gaps
    }

    /// Returns true if one is in the file and can be the record with this key.
    fn contains(&self, path: &str, key: Option<&str>) -> bool {
        self.files.get(path).is_some_and(|keys| {
            key.is_none_or(|key| keys.contains(&None) || keys.contains(&Some(key.to_owned())))
        })
    }

    /// Returns true if one is the file itself.
    fn has_file(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|keys| keys.contains(&None))
    }

    fn match_scope(&self, part: &str) -> bool {
        let id = part.split_once('/').map_or(part, |(_, id)| id);
        self.records.contains(id)
            || self.records.contains(part)
            || self.paths.contains(part.trim_end_matches('/'))
    }
}
