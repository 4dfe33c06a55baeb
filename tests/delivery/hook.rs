//! The hooks of `.pre-commit-hooks.yaml` as Git runs them: on commit, of a part of what is on disk, in a linked
//! worktree, in a merge, as the first commit.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::repository::{ADA, CARL, DECISIONS, Repository, Said, command, decision, handed_out};

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
    serde_yaml::from_str(&handed_out(".pre-commit-hooks.yaml")).expect("a list of hooks")
}

/// The words of a hook's entry, the built program in place of its name.
fn entry(id: &str) -> Vec<String> {
    let hook = hooks().into_iter().find(|hook| hook.id == id).expect("the hook is there");
    let mut words: Vec<String> = hook.entry.split(' ').map(str::to_owned).collect();
    assert_eq!(words[0], "alignlint");
    words[0] = env!("CARGO_BIN_EXE_alignlint").to_owned();
    words
}

/// A repository in which Git asks this hook before each commit, and before each merge that it makes by itself.
fn guarded(id: &str, files: &[(&str, &str)]) -> Repository {
    let repository = Repository::empty();
    repository.write(files);
    for stage in ["pre-commit", "pre-merge-commit"] {
        let script = format!("#!/bin/sh\nexec {}\n", entry(id).join(" "));
        executable(&repository.path().join(".git/hooks").join(stage), &script);
    }
    repository
}

fn executable(path: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(path.parent().expect("a folder above")).expect("folders are made");
    fs::write(path, script).expect("the script is written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it may run");
}

/// Commits with these arguments of `git commit`; whether the hook lets it pass, and what it says.
fn commit(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let said = Said::by(command("git", folder).args(["commit", "--message", "a change"]).args(arguments));
    (said.code == Some(0), format!("{}{}", said.out, said.err))
}

fn passes(folder: &Path, arguments: &[&str]) {
    let (passed, said) = commit(folder, arguments);
    assert!(passed, "{said}");
}

fn is_blocked(folder: &Path, arguments: &[&str], because: &str) {
    let (passed, said) = commit(folder, arguments);
    assert!(!passed && said.contains(because), "{said}");
}

#[test]
fn each_hook_runs_on_every_commit_and_is_understood_by_the_program() {
    for hook in hooks() {
        let Hook { id, always_run, pass_filenames, .. } = &hook;
        // A commit that only deletes hands over no file names, and yet has to be judged.
        assert!(*always_run && !*pass_filenames, "{id}");
        assert_eq!(hook.stages, ["pre-commit", "pre-merge-commit", "manual"], "{id}");
        assert_eq!(hook.minimum_pre_commit_version, "3.2.0", "{id}: the first that knows these stages");
        assert!(["rust", "system"].contains(&&*hook.language), "{id}");
        assert!(hook.name.starts_with("alignlint") && hook.description.ends_with('.'), "{id}");
        let words = entry(id);
        let said = Said::by(command(&words[0], Path::new(".")).args(&words[1..]).arg("--help"));
        assert_eq!(said.code, Some(0), "{id}: {}", said.err);
    }
    assert_eq!(entry("alignlint"), entry("alignlint-system"));
}

#[test]
fn the_commit_is_judged_and_not_what_is_on_disk() {
    let repository = guarded("alignlint", &[ADA, CARL, (DECISIONS, &decision("ada"))]);
    let folder = repository.path();
    repository.git(&["add", "."]);
    passes(&folder, &[]);

    repository.write(&[(DECISIONS, &decision("bob"))]);
    repository.git(&["add", "."]);
    repository.write(&[(DECISIONS, &decision("ada"))]);
    is_blocked(&folder, &[], "`D-1` names `bob`");

    repository.write(&[(DECISIONS, &decision("carl"))]);
    repository.git(&["add", "."]);
    repository.write(&[(DECISIONS, &decision("bob"))]);
    passes(&folder, &[]);
    is_blocked(&folder, &["--all"], "`D-1` names `bob`");
    is_blocked(&folder, &["--", DECISIONS], "`D-1` names `bob`");
}

#[test]
fn only_the_named_file_is_judged_where_git_commits_only_that() {
    let repository = guarded("alignlint", &[ADA, (DECISIONS, &decision("ada")), ("notes.md", "one\n")]);
    let folder = repository.path();
    repository.git(&["add", "."]);
    passes(&folder, &[]);
    repository.write(&[(DECISIONS, &decision("bob")), ("notes.md", "two\n")]);
    repository.git(&["add", "."]);
    passes(&folder, &["--", "notes.md"]);
    is_blocked(&folder, &[], "`D-1` names `bob`");
}

