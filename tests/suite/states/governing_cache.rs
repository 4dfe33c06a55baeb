//! `why` answers the same with and without what a former run has kept, whatever happens to the repository or to the cache.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::kit::Repository;

/// From about this many records on, answers are kept.
const MANY: usize = 110;

const PATHS: [&str; 2] = ["src/a.py", "."];

const STATES: [&[&str]; 3] = [&[], &["--staged"], &["--rev", "HEAD"]];

fn path(number: usize) -> String {
    format!("docs/adr/{number:04}-x.md")
}

fn page(number: usize, status: &str, governs: &str) -> String {
    format!(
        "---\nstatus: {status}\ndate: 2026-10-01\ndecision-makers: [ada]\ngoverns: [{governs}]\n---\n# Decide {number}\n\n\
         ## Context and Problem Statement\n\nText.\n\n## Considered Options\n\n* One\n* Two\n\n## Decision Outcome\n\n\
         Chosen option: \"One\", because of it.\n"
    )
}

/// Pages of which each governs something, and code that cites some.
fn many() -> Repository {
    let repository = Repository::empty();
    for number in 1..=MANY {
        repository.write(&[(&path(number), &page(number, "accepted", "src/**, lib"))]);
    }
    repository.write(&[
        (&path(7), &page(7, "superseded by [ADR-0008](0008-x.md)", "web")),
        (
            "governance/decisions.yaml",
            "decisions:\n  - { id: DEC-1, title: One, status: accepted, supersedes: DEC-2 }\n  \
                                       - { id: DEC-2, title: Two, status: superseded, governs: src/a.py }\n",
        ),
        ("src/a.py", "# see ADR-9, DEC-1 and docs/adr/0010-x.md\nx = 'ADR-11'\n"),
        ("web/a.css", "a {}\n"),
    ]);
    settle(&repository);
    repository
}

/// Commits everything, with times that let the index prove that nothing has changed since.
fn settle(repository: &Repository) {
    repository.git(&["add", "--all"]);
    let listed = repository.git(&["ls-files"]);
    for path in listed.lines() {
        let file = fs::File::options().append(true).open(repository.path().join(path)).expect("it is there");
        file.set_modified(SystemTime::now() - Duration::from_secs(3600)).expect("it can be set");
    }
    repository.git(&["add", "--renormalize", "."]);
    repository.commit("2026-10-01");
}

fn kept(repository: &Repository) -> Vec<PathBuf> {
    let entries = fs::read_dir(repository.path().join(".git/alignlint")).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let is_kept = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("governing-"))
    };
    paths.filter(is_kept).collect()
}

fn why(repository: &Repository, arguments: &[&str]) -> String {
    let usual = ["why", "--as-of", "2026-11-20", "--format", "json"];
    let output = repository.run(&[&usual, arguments].concat());
    assert_eq!(output.code, Some(0), "{}", output.err);
    output.out + &output.err
}

/// Asserts that a run that keeps its answers, one that uses them, and one without them say the same.
#[track_caller]
fn same(repository: &Repository, what: &str) {
    same_in(&STATES, repository, what);
}

#[track_caller]
fn same_on_disk(repository: &Repository, what: &str) {
    same_in(&STATES[..1], repository, what);
}

#[track_caller]
fn same_in(states: &[&[&str]], repository: &Repository, what: &str) {
    for &state in states {
        for path in PATHS {
            let ask = |more: &[&str]| why(repository, &[&[path], state, more].concat());
            let (first, second, without) = (ask(&[]), ask(&[]), ask(&["--no-cache"]));
            assert_eq!((&first, &second), (&without, &without), "{what}: {path} {state:?}");
        }
    }
}

