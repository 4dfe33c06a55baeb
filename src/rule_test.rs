//! Tests rules with their own examples. Each example is a small repository in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{Check, NeverJudged};
use crate::config::{Config, Preset};
use crate::finding::{Fault, Faultless, Finding, Safety};
use crate::fix::{self, RunResult};
use crate::history::{self, CommitSource, timeline};
use crate::input::Input;
use crate::policy::{Policy, PolicyPaths, PolicyRevision};
use crate::rule::Rule;
use crate::rule::file::{self, Example, Expected, FILE};
use crate::snapshot::Snapshot;
use crate::triage::Triage;

#[derive(Debug, Default)]
pub struct TestSummary {
    pub passed: usize,
    pub untested: Vec<Arc<str>>,
    pub failures: Vec<FailedExample>,
}

/// An example with other findings or fixes than expected.
#[derive(Debug)]
pub struct FailedExample {
    pub rule: Arc<str>,
    pub example: String,
    /// What is missing, unexpected or wrong, or why the example could not be run.
    pub problems: Vec<String>,
}

/// Runs every example of the rules with the kinds and formats of the policy; those of built-in rules without what is the user's own.
/// The policy's configuration is not used, only that of the example, which may name these rules and kinds, and the folders that they are in.
pub fn run(rules: &[Arc<Rule>], policy: &Policy) -> TestSummary {
    let examples: Vec<(&Arc<Rule>, &Example)> =
        rules.iter().flat_map(|rule| rule.examples.iter().map(move |example| (rule, example))).collect();
    let built_in = policy.built_in();
    let policy_of = |rule: &Rule| match &built_in {
        Ok(built_in) if !rule.is_own => built_in,
        _ => policy,
    };
    let failure = |(rule, example): &(&Arc<Rule>, &Example)| {
        let run = ExampleRun { rule, example, policy: policy_of(rule) };
        let of_faults = |faults: Vec<Fault>| {
            let faults = faults.iter().map(ToString::to_string);
            faults.chain(differences(&[], &example.finds)).collect()
        };
        let problems = run.problems().unwrap_or_else(of_faults);
        let (rule, example) = (rule.id.clone(), example.name.clone());
        (!problems.is_empty()).then_some(FailedExample { rule, example, problems })
    };
    let failures: Vec<FailedExample> = examples.par_iter().filter_map(failure).collect();
    let untested = rules.iter().filter(|rule| rule.examples.is_empty()).map(|rule| rule.id.clone()).collect();
    TestSummary { passed: examples.len() - failures.len(), untested, failures }
}

/// Returns the findings of a rule in an example, or the faults of the rule or a configuration there.
pub fn findings(rule: &Arc<Rule>, example: &Example, policy: &Policy) -> Faultless<Vec<Finding>> {
    let run = ExampleRun { rule, example, policy };
    let snapshot = Arc::new(Snapshot::in_memory(example.final_files()));
    Ok(run.lint(&run.example_policy(&snapshot)?, &snapshot)?.findings)
}

/// The findings that are missing, and those that are not expected. Their severities are named where the example names any.
fn differences(findings: &[Finding], finds: &[Expected]) -> Vec<String> {
    let found: BTreeSet<Expected> = findings.iter().map(expected).collect();
    let wanted: BTreeSet<&Expected> = finds.iter().collect();
    let missing = wanted.iter().filter(|wanted| !found.iter().any(|found| wanted.matches(found)));
    let missing = missing.map(|one| format!("missing: {one}"));
    let unexpected = found.iter().filter(|found| !wanted.iter().any(|wanted| wanted.matches(found)));
    let names_severity = finds.iter().any(|one| one.severity.is_some());
    let unexpected =
        unexpected.map(|one| Expected { severity: one.severity.filter(|_| names_severity), ..one.clone() });
    missing.chain(unexpected.map(|one| format!("unexpected: {one}"))).collect()
}

struct ExampleRun<'a> {
    rule: &'a Arc<Rule>,
    example: &'a Example,
    policy: &'a Policy,
}

