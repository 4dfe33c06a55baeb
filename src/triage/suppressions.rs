//! Applies ignore comments and exceptions, and decides whether one that matches no finding is unused, or whether that is unknown.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::catalog::SourceFile;
use crate::check::{CheckScope, Exhausted, Unjudged};
use crate::config::RuleSetting;
use crate::finding::Finding;
use crate::input::{Exception, ExceptionIndex, Input, ScopeReading};
use crate::policy::baseline::BaselineEntry;
use crate::record::id_key;
use crate::rule::{Rule, matches_pattern};
use crate::snapshot::is_within;
use crate::suppression::Ignore;
use crate::text::{Span, SpanTree};

use super::Triage;

/// The suppressions of a state, and which of them have matched a finding.
pub(super) struct Suppressions<'c> {
    input: &'c Input,
    today: Date,
    ignore_scopes: HashMap<&'c str, SpanTree>,
    /// The exceptions that apply: those of the base policy.
    applied: ExceptionIndex<'c>,
    /// The exceptions in the state itself.
    pub own: Vec<&'c Exception>,
    own_index: ExceptionIndex<'c>,
    pub used_ignores: HashSet<(Arc<str>, Span)>,
}

impl<'c> Suppressions<'c> {
    pub(super) fn new(input: &'c Input, today: Date) -> Suppressions<'c> {
        let files = input.files().iter().filter(|file| !file.ignores.is_empty());
        let scopes = files.map(|file| {
            let scopes = SpanTree::new(file.ignores.iter().map(|ignore| ignore.scope));
            (&**file.path(), scopes)
        });
        let own = input.exceptions().active(today);
        Suppressions {
            input,
            today,
            ignore_scopes: scopes.collect(),
            applied: ExceptionIndex::new(&input.applied_exceptions().active(today)),
            own_index: ExceptionIndex::new(&own),
            own,
            used_ignores: HashSet::new(),
        }
    }

    /// Returns true if the finding is suppressed. Records which suppressions match it, also those that the base policy
    /// lacks and that therefore do not apply.
    pub(super) fn suppresses(&mut self, finding: &Finding) -> bool {
        let is_ignored = self.is_ignored(finding);
        self.own_index.groups_for(finding).iter().for_each(|group| group.is_used.set(true));
        is_ignored || !self.applied.groups_for(finding).is_empty()
    }

    /// Says which comment or exception suppresses a finding; `None` if none does. No other finding was asked about before.
    pub(super) fn cause(mut self, finding: &Finding) -> Option<String> {
        if self.is_ignored(finding) {
            let first = self.used_ignores.iter().map(|(_, span)| span.start).min()?;
            let line = finding.place.source.position(first as usize).line;
            return Some(format!("the comment in line {line}"));
        }
        let number = *self.applied.groups_for(finding).first()?.numbers.first()?;
        Some(format!("the exception `{}`", self.input.record(number).id))
    }

    pub(super) fn used_exceptions(&self) -> HashSet<u32> {
        self.own_index.used().collect()
    }

    fn is_ignored(&mut self, finding: &Finding) -> bool {
        let (place, rule, today) = (&finding.place, &*finding.rule, self.today);
        let path = place.source.path();
        let Some(scopes) = self.ignore_scopes.get(&**path) else { return false };
        let ignores = self.input.file_at(path).map_or(&[][..], |file| &file.ignores);
        let mut is_ignored = false;
        for ignore in scopes.containing(place.span).filter_map(|number| ignores.get(number)) {
            if ignore.suppresses(rule, today) {
                self.used_ignores.insert((path.clone(), ignore.span));
                is_ignored |= self.input.is_suppressed_by(path, ignore, rule, today);
            }
        }
        is_ignored
    }
}

/// What the rules have checked, as far as it can show that a suppression is unused.
pub(super) struct UnusedSuppressions<'t> {
    triage: &'t Triage<'t>,
    completed: HashSet<&'t str>,
    /// By rule, the subjects without a verdict.
    gaps: HashMap<&'t str, Gaps<'t>>,
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
        let mut gaps: HashMap<&str, Gaps> = HashMap::new();
        for one in unjudged {
            gaps.entry(&one.rule).or_default().add(one);
        }
        UnusedSuppressions {
            triage,
            completed: triage.completed_rules(exhausted),
            gaps,
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
        let has_gap = |rule: &&Arc<Rule>| self.gaps.get(&*rule.id).is_some_and(&is_relevant);
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

/// The subjects without a verdict.
#[derive(Default)]
struct Gaps<'t> {
    /// By path, the keys of records; `None` for the file itself.
    files: HashMap<&'t str, HashSet<Option<String>>>,
    records: HashSet<&'t str>,
}

impl<'t> Gaps<'t> {
    fn add(&mut self, unjudged: &'t Unjudged) {
        let id = unjudged.record.as_ref().map(|(_, id)| &**id);
        self.files.entry(&unjudged.path).or_default().insert(id.map(|id| id_key(id, &[])));
        self.records.extend(id);
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
            ScopeReading::Path(path) => self.files.keys().any(|file| is_within(file, path)),
            ScopeReading::Pattern(globs) => self.files.keys().any(|path| globs.matches(path)),
        }
    }
}
