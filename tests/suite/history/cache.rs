//! The history cache changes no result, whatever happens to the repository or to the cache.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use alignlint::history::{FieldChanges, Revision};
use alignlint::input::Input;
use alignlint::policy::{Policy, PolicyPaths};
use alignlint::snapshot::Snapshot;

use crate::kit::{ADA, BO, PROGRAM, Repository, command, git};

pub const FILE: &str = "strategy/assumptions.yaml";
/// The history of so many commits is cached.
pub const LONG: usize = 100;

pub fn assumptions(statuses: &[&str]) -> String {
    let one = |(number, status): (usize, &&str)| {
        format!("  - {{id: A-{number}, statement: Partners close faster, status: {status}, owner: ada}}\n")
    };
    let all: String = (1..).zip(statuses).map(one).collect();
    format!("assumptions:\n{all}")
}

/// A repository of two records with a history that is long enough for the cache.
pub fn long() -> Repository {
    let repository = Repository::empty();
    begin(&repository);
    repository
}

fn begin(repository: &Repository) {
    repository.write_file(FILE, &assumptions(&["open", "open"]));
    repository.commit_as("2025-01-10", ADA, "Believe");
    repository.write_file(FILE, &assumptions(&["open", "validated"]));
    repository.commit_as("2025-02-10", BO, "Look\n\nReviewed-by: Ada Byron <ada@example.org>");
    go_on(repository.path(), LONG);
}

/// Adds commits without changes to the current branch.
pub fn go_on(folder: &Path, commits: usize) {
    let branch = git(folder, &["symbolic-ref", "HEAD"]);
    let commit = |nth| {
        let from = if nth == 0 { format!("from {branch}^0\n") } else { String::new() };
        format!("commit {branch}\ncommitter {ADA} 1741000000 +0000\ndata 1\n.\n{from}\n")
    };
    let stream: String = (0..commits).map(commit).collect();
    let mut import = command("git", folder)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("git starts");
    import.stdin.take().expect("a pipe").write_all(stream.as_bytes()).expect("git reads");
    assert!(import.wait().expect("git ends").success());
}

pub fn revision_text(when: &Revision<'_>) -> String {
    match when {
        Revision::Commit { commit, people, records, step, landed } => {
            format!("{} {} #{step} ({landed}) of {records:?} by {people:?}", commit.date, commit.id)
        }
        Revision::Uncommitted => "now".to_owned(),
        Revision::Unknown(day) => day.map_or("unknown".to_owned(), |day| format!("unknown, by {day}")),
    }
}

/// The history of all records as text, with or without the cache.
fn history_text(snapshot: Snapshot, cached: bool) -> String {
    let snapshot = Arc::new(snapshot.project());
    if cached {
        snapshot.enable_cache().expect("no link");
    }
    let policy = Policy::load_from(&snapshot, &PolicyPaths::default()).expect("a policy");
    snapshot.retry_if_cache_corrupt(|| all_of(&policy.read(&snapshot, &[])))
}

fn change_text(changes: &FieldChanges<'_>, nth: usize) -> String {
    let (before, value) = (changes.before(nth), changes.value(nth));
    format!("{before:?} -> {value:?} {}", revision_text(&changes.revision(nth)))
}

fn all_of(input: &Input) -> String {
    let history = input.history().expect("a past");
    let mut text = String::new();
    for record in input.records() {
        text += &format!("{} {} in {}\n", record.kind.name, record.id, record.path);
        let Some(story) = history.of_record(record) else { continue };
        let created = history.created(record).map(|created| revision_text(&created)).unwrap_or_default();
        text += &format!("  created {created}\n");
        for changes in &story {
            for nth in 0..changes.len() {
                text += &format!("  {}: {}\n", changes.name(), change_text(changes, nth));
            }
        }
    }
    text += &history.notice().unwrap_or_default();
    text
}

pub fn worktree(folder: &Path, cached: bool) -> String {
    history_text(Snapshot::worktree(folder).expect("a worktree"), cached)
}

/// Asserts that the cache makes no difference; returns the history as text.
#[track_caller]
pub fn same(folder: &Path, what: &str) -> String {
    let (cached, walked) = (worktree(folder, true), worktree(folder, false));
    assert_eq!(cached, walked, "{what}");
    each_field_alone(folder, what);
    cached
}