impl ExampleRun<'_> {
    fn problems(&self) -> Faultless<Vec<String>> {
        let snapshot = Arc::new(Snapshot::in_memory(self.example.final_files()));
        let policy = self.example_policy(&snapshot)?;
        let result = self.lint(&policy, &snapshot)?;
        let mut problems = Vec::new();
        if result.findings.is_empty() {
            problems.extend(self.nothing_found(&policy, &result.input)?);
        }
        problems.extend(differences(&result.findings, &self.example.finds));
        let patches = self.wrong_fixes(&policy, &snapshot)?.into_iter();
        problems.extend(patches.map(|patch| format!("fixed files differ from `fixed`:\n{patch}")));
        Ok(problems)
    }

    /// Why nothing is found: the rule judges nothing though it should, or judges against `judged: false`. A false `when` is an answer, too.
    fn nothing_found(&self, policy: &Policy, input: &Input) -> Faultless<Option<String>> {
        use NeverJudged::{KindNotUsed, Missing, NeverApplies, NoItems, NoSubject, NotInPreset, Off};
        let is_answer = |never: &NeverJudged| match never {
            NotInPreset(_) | NeverApplies(..) | NoItems(_) | KindNotUsed => true,
            // No file differs from the base, or may contain a record.
            NoSubject(_) => !(self.rule.is_for_records() || self.rule.is_own && self.rule.is_for_word(FILE)),
            Off | Missing(_) => false,
        };
        let check = Check { input, config: &policy.config, today: self.example.date(), diff: None };
        let reason = if self.rule.after_triage { None } else { check.never_judged(self.rule)? };
        let mistakes = mistakes(input);
        let nothing = |reason| format!("the rule judges nothing here: {reason}{mistakes}");
        let is_meant = self.example.judged == Some(false);
        Ok(match (reason, self.example.finds.is_empty()) {
            (Some(reason), false) => Some(nothing(reason)),
            (None, false) if mistakes.is_empty() => None,
            (None, false) => Some(format!("not read, or not as its kind demands:{mistakes}")),
            (Some(reason), true) if !is_answer(&reason) => (!is_meant).then(|| {
                format!("{}\n  write `judged: false` in the example if that is meant", nothing(reason))
            }),
            (_, true) => {
                is_meant.then(|| "the rule judges something here, against `judged: false`".to_owned())
            }
        })
    }

    /// The policy with the example's own configuration and baseline, and all rules enabled.
    fn example_policy(&self, snapshot: &Snapshot) -> Faultless<Policy> {
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

    fn lint(&self, policy: &Policy, snapshot: &Arc<Snapshot>) -> Faultless<RunResult> {
        // The name of the revision that an example's `policy-from` stands for.
        const POLICY_REVISION: &str = "main";
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
            input = input.with_bases(&[records], &paths);
        }
        let check = Check { input: &input, config: &policy.config, today: example.date(), diff: None };
        let state_baseline = policy.baseline.as_deref();
        let findings = match rule.after_triage {
            true => {
                let found = Triage { check, policy, rules: &rules, state_baseline, memory: None }.run()?;
                if !found.exhausted.is_empty() {
                    return Err(found.exhausted.into_values().collect());
                }
                found.after_triage_findings
            }
            false => check.run(&rules)?.into_findings()?,
        };
        Ok(RunResult { input, findings, extra: () })
    }

    /// Compares the fixed files with those of the example, if it has any.
    fn wrong_fixes(&self, policy: &Policy, snapshot: &Arc<Snapshot>) -> Faultless<Vec<String>> {
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
            .map(|(path, [expected, actual])| fix::patch((path, expected), (path, actual)))
            .filter(|patch| !patch.is_empty())
            .collect())
    }
}

/// Lists files that are not read, and unknown fields and wrong values. A field that is missing may be left out on purpose.
fn mistakes(input: &Input) -> String {
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
    for unread in input.unread_files() {
        let _ = write!(text, "\n  {}: {}", unread.source.path(), unread.message());
    }
    for record in input.records() {
        for violation in record.violations().into_iter().filter(|it| !it.missing && !it.is_limit()) {
            let at = input.file_of(record).source().position(violation.span.start as usize);
            let _ = write!(text, "\n  {}:{}:{}: {}", record.path, at.line, at.column, violation.message);
        }
    }
    text
}

fn commit(commit: &file::CommitSpec) -> timeline::ExampleCommit {
    timeline::ExampleCommit {
        date: commit.date.0,
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
        self.problems.iter().try_for_each(|problem| writeln!(f, "  {problem}"))
    }
}
