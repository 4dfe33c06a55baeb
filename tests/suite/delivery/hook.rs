//! The hooks of `.pre-commit-hooks.yaml` as Git runs them: before all kinds of commits and merges.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::{ADA, CARL, DECISIONS, decision};
use crate::kit::{Output, PROGRAM, Repository, command, project_file};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
struct Hook {
    id: String,
    name: String,
    description: String,
    entry: String,
    language: String,
    always_run: bool,
    pass_filenames: bool,
    stages: Vec<String>,
    minimum_pre_commit_version: String,
}

fn hooks() -> Vec<Hook> {
    serde_yaml::from_str(&project_file(".pre-commit-hooks.yaml")).expect("a list of hooks")
}

/// The command of a hook, with the built program.
fn entry(id: &str) -> Vec<String> {
    let hook = hooks().into_iter().find(|hook| hook.id == id).expect("the hook is there");
    let mut words: Vec<String> = hook.entry.split(' ').map(str::to_owned).collect();
    assert_eq!(words[0], "alignlint");
    words[0] = PROGRAM.into();
    words
}

/// A repository in which Git runs this hook before each commit and merge.
fn guarded(id: &str, files: &[(&str, &str)]) -> Repository {
    let repository = Repository::empty();
    repository.write(files);
    for stage in ["pre-commit", "pre-merge-commit"] {
        let script = format!("#!/bin/sh\nexec {}\n", entry(id).join(" "));
        executable(&repository.join(".git/hooks").join(stage), &script);
    }
    repository
}

fn executable(path: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(path.parent().expect("a folder above")).expect("folders are made");
    fs::write(path, script).expect("the script is written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it may run");
}

/// Runs `git commit` with these arguments; returns whether the hook passed, and what it printed.
fn commit(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Output::of(command("git", folder).args(["commit", "--message", "a change"]).args(arguments));
    (output.code == Some(0), format!("{}{}", output.out, output.err))
}

fn passes(folder: &Path, arguments: &[&str]) {
    let (passed, output) = commit(folder, arguments);
    assert!(passed, "{output}");
}

fn is_blocked(folder: &Path, arguments: &[&str], because: &str) {
    let (passed, output) = commit(folder, arguments);
    assert!(!passed && output.contains(because), "{output}");
}

#[test]
fn each_hook_runs_on_every_commit_and_is_understood_by_the_program() {
    for hook in hooks() {
        let Hook { id, always_run, pass_filenames, .. } = &hook;
        // A commit that only deletes files passes no file names, and must be checked all the same.
        assert!(*always_run && !*pass_filenames, "{id}");
        assert_eq!(hook.stages, ["pre-commit", "pre-merge-commit", "manual"], "{id}");
        assert_eq!(hook.minimum_pre_commit_version, "3.2.0", "{id}: the first that knows these stages");
        assert!(["python", "rust", "system"].contains(&&*hook.language), "{id}");
        assert!(hook.name.starts_with("alignlint") && hook.description.ends_with('.'), "{id}");
        let words = entry(id);
        let output = Output::of(command(&words[0], Path::new(".")).args(&words[1..]).arg("--help"));
        assert_eq!(output.code, Some(0), "{id}: {}", output.err);
    }
    assert!(["alignlint-source", "alignlint-system"].iter().all(|id| entry(id) == entry("alignlint")));
}

#[test]
fn the_commit_is_checked_and_not_the_files_on_disk() {
    let repository = guarded("alignlint", &[ADA, CARL, (DECISIONS, &decision("ada"))]);
    let folder = repository.path();
    repository.git(&["add", "."]);
    passes(folder, &[]);

    repository.write(&[(DECISIONS, &decision("bob"))]);
    repository.git(&["add", "."]);
    repository.write(&[(DECISIONS, &decision("ada"))]);
    is_blocked(folder, &[], "the owner `bob` of `D-1`");

    repository.write(&[(DECISIONS, &decision("carl"))]);
    repository.git(&["add", "."]);
    repository.write(&[(DECISIONS, &decision("bob"))]);
    passes(folder, &[]);
    is_blocked(folder, &["--all"], "the owner `bob` of `D-1`");
    is_blocked(folder, &["--", DECISIONS], "the owner `bob` of `D-1`");
}

