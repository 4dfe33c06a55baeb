//! `docs/adoption.md`: what it shows of a run is what a run prints.

use crate::kit::{Repository, project_file};

/// A text without its numbers.
fn without_numbers(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[test]
fn the_baseline_is_written_as_the_page_shows() {
    let decision = "decisions:\n  - {id: D-1, title: T, status: accepted, date: 2026-11-01, owner: ada}\n  - {id: D-2, title: U, status: accepted, date: 2026-11-01, owner: ada}\n";
    let kpis = "kpis:\n  - {id: churn, title: Churn}\n  - {id: margin, title: Margin}\n";
    let repository =
        Repository::folder_with(&[("governance/decisions.yaml", decision), ("governance/kpis.yaml", kpis)]);
    let output = repository.run_today(&["--write-baseline"]);
    let page = project_file("docs/adoption.md");
    let (_, shown) = page.split_once("$ alignlint --write-baseline\n").expect("the command");
    let (shown, _) = shown.split_once("```").expect("its end");
    let lines: Vec<&str> = output.err.lines().filter(|line| !line.contains("no Git history")).collect();
    // The page leaves out the checks that were not judged.
    let words = |text: &str| without_numbers(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let printed = words(&lines.join("\n"));
    let (counts, read) = printed.split_once(". Read").expect("two sentences");
    let known = counts.split(" already known").next().expect("the known findings");
    assert_eq!(words(shown), format!("{known} already known. Read{read}"));
    let (_, entries) = page.split_once("version: 2\nfindings:\n").expect("a baseline");
    let keys = |line: &str| {
        line.split(' ').filter(|word| word.ends_with(':')).map(str::to_owned).collect::<Vec<_>>()
    };
    let written = repository.read("alignlint-baseline.yaml");
    let written = written.lines().find(|line| line.contains("record:")).expect("an entry");
    assert_eq!(keys(entries.lines().next().expect("an entry")), keys(written));
}

#[test]
fn the_line_about_owners_holds_any_folder_to_the_practice() {
    let page = project_file("docs/adoption.md");
    let (_, sample) = page.split_once("## Practices\n").expect("the section");
    let (_, sample) = sample.split_once("```yaml\n").expect("the sample");
    let (config, _) = sample.split_once("```").expect("its end");
    let repository = Repository::folder_with(&[
        ("docs/adr/0001-use-rust.md", "# 1. Use Rust\n\n## Status\n\nAccepted\n\n## Context\n\nSpeed.\n"),
        (
            "docs/adr/0002-use-git.md",
            "---\nstatus: accepted\n---\n# Use Git\n\n## Context and Problem Statement\n\nHow?\n\n## Considered Options\n\n* Git\n",
        ),
    ]);
    assert_eq!(repository.check(&["--select", "ownership/missing"]).out, "");
    repository.write(&[("alignlint.yaml", config)]);
    assert_eq!(repository.check(&["--select", "ownership/missing"]).messages().len(), 2);
}