#[test]
fn answers_are_kept_and_used_while_the_records_are_the_same() {
    let repository = many();
    let first = why(&repository, &["src/a.py"]);
    assert_eq!(first.matches("\"start\"").count(), MANY - 1 + 2 + 3, "records and citations");
    let [file] = kept(&repository).try_into().expect("one file");
    let written = fs::metadata(&file).and_then(|it| it.modified()).expect("it is there");
    assert_eq!(why(&repository, &["src/a.py"]), first);
    repository.write(&[("src/new.py", "# see ADR-12\n")]);
    assert!(why(&repository, &["src"]).contains("src/new.py"));
    assert_eq!(fs::metadata(&file).and_then(|it| it.modified()).expect("it is there"), written);
    let few = Repository::with(&[("docs/adr/0001-x.md", &page(1, "accepted", "src")), ("src/a.py", "")]);
    why(&few, &["src"]);
    assert_eq!(kept(&few), Vec::<PathBuf>::new());
}

#[test]
fn edits_of_all_sorts_make_no_difference() {
    let repository = many();
    same(&repository, "at first");
    repository.write(&[(&path(3), &page(3, "accepted", "web"))]);
    same_on_disk(&repository, "a pattern is changed on disk");
    repository.git(&["add", "--all"]);
    same(&repository, "it is staged");
    repository.write(&[(&path(3), &page(3, "rejected", "web"))]);
    same_on_disk(&repository, "a status of the same length is changed on disk");
    repository.write(&[(&path(200), &page(200, "accepted", "src/a.py"))]);
    same_on_disk(&repository, "one is added");
    repository.git(&["mv", &path(9), "docs/adr/0309-y.md"]);
    same_on_disk(&repository, "one is renamed");
    repository.remove(&path(8));
    same_on_disk(&repository, "a successor is gone");
    repository.write(&[("docs/adr/0012-other.md", &page(12, "accepted", "web"))]);
    same_on_disk(&repository, "a number is there twice");
    repository.write(&[("src/a.py", "# docs/adr/0009-x.md, adr-12, DEC-2\n")]);
    same_on_disk(&repository, "the code cites others");
    repository.write(&[("docs/adr/0400-z.md", "")]);
    same_on_disk(&repository, "a page is empty");
    settle(&repository);
    same(&repository, "all is committed");
    repository.git(&["checkout", "--quiet", "HEAD~1"]);
    same(&repository, "another commit");
}

#[test]
fn another_policy_has_answers_of_its_own() {
    let repository = many();
    same(&repository, "at first");
    let config = |text: &str| repository.write(&[("alignlint.yaml", text)]);
    config("exclude: [docs/adr/0010-x.md]\n");
    same_on_disk(&repository, "one is left out");
    config("records: { assumption: docs/adr/001*.md }\n");
    same_on_disk(&repository, "some are of another kind");
    let kind = "title: Risk\ndescription: A risk.\ntype: object\nx-plural: risks\nx-governs: paths\nproperties:\n  paths: { \
                type: array, items: { type: string }, description: Which }\n";
    repository.write(&[
        ("own/kinds/risk.yaml", kind),
        ("governance/risks.yaml", "risks:\n  - { id: R-1, title: Fire, paths: [src] }\n"),
    ]);
    config("extends: [./own]\n");
    same_on_disk(&repository, "a kind of the user's own");
    repository.write(&[("own/kinds/risk.yaml", &kind.replace("x-governs: paths\n", ""))]);
    same_on_disk(&repository, "it governs nothing any more");
    repository.git(&["config", "core.autocrlf", "true"]);
    same_on_disk(&repository, "line ends are converted");
}

#[test]
fn corrupt_answers_are_not_used() {
    let repository = many();
    let expected = why(&repository, &["src"]);
    let [file] = kept(&repository).try_into().expect("one file");
    let whole = fs::read(&file).expect("it is there");
    for at in (0..whole.len()).step_by(whole.len() / 20) {
        let mut damaged = whole.clone();
        damaged[at] ^= 1 << (at % 8);
        fs::write(&file, damaged).expect("it can be written");
        assert_eq!(why(&repository, &["src"]), expected, "{at}");
    }
}
