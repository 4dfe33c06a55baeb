//! Triage decides which findings are reported. Suppressions are applied first, then the baseline. Then the
//! rules with `after-triage: true` report suppressions and baseline entries that were not used; nothing suppresses their
//! findings.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::catalog::SourceFile;
use crate::check::{Check, CheckResult, CheckScope, DueDay, Exhausted, Memory, Unjudged};
use crate::config::{RuleSetting, matches_pattern};
use crate::finding::{Faultless, Finding, Fingerprint};
use crate::input::{
    EntryUsage, Exception, ExceptionIndex, Input, PolicyFile, ScopeReading, SuppressionUsage,
};
use crate::policy::Policy;
use crate::policy::baseline::{Baseline, BaselineEntry, EntryKey};
use crate::record::id_key;
use crate::rule::Rule;
use crate::snapshot::is_within;
use crate::suppression::Ignore;
use crate::text::{Span, SpanTree, single_spaced};

mod summary;

pub use summary::{KindCount, Summary};
pub(crate) use summary::{Renames, merge_by_cause, new_since};

/// Returns the days of which no ignore comment or exception suppresses the finding.
pub(crate) fn unsuppressed_days(input: &Input, today: Date, days: Vec<DueDay>) -> Vec<DueDay> {
    let mut suppressions = Suppressions::new(input, today);
    days.into_iter().filter(|due| !suppressions.suppresses(&due.finding)).collect()
}

/// Says what keeps a finding from being reported: a comment, an exception or the baseline.
pub(crate) fn suppressed_by(
    input: &Input,
    baseline: Option<&Baseline>,
    today: Date,
    finding: &Finding,
) -> Option<String> {
    let is_in = |baseline: &Baseline| {
        let mut left = vec![finding.clone()];
        apply_baseline(&mut left, baseline, input, today);
        left.is_empty()
    };
    let of_baseline = || baseline.is_some_and(is_in).then(|| "the baseline".to_owned());
    Suppressions::new(input, today).cause(finding).or_else(of_baseline)
}

/// Says of suppressed findings until when they are suppressed, and why.
pub(crate) fn reasons<'f>(input: &Input, today: Date, findings: &'f [Finding]) -> Vec<(&'f Finding, String)> {
    let suppressions = Suppressions::new(input, today);
    findings.iter().map(|finding| (finding, suppressions.reason(finding).unwrap_or_default())).collect()
}

/// A check whose findings are triaged.
#[derive(Clone, Copy)]
pub struct Triage<'a> {
    pub check: Check<'a>,
    pub policy: &'a Policy,
    pub rules: &'a [Arc<Rule>],
    /// The baseline file of the checked state. With `--policy-from`, the policy's baseline is applied instead.
    pub state_baseline: Option<&'a Baseline>,
    /// What is known of another state.
    pub memory: Option<&'a Memory>,
}

/// What rules found and could not judge.
#[derive(Default)]
pub struct Triaged {
    /// The findings that are not suppressed, and in the end not in the baseline either.
    pub findings: Vec<Finding>,
    pub suppressed: Vec<Finding>,
    /// Those of the rules that check suppressions.
    pub after_triage_findings: Vec<Finding>,
    pub unjudged: Vec<Unjudged>,
    pub exhausted: Exhausted,
    usage: SuppressionUsage,
    scopes: HashMap<Arc<str>, CheckScope>,
}

impl<'a> Triage<'a> {
    /// Runs the rules, and applies suppressions and the policy's baseline.
    pub fn run(&self) -> Faultless<Triaged> {
        self.finish(self.check_unsuppressed()?, self.policy.baseline.as_deref())
    }

    /// Runs the rules that are not after triage, and removes suppressed findings.
    pub(crate) fn check_unsuppressed(&self) -> Faultless<Triaged> {
        let CheckResult { findings, unjudged, scopes, exhausted, .. } =
            self.check.run_remembering(&self.rules_of_phase(false), self.memory)?;
        let mut suppressions = Suppressions::new(self.check.input, self.check.today);
        let (suppressed, findings) = findings.into_iter().partition(|it| suppressions.suppresses(it));
        let mut triaged = Triaged { findings, suppressed, unjudged, exhausted, scopes, ..Triaged::default() };
        triaged.usage = self.usage(&suppressions, &UnusedSuppressions::new(self, &triaged));
        Ok(triaged)
    }

