//! The baseline and unused suppressions, in the states of a repository.

use crate::kit::Repository;

const PEOPLE: &str = "people:\n  - {id: ada, title: Ada}\n  - {id: tim, title: Tim}\n";
const FILE: &str = "alignlint-baseline.yaml";

fn decisions(each: &[(&str, &str)]) -> String {
    let one = |(id, owner): &(&str, &str)| {
        format!(
            "  - {{id: {id}, title: T {id}, status: accepted, date: 2026-10-01, owner: {owner}, options: [a, b], \
             trade-offs: [c], context: why, consequences: [what]}}\n"
        )
    };
    format!("decisions:\n{}", each.iter().map(one).collect::<String>())
}

/// Two decisions with unknown owners, both in the baseline.
fn adopted() -> Repository {
    let text = decisions(&[("D-1", "eve"), ("D-2", "eve")]);
    let repository =
        Repository::with(&[("governance/people.yaml", PEOPLE), ("governance/decisions.yaml", &text)]);
    assert_eq!(repository.check(&["--write-baseline"]).code, Some(0));
    repository.commit("2026-10-01");
    repository
}

fn surplus(id: &str) -> String {
    format!("the baseline entry for `ownership/unknown` of `decision/{id}` lists 1 finding too many")
}

fn unknown(id: &str) -> String {
    format!("the owner `eve` of `{id}` is not a known person, role or team")
}

#[test]
fn the_baseline_of_a_state_counts_for_that_state() {
    let repository = adopted();
    assert_eq!(repository.check(&["--fail-on", "note"]).code, Some(0));
    repository.write(&[("governance/decisions.yaml", &decisions(&[("D-1", "ada"), ("D-2", "eve")]))]);
    repository.git(&["add", "governance"]);
    repository.check(&["--staged", "--write-baseline"]);
    assert_eq!(repository.check(&[]).messages(), [""; 0]);
    assert_eq!(repository.check(&["--staged"]).messages(), [surplus("D-1")], "the new file is not staged");
    assert_eq!(repository.check(&["--rev", "HEAD"]).messages(), [""; 0]);
    repository.git(&["add", "--all"]);
    assert_eq!(repository.check(&["--staged"]).messages(), [""; 0]);
}

#[test]
fn an_entry_that_the_change_makes_unused_is_new_and_an_older_one_is_not() {
    let repository = adopted();
    let check = || repository.check(&["--since", "HEAD"]);
    repository.write(&[("governance/decisions.yaml", &decisions(&[("D-1", "ada"), ("D-2", "eve")]))]);
    assert_eq!(check().messages(), [surplus("D-1")]);
    repository.commit("2026-10-02");
    assert_eq!(check().messages(), [""; 0], "{}", check().err);
    repository.write(&[(
        "governance/decisions.yaml",
        &decisions(&[("D-1", "ada"), ("D-2", "tim"), ("D-3", "eve")]),
    )]);
    assert_eq!(check().messages(), [surplus("D-2"), unknown("D-3")]);
}

#[test]
fn an_unused_comment_is_new_once() {
    let excused = |owner: &str| {
        decisions(&[("D-1", owner)]).replace(
            "decisions:\n",
            "decisions:\n  # alignlint: ignore ownership/unknown because Eve starts in January\n",
        )
    };
    let repository = Repository::with(&[
        ("governance/people.yaml", PEOPLE),
        ("governance/decisions.yaml", &excused("eve")),
    ]);
    let check = || repository.check(&["--since", "HEAD"]);
    assert_eq!(check().messages(), [""; 0]);
    repository.write(&[("governance/decisions.yaml", &excused("ada"))]);
    assert_eq!(check().messages(), ["unused ignore comment: `ownership/unknown` reports nothing here"]);
    repository.commit("2026-10-02");
    assert_eq!(check().messages(), [""; 0]);
    repository.write(&[("README.md", "")]);
    let family = ["--select", "ignore/*"];
    assert_eq!(repository.check(&family).messages(), [""; 0], "the rule itself did not run");
    let both = ["--select", "ignore/*,ownership/*"];
    assert_eq!(repository.check(&both).messages().len(), 1);
}

