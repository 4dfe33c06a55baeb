//! What reading files gave is kept between runs: it changes no answer, whatever happens to the repository or to
//! what is kept.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::repository::Repository;
use crate::shared::troubled;

/// From so many files on, readings are kept.
const MANY: usize = 310;

/// A repository in which something is wrong in every corner, with so many more records that readings are kept.
fn many() -> Repository {
    let repository = Repository::empty();
    for (path, text) in troubled() {
        repository.write(&[(&path, &text)]);
    }
    for number in 0..MANY {
        repository.write(&[(&path(number), &decision(number, "accepted"))]);
    }
    repository.write(&[
        ("governance/notes/README.md", "# Notes\n\nSee [none](none.md) and [the first](../decisions/0900-x.md#no).\n"),
        ("governance/notes/a.yaml", "nothing: here\n"),
        ("governance/notes/b.yaml", "nothing: here\n"),
        ("governance/decisions/broken.md", "---\nkind: decision\nid: D-BROKEN\nowner: @ada\n---\n# Broken\n"),
        ("governance/decisions/bom.md", "\u{feff}---\r\nkind: decision\r\nid: D-BOM\r\nstatus: bananas\r\n---\r\n# Größe\r\n"),
        (
            "governance/decisions/excused.md",
            "---\nkind: decision\nid: D-EXCUSED\n# alignlint: ignore schema/* until 2027-01-31 because it is a test\n\
             status: bananas\n---\n# T\n\n<!-- alignlint: ignore x because -->\n## Context\n\nText.\n",
        ),
    ]);
    fs::write(
        repository.path().join("governance/decisions/bytes.md"),
        b"---\nkind: decision\nid: D-\xff\n---\n",
    )
    .expect("the folder is there");
    repository.commit("2026-10-01");
    repository
}

fn path(number: usize) -> String {
    format!("governance/decisions/{number:04}-x.md")
}

fn decision(number: usize, status: &str) -> String {
    let before = number.saturating_sub(1);
    format!(
        "---\nkind: decision\nid: D-{number}\nstatus: {status}\ndate: 2026-10-01\nowner: nobody-{}\nsupersedes: D-{before}\n\
         ---\n# Decide {number}\n\n## Context and Problem Statement\n\nA long enough sentence, which is read from the file \
         itself and not from what is kept of it.\n\n## Decision Outcome\n\nSee [the one before]({before:04}-x.md#context).\n",
        number % 7
    )
}

fn stored(repository: &Repository) -> Vec<PathBuf> {
    let entries = fs::read_dir(repository.path().join(".git/alignlint")).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.file_name().is_some_and(|it| it.to_string_lossy().starts_with("parses-")))
        .collect();
    paths.sort();
    paths
}

#[track_caller]
fn only(repository: &Repository) -> PathBuf {
    let files = stored(repository);
    let [only] = files.as_slice() else { panic!("not one file: {files:?}") };
    only.clone()
}

/// What is said as JSON, with what is kept or without.
fn told(repository: &Repository, arguments: &[&str], kept: bool) -> (Option<i32>, String) {
    let usual = ["--as-of", "2026-11-20", "--format", "json", "--fail-on", "note", "-q"];
    let without: &[&str] = if kept { &[] } else { &["--no-cache"] };
    let said = repository.run(&[&usual, arguments, without].concat(), &[]);
    assert_ne!(said.code, Some(2), "{}", said.err);
    (said.code, said.out)
}

/// The states that a file's object may be known in.
const STATES: [&[&str]; 4] = [&[], &["--staged"], &["--rev", "HEAD"], &["--staged", "--since", "HEAD"]];

/// Asserts that what is kept makes no difference to any state.
#[track_caller]
fn same(repository: &Repository, what: &str) {
    same_in(&STATES, repository, what);
}

/// Asserts it of the worktree, and of a hook.
#[track_caller]
fn same_at_work(repository: &Repository, what: &str) {
    same_in(&[STATES[0], STATES[3]], repository, what);
}

#[track_caller]
fn same_in(states: &[&[&str]], repository: &Repository, what: &str) {
    for state in states {
        assert_eq!(told(repository, state, true), told(repository, state, false), "{what}: {state:?}");
    }
}

/// Asserts that it makes none to what is staged, and that something is kept.
#[track_caller]
fn same_staged(repository: &Repository, what: &str) {
    assert_eq!(told(repository, &["--staged"], true), told(repository, &["--staged"], false), "{what}");
    assert!(!stored(repository).is_empty(), "{what}");
}

/// The object of a file, by itself.
fn object(repository: &Repository, path: &str) -> PathBuf {
    let id = repository.git(&["rev-parse", &format!(":{path}")]);
    let (folder, name) = id.split_at(2);
    repository.path().join(".git/objects").join(folder).join(name)
}

