//! Which files a worktree holds, and what can't be listed.

use std::fs;
use std::path::Path;

use alignlint::limits;
use alignlint::snapshot::Snapshot;

use super::{paths, text};
use crate::kit::Repository;

#[test]
fn a_worktree_holds_what_is_tracked_and_what_is_not_ignored() {
    let repository =
        Repository::with(&[("a.md", ""), (".gitignore", "*.log\n/out/\nkeep/\n"), ("docs/b.md", "")]);
    for path in ["new.md", "debug.log", "out/page.md", "docs/out/page.md", "keep/no.md", "private.md"] {
        repository.write(&[(path, "")]);
    }
    repository.write(&[("kept.log", ""), ("keep/deep/c.md", ""), (".git/info/exclude", "/private.md\n")]);
    repository.git(&["add", "--force", "kept.log", "keep/deep/c.md"]);
    let found =
        [".gitignore", "a.md", "docs/b.md", "docs/out/page.md", "keep/deep/c.md", "kept.log", "new.md"];
    let state = repository.worktree();
    assert_eq!((paths(&state), state.notices()), (found.to_vec(), &[][..]));

    let linked = Repository::folder();
    let place = linked.join("linked");
    repository.git(&["worktree", "add", "--quiet", place.to_str().unwrap(), "-b", "side"]);
    linked.write(&[("linked/private.md", ""), ("linked/b.md", "")]);
    assert_eq!(paths(&Snapshot::worktree(&place).unwrap()), [".gitignore", "a.md", "b.md", "docs/b.md"]);
}

#[test]
fn without_commits_or_git_the_folder_is_walked() {
    let files = [
        ("a.md", ""),
        ("sub/b.md", ""),
        ("sub/no.md", ""),
        (".hidden/c.md", ""),
        ("sub/.gitignore", "no.md\n"),
    ];
    let found = [".hidden/c.md", "a.md", "sub/.gitignore", "sub/b.md"];
    let folder = Repository::folder_with(&files);
    assert_eq!(paths(&folder.worktree()), found);
    assert_eq!(paths(&Snapshot::worktree(&folder.join("sub")).unwrap()), [".gitignore", "b.md"]);
    let repository = Repository::empty();
    repository.write(&files);
    assert_eq!(paths(&repository.worktree()), found);
    let missing = folder.join("nowhere");
    let fault = Snapshot::worktree(&missing).unwrap_err().message;
    assert_eq!(fault, format!("can't open `{}`: it does not exist", missing.display()));
}

#[test]
fn submodules_repositories_inside_and_sparse_folders_are_there_and_not_entered() {
    let library = Repository::with(&[("inside.md", "")]);
    let repository = Repository::with(&[("a.md", "")]);
    repository.git(&["submodule", "--quiet", "add", library.path().to_str().unwrap(), "lib"]);
    repository.write(&[("other/b.md", "")]);
    repository.git(&["-C", "other", "init", "--quiet"]);
    let state = repository.worktree();
    assert_eq!(paths(&state), [".gitmodules", "a.md"]);
    assert!(state.has("lib/inside.md") && state.has("other") && !state.has("library"));
    repository.git(&["submodule", "--quiet", "deinit", "--force", "lib"]);
    assert!(repository.worktree().has("lib/inside.md"), "a submodule that is not checked out may hold it");

    for index in ["--no-sparse-index", "--sparse-index"] {
        let repository = Repository::with(&[("a.md", ""), ("in/b.md", ""), ("out/c.md", "")]);
        repository.git(&["sparse-checkout", "set", "--cone", index, "in"]);
        let state = repository.worktree();
        assert_eq!(paths(&state), ["a.md", "in/b.md"]);
        assert!(state.has("out/c.md"), "it may be there");
        assert!(state.notices()[0].starts_with("sparse checkout: 1 tracked path is not on disk"));
    }
}

#[test]
fn a_damaged_repository_is_a_fault() {
    let unreadable = ": Repository configuration could not be loaded";
    for (file, text, words) in [
        (".git/index", "nothing Git wrote", "can't read the index"),
        (".git/config", "[core]\nrepositoryformatversion = 7\n", unreadable),
    ] {
        let repository = Repository::with(&[("a.md", "")]);
        repository.write(&[(file, text)]);
        let fault = Snapshot::worktree(repository.path()).unwrap_err();
        assert!(fault.message.contains(words), "{fault}");
    }
    let folder = Repository::folder_with(&[(".git", "gitdir: /nowhere/at/all\n")]);
    let fault = Snapshot::worktree(folder.path()).unwrap_err();
    assert!(fault.message.ends_with("/.git` does not point to a Git repository"), "{fault}");
}

