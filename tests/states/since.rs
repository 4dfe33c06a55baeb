//! What a change brings in, as the program reports it.

use crate::repository::Repository;

const PEOPLE: &str = "people:\n  - {id: ada, title: Ada}\n  - {id: tim, title: Tim}\n";
const WITHOUT_TIM: &str = "people:\n  - {id: ada, title: Ada}\n";

fn decision(id: &str, owner: &str) -> String {
    format!(
        "  - {{id: {id}, title: T, status: accepted, date: 2026-10-01, owner: {owner}, options: [a, b], trade-offs: \
         [c]}}\n"
    )
}

fn decisions(each: &[(&str, &str)]) -> String {
    let each: String = each.iter().map(|(id, owner)| decision(id, owner)).collect();
    format!("decisions:\n{each}")
}

/// Two people, a decision of each, and one of somebody whom nobody knows: old debt.
fn indebted() -> Repository {
    let decisions = decisions(&[("D-1", "ada"), ("D-2", "tim"), ("D-3", "eve")]);
    Repository::with(&[("governance/people.yaml", PEOPLE), ("governance/decisions.yaml", &decisions)])
}

#[test]
fn a_person_who_leaves_breaks_decisions_in_files_that_the_change_never_touched() {
    let repository = indebted();
    repository.write(&[("governance/people.yaml", WITHOUT_TIM)]);
    repository.git(&["add", "--all"]);
    let said = repository.check(&["--staged", "--since", "HEAD"]);
    assert_eq!(said.messages(), ["`D-2` names `tim`, whom the directory does not know"]);
    assert!(said.err.starts_with("1 error new since `HEAD`; 1 known"), "{}", said.err);
    assert_eq!(repository.check(&["--since", "HEAD"]).out, said.out, "the worktree is the same here");
    repository.commit("2026-10-02");
    assert_eq!(repository.check(&["--rev", "main", "--since", "main~1"]).out, said.out);
}

#[test]
fn old_debt_is_no_news_wherever_it_moves_and_however_it_is_written() {
    let repository = indebted();
    repository.remove("governance/decisions.yaml");
    let moved = "# Moved.\ndecisions:\n- owner: \"eve\"\n  id: D-3\n  title: T\n  status: accepted\n  date: \
                 2026-10-01\n  options: [a, b]\n  trade-offs: [c]\n";
    let others = decisions(&[("D-2", "tim"), ("D-1", "ada")]);
    repository.write(&[("strategy/decisions.yaml", moved), ("governance/more/decisions.yaml", &others)]);
    repository.git(&["add", "--all"]);
    let said = repository.check(&["--staged", "--since", "HEAD"]);
    assert_eq!((said.messages(), said.code), (vec![], Some(0)));
    assert!(said.err.contains("; 1 known"), "{}", said.err);
    assert_eq!(repository.check(&["--staged"]).messages().len(), 1);
}

#[test]
fn debt_that_the_base_branch_has_mended_since_is_no_news() {
    let repository = indebted();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(&[("README.md", "")]);
    repository.commit("2026-10-02");
    repository.git(&["checkout", "--quiet", "main"]);
    let mended = decisions(&[("D-1", "ada"), ("D-2", "tim"), ("D-3", "ada")]);
    repository.write(&[("governance/decisions.yaml", &mended)]);
    repository.commit("2026-10-03");
    let said = repository.check(&["--rev", "side", "--since", "main"]);
    assert_eq!(said.messages(), [""; 0], "the branch brought nothing in");
    repository.git(&["checkout", "--quiet", "side"]);
    assert_eq!(repository.check(&["--since", "main"]).messages(), [""; 0]);
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let repository = Repository::empty();
    let decisions = decisions(&[("D-1", "eve")]);
    repository.write(&[("governance/people.yaml", PEOPLE), ("governance/decisions.yaml", &decisions)]);
    repository.git(&["add", "--all"]);
    let said = repository.check(&["--staged", "--since", "HEAD"]);
    assert_eq!(said.messages(), ["`D-1` names `eve`, whom the directory does not know"]);
    assert!(said.err.starts_with("1 error new since `HEAD`"), "{}", said.err);
}