#[test]
fn readings_are_kept_and_used() {
    let repository = many();
    let first = told(&repository, &["--staged"], true);
    let kept = fs::read(only(&repository)).expect("it is there");
    assert_eq!(told(&repository, &["--staged"], true), first);
    assert_eq!(told(&repository, &["--staged"], false), first);
    same(&repository, "at first");
    assert_eq!(fs::read(only(&repository)).expect("it is there"), kept, "nothing was new");

    // Nobody asks for its text, so that nobody misses it.
    let quiet = ["--staged", "--select", "decision/misfiled"];
    let before = told(&repository, &quiet, true);
    fs::remove_file(object(&repository, &path(7))).expect("it lies there by itself");
    assert_eq!(told(&repository, &quiet, true), before, "what is kept is read");
    assert_ne!(told(&repository, &quiet, false), before);
    // Here somebody does.
    assert_eq!(told(&repository, &["--staged"], true), told(&repository, &["--staged"], false));
}

#[test]
fn without_a_cache_nothing_is_kept_and_of_few_files_neither() {
    let repository = many();
    told(&repository, &["--staged"], false);
    assert_eq!(stored(&repository), Vec::<PathBuf>::new());
    let few = Repository::with(&[("governance/decisions/1-x.md", &decision(1, "accepted"))]);
    told(&few, &["--staged"], true);
    assert_eq!(stored(&few), Vec::<PathBuf>::new());
}

#[test]
fn edits_of_all_sorts_make_no_difference() {
    let repository = many();
    same(&repository, "at first");
    let root = repository.path();
    for round in 0..2 {
        let at = |step: usize| (round * 97 + step * 13) % MANY;
        repository.write(&[(&path(at(1)), &decision(at(1), "bananas"))]);
        same_at_work(&repository, "a file is changed on disk");
        repository.git(&["add", "--all"]);
        repository.write(&[(&path(at(2)), "---\nkind: [\n")]);
        same_at_work(&repository, "a file is broken on disk, another staged");
        repository.git(&["add", "--all"]);
        repository.git(&["mv", &path(at(1)), &format!("governance/decisions/moved-{round}.md")]);
        repository.git(&["mv", &path(at(3)), &format!("governance/notes/moved-{round}.md")]);
        same_at_work(&repository, "files are moved");
        fs::copy(root.join(path(at(4))), root.join(path(at(5)))).expect("both are there");
        let text = decision(at(6), "proposed").replace('\n', "\r\n");
        fs::write(root.join(path(at(6))), [b"\xef\xbb\xbf", text.as_bytes()].concat()).expect("it is there");
        fs::write(root.join(path(at(7))), b"---\nkind: decision\nid: \xfe\n").expect("it is there");
        repository.git(&["add", "--all"]);
        repository.remove(&path(at(8)));
        same_at_work(&repository, "one is a copy, one has other line ends, one is no text, one is gone");
        repository.commit("2026-10-02");
        same(&repository, "all is committed");
    }
    repository.git(&["gc", "--quiet", "--prune=now"]);
    same(&repository, "all is packed");
    repository.git(&["checkout", "--quiet", "HEAD~1"]);
    same(&repository, "another commit");
}

#[test]
fn another_policy_has_readings_of_its_own() {
    let repository = many();
    same_staged(&repository, "at first");
    assert_eq!(stored(&repository).len(), 1);
    repository.write(&[(
        "alignlint.yaml",
        "extends: [all]\nrecords: { assumption: governance/decisions/00*.md }\n",
    )]);
    repository.git(&["add", "--all"]);
    same_staged(&repository, "records are of another kind");
    assert_eq!(stored(&repository).len(), 2);
    repository.write(&[("alignlint.yaml", "extends: [all]\nexclude: [governance/decisions/0001-x.md]\n")]);
    repository.git(&["add", "--all"]);
    same_staged(&repository, "some are left out");
    let kind = "title: Risk\ndescription: A risk.\ntype: object\nx-plural: risks\nproperties: {}\n";
    repository.write(&[("own/kinds/risk.yaml", kind), ("alignlint.yaml", "extends: [all, ./own]\n")]);
    repository.git(&["add", "--all"]);
    same_staged(&repository, "a kind of the user's own");
    assert_eq!(stored(&repository).len(), 4);
}