#[test]
fn only_the_named_file_is_checked_if_git_commits_only_that() {
    let repository = guarded("alignlint", &[ADA, (DECISIONS, &decision("ada")), ("notes.md", "one\n")]);
    let folder = repository.path();
    repository.git(&["add", "."]);
    passes(folder, &[]);
    repository.write(&[(DECISIONS, &decision("bob")), ("notes.md", "two\n")]);
    repository.git(&["add", "."]);
    passes(folder, &["--", "notes.md"]);
    is_blocked(folder, &[], "the owner `bob` of `D-1`");
}

#[test]
fn a_commit_that_only_deletes_is_checked() {
    let repository = guarded("alignlint", &[ADA, CARL, (DECISIONS, &decision("ada"))]);
    repository.git(&["add", "."]);
    passes(repository.path(), &[]);
    repository.git(&["rm", "--quiet", ADA.0]);
    is_blocked(repository.path(), &[], "the owner `ada` of `D-1`");
}

#[test]
fn the_first_commit_is_checked_completely() {
    let repository = guarded("alignlint", &[ADA, (DECISIONS, &decision("bob"))]);
    repository.git(&["add", "."]);
    is_blocked(repository.path(), &[], "the owner `bob` of `D-1`");
    repository.write(&[(DECISIONS, &decision("ada"))]);
    passes(repository.path(), &["--all"]);
}

#[test]
fn what_was_wrong_before_blocks_no_commit() {
    let repository = guarded("alignlint", &[ADA, (DECISIONS, &decision("bob"))]);
    repository.commit("2026-11-18");
    repository.write(&[("notes.md", "one\n"), CARL]);
    repository.git(&["add", "."]);
    passes(repository.path(), &[]);
}

#[test]
fn a_linked_worktree_is_checked_by_its_own_index() {
    let repository = guarded("alignlint", &[ADA, CARL, (DECISIONS, &decision("ada"))]);
    repository.commit("2026-11-18");
    let temporary = Repository::folder();
    let linked = temporary.join("linked");
    repository.git(&["worktree", "add", "--quiet", "-b", "side", &linked.to_string_lossy()]);
    fs::write(linked.join(DECISIONS), decision("bob")).expect("the file is written");
    is_blocked(&linked, &["--all"], "the owner `bob` of `D-1`");
    fs::write(linked.join(DECISIONS), decision("carl")).expect("the file is written");
    passes(&linked, &["--all"]);
}

#[test]
fn a_merge_is_blocked_by_findings_that_neither_side_has() {
    let repository = guarded("alignlint", &[ADA, CARL, (DECISIONS, &decision("carl"))]);
    let folder = repository.path();
    repository.commit("2026-11-18");
    repository.git(&["switch", "--quiet", "--create", "side"]);
    repository.write(&[(DECISIONS, &decision("ada"))]);
    passes(folder, &["--all"]);
    repository.git(&["switch", "--quiet", "main"]);
    repository.git(&["rm", "--quiet", ADA.0]);
    passes(folder, &[]);

    let by_itself = Output::of(command("git", folder).args(["merge", "--no-edit", "side"]));
    assert!(by_itself.code != Some(0) && by_itself.err.contains("the owner `ada` of `D-1`"), "{by_itself:?}");
    is_blocked(folder, &[], "the owner `ada` of `D-1`");
    repository.write(&[ADA]);
    repository.git(&["add", "."]);
    passes(folder, &[]);
    assert_eq!(repository.git(&["rev-list", "--count", "--merges", "HEAD"]), "1");
}

#[test]
fn the_fixing_hook_fixes_new_findings_and_never_blocks() {
    let decided = |id: &str, supersedes: &str| {
        format!(
            "  - {{ id: {id}, title: Terms, status: accepted, date: 2026-11-01, owner: ada{supersedes} }}\n"
        )
    };
    let debt = format!("decisions:\n{}{}", decided("D-1", ""), decided("D-2", ", supersedes: [D-1]"));
    let repository = guarded("alignlint-fix", &[ADA, CARL, (DECISIONS, &debt)]);
    repository.commit("2026-11-18");
    repository.write(&[(
        DECISIONS,
        &format!("{debt}{}{}", decided("D-3", ""), decided("D-4", ", supersedes: [D-3]")),
    )]);
    repository.git(&["add", "."]);
    passes(repository.path(), &[]);
    let mended = repository.git(&["diff", "--unified=0", "--", DECISIONS]);
    let changed: Vec<&str> = mended.lines().filter(|line| line.starts_with("+ ")).collect();
    let [line] = changed[..] else { panic!("{mended}") };
    assert!(line.contains("id: D-3,") && line.contains("superseded-by: [D-4]"), "{mended}");
}
