//! Practices: which records are held to them, and what the configuration extends them to.

use crate::kit::{Output, Repository};

const ADA: &str = "Ada Byron <ada@example.org>";

const NYGARD: (&str, &str) = (
    "docs/adr/0001-use-rust.md",
    "# 1. Use Rust\n\nDate: 2026-11-02\n\n## Status\n\nAccepted\n\n## Context\n\nIt must be fast.\n\n## Decision\n\nWe use Rust.\n",
);
const MADR: (&str, &str) = (
    "docs/adr/0002-use-sqlite.md",
    "---\nstatus: accepted\n---\n# Use SQLite\n\n## Context and Problem Statement\n\nWhere?\n\n## Considered Options\n\n* SQLite\n* Files\n",
);
/// MADR 2, with bullets and without front matter.
const BULLETS: (&str, &str) = (
    "docs/adr/0003-use-git.md",
    "# Use Git\n\n* Status: accepted\n\n## Context and Problem Statement\n\nHow?\n\n## Considered Options\n\n* Git\n* Files\n",
);
const PROPOSAL: (&str, &str) = (
    "teps/0004-steps.md",
    "---\nstatus: implementable\ntitle: Steps\ncreation-date: 2026-11-02\nauthors: []\n---\n# TEP-0004: Steps\n\n## Summary\n\nSteps.\n",
);

fn with_practices(practices: &str) -> Repository {
    let config = format!("practices: {practices}\n");
    Repository::folder_with(&[NYGARD, MADR, BULLETS, PROPOSAL, ("alignlint.yaml", &config)])
}

fn messages(output: &Output) -> Vec<String> {
    output.findings().into_iter().map(str::to_owned).collect()
}

#[test]
fn one_line_demands_an_owner_of_each_decision() {
    let repository = with_practices("{ owner: [\"**\"] }");
    let output = repository.run_today(&["--select", "ownership/missing", "-q"]);
    let expected = [
        ("docs/adr/0001-use-rust.md", "on a line `Owner: …` below the title"),
        ("docs/adr/0002-use-sqlite.md", "under `decision-makers`"),
        ("docs/adr/0003-use-git.md", "on a line `Deciders: …` below the title"),
        ("teps/0004-steps.md", "under `authors`"),
    ];
    for (path, place) in expected {
        let (_, from) =
            output.out.split_once(&format!("{path}:")).unwrap_or_else(|| panic!("{path}: {output:?}"));
        let help = from.split("help:").nth(1).unwrap_or_default().split_whitespace().collect::<Vec<_>>();
        let help = help.join(" ");
        assert!(help.starts_with(&format!("name the owner {place}:")), "{path}: {help}");
    }
    assert_eq!(output.out.matches("names nobody").count(), expected.len(), "{}", output.out);
}

#[test]
fn an_owner_where_the_help_says_is_found() {
    let repository = with_practices("{ owner: [\"**\"] }");
    let edits = [
        (NYGARD, "# 1. Use Rust\n", "# 1. Use Rust\n\nOwner: Ada Byron\n"),
        (MADR, "status: accepted\n", "status: accepted\ndecision-makers: [Ada Byron]\n"),
        (BULLETS, "* Status: accepted\n", "* Status: accepted\n* Deciders: Ada Byron\n"),
        (PROPOSAL, "authors: []\n", "authors: [\"@ada\"]\n"),
    ];
    for ((path, text), from, to) in edits {
        repository.write(&[(path, &text.replacen(from, to, 1))]);
    }
    let output = repository.check(&["--select", "ownership/*"]);
    assert_eq!(output.out, "", "{output:?}");
}