/// Asserts that the history of a single field is the same as in the history of all fields.
#[track_caller]
fn each_field_alone(folder: &Path, what: &str) {
    let snapshot = Arc::new(Snapshot::worktree(folder).expect("a worktree").project());
    snapshot.enable_cache().expect("no link");
    let policy = Policy::load_from(&snapshot, &PolicyPaths::default()).expect("a policy");
    let catalog = policy.read(&snapshot, &[]);
    let history = catalog.history().expect("a past");
    for record in catalog.records() {
        let Some(story) = history.of_record(record) else { continue };
        for changes in &story {
            let field = changes.name();
            let texts = |it: &FieldChanges| (0..it.len()).map(|nth| change_text(it, nth)).collect::<Vec<_>>();
            let alone = history.changes(record, field).expect("a past of it");
            assert!(alone.orders().eq(changes.orders()), "{what}: {alone:?}");
            assert_eq!(texts(&alone), texts(changes), "{what}: {field} of {record:?}");
        }
    }
}

/// The cached histories.
fn stored(repository: &Repository) -> Vec<PathBuf> {
    stored_in(&repository.path().join(".git"))
}

fn stored_in(git: &Path) -> Vec<PathBuf> {
    cache_files("history-", git)
}

/// The cache files of one kind.
fn cache_files(sort: &str, git: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(git.join("alignlint")).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let is_of = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().starts_with(sort);
    let mut paths: Vec<PathBuf> = paths.filter(is_of).collect();
    paths.sort();
    paths
}

/// The only cached history: its path and content.
#[track_caller]
pub fn only(repository: &Repository) -> (PathBuf, Vec<u8>) {
    let files = stored(repository);
    let [only] = files.as_slice() else { panic!("not one file: {files:?}") };
    (only.clone(), fs::read(only).expect("it is there"))
}

/// Deletes the root commit, so that the history can no longer be walked completely.
fn forget_the_first_commit(repository: &Repository) {
    let first = repository.git(&["rev-list", "--max-parents=0", "HEAD"]);
    let (folder, name) = first.split_at(2);
    let object = repository.path().join(".git/objects").join(folder).join(name);
    fs::remove_file(object).expect("it lies there by itself");
}

#[test]
fn a_cached_history_is_continued() {
    let repository = long();
    let text = same(repository.path(), "at first");
    assert!(text.contains("2025-02-10"), "{text}");
    let first = only(&repository);

    repository.write_file(FILE, &assumptions(&["validated", "validated"]));
    repository.commit_as("2025-05-01", BO, "A little more");
    let text = same(repository.path(), "a little more");
    assert!(text.contains("2025-05-01"), "{text}");
    assert_eq!(only(&repository), first, "a short walk is not kept");

    go_on(repository.path(), LONG);
    same(repository.path(), "much more");
    assert_eq!(stored(&repository).len(), 2);

    let text = worktree(repository.path(), true);
    forget_the_first_commit(&repository);
    assert_eq!(worktree(repository.path(), true), text, "nothing is walked twice");
    assert!(worktree(repository.path(), false).contains("git fsck"), "nothing is read that is kept");
}

#[test]
fn a_short_history_is_not_cached() {
    let repository = Repository::empty();
    repository.write_file(FILE, &assumptions(&["open"]));
    repository.commit_as("2025-01-10", ADA, "Believe");
    same(repository.path(), "short");
    assert_eq!(stored(&repository), Vec::<PathBuf>::new());
}

#[test]
fn without_a_cache_nothing_is_read_or_written() {
    let repository = long();
    let folder = repository.path();
    repository.write_file("alignlint.yaml", "extends: [all]\n");
    let without: [&[&str]; 2] =
        [&["check", "--format", "json", "--no-cache"], &["blame", "A-1", "--format", "json", "--no-cache"]];
    let run = |arguments: &[&str]| {
        let output = repository.run(&[arguments, &["--as-of", "2026-11-20"]].concat());
        output.out + &output.err
    };
    for arguments in without {
        run(arguments);
        assert!(!folder.join(".git/alignlint").exists(), "{arguments:?} wrote");
    }
    run(&["blame", "A-1"]);
    let before = only(&repository);
    forget_the_first_commit(&repository);
    assert!(run(&["blame", "A-1"]).contains("2025-01-10"), "what is kept is read");
    let text = run(without[1]);
    assert!(text.contains("git fsck") && !text.contains("2025-01-10"), "it was read: {text}");
    assert_eq!(only(&repository), before);
}

