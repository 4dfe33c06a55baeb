//! Fixes of files in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use alignlint::check::Check;
use alignlint::finding::{Fault, Finding, Safety};
use alignlint::fix::{self, FixerResult, RunResult};
use alignlint::policy::Policy;
use alignlint::rule::Rule;
use alignlint::snapshot::Snapshot;

pub fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| {
        let mut policy =
            Policy::load(&Snapshot::in_memory([]), None).expect("the embedded policy has no faults");
        policy.config.preset = alignlint::config::Preset::All;
        policy
    })
}

/// The result of fixing, and the remaining findings. Without rules, all are used.
pub fn fix_all(files: &BTreeMap<String, String>, rules: &[&str]) -> (FixerResult, Vec<Finding>) {
    let named = |id: &str| rules.is_empty() || rules.contains(&id);
    let rules: Vec<_> = policy().rules.rules().iter().filter(|rule| named(&rule.id)).cloned().collect();
    fix_with(Snapshot::in_memory(files.clone()).into(), policy(), &rules)
}

fn fix_with(snapshot: Arc<Snapshot>, policy: &Policy, rules: &[Arc<Rule>]) -> (FixerResult, Vec<Finding>) {
    let check = |snapshot: Arc<Snapshot>| -> Result<RunResult, Vec<Fault>> {
        let input = policy.read(&snapshot, rules);
        let today = jiff::civil::date(2026, 11, 20);
        let findings =
            Check { input: &input, config: &policy.config, today, diff: None }.run(rules)?.findings;
        Ok(RunResult { input, findings, extra: () })
    };
    let result = fix::fix_until_stable(&snapshot, policy, Safety::Suggested, check);
    let (left, fixed) = result.expect("the rules have no faults");
    (fixed, left.findings)
}

/// The first file after the fix of this rule.
pub fn after_own(rule: &str, files: &[(&str, &str)]) -> String {
    let own = [("alignlint.yaml", "extends: [./policy]\n"), ("policy/own/rule.yaml", rule)];
    let all = files.iter().chain(&own).map(|(path, text)| (path.to_string(), text.to_string()));
    let snapshot = Arc::new(Snapshot::in_memory(all));
    let policy = Policy::load(&snapshot, None).unwrap_or_else(|faults| panic!("{}", faults[0]));
    let rules = [policy.rules.get("own/rule").expect("the rule is there").clone()];
    let (result, _) = fix_with(snapshot, &policy, &rules);
    let changed = result.files.into_iter().find(|(_, after)| &**after.path() == files[0].0);
    changed.map_or_else(|| files[0].1.to_owned(), |(_, after)| after.text().to_owned())
}

/// The files after these rules are fixed.
pub fn after(files: &[(&str, &str)], rules: &[&str]) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> =
        files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
    let (result, _) = fix_all(&files, rules);
    for (_, after) in &result.files {
        files.insert(after.path().to_string(), after.text().to_owned());
    }
    files
}
