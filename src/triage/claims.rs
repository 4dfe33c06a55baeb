//! What may be said of an excuse that excused nothing: whether nothing was there, or nobody can tell.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::{Catalog, Ignore, SourceFile};
use crate::check::{CheckScope, Exhausted, Unjudged};
use crate::config::RuleSetting;
use crate::policy::baseline::BaselineEntry;
use crate::record::id_key;
use crate::rule::{Rule, matches_pattern};

use super::Triage;
use super::excuses::{Exception, with_folders};

/// Of what it can be said that nothing was found: what was asked, and answered, and could be judged.
pub(super) struct Claims<'t> {
    triage: &'t Triage<'t>,
    answered: HashSet<&'t str>,
    open: HashMap<&'t str, Open<'t>>,
    scopes: &'t HashMap<Arc<str>, CheckScope>,
    /// A file can't be read: others may be the better for it.
    incomplete: bool,
}

impl<'t> Claims<'t> {
    pub(super) fn of(
        triage: &'t Triage<'t>,
        unjudged: &'t [Unjudged],
        scopes: &'t HashMap<Arc<str>, CheckScope>,
        exhausted: &Exhausted,
    ) -> Claims<'t> {
        let mut open: HashMap<&str, Open> = HashMap::new();
        for one in unjudged {
            open.entry(&one.rule).or_default().of_rule.push(one);
        }
        let incomplete = |catalog: &Catalog| catalog.files().iter().any(|file| file.is_incomplete());
        Claims {
            triage,
            answered: triage.answered(exhausted),
            open,
            scopes,
            incomplete: incomplete(triage.check.catalog),
        }
    }

    /// Whether every rule that is named was asked there, by `covers`, and has answered, and one of them is on, by
    /// `is_on`, and none of them left open what concerns us. A name that no rule has can't find anything.
    fn hold(
        &self,
        named: &str,
        covers: impl Fn(&CheckScope) -> bool,
        is_on: impl Fn(&Rule) -> bool,
        concerns: impl Fn(&Gaps) -> bool,
    ) -> bool {
        let rules: Vec<&Arc<Rule>> =
            self.triage.policy.rules.rules().iter().filter(|rule| matches_pattern(named, &rule.id)).collect();
        let open = |rule: &&Arc<Rule>| self.open.get(&*rule.id).is_some_and(|open| concerns(open.gaps()));
        !self.incomplete
            && rules.iter().all(|rule| self.answered.contains(&*rule.id))
            && rules.iter().filter_map(|rule| self.scopes.get(&rule.id)).all(covers)
            && (rules.is_empty() || rules.iter().any(|rule| is_on(rule)))
            && !rules.iter().any(open)
    }

    fn is_on_at(&self, rule: &Rule, path: &str) -> bool {
        self.triage.check.config.rule_setting(&rule.id, rule.preset, path) != RuleSetting::Off
    }

    pub(super) fn ignore(&self, ignore: &Ignore, rule: &str, file: &SourceFile) -> bool {
        let key = if file.records.len() < 2 { None } else { ignore.key() };
        let covers = |extent: &CheckScope| extent.covers(file.path());
        let is_on = |rule: &Rule| self.is_on_at(rule, file.path());
        self.hold(rule, covers, is_on, |gaps| gaps.may_concern(file.path(), key))
    }

    pub(super) fn exception(&self, exception: &Exception) -> bool {
        let settings =
            |rule: &Rule| self.triage.check.config.rule_settings(&rule.id, rule.preset).for_all_files();
        let is_on = |rule: &Rule| settings(rule) != Some(RuleSetting::Off);
        let covers = |extent: &CheckScope| *extent == CheckScope::Everything;
        let concerns = |gaps: &Gaps| {
            exception.scope.is_empty() || exception.scope.iter().any(|part| gaps.are_named_by(part))
        };
        self.hold(exception.rule, covers, is_on, concerns)
    }

    /// An entry says where it was; the record may have moved since.
    pub(super) fn entry(&self, entry: &BaselineEntry) -> bool {
        let id = entry.record.as_deref().and_then(|record| record.split_once('/')).map(|(_, id)| id);
        let concerns = |gaps: &Gaps| match id {
            Some(id) => gaps.records.contains(id),
            None => gaps.may_concern(&entry.path, None),
        };
        let covers = |extent: &CheckScope| extent.covers(&entry.path);
        self.hold(&entry.rule, covers, |rule| self.is_on_at(rule, &entry.path), concerns)
    }
}

/// What one rule could not judge; sorted when somebody asks.
#[derive(Default)]
struct Open<'t> {
    of_rule: Vec<&'t Unjudged>,
    gaps: OnceCell<Gaps<'t>>,
}

impl<'t> Open<'t> {
    fn gaps(&self) -> &Gaps<'t> {
        self.gaps.get_or_init(|| Gaps::of(&self.of_rule))
    }
}

/// Where something could not be judged.
#[derive(Default)]
struct Gaps<'t> {
    /// By file, the keys of the records; none for the file itself.
    files: HashMap<&'t str, HashSet<Option<String>>>,
    /// The identifiers of the records.
    records: HashSet<&'t str>,
    /// The files, and all folders that they are in.
    places: HashSet<&'t str>,
}

impl<'t> Gaps<'t> {
    fn of(unjudged: &[&'t Unjudged]) -> Gaps<'t> {
        let mut gaps = Gaps::default();
        for one in unjudged {
            let key = one.record.as_deref().map(|id| id_key(id, &[]));
            gaps.files.entry(&one.path).or_default().insert(key);
            gaps.records.extend(one.record.as_deref());
            gaps.places.extend(with_folders(&one.path));
        }
        gaps
    }

    /// Whether one of them is in a file, and may be a record of this key, where one is given.
    fn may_concern(&self, path: &str, key: Option<&str>) -> bool {
        self.files.get(path).is_some_and(|keys| {
            key.is_none_or(|key| keys.contains(&None) || keys.contains(&Some(key.to_owned())))
        })
    }

    /// Whether a part of an exception's scope may mean one of them.
    fn are_named_by(&self, part: &str) -> bool {
        let id = part.split_once('/').map_or(part, |(_, id)| id);
        self.records.contains(id)
            || self.records.contains(part)
            || self.places.contains(part.trim_end_matches('/'))
    }
}
