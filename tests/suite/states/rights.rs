//! `--policy-from` and decision rights: the target branch says who may accept a decision.

use crate::kit::Repository;

const OFFICERS: &str = "people:\n  - {id: grace, title: Grace Hopper, email: grace@example.org}\n  - {id: lovelace, title: Ada, \
                        email: ada@example.org}\nroles:\n  - {id: cfo, title: CFO, holder: grace}\n";
const PRICING: &str = "decision-rights: [{id: pricing, scope: What customers pay, owner: cfo}]\n";

fn pricing(status: &str) -> String {
    format!("decisions: [{{id: D-1, title: T, status: {status}, domain: pricing}}]\n")
}

const ONLY_RIGHTS: [&str; 6] =
    ["--since", "main", "--policy-from", "main", "--select", "decision/unapproved,decision/self-granted"];

const UNAPPROVED: &str =
    "`D-1` was accepted on 2026-10-02 by `lovelace`, who does not hold the decision right `pricing`";

/// A repository in which Grace decides on pricing. Ada, who commits, does not.
fn governed() -> Repository {
    let repository = Repository::with(&[
        ("governance/people.yaml", OFFICERS),
        ("governance/rights.yaml", PRICING),
        ("governance/decisions.yaml", &pricing("proposed")),
    ]);
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository
}

#[test]
fn nobody_accepts_by_a_role_that_they_take_in_the_same_change() {
    let repository = governed();
    let taken = OFFICERS.replace("holder: grace", "holder: lovelace");
    repository.write(&[("governance/people.yaml", &taken)]);
    repository.commit("2026-10-02");
    repository.write(&[("governance/decisions.yaml", &pricing("accepted"))]);
    repository.commit("2026-10-02");
    assert_eq!(repository.check(&ONLY_RIGHTS).messages(), [UNAPPROVED]);
    let alone = ["--since", "main", "--select", "decision/unapproved"];
    assert_eq!(repository.check(&alone).messages(), [""; 0], "by its own directory she held it before");
    // Restoring the directory afterwards hides nothing.
    repository.write(&[("governance/people.yaml", OFFICERS)]);
    repository.commit("2026-10-03");
    assert_eq!(repository.check(&alone).messages(), [""; 0]);
    assert_eq!(repository.check(&ONLY_RIGHTS).messages(), [UNAPPROVED]);
}

#[test]
fn nobody_accepts_under_another_address_or_as_a_new_person() {
    for people in [
        OFFICERS
            .replace("email: grace@example.org", "email: grace@example.org, aliases: [ada@example.org]")
            .replace(", email: ada@example.org}\n", "}\n"),
        OFFICERS.replace(
            "people:\n",
            "people:\n  - {id: second, title: S, email: ada@example.org, roles: [cfo]}\n",
        ),
    ] {
        assert_ne!(people, OFFICERS);
        let repository = governed();
        repository.write(&[("governance/people.yaml", &people)]);
        repository.commit("2026-10-02");
        repository.write(&[("governance/decisions.yaml", &pricing("accepted"))]);
        repository.commit("2026-10-02");
        assert_eq!(repository.check(&ONLY_RIGHTS).messages(), [UNAPPROVED], "{people}");
    }
}

#[test]
fn nobody_accepts_under_a_right_that_is_moved_or_made_in_the_same_change() {
    let repository = governed();
    repository.write(&[("governance/rights.yaml", &PRICING.replace("owner: cfo", "owner: lovelace"))]);
    repository.commit("2026-10-02");
    repository.write(&[("governance/decisions.yaml", &pricing("accepted"))]);
    repository.commit("2026-10-02");
    assert_eq!(repository.check(&ONLY_RIGHTS).messages(), [UNAPPROVED]);
    let repository = governed();
    let more = PRICING.replace("}]", "}, {id: prices, scope: Prices, owner: lovelace}]");
    repository.write(&[("governance/rights.yaml", &more)]);
    repository.commit("2026-10-02");
    let under_it = pricing("accepted").replace("domain: pricing", "domain: prices");
    repository.write(&[("governance/decisions.yaml", &under_it)]);
    repository.commit("2026-10-02");
    let made = "`D-1` is accepted under the decision right `prices`, which the same change adds";
    assert_eq!(repository.check(&ONLY_RIGHTS).messages(), [made]);
    assert_eq!(
        repository.check(&["--staged", "--policy-from", "HEAD", "--select", "decision/self-granted"]).code,
        Some(0)
    );
}

#[test]
fn rights_and_decisions_that_were_there_before_are_left_alone() {
    let repository = governed();
    let trailer = "accept\n\nApproved-by: Grace Hopper <grace@example.org>";
    repository.write(&[("governance/decisions.yaml", &pricing("accepted"))]);
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", trailer]);
    assert_eq!(repository.check(&ONLY_RIGHTS).messages(), [""; 0], "the holder stands under it");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["merge", "--quiet", "--ff-only", "side"]);
    // To move an old decision under a new right is not to accept it.
    repository.git(&["checkout", "--quiet", "-b", "sorting"]);
    let more = PRICING.replace("}]", "}, {id: prices, scope: Prices, owner: lovelace}]");
    let under_it = pricing("accepted").replace("domain: pricing", "domain: prices");
    repository.write(&[("governance/rights.yaml", &more), ("governance/decisions.yaml", &under_it)]);
    repository.commit("2026-10-04");
    assert_eq!(repository.check(&ONLY_RIGHTS).messages(), [""; 0]);
}

#[test]
fn a_right_that_the_branch_has_handed_over_since_is_lost() {
    let repository = governed();
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&[("governance/people.yaml", &OFFICERS.replace("holder: grace", "holder: lovelace"))]);
    repository.commit("2026-10-02");
    repository.git(&["checkout", "--quiet", "side"]);
    repository.write(&[("governance/decisions.yaml", &pricing("accepted"))]);
    repository.commit("2026-10-03");
    assert_eq!(
        repository.check(&ONLY_RIGHTS).messages(),
        [""; 0],
        "Ada holds it now, on the branch that it goes to"
    );
    let alone = ["--since", "main", "--select", "decision/unapproved"];
    assert_eq!(repository.check(&alone).messages().len(), 1, "on its own branch she does not");
}
