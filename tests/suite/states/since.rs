//! `--since`: the new findings of a change.

use crate::kit::{Repository, adr};

const PEOPLE: &str = "people:\n  - {id: ada, title: Ada}\n  - {id: tim, title: Tim}\n";
const WITHOUT_TIM: &str = "people:\n  - {id: ada, title: Ada}\n";

fn decision(id: &str, owner: &str) -> String {
    format!(
        "  - {{id: {id}, title: T {id}, status: accepted, date: 2026-10-01, owner: {owner}, options: [a, b], trade-offs: \
         [c], context: why, consequences: [what]}}\n"
    )
}

fn decisions(each: &[(&str, &str)]) -> String {
    let each: String = each.iter().map(|(id, owner)| decision(id, owner)).collect();
    format!("decisions:\n{each}")
}

/// Two people, a decision of each, and one decision with an unknown owner.
fn indebted() -> Repository {
    let decisions = decisions(&[("D-1", "ada"), ("D-2", "tim"), ("D-3", "eve")]);
    Repository::with(&[("governance/people.yaml", PEOPLE), ("governance/decisions.yaml", &decisions)])
}

#[test]
fn a_person_who_leaves_breaks_decisions_in_files_that_the_change_never_touched() {
    let repository = indebted();
    repository.write(&[("governance/people.yaml", WITHOUT_TIM)]);
    repository.git(&["add", "--all"]);
    let output = repository.check(&["--staged", "--since", "HEAD"]);
    assert_eq!(
        output.messages(),
        ["the owner `tim` of `D-2` is not a known person, role or team", "deleted: person `tim`"]
    );
    assert!(
        output.err.starts_with("1 new error, 1 new note since `HEAD`; 1 already known"),
        "{}",
        output.err
    );
    assert_eq!(repository.check(&["--since", "HEAD"]).out, output.out, "the worktree is the same here");
    repository.commit("2026-10-02");
    assert_eq!(repository.check(&["--rev", "main", "--since", "main~1"]).out, output.out);
}

#[test]
fn old_findings_are_not_new_wherever_they_move_and_however_they_are_written() {
    let repository = indebted();
    repository.remove("governance/decisions.yaml");
    let moved = "# Moved.\ndecisions:\n- owner: \"eve\"\n  id: D-3\n  title: T D-3\n  status: accepted\n  date: \
                 2026-10-01\n  options: [a, b]\n  trade-offs: [c]\n  context: why\n  consequences: [what]\n";
    let others = decisions(&[("D-2", "tim"), ("D-1", "ada")]);
    repository.write(&[("strategy/decisions.yaml", moved), ("governance/more/decisions.yaml", &others)]);
    repository.git(&["add", "--all"]);
    let output = repository.check(&["--staged", "--since", "HEAD"]);
    assert_eq!((output.messages(), output.code), (vec![], Some(0)));
    assert!(output.err.contains("; 1 already known"), "{}", output.err);
    assert_eq!(repository.check(&["--staged"]).messages().len(), 1);
}

#[test]
fn a_finding_that_the_base_branch_has_fixed_since_is_not_new() {
    let repository = indebted();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(&[("README.md", "")]);
    repository.commit("2026-10-02");
    repository.git(&["checkout", "--quiet", "main"]);
    let mended = decisions(&[("D-1", "ada"), ("D-2", "tim"), ("D-3", "ada")]);
    repository.write(&[("governance/decisions.yaml", &mended)]);
    repository.commit("2026-10-03");
    let output = repository.check(&["--rev", "side", "--since", "main"]);
    assert_eq!(output.messages(), [""; 0], "the branch brought nothing in");
    repository.git(&["checkout", "--quiet", "side"]);
    assert_eq!(repository.check(&["--since", "main"]).messages(), [""; 0]);
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let repository = Repository::empty();
    let decisions = decisions(&[("D-1", "eve")]);
    repository.write(&[("governance/people.yaml", PEOPLE), ("governance/decisions.yaml", &decisions)]);
    repository.git(&["add", "--all"]);
    let output = repository.check(&["--staged", "--since", "HEAD"]);
    assert_eq!(output.messages(), ["the owner `eve` of `D-1` is not a known person, role or team"]);
    assert!(output.err.starts_with("1 new error since `HEAD`"), "{}", output.err);
}