    /// Applies a baseline, and runs the rules that check suppressions.
    pub(crate) fn finish(&self, mut triaged: Triaged, baseline: Option<&Baseline>) -> Faultless<Triaged> {
        let today = self.check.today;
        if let Some(own) = self.state_baseline {
            let unused = UnusedSuppressions::new(self, &triaged);
            let is_unused = |entry: &BaselineEntry| unused.is_entry_unused(entry);
            let entries = entry_usage(&triaged.findings, &triaged.suppressed, own, today, is_unused);
            let file = PolicyFile::at(own.source.path(), Some(own.source.clone()));
            triaged.usage.baseline = Some(PolicyFile { entries, ..file });
        }
        if let Some(baseline) = baseline {
            apply_baseline(&mut triaged.findings, baseline, self.check.input, today);
        }
        let input = self.check.input.with_usage(Arc::new(std::mem::take(&mut triaged.usage)));
        let check = Check { input: &input, ..self.check };
        let CheckResult { findings, exhausted, .. } = check.run(&self.rules_of_phase(true))?;
        triaged.after_triage_findings = findings;
        triaged.exhausted.extend(exhausted);
        Ok(triaged)
    }

    pub(crate) fn new_baseline_entries(&self, triaged: &Triaged) -> Vec<BaselineEntry> {
        let completed = self.completed_rules(&triaged.exhausted);
        new_entries(&triaged.findings, self.state_baseline, |rule| {
            completed.contains(rule) || self.policy.rules.get(rule).is_none()
        })
    }

    fn completed_rules(&self, exhausted: &Exhausted) -> HashSet<&'a str> {
        let rules = self.rules.iter().map(|rule| &*rule.id);
        rules.filter(|id| !exhausted.contains_key(*id)).collect()
    }

    fn rules_of_phase(&self, after_triage: bool) -> Vec<Arc<Rule>> {
        self.rules.iter().filter(|rule| rule.after_triage == after_triage).cloned().collect()
    }

    fn usage(&self, suppressions: &Suppressions, unused: &UnusedSuppressions) -> SuppressionUsage {
        let mut usage = SuppressionUsage::default();
        for file in self.check.input.files() {
            for ignore in &file.ignores {
                let Ok(directive) = &ignore.directive else { continue };
                let key = (file.path().clone(), ignore.span);
                let is_used = suppressions.used_ignores.contains(&key);
                let is_active = directive.is_active(self.check.today);
                if is_used || is_active && unused.is_ignore_unused(ignore, &directive.rule, file) {
                    usage.ignores.insert(key, is_used);
                }
            }
        }
        let used_exceptions: HashSet<u32> = suppressions.own_index.used().collect();
        for &exception in &suppressions.own {
            let is_used = used_exceptions.contains(&exception.number);
            if is_used || unused.is_exception_unused(exception) {
                usage.exceptions.insert(exception.number, is_used);
            }
        }
        usage
    }
}

/// Removes what the baseline contains; the first of several with one fingerprint, as new ones are mostly added below.
fn apply_baseline(findings: &mut Vec<Finding>, baseline: &Baseline, input: &Input, today: Date) {
    let active = baseline.entries.iter().filter(|entry| entry.is_active(today));
    let mut left = Allowances::new(active);
    findings.retain(|finding| input.is_inexcusable(finding) || left.take(finding).is_none());
}

/// Entries with the number of findings that each still matches.
struct Allowances {
    /// By key, the last entry first.
    by_key: HashMap<EntryKey, Vec<usize>>,
    left: Vec<usize>,
}

