//! The parse cache changes no result, whatever happens to the repository or to the cache.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use crate::kit::{Output, PROGRAM, Repository, command, drifted_files};

/// From about this many files on, parsed files are cached.
const MANY: usize = 310;

/// Of them these are decisions. The others have no record, which takes less time to check.
const DECISIONS: usize = 60;

/// Records of all kinds: the example `drifting` in its own files, with so many more files that they are cached.
fn many_of_all_kinds() -> Repository {
    let repository = many();
    drifted_files().iter().for_each(|(path, text)| repository.write_file(path, text));
    repository.commit("2026-10-01");
    repository
}

/// So many files that they are cached.
fn many() -> Repository {
    let repository = Repository::empty();
    for number in 0..DECISIONS {
        repository.write(&[(&path(number), &decision(number, "accepted"))]);
    }
    for number in DECISIONS..MANY {
        let note =
            format!("# Note {number}\n\nSee [a decision](../decisions/{:04}-x.md).\n", number % DECISIONS);
        repository.write(&[(&format!("governance/notes/{number:04}.md"), &note)]);
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
    repository.write_file("governance/decisions/bytes.md", b"---\nkind: decision\nid: D-\xff\n---\n");
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

/// The exit code and the JSON report, with or without the cache.
fn report(repository: &Repository, arguments: &[&str], cached: bool) -> (Option<i32>, String) {
    let usual = ["--as-of", "2026-11-20", "--format", "json", "--fail-on", "note", "-q"];
    let without: &[&str] = if cached { &[] } else { &["--no-cache"] };
    let output = repository.run(&[&usual, arguments, without].concat());
    assert_ne!(output.code, Some(2), "{}", output.err);
    (output.code, output.out)
}

/// The states in which the blob of a file may be known.
const STATES: [&[&str]; 4] = [&[], &["--staged"], &["--rev", "HEAD"], &["--staged", "--since", "HEAD"]];

/// Asserts that the cache makes no difference in any state.
#[track_caller]
fn same(repository: &Repository, what: &str) {
    same_in(&STATES, repository, what);
}

/// Asserts it for the worktree and for a hook.
#[track_caller]
fn same_at_work(repository: &Repository, what: &str) {
    same_in(&[STATES[0], STATES[3]], repository, what);
}

#[track_caller]
fn same_in(states: &[&[&str]], repository: &Repository, what: &str) {
    for state in states {
        assert_eq!(report(repository, state, true), report(repository, state, false), "{what}: {state:?}");
    }
}

/// Asserts it for the index, and that a cache exists.
#[track_caller]
fn same_staged(repository: &Repository, what: &str) {
    assert_eq!(report(repository, &["--staged"], true), report(repository, &["--staged"], false), "{what}");
    assert!(!stored(repository).is_empty(), "{what}");
}

/// The loose object of a file.
fn object(repository: &Repository, path: &str) -> PathBuf {
    let id = repository.git(&["rev-parse", &format!(":{path}")]);
    let (folder, name) = id.split_at(2);
    repository.path().join(".git/objects").join(folder).join(name)
}

#[test]
fn parsed_files_are_cached_and_used() {
    let repository = many_of_all_kinds();
    let first = report(&repository, &["--staged"], true);
    let cached = fs::read(only(&repository)).expect("it is there");
    assert_eq!(report(&repository, &["--staged"], true), first);
    assert_eq!(report(&repository, &["--staged"], false), first);
    same(&repository, "at first");
    assert_eq!(fs::read(only(&repository)).expect("it is there"), cached, "nothing was new");

    // No rule needs its text, and so it is not missed.
    let quiet = ["--staged", "--select", "decision/number-mismatch"];
    let before = report(&repository, &quiet, true);
    fs::remove_file(object(&repository, &path(7))).expect("it lies there by itself");
    assert_eq!(report(&repository, &quiet, true), before, "what is kept is read");
    assert_ne!(report(&repository, &quiet, false), before);
    // These rules need it.
    assert_eq!(report(&repository, &["--staged"], true), report(&repository, &["--staged"], false));
}

#[test]
fn listings_are_the_same_with_and_without_the_cache() {
    let repository = many();
    let governing = |number: usize, governs: &str| {
        let text = decision(number, "accepted").replace("owner:", &format!("governs: {governs}\nowner:"));
        repository.write_file(&path(number), &text);
    };
    governing(3, "[src/a.py]");
    governing(4, "[\"src/*.py\", web]");
    governing(5, "[\"**/*.rs\"]");
    repository.write(&[("src/a.py", "# as in decision D-8\n")]);
    repository.commit("2026-10-02");
    for number in [3, 4, 5] {
        make_old(&repository, &path(number));
    }
    repository.git(&["add", "--renormalize", "."]);
    report(&repository, &["--staged"], true);
    only(&repository);
    let listed = |arguments: &[&str]| {
        let output = repository.run(&[arguments, &["--as-of", "2026-11-20", "--format", "json"]].concat());
        assert_eq!(output.code, Some(0), "{}", output.err);
        output.out
    };
    let both = |what: &str| {
        for command in [&["why", "src/a.py"][..], &["why", "src"], &["why", "."], &["records"]] {
            for state in STATES.iter().take(3) {
                let cached = listed(&[command, state].concat());
                assert_eq!(
                    cached,
                    listed(&[command, state, &["--no-cache"]].concat()),
                    "{what}: {command:?} {state:?}"
                );
            }
        }
        let ids = |text: &str| text.matches("\"start\"").count();
        ids(&listed(&["why", "src/a.py"]))
    };
    assert_eq!(both("at first"), 4, "three records and one citation");
    governing(5, "[src]");
    assert_eq!(both("a record was edited"), 5);
    fs::remove_file(repository.path().join(path(3))).expect("it is there");
    assert_eq!(both("a record was removed"), 4);
}

/// Sets the time of a file to an hour ago, so that the index can prove it unchanged.
fn make_old(repository: &Repository, path: &str) {
    let file = fs::File::options().append(true).open(repository.path().join(path)).expect("it is there");
    let hour = std::time::Duration::from_hours(1);
    file.set_modified(std::time::SystemTime::now() - hour).expect("it can be set");
}

#[test]
fn a_file_with_other_line_ends_than_its_blob_is_read_from_disk() {
    let repository = many();
    report(&repository, &["--staged"], true);
    only(&repository);
    repository.git(&["config", "core.autocrlf", "true"]);
    let text = decision(7, "accepted").replace('\n', "\r\n");
    repository.write_file(&path(7), &text);
    make_old(&repository, &path(7));
    repository.git(&["add", &path(7)]);
    assert_eq!(repository.git(&["diff", "--cached", "--name-only"]), "", "the blob is the same");
    assert_ne!(
        report(&repository, &[], true),
        report(&repository, &["--staged"], true),
        "the offsets differ"
    );
    same(&repository, "converted line ends");
}

#[test]
fn without_cache_and_for_few_files_nothing_is_cached() {
    let repository = many();
    report(&repository, &["--staged"], false);
    assert_eq!(stored(&repository), Vec::<PathBuf>::new());
    let few = Repository::with(&[("governance/decisions/1-x.md", &decision(1, "accepted"))]);
    report(&few, &["--staged"], true);
    assert_eq!(stored(&few), Vec::<PathBuf>::new());
}

#[test]
fn edits_of_all_sorts_make_no_difference() {
    let repository = many_of_all_kinds();
    same(&repository, "at first");
    let root = repository.path();
    let at = |step: usize| step * 13 % DECISIONS;
    repository.write(&[(&path(at(1)), &decision(at(1), "bananas"))]);
    same_at_work(&repository, "a file is changed on disk");
    repository.git(&["add", "--all"]);
    repository.write(&[(&path(at(2)), "---\nkind: [\n")]);
    same_at_work(&repository, "a file is broken on disk, another staged");
    repository.git(&["add", "--all"]);
    repository.git(&["mv", &path(at(1)), "governance/decisions/moved.md"]);
    repository.git(&["mv", &path(at(3)), "governance/notes/moved.md"]);
    same_at_work(&repository, "files are moved");
    fs::copy(root.join(path(at(4))), root.join(path(at(5)))).expect("both are there");
    let text = decision(at(6), "proposed").replace('\n', "\r\n");
    repository.write_file(&path(at(6)), &[b"\xef\xbb\xbf", text.as_bytes()].concat());
    repository.write_file(&path(at(7)), b"---\nkind: decision\nid: \xfe\n");
    repository.git(&["add", "--all"]);
    repository.remove(&path(at(8)));
    same_at_work(&repository, "one is a copy, one has other line ends, one is no text, one is gone");
    repository.commit("2026-10-02");
    same(&repository, "all is committed");
    repository.git(&["gc", "--quiet", "--prune=now"]);
    same(&repository, "all is packed");
    repository.git(&["checkout", "--quiet", "HEAD~1"]);
    same(&repository, "another commit");
}

#[test]
fn another_policy_has_a_parse_cache_of_its_own() {
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
fn a_changed_format_of_the_user_parses_every_file_again() {
    let repository = Repository::empty();
    let format = |label: &str| {
        let text = format!(
            "title: Ours\nkind: assumption\nrecognise: [{{ in: 'ours/*.md', keys: [Before] }}]\nid: [file]\n\
             fields: {{ status: [{label}] }}\n"
        );
        repository.write(&[("policy/formats/ours.yaml", &text)]);
        repository.git(&["add", "--all"]);
    };
    repository.write(&[("alignlint.yaml", "extends: [all, ./policy]\nadopted: [ours]\n")]);
    for number in 0..MANY {
        let page = format!("# Belief {number}\n\nBefore: open\nAfter: bananas\n");
        repository.write(&[(&format!("ours/{number}.md"), &page)]);
    }
    let enumerated = || {
        same_staged(&repository, "by one format");
        let (_, report) = report(&repository, &["--staged", "--select", "schema/enum"], true);
        report.matches("`bananas`").count()
    };
    format("Before");
    assert_eq!((enumerated(), stored(&repository).len()), (0, 1));
    format("After");
    assert_eq!((enumerated(), stored(&repository).len()), (MANY, 2), "not one page has changed");
    format("Before");
    assert_eq!((enumerated(), stored(&repository).len()), (0, 2), "what was kept for this one still holds");
}

#[test]
fn a_corrupt_cache_is_ignored() {
    let repository = many();
    let expected = report(&repository, &["--staged"], true);
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
        assert_eq!(report(&repository, &["--staged"], true), expected, "{number}");
    }
    fs::remove_file(&path).expect("it is there");
    fs::create_dir(&path).expect("the folder is there");
    assert_eq!(report(&repository, &["--staged"], true), expected, "a folder stands in its place");
}

#[test]
fn a_cache_file_of_another_policy_is_not_used() {
    let (one, other) = (many(), many());
    other.write(&[("alignlint.yaml", "extends: [all]\nexclude: [governance/decisions/0001-x.md]\n")]);
    other.git(&["add", "--all"]);
    report(&one, &["--staged"], true);
    let expected = report(&other, &["--staged"], true);
    fs::copy(only(&one), only(&other)).expect("both are there");
    assert_eq!(report(&other, &["--staged"], true), expected);
}

#[test]
fn concurrent_and_killed_runs_leave_no_broken_cache() {
    let repository = many();
    let expected = report(&repository, &["--staged"], false);
    for round in 0..3 {
        let start = || {
            command(PROGRAM, repository.path())
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
            let output = Output::from(other.wait_with_output().expect("it ends"));
            assert_eq!((output.code, output.out), expected);
        }
        assert_eq!(report(&repository, &["--staged"], true), expected);
        fs::remove_file(only(&repository)).expect("it is there");
    }
}

#[test]
fn with_replaced_objects_nothing_is_cached() {
    let repository = many();
    let (one, other) = (repository.git(&["rev-parse", &format!(":{}", path(1))]), path(2));
    let other = repository.git(&["rev-parse", &format!(":{other}")]);
    report(&repository, &["--staged"], true);
    fs::remove_file(only(&repository)).expect("it is there");
    repository.git(&["replace", &one, &other]);
    assert_eq!(report(&repository, &["--staged"], true), report(&repository, &["--staged"], false));
    assert_eq!(stored(&repository), Vec::<PathBuf>::new());
}

#[test]
fn a_corrupt_part_that_is_detected_late_is_written_again() {
    let repository = many();
    let expected = report(&repository, &["--staged"], true);
    let path = only(&repository);
    let whole = fs::read(&path).expect("it is there");
    let mut damaged = whole.clone();
    *damaged.last_mut().expect("bytes") ^= 1;
    fs::write(&path, damaged).expect("it can be written");
    assert_eq!(report(&repository, &["--staged"], true), expected, "the last page's links");
    assert_eq!(report(&repository, &["--staged"], true), expected, "nothing is kept");
    assert_eq!(fs::read(&path).expect("it is there"), whole);
    let blame =
        |arguments: &[&str]| repository.run(&[&["blame", "D-5", "--format", "json"], arguments].concat());
    assert_eq!(blame(&[]), blame(&["--no-cache"]));
}
