//! `alignlint init`: what it writes passes, and what is there stays.

use alignlint::calendar::parse_date;
use alignlint::linter::{Linter, Options};
use alignlint::starter::{self, Request, Survey};

use crate::kit::{Repository, TODAY, alignlint, project_file};

/// Writes files for these kinds into an empty folder; returns the findings of all rules of the default preset, except notes.
fn findings(kinds: &[&str]) -> Vec<String> {
    let folder = Repository::folder();
    let options =
        || Options { directory: folder.path().into(), as_of: parse_date(TODAY), ..Options::default() };
    let linter = Linter::open(options()).expect("the folder is opened");
    let survey = Survey::take(&linter).expect("the folder is read");
    let request = Request { kinds: kinds.iter().map(ToString::to_string).collect(), ..Request::default() };
    starter::write(&linter, &survey, &request, linter.as_of()).expect("the files are written");
    let outcome = Linter::open(options()).and_then(|linter| linter.lint()).expect("the folder is checked");
    let found = outcome.findings.iter().filter(|finding| finding.severity.name() != "note");
    found.map(|finding| format!("{kinds:?} {}: {}", finding.rule, finding.message)).collect()
}

#[test]
fn first_records_of_any_two_kinds_pass() {
    let kinds = alignlint::kind::Kinds::load(&[]).expect("the embedded kinds have no faults");
    let names: Vec<&str> = kinds.iter().map(|kind| &*kind.plural).collect();
    let mut found = Vec::new();
    // The directory alone is nothing to check.
    let is_directory = |name: &str| ["people", "roles", "teams"].contains(&name);
    for (at, one) in names.iter().enumerate() {
        if !is_directory(one) {
            found.extend(findings(&[one]));
        }
        for other in names[at + 1..].iter().filter(|other| !(is_directory(one) && is_directory(other))) {
            found.extend(findings(&[one, other]));
        }
    }
    found.extend(findings(&["okrs", "metrics", "decision-rights"]));
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_example_is_a_small_company_that_passes() {
    let repository = Repository::empty();
    let written = repository.run_today(&["init", "--example"]);
    assert_eq!(written.code, Some(0), "{}", written.err);
    assert!(written.out.contains("wrote `governance/decisions.yaml`\n"), "{}", written.out);
    repository.commit("2026-11-20");
    let checked = repository.run_today(&["--fail-on", "note"]);
    assert_eq!((checked.code, &*checked.out), (Some(0), ""));
    assert!(checked.notes().contains("No findings in 11 files"), "{}", checked.err);
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let own = [("alignlint.yaml", "fail-on: warning\n"), ("governance/kpis.yaml", "kpis: []\n")];
    let repository = Repository::with(&own);
    let output = repository.run_today(&["init", "--with", "kpis,terms"]);
    assert_eq!(output.code, Some(0));
    let expected = "this file in `governance/` is not read as a record: `kpis` is empty (`governance/kpis.yaml`)\nfound no records\n`alignlint.yaml` is there already and was left as it is\n\
                    `governance/kpis.yaml` is there already and was left as it is\nwrote `governance/terms.yaml`\n";
    assert!(output.out.starts_with(expected), "{}", output.out);
    own.iter().for_each(|(path, text)| assert_eq!(repository.read(path), *text));
    let again = repository.run_today(&["init", "--with", "kpis,terms"]);
    assert_eq!(again.code, Some(1), "nothing was written: {}", again.out);
    let other = Repository::with(&[(".alignlint.yaml", "extends: [strict]\n")]);
    assert_eq!(other.run(&["init"]).code, Some(1));
    assert!(!other.join("alignlint.yaml").exists());
}

#[test]
#[cfg(unix)]
fn no_link_is_followed() {
    let outside = Repository::folder();
    let repository = Repository::empty();
    std::os::unix::fs::symlink(outside.path(), repository.join("governance")).expect("a link");
    let output = repository.run(&["init", "--with", "kpis"]);
    assert!(output.fault().contains("`governance` is a symbolic link"), "{}", output.err);
    assert_eq!(std::fs::read_dir(outside.path()).expect("a folder").count(), 0);
}

#[test]
fn the_owner_of_first_records_is_whoever_is_at_work() {
    let people = "people:\n  - {id: grace, title: Grace Hopper}\n  - {id: ada.b, title: Ada Byron, email: ada@example.org}\n";
    let repository = Repository::with(&[("governance/people.yaml", people)]);
    repository.run_today(&["init", "--with", "kpis"]);
    assert!(repository.read("governance/kpis.yaml").contains("    owner: ada.b\n"));
    let checked = repository.check(&["--fail-on", "warning"]);
    assert_eq!((checked.code, &*checked.out), (Some(0), ""));
    let without = Repository::empty();
    without.run_today(&["init", "--with", "kpis"]);
    assert!(without.read("governance/kpis.yaml").contains("    owner: Ada Byron\n"));
}

#[test]
fn the_written_configuration_says_the_default_and_each_comment_in_it_is_valid() {
    let repository = Repository::empty();
    repository.run(&["init"]);
    let text = repository.read("alignlint.yaml");
    assert!(
        text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).eq(["extends: [recommended]"]),
        "{text}"
    );
    let is_key =
        |word: &str| word.ends_with(':') && word.chars().all(|c| c.is_ascii_lowercase() || "-:".contains(c));
    let is_setting = |line: &&str| line.starts_with("  ") || line.split(' ').next().is_some_and(is_key);
    let settings: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_setting).collect();
    assert_eq!(settings.len(), 10, "{settings:?}");
    repository.write_file("alignlint.yaml", &format!("{}\n", settings.join("\n")));
    let rules = repository.run(&["rules"]);
    assert_eq!(rules.code, Some(0), "{}", rules.err);
}

