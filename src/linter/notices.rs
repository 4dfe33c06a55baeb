//! What a run could not see: parts of the state, of its policy, and pages that are no records.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::catalog::{Adoption, SourceFile};
use crate::check::{NotJudged, Unjudged};
use crate::finding::Fault;
use crate::history::History;
use crate::input::{Input, UnreadFile};
use crate::policy::PolicyRevision;
use crate::record::{PathClassifier, Record};
use crate::report::counted;
use crate::rule::{ACCOUNTABLE_KINDS, Reason, Rule};
use crate::snapshot::{CONFIG_FILES, Snapshot};

use super::{Error, LintResult, Linter};

impl Linter {
    /// What the run can't see of the state and its policy.
    pub(crate) fn notices(&self) -> Vec<String> {
        let paths = || self.snapshot.files().iter().map(|file| &*file.path);
        let lacks_config = self.policy_revision.as_ref().filter(|it| it.lacks_config(&self.snapshot));
        let config = &self.policy.config;
        self.fallback_notice
            .iter()
            .chain(self.snapshot.notices())
            .cloned()
            .chain(self.missing_files_notice())
            .chain(config.entries_without_records(paths()))
            .chain(config.patterns_without_files(paths()))
            .chain(config.missing_exports())
            .chain(config.nested(&self.snapshot))
            .chain(self.no_rule_notice())
            .chain(lacks_config.map(|PolicyRevision { rev, .. }| {
                format!("`{rev}` has no configuration file, so the default configuration is used")
            }))
            .collect()
    }

    /// What the run can't see of the state, its policy, and the history as far as it was read.
    pub(crate) fn notices_about(&self, input: &Input) -> Vec<String> {
        self.notices().into_iter().chain(input.history().and_then(History::notice)).collect()
    }

    /// What the run did not read or judge, and what of the user's own policy had no effect in it.
    pub(super) fn incomplete(&self, result: &LintResult) -> Vec<String> {
        let input = &result.input;
        let mut notices: Vec<String> = self.missing_baseline_notice().into_iter().collect();
        if self.options.since.is_none() {
            let records = input.records().iter().map(|record| &*record.path);
            notices.extend(self.policy.config.adopted_without_records(records));
            notices.extend(self.idle_practices(input));
            notices.extend(self.rules_without_result(result));
        }
        notices.extend(self.cut_files(result));
        notices
    }

    /// Returns a line about the records that practice rules do not apply to, unless the configuration says which they are.
    pub(crate) fn unadopted(&self, input: &Input) -> Option<String> {
        let records = input.records().iter().filter(|record| !record.is_frozen);
        self.policy.config.adopted.is_none().then(|| crate::adoption::unadopted(records)).flatten()
    }

    /// Returns the entry that adopts all records and how many findings it adds; `None` if the configuration names some, or all are adopted.
    pub(crate) fn adoption_entry(&self) -> Result<Option<(String, usize)>, Error> {
        self.run(|| {
            let input = self.input(&self.snapshot, &self.rules)?;
            let records = input.records().iter().filter(|record| !record.is_frozen);
            let is_open = self.policy.config.adopted.is_none();
            let Some(entry) = crate::adoption::entry(records).filter(|_| is_open) else { return Ok(None) };
            let count = |input: &Input| {
                self.check(self.check_of(input), None, false, None).map(|(findings, _)| findings.len())
            };
            let known = count(&input)?;
            let all = count(&input.clone().with_adoption(Adoption::of_all()))?;
            Ok(Some((entry, all.saturating_sub(known))))
        })
    }

    /// Names the rules about practices that the configuration sets, and that check no record because none is adopted.
    fn idle_practices(&self, input: &Input) -> Vec<String> {
        let meets = |rule: &Rule| {
            let mut records = input.records().iter().filter(|record| rule.is_for_record(record)).peekable();
            records.peek().is_none() || records.any(|record| record.is_adopted)
        };
        let is_idle = |rule: &Rule, id: &str| *rule.id == *id && rule.practice && !meets(rule);
        self.policy.config.idle_settings(|id| self.rules.iter().any(|rule| is_idle(rule, id)))
    }

    /// Names the fields without which rules had no result for all records of a kind, where nothing else shows it: there is no finding.
    fn rules_without_result(&self, result: &LintResult) -> Option<String> {
        let input = &result.input;
        let mut unjudged: BTreeMap<(&str, &str), (HashSet<u32>, &Unjudged)> = BTreeMap::new();
        let of_records = result.unjudged.iter().filter(|one| result.findings.is_empty() && !one.is_unused);
        for (one, number) in of_records.filter_map(|one| Some((one, one.number()?))) {
            let key = (&*one.rule, &*input.record(number).kind.name);
            unjudged.entry(key).or_insert_with(|| (HashSet::new(), one)).0.insert(number);
        }
        let checked = |rule: &str, kind: &str| {
            let rule = self.rules.iter().find(|it| *it.id == *rule);
            let is_checked = |it: &Record| !it.is_frozen && rule.is_some_and(|rule| rule.holds_for(it));
            input.of_kind(kind).iter().filter(|number| is_checked(input.record(**number))).count()
        };
        let blind = unjudged.iter().filter(|((rule, kind), (of, _))| of.len() >= checked(rule, kind));
        let blind = blind.map(|(_, (_, first))| *first);
        // What a format has no place for is no gap, and that there is no history is said for all rules at once.
        let is_gap = |one: &&NotJudged| one.format.is_none() && one.reason != Reason::History;
        let mut rules: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        let reasons = self.check_of(input).reasons(&self.rules, blind, usize::MAX);
        for reason in reasons.iter().filter(is_gap) {
            let Some(record) = &reason.record else { continue };
            rules.entry((&record.kind, &reason.what)).or_default().insert(&reason.rule);
        }
        let describe = |((kind, field), rules): (&(&str, &str), &BTreeSet<&str>)| {
            format!("{} on each {kind} (`{field}`)", counted(rules.len(), "rule"))
        };
        let described: Vec<String> = rules.iter().map(describe).collect();
        (!described.is_empty()).then(|| format!("without a result: {}; `-v` says why", described.join(", ")))
    }

