//! Tests rules with their own examples. Each example is a small repository in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{Check, NeverJudged, NoVerdict};
use crate::config::{Config, Preset};
use crate::finding::{Fault, Finding, Safety};
use crate::fix::{self, RunResult, patch};
use crate::history::{self, CommitSource, timeline};
use crate::input::Input;
use crate::policy::{Policy, PolicyPaths, PolicyRevision};
use crate::profile::{Mismatch, View};
use crate::record::Record;
use crate::rule::Rule;
use crate::rule::file::{self, Example, Expected};
use crate::schema::Violation;
use crate::snapshot::{CONFIG_FILES, Snapshot};
use crate::syntax::{self, Format};
use crate::triage::Triage;

/// The result of testing rules.
#[derive(Debug, Default)]
pub struct TestSummary {
    pub passed: usize,
    /// The rules that have no examples.
    pub untested: Vec<Arc<str>>,
    pub failures: Vec<FailedExample>,
}

/// An example with other findings or fixes than expected.
#[derive(Debug)]
pub struct FailedExample {
    pub rule: Arc<str>,
    pub example: String,
    pub missing: Vec<Expected>,
    pub unexpected: Vec<Expected>,
    /// For each file with an unexpected fix, the patch from the expected to the actual text.
    pub wrong_fixes: Vec<String>,
    /// Why the rule judges nothing in an example that has no findings either, and is not meant to be without a result.
    pub never_judged: Option<String>,
    /// Why the example could not be run.
    pub faults: Vec<Fault>,
}

/// Runs every example of the rules with the kinds and profiles of the policy; those of built-in rules without what is the user's own.
/// The policy's configuration is not used, only that of the example, which may name these rules and kinds, and the folders that they are in.
pub fn run(rules: &[Arc<Rule>], policy: &Policy) -> TestSummary {
    let examples: Vec<(&Arc<Rule>, &Example)> =
        rules.iter().flat_map(|rule| rule.examples.iter().map(move |example| (rule, example))).collect();
    let built_in = policy.built_in();
    let policy_of = |rule: &Rule| match &built_in {
        Ok(built_in) if !rule.is_own => built_in,
        _ => policy,
    };
    let failures: Vec<FailedExample> = examples
        .par_iter()
        .filter_map(|(rule, example)| failure(&ExampleRun { rule, example, policy: policy_of(rule) }))
        .collect();
    let untested = rules.iter().filter(|rule| rule.examples.is_empty()).map(|rule| rule.id.clone()).collect();
    TestSummary { passed: examples.len() - failures.len(), untested, failures }
}

/// Returns the findings of a rule in an example.
///
/// # Errors
/// The rule, or a configuration in the example, has faults.
pub fn findings(rule: &Arc<Rule>, example: &Example, policy: &Policy) -> Result<Vec<Finding>, Vec<Fault>> {
    Ok(ExampleRun { rule, example, policy }.run()?.findings)
}

/// What running an example has yielded.
#[derive(Default)]
struct ExampleResult {
    findings: Vec<Finding>,
    wrong_fixes: Vec<String>,
    never_judged: Option<String>,
}

fn failure(run: &ExampleRun) -> Option<FailedExample> {
    let ExampleRun { rule, example, .. } = run;
    let (result, faults) = match run.run() {
        Ok(result) => (result, Vec::new()),
        Err(faults) => (ExampleResult::default(), faults),
    };
    let ExampleResult { findings, wrong_fixes, never_judged } = result;
    let (missing, unexpected) = differences(&findings, &example.finds);
    let is_good = missing.is_empty() && unexpected.is_empty() && wrong_fixes.is_empty();
    let is_good = is_good && never_judged.is_none() && faults.is_empty();
    (!is_good).then(|| FailedExample {
        rule: rule.id.clone(),
        example: example.name.clone(),
        missing,
        unexpected,
        wrong_fixes,
        never_judged,
        faults,
    })
}

/// The findings that are missing, and those that are not expected. Their severities are named where the example names any.
fn differences(findings: &[Finding], finds: &[Expected]) -> (Vec<Expected>, Vec<Expected>) {
    let exact: BTreeSet<Expected> = findings.iter().map(expected).collect();
    let of_any_severity: BTreeSet<Expected> = exact.iter().map(Expected::of_any_severity).collect();
    let wanted: BTreeSet<&Expected> = finds.iter().collect();
    let is_found = |wanted: &&Expected| match wanted.severity {
        Some(_) => exact.contains(*wanted),
        None => of_any_severity.contains(*wanted),
    };
    let missing = wanted.iter().copied().filter(|one| !is_found(one)).cloned().collect();
    let names_severity = finds.iter().any(|one| one.severity.is_some());
    let is_wanted = |one: &&Expected| wanted.contains(*one) || wanted.contains(&one.of_any_severity());
    let unexpected = exact.iter().filter(|one| !is_wanted(one));
    let unexpected = unexpected.map(|one| if names_severity { one.clone() } else { one.of_any_severity() });
    (missing, unexpected.collect())
}

