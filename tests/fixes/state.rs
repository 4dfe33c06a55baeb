//! Files in memory, mended by the program's own rules.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use alignlint::check::Check;
use alignlint::finding::{Fault, Finding, Safety};
use alignlint::fix::{self, Look, Settled};
use alignlint::policy::Policy;
use alignlint::snapshot::Snapshot;

pub fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| {
        let mut policy =
            Policy::load(&Snapshot::memory([]), None).expect("the embedded policy has no faults");
        policy.config.preset = alignlint::config::Preset::All;
        policy
    })
}

/// What settling comes to: the texts that have changed, by path, and what is left.
pub fn settled(files: &BTreeMap<String, String>, rules: &[&str]) -> (Settled, Vec<Finding>) {
    let policy = policy();
    let named = |id: &str| rules.is_empty() || rules.contains(&id);
    let rules: Vec<_> = policy.rules.rules().iter().filter(|rule| named(&rule.id)).cloned().collect();
    let look = |snapshot: Arc<Snapshot>| -> Result<Look, Vec<Fault>> {
        let catalog = policy.read(&snapshot, &rules);
        let today = jiff::civil::date(2026, 11, 20);
        let findings = Check { catalog: &catalog, config: &policy.config, today }.run(&rules)?.findings;
        Ok(Look { catalog, findings, rest: () })
    };
    let snapshot = Arc::new(Snapshot::memory(files.clone()));
    let (left, settled) =
        fix::settle(&snapshot, policy, Safety::Suggested, look).expect("the rules have no faults");
    (settled, left.findings)
}

/// The files after all fixes of these rules.
pub fn after(files: &[(&str, &str)], rules: &[&str]) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> =
        files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
    let (settled, _) = settled(&files, rules);
    for (_, after) in &settled.files {
        files.insert(after.path().to_string(), after.text().to_owned());
    }
    files
}