#[test]
fn severities_parameters_presets_and_other_pages_extend_no_practice() {
    let owned = MADR.1.replace("status: accepted\n", "status: accepted\ndecision-makers: [Ada]\n");
    let date = MADR.1.replace("status: accepted\n", "status: accepted\ndate: 2026-11-02\n");
    let config = "extends: [all]\nrules: { ownership/missing: error, decision/undated: { severity: error, records: 3 } }\n";
    let repository = Repository::folder_with(&[
        MADR,
        ("docs/adr/0005-a.md", &owned),
        (
            "docs/adr/0006-b.md",
            &owned.replace("decision-makers: [Ada]", "decision-makers: [Ada]\ndate: 2026-11-02"),
        ),
        ("docs/adr/0007-c.md", &date),
        ("alignlint.yaml", config),
    ]);
    let output = repository.check(&["--select", "ownership/missing,decision/undated"]);
    assert_eq!(output.out, "", "{output:?}");
}

#[test]
fn only_the_files_of_the_pattern_are_held_to_the_practice() {
    let repository = with_practices("{ date: docs/adr/0002* }");
    let output = repository.check(&["--select", "decision/undated"]);
    assert_eq!(messages(&output), ["warning[decision/undated] `0002` is accepted but has no date"]);
}

#[test]
fn a_native_record_is_held_to_all_practices() {
    let decisions = "decisions: [{ id: D-1, title: Hire, status: acepted, colour: red }]\n";
    let repository = Repository::folder_with(&[("governance/decisions.yaml", decisions)]);
    let output = repository.check(&[]);
    for rule in ["ownership/missing", "schema/enum", "schema/unknown-field"] {
        assert!(output.out.contains(rule), "{rule}: {output:?}");
    }
}

#[test]
fn words_and_keys_are_checked_where_the_practice_holds() {
    let page = NYGARD.1.replace("Accepted", "Blessed by all");
    let repository = Repository::folder_with(&[(NYGARD.0, &page)]);
    assert_eq!(repository.check(&["--select", "schema/*"]).out, "");
    repository.write(&[("alignlint.yaml", "practices: { status-words: docs/adr }\n")]);
    let output = repository.check(&["--select", "schema/*"]);
    assert!(output.out.contains("`status` is `Blessed by all`; expected one of"), "{output:?}");
    let misspelt = NYGARD.1.replace("Accepted", "Acepted");
    let output = Repository::folder_with(&[(NYGARD.0, &misspelt)]).check(&["--select", "schema/*"]);
    assert!(
        output.out.contains("[schema/enum] `0001`: `status` is `Acepted`"),
        "a status that was guessed: {output:?}"
    );
    let impossible = NYGARD.1.replace("2026-11-02", "2026-11-31");
    let repository = Repository::folder_with(&[(NYGARD.0, &impossible)]);
    assert!(
        repository.check(&["--select", "schema/*"]).out.contains("schema/invalid"),
        "a day that does not exist"
    );
}

#[test]
fn a_profile_of_the_user_names_practices_with_their_source() {
    let profile = "name: memo\ntitle: Memo\nkind: decision\nrecognise: { path: \"memos/*.md\" }\npaths: [\"memos/*.md\"]\n\
                   fields:\n  id: [{ file: \"^(.+)$\" }]\n  title: [{ title: \"^(.+)$\" }]\n  status: [{ header: State }]\n";
    let practices = "practices: { date: { source: https://example.org/memos, files: \"memos/2*\" } }\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/profiles/memo.yaml", profile),
        ("memos/1.md", "# Hire\n\nState: accepted\n"),
        ("memos/2.md", "# Hire more\n\nState: accepted\n"),
    ]);
    assert_eq!(repository.check(&["--select", "decision/undated"]).out, "");
    repository.write(&[("policy/profiles/memo.yaml", &format!("{profile}{practices}"))]);
    let output = repository.check(&["--select", "decision/undated"]);
    assert_eq!(messages(&output).len(), 1, "{output:?}");
    assert!(output.out.starts_with("memos/2.md:"), "{output:?}");
}

