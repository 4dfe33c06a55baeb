//! Helps: what a finding advises leads to where the author wanted to go, and a command that it names works.

use crate::kit::{PROGRAM, Repository};

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

/// The command that a help names.
fn commands(helps: &[String]) -> Vec<Vec<String>> {
    let command = |help: &String| {
        let (_, rest) = help.split_once("`alignlint ")?;
        Some(rest.split('`').next()?.split(' ').map(str::to_owned).collect())
    };
    helps.iter().filter_map(command).collect()
}

#[test]
fn each_of_several_duplicates_is_offered_a_number_of_its_own_and_the_commands_work() {
    let repository = Repository::with(&[
        ("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", "C.")),
        ("docs/adr/0001-use-go.md", &adr("1. Use Go", "Accepted", "C.")),
        ("docs/adr/0002-use-git.md", &adr("2. Use Git", "Accepted", "C.")),
        ("docs/adr/0002-use-make.md", &adr("2. Use Make", "Accepted", "C.")),
        ("docs/adr/0003-ideas.txt", "Ideas that nobody has decided on.\n"),
        ("src/main.c", "// ADR-1\n"),
    ]);
    let found = helps(&repository);
    assert_eq!(
        found,
        [
            "2 decisions have the id `0001` / give one of them a free id, and check the references to it: \
             `alignlint rename docs/adr/0001-use-go.md 0004 --apply` renames this one",
            "2 decisions have the id `0002` / give one of them a free id, and check the references to it: \
             `alignlint rename docs/adr/0002-use-make.md 0005 --apply` renames this one",
        ]
    );
    for command in commands(&found) {
        let output = repository.run(&command.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(output.code, Some(0), "{}", output.err);
    }
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
    let found = helps(&repository);
    assert!(
        found[1].ends_with("`alignlint rename docs/adr/0003-use-ninja.md 0004 --apply` renames this one"),
        "{found:?}"
    );
    assert!(found[0].contains("the file name has the id `0002`, but the decision has `1`"), "{found:?}");
}

#[test]
fn two_decisions_may_share_a_number_where_the_index_names_both_also_for_a_single_rule() {
    let repository = Repository::with(&[
        ("rfc/README.md", "# Decisions\n\nNumbers stay as they are.\n"),
        ("rfc/0001-use-c.md", &adr("1. Use C", "Accepted", "C.")),
        ("rfc/0001-use-go.md", &adr("1. Use Go", "Accepted", "C.")),
        ("rfc/0002-use-git.md", &adr("2. Use Git", "Accepted", "C.")),
        ("rfc/0003-use-make.md", &adr("3. Use Make", "Accepted", "C.")),
        ("rfc/0004-use-rust.md", &adr("4. Use Rust", "Accepted", "C.")),
    ]);
    let advice =
        "where published numbers stay as they are, name both files in one sentence of `rfc/README.md`";
    let found = helps(&repository);
    assert!(found.len() == 1 && found[0].ends_with(advice), "{found:?}");

    let told = "# Decisions\n\nBoth `0001-use-c.md` and `0001-use-go.md` hold: we change no number.\n";
    repository.write(&[("rfc/README.md", told)]);
    assert_eq!(helps(&repository), [""; 0]);
    let selected = repository.run(&["check", "--select", "reference/duplicate-id"]);
    assert_eq!((selected.code, selected.out.as_str()), (Some(0), ""), "{}", selected.err);
}

#[test]
fn a_list_that_a_program_writes_is_written_by_it_again() {
    let entry = |number| format!("- [ADR-000{number}](000{number}-a.md) - A {number}\n");
    let entries: String = (1..=3).map(entry).collect();
    let log = format!("# Decisions\n\n<!-- adrlog -->\n\n{entries}\n<!-- adrlogstop -->\n");
    let page = |number| {
        (format!("docs/adr/000{number}-a.md"), adr(&format!("{number}. A {number}"), "Accepted", "C."))
    };
    let pages: Vec<(String, String)> = (1..=4).map(page).collect();
    let mut files: Vec<(&str, &str)> =
        pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push(("docs/adr/README.md", &log));
    let expected = "the index does not list `0004` / run `adr-log -i` again, which writes the list, or add `0004` to the list";
    assert_eq!(helps(&Repository::with(&files)), [expected]);
}