#[test]
fn only_the_newest_caches_stay_and_files_of_killed_runs_are_removed() {
    let repository = long();
    let folder = repository.path().join(".git/alignlint");
    fs::create_dir_all(&folder).expect("a folder");
    let left = |name: &str, age: Duration| {
        let file = fs::File::create(folder.join(name)).expect("a file");
        file.set_modified(SystemTime::now() - age).expect("a time");
    };
    left(".alignlint-1-0.tmp", Duration::from_hours(2));
    left(".alignlint-2-0.tmp", Duration::ZERO);
    for _ in 0..10 {
        go_on(repository.path(), LONG);
        worktree(repository.path(), true);
    }
    same(repository.path(), "ten walks");
    let names = |start: &str| -> Vec<String> {
        let files = cache_files(start, &repository.path().join(".git"));
        files.iter().map(|it| it.file_name().unwrap().to_string_lossy().into_owned()).collect()
    };
    let whole = names("history-");
    assert_eq!(names(".alignlint-"), [".alignlint-2-0.tmp"], "somebody may still be writing");
    assert_eq!(whole.len(), 8, "{whole:?}");
    let head = repository.git(&["rev-parse", "HEAD"]);
    assert!(whole.iter().any(|name| name.ends_with(&head)), "the newest is there");
}

#[test]
fn concurrent_runs_do_not_disturb_each_other() {
    let repository = long();
    let run = |cache: &[&str]| {
        let mut command = command(PROGRAM, repository.path());
        command.args(["blame", FILE, "--format", "json"]).args(cache);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    };
    let alone = run(&["--no-cache"]).wait_with_output().expect("it ends");
    for at_once in [2, 6] {
        let _ = fs::remove_dir_all(repository.path().join(".git/alignlint"));
        let running: Vec<_> = (0..at_once).map(|_| run(&[])).collect();
        for run in running {
            let output = run.wait_with_output().expect("it ends");
            assert_eq!((output.stdout, output.stderr), (alone.stdout.clone(), alone.stderr.clone()));
        }
        only(&repository);
    }
}

#[test]
fn a_run_may_be_killed_at_any_moment() {
    let repository = long();
    let text = worktree(repository.path(), false);
    for milliseconds in [0, 5, 10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300] {
        let _ = fs::remove_dir_all(repository.path().join(".git/alignlint"));
        let mut run = command(PROGRAM, repository.path())
            .args(["blame", FILE])
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(Duration::from_millis(milliseconds));
        run.kill().expect("it is killed, or over");
        run.wait().expect("it is over");
        assert_eq!(worktree(repository.path(), true), text, "killed after {milliseconds} ms");
    }
}

#[test]
fn what_git_does_to_the_repository_changes_nothing() {
    let repository = long();
    let folder = repository.path();
    same(folder, "at first");
    repository.git(&["gc", "--quiet", "--prune=now"]);
    same(folder, "collected");

    repository.write_file(FILE, &assumptions(&["validated", "validated"]));
    repository.git(&["add", "--all"]);
    repository.git_as(BO, "2025-07-01T12:00:00+00:00", &["commit", "--quiet", "--amend", "-m", "Rewritten"]);
    assert!(same(folder, "amended").contains("2025-07-01"));

    repository.git(&["reset", "--quiet", "--hard", "HEAD~90"]);
    assert!(!same(folder, "set back").contains("2025-07-01"));
    repository.git(&["reflog", "expire", "--expire=now", "--all"]);
    repository.git(&["gc", "--quiet", "--prune=now"]);
    same(folder, "the kept commit is no more");

    repository.git(&["checkout", "--quiet", "--orphan", "fresh"]);
    repository.commit_as("2025-08-01", BO, "From nothing");
    assert!(same(folder, "another root").contains("created 2025-08-01"));
}

#[test]
fn a_shallow_clone_may_be_deepened() {
    let repository = long();
    repository.write_file(FILE, &assumptions(&["retired", "validated"]));
    repository.commit_as("2025-06-01", BO, "Retire");
    let clone = Repository::empty();
    let folder = clone.path();
    clone.git(&["remote", "add", "origin", &repository.url()]);
    clone.git(&["fetch", "--quiet", "--depth", "101", "origin", "main"]);
    clone.git(&["reset", "--quiet", "--hard", "FETCH_HEAD"]);
    let text = same(folder, "shallow");
    assert!(
        text.contains("unknown") && text.contains("--unshallow") && !text.contains("2025-02-10"),
        "{text}"
    );
    assert_eq!(stored(&clone).len(), 1);
    clone.git(&["fetch", "--quiet", "--deepen", "1", "origin", "main"]);
    assert!(same(folder, "deepened").contains("unknown"));
    clone.git(&["fetch", "--quiet", "--unshallow", "origin", "main"]);
    let text = same(folder, "whole");
    assert!(!text.contains("unknown") && text.contains("2025-02-10"), "{text}");
    assert_eq!(text, worktree(repository.path(), true));
    clone.git(&["fetch", "--quiet", "--depth", "1", "origin", "main"]);
    assert!(same(folder, "shallow again").contains("unknown"));
}