#[test]
fn an_unknown_practice_is_a_mistake_with_the_nearest_name() {
    let fault = with_practices("{ ownr: [\"**\"] }").check(&[]).fault();
    assert!(fault.contains("unknown practice `ownr`") && fault.contains("did you mean `owner`?"), "{fault}");
    let fault = with_practices("{ Owner: [\"**\"] }").check(&[]).fault();
    assert!(fault.contains("invalid name of a practice `Owner`"), "{fault}");
    let profile = "base: nygard\nname: nygard\npractices: { dates: { source: here } }\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/profiles/nygard.yaml", profile),
        NYGARD,
    ]);
    let fault = repository.check(&[]).fault();
    assert!(fault.contains("unknown practice `dates`") && fault.contains("did you mean `date`?"), "{fault}");
}

#[test]
fn a_rule_of_the_user_may_have_a_practice_of_its_own() {
    let rule = "for: decision\npractice: short-titles\nexpect: record.title.size() < 7\nmessage: \"`{record.id}` has a long title\"\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/titles/short.yaml", rule),
        NYGARD,
    ]);
    assert_eq!(repository.check(&["--select", "titles/*"]).out, "");
    repository.write(&[(
        "alignlint.yaml",
        "extends: [recommended, ./policy]\npractices: { short-titles: docs }\n",
    )]);
    assert_eq!(repository.check(&["--select", "titles/*"]).messages().len(), 1);
    let of_files =
        rule.replace("for: decision", "for: file").replace("record.title.size() < 7", "file.path != \"\"");
    repository.write(&[("policy/titles/short.yaml", &of_files.replace("record.id", "file.path"))]);
    let fault = repository.check(&[]).fault();
    assert!(fault.contains("a rule about files has no practice"), "{fault}");
}

#[test]
fn a_change_of_practices_is_told_and_does_not_judge_itself() {
    let repository = Repository::with(&[MADR, ("alignlint.yaml", "practices: { owner: docs }\n")]);
    repository.git(&["branch", "before"]);
    repository.write(&[("alignlint.yaml", "practices: { date: docs }\n")]);
    repository.commit_as("2026-11-12", ADA, "Change the practices");
    let output = repository.check(&[
        "--policy-from",
        "before",
        "--select",
        "ownership/missing,decision/undated,policy/*",
    ]);
    let messages = output.messages();
    assert!(messages.iter().any(|message| message.contains("names nobody")), "{output:?}");
    assert!(
        messages.iter().any(|message| message.contains("the configuration `alignlint.yaml` was changed"))
    );
    assert!(!messages.iter().any(|message| message.contains("has no date")), "{output:?}");
}

/// Five decisions in Nygard's form, of which three have a date and two name who decided.
fn habits() -> Vec<(String, String)> {
    let page = |number: usize| {
        let date = if number <= 3 { "Date: 2026-11-02\n\n" } else { "" };
        let deciders = if number <= 2 { "Deciders: Ada Byron\n\n" } else { "" };
        let text = format!(
            "# {number}. Use tool {number}\n\n{date}{deciders}## Status\n\nAccepted\n\n## Context\n\nWe need it.\n\n## Decision\n\nYes.\n"
        );
        (format!("docs/adr/000{number}-tool.md"), text)
    };
    (1..=5).map(page).collect()
}

fn with_habits(more: &[(&str, &str)]) -> Repository {
    let pages = habits();
    let files = pages.iter().map(|(path, text)| (&**path, &**text)).chain(more.iter().copied());
    Repository::folder_with(&files.collect::<Vec<_>>())
}