#[test]
fn a_file_that_cannot_be_read_is_a_problem() {
    let repository = Repository::with(&[("a.md", ""), ("small.yaml", "id: 1")]);
    let huge = fs::File::create(repository.join("huge.yaml")).unwrap();
    huge.set_len(limits::FILE_BYTES as u64 + 1).unwrap();
    let state = repository.worktree();
    repository.remove("a.md");
    assert_eq!(text(&state, "huge.yaml"), "the file is larger than 64 MiB");
    assert_eq!(text(&state, "a.md"), "the file can't be read: it does not exist");
    assert_eq!(text(&state, "small.yaml"), "id: 1");
}

#[test]
fn files_in_memory_are_found_as_those_on_disk() {
    let files = [("docs/b.md", "b"), ("a.md", "a"), ("docs-old/c.md", "c")];
    let state = Snapshot::in_memory(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    assert_eq!(paths(&state), ["a.md", "docs-old/c.md", "docs/b.md"]);
    assert!(state.read_path("docs").is_none() && state.read_path("docs/c.md").is_none());
    assert!(state.has("docs") && state.has("") && !state.has("doc"));
    assert!(state.has_folder("docs-old") && !state.has_folder("a.md"));
    assert_eq!(state.resolve(Path::new("docs/../a.md")).as_deref(), Some("a.md"));
}

#[test]
fn folders_and_names_are_ignored_and_endings_are_not() {
    let files = [
        ("all/.gitignore", "/*\n!/kept\n"),
        (".gitignore", "target/\n/out\n*.png\n!kept\nreport.html\n[\n"),
        ("docs/.gitignore", "kept\n"),
    ];
    let state = Snapshot::in_memory(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let paths = "target/a.md docs/target/doc/a.html out out/a.js a/report.html docs/kept/a.md \
                 docs/a.md docs/out/a.md docs/a.png kept/a.md target.md all/a.md";
    let ignored: Vec<&str> = paths.split(' ').filter(|path| state.ignores(path)).collect();
    assert_eq!(ignored, paths.split(' ').take(6).collect::<Vec<_>>());
}

#[test]
fn the_environment_of_git_names_the_repository_and_its_worktree() {
    let repository = Repository::with(&[("a.yaml", "a: ["), (".gitignore", "*.log\n")]);
    let tree =
        Repository::folder_with(&[("b.yaml", "b: ["), ("alignlint.yaml", "records: {kpi: '*.yaml'}\n")]);
    let git_dir = repository.join(".git");
    let environment =
        [("GIT_DIR", git_dir.to_str().unwrap()), ("GIT_WORK_TREE", tree.path().to_str().unwrap())];
    let output = Repository::folder().check_with(&["-q"], &environment);
    assert!(
        output.out.contains("b.yaml:1:4") && !output.out.contains("a.yaml"),
        "{}{}",
        output.out,
        output.err
    );
    let missing = repository.check_with(&[], &[("GIT_DIR", "/nowhere")]);
    assert!(missing.err.contains("can't open the repository of `GIT_DIR`"), "{}", missing.err);
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf8_hides_no_other_and_no_link_is_followed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let names: [&[u8]; 6] =
        [b"\xff.md", b"\xfe.md", "\u{fffd}.md".as_bytes(), b"\\xff.md", b"\\\xff.md", b"\\\\xff.md"];
    let repository = Repository::empty();
    for name in names {
        fs::write(repository.path().join(OsStr::from_bytes(name)), name).unwrap();
    }
    let check = |state: Snapshot| {
        let shown = ["\\\\xff.md", "\\xfe.md", "\\xff.md", "\u{fffd}.md"];
        assert_eq!(paths(&state), shown);
        let texts = paths(&state).into_iter().map(|path| text(&state, path));
        let readable: Vec<String> = texts.filter(|text| text.ends_with(".md")).collect();
        assert_eq!(readable, ["\\\\xff.md", "\\xff.md", "\u{fffd}.md"]);
    };
    check(repository.worktree());
    repository.commit("2026-10-02");
    [repository.worktree(), repository.staged(), repository.at("HEAD")].into_iter().for_each(check);

    let outside = Repository::folder_with(&[("a.md", "not ours")]);
    let repository = Repository::with(&[("docs/a.md", "ours"), ("b.md", "")]);
    fs::remove_dir_all(repository.join("docs")).unwrap();
    std::os::unix::fs::symlink(outside.path(), repository.join("docs")).unwrap();
    assert_eq!(paths(&repository.worktree()), ["b.md"], "a tracked file whose folder became a link");
}