#[test]
fn suppressions_that_need_history_are_not_called_unused_without_it() {
    let assumption = "assumptions:\n  # alignlint: ignore assumption/stale because it can't change\n  - {id: A-1, statement: \
                      S, status: open, owner: ada}\n";
    let files = [("governance/people.yaml", PEOPLE), ("strategy/assumptions.yaml", assumption)];
    let select = ["--select", "assumption/stale,ignore/unused"];
    let origin = Repository::with(&files);
    assert_eq!(origin.check(&select).messages().len(), 1, "it was written in October: nothing is stale");
    let folder = Repository::folder();
    folder.write(&files);
    assert_eq!(folder.check(&select).messages(), [""; 0], "outside Git nobody knows");
}

#[test]
fn an_entry_that_the_change_adds_to_the_baseline_suppresses_nothing() {
    let repository = adopted();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(&[(
        "governance/decisions.yaml",
        &decisions(&[("D-1", "eve"), ("D-2", "eve"), ("D-3", "eve")]),
    )]);
    repository.check(&["--write-baseline"]);
    repository.commit("2026-10-02");
    assert_eq!(repository.check(&["--since", "main"]).messages(), [""; 0], "its own baseline lets it pass");
    let held = ["--since", "main", "--policy-from", "main"];
    let changed = "the baseline `alignlint-baseline.yaml` was changed";
    assert_eq!(repository.check(&held).messages(), [changed, &unknown("D-3")]);
    repository.remove(FILE);
    let gone = "the baseline `alignlint-baseline.yaml` was removed";
    assert_eq!(
        repository.check(&held).messages(),
        [gone, &unknown("D-3")],
        "that of the policy still counts"
    );
    repository.write(&[(FILE, "version: 1\nfindings: {}\n")]);
    let output = repository.check(&held);
    assert!(output.out.contains("alignlint-baseline.yaml:2:11: error[policy/broken]"), "{}", output.out);
}

/// Replaces words in the baseline.
fn edit_baseline(repository: &Repository, old: &str, new: &str) {
    let text = repository.read(FILE);
    assert!(text.contains(old), "{text}");
    repository.write(&[(FILE, &text.replace(old, new))]);
}

#[test]
fn an_entry_suppresses_only_what_it_says() {
    let unused = "baseline/unused";
    for (honest, claimed) in [
        ("record: decision/D-1", "record: decision/D-9"),
        ("record: decision/D-1", "record: kpi/D-1"),
        ("rule: ownership/unknown, record: decision/D-1", "rule: ownership/missing, record: decision/D-1"),
        ("record: decision/D-1, ", ""),
        ("record: decision/D-1", "group: D-1"),
    ] {
        let repository = adopted();
        edit_baseline(&repository, honest, claimed);
        let output = repository.check(&["--ignore", unused]);
        assert_eq!(output.messages(), [unknown("D-1")], "{claimed}");
    }
    let repository = adopted();
    edit_baseline(&repository, "path: governance/decisions.yaml", "path: elsewhere.yaml");
    edit_baseline(&repository, "decision/D-1", "decision/d-1");
    assert_eq!(repository.check(&[]).messages(), [""; 0], "the path is for readers, the spelling is free");
}

#[test]
fn an_entry_about_a_file_agrees_in_the_path_and_one_about_a_group_in_its_key() {
    let file = "title: [\n";
    let repository = Repository::with(&[
        ("governance/a/decisions.yaml", file),
        ("governance/b/people.yaml", "people: [{id: ada, title: Ada}]\n"),
    ]);
    let only = ["--select", "document/*"];
    let check = |more: &[&str]| repository.check(&[&only[..], more].concat());
    assert_eq!(check(&["--write-baseline"]).code, Some(0));
    assert!(!repository.read(FILE).contains("record:"), "{}", repository.read(FILE));
    assert_eq!(check(&[]).messages(), [""; 0]);
    edit_baseline(&repository, "path: governance/a/", "path: governance/b/");
    assert_eq!(check(&[]).messages().len(), 1);

    let goals = |ids: &[&str]| {
        let one = |id: &&str| {
            format!(
                "  - {{id: {id}, title: T, level: company, period: 2026-Q4, status: active, focus: true}}\n"
            )
        };
        format!("objectives:\n{}", ids.iter().map(one).collect::<String>())
    };
    let repository = Repository::with(&[("okrs/sales.yaml", &goals(&["O-2", "O-3"]))]);
    let only = ["--select", "objective/focus"];
    let check = |more: &[&str]| repository.check(&[&only[..], more].concat());
    assert_eq!(check(&[]).messages().len(), 1);
    assert_eq!(check(&["--write-baseline"]).code, Some(0));
    assert!(repository.read(FILE).contains(", group: "), "{}", repository.read(FILE));
    repository.write(&[("governance/objectives.yaml", &goals(&["O-1"]))]);
    assert_eq!(check(&[]).messages(), [""; 0], "the group has one more record, and another first one");
}