const ADR: &str = "# 1. Use Git\n\nDate: 2026-01-02\n\n## Status\n\nAccepted\n\n## Context\n\nc\n\n## Decision\n\nd\n\n## Consequences\n\ne\n";

#[test]
fn what_is_recognised_is_said_and_unusual_places_are_configured() {
    let repository = Repository::with(&[
        ("docs/adr/0001-use-git.md", ADR),
        ("engineering/log/use-git.md", ADR),
        ("engineering/log/use-rust.md", &ADR.replace("Git", "Rust").replace("1.", "2.")),
        ("notes/a.md", ADR),
        ("notes/b.md", ADR),
        ("notes/c.md", "# C\n"),
        ("notes/d.md", "# D\n"),
        ("notes/e.md", "# E\n"),
        ("numbers/all.yaml", "metrics:\n  - {id: churn, title: Churn, unit: '%', direction: down}\n"),
        ("deploy/values.yaml", "roles:\n  - {id: a, verbs: [get]}\n"),
    ]);
    let output = repository.run_today(&["init"]);
    assert_eq!(
        output.out.lines().take(3).collect::<Vec<_>>(),
        [
            "found 1 decision in the format `nygard`: `docs/adr/0001-use-git.md`",
            "found 2 of kind decision outside of the usual folders: `engineering/log/*.md`",
            "found 1 of kind kpi outside of the usual folders: `numbers/all.yaml`",
        ]
    );
    let text = repository.read("alignlint.yaml");
    assert!(
        text.contains("\nrecords:\n  decision: engineering/log/*.md\n  kpi: numbers/all.yaml\n"),
        "{text}"
    );
    let records = repository.run(&["records", "--format", "json"]).json();
    assert_eq!(records["records"].as_array().map(Vec::len), Some(4), "{records}");
}

