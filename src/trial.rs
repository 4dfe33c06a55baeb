//! Rules tried on their own examples: each is a small repository, judged by the whole program.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::Check;
use crate::config::Preset;
use crate::finding::{Fault, Finding};
use crate::history::{Origin, timeline};
use crate::policy::{Policy, Sources, Standard};
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
    /// Why it could not be judged at all.
    pub faults: Vec<Fault>,
}

/// Tries every example of the rules. Kinds and profiles are the policy's; an example with a
/// configuration of its own is judged by that.
pub fn of(rules: &[Arc<Rule>], policy: &Policy) -> Trials {
    let cases: Vec<(&Arc<Rule>, &Example)> =
        rules.iter().flat_map(|rule| rule.examples.iter().map(move |example| (rule, example))).collect();
    let failures: Vec<Failed> =
        cases.par_iter().filter_map(|(rule, example)| failure(rule, example, policy)).collect();
    Trials { passed: cases.len() - failures.len(), failures }
}

fn failure(rule: &Arc<Rule>, example: &Example, policy: &Policy) -> Option<Failed> {
    let (found, faults) = match findings(rule, example, policy) {
        Ok(found) => (found, Vec::new()),
        Err(faults) => (Vec::new(), faults),
    };
    let found: BTreeSet<Expected> = found.iter().map(expected).collect();
    let wanted: BTreeSet<Expected> = example.finds.iter().cloned().collect();
    (found != wanted || !faults.is_empty()).then(|| Failed {
        rule: rule.id.clone(),
        example: example.name.clone(),
        missing: wanted.difference(&found).cloned().collect(),
        unexpected: found.difference(&wanted).cloned().collect(),
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
    let snapshot = Arc::new(Snapshot::memory(example.state()));
    let standard = example.policy_from.clone().map(|files| Arc::new(Snapshot::memory(files)));
    let bar = standard.as_ref().unwrap_or(&snapshot);
    let mut policy = if bar.get("alignlint.yaml").is_some() {
        Policy::load(bar, None)?
    } else {
        Policy { config: Default::default(), ..policy.clone() }
    };
    policy = policy.with_baseline(bar, &Sources::default())?;
    policy.config.preset = Preset::All;
    // What came of an excuse is a matter of all rules.
    let rules: Vec<Arc<Rule>> = match rule.after_triage {
        true => policy.rules.rules().iter().filter(|other| !other.after_triage).cloned().collect(),
        false => Vec::new(),
    };
    let rules = [rules, vec![rule.clone()]].concat();
    let mut catalog = policy.read(&snapshot, &rules);
    if !example.history.is_empty() {
        catalog = catalog.with_past(policy.past(Origin::Memory(example.history.iter().map(entry).collect())));
    }
    if let Some(standard) = standard {
        let standard = Standard { snapshot: standard, rev: STANDARD.into(), sources: Sources::default() };
        catalog = policy.hold(catalog, &standard, &rules);
    }
    let today = example.day();
    let check = Check { catalog: &catalog, config: &policy.config, today };
    if !rule.after_triage {
        return Ok(check.run(&rules)?.findings);
    }
    let own = policy.baseline.clone();
    let triage = Triage { check, policy: &policy, rules: &rules, own: own.as_deref() };
    Ok(triage.run()?.of_excuses)
}

fn entry(commit: &file::Commit) -> timeline::Entry {
    timeline::Entry {
        date: commit.date,
        author: timeline::Identity::parse(&commit.author),
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
        Ok(())
    }
}