#[test]
fn a_baseline_of_another_version_is_a_fault() {
    let repository = adopted();
    edit_baseline(&repository, "version: 2", "version: 1");
    let fault = repository.check(&[]).fault();
    assert!(
        fault.contains("`version` is `1`; expected `2`") && fault.contains("alignlint-baseline.yaml:3:10"),
        "{fault}"
    );
}

#[test]
fn an_entry_whose_finding_is_suppressed_is_one_too_many() {
    let repository = adopted();
    let commented = decisions(&[("D-1", "eve"), ("D-2", "eve")]).replacen(
        "  - ",
        "  # alignlint: ignore ownership/unknown because Eve starts in January\n  - ",
        1,
    );
    repository.write(&[("governance/decisions.yaml", &commented)]);
    assert_eq!(repository.check(&[]).messages(), [surplus("D-1")]);
    repository.check(&["--write-baseline"]);
    assert_eq!(repository.check(&[]).messages(), [""; 0]);
    assert!(!repository.read(FILE).contains("D-1"));
}

#[test]
fn a_change_may_fix_a_finding_and_remove_its_entry() {
    let repository = adopted();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(&[("governance/decisions.yaml", &decisions(&[("D-1", "ada"), ("D-2", "eve")]))]);
    let held = ["--since", "main", "--policy-from", "main"];
    assert_eq!(repository.check(&held).messages(), [surplus("D-1")]);
    repository.check(&["--write-baseline"]);
    assert_eq!(repository.check(&held).messages(), ["the baseline `alignlint-baseline.yaml` was changed"]);
}

#[test]
fn a_baseline_from_a_flag_is_read_where_the_policy_is_from() {
    let repository = adopted();
    repository.git(&["mv", FILE, "debt.yaml"]);
    repository.commit("2026-10-02");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(&[(
        "governance/decisions.yaml",
        &decisions(&[("D-1", "eve"), ("D-2", "eve"), ("D-3", "eve")]),
    )]);
    repository.check(&["--baseline", "debt.yaml", "--write-baseline"]);
    repository.check(&["--baseline", "more.yaml", "--write-baseline"]);
    let check =
        |file: &str| repository.check(&["--since", "main", "--policy-from", "main", "--baseline", file]);
    assert_eq!(check("debt.yaml").messages(), ["the baseline `debt.yaml` was changed", &unknown("D-3")]);
    assert_eq!(check("more.yaml").messages(), [&unknown("D-3"), "the baseline `more.yaml` was added"]);
    assert!(check("none.yaml").fault().contains("baseline `none.yaml` does not exist"));
}

#[test]
fn a_project_in_a_folder_has_a_baseline_of_its_own() {
    let text = decisions(&[("D-1", "eve")]);
    let repository = Repository::with(&[
        ("shop/alignlint.yaml", ""),
        ("shop/governance/people.yaml", PEOPLE),
        ("shop/governance/decisions.yaml", &text),
    ]);
    let check = |arguments: &[&str]| repository.check(&[&["-C", "shop/governance"], arguments].concat());
    assert_eq!(check(&["--write-baseline"]).code, Some(0));
    assert!(repository.path().join("shop").join(FILE).is_file());
    assert_eq!(check(&["--fail-on", "note"]).code, Some(0));
}

#[test]
fn a_bare_repository_has_no_place_for_one() {
    let bare = Repository::clone(&adopted(), &["--bare"]);
    assert_eq!(
        bare.check(&["--rev", "main", "--fail-on", "note"]).code,
        Some(0),
        "what is committed is read"
    );
    assert!(bare.check(&["--rev", "main", "--write-baseline"]).fault().contains("bare"), "no place for it");
}