    /// Returns a notice for each file that was not read to its end, where `--select` leaves out the finding that says so.
    fn cut_files(&self, result: &LintResult) -> Vec<String> {
        let is_reported = |path: &str| result.findings.iter().any(|it| **it.place.source.path() == *path);
        let notice = |file: &SourceFile| {
            let problem = file.problems().iter().find(|problem| problem.fatal)?;
            let line = file.source().position(problem.span.start as usize).line;
            let (path, message) = (file.path(), &problem.message);
            (!is_reported(path)).then(|| {
                format!("`{path}` is not read from line {line} on: {message}; rules miss the records in it")
            })
        };
        let files = result.input.files().iter().filter(|_| !self.options.select.is_empty());
        files.filter_map(notice).collect()
    }

    /// Fails if there is nothing but pages that are not read, or a directory of people in a repository without a configuration.
    pub(super) fn require_records(&self, input: &Input) -> Result<(), Error> {
        const SHOWN_FOLDERS: usize = 5;
        let is_asked_for = self.policy.config.source.is_some();
        let is_checked = |kind: &str| is_asked_for || !ACCOUNTABLE_KINDS.contains(&kind);
        let has_problems =
            || input.files().iter().any(|it| !(it.problems().is_empty() && it.notes.is_empty()));
        // A change adds the first policy to a repository that had nothing to check.
        let begins_policy = || !input.policy_changes().is_empty() && input.base_catalog().files().is_empty();
        if input.records().iter().any(|record| is_checked(&record.kind.name))
            || has_problems()
            || !input.lost_records().is_empty()
            || begins_policy()
        {
            return Ok(());
        }
        let found = if input.records().is_empty() { "no records" } else { "only people, roles and teams" };
        let files = counted(self.snapshot.files().len(), "file");
        let unread = input.unread_files();
        let more = unread.len().checked_sub(SHOWN_FOLDERS).filter(|more| *more > 0);
        let more = more.map(|more| format!("… and {more} more folders and reasons"));
        let notices = unread.iter().take(SHOWN_FOLDERS).map(UnreadFile::notice).chain(more).collect();
        let is_own = |path: &str| path.starts_with('.') || CONFIG_FILES.contains(&path);
        let refused = unread.iter().find_map(|unread| unread.refusal.help.clone());
        let help = match self.snapshot.files().iter().all(|file| is_own(&file.path)) {
            true => "write a first record with `alignlint new decision TITLE`, or a small company with `alignlint init --example`".to_owned(),
            false => refused.unwrap_or_else(|| format!(
                "put records into {} at the root or in `docs/`, or name their location in `alignlint.yaml`: \
                 `records: {{ decision: path/to/*.md }}`; `alignlint init` says what it recognises",
                PathClassifier::conventional_folders()
            )),
        };
        let message = format!("nothing to check: found {found} in {files}");
        Err(Error { faults: vec![Fault::new(message).help(help)], notices })
    }

    fn no_rule_notice(&self) -> Option<String> {
        let is_first = self.options.select.is_empty() && self.options.ignore.is_empty();
        (is_first && !self.rules.is_empty() && self.rules.iter().all(|rule| self.is_off(rule)))
            .then(|| format!("no rule is on: `rules` in `{}` switches all off", CONFIG_FILES[0]))
    }

    fn missing_files_notice(&self) -> Option<String> {
        let missing = self.snapshot.missing_blobs().len();
        let commit = self.snapshot.commit();
        let rev = commit.as_deref().unwrap_or("HEAD");
        (missing > 1).then(|| {
            format!(
                "this partial clone lacks {missing} files; run `git archive {rev} > /dev/null` to fetch them"
            )
        })
    }

    /// Fails if a file of another state is missing from a partial clone. `problem` says what is impossible without it.
    pub(super) fn require_all_files(&self, state: &Snapshot, problem: &str) -> Result<(), Fault> {
        let missing = state.missing_blobs();
        let Some(first) = missing.first() else { return Ok(()) };
        let files = match missing.len() - 1 {
            0 => "of that revision is".to_owned(),
            1 => "and 1 other file of that revision are".to_owned(),
            more => format!("and {more} other files of that revision are"),
        };
        let message = format!("{problem}: `{first}` {files} missing from this partial clone");
        let (rev, own) = (state.commit().unwrap_or_default(), self.snapshot.commit());
        let own = own.as_deref().unwrap_or("HEAD");
        Err(Fault::new(message).help(format!("fetch them with `git diff {rev} {own} > /dev/null`")))
    }
}