#[test]
fn both_states_are_judged_by_the_policy_of_the_change() {
    let repository = indebted();
    repository.write(&[("alignlint.yaml", "rules: { ownership/unknown: off }\n")]);
    repository.commit("2026-10-02");
    repository.write(&[("alignlint.yaml", "rules: { ownership/unknown: warning }\n")]);
    repository.git(&["add", "--all"]);
    let said = repository.check(&["--since", "HEAD"]);
    assert_eq!(said.messages(), [""; 0], "a rule that is switched on makes no old finding new");
    assert!(said.err.contains("; 1 known"), "{}", said.err);
    let said = repository.check(&["--staged", "--since", "HEAD"]);
    assert_eq!(said.messages(), [""; 0]);
    assert!(
        said.err.starts_with("No findings new since `HEAD` in 2 files. "),
        "nothing is judged: {}",
        said.err
    );
}

/// An objective of a team, which may be what goes first there.
fn objective(id: &str, team: &str, focus: bool) -> String {
    format!(
        "objectives:\n  - id: {id}\n    title: Grow\n    level: team\n    status: active\n    period: 2026-Q4\n    \
         team: {team}\n    owner: ada\n    focus: {focus}\n"
    )
}

/// Stages what was written. One thing is new since then by a rule, in a file that the change never touched: whether
/// everything is judged or what the next commit concerns.
fn breaks(repository: &Repository, rule: &str, untouched: &str) {
    repository.git(&["add", "--all"]);
    for state in [&["--since", "HEAD"][..], &["--staged", "--since", "HEAD"]] {
        let said = repository.check(&[state, &["--select", rule]].concat());
        assert_eq!(said.messages().len(), 1, "{rule}, {state:?}: {}", said.out);
        assert!(said.out.contains(untouched), "{rule}, {state:?}: {}", said.out);
    }
}

/// Three objectives, the last two of sales, and a rule that asks for a focus: as the first changes, the second breaks.
fn focus_lost(before: &str, after: &str) {
    let repository = Repository::with(&[
        ("governance/people.yaml", PEOPLE),
        ("okrs/1.yaml", before),
        ("okrs/2.yaml", &objective("O-2", "sales", false)),
        ("okrs/3.yaml", &objective("O-3", "sales", false)),
    ]);
    repository.write(&[("okrs/1.yaml", after)]);
    breaks(&repository, "objective/no-focus", "okrs/2.yaml");
}

#[test]
fn a_record_that_leaves_its_group_breaks_the_group_that_it_has_left() {
    focus_lost(&objective("O-1", "sales", true), &objective("O-1", "support", true));
}

#[test]
fn what_a_rule_asks_of_all_records_once_is_asked_before_the_change_and_after_it() {
    focus_lost(&objective("O-1", "support", false), &objective("O-1", "support", true));
}

#[test]
fn paths_limit_what_is_reported_and_not_what_is_compared() {
    let repository = indebted();
    repository.write(&[
        ("governance/people.yaml", WITHOUT_TIM),
        ("strategy/decisions.yaml", &decisions(&[("D-4", "eve")])),
    ]);
    repository.git(&["add", "--all"]);
    let said = repository.check(&["--staged", "--since", "HEAD", "strategy"]);
    assert_eq!(said.messages(), ["`D-4` names `eve`, whom the directory does not know"]);
    assert!(!said.err.contains(" known"), "{}", said.err);
    assert_eq!(repository.check(&["--staged", "--since", "HEAD"]).messages().len(), 2);
}

#[test]
fn an_excuse_that_the_change_takes_away_leaves_a_new_finding() {
    let excused = "decisions:\n  - id: D-1\n    title: T\n    status: accepted\n    date: 2026-10-01\n    # alignlint: \
                   ignore ownership/unknown until 2027-01-31 because Eve starts in January\n    owner: eve\n    \
                   options: [a, b]\n    trade-offs: [c]\n";
    let repository =
        Repository::with(&[("governance/people.yaml", PEOPLE), ("governance/decisions.yaml", excused)]);
    let check = || repository.check(&["--since", "HEAD"]).messages().len();
    assert_eq!(check(), 0);
    let bare: String =
        excused.lines().filter(|line| !line.contains('#')).map(|line| format!("{line}\n")).collect();
    repository.write(&[("governance/decisions.yaml", &bare)]);
    assert_eq!(check(), 1);
}