#[test]
fn a_profile_that_the_user_changes_reads_every_file_anew() {
    let repository = Repository::empty();
    let profile = |header: &str| {
        let text = format!(
            "name: ours\ntitle: Ours\nkind: assumption\ndescription: Ours\npaths: ['ours/*.md']\nrecognise: {{ preamble: \
             'Before:' }}\nfields:\n  status: [{{ header: {header} }}]\n"
        );
        repository.write(&[("policy/profiles/ours.yaml", &text)]);
        repository.git(&["add", "--all"]);
    };
    repository.write(&[("alignlint.yaml", "extends: [all, ./policy]\n")]);
    for number in 0..MANY {
        let page = format!("# Belief {number}\n\nBefore: open\nAfter: bananas\n");
        repository.write(&[(&format!("ours/{number}.md"), &page)]);
    }
    let enumerated = || {
        same_staged(&repository, "by one profile");
        let (_, report) = told(&repository, &["--staged", "--select", "schema/enum"], true);
        report.matches("`bananas`").count()
    };
    profile("Before");
    assert_eq!((enumerated(), stored(&repository).len()), (0, 1));
    profile("After");
    assert_eq!((enumerated(), stored(&repository).len()), (MANY, 2), "not one page has changed");
    profile("Before");
    assert_eq!((enumerated(), stored(&repository).len()), (0, 2), "what was kept for this one still holds");
}

#[test]
fn damage_is_read_past() {
    let repository = many();
    let expected = told(&repository, &["--staged"], true);
    let path = only(&repository);
    let whole = fs::read(&path).expect("it is there");
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        bytes
    };
    let mut damaged = vec![Vec::new(), whole[..whole.len() / 2].to_vec(), whole[..whole.len() - 1].to_vec()];
    damaged.extend((0..5).map(|part| flipped(part * (whole.len() - 1) / 4)));
    damaged.push(vec![0xff; whole.len()]);
    for (number, bytes) in damaged.into_iter().enumerate() {
        fs::write(&path, bytes).expect("it can be written");
        assert_eq!(told(&repository, &["--staged"], true), expected, "{number}");
    }
    fs::remove_file(&path).expect("it is there");
    fs::create_dir(&path).expect("the folder is there");
    assert_eq!(told(&repository, &["--staged"], true), expected, "a folder stands in its place");
}

#[test]
fn a_file_that_is_kept_for_something_else_is_not_taken() {
    let (one, other) = (many(), many());
    other.write(&[("alignlint.yaml", "extends: [all]\nexclude: [governance/decisions/0001-x.md]\n")]);
    other.git(&["add", "--all"]);
    told(&one, &["--staged"], true);
    let expected = told(&other, &["--staged"], true);
    fs::copy(only(&one), only(&other)).expect("both are there");
    assert_eq!(told(&other, &["--staged"], true), expected);
}

#[test]
fn runs_at_once_and_killed_ones_leave_nothing_that_counts() {
    let repository = many();
    let expected = told(&repository, &["--staged"], false);
    for round in 0..3 {
        let start = || {
            Command::new(env!("CARGO_BIN_EXE_alignlint"))
                .current_dir(repository.path())
                .args(["--staged", "--as-of", "2026-11-20", "--format", "json", "--fail-on", "note", "-q"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program starts")
        };
        let (mut killed, others) = (start(), [start(), start()]);
        std::thread::sleep(std::time::Duration::from_millis(150 * round));
        let _ = killed.kill();
        killed.wait().expect("it ends");
        for other in others {
            let output = other.wait_with_output().expect("it ends");
            assert_eq!((output.status.code(), String::from_utf8(output.stdout).expect("UTF-8")), expected);
        }
        assert_eq!(told(&repository, &["--staged"], true), expected);
        fs::remove_file(only(&repository)).expect("it is there");
    }
}

#[test]
fn where_objects_stand_in_for_others_nothing_is_kept() {
    let repository = many();
    let (one, other) = (repository.git(&["rev-parse", &format!(":{}", path(1))]), path(2));
    let other = repository.git(&["rev-parse", &format!(":{other}")]);
    told(&repository, &["--staged"], true);
    fs::remove_file(only(&repository)).expect("it is there");
    repository.git(&["replace", &one, &other]);
    assert_eq!(told(&repository, &["--staged"], true), told(&repository, &["--staged"], false));
    assert_eq!(stored(&repository), Vec::<PathBuf>::new());
}

#[test]
fn a_part_that_turns_out_to_be_damaged_late_is_kept_anew() {
    let repository = many();
    let expected = told(&repository, &["--staged"], true);
    let path = only(&repository);
    let whole = fs::read(&path).expect("it is there");
    let mut damaged = whole.clone();
    *damaged.last_mut().expect("bytes") ^= 1;
    fs::write(&path, damaged).expect("it can be written");
    assert_eq!(told(&repository, &["--staged"], true), expected, "the last page's links");
    assert_eq!(told(&repository, &["--staged"], true), expected, "nothing is kept");
    assert_eq!(fs::read(&path).expect("it is there"), whole);
    let blame = |arguments: &[&str]| {
        repository.run(&[&["blame", "D-5", "--format", "json"], arguments].concat(), &[])
    };
    assert_eq!(blame(&[]), blame(&["--no-cache"]));
}