/// The folder whose files hold records.
const GOVERNANCE: &str = "governance";

/// The name of the revision that an example's `policy-from` stands for.
const POLICY_REVISION: &str = "main";

struct ExampleRun<'a> {
    rule: &'a Arc<Rule>,
    example: &'a Example,
    policy: &'a Policy,
}

impl ExampleRun<'_> {
    fn run(&self) -> Result<ExampleResult, Vec<Fault>> {
        let snapshot = Arc::new(Snapshot::in_memory(self.example.final_files()));
        let policy = self.example_policy(&snapshot)?;
        let result = self.lint(&policy, &snapshot)?;
        let never_judged = match (self.example.finds.is_empty(), result.findings.is_empty()) {
            (true, true) => {
                self.never_judged(&policy, &result.input)?.or_else(|| self.misspelt_keys(&result.input))
            }
            (false, true) => self.nothing_found(&policy, &result.input)?,
            (_, false) => None,
        };
        let wrong_fixes = self.wrong_fixes(&policy, &snapshot)?;
        Ok(ExampleResult { findings: result.findings, wrong_fixes, never_judged })
    }

    /// Why the rule judges nothing, unless the example means that; or that it does judge what it is not meant to. A `when` that
    /// is false and an empty list to judge are answers, too.
    fn never_judged(&self, policy: &Policy, input: &Input) -> Result<Option<String>, Vec<Fault>> {
        use NoVerdict::{KindNotUsed, Missing, NeverApplies, NoItems, NoSubject, NotInPreset, Off};
        if self.rule.after_triage {
            return Ok(None);
        }
        let check = Check { input, config: &policy.config, today: self.example.date(), diff: None };
        let never = check.never_judged(self.rule)?;
        let is_answer = |never: &NeverJudged| match never.cause {
            NotInPreset(_) | NeverApplies | NoItems(_) | KindNotUsed => true,
            // No file differs from the base, or may contain a record.
            NoSubject(_) => !(self.rule.is_for_records() || self.rule.is_own && self.rule.is_for_files()),
            Off | Missing(_) => false,
        };
        let reason = never.filter(|never| !is_answer(never));
        let misplaced =
            reason.as_ref().map(|reason| self.misplaced(reason, policy, input)).unwrap_or_default();
        Ok(match (reason, self.example.judged == Some(false)) {
            (Some(reason), false) if !misplaced.is_empty() => {
                Some(format!("the rule judges nothing here: {reason}{misplaced}"))
            }
            (Some(reason), false) => Some(format!(
                "the rule judges nothing here: {reason}{}{}\n  write `judged: false` in the example if that is meant",
                unread(input),
                mistaken(input)
            )),
            (None, true) => Some("the rule judges something here, against `judged: false`".to_owned()),
            (Some(_), true) | (None, false) => None,
        })
    }

    /// Why nothing is found where something should be, if more is known than that the rule holds.
    fn nothing_found(&self, policy: &Policy, input: &Input) -> Result<Option<String>, Vec<Fault>> {
        let check = Check { input, config: &policy.config, today: self.example.date(), diff: None };
        let never = if self.rule.after_triage { None } else { check.never_judged(self.rule)? };
        let (unread, mistaken) = (unread(input), mistaken(input));
        Ok(match never {
            Some(reason) => {
                let misplaced = self.misplaced(&reason, policy, input);
                Some(format!("the rule judges nothing here: {reason}{unread}{mistaken}{misplaced}"))
            }
            None if unread.is_empty() && mistaken.is_empty() => None,
            None if unread.is_empty() => Some(format!("not as its kind demands:{mistaken}")),
            None => Some(format!("not read:{unread}{mistaken}")),
        })
    }

    /// Names the unknown keys of an example that are nearly those of fields: a rule of the user's own that judges these would pass for
    /// the wrong reason. Rules about keys have such examples on purpose.
    fn misspelt_keys(&self, input: &Input) -> Option<String> {
        let is_about_keys =
            || self.rule.source.text().contains(".keys") || self.rule.source.text().contains("violations");
        let misspelt =
            violations(input, |it| &*it.keyword == "additional-properties" && it.suggestion.is_some());
        (self.rule.is_own && !misspelt.is_empty() && !is_about_keys())
            .then(|| format!("not as its kind demands:{misspelt}"))
    }

    /// Lists the files of an example that lie where no records are read, if there are none for the rule.
    fn misplaced(&self, never: &NeverJudged, policy: &Policy, input: &Input) -> String {
        let files = self.example.final_files();
        let is_unread = |path: &&String| {
            input.file_at(path).is_none()
                && Format::from_path(path).is_some()
                && !CONFIG_FILES.contains(&path.as_str())
        };
        let reads_them = self.rule.is_for_records() || self.rule.is_for_files();
        let has_none = reads_them && matches!(never.cause, NoVerdict::NoSubject(_));
        let unread = files.keys().filter(|_| has_none);
        let told = |path: &String| format!("\n  {path}: not read: {}", self.why_unread(policy, input, path));
        unread.filter(is_unread).map(told).collect()
    }

    /// Why no record is read from a file of an example with the policy of the example, and what to do about that.
    fn why_unread(&self, policy: &Policy, input: &Input, path: &str) -> String {
        let name = path.rsplit('/').next().unwrap_or(path);
        if policy.config.excludes(path) {
            return "`exclude` in the `alignlint.yaml` of the example leaves it out".to_owned();
        }
        let format = Format::from_path(path).filter(|format| format.is_page());
        let document = format.zip(input.catalog().snapshot().read_path(path));
        let document = document.map(|(format, source)| syntax::parse(source, format));
        let view = document.as_ref().map(|document| View::new(document, document.roots.first(), None));
        if let Some(profile) = view.as_ref().and_then(|view| self.policy.profiles.skipping(view)) {
            return format!("the `skip` of the format `{}` leaves it out", profile.name);
        }
        if let Some((format, lacks)) = view.as_ref().and_then(|view| self.nearest_own_format(view)) {
            return format!("it has {lacks}, as your format `{format}` demands; write such a page");
        }
        if policy.config.source.is_some() && policy.config.record_files(path).is_none() {
            return "name it under `records` in the `alignlint.yaml` of the example".to_owned();
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let records = "your `records:` are not those of an example";
        if self.policy.config.record_files(path).is_some() {
            return format!("{records}; give it an `alignlint.yaml` with them");
        }
        let beside = "only pages of records and those beside them are";
        match (self.rule.is_for_files(), self.policy.config.records.is_empty()) {
            (true, _) if folder.is_empty() => format!("{beside}; write `docs/decisions/{name}`"),
            (true, _) => format!(
                "{beside}; write `docs/decisions/{name}`, or give the example an `alignlint.yaml` with \
                 `records: {{ document: {folder} }}`"
            ),
            (false, true) if folder == GOVERNANCE => "no records are found in it".to_owned(),
            (false, true) => format!("no records are looked for there; write `{GOVERNANCE}/{name}`"),
            (false, false) => {
                format!("{records}; write `{GOVERNANCE}/{name}`, or give the example an `alignlint.yaml`")
            }
        }
    }

    /// The format of the user's own for these records that a page comes nearest to, and what the page lacks of it.
    fn nearest_own_format(&self, view: &View<'_>) -> Option<(Arc<str>, Mismatch)> {
        let mut own = self.policy.profiles.own_mismatches(view).into_iter();
        let (profile, lacks) =
            own.find(|(profile, lacks)| self.rule.is_for(&profile.kind) && !lacks.failed.is_empty())?;
        Some((profile.name.clone(), lacks))
    }

    /// The policy with the example's own configuration and baseline, and all rules enabled.
    fn example_policy(&self, snapshot: &Snapshot) -> Result<Policy, Vec<Fault>> {
        let revision = self.example.policy_from.clone().map(Snapshot::in_memory);
        let source = revision.as_ref().unwrap_or(snapshot);
        let policy = if source.get("alignlint.yaml").is_some() {
            self.policy.of_example(source)?
        } else {
            Policy { config: Config::default(), ..self.policy.clone() }
        };
        let mut policy = policy.with_baseline(source, &PolicyPaths::default())?;
        policy.config.preset = Preset::All;
        Ok(policy)
    }

    fn lint(&self, policy: &Policy, snapshot: &Arc<Snapshot>) -> Result<RunResult, Vec<Fault>> {
        let ExampleRun { rule, example, .. } = self;
        // A rule about suppressions needs the findings of all other rules.
        let mut rules: Vec<Arc<Rule>> = match rule.after_triage {
            true => policy.rules.rules().iter().filter(|other| !other.after_triage).cloned().collect(),
            false => Vec::new(),
        };
        rules.push((*rule).clone());
        let mut input = policy.read(snapshot, &rules);
        if !example.history.is_empty() {
            let commits = example.history.iter().map(commit).collect();
            input = input.with_history(policy.history(CommitSource::Memory(commits)));
        }
        if let Some(files) = example.policy_from.clone() {
            let snapshot = Arc::new(Snapshot::in_memory(files));
            let revision =
                PolicyRevision { snapshot, rev: POLICY_REVISION.into(), sources: PolicyPaths::default() };
            let base = revision.snapshot.clone();
            input = policy.with_base_policy(input, &revision, &rules);
            let records = policy.read_records(&input, &base);
            let paths = input.snapshot().diff(&base).iter().map(|change| change.path.clone()).collect();
            input = input.with_lost_records(&records, &paths);
        }
        let check = Check { input: &input, config: &policy.config, today: example.date(), diff: None };
        let state_baseline = policy.baseline.as_deref();
        let findings = match rule.after_triage {
            true => {
                let triage = Triage { check, policy, rules: &rules, state_baseline };
                triage.run()?.require_complete()?.after_triage_findings
            }
            false => check.run(&rules)?.into_findings()?,
        };
        Ok(RunResult { input, findings, extra: () })
    }

    /// Compares the fixed files with those of the example, if it has any.
    fn wrong_fixes(&self, policy: &Policy, snapshot: &Arc<Snapshot>) -> Result<Vec<String>, Vec<Fault>> {
        let Some(fixed) = &self.example.fixed else { return Ok(Vec::new()) };
        let lint = |snapshot: Arc<Snapshot>| self.lint(policy, &snapshot);
        let (_, fixes) = fix::fix_until_stable(snapshot, policy, Safety::Suggested, lint)?;
        let before = self.example.final_files();
        let mut pairs: BTreeMap<&str, [&str; 2]> = BTreeMap::new();
        for (path, expected) in fixed {
            let unchanged = before.get(path).map_or("", String::as_str);
            pairs.insert(path, [expected, unchanged]);
        }
        for (old, new) in &fixes.files {
            pairs.entry(old.path()).or_insert_with(|| [old.text(), ""])[1] = new.text();
        }
        Ok(pairs
            .into_iter()
            .map(|(path, [expected, actual])| patch::unified_diff(path, expected, actual))
            .filter(|patch| !patch.is_empty())
            .collect())
    }
}