#[test]
fn what_was_broken_and_is_mended_is_no_news() {
    let repository = indebted();
    let mended = decisions(&[("D-1", "ada"), ("D-2", "tim"), ("D-3", "tim")]);
    repository.write(&[("governance/decisions.yaml", &mended)]);
    repository.git(&["add", "--all"]);
    let said = repository.check(&["--staged", "--since", "HEAD"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    assert!(said.err.starts_with("No findings new since `HEAD` in 2 files"), "{}", said.err);
}

#[test]
fn a_change_that_has_nothing_to_do_with_records_is_passed_without_reading_them() {
    let repository = indebted();
    repository.write(&[("src/main.rs", "fn main() {}\n"), ("README.md", "Words.\n")]);
    repository.git(&["add", "--all"]);
    let said = repository.check(&["--staged", "--since", "HEAD"]);
    assert_eq!((said.messages(), said.code), (vec![], Some(0)));
    assert_eq!(
        said.err,
        "No findings new since `HEAD`: the change does not affect anything that is checked.\n"
    );
}

#[test]
fn a_file_that_the_change_deletes_may_be_missed_whatever_it_was() {
    let page = "---\nstatus: accepted\ndate: 2026-10-01\n---\n# 1. Take it\n\n## Context and Problem Statement\n\nSee \
                [how](../../src/main.rs).\n\n## Considered Options\n\n* a\n* b\n\n## Decision Outcome\n\nTake a.\n";
    let repository =
        Repository::with(&[("docs/adr/0001-take-it.md", page), ("src/main.rs", "fn main() {}\n")]);
    repository.remove("src/main.rs");
    repository.git(&["add", "--all"]);
    let said = repository.check(&["--staged", "--since", "HEAD", "--select", "reference/*"]);
    assert_eq!(said.messages().len(), 1, "{}", said.out);
    assert!(said.out.contains("../../src/main.rs"), "{}", said.out);
}

/// Until then what is referred to may well have been meant: a page that is no record, and that no record stands for.
#[test]
fn a_reference_to_a_page_that_the_change_deletes_leads_nowhere_from_then_on() {
    for (page, reference) in [("notes/why.md", "../../notes/why.md"), ("notes/why.yaml", "/notes/why")] {
        let refers =
            format!("decisions:\n  - {{id: D-1, status: accepted, supersedes: [\"{reference}\"]}}\n");
        let repository = Repository::with(&[
            ("governance/decisions/1.yaml", &refers),
            (
                "governance/decisions/2.yaml",
                "decisions:\n  - {id: D-2, status: accepted, supersedes: [D-1]}\n",
            ),
            (page, "Because.\n"),
        ]);
        assert_eq!(repository.check(&["--select", "reference/unknown"]).messages(), [""; 0]);
        repository.remove(page);
        breaks(&repository, "reference/unknown", "governance/decisions/1.yaml");
    }
}

/// One assumption that is stale by its history, in front of a hundred commits that have nothing to do with it.
fn aged() -> Repository {
    let assumption =
        "assumptions:\n  - {id: A-1, statement: Partners close faster, status: open, owner: ada}\n";
    let repository = Repository::empty();
    repository.write(&[
        ("governance/people.yaml", PEOPLE),
        ("governance/assumptions.yaml", assumption),
        ("strategy/assumptions.yaml", &assumption.replace("A-1", "A-2")),
    ]);
    repository.commit("2026-03-01");
    for _ in 0..100 {
        repository.commit("2026-03-02");
    }
    repository
}

#[test]
fn in_a_hook_that_finds_no_stored_history_only_that_of_staged_files_is_told() {
    let repository = aged();
    let touched = "assumptions:\n  # Still so.\n  - {id: A-1, statement: Partners close faster, status: open, owner: \
                   ada}\n";
    repository.write(&[("governance/assumptions.yaml", touched)]);
    repository.git(&["add", "--all"]);
    let hook = ["--staged", "--since", "HEAD", "--select", "assumption/stale"];
    let said = repository.check(&hook);
    assert!(said.err.contains("; 1 known."), "{}", said.err);
    assert!(said.err.contains("no history cache yet"), "{}", said.err);

    repository.check(&[]);
    let told = [&hook[..], &["--no-cache"]].concat();
    for whole in [&hook[..], &told] {
        let said = repository.check(whole);
        assert!(said.err.contains("; 1 known."), "{}", said.err);
        assert!(!said.err.contains("no history cache yet"), "whoever wants no cache gets the whole walk");
    }
}

/// A rule that finds every other decision wrong as soon as one is such as the expression says: as the first of two
/// becomes so, the second breaks.
fn one_is_enough(expression: &str, before: &str, after: &str) {
    one_in_is_enough("records('decision')", expression, before, after);
}

/// The same where it is one of some decisions, which a `let` of their own tells.
fn one_in_is_enough(some: &str, expression: &str, before: &str, after: &str) {
    let rule = format!(
        "id: garden/one\ntitle: One\nseverity: error\npreset: recommended\nfacet: garden\nfor: decision\nlet:\n  some: \
         {some}\n  one: some.exists(d, {expression})\nexpect: '!one || record.id == \"D-1\"'\nmessage: one\nwhy: Enough.\n"
    );
    let decision = |id: &str, more: &str| format!("decisions:\n  - {{id: {id}, status: accepted{more}}}\n");
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/rules/garden/one.yaml", &rule),
        ("governance/rights.yaml", "decision-rights: [{id: pricing, owner: ada}]\n"),
        ("decisions/1.yaml", &decision("D-1", before)),
        ("decisions/2.yaml", &decision("D-2", "")),
    ]);
    repository.write(&[("decisions/1.yaml", &decision("D-1", after))]);
    breaks(&repository, "garden/one", "decisions/2.yaml");
}