#[test]
fn who_people_are_may_change() {
    let repository = long();
    assert!(same(repository.path(), "no mailmap").contains("Bo Ek"));
    repository.write_file(".mailmap", "Beata Ek <bo@example.org>\n");
    let text = same(repository.path(), "a mailmap");
    assert!(text.contains("Beata Ek") && !text.contains("Bo Ek"), "{text}");
    fs::remove_file(repository.path().join(".mailmap")).expect("it is there");
    assert!(same(repository.path(), "none again").contains("Bo Ek"));
}

#[test]
fn what_is_a_record_may_change() {
    let repository = long();
    let folder = repository.path();
    let before = same(folder, "at first");
    repository.write_file("notes/ideas.yaml", &assumptions(&["open", "open", "open"]).replace("A-", "N-"));
    repository.commit_as("2025-06-01", BO, "Ideas");
    assert!(!same(folder, "not records").contains("N-1"));

    repository.write_file("alignlint.yaml", "records:\n  assumption: notes/*.yaml\n");
    let text = same(folder, "configured");
    assert!(text.contains("N-1") && text.contains("2025-06-01"), "{text}");
    repository.write_file("alignlint.yaml", "records:\n  assumption: notes/*.yaml\nexclude: [strategy/**]\n");
    assert!(!same(folder, "excluded").contains("A-1"));
    fs::remove_file(folder.join("alignlint.yaml")).expect("it is there");
    assert_eq!(same(folder, "not configured"), before);
}

#[test]
fn own_kinds_and_formats_may_change() {
    let repository = long();
    let folder = repository.path();
    let kind = |more: &str| {
        format!(
            "$schema: https://json-schema.org/draft/2020-12/schema\ntitle: Bet\ndescription: What we bet on\n\
             type: object\nx-plural: bets\nproperties:\n  stake: {{ description: Whether much is{more} }}\n"
        )
    };
    repository.write_file("alignlint.yaml", "extends: [recommended, ./policy]\n");
    repository.write_file("policy/kinds/bet.yaml", &kind(""));
    repository.write_file("strategy/bets.yaml", "bets:\n  - {id: B-1, stake: True}\n");
    repository.commit_as("2025-06-01", ADA, "Bet");
    repository.write_file("strategy/bets.yaml", "bets:\n  - {id: B-1, stake: true}\n");
    repository.commit_as("2025-06-02", ADA, "Write it otherwise");
    go_on(folder, LONG);
    assert!(same(folder, "an own kind").contains("2025-06-02"));
    repository.write_file("policy/kinds/bet.yaml", &kind(", type: boolean"));
    assert!(!same(folder, "another type").contains("2025-06-02"));
    repository.git(&["mv", "policy/kinds/bet.yaml", "policy/kinds/wager.yaml"]);
    let text = same(folder, "another name");
    assert!(text.contains("wager B-1") && !text.contains("now"), "{text}");

    let format = |key: &str| {
        format!(
            "title: Ours\nkind: assumption\nrecognise: [{{ in: 'ours/*.md', keys: [Faith] }}]\nid: [file]\n\
             fields: {{ statement: [{key}] }}\n"
        )
    };
    repository.write_file("policy/formats/ours.yaml", &format("Faith"));
    repository.write_file("ours/b.md", "# Ours\n\nFaith: All is well\nHope: It stays so\n");
    repository.commit_as("2025-07-01", ADA, "Ours");
    assert!(same(folder, "an own format").contains("All is well"));
    repository.write_file("policy/formats/ours.yaml", &format("Hope"));
    assert!(same(folder, "another format").contains("It stays so"));
}