#[test]
fn both_states_are_checked_by_the_policy_of_the_change() {
    let repository = indebted();
    repository.write(&[("alignlint.yaml", "rules: { ownership/unknown: off }\n")]);
    repository.commit("2026-10-02");
    repository.write(&[("alignlint.yaml", "rules: { ownership/unknown: warning }\n")]);
    repository.git(&["add", "--all"]);
    let output = repository.check(&["--since", "HEAD"]);
    assert_eq!(output.messages(), [""; 0], "a rule that is switched on makes no old finding new");
    assert!(output.err.contains("; 1 already known"), "{}", output.err);
    let output = repository.check(&["--staged", "--since", "HEAD"]);
    assert_eq!(output.messages(), [""; 0]);
    assert!(
        output.err.starts_with("No new findings since `HEAD` in 2 files. "),
        "nothing is judged: {}",
        output.err
    );
}

/// An objective of a team, which may be its focus.
fn objective(id: &str, team: &str, focus: bool) -> String {
    format!(
        "objectives:\n  - id: {id}\n    title: Grow\n    level: team\n    status: active\n    period: 2026-Q4\n    \
         team: {team}\n    owner: ada\n    focus: {focus}\n"
    )
}

/// Stages all files. Asserts one new finding of a rule, in a file without changes, with `--since HEAD` and with
/// `--staged --since HEAD`, which checks only affected records.
fn breaks(repository: &Repository, rule: &str, untouched: &str) {
    repository.git(&["add", "--all"]);
    for state in [&["--since", "HEAD"][..], &["--staged", "--since", "HEAD"]] {
        let output = repository.check(&[state, &["--select", rule]].concat());
        assert_eq!(output.messages().len(), 1, "{rule}, {state:?}: {}", output.out);
        assert!(output.out.contains(untouched), "{rule}, {state:?}: {}", output.out);
    }
}

/// Three objectives, the last two of sales, which needs a focus: asserts that a change of the first causes a finding
/// for the second.
fn focus_lost(before: &str, after: &str) {
    let repository = Repository::with(&[
        ("governance/people.yaml", PEOPLE),
        ("okrs/1.yaml", before),
        ("okrs/2.yaml", &objective("O-2", "sales", false)),
        ("okrs/3.yaml", &objective("O-3", "sales", false)),
    ]);
    repository.write(&[("okrs/1.yaml", after)]);
    breaks(&repository, "objective/focus", "okrs/3.yaml");
}

#[test]
fn a_record_that_leaves_its_group_breaks_the_group_that_it_has_left() {
    focus_lost(&objective("O-1", "sales", true), &objective("O-1", "support", true));
}

#[test]
fn a_constant_of_a_rule_is_compared_before_and_after_the_change() {
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
    let output = repository.check(&["--staged", "--since", "HEAD", "strategy"]);
    assert_eq!(output.messages(), ["the owner `eve` of `D-4` is not a known person, role or team"]);
    assert!(!output.err.contains(" known"), "{}", output.err);
    assert_eq!(repository.check(&["--staged", "--since", "HEAD"]).messages().len(), 3);
}