#[test]
fn an_example_of_a_page_with_blocks_of_its_own_has_four_backticks() {
    let context = "An example:\n\n```markdown\n## Set up\n\n```bash\nmake\n```\n\n## Go on\n```\n\nBelow it.";
    let repository = Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", context))]);
    let found = helps(&repository);
    let advice = "write four backticks here and where the example in `markdown` begins, which ends with the first block in it";
    assert!(found.iter().any(|help| help.ends_with(advice)), "{found:?}");
}

#[cfg(unix)]
#[test]
fn a_command_quotes_a_path_that_a_shell_would_split() {
    let repository = Repository::with(&[
        ("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", "C.")),
        ("docs/adr/0001-what's in it.md", &adr("1. What is in it", "Accepted", "C.")),
    ]);
    let found = helps(&repository);
    assert_eq!(
        found,
        ["2 decisions have the id `0001` / give one of them a free id, and check the references to it: \
             `alignlint rename 'docs/adr/0001-what'\\''s in it.md' 0002 --apply` renames this one"]
    );
    let (_, rest) = found[0].split_once("`alignlint ").expect("a command");
    let command = format!("{} {}", PROGRAM, rest.split('`').next().expect("its end"));
    let mut shell = std::process::Command::new("sh");
    let status = shell.args(["-c", &command]).current_dir(repository.path()).status().expect("a shell");
    assert!(status.success(), "{command}");
    assert_eq!(helps(&repository), [""; 0]);
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
            "2 decisions have the id `0002` / give one of them a free id, and check the references to it: \
             `alignlint rename rfcs/rejected/0002-use-make.md 0005 --apply` renames this one",
            "2 decisions have the id `0004` / give one of them a free id, and check the references to it: \
             `alignlint rename rfcs/unimplemented/0004-use-forks.md 0007 --apply` renames this one",
        ]
    );
}

