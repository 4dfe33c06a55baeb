//! Helps: what a finding advises leads to where the author wanted to go.

use crate::kit::Repository;

fn adr(title: &str, status: &str, context: &str) -> String {
    format!("# {title}\n\n## Status\n\n{status}\n\n## Context\n\n{context}\n\n## Decision\n\nWe do.\n")
}

/// The messages of all findings, each with its help.
fn helps(repository: &Repository) -> Vec<String> {
    let output = repository.run(&["check", "--as-of", "2026-11-20", "--format", "json"]).json();
    let findings = output["findings"].as_array().cloned().unwrap_or_default();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    findings.iter().map(|it| format!("{} / {}", text(it, "message"), text(it, "help"))).collect()
}

#[test]
fn a_duplicate_is_offered_a_number_that_is_free_and_the_next_one_the_number_after_it() {
    let repository = Repository::with(&[
        ("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", "C.")),
        ("docs/adr/0001-use-go.md", &adr("1. Use Go", "Accepted", "C.")),
        ("docs/adr/0002-use-git.md", &adr("2. Use Git", "Accepted", "C.")),
        ("docs/adr/0002-use-make.md", &adr("2. Use Make", "Accepted", "C.")),
        ("docs/adr/0003-ideas.txt", "Ideas that nobody has decided on.\n"),
        ("src/main.c", "// ADR-1\n"),
    ]);
    let told = |id: &str, free: &str| {
        format!(
            "2 decisions have the id `{id}` / give one of them another id, such as `{free}`, or remove the duplicate"
        )
    };
    assert_eq!(helps(&repository), [told("0001", "0004"), told("0002", "0004")]);
    let output = repository.run(&["rename", "docs/adr/0001-use-go.md", "0004", "--apply"]);
    assert_eq!(output.code, Some(0), "{}", output.err);
    assert_eq!(helps(&repository), [told("0002", "0005")]);
    let output = repository.run(&["rename", "docs/adr/0002-use-make.md", "0005", "--apply"]);
    assert_eq!(output.code, Some(0), "{}", output.err);
    assert_eq!(helps(&repository), [""; 0]);
}

#[test]
fn a_page_whose_heading_has_the_number_of_another_takes_no_free_number() {
    let repository = Repository::with(&[
        ("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", "C.")),
        ("docs/adr/0002-use-git.md", &adr("1. Use Git", "Accepted", "C.")),
        ("docs/adr/0003-use-make.md", &adr("3. Use Make", "Accepted", "C.")),
        ("docs/adr/0003-use-ninja.md", &adr("3. Use Ninja", "Accepted", "C.")),
    ]);
    assert_eq!(
        helps(&repository),
        [
            "the file name has the id `0002`, but the decision has `1` / write `0002` inside, or `1` in the name of the file",
            "2 decisions have the id `1` / give one of them another id, such as `4`, or remove the duplicate",
            "2 decisions have the id `0003` / give one of them another id, such as `0004`, or remove the duplicate",
        ]
    );
}

#[test]
fn folders_of_one_status_are_numbered_together() {
    let repository = Repository::with(&[
        ("rfcs/accepted/0001-use-c.md", &adr("1. Use C", "Accepted", "C.")),
        ("rfcs/accepted/0002-use-git.md", &adr("2. Use Git", "Accepted", "C.")),
        ("rfcs/rejected/0002-use-make.md", &adr("2. Use Make", "Rejected", "C.")),
        ("rfcs/implemented/0003-use-ci.md", &adr("3. Use CI", "Accepted", "C.")),
        ("rfcs/drafts/0003-ideas.md", &adr("3. Ideas", "Draft", "C.")),
        ("rfcs/accepted/0004-use-tags.md", &adr("4. Use tags", "Accepted", "C.")),
        ("rfcs/unimplemented/0004-use-forks.md", &adr("4. Use forks", "Accepted", "C.")),
    ]);
    assert_eq!(
        helps(&repository),
        [
            "2 decisions have the id `0002` / give one of them another id, such as `0005`, or remove the duplicate",
            "2 decisions have the id `0004` / give one of them another id, such as `0005`, or remove the duplicate",
        ]
    );
}

