//! `rules`, `explain`, `test` and `schema` work also where there are no files to check.

use crate::kit::{Output, Repository};

const CONFIGURATION: (&str, &str) =
    ("alignlint.yaml", "extends: [recommended, ./policy]\nrules: { kpi/undefined: off }\n");
const RULE: (&str, &str) = (
    "policy/rules/house/owned.yaml",
    "id: house/owned\ntitle: Ours\nseverity: note\npreset: essential\nfacet: owner\nfor: kpi\nexpect: has(record.owner)\n\
     message: \"`{record.id}` is nobody's\"\nwhy: It is.\nexamples:\n  - name: owned\n    files:\n      \
     kpis.yaml: \"kpis: [{ id: a, owner: b }]\"\n",
);
const KIND: (&str, &str) = (
    "policy/kinds/risk.yaml",
    "title: Risk\ndescription: A risk.\ntype: object\nx-plural: risks\nproperties: {}\nadditionalProperties: false\n",
);

fn configured() -> Repository {
    Repository::with(&[CONFIGURATION, RULE, KIND])
}

/// The output of `rules`, `explain`, `test` and `schema` for the project's own.
fn own(repository: &Repository) -> [Output; 4] {
    [["rules"].as_slice(), &["explain", "house/owned"], &["test", "policy"], &["schema", "risk"]]
        .map(|arguments| repository.run(arguments))
}

fn assert_known(repository: &Repository, output: &str) {
    let outputs = own(repository);
    for one in &outputs {
        assert_eq!(one.code, Some(0), "{one:?}");
        assert!(
            one.err.contains(output) && one.err.lines().count() == usize::from(!output.is_empty()),
            "{one:?}"
        );
    }
    let [rules, explain, test, schema] = outputs;
    assert!(
        rules.out.contains("house/owned") && rules.out.contains("off      The metric is not defined"),
        "{rules:?}"
    );
    assert!(explain.out.starts_with("house/owned\n"), "{explain:?}");
    assert_eq!(test.out, "1 passed, 0 failed\n");
    assert!(schema.out.contains("\"title\": \"Risk\""), "{schema:?}");
}

#[test]
fn in_a_bare_repository_they_are_those_of_head() {
    let origin = configured();
    assert_known(&origin, "");
    let bare = Repository::clone(&origin, &["--bare"]);
    assert_known(&bare, "is bare; using the policy of HEAD");
}

#[test]
fn where_the_worktree_cannot_be_opened_they_are_those_of_head() {
    let repository = configured();
    repository.git(&["config", "core.worktree", "/nowhere/at/all"]);
    assert_known(&repository, "can't open the working tree `/nowhere/at/all`");
    let repository = configured();
    repository.write(&[(".git/index", "no index")]);
    assert_known(&repository, "; using the policy of HEAD");
}

#[test]
fn a_lost_worktree_takes_no_commit_with_it() {
    let repository = configured();
    repository.write(&[("kpis.yaml", "kpis: [{ id: churn }]\n")]);
    repository.commit("2026-10-02");
    repository.git(&["config", "core.worktree", "/nowhere/at/all"]);
    let output = repository.check(&["--rev", "HEAD", "--select", "house/owned"]);
    assert_eq!(output.messages(), ["`churn` is nobody's"]);
}

#[test]
fn without_any_commit_the_programs_own_are_known() {
    let empty = Repository::folder();
    empty.git(&["init", "--quiet", "--bare"]);
    for arguments in [["explain", "kpi/undefined"], ["schema", "decision"], ["schema", "rule"]] {
        let output = empty.run(&arguments);
        assert_eq!(output.code, Some(0), "{output:?}");
    }
    let rules = empty.run(&["rules"]);
    assert!(rules.out.contains("error    The metric is not defined"), "{rules:?}");
    assert!(rules.err.contains("; using only the built-in rules and kinds"), "{rules:?}");
}

#[test]
fn a_broken_policy_is_no_reason_to_look_elsewhere() {
    let repository = configured();
    repository.write(&[("alignlint.yaml", "extends: [nothing-like-it]\n")]);
    assert_eq!(repository.run(&["rules"]).code, Some(2));
    let bare = Repository::clone(&configured(), &["--bare"]);
    bare.git(&["update-ref", "refs/heads/broken", &{
        let broken = repository.commit("2026-10-02");
        bare.git(&["fetch", "--quiet", &repository.path().display().to_string(), "main"]);
        broken
    }]);
    bare.git(&["symbolic-ref", "HEAD", "refs/heads/broken"]);
    assert_eq!(bare.run(&["rules"]).code, Some(2));
}

#[test]
fn rules_without_examples_are_counted() {
    let rule = |name: &str| {
        let text = format!(
            "id: house/{name}\ntitle: Ours\nseverity: error\npreset: essential\nfacet: outcome\nfor: decision\nexpect: has(record.title)\n\
             message: It is\nwhy: It is.\n"
        );
        (format!("policy/rules/house/{name}.yaml"), text)
    };
    let repository = Repository::with(&[("alignlint.yaml", "extends: [./policy]\n")]);
    for (name, expected) in [
        ("one", "0 passed, 0 failed; `house/one` has no examples\n"),
        ("two", "0 passed, 0 failed; `house/one` and 1 other rule have no examples\n"),
    ] {
        let (path, text) = rule(name);
        repository.write(&[(&path, &text)]);
        let output = repository.run(&["test", "policy"]);
        assert_eq!((output.code, &*output.out), (Some(0), expected), "{}", output.err);
    }
}