#[test]
fn a_suppression_that_the_change_removes_leaves_a_new_finding() {
    let excused = "decisions:\n  - id: D-1\n    title: T\n    status: accepted\n    date: 2026-10-01\n    # alignlint: \
                   ignore ownership/unknown until 2027-01-31 because Eve starts in January\n    owner: eve\n    \
                   options: [a, b]\n    trade-offs: [c]\n    context: why\n    consequences: [what]\n";
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
fn a_fixed_finding_is_not_new() {
    let repository = indebted();
    let mended = decisions(&[("D-1", "ada"), ("D-2", "tim"), ("D-3", "tim")]);
    repository.write(&[("governance/decisions.yaml", &mended)]);
    repository.git(&["add", "--all"]);
    let output = repository.check(&["--staged", "--since", "HEAD"]);
    assert_eq!((output.code, output.out.as_str()), (Some(0), ""));
    assert!(output.err.starts_with("No new findings since `HEAD` in 2 files"), "{}", output.err);
}

#[test]
fn a_change_of_other_files_passes_without_reading_records() {
    let repository = indebted();
    repository.write(&[("src/main.rs", "fn main() {}\n"), ("NOTES.md", "Words.\n")]);
    repository.commit("2026-11-18");
    repository.write(&[("src/main.rs", "fn main() { run() }\n"), ("NOTES.md", "More words.\n")]);
    repository.git(&["add", "--all"]);
    for state in [&["--staged", "--since", "HEAD"][..], &["--since", "HEAD"]] {
        let output = repository.check(state);
        assert_eq!((output.messages(), output.code), (vec![], Some(0)));
        assert_eq!(
            output.notes(),
            "No new findings since `HEAD`: the change affects nothing that is checked."
        );
    }
}

#[test]
fn a_deleted_file_of_any_type_breaks_links_to_it() {
    let page = "---\nstatus: accepted\ndate: 2026-10-01\n---\n# 1. Take it\n\n## Context and Problem Statement\n\nSee \
                [how](../../src/main.rs).\n\n## Considered Options\n\n* a\n* b\n\n## Decision Outcome\n\nTake a.\n";
    let repository =
        Repository::with(&[("docs/adr/0001-take-it.md", page), ("src/main.rs", "fn main() {}\n")]);
    repository.remove("src/main.rs");
    repository.git(&["add", "--all"]);
    let output = repository.check(&["--staged", "--since", "HEAD", "--select", "reference/*"]);
    assert_eq!(output.messages().len(), 1, "{}", output.out);
    assert!(output.out.contains("../../src/main.rs"), "{}", output.out);
}

/// Before, the reference leads to a page that is not a record.
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

/// With a rule that reports a decision if any decision matches the expression: asserts that a change of the first
/// decision causes a finding for the second.
fn one_is_enough(expression: &str, before: &str, after: &str) {
    one_in_is_enough("records('decision')", expression, before, after);
}

/// As [`one_is_enough`], with the decisions selected by a `let`.
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
fn a_constant_may_depend_on_fields_references_and_names() {
    one_is_enough("d.?scope.orValue('') == 'all'", "", ", scope: all");
    one_is_enough("has(d.scope)", "", ", scope: all");
    one_is_enough("d.?tags.orValue([]).exists(t, t == 'b')", ", tags: [a]", ", tags: [a, b]");
    one_is_enough("d.references.exists(r, r.field == 'domain')", "", ", domain: pricing");
    one_is_enough("size(d.references('decision-right')) > 0", "", ", domain: pricing");
    one_is_enough("d.references.exists(r, r.text == 'pricing')", ", domain: Pricing", ", domain: pricing");
    one_is_enough("string(d.references) == 'pricing'", ", domain: Pricing", ", domain: pricing");
    one_in_is_enough("records('decision').filter(d, has(d.scope))", "true", "", ", scope: all");
    one_is_enough("d.title == 'Grow'", ", title: Shrink", ", title: Grow");
}

#[test]
fn a_constant_may_depend_on_fields_of_referenced_records() {
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
fn a_constant_may_depend_on_the_spelling_of_a_reference() {
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

/// `main` and `side` have each added a decision after the first one.
fn two_sides(mains: (&str, &str), sides: (&str, &str)) -> Repository {
    let repository = Repository::with(&[("docs/adr/0001-begin.md", &adr(1, "Begin", "Accepted"))]);
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(&[sides]);
    repository.commit("2026-10-02");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&[mains]);
    repository.commit("2026-10-03");
    repository.git(&["checkout", "--quiet", "side"]);
    repository
}

const DUPLICATES: [&str; 2] = ["--select", "reference/duplicate-id"];

#[test]
fn a_number_that_both_sides_have_added_is_found_before_the_merge() {
    let (queue, log) = (adr(2, "One queue", "Accepted"), adr(2, "One log", "Accepted"));
    let repository = two_sides(("docs/adr/0002-queue.md", &queue), ("docs/adr/0002-log.md", &log));
    for rev in ["main", "side"] {
        assert_eq!(
            repository.check(&[&["--rev", rev], &DUPLICATES[..]].concat()).messages(),
            [""; 0],
            "{rev} is green"
        );
    }
    let expected = "docs/adr/0002-log.md:1:3: error[reference/duplicate-id] `0002` is also the id of `docs/adr/0002-queue.md`, \
                    which the base has gained meanwhile\n";
    for state in [&[][..], &["--staged"], &["--rev", "side"]] {
        let output = repository.check(&[state, &["--since", "main"], &DUPLICATES].concat());
        assert_eq!((output.out.as_str(), output.code), (expected, Some(1)), "{state:?} {}", output.err);
    }
    repository.merge_as("2026-10-04", crate::kit::ADA, "merge", "main");
    let merged = repository.check(&[&["--since", "main"], &DUPLICATES[..]].concat());
    assert_eq!(merged.messages(), ["2 decisions have the id `0002`"]);
}

#[test]
fn other_numbers_folders_and_paths_of_the_base_are_no_clash() {
    let two = adr(2, "Two", "Accepted");
    for mains in [
        ("docs/adr/0003-three.md", &*adr(3, "Three", "Accepted")),
        ("lib/docs/adr/0002-two.md", &two),
        ("docs/adr/0002-log.md", &two),
    ] {
        let repository = two_sides(mains, ("docs/adr/0002-log.md", &two));
        let output = repository.check(&[&["--since", "main"], &DUPLICATES[..]].concat());
        assert_eq!(output.messages(), [""; 0], "{}: {}", mains.0, output.err);
    }
    let repository = two_sides(("docs/adr/0001-begin-again.md", &two), ("notes.md", "a note\n"));
    repository.write(&[("docs/adr/0001-begin.md", &adr(1, "Begin, in other words", "Accepted"))]);
    assert_eq!(
        repository.check(&[&["--since", "main"], &DUPLICATES[..]].concat()).messages(),
        [""; 0],
        "it was there before"
    );
}

/// Two branches that were merged into each other, so that both `B` (a person left on one) and `C` (a decision of nobody on the other) are merge
/// bases of the two; on `side`, with a commit of its own.
fn criss_cross() -> Repository {
    let repository = indebted();
    let checkout = |arguments: &[&str]| {
        repository.git(&[&["checkout", "--quiet"], arguments].concat());
    };
    checkout(&["-b", "side"]);
    let more = format!("decisions:\n{}", decision("D-4", "nobody"));
    repository.write(&[("strategy/decisions.yaml", &more), ("governance/terms.yaml", TERMS)]);
    repository.commit("2026-10-02");
    repository.git(&["tag", "C"]);
    checkout(&["main"]);
    repository.write(&[("governance/people.yaml", WITHOUT_TIM)]);
    repository.commit("2026-10-02");
    repository.git(&["tag", "B"]);
    repository.merge_as("2026-10-03", crate::kit::ADA, "merge", "C");
    checkout(&["side"]);
    repository.merge_as("2026-10-03", crate::kit::ADA, "merge", "B");
    assert_eq!(repository.git(&["merge-base", "--all", "main", "side"]).lines().count(), 2);
    repository
}

const TERMS: &str = "terms:\n  - {id: churn, title: Churn, definition: Those who leave, owner: ada}\n";

#[test]
fn of_several_merge_bases_a_finding_of_any_is_old() {
    let repository = criss_cross();
    let output = repository.check(&["--since", "main"]);
    assert_eq!(output.messages(), [""; 0], "{}", output.out);
    repository.write(&[("governance/more.yaml", &decisions(&[("D-5", "eve")]))]);
    repository.commit("2026-10-04");
    let output = repository.check(&["--since", "main"]);
    let new = "the owner `eve` of `D-5` is not a known person, role or team";
    assert_eq!(output.messages(), [new], "{}", output.out);
    assert_eq!(repository.check(&["--rev", "main", "--since", "side"]).messages(), [""; 0]);
}

#[test]
fn a_record_is_lost_if_any_merge_base_and_the_base_have_it() {
    let repository = criss_cross();
    // Both merge bases have her. Only one has him, who left on the base, and only one the term, which is still there.
    repository.write(&[("governance/people.yaml", "people: []\n")]);
    repository.remove("governance/terms.yaml");
    repository.write_file("notes/terms.txt", &TERMS.replace(", owner: ada", ""));
    repository.commit("2026-10-04");
    let output = repository.check(&["--since", "main"]);
    let is_loss = |it: &&str| it.starts_with("deleted") || it.contains("not recognised");
    let lost: Vec<&str> = output.messages().into_iter().filter(is_loss).collect();
    let hidden = "no longer read: term `churn`, still in `notes/terms.txt`, but not recognised there";
    assert_eq!(lost, ["deleted: person `ada`", hidden], "{}", output.out);
}

/// Pages with a broken link each, of which the third is cited, and superseded without a successor.
fn cited() -> Repository {
    let page = |number: u32, title: &str, status: &str| {
        format!(
            "# {number}. {title}\n\nDate: 2026-02-03\n\n## Status\n\n{status}\n\n## Context\n\nSee [it](missing.md).\n\n## Decision\n\nWe do.\n\n## Consequences\n\nWork.\n"
        )
    };
    Repository::with(&[
        ("alignlint.yaml", "extends: [strict]\nadopted: [docs/adr/**, governance/**]\n"),
        ("docs/adr/0001-use-git.md", &page(1, "Use Git", "Accepted")),
        ("docs/adr/0002-use-go.md", &page(2, "Use Go", "Accepted")),
        ("docs/adr/0003-use-kafka.md", &page(3, "Use Kafka", "Superseded")),
        (
            "governance/assumptions.yaml",
            "assumptions:\n  - { id: A-1, statement: Rents stay as they are until 2028, status: open, decisions: [ADR-9] }\n",
        ),
        ("src/a.py", "# see ADR-3 and ADR-0002\n"),
    ])
}

#[test]
fn a_renamed_record_has_no_new_findings() {
    let repository = cited();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    assert!(repository.check(&[]).messages().len() > 2);
    for (old, new) in [("3", "4"), ("A-1", "A-7")] {
        assert_eq!(repository.run(&["rename", old, new, "--apply"]).code, Some(0));
        let check = |arguments: &[&str]| {
            let output = repository.check(&[arguments, &["--since", "main"]].concat());
            assert_eq!(output.messages(), [""; 0], "{new}: {}", output.out);
        };
        check(&[]);
        repository.git(&["add", "--all"]);
        check(&["--staged"]);
        repository.commit("2026-10-02");
        check(&["--rev", "HEAD"]);
    }
    // Nor has one that is renamed by hand, and a new finding of it is new.
    repository.git(&["mv", "docs/adr/0001-use-git.md", "docs/adr/0009-use-git.md"]);
    let text = repository.read("docs/adr/0009-use-git.md").replace("# 1.", "# 9.");
    repository.write(&[("docs/adr/0009-use-git.md", &text)]);
    assert_eq!(repository.check(&["--since", "main"]).messages(), [""; 0]);
    repository.write(&[("docs/adr/0009-use-git.md", &text.replace("Work.", "[More](work.md)."))]);
    assert_eq!(repository.check(&["--since", "main"]).messages(), ["broken link to `work.md`"]);
}

#[test]
fn of_numbers_that_shift_by_one_the_new_page_has_the_new_findings() {
    let repository = cited();
    for (old, new, name) in [(3, 4, "use-kafka"), (2, 3, "use-go")] {
        let (from, to) = (format!("docs/adr/000{old}-{name}.md"), format!("docs/adr/000{new}-{name}.md"));
        let text = repository.read(&from).replace(&format!("# {old}."), &format!("# {new}."));
        repository.remove(&from);
        repository.write(&[(&to, &text)]);
    }
    let text = repository.read("docs/adr/0001-use-git.md");
    let text = text.replace("# 1. Use Git", "# 2. Rent a hall").replace("We do.", "For the fair.");
    repository.write(&[("docs/adr/0002-rent-a-hall.md", &text), ("src/a.py", "# see ADR-4 and ADR-0003\n")]);
    let output = repository.check(&["--since", "HEAD", "--select", "reference/*"]);
    let expected =
        "docs/adr/0002-rent-a-hall.md:11:10: error[reference/broken-link] broken link to `missing.md`";
    assert_eq!(output.out.trim_end(), expected, "{}", output.err);
}

#[test]
fn the_baseline_and_scopes_follow_a_renamed_record() {
    let repository = cited();
    repository.write(&[
        (
            "governance/exceptions.yaml",
            "exceptions:\n  - { id: E-1, title: No one, rule: ownership/missing, scope: [\"0002\", decision/0002, src], reason: Old, owner: ada, approved-by: bo, until: 2027-01-01 }\n",
        ),
        ("docs/adr/README.md", "# Decisions\n\n- [2. Go](0002-use-go.md#context)\n"),
    ]);
    assert_eq!(repository.run_today(&["--write-baseline"]).code, Some(0));
    let because = "until: 2027-03-01, because: \"It is old\"";
    let baseline = repository.read("alignlint-baseline.yaml").replace(" }", &format!(", {because} }}"));
    repository.write(&[("alignlint-baseline.yaml", &baseline)]);
    repository.commit("2026-10-01");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    assert_eq!(repository.check(&[]).messages(), [""; 0]);
    assert_eq!(repository.run(&["rename", "2", "4", "--apply"]).code, Some(0));
    for arguments in [&[][..], &["--since", "main"]] {
        let output = repository.check(arguments);
        assert_eq!(output.messages(), [""; 0], "{}", output.out);
    }
    let renamed = repository.read("alignlint-baseline.yaml");
    assert!(renamed.contains("record: decision/0004, path: docs/adr/0004-use-go.md"), "{renamed}");
    assert_eq!(renamed.matches(because).count(), baseline.matches(because).count());
    assert!(!renamed.contains("0002"), "{renamed}");
    assert!(repository.read("governance/exceptions.yaml").contains("[\"0004\", decision/0004, src]"));
    assert!(repository.read("docs/adr/README.md").contains("(0004-use-go.md#context)"));
}