#[test]
fn pages_of_one_folder_share_their_numbers_in_whatever_form_they_are() {
    let plain = "ADR-008 Skills\n\nDate: 2026-03-24\n\n# Status\n\nProposed\n\n# Context\n\nC.\n\n# Decision\n\nWe use skills.\n";
    let repository = Repository::with(&[
        ("decision-log/ADR-008-proxy.md", &adr("ADR-008: Use a proxy", "Accepted", "C.")),
        ("decision-log/ADR-008-skills.md", plain),
    ]);
    assert_eq!(helps(&repository).len(), 1, "{:?}", helps(&repository));
}

#[test]
fn a_citation_that_could_mean_two_records_does_not_stop_the_renaming_of_one() {
    let repository = Repository::with(&[
        ("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", "C.")),
        ("docs/adr/0001-use-go.md", &adr("1. Use Go", "Accepted", "C.")),
        ("src/main.c", "// As decided in ADR-1.\n"),
    ]);
    let output = repository.run(&["rename", "docs/adr/0001-use-go.md", "2", "--apply"]);
    assert_eq!(output.code, Some(0), "{}", output.err);
    assert!(
        output.err.contains("`src/main.c` cites the old id, which only another record has now"),
        "{}",
        output.err
    );
}

#[test]
fn a_page_of_a_number_that_is_read_as_no_record_exists() {
    let page = adr("1. Use C", "Superseded by ADR 8", "C.");
    let files = [("docs/adr/0001-use-c.md", &*page), ("docs/adr/8/index.md", "Use Rust.\n")];
    assert_eq!(helps(&Repository::with(&files)), [""; 0]);
    let unknown = helps(&Repository::with(&files[..1]));
    assert!(unknown[0].starts_with("`0001` refers to the unknown decision"), "{unknown:?}");
}

#[test]
fn a_link_with_one_step_up_too_many_leads_out_of_the_repository() {
    let context = "[a](../../docs/use.md#why) [b](../../issues) [c](../../docs/gone.md)";
    let files = [
        ("rfcs/0001-use-c.md", &*adr("1. Use C", "Accepted", context)),
        ("docs/use.md", "# Use\n\n## Why\n"),
        ("rfcs/0002-use-d.md", &*adr("2. Use D", "Accepted", "Why not.")),
    ];
    assert_eq!(
        helps(&Repository::with(&files)),
        ["broken link to `../../docs/use.md#why` / did you mean `../docs/use.md#why`?"]
    );
    assert_eq!(helps(&Repository::folder_with(&files)), [""; 0], "the folder may be part of a larger one");
}

#[test]
fn a_number_leads_to_the_page_whose_file_bears_it_and_not_to_one_with_a_slip_in_its_title() {
    let repository = Repository::with(&[
        ("docs/adr/0001-use-a.md", &*adr("1. Use A", "Superseded by 4", "C.")),
        ("docs/adr/0002-use-b.md", &adr("3. Use B", "Accepted", "C.")),
        ("docs/adr/0003-use-c.md", &adr("3. Use C", "Superseded by 5", "C.")),
        ("docs/adr/0004-use-d.md", &adr("7. Use D", "Accepted\n\nSupersedes 1", "C.")),
        ("docs/adr/0005-use-e.md", &adr("5. Use E", "Accepted\n\nSupersedes 3", "C.")),
    ]);
    assert_eq!(
        helps(&repository),
        [
            "the file name has the id `0002`, but the decision has `3` / write `0002` inside, or `3` in the name of the file",
            "2 decisions have the id `0003` / give one of them another id, such as `0008`, or remove the duplicate",
            "the file name has the id `0004`, but the decision has `7` / write `0004` inside, or `7` in the name of the file",
        ]
    );
}

#[test]
fn minutes_with_two_days_are_told() {
    let minutes = |day: &str| format!("# Leadership, {day}\n\n## Attendees\n\n- Ada Byron\n");
    let repository = Repository::folder_with(&[
        ("minutes/2026-07-20.md", &minutes("2026-09-20")),
        ("minutes/2026-10-06.md", &minutes("2026-10-06")),
    ]);
    assert_eq!(
        helps(&repository),
        ["the name of `minutes/2026-07-20.md` has the day 2026-07-20, but the page has 2026-09-20 / \
          write the day of the session in both places"]
    );
}

