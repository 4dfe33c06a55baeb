//! Decides whether a suppression that matches no finding is unused, or whether that is unknown.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::SourceFile;
use crate::check::{CheckScope, Exhausted, Unjudged};
use crate::config::RuleSetting;
use crate::input::{Exception, ScopeReading, path_and_folders};
use crate::policy::baseline::BaselineEntry;
use crate::record::id_key;
use crate::rule::{Rule, matches_pattern};
use crate::suppression::Ignore;

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
        for of_rule in unjudged.chunk_by(|one, next| Arc::ptr_eq(&one.rule, &next.rule)) {
            by_rule.entry(&of_rule[0].rule).or_default().unjudged.extend(of_rule);
        }
        UnusedSuppressions {
            triage,
            completed: triage.completed_rules(exhausted),
            unjudged: by_rule,
            scopes,
            incomplete: triage.check.input.files().par_iter().any(SourceFile::is_incomplete),
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

    /// Returns true if the policy has no such rule, but the state's own policy has, or a rule of a similar name exists.
    fn is_rule_elsewhere(&self, pattern: &str) -> bool {
        let input = self.triage.check.input;
        !self.is_in_policy(pattern) && (input.has_rule(pattern) || input.nearest_rule(pattern).is_some())
    }

    fn is_in_policy(&self, pattern: &str) -> bool {
        self.triage.policy.rules.rules().iter().any(|rule| matches_pattern(pattern, &rule.id))
    }

    fn is_on_at(&self, rule: &Rule, path: &str) -> bool {
        rule.settings(self.triage.check.config).for_file(path) != RuleSetting::Off
    }

    pub(super) fn is_ignore_unused(&self, ignore: &Ignore, rule: &str, file: &SourceFile) -> bool {
        let key = ignore.subject.record.as_ref().map(|(_, key)| &**key).filter(|_| file.records.len() > 1);
        let covers = |scope: &CheckScope| scope.covers(file.path());
        let is_on = |rule: &Rule| self.is_on_at(rule, file.path());
        self.is_in_policy(rule) && self.is_unused(rule, covers, is_on, |gaps| gaps.contains(file.path(), key))
    }

    pub(super) fn is_exception_unused(&self, exception: &Exception) -> bool {
        let settings = |rule: &Rule| rule.settings(self.triage.check.config).for_all_files();
        let is_on = |rule: &Rule| settings(rule) != Some(RuleSetting::Off);
        let covers = |scope: &CheckScope| *scope == CheckScope::Everything;
        let is_relevant = |gaps: &Gaps| {
            let mut parts = exception.parts().iter().filter_map(|part| part.reading.as_ref().ok());
            exception.scope.is_none() || parts.any(|part| gaps.match_scope(part))
        };
        exception.is_readable()
            && !self.is_rule_elsewhere(&exception.rule)
            && self.is_unused(&exception.rule, covers, is_on, is_relevant)
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
            let key = one.record.as_ref().map(|(_, id)| id_key(id, &[]));
            gaps.files.entry(&one.path).or_default().insert(key);
            gaps.records.extend(one.record.as_ref().map(|(_, id)| &**id));
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

    fn match_scope(&self, part: &ScopeReading) -> bool {
        match part {
            ScopeReading::Records { id, .. } => self.records.contains(&**id),
            ScopeReading::Kind(_) => !self.records.is_empty(),
            ScopeReading::Path(path) => self.paths.contains(&**path),
            ScopeReading::Pattern(globs) => self.files.keys().any(|path| globs.matches(path)),
        }
    }
}