#[test]
fn what_is_asked_of_all_records_once_may_be_their_fields_their_references_or_what_they_are_called() {
    one_is_enough("d.?scope.orValue('') == 'all'", "", ", scope: all");
    one_is_enough("has(d.scope)", "", ", scope: all");
    one_is_enough("d.?tags.orValue([]).exists(t, t == 'b')", ", tags: [a]", ", tags: [a, b]");
    one_is_enough("d.references.exists(r, r.field == 'domain')", "", ", domain: pricing");
    one_is_enough("size(d.cites('decision-right')) > 0", "", ", domain: pricing");
    one_is_enough("d.references.exists(r, r.text == 'pricing')", ", domain: Pricing", ", domain: pricing");
    one_is_enough("string(d.references) == 'pricing'", ", domain: Pricing", ", domain: pricing");
    one_in_is_enough("records('decision').filter(d, has(d.scope))", "true", "", ", scope: all");
    one_is_enough("d.title == 'Grow'", ", title: Shrink", ", title: Grow");
}

#[test]
fn what_is_asked_of_all_records_once_may_be_the_fields_of_records_that_others_lead_to() {
    let rule = "id: garden/gone\ntitle: Gone\nseverity: error\npreset: recommended\nfacet: garden\nfor: decision\nlet:\n  gone: \
                records('team').filter(t, has(t.lead)).map(t, t.lead).filter(p, has(p.active_until))\n  any-gone: \
                size(gone) > 0\nexpect: '!any_gone'\nmessage: gone\nwhy: A lead has left.\n";
    let people = |more: &str| format!("people: [{{id: ada, title: Ada, email: ada@example.org{more}}}]\n");
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/rules/garden/gone.yaml", rule),
        ("governance/people.yaml", &people("")),
        ("governance/teams.yaml", "teams: [{id: sales, lead: ada}]\n"),
        ("decisions/1.yaml", "decisions: [{id: D-1, status: accepted}]\n"),
    ]);
    repository.write(&[("governance/people.yaml", &people(", active-until: 2026-01-01"))]);
    breaks(&repository, "garden/gone", "decisions/1.yaml");
}

#[test]
fn what_is_asked_of_all_records_once_may_be_how_a_file_writes_a_reference() {
    let rule = "id: garden/written\ntitle: Written\nseverity: error\npreset: recommended\nfacet: garden\nfor: decision\nlet:\n  \
                long: records('decision').exists(d, d.references.exists(r, r.text == 'KEP-48'))\nexpect: '!long || \
                record.id == \"7\"'\nmessage: written\nwhy: Short is enough.\n";
    let kep = |number: u32, see: &str| {
        format!("title: A\nkep-number: {number}\nauthors: [a]\nstatus: provisional\nsee-also: [{see}]\n")
    };
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/rules/garden/written.yaml", rule),
        ("keps/sig-a/7-x/kep.yaml", &kep(7, "48")),
        ("keps/sig-a/48-y/kep.yaml", &kep(48, "")),
    ]);
    repository.write(&[("keps/sig-a/7-x/kep.yaml", &kep(7, "KEP-48"))]);
    breaks(&repository, "garden/written", "keps/sig-a/48-y/kep.yaml");
}
