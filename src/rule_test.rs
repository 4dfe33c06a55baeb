//! Rules tried on their own examples: each is a small repository, judged by the whole program.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::Check;
use crate::config::Preset;
use crate::finding::{Fault, Finding, Safety};
use crate::fix::{self, LinterResult, patch};
use crate::history::{self, CommitSource, timeline};
use crate::policy::{Policy, PolicyPaths, PolicyRevision};
use crate::rule::Rule;
use crate::rule::file::{self, Example, Expected};
use crate::snapshot::Snapshot;
use crate::triage::Triage;

/// How the examples went.
#[derive(Debug, Default)]
pub struct Trials {
    pub passed: usize,
    pub failures: Vec<Failed>,
}

/// An example that does not find what it says.
#[derive(Debug)]
pub struct Failed {
    pub rule: Arc<str>,
    pub example: String,
    pub missing: Vec<Expected>,
    pub unexpected: Vec<Expected>,
    /// What the files are after the fix besides what the example says, as a patch of each.
    pub misfixed: Vec<String>,
    /// Why it could not be judged at all.
    pub faults: Vec<Fault>,
}

/// Tries every example of the rules. Kinds and profiles are the policy's; an example with a
/// configuration of its own is judged by that.
pub fn run(rules: &[Arc<Rule>], policy: &Policy) -> Trials {
    let cases: Vec<(&Arc<Rule>, &Example)> =
        rules.iter().flat_map(|rule| rule.examples.iter().map(move |example| (rule, example))).collect();
    let failures: Vec<Failed> =
        cases.par_iter().filter_map(|(rule, example)| failure(rule, example, policy)).collect();
    Trials { passed: cases.len() - failures.len(), failures }
}

fn failure(rule: &Arc<Rule>, example: &Example, policy: &Policy) -> Option<Failed> {
    let tried = findings(rule, example, policy).and_then(|found| Ok((found, fixed(rule, example, policy)?)));
    let (found, misfixed, faults) = match tried {
        Ok((found, misfixed)) => (found, misfixed, Vec::new()),
        Err(faults) => (Vec::new(), Vec::new(), faults),
    };
    let found: BTreeSet<Expected> = found.iter().map(expected).collect();
    let wanted: BTreeSet<Expected> = example.finds.iter().cloned().collect();
    (found != wanted || !misfixed.is_empty() || !faults.is_empty()).then(|| Failed {
        rule: rule.id.clone(),
        example: example.name.clone(),
        missing: wanted.difference(&found).cloned().collect(),
        unexpected: found.difference(&wanted).cloned().collect(),
        misfixed,
        faults,
    })
}

/// What the revision is called that an example's policy is read from.
const STANDARD: &str = "main";

/// What the rule finds in an example.
///
/// # Errors
/// The rule, or a configuration in the example, has faults.
pub fn findings(rule: &Arc<Rule>, example: &Example, policy: &Policy) -> Result<Vec<Finding>, Vec<Fault>> {
    let (snapshot, policy) = state(example, policy)?;
    Ok(look(rule, example, &policy, &snapshot)?.findings)
}

/// The state that an example describes, and what it is judged by.
fn state(example: &Example, policy: &Policy) -> Result<(Arc<Snapshot>, Policy), Vec<Fault>> {
    let snapshot = Arc::new(Snapshot::in_memory(example.final_files()));
    let standard = example.policy_from.clone().map(|files| Arc::new(Snapshot::in_memory(files)));
    let bar = standard.as_ref().unwrap_or(&snapshot);
    let mut policy = if bar.get("alignlint.yaml").is_some() {
        Policy::load(bar, None)?
    } else {
        Policy { config: Default::default(), ..policy.clone() }
    };
    policy = policy.with_baseline(bar, &PolicyPaths::default())?;
    policy.config.preset = Preset::All;
    Ok((snapshot, policy))
}

fn look(
    rule: &Arc<Rule>,
    example: &Example,
    policy: &Policy,
    snapshot: &Arc<Snapshot>,
) -> Result<LinterResult, Vec<Fault>> {
    // What came of an excuse is a matter of all rules.
    let rules: Vec<Arc<Rule>> = match rule.after_triage {
        true => policy.rules.rules().iter().filter(|other| !other.after_triage).cloned().collect(),
        false => Vec::new(),
    };
    let rules = [rules, vec![rule.clone()]].concat();
    let mut catalog = policy.read(snapshot, &rules);
    if !example.history.is_empty() {
        catalog = catalog
            .with_history(policy.history(CommitSource::Memory(example.history.iter().map(entry).collect())));
    }
    if let Some(files) = example.policy_from.clone() {
        let standard = Arc::new(Snapshot::in_memory(files));
        let standard =
            PolicyRevision { snapshot: standard, rev: STANDARD.into(), sources: PolicyPaths::default() };
        catalog = policy.with_base_policy(catalog, &standard, &rules);
    }
    let check = Check { catalog: &catalog, config: &policy.config, today: example.date(), diff: None };
    let own_baseline = policy.baseline.as_deref();
    let findings = match rule.after_triage {
        true => Triage { check, policy, rules: &rules, own_baseline }.run()?.complete()?.suppression_findings,
        false => check.run(&rules)?.into_findings()?,
    };
    Ok(LinterResult { catalog, findings, extra: () })
}

/// How the files after the rule's fix differ from what an example says that they are; not tried where it says
/// nothing.
fn fixed(rule: &Arc<Rule>, example: &Example, policy: &Policy) -> Result<Vec<String>, Vec<Fault>> {
    let Some(wanted) = &example.fixed else { return Ok(Vec::new()) };
    let (snapshot, policy) = state(example, policy)?;
    let look = |snapshot: Arc<Snapshot>| look(rule, example, &policy, &snapshot);
    let (_, settled) = fix::fix_until_stable(&snapshot, &policy, Safety::Suggested, look)?;
    let before = example.final_files();
    let mut pairs: BTreeMap<&str, [&str; 2]> = BTreeMap::new();
    for (path, text) in wanted {
        let unchanged = before.get(path).map_or("", String::as_str);
        pairs.insert(path, [text, unchanged]);
    }
    for (old, new) in &settled.files {
        pairs.entry(old.path()).or_insert([old.text(), ""])[1] = new.text();
    }
    Ok(pairs
        .into_iter()
        .map(|(path, [wanted, is])| patch::unified_diff(path, wanted, is))
        .filter(|patch| !patch.is_empty())
        .collect())
}

fn entry(commit: &file::Commit) -> timeline::ExampleCommit {
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
    Expected { at: format!("{}:{}:{}", source.path(), at.line, at.column), message: finding.message.clone() }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.rule, self.example)?;
        for fault in &self.faults {
            writeln!(f, "  {fault}")?;
        }
        for missing in &self.missing {
            writeln!(f, "  does not find {} {}", missing.at, missing.message)?;
        }
        for unexpected in &self.unexpected {
            writeln!(f, "  finds {} {}", unexpected.at, unexpected.message)?;
        }
        for patch in &self.misfixed {
            writeln!(f, "  fixes otherwise than `fixed` says:\n{patch}")?;
        }
        Ok(())
    }
}