impl Allowances {
    fn new<'b>(entries: impl Iterator<Item = &'b BaselineEntry>) -> Allowances {
        let entries: Vec<&BaselineEntry> = entries.collect();
        let mut by_key: HashMap<EntryKey, Vec<usize>> = HashMap::new();
        for (at, entry) in entries.iter().enumerate().rev() {
            by_key.entry(entry.key()).or_default().push(at);
        }
        Allowances { by_key, left: entries.iter().map(|entry| entry.count).collect() }
    }

    /// Assigns a finding to the first entry that matches it and is not used up, and returns the entry's index.
    fn take(&mut self, finding: &Finding) -> Option<usize> {
        if self.by_key.is_empty() {
            return None;
        }
        EntryKey::of(finding).find_map(|key| {
            let entries = self.by_key.get_mut(&key)?;
            let entry = *entries.last()?;
            self.left[entry] -= 1;
            if self.left[entry] == 0 {
                entries.pop();
            }
            Some(entry)
        })
    }
}

/// Returns the usage of entries: findings are assigned to active ones first, and those that are suppressed anyway last.
fn entry_usage(
    findings: &[Finding],
    suppressed: &[Finding],
    baseline: &Baseline,
    today: Date,
    is_unused: impl Fn(&BaselineEntry) -> bool,
) -> Vec<EntryUsage> {
    let (active, expired): (Vec<usize>, Vec<usize>) =
        (0..baseline.entries.len()).partition(|&at| baseline.entries[at].is_active(today));
    let order = [active, expired].concat();
    let mut left = Allowances::new(order.iter().map(|&at| &baseline.entries[at]));
    let mut count = |findings: &[Finding]| {
        let mut counts = vec![0; order.len()];
        for at in findings.iter().filter_map(|finding| left.take(finding)) {
            counts[order[at]] += 1;
        }
        counts
    };
    let (found, suppressed) = (count(findings), count(suppressed));
    let usage = baseline.entries.iter().zip(found.into_iter().zip(suppressed));
    let usage = usage.map(|(entry, (found, suppressed))| {
        let unused = match entry.count - found - suppressed {
            unused if unused > 0 && is_unused(entry) => suppressed + unused,
            _ => suppressed,
        };
        EntryUsage {
            rule: entry.rule.clone(),
            record: entry.record.clone().or_else(|| entry.group.clone()),
            fingerprint: entry.fingerprint,
            until: entry.until,
            is_used: found > 0,
            unused,
            rewritten: entry.with_count(baseline.source.slice(entry.span), entry.count - unused),
            span: entry.span,
        }
    });
    usage.collect()
}

/// Creates the entries for these findings. Old dates and reasons are kept, and entries of rules that did not complete.
fn new_entries(
    findings: &[Finding],
    old: Option<&Baseline>,
    is_completed: impl Fn(&str) -> bool,
) -> Vec<BaselineEntry> {
    let old_entries = old.map_or(&[][..], |old| &old.entries);
    let (stated, incomplete): (Vec<&BaselineEntry>, Vec<&BaselineEntry>) = old_entries
        .iter()
        .filter(|entry| !is_completed(&entry.rule) || entry.until.is_some() || entry.because.is_some())
        .partition(|entry| is_completed(&entry.rule));
    let mut left = Allowances::new(stated.iter().copied());
    let mut entries: Vec<BaselineEntry> = incomplete.into_iter().cloned().collect();
    // By the old entry whose date and reason are kept, else by the fingerprint.
    let mut numbers: HashMap<Result<usize, Fingerprint>, usize> = HashMap::new();
    for finding in findings {
        let mut entry = BaselineEntry::from(finding);
        let key = left.take(finding).ok_or(entry.fingerprint);
        if let Ok(at) = key {
            (entry.until, entry.because) = (stated[at].until, stated[at].because.clone());
        }
        let number = *numbers.entry(key).or_insert(entries.len());
        match entries.get_mut(number) {
            Some(known) => known.count += 1,
            None => entries.push(entry),
        }
    }
    entries
}

