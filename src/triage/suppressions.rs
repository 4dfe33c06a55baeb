//! Applies ignore comments and exceptions, and decides whether one that matches no finding is unused, or whether that is unknown.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::catalog::SourceFile;
use crate::check::CheckScope;
use crate::config::RuleSetting;
use crate::finding::Finding;
use crate::input::{Exception, ExceptionIndex, Input, ScopeReading};
use crate::policy::baseline::BaselineEntry;
use crate::record::id_key;
use crate::rule::{Rule, matches_pattern};
use crate::snapshot::is_within;
use crate::suppression::Ignore;
use crate::text::{Span, SpanTree};

use super::{Triage, Triaged};

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

/// What a rule has no verdict about.
#[derive(Default)]
struct Gaps<'t> {
    /// Of files, and of those that contain records without a verdict.
    paths: HashSet<&'t str>,
    /// The keys of the records, and the paths of the files.
    subjects: HashSet<String>,
}

/// What the rules have checked, as far as it can show that a suppression is unused.
pub(super) struct UnusedSuppressions<'t> {
    triage: &'t Triage<'t>,
    completed: HashSet<&'t str>,
    gaps: HashMap<&'t str, Gaps<'t>>,
    scopes: &'t HashMap<Arc<str>, CheckScope>,
    /// With an unreadable file, findings elsewhere may be missing.
    incomplete: bool,
}

impl<'t> UnusedSuppressions<'t> {
    pub(super) fn new(triage: &'t Triage<'t>, found: &'t Triaged) -> UnusedSuppressions<'t> {
        let mut gaps: HashMap<&str, Gaps> = HashMap::new();
        for one in &found.unjudged {
            let gaps = gaps.entry(&one.rule).or_default();
            gaps.paths.insert(&one.path);
            let record = one.record.as_ref().map(|(_, id)| id_key(id, &[]));
            gaps.subjects.insert(record.unwrap_or_else(|| one.path.to_string()));
        }
        UnusedSuppressions {
            triage,
            completed: triage.completed_rules(&found.exhausted),
            gaps,
            scopes: &found.scopes,
            incomplete: triage.check.input.files().iter().any(SourceFile::is_incomplete),
        }
    }

    /// Returns true if every rule that `pattern` matches was completed for the file at `path`, or for all files, without a relevant gap,
    /// and one of them is on. A pattern that matches no rule is unused.
    fn is_unused(&self, pattern: &str, path: Option<&str>, is_relevant: impl Fn(&Gaps) -> bool) -> bool {
        let is_on = |rule: &Rule| {
            let settings = rule.settings(self.triage.check.config);
            let setting = path.map_or_else(|| settings.for_all_files(), |path| Some(settings.for_file(path)));
            setting != Some(RuleSetting::Off)
        };
        let covers = |scope: &CheckScope| match path {
            Some(path) => scope.covers(path),
            None => *scope == CheckScope::Everything,
        };
        let is_judged = |rule: &&Arc<Rule>| {
            self.completed.contains(&*rule.id)
                && self.scopes.get(&rule.id).is_none_or(covers)
                && !self.gaps.get(&*rule.id).is_some_and(&is_relevant)
        };
        let rules: Vec<&Arc<Rule>> = self.rules_named(pattern).collect();
        let is_any_on = rules.is_empty() || rules.iter().any(|rule| is_on(rule));
        !self.incomplete && is_any_on && rules.iter().all(is_judged)
    }

    fn rules_named<'s>(&'s self, pattern: &'s str) -> impl Iterator<Item = &'s Arc<Rule>> {
        self.triage.policy.rules.rules().iter().filter(move |rule| matches_pattern(pattern, &rule.id))
    }

    pub(super) fn is_ignore_unused(&self, ignore: &Ignore, rule: &str, file: &SourceFile) -> bool {
        let path = &**file.path();
        let key = ignore.subject.record.as_ref().map(|(_, key)| &**key).filter(|_| file.records.len() > 1);
        let is_relevant = |gaps: &Gaps| {
            let is_about = |key: &str| gaps.subjects.contains(key) || gaps.subjects.contains(path);
            gaps.paths.contains(path) && key.is_none_or(is_about)
        };
        self.rules_named(rule).next().is_some() && self.is_unused(rule, Some(path), is_relevant)
    }

    pub(super) fn is_exception_unused(&self, exception: &Exception) -> bool {
        let is_relevant = |gaps: &Gaps| {
            let mut parts = exception.parts().iter().filter_map(|part| part.reading.as_ref().ok());
            let is_in = |part: &ScopeReading| match part {
                ScopeReading::Records { id, .. } => gaps.subjects.contains(&id_key(id, &[])),
                ScopeReading::Kind(_) => true,
                ScopeReading::Path(path) => gaps.paths.iter().any(|file| is_within(file, path)),
                ScopeReading::Pattern(globs) => gaps.paths.iter().any(|path| globs.matches(path)),
            };
            exception.scope.is_none() || parts.any(is_in)
        };
        // The state's own policy may have the rule, or its name is misspelt.
        let (input, rule) = (self.triage.check.input, &*exception.rule);
        let is_elsewhere = || input.has_rule(rule) || input.nearest_rule(rule).is_some();
        let is_known = self.rules_named(rule).next().is_some() || !is_elsewhere();
        exception.is_readable() && is_known && self.is_unused(rule, None, is_relevant)
    }

    pub(super) fn is_entry_unused(&self, entry: &BaselineEntry) -> bool {
        let id = entry.subject.record().and_then(|record| record.split_once('/')).map(|(_, id)| id);
        let path = &*entry.path;
        self.is_unused(&entry.rule, Some(path), |gaps| match id {
            // The record may have moved to another file, or be the only one of its file.
            Some(id) => gaps.subjects.contains(&id_key(id, &[])) || gaps.subjects.contains(path),
            None => gaps.paths.contains(path),
        })
    }
}
