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
fn a_broken_anchor_is_explained_by_what_the_page_has_of_its_name() {
    let page = "# 1. Use C\n\n## Status\n\nAccepted\n\n**Next steps:** none.\n\n## Decision\n\nSee [below](#next-steps), [there](#steps) and [here](#sums).\n\n<span id=\"#sums\"/>All [of it](#plan).\n\n[plan]: https://example.org/plan\n";
    assert_eq!(
        helps(&Repository::with(&[("docs/adr/0001-use-c.md", page)])),
        [
            "broken link to `#next-steps` / make `**Next steps:**` a heading, or lead the link to the heading above it",
            "broken link to `#steps` / correct the anchor after `#`, or remove the link",
            "broken link to `#sums` / remove the `#` from the id `#sums`, to which it leads",
            "broken link to `#plan` / write `[of it][plan]`: the page says below where `plan` leads",
        ]
    );
}

#[test]
fn keys_in_bold_are_no_front_matter() {
    let page = "---\n**Author**: Ada\n**Version**: 2\n---\n# ADR-001: Use C\n\n## Status\n\nAccepted\n";
    assert_eq!(
        helps(&Repository::with(&[("docs/adr/ADR-001-use-c.md", page)])),
        [
            "unknown alias `*Author**`; text that starts with `*` must be quoted / write the keys of the front matter without `**`, \
          or remove the lines `---` around them"
        ]
    );
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
    let selected = repository.run(&["check", "--select", "decision/duplicate-id"]);
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
fn a_broken_anchor_is_led_to_the_heading_with_nearly_the_same_words() {
    let context = "[a](#4-costs-of-it) [b](#the-public-api-changes) [c](#appendix-b-soundness) [d](#launchplan) [e](#nothing-like-it)\n\n\
                   ### 5 Costs of it\n\n### The API changes\n\n### Appendix B: What it costs\n\n### Launch plan";
    let repository = Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", context))]);
    assert_eq!(
        helps(&repository),
        [
            "broken link to `#4-costs-of-it` / did you mean `#5-costs-of-it`?",
            "broken link to `#the-public-api-changes` / did you mean `#the-api-changes`?",
            "broken link to `#appendix-b-soundness` / did you mean `#appendix-b-what-it-costs`?",
            "broken link to `#launchplan` / did you mean `#launch-plan`?",
            "broken link to `#nothing-like-it` / correct the anchor after `#`, or remove the link",
        ]
    );
}

#[test]
fn an_anchor_is_led_to_the_one_page_beside_it_that_has_its_heading() {
    let whole = "[Tests](#tests-and-quality).\n\n### Tests and quality\n\nC.";
    let repository = Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", whole))]);
    repository.write(&[
        (
            "docs/adr/0001-use-c.md",
            &adr("1. Use C", "Accepted", "[Tests](#tests-and-quality), [tools](#our-tools-today)."),
        ),
        (
            "docs/adr/0002-use-git.md",
            &adr("2. Use Git", "Accepted", "C.\n\n### Tests and quality\n\nC.\n\n### Our tools today\n\nC."),
        ),
    ]);
    repository.commit("2026-10-02");
    assert_eq!(
        helps(&repository),
        [
            "broken link to `#tests-and-quality` / did you mean `0002-use-git.md#tests-and-quality`?",
            // No version of the page had it.
            "broken link to `#our-tools-today` / correct the anchor after `#`, or remove the link",
        ]
    );
}

#[test]
fn a_list_of_headings_that_a_program_writes_has_hyphens_for_spaces_after_headings() {
    let page = |heading: &str, contents: &str| {
        let context = format!("<!-- TOC -->\n{contents}<!-- TOC -->\n\n### {heading}\n\nC.");
        Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", &context))])
    };
    let (list, gone) = ("* [Why C](#why-c-)\n", "* [Gone](#all-is-gone)\n");
    let spaced = "broken link to `#why-c-` / remove the space after the heading, and run the program again that wrote the list";
    assert_eq!(helps(&page("Why C ", list)), [spaced]);
    assert_eq!(helps(&page("Why C", list)), [""; 0]);
    let again =
        "broken link to `#all-is-gone` / run the program again that wrote the list, or remove the entry";
    assert_eq!(helps(&page("Why C ", &format!("{list}{gone}"))), [again]);
    let without_code = "broken link to `#why--c` / write the heading without backticks, and run the program again that wrote the list";
    assert_eq!(helps(&page("Why `a == b` C", "* [Why C](#why--c)\n")), [without_code]);
}

#[test]
fn a_page_in_a_folder_of_drafts_is_offered_to_none_outside() {
    let context = "[a](0007-use-one-queue.md) [b](../../templates/use-one-tool.md)";
    let repository = Repository::with(&[
        ("docs/adr/0001-use-c.md", &*adr("1. Use C", "Accepted", context)),
        ("docs/_drafts/0003-use-one-queue.md", "# Use one queue\n"),
        ("docs/templates/use-one-tool.md", "# Use one tool\n"),
    ]);
    assert_eq!(
        helps(&repository),
        [
            "broken link to `0007-use-one-queue.md` / correct the path, or remove the link; no commit on the main line of this branch had the file",
            "broken link to `../../templates/use-one-tool.md` / did you mean `../templates/use-one-tool.md`?",
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
fn an_entry_of_a_list_of_contents_is_led_to_the_heading_at_its_place() {
    let context = "- [Costs](#costs)\n- [Release](#release)\n- [Risks](#risks)\n- [End](#end)\n\n\
                   ### Costs\n\n### Launch of the release\n\n### Risks\n";
    let advised = |context: &str| {
        helps(&Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", context))]))
    };
    let end = "broken link to `#end` / correct the anchor after `#`, or remove the link";
    assert_eq!(advised(context), ["broken link to `#release` / did you mean `#launch-of-the-release`?", end]);
    let other = "broken link to `#release` / correct the anchor after `#`, or remove the link";
    assert_eq!(advised(&context.replace("Launch of the release", "Launch")), [other, end]);
}

#[test]
fn an_entry_of_the_contents_without_a_section_is_to_be_removed_or_written() {
    let contents = "- [Context](#context)\n- [Decision](#decision)\n  - [Stories (Optional)](#stories-optional)\n- [Status](#status)\n";
    let page = adr("1. Use Git", "Accepted", "As [said](#stories).")
        .replace("## Status", &format!("{contents}\n## Status"));
    let repository = Repository::with(&[("docs/adr/0001-use-git.md", &page)]);
    assert_eq!(
        helps(&repository),
        [
            "broken link to `#stories-optional` / write the section, or remove the entry",
            "broken link to `#stories` / correct the anchor after `#`, or remove the link",
        ]
    );
}

#[test]
fn an_entry_of_the_contents_may_be_one_of_a_heading_that_was_renamed() {
    let helps_of = |headings: &[&str]| {
        let contents = "- [Context](#context)\n- [Decision](#decision)\n- [Total first release](#total-first-release-5)\n- [Status](#status)\n";
        let headings: String = headings.iter().map(|heading| format!("### {heading}\n\nText.\n\n")).collect();
        let page =
            adr("1. Use Git", "Accepted", &headings).replace("## Status", &format!("{contents}\n## Status"));
        helps(&Repository::with(&[("docs/adr/0001-use-git.md", &page)]))
    };
    let help = |text: &str| format!("broken link to `#total-first-release-5` / {text}");
    let several = ["Total of the first release", "Total of the first release and tokens"];
    assert_eq!(helps_of(&several[..1]), [help("did you mean `#total-of-the-first-release`?")]);
    assert_eq!(helps_of(&several), [help("correct the anchor after `#`, or remove the link")]);
    assert_eq!(helps_of(&["First release"]), [help("write the section, or remove the entry")]);
}

#[test]
fn a_heading_in_a_comment_is_to_be_taken_out_of_it() {
    let context = "- [Stories](#stories)\n\n<!-- ### Stories\n\n#### Costs -->\n\nSee [costs](#costs).";
    let repository =
        Repository::with(&[("docs/adr/0001-use-git.md", &adr("1. Use Git", "Accepted", context))]);
    let help = "remove the link, or take the heading out of the comment";
    let expected = ["stories", "costs"].map(|anchor| format!("broken link to `#{anchor}` / {help}"));
    assert_eq!(helps(&repository), expected);
}

#[test]
fn a_page_that_was_moved_or_renumbered_is_found_by_its_words_or_number() {
    let context =
        "[a](0007-use-one-queue.md) [b](../proposed/0004-sell-direct.md) [c](0005-gone-for-good.md)";
    let repository = Repository::with(&[
        ("proposals/accepted/0001-use-c.md", &*adr("1. Use C", "Accepted", context)),
        ("proposals/accepted/0004-sell-only-direct.md", &adr("4. Sell only direct", "Accepted", "C.")),
        ("notes/old/0003-use-one-queue.md", "# Use one queue\n"),
    ]);
    assert_eq!(
        helps(&repository),
        [
            "broken link to `0007-use-one-queue.md` / did you mean `../../notes/old/0003-use-one-queue.md`?",
            "broken link to `../proposed/0004-sell-direct.md` / did you mean `0004-sell-only-direct.md`?",
            "broken link to `0005-gone-for-good.md` / correct the path, or remove the link; no commit on the main line of this branch had the file",
        ]
    );
}

#[test]
fn a_link_with_one_step_up_too_many_leads_out_of_the_repository() {
    let context =
        "[a](../../docs/use.md#why) [b](../../issues) [c](../../docs/gone.md) [d](../../docs/0002-use-d.md)";
    let files = [
        ("rfcs/0001-use-c.md", &*adr("1. Use C", "Accepted", context)),
        ("docs/use.md", "# Use\n\n## Why\n"),
        ("rfcs/0002-use-d.md", &*adr("2. Use D", "Accepted", "Why not.")),
    ];
    assert_eq!(
        helps(&Repository::with(&files)),
        [
            "broken link to `../../docs/use.md#why` / did you mean `../docs/use.md#why`?",
            "broken link to `../../docs/0002-use-d.md` / did you mean `0002-use-d.md`?"
        ]
    );
    assert_eq!(helps(&Repository::folder_with(&files)), [""; 0], "the folder may be part of a larger one");
}

#[test]
fn a_formula_and_an_anchor_with_the_prefix_of_a_program_are_no_broken_links() {
    let context = "With $[f](\\zeta)$ as in [errors](#sec-Errors).\n\n### Errors";
    let repository = Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", context))]);
    assert_eq!(helps(&repository), [""; 0]);
}

#[test]
fn links_in_html_and_labels_that_are_not_defined_are_checked() {
    let context = "<a href=\"0002-gone.md\">Gone</a>, <a href=\"0001-use-c.md\">here</a>, [costs][costs page], [why][cots page], \
                   `[a][b page]`, rows[first][second].\n\n<p><a href=\"gone.md\">Gone</a></p>\n\n<!-- <a href=\"no.md\"> -->\n\n\
                   [costs page]: 0001-use-c.md\n";
    let page = adr("1. Use C", "Accepted", context);
    let repository = Repository::with(&[("docs/adr/0001-use-c.md", &page)]);
    let found = [
        "broken link to `0002-gone.md` / correct the path, or remove the link; no commit on the main line of this branch had the file",
        "broken link to `[cots page]` / correct the label here or at its definition: the page has `costs page`",
        "broken link to `gone.md` / correct the path, or remove the link; no commit on the main line of this branch had the file",
    ];
    assert_eq!(helps(&repository), found);
    repository.write(&[("docs/adr/0001-use-c.md", &page.replace("[costs][costs page]", "costs"))]);
    assert_eq!(
        helps(&repository),
        [found[0], found[2]],
        "where no label is defined and used, brackets are text"
    );
}

#[test]
fn an_address_of_the_default_branch_leads_to_a_file() {
    let address = "https://github.com/Acme/plans/blob";
    let context = format!(
        "[a]({address}/main/docs/adr/0001-use-c.md#status) [b]({address}/main/docs/adr/0002-use-go.md) \
         [c]({address}/v1/docs/gone.md) [d](https://github.com/acme/other/blob/main/gone.md) <{address}/main/docs/gone>"
    );
    let repository = Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", &context))]);
    assert_eq!(helps(&repository), [""; 0], "the remote is not known");
    repository.git(&["remote", "add", "origin", "git@github.com:acme/plans.git"]);
    assert_eq!(
        helps(&repository),
        [
            format!(
                "broken link to `{address}/main/docs/adr/0002-use-go.md` / correct the path, or remove the link"
            ),
            format!("broken link to `{address}/main/docs/gone` / correct the path, or remove the link"),
        ]
    );
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    assert_eq!(helps(&repository), [""; 0]);
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
fn a_list_around_which_the_comments_of_a_template_stayed_is_led_to_the_headings() {
    let page = "# Queue\n\n<!-- toc -->\n- [User stories (optional)](#user-stories-optional)\n<!-- /toc -->\n\n\
                ## User stories\n\nA.\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    let repository = Repository::with(&[("docs/adr/0001-queue.md", page)]);
    assert_eq!(
        helps(&repository),
        ["broken link to `#user-stories-optional` / did you mean `#user-stories`?"]
    );
}

#[test]
fn a_page_that_is_gone_is_looked_for_by_the_text_of_the_link() {
    let repository = Repository::with(&[
        ("docs/adr/0001-use-one-queue.md", &adr("Use one queue", "Accepted", "C.")),
        ("docs/adr/0002-add.md", &adr("Add", "Accepted", "As in [Use one queue](../rfcs/oq.md#context).")),
    ]);
    assert_eq!(
        helps(&repository),
        ["broken link to `../rfcs/oq.md#context` / did you mean `0001-use-one-queue.md#context`?"]
    );
}

#[test]
fn in_the_section_of_its_name_a_file_of_a_folder_above_is_meant() {
    let page = adr("Use Git", "Accepted", "C.") + "\n## License\n\nSee [LICENSE](LICENSE).\n";
    let repository = Repository::with(&[("docs/adr/0001-use-git.md", &page), ("LICENSE", "None.\n")]);
    assert_eq!(helps(&repository), ["broken link to `LICENSE` / did you mean `../../LICENSE`?"]);
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
fn what_to_write_in_an_unreadable_file_is_said() {
    for (line, help) in [
        ("title: \"Use C\nstatus: open\n", "write the closing `\"` at the end of the text"),
        ("owner: @ada\n", "write `owner: \"@ada\"`"),
    ] {
        let repository = Repository::with(&[(
            "governance/decisions.yaml",
            &format!("decisions:\n  - id: D-1\n    {line}"),
        )]);
        let found = helps(&repository);
        assert!(found[0].ends_with(help) && !help.is_empty(), "{found:?}");
    }
}

#[test]
fn a_dead_path_below_related_decisions_is_corrected_or_removed() {
    let page = "---\ntitle: Split\nstatus: Accepted\n---\n\n## Context and Problem Statement\n\nC.\n\n## Considered Options\n\n* Split\n* Keep: too large\n\n\
                ## Decision Outcome\n\nWe do.\n\n## Related Decisions\n\n- **Related Plans:** [Plan](../plan.md)\n";
    let repository = Repository::with(&[("docs/adr/0001-split.md", page)]);
    let found = helps(&repository);
    assert!(found.iter().all(|it| it.ends_with("correct the path, or remove the link")), "{found:?}");
    assert_eq!(found.len(), 1);
}

#[test]
fn an_entry_of_a_copied_template_is_not_to_be_written() {
    let page = "# Store logs\n\n- [Title](#title)\n  - [Summary](#summary)\n  - [Plan](#plan)\n  - [Risks](#risks)\n  - [Costs](#costs)\n\n\
                ## Status\n\nAccepted\n\n## Summary\n\nA.\n\n## Plan\n\nB.\n\n## Risks\n\nC.\n";
    let found = helps(&Repository::with(&[("docs/proposals/0001-store-logs.md", page)]));
    assert_eq!(
        found,
        [
            "broken link to `#title` / lead this entry of the template to the title of the page, or remove it",
            "broken link to `#costs` / write the section, or remove the entry",
        ]
    );
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
fn a_label_that_is_misspelt_is_named_with_the_one_that_is_defined() {
    let page = "We ask the [lead][shepherd], as [others][other] do.\n\n[sheherd]: https://example.org\n[other]: https://example.org\n";
    let repository = Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", page))]);
    assert_eq!(
        helps(&repository),
        ["broken link to `[shepherd]` / correct the label here or at its definition: the page has `sheherd`"]
    );
}

#[test]
fn an_address_that_was_to_be_filled_in_is_no_address() {
    let page = "See the [issue](github.com/link/to/issue).";
    let repository = Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", page))]);
    assert_eq!(
        helps(&repository),
        [
            "broken link to `github.com/link/to/issue` / write the address to which it is to lead, or remove the link"
        ]
    );
}

#[test]
fn a_link_is_resolved_from_where_the_page_lay_when_it_was_written() {
    let repository = Repository::with(&[
        (
            "doc/adr/0009-review.md",
            &adr("9. Review", "Accepted", "See [the flow](../cascade-flow.md), [no page](../gone.md)."),
        ),
        (
            "doc/cascade-flow.md",
            "# The flow of a cascade\n\nFirst this, then that, and in the end all of it.\n",
        ),
    ]);
    repository.commit("2026-01-05");
    repository.git(&["rm", "--quiet", "doc/cascade-flow.md"]);
    repository.write(&[(
        "doc/product/cascade-flow-spec.md",
        "# The flow of a cascade\n\nFirst this, then that, and in the end all of it.\n",
    )]);
    repository.git(&["add", "."]);
    repository.write(&[("doc/src/adr/.keep", "")]);
    repository.git(&["mv", "doc/adr/0009-review.md", "doc/src/adr/0009-review.md"]);
    repository.commit("2026-02-02");
    assert_eq!(
        helps(&repository),
        [
            "broken link to `../cascade-flow.md` / did you mean `../../product/cascade-flow-spec.md`?",
            "broken link to `../gone.md` / correct the path, or remove the link; no commit on the main line of this branch had the file",
        ]
    );
}

#[test]
fn the_only_file_of_a_name_in_a_folder_above_is_meant() {
    let repository = Repository::with(&[
        ("docs/adr/0010-tests.md", &adr("10. Tests", "Accepted", "As in [the guide](../CONVENTIONS.md).")),
        ("CONVENTIONS.md", "# Conventions\n"),
    ]);
    assert_eq!(
        helps(&repository),
        ["broken link to `../CONVENTIONS.md` / did you mean `../../CONVENTIONS.md`?"]
    );
}

#[test]
fn a_value_with_quotes_of_both_kinds_becomes_a_block() {
    let page = "---\nstatus: accepted\nreason: he said: \"it's late\"\n---\n# Use C\n\n## Context\n\nA.\n";
    let repository = Repository::with(&[("docs/decisions/0001-use-c.md", page)]);
    assert_eq!(
        helps(&repository),
        [
            "a value that contains `: ` must be quoted / write `reason: >-`, and the text on the next line, indented"
        ]
    );
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
fn a_file_of_code_that_was_renamed_and_changed_is_followed() {
    let code = |name: &str| {
        let checks: Vec<String> = (1..20).map(|at| format!("    assert!(value != {at}.0);\n")).collect();
        format!("pub struct {name}(f32);\n\npub fn check(value: f32) {{\n{}}}\n", checks.concat())
    };
    let repository = Repository::with(&[
        ("docs/adr/0001-types.md", &adr("1. Types", "Accepted", "See [it](../../src/throttle.rs).")),
        ("src/throttle.rs", &code("Throttle")),
    ]);
    repository.commit("2026-01-05");
    repository.git(&["rm", "--quiet", "src/throttle.rs"]);
    repository.write(&[("src/throttle_command.rs", &code("ThrottleCommand"))]);
    repository.commit("2026-02-02");
    assert_eq!(
        helps(&repository),
        ["broken link to `../../src/throttle.rs` / did you mean `../../src/throttle_command.rs`?"]
    );
}

#[test]
fn a_file_of_another_numbered_folder_is_not_meant() {
    let repository = Repository::with(&[
        (
            "docs/adr/0001-types.md",
            &adr("1. Types", "Accepted", "See [it](../specs/260310-data-sets/data-model.md)."),
        ),
        ("docs/specs/251117-modules/data-model.md", "# Data\n"),
    ]);
    let found = helps(&repository);
    assert!(found.len() == 1 && !found[0].contains("did you mean"), "{found:?}");
}

#[test]
fn a_short_number_means_the_page_with_zeros_before_it() {
    let repository = Repository::with(&[
        ("zips/zip-0003-tokens.md", &adr("3. Tokens", "Accepted", "C.")),
        ("zips/zip-0004-pools.md", &adr("4. Pools", "Accepted", "See [it](./zip-3.md).")),
    ]);
    let expected = "broken link to `./zip-3.md` / did you mean `zip-0003-tokens.md`?";
    assert!(helps(&repository).contains(&expected.to_owned()), "{:?}", helps(&repository));
}

#[test]
fn several_names_with_a_mark_are_to_be_quoted_one_by_one() {
    let page =
        |names: &str| format!("---\ntitle: Size\nauthors: {names}\n---\n\n# Size\n\n## Status\n\nAccepted\n");
    let told = |names: &str| helps(&Repository::with(&[("docs/adr/0001-size.md", &page(names))]));
    let one = told("@ada");
    assert!(one.iter().any(|it| it.ends_with("write `authors: \"@ada\"`")), "{one:?}");
    for names in ["[@ada, @kai]", "@ada, @kai"] {
        let several = told(names);
        assert!(several.iter().any(|it| it.ends_with("put each of the texts in quotes")), "{several:?}");
    }
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

#[test]
fn a_folder_of_the_same_number_or_words_is_what_a_reference_means() {
    let kep = |number: u32, see: &str| {
        format!(
            "title: Calls\nkep-number: {number}\nowning-sig: sig-api\nauthors: [\"@ada\"]\napprovers: [\"@bo\"]\nstatus: provisional\ncreation-date: 2026-01-30\nsee-also: [{see}]\n"
        )
    };
    let repository = Repository::with(&[
        ("keps/sig-api/12-retry-failed-calls/kep.yaml", &kep(12, "")),
        ("keps/sig-api/13-drop-slow-calls/kep.yaml", &kep(13, "")),
        (
            "keps/sig-api/14-count-calls/kep.yaml",
            &kep(
                14,
                "/keps/sig-api/12-retries, /keps/sig-api/31-drop-slow-calls, /keps/sig-api/99-log-calls",
            ),
        ),
    ]);
    assert_eq!(
        helps(&repository),
        [
            "`14` refers to the unknown decision `/keps/sig-api/12-retries` / did you mean `/keps/sig-api/12-retry-failed-calls`?",
            "`14` refers to the unknown decision `/keps/sig-api/31-drop-slow-calls` / did you mean `/keps/sig-api/13-drop-slow-calls`?",
            "`14` refers to the unknown decision `/keps/sig-api/99-log-calls` / correct the path, or remove the link",
        ]
    );
}

#[test]
fn an_anchor_names_and_cases_that_were_copied_are_told_apart_from_slips() {
    let context = "[Ours](#votes--certificates), as in [the report](https://a.org/report#votes--certificates). \
                   The finalizer **k.io/pvc-hold** is removed: [k.io/pvc-hold](k.io/pvc-held). [Above](./0001-VOTE.md)";
    let page =
        adr("1. Vote", "Accepted", context) + "\n## Specification of votes and certificates\n\nBelow.\n";
    let repository = Repository::with(&[("docs/adr/0001-vote.md", &page)]);
    assert_eq!(
        helps(&repository),
        [
            "broken link to `#votes--certificates` / did you mean `https://a.org/report#votes--certificates`?",
            "broken link to `k.io/pvc-held` / remove the link, and keep its text",
            "broken link to `./0001-VOTE.md` / did you mean `0001-vote.md`?",
        ]
    );
}

#[test]
fn a_label_that_is_defined_without_a_colon_and_an_anchor_in_brackets_are_corrected() {
    let context = "See [decision][#decision], [goals][g1] and [prices][prices].\n\n[g1]: https://example.org/goals\n[prices](https://example.org/prices)";
    let repository = Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C", "Accepted", context))]);
    assert_eq!(
        helps(&repository),
        [
            "broken link to `[#decision]` / did you mean `(#decision)`?",
            "broken link to `[prices]` / write `[prices]: https://example.org/prices` for `[prices](https://example.org/prices)`: \
             without the colon, that line is a link and defines no label",
        ]
    );
    repository.run(&["check", "--fix=all", "--as-of", "2026-11-20"]);
    assert!(repository.read("docs/adr/0001-use-c.md").contains("See [decision](#decision),"));
}