#[test]
fn what_is_not_read_is_listed_with_entries_that_read_it() {
    let repository = Repository::with(&[
        ("governance/charter.md", "# Charter\n\nThe board has five members.\n"),
        (
            "governance/partners.yaml",
            "partners:\n  board:\n    objectives: [{ id: O-1, title: Grow, owner: ada }]\n",
        ),
        ("strategy/notes/sell.md", "# Notes of a walk\n\nDecision: sell through partners\n"),
    ]);
    let output = repository.run_today(&["init"]).out;
    assert!(output.contains("this page in `governance/` is not read as a record: "), "{output}");
    let (_, entries) =
        output.split_once("these entries of `alignlint.yaml` read some of them:\n").expect("entries");
    let (entries, _) = entries.split_once("found no records").expect("the end of the entries");
    assert_eq!(
        entries,
        "records:\n  decision: strategy/notes/*.md\n  objective: { files: governance/partners.yaml, at: /partners/board/objectives }\n"
    );
    repository.write(&[("alignlint.yaml", entries)]);
    let records = repository.run(&["records", "--format", "json"]).json();
    assert_eq!(records["records"].as_array().map(Vec::len), Some(2), "{records}");
}

#[test]
fn the_hook_is_git_s_own_unless_another_program_runs_hooks() {
    let repository = Repository::with(&[("docs/adr/0001-use-git.md", ADR)]);
    let output = repository.run_today(&["init", "--hook"]);
    assert!(output.out.contains("wrote `.git/hooks/pre-commit`"), "{}", output.out);
    let hook = repository.read(".git/hooks/pre-commit");
    assert_eq!(hook, "#!/bin/sh\nexec alignlint check --staged --since HEAD\n");
    let merge = repository.read(".git/hooks/pre-merge-commit");
    assert_eq!(merge, hook, "Git runs another hook before a merge that it commits itself");
    assert!(project_file("docs/hooks.md").contains("exec alignlint check --staged --since HEAD\\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = repository.join(".git/hooks/pre-commit").metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o100, 0o100);
    }
    let fault = Repository::folder().run(&["init", "--hook"]).fault();
    assert!(fault.contains("is not in a Git repository"), "{fault}");
}

#[test]
fn where_another_program_runs_hooks_the_lines_for_its_file_are_told() {
    let yaml = "add to `FILE`:\npre-commit:\n  commands:\n    alignlint:\n      run: alignlint check --staged --since HEAD\n";
    for (present, file, line) in [
        (
            ".pre-commit-config.yaml",
            ".pre-commit-config.yaml",
            "  - repo: local\n    hooks:\n      - id: alignlint\n",
        ),
        (
            ".pre-commit-config.yml",
            ".pre-commit-config.yml",
            "        language: system\n        always_run: true\n",
        ),
        ("prek.toml", "prek.toml", "[[repos.hooks]]\nid = \"alignlint\"\n"),
        ("lefthook.yml", "lefthook.yml", yaml),
        (".lefthook.yaml", ".lefthook.yaml", yaml),
        (".config/lefthook.yml", ".config/lefthook.yml", yaml),
        ("lefthook.toml", "lefthook.toml", "[pre-commit.commands.alignlint]\nrun = \"alignlint check"),
        (
            ".lefthook.json",
            ".lefthook.json",
            "\"alignlint\": { \"run\": \"alignlint check --staged --since HEAD\" }",
        ),
        (".husky/commit-msg", ".husky/pre-commit", "\nalignlint check --staged --since HEAD\n"),
    ] {
        let repository = Repository::with(&[(present, "{}\n")]);
        let output = repository.run_today(&["init", "--hook"]).out;
        assert!(output.contains(&format!("add to `{file}`")), "{output}");
        assert!(output.contains(&line.replace("FILE", file)), "{output}");
        assert!(!repository.join(".git/hooks/pre-commit").exists(), "{present}");
        assert_eq!(repository.read(present), "{}\n");
    }
}

#[test]
fn where_git_runs_the_hooks_of_another_folder_the_lines_for_its_file_are_told() {
    let repository = Repository::with(&[("docs/adr/0001-use-git.md", ADR)]);
    let told = |folder: &str| {
        repository.git(&["config", "core.hooksPath", folder]);
        let output = repository.run_today(&["init", "--hook"]).out;
        output.split_once("add to ").map_or(output.clone(), |(_, rest)| rest.to_owned())
    };
    for folder in [".husky", ".husky/_"] {
        let husky = "`.husky/pre-commit`:\nalignlint check --staged --since HEAD\n";
        assert!(told(folder).starts_with(husky), "{folder}");
    }
    let new = "`.githooks/pre-commit`:\n#!/bin/sh\nexec alignlint check --staged --since HEAD\n";
    assert!(told(".githooks").starts_with(new));
    repository.write(&[(".githooks/pre-commit", "#!/bin/sh\ncargo test\n")]);
    let more = "`.githooks/pre-commit`:\nalignlint check --staged --since HEAD || exit 1\n";
    assert!(told(".githooks").starts_with(more));
    assert!(!repository.join(".git/hooks/pre-commit").exists());
}

#[test]
fn the_hook_of_a_linked_worktree_is_written_plainly() {
    let repository = Repository::with(&[("docs/adr/0001-use-git.md", ADR)]);
    let linked = Repository::folder();
    let tree = linked.join("tree");
    repository.git(&["worktree", "add", "--quiet", &tree.display().to_string()]);
    let output = alignlint(&tree, &["init", "--hook"]).out;
    let hook = repository.path().canonicalize().expect("a folder").join(".git/hooks/pre-commit");
    assert!(output.contains(&format!("wrote `{}`; it reports", hook.display())), "{output}");
    assert!(output.contains("`git add alignlint.yaml && git commit`"), "{output}");
    assert!(hook.exists());
}

#[test]
fn the_workflow_is_that_of_the_documentation() {
    let repository = Repository::empty();
    let output = repository.run_today(&["init", "--workflow"]);
    assert!(
        output.out.contains("wrote `.github/workflows/alignlint.yml`; replace `OWNER`"),
        "{}",
        output.out
    );
    let page = project_file("docs/github.md");
    let (_, rest) = page.split_once("```yaml .github/workflows/alignlint.yml\n").expect("the workflow");
    let (workflow, _) = rest.split_once("```").expect("its end");
    assert_eq!(repository.read(".github/workflows/alignlint.yml"), workflow);
}

#[test]
fn an_unknown_kind_is_a_fault_before_anything_is_written() {
    let repository = Repository::empty();
    let fault = repository.run(&["init", "--with", "kpis,objektives"]).fault();
    assert_eq!(fault, "error: unknown kind `objektives` help: did you mean `objectives`?");
    assert!(!repository.join("alignlint.yaml").exists());
    assert_eq!(alignlint(repository.path(), &["init", "--example", "--with", "kpis"]).code, Some(2));
}

#[test]
fn no_example_is_written_beside_records_of_its_kind() {
    let repository = Repository::with(&[("docs/adr/0001-use-git.md", ADR)]);
    let output = repository.run_today(&["init", "--with", "decisions,terms"]);
    let expected = "found 1 decision in the format `nygard`: `docs/adr/0001-use-git.md`\n\
                    the preset `recommended` checks them; `alignlint rules` lists its rules\n\
                    wrote no example decisions: there are some already; `alignlint new decision TITLE` writes the next one like them\n\
                    wrote `alignlint.yaml`\nwrote `governance/terms.yaml`\n\
                    next: `alignlint` checks all records; `alignlint --write-baseline` sets aside the findings that exist today\n\
                    then commit these files: `git add alignlint.yaml governance && git commit`; `alignlint-baseline.yaml` too, where you wrote one\n\
                    `alignlint init --hook` writes a Git hook that reports what a commit adds, `--workflow` a GitHub workflow\n";
    assert_eq!(output.out, expected);
    assert!(!repository.join("governance/decisions.yaml").exists());
    assert!(!Repository::folder().run_today(&["init"]).out.contains("git add"));
}

#[test]
fn that_no_finding_has_a_fix_is_told() {
    let repository = Repository::with(&[("docs/adr/0001-use-git.md", ADR)]);
    for flag in ["--diff", "--fix"] {
        assert!(repository.run(&["check", flag]).err.contains("no finding has a fix"), "{flag}");
    }
}