#[test]
fn of_two_pages_with_one_number_the_one_that_was_merged_last_is_renamed() {
    const ADA: &str = "Ada <ada@example.org>";
    let repository = Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", "C."))]);
    repository.commit("2026-01-05");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(&[("docs/adr/0002-use-git.md", &adr("2. Use Git", "Accepted", "C."))]);
    repository.commit("2026-03-02");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&[("docs/adr/0002-use-make.md", &adr("2. Use Make", "Accepted", "C."))]);
    repository.commit("2026-04-06");
    repository.merge_as("2026-06-08", ADA, "Merge pull request #7", "side");
    assert_eq!(
        helps(&repository),
        ["2 decisions have the id `0002` / give one of them a free id, and check the references to it: \
          `alignlint rename docs/adr/0002-use-git.md 0003 --apply` renames this one"]
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
fn a_duplicate_takes_the_number_of_its_own_pull_request() {
    let rfc = |title: &str, pull: u32| {
        format!(
            "# {title}\n\n- RFC PR: [#{pull}](https://github.com/us/rfcs/pull/{pull})\n\n## Summary\n\nA.\n\n\
             ## Motivation\n\nA.\n\n## Guide-level explanation\n\nB.\n\n## Drawbacks\n\nC.\n"
        )
    };
    let repository = Repository::with(&[
        ("rfcs/0077-layouts.md", &rfc("Layouts", 77)),
        ("rfcs/0077-names.md", &rfc("Names", 84)),
        ("rfcs/0046-models.md", &rfc("Models", 46)),
        ("rfcs/0046-sums.md", &rfc("Sums", 46)),
    ]);
    assert_eq!(
        helps(&repository),
        [
            "2 decisions have the id `0046` / give one of them the number of its own pull request, and check the references to it",
            "2 decisions have the id `0077` / give this one the number of its own pull request, and check the references to it: \
             `alignlint rename rfcs/0077-names.md 0084 --apply`",
        ]
    );
}

#[test]
fn pull_requests_that_give_no_numbers_are_not_advised() {
    let rfc = |title: &str, pull: u32| {
        format!(
            "# {title}\n\n- Status: accepted\n- RFC PR: https://github.com/us/rfcs/pull/{pull}\n\n## Summary\n\nA.\n\n## Motivation\n\nA.\n"
        )
    };
    let repository = Repository::with(&[
        ("rfcs/0001-layouts.md", &rfc("Layouts", 3)),
        ("rfcs/0002-names.md", &rfc("Names", 22)),
        ("rfcs/0002-sums.md", &rfc("Sums", 26)),
    ]);
    assert_eq!(
        helps(&repository),
        ["2 decisions have the id `0002` / give one of them a free id, and check the references to it: \
          `alignlint rename rfcs/0002-sums.md 0003 --apply` renames this one"]
    );
}

#[test]
fn the_duplicate_that_came_last_to_the_main_line_is_renamed() {
    let page = |title: &str, date: &str| {
        format!(
            "# {title}\n\nDate: {date}\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n"
        )
    };
    let repository = Repository::empty();
    repository.write(&[("docs/adr/0007-use-go.md", &page("7. Use Go", "2026-03-01"))]);
    repository.commit("2026-02-01");
    // Written before the other, in a branch that waited.
    repository.write(&[("docs/adr/0007-use-ada.md", &page("7. Use Ada", "2026-01-05"))]);
    repository.commit("2026-04-01");
    assert_eq!(
        helps(&repository),
        ["2 decisions have the id `0007` / give one of them a free id, and check the references to it: \
          `alignlint rename docs/adr/0007-use-ada.md 0008 --apply` renames this one"]
    );
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
fn a_copy_is_to_be_removed_and_not_to_be_renumbered() {
    let page = adr("1. Use C", "Accepted", "C.");
    let repository =
        Repository::with(&[("docs/adr/0001-use-c.md", &page), ("docs/adr/0001-one-language.md", &page)]);
    assert_eq!(
        helps(&repository),
        [
            "2 decisions have the id `0001` / remove one of the two, which say the same, and lead the links to the other"
        ]
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
            "the file name has the id `0002`, but the decision has `3` / write `2` inside: `3` is the id of `docs/adr/0003-use-c.md`",
            "the file name has the id `0004`, but the decision has `7` / write `0007` in the name of the file, or `4` inside",
        ]
    );
}

#[test]
fn minutes_of_two_days_are_led_to_the_day_that_their_commit_speaks_for() {
    let minutes = |day: &str| format!("# Leadership, {day}\n\n## Attendees\n\n- Ada Byron\n");
    let repository = Repository::empty();
    repository.write(&[("minutes/2026-07-20.md", &minutes("2026-09-20"))]);
    repository.commit("2026-09-25");
    repository.write(&[("minutes/2026-10-06.md", &minutes("2026-01-06"))]);
    repository.commit("2026-10-07");
    repository.write(&[("minutes/2026-11-10.md", &minutes("2026-11-12"))]);
    assert_eq!(
        helps(&repository),
        [
            "the file name has the day 2026-07-20, but the heading has 2026-09-20 / \
             give the file a name with 2026-09-20: the page was committed on 2026-09-25",
            "the file name has the day 2026-10-06, but the heading has 2026-01-06 / \
             write 2026-10-06 here: the page was committed on 2026-10-07",
            "the file name has the day 2026-11-10, but the heading has 2026-11-12 / \
             write the day of the session in both places",
        ]
    );
    let folder = Repository::folder_with(&[("minutes/2026-07-20.md", &minutes("2026-09-20"))]);
    assert_eq!(
        helps(&folder),
        [
            "the file name has the day 2026-07-20, but the heading has 2026-09-20 / write the day of the session in both places"
        ]
    );
}

#[test]
fn minutes_of_two_days_are_led_to_the_weekday_of_the_other_sessions() {
    let minutes = |day: &str| format!("# Leadership, {day}\n\n## Attendees\n\n- Ada Byron\n");
    let repository = Repository::folder_with(&[("minutes/2026-11-11.md", &minutes("2026-11-10"))]);
    for day in ["2026-10-06", "2026-10-13", "2026-10-20", "2026-10-27"] {
        repository.write(&[(&format!("minutes/{day}.md"), &minutes(day))]);
    }
    let told = "the file name has the day 2026-11-11, but the heading has 2026-11-10 / \
                give the file a name with 2026-11-10: the other sessions are on the same weekday";
    assert_eq!(helps(&repository), [told]);
}

#[test]
fn a_heading_that_was_copied_whole_is_to_be_written_anew() {
    let repository = Repository::with(&[
        ("docs/adr/0002-test-calls.md", &adr("2. Test calls", "Accepted", "C.")),
        ("docs/adr/0003-use-ci.md", &adr("2. Test calls", "Accepted", "C.")),
    ]);
    assert_eq!(
        helps(&repository),
        ["the file name has the id `0003`, but the decision has `2` / \
          write the heading of this decision, with `3`: this one is that of `docs/adr/0002-test-calls.md`"]
    );
}

#[test]
fn a_page_without_a_status_is_advised_the_form_of_its_folder() {
    let pages = (1..=9).map(|number| {
        (format!("docs/adr/000{number}-x.md"), adr(&format!("{number}. X{number}"), "Accepted", "C."))
    });
    let mut files: Vec<(String, String)> = pages.collect();
    files[4].1 = files[4].1.replace("## Status\n\nAccepted\n\n", "");
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let asked = ("alignlint.yaml", "practices: { status: [docs/adr/**] }\n");
    assert_eq!(helps(&Repository::with(&files)), [""; 0]);
    assert_eq!(
        helps(&Repository::with(&[&files[..], &[asked]].concat())),
        [
            "`0005` has no status / write a section `Status`, as the other pages of the folder have, and say there whether it holds"
        ]
    );
}

#[test]
fn a_page_with_keys_is_advised_a_key_for_its_status() {
    let madr = |status: &str| {
        format!(
            "---\n{status}date: 2026-07-07\n---\n\n# Purge loans\n\n## Context and Problem Statement\n\nA.\n\n## Considered Options\n\n* B\n\n## Decision Outcome\n\nB.\n"
        )
    };
    let repository = Repository::with(&[
        ("docs/adr/0001-use-git.md", &*adr("1. Use Git", "Accepted", "C.")),
        ("docs/adr/0002-sort-loans.md", &*madr("status: accepted\n").replace("Purge", "Sort")),
        ("docs/adr/0003-purge-loans.md", &*madr("")),
        ("alignlint.yaml", "practices: { status: [docs/adr/**] }\n"),
    ]);
    assert_eq!(
        helps(&repository),
        [
            "`0003` has no status / add `status: …` to the front matter, as other pages of this form have, and say there whether it holds"
        ]
    );
}

#[test]
fn minutes_with_the_name_of_a_copy_are_renamed() {
    let minutes = |day: &str| format!("# {day}\n\n## Attendees\n\n- Ada\n- Bob\n\n## Notes\n\nWe met.\n");
    let repository = Repository::with(&[
        ("minutes/minutes-april-15-2026.md", &minutes("April 15, 2026")),
        ("minutes/minutes-april-15-2026-1.md", &minutes("April 22, 2026")),
    ]);
    assert_eq!(
        helps(&repository),
        [
            "the file name has the day 2026-04-15, but the heading has 2026-04-22 / give the file a name with 2026-04-22, and correct the links to it: its name is that of a copy of `minutes/minutes-april-15-2026.md`"
        ]
    );
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
fn of_two_that_supersede_each_other_the_earlier_one_is_wrong() {
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
            "`5` and `8` supersede each other, so none is in force / remove what `5` supersedes: it was decided first"
        ]
    );
}