/// Returns the entries of a baseline as they name its findings in another state, where records are renamed.
pub(crate) fn renamed_entries(
    baseline: &Baseline,
    before: &[Finding],
    after: &[Finding],
    renames: &Renames,
) -> Vec<BaselineEntry> {
    let name = |it: &Finding| (it.rule.clone(), it.message.clone(), it.place.source.path().clone());
    let after: HashMap<_, &Finding> = after.iter().map(|finding| (name(finding), finding)).collect();
    let mut left = Allowances::new(baseline.entries.iter());
    let mut entries = baseline.entries.clone();
    for (entry, finding) in before.iter().filter_map(|finding| Some((left.take(finding)?, finding))) {
        if let Some(new) = renames.renamed(finding).and_then(|name| after.get(&name)) {
            let BaselineEntry { count, until, because, span, .. } = entries[entry].clone();
            entries[entry] = BaselineEntry { count, until, because, span, ..BaselineEntry::from(*new) };
        }
    }
    entries
}

/// The suppressions of a state, and which of them have matched a finding.
struct Suppressions<'c> {
    input: &'c Input,
    today: Date,
    ignore_scopes: HashMap<&'c str, SpanTree>,
    /// The exceptions that apply: those of the base policy.
    applied: ExceptionIndex<'c>,
    /// The exceptions in the state itself.
    own: Vec<&'c Exception>,
    own_index: ExceptionIndex<'c>,
    used_ignores: HashSet<(Arc<str>, Span)>,
}