#[test]
fn the_page_of_a_rule_says_to_which_records_it_applies() {
    let decisions = "decisions: [{ id: D-1, title: Hire }, { id: D-2, title: Move }]\n";
    let repository = with_habits(&[MADR, PROPOSAL, ("governance/decisions.yaml", decisions)]);
    let section = |rule: &str| {
        let page = repository.run(&["explain", rule]).out;
        page.split_once("In this repository\n\n").map(|(_, section)| section.to_owned()).unwrap_or_default()
    };
    let lines = |rule: &str| section(rule).split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        "Applies to 2 decisions: the program's own form is held to all practices.",
        "Applies to 1 decision in teps (tep): the format demands `owner`.",
        "Does not apply to 5 decisions in docs/adr (nygard): the format does not demand `owner`; to require it: \
         `practices: { owner: [docs/adr/**] }`.",
    ] {
        assert!(lines("ownership/missing").contains(line), "{}", lines("ownership/missing"));
    }
    repository.write(&[("alignlint.yaml", "practices: { owner: \"docs/adr/000[1-5]-t*\" }\n")]);
    assert!(lines("ownership/missing").contains(
        "Applies to 5 decisions in docs/adr (nygard): `practices` in the configuration names `owner`."
    ));
    // None of them is superseded.
    assert!(lines("decision/no-successor").contains("Applies to 0 of 5 decisions in docs/adr (nygard): "));
    assert!(lines("decision/unclaimed-successor").contains(
        "Does not apply to 5 decisions in docs/adr (nygard): its condition `when` holds for none."
    ));
    assert_eq!(section("kpi/undefined"), "  - Applies to no record: none is of a kind that it checks.\n");
    assert_eq!(section("document/unreadable"), "");
    repository.write(&[("alignlint.yaml", "rules: { ownership/missing: off }\n")]);
    assert!(section("ownership/missing").starts_with("  - It is off: "));
}

#[test]
fn a_trace_says_that_nothing_demands_the_practice() {
    let repository = with_habits(&[]);
    let trace = repository.run(&["explain", "decision/undated", "docs/adr/0005-tool.md"]).out;
    let trace = trace.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        trace.contains("neither the format nor `practices` in the configuration demands `date`"),
        "{trace}"
    );
}

#[test]
fn what_a_profile_of_the_user_requires_is_a_practice() {
    let profile = |requires: &str| format!("base: nygard\nname: nygard\nrequires: [{requires}]\n");
    let page = NYGARD.1.replace("Date: 2026-11-02\n\n", "");
    let repository = Repository::folder_with(&[
        (NYGARD.0, &page),
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/profiles/nygard.yaml", &profile("status")),
    ]);
    let found = || repository.check(&["--select", "schema/required,decision/undated,ownership/missing"]);
    assert_eq!(found().out, "");
    repository.write(&[("policy/profiles/nygard.yaml", &profile("date"))]);
    let output = found();
    assert!(output.out.contains("schema/required") && output.out.contains("`date` is missing"), "{output:?}");
    assert!(!output.out.contains("ownership/missing"), "{output:?}");
    let page = repository.run(&["explain", "decision/undated"]).out;
    assert!(page.contains("the format demands `date`."), "{page}");
}

#[test]
fn files_that_name_people_make_no_name_unknown() {
    let decision = "decisions: [{ id: D-1, title: Hire, owner: Grace Hopper }]\n";
    let madr = MADR.1.replace("status: accepted\n", "status: accepted\ndecision-makers: [Grace Hopper]\n");
    let repository = Repository::folder_with(&[
        ("governance/decisions.yaml", decision),
        (MADR.0, &madr),
        ("CODEOWNERS", "* @ada\n"),
        (".github/CODEOWNERS", "/docs/ @example/architects\n"),
        ("OWNERS", "approvers: [ada]\n"),
        ("docs/adr/OWNERS", "approvers: [ada]\n"),
        ("MAINTAINERS", "Ada Byron <ada@example.org>\n"),
        ("MAINTAINERS.md", "# Maintainers\n\n* Ada Byron\n"),
        (".mailmap", "Ada Byron <ada@example.org> <ada@old.example.org>\n"),
        ("alignlint.yaml", "practices: { directory: docs }\n"),
    ]);
    let unknown = || repository.check(&["--select", "ownership/*,reference/*"]).out;
    assert_eq!(unknown(), "", "no directory is kept");
    repository.write(&[("governance/people.yaml", "people: [{ id: ada, title: Ada Byron }]\n")]);
    assert_eq!(unknown().matches("ownership/unknown").count(), 2, "{}", unknown());
    repository.write(&[("alignlint.yaml", "fail-on: error\n")]);
    let of_native = unknown();
    assert!(of_native.starts_with("governance/decisions.yaml:"), "{of_native}");
    assert_eq!(of_native.matches("ownership/unknown").count(), 1, "{of_native}");
}