#[test]
fn a_commit_that_only_deletes_is_judged() {
    let repository = guarded("alignlint", &[ADA, CARL, (DECISIONS, &decision("ada"))]);
    repository.git(&["add", "."]);
    passes(&repository.path(), &[]);
    repository.git(&["rm", "--quiet", ADA.0]);
    is_blocked(&repository.path(), &[], "`D-1` names `ada`");
}

#[test]
fn the_first_commit_is_judged_whole() {
    let repository = guarded("alignlint", &[ADA, (DECISIONS, &decision("bob"))]);
    repository.git(&["add", "."]);
    is_blocked(&repository.path(), &[], "`D-1` names `bob`");
    repository.write(&[(DECISIONS, &decision("ada"))]);
    passes(&repository.path(), &["--all"]);
}

#[test]
fn what_was_wrong_before_blocks_no_commit() {
    let repository = guarded("alignlint", &[ADA, (DECISIONS, &decision("bob"))]);
    repository.commit("debt");
    repository.write(&[("notes.md", "one\n"), CARL]);
    repository.git(&["add", "."]);
    passes(&repository.path(), &[]);
}

#[test]
fn a_linked_worktree_is_judged_by_its_own_index() {
    let repository = guarded("alignlint", &[ADA, CARL, (DECISIONS, &decision("ada"))]);
    repository.commit("first");
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let linked: PathBuf = temporary.path().join("linked");
    repository.git(&["worktree", "add", "--quiet", "-b", "side", &linked.to_string_lossy()]);
    fs::write(linked.join(DECISIONS), decision("bob")).expect("the file is written");
    is_blocked(&linked, &["--all"], "`D-1` names `bob`");
    fs::write(linked.join(DECISIONS), decision("carl")).expect("the file is written");
    passes(&linked, &["--all"]);
}

#[test]
fn a_merge_is_told_what_no_side_could_see() {
    let repository = guarded("alignlint", &[ADA, CARL, (DECISIONS, &decision("carl"))]);
    let folder = repository.path();
    repository.commit("first");
    repository.git(&["switch", "--quiet", "--create", "side"]);
    repository.write(&[(DECISIONS, &decision("ada"))]);
    passes(&folder, &["--all"]);
    repository.git(&["switch", "--quiet", "main"]);
    repository.git(&["rm", "--quiet", ADA.0]);
    passes(&folder, &[]);

    let by_itself = Said::by(command("git", &folder).args(["merge", "--no-edit", "side"]));
    assert!(by_itself.code != Some(0) && by_itself.err.contains("`D-1` names `ada`"), "{by_itself:?}");
    is_blocked(&folder, &[], "`D-1` names `ada`");
    repository.write(&[ADA]);
    repository.git(&["add", "."]);
    passes(&folder, &[]);
    assert_eq!(repository.git(&["rev-list", "--count", "--merges", "HEAD"]), "1");
}

#[test]
fn the_mending_hook_mends_what_the_commit_brings_in_and_leaves_the_verdict_to_the_other() {
    let decided = |id: &str, supersedes: &str| {
        format!(
            "  - {{ id: {id}, title: Terms, status: accepted, date: 2026-11-01, owner: ada{supersedes} }}\n"
        )
    };
    let debt = format!("decisions:\n{}{}", decided("D-1", ""), decided("D-2", ", supersedes: [D-1]"));
    let repository = guarded("alignlint-fix", &[ADA, CARL, (DECISIONS, &debt)]);
    repository.commit("debt");
    repository.write(&[(
        DECISIONS,
        &format!("{debt}{}{}", decided("D-3", ""), decided("D-4", ", supersedes: [D-3]")),
    )]);
    repository.git(&["add", "."]);
    passes(&repository.path(), &[]);
    let mended = repository.git(&["diff", "--unified=0", "--", DECISIONS]);
    let changed: Vec<&str> = mended.lines().filter(|line| line.starts_with("+ ")).collect();
    let [line] = changed[..] else { panic!("{mended}") };
    assert!(line.contains("id: D-3,") && line.contains("superseded-by: [D-4]"), "{mended}");
}
