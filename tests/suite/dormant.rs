//! Folders that nobody has changed for years: a first run tells of their findings in a line.

use crate::kit::Repository;

fn adr(title: &str) -> String {
    format!(
        "# {title}\n\n## Status\n\nAccepted\n\n## Context\n\nSee [the plan](plan.md).\n\n## Decision\n\nWe do.\n"
    )
}

/// A folder that rests since 2021, in a repository that goes on.
fn resting() -> Repository {
    let repository =
        Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C")), ("README.md", "# Shop\n")]);
    repository.commit("2021-03-01");
    repository.write(&[("README.md", "# Shop\n\nOpen.\n")]);
    repository.commit("2026-05-04");
    repository
}

fn findings(repository: &Repository, arguments: &[&str]) -> usize {
    repository.check(arguments).out.lines().filter(|line| line.contains("[reference/broken-link]")).count()
}

#[test]
fn findings_in_a_dormant_folder_are_told_in_a_line() {
    let repository = resting();
    let output = repository.check(&[]);
    assert_eq!((output.code, findings(&repository, &[])), (Some(0), 0), "{}", output.out);
    assert!(
        output.err.contains(
            "`docs/adr/`: 1 finding is left out, as nobody has changed a page there for 3 years; `alignlint check docs/adr` shows it"
        ),
        "{}",
        output.err
    );
    let report = repository.run(&["check", "--as-of", "2026-11-20", "--format", "json"]).json();
    assert_eq!(report["summary"]["error"], 0, "{report}");
    assert_eq!(report["summary"]["known"], 0, "{report}");
}

#[test]
fn the_command_quotes_a_folder_that_a_shell_would_split() {
    let repository = Repository::with(&[("docs/our adrs/adr/0001-use-c.md", &adr("1. Use C"))]);
    repository.commit("2021-03-01");
    repository.write(&[("README.md", "# Shop\n")]);
    repository.commit("2026-05-04");
    let output = repository.check(&[]);
    assert!(output.err.contains("`alignlint check 'docs/our adrs/adr'` shows it"), "{}", output.err);
    assert_eq!(findings(&repository, &["docs/our adrs/adr"]), 1);
}

#[test]
fn who_asks_for_the_pages_is_told_all() {
    let repository = resting();
    assert_eq!(findings(&repository, &["docs/adr"]), 1);
    repository.write(&[("alignlint.yaml", "extends: [recommended]\n")]);
    assert_eq!(findings(&repository, &[]), 1);
    let repository = resting();
    assert_eq!(repository.run_today(&["check", "--write-baseline"]).code, Some(0));
    assert!(repository.read("alignlint-baseline.yaml").contains("broken-link"));
}

#[test]
fn a_folder_is_dormant_only_if_all_that_is_there_is_old() {
    let edited = resting();
    edited.write(&[("docs/adr/0001-use-c.md", &adr("1. Use C everywhere"))]);
    assert_eq!(findings(&edited, &[]), 1, "a change that is not committed");

    let added = resting();
    added.write(&[("docs/adr/0002-use-git.md", &adr("2. Use Git"))]);
    added.commit("2026-11-02");
    assert_eq!(findings(&added, &[]), 2, "a new page");

    let recent = Repository::with(&[("docs/adr/0001-use-c.md", &adr("1. Use C"))]);
    recent.commit("2024-03-01");
    assert_eq!(findings(&recent, &[]), 1, "two years");

    let without_history = Repository::folder_with(&[("docs/adr/0001-use-c.md", &adr("1. Use C"))]);
    assert_eq!(findings(&without_history, &[]), 1, "no repository");

    let shallow = Repository::clone(&resting(), &["--depth=1"]);
    assert_eq!(findings(&shallow, &[]), 1, "a shallow clone knows of no older commit");
}

#[test]
fn records_of_the_programs_own_form_are_never_dormant() {
    let page = "---\nkind: decision\nid: D-7\nstatus: accepted\nowner: ada\n---\n# Raise prices\n\nSee [the plan](plan.md).\n";
    let repository = Repository::with(&[("governance/decisions/D-7.md", page)]);
    repository.commit("2021-03-01");
    repository.write(&[("README.md", "# Shop\n")]);
    repository.commit("2026-05-04");
    assert_eq!(findings(&repository, &[]), 1);
}

#[test]
fn minutes_of_long_ago_are_told_in_a_line() {
    let minutes = "# Meeting\n\n## Attendees\n\n- Ada\n\n## Notes\n\nSee [the plan](plan.md).\n";
    let files = [("group/2019-06-04-call.md", minutes), ("group/2026-06-02-call.md", minutes)];
    let repository = Repository::with(&files);
    repository.commit("2026-09-01");
    let output = repository.check(&[]);
    assert_eq!(findings(&repository, &[]), 1, "{}", output.out);
    assert!(output.out.contains("group/2026-06-02-call.md"), "{}", output.out);
    let line = "`group/`: 1 finding is left out, about what took place more than 3 years ago; `alignlint check group` shows it";
    assert!(output.err.contains(line), "{}", output.err);
    assert_eq!(findings(&repository, &["group"]), 2);
    repository.write(&[("alignlint.yaml", "extends: [recommended]\n")]);
    assert_eq!(findings(&repository, &[]), 2);
}

#[test]
fn the_root_is_dormant_if_several_records_lie_there() {
    let pages = [
        ("0001-use-c.md", adr("1. Use C")),
        ("0002-use-d.md", adr("2. Use D")),
        ("0003-use-e.md", adr("3. Use E")),
    ];
    let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (*path, &**text)).collect();
    let at = |pages: &[(&str, &str)]| {
        let repository = Repository::with(pages);
        repository.commit("2021-03-01");
        repository.write(&[("src/main.c", "int x;\n")]);
        repository.commit("2026-05-04");
        repository
    };
    let all = at(&pages);
    let output = all.check(&[]);
    assert_eq!(findings(&all, &[]), 0, "{}", output.out);
    assert!(
        output.err.contains("`./`: 3 findings are left out")
            && output.err.contains("`alignlint check .` shows them"),
        "{}",
        output.err
    );
    assert_eq!(findings(&all, &["."]), 1);
    assert_eq!(findings(&at(&pages[..2]), &[]), 2, "two pages");
}

#[test]
fn a_repository_that_says_that_it_is_archived_is_told_in_a_line() {
    let page = adr("1. Use C");
    let files =
        [("docs/adr/0001-use-c.md", &*page), ("README.md", "---\n# ⚠️ Archived Repository\n\nMore.\n")];
    let repository = Repository::with(&files);
    repository.commit("2026-09-01");
    let output = repository.check(&[]);
    assert_eq!(findings(&repository, &[]), 0, "{}", output.out);
    let line = "`./`: 1 finding is left out, as its README says that the repository is archived; `alignlint check .` shows it";
    assert!(output.err.contains(line), "{}", output.err);
    assert_eq!(findings(&repository, &["."]), 1);
    repository.write(&[("README.md", "# Shop\n\nThe plugin is no longer maintained.\n")]);
    assert_eq!(findings(&repository, &[]), 1);
}