#[test]
fn a_proposal_that_waits_is_held_to_what_is_demanded_too() {
    let page = "# 7. Use Rust\n\nDate: 2026-08-02\n\n## Status\n\nWaiting for review\n\n## Context\n\nIt must be fast.\n\n## Decision\n\nWe use Rust.\n";
    let repository = Repository::folder_with(&[
        ("docs/adr/0007-use-rust.md", page),
        ("alignlint.yaml", "practices: { owner: [docs/adr/**], decide-in-time: [docs/adr/**] }\n"),
    ]);
    let output = repository.check(&["--select", "ownership/missing,decision/pending-too-long"]);
    assert_eq!(
        output.out,
        "docs/adr/0007-use-rust.md:1:3: error[ownership/missing] `0007` names nobody on a line `Owner: …` below the title\n\
         docs/adr/0007-use-rust.md:7:1: warning[decision/pending-too-long] `0007` has been waiting for a decision since \
         2026-08-02, 3 months ago\n"
    );
}

#[test]
fn a_page_without_consequences_is_found_and_one_with_a_section_of_them_in_no_known_format_is_not() {
    let own = |rows: &str, sections: &str| {
        format!(
            "# Search with Postgres\n\n| Field | Value |\n|---|---|\n| Status | Accepted |\n{rows}\n## Decision\n\nPostgres.\n{sections}"
        )
    };
    let pages = [
        NYGARD,
        ("docs/adr/0011-search.md", &own("| Owner | Ines Roth |\n", "\n## Consequences\n\nSlower.\n")),
        ("docs/adr/0012-secrets.md", &own("", "")),
        ("alignlint.yaml", "practices: { owner: [docs/adr/001*], consequences: [docs/adr/**] }\n"),
    ];
    let output = Repository::folder_with(&pages).run(&[
        "--select",
        "decision/no-consequences",
        "--select",
        "ownership/missing",
        "--format",
        "concise",
    ]);
    let messages = messages(&output);
    assert_eq!(messages.len(), 3, "{messages:#?}");
    assert!(messages[0].contains("`0001` does not say what follows from it"), "{messages:#?}");
    assert!(messages[1..].iter().all(|message| message.contains("`0012`")), "{messages:#?}");
}

#[test]
fn the_help_says_where_a_date_stands_or_nothing() {
    let proposal = (
        "EIPS/eip-1.md",
        "---\neip: 1\ntitle: Steps\nauthor: Ada (@ada)\nstatus: Final\ntype: Meta\n---\n\n## Abstract\n\nSteps.\n",
    );
    let config = ("alignlint.yaml", "practices: { date: [\"**\"] }\n");
    let undated = NYGARD.1.replace("Date: 2026-11-02\n\n", "");
    let repository = Repository::folder_with(&[(NYGARD.0, &*undated), MADR, BULLETS, proposal, config]);
    let output = repository.run(&["check", "--select", "decision/undated", "--format", "json"]).json();
    let findings = output["findings"].as_array().expect("findings");
    let told: Vec<&str> = findings.iter().map(|it| it["help"].as_str().unwrap_or("-")).collect();
    let line = "state it on a line `Date: …` below the title";
    assert_eq!(told, ["-", line, "state it under `date`", line]);
}

#[test]
fn who_is_missing_is_told_at_the_key_without_a_value() {
    let page = "---\nstatus: accepted\ndate: 2026-11-02\ndecision-makers:\n---\n# Use Git\n\n## Context and Problem Statement\n\nA need.\n\n\
                ## Considered Options\n\n* Git\n\n## Decision Outcome\n\nGit.\n";
    let files =
        [("alignlint.yaml", "practices: { owner: [docs/**] }\n"), ("docs/decisions/0001-use-git.md", page)];
    let found = Repository::folder_with(&files).check(&["--select", "ownership/missing"]).out;
    assert_eq!(
        found,
        "docs/decisions/0001-use-git.md:4:1: error[ownership/missing] `0001` names nobody under `decision-makers`\n"
    );
}