#[test]
fn linked_worktrees_share_the_cache() {
    let repository = long();
    same(repository.path(), "the first worktree");
    let first = only(&repository);
    let linked = Repository::folder();
    let path = linked.join("linked");
    repository.git(&["worktree", "add", "--quiet", "-b", "linked", path.to_str().expect("text")]);
    same(&path, "a linked worktree");
    assert_eq!(only(&repository), first);
    fs::write(path.join(FILE), assumptions(&["retired"])).expect("it is written");
    linked.git_as(
        BO,
        "2025-09-01T12:00:00+00:00",
        &["-C", "linked", "commit", "--quiet", "--all", "-m", "There"],
    );
    assert!(same(&path, "a commit there").contains("2025-09-01"));
    assert!(!same(repository.path(), "and here").contains("2025-09-01"));
    assert_eq!(only(&repository), first);
}

#[test]
fn a_project_may_be_a_folder() {
    let repository = long();
    repository.write_file("part/alignlint.yaml", "extends: [recommended]\n");
    repository.write_file(&format!("part/{FILE}"), &assumptions(&["open"]));
    repository.commit_as("2025-06-01", BO, "A part");
    let part = repository.path().join("part");
    let whole = same(repository.path(), "the whole");
    let text = same(&part, "the part");
    assert!(text.contains("2025-06-01") && !text.contains("2025-01-10"), "{text}");
    assert_eq!(stored(&repository).len(), 2, "each has its own");
    assert_eq!(same(repository.path(), "the whole again"), whole);
}

#[test]
fn a_bare_repository_has_a_cache_too() {
    let repository = long();
    let bare = Repository::clone(&repository, &["--bare"]);
    let at = |rev: &str, cached| history_text(bare.at(rev), cached);
    for rev in ["main", "main~5", "main~101", "main"] {
        assert_eq!(at(rev, true), at(rev, false), "{rev}");
    }
    assert_eq!(stored_in(bare.path()).len(), 1);
    assert_eq!(at("main", true), worktree(repository.path(), false));
}

#[test]
fn with_replaced_commits_nothing_is_cached() {
    let repository = long();
    let folder = repository.path();
    let before = same(folder, "at first");
    let cached = only(&repository);
    repository.git(&["replace", "--graft", "HEAD~50"]);
    let text = same(folder, "cut off");
    assert!(!text.contains("2025-02-10"), "{text}");
    assert_eq!(only(&repository), cached);
    let old = git(folder, &["rev-parse", "HEAD~50"]);
    repository.git(&["replace", "--delete", &old]);
    assert_eq!(same(folder, "as it was"), before);
}

#[test]
fn repositories_with_sha256_are_cached_too() {
    let repository = Repository::folder();
    repository.git(&["init", "--quiet", "--initial-branch=main", "--object-format=sha256"]);
    begin(&repository);
    assert!(same(repository.path(), "at first").contains("2025-02-10"));
    only(&repository);
    repository.write_file(FILE, &assumptions(&["retired", "validated"]));
    repository.commit_as("2025-06-01", BO, "Retire");
    assert!(same(repository.path(), "gone on").contains("2025-06-01"));
}

#[test]
fn a_hook_does_not_load_a_long_history_without_a_cache() {
    let repository = Repository::empty();
    begin(&repository);
    let in_hook = || {
        let snapshot = Arc::new(Snapshot::worktree(repository.path()).expect("a worktree").project());
        snapshot.enable_cache().expect("no link");
        let policy = Policy::load_from(&snapshot, &PolicyPaths::default()).expect("a policy");
        let input = policy.read(&snapshot, &[]);
        input.history().expect("a past").set_in_hook();
        all_of(&input)
    };
    go_on(repository.path(), 500);
    let text = in_hook();
    assert!(text.contains("a long history is not read") && !text.contains("created"), "{text}");
    assert_eq!(stored(&repository), Vec::<PathBuf>::new());
    same(repository.path(), "a whole walk");
    assert_eq!(in_hook(), worktree(repository.path(), false));
}

#[test]
fn another_baseline_is_another_history() {
    let repository = Repository::empty();
    let old = "strategy/old.yaml";
    repository.write_file(old, &assumptions(&["open"]));
    repository.commit_as("2025-01-10", ADA, "Believe");
    repository.remove(old);
    repository.write_file(FILE, &assumptions(&["open"]));
    repository.commit_as("2025-02-10", BO, "Move");
    go_on(repository.path(), LONG);
    let folder = repository.path();
    repository.write_file("alignlint.yaml", &format!("baseline: {old}\n"));
    assert!(same(folder, "the old file is no file of records").contains("created 2025-02-10"));
    repository.write_file("alignlint.yaml", "baseline: strategy/known.yaml\n");
    assert!(same(folder, "the old file is a file of records").contains("created 2025-01-10"));
}