impl<'c> Suppressions<'c> {
    fn new(input: &'c Input, today: Date) -> Suppressions<'c> {
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

    /// Returns true for a suppressed finding. Notes which suppressions match it, also those that the base policy lacks.
    fn suppresses(&mut self, finding: &Finding) -> bool {
        let is_ignored = self.is_ignored(finding);
        self.own_index.groups_for(finding, false).iter().for_each(|group| group.is_used.set(true));
        is_ignored || !self.applied.groups_for(finding, self.input.is_inexcusable(finding)).is_empty()
    }

    /// Says which comment or exception suppresses a finding; `None` if none does. No other finding was asked about before.
    fn cause(mut self, finding: &Finding) -> Option<String> {
        if self.is_ignored(finding) {
            let first = self.used_ignores.iter().map(|(_, span)| span.start).min()?;
            let line = finding.place.source.position(first as usize).line;
            return Some(format!("the comment in line {line}"));
        }
        let number = *self.applied.groups_for(finding, false).first()?.numbers.first()?;
        Some(format!("the exception `{}`", self.input.record(number).id))
    }

    fn is_ignored(&mut self, finding: &Finding) -> bool {
        let ignores: Vec<(&Ignore, bool)> = self.ignores_of(finding).collect();
        let used = ignores.iter().map(|(ignore, _)| (finding.place.source.path().clone(), ignore.span));
        self.used_ignores.extend(used);
        ignores.iter().any(|(_, has_effect)| *has_effect)
    }

    /// Returns the comments that match a finding, and whether each has an effect.
    fn ignores_of(&self, finding: &Finding) -> impl Iterator<Item = (&'c Ignore, bool)> {
        let (input, rule, today) = (self.input, finding.rule.clone(), self.today);
        let path = finding.place.source.path();
        let scopes = self.ignore_scopes.get(&**path);
        let numbers: Vec<usize> =
            scopes.into_iter().flat_map(|scopes| scopes.containing(finding.place.span)).collect();
        let ignores = numbers.into_iter().filter_map(|number| input.file_at(path)?.ignores.get(number));
        let ignores = ignores.filter(move |ignore| ignore.suppresses(&finding.rule, today));
        ignores.map(move |ignore| {
            let is_of_another = ignore.subject.record.is_some() && input.is_inexcusable(finding);
            (ignore, !is_of_another && input.is_suppressed_by(path, ignore, &rule, today))
        })
    }

    /// Returns `until DAY because REASON` of what suppresses a finding; a comment before an exception.
    fn reason(&self, finding: &Finding) -> Option<String> {
        let ignore = self.ignores_of(finding).find(|(_, has_effect)| *has_effect);
        let (until, reason) = match ignore.and_then(|(ignore, _)| ignore.directive.as_ref().ok()) {
            Some(directive) => (directive.until, Some(&*directive.reason)),
            None => {
                let groups = self.applied.groups_for(finding, self.input.is_inexcusable(finding));
                self.input.applied_exception(*groups.first()?.numbers.first()?)?
            }
        };
        let until = until.map(|day| format!("until {day}"));
        let reason = reason.map(|reason| format!("because {}", single_spaced(reason)));
        Some(until.into_iter().chain(reason).collect::<Vec<_>>().join(" "))
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
struct UnusedSuppressions<'t> {
    triage: &'t Triage<'t>,
    completed: HashSet<&'t str>,
    unjudged: &'t [Unjudged],
    /// By rule, found when a suppression asks.
    gaps: OnceLock<HashMap<&'t str, Gaps<'t>>>,
    scopes: &'t HashMap<Arc<str>, CheckScope>,
    /// With an unreadable file, findings elsewhere may be missing.
    incomplete: bool,
}

impl<'t> UnusedSuppressions<'t> {
    fn new(triage: &'t Triage<'t>, found: &'t Triaged) -> UnusedSuppressions<'t> {
        UnusedSuppressions {
            triage,
            completed: triage.completed_rules(&found.exhausted),
            unjudged: &found.unjudged,
            gaps: OnceLock::new(),
            scopes: &found.scopes,
            incomplete: triage.check.input.files().iter().any(SourceFile::is_incomplete),
        }
    }

    /// True if all rules of a pattern, one of which is on, have judged the file at `path`, or all files, without a gap; and if there is none.
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
                && !self.gaps().get(&*rule.id).is_some_and(&is_relevant)
        };
        let rules: Vec<&Arc<Rule>> = self.rules_named(pattern).collect();
        let is_any_on = rules.is_empty() || rules.iter().any(|rule| is_on(rule));
        !self.incomplete && is_any_on && rules.iter().all(is_judged)
    }

    fn gaps(&self) -> &HashMap<&'t str, Gaps<'t>> {
        self.gaps.get_or_init(|| {
            let mut gaps: HashMap<&str, Gaps> = HashMap::new();
            for one in self.unjudged {
                let gaps = gaps.entry(&one.rule).or_default();
                gaps.paths.insert(&one.path);
                let record = one.record.as_ref().map(|(_, id)| id_key(id, &[]));
                gaps.subjects.insert(record.unwrap_or_else(|| one.path.to_string()));
            }
            gaps
        })
    }

    fn rules_named<'s>(&'s self, pattern: &'s str) -> impl Iterator<Item = &'s Arc<Rule>> {
        self.triage.policy.rules.rules().iter().filter(move |rule| matches_pattern(pattern, &rule.id))
    }

    fn is_ignore_unused(&self, ignore: &Ignore, rule: &str, file: &SourceFile) -> bool {
        let path = &**file.path();
        let key = ignore.subject.record.as_ref().map(|(_, key)| &**key).filter(|_| file.records.len() > 1);
        let is_relevant = |gaps: &Gaps| {
            let is_about = |key: &str| gaps.subjects.contains(key) || gaps.subjects.contains(path);
            gaps.paths.contains(path) && key.is_none_or(is_about)
        };
        self.rules_named(rule).next().is_some() && self.is_unused(rule, Some(path), is_relevant)
    }

    fn is_exception_unused(&self, exception: &Exception) -> bool {
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
        let is_readable = exception.parts().iter().all(|part| part.reading.is_ok());
        is_readable && is_known && self.is_unused(rule, None, is_relevant)
    }

    fn is_entry_unused(&self, entry: &BaselineEntry) -> bool {
        let id = entry.record_id().map(|(_, id)| id);
        let path = &*entry.path;
        self.is_unused(&entry.rule, Some(path), |gaps| match id {
            // The record may have moved to another file, or be the only one of its file.
            Some(id) => gaps.subjects.contains(&id_key(id, &[])) || gaps.subjects.contains(path),
            None => gaps.paths.contains(path),
        })
    }
}
