//! Packs: rules that come with the program and are off until `extends` names the pack.

use crate::kit::Repository;

const KEP: (&str, &str) = (
    "keps/sig-node/1-sidecars/kep.yaml",
    "title: Sidecars\nkep-number: 1\nauthors: [\"@ada\"]\nowning-sig: sig-node\nstatus: provisional\n",
);

fn with(configuration: &str) -> Repository {
    Repository::folder_with(&[KEP, ("alignlint.yaml", configuration)])
}

#[test]
fn a_pack_is_off_until_extends_names_it() {
    let off = with("extends: [recommended]\n");
    assert!(!off.check(&["--format", "concise"]).out.contains("kep/"));
    assert!(!off.run(&["rules"]).out.contains("kep/missing-key"));
    let on = with("extends: [kep]\n");
    let found = on.check(&["--format", "concise"]).out;
    assert!(found.contains("kep.yaml:2:13: error[kep/missing-key]"), "{found}");
    assert!(on.run(&["rules"]).out.contains("kep/missing-key"));
}

#[test]
fn all_rules_are_listed_and_explained_on_request() {
    let off = with("extends: [recommended]\n");
    let listed = off.run(&["rules", "--all"]).out;
    assert!(
        listed.lines().any(|line| line.starts_with("kep/missing-key") && line.contains(" off ")),
        "{listed}"
    );
    assert!(off.run(&["explain", "kep/missing-key"]).out.starts_with("kep/missing-key\n"));
}

#[test]
fn settings_of_a_pack_that_is_off_name_what_to_add() {
    let output = with("rules: { kep/missing-key: off }\n").check(&[]);
    assert_eq!(output.code, Some(2));
    assert!(output.err.contains("unknown rule `kep/missing-key`"), "{output:?}");
    assert!(output.err.contains("add the pack `kep` to `extends`"), "{output:?}");
    let selected = with("").check(&["--select", "kep/missing-key"]);
    assert!(selected.err.contains("add the pack `kep` to `extends`"), "{selected:?}");
}

#[test]
fn a_misspelt_pack_is_a_fault_with_the_nearest_name() {
    let output = with("extends: [recommended, kpe]\n").check(&[]);
    assert_eq!(output.code, Some(2));
    assert!(output.err.contains("unknown preset or pack `kpe`"), "{output:?}");
    assert!(output.err.contains("did you mean `kep`?"), "{output:?}");
}

#[test]
fn a_rule_of_a_pack_can_be_set_like_any_other() {
    let output = with("extends: [kep]\nrules: { kep/*: note }\n").check(&["--format", "concise"]);
    assert!(output.out.contains("note[kep/missing-key]"), "{output:?}");
}

#[test]
fn a_change_of_spaces_that_changes_no_field_is_checked_by_a_hook() {
    let page = |title: &str| format!("---\neip: 7\ntitle:{title}\nstatus: Draft\n---\n\n## Abstract\n");
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [eip]\nrules: { \"*\": off, eip/preamble-trim: error }\n"),
        ("EIPS/eip-7.md", &page(" Sample")),
    ]);
    repository.commit("2026-11-01");
    repository.write_file("EIPS/eip-7.md", &page("  Sample"));
    repository.git(&["add", "."]);
    let output = repository.check(&["--staged", "--since", "HEAD"]);
    assert!(output.out.starts_with("EIPS/eip-7.md:3:9: error[eip/preamble-trim]"), "{output:?}");
}