#[test]
fn what_to_write_is_as_the_neighbours_write_it() {
    let numbered = |number: u8, title: &str| {
        format!(
            "---\nNumber: {number}\nTitle: {title}\nStatus: accepted\n---\n\n## Context\n\nC.\n\n## Decision\n\nWe do.\n"
        )
    };
    let repository = Repository::with(&[
        ("client/docs/adr/014-web-sockets.md", &numbered(14, "Web sockets")),
        ("client/docs/adr/016-generators.md", &numbered(14, "Generators")),
    ]);
    assert_eq!(
        helps(&repository),
        ["the file name has the id `016`, but the decision has `14` / write `16` inside: `14` is the id of \
             `client/docs/adr/014-web-sockets.md`"]
    );
}

#[test]
fn a_character_before_the_mark_of_a_title_is_named() {
    let proposal =
        |title: &str| format!("{title}\n\n* Status: Draft\n\n## Motivation\n\nM.\n\n## Decision\n\nWe do.\n");
    let names = ["caching", "queues", "tags", "logs"];
    let pages =
        names.map(|name| (format!("docs/design_proposals/{name}.md"), proposal(&format!("# Better {name}"))));
    let mut files: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (&**path, &**text)).collect();
    let slip = proposal("1# Better names");
    files.push(("docs/design_proposals/image-tagger.md", &slip));
    assert_eq!(
        helps(&Repository::with(&files)),
        ["the page of `image-tagger` has no title / remove `1` before the `#` of its first line"]
    );
}
