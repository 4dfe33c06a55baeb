//! The rules that changes of the configuration switched off, and what they would report.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::check::Check;
use crate::config::{Config, RuleSetting};
use crate::finding::Finding;
use crate::input::Input;
use crate::rule::Rule;
use crate::snapshot::FileStep;

use super::Linter;

/// The most rules that are named.
const NAMED_RULES: usize = 6;

impl Linter {
    /// Describes for each change of the policy the rules that it switched off and that are still off; with the number of
    /// their findings today if they are to be run.
    pub(super) fn switched_off(&self, input: &Input, steps: &[FileStep], runs: bool) -> Vec<String> {
        let mut told: HashSet<Arc<str>> = HashSet::new();
        let mut described: Vec<String> = steps
            .iter()
            .rev()
            .map(|step| {
                let Some((before, mut rules)) = self.rules_off_since(step) else { return String::new() };
                rules.retain(|rule| told.insert(rule.id.clone()));
                let findings = if runs { self.findings_of(input, &before, &rules) } else { None };
                describe(&rules, findings)
            })
            .collect();
        described.reverse();
        described
    }

    /// How many findings the rules would report that changes of the policy switched off and that are still off; `None` if there is
    /// no such rule, or one does not come to an end.
    pub(super) fn findings_switched_off(&self, input: &Input, steps: &[FileStep]) -> Option<usize> {
        let mut told: HashSet<Arc<str>> = HashSet::new();
        let mut count = None;
        for step in steps.iter().rev() {
            let Some((before, mut rules)) = self.rules_off_since(step) else { continue };
            rules.retain(|rule| told.insert(rule.id.clone()));
            if !rules.is_empty() {
                *count.get_or_insert(0) += self.findings_of(input, &before, &rules)?.len();
            }
        }
        count
    }

    /// The rules that were on before a change of the configuration, were off after it and are off now, and that configuration.
    fn rules_off_since(&self, step: &FileStep) -> Option<(Config, Vec<Arc<Rule>>)> {
        let config = &self.policy.config;
        let is_config = config.source.as_ref().is_some_and(|source| *source.path() == step.path);
        if !is_config || step.before.is_empty() || step.after.is_empty() {
            return None;
        }
        let version = |text: &str| config.of_version(&step.path, text, &self.snapshot);
        let (before, after) = (version(&step.before)?, version(&step.after)?);
        let is_off =
            |rule: &Rule, config: &Config| rule.settings(config).for_all_files() == Some(RuleSetting::Off);
        let rules = self.policy.rules.rules().iter();
        let rules =
            rules.filter(|rule| !is_off(rule, &before) && is_off(rule, &after) && is_off(rule, config));
        Some((config.with_rules_of(&before), rules.cloned().collect()))
    }

    /// The findings that no comment or exception suppresses; `None` if a rule does not come to an end.
    fn findings_of(&self, input: &Input, config: &Config, rules: &[Arc<Rule>]) -> Option<Vec<Finding>> {
        let check = Check { input, config, today: self.as_of, diff: None };
        let unsuppressed = self.triage(check, rules, None).check_unsuppressed().ok()?;
        let findings = unsuppressed.findings.clone();
        unsuppressed.into_faults().is_empty().then_some(findings)
    }
}

fn describe(rules: &[Arc<Rule>], findings: Option<Vec<Finding>>) -> String {
    let count = |number: usize, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
    let Some(findings) = findings else {
        let named: Vec<&str> = rules.iter().take(NAMED_RULES).map(|rule| &*rule.id).collect();
        let more = match rules.len().saturating_sub(NAMED_RULES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        return match rules.len() {
            0 => String::new(),
            rules => format!("{}: {}{more}", count(rules, "rule"), named.join(", ")),
        };
    };
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &findings {
        *by_rule.entry(&finding.rule).or_default() += 1;
    }
    let mut by_rule: Vec<(&str, usize)> = by_rule.into_iter().collect();
    by_rule.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    let by_rule: Vec<String> = by_rule.iter().map(|(rule, number)| format!("{number} of {rule}")).collect();
    match (rules.len(), findings.len()) {
        (0, _) => String::new(),
        (rules, 0) => format!("{}, without a finding today", count(rules, "rule")),
        (rules, found) => format!(
            "{}, with {} today: {}",
            count(rules, "rule"),
            count(found, "finding"),
            by_rule.join(", ")
        ),
    }
}