#[test]
fn a_page_without_a_status_is_told_where_it_would_be_read() {
    let pages = (1..=9).map(|number| {
        (format!("docs/adr/000{number}-x.md"), adr(&format!("{number}. X{number}"), "Accepted", "C."))
    });
    let mut files: Vec<(String, String)> = pages.collect();
    files[4].1 = files[4].1.replace("## Status\n\nAccepted\n\n", "");
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let asked = ("alignlint.yaml", "adopted: [docs/adr/**]\n");
    assert_eq!(helps(&Repository::with(&files)), [""; 0]);
    assert_eq!(
        helps(&Repository::with(&[&files[..], &[asked]].concat())),
        ["`0005` has no status / say on a line `Status: …` below the title whether it holds"]
    );
}

#[test]
fn a_page_with_keys_is_advised_a_key_for_its_status() {
    let madr = |status: &str| {
        format!(
            "---\n{status}date: 2026-07-07\n---\n\n# Purge loans\n\n## Context and Problem Statement\n\nA.\n\n## Considered Options\n\n* A: too slow\n* B\n\n## Decision Outcome\n\nB.\n"
        )
    };
    let repository = Repository::with(&[
        ("docs/adr/0001-use-git.md", &*adr("1. Use Git", "Accepted", "C.")),
        ("docs/adr/0002-sort-loans.md", &*madr("status: accepted\n").replace("Purge", "Sort")),
        ("docs/adr/0003-purge-loans.md", &*madr("")),
        ("alignlint.yaml", "adopted: [docs/adr/**]\n"),
    ]);
    assert_eq!(helps(&repository), ["`0003` has no status / say under `status` whether it holds"]);
}

#[test]
fn a_key_without_a_value_is_shown_itself() {
    let repository = Repository::with(&[(
        "keps/sig-node/12-pods/kep.yaml",
        "title:\nkep-number: 12\nauthors: [\"@ada\"]\nowning-sig: sig-node\nstatus: implementable\ncreation-date: 2026-01-02\n",
    )]);
    let run = repository.run(&["check", "--as-of", "2026-11-20", "--format", "concise"]);
    let line = run.out.lines().find(|line| line.contains("`title`")).unwrap_or_default();
    assert_eq!(line, "keps/sig-node/12-pods/kep.yaml:1:1: error[schema/required] `12`: `title` has no value");
}

#[test]
fn a_heading_of_a_section_is_no_title() {
    let page =
        |rest: &str| format!("# Context:\n\n{rest}\n\n# Decision:\n\nWe do.\n\n# Status\n\nAccepted\n");
    let repository = Repository::with(&[
        ("docs/adr/0008-codes-of-errors.md", &page("There are many.")),
        ("docs/adr/0009-orphan-services.md", &page("Some stay.")),
    ]);
    assert_eq!(helps(&repository), [""; 0]);
}

#[test]
fn an_empty_page_is_told_as_one() {
    let repository = Repository::with(&[
        ("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", "C.")),
        ("docs/adr/0002-use-git.md", &adr("2. Use Git", "Accepted", "C.")),
        ("docs/adr/0003-use-make.md", ""),
    ]);
    let said = helps(&repository).join("\n");
    assert!(said.contains("not read as a record: no text") && !said.contains("section"), "{said}");
}

#[test]
fn a_name_that_begins_like_a_kind_is_not_offered_as_one() {
    let glossary = "# Terms\n\n| Term | Definition |\n|---|---|\n| ARR | Revenue |\n| MRR | The same |\n";
    for (name, is_read) in [("terms-of-reference.md", false), ("glossary-sales.md", true)] {
        let repository = Repository::folder_with(&[(name, glossary)]);
        let told = repository.check(&[]).err;
        assert!(!told.contains(name), "{told}");
        assert_eq!(repository.run(&["records"]).out.contains("ARR"), is_read, "{name}");
    }
}

#[test]
fn two_that_supersede_each_other_form_a_cycle() {
    let page = |id: u32, day: &str, other: u32| {
        format!(
            "---\nid: rfc-{id}\ntitle: Rules {id}\nstatus: accepted\ndate: {day}\nsupersedes: rfc-{other}\n---\n# Rules {id}\n\n## Motivation\n\nA.\n"
        )
    };
    let repository = Repository::with(&[
        ("docs/rfc/rfc-5-rules.md", &page(5, "2021-11-26", 8)),
        ("docs/rfc/rfc-8-rules.md", &page(8, "2025-07-16", 5)),
    ]);
    assert_eq!(
        helps(&repository),
        [
            "`5` and `8` form a cycle of `supersedes` / decide which of them comes first, and remove its `supersedes`"
        ]
    );
}
