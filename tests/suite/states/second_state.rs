//! A second state is read only where it differs from the first. Its findings are the same as if it were read alone.

use std::sync::Arc;

use alignlint::check::Check;
use alignlint::input::Input;
use alignlint::policy::Policy;

use crate::kit::{Repository, drifted_files};

/// All findings, one on each line.
fn found(input: &Input, policy: &Policy) -> Vec<String> {
    let today = jiff::civil::date(2026, 11, 20);
    let outcome = Check { input, config: &policy.config, today, diff: None }.run(policy.rules.rules());
    let findings = outcome.expect("the rules have no faults").findings;
    let line = |finding: &alignlint::finding::Finding| {
        let place = &finding.place;
        let at = place.source.position(place.span.start as usize);
        let related: Vec<_> = finding.related.iter().map(|other| other.place.source.path()).collect();
        format!("{}:{} {} {} {related:?}", place.source.path(), at.line, finding.message, finding.fingerprint)
    };
    findings.iter().map(line).collect()
}

#[test]
fn what_is_found_beside_another_state_is_what_is_found_alone() {
    let named: Vec<(&str, &str)> = drifted_files().iter().map(|(path, text)| (&**path, &**text)).collect();
    let repository = Repository::with(&named);
    let before = Arc::new(repository.at("HEAD"));
    let policy = Policy::load(&before, None).expect("the configuration has no faults");
    let rules = policy.rules.rules();
    let input_before = policy.read(&before, rules);
    let found_before = found(&input_before, &policy);
    for (number, (path, text)) in named.iter().enumerate() {
        repository.remove(path);
        if number % 2 == 0 {
            let half: String = text.chars().take(text.chars().count() / 2).collect();
            repository.write(&[(path, &half)]);
        }
        repository.git(&["add", "--all"]);
        let after = Arc::new(repository.staged());
        let alone = policy.read(&after, rules);
        let beside = policy.read_reusing(Some(&input_before), &after, rules);
        assert_eq!(found(&beside, &policy), found(&alone, &policy), "after a change of {path}");
        let beside = policy.read_reusing(Some(&alone), &before, rules);
        assert_eq!(found(&beside, &policy), found_before, "before a change of {path}");
        repository.write(&[(path, text)]);
    }
}