/// Lists the files that can't be read, or are not recognised as records.
fn unread(input: &Input) -> String {
    let mut text = String::new();
    for file in input.files() {
        for problem in file.problems().iter().filter(|problem| problem.fatal) {
            let line = file.source().position(problem.span.start as usize).line;
            let _ = write!(text, "\n  {}:{line}: {}", file.path(), problem.message);
        }
        for note in &file.notes {
            let _ = write!(text, "\n  {}: {}", file.path(), note.message);
        }
    }
    for unread in input.unread_files().iter().filter(|unread| !unread.is_beside) {
        let _ = write!(text, "\n  {}: {}", unread.source.path(), unread.message());
    }
    text
}

/// The most violations that are listed.
const SHOWN_VIOLATIONS: usize = 5;

/// Lists unknown fields and wrong values of records, at their lines. A field that is missing may be left out on purpose.
fn mistaken(input: &Input) -> String {
    violations(input, |violation| !violation.missing && !violation.is_limit())
}

fn violations(input: &Input, is_told: impl Fn(&Violation) -> bool) -> String {
    let mut text = String::new();
    let of_record = |record: &Record| {
        let (path, source) = (record.path.clone(), input.file_of(record).source().clone());
        let told =
            record.violations().into_iter().filter(|violation| is_told(violation)).map(move |violation| {
                let at = source.position(violation.span.start as usize);
                let help = violation.help.map_or_else(String::new, |help| format!("; {help}"));
                format!("\n  {path}:{}:{}: {}{help}", at.line, at.column, violation.message)
            });
        told.collect::<Vec<_>>()
    };
    input.records().iter().flat_map(of_record).take(SHOWN_VIOLATIONS).for_each(|line| text += &line);
    text
}

fn commit(commit: &file::CommitSpec) -> timeline::ExampleCommit {
    timeline::ExampleCommit {
        date: commit.date,
        author: history::Actor::parse(&commit.author),
        message: commit.message.clone(),
        files: commit.files.clone(),
    }
}

fn expected(finding: &Finding) -> Expected {
    let source = &finding.place.source;
    let at = source.position(finding.place.span.start as usize);
    Expected {
        at: format!("{}:{}:{}", source.path(), at.line, at.column),
        message: finding.message.clone(),
        severity: Some(finding.severity),
    }
}

impl fmt::Display for FailedExample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.rule, self.example)?;
        for fault in &self.faults {
            writeln!(f, "  {fault}")?;
        }
        if let Some(reason) = &self.never_judged {
            writeln!(f, "  {reason}")?;
        }
        for missing in &self.missing {
            writeln!(f, "  missing: {missing}")?;
        }
        for unexpected in &self.unexpected {
            writeln!(f, "  unexpected: {unexpected}")?;
        }
        for patch in &self.wrong_fixes {
            writeln!(f, "  fixed files differ from `fixed`:\n{patch}")?;
        }
        Ok(())
    }
}
